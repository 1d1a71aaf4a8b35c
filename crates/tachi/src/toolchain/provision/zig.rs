//! zig, the linker and C compiler of most kits: the pinned version, from `PATH`, from an
//! earlier run, or through pip.

use camino::{Utf8Path, Utf8PathBuf};

use super::{Provision, pip};
use crate::cache::Bucket;
use crate::sys::{Command, SysError, fs, run, usage};
use crate::toolchain::error::ToolchainError;
use crate::toolchain::lockfile::ToolPin;

/// Finds or brings the pinned zig, and says where it is. `on_path` is a zig on `PATH`; it
/// is used if it has exactly the pinned version.
///
/// # Errors
/// It is not here and cannot be fetched, or what came is not what was pinned.
pub fn provide(
    provision: &mut Provision<'_>,
    pin: &ToolPin,
    on_path: Option<&Utf8Path>,
) -> Result<Utf8PathBuf, ToolchainError> {
    if let Some(zig) = on_path
        && version(provision, zig)?.as_deref() == Some(&pin.version)
    {
        return Ok(zig.to_owned());
    }
    let expected = pin.sha256_here()?;
    let folder = provision.cache.bucket(Bucket::Zig);
    let place = folder.join(format!("{}-{}", pin.version, &expected[..8]));
    let zig = place.join("ziglang").join(format!("zig{}", std::env::consts::EXE_SUFFIX));
    if fs::is_executable(&zig) {
        usage::touch(&place);
        return Ok(zig);
    }
    if provision.offline {
        let version = &pin.version;
        return Err(ToolchainError::Offline {
            what: format!("zig {version}"),
            remedy: format!("run once without --offline, or put zig {version} on PATH"),
        });
    }
    let _lock = provision.enter(&folder)?;
    if fs::is_executable(&zig) {
        return Ok(zig);
    }
    let temporary = fs::temporary_dir_in(&folder)?;
    let temporary = fs::utf8(temporary.path())?;
    let wheel = pip::download(provision, pin, temporary)?;
    provision.doing(format!("unpacking zig {} into {place}", pin.version));
    let unpacked = temporary.join("unpacked");
    unpack(provision, &wheel, &unpacked)?;
    let fresh = unpacked.join("ziglang").join(zig.file_name().unwrap_or("zig"));
    match version(provision, &fresh)? {
        Some(version) if version == pin.version => {}
        said => {
            let message =
                format!("its zig says its version is {}", said.as_deref().unwrap_or("nothing"));
            return Err(ToolchainError::Unpack { archive: wheel, message });
        }
    }
    fs::flush(&unpacked)?;
    fs::rename(&unpacked, &place)?;
    Ok(zig)
}

/// What `zig version` says; none if it does not run.
fn version(provision: &Provision<'_>, zig: &Utf8Path) -> Result<Option<String>, SysError> {
    match run::capture(&Command::new(zig.as_str()).arg("version"), provision.interrupt) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.is_stop() => Err(error),
        Err(_) => Ok(None),
    }
}

/// Unpacks a wheel, which is a zip archive, with its permissions.
fn unpack(
    provision: &Provision<'_>,
    archive: &Utf8Path,
    into: &Utf8Path,
) -> Result<(), ToolchainError> {
    let broken = |error: zip::result::ZipError| ToolchainError::Unpack {
        archive: archive.to_owned(),
        message: error.to_string(),
    };
    let file = std::io::BufReader::new(fs::open(archive)?);
    let mut zip = zip::ZipArchive::new(file).map_err(broken)?;
    for index in 0..zip.len() {
        provision.interrupt.check()?;
        let mut entry = zip.by_index(index).map_err(broken)?;
        if entry.is_dir() {
            continue;
        }
        let inside = entry.enclosed_name().and_then(|path| Utf8PathBuf::from_path_buf(path).ok());
        let Some(inside) = inside else {
            let message =
                format!("the entry {:?} is outside of the archive's folder", entry.name());
            return Err(ToolchainError::Unpack { archive: archive.to_owned(), message });
        };
        let mode =
            if entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0) { 0o755 } else { 0o644 };
        fs::write_new(&into.join(inside), mode, &mut entry)?;
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests;
