//! Which runner a target gets: a pure function of the target, the user's settings and what this
//! machine has.

use super::{Choice, Runner, RunnerFacts, emulators};
use crate::target::{TargetFacts, catalogue};

/// Why the programs of a target cannot be run here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no runner for {target}: {cause}\n  help: {remedy}")]
pub struct NoRunner {
    /// The rustc triple.
    pub target: String,
    /// What is missing.
    pub cause: String,
    /// What to do about it.
    pub remedy: String,
}

/// Decides the runner of `row` on a machine of the target `host`. `configured` is the user's own
/// runner.
///
/// # Errors
/// Nothing here runs its programs.
pub fn decide(
    row: &TargetFacts,
    configured: Option<Vec<String>>,
    host: &str,
    facts: &RunnerFacts,
) -> Result<Choice, NoRunner> {
    if let Some(words) = configured.filter(|words| !words.is_empty()) {
        return Ok(choice(Runner::Configured(words), "the configuration names this runner"));
    }
    if row.triple == host {
        return Ok(choice(Runner::Native, "it is this machine's own target"));
    }
    let host = catalogue::find(host);
    if host.is_some_and(|host| runs_natively(row, host, facts)) {
        return Ok(choice(Runner::Native, "this machine's own system and architecture"));
    }
    match row.os {
        "linux" => linux(row, host, facts),
        "windows" => windows(row, host, facts),
        "macos" => Err(none(row, "its programs run on Macs only", "copy the file to a Mac")),
        "wasi" => wasi(row, facts),
        _ => Err(none(row, "Tachi knows nothing that runs its programs here", "run them there")),
    }
}

fn choice(runner: Runner, reason: impl Into<String>) -> Choice {
    Choice { runner, reason: reason.into() }
}

fn none(row: &TargetFacts, cause: impl Into<String>, remedy: &str) -> NoRunner {
    NoRunner {
        target: row.triple.to_owned(),
        cause: cause.into(),
        remedy: format!("{remedy}, or set `target.{}.runner` in tachi.toml", row.triple),
    }
}

/// Programs with musl are static; programs with glibc need its loader.
fn runs_natively(row: &TargetFacts, host: &TargetFacts, facts: &RunnerFacts) -> bool {
    let processor = |of: &TargetFacts| (of.rustc_arch, of.endian);
    if (row.os, processor(row)) != (host.os, processor(host)) {
        return false;
    }
    let loader = || facts.loaders.get(emulators::find(row)?.gnu);
    match row.env {
        _ if row.os != "linux" => true,
        _ if row.abi != host.abi => false,
        "musl" => true,
        "gnu" => host.env == "gnu" || loader().is_some_and(|root| root == "/"),
        _ => row.env == host.env,
    }
}

fn linux(
    row: &TargetFacts,
    host: Option<&TargetFacts>,
    facts: &RunnerFacts,
) -> Result<Choice, NoRunner> {
    if host.is_none_or(|host| host.os != "linux") {
        return Err(none(row, "its programs run on Linux only", "run them in a container"));
    }
    let Some(emulator) = emulators::find(row).filter(|_| ["gnu", "musl"].contains(&row.env)) else {
        return Err(none(row, "Tachi knows no emulator for it", "run them there"));
    };
    let Some(program) = facts.emulators.get(emulator.program) else {
        let cause = format!("{} is not on PATH", emulator.program);
        return Err(none(
            row,
            cause,
            "install qemu's user-mode emulators: `apt-get install qemu-user` on Debian and Ubuntu",
        ));
    };
    let program = program.clone();
    let qemu = |sysroot| Runner::Qemu { program, sysroot };
    if row.env == "musl" {
        return Ok(choice(qemu(None), "qemu emulates its processor; the program is static"));
    }
    if facts.qemu_ld_prefix {
        return Ok(choice(
            qemu(None),
            "qemu emulates its processor, with QEMU_LD_PREFIX's libraries",
        ));
    }
    match facts.loaders.get(emulator.gnu) {
        Some(root) if root == "/" => {
            Ok(choice(qemu(None), "qemu emulates its processor; its glibc is installed here"))
        }
        Some(root) => {
            let reason = format!("qemu emulates its processor, with the glibc in {root}");
            Ok(choice(qemu(Some(root.clone())), reason))
        }
        None => {
            let cause =
                format!("its glibc is not here ({} in /usr/{})", emulator.loader, emulator.gnu);
            let remedy = format!(
                "install it (`apt-get install {}` on Debian and Ubuntu), set QEMU_LD_PREFIX, or build for musl",
                emulator.package
            );
            Err(none(row, cause, &remedy))
        }
    }
}

fn windows(
    row: &TargetFacts,
    host: Option<&TargetFacts>,
    facts: &RunnerFacts,
) -> Result<Choice, NoRunner> {
    if host.is_none_or(|host| host.rustc_arch != row.rustc_arch) {
        let cause = "wine runs programs of this machine's own architecture only";
        return Err(none(row, cause, "copy the file to such a machine"));
    }
    match &facts.wine {
        Some(program) => {
            Ok(choice(Runner::Wine { program: program.clone() }, "wine stands for Windows"))
        }
        None => Err(none(
            row,
            "wine is not on PATH",
            "install it (`apt-get install wine wine64` on Debian and Ubuntu)",
        )),
    }
}

fn wasi(row: &TargetFacts, facts: &RunnerFacts) -> Result<Choice, NoRunner> {
    match (&facts.wasmtime, &facts.node) {
        (Some(program), _) => {
            Ok(choice(Runner::Wasmtime { program: program.clone() }, "wasmtime runs WASI programs"))
        }
        (None, Some(program)) if row.triple == "wasm32-wasip1" => Ok(choice(
            Runner::Node { program: program.clone() },
            "wasmtime is not on PATH; Node.js runs programs of WASI 0.1",
        )),
        _ => Err(none(row, "wasmtime is not on PATH", "install it from https://wasmtime.dev")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X64: &str = "x86_64-unknown-linux-gnu";

    /// A machine with these programs, and these folders with a loader.
    fn machine(programs: &[&str], loaders: &[(&str, &str)]) -> RunnerFacts {
        let path = |name: &str| programs.contains(&name).then(|| format!("/bin/{name}").into());
        RunnerFacts {
            emulators: programs
                .iter()
                .filter(|name| name.starts_with("qemu"))
                .map(|name| ((*name).to_owned(), format!("/bin/{name}").into()))
                .collect(),
            loaders: loaders.iter().map(|&(gnu, root)| (gnu.to_owned(), root.into())).collect(),
            qemu_ld_prefix: false,
            wine: path("wine"),
            wasmtime: path("wasmtime"),
            node: path("node"),
        }
    }

    fn decided(target: &str, host: &str, facts: &RunnerFacts) -> String {
        match decide(catalogue::find(target).unwrap(), None, host, facts) {
            Ok(Choice { runner: Runner::Qemu { program, sysroot: Some(sysroot) }, .. }) => {
                format!("{program} -L {sysroot}")
            }
            Ok(choice) => choice.runner.name(),
            Err(none) => format!("none: {}", none.cause),
        }
    }

    #[test]
    fn each_target_gets_the_runner_that_this_machine_allows() {
        let bare = || machine(&[], &[]);
        let cross =
            || machine(&["qemu-aarch64"], &[("aarch64-linux-gnu", "/usr/aarch64-linux-gnu")]);
        let multiarch = || machine(&["qemu-aarch64"], &[("aarch64-linux-gnu", "/")]);
        let prefix = || RunnerFacts { qemu_ld_prefix: true, ..machine(&["qemu-aarch64"], &[]) };
        let all = || machine(&["wine", "wasmtime", "node"], &[]);
        let arm = "aarch64-unknown-linux-gnu";
        let cases = [
            (X64, X64, bare(), "this machine"),
            ("x86_64-unknown-linux-musl", X64, bare(), "this machine"),
            (X64, "x86_64-unknown-linux-musl", bare(), "none: qemu-x86_64 is not on PATH"),
            (
                X64,
                "x86_64-unknown-linux-musl",
                machine(&[], &[("x86_64-linux-gnu", "/")]),
                "this machine",
            ),
            (arm, X64, bare(), "none: qemu-aarch64 is not on PATH"),
            (arm, X64, cross(), "/bin/qemu-aarch64 -L /usr/aarch64-linux-gnu"),
            (arm, X64, multiarch(), "qemu-aarch64"),
            (arm, X64, prefix(), "qemu-aarch64"),
            (
                arm,
                X64,
                machine(&["qemu-aarch64"], &[]),
                "none: its glibc is not here (lib/ld-linux-aarch64.so.1 in /usr/aarch64-linux-gnu)",
            ),
            ("aarch64-unknown-linux-musl", X64, machine(&["qemu-aarch64"], &[]), "qemu-aarch64"),
            ("aarch64-unknown-linux-ohos", X64, cross(), "none: Tachi knows no emulator for it"),
            (arm, "aarch64-apple-darwin", cross(), "none: its programs run on Linux only"),
            ("x86_64-pc-windows-msvc", X64, all(), "wine"),
            ("x86_64-pc-windows-gnu", X64, bare(), "none: wine is not on PATH"),
            (
                "aarch64-pc-windows-msvc",
                X64,
                all(),
                "none: wine runs programs of this machine's own architecture only",
            ),
            ("aarch64-pc-windows-msvc", arm, all(), "wine"),
            ("x86_64-pc-windows-gnullvm", "x86_64-pc-windows-msvc", bare(), "this machine"),
            ("aarch64-apple-darwin", X64, all(), "none: its programs run on Macs only"),
            ("wasm32-wasip1", X64, all(), "wasmtime"),
            ("wasm32-wasip1", X64, machine(&["node"], &[]), "node's WASI"),
            ("wasm32-wasip2", X64, machine(&["node"], &[]), "none: wasmtime is not on PATH"),
            (
                "wasm32-unknown-unknown",
                X64,
                all(),
                "none: Tachi knows nothing that runs its programs here",
            ),
        ];
        for (target, host, facts, expected) in cases {
            assert_eq!(decided(target, host, &facts), expected, "{target} on {host}");
        }
    }

    #[test]
    fn the_users_runner_wins_and_an_empty_one_is_none() {
        let row = catalogue::find("aarch64-apple-darwin").unwrap();
        let mine = || vec!["darling".to_owned(), "shell".to_owned()];
        let chosen = decide(row, Some(mine()), X64, &machine(&[], &[])).unwrap();
        assert_eq!(chosen.runner, Runner::Configured(mine()));
        let none = decide(row, Some(Vec::new()), X64, &machine(&[], &[])).unwrap_err();
        assert_eq!(
            none.to_string(),
            "no runner for aarch64-apple-darwin: its programs run on Macs only\n  help: copy the file to a Mac, \
             or set `target.aarch64-apple-darwin.runner` in tachi.toml"
        );
    }
}
