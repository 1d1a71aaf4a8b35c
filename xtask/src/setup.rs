//! `cargo xtask setup`: installs what the tests need. It prints each thing that it does and why,
//! and does nothing when all is there.

mod check_jsonschema;
mod debian;
mod needs;
mod pip;

use std::time::Instant;

use crate::arguments::Arguments;
use crate::process;
use needs::{NEEDS, Need};

/// The command.
pub(crate) fn main(mut arguments: Arguments) -> Result<(), String> {
    let check = arguments.flag("--check");
    arguments.finish()?;
    everything(check)
}

/// Installs what the tests need. With `check`, only names what is missing.
pub(crate) fn everything(check: bool) -> Result<(), String> {
    let needs: Vec<&Need> = NEEDS.iter().collect();
    bring(&needs, check)?;
    check_jsonschema::bring(check)?;
    let runner = if process::on_path("cargo-nextest").is_some() {
        "cargo-nextest runs the tests"
    } else {
        "no cargo-nextest on PATH: `cargo test` runs the tests"
    };
    println!("setup: {runner}");
    Ok(())
}

/// Installs what building with Tachi needs: a pip, which fetches zig.
pub(crate) fn for_building() -> Result<(), String> {
    bring(&[], false)
}

/// Installs what building std from source needs: a compiler with the source of its std. False if
/// this is not Debian, which has both.
pub(crate) fn for_building_std() -> Result<bool, String> {
    if !debian::is_here() {
        return Ok(false);
    }
    let needs: Vec<&Need> = NEEDS.iter().filter(|need| need.is_for_std()).collect();
    bring(&needs, false).map(|()| true)
}

fn bring(needs: &[&Need], check: bool) -> Result<(), String> {
    let start = Instant::now();
    let on_debian = debian::is_here();
    let (pip_answers, missing) = std::thread::scope(|scope| {
        // pip takes half a second to print its version; the rest is checked at the same time.
        let pip = scope.spawn(pip::answers);
        let missing = if on_debian { debian::missing(needs) } else { needs::missing(needs) };
        (pip.join().unwrap_or(false), missing)
    });
    let mut missing = missing?;
    if !pip_answers {
        missing.push(&pip::NEED);
    }
    if missing.is_empty() {
        println!("setup: all is there ({:.1} s)", start.elapsed().as_secs_f64());
        return Ok(());
    }
    for need in &missing {
        println!("setup: {} is missing; {}", need.package, need.why);
    }
    if on_debian { debian::install(&missing, check) } else { needs::advise(&missing) }
}
