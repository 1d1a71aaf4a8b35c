//! What a run happens in: the surroundings, and the way to stop it.

use camino::Utf8PathBuf;

use crate::config::file::{ConfigFile, FILE_NAME};
use crate::error::Error;
use crate::sys::env::{self, Environment};
use crate::sys::interrupt::Interrupt;
use crate::sys::{SysError, fs};

/// The surroundings of a run.
#[derive(Debug, Clone)]
pub struct Session {
    /// The environment and the current directory.
    pub environment: Environment,
    /// Raised to stop the run.
    pub interrupt: Interrupt,
    /// The program that linker wrappers call: this one, which has to give its arguments to
    /// [`answer`](crate::toolchain::driver::answer) first of all.
    pub driver: Utf8PathBuf,
}

impl Session {
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

    /// The nearest `tachi.toml`, in the current directory or above it, and its folder.
    ///
    /// # Errors
    /// It cannot be read or understood.
    pub(crate) fn nearest_config(&self) -> Result<Option<(Utf8PathBuf, ConfigFile)>, Error> {
        for folder in self.environment.current_dir().ancestors() {
            let path = folder.join(FILE_NAME);
            if let Some(text) = fs::read_if_exists(&path)? {
                return Ok(Some((folder.to_owned(), ConfigFile::parse(&path, &text)?)));
            }
        }
        Ok(None)
    }
}
