//! Where a file looks for its libraries: only beside itself, or where systems have them.

use tachi_schema::finding::Finding;

use crate::rule;

/// Checks the folders of an rpath; `own` is what stands for the file's own folder.
pub(super) fn check<'a>(folders: impl Iterator<Item = &'a str>, own: &str) -> Option<Finding> {
    let bad: Vec<String> = folders.filter_map(|folder| problem(folder, own)).collect();
    (!bad.is_empty()).then(|| {
        rule::LIBRARY_SEARCH_PATH.finding(format!("it looks for libraries {}", bad.join(", and ")))
    })
}

fn problem(folder: &str, own: &str) -> Option<String> {
    const OF_SYSTEMS: [&str; 4] = ["/usr/lib", "/lib", "/System/", "/Library/"];
    let braced = own.strip_prefix('$').map(|name| format!("${{{name}}}"));
    let own_names = [own, "@executable_path", braced.as_deref().unwrap_or(own)];
    if own_names.iter().any(|own| folder.starts_with(own)) {
        None
    } else if !folder.starts_with('/') {
        let shown = if folder.is_empty() { "an empty path" } else { folder };
        Some(format!("in the user's current folder ({shown})"))
    } else if OF_SYSTEMS.iter().any(|system| folder.starts_with(system)) {
        None
    } else {
        Some(format!("in {folder}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_looked_for_beside_the_file_and_in_system_folders_only() {
        for (folder, own, is_bad) in [
            ("$ORIGIN", "$ORIGIN", false),
            ("${ORIGIN}/../lib", "$ORIGIN", false),
            ("/usr/lib/x86_64-linux-gnu", "$ORIGIN", false),
            ("@loader_path/../lib", "@loader_path", false),
            ("@executable_path", "@loader_path", false),
            ("/work/target/release/deps", "$ORIGIN", true),
            ("lib", "$ORIGIN", true),
            ("", "$ORIGIN", true),
        ] {
            assert_eq!(check([folder].into_iter(), own).is_some(), is_bad, "{folder}");
        }
        let finding = check(["", "/opt/x"].into_iter(), "$ORIGIN").unwrap();
        assert_eq!(
            finding.message,
            "it looks for libraries in the user's current folder (an empty path), and in /opt/x"
        );
    }
}
