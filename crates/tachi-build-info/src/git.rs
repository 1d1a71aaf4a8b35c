//! The commit for programs that plain cargo builds: called from their build script.
//!
//! ```toml
//! [build-dependencies]
//! tachi-build-info = { version = "0.1", features = ["git"] }
//! ```
//! ```no_run
//! // in the `main` of build.rs
//! tachi_build_info::git::emit();
//! ```
//!
//! The macros of the same package then know hash, branch and time, which is
//! `SOURCE_DATE_EPOCH` where that is set, else the commit's. A stamp stands above them. Whether files have been changed they do not know: that would take a look at every
//! file in every build.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{env, format, io, vec};

use crate::time::rfc3339;

/// The [variable](https://reproducible-builds.org/specs/source-date-epoch/) that says when.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// Tells cargo the commit of the package being built, and to look again only when another
/// is checked out. Without git, without a repository, or if the repository does not track
/// the package's manifest, it tells nothing of a commit: the values stay unknown.
pub fn emit() {
    let folder = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| ".".into(), PathBuf::from);
    // Nobody is left to tell if cargo does not listen.
    let epoch = env::var(EPOCH).ok().and_then(|value| value.parse().ok());
    let _ = write(&mut io::stdout(), &lines(&folder, epoch));
}

fn write(out: &mut dyn io::Write, lines: &[String]) -> io::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// What cargo is told.
fn lines(folder: &Path, epoch: Option<u64>) -> Vec<String> {
    // Without any such line cargo would run the script at every change of the package.
    let mut lines = vec![
        "cargo:rerun-if-changed=build.rs".to_string(),
        format!("cargo:rerun-if-env-changed={EPOCH}"),
    ];
    let given_time = epoch.map(rfc3339);
    lines.extend(given_time.iter().map(|time| value("TIME", time)));
    if git(folder, &["ls-files", "--error-unmatch", "--", "Cargo.toml"]).is_none() {
        return lines;
    }
    let branch = git(folder, &["symbolic-ref", "--quiet", "HEAD"]);
    lines.extend(watched(folder, branch.as_deref()));
    let name = branch.as_deref().map_or("HEAD", |name| name.trim_start_matches("refs/heads/"));
    let commit = |format: &str| {
        let time = "--date=format-local:%Y-%m-%dT%H:%M:%SZ";
        git(folder, &["-c", "log.showSignature=false", "log", "-1", format, time, "HEAD", "--"])
    };
    for (key, found) in [
        ("HASH", commit("--format=%h")),
        ("HASH_FULL", commit("--format=%H")),
        ("BRANCH", Some(name.to_string())),
        ("TIME", if given_time.is_some() { None } else { commit("--format=%cd") }),
    ] {
        lines.extend(found.iter().map(|found| value(key, found)));
    }
    lines
}

/// The line for a value that the macros look for.
fn value(key: &str, value: &str) -> String {
    format!("cargo:rustc-env=TACHI_PLAIN_GIT_{key}={value}")
}

/// The files that change when another commit is checked out. Cargo takes a file that is
/// missing for one that changed, so only those that are there are named.
fn watched(folder: &Path, branch: Option<&str>) -> Vec<String> {
    let path_of = |name: &str| {
        let path = git(folder, &["rev-parse", "--git-path", name])?;
        Some(folder.join(path))
    };
    let mut found: Vec<PathBuf> = path_of("HEAD").into_iter().collect();
    if let Some(loose) = branch.and_then(path_of) {
        if loose.exists() {
            found.push(loose);
        } else {
            // A packed branch becomes a file again with its next commit: a new entry of the
            // nearest folder.
            found.extend(path_of("packed-refs"));
            found.extend(loose.ancestors().find(|folder| folder.exists()).map(Path::to_path_buf));
        }
    }
    // Where branches are kept in one table instead, it is a folder of its own.
    found.extend(path_of("reftable"));
    let there = found.into_iter().filter(|path| path.exists());
    there.map(|path| format!("cargo:rerun-if-changed={}", path.display())).collect()
}

/// The first line that git prints; none if it fails or prints none.
fn git(folder: &Path, args: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    command.arg("--no-optional-locks").arg("-C").arg(folder).args(args).env("TZ", "UTC0");
    // A hook's git tells its children of another repository by these.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(ToString::to_string)
}
