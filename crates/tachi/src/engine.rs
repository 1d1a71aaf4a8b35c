//! The engine: runs a plan and says what happens as events. It decides nothing: the plan
//! says what is done, in which order and why.
//!
//! [`run`](run()) is the place to start reading: it locks the folders, the [`schedule`] starts each
//! step as soon as what it [claims](claim) is free, [`steps`] do the work as [jobs](job), and the
//! [`ledger`] keeps what they hand on.

mod beforehand;
pub mod claim;
mod describe;
mod error;
mod fresh;
mod job;
mod ledger;
pub(crate) mod proof;
pub(crate) mod provider;
mod run;
mod sccache;
pub mod schedule;
mod steps;

pub use error::EngineError;
pub use run::run;

use crate::facts::Facts;
use crate::plan::Planned;
use crate::request::Goal;
use crate::rule::Scope;
use crate::session::Session;
use crate::sys::fs;
use crate::verify::expectations::Expectations;

/// What the files of `planned`, which was made for `goal`, are checked against.
pub(crate) fn expectations<'a>(
    planned: &'a Planned,
    goal: Goal,
    facts: &'a Facts,
    session: &Session,
) -> Expectations<'a> {
    // A program that was compiled again may have other checks under the same version.
    let program = fs::state(&session.driver);
    Expectations {
        targets: &planned.plan.targets,
        policies: &planned.resolved.policies,
        scope: if goal == Goal::Dist { Scope::Release } else { Scope::Build },
        known: facts.known(),
        sources: facts.sources.as_ref(),
        checker: format!("{} {program:?}", env!("CARGO_PKG_VERSION")),
    }
}
