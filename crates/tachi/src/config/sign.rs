//! `[sign]`: which program of the user's signs what, and with which certificate. Secrets are
//! never in it, only the names of the environment variables that hold them.

use camino::Utf8PathBuf;
use serde::Deserialize;

mod fit;

pub use fit::{Conflict, is_container};

/// `[sign]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignTable {
    /// Developer ID; without it every Mach-O file is signed ad hoc.
    pub macos: Option<MacosTable>,
    /// Authenticode; without it no file is signed.
    pub windows: Option<WindowsTable>,
}

impl SignTable {
    /// The variables that hold secrets.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let (macos, windows) = (self.macos.as_ref(), self.windows.as_ref());
        let notarize = macos.and_then(|table| table.notarize.as_ref());
        let variables = [
            macos.and_then(|table| table.password_env.as_deref()),
            notarize.and_then(|notarize| notarize.api_key_env.as_deref()),
            windows.and_then(|table| table.password_env.as_deref()),
        ];
        variables.into_iter().flatten()
    }
}

/// `[sign.macos]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MacosTable {
    /// The program; `certificate` or `identity` decides if absent.
    pub tool: Option<MacosTool>,
    /// rcodesign: a `.p12` or `.pfx` file, or a PEM file with certificate and key.
    #[cfg_attr(feature = "json-schema", schemars(with = "Option<String>"))]
    pub certificate: Option<Utf8PathBuf>,
    /// The variable that holds the password of `certificate`.
    pub password_env: Option<String>,
    /// codesign: the certificate's name in the keychain.
    pub identity: Option<String>,
    /// A property list of what the programs may do.
    #[cfg_attr(feature = "json-schema", schemars(with = "Option<String>"))]
    pub entitlements: Option<Utf8PathBuf>,
    /// Whether programs run with the hardened runtime. Yes if absent.
    pub hardened_runtime: Option<bool>,
    /// The time-stamp server, or `"none"`; Apple's if absent.
    pub timestamp: Option<String>,
    /// Sends what is packaged to Apple for notarisation.
    pub notarize: Option<NotarizeTable>,
    /// Which builds are signed.
    #[serde(default)]
    pub when: When,
}

/// `notarize` of `[sign.macos]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NotarizeTable {
    /// rcodesign: the variable that holds the App Store Connect API key, as JSON.
    pub api_key_env: Option<String>,
    /// codesign: the profile that `xcrun notarytool store-credentials` saved.
    pub keychain_profile: Option<String>,
}

/// `[sign.windows]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WindowsTable {
    /// The program; `certificate` or `identity` decides if absent.
    pub tool: Option<WindowsTool>,
    /// osslsigncode: a PEM file, or a `.p12` or `.pfx` file that holds the key too.
    #[cfg_attr(feature = "json-schema", schemars(with = "Option<String>"))]
    pub certificate: Option<Utf8PathBuf>,
    /// osslsigncode: the key of a PEM certificate.
    #[cfg_attr(feature = "json-schema", schemars(with = "Option<String>"))]
    pub key: Option<Utf8PathBuf>,
    /// The variable that holds the password of `key`, or of a `.p12` or `.pfx` file.
    pub password_env: Option<String>,
    /// signtool: the subject's name of a certificate in the user's store.
    pub identity: Option<String>,
    /// The time-stamp server (RFC 3161); no time stamp if absent.
    pub timestamp: Option<String>,
    /// What Windows shows as the program's name when it asks for permission.
    pub description: Option<String>,
    /// Where users can read about it.
    pub url: Option<String>,
    /// Which builds are signed.
    #[serde(default)]
    pub when: When,
}

/// Programs that sign with Developer ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MacosTool {
    /// apple-codesign's, for any system.
    Rcodesign,
    /// Apple's, for Macs.
    Codesign,
}

/// Programs that sign with Authenticode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WindowsTool {
    /// For any system.
    Osslsigncode,
    /// Microsoft's, for Windows.
    Signtool,
}

/// Which builds are signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Those that are packaged.
    #[default]
    Dist,
    /// All.
    Always,
}
