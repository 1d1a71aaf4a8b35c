//! Where files go: under `tachi/` in cargo's target folder.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::plan::{Artifact, ArtifactKind};

use crate::target::TargetFacts;

/// The name of every manifest.
pub const MANIFEST: &str = "manifest.json";

/// Tachi's part of the target folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// `<target folder>/tachi/<profile>`: the finished files.
    pub finished: Utf8PathBuf,
    /// `<target folder>/tachi/dist`: the packages.
    pub dist: Utf8PathBuf,
    target_dir: Utf8PathBuf,
    profile_folder: String,
}

impl Layout {
    /// The layout below cargo's target folder for a profile's folder name.
    pub fn new(target_dir: &Utf8Path, profile_folder: &str) -> Self {
        let root = target_dir.join("tachi");
        Self {
            finished: root.join(profile_folder),
            dist: root.join("dist"),
            target_dir: target_dir.to_owned(),
            profile_folder: profile_folder.to_owned(),
        }
    }

    /// Where cargo puts what it compiles for `target`, which it was given with `--target` or else
    /// is the host.
    pub fn compiled(&self, target: Option<&TargetFacts>) -> Utf8PathBuf {
        let folder = match target {
            Some(target) => self.target_dir.join(target.triple),
            None => self.target_dir.clone(),
        };
        folder.join(&self.profile_folder)
    }

    /// Where a finished file goes.
    pub fn file(&self, artifact: &Artifact, target: &TargetFacts) -> Utf8PathBuf {
        let folder = self.finished.join(target.triple);
        let folder = match &artifact.variant {
            Some(variant) => folder.join(variant),
            None => folder,
        };
        match artifact.kind {
            // An example and a binary may have the same name.
            ArtifactKind::Example => folder.join("examples").join(file_name(artifact, target)),
            _ => folder.join(file_name(artifact, target)),
        }
    }
}

/// The name of a finished file: the target decides, not the host.
pub fn file_name(artifact: &Artifact, target: &TargetFacts) -> String {
    match artifact.kind {
        ArtifactKind::Executable
        | ArtifactKind::Example
        | ArtifactKind::LibraryTest
        | ArtifactKind::BinaryTest
        | ArtifactKind::ExampleTest
        | ArtifactKind::IntegrationTest
        | ArtifactKind::BenchmarkTest => target.executable_name(&artifact.name),
        ArtifactKind::Cdylib => target.cdylib_name(&artifact.name),
        ArtifactKind::NodeAddon => target.node_addon_name(&artifact.name),
        ArtifactKind::Staticlib => target.staticlib_name(&artifact.name),
        _ => artifact.name.clone(),
    }
}
