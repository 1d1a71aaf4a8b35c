//! Looks at the emulators and runtimes of this machine.

use camino::{Utf8Path, Utf8PathBuf};

use super::RunnerFacts;
use super::emulators::EMULATORS;
use crate::sys::env::Environment;
use crate::sys::fs;

/// Where Debian's and Fedora's cross libraries are: a folder for each system.
const SYSROOTS: &str = "/usr";

/// Looks at the machine.
pub fn probe(environment: &Environment) -> RunnerFacts {
    let found = |name: &'static str| Some((name.to_owned(), environment.find_program(name)?));
    let loader = |gnu: &str, loader: &str| -> Option<Utf8PathBuf> {
        let roots = ["/".into(), Utf8Path::new(SYSROOTS).join(gnu)];
        roots.into_iter().find(|root: &Utf8PathBuf| fs::exists(&root.join(loader)))
    };
    RunnerFacts {
        emulators: EMULATORS.iter().filter_map(|one| found(one.program)).collect(),
        loaders: EMULATORS
            .iter()
            .filter_map(|one| Some((one.gnu.to_owned(), loader(one.gnu, one.loader)?)))
            .collect(),
        qemu_ld_prefix: environment.var("QEMU_LD_PREFIX").is_some(),
        wine: environment.find_program("wine").or_else(|| environment.find_program("wine64")),
        wasmtime: environment.find_program("wasmtime"),
        node: environment.find_program("node").or_else(|| environment.find_program("nodejs")),
    }
}
