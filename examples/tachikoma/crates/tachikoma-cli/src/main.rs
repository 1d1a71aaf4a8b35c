//! The `tachikoma` command. Results go to stdout, logs and errors to stderr.

mod args;
mod commands;
mod logging;
mod loopback;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Args;

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Written, not logged: an error is said whatever the log filter hides.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> anyhow::Result<()> {
    logging::start(&args.logging)?;
    let output = commands::run(args.command).await;
    #[cfg(feature = "metrics")]
    logging::print_metrics()?;
    std::io::stdout().write_all(output?.as_bytes())?;
    Ok(())
}
