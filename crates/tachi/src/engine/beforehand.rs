//! What is looked at before a compilation, so that nobody waits for it in vain.

use tachi_schema::plan::{Action, Plan};

use super::error::EngineError;
use super::step::finished_root;
use crate::post::signer;
use crate::session::Session;
use crate::sys::fs;

/// Finds out before the compilation, not after it, that results cannot be written.
///
/// # Errors
/// The folder of the finished files cannot be written to.
pub fn check_writable(plan: &Plan) -> Result<(), EngineError> {
    let root = finished_root(plan);
    if !root.as_str().is_empty() {
        fs::temporary_dir_in(&root)?;
    }
    Ok(())
}

/// Finds out before the compilation, not after it, that nothing can be signed.
///
/// # Errors
/// The environment lacks a secret that a signer needs.
pub fn check_secrets(plan: &Plan, session: &Session) -> Result<(), EngineError> {
    let signers = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Place { signer, .. } => signer.as_ref(),
        _ => None,
    });
    for signer in signers {
        signer::run::check_secrets(signer, session)?;
    }
    Ok(())
}
