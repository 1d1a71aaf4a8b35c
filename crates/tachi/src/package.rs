//! Packages: the files that users download, written and read back.

pub mod checksum;
pub mod documents;
pub mod error;
pub mod formats;
pub mod listing;

pub use error::PackageError;
