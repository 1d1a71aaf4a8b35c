//! Events: one thing that happened during a run. `--message-format json` streams them,
//! one JSON object a line.
//!
//! Each line is an [`Envelope`]: its number, the time, the step it is about, and the [`Event`].
//! The first is [`Event::Started`] with the whole plan, the last is [`Event::Ended`] with the exit
//! code, however the run ends. So a recorded stream says all that a screen or a report needs.

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::manifest;
use crate::plan::{ActionKind, Artifact, Plan, StepId};
use crate::rebuild::{Comparison, Difference, Kept, Variation};
use crate::test::{TestCase, TestSummary};

/// The format version that [`Event::Started`] carries.
pub const FORMAT: u32 = 2;

/// An event with its place in the stream.
///
/// In JSON the event's own fields stand beside those of the envelope:
/// `{"seq":7,"at":1.25,"step":"compile:1","event":"notice","message":"…"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Envelope {
    /// The number of the event in its stream: 0, 1, 2, … without gaps.
    pub seq: u64,
    /// Time since the stream began, in seconds. It never goes back.
    pub at: f64,
    /// The id of the step in the plan that the event is about; absent for what is about the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

impl Envelope {
    /// An event with its place in the stream.
    pub fn new(seq: u64, at: f64, step: Option<StepId>, event: Event) -> Self {
        Self { seq, at, step, event }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// The run begins. Always the first event, and there is one in a stream.
    Started {
        /// The version of this format: [`FORMAT`].
        format: u32,
        /// The version of Tachi that runs.
        tachi: String,
        /// What will be done; where a release is verified, what makes it. Absent where files are
        /// verified, for which there is no plan.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<Box<Plan>>,
    },
    /// The rest of the run follows another plan than the one that was announced. Steps that
    /// both have are done again, as far as there is something to do.
    PlanChanged {
        /// What will be done instead.
        plan: Box<Plan>,
        /// Why.
        reason: String,
    },
    /// A note of the plan: a setting that was adjusted, a limit to expect.
    Note {
        /// The sentence.
        message: String,
    },
    /// A step has begun.
    StepStarted {
        /// The kind of work.
        action: ActionKind,
        /// What the step works on, for people: `2 files for aarch64-apple-darwin`.
        subject: String,
        /// Work and subject in one sentence, for people: `compile 2 files for aarch64-apple-darwin`.
        title: String,
    },
    /// A step has ended.
    StepFinished {
        /// How it ended.
        outcome: Outcome,
        /// How long it took, in seconds.
        seconds: f64,
    },
    /// Cargo compiles something for this step. Absent where all was compiled before.
    Compiling,
    /// How far a compilation is.
    Progress {
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
        /// The name of the workspace's package it is about; for other packages cargo's id.
        package: String,
        /// The compiler's word for how bad it is: `error`, `warning`, …
        level: String,
        /// The text as the compiler rendered it, with its colours if there are any.
        rendered: String,
    },
    /// What the messages before it mean, and what to do: where they speak of symbols and
    /// files, but the reason is a library, a setting or a disk.
    Remedy {
        /// What is wrong.
        cause: String,
        /// What to do about it.
        remedy: String,
    },
    /// A line of a program that Tachi ran, unchanged.
    Output {
        /// Whether it is a status line ("Compiling foo v1.0.0"), of interest in verbose mode only.
        status: bool,
        /// The line, without its end.
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
        /// The rustc triple the file is for, as far as that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        target: Option<String>,
        /// The finding; its fields stand beside `path`.
        #[serde(flatten)]
        finding: Finding,
    },
    /// A finished program was run and did what was expected.
    Ran {
        /// The program, absolute.
        path: String,
        /// Its arguments.
        args: Vec<String>,
        /// The rustc triple it is for.
        target: String,
        /// What ran it, for people: `wine`, `this machine`.
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
    /// The same sources are about to be built a second time, under other conditions. The
    /// second build's events follow; the ids of its steps begin with `rebuild/`.
    RebuildStarted {
        /// The folder with the copy of the sources, absolute.
        folder: String,
        /// The conditions that differ from the first build's.
        varied: Vec<Variation>,
        /// The conditions that could not be varied.
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
        /// The second build's file, absolute, kept where it differs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second: Option<String>,
        /// The path of a text file with what diffoscope says, where that is installed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<String>,
    },
    /// A finished file is in its place.
    Finished {
        /// The file, absolute.
        path: String,
        /// The file as the manifest has it.
        file: manifest::File,
        /// Nothing had to be done for it.
        fresh: bool,
    },
    /// A test executable is compiled.
    TestExecutable {
        /// The executable; its fields stand beside `path`.
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
    /// What the compiler cache did during the run.
    Sccache {
        /// Compilations answered from the cache.
        hits: u64,
        /// Compilations that had to run.
        misses: u64,
        /// Calls that sccache passes through.
        not_cacheable: u64,
    },
    /// The run has ended. Always the last event, and there is one in a stream.
    Ended {
        /// Everything that was asked for is done: the code is 0.
        success: bool,
        /// The exit code: 0, or one of those that the documentation lists.
        code: u8,
        /// How long the run took, in seconds.
        seconds: f64,
    },
    /// An event that this version of the format does not know: a later Tachi wrote it.
    #[serde(other)]
    #[cfg_attr(feature = "json-schema", schemars(skip))]
    Unknown,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// It did its work.
    Done,
    /// All it would make was there already.
    Fresh,
    /// It failed: the run ends with its error, or goes on to the tests of other targets where
    /// tests failed. The run is then no success.
    Failed,
    /// An outcome that this version of the format does not know.
    #[serde(other)]
    #[cfg_attr(feature = "json-schema", schemars(skip))]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::manifest::Content;
    use crate::plan::{Action, Item, StdSource};
    use crate::test::TestOutcome;

    #[test]
    fn an_event_stands_on_one_line_with_its_envelope() {
        let event = Event::StepFinished { outcome: Outcome::Fresh, seconds: 0.5 };
        let envelope = Envelope::new(7, 1.25, Some(StepId::new(ActionKind::Compile, "1")), event);
        let line = serde_json::to_string(&envelope).unwrap();
        let expected = r#"{"seq":7,"at":1.25,"step":"compile:1","event":"step-finished","outcome":"fresh","seconds":0.5}"#;
        assert_eq!(line, expected);
        assert_eq!(serde_json::from_str::<Envelope>(&line).unwrap(), envelope);
    }

    /// A stream of a version that has more events, more fields everywhere, more actions, items,
    /// kinds of files, outcomes and severities.
    const LATER: &str = r#"
{"seq":0,"at":0.0,"event":"started","format":9,"tachi":"9.0.0","host":"h","plan":{"format":9,"tachi":"9.0.0","workspace_root":"/w","rustc":"2.0.0","profile":"dev","shards":2,"targets":[{"triple":"t","platform":"p","arch":"a","explicit":true,"kit":"k","kit_reason":"r","std":"prebuilt","std_reason":"s"}],"steps":[{"id":"upload:x","why":"w","action":"upload","to":["somewhere"],"inputs":[{"item":"receipt","of":"x"}]}]}}
{"seq":1,"at":0.1,"event":"weighed","grams":[1,2],"step":"weigh:1"}
{"seq":2,"at":0.1,"event":"notice","message":"m","why":{"a":1}}
{"seq":3,"at":0.1,"step":"upload:x","event":"step-started","action":"upload","subject":"s","title":"t"}
{"seq":4,"at":0.1,"step":"upload:x","event":"step-finished","outcome":"postponed","seconds":1}
{"seq":5,"at":0.2,"event":"finding","path":"f","code":"TV999","rule":"r","severity":"fatal","message":"m","remedy":"r","line":3}
{"seq":6,"at":0.2,"event":"test","target":"t","executable":"e","name":"n","outcome":"flaky","retries":2}
{"seq":7,"at":0.2,"event":"finished","path":"/w/f","fresh":false,"file":{"path":"f","size":1,"sha256":"0","target":"t","package":"p","version":"1","content":{"type":"installer","steps":3}}}
{"seq":8,"at":0.3,"event":"ended","success":true,"code":0,"seconds":0.3,"peak":1}
"#;

    #[test]
    fn a_stream_of_a_later_version_is_read_as_far_as_it_is_known() {
        let read = |line| serde_json::from_str::<Envelope>(line).map_err(|error| (line, error));
        let events = LATER.trim().lines().map(read).collect::<Result<Vec<_>, _>>().unwrap();
        let [started, weighed, notice, begun, finished, finding, test, file, ended] = &events[..]
        else {
            panic!("{events:?}")
        };
        let Event::Started { plan: Some(plan), .. } = &started.event else { panic!("{started:?}") };
        assert_eq!(plan.steps[0].action, Action::Unknown);
        assert_eq!(plan.steps[0].inputs, [Item::Unknown]);
        assert_eq!(plan.targets[0].std, StdSource::Unknown);
        assert_eq!(weighed.event, Event::Unknown);
        assert_eq!(weighed.step.as_ref().map(StepId::as_str), Some("weigh:1"));
        assert_eq!(notice.event, Event::Notice { message: "m".into() });
        assert!(matches!(begun.event, Event::StepStarted { action: ActionKind::Unknown, .. }));
        let outcome = Outcome::Unknown;
        assert_eq!(finished.event, Event::StepFinished { outcome, seconds: 1.0 });
        let Event::Finding { finding, .. } = &finding.event else { panic!("{finding:?}") };
        assert_eq!(finding.severity, Severity::Warning);
        let Event::Test(case) = &test.event else { panic!("{test:?}") };
        assert!(case.outcome == TestOutcome::Unknown && !case.outcome.is_failure());
        let Event::Finished { file, .. } = &file.event else { panic!("{file:?}") };
        assert_eq!(file.content, Content::Unknown);
        assert_eq!(ended.event, Event::Ended { success: true, code: 0, seconds: 0.3 });
    }
}
