//! Fetches zig, if a kit of the plan needs it.

use tachi_schema::plan::{Fetch, Item};

use crate::plan::planner::Draft;
use crate::plan::target::TargetBuild;

/// The tool that kits are assembled from.
pub(in crate::plan) const ZIG: &str = "zig";

/// The step that fetches zig in `version`; none if no target needs it.
pub(in crate::plan) fn zig(targets: &[TargetBuild], version: &str) -> Option<Draft> {
    let users: Vec<&str> = targets
        .iter()
        .filter(|target| target.kit.needs_zig())
        .map(|target| target.triple.as_str())
        .collect();
    (!users.is_empty()).then(|| Draft {
        subject: ZIG.into(),
        why: format!("links and compiles C for {}", users.join(", ")),
        action: Fetch { tool: ZIG.into(), version: version.to_owned() }.into(),
        inputs: Vec::new(),
        outputs: vec![tool()],
    })
}

/// zig, as steps hand it on.
pub(in crate::plan) fn tool() -> Item {
    Item::Tool { name: ZIG.into() }
}
