//! Which workspace, and how strictly.

use clap::Args;
use tachi::{LockMode, Request};

/// Which workspace, and how strictly.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Manifest Options")]
pub(crate) struct ManifestArgs {
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<String>,
    /// Assert that Cargo.lock will remain unchanged
    #[arg(long)]
    locked: bool,
    /// Run without accessing the network
    #[arg(long)]
    offline: bool,
    /// The same as --locked and --offline
    #[arg(long)]
    frozen: bool,
    /// Override a cargo configuration value
    #[arg(long, value_name = "KEY=VALUE|PATH")]
    config: Vec<String>,
}

impl ManifestArgs {
    /// Puts what these flags say into a request.
    pub(super) fn ask(self, request: &mut Request) {
        let Self { manifest_path, locked, offline, frozen, config } = self;
        request.manifest_path = manifest_path.map(Into::into);
        request.lock = LockMode { locked: locked || frozen, offline: offline || frozen };
        request.config = config;
    }
}
