//! `tachi.lock`: the version of each fetched tool, the SHA-256 of its file for each host, and
//! Microsoft's licence once it was accepted. A workspace without the file uses the pins that Tachi
//! was built with.

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use super::error::ToolchainError;
use crate::mistake::{Mistake, line_at};
use crate::suggest;
use crate::sys::fs;

mod check;

/// The file's name, at the workspace's root.
pub const FILE_NAME: &str = "tachi.lock";

/// The version of the format.
const FORMAT: u32 = 1;

/// The first line of the file.
const HEAD: &str =
    "# What Tachi's kits fetch: written by cargo tachi, to be kept in version control.\n";

/// The line above the licence.
const CONSENT: &str = "# Accepted with `cargo tachi setup --accept-microsoft-license`.\n";

/// One fetched tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolPin {
    /// `zig`, `xwin`.
    pub name: String,
    /// `0.17.1`.
    pub version: String,
    /// The kind of index and the name there: `pypi:ziglang`, `crates:xwin`. Which server answers
    /// for it is pip's or cargo's configuration.
    pub source: String,
    /// Lower-case hexadecimal SHA-256 of the file for each host: `linux-x86_64`. Empty for a tool
    /// that cargo builds: cargo checks everything that it fetches.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sha256: BTreeMap<String, String>,
}

impl ToolPin {
    /// The checksum for this machine.
    ///
    /// # Errors
    /// There is none.
    pub fn sha256_here(&self) -> Result<&str, ToolchainError> {
        let host = host();
        self.sha256.get(&host).map(String::as_str).ok_or_else(|| ToolchainError::NoPin {
            tool: self.name.clone(),
            version: self.version.clone(),
            host,
        })
    }
}

/// This machine's name in the lockfile: `linux-x86_64`, `macos-aarch64`.
pub fn host() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}

/// The licence that was accepted for Microsoft's CRT and SDK, and which of them came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Microsoft {
    /// The licence's name.
    pub licence: String,
    /// Where it can be read.
    pub url: String,
    /// The SDK's version: `10.0.26100`.
    pub sdk: String,
    /// The CRT's: `14.44.17.14`.
    pub crt: String,
}

/// The pins in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lockfile {
    zig: ToolPin,
    /// Only in workspaces for which Tachi fetched it.
    xwin: Option<ToolPin>,
    microsoft: Option<Microsoft>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tool: Vec<ToolPin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    microsoft: Option<Microsoft>,
}

impl Lockfile {
    /// The pins that Tachi was built with.
    pub fn embedded() -> Self {
        let sha256 = [
            ("linux-aarch64", "b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e"),
            ("linux-x86_64", "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54"),
            ("macos-aarch64", "09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23"),
            ("macos-x86_64", "4e0b4b9c02b8d0d220e9948010f860b62ff11d96abb39762eca5fa2ef3f7bc97"),
            ("windows-aarch64", "27a8da5f8eaa0e76ebbc7c2594130ed4646c1101ada2ce0aa86fe580c74154b9"),
            ("windows-x86_64", "69c3dfc3aff6a297ec4017aa904782c0e450eb988982d7f675d83edce27526fb"),
        ];
        Self {
            zig: ToolPin {
                name: "zig".into(),
                version: "0.17.1".into(),
                source: "pypi:ziglang".into(),
                sha256: sha256.map(|(host, digest)| (host.to_owned(), digest.to_owned())).into(),
            },
            xwin: None,
            microsoft: None,
        }
    }

    /// The pins of the workspace at `root`, over the embedded ones.
    ///
    /// # Errors
    /// The file cannot be read or understood.
    pub fn load(root: &Utf8Path) -> Result<Self, ToolchainError> {
        let path = root.join(FILE_NAME);
        match fs::read_if_exists(&path)? {
            Some(text) => Self::parse(&path, &text),
            None => Ok(Self::embedded()),
        }
    }

    /// Reads the text of a lockfile; `path` is for errors.
    ///
    /// # Errors
    /// It is no TOML, has an unknown key, tool or format, or a value that is not what its key says.
    pub fn parse(path: &Utf8Path, text: &str) -> Result<Self, ToolchainError> {
        let at = |line, message: String, hint| ToolchainError::Lock {
            file: path.to_owned(),
            line,
            message,
            hint,
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let Mistake { line, message, hint } = Mistake::new(text, &error);
            at(line.unwrap_or(1), message, hint)
        })?;
        let line = |needle: &str| text.find(needle).map_or(1, |start| line_at(text, start));
        if file.format != Some(FORMAT) {
            let message = match file.format {
                Some(format) => {
                    format!("format {format} is not known here (only {FORMAT}); update Tachi")
                }
                None => format!("`format = {FORMAT}` is missing"),
            };
            return Err(at(line("format"), message, String::new()));
        }
        let mut pins = Self { microsoft: file.microsoft, ..Self::embedded() };
        for tool in file.tool {
            check::tool(&tool).map_err(|bad| at(line(&bad.text), bad.message, String::new()))?;
            match tool.name.as_str() {
                "zig" => pins.zig = tool,
                "xwin" => pins.xwin = Some(tool),
                name => {
                    let hint = suggest::hint(name, ["zig", "xwin"]);
                    return Err(at(line(name), format!("unknown tool `{name}`"), hint));
                }
            }
        }
        if let Some(accepted) = &pins.microsoft {
            check::microsoft(accepted)
                .map_err(|bad| at(line(&bad.text), bad.message, String::new()))?;
        }
        Ok(pins)
    }

    /// The pin of zig.
    pub fn zig(&self) -> &ToolPin {
        &self.zig
    }

    /// The pin of xwin: the recorded one, else the one that Tachi was built with.
    pub fn xwin(&self) -> ToolPin {
        self.xwin.clone().unwrap_or_else(|| ToolPin {
            name: "xwin".into(),
            version: "0.10.0".into(),
            source: "crates:xwin".into(),
            sha256: BTreeMap::new(),
        })
    }

    /// What was accepted of Microsoft's, if anything was.
    pub fn microsoft(&self) -> Option<&Microsoft> {
        self.microsoft.as_ref()
    }

    /// These pins, with what was accepted of Microsoft's, and the xwin that was brought for it.
    #[must_use]
    pub fn with_microsoft(self, accepted: Microsoft, xwin: Option<ToolPin>) -> Self {
        Self { microsoft: Some(accepted), xwin: xwin.or(self.xwin), ..self }
    }

    /// Writes the pins into a workspace that has none yet.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_if_missing(&self, root: &Utf8Path) -> Result<(), ToolchainError> {
        if fs::exists(&root.join(FILE_NAME)) { Ok(()) } else { self.write(root) }
    }

    /// The text of the file, always the same for the same pins.
    pub fn to_toml(&self) -> String {
        let written = |file: &File| toml::to_string(file).expect("plain values always serialise");
        let tool = [&self.zig].into_iter().chain(&self.xwin).cloned().collect();
        let tools = written(&File { format: Some(FORMAT), tool, microsoft: None });
        let mut text = format!("{HEAD}{tools}");
        if let Some(accepted) = self.microsoft.clone() {
            let accepted = File { format: None, tool: Vec::new(), microsoft: Some(accepted) };
            text.push('\n');
            text.push_str(CONSENT);
            text.push_str(&written(&accepted));
        }
        text
    }

    /// Writes the file at the root of a workspace.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, root: &Utf8Path) -> Result<(), ToolchainError> {
        Ok(fs::write_atomic(&root.join(FILE_NAME), self.to_toml().as_bytes())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_wins_over_the_embedded_pins() {
        let mut pins = Lockfile::embedded();
        pins.zig.version = "0.18.0".into();
        pins.zig.sha256 = [("linux-x86_64".to_owned(), "0".repeat(64))].into();
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        assert_eq!(Lockfile::load(root).unwrap(), Lockfile::embedded());
        pins.write(root).unwrap();
        assert_eq!(Lockfile::load(root).unwrap(), pins);
        let [licence, url, sdk, crt] =
            ["\"terms\"\n[microsoft]", "https://t", "10.0.1", "14.4.1"].map(str::to_owned);
        let xwin = ToolPin { version: "0.11.0".into(), ..pins.xwin() };
        let microsoft = Microsoft { licence, url, sdk, crt };
        let accepted = pins.with_microsoft(microsoft.clone(), Some(xwin.clone()));
        accepted.write(root).unwrap();
        assert_eq!(Lockfile::load(root).unwrap(), accepted);
        // A user's own xwin leaves the pin as it is.
        assert_eq!(accepted.with_microsoft(microsoft, None).xwin(), xwin);
    }

    #[test]
    fn a_mistake_is_named_with_its_file_line_and_what_was_meant() {
        let tool =
            "format = 1\n[[tool]]\nname = \"zig\"\nversion = \"1\"\nsource = \"pypi:ziglang\"\n";
        let cases = [
            ("[microsoft]".to_owned(), "/w/tachi.lock:1: missing field `licence`"),
            (String::new(), "/w/tachi.lock:1: `format = 1` is missing"),
            ("format = 2".to_owned(), "/w/tachi.lock:1: format 2 is not known here"),
            (
                "format = 1\n[[tol]]".to_owned(),
                "/w/tachi.lock:2: unknown field `tol`, expected one of `format`, `tool`, `microsoft` (did you mean `tool`?)",
            ),
            (format!("{tool}sha265 = {{}}"), "/w/tachi.lock:6: unknown field `sha265`"),
            (
                format!("{tool}sha256 = {{ a = \"XY\" }}"),
                "/w/tachi.lock:6: the tool's `sha256.a` is not 64 lower-case hexadecimal digits",
            ),
            (
                tool.replace("\"1\"", "\"../../evil\""),
                "/w/tachi.lock:4: the tool's `version` is no version",
            ),
            (
                tool.replace("ziglang\"", "ziglang\\n--index-url=x\""),
                "/w/tachi.lock:5: the tool's `source` is not",
            ),
            (tool.replace("zig\"", "zip\"") + "sha256 = {}", "/w/tachi.lock:3: unknown tool `zip`"),
            ("format =".to_owned(), "/w/tachi.lock:1:"),
        ];
        for (text, expected) in cases {
            let error = Lockfile::parse("/w/tachi.lock".into(), &text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text}\n{error}");
        }
    }

    #[test]
    fn the_file_looks_as_it_always_has() {
        let [licence, url, sdk, crt] = ["terms", "https://t", "10.0.1", "14.4"].map(str::to_owned);
        let mut pins = Lockfile::embedded();
        pins.zig.sha256 = [("linux-x86_64".to_owned(), "0".repeat(64))].into();
        let xwin = pins.xwin();
        let pins = pins.with_microsoft(Microsoft { licence, url, sdk, crt }, Some(xwin));
        let expected = format!(
            "{HEAD}format = 1\n\n[[tool]]\nname = \"zig\"\nversion = \"0.17.1\"\nsource = \"pypi:ziglang\"\n\n\
             [tool.sha256]\nlinux-x86_64 = \"{}\"\n\n\
             [[tool]]\nname = \"xwin\"\nversion = \"0.10.0\"\nsource = \"crates:xwin\"\n\n\
             {CONSENT}[microsoft]\nlicence = \"terms\"\nurl = \"https://t\"\nsdk = \"10.0.1\"\ncrt = \"14.4\"\n",
            "0".repeat(64)
        );
        assert_eq!(pins.to_toml(), expected);
    }

    #[test]
    fn a_host_without_a_checksum_is_named() {
        let mut pins = Lockfile::embedded();
        assert!(pins.zig().sha256_here().is_ok());
        pins.zig.sha256.clear();
        let error = pins.zig().sha256_here().unwrap_err().to_string();
        assert!(error.contains(&host()), "{error}");
    }
}
