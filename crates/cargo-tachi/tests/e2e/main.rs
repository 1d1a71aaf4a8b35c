//! End-to-end tests: real tools, real targets, real programs. Each test states its cost.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "tests look at the machine directly, so as not to trust what they test, and say what they leave out"
)]

#[path = "../support/mod.rs"]
mod support;

// Shared by several of the tests below.
mod formats;
mod opinions;
mod released;
mod std_here;
mod two_builds;

mod c;
mod example;
mod facts_cross_check;
mod fd;
mod gate;
mod json_schemas;
mod kit_identity;
mod linux;
mod metadata_rivals;
mod programs;
mod rebuild;
mod ripgrep;
mod run;
mod same_bytes;
mod setup;
mod sign;
mod stamp_formats;
mod std_from_source;
mod targets;
mod test;
mod verify;
mod windows_host;
