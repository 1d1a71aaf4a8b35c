//! Joins the files of the two macOS targets into universal ones.

use tachi_schema::plan::{Action, Artifact, ArtifactKind, Join, JoinedFile, PlacedFile, Step};

use crate::plan::layout::Layout;
use crate::plan::planner::{Draft, file};
use crate::target::set::{UNIVERSAL_DARWIN, UNIVERSAL_DARWIN_PARTS};

/// The step that joins what `steps` place for both architectures; none where nothing pairs.
pub(in crate::plan) fn draft(steps: &[Step], layout: &Layout) -> Option<Draft> {
    let files = files(steps, layout);
    (!files.is_empty()).then(|| Draft {
        subject: UNIVERSAL_DARWIN.to_owned(),
        why: "one file for every Mac".into(),
        inputs: files.iter().flat_map(|joined| joined.parts.iter().map(file)).collect(),
        outputs: files.iter().map(|joined| file(&joined.file.to)).collect(),
        action: Join { target: UNIVERSAL_DARWIN.to_owned(), files }.into(),
    })
}

/// The universal files: those that both architectures have, matched by what they are.
fn files(steps: &[Step], layout: &Layout) -> Vec<JoinedFile> {
    let [first, second] = UNIVERSAL_DARWIN_PARTS.map(|triple| placed(steps, triple));
    let universal =
        |one: &Artifact| Artifact { target: UNIVERSAL_DARWIN.to_owned(), ..one.clone() };
    first
        .iter()
        .filter_map(|one| {
            let artifact = universal(&one.artifact);
            let other = second.iter().find(|other| universal(&other.artifact) == artifact)?;
            let name = one.to.rsplit('/').next()?;
            let folder = layout.finished.join(UNIVERSAL_DARWIN);
            let folder = match artifact.kind {
                ArtifactKind::Example => folder.join("examples"),
                _ => folder,
            };
            Some(JoinedFile {
                file: PlacedFile { artifact, to: folder.join(name).into_string() },
                parts: vec![one.to.clone(), other.to.clone()],
            })
        })
        .collect()
}

/// The files that `steps` place for a target.
pub(in crate::plan) fn placed(steps: &[Step], triple: &str) -> Vec<PlacedFile> {
    let of_step = |step: &Step| match &step.action {
        Action::Place(place) if place.target == triple => place.files.clone(),
        Action::Join(join) if join.target == triple => {
            join.files.iter().map(|joined| joined.file.clone()).collect()
        }
        _ => Vec::new(),
    };
    steps.iter().flat_map(of_step).collect()
}
