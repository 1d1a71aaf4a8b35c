//! Packaging: one archive for each cargo package and target that has files for users.

use std::collections::BTreeMap;

use tachi_schema::plan::{Action, Item, Package, PlacedFile, Step};

use super::join;
use crate::package::{checksum, listing};
use crate::plan::brief::Brief;
use crate::plan::downloads;
use crate::plan::planner::{Draft, Planner, file};
use crate::workspace::select::Selection;

/// The steps that package what the plan places for `target`.
pub(in crate::plan) fn drafts(
    target: &str,
    selection: &Selection<'_>,
    brief: &Brief<'_>,
    planner: &Planner,
) -> Vec<Draft> {
    let mut by_package: BTreeMap<String, Vec<PlacedFile>> = BTreeMap::new();
    for placed in join::placed(planner.steps(), target) {
        if downloads::is_packaged(&placed.artifact.package, &brief.facts.package_settings) {
            by_package.entry(placed.artifact.package.clone()).or_default().push(placed);
        }
    }
    let mut drafts = Vec::new();
    for package in &selection.packages {
        let Some(files) = by_package.remove(package.name()) else { continue };
        let documents = brief.facts.documents.get(package.name()).map_or(&[][..], Vec::as_slice);
        let mut inputs: Vec<Item> = files.iter().map(|placed| file(&placed.to)).collect();
        inputs.extend(documents.iter().map(|path| Item::Source { path: path.to_string() }));
        inputs.extend(Some(proof(target)).filter(|proof| planner.makes(proof)));
        let stem = listing::stem(package.name(), package.version(), target);
        let contents = listing::contents(&stem, files, documents);
        let archive = brief.layout.dist.join(format!("{stem}.tar.gz"));
        let checksum = checksum::path_beside(&archive);
        drafts.push(Draft {
            subject: stem,
            why: "what users download: the files, the licences, a checksum".into(),
            inputs,
            outputs: vec![file(archive.as_str()), file(checksum)],
            action: Package {
                target: target.to_owned(),
                package: package.name().to_owned(),
                archive: archive.into_string(),
                contents,
            }
            .into(),
        });
    }
    drafts
}

/// The archives that `steps` write.
pub(in crate::plan) fn archives(steps: &[Step]) -> Vec<String> {
    let of_step = |step: &Step| match &step.action {
        Action::Package(package) => Some(package.archive.clone()),
        _ => None,
    };
    steps.iter().filter_map(of_step).collect()
}

/// The proof that the programs of a target start and answer.
pub(in crate::plan) fn proof(target: &str) -> Item {
    Item::Proof { target: target.to_owned() }
}
