//! Runs lld for macOS. If the stubs lack symbols that the system probably exports, it links once
//! more with stubs made for this link.

use camino::{Utf8Path, Utf8PathBuf};

use super::clang_args::{self, Target};
use super::frameworks::Exports;
use super::sdk;
use super::undefined::{self, Linked, Owner, Verdict};
use crate::sys::{Command, SysError, fs};
use crate::toolchain::link_outcome::LinkOutcome;
use crate::toolchain::prefix_map::PrefixMap;
use crate::toolchain::response;

/// What a link is done with.
#[derive(Debug, Clone, Copy)]
pub struct Tools<'a> {
    /// lld.
    pub lld: &'a str,
    /// zig's name of the target: `aarch64-macos.11.0-none`.
    pub zig_target: &'a str,
    /// The oldest macOS that runs the result.
    pub minimum_os: &'a str,
    /// The SDK, or the stubs that stand for it.
    pub sdk: &'a Utf8Path,
    /// The SDK is made of stubs.
    pub is_stubs: bool,
    /// The names that stand for this machine's folders in files.
    pub names: &'a PrefixMap,
}

/// Links with the arguments that were meant for clang. Response files are expanded before.
///
/// # Errors
/// lld cannot be run, or a stub cannot be written.
pub fn link(args: &[String], tools: Tools<'_>) -> Result<LinkOutcome, SysError> {
    let version = if tools.is_stubs { None } else { sdk::version(tools.sdk) };
    let target = Target {
        arch: if tools.zig_target.starts_with("aarch64") { "arm64" } else { "x86_64" },
        minimum_os: tools.minimum_os,
        sdk: tools.sdk,
        sdk_version: version.as_deref().unwrap_or(sdk::VERSION),
    };
    let translated = clang_args::translate(args, target);
    let linked = Linked::of(&translated.args);
    let beside = Utf8PathBuf::from(translated.output.as_deref().unwrap_or("a.out"));
    let folder = beside.with_extension("tachi-link");
    let mut args = translated.args;
    // The file names its debug information's folders relative to cargo's.
    let objects = tools.names.folder_of(&beside);
    args.extend(objects.into_iter().flat_map(|dir| ["-oso_prefix".to_owned(), format!("{dir}/")]));
    let made_in = beside.with_extension("tachi-made");
    let made = lasting_name(&beside).map(|name| made_in.join(name));
    if let Some(made) = &made {
        fs::create_dir_all(&made_in)?;
        // Of several `-o`, lld takes the last one.
        if let Some(at) = args.iter().rposition(|arg| arg == "-o") {
            made.as_str().clone_into(&mut args[at + 1]);
        }
    }
    let call = Call { lld: tools.lld, args, folder: &folder };
    let outcome = if tools.is_stubs { call.with_stubs(&linked)? } else { call.run(&[])? };
    fs::remove_dir_all(&folder)?;
    if let Some(made) = &made {
        if outcome.success {
            fs::rename(made, &beside)?;
        }
        fs::remove_dir_all(&made_in)?;
    }
    Ok(outcome)
}

/// The name of a file without cargo's hash, if it has one. lld hashes the name into the file's
/// UUID and writes it into the signature, and cargo's hash may depend on a folder.
fn lasting_name(file: &Utf8Path) -> Option<String> {
    let stem = file.file_stem()?;
    let (name, hash) = stem.rsplit_once('-')?;
    let is_hash = hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let extension = file.file_name()?.strip_prefix(stem)?;
    is_hash.then(|| format!("{name}{extension}"))
}

/// One link, which may take two calls.
struct Call<'a> {
    lld: &'a str,
    args: Vec<String>,
    /// For files that are needed during the link only.
    folder: &'a Utf8Path,
}

impl Call<'_> {
    fn with_stubs(&self, linked: &Linked) -> Result<LinkOutcome, SysError> {
        for name in linked.unknown_frameworks() {
            let path = sdk::framework_file(self.folder, name);
            let text = sdk::stub(&super::frameworks::install_name(name), &Exports::default(), &[]);
            fs::write_atomic(&path, text.as_bytes())?;
        }
        let outcome = self.run(&[])?;
        let symbols = undefined::reported(&outcome.stderr);
        if outcome.success || symbols.is_empty() {
            return Ok(outcome);
        }
        let verdict = undefined::decide(&symbols, linked);
        if !verdict.missing.is_empty() {
            return Ok(outcome);
        }
        self.run(&self.complete(&verdict)?)
    }

    /// Writes stubs that export the missing symbols, and returns arguments that make the linker
    /// use them.
    fn complete(&self, verdict: &Verdict) -> Result<Vec<String>, SysError> {
        for (owner, path, symbols) in &verdict.owned {
            let symbols = symbols.iter().map(|symbol| symbol.strip_prefix('_').unwrap_or(symbol));
            let exports = Exports { symbols: symbols.collect(), classes: Vec::new() };
            let file = match owner {
                Owner::Framework(name) => sdk::framework_file(self.folder, name),
                Owner::Library(name) => self.folder.join(format!("lib{name}.tbd")),
            };
            fs::write_atomic(&file, sdk::stub(path, &exports, &[]).as_bytes())?;
        }
        Ok(verdict.flat.iter().flat_map(|symbol| ["-U".to_owned(), symbol.clone()]).collect())
    }

    fn run(&self, more: &[String]) -> Result<LinkOutcome, SysError> {
        let mut args: Vec<String> = Vec::with_capacity(self.args.len() + more.len() + 2);
        if fs::exists(self.folder) {
            args.push(format!("-L{}", self.folder));
            args.push(format!("-F{}", self.folder.join("System/Library/Frameworks")));
        }
        args.extend(self.args.iter().chain(more).cloned());
        args.push("--error-limit=0".into());
        if response::is_needed(&args) {
            let file = self.folder.join("arguments");
            fs::write_atomic(&file, response::write(&args).as_bytes())?;
            args = vec![format!("@{file}")];
        }
        let command = Command::new(self.lld).args(["-flavor", "darwin"]).args(args);
        LinkOutcome::of(&command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_loses_cargos_hash_and_nothing_else() {
        for (file, expected) in [
            ("/t/deps/app-0123456789abcdef", Some("app")),
            ("/t/deps/my_app-0123456789abcdef", Some("my_app")),
            ("/t/deps/libapp-0123456789abcdef.dylib", Some("libapp.dylib")),
            ("/t/deps/libapp.dylib", None),
            ("/t/deps/app-0123456789abcdeg", None),
            ("/t/deps/app-2", None),
            ("a.out", None),
        ] {
            assert_eq!(lasting_name(file.into()).as_deref(), expected, "{file}");
        }
    }
}
