//! Provides tools during a run, and says so in events.

use tachi_schema::event::Event;

use crate::facts::Facts;
use crate::session::Session;
use crate::toolchain::ToolchainError;
use crate::toolchain::provision::{Notice, Provision};
use crate::toolchain::runner::{self, Ready, Runner};

/// Brings tools.
#[derive(Clone, Copy)]
pub(crate) struct Provider<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) session: &'a Session,
    /// Fetch nothing.
    pub(crate) offline: bool,
    /// What the tools are for, if the user has to know.
    pub(crate) why: Option<&'a str>,
    pub(crate) emit: &'a (dyn Fn(Event) + Sync),
}

impl Provider<'_> {
    /// Brings something.
    pub(crate) fn provision<T>(
        &self,
        bring: impl FnOnce(&mut Provision<'_>) -> Result<T, ToolchainError>,
    ) -> Result<T, ToolchainError> {
        let mut notice = |notice| match notice {
            Notice::Doing(what) => {
                let message = match self.why {
                    Some(why) => format!("{what} ({why})"),
                    None => what,
                };
                (self.emit)(Event::Notice { message });
            }
            Notice::Said(line) => (self.emit)(Event::Output { status: true, line }),
        };
        bring(&mut Provision {
            environment: &self.session.environment,
            cache: &self.facts.cache,
            offline: self.offline,
            interrupt: &self.session.interrupt,
            notice: &mut notice,
        })
    }

    /// Brings what `runner` needs.
    pub(crate) fn runner(&self, runner: &Runner) -> Result<Ready, ToolchainError> {
        self.provision(|provision| {
            runner::prepare(runner, provision, |provision| self.facts.zig(provision))
        })
    }
}
