//! Where the parts of kits are, inside Tachi's cache folder. Pure.

use camino::Utf8PathBuf;

use super::identity::Identity;
use crate::cache::{Bucket, CacheRoot};
use crate::toolchain::decide::Kit;
use crate::toolchain::probe::RustcFacts;
use crate::toolchain::{macos, windows, wire};

/// Where the parts of kits are. Nothing here depends on where Tachi itself is: cargo compiles
/// everything again whenever the path of a linker changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    cache: CacheRoot,
    zig_version: String,
}

impl Places {
    /// Places inside Tachi's cache folder, for one version of zig.
    pub fn new(cache: CacheRoot, zig_version: impl Into<String>) -> Self {
        Self { cache, zig_version: zig_version.into() }
    }

    /// The identity of a kit, if Tachi makes it.
    pub fn identity(&self, kit: &Kit) -> Option<Identity> {
        Identity::of(kit, &self.zig_version)
    }

    /// The wrappers of a kit, if it has some.
    pub fn wrappers(&self, kit: &Kit) -> Option<Utf8PathBuf> {
        let (zig_target, identity) = (kit.zig_target.as_ref()?, self.identity(kit)?);
        Some(self.kits().join(format!("{zig_target}-{}", identity.digest_here())))
    }

    /// zig's own cache: its libc and start files, compiled once for each target.
    pub fn zig_cache(&self) -> Utf8PathBuf {
        self.cache.zig_cache()
    }

    /// Stubs of Apple's SDK, as a folder that `SDKROOT` may name.
    pub fn macos_sdk(&self) -> Utf8PathBuf {
        self.kits().join(format!("MacOSX-stubs-{}.sdk", macos::sdk::identity()))
    }

    /// Import libraries and start-up code for MSVC's targets, laid out as `xwin splat` does.
    pub fn windows_sdk(&self) -> Utf8PathBuf {
        self.kits().join(format!("windows-stubs-{}", windows::sdk::identity()))
    }

    /// A link to zig's own libraries and headers. Its path stays the same wherever zig is.
    pub fn zig_libraries(&self) -> Utf8PathBuf {
        self.kits().join("lib")
    }

    /// The wrapper around rustc, the same for every version of zig.
    pub fn rustc_wrapper(&self) -> Utf8PathBuf {
        self.cache.bucket(Bucket::Kits).join(wire::RUSTC)
    }

    fn kits(&self) -> Utf8PathBuf {
        self.cache.kits(&self.zig_version)
    }

    /// The sysroot that was built from source for one compiler and target. No kit is part of it:
    /// it holds libraries of Rust, and nothing that was linked or compiled from C.
    pub fn sysroot(&self, rustc: &RustcFacts, target: &str) -> Utf8PathBuf {
        self.cache.sysroot(&rustc.release, &rustc.identity, target)
    }
}
