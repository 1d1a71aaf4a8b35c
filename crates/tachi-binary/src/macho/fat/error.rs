//! Why files could not be joined or taken apart.

use crate::macho::cpu::Cpu;
use crate::macho::fat::slice::Content;

/// Why files could not be joined or taken apart.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UniversalError {
    /// A file could not be read, or the result not be written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The first bytes are those of another format.
    #[error("not a Mach-O file, a universal file or a static library")]
    NotMachO,
    /// Parts that the headers speak of lie outside the file.
    #[error("the file is cut off: {what} ends beyond its last byte")]
    Truncated {
        /// The part that is missing.
        what: &'static str,
    },
    /// The headers contradict the format's rules.
    #[error("the file is damaged: {what}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
    },
    /// A static library that is no part of a universal one.
    #[error("the static library {what}")]
    Archive {
        /// What is wrong with it.
        what: String,
    },
    /// There is nothing to join.
    #[error("there is nothing to join")]
    Empty,
    /// Two files for the same architecture.
    #[error(
        "{first} and {second} are both for {cpu}: a universal file has one slice for each architecture"
    )]
    Duplicate {
        /// The name of an input.
        first: String,
        /// The name of another.
        second: String,
        /// What both are for.
        cpu: Cpu,
    },
    /// Files of different kinds.
    #[error(
        "{first} is {first_is}, but {second} is {second_is}: the slices of a universal file are of one kind"
    )]
    MixedKinds {
        /// The name of an input.
        first: String,
        /// What it is.
        first_is: Content,
        /// The name of another.
        second: String,
        /// What that is.
        second_is: Content,
    },
    /// No slice for the architecture.
    #[error("there is no slice for {wanted}, only for {}", list(has))]
    NoSlice {
        /// What was asked for.
        wanted: Cpu,
        /// What there is.
        has: Vec<Cpu>,
    },
    /// An input became shorter while it was read.
    #[error("a file changed while it was read")]
    Changed,
}

/// Processors, as text.
fn list(cpus: &[Cpu]) -> String {
    cpus.iter().map(Cpu::to_string).collect::<Vec<_>>().join(", ")
}
