//! What differs between the first build and the second, and how it is made to differ.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::rebuild::{Kept, Variation};

use crate::cache::CacheRoot;
use crate::session::Session;
use crate::sys::env::Environment;
use crate::sys::{Command, SysError, fs, run};

/// How far the second build's clock is ahead: another hour, another day; certificates hold.
const AHEAD: &str = "+27h";
/// A time zone that hardly anybody is in, in the words of POSIX, so that no table is needed.
const ZONE: &str = "<+1345>-13:45";
/// The number of the other user.
const USER_ID: &str = "65534";
/// And its name.
const USER: &str = "tachi-rebuild";

/// The conditions of a second build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    /// What differs.
    pub varied: Vec<Variation>,
    /// What does not.
    pub kept: Vec<Kept>,
    /// Programs that set conditions for the program that follows.
    wrappers: Vec<String>,
    variables: Vec<(String, String)>,
}

/// The folders of a second build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// The copy of the sources.
    pub sources: Utf8PathBuf,
    /// The target folder.
    pub target: Utf8PathBuf,
    /// The user's home.
    pub home: Utf8PathBuf,
    /// Cargo's home.
    pub cargo: Utf8PathBuf,
    /// Tachi's cache.
    pub kits: Utf8PathBuf,
    /// For temporary files.
    pub temporary: Utf8PathBuf,
    /// What stands in for cargo and the compiler's wrapper.
    pub scripts: Utf8PathBuf,
}

impl Folders {
    /// Folders below `root`, none as deep as the other build's.
    pub fn below(root: &Utf8Path) -> Self {
        Self {
            sources: root.join("another/place/for/sources"),
            target: root.join("made"),
            home: root.join("homes").join(USER),
            cargo: root.join("cargos/home"),
            kits: root.join("kits"),
            temporary: root.join("tmp"),
            scripts: root.join("scripts"),
        }
    }
}

/// The conditions of the first build.
#[derive(Debug, Clone, Copy)]
pub struct First<'a> {
    pub environment: &'a Environment,
    /// Tachi's cache.
    pub cache: &'a CacheRoot,
    /// Cargo's own file.
    pub cargo: &'a Utf8Path,
    /// The compiler's.
    pub rustc: &'a Utf8Path,
    /// The folder with the sources.
    pub sources: &'a Utf8Path,
    /// The number of jobs.
    pub jobs: usize,
}

/// Makes the folders ready and decides the conditions of a second build with so many `jobs`.
///
/// # Errors
/// A folder cannot be written.
pub fn prepare(
    first: &First<'_>,
    folders: &Folders,
    jobs: usize,
    session: &Session,
) -> Result<Conditions, SysError> {
    let environment = first.environment;
    let var = |name: &str| environment.var(name).unwrap_or_default().to_owned();
    let home = Utf8PathBuf::from(var("HOME"));
    let path_of = |name: &str, default: &str| match environment.var(name) {
        Some(dir) => environment.absolute(Utf8Path::new(dir)),
        None => home.join(default),
    };
    let (cargo, rustup) = (path_of("CARGO_HOME", ".cargo"), path_of("RUSTUP_HOME", ".rustup"));
    for folder in [&folders.home, &folders.cargo, &folders.temporary, &folders.kits] {
        fs::create_dir_all(folder)?;
    }
    // The sources of packages are as cargo checked them; settings hold for both builds.
    for name in ["registry", "git", "config.toml", "config"] {
        if fs::exists(&cargo.join(name)) {
            fs::new_link(&cargo.join(name), &folders.cargo.join(name))?;
        }
    }
    first.cache.share_with(&CacheRoot::new(folders.kits.clone()))?;

    let locale = environment.var("LC_ALL").or_else(|| environment.var("LANG")).unwrap_or("C");
    let other_locale = if matches!(locale, "C" | "POSIX") { "C.UTF-8" } else { "C" };
    let user = environment.var("USER").or_else(|| environment.var("LOGNAME")).unwrap_or_default();
    let temporary = environment.var("TMPDIR").unwrap_or("/tmp");
    let rows: [(&str, &str, &str, &[&str]); 9] = [
        ("folder", first.sources.as_str(), folders.sources.as_str(), &[]),
        ("cargo's home", cargo.as_str(), folders.cargo.as_str(), &["CARGO_HOME"]),
        ("kit cache", first.cache.folder().as_str(), folders.kits.as_str(), &["TACHI_CACHE_DIR"]),
        ("home folder", home.as_str(), folders.home.as_str(), &["HOME"]),
        ("temporary folder", temporary, folders.temporary.as_str(), &["TMPDIR"]),
        ("user", user, USER, &["USER", "LOGNAME"]),
        ("time zone", environment.var("TZ").unwrap_or("the system's"), ZONE, &["TZ"]),
        ("locale", locale, other_locale, &["LC_ALL", "LANG"]),
        ("jobs", &first.jobs.to_string(), &jobs.to_string(), &[]),
    ];
    let mut conditions = Conditions {
        varied: Vec::new(),
        kept: Vec::new(),
        wrappers: Vec::new(),
        // No wrapper: a cache would give back what the first build made.
        variables: vec![
            ("RUSTUP_HOME".into(), rustup.into_string()),
            ("RUSTC_WRAPPER".into(), String::new()),
        ],
    };
    for (what, first, second, variables) in rows {
        let (what, first, second) = (what.to_owned(), first.to_owned(), second.to_owned());
        conditions
            .variables
            .extend(variables.iter().map(|name| ((*name).to_owned(), second.clone())));
        conditions.varied.push(Variation { what, first, second });
    }
    conditions.umask();
    conditions.user_id(session);
    conditions.clock(first, &folders.scripts)?;
    Ok(conditions)
}

impl Conditions {
    fn vary(&mut self, what: &str, first: impl Into<String>, second: impl Into<String>) {
        let (first, second) = (first.into(), second.into());
        self.varied.push(Variation { what: what.to_owned(), first, second });
    }

    fn keep(&mut self, what: &str, why: &str) {
        self.kept.push(Kept { what: what.to_owned(), why: why.to_owned() });
    }

    /// `umask` of proc(5).
    fn umask(&mut self) {
        let status = fs::read_to_string(Utf8Path::new("/proc/self/status")).unwrap_or_default();
        let own = status.lines().find_map(|line| line.strip_prefix("Umask:")).map(str::trim);
        let first = own.unwrap_or("unknown").to_owned();
        let second = if first == "0077" { "0022" } else { "0077" };
        let script = format!("umask {second} && exec \"$@\"");
        self.wrappers.extend(["sh", "-c", &script, "sh"].map(str::to_owned));
        self.vary("umask", first, second);
    }

    /// Another user id, by a namespace: the files stay readable, toolchain included.
    fn user_id(&mut self, session: &Session) {
        let other = ["unshare", "--user"].map(str::to_owned).into_iter().chain([
            format!("--map-user={USER_ID}"),
            format!("--map-group={USER_ID}"),
            "--".to_owned(),
        ]);
        let wrapper: Vec<String> = other.collect();
        let probe = Command::new(&*wrapper[0]).args(wrapper[1..].to_vec()).arg("true");
        if run::capture(&probe, &session.interrupt).is_ok() {
            self.wrappers.extend(wrapper);
            self.vary("user id", "this user's", USER_ID);
        } else {
            self.keep("user id", "`unshare --user` (util-linux) is missing or not permitted here");
        }
    }

    /// A clock for cargo and all that it starts but the compiler: that one reads no clock that
    /// could reach a file, and its allocator does not go together with `faketime`.
    fn clock(&mut self, first: &First<'_>, scripts: &Utf8Path) -> Result<(), SysError> {
        let Some(program) = first.environment.find_program("faketime") else {
            let why = "`faketime` is not installed; the second build is only later than the first";
            self.keep("clock", why);
            return Ok(());
        };
        let real = first.cargo;
        let cargo = format!(
            "#!/bin/sh\nexec '{program}' -m --exclude-monotonic -f {AHEAD} '{real}' \"$@\"\n"
        );
        // Build scripts call the compiler themselves.
        let rustc = format!("#!/bin/sh\nunset LD_PRELOAD\nexec '{}' \"$@\"\n", first.rustc);
        for (name, variable, script) in [("cargo", "CARGO", &cargo), ("rustc", "RUSTC", &rustc)] {
            let path = scripts.join(name);
            fs::write_new(&path, 0o755, &mut script.as_bytes())?;
            self.variables.push((variable.to_owned(), path.into_string()));
        }
        self.vary("clock", "this machine's", format!("{AHEAD} ahead"));
        Ok(())
    }

    /// `program` under these conditions, in `folder`.
    pub fn command(&self, program: &str, args: Vec<String>, folder: &Utf8Path) -> Command {
        let mut words = self.wrappers.iter().cloned().chain([program.to_owned()]).chain(args);
        let mut command = Command::new(words.next().unwrap_or_default()).args(words);
        for (name, value) in &self.variables {
            command = command.env(name, value);
        }
        // The environment differs as a whole.
        command = command.env("TACHI_REBUILD", "1");
        for name in [
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_BUILD_BUILD_DIR",
            "CARGO_MAKEFLAGS",
        ] {
            command = command.env_remove(name);
        }
        command.current_dir(folder.as_str())
    }
}
