//! Bringing what nothing fetches by itself, since its licence has to be accepted: Microsoft's C runtime
//! and Windows SDK.
//!
//! 1. [`facts::gather()`]: what `tachi.lock` records.
//! 2. [`microsoft::provide`]: fetches them, unless they are here.
//! 3. [`Lockfile::write`](crate::toolchain::Lockfile::write): records what was accepted.

use camino::Utf8PathBuf;

use super::Error;
use crate::facts;
use crate::request::Request;
use crate::session::Session;
use crate::toolchain::lockfile::FILE_NAME;
pub use crate::toolchain::provision::Notice;
use crate::toolchain::provision::Provision;
use crate::toolchain::provision::microsoft::{self, Consent};

/// What came, or was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The folder with the files.
    pub folder: Utf8PathBuf,
    /// The version of the SDK.
    pub sdk: String,
    /// The version of the C runtime.
    pub crt: String,
    /// It was there already.
    pub is_fresh: bool,
    /// The `tachi.lock` that was changed.
    pub recorded: Option<Utf8PathBuf>,
}

/// Brings Microsoft's files for the workspace of `request`. `accepts` says that the user accepts
/// Microsoft's licence, which `tachi.lock` then records; it may have been accepted before.
///
/// # Errors
/// Nobody accepted the licence, or the files cannot be fetched.
pub fn microsoft(
    request: &Request,
    accepts: bool,
    session: &Session,
    notice: &mut dyn FnMut(Notice),
) -> Result<Setup, Error> {
    let facts = facts::gather(request, session)?;
    let mut provision = Provision {
        environment: &session.environment,
        cache: &facts.cache,
        offline: request.lock.offline,
        interrupt: &session.interrupt,
        notice,
    };
    let consent = Consent { given: accepts, recorded: facts.pins.microsoft() };
    let provided = microsoft::provide(&mut provision, &facts.toolchain, &facts.pins, consent)?;
    let accepted = provided.accepted;
    let (sdk, crt) = (accepted.sdk.clone(), accepted.crt.clone());
    let pins = facts.pins.clone().with_microsoft(accepted, provided.xwin);
    let root = facts.workspace.root();
    let mut recorded = None;
    if pins != facts.pins {
        pins.write(root)?;
        recorded = Some(root.join(FILE_NAME));
    }
    Ok(Setup { folder: provided.folder, sdk, crt, is_fresh: provided.is_fresh, recorded })
}
