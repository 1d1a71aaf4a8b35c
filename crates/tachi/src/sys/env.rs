//! The process's surroundings as a value, so that everything above can be tested
//! with surroundings of its own.

use std::collections::BTreeMap;
use std::ffi::OsString;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::error::SysError;

/// This program's own file.
///
/// # Errors
/// It is gone, or its path is not UTF-8.
pub fn current_program() -> Result<Utf8PathBuf, SysError> {
    let path = std::env::current_exe().map_err(SysError::CurrentProgram)?;
    Utf8PathBuf::from_path_buf(path).map_err(|path| SysError::NotUtf8 { path })
}

/// The arguments of this process, its own name first.
///
/// # Errors
/// One of them is not UTF-8.
pub fn arguments() -> Result<Vec<String>, SysError> {
    std::env::args_os()
        .map(|argument| argument.into_string().map_err(SysError::ArgumentNotUtf8))
        .collect()
}

/// Environment variables and the current directory.
///
/// ```
/// let home = ("HOME".to_owned(), "/home/u".to_owned());
/// let environment = tachi::Environment::new([home], "/home/u/app");
/// assert_eq!(environment.var("HOME"), Some("/home/u"));
/// assert_eq!(environment.absolute("src".into()), "/home/u/app/src");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    current_dir: Utf8PathBuf,
}

impl Environment {
    /// What this process was started with. A variable that is not UTF-8 is left out if nobody
    /// here reads it: children still inherit it.
    ///
    /// # Errors
    /// The current directory is gone or its path is not UTF-8, or a variable that Tachi or
    /// cargo reads is not.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one home of the environment and the current directory"
    )]
    pub fn of_this_process() -> Result<Self, SysError> {
        let variables = readable(std::env::vars_os())?;
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

    /// `path`, absolute and without `.` and `..`, as its text has it: links are not looked at.
    pub fn plain(&self, path: &Utf8Path) -> Utf8PathBuf {
        let mut plain = Utf8PathBuf::new();
        for component in self.absolute(path).components() {
            match component {
                Utf8Component::CurDir => {}
                Utf8Component::ParentDir => {
                    plain.pop();
                }
                other => plain.push(other),
            }
        }
        plain
    }

    /// The first executable file called `program` in `PATH`, as a shell would find it.
    /// A `program` with a folder is looked up directly.
    pub fn find_program(&self, program: &str) -> Option<Utf8PathBuf> {
        if program.contains(std::path::is_separator) {
            return executable(&self.absolute(Utf8Path::new(program)));
        }
        std::env::split_paths(self.var("PATH")?)
            .filter_map(|dir| Utf8PathBuf::from_path_buf(dir).ok())
            .find_map(|dir| executable(&self.absolute(&dir).join(program)))
    }
}

/// The executable file at `path`, whose name may lack what ends the names of programs here.
fn executable(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let suffix = std::env::consts::EXE_SUFFIX;
    let with_suffix = (!suffix.is_empty()).then(|| Utf8PathBuf::from(format!("{path}{suffix}")));
    with_suffix.into_iter().chain([path.to_owned()]).find(|path| super::fs::is_executable(path))
}

/// The variables that are UTF-8.
fn readable(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<String, String>, SysError> {
    let mut readable = BTreeMap::new();
    for (name, value) in variables {
        let Ok(mut name) = name.into_string() else { continue };
        if cfg!(windows) {
            // Names are the same in either case there, and `Path` is what it is called.
            name.make_ascii_uppercase();
        }
        match value.into_string() {
            Ok(value) => {
                readable.insert(name, value);
            }
            // Programs in a folder that is not UTF-8 are not found; all others are.
            Err(value) if name == "PATH" => {
                let folders = std::env::split_paths(&value).filter(|dir| dir.to_str().is_some());
                let folders = std::env::join_paths(folders).ok();
                readable.extend(folders.and_then(|path| Some((name, path.into_string().ok()?))));
            }
            Err(value) if is_read(&name) => return Err(SysError::VariableNotUtf8 { name, value }),
            Err(_) => {}
        }
    }
    if cfg!(windows)
        && let Some(home) = readable.get("USERPROFILE").cloned()
    {
        // What the folder of the user is called there.
        readable.entry("HOME".to_owned()).or_insert(home);
    }
    Ok(readable)
}

/// Whether Tachi or cargo reads the variable, so that leaving it out changes the result.
fn is_read(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "HOME",
        "MACOSX_DEPLOYMENT_TARGET",
        "QEMU_LD_PREFIX",
        "SDKROOT",
        "SOURCE_DATE_EPOCH",
        "TMPDIR",
        "USERPROFILE",
        "XDG_CACHE_HOME",
        "XWIN_CACHE_DIR",
    ];
    NAMES.contains(&name)
        || ["CARGO", "RUST", "TACHI_"].iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    fn read(name: &str, value: &[u8]) -> Result<Option<String>, SysError> {
        let value = OsString::from_vec(value.to_vec());
        Ok(readable(std::iter::once((name.into(), value)))?.remove(name))
    }

    #[test]
    fn a_variable_that_is_not_utf8_is_an_error_only_where_it_is_read() {
        assert_eq!(read("LS_COLORS", b"\xff").unwrap(), None);
        assert_eq!(read("PATH", b"/bin:/\xff:/usr/bin").unwrap().unwrap(), "/bin:/usr/bin");
        for name in ["RUSTFLAGS", "CARGO_HOME", "SDKROOT", "TACHI_CACHE_DIR"] {
            assert_eq!(read(name, b"/a").unwrap().unwrap(), "/a");
            assert_eq!(
                read(name, b"/\xff").unwrap_err().to_string(),
                format!(
                    "the environment variable {name} is \"/\\xFF\", which is not UTF-8; unset or correct it"
                )
            );
        }
    }

    #[test]
    fn a_plain_path_goes_neither_up_nor_nowhere() {
        let environment = Environment::new([], "/home/u/app");
        for (given, plain) in [
            ("../tgt", "/home/u/tgt"),
            ("./a/./b/", "/home/u/app/a/b"),
            ("a/../../b", "/home/u/b"),
            ("/../x", "/x"),
            ("../../..", "/"),
        ] {
            assert_eq!(environment.plain(given.into()).as_str(), plain, "{given}");
        }
    }
}
