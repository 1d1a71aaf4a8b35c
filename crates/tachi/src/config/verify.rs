//! `[verify]` and `[target.….verify]`: how bad each finding is, what is accepted, and which programs
//! are run.

use serde::Deserialize;

use crate::rule::{Rule, RuleName};

/// `[verify]`, and `[target.….verify]`, whose lists win over its.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct VerifyTable {
    /// Rules whose findings stop a release.
    #[serde(default)]
    pub deny: Vec<RuleName>,
    /// Rules whose findings are warnings.
    #[serde(default)]
    pub warn: Vec<RuleName>,
    /// Rules whose findings are notes.
    #[serde(default)]
    pub note: Vec<RuleName>,
    /// Rules that are not checked.
    #[serde(default)]
    pub allow: Vec<RuleName>,
    /// Libraries that may be loaded beyond those every system has; `*` stands for anything.
    #[serde(default)]
    pub allow_imports: Vec<String>,
    /// Texts that may be in a file though they look like a path of this machine or a secret;
    /// `*` stands for anything.
    #[serde(default)]
    pub allow_strings: Vec<String>,
    /// The largest size that a file may have.
    pub max_size: Option<Size>,
    /// Whether programs are run: true if absent.
    pub smoke: Option<bool>,
    /// The programs that are run; each with `--version` if empty.
    #[serde(default)]
    pub run: Vec<SmokeTable>,
}

/// `[[verify.run]]`: a program, how it is called, and what it has to answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SmokeTable {
    /// The program: a cargo target of kind `bin`, or an example.
    pub bin: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// What its output has to contain; `*` stands for anything within a line.
    pub output: Option<String>,
    /// Its exit code.
    #[serde(default)]
    pub exit_code: i32,
    /// The most time it may take, in seconds, once its runner is ready.
    #[serde(default = "default_timeout")]
    pub timeout: u64,
}

/// Enough for an emulator on a busy machine.
pub const DEFAULT_TIMEOUT: u64 = 30;

fn default_timeout() -> u64 {
    DEFAULT_TIMEOUT
}

/// A rule that is in two lists of one table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[{table}]: `{}` is in two lists\n  help: leave it in one of deny, warn, note and allow", rule.name)]
pub struct TwoLists {
    /// The name of the table: `verify`, or `target.<triple>.verify`.
    pub table: String,
    pub rule: &'static Rule,
}

impl VerifyTable {
    /// Looks for a rule that is in two lists; `table` is what this table is called.
    ///
    /// # Errors
    /// There is one.
    pub fn check(&self, table: &str) -> Result<(), TwoLists> {
        let mut seen = Vec::new();
        for RuleName(rule) in
            [&self.deny, &self.warn, &self.note, &self.allow].into_iter().flatten()
        {
            if seen.contains(rule) {
                return Err(TwoLists { table: table.to_owned(), rule });
            }
            seen.push(*rule);
        }
        Ok(())
    }

    /// Lays `above` over this table: a rule moves to the list where `above` has it, other lists
    /// grow, and single settings are replaced.
    pub fn overlay(&mut self, above: &Self) {
        for RuleName(rule) in
            [&above.deny, &above.warn, &above.note, &above.allow].into_iter().flatten()
        {
            for list in [&mut self.deny, &mut self.warn, &mut self.note, &mut self.allow] {
                list.retain(|RuleName(own)| own != rule);
            }
        }
        self.deny.extend(&above.deny);
        self.warn.extend(&above.warn);
        self.note.extend(&above.note);
        self.allow.extend(&above.allow);
        self.allow_imports.extend(above.allow_imports.iter().cloned());
        self.allow_strings.extend(above.allow_strings.iter().cloned());
        self.max_size = above.max_size.or(self.max_size);
        self.smoke = above.smoke.or(self.smoke);
        if !above.run.is_empty() {
            self.run.clone_from(&above.run);
        }
    }
}

/// A number of bytes: `30000000`, `"30 MB"`, `"28 MiB"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(try_from = "SizeWord")]
pub struct Size(pub u64);

#[derive(Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "a number of bytes, or a text such as \"30 MB\"")]
enum SizeWord {
    Bytes(u64),
    #[cfg_attr(
        feature = "json-schema",
        schemars(extend("pattern" = r"^[0-9]+ *(B|kB|KB|MB|GB|KiB|MiB|GiB)?$"))
    )]
    Text(String),
}

impl TryFrom<SizeWord> for Size {
    type Error = String;

    fn try_from(word: SizeWord) -> Result<Self, Self::Error> {
        let text = match word {
            SizeWord::Bytes(bytes) => return Ok(Self(bytes)),
            SizeWord::Text(text) => text,
        };
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let factor = match unit.trim() {
            "" | "B" => 1,
            "kB" | "KB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            _ => 0,
        };
        let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
        bytes.filter(|_| factor > 0).map(Self).ok_or(format!(
            "`{text}` is no size: it takes a whole number with B, kB, MB, GB, KiB, MiB or GiB"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;

    fn table(text: &str) -> Result<VerifyTable, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in
            [("30", 30), ("'30 MB'", 30_000_000), ("'2KiB'", 2048), ("'1 GB'", 1_000_000_000)]
        {
            assert_eq!(table(&format!("max-size = {text}")).unwrap().max_size, Some(Size(bytes)));
        }
        for text in ["'30 mb'", "'MB'", "'1.5 MB'", "-1", "'99999999999 GB'"] {
            let error = table(&format!("max-size = {text}")).unwrap_err();
            assert!(
                error.message().contains("size") || error.message().contains("bytes"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_targets_lists_win_over_the_common_ones() {
        let mut common = table("deny = ['missing-relro', 'TV026']\nallow-imports = ['a']").unwrap();
        let own = table("allow = ['TV016']\nallow-imports = ['b']\nsmoke = false").unwrap();
        common.overlay(&own);
        assert_eq!(common.deny, [RuleName(&rule::ABSOLUTE_PATH)]);
        assert_eq!(common.allow, [RuleName(&rule::MISSING_RELRO)]);
        assert_eq!(common.allow_imports, ["a", "b"]);
        assert_eq!(common.smoke, Some(false));
    }

    #[test]
    fn a_rule_in_two_lists_is_an_error() {
        let both = table("deny = ['secret']\nallow = ['TV027']").unwrap();
        let error = both.check("verify").unwrap_err().to_string();
        assert!(error.starts_with("[verify]: `secret` is in two lists"), "{error}");
        assert_eq!(table("deny = ['secret']\nallow = ['TV026']").unwrap().check("verify"), Ok(()));
    }

    #[test]
    fn a_rule_that_does_not_exist_is_an_error_with_a_suggestion() {
        let error = table("deny = ['mising-pie']").unwrap_err();
        assert!(error.message().contains("did you mean `missing-pie`?"), "{error}");
    }
}
