//! Writing the manifest of a folder of finished files or packages.

use camino::Utf8Path;
use tachi_schema::plan::WriteManifest;

use crate::plan::layout::MANIFEST;
use crate::plan::planner::{Draft, file};

/// The step that writes the manifest of `files` into `folder`. `subject` tells the manifests of
/// a plan apart.
pub(in crate::plan) fn draft(subject: &str, folder: &Utf8Path, files: Vec<String>) -> Draft {
    let path = folder.join(MANIFEST).into_string();
    Draft {
        subject: subject.to_owned(),
        why: "lists the files, their sources and their checksums".into(),
        inputs: files.iter().map(file).collect(),
        outputs: vec![file(&path)],
        action: WriteManifest { file: path, lists: files }.into(),
    }
}
