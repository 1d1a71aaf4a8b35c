//! The gate: findings are told, programs are run, and a release with errors ends here.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::{Event, Outcome};
use tachi_schema::plan::{Action, SmokeCall};

use super::error::EngineError;
use super::place::{Placed, Record};
use super::step::{Context, StepRun};
use crate::package::checksum;
use crate::plan::release::DIST_MANIFEST;
use crate::request::Goal;
use crate::sys::{SysError, fs};
use crate::verify::smoke::Smoke;
use crate::verify::{Finding, Severity};

impl StepRun<'_> {
    /// Reports finished files, remembers them, and stops a release that has findings.
    pub(super) fn settle(
        &self,
        target: &str,
        placed: Vec<Placed>,
        record: &Record,
        folder: &Utf8Path,
    ) -> Result<Outcome, EngineError> {
        let all_fresh = placed.iter().all(|placed| placed.fresh);
        if !all_fresh {
            record.write(folder)?;
        }
        let mut findings = Vec::new();
        for Placed { path, file, fresh, findings: found } in placed {
            findings.extend(found.into_iter().map(|finding| (path.clone(), finding)));
            self.made().finished.push(file.clone());
            (self.emit)(Event::Finished { path: path.into(), file, fresh });
        }
        self.report(target, findings)?;
        Ok(if all_fresh { Outcome::Fresh } else { Outcome::Done })
    }

    /// Tells of findings, and stops a release that has errors among them.
    fn report(
        &self,
        target: &str,
        findings: Vec<(Utf8PathBuf, Finding)>,
    ) -> Result<(), EngineError> {
        for (path, finding) in &findings {
            (self.emit)(Event::Finding {
                path: path.to_string(),
                target: Some(target.to_owned()),
                finding: finding.clone(),
            });
        }
        let is_error = |(_, finding): &(_, Finding)| finding.severity == Severity::Error;
        let errors: Vec<_> = findings.into_iter().filter(is_error).collect();
        if self.request.goal == Goal::Dist && !errors.is_empty() {
            return Err(EngineError::Findings(errors));
        }
        Ok(())
    }

    /// Runs programs of a target, or says that nothing here does.
    pub(super) fn smoke(
        &self,
        target: &str,
        reason: &str,
        calls: &[SmokeCall],
    ) -> Result<Outcome, EngineError> {
        let smoke = Smoke {
            target,
            runner: self.runners.get(target),
            reason,
            policy: self.held.policy(target),
            facts: self.facts,
            offline: self.request.lock.offline,
            session: self.session,
            emit: self.emit,
        };
        self.report(target, smoke.run(calls)?)?;
        Ok(Outcome::Done)
    }
}

impl Context<'_> {
    /// Takes away what an earlier run has left of the packages that this one did not make, and
    /// its manifest: what lies there after a failed proof has all been proved.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub fn withdraw(&self) -> Result<(), SysError> {
        let made: Vec<String> = self.made().packages.iter().map(|file| file.path.clone()).collect();
        for step in &self.plan.steps {
            match &step.action {
                Action::Package { archive, .. } => {
                    let path = Utf8Path::new(archive);
                    if made.iter().all(|name| path.file_name() != Some(name)) {
                        fs::remove_file(path)?;
                        fs::remove_file(&checksum::path_beside(path))?;
                    }
                }
                Action::WriteManifest { file } if step.id == DIST_MANIFEST => {
                    fs::remove_file(Utf8Path::new(file))?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
