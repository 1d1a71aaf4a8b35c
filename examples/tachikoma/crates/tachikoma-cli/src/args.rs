//! What the command line may hold.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use tachikoma_common::version::BUILD_INFO;

static VERSION: LazyLock<String> = LazyLock::new(|| BUILD_INFO.version_string());

/// Fetches rows, runs specs over them and keeps them in SQLite.
#[derive(Debug, Parser)]
#[command(name = "tachikoma", version = VERSION.as_str())]
pub struct Args {
    #[command(flatten)]
    pub logging: LoggingArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
pub struct LoggingArgs {
    /// Log more; up to three times
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Log errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// How log lines on stderr are written
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        env = "TACHIKOMA_LOG_FORMAT"
    )]
    pub log_format: LogFormat,
    /// Write a JSON line for each step run to this file
    #[cfg(feature = "telemetry")]
    #[arg(long, global = true, value_name = "FILE")]
    pub telemetry_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Fetch the JSON rows at a URL and store them
    Fetch {
        /// http:// or https://
        url: String,
        /// SQLite file, made if it does not exist
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
    },
    /// Print the stored rows as JSON
    Rows {
        /// SQLite file
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
    },
    /// Check a spec and print its summary
    Spec {
        /// YAML file
        file: PathBuf,
    },
    /// Run the steps of a spec and store their rows
    Run {
        /// YAML file
        spec: PathBuf,
        /// SQLite file, made if it does not exist
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
    },
    /// Try everything once, with a server of its own and a temporary database
    Selfcheck,
    /// Print the optional features and whether this build has them
    Features,
}
