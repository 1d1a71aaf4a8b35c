//! Facts: what is true of this machine, this workspace and its settings. Gathered here and nowhere
//! else; the plan computes from them.
//!
//! [`gather`](mod@gather) looks around, through [`config_files`] for what the user has set,
//! [`machine`] for what the machine has, and [`epoch`] for the time that files get.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use tachi_binary::leaks::Known;

use crate::cache::{CacheRoot, InUse};
use crate::config::cargo::CargoConfig;
use crate::config::file::ConfigFile;
use crate::post::signer::SignerFacts;
use crate::sys::env::Environment;
use crate::toolchain::provision::{self, Provision};
use crate::toolchain::{Lockfile, Places, ToolchainError, ToolchainFacts};
use crate::vcs::{Changes, SourceState};
use crate::verify::machine as verified_machine;
use crate::workspace::Workspace;
use crate::workspace::select::PackageSettings;
use crate::workspace::select_tests::StatedBenches;
use crate::workspace::variables::Variables;

pub mod config_files;
pub mod epoch;
pub mod error;
pub mod gather;
pub mod machine;

pub use error::FactsError;
pub use gather::gather;
pub use machine::Machine;

/// All that the plan needs to know.
#[derive(Debug)]
pub struct Facts {
    /// The environment and the current directory.
    pub environment: Environment,
    /// Tachi's own folder for what it fetches and builds once.
    pub cache: CacheRoot,
    /// As long as the facts are there, nobody removes what they tell of from the cache.
    #[expect(dead_code, reason = "holds the lock")]
    pub cache_in_use: InUse,
    pub workspace: Workspace,
    /// The folder for all that is generated: `--target-dir`, else cargo's choice.
    pub target_dir: Utf8PathBuf,
    /// `tachi.toml`; all defaults if there is none.
    pub file: ConfigFile,
    /// The path of `tachi.toml`, whether or not there is one.
    pub file_path: Utf8PathBuf,
    /// Settings by package: `[package.metadata.tachi]`, and `tachi.toml`'s over it.
    pub package_settings: PackageSettings,
    /// What the user told cargo.
    pub cargo_config: CargoConfig,
    /// Compiler, std, zig.
    pub toolchain: ToolchainFacts,
    /// Cores and memory.
    pub machine: Machine,
    /// The versions and checksums of what kits fetch.
    pub pins: Lockfile,
    /// The workspace has a `tachi.lock`.
    pub has_lockfile: bool,
    /// sccache, if the compiler is to be wrapped in it.
    pub sccache_wrapper: Option<Utf8PathBuf>,
    /// Readme, licences and changelog by package; only gathered for `dist`.
    pub documents: BTreeMap<String, Vec<Utf8PathBuf>>,
    /// Which sources are built; only looked at where files are stamped, signed or released.
    pub sources: Option<SourceState>,
    /// What of the sources no commit holds; only looked for where they are released.
    pub changes: Changes,
    /// Whether programs here have a place for a stamp.
    pub uses_build_info: bool,
    /// The time of everything in a package and of what compilers write, in seconds since the
    /// epoch.
    pub source_date_epoch: u64,
    /// What signing with the user's programs depends on.
    pub signers: SignerFacts,
    /// Which cargo targets are benchmarks, where manifests say so; only read for tests of
    /// benchmarks.
    pub benches: StatedBenches,
    /// cargo-nextest, if it is installed.
    pub nextest: Option<Utf8PathBuf>,
}

impl Facts {
    /// Where the parts of kits are.
    pub fn places(&self) -> Places {
        Places::new(self.cache.clone(), &self.pins.zig().version)
    }

    /// Brings zig, unless it is here.
    ///
    /// # Errors
    /// It cannot be fetched.
    pub fn zig(&self, provision: &mut Provision<'_>) -> Result<Utf8PathBuf, ToolchainError> {
        provision::zig::provide(provision, self.pins.zig(), self.toolchain.zig.as_deref())
    }

    /// Where the variables of the workspace's programs come from.
    pub fn variables(&self) -> Variables<'_> {
        Variables {
            environment: &self.environment,
            config: &self.cargo_config,
            cargo: &self.toolchain.cargo,
            workspace: &self.workspace,
        }
    }

    /// What of this machine must not be in a release.
    pub fn known(&self) -> Known {
        verified_machine::known(&self.environment, &[self.workspace.root(), &self.target_dir])
    }
}
