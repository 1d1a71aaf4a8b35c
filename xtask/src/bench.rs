//! `cargo xtask bench`: what Tachi costs beside the cargo that it conducts.

mod measure;
mod overhead;
mod statistics;

use crate::arguments::Arguments;

/// The command.
pub(crate) fn main(mut arguments: Arguments) -> Result<(), String> {
    match arguments.command().as_deref() {
        Some("overhead") => overhead::main(arguments),
        Some(other) => Err(format!("no bench {other:?}; there is: overhead")),
        None => Err("which bench? there is: overhead".to_owned()),
    }
}
