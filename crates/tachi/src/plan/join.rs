//! The universal target: what the two macOS targets have in common, joined.

use tachi_schema::plan::{Action, Artifact, ArtifactKind, JoinedFile, PlacedFile, Step};

use super::layout::Layout;
use super::release::Shipped;
use crate::target::set::{UNIVERSAL_DARWIN, UNIVERSAL_DARWIN_PARTS};

/// The universal files that come of what `steps` place: those that both architectures have,
/// matched by what they are.
pub(super) fn files(steps: &[Step], layout: &Layout) -> Vec<JoinedFile> {
    let [first, second] = UNIVERSAL_DARWIN_PARTS.map(|triple| placed(steps, triple));
    let same =
        |a: &Artifact, b: &Artifact| (&a.package, &a.name, a.kind) == (&b.package, &b.name, b.kind);
    first
        .into_iter()
        .filter_map(|one| {
            let other = second.iter().find(|other| same(&one.artifact, &other.artifact))?;
            let name = one.to.rsplit('/').next()?;
            let folder = layout.finished.join(UNIVERSAL_DARWIN);
            let folder = match one.artifact.kind {
                ArtifactKind::Example => folder.join("examples"),
                _ => folder,
            };
            let artifact = Artifact { target: UNIVERSAL_DARWIN.to_owned(), ..one.artifact.clone() };
            Some(JoinedFile {
                file: PlacedFile { artifact, to: folder.join(name).into_string() },
                parts: vec![one.to.clone(), other.to.clone()],
            })
        })
        .collect()
}

/// The step that joins them, if there are any.
pub(super) fn step(files: &[JoinedFile]) -> Option<Step> {
    (!files.is_empty()).then(|| Step {
        id: format!("join:{UNIVERSAL_DARWIN}"),
        why: "one file for every Mac".into(),
        needs: UNIVERSAL_DARWIN_PARTS.map(|triple| format!("place:{triple}")).to_vec(),
        action: Action::Join { target: UNIVERSAL_DARWIN.to_owned(), files: files.to_vec() },
    })
}

/// A universal file as users get it.
pub(super) fn shipped(joined: &JoinedFile) -> Shipped {
    let from = joined.file.to.clone();
    let name = from.rsplit('/').next().unwrap_or(&from).to_owned();
    Shipped { artifact: joined.file.artifact.clone(), from, name }
}

/// The files that `steps` place for a target.
pub(super) fn placed(steps: &[Step], triple: &str) -> Vec<PlacedFile> {
    let of_step = |step: &Step| match &step.action {
        Action::Place { target, files, .. } if target == triple => files.clone(),
        _ => Vec::new(),
    };
    steps.iter().flat_map(of_step).collect()
}
