//! Writing `tachi.lock`, where the workspace has none and something was fetched.

use tachi_schema::plan::WriteLock;

use super::fetch;
use crate::plan::brief::Brief;
use crate::plan::planner::{Draft, file};
use crate::toolchain::lockfile::FILE_NAME;

/// The step that writes the lock file; none where there is one, or `--locked` forbids it.
pub(in crate::plan) fn draft(brief: &Brief<'_>) -> Option<Draft> {
    let is_wanted = !brief.request.lock.locked && !brief.facts.has_lockfile;
    let path = brief.facts.workspace.root().join(FILE_NAME).into_string();
    is_wanted.then(|| Draft {
        subject: FILE_NAME.into(),
        why: "pins the fetched tools, so that other machines fetch the same".into(),
        action: WriteLock { file: path.clone() }.into(),
        inputs: vec![fetch::tool()],
        outputs: vec![file(path)],
    })
}
