//! Recorded streams through every report. The streams in `streams/` are what
//! `cargo tachi dist` and `cargo tachi test` printed with `--message-format json` for a package of
//! one program: a release for four targets, one that a policy refuses, and tests of which one
//! fails. Its folder is called `/w` in them.

use std::path::Path;

use tachi_report::lines::{Lines, Shown, Style};
use tachi_report::outcome::{Collector, Report};
use tachi_report::sarif::{Findings, Rule};
use tachi_report::{junit, read, table};
use tachi_schema::event::{Envelope, Event};
use tachi_schema::finding::Severity;
use tachi_schema::plan::StepId;

const DIST: &str = include_str!("streams/dist.jsonl");
const REFUSED: &str = include_str!("streams/refused.jsonl");
const TEST: &str = include_str!("streams/test.jsonl");

fn replay(stream: &str) -> Vec<Envelope> {
    read::envelopes(stream.as_bytes()).collect::<Result<_, _>>().unwrap()
}

/// What a reader sees of a stream, without colours. Each state of the live line is a line.
fn lines(stream: &str, style: Style) -> String {
    let mut fold = Lines::new(style);
    let shown = replay(stream).into_iter().flat_map(|envelope| fold.see(envelope));
    let text: String = shown
        .map(|one| match one {
            Shown::Line(text) => format!("{text}\n"),
            Shown::Live { verb, text } => format!("~ {verb} {text}\n"),
            Shown::NoLive => "~\n".to_owned(),
        })
        .collect();
    anstream::adapter::strip_str(&text).to_string()
}

fn tests() -> Report {
    let mut collector = Collector::default();
    for envelope in replay(TEST) {
        collector.see(&envelope.event);
    }
    collector.finish()
}

#[test]
fn every_stream_starts_with_its_plan_and_ends_with_its_code() {
    for (stream, expected) in [(DIST, 0), (REFUSED, 4), (TEST, 101)] {
        let events = replay(stream);
        assert!(events.iter().zip(0..).all(|(one, seq)| one.seq == seq));
        assert!(!events.iter().any(|one| one.event == Event::Unknown), "{stream}");
        let Event::Started { plan: Some(plan), .. } = &events[0].event else { panic!("{stream}") };
        let is_planned = |id: &StepId| plan.steps.iter().any(|step| step.id == *id);
        assert!(events.iter().filter_map(|one| one.step.as_ref()).all(is_planned));
        let Some(Event::Ended { code, .. }) = events.last().map(|one| &one.event) else {
            panic!("{stream}")
        };
        assert_eq!(*code, expected);
    }
}

#[test]
fn people_read_what_was_made_and_what_is_wrong() {
    insta::assert_snapshot!("dist", lines(DIST, Style::default()));
    insta::assert_snapshot!("refused", lines(REFUSED, Style::default()));
    insta::assert_snapshot!("test", lines(TEST, Style::default()));
}

#[test]
fn a_terminal_has_a_live_line_as_long_as_cargo_runs() {
    let live = Style { live: true, ..Style::default() };
    let text = lines(DIST, live);
    insta::assert_snapshot!("dist_live", text);
    let shown: Vec<_> = text.lines().filter(|line| line.starts_with('~')).collect();
    assert_eq!(shown.last(), Some(&"~"), "it goes");
}

#[test]
fn quiet_leaves_what_the_compiler_and_verification_say() {
    let quiet = Style { quiet: true, live: true, short: true, ..Style::default() };
    assert_eq!(lines(DIST, quiet), "");
    insta::assert_snapshot!("refused_quiet", lines(REFUSED, quiet));
}

#[test]
fn tests_are_a_table_for_people_and_junit_for_ci() {
    let report = tests();
    assert!(!report.success());
    let text = anstream::adapter::strip_str(&table::show(&report)).to_string();
    insta::assert_snapshot!("table", text);
    insta::assert_snapshot!("junit", junit::to_xml(&report));
}

#[test]
fn findings_are_sarif() {
    let mut findings = Findings::default();
    for envelope in replay(REFUSED) {
        findings.see(&envelope.event);
    }
    let rule = Rule {
        code: "TV031".into(),
        name: "no-dependency-list".into(),
        summary: "It has a list of its crates.".into(),
        remedy: "Build it with `cargo auditable`.".into(),
        page: "docs/findings/TV031.md".into(),
        severity: Severity::Note,
    };
    let text = findings.to_json(&[rule], Path::new("/w"));
    let version = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");
    insta::assert_snapshot!("sarif", text.replace(version, "\"[version]\""));
}
