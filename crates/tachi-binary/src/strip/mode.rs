//! What stripping is asked for, and what splitting gives.

/// What to take out: cargo's words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing.
    None,
    /// What debuggers read: DWARF sections, and the entries in the symbol table that lead
    /// to source files and objects.
    DebugInfo,
    /// That and all symbols but those by which the file is loaded or linked against.
    Symbols,
}

/// A file in two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The stripped file, which names the other.
    pub stripped: Vec<u8>,
    /// What debuggers load beside it. It cannot be run.
    pub symbols: Vec<u8>,
}
