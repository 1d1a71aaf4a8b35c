//! Events: one thing that happened during a run. `--message-format json` streams them,
//! one JSON object a line.

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::manifest;
use crate::plan::{ActionKind, Artifact};
use crate::rebuild::{Comparison, Difference, Kept, Variation};
use crate::test::{TestCase, TestSummary};

/// The format version that [`Event::Started`] carries.
pub const FORMAT: u32 = 1;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The plan is made and its first step is about to run.
    Started {
        /// The version of this format: [`FORMAT`].
        format: u32,
        /// The number of steps.
        steps: usize,
        /// The triples.
        targets: Vec<String>,
    },
    /// A step has begun.
    StepStarted {
        /// Its id in the plan.
        step: String,
        /// The kind of work.
        action: ActionKind,
        /// What it does it to, for people: `2 files for aarch64-apple-darwin`.
        subject: String,
        /// Both in one sentence, for people: `compile 2 files for aarch64-apple-darwin`.
        title: String,
    },
    /// A step has ended.
    StepFinished {
        /// Its id in the plan.
        step: String,
        /// How it ended.
        outcome: Outcome,
        /// How long it took, in seconds.
        seconds: f64,
    },
    /// How far a compilation is.
    Progress {
        /// The step's id in the plan.
        step: String,
        /// Units that are done.
        done: u64,
        /// Units in all, once cargo has said so.
        total: Option<u64>,
        /// The crates being compiled.
        active: Vec<String>,
        /// Time since the step began, in seconds.
        seconds: f64,
        /// An estimate of the time left, in seconds.
        remaining: Option<f64>,
    },
    /// A message of the compiler, unchanged.
    Diagnostic {
        /// The cargo package it is about.
        package: String,
        /// `error`, `warning`, …
        level: String,
        /// As the compiler rendered it, with its colours if there are any.
        rendered: String,
    },
    /// What the messages before it mean, and what to do: where they are about symbols and
    /// files, but the reason is a library, a setting or a disk.
    Remedy {
        /// What is wrong.
        cause: String,
        /// What to do about it.
        remedy: String,
    },
    /// A line of a program that Tachi ran, unchanged.
    Output {
        /// The step's id in the plan.
        step: String,
        /// A status line ("Compiling foo v1.0.0"), of interest in verbose mode only.
        status: bool,
        /// The line.
        line: String,
    },
    /// Something is being fetched or built that later runs will find: what and why.
    Notice {
        /// The sentence.
        message: String,
    },
    /// Something the user should look at, though the run goes on.
    Warning {
        /// The sentence.
        message: String,
    },
    /// Verification has something to say about a file.
    Finding {
        /// The file, absolute or as the user named it; in an archive, its name there follows
        /// after `!`.
        path: String,
        /// The rustc triple it is for, as far as that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        target: Option<String>,
        /// What.
        #[serde(flatten)]
        finding: Finding,
    },
    /// A finished program has been run and did what was expected.
    Ran {
        /// The program, absolute.
        path: String,
        /// Its arguments.
        args: Vec<String>,
        /// The rustc triple it is for.
        target: String,
        /// What ran it.
        runner: String,
    },
    /// A file has been verified.
    Verified {
        /// The file, as in [`Event::Finding`].
        path: String,
        /// The rustc triple it is for, as far as that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        target: Option<String>,
        /// None of its findings is an error.
        passed: bool,
    },
    /// The same sources are about to be built again, under other conditions.
    RebuildStarted {
        /// Where.
        folder: String,
        /// What is another than in the first build.
        varied: Vec<Variation>,
        /// What could not be varied.
        kept: Vec<Kept>,
    },
    /// A file of both builds has been compared.
    Compared {
        /// The first build's file, absolute.
        path: String,
        /// What comparing it gave.
        comparison: Comparison,
        /// Where it differs, the best known causes first; not all of many places.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        differences: Vec<Difference>,
        /// The second build's file, kept where it differs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second: Option<String>,
        /// What diffoscope says of it, where that is installed: a text file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<String>,
    },
    /// A finished file is in its place.
    Finished {
        /// The file, absolute.
        path: String,
        /// What it is.
        file: manifest::File,
        /// Nothing had to be done for it.
        fresh: bool,
    },
    /// A test executable is compiled.
    TestExecutable {
        /// What it is.
        #[serde(flatten)]
        artifact: Artifact,
        /// Where cargo put it, absolute.
        path: String,
        /// Nothing had to be compiled for it.
        fresh: bool,
    },
    /// A test has ended.
    Test(TestCase),
    /// The tests of one target have ended, or are not run.
    Tests(TestSummary),
    /// What the compiler cache did.
    Sccache {
        /// Compilations answered from the cache.
        hits: u64,
        /// Compilations that had to run.
        misses: u64,
        /// Calls that sccache passes through.
        not_cacheable: u64,
    },
    /// The run has ended.
    Ended {
        /// All steps are done.
        success: bool,
        /// How long it took, in seconds.
        seconds: f64,
    },
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It did its work.
    Done,
    /// All it would make was there already.
    Fresh,
    /// It failed; the run ends with its error.
    Failed,
}
