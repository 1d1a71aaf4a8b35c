//! Signing with a certificate, by programs of the user's. Their arguments are computed from the
//! settings ([`macos`], [`windows`]) and are part of the plan; [`run`] calls the programs. A secret
//! goes from the environment to a program's standard input, and is never printed.

pub mod error;
pub mod look;
pub mod macos;
pub mod run;
pub mod windows;

pub use error::SignerError;
pub use look::SignerFacts;

use tachi_schema::plan::{Signer, SignerCall};

use crate::config::sign::{SignTable, When};
use crate::target::TargetFacts;

/// Who signs the files of a target, if the settings name a signer; `is_release` files are
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

/// Stands for the file in a call's arguments.
const FILE: &str = "{file}";
/// Stands for the file to write.
const SIGNED: &str = "{signed}";
/// Stands for an archive of the signed file.
const ZIP: &str = "{zip}";
/// Where programs read secrets from.
const STDIN: &str = "/dev/stdin";

fn call(command: tachi_schema::Command, secret: Option<&String>) -> SignerCall {
    SignerCall { command, secret: secret.cloned() }
}
