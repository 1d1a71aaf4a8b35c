//! What this machine could do for each target, without a workspace: `cargo tachi targets`.

use serde::{Serialize, Serializer};

use super::decide::{Kit, NoKit, Wishes, decide};
use super::probe;
use crate::error::Error;
use crate::plan::PlanError;
use crate::session::Session;
use crate::target::{Context, Member, TargetFacts, Triple, catalogue, expand};

/// A target and what could be done for it.
#[derive(Debug, Clone, Serialize)]
pub struct Prospect {
    /// The target.
    pub target: &'static TargetFacts,
    /// The kit it would get, or why it would get none.
    #[serde(serialize_with = "kit_or_reason")]
    pub kit: Result<Kit, NoKit>,
}

/// Looks at the machine and decides for each of `asked`, or for the whole catalogue.
///
/// # Errors
/// A name that means nothing, or no compiler.
pub fn survey(asked: &[String], session: &Session) -> Result<Vec<Prospect>, Error> {
    let environment = &session.environment;
    let cache_dir = probe::cache_dir(environment)?;
    let cargo = probe::cargo(environment)?;
    let facts = probe::probe(
        environment,
        &cargo,
        environment.var("RUSTC"),
        &cache_dir,
        &session.interrupt,
    )?;
    let host = Triple::new(&facts.rustc.host);
    let rows: Vec<&'static TargetFacts> = if asked.is_empty() {
        catalogue::all().iter().collect()
    } else {
        let members =
            expand(asked, Context { configured: &[], host: &host }).map_err(PlanError::from)?;
        members.iter().flat_map(Member::rustc_targets).collect()
    };
    let wishes = Wishes { explicit: true, ..Wishes::default() };
    Ok(rows
        .into_iter()
        .map(|target| Prospect { target, kit: decide(target.triple, &wishes, &facts) })
        .collect())
}

fn kit_or_reason<S: Serializer>(
    kit: &Result<Kit, NoKit>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Answer<'a> {
        Available(&'a Kit),
        Missing { cause: &'a str, remedy: &'a str },
    }
    match kit {
        Ok(kit) => Answer::Available(kit),
        Err(missing) => Answer::Missing { cause: &missing.cause, remedy: &missing.remedy },
    }
    .serialize(serializer)
}
