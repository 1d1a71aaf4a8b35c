//! Linking for macOS without a Mac: rustc speaks to a `clang`, LLVM's `ld64.lld` links, or
//! zig's linker where there is none, and stubs made from a table stand for Apple's SDK.

pub mod clang_args;
pub mod frameworks;
pub mod libraries;
pub mod link;
pub mod sdk;
pub mod undefined;
pub mod zig_link;
