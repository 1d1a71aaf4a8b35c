//! Proves that a plan is sound: what the engine and every reader of a plan rely on. Run for each
//! plan in debug builds and in tests.

use std::collections::{BTreeMap, BTreeSet};

use tachi_schema::plan::{Action, Item, Plan, Step, StepId};

/// What is wrong with `plan`, one sentence each; nothing if it is sound:
/// - ids are unique, and so is what steps make;
/// - a step comes after all that it needs, so that there is no circle;
/// - what a step reads is a source, or made by a step that it needs;
/// - names within one archive are unique.
pub fn check(plan: &Plan) -> Vec<String> {
    let mut faults = Vec::new();
    let mut before: BTreeSet<&StepId> = BTreeSet::new();
    let mut makers: BTreeMap<&Item, &StepId> = BTreeMap::new();
    for step in &plan.steps {
        for need in step.needs.iter().filter(|need| !before.contains(need)) {
            faults.push(format!("{} needs {need}, which is no step before it", step.id));
        }
        let needs: BTreeSet<&StepId> = step.needs.iter().collect();
        faults.extend(step.inputs.iter().filter_map(|input| unmade(step, input, &needs, &makers)));
        for output in &step.outputs {
            if let Some(other) = makers.insert(output, &step.id) {
                faults.push(format!("{} and {other} both make {output:?}", step.id));
            }
        }
        faults.extend(twice_in_archive(step));
        if !before.insert(&step.id) {
            faults.push(format!("{} is the id of two steps", step.id));
        }
    }
    faults
}

/// The fault, if no step that `step` needs makes `input`.
fn unmade(
    step: &Step,
    input: &Item,
    needs: &BTreeSet<&StepId>,
    makers: &BTreeMap<&Item, &StepId>,
) -> Option<String> {
    if matches!(input, Item::Source { .. }) {
        return None;
    }
    match makers.get(input) {
        None => Some(format!("{} reads {input:?}, which no step before it makes", step.id)),
        Some(maker) if !needs.contains(maker) => {
            Some(format!("{} reads {input:?} and does not need {maker}", step.id))
        }
        Some(_) => None,
    }
}

fn twice_in_archive(step: &Step) -> Vec<String> {
    let Action::Package(package) = &step.action else { return Vec::new() };
    let mut names = BTreeSet::new();
    let twice = package.contents.iter().filter(|packed| !names.insert(&packed.name));
    twice.map(|packed| format!("{} packs two files as {}", step.id, packed.name)).collect()
}

/// A plan of these steps, for tests.
#[cfg(test)]
pub(super) fn made_up(steps: Vec<Step>) -> Plan {
    Plan {
        format: tachi_schema::plan::FORMAT,
        tachi: String::new(),
        workspace_root: String::new(),
        rustc: String::new(),
        profile: String::new(),
        targets: Vec::new(),
        steps,
        notes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use tachi_schema::plan::{ActionKind, Fetch, Package, PackedFile};

    use super::*;

    fn tool(name: &str) -> Item {
        Item::Tool { name: name.into() }
    }

    fn id(subject: &str) -> StepId {
        StepId::new(ActionKind::Fetch, subject)
    }

    /// A step that makes the tools `outputs` of the tools `inputs`.
    fn step(subject: &str, needs: &[&str], inputs: &[&str], outputs: &[&str]) -> Step {
        let tools = |names: &[&str]| names.iter().copied().map(tool).collect();
        Step {
            id: id(subject),
            why: String::new(),
            needs: needs.iter().copied().map(id).collect(),
            inputs: tools(inputs),
            outputs: tools(outputs),
            action: Fetch { tool: subject.into(), version: "1".into() }.into(),
        }
    }

    fn faults(steps: Vec<Step>) -> String {
        check(&made_up(steps)).join("\n")
    }

    #[test]
    fn a_chain_of_steps_is_sound() {
        let chain = vec![
            step("a", &[], &[], &["1"]),
            step("b", &["a"], &["1"], &["2"]),
            step("c", &["a", "b"], &["1", "2"], &[]),
        ];
        assert_eq!(faults(chain), "");
    }

    #[test]
    fn each_fault_is_named() {
        let source = |text: &str| Item::Source { path: text.into() };
        let mut reads_source = step("a", &[], &[], &[]);
        reads_source.inputs.push(source("/LICENSE"));
        assert_eq!(faults(vec![reads_source]), "");
        for (steps, expected) in [
            (
                vec![step("a", &[], &[], &[]), step("a", &[], &[], &[])],
                "fetch:a is the id of two steps",
            ),
            (
                vec![step("a", &["b"], &[], &[]), step("b", &["a"], &[], &[])],
                "fetch:a needs fetch:b, which is no step before it",
            ),
            (
                vec![step("a", &[], &[], &["1"]), step("b", &[], &[], &["1"])],
                "fetch:b and fetch:a both make Tool { name: \"1\" }",
            ),
            (
                vec![step("a", &[], &["1"], &[])],
                "fetch:a reads Tool { name: \"1\" }, which no step before it makes",
            ),
            (
                vec![step("a", &[], &[], &["1"]), step("b", &[], &["1"], &[])],
                "fetch:b reads Tool { name: \"1\" } and does not need fetch:a",
            ),
        ] {
            assert_eq!(faults(steps), expected);
        }
    }

    #[test]
    fn two_files_of_one_name_in_an_archive_are_a_fault() {
        let packed = |from: &str| PackedFile {
            from: from.into(),
            name: "app-1/app".into(),
            executable: true,
        };
        let package = Package {
            target: "t".into(),
            package: "app".into(),
            archive: "/a.tar.gz".into(),
            contents: vec![packed("/app"), packed("/examples/app")],
        };
        let step = Step { action: package.into(), ..step("a", &[], &[], &[]) };
        assert_eq!(faults(vec![step]), "fetch:a packs two files as app-1/app");
    }
}
