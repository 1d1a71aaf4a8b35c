//! The time that files of a release get: that of their sources, never the clock's.

use super::FactsError;
use crate::sys::env::Environment;
use crate::vcs::SourceState;

/// Midnight of 1 January 1980, the oldest time that every archive format can hold. It is used for
/// what is built outside any repository.
pub const FALLBACK_EPOCH: u64 = 315_532_800;

/// `SOURCE_DATE_EPOCH` ([specification](https://reproducible-builds.org/specs/source-date-epoch/)),
/// else the time of the last commit, else [`FALLBACK_EPOCH`]; never the clock.
///
/// # Errors
/// The variable holds no number.
pub fn of(environment: &Environment, sources: Option<&SourceState>) -> Result<u64, FactsError> {
    if let Some(value) = environment.var("SOURCE_DATE_EPOCH") {
        let invalid = |_| FactsError::SourceDateEpoch { value: value.to_owned() };
        return value.parse().map_err(invalid);
    }
    Ok(sources.and_then(|sources| sources.commit_time).unwrap_or(FALLBACK_EPOCH))
}
