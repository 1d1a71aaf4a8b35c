//! Tachi builds any Cargo workspace into finished releases, from one machine. A run takes seven steps,
//! and the code reads in their order; each line names the function that does the step:
//!
//! 1. **Request**: flags, or the calls on a [`Builder`], become a [`Request`], and
//!    [`ConfigFile::parse`](config::file::ConfigFile::parse) reads `tachi.toml`.
//! 2. **Facts**: [`facts::gather()`] looks around: cargo's metadata, the compiler, settings, the
//!    repository. Nothing else does.
//! 3. **Plan**: [`plan::build()`] computes the steps, their order, and why each is there. Pure.
//! 4. **Run**: [`engine::run()`] runs the steps and tells of them in events;
//!    [`cargo::invoke::invoke`] compiles.
//! 5. **Finish**: [`post::finish::finish`] stamps a copy of each file, and
//!    [`post::signer::run::sign`] has it signed.
//! 6. **Verify**: [`verify::check::check`] compares what a file is with what was asked for. An
//!    error among the findings ends a release.
//! 7. **Package**: [`package::formats::tar_gz::write`] makes the files that users download.
//!
//! Operations put these steps together, one file for each thing that people ask for: [`ops`]. Below
//! them each folder is a domain, which knows the domains that it needs and no operation;
//! [`target`] is the catalogue of all targets, [`sys`] the machine and the only home of effects.
//!
//! [`Builder`] is the library's door. The library never prints: whoever runs it gets
//! [events](tachi_schema::event::Envelope).

mod builder;
pub mod cache;
pub mod cargo;
pub mod config;
mod digest;
pub mod engine;
mod exit_code;
pub mod facts;
#[cfg(feature = "json-schema")]
pub mod json_schema;
mod mistake;
pub mod ops;
pub mod package;
pub mod plan;
pub mod post;
pub mod rebuild;
pub mod request;
pub mod rule;
mod session;
pub mod stream;
mod suggest;
pub mod sys;
pub mod target;
pub mod testing;
pub mod toolchain;
pub mod vcs;
pub mod verify;
pub mod workspace;

pub use builder::{Builder, SupportedTarget};
pub use exit_code::ExitCode;
pub use ops::{Error, Prepared, Runnable};
pub use request::Request;
pub use session::Session;
pub use tachi_binary as binary;
pub use tachi_report as report;
pub use tachi_schema as schema;
