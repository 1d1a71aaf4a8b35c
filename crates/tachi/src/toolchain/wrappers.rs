//! The scripts that stand for zig's tools, each for one tool and one target. Programs that take a
//! compiler take a path, not a command line.

use std::io::Write;

use camino::Utf8Path;

use super::decide::{Kit, Linker};
use super::error::ToolchainError;
use super::kit::Places;
use super::wire::{
    CC, CMAKE, CXX, DLLTOOL, DRIVER, LLD_LINK, MARK, RANLIB, RUSTC, USERS_DRIVER, archiver, option,
};
use crate::sys::{SysError, fs};
use crate::target::catalogue;

/// A link to the program that answers the wrappers. It is for calls outside of a running Tachi: a
/// user may run by hand what `cargo tachi plan` prints.
const LINK: &str = "driver";

/// Writes the wrappers of `kit`, if it uses zig. `driver` is a program that answers their calls
/// ([`answer`](super::driver::answer)), most often this one. Files that are right are left alone,
/// and the files are the same whichever program answers.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    kit: &Kit,
    places: &Places,
    zig: &Utf8Path,
    driver: &Utf8Path,
) -> Result<(), ToolchainError> {
    let (Some(zig_target), Some(dir)) = (&kit.zig_target, places.wrappers(kit)) else {
        return Ok(());
    };
    link_driver(&dir, driver)?;
    let options = options(kit, places, zig, zig_target);
    let options: Vec<String> =
        options.iter().map(|(name, value)| format!("--{name} {}", quoted(value))).collect();
    let mut answered = vec![CC, CXX];
    if matches!(kit.linker, Linker::LldLink { .. }) {
        answered.push(LLD_LINK);
    }
    for tool in answered {
        update(&dir.join(tool), &call_of(&dir, tool, &options.join(" ")), 0o755)?;
    }
    for (file, tool) in [(archiver(&kit.target), "ar"), (RANLIB, "ranlib"), (DLLTOOL, "dlltool")] {
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
    let wrapper = places.rustc_wrapper();
    let dir = wrapper.parent().unwrap_or(&wrapper);
    link_driver(dir, driver)?;
    update(&wrapper, &call_of(dir, RUSTC, ""), 0o755)
}

/// Makes `driver` the program that answers, unless there is one that can be executed.
fn link_driver(dir: &Utf8Path, driver: &Utf8Path) -> Result<(), ToolchainError> {
    if cfg!(windows) {
        return Err(ToolchainError::NoShellScripts);
    }
    let link = dir.join(LINK);
    if fs::is_executable(&link) { Ok(()) } else { Ok(fs::link_to(driver, &link)?) }
}

/// A script in `dir` that calls the driver for `tool`.
fn call_of(dir: &Utf8Path, tool: &str, options: &str) -> String {
    let link = in_double_quotes(dir.join(LINK).as_str());
    format!(
        "#!/bin/sh\nexec \"${{{USERS_DRIVER}:-${{{DRIVER}:-{link}}}}}\" {MARK} {tool} {options} -- \"$@\"\n"
    )
}

/// The options that a wrapper gives the driver.
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
    options.extend(kit.linker.lld().map(|lld| (option::LLD, lld.program.to_string())));
    let stubs = match &kit.linker {
        Linker::LldLink { .. } => Some(places.windows_sdk()),
        Linker::Ld64 { .. } | Linker::Zig if kit.minimum_os.is_some() => Some(places.macos_sdk()),
        _ => None,
    };
    options.extend(match kit.linker.sdk() {
        Some(sdk) => Some((option::SDK, sdk.folder.to_string())),
        None => stubs.map(|stubs| (option::STUBS, stubs.into_string())),
    });
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
    let dir = in_cmake_quotes(dir.as_str());
    format!(
        "set(CMAKE_SYSTEM_NAME {system})\nset(CMAKE_SYSTEM_PROCESSOR {processor})\n\
         set(CMAKE_C_COMPILER \"{dir}/{CC}\")\nset(CMAKE_CXX_COMPILER \"{dir}/{CXX}\")\nset(CMAKE_ASM_COMPILER \"{dir}/{CC}\")\n\
         set(CMAKE_AR \"{dir}/{ar}\")\nset(CMAKE_RANLIB \"{dir}/{RANLIB}\")\n\
         # Nothing of the host's may be found for the target.\n\
         set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)\nset(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)\n\
         set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)\nset(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)\n",
        ar = archiver(&kit.target),
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

/// For inside a quoted argument of `CMake`'s.
fn in_cmake_quotes(word: &str) -> String {
    escaped(word, &['"', '\\', '$'])
}

/// For inside `"${…:-here}"`.
fn in_double_quotes(word: &str) -> String {
    escaped(word, &['"', '\\', '$', '`', '}'])
}

fn escaped(word: &str, special: &[char]) -> String {
    let mut out = String::new();
    for character in word.chars() {
        if special.contains(&character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::CacheRoot;
    use crate::sys::interrupt::Interrupt;
    use crate::sys::{Command, run};
    use tachi_schema::plan::StdSource;

    /// Names that a shell and `CMake` would read otherwise if nothing were quoted.
    const STRANGE: &str = r#"a "b" $HOME it's}"#;

    fn kit() -> Kit {
        Kit {
            target: "x86_64-unknown-linux-gnu".into(),
            linker: Linker::Zig,
            zig_target: Some("x86_64-linux-gnu.2.17".into()),
            minimum_os: None,
            reason: String::new(),
            std: StdSource::Sysroot,
            std_reason: String::new(),
        }
    }

    /// A program that prints `word` and its arguments.
    fn echo(path: &Utf8Path, word: &str) {
        let script = format!("#!/bin/sh\nprintf '{word}|'; printf '%s|' \"$@\"\n");
        fs::write_new(path, 0o755, &mut script.as_bytes()).unwrap();
    }

    fn output(command: &Command) -> String {
        // Another test's child may hold a file open for writing until it becomes its program.
        let said = (0..100).find_map(|_| run::capture(command, &Interrupt::default()).ok());
        said.expect("the wrapper runs").trim().to_owned()
    }

    #[test]
    fn a_wrapper_calls_the_driver_whatever_the_paths_look_like() {
        let dir = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(dir.path()).unwrap();
        let driver = dir.join(STRANGE);
        echo(&driver, "here");
        let kit = kit();
        let places = Places::new(CacheRoot::new(dir.join("cache").join(STRANGE)), "1");
        write(&kit, &places, "/z z/zig".into(), &driver).unwrap();
        let cc = places.wrappers(&kit).unwrap().join("cc");
        let command = Command::new(cc.as_str())
            .args(["-c", "a b"])
            .env_remove(DRIVER)
            .env_remove(USERS_DRIVER);
        let cache = places.zig_cache();
        let expected = format!(
            "here|__driver|cc|--zig|/z z/zig|--target|x86_64-linux-gnu.2.17|--cache|{cache}|--|-c|a b|"
        );
        assert_eq!(output(&command), expected);

        // As `CMake` has its escapes.
        let text = fs::read_to_string(&cc.with_file_name(CMAKE)).unwrap();
        let folder = format!("{dir}/cache/a \\\"b\\\" \\$HOME it's}}/kits/zig-1/");
        let line = format!("set(CMAKE_C_COMPILER \"{folder}");
        assert!(text.lines().any(|found| found.starts_with(&line)), "{line} in {text}");

        let before = fs::state(&cc);
        write(&kit, &places, "/z z/zig".into(), &driver).unwrap();
        assert_eq!(fs::state(&cc), before);
    }
    #[test]
    fn two_programs_that_use_the_same_wrappers_each_answer_their_own_calls() {
        let dir = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(dir.path()).unwrap();
        let (one, other) = (dir.join("one"), dir.join("other"));
        echo(&one, "one");
        echo(&other, "other");
        let (kit, places) = (kit(), Places::new(CacheRoot::new(dir.join("cache")), "1"));
        write(&kit, &places, "/zig".into(), &one).unwrap();
        let folder = places.wrappers(&kit).unwrap();
        let states = || -> Vec<_> {
            let files = fs::list(&folder).unwrap();
            files.into_iter().map(|file| (fs::read(&file).unwrap(), file)).collect()
        };
        let before = states();
        write(&kit, &places, "/zig".into(), &other).unwrap();
        assert_eq!(states(), before);

        let bare =
            Command::new(folder.join("cc").as_str()).env_remove(DRIVER).env_remove(USERS_DRIVER);
        let answers = |command: Command| output(&command).split('|').next().map(str::to_owned);
        assert_eq!(answers(bare.clone()).as_deref(), Some("one"));
        assert_eq!(answers(bare.clone().env(DRIVER, other.as_str())).as_deref(), Some("other"));
        let told = bare.clone().env(DRIVER, one.as_str()).env(USERS_DRIVER, other.as_str());
        assert_eq!(answers(told).as_deref(), Some("other"));

        fs::remove_file(&one).unwrap();
        write(&kit, &places, "/zig".into(), &other).unwrap();
        assert_eq!(answers(bare).as_deref(), Some("other"));
    }
}
