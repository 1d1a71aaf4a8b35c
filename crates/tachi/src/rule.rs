//! The rules of verification: what each looks for, its code and name, how bad a finding is unless the
//! user says otherwise, and what to do about it. Each has a page, `docs/findings/<code>.md`.

use serde::Deserialize;
use tachi_schema::finding::{Finding, Severity};

use crate::suggest;

/// When a rule is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// In every build: without it the file does not run where it should.
    Build,
    /// In a release only: of no concern to who compiles and tries.
    Release,
}

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its stable code: `TV001`.
    pub code: &'static str,
    /// Its name: `wrong-platform`.
    pub name: &'static str,
    /// How bad it is unless the user says otherwise.
    pub severity: Severity,
    /// When it is looked at.
    pub scope: Scope,
    /// What it looks for, in one sentence.
    pub summary: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Rule {
    /// The rule with this code or name, in whatever case.
    pub fn find(word: &str) -> Option<&'static Self> {
        let is = |text: &str| text.eq_ignore_ascii_case(word);
        ALL.iter().copied().find(|rule| is(rule.code) || is(rule.name))
    }

    /// What it has to say.
    pub fn finding(&self, message: impl Into<String>) -> Finding {
        Finding {
            code: self.code.into(),
            rule: self.name.into(),
            severity: self.severity,
            message: message.into(),
            remedy: self.remedy.into(),
        }
    }

    /// Its page, from the root of Tachi's repository.
    pub fn page(&self) -> String {
        format!("docs/findings/{}.md", self.code)
    }
}

/// A rule as `tachi.toml` names it: by code or name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct RuleName(pub &'static Rule);

impl TryFrom<String> for RuleName {
    type Error = String;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        Rule::find(&word).map(Self).ok_or_else(|| {
            let names = ALL.iter().map(|rule| rule.name);
            format!("`{word}` is no rule of verify{}", suggest::hint(&word, names))
        })
    }
}

/// For editors: every name, and every code.
#[cfg(feature = "json-schema")]
impl schemars::JsonSchema for RuleName {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RuleName".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<_> = ALL.iter().flat_map(|rule| [rule.name, rule.code]).collect();
        schemars::json_schema!({
            "description": "A rule of verify by its name or code.",
            "type": "string",
            "enum": names,
        })
    }
}

macro_rules! rules {
    ($($constant:ident $code:literal $name:literal $severity:ident $scope:ident $summary:literal $remedy:literal)*) => {
        $(
            #[doc = $summary]
            pub const $constant: Rule = Rule {
                code: $code,
                name: $name,
                severity: Severity::$severity,
                scope: Scope::$scope,
                summary: $summary,
                remedy: $remedy,
            };
        )*

        /// All rules, by code.
        pub const ALL: &[&Rule] = &[$(&$constant),*];
    };
}

rules! {
    WRONG_PLATFORM "TV001" "wrong-platform" Error Build
        "The file is of another format or for another processor than its target."
        "look for a `linker` or `runner` setting that points to another platform's tools"
    GLIBC_TOO_NEW "TV002" "glibc-too-new" Error Build
        "The file needs a newer glibc than was asked for."
        "raise `glibc` for this target in tachi.toml, or find the library that was compiled for a newer system"
    MACOS_TOO_NEW "TV003" "macos-too-new" Error Build
        "The file needs a newer macOS than was asked for."
        "raise `minimum-os` for this target in tachi.toml, or find what sets -mmacosx-version-min"
    FLAT_LOOKUP "TV004" "flat-lookup" Warning Build
        "Symbols are looked for in all libraries of the process, as the linker did not know which library has them."
        "set SDKROOT to Apple's SDK, whose lists are complete, and build again"
    DUPLICATE_LOAD_COMMAND "TV005" "duplicate-load-command" Error Build
        "A Mach-O file has a load command twice that may occur once."
        "look for a library that is linked under two names, or an rpath that is given twice"
    BROKEN_SIGNATURE "TV006" "broken-signature" Error Build
        "A Mach-O file has no signature, or one that its bytes do not agree with."
        "sign it again: `cargo tachi sign FILE`"
    UNKNOWN_FRAMEWORK "TV007" "unknown-framework" Warning Build
        "A framework is loaded that Tachi does not know to be in macOS."
        "check the spelling of the framework; with SDKROOT set to Apple's SDK, the linker checks it"
    UNREADABLE "TV008" "unreadable" Error Build
        "The file is cut off, damaged, or no executable or library at all."
        "build it again, or download it again: it is not the file that was made"
    MISLEADING_FILE_NAME "TV009" "misleading-file-name" Error Release
        "The file's name states another system or processor than its content has."
        "rename it, or find out which step mixed up two targets"
    FOREIGN_LIBRARY "TV010" "foreign-library" Error Release
        "A library is loaded that not every system of the platform has."
        "link it statically, ship it beside the program, or, if users are to bring it, list it in `[verify] \
         allow-imports` of tachi.toml"
    RUNTIME_TOO_NEW "TV011" "runtime-too-new" Error Release
        "The file needs a newer libstdc++ or libgcc than systems with the glibc asked for have."
        "link the C++ library statically, compile C++ with the kit's compiler, or raise `glibc` for this target"
    KERNEL_TOO_NEW "TV012" "kernel-too-new" Warning Release
        "The file demands a newer kernel than systems with the glibc asked for have."
        "find the object that was compiled on a newer system (`readelf -n` of its libraries)"
    LIBRARY_SEARCH_PATH "TV013" "library-search-path" Error Release
        "The file looks for libraries in folders that exist on the build machine only, or that anybody may fill."
        "drop the -rpath of whoever set it (a build script's `cargo::rustc-link-arg`?), or begin it with $ORIGIN or \
         @loader_path"
    INSTALL_NAME "TV014" "install-name" Warning Release
        "A dylib's own name is a path of the build machine, which programs linked with it would keep."
        "link it with -Wl,-install_name,@rpath/NAME"
    MISSING_PIE "TV015" "missing-pie" Error Release
        "The program cannot be loaded at random addresses."
        "drop -no-pie and `relocation-model = \"static\"`; check RUSTFLAGS and build scripts"
    MISSING_RELRO "TV016" "missing-relro" Warning Release
        "Tables of addresses stay writable while the program runs."
        "drop -Zrelro-level=off, -z norelro and -z lazy; check RUSTFLAGS and build scripts"
    EXECUTABLE_STACK "TV017" "executable-stack" Error Release
        "The program's stack, or its data on Windows, can be executed."
        "find the assembly file without a .note.GNU-stack section, or the -z execstack or /NXCOMPAT:NO"
    WRITABLE_CODE "TV018" "writable-code" Error Release
        "Memory of the file is writable and executable at once."
        "find the linker script, -N, -z rwx-segments or /SECTION flag that asks for it"
    TEXT_RELOCATIONS "TV019" "text-relocations" Error Release
        "The loader has to write into code."
        "compile that C or assembly code with -fPIC"
    MISSING_HIGH_ENTROPY "TV020" "missing-high-entropy" Warning Release
        "Windows loads the program at few possible addresses only."
        "drop /HIGHENTROPYVA:NO or --disable-high-entropy-va"
    MISSING_CONTROL_FLOW_GUARD "TV021" "missing-control-flow-guard" Note Release
        "Indirect calls and returns are not checked (CFG and CET on Windows, IBT, SHSTK, BTI and PAC on Linux)."
        "`-Ccontrol-flow-guard` for Windows, `-Zbranch-protection` for arm64; the standard library has to be built \
         with it, too"
    MISSING_STACK_PROTECTOR "TV022" "missing-stack-protector" Note Release
        "C code in the file does not check its stack frames."
        "add -fstack-protector-strong to CFLAGS_<target>; Rust code does not need it"
    HOME_FOLDER "TV023" "home-folder" Error Release
        "The path of somebody's home folder is in the file."
        "build a release profile through Tachi, which maps paths; where a dependency embeds its own path \
         (env!(\"CARGO_MANIFEST_DIR\")), see the page of this finding"
    USER_NAME "TV024" "user-name" Error Release
        "The name of the user who built the file is in it."
        "find out which build script or macro writes it"
    BUILD_FOLDER "TV025" "build-folder" Error Release
        "The path of the workspace, of its target folder or of cargo's home is in the file."
        "build a release profile through Tachi, which maps paths; where a dependency embeds its own path \
         (env!(\"CARGO_MANIFEST_DIR\")), see the page of this finding"
    ABSOLUTE_PATH "TV026" "absolute-path" Warning Release
        "A path of some build machine is in the file."
        "find out which library brings it: a C library compiled elsewhere, a vendored object file"
    SECRET "TV027" "secret" Error Release
        "Something that looks like a key or a token is in the file."
        "take it out, revoke it, and read it at run time; if it is no secret, list the text in `[verify] allow-strings`"
    WRONG_STAMP "TV028" "wrong-stamp" Error Release
        "The file says that it was made from another commit than the repository's."
        "build it again: `cargo tachi dist`"
    EMPTY_STAMP "TV029" "empty-stamp" Warning Release
        "The program has a place for its commit, and the place is empty."
        "`cargo tachi stamp FILE`, or build it with `cargo tachi`"
    UNCOMMITTED_CHANGES "TV030" "uncommitted-changes" Warning Release
        "The file was made from sources that are in no commit."
        "commit, then build again"
    NO_DEPENDENCY_LIST "TV031" "no-dependency-list" Note Release
        "The file does not say which crates it was made from."
        "nothing, or build it with `cargo auditable`"
    TOO_LARGE "TV032" "too-large" Error Release
        "The file is larger than tachi.toml allows."
        "see what grew (`cargo tachi inspect`), strip it, or raise `[verify] max-size`"
    WINDOWS_TOO_NEW "TV033" "windows-too-new" Warning Release
        "The file asks for a newer Windows than the oldest that Rust supports."
        "find the linker flag /SUBSYSTEM:…,VERSION that asks for it"
    SMOKE_FAILED "TV034" "smoke-failed" Error Release
        "The program did not start, crashed, or did not answer as tachi.toml expects."
        "run it yourself: `cargo tachi run`"
    SMOKE_TIMEOUT "TV035" "smoke-timeout" Error Release
        "The program did not end in time."
        "raise `timeout` of its `[[verify.run]]`, or give it arguments with which it ends"
    NOT_RUN "TV036" "not-run" Note Release
        "Nothing on this machine runs the program."
        "`cargo tachi targets` says what would"
    CHANGED "TV037" "changed" Error Release
        "The file is not the one that its manifest, checksum or archive describes."
        "run `cargo tachi dist` again and publish all of its files together"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_count_up_and_names_are_kebab_case_and_unique() {
        for (index, rule) in ALL.iter().enumerate() {
            assert_eq!(rule.code, format!("TV{:03}", index + 1));
            assert!(rule.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            assert_eq!(Rule::find(rule.name), Some(*rule));
            assert_eq!(Rule::find(&rule.code.to_lowercase()), Some(*rule));
        }
    }

    #[test]
    fn a_rule_that_is_misspelt_has_a_suggestion() {
        let error = RuleName::try_from("mising-pie".to_owned()).unwrap_err();
        assert_eq!(error, "`mising-pie` is no rule of verify (did you mean `missing-pie`?)");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the pages are beside the code, not in it")]
    fn each_rule_has_a_page_that_says_its_name_and_severity() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        for rule in ALL {
            let page = std::fs::read_to_string(format!("{root}/{}", rule.page()))
                .unwrap_or_else(|error| panic!("{}: {error}", rule.page()));
            let title = format!("# {}: {}\n", rule.code, rule.name);
            assert!(page.starts_with(&title), "{}: the title is not {title}", rule.page());
            let severity = format!("Severity: {}", rule.severity);
            assert!(page.contains(&severity), "{}: no line `{severity}`", rule.page());
        }
    }
}
