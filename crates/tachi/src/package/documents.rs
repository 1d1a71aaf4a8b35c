//! The documents that go with a package: readme, licences, changelog.

use camino::{Utf8Path, Utf8PathBuf};

use crate::sys::{SysError, fs};

/// How the names of such files begin, in capitals.
const NAMES: [&str; 7] =
    ["README", "LICENSE", "LICENCE", "COPYING", "UNLICENSE", "NOTICE", "CHANGELOG"];

/// The documents in the package's folder; for each kind that is not there, those in the
/// workspace's root. Sorted by name.
///
/// # Errors
/// A folder cannot be listed.
pub fn find(
    package_dir: &Utf8Path,
    workspace_root: &Utf8Path,
) -> Result<Vec<Utf8PathBuf>, SysError> {
    let own = candidates(package_dir)?;
    let shared =
        if package_dir == workspace_root { Vec::new() } else { candidates(workspace_root)? };
    let mut documents = Vec::new();
    for kind in NAMES {
        let of_kind = |files: &[Utf8PathBuf]| -> Vec<Utf8PathBuf> {
            files.iter().filter(|file| is_of_kind(file, kind)).cloned().collect()
        };
        let found = of_kind(&own);
        documents.extend(if found.is_empty() { of_kind(&shared) } else { found });
    }
    documents.sort();
    Ok(documents)
}

fn candidates(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, SysError> {
    let entries = fs::list(folder)?;
    Ok(entries
        .into_iter()
        .filter(|entry| NAMES.iter().any(|kind| is_of_kind(entry, kind)) && fs::is_file(entry))
        .collect())
}

fn is_of_kind(file: &Utf8Path, kind: &str) -> bool {
    let name = file.file_name().unwrap_or_default().to_uppercase();
    name.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_without_a_licence_takes_that_of_the_workspace() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        for file in ["LICENSE-MIT", "README.md", "licensed.rs", "Cargo.toml", "member/README.md"] {
            fs::write_atomic(&root.join(file), b"").unwrap();
        }
        let found = find(&root.join("member"), &root).unwrap();
        assert_eq!(found, [root.join("LICENSE-MIT"), root.join("member/README.md")]);
    }
}
