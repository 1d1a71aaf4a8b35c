//! The surroundings of a run: environment, current directory and this program, and the way to stop
//! the run.

use camino::Utf8PathBuf;

use crate::sys::SysError;
use crate::sys::env::{self, Environment};
use crate::sys::interrupt::Interrupt;

/// The surroundings of a run.
///
/// A session can be made up, too: here is one without a home folder and with no `PATH`.
///
/// ```
/// use tachi::{Builder, Environment, Session};
///
/// # fn main() -> Result<(), tachi::Error> {
/// let mut session = Session::of_this_process()?;
/// session.environment = Environment::new([], "/");
/// assert!(Builder::new().plan(&session).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Session {
    /// The environment and the current directory.
    pub environment: Environment,
    /// Raised to stop the run.
    pub interrupt: Interrupt,
    /// The program that linker wrappers call: this program, which has to pass its arguments to
    /// [`answer`](crate::ops::driver::answer) before it does anything else. It may be an
    /// installed `cargo-tachi` of the same version instead. A [rebuild](crate::Builder::rebuild)
    /// needs that one, since the second build is a call of `cargo-tachi dist`.
    pub driver: Utf8PathBuf,
}

impl Session {
    /// The arguments of this process, its own name first.
    ///
    /// # Errors
    /// One of them is not UTF-8.
    pub fn arguments() -> Result<Vec<String>, SysError> {
        env::arguments()
    }

    /// The surroundings of this process.
    ///
    /// # Errors
    /// The current directory or this program's file is gone, or its path is not UTF-8.
    pub fn of_this_process() -> Result<Self, SysError> {
        let driver = env::current_program()?;
        Ok(Self {
            environment: Environment::of_this_process()?,
            interrupt: Interrupt::default(),
            driver,
        })
    }
}
