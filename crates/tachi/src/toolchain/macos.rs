//! Linking for macOS without a Mac: rustc calls what it takes for a `clang`, LLVM's `ld64.lld`
//! links (zig's linker, where there is no lld), and stubs made from a table stand for Apple's SDK.

pub mod clang_args;
pub mod frameworks;
pub mod libraries;
pub mod link;
pub mod sdk;
pub mod undefined;
pub mod zig_link;
