//! WebAssembly: modules and components.

pub(crate) mod facts;
pub(crate) mod lists;
pub(crate) mod reader;
pub(crate) mod sections;
