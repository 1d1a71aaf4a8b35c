//! What differs between systems: the permission to execute, and the time that programs take.

pub(crate) use own::{children, is_executable, make_executable};

/// The cost of all programs that this process has waited for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Usage {
    /// User and system seconds.
    pub(crate) seconds: f64,
    /// The largest memory that one of them had, in KiB.
    pub(crate) peak: u32,
}

#[cfg(unix)]
mod own {
    use std::io;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeVal;

    use super::Usage;

    pub(crate) fn is_executable(file: &Path) -> bool {
        file.metadata()
            .is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
    }

    pub(crate) fn make_executable(file: &Path) -> io::Result<()> {
        std::fs::set_permissions(file, PermissionsExt::from_mode(0o755))
    }

    pub(crate) fn children() -> Result<Usage, String> {
        let usage =
            getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| format!("getrusage: {error}"))?;
        let peak = u32::try_from(usage.max_rss()).map_err(|error| error.to_string())?;
        Ok(Usage { seconds: seconds(usage.user_time()) + seconds(usage.system_time()), peak })
    }

    fn seconds(time: TimeVal) -> f64 {
        std::time::Duration::new(
            time.tv_sec().try_into().unwrap_or(0),
            u32::try_from(time.tv_usec()).unwrap_or(0) * 1000,
        )
        .as_secs_f64()
    }
}

#[cfg(windows)]
mod own {
    use std::io;
    use std::path::Path;

    use super::Usage;

    pub(crate) fn is_executable(file: &Path) -> bool {
        file.is_file()
    }

    #[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
    pub(crate) fn make_executable(_file: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn children() -> Result<Usage, String> {
        Err("Windows does not tell the cost of a program's children".to_owned())
    }
}
