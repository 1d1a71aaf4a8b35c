//! A `.tar.gz` whose bytes depend on nothing but the names and contents of its files:
//! entries in the plan's order, owner 0, fixed modes, one time for all.

use std::io::Write;

use camino::Utf8Path;
use flate2::{Compression, GzBuilder};
use tachi_schema::plan::PackedFile;

use crate::sys::{SysError, fs};

/// Writes the archive in one step: a killed run leaves no part of it.
///
/// `modified` is the time of all entries, in seconds since the epoch.
///
/// # Errors
/// A file cannot be read, or the archive not be written.
pub fn write(path: &Utf8Path, contents: &[PackedFile], modified: u64) -> Result<(), SysError> {
    fs::write_atomic_with(path, 0o644, |file| {
        // No file name and no time in the gzip header; system 255, "unknown" (RFC 1952, 2.3.1).
        let gzip = GzBuilder::new().operating_system(255).write(file, Compression::best());
        let mut tar = tar::Builder::new(gzip);
        for packed in contents {
            append(&mut tar, packed, modified)?;
        }
        let gzip = tar.into_inner().map_err(SysError::file("write", path))?;
        gzip.finish().map_err(SysError::file("write", path))?;
        Ok(())
    })
}

fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    packed: &PackedFile,
    modified: u64,
) -> Result<(), SysError> {
    let from = Utf8Path::new(&packed.from);
    let bytes = fs::read(from)?;
    // POSIX ustar: readable everywhere; the crate adds GNU long names where one is needed.
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(if packed.executable { 0o755 } else { 0o644 });
    header.set_mtime(modified);
    header.set_uid(0);
    header.set_gid(0);
    header.set_entry_type(tar::EntryType::Regular);
    tar.append_data(&mut header, &packed.name, bytes.as_slice())
        .map_err(SysError::file("pack", from))
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;

    use super::*;

    #[test]
    fn the_same_files_give_the_same_bytes_wherever_and_whenever_they_lie() {
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
            write(&path, &contents, 1_000_000_000).unwrap();
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
}
