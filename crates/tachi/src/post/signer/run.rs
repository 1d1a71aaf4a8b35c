//! Calls the user's signing program on one file, beside the place where the file will be.

use std::io::Write;

use camino::Utf8Path;
use tachi_binary::{BinaryFacts, signature};
use tachi_schema::Command;
use tachi_schema::plan::{Signer, SignerCall};

use super::{FILE, SIGNED, SignerError, ZIP};
use crate::session::Session;
use crate::sys::{SysError, fs, run};

/// Whether a file is of a kind that its system wants to be signed.
pub fn is_signable(facts: &BinaryFacts) -> bool {
    match facts {
        BinaryFacts::Pe(_) | BinaryFacts::MachO(_) => true,
        BinaryFacts::FatMachO(fat) => fat.slices.iter().all(|slice| is_signable(&slice.facts)),
        _ => false,
    }
}

/// Checks before a compilation, not after it, that no secret is missing.
///
/// # Errors
/// A variable that `signer` names is not set.
pub fn check_secrets(signer: &Signer, session: &Session) -> Result<(), SignerError> {
    signer.calls.iter().try_for_each(|call| secret(signer, call, session).map(drop))
}

/// The bytes of the file at `path` with a signature. That file is neither read nor written: the
/// programs work in a folder beside it, which is then removed.
///
/// # Errors
/// A secret is missing, a program fails, or what it left has no signature.
pub fn sign(
    signer: &Signer,
    bytes: Vec<u8>,
    path: &Utf8Path,
    session: &Session,
) -> Result<Vec<u8>, SignerError> {
    let scratch = fs::temporary_dir_in(path.parent().unwrap_or(Utf8Path::new(".")))?;
    let scratch = fs::utf8(scratch.path())?;
    let name = path.file_name().unwrap_or("file");
    // Programs take the identifier, and Apple the submission's title, from the file's name.
    let files = Files {
        file: &scratch.join(name),
        signed: &scratch.join(format!("{name}.signed")),
        zip: &scratch.join(format!("{name}.zip")),
    };
    fs::write_new(files.file, 0o755, &mut bytes.as_slice())?;
    drop(bytes);
    for call in &signer.calls {
        let command = files.fill(&call.command);
        if call.command.args.iter().any(|arg| arg == ZIP) {
            files.archive(name)?;
        }
        let secret = secret(signer, call, session)?.unwrap_or_default();
        if let Err(words) = ran(&command, secret, session)? {
            return Err(failed(signer, call, name, words));
        }
        if fs::exists(files.signed) {
            fs::rename(files.signed, files.file)?;
        }
    }
    let new = fs::read(files.file)?;
    if has_certificate(&new) {
        Ok(new)
    } else {
        Err(SignerError::Unsigned { signer: signer.name.clone(), file: name.to_owned() })
    }
}

struct Files<'a> {
    file: &'a Utf8Path,
    signed: &'a Utf8Path,
    zip: &'a Utf8Path,
}

impl Files<'_> {
    /// The command with the places of this file.
    fn fill(&self, command: &Command) -> Command {
        let mut command = command.clone();
        for arg in &mut command.args {
            match arg.as_str() {
                FILE => self.file.as_str().clone_into(arg),
                SIGNED => self.signed.as_str().clone_into(arg),
                ZIP => self.zip.as_str().clone_into(arg),
                _ => {}
            }
        }
        command
    }

    /// Apple takes archives only.
    fn archive(&self, name: &str) -> Result<(), SysError> {
        let bytes = fs::read(self.file)?;
        fs::write_atomic_with(self.zip, 0o644, |out| {
            let mut zip = zip::ZipWriter::new(out);
            let options = zip::write::SimpleFileOptions::default().unix_permissions(0o755);
            zip.start_file(name, options)
                .map_err(std::io::Error::from)
                .and_then(|()| zip.write_all(&bytes))
                .and_then(|()| zip.finish().map(drop).map_err(std::io::Error::from))
                .map_err(SysError::file("write", self.zip))
        })
    }
}

fn secret<'a>(
    signer: &Signer,
    call: &SignerCall,
    session: &'a Session,
) -> Result<Option<&'a str>, SignerError> {
    let Some(variable) = &call.secret else { return Ok(None) };
    let missing =
        || SignerError::NoSecret { variable: variable.clone(), signer: signer.name.clone() };
    session.environment.var(variable).map(Some).ok_or_else(missing)
}

/// Runs a program to its end. The error has its output, which may come from either stream.
fn ran(
    command: &Command,
    secret: &str,
    session: &Session,
) -> Result<Result<(), SysError>, SysError> {
    let mut words = String::new();
    let exit = run::stream_fed(command, secret.as_bytes(), &session.interrupt, &mut |line| {
        words.push_str(&line.text);
        words.push('\n');
    })?;
    if exit.success() {
        return Ok(Ok(()));
    }
    if !secret.is_empty() {
        words = words.replace(secret, "***");
    }
    let command = Box::new(command.clone());
    Ok(Err(SysError::Failed { command, status: exit.status, stderr: words }))
}

fn failed(signer: &Signer, call: &SignerCall, file: &str, words: SysError) -> SignerError {
    let help = match &call.secret {
        Some(variable) => {
            format!("check the value of {variable}, and the network if the program needs it")
        }
        None => "look at the certificate, and at the network if it is needed".to_owned(),
    };
    SignerError::Failed {
        signer: signer.name.clone(),
        file: file.to_owned(),
        source: Box::new(words),
        help,
    }
}

/// Whether a file has a signature with a certificate.
pub(crate) fn has_certificate(bytes: &[u8]) -> bool {
    match tachi_binary::facts(bytes) {
        Ok(BinaryFacts::Pe(pe)) => pe.signed,
        Ok(_) => signature::verify(bytes).is_ok_and(|slices| {
            let certified = |one: &signature::Checked| {
                one.signature.as_ref().is_some_and(|signature| signature.has_certificate)
            };
            !slices.is_empty() && slices.iter().all(certified)
        }),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apple_gets_an_archive_of_a_program_that_can_be_run() {
        let dir = tempfile::tempdir().unwrap();
        let folder = fs::utf8(dir.path()).unwrap();
        let (file, zip) = (folder.join("app"), folder.join("app.zip"));
        fs::write_atomic(&file, b"bytes").unwrap();
        Files { file: &file, signed: &folder.join("app.signed"), zip: &zip }
            .archive("app")
            .unwrap();
        let mut archive = zip::ZipArchive::new(fs::open(&zip).unwrap()).unwrap();
        assert_eq!(archive.len(), 1);
        let mut entry = archive.by_name("app").unwrap();
        assert_eq!(entry.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
        assert_eq!(content, b"bytes");
    }
}
