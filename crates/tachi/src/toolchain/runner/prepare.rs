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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::CacheRoot;
    use crate::sys::SysError;
    use crate::sys::env::Environment;
    use crate::sys::interrupt::Interrupt;
    use crate::toolchain::provision::Notice;

    #[test]
    fn the_script_for_node_is_written_under_the_lock_of_its_folder() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        let environment = Environment::new([], root);
        let cache = CacheRoot::new(root);
        let prepare = |interrupt: &Interrupt, notice: &mut dyn FnMut(Notice)| {
            let environment = &environment;
            let mut provision =
                Provision { environment, cache: &cache, offline: true, interrupt, notice };
            super::prepare(&Runner::Node { program: "node".into() }, &mut provision, |_| {
                unreachable!("Node.js needs no zig")
            })
        };
        let other = Interrupt::default();
        let mut silent = |notice| panic!("{notice:?}");
        let mut neighbour = Provision {
            environment: &environment,
            cache: &cache,
            offline: true,
            interrupt: &other,
            notice: &mut silent,
        };
        let lock = neighbour.enter(&cache.runner(NODE)).unwrap();
        let interrupt = Interrupt::default();
        let stopped = prepare(&interrupt, &mut |notice| {
            assert!(format!("{notice:?}").contains("waiting for another Tachi"), "{notice:?}");
            interrupt.raise();
        });
        assert!(matches!(stopped, Err(ToolchainError::Sys(SysError::Interrupted))));
        let script = cache.runner(NODE).join(WASI_SCRIPT);
        assert!(!fs::exists(&script));
        drop(lock);
        let ready = prepare(&other, &mut |notice| panic!("{notice:?}")).unwrap();
        assert_eq!(fs::read_to_string(&script).unwrap(), WASI_SOURCE);
        let command = ready.command("a.wasm".into()).to_string();
        assert_eq!(command, format!("node --no-warnings {script} a.wasm"));
    }
}
