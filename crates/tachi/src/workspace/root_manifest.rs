//! The manifest at a workspace's root, parsed once: what `cargo metadata` leaves out, and what the
//! answer of `cargo metadata` depends on.

use camino::{Utf8Path, Utf8PathBuf};
use guppy::graph::cargo::CargoResolverVersion;
use toml::{Table, Value};

use super::error::WorkspaceError;
use crate::mistake::Mistake;
use crate::sys::fs;

/// The manifest at a workspace's root.
#[derive(Debug, Clone, PartialEq)]
pub struct RootManifest {
    root: Utf8PathBuf,
    text: String,
    table: Table,
}

impl RootManifest {
    /// Reads the manifest in `root`.
    ///
    /// # Errors
    /// It cannot be read, or is no TOML.
    pub fn read(root: &Utf8Path) -> Result<Self, WorkspaceError> {
        let file = root.join("Cargo.toml");
        let text = fs::read_to_string(&file)?;
        match text.parse() {
            Ok(table) => Ok(Self { root: root.to_owned(), text, table }),
            Err(error) => {
                let Mistake { line, message, .. } = Mistake::new(&text, &error);
                Err(WorkspaceError::Manifest { file, line: line.unwrap_or(1), message })
            }
        }
    }

    /// The folder that it is in.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The `[profile]` table.
    pub fn profiles(&self) -> Table {
        self.table.get("profile").and_then(Value::as_table).cloned().unwrap_or_default()
    }

    /// The folders that its member patterns match now; none if a pattern is broken.
    pub fn members(&self) -> Option<Vec<Utf8PathBuf>> {
        let patterns = || self.table.get("workspace")?.as_table()?.get("members")?.as_array();
        let mut folders = Vec::new();
        for pattern in patterns().into_iter().flatten().filter_map(Value::as_str) {
            for path in glob::glob(self.root.join(pattern).as_str()).ok()? {
                folders.push(Utf8PathBuf::from_path_buf(path.ok()?).ok()?);
            }
        }
        Some(folders)
    }

    /// The resolver by cargo's rules: the stated one, else the one that the root package's edition
    /// implies, else version 1.
    pub fn resolver(&self) -> CargoResolverVersion {
        let text = |table: &str, key: &str| self.table.get(table)?.as_table()?.get(key)?.as_str();
        let inherited = || {
            let package = self.table.get("workspace")?.as_table()?.get("package")?.as_table()?;
            package.get("edition")?.as_str()
        };
        let stated = text("workspace", "resolver").or_else(|| text("package", "resolver"));
        let implied = || match text("package", "edition") {
            Some(edition) => Some(edition),
            None if self.table.contains_key("package") => inherited(),
            None => None,
        };
        match stated {
            Some("3") => CargoResolverVersion::V3,
            Some("2") => CargoResolverVersion::V2,
            Some(_) => CargoResolverVersion::V1,
            None => match implied() {
                Some("2021") => CargoResolverVersion::V2,
                None | Some("2015" | "2018") => CargoResolverVersion::V1,
                Some(_) => CargoResolverVersion::V3,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resolver_is_the_stated_one_or_the_editions() {
        for (manifest, expected) in [
            ("[workspace]\nresolver = \"2\"", CargoResolverVersion::V2),
            ("[workspace]", CargoResolverVersion::V1),
            ("[package]\nedition = \"2018\"", CargoResolverVersion::V1),
            ("[package]\nedition = \"2021\"", CargoResolverVersion::V2),
            ("[package]\nedition = \"2024\"", CargoResolverVersion::V3),
            ("[package]\nedition = \"2024\"\nresolver = \"1\"", CargoResolverVersion::V1),
            (
                "[package]\nedition.workspace = true\n[workspace.package]\nedition = \"2021\"",
                CargoResolverVersion::V2,
            ),
        ] {
            let (root, text) = (Utf8PathBuf::new(), manifest.to_owned());
            let read = RootManifest { root, table: manifest.parse().unwrap(), text };
            assert_eq!(read.resolver(), expected, "for {manifest:?}");
        }
    }
}
