//! The plan in words: what a step does, and the whole plan for people and for Graphviz.

use tachi_schema::plan::{Action, ActionKind, Step};

mod full;
mod graph;
mod screen;

pub use full::full;
pub use graph::dot;
pub use screen::screen;

/// What a step does, on one line.
pub fn title(step: &Step) -> String {
    format!("{} {}", verb(step.action.kind()), subject(step))
}

fn verb(kind: ActionKind) -> &'static str {
    match kind {
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
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_verb() {
        let unnamed = ActionKind::ALL.iter().filter(|&&kind| verb(kind) == "do");
        assert_eq!(unnamed.collect::<Vec<_>>(), [&ActionKind::Unknown; 0]);
    }
}
