//! The reasons why files cannot be joined or taken apart.

use crate::macho::cpu::Cpu;
use crate::macho::fat::slice::Content;

/// The reason why files cannot be joined or taken apart.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UniversalError {
    /// A file cannot be read, or the result cannot be written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The first bytes belong to another format.
    #[error("not a Mach-O file, a universal file or a static library")]
    NotMachO,
    /// A part that the headers describe lies outside the file.
    #[error("the file is cut off: {what} ends beyond its last byte")]
    Truncated {
        /// The missing part, with its article: `a segment`.
        what: &'static str,
    },
    /// The headers break the format's rules.
    #[error("the file is damaged: {what}")]
    Malformed {
        /// What is wrong, as a clause: `slices overlap`.
        what: &'static str,
    },
    /// A static library that cannot be a slice.
    #[error("the static library {what}")]
    Archive {
        /// What is wrong with it, as a verb and its object: `has no members`.
        what: String,
    },
    /// There is nothing to join.
    #[error("there is nothing to join")]
    Empty,
    /// Two files are for the same processor.
    #[error(
        "{first} and {second} are both for {cpu}: a universal file has one slice for each architecture"
    )]
    Duplicate {
        /// The name of an input.
        first: String,
        /// The name of another.
        second: String,
        /// The processor that both are for.
        cpu: Cpu,
    },
    /// Two files are of different kinds.
    #[error(
        "{first} is {first_is}, but {second} is {second_is}: the slices of a universal file are of one kind"
    )]
    MixedKinds {
        /// The name of an input.
        first: String,
        /// The kind of the first input.
        first_is: Content,
        /// The name of another.
        second: String,
        /// The kind of the second input.
        second_is: Content,
    },
    /// The file has no slice for the wanted processor.
    #[error("there is no slice for {wanted}, only for {}", list(has))]
    NoSlice {
        /// The wanted processor.
        wanted: Cpu,
        /// The processors that the file has slices for.
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
