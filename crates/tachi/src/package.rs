//! Packages: the files that users download.

pub mod archive;
pub mod checksum;
pub mod documents;
