//! Hosts and folders that no file of the tree may name: a registry is reached through its client,
//! which users point at mirrors, and the tree depends on nothing outside of it.

use super::finding::Finding;
use crate::repository::Source;

/// In parts, so that this file does not name them either.
const HOSTS: &[&[&str]] = &[
    &["index", "crates", "io"],
    &["static", "crates", "io"],
    &["pypi", "org"],
    &["pythonhosted", "org"],
    &["npmjs", "org"],
    &["npmjs", "com"],
    &["deb", "debian", "org"],
    &["security", "debian", "org"],
    &["snapshot", "debian", "org"],
    &["static", "rust-lang", "org"],
];

const FOLDERS: &[&[&str]] =
    &[&["..", "shared"], &["..", ".library"], &["work", "shared"], &["work", ".library"]];

/// Looks at every text file.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let joined = |parts: &[&[&str]], with: &str| -> Vec<String> {
        parts.iter().map(|parts| parts.join(with)).collect()
    };
    let (mut hosts, folders) = (joined(HOSTS, "."), joined(FOLDERS, "/"));
    hosts.push(["//crates", "io/"].join("."));
    let mut findings = Vec::new();
    for source in sources {
        for (index, line) in source.text.lines().enumerate() {
            let named = |names: &[String]| names.iter().find(|&name| line.contains(name)).cloned();
            if let Some(host) = named(&hosts) {
                findings.push(Finding::error(
                    &source.path,
                    index + 1,
                    format!("names the registry host {host}"),
                    "let the registry's client find it: cargo, pip, npm and apt-get know their mirrors",
                ));
            }
            if let Some(folder) = named(&folders) {
                findings.push(Finding::error(
                    &source.path,
                    index + 1,
                    format!("names {folder}, which is outside the repository"),
                    "bring what is needed into the repository",
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::finding::made_up::{places, source};
    use super::*;

    #[test]
    fn hosts_and_outside_folders_are_found_in_any_file() {
        let text = format!(
            "fine: crates.io\nhttps://{}/simple\n{}/x",
            HOSTS[2].join("."),
            FOLDERS[0].join("/")
        );
        assert_eq!(places(&check(&[source("README.md", &text)])), ["README.md:2", "README.md:3"]);
    }
}
