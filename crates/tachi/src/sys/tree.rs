//! Copying folders.

use camino::Utf8Path;

use super::error::SysError;
use super::fs;

/// The file that [marks](https://bford.info/cachedir/) a folder that can be made again, as
/// cargo marks its target folder.
const CACHE_MARK: &str = "CACHEDIR.TAG";

/// Copies a file, or a folder with all that is in it, links as links, without what is in
/// `except` and folders that can be made again.
///
/// # Errors
/// A file cannot be read or written.
pub fn copy(from: &Utf8Path, to: &Utf8Path, except: &[&Utf8Path]) -> Result<(), SysError> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    walk(from, to, except, &copy_file)
}

/// As [`copy`], for files that nobody writes to any more: the copies take no room if both folders
/// are on one file system.
///
/// # Errors
/// A file cannot be read or written.
pub fn share(from: &Utf8Path, to: &Utf8Path) -> Result<(), SysError> {
    walk(from, to, &[], &|from, to| std::fs::hard_link(from, to).or_else(|_| copy_file(from, to)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a home of copying: into a folder that nobody else looks at"
)]
fn copy_file(from: &Utf8Path, to: &Utf8Path) -> std::io::Result<()> {
    std::fs::copy(from, to).map(drop)
}

fn walk(
    from: &Utf8Path,
    to: &Utf8Path,
    except: &[&Utf8Path],
    file: &dyn Fn(&Utf8Path, &Utf8Path) -> std::io::Result<()>,
) -> Result<(), SysError> {
    if from.is_symlink() {
        return fs::new_link(&from.read_link_utf8().map_err(SysError::file("read", from))?, to);
    }
    if !from.is_dir() {
        return file(from, to).map_err(SysError::file("copy", from));
    }
    fs::create_dir_all(to)?;
    for entry in fs::list(from)? {
        let can_be_made = !entry.is_symlink() && fs::is_file(&entry.join(CACHE_MARK));
        if !except.contains(&&*entry) && !can_be_made {
            walk(&entry, &to.join(entry.file_name().unwrap_or_default()), except, file)?;
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_made_again_is_left_out_and_links_stay_links() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        let (from, to) = (root.join("from"), root.join("to"));
        for file in ["a", "sub/b", "target/CACHEDIR.TAG", "target/c", "other/d"] {
            fs::write_atomic(&from.join(file), file.as_bytes()).unwrap();
        }
        fs::new_link("sub/b".into(), &from.join("l")).unwrap();
        copy(&from, &to, &[&from.join("other")]).unwrap();
        assert_eq!(fs::list(&to).unwrap(), ["a", "l", "sub"].map(|name| to.join(name)));
        assert_eq!(fs::read_to_string(&to.join("l")).unwrap(), "sub/b");
        assert!(to.join("l").is_symlink());

        let shared = root.join("shared");
        share(&from, &shared).unwrap();
        assert_eq!(fs::read_to_string(&shared.join("other/d")).unwrap(), "other/d");
        assert!(shared.join("l").is_symlink());
    }
}
