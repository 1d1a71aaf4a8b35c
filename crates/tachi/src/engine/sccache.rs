//! sccache during a run: whether it works, and what it found.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use tachi_schema::event::Event;

use crate::session::Session;
use crate::sys::{Command, run};

/// Looks at the compiler cache before and after a run.
#[derive(Debug)]
pub(super) struct Observer {
    program: Option<Utf8PathBuf>,
    before: Counts,
}

/// What sccache has counted since its server began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    hits: u64,
    misses: u64,
    not_cacheable: u64,
}

impl Observer {
    /// Asks sccache for its counts, which starts its server. If that fails, the run goes on
    /// without it, with a warning.
    pub(super) fn start(
        program: Option<&Utf8Path>,
        session: &Session,
        emit: &dyn Fn(Event),
    ) -> Self {
        let Some(program) = program else {
            return Self { program: None, before: Counts::default() };
        };
        match counts(program, session) {
            Ok(before) => Self { program: Some(program.to_owned()), before },
            Err(reason) => {
                let message =
                    format!("building without sccache, because it does not answer: {reason}");
                emit(Event::Warning { message });
                Self { program: None, before: Counts::default() }
            }
        }
    }

    /// Whether sccache may wrap the compiler.
    pub(super) fn usable(&self) -> bool {
        self.program.is_some()
    }

    /// Reports the hits and misses since [`start`](Self::start).
    pub(super) fn report(&self, session: &Session, emit: &dyn Fn(Event)) {
        let Some(after) = self.program.as_ref().and_then(|program| counts(program, session).ok())
        else {
            return;
        };
        emit(Event::Sccache {
            hits: after.hits.saturating_sub(self.before.hits),
            misses: after.misses.saturating_sub(self.before.misses),
            not_cacheable: after.not_cacheable.saturating_sub(self.before.not_cacheable),
        });
    }
}

fn counts(program: &Utf8Path, session: &Session) -> Result<Counts, String> {
    let command = Command::new(program.as_str()).args(["--show-stats", "--stats-format", "json"]);
    let json = run::capture(&command, &session.interrupt).map_err(|error| error.to_string())?;
    parse(&json).map_err(|error| error.to_string())
}

fn parse(json: &str) -> Result<Counts, serde_json::Error> {
    #[derive(Deserialize)]
    struct Report {
        stats: Stats,
    }
    #[derive(Deserialize)]
    struct Stats {
        cache_hits: ByLanguage,
        cache_misses: ByLanguage,
        requests_not_cacheable: u64,
    }
    #[derive(Deserialize)]
    struct ByLanguage {
        counts: std::collections::BTreeMap<String, u64>,
    }
    let stats = serde_json::from_str::<Report>(json)?.stats;
    Ok(Counts {
        hits: stats.cache_hits.counts.values().sum(),
        misses: stats.cache_misses.counts.values().sum(),
        not_cacheable: stats.requests_not_cacheable,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_over_languages() {
        let json = r#"{"stats":{"compile_requests":9,"requests_not_cacheable":2,"cache_hits":{"counts":{"Rust":3,
            "C/C++":1},"adv_counts":{}},"cache_misses":{"counts":{},"adv_counts":{}}},"version":"0.9"}"#;
        assert_eq!(parse(json).unwrap(), Counts { hits: 4, misses: 0, not_cacheable: 2 });
        assert!(parse("not json").is_err());
    }
}
