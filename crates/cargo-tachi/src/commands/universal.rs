//! `universal`: several architectures in one file, as `lipo` joins them.

use std::fmt::Write as _;
use std::io::Write;

use clap::Subcommand;
use tachi::ops::universal::{self, Contents, Cpu, Slice};
use tachi::{ExitCode, Session};
use tachi_report::words;

use crate::failure::Failure;
use crate::flags::output::TerminalArgs;
use crate::terminal::Terminal;

/// The arguments of `universal`: what to do with such files.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Args {
    /// Join files into a universal one (lipo -create)
    Create {
        /// The file to write; it may be one of the inputs
        #[arg(short = 'o', long = "output", value_name = "FILE")]
        to: String,
        /// Executables, dylibs, bundles, object files or static libraries, all of one kind
        #[arg(required = true, value_name = "FILE")]
        inputs: Vec<String>,
        #[command(flatten)]
        terminal: TerminalArgs,
    },
    /// Take the file for one architecture out of a universal one (lipo -thin)
    Thin {
        /// The architecture: `arm64`, `x86_64`, …
        #[arg(long)]
        arch: Cpu,
        /// The file to write; it may be the input
        #[arg(short = 'o', long = "output", value_name = "FILE")]
        to: String,
        /// The universal file
        #[arg(value_name = "FILE")]
        input: String,
        #[command(flatten)]
        terminal: TerminalArgs,
    },
    /// List what is in files (lipo -info)
    Info {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<String>,
        #[command(flatten)]
        terminal: TerminalArgs,
    },
}

/// Joins, takes apart or lists.
pub(crate) fn run(args: &Args, session: &Session) -> Result<ExitCode, Failure> {
    let (Args::Create { terminal, .. } | Args::Thin { terminal, .. } | Args::Info { terminal, .. }) =
        args;
    let terminal = Terminal::new(terminal, session)?;
    match args {
        Args::Create { to, inputs, .. } => {
            let inputs: Vec<_> = inputs.iter().map(Into::into).collect();
            let layout = universal::create(&inputs, to.as_ref())?;
            let cpus: Vec<_> =
                layout.slices().iter().map(|one| one.slice.cpu.to_string()).collect();
            let size = words::size(layout.size());
            terminal.done("Joined", &format!("{to} ({}, {size})", cpus.join(", ")));
        }
        Args::Thin { arch, to, input, .. } => {
            let slice = universal::thin(input.as_ref(), *arch, to.as_ref())?;
            let size = words::size(slice.size);
            terminal.done("Extracted", &format!("{to} ({}, {size})", slice.cpu));
        }
        Args::Info { files, .. } => {
            for file in files {
                let contents = universal::info(file.as_ref())?;
                let text = describe(file, &contents);
                anstream::stdout().write_all(text.as_bytes()).map_err(Failure::Output)?;
            }
        }
    }
    Ok(ExitCode::Done)
}

/// One line for the file and, if it is universal, one for each slice.
fn describe(file: &str, contents: &Contents) -> String {
    let summary = |slice: &Slice| format!("{}, {}", slice.content, words::size(slice.size));
    if let ([slice], false) = (contents.slices.as_slice(), contents.is_universal) {
        return format!("{file}: {}, {}\n", slice.cpu, summary(slice));
    }
    let mut text = format!("{file}: universal\n");
    let width = contents.slices.iter().map(|one| one.cpu.to_string().len()).max().unwrap_or(0);
    for slice in &contents.slices {
        let place = format!("at {:#x}, aligned to 2^{}", slice.offset, slice.align);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {:width$}  {}, {place}", slice.cpu, summary(slice));
    }
    text
}
