//! Tachi builds any Cargo workspace into finished releases. The code reads in the order in
//! which a run happens:
//!
//! 1. [`request`]: what was asked for, with [`config`] (`tachi.toml`, cargo's own files).
//! 2. [`facts`]: what is true of this machine and workspace ([`workspace`], [`toolchain`],
//!    [`vcs`]).
//! 3. [`plan`]: what is done, in which order and why, as data. Pure.
//! 4. [`engine`]: runs the plan and emits events; [`cargo`] compiles.
//! 5. [`post`]: finished files are stamped, joined, signed; [`verify`]: what they are, against
//!    what they were meant to be.
//! 6. [`package`]: the files that users download; [`rebuild`]: whether others would make the same.
//!
//! [`target`] is the catalogue of all targets; [`sys`] is the machine. The library never
//! prints: it hands [events](tachi_schema::event::Event) to whoever runs it.
//!
//! [`Builder`] is the door; [`Prepared`] is what stands behind it, [`Runnable`] runs what was
//! built, and [`testing`] its tests.

mod builder;
pub mod cargo;
pub mod config;
mod digest;
pub mod engine;
mod exit_code;
pub mod facts;
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
