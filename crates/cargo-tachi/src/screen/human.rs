//! The screen for people: on a terminal one live line below what has been said, elsewhere
//! plain lines. Standard error, as cargo has it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tachi_schema::event::{Envelope, Event, Outcome};
use tachi_schema::finding::Severity;
use tachi_schema::manifest::{Content, File};
use tachi_schema::plan::ActionKind;
use tachi_schema::rebuild::Comparison;
use tachi_schema::test::TestCase;

use super::words;
use crate::terminal::{self, Terminal};

const GREEN: &str = "\u{1b}[1;32m";
const CYAN: &str = "\u{1b}[1;36m";
const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const RESET: &str = "\u{1b}[0m";

/// The screen.
pub(crate) struct Screen {
    terminal: Terminal,
    live: ProgressBar,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What cargo was called for, by step.
    compilations: BTreeMap<String, String>,
    finished: Vec<(String, File, bool)>,
    /// Whether cargo compiles something for the step that is under way.
    compiles: bool,
    /// The last tenth of a step that a plain line told of.
    tenth: u64,
}

impl Screen {
    /// A screen for one run.
    pub(crate) fn new(terminal: Terminal) -> Self {
        let live = if terminal.live && !terminal.quiet {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10))
        } else {
            ProgressBar::hidden()
        };
        Self { terminal, live, state: Mutex::default() }
    }

    /// Shows one event.
    pub(crate) fn show(&self, envelope: Envelope) {
        let Envelope { step, event, .. } = envelope;
        let step = step.unwrap_or_default();
        match event {
            Event::Note { message } => self.say(YELLOW, "Note", &message),
            Event::PlanChanged { reason, .. } => {
                self.line(&format!("{YELLOW}warning{RESET}: {reason}"), true);
            }
            Event::StepStarted { action: ActionKind::Compile, subject, .. } => {
                self.cargo_started(step, subject);
            }
            Event::Compiling => self.compiles(&step),
            Event::StepStarted { action: ActionKind::Test, subject, .. } => {
                self.say(CYAN, "Testing", &subject);
            }
            Event::Test(case) if case.outcome.is_failure() => {
                let TestCase { executable, name, target, .. } = case;
                self.say(RED, "Failed", &format!("{executable} {name} ({target})"));
            }
            Event::StepFinished { outcome, seconds } => {
                self.step_finished(&step, outcome, seconds);
            }
            Event::Progress { done, total, active, seconds, remaining, .. } => {
                self.progress(done, total, &active, seconds, remaining);
            }
            Event::Diagnostic { rendered, .. } => {
                self.line(rendered.strip_suffix('\n').unwrap_or(&rendered), true);
            }
            Event::Output { status: true, line } => {
                if self.terminal.verbose {
                    self.line(&line, false);
                }
            }
            Event::Output { line, status: false } => self.line(&line, true),
            Event::Notice { message } => self.say(CYAN, "Kit", &message),
            Event::Remedy { cause, remedy } => {
                self.line(&format!("{CYAN}help{RESET}: {cause}\n  = {remedy}"), true);
            }
            Event::Warning { message } => {
                self.line(&format!("{YELLOW}warning{RESET}: {message}"), true);
            }
            Event::Finding { finding, .. }
                if finding.severity == Severity::Note && !self.terminal.verbose => {}
            Event::Finding { path, finding, .. } => {
                self.line(&words::finding(&path, &finding, self.terminal.short), true);
            }
            Event::Ran { path, args, runner, .. } => {
                self.say(GREEN, "Ran", &format!("{path} {} by {runner}", args.join(" ")));
            }
            Event::Verified { path, passed: true, .. } => self.say(GREEN, "Verified", &path),
            Event::Verified { path, passed: false, .. } => self.say(RED, "Refused", &path),
            Event::RebuildStarted { folder, varied, kept } => {
                for line in words::conditions(&varied, &kept) {
                    self.say(CYAN, "", &line);
                }
                self.say(CYAN, "Rebuilding", &format!("in {folder}"));
            }
            Event::Compared { path, comparison, differences, second, report } => {
                let (color, verb) = match comparison {
                    Comparison::Identical => (GREEN, "Identical"),
                    Comparison::Different => (RED, "Different"),
                    Comparison::Missing => (RED, "Missing"),
                };
                self.say(color, verb, &path);
                for line in words::differences(&differences, second, report) {
                    self.line(&line, true);
                }
            }
            Event::Finished { path, file, fresh } => {
                self.state().finished.push((path, file, fresh));
            }
            Event::Sccache { hits, misses, not_cacheable } => {
                let text = format!("{hits} hits, {misses} misses, {not_cacheable} not cacheable");
                self.say(GREEN, "Sccache", &text);
            }
            Event::Ended { success, seconds, .. } => self.ended(success, seconds),
            // What has no words here, and events of later versions.
            _ => {}
        }
    }

    /// Takes the live line away.
    pub(crate) fn close(&self) {
        self.live.finish_and_clear();
    }

    /// Cargo has been called. So far it may find that all is compiled.
    fn cargo_started(&self, step: String, subject: String) {
        self.live.set_style(style("{prefix} {elapsed:>4} {wide_msg}"));
        self.live.set_prefix(format!("{CYAN}{:>12}{RESET}", "Checking"));
        self.live.set_message(subject.clone());
        self.live.reset_elapsed();
        // The time goes on while the last links take theirs and cargo says nothing.
        self.live.enable_steady_tick(Duration::from_millis(250));
        let mut state = self.state();
        state.tenth = 0;
        state.compiles = false;
        state.compilations.insert(step, subject);
    }

    /// Cargo compiles something.
    fn compiles(&self, step: &str) {
        let mut state = self.state();
        let Some(subject) = state.compilations.get(step).cloned() else { return };
        state.compiles = true;
        drop(state);
        if !self.terminal.live {
            self.say(CYAN, "Compiling", &subject);
        }
        self.live.set_prefix(format!("{CYAN}{:>12}{RESET}", "Compiling"));
    }

    fn step_finished(&self, step: &str, outcome: Outcome, seconds: f64) {
        let Some(subject) = self.state().compilations.remove(step) else { return };
        self.live.disable_steady_tick();
        self.live.set_style(style(""));
        match outcome {
            Outcome::Done => {
                self.say(GREEN, "Compiled", &format!("{subject} in {}", words::duration(seconds)));
            }
            Outcome::Fresh => self.say(GREEN, "Fresh", &subject),
            _ => {}
        }
    }

    fn progress(
        &self,
        done: u64,
        total: Option<u64>,
        active: &[String],
        seconds: f64,
        remaining: Option<f64>,
    ) {
        let total_text = total.map(|total| format!("/{total}")).unwrap_or_default();
        let left = remaining.filter(|_| done > 5);
        let left = left.map(|left| format!(", about {} left", words::duration(left)));
        let left = left.unwrap_or_default();
        if self.terminal.live {
            let names = active.join(", ");
            self.live.set_message(format!("{done}{total_text} units{left}: {names}"));
        } else if let Some(total @ 1..) = total {
            let tenth = done * 10 / total;
            let mut state = self.state();
            if state.compiles && tenth > state.tenth && tenth < 10 {
                state.tenth = tenth;
                drop(state);
                let seconds = words::duration(seconds);
                self.say(CYAN, "", &format!("{done}{total_text} units, {seconds}{left}"));
            }
        }
    }

    fn ended(&self, success: bool, seconds: f64) {
        if !success {
            return;
        }
        let finished = std::mem::take(&mut self.state().finished);
        let archives =
            finished.iter().any(|(_, file, _)| matches!(file.content, Content::Archive { .. }));
        for (path, file, fresh) in &finished {
            // The archives hold the other files; one list is enough.
            if archives && !matches!(file.content, Content::Archive { .. }) {
                continue;
            }
            self.say(GREEN, if *fresh { "Unchanged" } else { "Finished" }, &describe(path, file));
        }
        self.say(GREEN, "Done", &format!("in {}", words::duration(seconds)));
    }

    /// A line in cargo's manner: a verb in twelve columns, then text.
    fn say(&self, color: &str, verb: &str, text: &str) {
        self.line(&format!("{color}{verb:>12}{RESET} {text}"), false);
    }

    fn line(&self, line: &str, even_quiet: bool) {
        if !self.terminal.quiet || even_quiet {
            self.live.suspend(|| terminal::say(line));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("a constant template")
}

fn describe(path: &str, file: &File) -> String {
    let mut text = format!("{path} ({}", words::size(file.size));
    if let Content::Binary { glibc: Some(glibc), .. } = &file.content {
        text.push_str(", glibc ≥ ");
        text.push_str(glibc);
    }
    text.push(')');
    text
}
