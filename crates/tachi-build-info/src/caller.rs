//! What the macros capture where they are called.

/// The calling package, in cargo's words.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    /// `CARGO_PKG_VERSION`; none if no cargo runs the compiler.
    pub version: Option<&'static str>,
    /// `CARGO_PKG_RUST_VERSION`; empty if the package names none.
    pub rust_version: Option<&'static str>,
    /// What cargo's `dev` profile switches on and `release` off.
    pub debug_assertions: bool,
    /// The commit, abbreviated, from the package's build script.
    pub git_hash: Option<&'static str>,
    /// The commit in full, from there too.
    pub git_hash_full: Option<&'static str>,
    /// The branch, from there too.
    pub git_branch: Option<&'static str>,
    /// The commit's time, from there too.
    pub git_time: Option<&'static str>,
}
