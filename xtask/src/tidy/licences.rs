//! Licences and banned crates, by the same `deny.toml` that cargo-deny reads, without a network.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::finding::Finding;
use super::packages::Packages;
use super::spdx;

const FILE: &str = "deny.toml";

/// Compares all resolved packages with `[licenses] allow` and `[bans] deny`.
pub(crate) fn check(packages: &Packages, deny: &str) -> Vec<Finding> {
    let rules = match deny.parse::<Table>() {
        Ok(rules) => rules,
        Err(error) => {
            return vec![Finding::error(FILE, 1, format!("cannot be read: {error}"), "repair it")];
        }
    };
    let allowed = texts(rules.get("licenses").and_then(|licenses| licenses.get("allow")), "");
    let banned = texts(rules.get("bans").and_then(|bans| bans.get("deny")), "crate");
    let mut findings = Vec::new();
    for (id, package) in &packages.0 {
        let who = || packages.members_that_need(id).join(", ");
        let licence = package.license.as_deref().unwrap_or("no licence");
        if !spdx::satisfied(licence, &|licence| allowed.contains(licence)) {
            findings.push(Finding::error(
                FILE,
                1,
                format!(
                    "{} {} has {licence:?}, which [licenses] does not allow",
                    package.name, package.version
                ),
                format!(
                    "do without it (needed by {}), or allow the licence if its terms fit",
                    who()
                ),
            ));
        }
        if banned.contains(package.name.as_str()) {
            findings.push(Finding::error(
                FILE,
                1,
                format!("{} {} is banned", package.name, package.version),
                format!("switch off the feature that brings it (needed by {}); deny.toml has the reason", who()),
            ));
        }
    }
    findings
}

/// The strings of an array; of its tables, the value at `key`.
fn texts<'a>(list: Option<&'a Value>, key: &str) -> BTreeSet<&'a str> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|entry| entry.as_str().or_else(|| entry.get(key)?.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::packages::Package;
    use super::*;

    #[track_caller]
    fn check(name: &str, license: Option<&str>, findings: usize) {
        let package = Package {
            name: name.to_owned(),
            license: license.map(str::to_owned),
            ..Package::default()
        };
        let deny = "[licenses]\nallow = ['MIT']\n[bans]\ndeny = [{ crate = 'openssl-sys', reason = 'x' }, 'bad']";
        let packages = Packages([("id".to_owned(), package)].into());
        assert_eq!(super::check(&packages, deny).len(), findings);
    }

    #[test]
    fn licences_and_bans_are_read_from_deny_toml() {
        check("a", Some("MIT OR GPL-3.0"), 0);
        check("a", Some("GPL-3.0"), 1);
        check("a", None, 1);
        check("openssl-sys", Some("MIT"), 1);
        check("bad", Some("GPL-3.0"), 2);
    }

    #[test]
    fn a_broken_deny_toml_is_a_finding() {
        assert_eq!(super::check(&Packages::default(), "[licenses").len(), 1);
    }
}
