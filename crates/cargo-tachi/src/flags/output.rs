//! What is shown, and how.

use clap::{Args, ValueEnum};

/// How much is said, and how it looks.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output Options")]
pub(crate) struct TerminalArgs {
    /// Say more
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Colours [default: `CARGO_TERM_COLOR`, else auto]
    #[arg(long, value_name = "WHEN")]
    pub(crate) color: Option<ColorWhen>,
}

/// What is shown of a build.
#[derive(Debug, Clone, Args)]
#[command(
    next_help_heading = "Output Options",
    mut_arg("verbose", |arg| arg.help("Show cargo's own lines too (-vv: those of build scripts)")),
    mut_arg("quiet", |arg| arg.help("Show only the compiler's messages, findings and errors"))
)]
pub(crate) struct OutputArgs {
    #[command(flatten)]
    pub(crate) terminal: TerminalArgs,
    /// How to report: for people, one line a diagnostic, or events as JSON lines
    #[arg(long, value_name = "FMT", default_value = "human")]
    pub(crate) message_format: MessageFormat,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

/// How to report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    #[default]
    Human,
    Short,
    Json,
}

/// How an answer is printed.
#[derive(Debug, Clone, Args)]
pub(crate) struct AnswerArgs {
    /// How to print: for people, or as JSON lines for programs
    #[arg(long, value_name = "FMT", default_value = "human")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    pub(crate) terminal: TerminalArgs,
}

impl AnswerArgs {
    /// Whether programs read it.
    pub(crate) fn is_json(&self) -> bool {
        self.json || self.format == Format::Json
    }
}

/// Who reads an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Where findings are written, too.
#[derive(Debug, Clone, Args)]
pub(crate) struct SarifArgs {
    /// Also write the findings to this file, in SARIF
    #[arg(long, value_name = "FILE", help_heading = "Output Options")]
    pub(crate) sarif: Option<String>,
}
