//! The planner: collects steps in order and wires each one to those that make what it reads.

use std::collections::BTreeMap;

use tachi_schema::plan::{Action, Artifact, Item, Step, StepId};

/// A step before it has its place in a plan.
#[derive(Debug)]
pub(super) struct Draft {
    /// What the step does its action to: a triple, a number, a file name. It tells steps of one
    /// kind apart.
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
        let mut needs: Vec<StepId> = Vec::new();
        for maker in inputs.iter().filter_map(|input| self.makers.get(input)) {
            if !needs.contains(maker) {
                needs.push(maker.clone());
            }
        }
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
