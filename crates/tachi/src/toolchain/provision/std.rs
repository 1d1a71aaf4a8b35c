//! A standard library for a target: rustup's, or built once from the compiler's own source.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::plan::StdSource;

use super::{Notice, Provision};
use crate::sys::{Command, SysError, fs, run, usage};
use crate::toolchain::decide::{Kit, std_remedy};
use crate::toolchain::error::ToolchainError;
use crate::toolchain::kit::Places;
use crate::toolchain::probe::ToolchainFacts;

/// The crates that a sysroot consists of; cargo adds what they depend on.
const CRATES: &str = "-Zbuild-std=std,panic_abort,proc_macro,test";

/// Brings the std that `kit` was decided to use; nothing if it is in the sysroot.
///
/// # Errors
/// rustup cannot bring it, or it does not compile.
pub fn provide(
    provision: &mut Provision<'_>,
    kit: &Kit,
    facts: &ToolchainFacts,
    places: &Places,
) -> Result<(), ToolchainError> {
    match kit.std {
        StdSource::Rustup => rustup(provision, &kit.target, facts),
        StdSource::Source => source(provision, &kit.target, facts, places),
        // The sysroot's: kits know no other.
        _ => Ok(()),
    }
}

fn rustup(
    provision: &mut Provision<'_>,
    target: &str,
    facts: &ToolchainFacts,
) -> Result<(), ToolchainError> {
    let mut command = Command::new(facts.rustup.as_ref().map_or("rustup", |path| path.as_str()));
    // A user's RUST_BACKTRACE is about their program, not about rustup's.
    command = command.args(["target", "add", target]).env("RUST_BACKTRACE", "0");
    if let Some(toolchain) = &facts.rustup_toolchain {
        command = command.args(["--toolchain", toolchain]);
    }
    if provision.offline {
        let remedy = format!("run `{command}`, or run once without --offline");
        return Err(ToolchainError::Offline {
            what: format!("the standard library for {target}"),
            remedy,
        });
    }
    provision.doing(format!("adding the standard library for {target} with rustup"));
    let said = provision.follow(&command)?;
    said.map_err(|source| no_std(target, &source))
}

/// Stands in for rustc while std is built. The crate `panic_abort` can only be linked if it
/// was itself compiled to abort, whatever the rest of std was compiled to do; cargo has no
/// setting for the panic strategy of one crate.
const ABORTING: &str = "#!/bin/sh\nrustc=$1\nshift\n\
    case \" $* \" in *\" --crate-name panic_abort \"*) set -- \"$@\" -Cpanic=abort ;; esac\n\
    exec \"$rustc\" \"$@\"\n";

/// Builds std as cargo's own `-Zbuild-std` does, which a stable compiler allows for its own
/// source (`RUSTC_BOOTSTRAP`), and keeps the libraries as a sysroot, so that users' crates
/// are compiled by the stable compiler as ever. One library serves both panic strategies,
/// as the one that rustup ships does.
fn source(
    provision: &mut Provision<'_>,
    target: &str,
    facts: &ToolchainFacts,
    places: &Places,
) -> Result<(), ToolchainError> {
    let place = places.sysroot(&facts.rustc, target);
    if fs::exists(&place) {
        usage::touch(&place);
        return Ok(());
    }
    let folder = place.parent().unwrap_or(&place).to_owned();
    let _lock = provision.enter(&folder)?;
    if fs::exists(&place) {
        return Ok(());
    }
    let temporary = fs::temporary_dir_in(&folder)?;
    let temporary = fs::utf8(temporary.path())?;
    provision.doing(format!(
        "building the standard library for {target} from the source of Rust {}",
        facts.rustc.release
    ));
    fs::write_atomic(
        &temporary.join("Cargo.toml"),
        b"[package]\nname = \"tachi-sysroot\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n",
    )?;
    fs::write_atomic(&temporary.join("lib.rs"), b"#![no_std]\n")?;
    fs::write_new(&temporary.join("rustc"), 0o755, &mut ABORTING.as_bytes())?;
    let command = build_command(provision, target, facts, temporary);
    let mut libraries = Vec::new();
    let mut stderr = String::new();
    let exit = run::stream(&command, provision.interrupt, &mut |line| {
        if line.stream == run::Stream::Stdout {
            libraries.extend(built(&line.text, target));
        } else {
            stderr.push_str(&line.text);
            stderr.push('\n');
            (provision.notice)(Notice::Said(line.text));
        }
    })?;
    if !exit.success() {
        let source = SysError::Failed { command: Box::new(command), status: exit.status, stderr };
        return Err(no_std(target, &source));
    }
    let sysroot = temporary.join("sysroot");
    let lib = sysroot.join("lib/rustlib").join(target).join("lib");
    for library in &libraries {
        let name = library.file_name().unwrap_or(library.as_str());
        fs::write_new(&lib.join(name), 0o644, &mut fs::open(library)?)?;
    }
    fs::flush(&sysroot)?;
    Ok(fs::rename(&sysroot, &place)?)
}

fn build_command(
    provision: &Provision<'_>,
    target: &str,
    facts: &ToolchainFacts,
    folder: &Utf8Path,
) -> Command {
    // Bitcode beside the machine code, as the shipped library has: fat LTO reads it. No
    // path of this machine may reach the user's program.
    let library = facts.rust_src.as_deref().unwrap_or(&facts.rustc.sysroot);
    let commit = facts.rustc.commit_hash.as_deref().unwrap_or(&facts.rustc.release);
    let mut flags = vec![
        "-Cembed-bitcode=yes".to_owned(),
        format!("--remap-path-prefix={folder}=/tachi"),
        format!("--remap-path-prefix={library}=/rustc/{commit}/library"),
    ];
    let cargo_home = provision.environment.var("CARGO_HOME").map(str::to_owned);
    let home = cargo_home
        .or_else(|| provision.environment.var("HOME").map(|home| format!("{home}/.cargo")));
    flags.extend(home.map(|home| format!("--remap-path-prefix={home}=/cargo")));
    let mut command = Command::new(facts.cargo.as_str())
        .args(["build", "--release", "--lib", CRATES, "--target", target])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(folder.as_str())
        .env("RUSTC", facts.rustc.path.as_str())
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC_WRAPPER", folder.join("rustc"))
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
        .env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3")
        .env("CARGO_PROFILE_RELEASE_PANIC", "unwind")
        .env("CARGO_PROFILE_RELEASE_STRIP", "none");
    for variable in
        ["RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_BUILD_DIR", "CARGO_BUILD_TARGET"]
    {
        command = command.env_remove(variable);
    }
    if provision.offline { command.arg("--offline") } else { command }
}

/// The libraries for the target that one of cargo's messages reports.
fn built(message: &str, target: &str) -> Vec<Utf8PathBuf> {
    let Ok(message) = serde_json::from_str::<serde_json::Value>(message) else { return Vec::new() };
    if message["reason"] != "compiler-artifact" || message["target"]["name"] == "tachi_sysroot" {
        return Vec::new();
    }
    let files =
        message["filenames"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
    let for_target = |file: &Utf8PathBuf| file.components().any(|part| part.as_str() == target);
    files
        .map(Utf8PathBuf::from)
        .filter(|file| file.extension() == Some("rlib") && for_target(file))
        .collect()
}

fn no_std(target: &str, source: &SysError) -> ToolchainError {
    ToolchainError::NoStd {
        target: target.to_owned(),
        cause: source.to_string(),
        remedy: std_remedy(target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_libraries_for_the_target_go_into_the_sysroot() {
        let message = |name: &str, file: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"name":"{name}"}},"filenames":["{file}","/x/libstd.rmeta"]}}"#
            )
        };
        let cases = [
            (message("std", "/t/target/T/release/deps/libstd-1.rlib"), 1),
            (message("tachi_sysroot", "/t/target/T/release/deps/libtachi_sysroot-1.rlib"), 0),
            (message("build_script", "/t/target/release/deps/libx.rlib"), 0),
            (r#"{"reason":"build-finished","success":true}"#.to_owned(), 0),
            ("not json".to_owned(), 0),
        ];
        for (text, count) in cases {
            assert_eq!(built(&text, "T").len(), count, "{text}");
        }
    }
}
