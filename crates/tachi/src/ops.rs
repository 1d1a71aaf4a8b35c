//! Operations: what `cargo tachi` and [`Builder`](crate::Builder) do, each from what was asked to its
//! end. An operation puts domains together, in the numbered steps that open its file; domains know
//! no operation, and none of them names the crate's [`Error`].

#![expect(
    rustdoc::private_intra_doc_links,
    reason = "the numbered steps lead who reads the code to the functions of the domains"
)]

mod build;
pub mod cache;
pub mod driver;
mod error;
pub mod inspect;
pub mod plan;
pub mod rebuild;
pub mod report;
pub mod run;
pub mod setup;
pub mod sign;
pub mod stamp;
pub mod strip;
pub mod survey;
pub mod test;
pub mod universal;
pub mod verify_files;
pub mod verify_release;

pub use build::Prepared;
pub use error::Error;
pub use run::Runnable;
