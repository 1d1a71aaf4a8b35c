//! `cargo tachi` from the terminal, in tests of seconds: one executable, since each costs a link. A
//! file is a subject; a test that compiles more than small programs belongs to `e2e`.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "tests look at the machine directly, so as not to trust what they test, and say what they leave out"
)]

#[path = "../support/mod.rs"]
mod support;

mod as_cargo_has_it;
mod bad_input;
mod cache;
mod calls;
mod crate_names;
mod dirty;
mod events;
mod failures;
mod fake_cargo;
mod file_tools;
mod first_link;
mod interrupt;
mod outer_cargo;
mod released_members;
mod remembered_metadata;
mod rustflags;
mod sccache;
mod screens;
mod setup;
mod shown_commands;
mod stamp;
mod stamp_libraries;
mod stopped_runs;
mod strip_tool;
mod target_folder;
mod testing;
mod toolchains;
