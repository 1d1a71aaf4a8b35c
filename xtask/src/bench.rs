//! `cargo xtask bench`: what Tachi costs beside the cargo that it conducts.

mod measure;
mod overhead;
mod stamp;
mod statistics;

use crate::arguments::Arguments;

/// The command.
pub(crate) fn main(mut arguments: Arguments) -> Result<(), String> {
    match arguments.command().as_deref() {
        Some("overhead") => overhead::main(arguments),
        Some("stamp") => stamp::main(arguments),
        Some(other) => Err(format!("no bench {other:?}; there are: overhead, stamp")),
        None => Err("which bench? there are: overhead, stamp".to_owned()),
    }
}

/// Takes `--runs N`.
fn runs(arguments: &mut Arguments, default: usize) -> Result<usize, String> {
    match arguments.value("--runs")? {
        Some(text) => {
            text.parse().ok().filter(|&runs| runs > 0).ok_or(format!("--runs {text}: how many?"))
        }
        None => Ok(default),
    }
}
