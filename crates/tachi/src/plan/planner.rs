//! The planner: collects steps in order and wires each one to those that make what it reads.

use std::collections::{BTreeMap, BTreeSet};

use tachi_schema::plan::{Action, Artifact, Item, Step, StepId};

/// A step that is not in a plan yet.
#[derive(Debug)]
pub(super) struct Draft {
    /// What the step acts on: a triple, a number, a file name. It tells steps of one kind apart.
    pub(super) subject: String,
    /// Why the step is there.
    pub(super) why: String,
    /// What it does.
    pub(super) action: Action,
    /// What it reads.
    pub(super) inputs: Vec<Item>,
    /// What it makes.
    pub(super) outputs: Vec<Item>,
}

/// The steps of a plan so far, and who makes what.
#[derive(Debug, Default)]
pub(super) struct Planner {
    steps: Vec<Step>,
    makers: BTreeMap<Item, StepId>,
}

impl Planner {
    /// Adds a step. It needs each step that makes one of its inputs.
    pub(super) fn add(&mut self, draft: Draft) {
        let Draft { subject, why, action, inputs, outputs } = draft;
        let id = StepId::new(action.kind(), &subject);
        let mut known = BTreeSet::new();
        let makers = inputs.iter().filter_map(|input| self.makers.get(input));
        let needs = makers.filter(|maker| known.insert(*maker)).cloned().collect();
        self.makers.extend(outputs.iter().map(|output| (output.clone(), id.clone())));
        self.steps.push(Step { id, why, needs, inputs, outputs, action });
    }

    /// Adds several steps, in their order.
    pub(super) fn extend(&mut self, drafts: impl IntoIterator<Item = Draft>) {
        drafts.into_iter().for_each(|draft| self.add(draft));
    }

    /// Whether a step before now makes `item`.
    pub(super) fn makes(&self, item: &Item) -> bool {
        self.makers.contains_key(item)
    }

    /// The steps so far.
    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The steps, each one after those that it needs.
    pub(super) fn finish(self) -> Vec<Step> {
        self.steps
    }
}

/// The file at `path`, which a step of the plan writes.
pub(super) fn file(path: impl Into<String>) -> Item {
    Item::File { path: path.into() }
}

/// The compiled file `artifact`, in cargo's folder.
pub(super) fn compiled(artifact: &Artifact) -> Item {
    Item::Compiled(artifact.clone())
}

#[cfg(test)]
mod tests {
    use tachi_schema::plan::{Fetch, Plan};

    use super::*;
    use crate::plan::check::{check, made_up};

    fn step(subject: usize, inputs: impl IntoIterator<Item = usize>) -> Draft {
        let tool = |number: usize| Item::Tool { name: number.to_string() };
        Draft {
            subject: subject.to_string(),
            why: String::new(),
            action: Fetch { tool: subject.to_string(), version: String::new() }.into(),
            inputs: inputs.into_iter().map(tool).collect(),
            outputs: vec![tool(subject)],
        }
    }

    /// Two steps for each file, and one that reads all files, as plans of releases have.
    fn many(steps: usize) -> Plan {
        let mut planner = Planner::default();
        for number in 0..steps - 1 {
            planner.add(step(number, (number % 2 == 1).then(|| number - 1)));
        }
        planner.add(step(steps - 1, (0..steps - 1).filter(|number| number % 2 == 1)));
        made_up(planner.finish())
    }

    #[test]
    fn a_step_needs_each_maker_of_its_inputs_once_and_in_their_order() {
        let mut planner = Planner::default();
        planner.extend([step(0, []), step(1, []), step(2, [1, 0, 1])]);
        let steps = planner.finish();
        assert_eq!(steps[2].needs, [steps[1].id.clone(), steps[0].id.clone()]);
        assert_eq!(check(&made_up(steps)), [""; 0]);
    }

    #[test]
    #[ignore = "a measurement for `cargo xtask bench schedule`"]
    #[expect(clippy::disallowed_methods, reason = "the bench passes its sizes in the environment")]
    fn rounds_of_plans_with_their_proof() {
        let read = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
        let steps = read("TACHI_BENCH_STEPS").unwrap_or(10_000);
        for _ in 0..read("TACHI_BENCH_ROUNDS").unwrap_or(1) {
            let plan = many(steps);
            assert_eq!(plan.steps.len(), steps);
            assert_eq!(check(&plan), [""; 0]);
        }
    }
}
