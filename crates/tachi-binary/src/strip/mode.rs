//! The ways to strip a file, and the result of splitting one.

/// What stripping takes out, named as in cargo's `strip` option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing.
    None,
    /// The parts for debuggers: DWARF sections, and the entries in the symbol table that refer
    /// to source files and objects.
    DebugInfo,
    /// Debug information, and all symbols that neither loading the file nor linking against it
    /// needs.
    Symbols,
}

/// A file in two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The stripped file, which names the second file.
    pub stripped: Vec<u8>,
    /// The second file, which debuggers load beside the first. It cannot be run.
    pub symbols: Vec<u8>,
}
