//! `.tar.gz` ([RFC 1952] around POSIX ustar) whose bytes depend on nothing but the names and
//! contents of its files: entries in the plan's order, owner 0, fixed modes, one time for all.
//!
//! [RFC 1952]: https://www.rfc-editor.org/rfc/rfc1952

use std::io::{self, Read, Write};

use camino::Utf8Path;
use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};
use tachi_schema::plan::PackedFile;

use super::{Each, whole};
use crate::digest;
use crate::package::PackageError;
use crate::sys::interrupt::Interrupt;
use crate::sys::{SysError, fs};

/// How a file begins.
pub const MAGIC: &[u8] = b"\x1f\x8b";

/// A file of an archive, and what is known of it.
#[derive(Debug, Clone)]
pub struct Member<'a> {
    /// The plan's entry for it.
    pub packed: &'a PackedFile,
    /// Its SHA-256 when it was verified, in lower-case hexadecimal; none for documents.
    pub sha256: Option<String>,
}

/// Writes the archive in one step: a run that is killed or interrupted leaves no part of it.
/// Files are streamed, and their bytes compared with what was verified.
///
/// `modified` is the time of all entries, in seconds since the epoch.
///
/// # Errors
/// A file cannot be read or was changed, the archive cannot be written, or the run is stopped.
pub fn write(
    path: &Utf8Path,
    members: &[Member<'_>],
    modified: u64,
    interrupt: &Interrupt,
) -> Result<(), PackageError> {
    fs::write_atomic_with(path, 0o644, |file| {
        // No file name and no time in the gzip header; system 255, "unknown" (RFC 1952, 2.3.1).
        let gzip = GzBuilder::new().operating_system(255).write(file, Compression::best());
        let mut tar = tar::Builder::new(gzip);
        for member in members {
            append(&mut tar, member, modified, interrupt)?;
        }
        let gzip = tar.into_inner().map_err(SysError::file("write", path))?;
        gzip.finish().map_err(SysError::file("write", path))?;
        Ok(())
    })
}

fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    member: &Member<'_>,
    modified: u64,
    interrupt: &Interrupt,
) -> Result<(), PackageError> {
    let from = Utf8Path::new(&member.packed.from);
    let file = fs::open(from)?;
    let size = file.metadata().map_err(SysError::file("read", from))?.len();
    // POSIX ustar: readable everywhere; the crate adds GNU long names where one is needed.
    let mut header = tar::Header::new_ustar();
    header.set_size(size);
    header.set_mode(if member.packed.executable { 0o755 } else { 0o644 });
    header.set_mtime(modified);
    header.set_uid(0);
    header.set_gid(0);
    header.set_entry_type(tar::EntryType::Regular);
    // A file that grows meanwhile is another file, and its digest says so.
    let mut content = Watched { inner: file.take(size), digest: Sha256::new(), interrupt };
    let appended = tar.append_data(&mut header, &member.packed.name, &mut content);
    interrupt.check()?;
    if appended.is_ok() && content.inner.limit() > 0 {
        let error =
            io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter while it was packed");
        return Err(SysError::file("pack", from)(error).into());
    }
    appended.map_err(SysError::file("pack", from))?;
    let found = digest::hex(&content.digest.finalize());
    match &member.sha256 {
        Some(verified) if *verified != found => {
            Err(PackageError::Changed { path: from.to_owned(), verified: verified.clone(), found })
        }
        _ => Ok(()),
    }
}

/// A reader that digests what passes, and ends when the run is stopped.
struct Watched<'a, R> {
    inner: R,
    digest: Sha256,
    interrupt: &'a Interrupt,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupt.check().map_err(io::Error::other)?;
        let count = self.inner.read(buffer)?;
        self.digest.update(&buffer[..count]);
        Ok(count)
    }
}

/// Hands each file to `each`.
pub(super) fn read(bytes: &[u8], each: &mut Each<'_>) -> io::Result<()> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    for entry in archive.entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.to_string_lossy().into_owned();
        let content = whole(&mut entry)?;
        each(&path, &content);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;

    use super::*;

    fn members<'a>(contents: &'a [PackedFile], sha256: Option<&str>) -> Vec<Member<'a>> {
        let sha256 = sha256.map(str::to_owned);
        contents.iter().map(|packed| Member { packed, sha256: sha256.clone() }).collect()
    }

    #[test]
    fn an_archive_does_not_depend_on_the_folder_and_the_time_of_its_files() {
        let archives = ["one", "two"].map(|folder| {
            let dir = tempfile::tempdir().unwrap();
            let root = Utf8PathBuf::from_path_buf(dir.path().join(folder)).unwrap();
            let program = root.join("app");
            fs::write_atomic_with::<SysError>(
                &program,
                if folder == "one" { 0o700 } else { 0o777 },
                |file| file.write_all(b"program").map_err(SysError::file("write", &program)),
            )
            .unwrap();
            fs::write_atomic(&root.join("LICENSE"), b"free").unwrap();
            let contents =
                [("LICENSE", false), ("app", true)].map(|(name, executable)| PackedFile {
                    from: root.join(name).to_string(),
                    name: format!("app-1.0.0/{name}"),
                    executable,
                });
            let path = root.join("app.tar.gz");
            let members = members(&contents, None);
            write(&path, &members, 1_000_000_000, &Interrupt::default()).unwrap();
            fs::read(&path).unwrap()
        });
        assert_eq!(archives[0], archives[1]);

        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(archives[0].as_slice()));
        let entries: Vec<_> = tar
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                (
                    entry.path().unwrap().to_string_lossy().into_owned(),
                    header.mode().unwrap(),
                    header.mtime().unwrap(),
                    header.uid().unwrap(),
                )
            })
            .collect();
        let expected = [("app-1.0.0/LICENSE", 0o644), ("app-1.0.0/app", 0o755)]
            .map(|(name, mode)| (name.to_owned(), mode, 1_000_000_000, 0));
        assert_eq!(entries, expected);
    }

    #[test]
    fn a_file_that_changed_after_verification_is_not_packed() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let (program, archive) = (root.join("app"), root.join("app.tar.gz"));
        fs::write_atomic(&program, b"evil").unwrap();
        let packed =
            PackedFile { from: program.to_string(), name: "app-1/app".into(), executable: true };
        let contents = [packed];
        let verified = digest::sha256_of(b"good");
        let members = members(&contents, Some(&verified));
        let error = write(&archive, &members, 0, &Interrupt::default()).unwrap_err();
        assert!(
            matches!(&error, PackageError::Changed { path, .. } if *path == program),
            "{error}"
        );
        assert!(!fs::exists(&archive));
    }

    #[test]
    fn a_stopped_run_leaves_no_archive() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let (program, archive) = (root.join("app"), root.join("app.tar.gz"));
        fs::write_atomic(&program, b"program").unwrap();
        let packed = PackedFile { from: program.to_string(), name: "app".into(), executable: true };
        let interrupt = Interrupt::default();
        interrupt.stop();
        let contents = [packed];
        let error = write(&archive, &members(&contents, None), 0, &interrupt).unwrap_err();
        assert!(matches!(error, PackageError::Sys(SysError::Stopped)), "{error}");
        assert!(!fs::exists(&archive));
    }
}
