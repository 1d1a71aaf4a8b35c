//! The first link of a kind: zig compiles a C library and run-time libraries for it, which takes
//! from a few seconds to a minute. Later links find them in zig's cache.

use camino::Utf8PathBuf;

use super::wire;
use super::zig::Zig;
use crate::digest;
use crate::sys::fs;

/// What zig has to make before it can link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstLink {
    /// A file that says that it is made.
    mark: Utf8PathBuf,
    /// What is done and why, for people.
    pub sentence: String,
}

impl FirstLink {
    /// The link by `tool` for `zig_target` with rustc's arguments `args`, if it is the first of its
    /// kind; none if there was one before.
    pub fn of(zig: &Zig<'_>, zig_target: &str, tool: &str, args: &[String]) -> Option<Self> {
        let has = |words: [&str; 2]| args.iter().any(|arg| words.contains(&arg.as_str()));
        let kind = match (has(["-shared", "-dynamiclib"]), has(["-static", "-static-pie"])) {
            (true, _) => "shared",
            (_, true) => "static",
            _ => "dynamic",
        };
        let has_cxx = tool == wire::CXX || has(["-lc++", "-lstdc++"]);
        let cxx = if has_cxx { "-c++" } else { "" };
        let program = digest::short_digest(&[zig.program.as_str()]);
        let name = format!("{zig_target}-{kind}{cxx}-{program}");
        let mark = zig.cache.join("tachi-links").join(name);
        let sentence = || sentence(zig_target, has_cxx);
        (!fs::exists(&mark)).then(|| Self { mark, sentence: sentence() })
    }

    /// Notes that the link succeeded.
    pub fn succeeded(&self) {
        // Without the note, the next link counts as the first again, which does no harm.
        let _ = fs::write_atomic(&self.mark, b"");
    }
}

fn sentence(zig_target: &str, has_cxx: bool) -> String {
    let (arch, system) = zig_target.split_once('-').unwrap_or((zig_target, ""));
    let libc = match system {
        _ if system.starts_with("linux-musl") => "musl",
        _ if system.starts_with("linux") => "glibc's stubs and start files",
        _ if system.starts_with("windows") => "mingw-w64",
        _ if system.starts_with("freebsd") => "FreeBSD's stubs and start files",
        _ if system.starts_with("wasi") => "wasi-libc",
        _ => "its run-time library",
    };
    let cxx = if has_cxx { " and libc++" } else { "" };
    format!("zig compiles {libc}{cxx} for {arch}, which the first link of this kind needs")
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;
    use crate::sys::interrupt::Interrupt;

    #[test]
    fn each_kind_of_link_is_a_first_one_once_for_each_zig_and_cache() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Utf8Path::from_path(dir.path()).unwrap().join("cache");
        let interrupt = Interrupt::default();
        let first = |program: &str, target: &str, args: &str| {
            let zig = Zig { program: program.into(), cache: &cache, interrupt: &interrupt };
            let args: Vec<String> = args.split(' ').map(str::to_owned).collect();
            FirstLink::of(&zig, target, wire::CC, &args)
        };
        let (musl, glibc) = ("aarch64-linux-musl", "x86_64-linux-gnu.2.17");
        let made = first("/zig", musl, "a.o -static").unwrap();
        let sentence = "zig compiles musl for aarch64, which the first link of this kind needs";
        assert_eq!(made.sentence, sentence);
        assert_eq!(first("/zig", musl, "a.o -static").unwrap(), made);
        made.succeeded();
        assert_eq!(first("/zig", musl, "b.o -static"), None);
        for (program, target, args) in [
            ("/zig", musl, "a.o -shared"),
            ("/zig", musl, "a.o -static -lc++"),
            ("/zig2", musl, "a.o -static"),
            ("/zig", glibc, "a.o -static"),
        ] {
            assert!(first(program, target, args).is_some(), "{program} {target} {args}");
        }
        fs::remove_dir_all(&cache).unwrap();
        assert_eq!(first("/zig", musl, "b.o -static").unwrap(), made);
    }
}
