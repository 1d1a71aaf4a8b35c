//! Signing with a certificate, which programs of the user's do. What they are called with is
//! computed from the settings ([`macos`], [`windows`]) and stands in the plan; [`run`] calls
//! them. A secret goes from the environment to a program's standard input, past everything
//! that is printed.

pub mod error;
pub mod look;
pub mod macos;
pub mod run;
pub mod windows;

pub use error::SignerError;
pub use look::{Seen, SignerFacts};

use tachi_schema::plan::{Signer, SignerCall};

use crate::config::sign::{SignTable, When};
use crate::target::TargetFacts;

/// Who signs the files of a target, if the settings name somebody; `is_release` files are
/// packaged.
///
/// # Errors
/// The program or a file is not here.
pub fn of_target(
    table: &SignTable,
    target: &TargetFacts,
    is_release: bool,
    facts: &SignerFacts,
) -> Result<Option<Signer>, SignerError> {
    let now = |when| is_release || when == When::Always;
    match (target.os, &table.macos, &table.windows) {
        ("macos", Some(table), _) if now(table.when) => {
            macos::signer(table, None, is_release, facts).map(Some)
        }
        ("windows", _, Some(table)) if now(table.when) => windows::signer(table, facts).map(Some),
        _ => Ok(None),
    }
}

/// Where the file stands in a call's arguments.
const FILE: &str = "{file}";
/// Where the file that is written stands.
const SIGNED: &str = "{signed}";
/// Where an archive of the signed file stands.
const ZIP: &str = "{zip}";
/// Where programs read secrets from.
const STDIN: &str = "/dev/stdin";

fn call(command: tachi_schema::Command, secret: Option<&String>) -> SignerCall {
    SignerCall { command, secret: secret.cloned() }
}
