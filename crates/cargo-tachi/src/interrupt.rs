//! Ctrl-C and its kin: the first asks everything to stop, the second ends it.

use std::time::Duration;

use tachi::ExitCode;
use tachi::Interrupt;

/// How long the rest of the program may take after a second Ctrl-C to end by itself.
const PATIENCE: Duration = Duration::from_secs(1);

/// Raises `interrupt` at the first signal. The second one kills the programs that run, and ends
/// this one even where it waits for something else.
pub(crate) fn listen(interrupt: &Interrupt) {
    let interrupt = interrupt.clone();
    // Failing to install the handler means one is installed; then Ctrl-C just kills.
    let _ = ctrlc::set_handler(move || {
        if interrupt.is_raised() {
            interrupt.kill();
            std::thread::sleep(PATIENCE);
            end();
        }
        interrupt.raise();
    });
}

#[expect(clippy::disallowed_methods, reason = "`main` may wait for what never comes")]
fn end() {
    std::process::exit(ExitCode::Interrupted as i32);
}
