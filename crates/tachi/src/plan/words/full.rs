//! The whole plan: every step with its reason, exact commands and environments.

use std::fmt::Write;

use tachi_schema::plan::{self, Action, Plan};

use super::{file_name, title};

/// The plan as an indented list: targets with their kits, then the steps with their reasons.
pub fn full(plan: &Plan) -> String {
    let mut out = String::new();
    let _ =
        writeln!(out, "{} · rustc {} · profile {}", plan.workspace_root, plan.rustc, plan.profile);
    let _ = writeln!(out, "\ntargets");
    for target in &plan.targets {
        let _ = writeln!(out, "  {} ({}-{})", target.triple, target.platform, target.arch);
        let _ = writeln!(out, "    kit: {} — {}", target.kit, target.kit_reason);
        let _ = writeln!(out, "    std: {}", target.std_reason);
        let (paths, flags): (Vec<_>, Vec<_>) =
            target.rustflags.iter().partition(|flag| flag.source == "trim-paths");
        if !flags.is_empty() {
            let flags: Vec<_> =
                flags.iter().map(|flag| format!("{} [{}]", flag.flag, flag.source)).collect();
            let _ = writeln!(out, "    rustflags: {}", flags.join(" "));
        }
        let names: Vec<_> = paths
            .iter()
            .filter_map(|flag| flag.flag.strip_prefix("--remap-path-prefix=")?.rsplit_once('='))
            .map(|(folder, name)| format!("{folder} → {name}"))
            .collect();
        if !names.is_empty() {
            let _ = writeln!(out, "    trim-paths: {}", names.join(", "));
        }
    }
    let _ = writeln!(out, "\nsteps");
    for step in &plan.steps {
        let _ = writeln!(out, "  {} — {}", title(step), step.why);
        details(&mut out, &step.action);
    }
    for note in &plan.notes {
        let _ = writeln!(out, "\nnote: {note}");
    }
    out
}

fn details(out: &mut String, action: &Action) {
    match action {
        Action::Compile(plan::Compile { command, expected, .. }) => {
            let _ = writeln!(out, "    $ {command}");
            for artifact in expected.iter().filter(|artifact| artifact.kind.is_test()) {
                let _ = writeln!(out, "    → tests {} ({})", artifact.test_id(), artifact.target);
            }
            for artifact in expected.iter().filter(|artifact| !artifact.kind.is_test()) {
                let _ = writeln!(
                    out,
                    "    → {} of {} ({})",
                    artifact.name, artifact.package, artifact.target
                );
            }
        }
        Action::Place(plan::Place { files, stamp, signer, .. }) => {
            if let (Some(hash), Some(time)) = (stamp.get("git_hash"), stamp.get("build_time")) {
                let dirty = if stamp.get("git_dirty").is_some_and(|dirty| dirty == "true") {
                    "-dirty"
                } else {
                    ""
                };
                let _ = writeln!(out, "    stamped with {hash}{dirty}, {time}");
            }
            for call in signer.iter().flat_map(|signer| &signer.calls) {
                let secret = call.secret.as_ref().map(|name| format!(" (reads {name})"));
                let _ = writeln!(out, "    $ {}{}", call.command, secret.unwrap_or_default());
            }
            for file in files {
                let _ = writeln!(out, "    → {}", file.to);
            }
        }
        Action::Join(plan::Join { files, .. }) => {
            for joined in files {
                let _ = writeln!(out, "    → {}", joined.file.to);
            }
        }
        Action::Test(plan::Test { executables, nextest, archive, .. }) => {
            for command in nextest.iter().chain(archive) {
                let _ = writeln!(out, "    $ {command}");
            }
            for executable in executables {
                let _ = writeln!(out, "    → {}", executable.test_id());
            }
        }
        Action::Smoke(plan::Smoke { runner, reason, calls, .. }) => {
            let _ = match runner {
                Some(runner) => writeln!(out, "    by {runner}: {reason}"),
                None => writeln!(out, "    not run: {reason}"),
            };
            for call in calls {
                let _ = writeln!(out, "    $ {} {}", file_name(&call.file), call.args.join(" "));
            }
        }
        Action::Package(plan::Package { contents, .. }) => {
            for file in contents {
                let _ = writeln!(out, "    + {}", file.name);
            }
        }
        _ => {}
    }
}
