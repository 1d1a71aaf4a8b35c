//! ELF facts of real files, compared with rustc's flags and with readelf's output.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{bytes, run, rustc};
use tachi_binary::{BinaryFacts, ElfFacts, Kind, Linkage, Version, facts};

fn elf(bytes: &[u8]) -> ElfFacts {
    match facts(bytes) {
        Ok(BinaryFacts::Elf(facts)) => facts,
        other => panic!("not ELF: {other:?}"),
    }
}

const MAIN: &str = "fn main() {}";
const LIBRARY: &str = "#[unsafe(no_mangle)] pub extern \"C\" fn exported() {}";

#[test]
fn kinds_and_linkage_follow_the_linkers_flags() {
    for (source, flags, kind, pie, linkage) in [
        (MAIN, &["-Crelocation-model=pic"][..], Kind::Executable, true, Linkage::Dynamic),
        (MAIN, &["-Crelocation-model=static"], Kind::Executable, false, Linkage::Dynamic),
        (MAIN, &["-Ctarget-feature=+crt-static"], Kind::Executable, true, Linkage::Static),
        (
            MAIN,
            &["-Ctarget-feature=+crt-static", "-Crelocation-model=static"],
            Kind::Executable,
            false,
            Linkage::Static,
        ),
        (LIBRARY, &["--crate-type=cdylib"], Kind::SharedLibrary, false, Linkage::Dynamic),
        (LIBRARY, &["--crate-type=lib", "--emit=obj"], Kind::Relocatable, false, Linkage::None),
    ] {
        let found = elf(&rustc(source, flags));
        assert_eq!((found.kind, found.pie, found.linkage), (kind, pie, linkage), "{flags:?}");
        assert_eq!(found.architecture.as_str(), std::env::consts::ARCH);
        assert_eq!(u32::from(found.bits), usize::BITS);
        let dynamic_executable = kind == Kind::Executable && linkage == Linkage::Dynamic;
        assert_eq!(found.interpreter.is_some(), dynamic_executable, "{flags:?}");
        assert_eq!(found.glibc_floor().is_some(), linkage == Linkage::Dynamic, "{flags:?}");
    }
}

#[test]
fn names_and_search_paths_follow_the_linkers_flags() {
    let found = elf(&rustc(
        LIBRARY,
        &[
            "--crate-type=cdylib",
            "-Clink-arg=-Wl,-soname,libit.so.1",
            "-Clink-arg=-Wl,-rpath,$ORIGIN/lib",
            "-Clink-arg=-Wl,--enable-new-dtags",
            "-Clink-arg=-Wl,--build-id=0xc0ffee",
        ],
    ));
    assert_eq!(found.soname.as_deref(), Some("libit.so.1"));
    assert_eq!(found.runpath.as_deref(), Some("$ORIGIN/lib"));
    assert_eq!(found.rpath, None);
    assert_eq!(found.build_id.as_deref(), Some("c0ffee"));
    assert!(found.needed.contains(&"libc.so.6".to_owned()), "{:?}", found.needed);
}

#[test]
fn a_stripped_file_is_recognised() {
    for (flag, stripped, debug_info) in [
        ("-Cstrip=symbols", true, false),
        ("-Cstrip=debuginfo", false, false),
        ("-Cdebuginfo=2", false, true),
    ] {
        let found = elf(&rustc(MAIN, &[flag]));
        assert_eq!((found.stripped, found.debug_info), (stripped, debug_info), "{flag}");
    }
}

/// Files of this machine from different linkers: the test itself, system programs, the C and C++
/// libraries.
fn installed() -> Vec<PathBuf> {
    let mut files = vec![std::env::current_exe().unwrap()];
    for folder in ["/lib", "/usr/lib", "/lib64", "/usr/lib64"] {
        let folder = Path::new(folder).join(format!("{}-linux-gnu", std::env::consts::ARCH));
        for name in ["libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "libcrypto.so.3"]
        {
            files.push(folder.join(name));
        }
    }
    files.extend(["/bin/ls", "/bin/sh", "/usr/bin/gcc", "/usr/bin/git"].map(PathBuf::from));
    files.retain(|file| file.exists());
    files
}

/// Library → its versions, each with whether it is weak, as `readelf -V` prints them.
fn readelf_needs(file: &Path) -> BTreeMap<String, Vec<(String, bool)>> {
    let text = run("readelf", &["-VW", file.to_str().unwrap()]);
    let mut needs: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    let mut library = String::new();
    let lines = text.lines().skip_while(|line| !line.starts_with("Version needs section"));
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let after = |key: &str| {
            words.iter().position(|word| *word == key).and_then(|at| words.get(at + 1)).copied()
        };
        if let Some(file) = after("File:") {
            file.clone_into(&mut library);
            needs.entry(library.clone()).or_default();
        } else if let Some(name) = after("Name:") {
            let weak = after("Flags:") == Some("WEAK");
            needs.entry(library.clone()).or_default().push((name.to_owned(), weak));
        }
    }
    needs
}

#[test]
fn version_needs_are_those_that_readelf_prints() {
    let files = installed();
    let mut compared = 0;
    for file in &files {
        let found = elf(&bytes(file));
        let ours: BTreeMap<_, _> = found
            .version_needs
            .iter()
            .map(|need| {
                let versions =
                    need.versions.iter().map(|version| (version.name.clone(), version.weak));
                (need.library.clone(), versions.collect::<Vec<_>>())
            })
            .collect();
        let theirs = readelf_needs(file);
        assert_eq!(ours, theirs, "{}", file.display());
        compared += theirs.len();

        let highest = theirs
            .values()
            .flatten()
            .filter(|(_, weak)| !weak)
            .filter_map(|(name, _)| name.strip_prefix("GLIBC_")?.parse::<Version>().ok())
            .max();
        let relr = theirs.values().flatten().any(|(name, _)| name == "GLIBC_ABI_DT_RELR");
        let floor = if relr { highest.max(Some(Version::new(2, 36, 0))) } else { highest };
        assert_eq!(found.glibc_floor(), floor, "{}", file.display());
    }
    assert!(compared > 0, "nothing to compare in {files:?}");
}

#[test]
fn libraries_with_a_loader_are_still_libraries() {
    // glibc's own library can be run as a program, and has an interpreter for it.
    for file in installed().iter().filter(|file| file.ends_with("libc.so.6")) {
        let found = elf(&bytes(file));
        assert_eq!(found.kind, Kind::SharedLibrary);
        assert!(found.floors.glibc_private);
        assert_eq!(found.soname.as_deref(), Some("libc.so.6"));
    }
}

#[test]
fn facts_do_not_depend_on_section_headers_or_alignment() {
    let whole = rustc(MAIN, &["-Cstrip=symbols"]);
    let expected = elf(&whole);
    let mut bare = vec![0];
    bare.extend(&whole);
    let bare = &mut bare[1..];
    // e_shoff and e_shnum, e_shstrndx of a 64-bit header.
    bare[0x28..0x30].fill(0);
    bare[0x3c..0x40].fill(0);
    assert_eq!(elf(bare), expected);
}

#[test]
fn facts_serialise_with_versions_as_text() {
    let found = facts(&rustc(MAIN, &[])).unwrap();
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["format"], "elf");
    assert_eq!(json["kind"], "executable");
    assert_eq!(json["architecture"], std::env::consts::ARCH);
    assert!(json["floors"]["glibc"].as_str().unwrap().starts_with("2."), "{json}");
}
