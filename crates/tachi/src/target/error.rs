//! What can be wrong with the targets that a user asked for.

/// A `--target` that names nothing Tachi can build for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Neither a triple of rustc's nor a name of a group.
    #[error("unknown target `{name}`{}", advice(*suggestion))]
    Unknown {
        /// What was written.
        name: String,
        /// What was probably meant.
        suggestion: Option<&'static str>,
    },
    /// A custom target specification, which only an unstable rustc accepts and about
    /// which the catalogue knows nothing.
    #[error(
        "`{name}` is a custom target specification: Tachi builds for rustc's own targets only; \
         use the built-in target that is nearest to it (`cargo tachi targets` lists them)"
    )]
    CustomSpecification {
        /// The file as written.
        name: String,
    },
    /// `--target ""`, or nothing between two commas.
    #[error("a target's name is empty; `cargo tachi targets` lists them")]
    Empty,
    /// Nothing at all was asked for.
    #[error("no target was chosen; name one with --target, or list them in tachi.toml")]
    NoTargets,
}

fn advice(suggestion: Option<&str>) -> String {
    match suggestion {
        Some(name) => format!("; did you mean `{name}`?"),
        None => "; `cargo tachi targets` lists what there is".into(),
    }
}
