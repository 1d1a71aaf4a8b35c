//! The packages of the workspace and of its dependencies, as `cargo metadata` resolves them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// One package.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// The oldest compiler it promises to work with.
    pub(crate) rust_version: Option<String>,
    /// Its licences, as SPDX has them.
    pub(crate) license: Option<String>,
    /// Whether it is a member of this workspace.
    pub(crate) is_member: bool,
    /// Whether it may be published.
    pub(crate) is_published: bool,
    /// The ids of the packages that it needs to be built: its dependencies except those of its tests.
    pub(crate) needs: Vec<String>,
}

/// All of them, by cargo's id.
#[derive(Debug, Default)]
pub(crate) struct Packages(pub(crate) BTreeMap<String, Package>);

impl Packages {
    /// Reads the output of `cargo metadata`.
    pub(crate) fn read(metadata: &Value) -> Result<Self, String> {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let members: BTreeSet<String> =
            list(&metadata["workspace_members"]).iter().filter_map(text).collect();
        let mut packages = BTreeMap::new();
        for package in list(&metadata["packages"]) {
            let id = text(&package["id"]).ok_or("cargo metadata: a package without an id")?;
            let read = Package {
                name: text(&package["name"]).unwrap_or_default(),
                version: text(&package["version"]).unwrap_or_default(),
                rust_version: text(&package["rust_version"]),
                license: text(&package["license"]),
                is_member: members.contains(&id),
                is_published: package["publish"] != Value::Array(Vec::new()),
                needs: Vec::new(),
            };
            packages.insert(id, read);
        }
        for node in list(&metadata["resolve"]["nodes"]) {
            let Some(package) = node["id"].as_str().and_then(|id| packages.get_mut(id)) else {
                continue;
            };
            let is_for_building = |dependency: &Value| {
                list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev")
            };
            package.needs = list(&node["deps"])
                .iter()
                .filter(|dependency| is_for_building(dependency))
                .filter_map(|dependency| text(&dependency["pkg"]))
                .collect();
        }
        Ok(Self(packages))
    }

    /// All that a package needs to be built, itself included.
    pub(crate) fn closure(&self, id: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> =
            self.0.get_key_value(id).map(|(id, _)| id.as_str()).into_iter().collect();
        while let Some(id) = open.pop() {
            if seen.insert(id)
                && let Some(package) = self.0.get(id)
            {
                open.extend(package.needs.iter().map(String::as_str));
            }
        }
        seen
    }

    /// The packages whose closure holds `id`, of the workspace's own.
    pub(crate) fn members_that_need(&self, id: &str) -> Vec<&str> {
        let members = self.0.iter().filter(|(_, package)| package.is_member);
        members
            .filter(|(member, _)| self.closure(member).contains(id))
            .map(|(_, package)| package.name.as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closure_leaves_out_packages_that_only_tests_need() {
        let package = |id: &str| serde_json::json!({ "id": id, "name": id, "version": "1.0.0", "publish": null });
        let needs = |id: &str, kind: &Value| serde_json::json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] });
        let metadata = serde_json::json!({
            "workspace_members": ["a"],
            "packages": [package("a"), package("b"), package("c"), package("d")],
            "resolve": { "nodes": [
                { "id": "a", "deps": [needs("b", &Value::Null), needs("d", &"dev".into())] },
                { "id": "b", "deps": [needs("c", &"build".into())] },
            ] },
        });
        let packages = Packages::read(&metadata).unwrap();
        assert_eq!(packages.closure("a"), BTreeSet::from(["a", "b", "c"]));
        assert_eq!(packages.members_that_need("c"), ["a"]);
        assert!(packages.members_that_need("d").is_empty());
    }
}
