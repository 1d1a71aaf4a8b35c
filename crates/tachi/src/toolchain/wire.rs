//! What the wrappers of a kit and the program that answers them say to each other: the names of
//! tools, options and variables.

/// The version of what is said here, and of what the answering program makes of a link: raised
/// whenever the same link comes out otherwise, so that cargo links again.
pub const LAYOUT: &str = "1";

/// The first argument of a call that is meant for [`answer`](super::driver::answer).
pub const MARK: &str = "__driver";

/// A variable that names the program to answer all wrappers' calls: the user's word.
pub const USERS_DRIVER: &str = "TACHI_DRIVER";
/// The variable in which a running Tachi tells the wrappers of its own cargo calls that it is the
/// one to answer, not another that uses the same wrappers.
pub const DRIVER: &str = "TACHI_CALLING_DRIVER";

/// A variable that names the folder in which drivers leave [word](super::word) for a running Tachi.
pub const WORD: &str = "TACHI_WORD_DIR";

/// The C compiler, which links, too.
pub const CC: &str = "cc";
/// The C++ compiler.
pub const CXX: &str = "c++";
/// What indexes archives.
pub const RANLIB: &str = "ranlib";
/// What makes import libraries.
pub const DLLTOOL: &str = "dlltool";
/// The linker for MSVC's targets.
pub const LLD_LINK: &str = "lld-link";
/// rustc, as cargo calls a wrapper around it.
pub const RUSTC: &str = "rustc";
/// A toolchain file for `CMake`.
pub const CMAKE: &str = "toolchain.cmake";

/// The archiver for a rustc triple. For MSVC's targets the crate `cc` tells by the name whether it
/// takes `ar`'s arguments or those of Microsoft's `lib`.
pub fn archiver(target: &str) -> &'static str {
    if target.ends_with("-msvc") { "llvm-ar" } else { "ar" }
}

/// What a wrapper tells before `--`, as `--<name> <value>`.
pub mod option {
    /// zig's program.
    pub const ZIG: &str = "zig";
    /// zig's name of the target.
    pub const TARGET: &str = "target";
    /// zig's cache.
    pub const CACHE: &str = "cache";
    /// lld's program.
    pub const LLD: &str = "lld";
    /// The SDK that the user has.
    pub const SDK: &str = "sdk";
    /// The folder of the stubs that stand for an SDK, where there is none.
    pub const STUBS: &str = "stubs";
    /// The oldest system that runs the result.
    pub const MINIMUM_OS: &str = "minimum-os";
}
