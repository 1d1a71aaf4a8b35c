//! Runners: what runs a finished program of some target on this machine.
//!
//! [`probe`] looks around, [`decide`] chooses, [`prepare`] makes the choice ready.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde::Serialize;

pub mod decide;
pub mod emulators;
pub mod prepare;
pub mod probe;
pub mod wine;

pub use decide::{NoRunner, decide};
pub use prepare::{Ready, prepare};

/// What this machine has to run programs with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunnerFacts {
    /// qemu's user-mode emulators by their names.
    pub emulators: BTreeMap<String, Utf8PathBuf>,
    /// Folders with a dynamic loader of glibc, by the GNU name of the system it loads for;
    /// `/` where this machine's own root has it.
    pub loaders: BTreeMap<String, Utf8PathBuf>,
    /// `QEMU_LD_PREFIX` is set: the user knows where loaders are.
    pub qemu_ld_prefix: bool,
    /// wine.
    pub wine: Option<Utf8PathBuf>,
    /// wasmtime.
    pub wasmtime: Option<Utf8PathBuf>,
    /// Node.js.
    pub node: Option<Utf8PathBuf>,
}

/// What runs the programs of one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Runner {
    /// The user's own: a program and its first arguments.
    Configured(Vec<String>),
    /// The machine itself.
    Native,
    /// qemu's user-mode emulator.
    Qemu {
        /// Its program.
        program: Utf8PathBuf,
        /// The folder with the dynamic loader, if qemu does not find it by itself.
        sysroot: Option<Utf8PathBuf>,
    },
    /// wine, with a prefix of Tachi's own.
    Wine {
        /// Its program.
        program: Utf8PathBuf,
    },
    /// wasmtime.
    Wasmtime {
        /// Its program.
        program: Utf8PathBuf,
    },
    /// Node.js, through its WASI.
    Node {
        /// Its program.
        program: Utf8PathBuf,
    },
}

/// A runner and why it is that one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The runner.
    pub runner: Runner,
    /// Why it was chosen.
    pub reason: String,
}

impl Runner {
    /// Its name in the list of targets: `qemu-aarch64`.
    pub fn name(&self) -> String {
        match self {
            Self::Configured(words) => words.join(" "),
            Self::Native => "this machine".into(),
            Self::Qemu { program, .. } | Self::Wine { program } | Self::Wasmtime { program } => {
                program.file_name().unwrap_or(program.as_str()).to_owned()
            }
            Self::Node { .. } => "node's WASI".into(),
        }
    }
}
