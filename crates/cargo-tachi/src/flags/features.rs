//! Which features.

use clap::Args;
use tachi::Features;

/// Which features.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Feature Selection")]
pub(crate) struct FeatureArgs {
    /// Features to switch on, separated by spaces or commas
    #[arg(short = 'F', long, value_name = "FEATURES")]
    features: Vec<String>,
    /// Switch on all features
    #[arg(long)]
    all_features: bool,
    /// Do not switch on the `default` feature
    #[arg(long)]
    no_default_features: bool,
}

impl From<FeatureArgs> for Features {
    fn from(args: FeatureArgs) -> Self {
        let FeatureArgs { features, all_features, no_default_features } = args;
        Self { list: features, all: all_features, no_default: no_default_features }
    }
}
