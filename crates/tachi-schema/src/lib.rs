//! The formats that Tachi writes for other programs: the [plan](plan), the stream of
//! [events](event) with [findings](finding), and the release [manifest](manifest).
//!
//! Each carries a format version. It grows by one when a reader written for the old
//! format could misread the new one; added fields do not count as that.

pub mod command;
pub mod event;
pub mod finding;
pub mod manifest;
pub mod plan;
pub mod rebuild;
pub mod test;

pub use command::Command;
