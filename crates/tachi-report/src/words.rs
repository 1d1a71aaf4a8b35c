//! Numbers, files and findings in words.

use tachi_schema::finding::{Finding, Severity};
use tachi_schema::manifest::{Content, File};
use tachi_schema::rebuild::{Difference, Kept, Variation};

/// A number of bytes as text, in binary units and to about three digits: `981 KiB`, `13.5 MiB`.
#[expect(clippy::cast_precision_loss, reason = "for people, to one decimal")]
pub fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if value < 1024.0 || unit == "GiB" {
            let decimals = usize::from(unit != "B" && value < 100.0);
            return format!("{value:.decimals$} {unit}");
        }
        value /= 1024.0;
    }
    unreachable!("the last unit returns")
}

/// A number of seconds as text: `0.4s`, `41s`, `3m 05s`, `1h 02m`.
pub fn duration(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "durations are small and positive"
    )]
    let whole = seconds.round() as u64;
    match whole {
        0..10 => format!("{seconds:.1}s"),
        10..60 => format!("{whole}s"),
        60..3600 => format!("{}m {:02}s", whole / 60, whole % 60),
        _ => format!("{}h {:02}m", whole / 3600, whole % 3600 / 60),
    }
}

/// A finding in the form of rustc's diagnostics: on several lines, or on one if `short`.
pub fn finding(path: &str, finding: &Finding, short: bool) -> String {
    let color = match finding.severity {
        Severity::Note => "\u{1b}[1;32m",
        Severity::Error => "\u{1b}[1;31m",
        _ => "\u{1b}[1;33m",
    };
    let Finding { code, rule, severity, message, remedy } = finding;
    if short {
        return format!("{path}: {severity}[{code}]: {message}");
    }
    format!(
        "{color}{severity}[{code}]\u{1b}[0m: {message}\n  --> {path}\n  help: {remedy}\n  rule: {rule}"
    )
}

/// A finished file: `/w/target/tachi/release/x/app (13.5 MiB, glibc ≥ 2.17)`.
pub fn file(path: &str, file: &File) -> String {
    let size = size(file.size);
    match &file.content {
        Content::Binary { glibc: Some(glibc), .. } => format!("{path} ({size}, glibc ≥ {glibc})"),
        _ => format!("{path} ({size})"),
    }
}

/// The conditions that differ in a second build, and those that do not.
pub fn conditions(varied: &[Variation], kept: &[Kept]) -> Vec<String> {
    let mut lines: Vec<String> =
        varied.iter().map(|one| format!("{}: {} → {}", one.what, one.first, one.second)).collect();
    lines.extend(kept.iter().map(|one| format!("{}: not varied, as {}", one.what, one.why)));
    lines
}

/// The places where two builds of a file differ, each with its cause and remedy; then the paths of
/// the second build's file and of diffoscope's report.
pub fn differences(
    differences: &[Difference],
    second: Option<String>,
    report: Option<String>,
) -> Vec<String> {
    let mut lines = Vec::new();
    for one in differences {
        lines.push(format!("  {}: {}", one.place, one.cause));
        lines.push(format!("    first:  {}", one.first));
        lines.push(format!("    second: {}", one.second));
        lines.push(format!("    help: {}", one.remedy));
    }
    lines.extend(second.map(|path| format!("  the second build's file: {path}")));
    lines.extend(report.map(|path| format!("  what diffoscope says: {path}")));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_about_three_digits() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (14_155_776, "13.5 MiB"),
            (1 << 40, "1024 GiB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn durations_grow_coarser() {
        for (seconds, text) in
            [(0.04, "0.0s"), (9.4, "9.4s"), (41.3, "41s"), (185.0, "3m 05s"), (3720.0, "1h 02m")]
        {
            assert_eq!(duration(seconds), text);
        }
    }
}
