//! Assembles the kit of a target: wrappers, stubs of an SDK, objects.

use tachi_schema::plan::{AssembleKit, Item};

use super::fetch;
use crate::plan::planner::Draft;
use crate::plan::target::TargetBuild;

/// The step that assembles the kit of `target`; none if the kit has no files of Tachi's.
pub(in crate::plan) fn draft(target: &TargetBuild) -> Option<Draft> {
    target.kit.needs_zig().then(|| Draft {
        subject: target.triple.clone(),
        why: target.kit.reason.clone(),
        action: AssembleKit { target: target.triple.clone(), kit: target.kit.name() }.into(),
        inputs: vec![fetch::tool()],
        outputs: vec![kit(&target.triple)],
    })
}

/// The kit of a target, as steps hand it on.
pub(in crate::plan) fn kit(triple: &str) -> Item {
    Item::Kit { target: triple.to_owned() }
}
