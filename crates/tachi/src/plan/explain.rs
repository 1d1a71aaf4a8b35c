//! The plan for people: a tree that says why, and a graph for Graphviz.

use std::fmt::Write;

use tachi_schema::plan::{self, Action, ActionKind, Plan, Step};

/// The plan as an indented list: targets with their kits, then the steps with their reasons.
pub fn tree(plan: &Plan) -> String {
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

/// What a step does, on one line.
pub fn title(step: &Step) -> String {
    let verb = match step.action.kind() {
        ActionKind::Fetch | ActionKind::PrepareStd => "bring",
        ActionKind::AssembleKit => "assemble",
        ActionKind::Compile => "compile",
        ActionKind::Place => "place",
        ActionKind::Join => "join",
        ActionKind::Test => "test",
        ActionKind::Smoke => "run",
        ActionKind::Package => "package",
        ActionKind::WriteLock | ActionKind::WriteManifest => "write",
        _ => "do",
    };
    format!("{verb} {}", subject(step))
}

/// What a step does it to.
pub fn subject(step: &Step) -> String {
    match &step.action {
        Action::Fetch(fetch) => format!("{} {}", fetch.tool, fetch.version),
        Action::AssembleKit(kit) => format!("{} for {}", kit.kit, kit.target),
        Action::PrepareStd(std) => format!("std for {}", std.target),
        Action::WriteLock(lock) => file_name(&lock.file).to_owned(),
        Action::Compile(compile) => {
            let files = count(compile.expected.len(), "file");
            format!("{files} for {}", compile.targets.join(", "))
        }
        Action::Place(place) => {
            format!("{} for {}", count(place.files.len(), "file"), place.target)
        }
        Action::Join(join) => format!("{} for {}", count(join.files.len(), "file"), join.target),
        Action::Test(test) => {
            let through = test.runner.as_ref().map(|name| format!(" through {name}"));
            let count = count(test.executables.len(), "executable");
            format!("{count} for {}{}", test.target, through.unwrap_or_default())
        }
        Action::Smoke(smoke) => {
            format!("{} for {}", count(smoke.calls.len(), "program"), smoke.target)
        }
        Action::Package(package) => file_name(&package.archive).to_owned(),
        Action::WriteManifest(manifest) => tail(&manifest.file).to_owned(),
        _ => step.id.to_string(),
    }
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

/// The plan as a graph in the [DOT language](https://graphviz.org/doc/info/lang.html).
pub fn dot(plan: &Plan) -> String {
    let mut out = String::from("digraph plan {\n  rankdir = LR;\n  node [shape = box];\n");
    for step in &plan.steps {
        let _ = writeln!(
            out,
            "  {:?} [label = {:?}, tooltip = {:?}];",
            step.id.as_str(),
            title(step),
            step.why
        );
        for need in &step.needs {
            let _ = writeln!(out, "  {:?} -> {:?};", need.as_str(), step.id.as_str());
        }
    }
    out.push_str("}\n");
    out
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The last two components of a path: enough to tell the manifests apart.
fn tail(path: &str) -> &str {
    path.rmatch_indices('/').nth(1).map_or(path, |(at, _)| &path[at + 1..])
}
