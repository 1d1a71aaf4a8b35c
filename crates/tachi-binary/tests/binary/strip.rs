//! Stripped files: they are no larger than LLVM's, run as before, and keep what loaders and
//! linkers read.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run stripped programs and other tools; the crate itself does not"
)]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tachi_binary::signature::{self, Replace, verify};
use tachi_binary::strip::{Mode, StripError, split, strip};
use tachi_binary::{BinaryFacts, facts};

use crate::foreign::{ARM64, X86_64, macos, object};
use crate::support::{bytes, llvm, run, rustc};
use crate::universal::join;

const MAIN: &str =
    "fn main() { println!(\"{:?}\", std::env::args().skip(1).collect::<Vec<_>>()); }";
const LIBRARY: &str = "#[unsafe(no_mangle)] pub extern \"C\" fn exported() -> String { format!(\"{:?}\", std::env::args()) }";

/// The file that llvm-strip writes.
fn llvm_stripped(file: &[u8], flags: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "it", file);
    let mut args = flags.to_vec();
    args.push(path.to_str().unwrap());
    run(llvm("llvm-strip"), &args);
    bytes(path)
}

fn write(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    path
}

fn output_of(program: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "it", program);
    run(path, &["one", "two"])
}

/// Names of the sections of an ELF file.
fn sections(file: &[u8]) -> Vec<String> {
    use object::{Object as _, ObjectSection as _};
    let file = object::File::parse(file).unwrap();
    file.sections().map(|one| one.name().unwrap().to_owned()).collect()
}

#[test]
fn elf_programs_are_no_larger_than_llvms_and_run_as_before() {
    for flags in [
        &["-g"][..],
        &["-Crelocation-model=static"],
        &["-Ctarget-feature=+crt-static"],
        &["-g", "-Clink-arg=-fuse-ld=bfd", "-Clink-arg=-Wl,--build-id"],
        &["-Cstrip=symbols"],
    ] {
        let program = rustc(MAIN, flags);
        for (mode, llvm_flags) in [(Mode::DebugInfo, &["--strip-debug"][..]), (Mode::Symbols, &[])]
        {
            let ours = strip(&program, mode).unwrap();
            let theirs = llvm_stripped(&program, llvm_flags);
            assert!(ours.len() <= theirs.len(), "{flags:?}: {} {}", ours.len(), theirs.len());
            assert_eq!(output_of(&ours), "[\"one\", \"two\"]\n", "{flags:?}, {mode:?}");
            assert_eq!(strip(&ours, mode).unwrap(), ours, "{flags:?}: again it is the same");
            let (Ok(BinaryFacts::Elf(mut before)), Ok(BinaryFacts::Elf(after))) =
                (facts(&program), facts(&ours))
            else {
                panic!("not ELF")
            };
            before.debug_info = false;
            before.stripped = after.stripped;
            assert_eq!(before, after, "{flags:?}, {mode:?}");
        }
        assert_eq!(strip(&program, Mode::None).unwrap(), program);
    }
}

/// A file of the corpus.
fn corpus(name: &str) -> Vec<u8> {
    bytes(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name))
}

#[test]
fn numbers_that_the_first_section_holds_for_the_header_of_an_elf_file_are_read() {
    let plain = corpus("elf-x86_64-shared");
    let mut extended = plain.clone();
    let table = usize::try_from(u64::from_le_bytes(plain[0x28..0x30].try_into().unwrap())).unwrap();
    // `e_shnum` is in `sh_size`, `e_shstrndx` in `sh_link`.
    extended[table + 32..table + 34].copy_from_slice(&plain[0x3c..0x3e]);
    extended[table + 40..table + 42].copy_from_slice(&plain[0x3e..0x40]);
    extended[0x3c..0x40].copy_from_slice(&[0, 0, 0xff, 0xff]);
    assert_eq!(facts(&extended), facts(&plain));
    let strip = |file: &[u8]| strip(file, Mode::Symbols).unwrap();
    assert!(strip(&extended) == strip(&plain));
}

#[test]
fn an_elf_file_whose_segments_are_in_its_header_is_not_stripped() {
    let mut file = corpus("elf-x86_64-shared");
    file[0x20..0x28].fill(0);
    let error = strip(&file, Mode::Symbols).unwrap_err().to_string();
    assert!(error.contains("its table of segments is in its header"), "{error}");
}

#[test]
fn elf_libraries_keep_what_linkers_and_tools_read() {
    let source = format!(
        "{LIBRARY}
        #[used] #[unsafe(link_section = \".tachi\")] static SLOT: [u8; 64] = [7; 64];
        #[used] #[unsafe(link_section = \".dep-v0\")] static LIST: [u8; 8] = *b\"packages\";"
    );
    let library = rustc(&source, &["-g", "--crate-type=cdylib", "-Clink-arg=-Wl,--build-id"]);
    let stripped = strip(&library, Mode::Symbols).unwrap();
    let kept = sections(&stripped);
    for name in [".tachi", ".dep-v0", ".note.gnu.build-id", ".eh_frame", ".dynsym", ".gnu.hash"] {
        assert!(kept.contains(&name.to_owned()), "{name}: {kept:?}");
    }
    assert!(!kept.iter().any(|name| name.starts_with(".debug") || name == ".symtab"), "{kept:?}");
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "libit.so", &stripped);
    assert!(run("readelf", &["--dyn-syms", "-W", path.to_str().unwrap()]).contains(" exported\n"));
    assert!(stripped.len() <= llvm_stripped(&library, &[]).len());
}

#[test]
fn debuggers_find_the_second_file_by_name_checksum_and_build_id() {
    let program = rustc(MAIN, &["-g", "-Clink-arg=-Wl,--build-id"]);
    let parts = split(&program, Mode::Symbols, "it.debug").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "it", &parts.stripped);
    let symbols = write(folder.path(), "it.debug", &parts.symbols);
    assert_eq!(run(&path, &["one"]), "[\"one\"]\n");
    let (path, symbols) = (path.to_str().unwrap(), symbols.to_str().unwrap());
    let notes = |file| run("readelf", &["-nW", file]);
    let id = |text: String| text.lines().find(|line| line.contains("Build ID")).unwrap().to_owned();
    assert_eq!(id(notes(path)), id(notes(symbols)));
    // The main function of the program, by its address alone, with file and line.
    let listed = run("readelf", &["-sW", symbols]);
    let is_main = |line: &&str| line.contains("2it4main");
    let main = listed.lines().find(is_main).expect("a symbol for it::main");
    let address = format!("0x{}", main.split_whitespace().nth(1).unwrap());
    let found = run(llvm("llvm-symbolizer"), &[&format!("--obj={path}"), &address]);
    assert!(found.contains("it.rs:1"), "{found}");
    let theirs = llvm_stripped(&program, &[]);
    assert!(parts.stripped.len() <= theirs.len() + 200);
    let again = split(&parts.stripped, Mode::Symbols, "it.debug").map(drop);
    assert!(matches!(again, Err(StripError::NothingToSplit(_))), "{again:?}");
    for name in ["", "a/b", "a\nb"] {
        assert!(matches!(split(&program, Mode::Symbols, name), Err(StripError::Name(_))), "{name}");
    }
}

#[test]
fn macho_files_are_no_larger_than_llvms_and_their_signatures_are_renewed() {
    const DYLIB: &[&str] = &["-dylib", "-install_name", "@rpath/libit.dylib"];
    let names: Vec<String> = (0..300).map(|number| format!("function_{number}")).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.push("main");
    for (name, file, flags) in [
        ("arm64", macos(ARM64, &names, &[]), &[][..]),
        ("x86_64", macos(X86_64, &names, &[]), &[]),
        ("signed x86_64", macos(X86_64, &names, &["-adhoc_codesign"]), &[]),
        ("dylib", macos(ARM64, &names, DYLIB), &["-x"]),
        ("bundle", macos(X86_64, &names, &["-bundle"]), &["-x"]),
    ] {
        let ours = strip(&file, Mode::Symbols).unwrap();
        let theirs = llvm_stripped(&file, flags);
        assert!(ours.len() <= theirs.len(), "{name}: {} {}", ours.len(), theirs.len());
        assert_eq!(strip(&ours, Mode::Symbols).unwrap(), ours, "{name}: again it is the same");
        let (before, after) = (verify(&file).unwrap(), verify(&ours).unwrap());
        match (&before[0].signature, &after[0].signature) {
            (None, None) => {}
            (Some(before), Some(after)) => {
                assert_eq!(after.problems, [], "{name}");
                let identifier = |one: &signature::Signature| one.directories[0].identifier.clone();
                assert_eq!(identifier(before), identifier(after), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
        let exports = |file: &[u8]| {
            use object::Object as _;
            let file = object::File::parse(file).unwrap();
            let exports = file.exports().unwrap().map(|one| format!("{:?}", one.unwrap().name()));
            exports.collect::<Vec<_>>()
        };
        if !flags.is_empty() {
            assert_eq!(exports(&file), exports(&ours), "{name}");
        }
    }
}

#[test]
fn every_slice_of_a_universal_file_is_stripped() {
    let slices = [X86_64, ARM64].map(|cpu| macos(cpu, &["main", "one", "two"], &[]));
    let both = join(&[&slices[0], &slices[1]]).unwrap();
    let stripped = slices.each_ref().map(|slice| strip(slice, Mode::Symbols).unwrap());
    assert!(stripped[0].len() < slices[0].len());
    let expected = join(&[&stripped[0], &stripped[1]]).unwrap();
    assert!(strip(&both, Mode::Symbols).unwrap() == expected);
}

#[test]
fn pe_files_lose_the_debug_sections_and_symbols_that_llvm_removes() {
    for name in ["pe-x86_64", "pe-i386-dll"] {
        let file = corpus(name);
        for (mode, flags) in [(Mode::DebugInfo, &["--strip-debug"][..]), (Mode::Symbols, &[])] {
            let ours = strip(&file, mode).unwrap();
            let theirs = llvm_stripped(&file, flags);
            assert!(ours.len() < file.len() && ours.len() <= theirs.len(), "{name}, {mode:?}");
            assert!(!sections(&ours).contains(&".debug_other".to_owned()), "{name}");
            assert!(sections(&ours).contains(&".tachi".to_owned()), "{name}");
            assert_eq!(strip(&ours, mode).unwrap(), ours, "{name}: again it is the same");
        }
        let error = split(&file, Mode::Symbols, "it.debug").unwrap_err().to_string();
        assert!(error.contains(".pdb"), "{error}");
    }
}

#[test]
fn files_that_stripping_would_break_are_refused() {
    let program = rustc(MAIN, &["-g"]);
    let appended = [&program[..], b"an archive"].concat();
    let object = object(object::BinaryFormat::MachO, ARM64.1, &["one"], &[]);
    let archive = rustc("pub fn one() {}", &["--crate-type=rlib"]);
    let unlinked = rustc("pub fn one() {}", &["--crate-type=lib", "--emit=obj"]);
    let arm = macos(ARM64, &["main", "one"], &[]);
    for (file, message) in [
        (&appended[..], "10 bytes of other data follow"),
        (&object, "an object file, whose symbols linking it needs"),
        (&unlinked, "an object file"),
        (&archive, "a static library"),
        (b"text", "not an executable"),
        (&program[..program.len() - 1], "damaged"),
        (&[&arm[..], b"more"].concat(), "4 bytes of other data follow"),
    ] {
        let error = strip(file, Mode::Symbols).unwrap_err().to_string();
        assert!(error.contains(message), "{message}: {error}");
    }
    let linked = signature::sign(&arm, "it", Replace::AdHoc).unwrap();
    let error = split(&linked, Mode::Symbols, "it.debug").unwrap_err().to_string();
    assert!(error.contains("dsymutil"), "{error}");
}
