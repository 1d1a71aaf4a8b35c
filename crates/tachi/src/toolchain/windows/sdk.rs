//! A folder that stands for Microsoft's CRT and SDK when MSVC's targets are linked: import
//! libraries and start-up code, laid out as `xwin splat` lays out the real ones.
//!
//! The start-up code is C: zig is needed for the definition files anyway, and compiles C in 0.05 s
//! a file without a standard library for the target.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};

use super::c_support;
use super::definition::{self, Definition};
use super::import_library::{self, Machine};
use crate::digest;
use crate::sys::{SysError, fs, lock};
use crate::toolchain::zig::Zig;

/// The version of the way the folder is made.
const LAYOUT: &str = "2";

/// A digest of everything that decides the folder's content: the folder of another Tachi is used
/// only if it is the same.
pub fn identity() -> &'static str {
    static IDENTITY: LazyLock<String> = LazyLock::new(|| {
        let startup = STARTUP.iter().map(|(_, text)| *text);
        let parts: Vec<&str> =
            [LAYOUT].into_iter().chain(startup).chain(c_support::texts()).collect();
        digest::short_digest(&parts)
    });
    &IDENTITY
}

/// The last file to be written: a folder that has it is complete.
const COMPLETE: &str = "DONE";

/// Libraries that Microsoft made of several API sets, and what they are made of.
const UMBRELLAS: [(&str, &[&str]); 3] = [
    ("pathcch", &["api-ms-win-core-path-l1-1-0"]),
    (
        "runtimeobject",
        &[
            "api-ms-win-core-winrt-l1-1-0",
            "api-ms-win-core-winrt-string-l1-1-0",
            "api-ms-win-core-winrt-error-l1-1-1",
            "api-ms-win-core-winrt-registration-l1-1-0",
            "api-ms-win-core-winrt-roparameterizediid-l1-1-0",
        ],
    ),
    ("synchronization", &["api-ms-win-core-synch-l1-2-0"]),
];

const STARTUP: [(&str, &str); 3] = [
    ("process", include_str!("startup/process.c")),
    ("program", include_str!("startup/program.c")),
    ("library", include_str!("startup/library.c")),
];

/// Libraries that programs name and that are empty here: the others have what Microsoft keeps in
/// them.
const EMPTY: [&str; 4] =
    ["oldnames", "legacy_stdio_definitions", "legacy_stdio_wide_specifiers", "uuid"];

/// Whether the folder is there.
pub fn is_made(folder: &Utf8Path) -> bool {
    fs::exists(&folder.join(COMPLETE))
}

/// Writes the folder, unless it is there. One Tachi writes it at a time, and none replaces a folder
/// that another may be linking with. `on_wait` is called before it waits for another one.
///
/// # Errors
/// zig fails, or a file cannot be read or written.
pub fn write(folder: &Utf8Path, zig: Zig<'_>, on_wait: &mut dyn FnMut()) -> Result<(), SysError> {
    if is_made(folder) {
        return Ok(());
    }
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent)?;
    let _lock = lock::exclusive(&parent.join(".windows-stubs.lock"), zig.interrupt, on_wait)?;
    if is_made(folder) {
        return Ok(());
    }
    let temporary = fs::temporary_dir_in(parent)?;
    let temporary = fs::utf8(temporary.path())?;
    let maker = Maker { zig, folder: temporary };
    for machine in [Machine::X64, Machine::Arm64] {
        maker.libraries(machine)?;
    }
    fs::write_new(&temporary.join(COMPLETE), 0o644, &mut &b"x86_64 aarch64\n"[..])?;
    fs::flush(temporary)?;
    fs::remove_dir_all(folder)?;
    fs::rename(temporary, folder)
}

struct Maker<'a> {
    zig: Zig<'a>,
    folder: &'a Utf8Path,
}

impl Maker<'_> {
    fn libraries(&self, machine: Machine) -> Result<(), SysError> {
        let [crt, um, ucrt] = ["crt/lib", "sdk/lib/um", "sdk/lib/ucrt"]
            .map(|part| self.folder.join(part).join(machine.name()));
        let parts = self.folder.join("parts").join(machine.name());
        let mut runtime = Vec::new();
        for (name, definition) in self.definitions(machine)? {
            let place = match name.as_str() {
                // Functions that Microsoft's compilers call by themselves. The UCRT has them, too.
                "api-ms-win-crt-private-l1-1-0" => crt.join("vcruntime.lib"),
                _ if name.starts_with("api-ms-win-crt-") => parts.join(format!("{name}.lib")),
                _ => um.join(format!("{name}.lib")),
            };
            let bytes = import_library::write(&definition, machine)
                .map_err(SysError::file("write", &place))?;
            fs::write_new(&place, 0o644, &mut bytes.as_slice())?;
            if place.starts_with(&parts) {
                runtime.push(place.into_string());
            }
        }
        for (name, sets) in UMBRELLAS {
            let parts: Vec<String> =
                sets.iter().map(|set| um.join(format!("{set}.lib")).into_string()).collect();
            self.zig.join_libraries(&um.join(format!("{name}.lib")), &parts)?;
        }
        self.zig.join_libraries(&ucrt.join("ucrt.lib"), &runtime)?;
        self.zig.join_libraries(&ucrt.join("libucrt.lib"), &runtime)?;
        fs::copy_atomic(&crt.join("vcruntime.lib"), &crt.join("libvcruntime.lib"), 0o644)?;
        let startup = self.startup(machine, &parts)?;
        for name in ["msvcrt", "libcmt"] {
            self.zig.join_libraries(&crt.join(format!("{name}.lib")), &startup)?;
        }
        for name in EMPTY {
            self.zig.join_libraries(&crt.join(format!("{name}.lib")), &[])?;
        }
        fs::remove_dir_all(&self.folder.join("parts"))
    }

    /// All definitions that zig has, by the name of the library's file.
    fn definitions(&self, machine: Machine) -> Result<BTreeMap<String, Definition>, SysError> {
        let mingw = self.zig.libraries().join("libc/mingw");
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let mut templates = Vec::new();
        for file in
            fs::list(&mingw.join("lib64"))?.into_iter().chain(fs::list(&mingw.join("lib-common"))?)
        {
            let name = file.file_name().unwrap_or_default().to_ascii_lowercase();
            if let Some(stem) = name.strip_suffix(".def") {
                texts.insert(stem.to_owned(), fs::read_to_string(&file)?);
            } else if name.ends_with(".def.in") {
                templates.push(file);
            }
        }
        texts.extend(self.preprocessed(&templates, &mingw, machine)?);
        texts.retain(|stem, _| !is_a_runtime(stem));
        Ok(texts
            .into_iter()
            .map(|(stem, text)| {
                let definition = definition::parse(&text, &stem);
                (stem, definition)
            })
            .collect())
    }

    /// The templates as C's preprocessor leaves them, in one call.
    fn preprocessed(
        &self,
        templates: &[Utf8PathBuf],
        mingw: &Utf8Path,
        machine: Machine,
    ) -> Result<Vec<(String, String)>, SysError> {
        const MARK: &str = "TACHI_FILE";
        let mut all = String::new();
        for template in templates {
            let stem = template.file_name().and_then(|name| name.strip_suffix(".def.in"));
            let _ = writeln!(all, "{MARK} {}\n#include \"{template}\"", stem.unwrap_or_default());
        }
        let source = self.folder.join("definitions.h");
        fs::write_atomic(&source, all.as_bytes())?;
        let text = self.zig.run([
            "cc",
            "-target",
            &format!("{}-windows-gnu", machine.name()),
            "-E",
            "-P",
            "-w",
            "-x",
            "c",
            "-I",
            mingw.join("def-include").as_str(),
            source.as_str(),
        ])?;
        fs::remove_file(&source)?;
        Ok(text
            .split(MARK)
            .filter_map(|part| {
                let (stem, text) = part.trim_start().split_once('\n')?;
                Some((stem.trim().to_ascii_lowercase(), text.to_owned()))
            })
            .collect())
    }

    /// Compiles the start-up code; the object files.
    fn startup(&self, machine: Machine, folder: &Utf8Path) -> Result<Vec<String>, SysError> {
        let target = format!("{}-windows-msvc", machine.name());
        let mut objects = Vec::new();
        for (name, text) in STARTUP {
            let source = folder.join(format!("{name}.c"));
            fs::write_atomic(&source, text.as_bytes())?;
            let object = folder.join(format!("tachi-{name}.obj"));
            self.zig.run([
                "cc",
                "-target",
                &target,
                "-nostdinc",
                "-ffreestanding",
                "-fno-sanitize=all",
                "-O2",
                "-g0",
                "-c",
                source.as_str(),
                "-o",
                object.as_str(),
            ])?;
            objects.push(object.into_string());
        }
        Ok(objects)
    }
}

/// Whether the library is a C runtime, an old one or Microsoft's own: programs must not be linked
/// with these.
fn is_a_runtime(stem: &str) -> bool {
    ["ucrtbase", "vcruntime", "msvcr", "msvcp", "crtdll", "ntdllcrt", "concrt"]
        .iter()
        .any(|prefix| stem.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::interrupt::Interrupt;
    use crate::sys::{Command, run};

    /// Stands for zig: notes that it was called, and makes an empty file of what it is to make.
    const ZIG: &str = "#!/bin/sh\necho x >> \"$(dirname \"$0\")/calls\"\n\
        for arg; do\n  case $arg in /out:*) : > \"${arg#/out:}\" ;; esac\n\
        [ \"$last\" = -o ] && : > \"$arg\"\n  last=$arg\ndone\n";

    #[test]
    fn two_at_a_time_make_the_folder_once_and_it_never_goes_away() {
        let dir = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(dir.path()).unwrap();
        let program = dir.join("zig");
        fs::write_new(&program, 0o755, &mut ZIG.as_bytes()).unwrap();
        let mingw = dir.join("lib/libc/mingw");
        let definition = b"LIBRARY x.dll\nEXPORTS\nf\n";
        for file in ["lib64/api-ms-win-crt-private-l1-1-0.def", "lib-common/kernel32.def"] {
            fs::write_atomic(&mingw.join(file), definition).unwrap();
        }
        let interrupt = Interrupt::default();
        // Another test's child may hold the file open for writing until it becomes its program.
        let command = Command::new(program.as_str());
        assert!((0..100).any(|_| run::capture(&command, &interrupt).is_ok()));
        let zig = Zig { program: &program, cache: &dir.join("cache"), interrupt: &interrupt };
        let make = |folder: &Utf8Path| {
            write(folder, zig, &mut || {}).unwrap();
            assert!(fs::exists(&folder.join("sdk/lib/um/x86_64/kernel32.lib")));
        };
        let calls = || fs::read_to_string(&dir.join("calls")).unwrap().lines().count();
        let before = calls();
        make(&dir.join("kits/alone"));
        let alone = calls() - before;
        let both = dir.join("kits/both");
        std::thread::scope(|scope| {
            scope.spawn(|| make(&both));
            scope.spawn(|| make(&both));
        });
        assert_eq!(calls(), before + 2 * alone);
    }
}
