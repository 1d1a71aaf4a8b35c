//! Tests with real binaries: files of this machine, and files that rustc and lld make here.

mod damaged;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod elf;
mod foreign;
mod signature;
mod signed_by_hand;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod strip;
mod support;
mod universal;
