//! What this machine could do for each target, without a workspace: `cargo tachi targets`.
//!
//! 1. [`config_files::cargo`]: what the user told cargo.
//! 2. [`probe::probe`]: which compilers, linkers and runners are here.
//! 3. [`expand`]: the targets that are asked about.
//! 4. [`decide()`] and [`runner::decide()`]: the kit and the runner of each.

use serde::{Serialize, Serializer};

use super::Error;
use crate::facts::config_files;
use crate::request::Request;
use crate::session::Session;
use crate::target::{Context, Member, TargetFacts, Triple, catalogue, expand};
pub use crate::toolchain::decide::{Kit, NoKit};
use crate::toolchain::decide::{Wishes, decide};
use crate::toolchain::probe;
use crate::toolchain::runner;
pub use crate::toolchain::runner::{Choice, NoRunner};

/// A target and what could be done for it.
#[derive(Debug, Clone, Serialize)]
pub struct Prospect {
    /// The target.
    pub target: &'static TargetFacts,
    /// The kit it would get, or why it would get none.
    #[serde(serialize_with = "kit_or_reason")]
    pub kit: Result<Kit, NoKit>,
    /// What would run its programs here, or why nothing does.
    #[serde(serialize_with = "runner_or_reason")]
    pub runner: Result<Choice, NoRunner>,
}

/// The facts of the specification's six targets, in its order.
pub fn default_set() -> impl Iterator<Item = &'static TargetFacts> {
    catalogue::default_set()
}

/// Looks at the machine and decides for each of `asked`, or for the whole catalogue.
///
/// # Errors
/// A name means no target, or there is no compiler.
pub fn survey(asked: &[String], session: &Session) -> Result<Vec<Prospect>, Error> {
    let environment = &session.environment;
    let cache = probe::cache(environment)?;
    let _in_use = cache.hold(&session.interrupt)?;
    let cargo = config_files::cargo(&Request::default(), environment)?;
    let rustc = probe::compiler(environment, cargo.rustc(), &cache, &session.interrupt)?;
    let program = probe::cargo(environment)?;
    let facts = probe::probe(environment, &program, rustc, &cache, &session.interrupt)?;
    let host = Triple::new(&facts.rustc.host);
    let rows: Vec<&'static TargetFacts> = if asked.is_empty() {
        catalogue::all().iter().collect()
    } else {
        let members = expand(asked, Context { configured: &[], host: &host })?;
        let mut rows: Vec<&'static TargetFacts> = Vec::new();
        for row in members.iter().copied().flat_map(Member::rustc_targets) {
            // A universal target and a group can have the same parts.
            if rows.iter().all(|known| known.triple != row.triple) {
                rows.push(row);
            }
        }
        rows
    };
    let wishes = Wishes { explicit: true, ..Wishes::default() };
    Ok(rows
        .into_iter()
        .map(|target| {
            let configured = cargo.stronger_runner(target.triple);
            let configured = configured.or_else(|| cargo.file_runner(target.triple));
            Prospect {
                target,
                kit: decide(target.triple, &wishes, &facts),
                runner: runner::decide(target, configured, host.as_str(), &facts.runners),
            }
        })
        .collect())
}

fn kit_or_reason<S: Serializer>(
    kit: &Result<Kit, NoKit>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let answer = kit.as_ref().map_err(|missing| (&*missing.cause, &*missing.remedy));
    Answer::from(answer).serialize(serializer)
}

fn runner_or_reason<S: Serializer>(
    runner: &Result<Choice, NoRunner>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let answer = runner.as_ref().map_err(|missing| (&*missing.cause, &*missing.remedy));
    Answer::from(answer).serialize(serializer)
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Answer<'a, T> {
    Available(&'a T),
    Missing { cause: &'a str, remedy: &'a str },
}

impl<'a, T> From<Result<&'a T, (&'a str, &'a str)>> for Answer<'a, T> {
    fn from(result: Result<&'a T, (&'a str, &'a str)>) -> Self {
        match result {
            Ok(available) => Self::Available(available),
            Err((cause, remedy)) => Self::Missing { cause, remedy },
        }
    }
}
