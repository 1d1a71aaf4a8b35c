//! The files that stand for zig's tools: scripts in a place that never moves, each naming
//! one tool and one target. Programs that take a compiler take a path, not a command line.

use std::io::Write;

use camino::Utf8Path;

use super::decide::{Kit, Linker};
use super::driver::MARK;
use super::error::ToolchainError;
use super::kit::Places;
use crate::sys::{SysError, fs};
use crate::target::catalogue;

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
    let Linker::Zig { zig_target } = &kit.linker else { return Ok(()) };
    let dir = places.wrappers(zig_target);
    let cache = places.zig_cache();
    for tool in ["cc", "c++"] {
        let script = format!(
            "#!/bin/sh\nexec \"${{TACHI_DRIVER:-{driver}}}\" {MARK} {tool} --zig {zig} --target {zig_target} --cache {cache} -- \"$@\"\n",
            driver = in_double_quotes(driver.as_str()),
            zig = quoted(zig.as_str()),
            cache = quoted(cache.as_str()),
        );
        update(&dir.join(tool), &script, 0o755)?;
    }
    for tool in ["ar", "ranlib"] {
        let script = format!(
            "#!/bin/sh\nexport ZIG_GLOBAL_CACHE_DIR={cache} ZIG_LOCAL_CACHE_DIR={cache}\nexec {zig} {tool} \"$@\"\n",
            zig = quoted(zig.as_str()),
            cache = quoted(cache.as_str()),
        );
        update(&dir.join(tool), &script, 0o755)?;
    }
    update(&dir.join("toolchain.cmake"), &cmake(&kit.target, &dir), 0o644)
}

/// A toolchain file, as [cmake-toolchains(7)] has it.
///
/// [cmake-toolchains(7)]: https://cmake.org/cmake/help/latest/manual/cmake-toolchains.7.html
fn cmake(target: &str, dir: &Utf8Path) -> String {
    let processor = match catalogue::find(target).map(|row| row.rustc_arch) {
        Some("x86") => "i686",
        Some("powerpc64") => "ppc64le",
        Some("arm") => "armv7l",
        Some(arch) => arch,
        None => "unknown",
    };
    format!(
        "set(CMAKE_SYSTEM_NAME Linux)\nset(CMAKE_SYSTEM_PROCESSOR {processor})\n\
         set(CMAKE_C_COMPILER \"{dir}/cc\")\nset(CMAKE_CXX_COMPILER \"{dir}/c++\")\nset(CMAKE_ASM_COMPILER \"{dir}/cc\")\n\
         set(CMAKE_AR \"{dir}/ar\")\nset(CMAKE_RANLIB \"{dir}/ranlib\")\n\
         # Nothing of the host's may be found for the target.\n\
         set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)\nset(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)\n\
         set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)\nset(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)\n"
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
            linker: Linker::Zig { zig_target: "x86_64-linux-gnu.2.17".into() },
            reason: String::new(),
            std: StdSource::Sysroot,
            std_reason: String::new(),
        };
        let places = Places::new(dir.join("it's"), "1");
        write(&kit, &places, "/z z/zig".into(), &driver).unwrap();
        let cc = places.wrappers("x86_64-linux-gnu.2.17").join("cc");
        let said =
            run::capture(&Command::new(cc.as_str()).args(["-c", "a b"]), &Interrupt::default())
                .unwrap();
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
