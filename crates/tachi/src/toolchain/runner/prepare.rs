//! Makes a chosen runner ready: writes the files that it needs, and gives the command.

use camino::{Utf8Path, Utf8PathBuf};

use super::{Runner, wine};
use crate::sys::{Command, fs, usage};
use crate::toolchain::ToolchainError;
use crate::toolchain::provision::Provision;

/// Where Node.js is among the runners, and the script through which it runs WASI programs.
const NODE: &str = "node";
const WASI_SCRIPT: &str = "wasi.mjs";
const WASI_SOURCE: &str = include_str!("support/wasi.mjs");

/// A runner that is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The command before the program; none where the machine itself runs it.
    before: Option<Command>,
    is_qemu: bool,
}

impl Ready {
    /// The command before the program; none where the machine itself runs it.
    pub fn before(&self) -> Option<&Command> {
        self.before.as_ref()
    }

    /// Whether the runner is qemu's user mode, which emulates one program, and not those that the
    /// program starts.
    pub fn is_qemu(&self) -> bool {
        self.is_qemu
    }

    /// The command that runs `program`.
    pub fn command(&self, program: &Utf8Path) -> Command {
        match &self.before {
            Some(before) => before.clone().arg(program.as_str()),
            None => Command::new(program.as_str()),
        }
    }
}

/// Makes `runner` ready. `zig` brings zig, if something has to be compiled for the runner.
///
/// # Errors
/// A program that makes it ready fails, or a file cannot be written.
pub fn prepare(
    runner: &Runner,
    provision: &mut Provision<'_>,
    zig: impl FnOnce(&mut Provision<'_>) -> Result<Utf8PathBuf, ToolchainError>,
) -> Result<Ready, ToolchainError> {
    let before = match runner {
        Runner::Native => None,
        Runner::Configured(words) => words
            .split_first()
            .map(|(program, args)| Command::new(program).args(args.iter().map(String::as_str))),
        Runner::Qemu { program, sysroot } => {
            let qemu = Command::new(program.as_str());
            Some(match sysroot {
                Some(sysroot) => qemu.args(["-L", sysroot.as_str()]),
                None => qemu,
            })
        }
        Runner::Wine { program } => {
            let prefix = wine::prepare(program, provision, zig)?;
            let command = Command::new(program.as_str());
            Some(wine::with_prefix(command, &prefix, provision.environment))
        }
        Runner::Wasmtime { program } => {
            Some(Command::new(program.as_str()).args(["run", "--dir", ".", "-S", "inherit-env"]))
        }
        Runner::Node { program } => {
            let folder = provision.cache.runner(NODE);
            let script = folder.join(WASI_SCRIPT);
            if fs::read_if_exists(&script)?.as_deref() != Some(WASI_SOURCE) {
                let _lock = provision.enter(&folder)?;
                fs::write_atomic(&script, WASI_SOURCE.as_bytes())?;
            }
            usage::touch(&folder);
            Some(Command::new(program.as_str()).args(["--no-warnings", script.as_str()]))
        }
    };
    Ok(Ready { before, is_qemu: matches!(runner, Runner::Qemu { .. }) })
}
