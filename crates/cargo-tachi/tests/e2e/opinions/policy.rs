//! Checks manylinux wheels against auditwheel's policies: others have checked a wheel that names
//! its glibc, so its floors are within the policy of that name.

use std::path::Path;

use serde_json::Value;

use super::{Statement, statement};

/// auditwheel's table of policies.
pub(crate) struct Policies(Value);

impl Policies {
    /// Reads the table from the unpacked wheel of auditwheel.
    pub(crate) fn read(folder: &Path) -> Self {
        let file = folder.join("auditwheel/policy/manylinux-policy.json");
        Self(serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
    }

    /// Whether each floor is a version that the wheel's policy has; nothing about wheels that
    /// name none. Of several policies in a name the oldest counts.
    pub(crate) fn statements(&self, wheel: &str, facts: &Value) -> Vec<Statement> {
        let policies = self.0.as_array().unwrap();
        let is_named = |policy: &&Value| {
            let name = policy["name"].as_str().unwrap();
            let aliases = policy["aliases"].as_array().unwrap();
            let names = aliases.iter().filter_map(Value::as_str).chain([name]);
            // Tags stand behind a dash, or a dot if there are several.
            let is_tag = |name: &str| {
                ["-", "."].iter().any(|dash| wheel.contains(&format!("{dash}{name}_")))
            };
            names.into_iter().any(is_tag)
        };
        let Some(policy) = policies.iter().find(is_named) else { return Vec::new() };
        let arch = match facts["architecture"].as_str().unwrap() {
            "x86" => "i686",
            other => other,
        };
        let families =
            [("GLIBC", "glibc"), ("GLIBCXX", "glibcxx"), ("CXXABI", "cxxabi"), ("GCC", "gcc")];
        let mut statements = Vec::new();
        for (family, field) in families {
            let Some(floor) = facts["floors"][field].as_str() else { continue };
            let allowed = policy["symbol_versions"][arch][family].as_array().unwrap();
            // `4.2` here is `4.2.0` there.
            let is_in = allowed
                .iter()
                .filter_map(Value::as_str)
                .any(|one| one == floor || one.strip_suffix(".0") == Some(floor));
            let said = format!("{family}_{floor} is in {}", policy["name"]);
            let theirs = if is_in { said.clone() } else { format!("no, {allowed:?} are") };
            statements.push(statement("policy", said, theirs));
        }
        statements
    }
}
