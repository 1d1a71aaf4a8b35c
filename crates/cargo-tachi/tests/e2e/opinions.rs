//! Compares what other programs say of a file with what Tachi says: a list of statements from each
//! side, which have to be the same.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests look at the machine directly, so as not to trust what they test"
)]

pub(crate) mod elf;
pub(crate) mod linked;
pub(crate) mod macho;
pub(crate) mod pe;
pub(crate) mod policy;
pub(crate) mod samples;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{run, tachi};

/// A statement on which Tachi differs from another program on purpose.
pub(crate) struct Exception {
    /// The file's name, or a part of it.
    pub file: &'static str,
    /// What the statement is about.
    pub about: &'static str,
    /// Why Tachi differs.
    pub reason: &'static str,
}

/// Statements about one file.
pub(crate) struct Statement {
    pub about: &'static str,
    pub ours: String,
    pub theirs: String,
}

/// What a statement can be made of.
pub(crate) trait Said {
    fn said(self) -> String;
}

impl Said for String {
    fn said(self) -> String {
        self
    }
}

impl Said for &str {
    fn said(self) -> String {
        self.to_owned()
    }
}

impl Said for bool {
    fn said(self) -> String {
        self.to_string()
    }
}

impl Said for u64 {
    fn said(self) -> String {
        self.to_string()
    }
}

/// Makes a statement of two values.
pub(crate) fn statement(about: &'static str, ours: impl Said, theirs: impl Said) -> Statement {
    Statement { about, ours: ours.said(), theirs: theirs.said() }
}

/// Makes a statement of two sets, with their differences only.
pub(crate) fn sets(
    about: &'static str,
    ours: &BTreeSet<String>,
    theirs: &BTreeSet<String>,
) -> Statement {
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).cloned().collect::<Vec<_>>().join(", ")
    };
    Statement { about, ours: only(ours, theirs), theirs: only(theirs, ours) }
}

/// Statements about all files of a test, and the differences that are known.
#[derive(Default)]
pub(crate) struct Comparison {
    files: usize,
    statements: usize,
    differences: Vec<(PathBuf, Statement)>,
}

impl Comparison {
    pub(crate) fn add(&mut self, file: &Path, statements: Vec<Statement>) {
        self.files += 1;
        self.statements += statements.len();
        let differing = statements.into_iter().filter(|one| one.ours != one.theirs);
        self.differences.extend(differing.map(|one| (file.to_owned(), one)));
    }

    /// Fails unless at least `files` files were compared, all differences are explained, and
    /// each explanation was needed.
    #[track_caller]
    pub(crate) fn finish(self, files: usize, exceptions: &[Exception]) {
        assert!(self.files >= files, "{} files were compared, not {files}", self.files);
        let explains = |exception: &Exception, file: &Path, about: &str| {
            exception.about == about && file.to_string_lossy().contains(exception.file)
        };
        let mut unexplained = Vec::new();
        let mut used = vec![false; exceptions.len()];
        for (file, difference) in &self.differences {
            let Statement { about, ours, theirs } = difference;
            let found = exceptions.iter().position(|one| explains(one, file, about));
            match found {
                Some(index) => used[index] = true,
                None => unexplained.push(format!(
                    "{}: {about}: Tachi says {ours:?}, the other {theirs:?}",
                    file.display()
                )),
            }
        }
        assert!(unexplained.is_empty(), "\n{}", unexplained.join("\n"));
        for (exception, used) in exceptions.iter().zip(used) {
            let Exception { file, about, reason } = exception;
            assert!(used, "nothing differs any more: {file}, {about} ({reason})");
        }
        println!("{} statements about {} files are the same", self.statements, self.files);
    }
}

/// What `cargo tachi inspect --json` says of files, in their order.
pub(crate) fn facts(files: &[PathBuf]) -> Vec<Value> {
    let ran = run(tachi(Path::new("/")).args(["inspect", "--json"]).args(files)).expect_success();
    let lines = ran.stdout.lines();
    lines.map(|line| serde_json::from_str::<Value>(line).unwrap()["facts"].take()).collect()
}

/// What a program prints about a file. Its complaints do not count: some of the files are
/// strange on purpose.
pub(crate) fn said(program: &str, arguments: &[&str], file: &Path) -> String {
    let mut command = Command::new(program);
    command.args(arguments).arg(file).env("LC_ALL", "C");
    run(&mut command).stdout
}

/// The texts of an array.
pub(crate) fn texts(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}
