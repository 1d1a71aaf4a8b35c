//! Running a target on changed files of the corpus, and watching its time and memory.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test reads files, its settings and the clock, and prints; the crate itself does not"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;

use crate::mutate::{Chance, Original};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory is measured for all of the process: one target at a time.
static TURN: Mutex<()> = Mutex::new(());

/// How long each target runs, in seconds, unless `TACHI_FUZZ_SECONDS` is set.
const MOMENT: f64 = 2.0;
/// The memory that an input may take beside four times its size, in bytes.
const SPARE: usize = 64 << 10;
/// The longest time for an input. All inputs are small, but the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs a target on changed files of its format until time is up.
#[track_caller]
pub(crate) fn run(name: &str, target: fn(&[u8])) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let corpus = corpus(name);
    let seconds = setting("TACHI_FUZZ_SECONDS").unwrap_or(MOMENT);
    let seed = setting("TACHI_FUZZ_SEED").unwrap_or(1);
    let watch = Watch::start(name, seed);
    for original in &corpus {
        attempt(target, original.bytes());
    }
    let start = Instant::now();
    let (mut input, mut round) = (Vec::new(), 0);
    while start.elapsed().as_secs_f64() < seconds {
        watch.round(round);
        // Each round by itself, so that one can be looked at again.
        let mut chance = Chance(seed ^ (round << 20));
        let original = &corpus[chance.below(corpus.len())];
        let other = &corpus[chance.below(corpus.len())];
        original.changed(other, &mut chance, &mut input);
        let tried = catch_unwind(AssertUnwindSafe(|| attempt(target, &input)));
        if let Err(panic) = tried {
            let kept = std::env::temp_dir().join(format!("tachi-fuzz-{name}-{seed}-{round}"));
            std::fs::write(&kept, &input).unwrap();
            eprintln!("{name}: seed {seed}, round {round}; the input is {}", kept.display());
            std::panic::resume_unwind(panic);
        }
        round += 1;
    }
    println!("{name}: {round} inputs in {:.0} s, seed {seed}", start.elapsed().as_secs_f64());
}

/// Runs a target on one input and looks at the memory it took.
fn attempt(target: fn(&[u8]), input: &[u8]) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    target(input);
    let taken = MEMORY.peak_usage().saturating_sub(before);
    let limit = 4 * input.len() + SPARE;
    assert!(taken <= limit, "{taken} bytes of memory for an input of {}", input.len());
}

/// The files whose names begin with the target's; all of them for targets of no one format.
fn corpus(name: &str) -> Vec<Original> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.collect();
    files.sort();
    let is_own = |file: &PathBuf| {
        file.file_name().unwrap().to_string_lossy().split('-').next() == Some(name)
    };
    if files.iter().any(is_own) {
        files.retain(is_own);
    }
    files.iter().map(|file| Original::new(std::fs::read(file).unwrap())).collect()
}

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// Ends the process if one input takes too long: a hang cannot be ended otherwise.
struct Watch(Arc<AtomicU64>);

impl Watch {
    fn start(name: &str, seed: u64) -> Self {
        let round = Arc::new(AtomicU64::new(0));
        let (weak, name) = (Arc::downgrade(&round), name.to_owned());
        std::thread::spawn(move || {
            let (mut last, mut since) = (0, Instant::now());
            while let Some(round) = weak.upgrade().map(|round| round.load(Ordering::Relaxed)) {
                if round != last {
                    (last, since) = (round, Instant::now());
                }
                if since.elapsed() > PATIENCE {
                    eprintln!("{name}: seed {seed}, round {round} does not end");
                    std::process::abort();
                }
                std::thread::park_timeout(Duration::from_millis(100));
            }
        });
        Self(round)
    }

    fn round(&self, round: u64) {
        self.0.store(round, Ordering::Relaxed);
    }
}
