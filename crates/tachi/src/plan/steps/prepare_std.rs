//! Provides the standard library of a target that the compiler's sysroot lacks.

use tachi_schema::plan::{Item, PrepareStd, StdSource};

use super::assemble_kit::kit;
use crate::plan::planner::Draft;
use crate::plan::target::TargetBuild;

/// The step that brings std for `target`; none where it is in the sysroot.
pub(in crate::plan) fn draft(target: &TargetBuild) -> Option<Draft> {
    let source = target.kit.std;
    // The kit links a std that is built here.
    let inputs = if target.kit.needs_zig() { vec![kit(&target.triple)] } else { Vec::new() };
    (source != StdSource::Sysroot).then(|| Draft {
        subject: target.triple.clone(),
        why: target.kit.std_reason.clone(),
        action: PrepareStd { target: target.triple.clone(), source }.into(),
        inputs,
        outputs: vec![std(&target.triple)],
    })
}

/// The standard library of a target, as steps hand it on.
pub(in crate::plan) fn std(triple: &str) -> Item {
    Item::Std { target: triple.to_owned() }
}
