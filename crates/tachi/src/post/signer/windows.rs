//! Authenticode: the arguments of osslsigncode and signtool. Pure.

use std::collections::BTreeMap;

use tachi_schema::Command;
use tachi_schema::plan::Signer;

use super::{FILE, SIGNED, STDIN, SignerError, SignerFacts, call};
use crate::config::sign::{WindowsTable, WindowsTool, is_container};

/// Who signs by `table`.
///
/// # Errors
/// The settings do not go together, or the program or a file is not here.
pub fn signer(table: &WindowsTable, facts: &SignerFacts) -> Result<Signer, SignerError> {
    match table.tool()? {
        WindowsTool::Osslsigncode => osslsigncode(table, facts),
        WindowsTool::Signtool => signtool(table, facts),
    }
}

fn osslsigncode(table: &WindowsTable, facts: &SignerFacts) -> Result<Signer, SignerError> {
    let help = "2.4 or later: `apt-get install osslsigncode` on Debian and Ubuntu, `brew install osslsigncode` on macOS";
    let mut command = Command::new(facts.program("osslsigncode", help)?).arg("sign");
    let mut inputs = BTreeMap::new();
    let mut name = String::from("osslsigncode");
    if let Some(certificate) = &table.certificate {
        let path = facts.input("windows", "certificate", certificate, &mut inputs)?;
        let flag = if is_container(certificate) { "-pkcs12" } else { "-certs" };
        command = command.args([flag, &path]);
        name = format!("{name} with {certificate}");
    }
    if let Some(key) = &table.key {
        let path = facts.files.get(key).map_or(key, |seen| &seen.path);
        command = command.args(["-key", path.as_str()]);
    }
    if table.password_env.is_some() {
        command = command.args(["-readpass", STDIN]);
    }
    command = command.args(["-h", "sha256"]);
    command = match &table.timestamp {
        Some(server) => command.args(["-ts", server]),
        // No server confirms this time; without it osslsigncode writes the clock's.
        None => command.args(["-time".to_owned(), facts.time.to_string()]),
    };
    for (flag, value) in [("-n", &table.description), ("-i", &table.url)] {
        if let Some(value) = value {
            command = command.args([flag, value]);
        }
    }
    command = command.args(["-in", FILE, "-out", SIGNED]);
    Ok(Signer { name, calls: vec![call(command, table.password_env.as_ref())], inputs })
}

fn signtool(table: &WindowsTable, facts: &SignerFacts) -> Result<Signer, SignerError> {
    let help =
        "it comes with the Windows SDK; elsewhere give `certificate` and `key` for osslsigncode";
    let program = facts.program("signtool", help)?;
    let mut command = Command::new(program).args(["sign", "/fd", "SHA256"]);
    let identity = table.identity.as_deref().unwrap_or_default();
    command = command.args(["/n", identity]);
    if let Some(server) = &table.timestamp {
        command = command.args(["/tr", server, "/td", "SHA256"]);
    }
    for (flag, value) in [("/d", &table.description), ("/du", &table.url)] {
        if let Some(value) = value {
            command = command.args([flag, value]);
        }
    }
    let name = format!("signtool as {identity}");
    Ok(Signer { name, calls: vec![call(command.arg(FILE), None)], inputs: BTreeMap::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::signer::look::Seen;

    fn lines(text: &str) -> Result<Vec<String>, String> {
        let seen = |name: &str, sha256: Option<&str>| {
            let path = format!("/w/{name}").into();
            (name.into(), Seen { path, sha256: sha256.map(str::to_owned) })
        };
        let facts = SignerFacts {
            programs: [("osslsigncode", "/b/osslsigncode".into()), ("signtool", "/b/st".into())]
                .into(),
            files: [seen("c.pem", Some("aa")), seen("k.pem", None), seen("c.pfx", Some("bb"))]
                .into(),
            time: 7,
        };
        let signer = signer(&toml::from_str(text).unwrap(), &facts).map_err(|e| e.to_string())?;
        let shown = signer.calls.iter().map(|call| {
            format!("{} < {}", call.command, call.secret.as_deref().unwrap_or("nothing"))
        });
        Ok(shown.collect())
    }

    #[test]
    fn each_setting_has_its_argument_and_no_secret_is_one() {
        let cases = [
            (
                "certificate = 'c.pem'\nkey = 'k.pem'",
                "/b/osslsigncode sign -certs /w/c.pem -key /w/k.pem -h sha256 -time 7 -in '{file}' \
                 -out '{signed}' < nothing",
            ),
            (
                "certificate = 'c.pfx'\npassword-env = 'PW'\ntimestamp = 'http://t'\n\
                 description = 'My App'\nurl = 'http://u'",
                "/b/osslsigncode sign -pkcs12 /w/c.pfx -readpass /dev/stdin -h sha256 -ts http://t \
                 -n 'My App' -i http://u -in '{file}' -out '{signed}' < PW",
            ),
            (
                "identity = 'Ann'\ntimestamp = 'http://t'\ndescription = 'A'\nurl = 'http://u'",
                "/b/st sign /fd SHA256 /n Ann /tr http://t /td SHA256 /d A /du http://u '{file}' < nothing",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(lines(text).unwrap(), [expected], "{text}");
        }
    }

    #[test]
    fn a_missing_program_or_file_is_named() {
        let error = lines("certificate = 'nowhere.pfx'").unwrap_err();
        assert_eq!(
            error,
            "[sign.windows]: `certificate` names nowhere.pfx, which is not there or cannot be read"
        );
        let error = signer(&toml::from_str("identity = 'Ann'").unwrap(), &SignerFacts::default());
        assert!(
            error
                .unwrap_err()
                .to_string()
                .starts_with("`signtool` is needed for signing, but is not on PATH")
        );
    }
}
