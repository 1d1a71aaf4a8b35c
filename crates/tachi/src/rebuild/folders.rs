//! Comparing the target folders of two builds: which files their manifests list, and whether each is
//! the same in both.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::Event;
use tachi_schema::manifest::Manifest;
use tachi_schema::rebuild::{Comparison, Variation};

use super::error::RebuildError;
use super::{compare, diffoscope};
use crate::session::Session;
use crate::stream::EventStream;
use crate::sys::{SysError, fs};

/// The target folders of two builds.
pub struct TargetFolders<'a> {
    /// The first build's.
    pub first: &'a Utf8Path,
    /// The second build's.
    pub second: &'a Utf8Path,
    /// What was different between the builds.
    pub varied: &'a [Variation],
    /// The surroundings of this run.
    pub session: &'a Session,
    /// Where each comparison is told.
    pub stream: &'a EventStream<'a>,
}

impl TargetFolders<'_> {
    /// Compares what the manifests at `inside` of both folders list, and the manifests. Returns how
    /// many files differ; the second build's are then in `tachi/rebuild` of the first folder.
    ///
    /// # Errors
    /// A manifest or a file cannot be read, or the user interrupted.
    pub fn compare(&self, inside: &Utf8Path) -> Result<usize, RebuildError> {
        let folder = inside.parent().unwrap_or(Utf8Path::new(""));
        let mut paths = BTreeSet::new();
        for root in [self.first, self.second] {
            for file in read(&root.join(inside))?.files {
                paths.insert(folder.join(file.path));
            }
        }
        let kept = self.first.join("tachi/rebuild");
        let mut different = 0;
        for path in paths {
            self.session.interrupt.check()?;
            let keep = kept.join(path.strip_prefix("tachi").unwrap_or(&path));
            different += usize::from(!self.is_same(&path, &keep)?);
        }
        if different == 0 {
            // Where files differ, so do the manifests, which hold their checksums.
            let keep = kept.join(inside.file_name().unwrap_or_default());
            different += usize::from(!self.is_same(inside, &keep)?);
        }
        Ok(different)
    }

    /// Whether the file at `path` is the same in both folders. If not, the second is copied to
    /// `keep`.
    fn is_same(&self, path: &Utf8Path, keep: &Utf8Path) -> Result<bool, SysError> {
        fs::remove_file(keep)?;
        let (first, second) = (self.first.join(path), self.second.join(path));
        let read = |path: &Utf8Path| -> Result<Option<Vec<u8>>, SysError> {
            fs::is_file(path).then(|| fs::read(path)).transpose()
        };
        let (mut differences, mut copy, mut report) = (Vec::new(), None, None);
        let comparison = match (read(&first)?, read(&second)?) {
            (Some(ours), Some(theirs)) if ours == theirs => Comparison::Identical,
            (Some(ours), Some(theirs)) => {
                differences = compare::differences(&ours, &theirs, self.varied);
                fs::write_atomic(keep, &theirs)?;
                copy = Some(keep.to_string());
                report = diffoscope::report(&first, keep, self.session)?;
                Comparison::Different
            }
            _ => Comparison::Missing,
        };
        self.stream.emit(Event::Compared {
            path: first.into_string(),
            comparison,
            differences,
            second: copy,
            report: report.map(Utf8PathBuf::into_string),
        });
        Ok(comparison == Comparison::Identical)
    }
}

fn read(path: &Utf8Path) -> Result<Manifest, RebuildError> {
    let wrong = |source| RebuildError::Manifest { manifest: path.to_owned(), source };
    serde_json::from_str(&fs::read_to_string(path)?).map_err(wrong)
}
