//! Reads cargo's standard error: status lines, its progress bar, and the rest.
//!
//! The bar is the only place where a stable cargo tells how many units there are;
//! `CARGO_TERM_PROGRESS_WHEN=always` asks for it. If its form ever changes, only the count of
//! units is lost.

/// A line of cargo's standard error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StderrLine {
    /// The progress bar.
    Bar {
        /// Units that are done.
        done: u64,
        /// Units in all.
        total: u64,
        /// The crates being compiled; the last may be cut short (`…`).
        active: Vec<String>,
    },
    /// `   Compiling foo v1.0.0`: a verb, right-aligned in twelve columns, and the rest.
    Status { verb: String },
    /// A warning, an error, or a line that belongs to one.
    Other,
}

impl StderrLine {
    /// Whether cargo says that it compiles a crate.
    pub fn is_compilation(&self) -> bool {
        matches!(self, Self::Status { verb } if verb == "Compiling")
    }

    /// Whether cargo is done, or has met an error.
    pub fn is_end(&self) -> bool {
        match self {
            Self::Status { verb } => verb == "Finished",
            Self::Other => true,
            Self::Bar { .. } => false,
        }
    }
}

/// Reads one line. Colours are passed over.
pub fn parse(line: &str) -> StderrLine {
    let plain = anstream::adapter::strip_str(line).to_string();
    if let Some(bar) = parse_bar(&plain) {
        return bar;
    }
    match plain.split_at_checked(12) {
        Some((head, tail)) if tail.starts_with(' ') && is_verb(head.trim_start()) => {
            StderrLine::Status { verb: head.trim_start().to_owned() }
        }
        _ => StderrLine::Other,
    }
}

fn is_verb(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase()) && !word.contains(' ')
}

/// `    Building [=====>       ] 12/170: serde, tokio(build)…`
fn parse_bar(line: &str) -> Option<StderrLine> {
    let rest = line.trim_start().strip_prefix("Building")?.trim_start().strip_prefix('[')?;
    let (_, counts) = rest.split_once(']')?;
    let (counts, names) = counts.split_once(':').unwrap_or((counts, ""));
    let (done, total) = counts.trim().split_once('/')?;
    let active = names.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "...");
    Some(StderrLine::Bar {
        done: done.trim().parse().ok()?,
        total: total.trim().parse().ok()?,
        active: active.map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(done: u64, total: u64, active: &[&str]) -> StderrLine {
        StderrLine::Bar {
            done,
            total,
            active: active.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    #[test]
    fn each_kind_of_line_is_told_apart() {
        let status = |verb: &str| StderrLine::Status { verb: verb.into() };
        let cases = [
            (
                "    Building [====>        ] 12/170: serde, tokio(build)",
                bar(12, 170, &["serde", "tokio(build)"]),
            ),
            ("    Building [             ] 0/3", bar(0, 3, &[])),
            ("\u{1b}[1m\u{1b}[36m    Building\u{1b}[0m [==>  ] 5/9: a, ...", bar(5, 9, &["a"])),
            ("   Compiling serde v1.0.0", status("Compiling")),
            ("\u{1b}[1m\u{1b}[92m   Compiling\u{1b}[0m serde v1.0.0", status("Compiling")),
            ("    Finished `dev` profile [unoptimized] target(s) in 0.1s", status("Finished")),
            (" Downloading crates ...", status("Downloading")),
            ("warning: unused variable", StderrLine::Other),
            ("error: could not compile `a`", StderrLine::Other),
            ("  |", StderrLine::Other),
            ("Caused by:", StderrLine::Other),
            ("", StderrLine::Other),
            ("    Building the wall", status("Building")),
            ("aäöüäöüäöüäöü x", StderrLine::Other),
        ];
        for (line, expected) in cases {
            assert_eq!(parse(line), expected, "for {line:?}");
        }
    }
}
