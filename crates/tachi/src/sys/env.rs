//! The process's surroundings as a value, so that everything above can be tested
//! with surroundings of its own.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::error::SysError;

/// This program's own file.
///
/// # Errors
/// It is gone, or its path is not UTF-8.
pub fn current_program() -> Result<Utf8PathBuf, SysError> {
    let path = std::env::current_exe().map_err(SysError::CurrentProgram)?;
    Utf8PathBuf::from_path_buf(path).map_err(|path| SysError::NotUtf8 { path })
}

/// Environment variables and the current directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    current_dir: Utf8PathBuf,
}

impl Environment {
    /// What this process was started with. Variables that are not UTF-8 are left out:
    /// children still inherit them, Tachi itself never needs one.
    ///
    /// # Errors
    /// The current directory is gone or its path is not UTF-8.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one home of the environment and the current directory"
    )]
    pub fn of_this_process() -> Result<Self, SysError> {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let current_dir = std::env::current_dir().map_err(SysError::CurrentDir)?;
        let current_dir =
            Utf8PathBuf::from_path_buf(current_dir).map_err(|path| SysError::NotUtf8 { path })?;
        Ok(Self { variables, current_dir })
    }

    /// Surroundings made up by a test or an embedding program.
    pub fn new(
        variables: impl IntoIterator<Item = (String, String)>,
        current_dir: impl Into<Utf8PathBuf>,
    ) -> Self {
        Self { variables: variables.into_iter().collect(), current_dir: current_dir.into() }
    }

    /// The value of a variable. A variable set to the empty string counts as unset,
    /// as cargo has it for its own.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// All variables, sorted by name.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The directory that relative paths start from.
    pub fn current_dir(&self) -> &Utf8Path {
        &self.current_dir
    }

    /// `path`, made absolute against the current directory; not resolved further.
    pub fn absolute(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.current_dir.join(path)
    }

    /// The first executable file called `program` in `PATH`, as a shell would find it.
    /// A `program` with a slash is looked up directly.
    pub fn find_program(&self, program: &str) -> Option<Utf8PathBuf> {
        if program.contains('/') {
            let path = self.absolute(Utf8Path::new(program));
            return super::fs::is_executable(&path).then_some(path);
        }
        let path = self.var("PATH")?;
        std::env::split_paths(path)
            .filter_map(|dir| Utf8PathBuf::from_path_buf(dir).ok())
            .map(|dir| {
                self.absolute(&dir).join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
            })
            .find(|candidate| super::fs::is_executable(candidate))
    }
}
