//! What runs a target's programs, made ready before the first of them.

use tachi_schema::event::Event;

use crate::facts::Facts;
use crate::session::Session;
use crate::toolchain::ToolchainError;
use crate::toolchain::provision::{Notice, Provision};
use crate::toolchain::runner::{self, Ready, Runner};

/// Brings what `runner` needs.
pub(crate) fn make_ready(
    runner: &Runner,
    is_offline: bool,
    facts: &Facts,
    session: &Session,
    emit: &(dyn Fn(Event) + Sync),
) -> Result<Ready, ToolchainError> {
    let mut notice = |notice| {
        if let Notice::Doing(message) = notice {
            emit(Event::Notice { message });
        }
    };
    let mut provision = Provision {
        environment: &session.environment,
        cache_dir: &facts.cache_dir,
        offline: is_offline,
        interrupt: &session.interrupt,
        notice: &mut notice,
    };
    runner::prepare(runner, &mut provision, |provision| facts.zig(provision))
}
