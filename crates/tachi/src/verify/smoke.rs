//! Running the programs of a target: they start, do not crash, and answer as expected. Each in
//! a folder of its own that is also its home, so that nobody's files are touched.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::Event;
use tachi_schema::finding::Finding;
use tachi_schema::plan::SmokeCall;

use super::policy::Policy;
use crate::rule;
use crate::sys::interrupt::Interrupt;
use crate::sys::{Command, SysError, fs, run};
use crate::toolchain::runner::Ready;

mod judge;

/// The programs of a target, and what is needed to run them.
#[derive(Clone, Copy)]
pub struct Programs<'a> {
    /// The rustc triple.
    pub target: &'a str,
    /// What runs them, for people.
    pub runner: &'a str,
    /// What runs them.
    pub ready: &'a Ready,
    /// How bad each finding is.
    pub policy: &'a Policy,
    /// The way to stop.
    pub interrupt: &'a Interrupt,
    /// Hears what is going on.
    pub emit: &'a (dyn Fn(Event) + Sync),
}

impl Programs<'_> {
    /// Makes the calls and returns the findings about each program.
    ///
    /// # Errors
    /// The run is stopped, or the runner cannot be started.
    pub fn run(&self, calls: &[SmokeCall]) -> Result<Vec<(Utf8PathBuf, Finding)>, SysError> {
        let mut findings = Vec::new();
        for call in calls {
            let found = self.call(call)?;
            if found.is_none() {
                (self.emit)(Event::Ran {
                    path: call.file.clone(),
                    args: call.args.clone(),
                    target: self.target.to_owned(),
                    runner: self.runner.to_owned(),
                });
            }
            let judged = self.policy.apply(found.into_iter().collect());
            findings.extend(judged.into_iter().map(|finding| (call.file.clone().into(), finding)));
        }
        Ok(findings)
    }

    fn call(&self, call: &SmokeCall) -> Result<Option<Finding>, SysError> {
        let folder = fs::temporary_dir()?;
        let command = command(call, self.ready, fs::utf8(folder.path())?);
        let mut said = String::new();
        let limit = Duration::from_secs(call.timeout);
        let exit = run::stream_within(&command, limit, self.interrupt, &mut |line| {
            said.push_str(&line.text);
            said.push('\n');
        });
        let exit = match exit {
            Ok(exit) => exit,
            Err(SysError::Spawn { source, .. }) => {
                let finding = rule::SMOKE_FAILED.finding(format!("it cannot be started: {source}"));
                return Ok(Some(finding));
            }
            Err(error) => return Err(error),
        };
        Ok(judge::judge(call, &exit, &said))
    }
}

/// The findings about programs that nothing here runs.
pub fn not_run(calls: &[SmokeCall], policy: &Policy, reason: &str) -> Vec<(Utf8PathBuf, Finding)> {
    let finding = rule::NOT_RUN.finding(format!("it was not run: {reason}"));
    let judged = policy.apply(vec![finding]);
    let of_file = |call: &SmokeCall| {
        let file = Utf8PathBuf::from(&call.file);
        judged.iter().map(move |finding| (file.clone(), finding.clone())).collect::<Vec<_>>()
    };
    calls.iter().flat_map(of_file).collect()
}

fn command(call: &SmokeCall, ready: &Ready, folder: &Utf8Path) -> Command {
    let command = ready.command(&Utf8PathBuf::from(&call.file)).args(call.args.clone());
    // Emulators keep their own home: a variable of its own names wine's prefix.
    ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"]
        .into_iter()
        .fold(command, |command, name| command.env(name, folder.as_str()))
        .current_dir(folder.as_str())
}
