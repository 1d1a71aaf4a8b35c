//! The facts of one target that are the same on every machine.

use serde::Serialize;

use super::triple::Triple;

/// One row of the catalogue of all targets that rustc knows.
///
/// ```
/// let target = tachi::TargetFacts::find("aarch64-pc-windows-msvc").unwrap();
/// assert_eq!((target.platform, target.arch), ("win32", "arm64"));
/// assert_eq!(target.executable_name("app"), "app.exe");
/// ```
///
/// `platform` and `arch` follow Node, as npm packages and the specification do; the
/// fields from `rustc_arch` to `pointer_width` are the values of rustc's `target_*`
/// configuration, with `""` where rustc sets none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetFacts {
    /// The name rustc, cargo and rustup use.
    pub triple: &'static str,
    /// Node's `process.platform` (`linux`, `darwin`, `win32`, `sunos`, `openharmony`, …);
    /// for what Node does not run on, rustc's `target_os` (`ios`, `wasi`, `none`, …).
    pub platform: &'static str,
    /// Node's `process.arch` (`x64`, `arm64`, `ia32`, `mipsel`, …); for what Node does
    /// not run on, rustc's `target_arch` (`wasm32`, `hexagon`, …).
    pub arch: &'static str,
    /// rustc's own support tier.
    pub tier: Tier,
    /// Whether the standard library exists for it.
    pub std: StdSupport,
    /// Whether `rustup target add` brings a compiled library: std, or core and alloc
    /// where [`std`](Self::std) says there is no more. Anything else is built from source.
    pub distributed: bool,
    /// Whether rustc and cargo themselves run on it.
    pub host_tools: bool,
    /// rustc's one-line description; `""` if it has none.
    pub description: &'static str,
    /// rustc's `target_arch`.
    pub rustc_arch: &'static str,
    /// rustc's `target_os`; `none` on bare metal.
    pub os: &'static str,
    /// rustc's `target_env`: `gnu`, `musl`, `msvc`, ….
    pub env: &'static str,
    /// rustc's `target_abi`: `eabihf`, `llvm`, `sim`, ….
    pub abi: &'static str,
    /// rustc's `target_vendor`.
    pub vendor: &'static str,
    /// rustc's `target_family`, of which there may be several or none.
    pub families: &'static [&'static str],
    /// rustc's `target_endian`.
    pub endian: Endian,
    /// rustc's `target_pointer_width`, in bits.
    pub pointer_width: u8,
    /// The format of its object files, executables and shared libraries.
    pub object_format: ObjectFormat,
    /// Ends an executable's file name.
    pub exe_suffix: &'static str,
    /// Begins a cdylib's file name.
    pub dylib_prefix: &'static str,
    /// Ends a cdylib's file name.
    pub dylib_suffix: &'static str,
    /// Begins a static library's file name.
    pub staticlib_prefix: &'static str,
    /// Ends a static library's file name.
    pub staticlib_suffix: &'static str,
    /// Whether rustc can make a cdylib for it.
    pub cdylib: CdylibSupport,
    /// Apple targets: the oldest system rustc compiles for unless told otherwise.
    pub minimum_os: Option<&'static str>,
    /// The oldest glibc that rustc documents for it.
    pub minimum_glibc: Option<&'static str>,
}

impl TargetFacts {
    /// The row a generated entry starts from: little-endian 64-bit Unix with ELF files,
    /// so that each entry lists only what is different.
    pub(super) const BASE: Self = Self {
        triple: "",
        platform: "",
        arch: "",
        tier: Tier::Three,
        std: StdSupport::Yes,
        distributed: false,
        host_tools: false,
        description: "",
        rustc_arch: "",
        os: "",
        env: "",
        abi: "",
        vendor: "unknown",
        families: &["unix"],
        endian: Endian::Little,
        pointer_width: 64,
        object_format: ObjectFormat::Elf,
        exe_suffix: "",
        dylib_prefix: "lib",
        dylib_suffix: ".so",
        staticlib_prefix: "lib",
        staticlib_suffix: ".a",
        cdylib: CdylibSupport::Yes,
        minimum_os: None,
        minimum_glibc: None,
    };

    /// The name as a value of its own.
    pub fn triple(&self) -> Triple {
        Triple::new(self.triple)
    }

    /// The file name of the executable `name`: `x.exe` on Windows.
    pub fn executable_name(&self, name: &str) -> String {
        format!("{name}{}", self.exe_suffix)
    }

    /// The file name of the cdylib `name`: `libx.so`, `libx.dylib`, `x.dll`. As in
    /// rustc, hyphens of the package's name become underscores.
    pub fn cdylib_name(&self, name: &str) -> String {
        let name = name.replace('-', "_");
        format!("{}{name}{}", self.dylib_prefix, self.dylib_suffix)
    }

    /// The file name of the static library `name`: `libx.a`, `x.lib`. As in rustc,
    /// hyphens of the package's name become underscores.
    pub fn staticlib_name(&self, name: &str) -> String {
        let name = name.replace('-', "_");
        format!("{}{name}{}", self.staticlib_prefix, self.staticlib_suffix)
    }

    /// The file name of the Node addon `name`: `x.node`, on every target.
    pub fn node_addon_name(&self, name: &str) -> String {
        format!("{name}.node")
    }

    /// Whether it is one of Apple's systems.
    pub fn is_apple(&self) -> bool {
        self.vendor == "apple"
    }

    /// Whether it is Windows.
    pub fn is_windows(&self) -> bool {
        self.os == "windows"
    }
}

/// How well the Rust project supports a target, as published in
/// [Platform Support](https://doc.rust-lang.org/rustc/platform-support.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "u8")]
pub enum Tier {
    /// Guaranteed to work: tested on every change.
    One,
    /// Guaranteed to build.
    Two,
    /// In rustc's code base, without promises.
    Three,
}

impl From<Tier> for u8 {
    fn from(tier: Tier) -> Self {
        match tier {
            Tier::One => 1,
            Tier::Two => 2,
            Tier::Three => 3,
        }
    }
}

/// Whether the standard library exists for a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StdSupport {
    /// It does.
    Yes,
    /// Only core, and alloc with an allocator.
    No,
    /// rustc does not say.
    Unknown,
}

/// Whether rustc can make a cdylib for a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CdylibSupport {
    /// It can.
    Yes,
    /// Only with `-C target-feature=-crt-static`; without it rustc leaves the cdylib out,
    /// with no more than a warning. The musl targets are like this.
    WithDynamicCrt,
    /// The target has no shared libraries.
    No,
}

/// The order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endian {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

/// The format of object files and of what is linked from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectFormat {
    /// Linux, Android, the BSDs and most of the rest.
    Elf,
    /// Apple's.
    MachO,
    /// Windows's and UEFI's: COFF objects, PE images.
    Coff,
    /// WebAssembly.
    Wasm,
    /// AIX's.
    Xcoff,
}
