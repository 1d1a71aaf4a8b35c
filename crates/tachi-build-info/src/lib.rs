//! Which version, commit and build a program is, without a build script and without
//! recompiling anything when only the commit changed.
//!
//! ```
//! use tachi_build_info::{build_info, BuildInfo};
//!
//! let info: &'static BuildInfo = build_info!();
//! println!("{} {}", info.version, info.git_hash);
//! ```
//!
//! or once for a whole workspace:
//!
//! ```
//! use tachi_build_info::{lazy_build_info, LazyBuildInfo};
//!
//! pub static BUILD_INFO: LazyBuildInfo = lazy_build_info!();
//!
//! println!("{}", BUILD_INFO); // 1.0.0 (0a1b2c3) built 2026-01-31T23:59:59Z [release]
//! ```
//!
//! The crate reserves a kilobyte of the program, which `cargo tachi` fills after linking
//! ([`slot`] describes its bytes). Built by plain cargo, the program answers with what
//! cargo says at compile time, and `"unknown"` to the rest.
//!
//! [`BuildInfo::version`] and [`BuildInfo::rust_version`] are those of the package that
//! calls the macro. All other fields are those of the file that it ended up in: the
//! executable or the shared library.
//!
//! With the feature `git`, a build script can tell it the commit: see the module `git`.
//!
//! Without the default feature `std` the crate needs only `alloc`, without `alloc` only
//! `core` and a processor that can swap a byte atomically.
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod caller;
mod checksum;
#[cfg(feature = "git")]
pub mod git;
mod info;
#[cfg(feature = "alloc")]
mod json;
mod lazy;
pub mod slot;
mod target;
#[cfg(feature = "git")]
mod time;

#[doc(hidden)]
pub use caller::Caller;
pub use info::BuildInfo;
pub use lazy::LazyBuildInfo;

/// What stands where nothing is known.
pub const UNKNOWN: &str = "unknown";

/// The build information of this program, for the calling package.
///
/// The first call reads it, which takes a few microseconds; later ones take nothing.
///
/// ```
/// let info: &'static tachi_build_info::BuildInfo = tachi_build_info::build_info!();
/// assert_eq!(info.version, env!("CARGO_PKG_VERSION"));
/// ```
#[macro_export]
macro_rules! build_info {
    () => {{
        static INFO: $crate::LazyBuildInfo = $crate::lazy_build_info!();
        INFO.get()
    }};
}

/// The initial value of a [`LazyBuildInfo`], for the calling package.
#[macro_export]
macro_rules! lazy_build_info {
    () => {
        $crate::LazyBuildInfo::new($crate::Caller {
            version: ::core::option_env!("CARGO_PKG_VERSION"),
            rust_version: ::core::option_env!("CARGO_PKG_RUST_VERSION"),
            debug_assertions: ::core::cfg!(debug_assertions),
            git_hash: ::core::option_env!("TACHI_PLAIN_GIT_HASH"),
            git_hash_full: ::core::option_env!("TACHI_PLAIN_GIT_HASH_FULL"),
            git_branch: ::core::option_env!("TACHI_PLAIN_GIT_BRANCH"),
            git_time: ::core::option_env!("TACHI_PLAIN_GIT_TIME"),
        })
    };
}
