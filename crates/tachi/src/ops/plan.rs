//! Showing a plan: on a screen, in full, or as a graph. Programs read its JSON instead.

pub use crate::plan::words::{dot, full, screen};
