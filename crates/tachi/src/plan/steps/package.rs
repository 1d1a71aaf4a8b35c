//! Packaging: one archive for each cargo package and target that has files for users.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use tachi_schema::plan::{ArtifactKind, Item, Package, PackedFile, PlacedFile, Step};

use super::join;
use crate::package::checksum;
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
    let mut by_package: BTreeMap<String, Vec<PackedFile>> = BTreeMap::new();
    for placed in join::placed(planner.steps(), target) {
        if !downloads::is_packaged(&placed.artifact.package, &brief.facts.package_settings) {
            continue;
        }
        let package = placed.artifact.package.clone();
        by_package.entry(package).or_default().push(packed(placed));
    }
    let mut drafts = Vec::new();
    for package in &selection.packages {
        let Some(mut contents) = by_package.remove(package.name()) else { continue };
        let mut inputs: Vec<Item> = contents.iter().map(|packed| file(&packed.from)).collect();
        inputs.extend(Some(proof(target)).filter(|proof| planner.makes(proof)));
        let documents = brief.facts.documents.get(package.name()).into_iter().flatten();
        for path in documents {
            inputs.push(Item::Source { path: path.to_string() });
            contents.push(document(path));
        }
        let stem = format!("{}-{}-{target}", package.name(), package.version());
        for file in &mut contents {
            file.name = format!("{stem}/{}", file.name);
        }
        contents.sort_by(|a, b| a.name.cmp(&b.name));
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
    use tachi_schema::plan::Action;
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

/// A placed file in an archive. Examples have a folder there, too: an example and a program may
/// have the same name.
fn packed(placed: PlacedFile) -> PackedFile {
    let PlacedFile { artifact, to: from } = placed;
    let name = from.rsplit('/').next().unwrap_or(&from);
    let name = match artifact.kind {
        ArtifactKind::Example => format!("examples/{name}"),
        _ => name.to_owned(),
    };
    PackedFile { from, name, executable: artifact.kind != ArtifactKind::Staticlib }
}

fn document(path: &Utf8PathBuf) -> PackedFile {
    let name = path.file_name().unwrap_or(path.as_str()).to_owned();
    PackedFile { from: path.to_string(), name, executable: false }
}
