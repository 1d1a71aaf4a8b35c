//! Facts of real binaries: those of this machine, and those made here by rustc and lld.

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
