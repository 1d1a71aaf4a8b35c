//! What only a release has: programs are run, then packaged.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use tachi_schema::plan::{Action, Artifact, ArtifactKind, JoinedFile, PackedFile, Step};

use super::build::{made_for, manifest};
use super::call::Call;
use super::error::PlanError;
use super::layout::{self, Layout};
use super::target::TargetBuild;
use super::{join, smoke};
use crate::facts::Facts;
use crate::request::Request;
use crate::target::set::UNIVERSAL_DARWIN;
use crate::toolchain::runner::Runner;
use crate::workspace::select::Selection;

/// The id of the step that writes the packages' manifest.
pub const DIST_MANIFEST: &str = "dist-manifest";

/// What the steps of a release are made from.
pub(super) struct Release<'a> {
    pub(super) request: &'a Request,
    pub(super) facts: &'a Facts,
    pub(super) layout: &'a Layout,
    pub(super) selection: &'a Selection<'a>,
}

impl Release<'_> {
    /// Adds the steps that run programs, and says what runs them.
    ///
    /// # Errors
    /// A setting cannot be used.
    pub(super) fn prove(
        &self,
        targets: &[TargetBuild],
        steps: &mut Vec<Step>,
    ) -> Result<BTreeMap<String, Runner>, PlanError> {
        let mut runners = BTreeMap::new();
        if self.request.no_smoke {
            return Ok(runners);
        }
        for target in targets {
            let placed = join::placed(steps, &target.triple);
            if let Some((step, runner)) = smoke::step(target, &placed, self.facts)? {
                steps.push(step);
                runners.extend(runner.map(|runner| (target.triple.clone(), runner)));
            }
        }
        Ok(runners)
    }

    /// Adds the steps that package what the calls make and what is joined of it.
    pub(super) fn package(
        &self,
        targets: &[TargetBuild],
        calls: &[Call<'_>],
        joined: &[JoinedFile],
        steps: &mut Vec<Step>,
    ) {
        for target in targets.iter().filter(|target| target.released) {
            let files = made_for(target, calls).map(|(part, product)| {
                let artifact = part.artifact(product);
                Shipped {
                    from: self.layout.file(&artifact, target.facts).to_string(),
                    name: layout::file_name(&artifact, target.facts),
                    artifact,
                }
            });
            let after = proved(&target.triple, steps);
            steps.extend(self.archives(&target.triple, &after, files.collect()));
        }
        let after = proved(UNIVERSAL_DARWIN, steps);
        let shipped = joined.iter().map(join::shipped).collect();
        steps.extend(self.archives(UNIVERSAL_DARWIN, &after, shipped));
        steps.push(manifest(DIST_MANIFEST, &self.layout.dist, &["package:"], steps));
    }

    /// One archive for each package that has files for users, as a download of its own.
    /// `after` are the steps that finish and prove the files.
    fn archives(&self, target: &str, after: &[String], files: Vec<Shipped>) -> Vec<Step> {
        let mut by_package: BTreeMap<String, Vec<PackedFile>> = BTreeMap::new();
        for Shipped { artifact, from, name } in files {
            let settings = self.facts.package_settings.get(&artifact.package);
            if settings.and_then(|settings| settings.dist) == Some(false) {
                continue;
            }
            let executable = artifact.kind != ArtifactKind::Staticlib;
            by_package.entry(artifact.package).or_default().push(PackedFile {
                from,
                name,
                executable,
            });
        }
        let mut steps = Vec::new();
        for package in &self.selection.packages {
            let Some(mut contents) = by_package.remove(package.name()) else { continue };
            let stem = format!("{}-{}-{target}", package.name(), package.version());
            contents.extend(
                self.facts.documents.get(package.name()).into_iter().flatten().map(document),
            );
            for file in &mut contents {
                file.name = format!("{stem}/{}", file.name);
            }
            contents.sort_by(|a, b| a.name.cmp(&b.name));
            steps.push(Step {
                id: format!("package:{stem}"),
                why: "what users download: the files, the licences, a checksum".into(),
                needs: after.to_vec(),
                action: Action::Package {
                    target: target.to_owned(),
                    package: package.name().to_owned(),
                    archive: self.layout.dist.join(format!("{stem}.tar.gz")).to_string(),
                    contents,
                },
            });
        }
        steps
    }
}

/// A finished file that users get.
pub(super) struct Shipped {
    /// What it is.
    pub(super) artifact: Artifact,
    /// Where it is.
    pub(super) from: String,
    /// What users know it by.
    pub(super) name: String,
}

/// The ids of the steps that finish and prove the files of a target.
fn proved(target: &str, steps: &[Step]) -> Vec<String> {
    let ids = ["place", "join", "smoke"].map(|kind| format!("{kind}:{target}"));
    steps.iter().filter(|step| ids.contains(&step.id)).map(|step| step.id.clone()).collect()
}

fn document(path: &Utf8PathBuf) -> PackedFile {
    let name = path.file_name().unwrap_or(path.as_str()).to_owned();
    PackedFile { from: path.to_string(), name, executable: false }
}
