//! Tachi's own prefix for wine: the folder that stands for a Windows machine. Programs find the
//! same machine in it each time, and none of the user's settings.

use camino::{Utf8Path, Utf8PathBuf};

use crate::sys::env::Environment;
use crate::sys::{Command, SysError, fs, run, usage};
use crate::toolchain::ToolchainError;
use crate::toolchain::provision::Provision;
use crate::toolchain::zig::Zig;

/// Where wine is among the runners, and the prefix in that folder.
const FOLDER: &str = "wine";
const PREFIX: &str = "prefix";

/// The last file to be written: a prefix that has it is complete. The prefix is made in its place
/// and not moved there, because wine goes on working in it for some seconds.
const COMPLETE: &str = "DONE";

/// A library of Windows that old wines lack and that every `HashMap` of Rust needs.
const RANDOM: &str = "bcryptprimitives.dll";
const RANDOM_SOURCE: &str = include_str!("support/bcryptprimitives.c");

/// Makes the prefix, unless it is there, and says where it is. `zig` brings the compiler for
/// what wine lacks.
///
/// # Errors
/// wine or zig fails, or a file cannot be written.
pub fn prepare(
    wine: &Utf8Path,
    provision: &mut Provision<'_>,
    zig: impl FnOnce(&mut Provision<'_>) -> Result<Utf8PathBuf, ToolchainError>,
) -> Result<Utf8PathBuf, ToolchainError> {
    let folder = provision.cache.runner(FOLDER);
    let prefix = folder.join(PREFIX);
    let complete = prefix.join(COMPLETE);
    usage::touch(&folder);
    if fs::exists(&complete) {
        return Ok(prefix);
    }
    let _lock = provision.enter(&folder)?;
    if fs::exists(&complete) {
        return Ok(prefix);
    }
    provision.doing(format!("making a Windows machine for wine in {prefix}"));
    fs::remove_dir_all(&prefix)?;
    fs::create_dir_all(&prefix)?;
    let boot = with_prefix(
        Command::new(wine.as_str()).args(["wineboot", "--init"]),
        &prefix,
        provision.environment,
    );
    run::capture(&boot, provision.interrupt)?;
    let library = prefix.join("drive_c/windows/system32").join(RANDOM);
    if !fs::exists(&library) {
        let zig = zig(provision)?;
        let cache = provision.cache.zig_cache();
        compile(Zig { program: &zig, cache: &cache, interrupt: provision.interrupt }, &library)?;
    }
    fs::write_atomic(&complete, b"")?;
    Ok(prefix)
}

/// `command`, in the prefix, without wine's own remarks and without windows that ask to
/// install something. What the user has set stays.
pub(super) fn with_prefix(command: Command, prefix: &Utf8Path, user: &Environment) -> Command {
    let defaults = [("WINEDEBUG", "-all"), ("WINEDLLOVERRIDES", "mscoree,mshtml=")];
    let unset = defaults.into_iter().filter(|(name, _)| user.var(name).is_none());
    unset.fold(command.env("WINEPREFIX", prefix.as_str()), |command, (name, value)| {
        command.env(name, value)
    })
}

fn compile(zig: Zig<'_>, library: &Utf8Path) -> Result<(), SysError> {
    let folder = fs::temporary_dir_in(library.parent().unwrap_or(library))?;
    let folder = fs::utf8(folder.path())?;
    let (source, made) = (folder.join("source.c"), folder.join(RANDOM));
    fs::write_new(&source, 0o644, &mut RANDOM_SOURCE.as_bytes())?;
    zig.run([
        "cc",
        "-target",
        "x86_64-windows-gnu",
        "-shared",
        "-nostdlib",
        "-O2",
        source.as_str(),
        "-o",
        made.as_str(),
        "-ladvapi32",
    ])?;
    fs::rename(&made, library)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wine_is_quiet_unless_the_user_wants_to_hear_it() {
        let environment = |variables: &[(&str, &str)]| {
            let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
            Environment::new(variables.iter().map(owned), "/w")
        };
        let command = |user| {
            with_prefix(Command::new("wine"), Utf8Path::new("/p"), &environment(user)).to_string()
        };
        assert_eq!(
            command(&[]),
            "WINEDEBUG=-all WINEDLLOVERRIDES=mscoree,mshtml= WINEPREFIX=/p wine"
        );
        assert_eq!(
            command(&[("WINEDEBUG", "+all"), ("WINEPREFIX", "/mine")]),
            "WINEDLLOVERRIDES=mscoree,mshtml= WINEPREFIX=/p wine"
        );
    }
}
