//! Where log lines, telemetry and counters go.

use anyhow::Context as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{fmt, EnvFilter, Layer, Registry};

use crate::args::{LogFormat, LoggingArgs};

type BoxedLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Starts logging to stderr. `RUST_LOG`, if set, decides instead of `-v` and `-q`.
pub fn start(args: &LoggingArgs) -> anyhow::Result<()> {
    let layers = [
        Some(stderr_layer(args)?),
        #[cfg(feature = "telemetry")]
        telemetry_layer(args)?,
    ];
    let layers: Vec<BoxedLayer> = layers.into_iter().flatten().collect();
    tracing_subscriber::registry().with(layers).init();
    Ok(())
}

fn stderr_layer(args: &LoggingArgs) -> anyhow::Result<BoxedLayer> {
    let filter = match std::env::var(EnvFilter::DEFAULT_ENV) {
        Ok(directives) => EnvFilter::try_new(directives).context("RUST_LOG")?,
        Err(_) => EnvFilter::new(default_level(args)),
    };
    let layer = fmt::layer().with_writer(std::io::stderr);
    Ok(match args.log_format {
        LogFormat::Text => layer.with_filter(filter).boxed(),
        LogFormat::Json => layer.json().with_filter(filter).boxed(),
    })
}

fn default_level(args: &LoggingArgs) -> &'static str {
    match (args.quiet, args.verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "info",
        (false, 2) => "debug",
        (false, _) => "trace",
    }
}

#[cfg(feature = "telemetry")]
fn telemetry_layer(args: &LoggingArgs) -> anyhow::Result<Option<BoxedLayer>> {
    let Some(path) = &args.telemetry_file else {
        return Ok(None);
    };
    let file = std::fs::File::create(path)
        .with_context(|| format!("cannot write telemetry to {}", path.display()))?;
    let only_telemetry = tracing_subscriber::filter::Targets::new()
        .with_target("tachikoma::telemetry", tracing::Level::INFO);
    let layer = fmt::layer()
        .json()
        .with_writer(std::sync::Mutex::new(file))
        .with_filter(only_telemetry);
    Ok(Some(layer.boxed()))
}

/// One line on stderr: `metrics: http_requests=1 rows_stored=3 steps_run=0`.
#[cfg(feature = "metrics")]
pub fn print_metrics() -> std::io::Result<()> {
    use std::io::Write as _;

    let mut stderr = std::io::stderr().lock();
    write!(stderr, "metrics:")?;
    for (name, value) in tachikoma_common::metrics::snapshot() {
        write!(stderr, " {name}={value}")?;
    }
    writeln!(stderr)
}
