//! The request of the first build as flags of `cargo tachi dist`, for the second. Pure.

use camino::Utf8Path;

use crate::request::Request;

/// Which arguments of the second build differ.
#[derive(Debug, Clone, Copy)]
pub struct Other<'a> {
    /// The manifest in the copy, where the request named one.
    pub manifest_path: Option<&'a Utf8Path>,
    /// The target folder.
    pub target_dir: &'a Utf8Path,
    /// The number of jobs.
    pub jobs: usize,
}

/// The arguments, from `tachi` on.
pub fn of(request: &Request, other: Other<'_>) -> Vec<String> {
    // Each setting of a request is here, so that none is forgotten when one is added.
    let Request {
        packages,
        cargo_targets,
        features,
        targets,
        profile,
        strip,
        lock,
        config,
        allow_dirty,
        // The second build's own.
        manifest_path: _,
        target_dir: _,
        jobs: _,
        goal: _,
        no_smoke: _,
        sccache: _,
        // What does not change a file: what is done on failure, and what is shown.
        keep_going: _,
        testing: _,
        verbose: _,
        color: _,
        short_diagnostics: _,
    } = request;
    let mut args: Vec<String> =
        ["tachi", "dist", "--message-format", "json", "--no-smoke"].map(str::to_owned).to_vec();
    let mut pair = |flag: &str, value: &str| args.extend([flag.to_owned(), value.to_owned()]);
    for spec in &packages.include {
        pair("--package", spec);
    }
    for spec in &packages.exclude {
        pair("--exclude", spec);
    }
    for target in targets {
        pair("--target", target);
    }
    if let Some(profile) = profile {
        pair("--profile", profile);
    }
    if let Some(strip) = strip {
        pair("--strip", strip.as_str());
    }
    for value in config {
        pair("--config", value);
    }
    if let Some(path) = other.manifest_path {
        pair("--manifest-path", path.as_str());
    }
    pair("--target-dir", other.target_dir.as_str());
    pair("--jobs", &other.jobs.to_string());
    args.extend(cargo_targets.to_args());
    args.extend(features.to_args());
    for (wanted, flag) in [
        (packages.workspace, "--workspace"),
        (!lock.locked, "--no-locked"),
        (*allow_dirty, "--allow-dirty"),
        (lock.offline, "--offline"),
    ] {
        args.extend(wanted.then(|| flag.to_owned()));
    }
    // A cache would give back what the first build made.
    args.push("--no-sccache".into());
    args
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Features, LockMode, Packages, Strip};

    #[test]
    fn what_was_asked_for_is_asked_for_again() {
        let request = Request {
            packages: Packages { include: vec!["a".into()], ..Packages::default() },
            targets: vec!["linux".into()],
            profile: Some("ci".into()),
            strip: Some(Strip::Symbols),
            features: Features { list: vec!["f".into()], no_default: true, ..Features::default() },
            config: vec!["profile.ci.debug=1".into()],
            lock: LockMode { locked: true, offline: true },
            ..Request::default()
        };
        let other = Other { manifest_path: None, target_dir: Utf8Path::new("/t"), jobs: 3 };
        assert_eq!(
            of(&request, other).join(" "),
            "tachi dist --message-format json --no-smoke --package a --target linux --profile ci --strip symbols \
             --config profile.ci.debug=1 --target-dir /t --jobs 3 --features f --no-default-features --offline \
             --no-sccache"
        );
        let unlocked = of(&Request::default(), other).join(" ");
        assert!(unlocked.contains(" --no-locked "), "{unlocked}");
    }
}
