//! The proof that programs start and answer, for making a release and for verifying it later.

use camino::Utf8PathBuf;
use tachi_schema::plan::{Smoke, SmokeCall};

use super::provider::Provider;
use crate::sys::SysError;
use crate::toolchain::ToolchainError;
use crate::toolchain::runner::Runner;
use crate::verify::Finding;
use crate::verify::policy::Policy;
use crate::verify::smoke::{self, Programs};

/// Makes the `calls` of `smoke` and returns the findings about each program. A runner that cannot
/// be made ready counts as none.
///
/// # Errors
/// The run is stopped, or the runner cannot be started.
pub(crate) fn run(
    smoke: &Smoke,
    calls: &[SmokeCall],
    runner: Option<&Runner>,
    policy: &Policy,
    provider: &Provider<'_>,
) -> Result<Vec<(Utf8PathBuf, Finding)>, SysError> {
    let Some(runner) = runner else { return Ok(smoke::not_run(calls, policy, &smoke.reason)) };
    let ready = match provider.runner(runner) {
        Ok(ready) => ready,
        Err(ToolchainError::Sys(error)) if error.is_stop() => return Err(error),
        Err(error) => return Ok(smoke::not_run(calls, policy, &error.to_string())),
    };
    let programs = Programs {
        target: &smoke.target,
        runner: &runner.name(),
        ready: &ready,
        policy,
        interrupt: &provider.session.interrupt,
        emit: provider.emit,
    };
    programs.run(calls)
}
