//! What people read while a run goes on: each event as lines that stay, and as what the live
//! line of a terminal shows. Colours are ANSI escapes; whoever prints takes them away where
//! they are not wanted.

use std::collections::BTreeMap;

use tachi_schema::event::{Envelope, Event, Outcome};
use tachi_schema::finding::Severity;
use tachi_schema::manifest::{Content, File};
use tachi_schema::plan::ActionKind;
use tachi_schema::rebuild::Comparison;
use tachi_schema::test::TestCase;

use crate::words;

const GREEN: &str = "\u{1b}[1;32m";
const CYAN: &str = "\u{1b}[1;36m";
const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const RESET: &str = "\u{1b}[0m";

/// What the reader wants to see.
#[expect(clippy::struct_excessive_bools, reason = "each is a yes or no of its own")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// There is a live line; without one, long compilations tell of their progress in lines.
    pub live: bool,
    /// Cargo's status lines and notes of verification, too.
    pub verbose: bool,
    /// Only what the compiler and verification have to say, warnings and errors.
    pub quiet: bool,
    /// Findings on one line each.
    pub short: bool,
}

/// Something to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A line that stays, or several. It ends without a line feed.
    Line(String),
    /// The live line appears or changes: a verb in cargo's manner, and what follows it.
    Live {
        /// In twelve columns, coloured.
        verb: String,
        /// What follows.
        text: String,
    },
    /// The live line goes.
    NoLive,
}

/// The fold: shown one event after the other, it says what there is to show.
#[derive(Debug, Default)]
pub struct Lines {
    style: Style,
    /// What cargo was called for, by step.
    compilations: BTreeMap<String, String>,
    /// Whether cargo compiles something for the step that is under way.
    compiles: bool,
    /// The last tenth of a step that a line told of.
    tenth: u64,
    finished: Vec<(String, File, bool)>,
    shown: Vec<Shown>,
}

impl Lines {
    /// For a reader who wants to see `style`.
    pub fn new(style: Style) -> Self {
        Self { style, ..Self::default() }
    }

    /// What there is to show of an event.
    pub fn see(&mut self, envelope: Envelope) -> Vec<Shown> {
        let step = envelope.step.map(|step| step.to_string()).unwrap_or_default();
        match envelope.event {
            Event::StepStarted { action: ActionKind::Compile, subject, .. } => {
                self.cargo_started(step, subject);
            }
            Event::Compiling => self.compiles(&step),
            Event::Progress { done, total, active, seconds, remaining } => {
                let left = remaining.filter(|_| done > 5);
                self.progress(done, total, &active, seconds, left);
            }
            Event::StepFinished { outcome, seconds } => {
                self.step_finished(&step, outcome, seconds);
            }
            Event::Finished { path, file, fresh } => self.finished.push((path, file, fresh)),
            Event::PlanChanged { reason, plan } => {
                // The new plan does all of it again.
                self.finished.clear();
                self.saying(Event::PlanChanged { reason, plan });
            }
            Event::Ended { success: true, seconds, .. } => self.done(seconds),
            event => self.saying(event),
        }
        std::mem::take(&mut self.shown)
    }

    /// Events that are lines and nothing else.
    fn saying(&mut self, event: Event) {
        match event {
            Event::Note { message } => self.say(YELLOW, "Note", &message),
            Event::Notice { message } => self.say(CYAN, "Kit", &message),
            Event::Warning { message } | Event::PlanChanged { reason: message, .. } => {
                self.essential(format!("{YELLOW}warning{RESET}: {message}"));
            }
            Event::Remedy { cause, remedy } => {
                self.essential(format!("{CYAN}help{RESET}: {cause}\n  = {remedy}"));
            }
            Event::Diagnostic { rendered, .. } => {
                self.essential(rendered.strip_suffix('\n').unwrap_or(&rendered).to_owned());
            }
            Event::Output { line, status: false } => self.essential(line),
            Event::Output { line, status: true } if self.style.verbose => self.line(line),
            Event::StepStarted { action: ActionKind::Test, subject, .. } => {
                self.say(CYAN, "Testing", &subject);
            }
            Event::Test(case) if case.outcome.is_failure() => {
                let TestCase { executable, name, target, .. } = case;
                self.say(RED, "Failed", &format!("{executable} {name} ({target})"));
            }
            Event::Finding { path, finding, .. }
                if finding.severity != Severity::Note || self.style.verbose =>
            {
                self.essential(words::finding(&path, &finding, self.style.short));
            }
            Event::Ran { path, args, runner, .. } => {
                self.say(GREEN, "Ran", &format!("{path} {} by {runner}", args.join(" ")));
            }
            Event::Verified { path, passed: true, .. } => self.say(GREEN, "Verified", &path),
            Event::Verified { path, passed: false, .. } => self.say(RED, "Failed", &path),
            Event::RebuildStarted { folder, varied, kept } => {
                for line in words::conditions(&varied, &kept) {
                    self.say(CYAN, "", &line);
                }
                self.say(CYAN, "Rebuilding", &format!("in {folder}"));
            }
            Event::Compared { path, comparison, differences, second, report } => {
                let (color, verb) = match comparison {
                    Comparison::Identical => (GREEN, "Identical"),
                    Comparison::Missing => (RED, "Missing"),
                    _ => (RED, "Different"),
                };
                self.say(color, verb, &path);
                for line in words::differences(&differences, second, report) {
                    self.essential(line);
                }
            }
            Event::Sccache { hits, misses, not_cacheable } => {
                let text = format!("{hits} hits, {misses} misses, {not_cacheable} not cacheable");
                self.say(GREEN, "Sccache", &text);
            }
            // What has no words here, and what later versions tell of.
            _ => {}
        }
    }

    /// Cargo has been called. It may still find that all is compiled.
    fn cargo_started(&mut self, step: String, subject: String) {
        self.live("Checking", subject.clone());
        self.tenth = 0;
        self.compiles = false;
        self.compilations.insert(step, subject);
    }

    /// Cargo compiles something.
    fn compiles(&mut self, step: &str) {
        let Some(subject) = self.compilations.get(step).cloned() else { return };
        self.compiles = true;
        if self.style.live {
            self.live("Compiling", subject);
        } else {
            self.say(CYAN, "Compiling", &subject);
        }
    }

    fn progress(
        &mut self,
        done: u64,
        total: Option<u64>,
        active: &[String],
        seconds: f64,
        left: Option<f64>,
    ) {
        let total_text = total.map(|total| format!("/{total}")).unwrap_or_default();
        let left = left.map(|left| format!(", about {} left", words::duration(left)));
        let left = left.unwrap_or_default();
        if self.style.live {
            let verb = if self.compiles { "Compiling" } else { "Checking" };
            self.live(verb, format!("{done}{total_text} units{left}: {}", active.join(", ")));
        } else if let Some(total @ 1..) = total {
            let tenth = done * 10 / total;
            if self.compiles && tenth > self.tenth && tenth < 10 {
                self.tenth = tenth;
                let seconds = words::duration(seconds);
                self.say(CYAN, "", &format!("{done}{total_text} units, {seconds}{left}"));
            }
        }
    }

    fn step_finished(&mut self, step: &str, outcome: Outcome, seconds: f64) {
        let Some(subject) = self.compilations.remove(step) else { return };
        if self.style.live && !self.style.quiet {
            self.shown.push(Shown::NoLive);
        }
        match outcome {
            Outcome::Done => {
                self.say(GREEN, "Compiled", &format!("{subject} in {}", words::duration(seconds)));
            }
            Outcome::Fresh => self.say(GREEN, "Fresh", &subject),
            _ => {}
        }
    }

    /// The run is a success: what it made, and how long it took.
    fn done(&mut self, seconds: f64) {
        let finished = std::mem::take(&mut self.finished);
        let is_archive = |file: &File| matches!(file.content, Content::Archive { .. });
        let archives = finished.iter().any(|(_, file, _)| is_archive(file));
        for (path, file, fresh) in &finished {
            // The archives hold the other files; one list is enough.
            if !archives || is_archive(file) {
                let verb = if *fresh { "Unchanged" } else { "Finished" };
                self.say(GREEN, verb, &words::file(path, file));
            }
        }
        self.say(GREEN, "Done", &format!("in {}", words::duration(seconds)));
    }

    fn live(&mut self, verb: &str, text: String) {
        if self.style.live && !self.style.quiet {
            self.shown.push(Shown::Live { verb: format!("{CYAN}{verb:>12}{RESET}"), text });
        }
    }

    /// A line in cargo's manner: a verb in twelve columns, then text.
    fn say(&mut self, color: &str, verb: &str, text: &str) {
        self.line(format!("{color}{verb:>12}{RESET} {text}"));
    }

    fn line(&mut self, text: String) {
        if !self.style.quiet {
            self.essential(text);
        }
    }

    /// What is shown to those who want quiet, too.
    fn essential(&mut self, text: String) {
        self.shown.push(Shown::Line(text));
    }
}
