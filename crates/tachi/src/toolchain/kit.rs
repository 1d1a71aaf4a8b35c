//! A kit after it is chosen: its identity, where its parts are, and its settings for cargo. Pure.

pub mod identity;
pub mod places;
pub mod settings;

pub use places::Places;
pub use settings::{CargoSettings, cargo_settings};
