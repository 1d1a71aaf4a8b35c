//! Settings: `tachi.toml`, cargo's configuration files, and the profiles of both.
//! Pure: texts and tables in, values out. `facts` reads the files.

pub mod cargo;
pub mod env_table;
pub mod error;
pub mod file;
pub mod profile;
pub mod runner;
pub mod rustflags;
pub mod sign;
pub mod verify;

pub use error::ConfigError;
