//! Links for macOS with zig's linker, where there is no lld, and adds what that linker leaves out:
//! an install name that is no path of this machine, and a signature for both processors.

use camino::Utf8Path;
use tachi_binary::signature::{self, Replace};

use super::clang_args::{Word, words};
use crate::sys::fs;
use crate::toolchain::error::ToolchainError;

/// The output of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The path after `-o`.
    pub output: &'a str,
    /// The output is a shared library, and no argument gives its install name.
    is_nameless: bool,
}

impl<'a> Asked<'a> {
    /// Reads the arguments of a link. None if they name no output, or one that will be linked again
    /// (`-r`). Response files are expanded before.
    pub fn of(args: &'a [String]) -> Option<Self> {
        let words = words(args);
        let is_there = |names: &[&str]| words.iter().any(|word| names.contains(&word.text));
        let mut following = words.iter().skip_while(|Word { text, .. }| *text != "-o").skip(1);
        let output = following.next()?.text;
        let is_library = is_there(&["-dynamiclib", "-shared", "-dylib"]);
        let is_nameless = is_library && !is_there(&["-install_name", "-dylib_install_name"]);
        (!is_there(&["-r"])).then_some(Self { output, is_nameless })
    }

    /// Further arguments for zig: where the stubs are, and an install name.
    pub fn more(&self, stubs: &Utf8Path) -> Vec<String> {
        let mut more =
            vec![format!("-L{stubs}/usr/lib"), format!("-F{stubs}/System/Library/Frameworks")];
        let name = Utf8Path::new(self.output).file_name().unwrap_or(self.output);
        more.extend(self.is_nameless.then(|| format!("-Wl,-install_name,@rpath/{name}")));
        more
    }

    /// Signs the output as lld does: zig signs for arm64 only.
    ///
    /// # Errors
    /// The file cannot be read, signed or written.
    pub fn sign(&self) -> Result<(), ToolchainError> {
        let path = Utf8Path::new(self.output);
        let name = path.file_name().unwrap_or(self.output);
        let bytes = fs::read(path)?;
        let signed = signature::sign(&bytes, name, Replace::AdHoc)
            .map_err(|source| ToolchainError::Unsigned { path: path.to_owned(), source })?;
        fs::write_atomic_with(path, 0o755, |file| {
            use std::io::Write;
            file.write_all(&signed).map_err(crate::sys::SysError::file("write", path))
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_libraries_get_a_name_unless_they_have_one() {
        for (args, expected) in [
            ("a.o -o out/liba.dylib -dynamiclib", Some("-Wl,-install_name,@rpath/liba.dylib")),
            ("-shared a.o -o a.node -lSystem", Some("-Wl,-install_name,@rpath/a.node")),
            ("-dynamiclib -Wl,-install_name,/usr/lib/liba.dylib -o liba.dylib", None),
            ("-dynamiclib -Xlinker -install_name -Xlinker b -o liba.dylib", None),
            ("-bundle a.o -o a.bundle", None),
            ("a.o -o a", None),
        ] {
            let args: Vec<String> = args.split(' ').map(str::to_owned).collect();
            let more = Asked::of(&args).unwrap().more("/stubs".into());
            assert_eq!(more[..2], ["-L/stubs/usr/lib", "-F/stubs/System/Library/Frameworks"]);
            assert_eq!(more.get(2).map(String::as_str), expected, "{args:?}");
        }
    }

    #[test]
    fn a_link_without_a_finished_file_is_left_to_zig() {
        for args in ["--version", "-r a.o -o b.o", "a.o -o"] {
            let args: Vec<String> = args.split(' ').map(str::to_owned).collect();
            assert_eq!(Asked::of(&args), None, "{args:?}");
        }
    }
}
