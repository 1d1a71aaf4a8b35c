//! The machine: the only modules that run programs, touch files, or read the
//! environment or a clock. They know nothing of what Tachi does with them.

pub mod clock;
pub mod command;
pub mod copy;
pub mod env;
pub mod error;
pub mod fs;
pub mod interrupt;
pub mod jobserver;
pub mod lock;
pub mod run;
pub mod tree;
pub mod usage;

pub use command::Command;
pub use error::SysError;
