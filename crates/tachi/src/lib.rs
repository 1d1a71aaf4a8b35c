//! Tachi builds any Cargo workspace into finished releases, from one machine. [`Builder`] is the door,
//! and [`ops`] has what can be done beside builds: file tools, and what this machine can do for which
//! target. The library never prints: whoever runs it gets [events](schema::event::Envelope).
//!
//! ```
//! use tachi::{Builder, Session};
//!
//! # fn main() -> Result<(), tachi::Error> {
//! let session = Session::of_this_process()?;
//! let builder = Builder::new().packages(["cargo-tachi"]).target("x86_64-unknown-linux-musl");
//! for step in builder.plan(&session)?.steps {
//!     println!("{}", step.id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A run takes seven steps, and the code reads in their order; each line names the function that does
//! the step:
//!
//! 1. **Request**: flags, or the calls on a [`Builder`], become a [`Request`], and
//!    `config::file::ConfigFile::parse` reads `tachi.toml`.
//! 2. **Facts**: `facts::gather` looks around: cargo's metadata, the compiler, settings, the
//!    repository. Nothing else does.
//! 3. **Plan**: `plan::build` computes the steps, their order, and why each is there. Pure.
//! 4. **Run**: `engine::run` runs the steps and tells of them in events; `cargo::invoke::invoke`
//!    compiles.
//! 5. **Finish**: `post::finish::finish` stamps a copy of each file, and `post::signer::run::sign` has
//!    it signed.
//! 6. **Verify**: `verify::check::check` compares what a file is with what was asked for. An error
//!    among the findings ends a release.
//! 7. **Package**: `package::formats::tar_gz::write` makes the files that users download.
//!
//! Operations put these steps together, one file for each thing that people ask for: [`ops`]. Below
//! them each folder is a domain, which knows the domains that it needs and no operation; `target` is
//! the catalogue of all targets, `sys` the machine and the only home of effects.

#![expect(
    unreachable_pub,
    reason = "below this file `pub` is what a domain offers to the others; this file says what users of the crate get"
)]

mod builder;
mod cache;
mod cargo;
mod config;
mod digest;
mod engine;
mod exit_code;
mod facts;
#[cfg(feature = "json-schema")]
pub mod json_schema;
mod mistake;
pub mod ops;
mod package;
mod plan;
mod post;
mod rebuild;
mod request;
mod rule;
mod session;
mod stream;
mod suggest;
mod sys;
mod target;
mod testing;
mod toolchain;
mod vcs;
mod verify;
mod workspace;

pub use builder::{Builder, SupportedTarget};
pub use exit_code::ExitCode;
pub use ops::rebuild::Rebuild;
pub use ops::{Error, Prepared, Runnable};
pub use request::{CargoTargets, Features, Goal, LockMode, Packages, Request, Strip, Testing};
pub use session::Session;
pub use sys::Command;
pub use sys::env::Environment;
pub use sys::interrupt::Interrupt;
pub use tachi_binary as binary;
pub use tachi_report as report;
pub use tachi_schema as schema;
pub use target::TargetFacts;
