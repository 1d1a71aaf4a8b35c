//! `targets`: the catalogue, and what this machine can do for each target.

use std::io::Write;

use tachi::ops::survey::{self, Prospect};
use tachi::{ExitCode, Session, TargetFacts};

use crate::failure::Failure;
use crate::flags::output::AnswerArgs;
use crate::terminal::Terminal;

/// The arguments of `targets`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Only these: triples, or all, linux, macos, windows, tier1, host
    target: Vec<String>,
    #[command(flatten)]
    answer: AnswerArgs,
}

/// Lists targets.
pub(crate) fn run(args: &Args, session: &Session) -> Result<ExitCode, Failure> {
    Terminal::new(&args.answer.terminal, session)?;
    let prospects = survey::survey(&args.target, session)?;
    let mut out = anstream::stdout().lock();
    let written = if args.answer.is_json() {
        json(&mut out, &prospects)
    } else {
        table(&mut out, &prospects)
    };
    written.map_err(Failure::Output)?;
    Ok(ExitCode::Done)
}

fn json(out: &mut impl Write, prospects: &[Prospect]) -> std::io::Result<()> {
    for prospect in prospects {
        let line = serde_json::to_string(prospect).expect("strings and numbers always serialise");
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn table(out: &mut impl Write, prospects: &[Prospect]) -> std::io::Result<()> {
    let width = |of: fn(&TargetFacts) -> usize| {
        prospects.iter().map(|one| of(one.target)).max().unwrap_or(0)
    };
    let triple_width = width(|target| target.triple.len());
    let node_width = width(|target| target.platform.len() + target.arch.len() + 1);
    for prospect in prospects {
        let target = prospect.target;
        let node = format!("{}-{}", target.platform, target.arch);
        let mark =
            if survey::default_set().any(|one| one.triple == target.triple) { '*' } else { ' ' };
        let tier = u8::from(target.tier);
        let status = match &prospect.kit {
            Ok(kit) => format!("\u{1b}[32m✓\u{1b}[0m {}; std: {}", kit.name(), kit.std_reason),
            Err(missing) => format!("\u{1b}[2m– {}\u{1b}[0m", missing.cause),
        };
        let runner = match (&prospect.kit, &prospect.runner) {
            (Ok(_), Ok(choice)) => format!("; run by {}", choice.runner.name()),
            (Ok(_), Err(_)) => "; nothing here runs it".to_owned(),
            (Err(_), _) => String::new(),
        };
        writeln!(
            out,
            "{mark} {:triple_width$}  {node:node_width$}  tier {tier}  {status}{runner}",
            target.triple
        )?;
    }
    writeln!(
        out,
        "\n* `--target all`, unless tachi.toml has a list · tiers are rustc's · details of one: cargo tachi targets TRIPLE --format json"
    )
}
