//! Keeps rows in a SQLite file. SQLite is compiled in, so the program needs none on the machine.

mod store;

pub use store::{DatabaseError, RowStore};
