//! Hands the facts of this build to `src/version.rs`.
//!
//! A stand-in: it knows what cargo and the environment say and asks neither git nor the clock. The
//! `tachi-build-info` crate takes its place.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");

    let build_time = env::var("SOURCE_DATE_EPOCH").map_or_else(|_| unknown(), |s| format!("@{s}"));
    println!("cargo:rustc-env=GIT_HASH={}", unknown());
    println!("cargo:rustc-env=GIT_BRANCH={}", unknown());
    println!("cargo:rustc-env=GIT_DIRTY=false");
    println!("cargo:rustc-env=BUILD_TIME={build_time}");
    println!("cargo:rustc-env=BUILD_PROFILE={}", from_cargo("PROFILE"));
    println!("cargo:rustc-env=BUILD_TARGET={}", from_cargo("TARGET"));
}

fn from_cargo(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| unknown())
}

fn unknown() -> String {
    "unknown".to_owned()
}
