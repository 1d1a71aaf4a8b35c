//! Verifying what `dist` made: the finished files and packages that the manifests list,
//! against the plan that made them.
//!
//! 1. [`Prepared::new`]: the plan that made them.
//! 2. `read`: the manifests that the plan writes.
//! 3. `Release::file`: each file that they list, against its checksum and against what the plan
//!    asks for; a package's content against the finished files.
//! 4. `Release::smoke`: runs the programs, where something here runs them.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::{Envelope, Event};
use tachi_schema::finding::{Finding, Severity};
use tachi_schema::manifest::{Content, File, Manifest};
use tachi_schema::plan::{Action, ArtifactKind, Plan, SmokeCall};

use super::{Error, Prepared};
use crate::digest;
use crate::engine::provider::Provider;
use crate::engine::{self, proof};
use crate::exit_code::ExitCode;
use crate::package::{checksum, formats};
use crate::request::Goal;
use crate::rule;
use crate::session::Session;
use crate::stream::EventStream;
use crate::sys::fs;
use crate::target::set::UNIVERSAL_DARWIN;
use crate::verify::check::{self, Subject};
use crate::verify::expectations::Expectations;

/// Why a release cannot be verified.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// There is no release.
    #[error(
        "there is no release: {manifest} is missing\n  help: make one with `cargo tachi dist`, or name files to verify"
    )]
    None {
        /// The manifest that was looked for.
        manifest: Utf8PathBuf,
    },
    /// Its manifest cannot be read.
    #[error("{manifest}: {source}\n  help: make the release again: `cargo tachi dist`")]
    Manifest {
        /// The manifest.
        manifest: Utf8PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Verifies what a `dist` with the same request has made, and tells of each file. Returns the
/// number of findings that are errors.
///
/// # Errors
/// There is no release, or a file or runner cannot be used.
pub fn verify(
    prepared: &Prepared,
    session: &Session,
    emit: &(dyn Fn(Envelope) + Sync),
) -> Result<usize, Error> {
    // Its notes are for who makes the release.
    let plan = Plan { notes: Vec::new(), ..prepared.plan().clone() };
    EventStream::run(emit, Some(&plan), Error::code, |stream| {
        let errors = verify_in(prepared, session, &|event| stream.emit(event))?;
        if errors > 0 {
            stream.fail(ExitCode::Verification as u8);
        }
        Ok(errors)
    })
}

fn verify_in(
    prepared: &Prepared,
    session: &Session,
    emit: &(dyn Fn(Event) + Sync),
) -> Result<usize, Error> {
    let Prepared { planned, facts, .. } = prepared;
    let expectations = engine::expectations(planned, Goal::Dist, facts, session);
    let mut release = Release { prepared, expectations, session, emit, errors: 0 };
    let mut digests = BTreeMap::new();
    for path in prepared.plan().manifests().map(Utf8PathBuf::from) {
        let folder = path.parent().unwrap_or(&path).to_owned();
        for file in read(&path)?.files {
            session.interrupt.check()?;
            release.file(&folder, &file, &mut digests)?;
        }
    }
    release.smoke()?;
    Ok(release.errors)
}

fn read(path: &Utf8Path) -> Result<Manifest, Error> {
    let text = fs::read_if_exists(path)?;
    let text = text.ok_or_else(|| ReleaseError::None { manifest: path.to_owned() })?;
    let wrong = |source| ReleaseError::Manifest { manifest: path.to_owned(), source };
    Ok(serde_json::from_str(&text).map_err(wrong)?)
}

struct Release<'a> {
    prepared: &'a Prepared,
    expectations: Expectations<'a>,
    session: &'a Session,
    emit: &'a (dyn Fn(Event) + Sync),
    errors: usize,
}

impl Release<'_> {
    /// Verifies one file of a manifest in `folder`. `digests` are those of the finished files
    /// by target and path, which the packages after them have to hold.
    fn file(
        &mut self,
        folder: &Utf8Path,
        file: &File,
        digests: &mut BTreeMap<(String, String), String>,
    ) -> Result<(), Error> {
        let known = self.prepared.planned.resolved.policies.contains_key(&file.target);
        // The file is for a target that this call is not about.
        if !known {
            return Ok(());
        }
        let path = folder.join(&file.path);
        if !fs::is_file(&path) {
            self.settle(&path, &file.target, vec![rule::CHANGED.finding("it is missing")]);
            return Ok(());
        }
        let bytes = fs::read(&path)?;
        let mut findings: Vec<Finding> =
            changed(&bytes, &file.sha256, "its manifest").into_iter().collect();
        match &file.content {
            Content::Binary { kind, .. } => {
                let name = path.file_name().unwrap_or_default();
                let inside = file.path.strip_prefix(&format!("{}/", file.target));
                let inside = inside.unwrap_or(&file.path).to_owned();
                digests.insert((file.target.clone(), inside), file.sha256.clone());
                findings.extend(self.binary(name, &bytes, *kind, &file.target));
            }
            Content::Archive { .. } => {
                findings.extend(archived(&path, &bytes, &file.target, digests)?);
            }
            _ => {
                let message = "this version of Tachi does not know such files";
                findings.push(rule::UNREADABLE.finding(message));
            }
        }
        self.settle(&path, &file.target, findings);
        Ok(())
    }

    fn binary(&self, name: &str, bytes: &[u8], kind: ArtifactKind, target: &str) -> Vec<Finding> {
        let facts = match tachi_binary::facts(bytes) {
            Ok(facts) => facts,
            Err(error) => return vec![rule::UNREADABLE.finding(error.to_string())],
        };
        let subject = Subject { name, bytes, facts: &facts, kind: Some(kind) };
        let expected = self.expectations.of(target);
        if target == UNIVERSAL_DARWIN {
            check::check_universal(&subject, &expected)
        } else {
            check::check(&subject, &expected)
        }
    }

    /// Runs those of the plan's programs that are there.
    fn smoke(&mut self) -> Result<(), Error> {
        let prepared = self.prepared;
        for step in &prepared.plan().steps {
            let Action::Smoke(smoke) = &step.action else { continue };
            let target = &smoke.target;
            let is_there = |call: &&SmokeCall| fs::is_file(Utf8Path::new(&call.file));
            let calls: Vec<SmokeCall> = smoke.calls.iter().filter(is_there).cloned().collect();
            let provider = Provider {
                facts: &prepared.facts,
                session: self.session,
                offline: prepared.request.lock.offline,
                why: None,
                emit: self.emit,
            };
            let runner = prepared.planned.resolved.runners.get(target);
            let policy = self.expectations.policy(target);
            for (path, finding) in proof::run(smoke, &calls, runner, policy, &provider)? {
                self.tell(&path, target, vec![finding]);
            }
        }
        Ok(())
    }

    /// Reports what was found in a file, and whether the file passes.
    fn settle(&mut self, path: &Utf8Path, target: &str, findings: Vec<Finding>) {
        let passed = self.tell(path, target, findings) == 0;
        let target = Some(target.to_owned());
        (self.emit)(Event::Verified { path: path.to_string(), target, passed });
    }

    /// Reports what was found. Returns the number of errors.
    fn tell(&mut self, path: &Utf8Path, target: &str, findings: Vec<Finding>) -> usize {
        let errors = findings.iter().filter(|one| one.severity == Severity::Error).count();
        self.errors += errors;
        let target = Some(target.to_owned());
        for finding in findings {
            (self.emit)(Event::Finding { path: path.to_string(), target: target.clone(), finding });
        }
        errors
    }
}

fn changed(bytes: &[u8], expected: &str, says: &str) -> Option<Finding> {
    let found = digest::sha256_of(bytes);
    (found != expected).then(|| {
        rule::CHANGED.finding(format!("it has SHA-256 {found}, and {says} says {expected}"))
    })
}

/// Compares a package with its checksum file, and what is in it with the finished files.
fn archived(
    path: &Utf8Path,
    bytes: &[u8],
    target: &str,
    digests: &BTreeMap<(String, String), String>,
) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    let beside = checksum::path_beside(path);
    match fs::read_if_exists(&beside)? {
        None => findings.push(rule::CHANGED.finding("its checksum file is missing")),
        Some(text) => {
            let expected = text.split_whitespace().next().unwrap_or_default();
            findings.extend(changed(bytes, expected, "its checksum file"));
        }
    }
    let read = formats::read(bytes, &mut |inside, content| {
        // Below the one folder that every package has.
        let place = inside.split_once('/').map_or(inside, |(_, place)| place);
        if let Some(expected) = digests.get(&(target.to_owned(), place.to_owned())) {
            let found = changed(content, expected, "the finished file's manifest");
            findings.extend(found.map(|finding| Finding {
                message: format!("{inside}: {}", finding.message),
                ..finding
            }));
        }
    });
    if let Err(error) = read {
        findings.push(rule::UNREADABLE.finding(format!("the archive cannot be read: {error}")));
    }
    Ok(findings)
}
