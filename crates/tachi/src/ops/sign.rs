//! Signing one finished file, whoever built it.
//!
//! 1. [`Settings::find`]: who signs, as the nearest `tachi.toml` has it.
//! 2. [`SignerFacts::look`]: which signing programs and files are here.
//! 3. [`macos::signer`], [`windows::signer`]: the calls that sign a file of this format.
//! 4. [`run::sign`]: makes them; the file is replaced in one step.
//! 5. [`ad_hoc::sign`]: for macOS, where the settings name nobody.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_binary::BinaryFacts;

use super::Error;
pub use crate::config::sign::{MacosTable, SignTable, WindowsTable};
use crate::facts::config_files;
use crate::facts::epoch::FALLBACK_EPOCH;
use crate::post::sign as ad_hoc;
use crate::post::sign::Replace;
pub use crate::post::sign::{Checked, Signature, Signed};
use crate::post::signer::{SignerError, SignerFacts, macos, run, windows};
use crate::session::Session;
use crate::sys::{SysError, fs};
use crate::vcs::{self, time};

/// Who signs, and the folder that relative paths start from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The table `[sign]`.
    pub table: SignTable,
    /// The folder that relative paths start from.
    pub folder: Utf8PathBuf,
}

impl Settings {
    /// `[sign]` of the nearest `tachi.toml`, in the current directory or above it.
    ///
    /// # Errors
    /// That file cannot be read or understood.
    pub fn find(session: &Session) -> Result<Self, Error> {
        Ok(match config_files::nearest(&session.environment)? {
            Some((folder, file)) => Self { table: file.sign, folder },
            None => Self {
                table: SignTable::default(),
                folder: session.environment.current_dir().to_owned(),
            },
        })
    }
}

/// How a file was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignOutcome {
    /// With a certificate, by this program.
    WithCertificate(String),
    /// Ad hoc.
    AdHoc(Signed),
}

/// Signs the file at `path`: with a certificate where `settings` name somebody for files of its
/// format, else ad hoc. Without an `identifier` it is the file's name. A signature with a
/// certificate is only replaced with `force`.
///
/// # Errors
/// The file cannot be read or written, or is not signed; it is then untouched.
pub fn sign(
    path: &Utf8Path,
    settings: &Settings,
    identifier: Option<&str>,
    force: bool,
    session: &Session,
) -> Result<SignOutcome, Error> {
    if let Some(signer) = with_certificate(path, settings, identifier, force, session)? {
        return Ok(SignOutcome::WithCertificate(signer));
    }
    let replace = if force { Replace::Any } else { Replace::AdHoc };
    Ok(SignOutcome::AdHoc(ad_hoc::sign(path, identifier, replace)?))
}

/// Checks the signature of a Mach-O file, or of each slice of a universal one.
///
/// # Errors
/// The file cannot be read, or is of a format or kind that has no signature. A bad
/// signature is no error here: [`Checked`] says what is wrong.
pub fn check(path: &Utf8Path) -> Result<Vec<Checked>, Error> {
    Ok(ad_hoc::check(path)?)
}

/// Signs the file with a certificate and returns who did. Returns none, and leaves the file as it is,
/// where the settings name nobody and the format can do without.
fn with_certificate(
    path: &Utf8Path,
    settings: &Settings,
    identifier: Option<&str>,
    force: bool,
    session: &Session,
) -> Result<Option<String>, SignerError> {
    // Links are followed: renaming a new file onto one would only replace the link.
    let place = path.canonicalize_utf8().map_err(SysError::file("read", path))?;
    let bytes = fs::read(&place)?;
    // The ad-hoc signature refuses what is no object file.
    let Ok(facts) = tachi_binary::facts(&bytes) else { return Ok(None) };
    let SignTable { macos, windows } = &settings.table;
    let looked = || -> Result<SignerFacts, SignerError> {
        let time = time(session)?;
        Ok(SignerFacts::look(&settings.table, &settings.folder, time, &session.environment))
    };
    let signer = match (&facts, macos, windows) {
        (BinaryFacts::MachO(_) | BinaryFacts::FatMachO(_), Some(table), _) => {
            macos::signer(table, identifier, false, &looked()?)?
        }
        (BinaryFacts::Pe(_), _, Some(table)) => windows::signer(table, &looked()?)?,
        (BinaryFacts::Pe(_), _, None) => {
            return Err(SignerError::NoCertificate { path: path.to_owned() });
        }
        _ => return Ok(None),
    };
    if !force && run::has_certificate(&bytes) {
        return Err(SignerError::Precious { path: path.to_owned() });
    }
    let metadata = fs::open(&place)?.metadata().map_err(SysError::file("read", path))?;
    let new = run::sign(&signer, bytes, &place, session)?;
    fs::write_atomic_with(&place, fs::mode(&metadata), |out| {
        std::io::Write::write_all(out, &new).map_err(SysError::file("write", path))
    })?;
    Ok(Some(signer.name))
}

/// The time of a signature without a time stamp: that of the sources here, never the clock's.
fn time(session: &Session) -> Result<u64, SignerError> {
    let environment = &session.environment;
    let folder = vcs::manifest_folder(environment.current_dir());
    let sources = vcs::state(folder, environment, &session.interrupt)?;
    Ok(time::build_time(environment, sources.commit_time).unwrap_or(FALLBACK_EPOCH))
}
