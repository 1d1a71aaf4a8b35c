//! Writes one archive and its checksum file.

use camino::Utf8Path;
use tachi_schema::event::{Event, Outcome};
use tachi_schema::manifest::{Content, File};
use tachi_schema::plan::Package;

use crate::engine::claim::Claim;
use crate::engine::error::EngineError;
use crate::engine::job::Job;
use crate::package::formats::tar_gz::{self, Member};
use crate::package::{PackageError, checksum};
use crate::sys::fs;

/// A core: compression is most of it.
pub(in crate::engine) fn claim(_: &Package) -> Claim {
    Claim::CORE
}

/// Writes the archive, of exactly the bytes that were verified.
///
/// # Errors
/// A file cannot be read or has changed since it was verified, or the archive cannot be written.
pub(in crate::engine) fn run(step: &Package, job: &Job<'_>) -> Result<Outcome, EngineError> {
    let run = job.run;
    let path = Utf8Path::new(&step.archive);
    let members = step.contents.iter().map(|packed| Member {
        packed,
        sha256: run.ledger.file(Utf8Path::new(&packed.from)).map(|file| file.sha256),
    });
    let members: Vec<Member<'_>> = members.collect();
    tar_gz::write(path, &members, run.facts.source_date_epoch, job.interrupt())?;
    let sha256 = checksum::write_beside(path).map_err(PackageError::from)?;
    let file = File {
        path: path.file_name().unwrap_or_default().to_owned(),
        size: fs::state(path).map_or(0, |state| state.len),
        sha256,
        target: step.target.clone(),
        package: step.package.clone(),
        version: run.versions.get(&step.package).cloned().unwrap_or_default(),
        content: Content::Archive {
            entries: step.contents.iter().map(|packed| packed.name.clone()).collect(),
        },
    };
    run.ledger.finished(path, file.clone());
    job.emit(Event::Finished { path: path.to_string(), file, fresh: false });
    Ok(Outcome::Done)
}
