//! Judges a program by its exit status and its output. Pure.

use tachi_schema::finding::{Finding, Severity};
use tachi_schema::plan::SmokeCall;

use crate::rule;
use crate::sys::run::Exit;
use crate::verify::policy::Pattern;

/// How many lines of a program's output a finding shows.
const LINES: usize = 5;

/// Exit codes with which loaders, shells and emulators say that a program could not be
/// started: 126 and 127 of the shell and ld.so, 255 of qemu, 53 of wine.
const NOT_STARTED: [i32; 3] = [126, 127, 53];

/// From here on, Windows' exit codes are those of crashes (`STATUS_…`): 0xC0000000.
const WINDOWS_CRASH: u32 = 0xC000_0000;

/// The finding about an exit status and an output.
pub(super) fn judge(call: &SmokeCall, exit: &Exit, said: &str) -> Option<Finding> {
    let shown = format!("`{}`", call.args.join(" "));
    let last = last_lines(said);
    if exit.timed_out {
        let after = call.timeout;
        let finding = rule::SMOKE_TIMEOUT
            .finding(format!("called with {shown}, it did not end within {after} s{last}"));
        // The program may not know `--version`.
        let severity = if call.exit_code.is_some() { finding.severity } else { Severity::Warning };
        return Some(Finding { severity, ..finding });
    }
    let failed = |what: String| {
        Some(rule::SMOKE_FAILED.finding(format!("called with {shown}, it {what}{last}")))
    };
    match (exit.code, call.exit_code) {
        (None, _) => return failed(format!("crashed ({})", exit.status)),
        (Some(code), None) if has_crashed(code) => {
            return failed(format!("did not start or crashed ({})", exit.status));
        }
        (Some(code), Some(expected)) if code != expected => {
            return failed(format!("ended with exit code {code}, and {expected} is expected"));
        }
        _ => {}
    }
    let expected = call.output.as_ref()?;
    (!Pattern::new(expected).is_in(said)).then(|| {
        rule::SMOKE_FAILED
            .finding(format!("called with {shown}, it did not say `{expected}`{last}"))
    })
}

fn has_crashed(code: i32) -> bool {
    // 128 and the number of a signal, as shells and qemu report it.
    NOT_STARTED.contains(&code)
        || (129..=159).contains(&code)
        || code.cast_unsigned() >= WINDOWS_CRASH
}

fn last_lines(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    let last = &lines[lines.len().saturating_sub(LINES)..];
    last.iter().fold(String::new(), |text, line| text + "\n  | " + line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(exit_code: Option<i32>, output: Option<&str>) -> SmokeCall {
        SmokeCall {
            file: "tool".into(),
            args: vec!["--version".into()],
            exit_code,
            output: output.map(str::to_owned),
            timeout: 5,
        }
    }

    #[test]
    fn status_and_output_are_compared_with_what_is_expected() {
        let expected = Some(0);
        for (exit_code, output, code, said, found) in [
            (None, None, Some(0), "", None),
            // Not every program knows --version.
            (None, None, Some(2), "unknown option", None),
            (None, None, Some(127), "libssl.so.3: not found", Some("TV034")),
            (None, None, Some(139), "", Some("TV034")),
            (None, None, Some(0xC000_0135_u32.cast_signed()), "", Some("TV034")),
            (None, None, None, "", Some("TV034")),
            (expected, None, Some(0), "", None),
            (expected, None, Some(1), "", Some("TV034")),
            (Some(3), None, Some(3), "", None),
            (expected, Some("tool 1.*"), Some(0), "tool 1.2\n", None),
            (expected, Some("tool 2.*"), Some(0), "tool 1.2\n", Some("TV034")),
        ] {
            let exit = Exit { code, status: String::new(), timed_out: false };
            let finding = judge(&call(exit_code, output), &exit, said);
            assert_eq!(
                finding.map(|one| one.code).as_deref(),
                found,
                "{exit_code:?} {output:?} {code:?}"
            );
        }
    }

    #[test]
    fn a_timeout_is_a_warning_for_version_and_an_error_for_configured_calls() {
        let exit = Exit { code: None, status: String::new(), timed_out: true };
        for (exit_code, severity) in [(None, Severity::Warning), (Some(0), Severity::Error)] {
            let finding = judge(&call(exit_code, None), &exit, "one\ntwo").unwrap();
            assert_eq!((finding.code.as_str(), finding.severity), ("TV035", severity));
            assert!(
                finding.message.ends_with("within 5 s\n  | one\n  | two"),
                "{}",
                finding.message
            );
        }
    }
}
