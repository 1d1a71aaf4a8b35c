//! The files that stand for zig's tools: scripts in a place that never moves, each naming
//! one tool and one target. Programs that take a compiler take a path, not a command line.

use std::io::Write;

use camino::Utf8Path;

use super::decide::{Kit, Linker};
use super::driver::{MARK, option};
use super::error::ToolchainError;
use super::kit::Places;
use crate::sys::{SysError, fs};
use crate::target::catalogue;

/// The C compiler, which links, too.
pub const CC: &str = "cc";
/// The C++ compiler.
pub const CXX: &str = "c++";
/// What indexes archives.
pub const RANLIB: &str = "ranlib";
/// What makes import libraries.
pub const DLLTOOL: &str = "dlltool";
/// The linker for MSVC's targets.
pub const LLD_LINK: &str = "lld-link";
/// rustc, as cargo calls a wrapper around it.
pub const RUSTC: &str = "rustc";
/// A toolchain file for `CMake`.
pub const CMAKE: &str = "toolchain.cmake";

/// The archiver. For MSVC's targets the crate `cc` tells by the name whether it takes `ar`'s
/// arguments or those of Microsoft's `lib`.
pub fn archiver(kit: &Kit) -> &'static str {
    if kit.target.ends_with("-msvc") { "llvm-ar" } else { "ar" }
}

/// Writes the wrappers of `kit`; nothing if it does without zig. `driver` is the program
/// that answers their calls ([`answer`](super::driver::answer)): this one, most often.
/// Files that are right already are left alone.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    kit: &Kit,
    places: &Places,
    zig: &Utf8Path,
    driver: &Utf8Path,
) -> Result<(), ToolchainError> {
    let Some(zig_target) = &kit.zig_target else { return Ok(()) };
    let dir = places.wrappers(zig_target);
    let options = options(kit, places, zig, zig_target);
    let options: Vec<String> =
        options.iter().map(|(name, value)| format!("--{name} {}", quoted(value))).collect();
    let mut answered = vec![CC, CXX];
    if matches!(kit.linker, Linker::LldLink { .. }) {
        answered.push(LLD_LINK);
    }
    for tool in answered {
        update(&dir.join(tool), &call_of(driver, tool, &options.join(" ")), 0o755)?;
    }
    for (file, tool) in [(archiver(kit), "ar"), (RANLIB, "ranlib"), (DLLTOOL, "dlltool")] {
        let script = format!(
            "#!/bin/sh\nexport ZIG_GLOBAL_CACHE_DIR={cache} ZIG_LOCAL_CACHE_DIR={cache}\nexec {zig} {tool} \"$@\"\n",
            zig = quoted(zig.as_str()),
            cache = quoted(places.zig_cache().as_str()),
        );
        update(&dir.join(file), &script, 0o755)?;
    }
    update(&dir.join(CMAKE), &cmake(kit, &dir), 0o644)
}

/// Writes the wrapper around rustc that gives crates names which hold no folder.
///
/// # Errors
/// The file cannot be written.
pub fn write_rustc(places: &Places, driver: &Utf8Path) -> Result<(), ToolchainError> {
    update(&places.rustc_wrapper(), &call_of(driver, RUSTC, ""), 0o755)
}

/// A script that calls the driver for `tool`.
fn call_of(driver: &Utf8Path, tool: &str, options: &str) -> String {
    let driver = in_double_quotes(driver.as_str());
    format!("#!/bin/sh\nexec \"${{TACHI_DRIVER:-{driver}}}\" {MARK} {tool} {options} -- \"$@\"\n")
}

/// What a wrapper tells the driver.
fn options(
    kit: &Kit,
    places: &Places,
    zig: &Utf8Path,
    zig_target: &str,
) -> Vec<(&'static str, String)> {
    let mut options = vec![
        (option::ZIG, zig.to_string()),
        (option::TARGET, zig_target.to_owned()),
        (option::CACHE, places.zig_cache().into_string()),
    ];
    let (lld, sdk, stubs) = match &kit.linker {
        Linker::Ld64 { program, sdk } => (Some(program), sdk, places.macos_sdk()),
        Linker::LldLink { program, sdk } => (program.as_ref(), sdk, places.windows_sdk()),
        Linker::Zig if kit.minimum_os.is_some() => (None, &None, places.macos_sdk()),
        _ => return options,
    };
    options.extend(lld.map(|program| (option::LLD, program.to_string())));
    options.extend(sdk.as_ref().map(|sdk| (option::SDK, sdk.to_string())));
    options.push((option::STUBS, stubs.into_string()));
    options.extend(kit.minimum_os.clone().map(|version| (option::MINIMUM_OS, version)));
    options
}

/// A toolchain file, as [cmake-toolchains(7)] has it.
///
/// [cmake-toolchains(7)]: https://cmake.org/cmake/help/latest/manual/cmake-toolchains.7.html
fn cmake(kit: &Kit, dir: &Utf8Path) -> String {
    let row = catalogue::find(&kit.target);
    let processor = match row.map(|row| row.rustc_arch) {
        Some("x86") => "i686",
        Some("powerpc64") => "ppc64le",
        Some("arm") => "armv7l",
        Some("aarch64") if row.is_some_and(|row| row.os == "macos") => "arm64",
        Some(arch) => arch,
        None => "unknown",
    };
    let system = match row.map(|row| row.os) {
        Some("macos") => "Darwin",
        Some("windows") => "Windows",
        Some("freebsd") => "FreeBSD",
        Some("wasi") => "WASI",
        _ => "Linux",
    };
    format!(
        "set(CMAKE_SYSTEM_NAME {system})\nset(CMAKE_SYSTEM_PROCESSOR {processor})\n\
         set(CMAKE_C_COMPILER \"{dir}/{CC}\")\nset(CMAKE_CXX_COMPILER \"{dir}/{CXX}\")\nset(CMAKE_ASM_COMPILER \"{dir}/{CC}\")\n\
         set(CMAKE_AR \"{dir}/{ar}\")\nset(CMAKE_RANLIB \"{dir}/{RANLIB}\")\n\
         # Nothing of the host's may be found for the target.\n\
         set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)\nset(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)\n\
         set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)\nset(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)\n",
        ar = archiver(kit),
    )
}

fn update(path: &Utf8Path, text: &str, mode: u32) -> Result<(), ToolchainError> {
    if fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(());
    }
    fs::write_atomic_with(path, mode, |file| {
        file.write_all(text.as_bytes()).map_err(|error| SysError::file("write", path)(error).into())
    })
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// For inside `"${…:-here}"`.
fn in_double_quotes(word: &str) -> String {
    let mut out = String::new();
    for character in word.chars() {
        if matches!(character, '"' | '\\' | '$' | '`' | '}') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::interrupt::Interrupt;
    use crate::sys::{Command, run};
    use tachi_schema::plan::StdSource;

    #[test]
    fn a_wrapper_calls_the_driver_whatever_its_path_looks_like() {
        let dir = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(dir.path()).unwrap();
        let driver = dir.join(r#"a "b" $HOME it's}"#);
        fs::write_new(&driver, 0o755, &mut &b"#!/bin/sh\nprintf '%s|' \"$@\"\n"[..]).unwrap();
        let kit = Kit {
            target: "x86_64-unknown-linux-gnu".into(),
            linker: Linker::Zig,
            zig_target: Some("x86_64-linux-gnu.2.17".into()),
            minimum_os: None,
            reason: String::new(),
            std: StdSource::Sysroot,
            std_reason: String::new(),
        };
        let places = Places::new(dir.join("it's"), "1");
        write(&kit, &places, "/z z/zig".into(), &driver).unwrap();
        let cc = places.wrappers("x86_64-linux-gnu.2.17").join("cc");
        let command = Command::new(cc.as_str()).args(["-c", "a b"]);
        // Another test's child may hold a file open for writing until it becomes its program.
        let said = (0..100).find_map(|_| run::capture(&command, &Interrupt::default()).ok());
        let said = said.expect("the wrapper runs");
        let cache = places.zig_cache();
        let expected = format!(
            "__driver|cc|--zig|/z z/zig|--target|x86_64-linux-gnu.2.17|--cache|{cache}|--|-c|a b|"
        );
        assert_eq!(said.trim(), expected);

        let before = fs::state(&cc);
        write(&kit, &places, "/z z/zig".into(), &driver).unwrap();
        assert_eq!(fs::state(&cc), before);
    }
}
