//! The identity of a kit: a digest of everything that decides how it links. Pure.
//!
//! Cargo knows a linker by its path alone, and compiles again when that path changes. So the path
//! of a kit's wrappers contains the kit's identity: a kit with another SDK, linker, zig or floor
//! has other wrappers, and two Tachis with different settings never overwrite each other's.

use crate::digest;
use crate::toolchain::decide::{Kit, Linker};
use crate::toolchain::probe::{Lld, Sdk};
use crate::toolchain::{macos, windows, wire};

/// The identity of a kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// What decides how a link comes out: versions, floors, contents.
    content: Vec<(&'static str, String)>,
    /// Where the linker and the SDK are on this machine.
    paths: Vec<String>,
}

impl Identity {
    /// The identity of `kit` with one version of zig. A kit of this machine's own tools or of the
    /// user's linker has none: Tachi does not know what they are made of.
    pub fn of(kit: &Kit, zig_version: &str) -> Option<Self> {
        let zig_target = kit.zig_target.as_ref()?;
        let mut content = vec![
            ("driver", wire::LAYOUT.to_owned()),
            ("target", kit.target.clone()),
            ("zig", zig_version.to_owned()),
            // glibc's version is in this name.
            ("zig-target", zig_target.clone()),
        ];
        content.extend(kit.minimum_os.clone().map(|version| ("minimum-os", version)));
        let mut paths = Vec::new();
        let (linker, sdk, stubs) = match &kit.linker {
            Linker::Configured(_) | Linker::Native => return None,
            Linker::Rustc => ("rustc", None, None),
            Linker::Zig if kit.minimum_os.is_some() => ("zig", None, Some(macos::sdk::identity())),
            Linker::Zig => ("zig", None, None),
            Linker::Ld64 { sdk, .. } => ("ld64", sdk.as_ref(), Some(macos::sdk::identity())),
            Linker::LldLink { sdk, .. } => {
                ("lld-link", sdk.as_ref(), Some(windows::sdk::identity()))
            }
        };
        content.push(("linker", linker.to_owned()));
        if let Some(Lld { program, version }) = kit.linker.lld() {
            content.push(("lld", version.clone()));
            paths.push(program.to_string());
        }
        match (sdk, stubs) {
            (Some(Sdk { folder, content: digest, .. }), _) => {
                content.push(("sdk", digest.clone()));
                paths.push(folder.to_string());
            }
            (None, Some(stubs)) => content.push(("stubs", stubs.to_owned())),
            (None, None) => {}
        }
        Some(Self { content, paths })
    }

    /// A digest that holds on every machine: for manifests and cached answers.
    pub fn digest(&self) -> String {
        digest::short_digest(&self.words().collect::<Vec<_>>())
    }

    /// A digest that also depends on where linker and SDK are: for the wrappers' folder, whose
    /// scripts contain these paths.
    pub fn digest_here(&self) -> String {
        let paths = self.paths.iter().map(String::as_str);
        digest::short_digest(&self.words().chain(paths).collect::<Vec<_>>())
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.content.iter().flat_map(|(name, value)| [*name, value.as_str()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tachi_schema::plan::StdSource;

    const ZIG: &str = "0.17.1";

    fn lld(program: &str, version: &str) -> Lld {
        Lld { program: program.into(), version: version.into() }
    }

    fn sdk(folder: &str, content: &str) -> Sdk {
        Sdk { folder: folder.into(), version: Some("13.3".into()), content: content.into() }
    }

    fn macos(linker: Linker, floor: &str) -> Kit {
        Kit {
            target: "aarch64-apple-darwin".into(),
            linker,
            zig_target: Some(format!("aarch64-macos.{floor}-none")),
            minimum_os: Some(floor.into()),
            reason: String::new(),
            std: StdSource::Sysroot,
            std_reason: String::new(),
        }
    }

    fn ld64(lld: Lld, sdk: Option<Sdk>) -> Kit {
        macos(Linker::Ld64 { lld, sdk }, "11.0")
    }

    fn linux(zig_target: &str) -> Kit {
        let zig_target = Some(zig_target.to_owned());
        let target = "x86_64-unknown-linux-gnu".to_owned();
        Kit { target, zig_target, minimum_os: None, ..macos(Linker::Zig, "11.0") }
    }

    fn windows(sdk: Option<Sdk>) -> Kit {
        let linker = Linker::LldLink { lld: Some(lld("/lld", "19")), sdk };
        let target = "x86_64-pc-windows-msvc".to_owned();
        let zig_target = Some("x86_64-windows-msvc".into());
        Kit { target, linker, zig_target, minimum_os: None, ..macos(Linker::Zig, "11.0") }
    }

    #[test]
    fn whatever_decides_a_link_gives_a_kit_another_identity() {
        let cases = [
            ("the plain kit", ld64(lld("/lld", "19"), None), ZIG),
            ("zig", ld64(lld("/lld", "19"), None), "0.17.2"),
            ("lld's version", ld64(lld("/lld", "20"), None), ZIG),
            ("an SDK", ld64(lld("/lld", "19"), Some(sdk("/sdk", "1"))), ZIG),
            ("the SDK's content", ld64(lld("/lld", "19"), Some(sdk("/sdk", "2"))), ZIG),
            (
                "the oldest macOS",
                macos(Linker::Ld64 { lld: lld("/lld", "19"), sdk: None }, "12.0"),
                ZIG,
            ),
            ("no lld", macos(Linker::Zig, "11.0"), ZIG),
            ("glibc 2.17", linux("x86_64-linux-gnu.2.17"), ZIG),
            ("glibc 2.28", linux("x86_64-linux-gnu.2.28"), ZIG),
            ("Windows", windows(None), ZIG),
            ("Windows with an SDK", windows(Some(sdk("/xwin", "1"))), ZIG),
        ];
        let of = |kit: &Kit, zig| Identity::of(kit, zig).unwrap();
        for (index, (what, kit, zig)) in cases.iter().enumerate() {
            let identity = of(kit, zig);
            assert_eq!(identity, of(&kit.clone(), zig), "{what}");
            for (other, second, second_zig) in &cases[index + 1..] {
                let second = of(second, second_zig);
                assert_ne!(identity.digest(), second.digest(), "{what} and {other}");
                assert_ne!(identity.digest_here(), second.digest_here(), "{what} and {other}");
            }
        }
    }

    #[test]
    fn a_path_counts_on_this_machine_and_in_no_published_digest() {
        let here = ld64(lld("/lld", "19"), Some(sdk("/sdk", "1")));
        for there in [
            ld64(lld("/opt/lld", "19"), Some(sdk("/sdk", "1"))),
            ld64(lld("/lld", "19"), Some(sdk("/opt/sdk", "1"))),
        ] {
            let (one, other) =
                (Identity::of(&here, ZIG).unwrap(), Identity::of(&there, ZIG).unwrap());
            assert_eq!(one.digest(), other.digest());
            assert_ne!(one.digest_here(), other.digest_here());
        }
    }

    #[test]
    fn reasons_and_the_source_of_std_do_not_count() {
        let kit = linux("x86_64-linux-gnu.2.17");
        let told = Kit { reason: "x".into(), std: StdSource::Source, ..kit.clone() };
        assert_eq!(Identity::of(&kit, ZIG), Identity::of(&told, ZIG));
    }

    #[test]
    fn the_machines_own_tools_have_no_identity() {
        for linker in [Linker::Native, Linker::Configured("/usr/bin/ld".into())] {
            let kit = Kit { linker, zig_target: None, ..linux("") };
            assert_eq!(Identity::of(&kit, ZIG), None);
        }
    }
}
