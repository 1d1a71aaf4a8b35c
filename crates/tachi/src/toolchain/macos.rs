//! Linking for macOS without a Mac: rustc speaks to a `clang`, LLVM's `ld64.lld` links, and
//! stubs made from a table stand for Apple's SDK where there is none.

pub mod clang_args;
pub mod frameworks;
pub mod libraries;
pub mod link;
pub mod sdk;
pub mod undefined;
