//! The user's workspace: its packages, what of them was selected, and their features.

pub mod error;
pub mod graph;
pub mod load;
pub mod metadata_cache;
pub mod root_manifest;
pub mod select;
pub mod select_release;
pub mod select_tests;
pub mod variables;

pub use error::WorkspaceError;
pub use load::Workspace;
pub use select::{Product, Selection};
