//! Screens: each shows the engine's events in its own way.

pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod results;
pub(crate) mod words;
