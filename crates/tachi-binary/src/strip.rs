//! Stripping: taking out of a finished file what only debuggers and linkers need.
//!
//! [`strip`] returns the file without its debug information or without its symbols. [`split`]
//! also returns what was taken out, as a file that debuggers find by its name and by the build
//! id. What the system maps when it runs the file stays: in ELF files every segment keeps its
//! bytes and addresses; in Mach-O files only `__LINKEDIT` changes, and an ad-hoc signature is
//! made again under its identifier; in PE files the sections that stay keep their addresses.
//!
//! Notes, build ids, unwind tables, stamps (`.tachi`) and lists of dependencies (`.dep-v0`)
//! stay in every mode. Files that stripping would break are errors: object files and static
//! libraries, whose symbols their linker needs; files signed with a certificate; files with an
//! archive or other data behind their end.
//!
//! ```no_run
//! use tachi_binary::strip::{Mode, split, strip};
//! # let file: Vec<u8> = Vec::new();
//! let small = strip(&file, Mode::Symbols)?;
//! let both = split(&file, Mode::Symbols, "program.debug")?;
//! # Ok::<(), tachi_binary::strip::StripError>(())
//! ```

pub(crate) mod error;
pub(crate) mod mode;

use std::io::Cursor;

use crate::bytes::part;
use crate::facts::{BinaryFacts, facts};
use crate::format::Kind;
use crate::macho::fat::{Contents, Input, Layout, Slice};
use crate::{elf, macho, pe};

pub use error::StripError;
pub use mode::{Mode, Split};

/// The file without what `mode` takes out. A file that has nothing of it comes back as it is. In
/// a universal file, every slice is stripped.
///
/// # Errors
/// The file has another format or kind, is damaged, or is one that stripping would break.
pub fn strip(file: &[u8], mode: Mode) -> Result<Vec<u8>, StripError> {
    let facts = facts(file)?;
    refuse_unlinked(&facts)?;
    let stripped = match &facts {
        _ if mode == Mode::None => file.to_vec(),
        BinaryFacts::Elf(_) => elf::strip::strip(file, mode)?,
        BinaryFacts::MachO(_) => macho::strip::strip(file, mode)?,
        BinaryFacts::FatMachO(_) => slices(file, mode)?,
        BinaryFacts::Pe(_) => pe::strip::strip(file, mode)?,
        _ => return Err(StripError::Kind("of a format that cannot be stripped")),
    };
    check(&facts, &stripped)?;
    Ok(stripped)
}

/// The stripped file, and a second file with what was taken out.
///
/// In the stripped ELF file, a section `.gnu_debuglink` holds `symbols_name` and the CRC-32 of
/// the second file, as
/// [debuggers expect](https://sourceware.org/gdb/current/onlinedocs/gdb.html/Separate-Debug-Files.html);
/// the build id, if there is one, stays in both.
///
/// # Errors
/// Those of [`strip`]; the file has nothing to split off, because other formats keep their debug
/// information elsewhere from the start; `symbols_name` cannot be the name of a file.
pub fn split(file: &[u8], mode: Mode, symbols_name: &str) -> Result<Split, StripError> {
    let facts = facts(file)?;
    refuse_unlinked(&facts)?;
    match &facts {
        BinaryFacts::Elf(_) => {
            let parts = elf::split::split(file, mode, symbols_name)?;
            check(&facts, &parts.stripped)?;
            Ok(parts)
        }
        BinaryFacts::MachO(_) | BinaryFacts::FatMachO(_) => Err(StripError::NothingToSplit(
            "linkers for macOS leave debug information in the object files; `dsymutil` collects \
             it from there while they exist"
                .to_owned(),
        )),
        BinaryFacts::Pe(_) => Err(StripError::NothingToSplit(
            "Microsoft's linkers put debug information into a .pdb file from the start; mingw's \
             is part of the program"
                .to_owned(),
        )),
        _ => Err(StripError::Kind("of a format that cannot be stripped")),
    }
}

/// Strips every slice of a universal file and joins them again.
fn slices(file: &[u8], mode: Mode) -> Result<Vec<u8>, StripError> {
    let contents = Contents::read(&mut Cursor::new(file))?;
    let mut stripped = Vec::new();
    let mut inputs = Vec::new();
    for slice in &contents.slices {
        let bytes = part(file, slice.offset, slice.size);
        let bytes = strip(bytes.ok_or(StripError::Malformed("a slice is cut off"))?, mode)?;
        let slice = Slice { offset: 0, size: bytes.len() as u64, ..slice.clone() };
        let contents = Contents { is_universal: false, slices: vec![slice] };
        inputs.push(Input { name: "a slice", contents });
        stripped.push(Cursor::new(bytes));
    }
    let layout = Layout::new(&inputs)?;
    let mut joined = Vec::with_capacity(usize::try_from(layout.size()).unwrap_or(0));
    layout.write(&mut stripped, &mut joined)?;
    Ok(joined)
}

/// Checks that the facts are those from before: a damaged file may have what loaders read in its
/// debug information, or in the numbers that change.
fn check(before: &BinaryFacts, stripped: &[u8]) -> Result<(), StripError> {
    let refuse = |what: String| StripError::Unsupported(what);
    let mut after = facts(stripped)
        .map_err(|error| refuse(format!("without what would be taken out, {error}")))?;
    let is_same = match (before, &mut after) {
        (BinaryFacts::Elf(before), BinaryFacts::Elf(after)) => {
            (after.stripped, after.debug_info) = (before.stripped, before.debug_info);
            before == after
        }
        (BinaryFacts::MachO(before), BinaryFacts::MachO(after)) => {
            after.stripped = before.stripped;
            // An executable loses symbols that only repeat its bindings.
            let is_less = after.imports.iter().all(|one| {
                before.imports.binary_search_by(|other| other.symbol.cmp(&one.symbol)).is_ok()
            });
            after.imports.clone_from(&before.imports);
            is_less && before == after
        }
        // Places and sizes of slices change; their contents are checked already.
        (BinaryFacts::FatMachO(_), after) => before.architectures() == after.architectures(),
        (before, after) => before == after,
    };
    if is_same { Ok(()) } else { Err(refuse("what loaders read would change".to_owned())) }
}

/// Refuses files that are not finished: linking an object file or a static library needs its
/// symbols.
fn refuse_unlinked(facts: &BinaryFacts) -> Result<(), StripError> {
    Err(StripError::Kind(match (facts, facts.kind()) {
        (BinaryFacts::Archive(_), _) => "a static library, whose symbols linking it needs",
        (BinaryFacts::Wasm(_), _) => "WebAssembly, which cannot be stripped",
        (_, Some(Kind::Relocatable)) => "an object file, whose symbols linking it needs",
        (_, Some(Kind::Core)) => "a memory image of a process",
        (_, Some(Kind::DebugSymbols)) => "debug information already",
        (_, Some(Kind::Executable | Kind::SharedLibrary | Kind::Bundle)) => return Ok(()),
        _ => "neither an executable nor a shared library",
    }))
}
