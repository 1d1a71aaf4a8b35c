//! xwin, the program that fetches Microsoft's files: from `PATH`, from an earlier run, or built
//! by cargo from its registry.

use camino::{Utf8Path, Utf8PathBuf};

use super::Provision;
use crate::sys::{Command, SysError, fs, run, usage};
use crate::toolchain::error::ToolchainError;
use crate::toolchain::lockfile::ToolPin;
use crate::toolchain::probe::ToolchainFacts;

/// Where an xwin is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Xwin {
    pub(super) program: Utf8PathBuf,
    /// The pin that it was brought by; none for the user's own.
    pub(super) pin: Option<ToolPin>,
}

/// Finds or brings it. One on `PATH` is used whatever its version, as it is the user's choice;
/// else the pinned one is, in `folder`, which the caller holds the lock of.
///
/// # Errors
/// cargo cannot build it, or what it built does not run.
pub(super) fn provide(
    provision: &mut Provision<'_>,
    facts: &ToolchainFacts,
    pin: ToolPin,
    folder: &Utf8Path,
) -> Result<Xwin, ToolchainError> {
    if let Some(program) = provision.environment.find_program("xwin") {
        return Ok(Xwin { program, pin: None });
    }
    let place = folder.join(format!("xwin-{}", pin.version));
    let inside = Utf8Path::new("bin").join(format!("xwin{}", std::env::consts::EXE_SUFFIX));
    let program = place.join(&inside);
    if fs::is_executable(&program) {
        usage::touch(&place);
        return Ok(Xwin { program, pin: Some(pin) });
    }
    let temporary = fs::temporary_dir_in(folder)?;
    let temporary = fs::utf8(temporary.path())?;
    let root = temporary.join("root");
    provision.doing(format!(
        "building xwin {} with `cargo install` into {place}: it fetches Microsoft's files, and none is on PATH; this \
         takes minutes, once",
        pin.version
    ));
    let failed = |source| ToolchainError::NoXwin { version: pin.version.clone(), source };
    let said = provision.follow(&install(facts, &pin, &root, &temporary.join("target")))?;
    said.map_err(|error| failed(complaint(error)))?;
    let asked = Command::new(root.join(&inside).as_str()).arg("--version");
    match run::capture(&asked, provision.interrupt) {
        Ok(_) => {}
        Err(error) if error.is_stop() => return Err(error.into()),
        Err(error) => return Err(failed(error)),
    }
    fs::flush(&root)?;
    fs::remove_dir_all(&place)?;
    fs::rename(&root, &place)?;
    Ok(Xwin { program, pin: Some(pin) })
}

/// `--locked` builds what its author has tested; cargo checks each file against its registry.
/// The flags are for this machine's program, whatever the user's builds are for.
fn install(facts: &ToolchainFacts, pin: &ToolPin, root: &Utf8Path, scratch: &Utf8Path) -> Command {
    let name = pin.source.strip_prefix("crates:").unwrap_or(&pin.source);
    let mut command = Command::new(facts.cargo.as_str())
        .args(["install", name, "--locked", "--version", &format!("={}", pin.version)])
        .args(["--bin", "xwin", "--target", &facts.rustc.host, "--root", root.as_str()])
        .env("RUSTC", facts.rustc.path.as_str())
        .env("CARGO_TARGET_DIR", scratch.as_str())
        .env("CARGO_TERM_COLOR", "never");
    for variable in ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS", "CARGO_BUILD_BUILD_DIR"] {
        command = command.env_remove(variable);
    }
    command
}

/// A failure with what is wrong alone, not all that was compiled before.
fn complaint(error: SysError) -> SysError {
    let SysError::Failed { command, status, stderr } = error else { return error };
    let lines: Vec<&str> =
        stderr.lines().skip_while(|line| !line.trim_start().starts_with("error")).collect();
    let stderr = if lines.is_empty() { stderr } else { lines.join("\n") };
    SysError::Failed { command, status, stderr }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_begins_with_its_first_error() {
        for (said, kept) in [
            (
                "  Updating index\n   Compiling a\nerror: no cc\n\nCaused by:\n  x",
                "error: no cc\n\nCaused by:\n  x",
            ),
            ("error[E0001]: odd", "error[E0001]: odd"),
            ("Killed", "Killed"),
        ] {
            let failed = |stderr: &str| SysError::Failed {
                command: Box::new(Command::new("cargo")),
                status: "exit status: 101".into(),
                stderr: stderr.into(),
            };
            assert_eq!(complaint(failed(said)).to_string(), failed(kept).to_string());
        }
    }
}
