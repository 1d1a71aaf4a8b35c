//! Verifying files, whoever made them: executables and libraries of any platform, and
//! archives of such.
//!
//! 1. [`config_files::nearest`]: the settings that hold here, and [`vcs::state`]: the sources around.
//! 2. `checksum_differs`: the file against its checksum.
//! 3. [`formats::read`]: what is in it, where it is an archive.
//! 4. [`guess::target`]: the target that it is for, where none is given.
//! 5. [`check::check`]: the findings.
//! 6. [`Policy::apply`]: how bad the user takes them to be.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_binary::leaks::Known;
use tachi_binary::{BinaryError, BinaryFacts, Version};
use tachi_schema::event::{Envelope, Event};
use tachi_schema::finding::{Finding, Severity};

use super::Error;
use crate::config::file::{ConfigFile, FILE_NAME};
use crate::digest;
use crate::exit_code::ExitCode;
use crate::facts::config_files;
use crate::package::checksum;
use crate::package::formats;
use crate::rule::{self, Scope};
use crate::session::Session;
use crate::stream::EventStream;
use crate::sys::fs;
use crate::target::{Context, TargetFacts, Triple, catalogue, expand};
use crate::vcs::{self, SourceState};
use crate::verify::check::{self, Expected, Subject};
use crate::verify::policy::Policy;
use crate::verify::{guess, machine};

/// The target that rules are read for where a file does not say its own.
const ANY: &str = "x86_64-unknown-linux-gnu";

/// What files are checked against.
#[derive(Debug)]
pub struct Verifier<'a> {
    session: &'a Session,
    file: ConfigFile,
    file_path: Utf8PathBuf,
    known: Known,
    sources: Option<SourceState>,
    target: Option<&'static TargetFacts>,
}

impl<'a> Verifier<'a> {
    /// Takes the settings of the nearest `tachi.toml`, in the current directory or above it, and the
    /// repository around that file. `target` is what the files are for; if absent, they say it
    /// themselves.
    ///
    /// # Errors
    /// `tachi.toml` cannot be understood, or there is no such target.
    pub fn new(session: &'a Session, target: Option<&str>) -> Result<Self, Error> {
        let here = session.environment.current_dir();
        let (file, file_path, sources) = match config_files::nearest(&session.environment)? {
            Some((folder, file)) => {
                let sources = vcs::state(&folder, &session.environment, &session.interrupt)?;
                (file, folder.join(FILE_NAME), Some(sources))
            }
            None => (ConfigFile::default(), here.join(FILE_NAME), None),
        };
        let target = target.map(one_target).transpose()?;
        let known = machine::known(&session.environment, &[here]);
        Ok(Self { session, file, file_path, known, sources, target })
    }

    /// Verifies the files at `paths`, and all in those that are archives, and tells of each.
    /// Returns the number of findings that are errors.
    ///
    /// # Errors
    /// A file cannot be read, or a setting cannot be used.
    pub fn files<P: AsRef<Utf8Path>>(
        &self,
        paths: impl IntoIterator<Item = P>,
        emit: &(dyn Fn(Envelope) + Sync),
    ) -> Result<usize, Error> {
        EventStream::run(emit, None, Error::code, |stream| {
            let mut errors = 0;
            for path in paths {
                errors += self.file(path.as_ref(), &|event| stream.emit(event))?;
            }
            if errors > 0 {
                stream.fail(ExitCode::Verification as u8);
            }
            Ok(errors)
        })
    }

    fn file(&self, path: &Utf8Path, emit: &(dyn Fn(Event) + Sync)) -> Result<usize, Error> {
        let bytes = fs::read(&self.session.environment.absolute(path))?;
        let mut errors = 0;
        if let Some(finding) =
            checksum_differs(path, &self.session.environment.absolute(path), &bytes)?
        {
            errors += self.tell(path.as_str(), None, vec![finding], emit)?;
        }
        let name = path.file_name().unwrap_or_default();
        if !formats::is_archive(&bytes) {
            let facts = tachi_binary::facts(&bytes);
            return Ok(errors + self.binary(path.as_str(), name, &bytes, facts, emit)?);
        }
        let mut wrong = None;
        let mut found = 0;
        let read = formats::read(&bytes, &mut |inside, content| {
            let facts = tachi_binary::facts(content);
            // Readmes and licences are not checked.
            if matches!(facts, Err(BinaryError::UnknownFormat)) || wrong.is_some() {
                return;
            }
            found += 1;
            let shown = format!("{path}!{inside}");
            let name = inside.rsplit('/').next().unwrap_or(inside);
            match self.binary(&shown, name, content, facts, emit) {
                Ok(more) => errors += more,
                Err(error) => wrong = Some(error),
            }
        });
        if let Some(error) = wrong {
            return Err(error);
        }
        let problem = match read {
            Err(error) => Some(format!("the archive cannot be read: {error}")),
            Ok(()) if found == 0 => Some("no program and no library is in the archive".to_owned()),
            Ok(()) => None,
        };
        if let Some(problem) = problem {
            errors +=
                self.tell(path.as_str(), None, vec![rule::UNREADABLE.finding(problem)], emit)?;
        }
        Ok(errors)
    }

    fn binary(
        &self,
        shown: &str,
        name: &str,
        bytes: &[u8],
        facts: Result<BinaryFacts, BinaryError>,
        emit: &(dyn Fn(Event) + Sync),
    ) -> Result<usize, Error> {
        let facts = match facts {
            Ok(facts) => facts,
            Err(error) => {
                let finding = rule::UNREADABLE.finding(error.to_string());
                return self.tell(shown, self.target, vec![finding], emit);
            }
        };
        let target = self.target.or_else(|| guess::target(&facts));
        let mut findings = Vec::new();
        if let (BinaryFacts::Archive(_), None) = (&facts, target) {
            // Its members are for some target; what is checked is the same for all.
            let any = catalogue::find(ANY).expect("it is in the catalogue");
            let policy = self.policy(ANY)?;
            let subject = Subject { name, bytes, facts: &facts, kind: None };
            findings = check::check(&subject, &self.wanted(any, &policy)?);
        } else if let BinaryFacts::FatMachO(fat) = &facts {
            for slice in &fat.slices {
                let start = usize::try_from(slice.offset).unwrap_or(usize::MAX);
                let end = start.saturating_add(usize::try_from(slice.size).unwrap_or(usize::MAX));
                let bytes = bytes.get(start..end).unwrap_or_default();
                let Some(target) = self.target.or_else(|| guess::target(&slice.facts)) else {
                    continue;
                };
                let subject = Subject { name, bytes, facts: &slice.facts, kind: None };
                let policy = self.policy(target.triple)?;
                let found = check::check(&subject, &self.wanted(target, &policy)?);
                let of_slice = |finding: Finding| Finding {
                    message: format!("{}: {}", slice.architecture.as_str(), finding.message),
                    ..finding
                };
                findings.extend(found.into_iter().map(of_slice));
            }
        } else if let Some(target) = target {
            let subject = Subject { name, bytes, facts: &facts, kind: None };
            let policy = self.policy(target.triple)?;
            findings = check::check(&subject, &self.wanted(target, &policy)?);
        } else {
            findings.push(rule::UNREADABLE.finding("it is for a target that Tachi does not know"));
        }
        self.tell(shown, target, findings, emit)
    }

    fn policy(&self, triple: &str) -> Result<Policy, Error> {
        Ok(Policy::new(&self.file.verify_for(triple, &self.file_path)?))
    }

    fn wanted<'b>(
        &'b self,
        target: &'static TargetFacts,
        policy: &'b Policy,
    ) -> Result<Expected<'b>, Error> {
        let settings = self.file.settings_for(target.triple, &self.file_path)?;
        let version = |text: Option<String>| text.and_then(|text| text.parse::<Version>().ok());
        Ok(Expected {
            target,
            glibc: version(settings.glibc),
            minimum_os: version(settings.minimum_os),
            scope: Scope::Release,
            policy,
            known: &self.known,
            sources: self.sources.as_ref(),
        })
    }

    /// Reports what was found in a file. Returns the number of errors.
    fn tell(
        &self,
        path: &str,
        target: Option<&'static TargetFacts>,
        findings: Vec<Finding>,
        emit: &(dyn Fn(Event) + Sync),
    ) -> Result<usize, Error> {
        let policy = self.policy(target.map_or(ANY, |target| target.triple))?;
        let findings = policy.apply(findings);
        let target = target.map(|target| target.triple.to_owned());
        let errors = findings.iter().filter(|one| one.severity == Severity::Error).count();
        for finding in findings {
            emit(Event::Finding { path: path.to_owned(), target: target.clone(), finding });
        }
        emit(Event::Verified { path: path.to_owned(), target, passed: errors == 0 });
        Ok(errors)
    }
}

fn one_target(name: &str) -> Result<&'static TargetFacts, Error> {
    if let Some(row) = catalogue::find(name) {
        return Ok(row);
    }
    let context = Context { configured: &[], host: &Triple::new("") };
    let members = expand(&[name], context)?;
    let mut rows = members.iter().copied().flat_map(crate::target::Member::rustc_targets);
    Ok(rows.next().expect("a name that expands stands for a target"))
}

/// Compares a file with the checksum file beside it, if there is one.
fn checksum_differs(
    shown: &Utf8Path,
    path: &Utf8Path,
    bytes: &[u8],
) -> Result<Option<Finding>, Error> {
    let beside = checksum::path_beside(path);
    let Some(text) = fs::read_if_exists(&beside)? else { return Ok(None) };
    let expected = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    let found = digest::sha256_of(bytes);
    Ok((expected != found).then(|| {
        rule::CHANGED.finding(format!(
            "{shown} has SHA-256 {found}, and {} says {expected}",
            beside.file_name().unwrap_or_default()
        ))
    }))
}
