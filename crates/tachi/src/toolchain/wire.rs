//! The names that the wrappers of a kit and the program that answers them share: tools, options and
//! variables.

/// The version of these names and of the way in which the driver links. Whoever changes how a link
/// comes out raises it, so that cargo links again.
pub const LAYOUT: &str = "1";

/// The first argument of a call that is meant for [`answer`](super::driver::answer).
pub const MARK: &str = "__driver";

/// The variable with which a user names the program that answers all wrappers.
pub const USERS_DRIVER: &str = "TACHI_DRIVER";
/// The variable with which a running Tachi makes itself the program that answers the wrappers in
/// its own cargo calls. Another Tachi may use the same wrappers.
pub const DRIVER: &str = "TACHI_CALLING_DRIVER";

/// The variable with the folder in which drivers leave [word](super::word) for a running Tachi.
pub const WORD: &str = "TACHI_WORD_DIR";

/// The C compiler, which also links.
pub const CC: &str = "cc";
/// The C++ compiler.
pub const CXX: &str = "c++";
/// The program that indexes archives.
pub const RANLIB: &str = "ranlib";
/// The program that makes import libraries.
pub const DLLTOOL: &str = "dlltool";
/// The linker for MSVC's targets.
pub const LLD_LINK: &str = "lld-link";
/// rustc, as cargo calls a wrapper around it.
pub const RUSTC: &str = "rustc";
/// A toolchain file for `CMake`.
pub const CMAKE: &str = "toolchain.cmake";

/// The archiver for a rustc triple. On MSVC's targets, the crate `cc` goes by the name to choose
/// between `ar`'s arguments and those of Microsoft's `lib`.
pub fn archiver(target: &str) -> &'static str {
    if target.ends_with("-msvc") { "llvm-ar" } else { "ar" }
}

/// The options that a wrapper gives before `--`, as `--<name> <value>`.
pub mod option {
    /// zig's program.
    pub const ZIG: &str = "zig";
    /// zig's name of the target.
    pub const TARGET: &str = "target";
    /// zig's cache.
    pub const CACHE: &str = "cache";
    /// lld's program.
    pub const LLD: &str = "lld";
    /// The user's SDK.
    pub const SDK: &str = "sdk";
    /// The folder of the stubs that stand for an SDK, where there is none.
    pub const STUBS: &str = "stubs";
    /// The oldest system that runs the result.
    pub const MINIMUM_OS: &str = "minimum-os";
}
