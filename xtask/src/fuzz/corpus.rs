//! The files that fuzzing starts from: each a few kilobytes, linked by rustup's linker from
//! one page of assembly that `llvm-mc` takes for every processor.

use std::fs;
use std::path::Path;

use crate::{linker, process, repository};

/// The folder of the corpus.
const FOLDER: &str = "crates/tachi-binary/tests/corpus";

/// Assembly for every processor: two functions, a pointer, a slot for a stamp (as
/// `tachi-build-info` describes it), a name for debuggers.
const PROGRAM: &str = "
.globl main, _main, mainCRTStartup
main:
_main:
mainCRTStartup:
.byte 0xc3, 0, 0, 0
local:
.byte 0xc3, 0, 0, 0
.data
.p2align 3
pointer:
";
const SLOT: &str = r#"
.ascii "\361TACHI\343STAMP\265\r\n\032"
.ascii "010080000000000000"
.fill 94, 1, 10
"#;
/// One file: its name, the assembler's triple, the linker's flavour and flags.
struct Recipe {
    name: &'static str,
    triple: &'static str,
    flags: &'static [&'static str],
}

const RECIPES: &[Recipe] = &[
    gnu("elf-x86_64", "x86_64-linux-gnu", &["-e", "main", "--build-id"]),
    gnu("elf-x86_64-shared", "x86_64-linux-gnu", &["-shared", "-soname", "libit.so.1"]),
    gnu("elf-i386-shared", "i386-linux-gnu", &["-shared", "--build-id", "--hash-style=both"]),
    gnu("elf-s390x", "s390x-linux-gnu", &["-e", "main", "-pie"]),
    Recipe { name: "macho-arm64", triple: "arm64-apple-macos11", flags: &["-arch", "arm64"] },
    Recipe { name: "macho-x86_64", triple: "x86_64-apple-macos11", flags: &["-arch", "x86_64"] },
    Recipe {
        name: "macho-x86_64-dylib",
        triple: "x86_64-apple-macos11",
        flags: &["-arch", "x86_64", "-dylib", "-install_name", "@rpath/libit.dylib"],
    },
    gnu(
        "pe-x86_64",
        "x86_64-w64-windows-gnu",
        &["-m", "i386pep", "-e", "main", "--no-insert-timestamp"],
    ),
    gnu(
        "pe-i386-dll",
        "i386-w64-windows-gnu",
        &["-m", "i386pe", "-shared", "-e", "_main", "--no-insert-timestamp"],
    ),
];

const fn gnu(name: &'static str, triple: &'static str, flags: &'static [&'static str]) -> Recipe {
    Recipe { name, triple, flags }
}

/// Makes all of them again.
pub(super) fn make() -> Result<(), String> {
    let scratch = std::env::temp_dir().join(format!("tachi-corpus-{}", std::process::id()));
    let made = fs::create_dir_all(&scratch)
        .map_err(|error| format!("cannot create {}: {error}", scratch.display()))
        .and_then(|()| RECIPES.iter().try_for_each(|recipe| link(recipe, &scratch)))
        .and_then(|()| universal())
        .and_then(|()| archive(&scratch))
        .and_then(|()| module());
    // A folder left behind in the temporary folder is no reason to fail.
    let _ = fs::remove_dir_all(&scratch);
    made
}

fn link(recipe: &Recipe, scratch: &Path) -> Result<(), String> {
    let (is_macho, is_elf) = (recipe.name.starts_with("macho"), recipe.name.starts_with("elf"));
    let (slot, debug) = match (is_macho, is_elf) {
        (true, _) => ("__DATA,__tachi", None),
        (_, true) => (".tachi,\"a\"", Some(".debug_other,\"\"")),
        _ => (".tachi,\"dr\"", Some(".debug_other,\"dr\"")),
    };
    let pointer = if recipe.triple.starts_with("i386") { ".long main" } else { ".quad main" };
    let debug = debug.map(|name| format!(".section {name}\n.fill 200, 1, 7\n"));
    let debug = debug.unwrap_or_default();
    let source = format!("{PROGRAM}{pointer}\n.section {slot}\n{SLOT}{debug}");
    let output = repository::root().join(FOLDER).join(recipe.name);
    linker::link(&source, recipe.triple, recipe.flags, scratch, &output)
}

/// A universal file of one program twice, the second time for a later processor: slices
/// for arm64 would be large.
fn universal() -> Result<(), String> {
    let folder = repository::root().join(FOLDER);
    let failed = |error: std::io::Error| format!("cannot make the universal file: {error}");
    let plain = fs::read(folder.join("macho-x86_64")).map_err(failed)?;
    let mut later = plain.clone();
    later[8] = 8;
    let size = u32::try_from(plain.len()).map_err(|error| error.to_string())?;
    let second = (0x1000 + size).next_multiple_of(0x1000);
    let head = [0xcafe_babe, 2, 0x0100_0007, 3, 0x1000, size, 12, 0x0100_0007, 8, second, size, 12];
    let mut file = head.map(u32::to_be_bytes).concat();
    file.resize(0x1000, 0);
    file.extend(plain);
    file.resize(second as usize, 0);
    file.extend(later);
    fs::write(folder.join("fat"), file).map_err(failed)
}

/// A static library with one object file.
fn archive(scratch: &Path) -> Result<(), String> {
    let object = scratch.join("it.o").display().to_string();
    let output = repository::root().join(FOLDER).join("archive").display().to_string();
    let _ = fs::remove_file(&output);
    process::capture(&mut process::command("llvm-ar", &["rcsD", &output, &object])).map(drop)
}

/// A WebAssembly module with imports, an export, its producers, and a list of dependencies,
/// as cargo-auditable packs it, but not compressed: changes to it stay readable.
const MODULE: &[u8] = b"\0asm\x01\0\0\0\
    \x01\x04\x01\x60\0\0\
    \x02\x18\x02\x03env\x01f\0\0\x03env\x06memory\x02\x01\x01\x10\
    \x03\x02\x01\0\
    \x07\x0a\x01\x06_start\0\x01\
    \x0a\x04\x01\x02\0\x0b\
    \0\x1b\x09producers\x01\x08language\x01\x04Rust\0\
    \0\x5e\x07.dep-v0\x78\x01\x01\x4b\0\xb4\xff\
    {\"packages\":[{\"name\":\"it\",\"version\":\"0.1.0\",\"source\":\"local\",\"root\":true}]}\
    \x8f\x30\x18\x3f";

fn module() -> Result<(), String> {
    let file = repository::root().join(FOLDER).join("wasm-module");
    fs::write(file, MODULE).map_err(|error| format!("cannot make the module: {error}"))
}
