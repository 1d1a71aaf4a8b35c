//! Fetching one pinned file through the user's own pip, with the user's own index, proxy
//! and certificates, without installing anything into their Python.

use camino::{Utf8Path, Utf8PathBuf};

use super::{Notice, Provision};
use crate::sys::{Command, SysError, fs, run};
use crate::toolchain::error::ToolchainError;
use crate::toolchain::lockfile::ToolPin;

/// Downloads the file that `pin` names into `folder`, an empty one, and checks it.
///
/// # Errors
/// There is no pip, it fails, or the file is not the pinned one.
pub(super) fn download(
    provision: &mut Provision<'_>,
    pin: &ToolPin,
    folder: &Utf8Path,
) -> Result<Utf8PathBuf, ToolchainError> {
    let expected = pin.sha256_here()?;
    let project = pin.source.strip_prefix("pypi:").unwrap_or(&pin.source);
    let what = format!("{project} {}", pin.version);
    let pip =
        find(provision)?.ok_or_else(|| ToolchainError::NoPip { version: pin.version.clone() })?;
    let requirements = folder.join("requirements.txt");
    fs::write_atomic(
        &requirements,
        format!("{project}=={} --hash=sha256:{expected}\n", pin.version).as_bytes(),
    )?;
    let files = folder.join("files");
    let scratch = folder.join("scratch");
    fs::create_dir_all(&scratch)?;
    let command = pip
        .args([
            "download",
            "--no-deps",
            "--require-hashes",
            "--only-binary=:all:",
            "--no-input",
            "--progress-bar=off",
        ])
        .args(["--disable-pip-version-check", "-r", requirements.as_str(), "-d", files.as_str()])
        // What pip leaves behind when it is killed goes with our own folder.
        .env("TMPDIR", scratch.as_str());
    provision.doing(format!("fetching {what} with pip, checked against its pinned SHA-256"));

    let mut stderr = String::new();
    let mut actual = None;
    let exit = run::stream(&command, provision.interrupt, &mut |line| {
        if line.stream == run::Stream::Stderr {
            stderr.push_str(&line.text);
            stderr.push('\n');
        }
        actual = actual.take().or_else(|| got(&line.text));
        (provision.notice)(Notice::Said(line.text));
    })?;
    if !exit.success() {
        if let Some(actual) = actual {
            return Err(ToolchainError::Corrupted { what, expected: expected.to_owned(), actual });
        }
        let source = SysError::Failed { command: Box::new(command), status: exit.status, stderr };
        return Err(ToolchainError::Download { what, version: pin.version.clone(), source });
    }
    let file = fs::list(&files)?.into_iter().next();
    let file = file.ok_or_else(|| {
        SysError::file("find what pip fetched in", &files)(std::io::ErrorKind::NotFound.into())
    })?;
    let actual = fs::sha256(&file)?;
    if actual == expected {
        Ok(file)
    } else {
        Err(ToolchainError::Corrupted { what, expected: expected.to_owned(), actual })
    }
}

/// The digest in pip's complaint about a wrong one: `             Got        <hex>`.
fn got(line: &str) -> Option<String> {
    let digest = line.trim().strip_prefix("Got")?.trim();
    (digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .then(|| digest.to_owned())
}

/// The first pip that answers.
fn find(provision: &Provision<'_>) -> Result<Option<Command>, SysError> {
    for way in [&["python3", "-m", "pip"][..], &["pip3"], &["pip"], &["python", "-m", "pip"]] {
        let Some(program) = provision.environment.find_program(way[0]) else { continue };
        let pip = Command::new(program).args(way[1..].iter().copied());
        match run::capture(&pip.clone().arg("--version"), provision.interrupt) {
            Ok(_) => return Ok(Some(pip)),
            Err(error) if error.is_stop() => return Err(error),
            // Not installed for this Python, or a stand-in without one behind it.
            Err(_) => {}
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_found_in_pips_complaint() {
        let digest = "ab".repeat(32);
        assert_eq!(got(&format!("             Got        {digest}")), Some(digest));
        assert_eq!(got("Got nothing"), None);
    }
}
