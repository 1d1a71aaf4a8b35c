//! The plan on a screen: targets in a table, one line for each group of targets whose files are
//! treated alike, commands without the parts that only machines read.

use std::collections::BTreeMap;
use std::fmt::Write;

use tachi_schema::Command;
use tachi_schema::plan::{Action, Artifact, Compile, Plan, StdSource, Step, Target};

use super::{count, file_name, title};

/// Stands for a target's triple where several targets share a line.
const TARGET: &str = "<target>";
/// The largest number of names on a line.
const NAMES: usize = 6;
/// The column that lists of targets are wrapped at.
const WIDTH: usize = 100;

/// The plan for people.
pub fn screen(plan: &Plan) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ =
        writeln!(out, "{} · rustc {} · profile {}", plan.workspace_root, plan.rustc, plan.profile);
    if let Some(stamp) = stamp(plan) {
        let _ = writeln!(out, "stamped with {stamp}");
    }
    out.push('\n');
    targets(&mut out, plan);
    section(&mut out, "first", &preparations(plan));
    calls(&mut out, plan);
    for (targets, lines) in groups(plan) {
        section(&mut out, &listed(plan, &targets, ""), &lines);
    }
    section(&mut out, "last", &endings(plan));
    for note in &plan.notes {
        let _ = writeln!(out, "\nnote: {note}");
    }
    out.push_str("\n-v shows every step with its reason, its exact command and environment\n");
    out
}

/// A verb and what is done.
type Line = (&'static str, Vec<String>);

/// Adds to the line that has the verb already, if there is one.
fn add(lines: &mut Vec<Line>, (verb, objects): Line) {
    match lines.iter_mut().find(|(known, _)| *known == verb) {
        Some((_, known)) => known.extend(objects),
        None => lines.push((verb, objects)),
    }
}

fn section(out: &mut String, heading: &str, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{heading}");
    for (verb, objects) in lines {
        let _ = writeln!(out, "  {verb:8} {}", names(objects));
    }
}

/// A row for each target: what links it, where its std comes from, what the result needs, and
/// what runs its programs here.
fn targets(out: &mut String, plan: &Plan) {
    let runs = plan.steps.iter().any(|step| runner(step).is_some());
    let mut rows = vec![["target", "kit", "std", "needs", if runs { "run by" } else { "" }]];
    let floors: Vec<String> = plan.targets.iter().map(floor).collect();
    for (target, floor) in plan.targets.iter().zip(&floors) {
        let std = match target.std {
            StdSource::Sysroot => "installed",
            StdSource::Rustup => "from rustup",
            StdSource::Source => "from source",
            _ => "other",
        };
        let runner = plan.steps.iter().find_map(|step| {
            runner(step).filter(|(triple, _)| *triple == target.triple).map(|(_, runner)| runner)
        });
        let nothing = if runs { "nothing here" } else { "" };
        let runner = runner.flatten().unwrap_or(nothing);
        rows.push([&target.triple, &target.kit, std, floor, runner]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..5).map(|column| width(column).unwrap_or(0)).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).filter(|(_, width)| **width > 0);
        let line: Vec<String> = cells.map(|(cell, &width)| format!("{cell:width$}")).collect();
        let _ = writeln!(out, "{}", line.join("  ").trim_end());
    }
    for target in &plan.targets {
        // Flags from the kit and trim-paths are the same for everybody.
        let asked = |source: &str| !matches!(source, "kit" | "trim-paths");
        let flags: Vec<String> = target
            .rustflags
            .iter()
            .filter(|flag| asked(&flag.source))
            .map(|flag| format!("{} [{}]", flag.flag, flag.source))
            .collect();
        if !flags.is_empty() {
            let _ = writeln!(out, "{}: {}", target.triple, flags.join(" "));
        }
    }
}

fn floor(target: &Target) -> String {
    match (&target.glibc, &target.minimum_os) {
        (Some(glibc), _) => format!("glibc {glibc}"),
        (None, Some(system)) => format!("macOS {system}"),
        (None, None) => String::new(),
    }
}

/// The target whose programs a step runs, and what runs them.
fn runner(step: &Step) -> Option<(&str, Option<&str>)> {
    match &step.action {
        Action::Smoke(smoke) => Some((&smoke.target, smoke.runner.as_deref())),
        Action::Test(test) => Some((&test.target, test.runner.as_deref())),
        _ => None,
    }
}

/// What is fetched or built before cargo can compile. The table has the kits.
fn preparations(plan: &Plan) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut libraries = Vec::new();
    for step in &plan.steps {
        match &step.action {
            Action::Fetch(fetch) => {
                lines.push(("bring", vec![format!("{} {}", fetch.tool, fetch.version)]));
            }
            Action::PrepareStd(std) => libraries.push(std.target.as_str()),
            Action::WriteLock(lock) => lines.push(("write", vec![inside(plan, &lock.file)])),
            _ => {}
        }
    }
    if !libraries.is_empty() {
        let targets = listed(plan, &libraries, "                   ");
        lines.push(("bring", vec![format!("std for {targets}")]));
    }
    lines
}

/// Cargo's calls.
fn calls(out: &mut String, plan: &Plan) {
    let calls: Vec<(&Step, &Compile)> = plan
        .steps
        .iter()
        .filter_map(|step| match &step.action {
            Action::Compile(compile) => Some((step, compile)),
            _ => None,
        })
        .collect();
    if calls.is_empty() {
        return;
    }
    out.push_str("\ncompile\n");
    for (step, compile) in &calls {
        let files = count(compile.expected.len(), "file");
        let triples: Vec<&str> = compile.targets.iter().map(String::as_str).collect();
        let _ = writeln!(out, "  {files} for {}", listed(plan, &triples, "    "));
        if calls.len() > 1 {
            let _ = writeln!(out, "    {}", step.why);
        }
        let cache = compile.compiler_cache.as_ref().map(|cache| file_name(&cache.program));
        let cache = cache.map(|cache| format!("  (through {cache})")).unwrap_or_default();
        let _ = writeln!(out, "    $ {}{cache}", shortened(&compile.command));
    }
}

/// The command as a user of cargo would type it: without the environment, without the targets,
/// which the line above names, and without what kits and trim-paths tell rustc.
fn shortened(command: &Command) -> Command {
    let mut short = Command::new(file_name(&command.program));
    let mut args = command.args.iter();
    while let Some(arg) = args.next() {
        let value = |args: &mut std::slice::Iter<'_, String>| args.next().cloned();
        match arg.as_str() {
            "--target" => drop(value(&mut args)),
            "--config" => {
                let setting = value(&mut args).unwrap_or_default();
                if !(setting.starts_with("target.") && setting.contains(".rustflags=")) {
                    short = short.args([arg.clone(), setting]);
                }
            }
            _ => short = short.arg(arg),
        }
    }
    short
}

/// What is done to the files of each target; targets that are treated alike are together.
fn groups(plan: &Plan) -> Vec<(Vec<&str>, Vec<Line>)> {
    let mut order: Vec<&str> = Vec::new();
    let mut by_target = BTreeMap::<&str, Vec<Line>>::new();
    for step in &plan.steps {
        let Some((target, lines)) = about_files(step) else { continue };
        if !order.contains(&target) {
            order.push(target);
        }
        let own = by_target.entry(target).or_default();
        for line in lines {
            add(own, line);
        }
    }
    let mut groups: Vec<(Vec<&str>, Vec<Line>)> = Vec::new();
    for target in order {
        let lines = by_target.remove(target).unwrap_or_default();
        match groups.iter_mut().find(|(_, known)| *known == lines) {
            Some((targets, _)) => targets.push(target),
            None => groups.push((vec![target], lines)),
        }
    }
    if let [(targets, lines)] = groups.as_mut_slice()
        && let [target] = targets.as_slice()
    {
        for text in lines.iter_mut().flat_map(|(_, objects)| objects) {
            *text = text.replace(TARGET, target);
        }
    }
    groups
}

/// What a step does to the files of which target, with [`TARGET`] for the triple.
fn about_files(step: &Step) -> Option<(&str, Vec<Line>)> {
    let mut lines = Vec::new();
    let target = match &step.action {
        Action::Place(place) => {
            let files = place.files.iter().map(|file| file_name(&file.to).to_owned());
            lines.push(("place", files.collect()));
            lines.extend(place.signer.as_ref().map(|signer| ("sign", vec![signer.name.clone()])));
            &place.target
        }
        Action::Join(join) => {
            let files = join.files.iter().map(|file| file_name(&file.file.to).to_owned());
            lines.push(("join", files.collect()));
            &join.target
        }
        Action::Smoke(smoke) => {
            let calls = smoke.calls.iter().filter(|_| smoke.runner.is_some());
            let calls = calls.map(|one| format!("{} {}", file_name(&one.file), one.args.join(" ")));
            lines.push(("run", calls.collect()));
            &smoke.target
        }
        Action::Test(test) => {
            let verb = if test.runner.is_some() { "test" } else { "compile" };
            lines.push((verb, test.executables.iter().map(Artifact::test_id).collect()));
            let nextest =
                test.nextest.iter().map(|_| ("through", vec!["cargo-nextest".to_owned()]));
            lines.extend(nextest);
            let archive = test.archive.iter();
            lines.extend(archive.map(|_| ("archive", vec!["for cargo-nextest".to_owned()])));
            &test.target
        }
        Action::Package(package) => {
            let name = file_name(&package.archive).replace(&package.target, TARGET);
            lines.push(("package", vec![name]));
            &package.target
        }
        _ => return None,
    };
    lines.retain(|(_, objects)| !objects.is_empty());
    Some((target, lines))
}

/// Steps that wait for all files, and steps that this file does not know.
fn endings(plan: &Plan) -> Vec<Line> {
    let mut lines = Vec::new();
    for step in &plan.steps {
        match &step.action {
            Action::WriteManifest(manifest) => {
                add(&mut lines, ("write", vec![inside(plan, &manifest.file)]));
            }
            Action::Unknown => lines.push(("do", vec![title(step)])),
            _ => {}
        }
    }
    lines
}

/// The commit and the time that the files are stamped with.
fn stamp(plan: &Plan) -> Option<String> {
    let stamp = plan.steps.iter().find_map(|step| match &step.action {
        Action::Place(place) if !place.stamp.is_empty() => Some(&place.stamp),
        _ => None,
    })?;
    let dirty = stamp.get("git_dirty").is_some_and(|dirty| dirty == "true");
    let dirty = if dirty { "-dirty" } else { "" };
    Some(format!("{}{dirty}, {}", stamp.get("git_hash")?, stamp.get("build_time")?))
}

/// Names on a line; where there are many, the first and how many more.
fn names(names: &[String]) -> String {
    let shown = names[..names.len().min(NAMES)].join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The targets, wrapped over several lines; "all targets" if they are all of the plan's.
fn listed(plan: &Plan, targets: &[&str], indent: &str) -> String {
    if targets.len() > 1 && plan.targets.iter().all(|one| targets.contains(&one.triple.as_str())) {
        return "all targets".to_owned();
    }
    let mut text = String::new();
    let mut column = 0;
    for (at, target) in targets.iter().enumerate() {
        if at > 0 && column + target.len() > WIDTH {
            let _ = write!(text, ",\n{indent}");
            column = 0;
        } else if at > 0 {
            text.push_str(", ");
        }
        text.push_str(target);
        column += target.len() + 2;
    }
    text
}

/// A path from the workspace's folder on, if it is in there.
fn inside(plan: &Plan, path: &str) -> String {
    let inside = path.strip_prefix(&plan.workspace_root).and_then(|path| path.strip_prefix('/'));
    inside.unwrap_or(path).to_owned()
}
