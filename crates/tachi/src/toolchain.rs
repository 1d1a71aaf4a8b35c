//! Toolchains: what this machine has, which kit a target needs, what the kit means for
//! cargo, and how its parts come here.
//!
//! [`probe`] looks around; [`decide`], [`kit`], [`link_args`] and [`compile_args`] compute;
//! [`provision`] fetches and builds; [`runner`] runs what was built; [`driver`] is the small program
//! between cargo, rustc and zig.

pub mod assemble;
pub mod compile_args;
pub mod crate_names;
pub mod decide;
pub mod driver;
pub mod error;
pub mod first_link;
pub mod glibc;
pub mod headers;
pub mod kit;
pub mod link_args;
pub mod link_outcome;
pub mod lockfile;
pub mod macos;
pub mod prefix_map;
pub mod probe;
pub mod provision;
pub mod response;
pub mod runner;
pub mod windows;
pub mod wire;
pub mod word;
pub mod wrappers;
pub mod zig;

pub use decide::{Kit, NoKit, Wishes, decide};
pub use error::ToolchainError;
pub use kit::{CargoSettings, Places};
pub use lockfile::Lockfile;
pub use probe::ToolchainFacts;
