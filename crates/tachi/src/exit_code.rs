//! The exit codes of `cargo tachi`: each domain's errors say which one they end with.

/// The exit codes that are part of the interface.
///
/// ```
/// assert_eq!(tachi::ExitCode::Verification as u8, 4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// All is done.
    Done = 0,
    /// A bug of Tachi's.
    Bug = 1,
    /// Usage or configuration.
    Usage = 2,
    /// A kit is missing or could not be fetched.
    Kit = 3,
    /// Verification found errors.
    Verification = 4,
    /// A rebuild differed.
    Rebuild = 5,
    /// Packaging failed.
    Packaging = 6,
    /// Compilation or tests failed: cargo's own code.
    Compilation = 101,
    /// Interrupted: 128 and the number of SIGINT, as shells have it.
    Interrupted = 130,
}
