//! Developer ID and notarisation: the arguments of rcodesign and of Apple's tools. Pure.
//!
//! The interface of rcodesign is the one that
//! [apple-codesign 0.29](https://docs.rs/crate/apple-codesign/0.29.0) documents.

use std::collections::BTreeMap;

use tachi_schema::Command;
use tachi_schema::plan::{Signer, SignerCall};

use super::{FILE, STDIN, SignerError, SignerFacts, ZIP, call};
use crate::config::sign::{MacosTable, MacosTool, is_container};
use crate::vcs::time::rfc3339;

/// Who signs by `table`. Without `identifier` the file's name is the identifier; `is_release`
/// files are notarised if the table asks for it.
///
/// # Errors
/// The settings do not go together, or the program or a file is not here.
pub fn signer(
    table: &MacosTable,
    identifier: Option<&str>,
    is_release: bool,
    facts: &SignerFacts,
) -> Result<Signer, SignerError> {
    let mut inputs = BTreeMap::new();
    let asked = Asked { table, identifier, is_release, facts };
    let (name, calls) = match table.tool()? {
        MacosTool::Rcodesign => asked.rcodesign(&mut inputs)?,
        MacosTool::Codesign => asked.codesign(&mut inputs)?,
    };
    Ok(Signer { name, calls, inputs })
}

struct Asked<'a> {
    table: &'a MacosTable,
    identifier: Option<&'a str>,
    is_release: bool,
    facts: &'a SignerFacts,
}

impl Asked<'_> {
    fn rcodesign(
        &self,
        inputs: &mut BTreeMap<String, String>,
    ) -> Result<(String, Vec<SignerCall>), SignerError> {
        let table = self.table;
        let help = "`cargo install apple-codesign` installs it; it has to be 0.27 or later";
        let program = self.facts.program("rcodesign", help)?;
        let mut command = Command::new(program).arg("sign");
        let mut name = String::from("rcodesign");
        if let Some(certificate) = &table.certificate {
            let path = self.facts.input("macos", "certificate", certificate, inputs)?;
            let flag = if is_container(certificate) { "--p12-file" } else { "--pem-file" };
            command = command.args([flag, &path]);
            name = format!("{name} with {certificate}");
        }
        if table.password_env.is_some() {
            command = command.args(["--p12-password-file", STDIN]);
        }
        let notarize = self.notarize();
        if notarize.is_some() {
            // Checks early what Apple would refuse late.
            command = command.arg("--for-notarization");
        } else if self.is_hardened() {
            command = command.args(["--code-signature-flags", "runtime"]);
        }
        if let Some(entitlements) = self.entitlements(inputs)? {
            command = command.args(["--entitlements-xml-file", &entitlements]);
        }
        if let Some(server) = &table.timestamp {
            command = command.args(["--timestamp-url", server]);
            if server == "none" {
                command = command.args(["--signing-time", &rfc3339(self.facts.time)]);
            }
        }
        if let Some(identifier) = self.identifier {
            command = command.args(["--binary-identifier", identifier]);
        }
        let mut calls = vec![call(command.arg(FILE), table.password_env.as_ref())];
        if let Some(key) = notarize.and_then(|notarize| notarize.api_key_env.as_ref()) {
            let submit = Command::new(program).args([
                "notary-submit",
                "--api-key-file",
                STDIN,
                "--wait",
                ZIP,
            ]);
            calls.push(call(submit, Some(key)));
        }
        Ok((name, calls))
    }

    fn codesign(
        &self,
        inputs: &mut BTreeMap<String, String>,
    ) -> Result<(String, Vec<SignerCall>), SignerError> {
        let table = self.table;
        let help = "it comes with Xcode, on Macs; elsewhere give `certificate` for rcodesign";
        let identity = table.identity.as_deref().unwrap_or_default();
        let mut command = Command::new(self.facts.program("codesign", help)?)
            .args(["--force", "--sign", identity]);
        command = command.arg(match &table.timestamp {
            Some(server) => format!("--timestamp={server}"),
            None => "--timestamp".to_owned(),
        });
        if self.is_hardened() {
            command = command.args(["--options", "runtime"]);
        }
        if let Some(entitlements) = self.entitlements(inputs)? {
            command = command.args(["--entitlements", &entitlements]);
        }
        if let Some(identifier) = self.identifier {
            command = command.args(["--identifier", identifier]);
        }
        let mut calls = vec![call(command.arg(FILE), None)];
        let profile = self.notarize().and_then(|notarize| notarize.keychain_profile.as_ref());
        if let Some(profile) = profile {
            let submit = Command::new(self.facts.program("xcrun", help)?)
                .args(["notarytool", "submit", ZIP])
                .args(["--keychain-profile", profile, "--wait"]);
            calls.push(call(submit, None));
        }
        Ok((format!("codesign as {identity}"), calls))
    }

    fn is_hardened(&self) -> bool {
        self.table.hardened_runtime.unwrap_or(true)
    }

    fn notarize(&self) -> Option<&crate::config::sign::NotarizeTable> {
        self.table.notarize.as_ref().filter(|_| self.is_release)
    }

    fn entitlements(
        &self,
        inputs: &mut BTreeMap<String, String>,
    ) -> Result<Option<String>, SignerError> {
        let entitlements = self.table.entitlements.as_ref();
        entitlements.map(|path| self.facts.input("macos", "entitlements", path, inputs)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::signer::look::Seen;

    fn lines(text: &str, identifier: Option<&str>, is_release: bool) -> Vec<String> {
        let seen = |name: &str| {
            (name.into(), Seen { path: format!("/w/{name}").into(), sha256: Some("aa".into()) })
        };
        let facts = SignerFacts {
            programs: ["codesign", "rcodesign", "xcrun"].map(|name| (name, name.into())).into(),
            files: [seen("c.p12"), seen("c.pem"), seen("e.plist")].into(),
            time: 86_400,
        };
        let table = toml::from_str(text).unwrap();
        let signer = signer(&table, identifier, is_release, &facts).unwrap();
        let calls = signer.calls.iter().map(|call| {
            format!("{} < {}", call.command, call.secret.as_deref().unwrap_or("nothing"))
        });
        calls.collect()
    }

    #[test]
    fn rcodesign_gets_the_arguments_that_it_documents() {
        let notarised = "certificate = 'c.p12'\npassword-env = 'PW'\nentitlements = 'e.plist'\n\
                         notarize = { api-key-env = 'KEY' }";
        let cases: [(&str, Option<&str>, bool, &[&str]); 5] = [
            (
                "certificate = 'c.pem'",
                None,
                true,
                &[
                    "rcodesign sign --pem-file /w/c.pem --code-signature-flags runtime '{file}' < nothing",
                ],
            ),
            (
                "certificate = 'c.pem'\nhardened-runtime = false\ntimestamp = 'none'",
                None,
                true,
                &["rcodesign sign --pem-file /w/c.pem --timestamp-url none --signing-time \
                   1970-01-02T00:00:00Z '{file}' < nothing"],
            ),
            (
                "certificate = 'c.pem'\ntimestamp = 'http://t'",
                Some("com.example.app"),
                true,
                &[
                    "rcodesign sign --pem-file /w/c.pem --code-signature-flags runtime --timestamp-url \
                   http://t --binary-identifier com.example.app '{file}' < nothing",
                ],
            ),
            (
                notarised,
                None,
                true,
                &[
                    "rcodesign sign --p12-file /w/c.p12 --p12-password-file /dev/stdin \
                     --for-notarization --entitlements-xml-file /w/e.plist '{file}' < PW",
                    "rcodesign notary-submit --api-key-file /dev/stdin --wait '{zip}' < KEY",
                ],
            ),
            (
                notarised,
                None,
                false,
                &["rcodesign sign --p12-file /w/c.p12 --p12-password-file /dev/stdin \
                   --code-signature-flags runtime --entitlements-xml-file /w/e.plist '{file}' < PW"],
            ),
        ];
        for (text, identifier, is_release, expected) in cases {
            assert_eq!(lines(text, identifier, is_release), expected, "{text}");
        }
    }

    #[test]
    fn codesign_is_called_with_an_identity_of_the_keychain() {
        let text = "identity = 'Developer ID Application: A'\nentitlements = 'e.plist'\n\
                    notarize = { keychain-profile = 'ci' }";
        assert_eq!(
            lines(text, Some("com.example.app"), true),
            [
                "codesign --force --sign 'Developer ID Application: A' --timestamp --options runtime \
                 --entitlements /w/e.plist --identifier com.example.app '{file}' < nothing",
                "xcrun notarytool submit '{zip}' --keychain-profile ci --wait < nothing",
            ]
        );
        let unstamped = lines("identity = 'A'\ntimestamp = 'none'", None, false);
        assert_eq!(
            unstamped,
            ["codesign --force --sign A --timestamp=none --options runtime '{file}' < nothing"]
        );
    }
}
