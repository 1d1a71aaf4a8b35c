//! What is held against the files of a plan: the policies of its targets, what was asked for,
//! and what is known of this machine and its sources.

use std::collections::BTreeMap;

use tachi_binary::leaks::Known;
use tachi_schema::plan::Plan;

use super::check::Wanted;
use super::policy::Policy;
use crate::digest;
use crate::facts::Facts;
use crate::plan::Planned;
use crate::request::Goal;
use crate::rule::Scope;
use crate::target::catalogue;
use crate::target::set::UNIVERSAL_DARWIN_PARTS;
use crate::vcs::SourceState;

/// What is held against the files of a plan.
#[derive(Debug)]
pub struct Held<'a> {
    plan: &'a Plan,
    policies: &'a BTreeMap<String, Policy>,
    scope: Scope,
    known: Known,
    sources: Option<&'a SourceState>,
}

impl<'a> Held<'a> {
    /// What is held against the files of `planned`, which was made for `goal`.
    pub fn new(planned: &'a Planned, goal: Goal, facts: &'a Facts) -> Self {
        let scope = if goal == Goal::Dist { Scope::Release } else { Scope::Build };
        let Planned { plan, policies, .. } = planned;
        Self { plan, policies, scope, known: facts.known(), sources: facts.sources.as_ref() }
    }

    /// The policy for one of the plan's targets.
    pub fn policy(&self, target: &str) -> &Policy {
        self.policies.get(target).expect("each target of a plan has its policy")
    }

    /// What is held against the files of one of the plan's targets.
    pub fn wanted(&self, target: &str) -> Wanted<'_> {
        let planned = self.plan.targets.iter().find(|planned| planned.triple == target);
        let version = |text: Option<&String>| text?.parse().ok();
        // What no rustc compiles for is joined from what it does.
        let row = catalogue::find(target).or_else(|| catalogue::find(UNIVERSAL_DARWIN_PARTS[0]));
        Wanted {
            target: row.expect("a plan has targets of the catalogue only"),
            glibc: version(planned.and_then(|target| target.glibc.as_ref())),
            minimum_os: version(planned.and_then(|target| target.minimum_os.as_ref())),
            scope: self.scope,
            policy: self.policy(target),
            known: &self.known,
            sources: self.sources,
        }
    }

    /// A digest of all that decides what the checks say of the same bytes.
    pub fn digest(&self, target: &str) -> String {
        let Wanted { glibc, minimum_os, scope, policy, known, sources, .. } = self.wanted(target);
        let policy = serde_json::to_string(policy).expect("strings and numbers always serialise");
        let commit = sources.and_then(|sources| sources.git_hash_full.as_deref());
        let rest = format!("{glibc:?} {minimum_os:?} {scope:?} {known:?} {commit:?}");
        digest::short_digest(&[env!("CARGO_PKG_VERSION"), &policy, &rest])
    }
}
