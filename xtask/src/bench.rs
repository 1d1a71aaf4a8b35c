//! `cargo xtask bench`: the cost of Tachi compared with cargo alone and with other file tools, and
//! how it grows.

mod files;
mod frame;
mod measure;
mod overhead;
mod rcodesign;
mod report;
mod schedule;
mod stamp;
mod statistics;
mod turns;
mod verify;

use crate::arguments::Arguments;

const BENCHES: &str = "overhead, stamp, files, verify, schedule";

/// The command.
pub(crate) fn main(mut arguments: Arguments) -> Result<(), String> {
    match arguments.command().as_deref() {
        Some("overhead") => overhead::main(arguments),
        Some("stamp") => stamp::main(arguments),
        Some("files") => files::main(arguments),
        Some("verify") => verify::main(arguments),
        Some("schedule") => schedule::main(arguments),
        // `files` and `verify` start this to measure memory.
        Some("peak") => measure::print_peak(&arguments.rest()),
        Some(other) => Err(format!("no bench {other:?}; there are: {BENCHES}")),
        None => Err(format!("which bench? there are: {BENCHES}")),
    }
}
