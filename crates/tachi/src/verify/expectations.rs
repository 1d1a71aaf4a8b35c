//! What the files of a plan are checked against: the policies of its targets, what was asked
//! for, and what is known of this machine and its sources.

use std::collections::BTreeMap;

use tachi_binary::leaks::Known;
use tachi_schema::plan::Target;

use super::check::Expected;
use super::policy::Policy;
use crate::digest;
use crate::rule::Scope;
use crate::target::catalogue;
use crate::target::set::UNIVERSAL_DARWIN_PARTS;
use crate::vcs::SourceState;

/// What the files of a plan are checked against.
#[derive(Debug)]
pub struct Expectations<'a> {
    /// The targets of the plan.
    pub targets: &'a [Target],
    /// The policies by target.
    pub policies: &'a BTreeMap<String, Policy>,
    /// How much is looked at.
    pub scope: Scope,
    /// What of this machine must not be in a file.
    pub known: Known,
    /// The repository that the files are made from.
    pub sources: Option<&'a SourceState>,
    /// The program that checks: another one may find more.
    pub checker: String,
}

impl Expectations<'_> {
    /// The policy for one of the plan's targets.
    pub fn policy(&self, target: &str) -> &Policy {
        self.policies.get(target).expect("each target of a plan has its policy")
    }

    /// What the files of one of the plan's targets are checked against.
    pub fn of(&self, target: &str) -> Expected<'_> {
        let planned = self.targets.iter().find(|planned| planned.triple == target);
        let version = |text: Option<&String>| text?.parse().ok();
        // A universal file is joined from what rustc compiles for other targets.
        let row = catalogue::find(target).or_else(|| catalogue::find(UNIVERSAL_DARWIN_PARTS[0]));
        Expected {
            target: row.expect("a plan has targets of the catalogue only"),
            glibc: version(planned.and_then(|target| target.glibc.as_ref())),
            minimum_os: version(planned.and_then(|target| target.minimum_os.as_ref())),
            scope: self.scope,
            policy: self.policy(target),
            known: &self.known,
            sources: self.sources,
        }
    }

    /// A digest of all that the findings depend on, beside the file's bytes.
    pub fn digest(&self, target: &str) -> String {
        let Expected { target: row, glibc, minimum_os, scope, policy, known, sources } =
            self.of(target);
        let policy = serde_json::to_string(policy).expect("strings and numbers always serialise");
        let commit = sources.and_then(|sources| sources.git_hash_full.as_deref());
        let rest =
            format!("{} {glibc:?} {minimum_os:?} {scope:?} {known:?} {commit:?}", row.triple);
        digest::sha256_of([self.checker.as_str(), &policy, &rest].join("\0").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembered_findings_are_for_one_program_one_policy_and_one_target() {
        let target = "x86_64-unknown-linux-musl";
        let strict = toml::from_str("deny = ['TV016']").unwrap();
        let [plain, strict] = [Policy::default(), Policy::new(&strict)]
            .map(|policy| BTreeMap::from([(target.to_owned(), policy)]));
        let digest = |policies, checker: &str| {
            let expectations = Expectations {
                targets: &[],
                policies,
                scope: Scope::Release,
                known: Known::default(),
                sources: None,
                checker: checker.to_owned(),
            };
            expectations.digest(target)
        };
        assert_eq!(digest(&plain, "1"), digest(&plain, "1"));
        assert_ne!(digest(&plain, "1"), digest(&plain, "2"), "another program may find more");
        assert_ne!(digest(&plain, "1"), digest(&strict, "1"));
    }
}
