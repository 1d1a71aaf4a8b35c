//! The C functions that mingw-w64's headers promise and the UCRT lacks (`snprintf`,
//! `gettimeofday`, …), for C that is linked for MSVC's targets. Compiled from zig's copy of
//! mingw-w64 when C is first compiled for a processor; pure Rust does without.
//!
//! C++ gets zig's own library, with the ABI of mingw-w64. zig compiles all C++ of a program, so
//! only the C functions in between have to agree with Microsoft's ABI.

use camino::{Utf8Path, Utf8PathBuf};

use super::import_library::Machine;
use crate::sys::interrupt::Interrupt;
use crate::sys::{SysError, fs, lock};
use crate::toolchain::zig::Zig;

/// Files of mingw-w64, by folder. `*` stands for the rest of a name.
const SOURCES: &[(&str, &[&str])] = &[
    ("stdio", &["ucrt_*", "asprintf", "vasprintf", "mingw_ftruncate64", "truncate", "truncate64"]),
    ("math", &["fpclassify*", "signbit*"]),
    ("string", &["*"]),
    ("intrincs", &["*"]),
    ("libsrc/ws2tcpip", &["*"]),
    (
        "misc",
        &[
            "_assert",
            "btowc",
            "dirent",
            "dirname",
            "fe*",
            "getopt",
            "gettimeofday",
            "mingw-aligned-malloc",
            "mingw_controlfp",
            "mingw_setfp",
            "mingw_usleep",
            "mkdtemp",
            "mkstemp",
            "sleep",
            "tdelete",
            "tfind",
            "tsearch",
            "twalk",
            "ucrt-access",
            "ucrt_mbsinit",
            "ucrt_tzset",
            "wctob",
            "wdirent",
        ],
    ),
];

/// Functions that zig keeps in other libraries.
const OWN: [(&str, &str); 2] = [
    ("classify", include_str!("startup/classify.c")),
    ("stack_guard", include_str!("startup/stack_guard.c")),
];

/// Everything that decides what the libraries hold.
pub(super) fn texts() -> impl Iterator<Item = &'static str> {
    let listed = SOURCES.iter().flat_map(|(_, names)| names.iter().copied());
    OWN.iter().map(|(_, text)| *text).chain(listed).chain(CXX_LIBRARIES)
}

/// The path of the library for `machine`, which may not be made yet.
pub fn library(stubs: &Utf8Path, machine: Machine) -> Utf8PathBuf {
    stubs.join("c").join(machine.name()).join("mingwex.lib")
}

/// The libraries for C++ that are made already.
pub fn cxx_libraries(stubs: &Utf8Path, machine: Machine) -> Vec<Utf8PathBuf> {
    let folder = stubs.join("cxx").join(machine.name());
    let libraries = CXX_LIBRARIES.iter().map(|name| folder.join(name));
    libraries.filter(|library| fs::exists(library)).collect()
}

/// Not zig's `compiler_rt`: Rust has one of its own.
const CXX_LIBRARIES: [&str; 3] = ["c++.lib", "c++abi.lib", "unwind.lib"];

/// A program that uses every part of C++'s library, so that zig makes all of it.
const CXX_PROGRAM: &str = "#include <iostream>\n#include <stdexcept>\n\
    int main(int count, char **) { try { if (count > 5) throw std::runtime_error(\"x\"); std::cout << count; } catch (...) {} }\n";

/// Whether all libraries are there that could define what a linker missed.
pub fn is_complete(stubs: &Utf8Path, machine: Machine, stderr: &str) -> bool {
    let cxx = cxx_libraries(stubs, machine).len() == CXX_LIBRARIES.len();
    fs::exists(&library(stubs, machine)) && (cxx || !is_cxx(stderr))
}

/// Whether a linker missed symbols of C++'s library.
pub fn is_cxx(stderr: &str) -> bool {
    ["symbol: std::", "symbol: __cxa_", "symbol: __gxx_", "symbol: vtable for", "symbol: operator "]
        .iter()
        .any(|mark| stderr.contains(mark))
}

/// Makes the libraries for C++, unless they are there. zig compiles them when it links a program,
/// and prints where they are.
///
/// # Errors
/// zig fails, or a file cannot be read or written.
pub fn provide_cxx(zig: &Zig<'_>, stubs: &Utf8Path, machine: Machine) -> Result<(), SysError> {
    let folder = stubs.join("cxx").join(machine.name());
    let is_made = || cxx_libraries(stubs, machine).len() == CXX_LIBRARIES.len();
    once(&folder, is_made, |temporary| {
        let source = temporary.join("program.cc");
        fs::write_new(&source, 0o644, &mut CXX_PROGRAM.as_bytes())?;
        let target = format!("{}-windows-gnu", machine.name());
        let program = temporary.join("program.exe");
        let said = zig.run_aloud([
            "c++",
            "-target",
            &target,
            "-v",
            source.as_str(),
            "-o",
            program.as_str(),
        ])?;
        for name in CXX_LIBRARIES {
            let is_it = |word: &&str| Utf8Path::new(word).file_name() == Some(name);
            if let Some(made) = said.split_whitespace().find(is_it) {
                fs::copy_atomic(Utf8Path::new(made), &folder.join(name), 0o644)?;
            }
        }
        Ok(())
    })
}

/// Makes the library for C, unless it is there.
///
/// # Errors
/// zig fails, or a file cannot be read or written.
pub fn provide(zig: &Zig<'_>, stubs: &Utf8Path, machine: Machine) -> Result<(), SysError> {
    let place = library(stubs, machine);
    once(
        place.parent().unwrap_or(stubs),
        || fs::exists(&place),
        |temporary| {
            let mut sources = sources(&zig.libraries().join("libc/mingw"))?;
            for (name, text) in OWN {
                let source = temporary.join(format!("tachi-{name}.c"));
                fs::write_new(&source, 0o644, &mut text.as_bytes())?;
                sources.push(source);
            }
            let objects = compile(zig, &sources, machine, temporary)?;
            let made = temporary.join("mingwex.lib");
            zig.join_libraries(&made, &objects)?;
            fs::rename(&made, &place)
        },
    )
}

/// Makes the content of `folder` with `make`, which gets a temporary folder, unless it is made. Of
/// two at a time, one waits for the other.
fn once(
    folder: &Utf8Path,
    is_made: impl Fn() -> bool,
    make: impl FnOnce(&Utf8Path) -> Result<(), SysError>,
) -> Result<(), SysError> {
    if is_made() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let _lock = lock::exclusive(&folder.join(".lock"), &Interrupt::default(), &mut || {})?;
    if is_made() {
        return Ok(());
    }
    let temporary = fs::temporary_dir_in(folder)?;
    make(fs::utf8(temporary.path())?)
}

fn sources(mingw: &Utf8Path) -> Result<Vec<Utf8PathBuf>, SysError> {
    let mut sources = Vec::new();
    for (folder, names) in SOURCES {
        for file in fs::list(&mingw.join(folder))? {
            let Some(stem) = file.file_name().and_then(|name| name.strip_suffix(".c")) else {
                continue;
            };
            let is_listed = names.iter().any(|name| match name.strip_suffix('*') {
                Some(prefix) => stem.starts_with(prefix),
                None => stem == *name,
            });
            if is_listed {
                sources.push(file);
            }
        }
    }
    Ok(sources)
}

/// Compiles each file, on all cores: the caller waits for it.
fn compile(
    zig: &Zig<'_>,
    sources: &[Utf8PathBuf],
    machine: Machine,
    folder: &Utf8Path,
) -> Result<Vec<String>, SysError> {
    let target = format!("{}-windows-gnu", machine.name());
    let include = zig.libraries().join("libc/mingw/include");
    let one = |source: &Utf8PathBuf| -> Result<String, SysError> {
        let object = folder.join(source.file_name().unwrap_or_default()).with_extension("obj");
        zig.run([
            "cc",
            "-target",
            &target,
            "-D_UCRT",
            "-D_CRTBLD",
            "-D__USE_MINGW_ANSI_STDIO=0",
            "-I",
            include.as_str(),
            "-O2",
            "-g0",
            "-w",
            "-fno-sanitize=all",
            "-c",
            source.as_str(),
            "-o",
            object.as_str(),
        ])?;
        Ok(object.into_string())
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = sources.len().div_ceil(cores);
    std::thread::scope(|scope| {
        let threads: Vec<_> = sources
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(one).collect::<Result<Vec<_>, _>>()))
            .collect();
        let mut objects = Vec::with_capacity(sources.len());
        for thread in threads {
            objects.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(objects)
    })
}
