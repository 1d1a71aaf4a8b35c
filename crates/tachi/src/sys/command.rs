//! A command is a value: it lives with the formats, because plans carry it.

pub use tachi_schema::Command;
