//! The formats that Tachi writes for other programs: the [plan](plan), the stream of
//! [events](event) with [findings](finding), and the release [manifest](manifest).
//!
//! # Versions
//! Each format carries a version of its own. It grows by one when a reader written for the old
//! format could misread the new one. Two things do not count as that, so a reader has to be ready
//! for them:
//! - **New fields.** Readers pass over what they do not know; none of these types refuses a field.
//! - **New words**: kinds of events, of actions, of files, outcomes. The enumerations are
//!   `#[non_exhaustive]`, and a word that this version does not know is read as their `Unknown`
//!   (or, where a variant says so, as that one). So an old reader reads a new stream to its end.
//!
//! [`event::Envelope`], which only Tachi makes, is `#[non_exhaustive]` as well. The other structs
//! are not, since programs that write plans or reports for tests build them field by field; a new
//! field is then a new minor version of this crate. Match fields with `..` to be ready for that.
//!
//! # Schemas
//! With the feature `json-schema` the types implement `schemars::JsonSchema`. What that makes of
//! them is in `docs/schema` of Tachi's repository.

pub mod command;
pub mod event;
pub mod finding;
pub mod manifest;
pub mod plan;
pub mod rebuild;
pub mod test;

pub use command::Command;
