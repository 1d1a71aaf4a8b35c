//! The names that stand for this machine's folders in finished files, as arguments of rustc, C
//! compilers and linkers. Pure.

use std::fmt::Write;

use camino::{Utf8Path, Utf8PathBuf};

/// The variable that carries a map to the kit's wrappers, as the [specification] has it.
/// Other compilers read it, too.
///
/// [specification]: https://reproducible-builds.org/specs/build-path-prefix-map/
pub const VARIABLE: &str = "BUILD_PATH_PREFIX_MAP";

/// Folders and their names. Of several folders that contain a path, the last one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrefixMap {
    entries: Vec<(Utf8PathBuf, String)>,
}

impl PrefixMap {
    /// Adds a folder, which is stronger than those before it. Left out are the root folder, which
    /// contains every file, relative folders, and a folder that is there already.
    pub fn add(&mut self, folder: &Utf8Path, name: impl Into<String>) {
        if folder.is_absolute() && folder.parent().is_some() {
            self.entries.retain(|(known, _)| known != folder);
            self.entries.push((folder.to_owned(), name.into()));
        }
    }

    /// Folders and names, the weakest first.
    pub fn iter(&self) -> impl Iterator<Item = (&Utf8Path, &str)> {
        self.entries.iter().map(|(folder, name)| (folder.as_path(), name.as_str()))
    }

    /// The folder that contains `path` and counts for it.
    pub fn folder_of(&self, path: &Utf8Path) -> Option<&Utf8Path> {
        self.entry_of(path).map(|(folder, _)| folder)
    }

    /// `path` with the name of its folder.
    pub fn named(&self, path: &str) -> String {
        let path = Utf8Path::new(path);
        let inside = self.entry_of(path).and_then(|(folder, name)| {
            Some(Utf8Path::new(name).join(path.strip_prefix(folder).ok()?))
        });
        inside.unwrap_or_else(|| path.to_owned()).into_string()
    }

    fn entry_of(&self, path: &Utf8Path) -> Option<(&Utf8Path, &str)> {
        self.iter().filter(|(folder, _)| path.starts_with(folder)).last()
    }

    /// The arguments for rustc. From release 1.95 on, its messages keep the real paths, which
    /// editors open.
    pub fn rustflags(&self, release: &str) -> Vec<String> {
        let mut flags: Vec<String> = self
            .iter()
            .map(|(folder, name)| format!("--remap-path-prefix={folder}={name}"))
            .collect();
        if !flags.is_empty() && minor(release).is_some_and(|minor| minor >= 95) {
            flags.push("--remap-path-scope=object".into());
        }
        flags
    }

    /// The arguments for clang (from 10 on) and GCC (from 8 on). They have no way to name a folder
    /// with an equals sign.
    pub fn c_flags(&self) -> Vec<String> {
        self.iter()
            .filter(|(folder, _)| !folder.as_str().contains('='))
            .map(|(folder, name)| format!("-ffile-prefix-map={folder}={name}"))
            .collect()
    }

    /// The value of [`VARIABLE`].
    pub fn to_variable(&self) -> String {
        let mut out = String::new();
        for (folder, name) in self.iter() {
            let separator = if out.is_empty() { "" } else { ":" };
            let _ = write!(out, "{separator}{}={}", encoded(name), encoded(folder.as_str()));
        }
        out
    }

    /// Reads the value of [`VARIABLE`]. Items that are malformed are left out: other programs set
    /// the variable, too.
    pub fn of_variable(value: &str) -> Self {
        let mut map = Self::default();
        for item in value.split(':') {
            if let Some((name, folder)) = item.split_once('=')
                && !folder.contains('=')
            {
                map.add(Utf8Path::new(&decoded(folder)), decoded(name));
            }
        }
        map
    }
}

fn encoded(text: &str) -> String {
    text.replace('%', "%#").replace('=', "%+").replace(':', "%.")
}

fn decoded(text: &str) -> String {
    text.replace("%.", ":").replace("%+", "=").replace("%#", "%")
}

/// `95` of `1.95.0` and `1.95.0-nightly`.
fn minor(release: &str) -> Option<u32> {
    release.strip_prefix("1.")?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> PrefixMap {
        let mut map = PrefixMap::default();
        for (folder, name) in entries {
            map.add(Utf8Path::new(folder), *name);
        }
        map
    }

    #[test]
    fn each_compiler_gets_arguments_that_it_understands() {
        let map = map(&[("/home/me", "/home"), ("/home/me/a=b", "."), ("/", "/root"), ("x", "y")]);
        let remaps =
            ["--remap-path-prefix=/home/me=/home", "--remap-path-prefix=/home/me/a=b=."].to_vec();
        assert_eq!(map.rustflags("1.94.1"), remaps);
        assert_eq!(
            map.rustflags("1.95.0-nightly"),
            [remaps, vec!["--remap-path-scope=object"]].concat()
        );
        assert_eq!(map.c_flags(), ["-ffile-prefix-map=/home/me=/home"]);
        assert!(PrefixMap::default().rustflags("1.95.0").is_empty());
    }

    #[test]
    fn the_variable_carries_any_path_there_and_back() {
        let map = map(&[("/a:b=c%#d%", "/x=y"), ("/home/me", ".")]);
        assert_eq!(map.to_variable(), "/x%+y=/a%.b%+c%##d%#:.=/home/me");
        assert_eq!(PrefixMap::of_variable(&map.to_variable()), map);
        assert_eq!(PrefixMap::of_variable("nonsense:a=b=c:"), PrefixMap::default());
    }

    #[test]
    fn a_folder_with_two_names_has_the_stronger_one() {
        let map = map(&[("/w", "/home"), ("/v", "/cargo"), ("/w", ".")]);
        let entries: Vec<_> = map.iter().map(|(folder, name)| (folder.as_str(), name)).collect();
        assert_eq!(entries, [("/v", "/cargo"), ("/w", ".")]);
        assert_eq!(map.folder_of("/w/a".into()), Some(Utf8Path::new("/w")));
        assert_eq!(map.folder_of("/wide".into()), None);
    }
}
