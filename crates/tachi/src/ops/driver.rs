//! The linker and the compilers that Tachi gives to cargo: each is a script that calls this same
//! program, or another [driver](crate::Session::driver), again.

pub use crate::toolchain::driver::answer;
pub use crate::toolchain::link_outcome::LinkOutcome;
