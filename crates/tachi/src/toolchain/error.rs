//! Errors of compilers, linkers and what they need.

use camino::Utf8PathBuf;

use crate::exit_code::ExitCode;
use crate::sys::SysError;

/// A kit that cannot be used, fetched or built.
#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    /// A file, a folder or a program failed.
    #[error("{0}")]
    Sys(#[from] SysError),
    /// There is no home folder to keep a cache in.
    #[error("there is no home folder to keep the cache in; set TACHI_CACHE_DIR to a folder")]
    NoCacheDir,
    /// A required program is missing.
    #[error(
        "`{program}` is not on PATH; install Rust from https://rustup.rs, or set {variable} to its path"
    )]
    NotFound {
        /// Its name.
        program: String,
        /// The variable that names it.
        variable: &'static str,
    },
    /// rustup does not have the toolchain that it is to use here.
    #[error(
        "rustup does not have the toolchain `{toolchain}`, which rust-toolchain.toml, RUSTUP_TOOLCHAIN or `rustup \
         override` names for this folder\n  help: rustup toolchain {command}"
    )]
    NoToolchain {
        /// Its name.
        toolchain: String,
        /// What brings it, after `rustup toolchain`.
        command: String,
    },
    /// rustc answered `-vV` in a way that cannot be read.
    #[error("`{rustc} -vV` did not say its {missing}; set RUSTC to a working compiler")]
    StrangeRustc {
        /// The compiler.
        rustc: Utf8PathBuf,
        /// What was looked for.
        missing: &'static str,
    },
    /// `tachi.lock` cannot be read.
    #[error("{file}:{line}: {message}{hint}")]
    Lock {
        file: Utf8PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
        /// ` (did you mean …?)`, or nothing.
        hint: String,
    },
    /// `tachi.lock` has no checksum for this machine.
    #[error(
        "{tool} {version} has no checksum for the host {host} in tachi.lock; add one, or put {tool} {version} on PATH"
    )]
    NoPin {
        /// The tool, as `tachi.lock` names it: `zig`.
        tool: String,
        version: String,
        /// The host, as in tachi.lock.
        host: String,
    },
    /// Something has to be downloaded, and `--offline` forbids it.
    #[error("{what} is not here yet, and --offline forbids fetching it\n  help: {remedy}")]
    Offline {
        /// What is needed.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// zig has to be fetched and there is no pip.
    #[error(
        "zig {version} is needed and there is no pip to fetch it with\n  help: put zig {version} on PATH, or install \
         pip: `apt-get install python3-pip` on Debian and Ubuntu, `python3 -m ensurepip --user` elsewhere"
    )]
    NoPip {
        /// The pinned version.
        version: String,
    },
    /// pip did not fetch the file.
    #[error(
        "pip could not fetch {what}\n{source}\n  help: check the network and pip's index settings (`pip config list`), \
         or put zig {version} on PATH"
    )]
    Download {
        /// What pip was asked for, as a requirement: `ziglang==…`.
        what: String,
        /// The version that is wanted.
        version: String,
        /// pip's failure, with its output.
        source: SysError,
    },
    /// The fetched file is not the pinned one.
    #[error(
        "{what} is corrupted or not the pinned file: nothing was installed\n  expected SHA-256 {expected}\n  got      \
         SHA-256 {actual}\n  help: run it again; if the error stays, the index serves another file than tachi.lock pins"
    )]
    Corrupted {
        /// The fetched file.
        what: String,
        /// The pinned SHA-256, in hexadecimal.
        expected: String,
        /// The SHA-256 of the fetched file.
        actual: String,
    },
    /// The archive has the right checksum and cannot be unpacked.
    #[error("cannot unpack {archive}: {message}")]
    Unpack {
        /// Its path in the cache folder.
        archive: Utf8PathBuf,
        /// Why it cannot be unpacked.
        message: String,
    },
    /// No way to a standard library worked.
    #[error("no standard library for {target}: {cause}\n  help: {remedy}")]
    NoStd {
        /// The rustc triple.
        target: String,
        /// Why each way failed.
        cause: String,
        /// What to do, in order of preference.
        remedy: String,
    },
    /// Microsoft's licence was not accepted.
    #[error(
        "{what}: nothing is fetched before you accept Microsoft's licence\n  licence: {licence}\n           {url}\n  \
         help: read it, then run `cargo tachi setup --accept-microsoft-license`, which records in tachi.lock that it was \
         accepted; programs without C++ dependencies can do without all this"
    )]
    NoConsent {
        /// What would be fetched.
        what: &'static str,
        /// The licence's name.
        licence: &'static str,
        /// Where it can be read.
        url: &'static str,
    },
    /// xwin is not installed, and cargo cannot build it.
    #[error(
        "`xwin`, which fetches Microsoft's files, is not on PATH, and cargo could not build version {version}\n{source}\n  \
         help: check the network, or put one on PATH: `cargo install xwin --locked`, or a ready-made one from \
         https://github.com/Jake-Shadle/xwin/releases"
    )]
    NoXwin {
        /// The version of xwin that cargo was to build.
        version: String,
        /// The failure of cargo, or of the new program.
        source: SysError,
    },
    /// xwin failed.
    #[error(
        "xwin could not fetch Microsoft's C runtime and Windows SDK; nothing was installed\n{0}\n  help: check the \
         network (xwin takes a proxy from HTTPS_PROXY), and that tachi.lock names versions that Microsoft still offers"
    )]
    Xwin(SysError),
    /// xwin fetched files with names that Tachi does not know.
    #[error(
        "xwin has fetched files without a version in their names; nothing was installed\n  help: use xwin 0.10, or set \
         XWIN_CACHE_DIR to what `xwin splat` made"
    )]
    StrangeXwin,
    /// A file that was linked for macOS cannot be signed.
    #[error("cannot sign {path}: {source}")]
    Unsigned {
        /// The linker's output.
        path: Utf8PathBuf,
        /// Why it cannot be signed.
        source: tachi_binary::signature::SignatureError,
    },
    /// A link for Windows asks for manifests in a way that cannot be done.
    #[error("{0}")]
    Manifest(String),
    /// This machine cannot run the scripts that stand for compilers and linkers.
    #[error(
        "Tachi builds on Linux and macOS only: compilers and linkers are called through shell scripts\n  help: build in \
         WSL; plan, inspect, verify, sign, stamp, strip and universal work here"
    )]
    NoShellScripts,
    /// A hidden `__driver` call is not one that a wrapper makes.
    #[error(
        "bad call of the linker driver: {0}; delete Tachi's cache folder `kits` and build again"
    )]
    Driver(String),
}

impl ToolchainError {
    /// The exit code for this error; the caller sees to interrupts.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Lock { .. } | Self::NoConsent { .. } => ExitCode::Usage,
            _ => ExitCode::Kit,
        }
    }
}
