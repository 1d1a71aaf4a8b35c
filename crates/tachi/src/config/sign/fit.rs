//! Which settings of `[sign]` go together: each program has its own.

use camino::Utf8Path;

use super::{MacosTable, MacosTool, SignTable, WindowsTable, WindowsTool};

/// Settings that do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[sign.{table}]: `{key}` {message}\n  help: {help}")]
pub struct Conflict {
    table: &'static str,
    key: &'static str,
    message: &'static str,
    help: &'static str,
}

impl SignTable {
    /// Whether all settings go together.
    ///
    /// # Errors
    /// The first that does not go with the others.
    pub fn check(&self) -> Result<(), Conflict> {
        self.macos.as_ref().map_or(Ok(()), |table| table.tool().map(drop))?;
        self.windows.as_ref().map_or(Ok(()), |table| table.tool().map(drop))
    }
}

impl MacosTable {
    /// The program that these settings are for.
    ///
    /// # Errors
    /// They do not go together.
    pub fn tool(&self) -> Result<MacosTool, Conflict> {
        let tool = self.tool.unwrap_or(match self.identity {
            Some(_) => MacosTool::Codesign,
            None => MacosTool::Rcodesign,
        });
        let notarize = self.notarize.as_ref();
        let api_key = notarize.is_some_and(|notarize| notarize.api_key_env.is_some());
        let profile = notarize.is_some_and(|notarize| notarize.keychain_profile.is_some());
        let password = self.password_env.is_some();
        let has_container = self.certificate.as_deref().is_some_and(is_container);
        let unhardened = self.hardened_runtime == Some(false);
        let unstamped = self.timestamp.as_deref() == Some("none");
        let rules: &[Rule] = match tool {
            MacosTool::Rcodesign => &[
                (
                    self.identity.is_some(),
                    "identity",
                    "is for codesign",
                    "give `certificate`, a .p12 file, instead; or `tool = \"codesign\"` on a Mac",
                ),
                (
                    self.certificate.is_none(),
                    "certificate",
                    "is missing",
                    "name the .p12 file that you exported, or `identity` to use a Mac's keychain",
                ),
                (
                    has_container && !password,
                    "password-env",
                    "is missing, and a .p12 file has a password",
                    "name the environment variable that holds the password",
                ),
                (
                    !has_container && password,
                    "password-env",
                    "is for .p12 and .pfx files; rcodesign reads PEM keys without a password only",
                    "drop it, or give a .p12 file as `certificate`",
                ),
                (
                    profile,
                    "notarize.keychain-profile",
                    "is for codesign",
                    "give `notarize.api-key-env`, the environment variable that holds the API key",
                ),
                (
                    notarize.is_some() && !api_key,
                    "notarize.api-key-env",
                    "is missing",
                    "name the environment variable that holds what `rcodesign encode-app-store-connect-api-key` wrote",
                ),
            ],
            MacosTool::Codesign => &[
                (
                    self.certificate.is_some(),
                    "certificate",
                    "is for rcodesign",
                    "import the file into the keychain and give its name as `identity`; or `tool = \"rcodesign\"`",
                ),
                (
                    self.identity.is_none(),
                    "identity",
                    "is missing",
                    "name the certificate: `security find-identity -v -p codesigning` lists those of the keychain",
                ),
                (
                    password,
                    "password-env",
                    "is for rcodesign",
                    "drop it: codesign asks the keychain, which `security unlock-keychain` opens",
                ),
                (
                    api_key,
                    "notarize.api-key-env",
                    "is for rcodesign",
                    "give `notarize.keychain-profile`, which `xcrun notarytool store-credentials` saves",
                ),
                (
                    notarize.is_some() && !profile,
                    "notarize.keychain-profile",
                    "is missing",
                    "name the profile that `xcrun notarytool store-credentials` saved",
                ),
            ],
        };
        let apple: &[Rule] = &[
            (
                notarize.is_some() && unhardened,
                "hardened-runtime",
                "is off, and Apple notarises nothing without it",
                "drop `hardened-runtime` or `notarize`",
            ),
            (
                notarize.is_some() && unstamped,
                "timestamp",
                "is \"none\", and Apple notarises nothing without one",
                "drop `timestamp` or `notarize`",
            ),
        ];
        obey("macos", rules)?;
        obey("macos", apple)?;
        Ok(tool)
    }
}

impl WindowsTable {
    /// The program that these settings are for.
    ///
    /// # Errors
    /// They do not go together.
    pub fn tool(&self) -> Result<WindowsTool, Conflict> {
        let tool = self.tool.unwrap_or(match self.identity {
            Some(_) => WindowsTool::Signtool,
            None => WindowsTool::Osslsigncode,
        });
        let has_container = self.certificate.as_deref().is_some_and(is_container);
        let rules: &[Rule] = match tool {
            WindowsTool::Osslsigncode => &[
                (
                    self.identity.is_some(),
                    "identity",
                    "is for signtool",
                    "give `certificate` and `key` instead; or `tool = \"signtool\"` on Windows",
                ),
                (
                    self.certificate.is_none(),
                    "certificate",
                    "is missing",
                    "name a PEM file (and `key`), or a .p12 or .pfx file",
                ),
                (
                    has_container && self.key.is_some(),
                    "key",
                    "is for PEM certificates; a .p12 or .pfx file holds its own",
                    "drop it",
                ),
                (
                    !has_container && self.key.is_none(),
                    "key",
                    "is missing",
                    "name the file of the certificate's key, or give a .p12 or .pfx file as `certificate`",
                ),
            ],
            WindowsTool::Signtool => &[
                (
                    self.password_env.is_some(),
                    "password-env",
                    "does not go with signtool, which takes passwords on its command line only, where every program can read them",
                    "import the certificate into the user's store and give its subject as `identity`",
                ),
                (
                    self.certificate.is_some(),
                    "certificate",
                    "is for osslsigncode",
                    "import the certificate into the user's store and give its subject as `identity`",
                ),
                (self.key.is_some(), "key", "is for osslsigncode", "drop it"),
                (
                    self.identity.is_none(),
                    "identity",
                    "is missing",
                    "name the subject of a certificate in the user's store",
                ),
            ],
        };
        obey("windows", rules)?;
        Ok(tool)
    }
}

/// A mistake, if it was made: the key, what is wrong with it, what to do.
type Rule = (bool, &'static str, &'static str, &'static str);

fn obey(table: &'static str, rules: &[Rule]) -> Result<(), Conflict> {
    match rules.iter().find(|(broken, ..)| *broken) {
        Some(&(_, key, message, help)) => Err(Conflict { table, key, message, help }),
        None => Ok(()),
    }
}

/// Whether a certificate's file is PKCS#12, which holds the key too.
pub fn is_container(certificate: &Utf8Path) -> bool {
    matches!(certificate.extension(), Some("p12" | "pfx"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let table: SignTable = toml::from_str(text).unwrap();
        table.check().map_or_else(|conflict| conflict.to_string(), |()| "good".to_owned())
    }

    #[test]
    fn settings_that_do_not_go_together_are_named() {
        let cases = [
            ("", "good"),
            ("macos = { certificate = 'a.p12', password-env = 'P' }", "good"),
            ("macos = { certificate = 'a.pem' }", "good"),
            ("macos = { identity = 'Developer ID Application: A' }", "good"),
            ("macos = {}", "[sign.macos]: `certificate` is missing"),
            ("macos = { certificate = 'a.p12' }", "[sign.macos]: `password-env` is missing"),
            (
                "macos = { certificate = 'a.pem', password-env = 'P' }",
                "[sign.macos]: `password-env` is for .p12",
            ),
            (
                "macos = { certificate = 'a.pem', identity = 'A' }",
                "[sign.macos]: `certificate` is for rcodesign",
            ),
            (
                "macos = { tool = 'rcodesign', identity = 'A' }",
                "[sign.macos]: `identity` is for codesign",
            ),
            (
                "macos = { tool = 'codesign', certificate = 'a.p12' }",
                "[sign.macos]: `certificate` is for rcodesign",
            ),
            (
                "macos = { certificate = 'a.pem', notarize = {} }",
                "[sign.macos]: `notarize.api-key-env` is missing",
            ),
            (
                "macos = { identity = 'A', notarize = { api-key-env = 'K' } }",
                "[sign.macos]: `notarize.api-key-env` is for rcodesign",
            ),
            (
                "macos = { identity = 'A', notarize = { keychain-profile = 'K' }, timestamp = 'none' }",
                "[sign.macos]: `timestamp` is \"none\"",
            ),
            (
                "macos = { certificate = 'a.pem', notarize = { api-key-env = 'K' }, hardened-runtime = false }",
                "[sign.macos]: `hardened-runtime` is off",
            ),
            ("windows = { certificate = 'a.pem', key = 'k.pem' }", "good"),
            ("windows = { certificate = 'a.pfx', password-env = 'P' }", "good"),
            ("windows = { identity = 'A' }", "good"),
            ("windows = { certificate = 'a.pem' }", "[sign.windows]: `key` is missing"),
            (
                "windows = { certificate = 'a.pfx', key = 'k.pem' }",
                "[sign.windows]: `key` is for PEM",
            ),
            ("windows = { password-env = 'P' }", "[sign.windows]: `certificate` is missing"),
            (
                "windows = { identity = 'A', password-env = 'P' }",
                "[sign.windows]: `password-env` does not go with signtool",
            ),
            (
                "windows = { tool = 'osslsigncode', identity = 'A' }",
                "[sign.windows]: `identity` is for signtool",
            ),
        ];
        for (text, expected) in cases {
            assert!(said(text).starts_with(expected), "{text}\n{}", said(text));
        }
    }
}
