//! Load commands that a Mach-O file has twice, which newer loaders refuse.

use std::collections::BTreeMap;

use object::macho;

use crate::macho::dylib::Dylib;

/// Counts the commands of one file.
#[derive(Debug, Default)]
pub(crate) struct Duplicates {
    /// The number of each command that a file may have once, by the command's name.
    commands: BTreeMap<&'static str, u32>,
    /// The platforms of `LC_BUILD_VERSION`: a file may have several, but not one twice.
    platforms: BTreeMap<u32, u32>,
}

impl Duplicates {
    pub(crate) fn see(&mut self, command: macho::LoadCommandType) {
        if let Some(name) = once(command) {
            *self.commands.entry(name).or_default() += 1;
        }
    }

    pub(crate) fn see_platform(&mut self, platform: macho::Platform) {
        *self.platforms.entry(platform.0).or_default() += 1;
    }

    /// The duplicates: `dylib …`, `rpath …`, or a command's name.
    pub(crate) fn found(self, dylibs: &[Dylib], rpaths: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        found.extend(twice("dylib", dylibs.iter().map(|dylib| dylib.path.as_str())));
        found.extend(twice("rpath", rpaths.iter().map(String::as_str)));
        let commands = self.commands.into_iter().filter(|(_, count)| *count > 1);
        found.extend(commands.map(|(name, _)| name.to_owned()));
        if self.platforms.values().any(|count| *count > 1) {
            found.push("LC_BUILD_VERSION".to_owned());
        }
        found
    }
}

/// The texts that come more than once, each listed once.
fn twice<'a>(what: &str, texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut counts = BTreeMap::<&str, u32>::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    let more = counts.into_iter().filter(|(_, count)| *count > 1);
    more.map(|(text, _)| format!("{what} {text}")).collect()
}

/// The name of a command that a file may have once.
fn once(command: macho::LoadCommandType) -> Option<&'static str> {
    Some(match command {
        macho::LC_UUID => "LC_UUID",
        macho::LC_ID_DYLIB => "LC_ID_DYLIB",
        macho::LC_SYMTAB => "LC_SYMTAB",
        macho::LC_DYSYMTAB => "LC_DYSYMTAB",
        macho::LC_DYLD_INFO | macho::LC_DYLD_INFO_ONLY => "LC_DYLD_INFO",
        macho::LC_DYLD_CHAINED_FIXUPS => "LC_DYLD_CHAINED_FIXUPS",
        macho::LC_DYLD_EXPORTS_TRIE => "LC_DYLD_EXPORTS_TRIE",
        macho::LC_CODE_SIGNATURE => "LC_CODE_SIGNATURE",
        macho::LC_MAIN => "LC_MAIN",
        macho::LC_FUNCTION_STARTS => "LC_FUNCTION_STARTS",
        macho::LC_DATA_IN_CODE => "LC_DATA_IN_CODE",
        macho::LC_SOURCE_VERSION => "LC_SOURCE_VERSION",
        macho::LC_LOAD_DYLINKER => "LC_LOAD_DYLINKER",
        macho::LC_VERSION_MIN_MACOSX => "LC_VERSION_MIN_MACOSX",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::macho::dylib::DylibUse;
    use crate::version::Version;

    #[test]
    fn a_duplicate_is_listed_once() {
        let dylib = |path: &str| Dylib {
            path: path.to_owned(),
            current_version: Version::new(1, 0, 0),
            compatibility_version: Version::new(1, 0, 0),
            usage: DylibUse::Required,
        };
        let mut seen = Duplicates::default();
        for command in [macho::LC_UUID, macho::LC_MAIN, macho::LC_UUID, macho::LC_RPATH] {
            seen.see(command);
        }
        // A library for both macOS and Mac Catalyst.
        seen.see_platform(macho::PLATFORM_MACOS);
        seen.see_platform(macho::PLATFORM_MACCATALYST);
        let dylibs = [dylib("a"), dylib("b"), dylib("a"), dylib("a")];
        let rpaths = ["x".to_owned(), "y".to_owned(), "x".to_owned()];
        assert_eq!(seen.found(&dylibs, &rpaths), ["dylib a", "rpath x", "LC_UUID"]);
        let mut seen = Duplicates::default();
        seen.see_platform(macho::PLATFORM_MACOS);
        seen.see_platform(macho::PLATFORM_MACOS);
        assert_eq!(seen.found(&[], &[]), ["LC_BUILD_VERSION"]);
    }
}
