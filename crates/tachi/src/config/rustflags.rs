//! Flags for rustc from all sources, merged.
//!
//! Cargo takes them from one source only: `CARGO_ENCODED_RUSTFLAGS`, else `RUSTFLAGS`, else
//! `target.*.rustflags`, else `build.rustflags`. So a user's `RUSTFLAGS` would silently
//! switch off what a kit or a configuration file needs. Tachi joins them instead, the
//! stronger source last, so that rustc lets it win: `build.rustflags`, `target.*.rustflags`,
//! the environment, `tachi.toml`, the kit, and the names of folders in finished files.

use tachi_schema::plan::SourcedFlag;

/// All flags for one target, by source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// `build.rustflags`.
    pub build: Vec<String>,
    /// `target.*.rustflags`: cargo adds them by itself, even to ours.
    pub target: Vec<String>,
    /// `CARGO_ENCODED_RUSTFLAGS` or `RUSTFLAGS`.
    pub environment: Vec<String>,
    /// `[target.…] rustflags` of `tachi.toml`.
    pub file: Vec<String>,
    /// What the kit and std need.
    pub kit: Vec<String>,
    /// What keeps this machine's folders out of finished files.
    pub paths: Vec<String>,
}

impl Sources {
    /// Whether `flag` is among them.
    pub fn has(&self, flag: &str) -> bool {
        let all =
            [&self.build, &self.target, &self.environment, &self.file, &self.kit, &self.paths];
        all.into_iter().flatten().any(|own| own == flag)
    }

    /// The linker that the user's flags name (`-Clinker=x`, `-C linker=x`), if they do.
    pub fn linker(&self) -> Option<&str> {
        let users = [&self.build, &self.target, &self.environment, &self.file];
        let mut found = None;
        for flags in users {
            let mut flags = flags.iter().map(String::as_str);
            while let Some(flag) = flags.next() {
                let option = match flag {
                    "-C" | "--codegen" => flags.next(),
                    _ => flag.strip_prefix("-C").or_else(|| flag.strip_prefix("--codegen=")),
                };
                found = option.and_then(|option| option.strip_prefix("linker=")).or(found);
            }
        }
        found
    }

    /// Whether cargo uses every flag by itself.
    pub fn cargo_suffices(&self) -> bool {
        let by_cargo = [&self.build, &self.target, &self.environment];
        self.file.is_empty()
            && self.kit.is_empty()
            && self.paths.is_empty()
            && by_cargo.into_iter().filter(|flags| !flags.is_empty()).count() <= 1
    }

    /// The flags to hand to cargo as `target.<triple>.rustflags` (with the environment's
    /// own removed); cargo puts those of [`target`](Self::target) before them.
    pub fn to_add(&self) -> Vec<SourcedFlag> {
        let sources = [
            (&self.build, "build.rustflags"),
            (&self.environment, "RUSTFLAGS"),
            (&self.file, "tachi.toml"),
            (&self.kit, "kit"),
            (&self.paths, "trim-paths"),
        ];
        let flag =
            |flag: &String, source: &str| SourcedFlag { flag: flag.clone(), source: source.into() };
        sources
            .into_iter()
            .flat_map(|(flags, source)| flags.iter().map(move |one| flag(one, source)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn cargo_suffices_exactly_when_it_drops_no_flag() {
        let cases = [
            (Sources::default(), true),
            (Sources { environment: flags("-Ca"), ..Sources::default() }, true),
            (Sources { build: flags("-Ca"), ..Sources::default() }, true),
            (Sources { target: flags("-Ca"), ..Sources::default() }, true),
            (Sources { target: flags("-Ca"), build: flags("-Cb"), ..Sources::default() }, false),
            (
                Sources { target: flags("-Ca"), environment: flags("-Cb"), ..Sources::default() },
                false,
            ),
            (Sources { kit: flags("-Ca"), ..Sources::default() }, false),
            (Sources { file: flags("-Ca"), ..Sources::default() }, false),
            (Sources { paths: flags("-Ca"), ..Sources::default() }, false),
        ];
        for (sources, expected) in cases {
            assert_eq!(sources.cargo_suffices(), expected, "for {sources:?}");
        }
    }

    #[test]
    fn a_linker_among_the_flags_is_found_and_the_last_one_counts() {
        for (text, linker) in [
            ("-Clinker=one", Some("one")),
            ("-C linker=one -Clinker=two", Some("two")),
            ("--codegen linker=one -Clinker-flavor=gcc", Some("one")),
            ("-Clinker-flavor=gcc -Clink-arg=linker=x", None),
            ("", None),
        ] {
            let sources = Sources { target: flags(text), ..Sources::default() };
            assert_eq!(sources.linker(), linker, "for {text:?}");
        }
    }

    #[test]
    fn no_source_is_lost_and_the_stronger_comes_last() {
        let sources = Sources {
            build: flags("-Cbuild"),
            target: flags("-Ctarget"),
            environment: flags("-Cenvironment -Cmore"),
            file: flags("-Cfile"),
            kit: flags("-Ckit"),
            paths: flags("-Cpaths"),
        };
        let added: Vec<_> =
            sources.to_add().into_iter().map(|flag| (flag.flag, flag.source)).collect();
        let expected = [
            ("-Cbuild", "build.rustflags"),
            ("-Cenvironment", "RUSTFLAGS"),
            ("-Cmore", "RUSTFLAGS"),
            ("-Cfile", "tachi.toml"),
            ("-Ckit", "kit"),
            ("-Cpaths", "trim-paths"),
        ];
        assert_eq!(added, expected.map(|(flag, source)| (flag.to_owned(), source.to_owned())));
    }
}
