//! `sign`: with a certificate, by the user's program; else ad-hoc signatures, as `codesign -s -`
//! makes them. And their check.

use std::fmt::Write as _;
use std::io::Write;

use tachi::ops::sign::{
    self, Checked, MacosTable, Settings, SignOutcome, SignTable, Signature, WindowsTable,
};
use tachi::{ExitCode, Session};

use crate::failure::Failure;
use crate::flags::output::TerminalArgs;
use crate::terminal::Terminal;

/// The arguments of `sign`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// The files: for macOS (executables, dylibs, bundles, universal or not) or for Windows
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The identifier to sign with [default: the file's name]
    #[arg(long, value_name = "ID")]
    identifier: Option<String>,
    /// Replace a signature that was made with a certificate or grants entitlements
    #[arg(long)]
    force: bool,
    /// Change nothing: check every page against the signature, and print what it says
    #[arg(long, conflicts_with_all = ["identifier", "force"])]
    check: bool,
    #[command(flatten)]
    certificate: CertificateArgs,
    #[command(flatten)]
    terminal: TerminalArgs,
}

/// Who signs, instead of `[sign]` in tachi.toml.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Certificate")]
#[command(group(clap::ArgGroup::new("who").args(["certificate", "identity"])))]
struct CertificateArgs {
    /// Sign with this file: .p12, .pfx or PEM
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    certificate: Option<String>,
    /// Windows: the key of a PEM certificate
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<String>,
    /// The environment variable that holds the password
    #[arg(long, value_name = "NAME", requires = "certificate")]
    password_env: Option<String>,
    /// Sign with this identity of the keychain (codesign) or the certificate store (signtool)
    #[arg(long, value_name = "NAME", conflicts_with = "check")]
    identity: Option<String>,
    /// The time-stamp server
    #[arg(long, value_name = "URL", requires = "who")]
    timestamp: Option<String>,
    /// macOS: a property list of what the program may do
    #[arg(long, value_name = "FILE", requires = "who")]
    entitlements: Option<String>,
    /// Windows: the program's name for people
    #[arg(long, value_name = "TEXT", requires = "who")]
    description: Option<String>,
    /// Windows: where people can read about it
    #[arg(long, value_name = "URL", requires = "who")]
    url: Option<String>,
    /// macOS: sign ad hoc, whatever tachi.toml says
    #[arg(long, conflicts_with = "who")]
    ad_hoc: bool,
}

impl CertificateArgs {
    /// The settings that these flags make, or the nearest tachi.toml's.
    fn settings(&self, session: &Session) -> Result<Settings, Failure> {
        if self.ad_hoc {
            return Ok(Settings::default());
        }
        if self.certificate.is_none() && self.identity.is_none() {
            return Ok(Settings::find(session)?);
        }
        let path = |path: &Option<String>| path.as_ref().map(Into::into);
        let macos = MacosTable {
            certificate: path(&self.certificate),
            password_env: self.password_env.clone(),
            identity: self.identity.clone(),
            entitlements: path(&self.entitlements),
            timestamp: self.timestamp.clone(),
            ..MacosTable::default()
        };
        let windows = WindowsTable {
            certificate: path(&self.certificate),
            key: path(&self.key),
            password_env: self.password_env.clone(),
            identity: self.identity.clone(),
            timestamp: self.timestamp.clone(),
            description: self.description.clone(),
            url: self.url.clone(),
            ..WindowsTable::default()
        };
        let table = SignTable { macos: Some(macos), windows: Some(windows) };
        Ok(Settings { table, folder: session.environment.current_dir().to_owned() })
    }
}

/// Signs or checks.
pub(crate) fn run(args: &Args, session: &Session) -> Result<ExitCode, Failure> {
    let terminal = Terminal::new(&args.terminal, session)?;
    if args.check {
        return check(&args.files);
    }
    let settings = args.certificate.settings(session)?;
    for file in &args.files {
        let identifier = args.identifier.as_deref();
        match sign::sign(file.as_ref(), &settings, identifier, args.force, session)? {
            SignOutcome::WithCertificate(signer) => {
                terminal.done("Signed", &format!("{file} ({signer})"));
            }
            SignOutcome::AdHoc(signed) => {
                let verb = if signed.is_changed { "Signed" } else { "Unchanged" };
                terminal.done(verb, &format!("{file} (ad-hoc, identifier {})", signed.identifier));
            }
        }
    }
    Ok(ExitCode::Done)
}

fn check(files: &[String]) -> Result<ExitCode, Failure> {
    let mut bad = Vec::new();
    for file in files {
        let checked = sign::check(file.as_ref())?;
        if !checked.iter().all(Checked::is_good) {
            bad.push(file.as_str());
        }
        let text = describe(file, &checked);
        anstream::stdout().write_all(text.as_bytes()).map_err(Failure::Output)?;
    }
    if bad.is_empty() {
        return Ok(ExitCode::Done);
    }
    Err(Failure::Refused(format!(
        "no good signature: {}\n  help: cargo tachi sign {}",
        bad.join(", "),
        bad.join(" ")
    )))
}

/// A line for the file, then what each architecture's signature says and what is wrong.
fn describe(file: &str, checked: &[Checked]) -> String {
    let mut text = format!("{file}:\n");
    for one in checked {
        let summary = one.signature.as_ref().map_or("not signed".into(), summary);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}: {summary}", one.cpu);
        for problem in one.signature.iter().flat_map(|signature| &signature.problems) {
            let _ = writeln!(text, "    {problem}");
        }
    }
    text
}

fn summary(signature: &Signature) -> String {
    let worth = if signature.problems.is_empty() { "good" } else { "BAD" };
    let mut text = format!("{worth} signature");
    if let Some(directory) = signature.directories.first() {
        let _ = write!(
            text,
            ", identifier {}, flags {}, {} × {}",
            directory.identifier, directory.flags, directory.pages, directory.digest
        );
        if let Some(team) = &directory.team {
            let _ = write!(text, ", team {team}");
        }
        if signature.has_certificate {
            text.push_str(", with a certificate (not checked)");
        }
        if signature.has_entitlements {
            text.push_str(", with entitlements");
        }
        let _ = write!(text, ", cdhash {}", directory.cdhash);
    }
    text
}
