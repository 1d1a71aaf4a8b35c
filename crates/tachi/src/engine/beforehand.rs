//! Checks before the first step, so that nobody waits for a compilation whose results cannot be
//! written or signed.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::Event;
use tachi_schema::plan::{Action, Plan};

use super::error::EngineError;
use crate::plan::layout::Layout;
use crate::post::signer;
use crate::session::Session;
use crate::sys::interrupt::Interrupt;
use crate::sys::lock::{self, FileLock};
use crate::sys::{SysError, fs};

/// The folders that a run writes into, locked until it ends, so that it packages the files that it
/// verified.
#[derive(Debug)]
pub(super) struct Folders(#[expect(dead_code, reason = "holds the locks")] Vec<FileLock>);

impl Folders {
    /// Waits until no other Tachi writes into the folders of `plan`. A lock file lies beside its
    /// folder, whose files are for users.
    ///
    /// # Errors
    /// A folder cannot be written to, or the user interrupted.
    pub(super) fn lock(
        plan: &Plan,
        layout: &Layout,
        interrupt: &Interrupt,
        emit: &dyn Fn(Event),
    ) -> Result<Self, SysError> {
        let (mut locks, mut writes) = (Vec::new(), false);
        // Always in this order, so that two runs never wait for each other.
        for folder in [&layout.finished, &layout.dist] {
            if !writes_into(plan, folder) {
                continue;
            }
            writes = true;
            let lock = lock::exclusive(&lock_file(folder), interrupt, &mut || {
                emit(Event::Notice {
                    message: format!("waiting for another Tachi that writes into {folder}"),
                });
            });
            match lock {
                Ok(lock) => locks.push(lock),
                // A file system without locks keeps nobody apart, nor does cargo there.
                Err(SysError::File { action: lock::LOCK, .. }) => {}
                Err(error) => return Err(error),
            }
        }
        // The folder of packages is made by the first package: until then there is no release.
        if writes {
            fs::temporary_dir_in(&layout.finished)?;
        }
        Ok(Self(locks))
    }
}

fn writes_into(plan: &Plan, folder: &Utf8Path) -> bool {
    plan.steps.iter().any(|step| match &step.action {
        Action::WriteManifest(manifest) => Utf8Path::new(&manifest.file).parent() == Some(folder),
        _ => false,
    })
}

/// `target/tachi/release` is locked by `target/tachi/.release.lock`.
fn lock_file(folder: &Utf8Path) -> Utf8PathBuf {
    folder.with_file_name(format!(".{}.lock", folder.file_name().unwrap_or_default()))
}

/// Checks before the compilation, not after it, that files can be signed.
///
/// # Errors
/// The environment lacks a secret that a signer needs.
pub(super) fn check_secrets(plan: &Plan, session: &Session) -> Result<(), EngineError> {
    let signers = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Place(place) => place.signer.as_ref(),
        _ => None,
    });
    for signer in signers {
        signer::run::check_secrets(signer, session)?;
    }
    Ok(())
}
