//! Word from a driver that does something slow, and only once, in the middle of cargo's work. rustc
//! started the driver and passes on nothing that it prints. So the driver leaves files in a folder,
//! the running Tachi reads them, and people learn what they wait for, why, and how long it took.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::wire;
use crate::digest;
use crate::sys::clock::Stopwatch;
use crate::sys::env::Environment;
use crate::sys::fs;

/// Work that takes less time is not worth a word.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often the folder is looked at.
const INTERVAL: Duration = Duration::from_millis(200);

/// A running Tachi's end: the folder in which the drivers leave word. Where there can be no such
/// folder, nobody hears anything, and no work fails for that.
#[derive(Debug)]
pub struct Listener {
    folder: Option<tempfile::TempDir>,
}

impl Listener {
    /// A listener for drivers that start later.
    pub fn open() -> Self {
        Self { folder: fs::temporary_dir().ok() }
    }

    /// The variable that the drivers need in their environment.
    pub fn variable(&self) -> Option<(&'static str, &str)> {
        Some((wire::WORD, self.folder()?.as_str()))
    }

    fn folder(&self) -> Option<&Utf8Path> {
        fs::utf8(self.folder.as_ref()?.path()).ok()
    }

    /// Does `work`, and gives `hear` what drivers say meanwhile, each sentence once.
    pub fn listen<T>(&self, hear: &(dyn Fn(String) + Sync), work: impl FnOnce() -> T) -> T {
        let Some(folder) = self.folder() else { return work() };
        let (finished, wait) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut heard = Vec::new();
                loop {
                    let is_over = wait.recv_timeout(INTERVAL) != Err(RecvTimeoutError::Timeout);
                    pass_on(folder, &mut heard, hear);
                    if is_over {
                        return;
                    }
                }
            });
            let done = work();
            drop(finished);
            done
        })
    }
}

fn pass_on(folder: &Utf8Path, heard: &mut Vec<Utf8PathBuf>, hear: &dyn Fn(String)) {
    for file in fs::list(folder).unwrap_or_default() {
        let is_whole = file.file_name().is_some_and(|name| !name.starts_with(fs::TEMPORARY_PREFIX));
        if is_whole && !heard.contains(&file) {
            if let Ok(sentence) = fs::read_to_string(&file) {
                hear(sentence);
            }
            heard.push(file);
        }
    }
}

/// A driver's end.
#[derive(Debug, Clone, Default)]
pub struct Teller {
    folder: Option<Utf8PathBuf>,
    patience: Duration,
}

impl Teller {
    /// A teller for the Tachi whose folder the environment names, if it names one.
    pub fn new(environment: &Environment) -> Self {
        Self { folder: environment.var(wire::WORD).map(Into::into), patience: PATIENCE }
    }

    /// Does `work`. If the work takes long, leaves word of `what` is being done, and afterwards of
    /// how long it took. Leaving word can never make the work fail.
    pub fn tell<T>(&self, what: &str, work: impl FnOnce() -> T) -> T {
        let Some(folder) = &self.folder else { return work() };
        let clock = Stopwatch::start();
        let (finished, wait) = mpsc::channel::<()>();
        let (done, was_told) = std::thread::scope(|scope| {
            let teller = scope.spawn(move || {
                let is_long = wait.recv_timeout(self.patience) == Err(RecvTimeoutError::Timeout);
                if is_long {
                    leave(folder, "1", what, what);
                }
                is_long
            });
            let done = work();
            drop(finished);
            (done, teller.join().unwrap_or(false))
        });
        if was_told {
            leave(folder, "2", what, &format!("{what}: done in {:.0} s", clock.seconds()));
        }
        done
    }
}

/// Several drivers may wait for the same work. All of them share one file, and the first one
/// writes it.
fn leave(folder: &Utf8Path, order: &str, what: &str, sentence: &str) {
    let file = folder.join(format!("{}-{order}", digest::short_digest(&[what])));
    if !fs::exists(&file) {
        // The folder is gone if the running Tachi was killed.
        let _ = fs::write_atomic(&file, sentence.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: Duration = Duration::from_mins(10);

    /// What a listener hears while drivers with this patience work one after another. The work of
    /// one without patience lasts until its sentence is heard.
    fn heard(drivers: &[(&str, Duration)]) -> Vec<String> {
        let listener = Listener::open();
        let (name, folder) = listener.variable().unwrap();
        let environment = Environment::new([(name.to_owned(), folder.to_owned())], "/");
        let (ear, sentences) = mpsc::channel();
        let mut heard: Vec<String> = Vec::new();
        let hear = move |sentence| drop(ear.send(sentence));
        let results = listener.listen(&hear, || {
            let work = |(what, patience): &(&str, Duration)| {
                let teller = Teller { patience: *patience, ..Teller::new(&environment) };
                teller.tell(what, || {
                    while patience.is_zero() && !heard.iter().any(|sentence| sentence == what) {
                        heard.push(sentences.recv_timeout(NEVER).unwrap());
                    }
                });
                1
            };
            drivers.iter().map(work).sum::<usize>()
        });
        assert_eq!(results, drivers.len());
        heard.extend(sentences.try_iter());
        heard
    }

    #[test]
    fn slow_work_is_told_while_it_goes_on_and_the_same_work_once() {
        assert_eq!(heard(&[("short", NEVER)]), [""; 0]);
        let two = heard(&[("musl", Duration::ZERO), ("musl", Duration::ZERO)]);
        assert_eq!(two, ["musl", "musl: done in 0 s"]);
    }

    #[test]
    fn without_a_listener_the_work_is_done_all_the_same() {
        let teller = Teller { patience: Duration::ZERO, ..Teller::new(&Environment::new([], "/")) };
        assert_eq!(teller.tell("x", || 3), 3);
        let gone = Environment::new([(wire::WORD.to_owned(), "/proc/nowhere".to_owned())], "/");
        let teller = Teller { patience: Duration::ZERO, ..Teller::new(&gone) };
        assert_eq!(teller.tell("x", || 3), 3);
    }
}
