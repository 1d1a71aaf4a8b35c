//! Compares a file's stamp with its repository.

use tachi_binary::stamp;
use tachi_schema::finding::Finding;

use super::{Expected, Subject};
use crate::rule;

pub(super) fn check(subject: &Subject<'_>, wanted: &Expected<'_>) -> Option<Finding> {
    let stamp = match stamp::read(subject.bytes) {
        Ok(stamp) => stamp?,
        Err(error) => {
            return Some(rule::WRONG_STAMP.finding(format!("its stamp is damaged: {error}")));
        }
    };
    if stamp.is_empty() {
        return Some(rule::EMPTY_STAMP.finding("its place for a commit is empty"));
    }
    let says = |key: &str| stamp.iter().find(|(name, _)| *name == key).map(|(_, value)| value);
    let commit = wanted.sources.and_then(|sources| sources.git_hash_full.as_deref());
    if let (Some(says), Some(commit)) = (says("git_hash_full"), commit)
        && says != commit
    {
        return Some(rule::WRONG_STAMP.finding(format!(
            "its stamp says that it was made from commit {says}, and the repository is at {commit}"
        )));
    }
    (says("git_dirty") == Some("true")).then(|| {
        rule::UNCOMMITTED_CHANGES
            .finding("its stamp says that it was made with uncommitted changes")
    })
}
