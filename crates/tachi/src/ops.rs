//! Operations: what `cargo tachi` and [`Builder`](crate::Builder) do, each from what was asked to its
//! end. An operation puts domains together, in the numbered steps that open its file; domains know
//! no operation, and none of them names the crate's [`Error`].

pub mod build;
pub mod cache;
pub mod error;
pub mod rebuild;
pub mod run;
pub mod sign;
pub mod stamp;
pub mod survey;
pub mod test;
pub mod verify_files;
pub mod verify_release;

pub use build::Prepared;
pub use error::Error;
pub use run::Runnable;
