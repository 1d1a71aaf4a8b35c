//! Linking for MSVC's targets without Visual Studio: import libraries made from mingw-w64's
//! definition files, which zig carries, and start-up code of Tachi's own.

pub mod c_support;
pub mod definition;
pub mod import_library;
pub mod link_args;
pub mod manifest;
pub mod sdk;
