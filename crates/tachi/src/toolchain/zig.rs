//! zig: compiler, preprocessor and librarian.

use camino::{Utf8Path, Utf8PathBuf};

use crate::sys::interrupt::Interrupt;
use crate::sys::{Command, SysError, fs, run};

/// zig and its cache.
#[derive(Debug, Clone, Copy)]
pub struct Zig<'a> {
    pub program: &'a Utf8Path,
    pub cache: &'a Utf8Path,
    /// Stops it half-way.
    pub interrupt: &'a Interrupt,
}

impl Zig<'_> {
    /// The folder of its headers and sources, beside its program.
    pub fn libraries(&self) -> Utf8PathBuf {
        self.program.parent().unwrap_or(self.program).join("lib")
    }

    /// Runs zig and returns what it printed.
    ///
    /// # Errors
    /// It fails.
    pub fn run<'b>(&self, args: impl IntoIterator<Item = &'b str>) -> Result<String, SysError> {
        run::capture(&self.command(args), self.interrupt)
    }

    /// Runs zig and returns what it printed on both streams.
    ///
    /// # Errors
    /// It fails.
    pub fn run_aloud<'b>(
        &self,
        args: impl IntoIterator<Item = &'b str>,
    ) -> Result<String, SysError> {
        let command = self.command(args);
        let (exit, said) = run::aloud(&command, self.interrupt)?;
        if exit.success() {
            return Ok(said);
        }
        Err(SysError::Failed { command: Box::new(command), status: exit.status, stderr: said })
    }

    /// A call of zig, with its cache.
    pub fn command<'b>(&self, args: impl IntoIterator<Item = &'b str>) -> Command {
        Command::new(self.program.as_str())
            .args(args)
            .env("ZIG_GLOBAL_CACHE_DIR", self.cache.as_str())
            .env("ZIG_LOCAL_CACHE_DIR", self.cache.as_str())
    }

    /// A call of zig that may build its C library. The library's debug information then holds
    /// neither zig's folder nor the folder of this call: zig's cache keeps the library for all
    /// later links. zig has no setting for this, but its compiler reads a variable of [clang's].
    ///
    /// [clang's]: https://github.com/llvm/llvm-project/blob/main/clang/tools/driver/driver.cpp
    pub fn link_command<'b>(&self, args: impl IntoIterator<Item = &'b str>) -> Command {
        let command = self.command(args);
        let folder = self.program.parent().unwrap_or(self.program);
        // The variable's options are cut at spaces.
        if folder.as_str().contains(char::is_whitespace) {
            return command;
        }
        let options = format!("# +-ffile-prefix-map={folder}=/zig +-fdebug-compilation-dir=/zig");
        command.env("CCC_OVERRIDE_OPTIONS", options)
    }

    /// Joins several libraries into one; without any, makes an empty one.
    ///
    /// # Errors
    /// zig fails.
    pub fn join_libraries(&self, library: &Utf8Path, parts: &[String]) -> Result<(), SysError> {
        fs::create_dir_all(library.parent().unwrap_or(library))?;
        let out = format!("/out:{library}");
        let mut args = vec!["lib", "/llvmlibempty", &out];
        args.extend(parts.iter().map(String::as_str));
        self.run(args).map(drop)
    }
}
