//! A kit beyond its choice: what tells it from others, where its parts are, and what it means for
//! cargo. Pure.

pub mod identity;
pub mod places;
pub mod settings;

pub use identity::Identity;
pub use places::{Places, zig_cache};
pub use settings::{CargoSettings, cargo_settings};
