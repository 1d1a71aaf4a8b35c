//! The commands: each turns flags into a request and hands the events to a screen.

pub(crate) mod build;
pub(crate) mod plan;
pub(crate) mod targets;
