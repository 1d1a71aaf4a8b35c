//! Stubs that stand for Apple's SDK: they say which library exports which symbol, and where macOS
//! keeps the library. They hold no header and no code. Format: text-based stubs, version 4
//! ([TextAPI](https://github.com/llvm/llvm-project/tree/main/llvm/lib/TextAPI)).

use std::fmt::Write as _;
use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};

use super::frameworks::{self, Exports};
use super::libraries;
use crate::digest;
use crate::sys::{SysError, fs};

/// The SDK version that the stubs claim to be. The linker writes it into programs.
pub const VERSION: &str = "14.0";

/// The version of the way stubs are written.
const LAYOUT: &str = "1";

/// A digest of everything that the stubs hold: stubs of another Tachi are used only if they are
/// the same.
pub fn identity() -> &'static str {
    static IDENTITY: LazyLock<String> = LazyLock::new(|| {
        let named = libraries::all().iter().flat_map(|(name, path, exports)| {
            [*name, *path].into_iter().chain(exports.iter().copied())
        });
        let texts = [LAYOUT, frameworks::TABLE].into_iter().chain(named);
        digest::short_digest(&texts.chain(libraries::SYSTEM).collect::<Vec<_>>())
    });
    &IDENTITY
}

/// The file in which an SDK describes itself. It is the last of the stubs' files to be written: a
/// folder that has it is complete.
const SETTINGS: &str = "SDKSettings.json";

/// Writes the stubs to `folder`, unless they are there. `libsystem` is zig's list of what
/// libSystem exports.
///
/// # Errors
/// A file cannot be read or written.
pub fn write(folder: &Utf8Path, libsystem: &Utf8Path) -> Result<(), SysError> {
    if fs::exists(&folder.join(SETTINGS)) {
        return Ok(());
    }
    let library = |name: &str| folder.join("usr/lib").join(format!("lib{name}.tbd"));
    let system = for_every_lld(&fs::read_to_string(libsystem)?);
    for name in libraries::SYSTEM {
        fs::write_atomic(&library(name), system.as_bytes())?;
    }
    for (name, path, symbols) in libraries::all() {
        let exports = Exports { symbols: symbols.to_vec(), classes: Vec::new() };
        fs::write_atomic(&library(name), stub(path, &exports, &[]).as_bytes())?;
    }
    let objc = frameworks::objective_c();
    for name in ["objc", "objc.A"] {
        fs::write_atomic(&library(name), stub(libraries::OBJC, objc, &[]).as_bytes())?;
    }
    for (name, exports) in frameworks::all() {
        write_framework(folder, name, exports)?;
    }
    let settings = format!(
        "{{\"CanonicalName\":\"macosx{VERSION}\",\"Version\":\"{VERSION}\",\"MaximumDeploymentTarget\":\"{VERSION}.99\"}}\n"
    );
    fs::write_atomic(&folder.join(SETTINGS), settings.as_bytes())
}

/// Writes a framework's stub twice: under the name that a link uses, and under the path that other
/// stubs use.
fn write_framework(sdk: &Utf8Path, name: &str, exports: &Exports<'_>) -> Result<(), SysError> {
    let install_name = frameworks::install_name(name);
    let mut again: Vec<String> = frameworks::exported_again(name)
        .iter()
        .map(|name| frameworks::install_name(name))
        .collect();
    if name == "Foundation" {
        again.push(libraries::OBJC.to_owned());
    }
    let text = stub(&install_name, exports, &again);
    let versioned = Utf8PathBuf::from(format!("{sdk}{install_name}.tbd"));
    fs::write_atomic(&versioned, text.as_bytes())?;
    fs::write_atomic(&framework_file(sdk, name), text.as_bytes())
}

/// The text of a stub, reduced to targets that every lld knows. Apple's newer stubs name only
/// `arm64e`, whose libraries `arm64` programs load, and processors for which older linkers refuse
/// the whole file.
fn for_every_lld(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("targets:") {
        let Some((list, after)) = after.split_once(']') else { break };
        let known = list.trim_start_matches([' ', '[']).split(',').map(str::trim);
        let known: Vec<&str> = known
            .filter(|target| !target.starts_with("arm64e."))
            .map(|target| if target == "arm64e-macos" { "arm64-macos" } else { target })
            .collect();
        let _ = write!(out, "{before}targets: [ {} ]", known.join(", "));
        rest = after;
    }
    out + rest
}

/// `Version` of an SDK's `SDKSettings.json`: `13.3`.
pub fn version(sdk: &Utf8Path) -> Option<String> {
    let text = fs::read_to_string(&sdk.join(SETTINGS)).ok()?;
    let settings: serde_json::Value = serde_json::from_str(&text).ok()?;
    settings["Version"].as_str().map(str::to_owned)
}

/// Where the stub of a framework is inside an SDK, or inside a folder given with `-F`.
pub fn framework_file(sdk: &Utf8Path, name: &str) -> Utf8PathBuf {
    sdk.join("System/Library/Frameworks").join(format!("{name}.framework/{name}.tbd"))
}

/// The text of one stub.
pub fn stub(install_name: &str, exports: &Exports<'_>, exported_again: &[String]) -> String {
    const TARGETS: &str = "[ x86_64-macos, arm64-macos ]";
    let mut text = format!(
        "--- !tapi-tbd\ntbd-version: 4\ntargets: {TARGETS}\ninstall-name: '{install_name}'\n"
    );
    if !exported_again.is_empty() {
        let _ = writeln!(
            text,
            "reexported-libraries:\n  - targets: {TARGETS}\n    libraries: [ {} ]",
            list(exported_again.iter(), "")
        );
    }
    if exports != &Exports::default() {
        let _ = writeln!(text, "exports:\n  - targets: {TARGETS}");
        if !exports.symbols.is_empty() {
            let _ = writeln!(text, "    symbols: [ {} ]", list(exports.symbols.iter(), "_"));
        }
        if !exports.classes.is_empty() {
            let _ = writeln!(text, "    objc-classes: [ {} ]", list(exports.classes.iter(), ""));
        }
    }
    text.push_str("...\n");
    text
}

fn list<T: AsRef<str>>(names: impl Iterator<Item = T>, prefix: &str) -> String {
    names.map(|name| format!("'{prefix}{}'", name.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_that_a_linker_may_not_know_are_left_out() {
        let text = "a\ntargets:  [ x86_64-macos, arm64e-macos,\n  arm64e.x1-macos ]\nb\n  - targets: [ arm64e-maccatalyst ]\n";
        assert_eq!(
            for_every_lld(text),
            "a\ntargets: [ x86_64-macos, arm64-macos ]\nb\n  - targets: [ arm64e-maccatalyst ]\n"
        );
    }

    #[test]
    fn a_stub_is_what_linkers_read() {
        let exports = Exports { symbols: vec!["f"], classes: vec!["NSView"] };
        let text = stub("/usr/lib/libx.dylib", &exports, &["/usr/lib/liby.dylib".into()]);
        let expected = "--- !tapi-tbd\ntbd-version: 4\ntargets: [ x86_64-macos, arm64-macos ]\n\
                        install-name: '/usr/lib/libx.dylib'\nreexported-libraries:\n  - targets: [ x86_64-macos, arm64-macos ]\n    \
                        libraries: [ '/usr/lib/liby.dylib' ]\nexports:\n  - targets: [ x86_64-macos, arm64-macos ]\n    \
                        symbols: [ '_f' ]\n    objc-classes: [ 'NSView' ]\n...\n";
        assert_eq!(text, expected);
    }
}
