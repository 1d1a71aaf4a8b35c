//! What is in a package: finished files and documents in one root folder. Pure: the plan computes
//! it, and the formats write it.

use camino::Utf8PathBuf;
use tachi_schema::plan::{ArtifactKind, PackedFile, PlacedFile};

/// The name of a package without its ending, which is its root folder, too:
/// `app-1.0.0-x86_64-unknown-linux-gnu`.
pub fn stem(package: &str, version: &impl std::fmt::Display, target: &str) -> String {
    format!("{package}-{version}-{target}")
}

/// The contents of the package `stem`, sorted by their paths in it.
pub fn contents(stem: &str, files: Vec<PlacedFile>, documents: &[Utf8PathBuf]) -> Vec<PackedFile> {
    let files = files.into_iter().map(file);
    let mut contents: Vec<PackedFile> = files.chain(documents.iter().map(document)).collect();
    for packed in &mut contents {
        packed.name = format!("{stem}/{}", packed.name);
    }
    contents.sort_by(|a, b| a.name.cmp(&b.name));
    contents
}

/// A finished file. Examples have a folder of their own: an example and a program may have the
/// same name.
fn file(placed: PlacedFile) -> PackedFile {
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

#[cfg(test)]
mod tests {
    use tachi_schema::plan::Artifact;

    use super::*;

    #[test]
    fn files_and_documents_are_sorted_in_one_folder_and_examples_have_their_own() {
        let placed = |kind, to: &str| PlacedFile {
            artifact: Artifact {
                target: "t".into(),
                package: "app".into(),
                name: "app".into(),
                kind,
                variant: None,
            },
            to: to.into(),
        };
        let files = vec![
            placed(ArtifactKind::Executable, "/f/app"),
            placed(ArtifactKind::Example, "/f/examples/app"),
            placed(ArtifactKind::Staticlib, "/f/libapp.a"),
        ];
        let stem = stem("app", &"1.0.0", "t");
        let contents = contents(&stem, files, &["/w/README.md".into()]);
        let seen: Vec<_> = contents
            .iter()
            .map(|one| (one.name.as_str(), one.from.as_str(), one.executable))
            .collect();
        assert_eq!(
            seen,
            [
                ("app-1.0.0-t/README.md", "/w/README.md", false),
                ("app-1.0.0-t/app", "/f/app", true),
                ("app-1.0.0-t/examples/app", "/f/examples/app", true),
                ("app-1.0.0-t/libapp.a", "/f/libapp.a", false),
            ]
        );
    }
}
