//! Translates the arguments with which rustc, build scripts and build systems call `clang` to link
//! for macOS into arguments of `ld64`. Pure.
//!
//! The linker's own options (`-framework`, `-L`, `-undefined`, `-rpath`, …) go through as they are:
//! clang passes them on, too.

use camino::Utf8Path;

/// What a link needs beside clang's arguments.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// `arm64` or `x86_64`.
    pub arch: &'a str,
    /// The oldest macOS that runs the result: `11.0`.
    pub minimum_os: &'a str,
    /// The folder that stands for `/` when system libraries are looked for.
    pub sdk: &'a Utf8Path,
    /// The version of that SDK.
    pub sdk_version: &'a str,
}

/// The arguments for the linker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// The arguments in order, without the program and its flavor.
    pub args: Vec<String>,
    /// The output file, if the arguments name it.
    pub output: Option<String>,
    /// The output is a shared library or a bundle, not a program.
    pub is_library: bool,
}

/// Whether these arguments can be translated: they name no source file, for which a
/// compiler would have to run first.
pub fn is_plain_link(args: &[String]) -> bool {
    const SOURCES: [&str; 7] = [".c", ".cc", ".cpp", ".cxx", ".m", ".mm", ".S"];
    !args.iter().any(|arg| !arg.starts_with('-') && SOURCES.iter().any(|end| arg.ends_with(end)))
}

/// Translates the arguments of a link. Response files are expanded before.
pub fn translate(given: &[String], target: Target<'_>) -> Translated {
    let mut args = Vec::with_capacity(given.len() + 12);
    let (mut output, mut minimum_os) = (None, target.minimum_os.to_owned());
    let (mut is_library, mut has_install_name, mut default_libraries) = (false, false, true);
    let mut strips = false;
    let mut rest = words(given).into_iter();
    while let Some(Word { text, is_linkers }) = rest.next() {
        match text {
            "-arch" | "-isysroot" | "-syslibroot" | "-target" | "--target" | "-lto_library" => {
                rest.next();
            }
            // For a compiler, the language of the sources.
            "-x" if !is_linkers => {
                rest.next();
            }
            "-x" => {
                strips = true;
                args.push("-x".into());
            }
            "-s" => {
                strips = true;
                args.extend(["-S".to_owned(), "-x".to_owned()]);
            }
            "-o" => {
                output = rest.next().map(|word| word.text.to_owned());
                args.extend(["-o".to_owned(), output.clone().unwrap_or_default()]);
            }
            "-dynamiclib" | "-shared" | "-dylib" => {
                is_library = true;
                args.push("-dylib".into());
            }
            "-bundle" => {
                // A bundle has no install name.
                (is_library, has_install_name) = (true, true);
                args.push(text.into());
            }
            "-install_name" | "-dylib_install_name" => {
                has_install_name = true;
                args.push(text.into());
                args.extend(rest.next().map(|word| word.text.to_owned()));
            }
            "-nodefaultlibs" | "-nostdlib" => default_libraries = false,
            "-rdynamic" => args.push("-export_dynamic".into()),
            _ => match version_of(text) {
                Some(version) => version.clone_into(&mut minimum_os),
                None if !is_linkers && is_compilers_own(text) => {}
                None => args.push(text.into()),
            },
        }
    }
    if default_libraries {
        args.push("-lSystem".into());
    }
    if let (true, false, Some(output)) = (is_library, has_install_name, &output) {
        let name = Utf8Path::new(output).file_name().unwrap_or(output);
        args.extend(["-install_name".to_owned(), format!("@rpath/{name}")]);
    }
    if strips && !is_library && !args.iter().any(|arg| arg.contains("export")) {
        // Nobody looks symbols up in a program, unless the program says so.
        args.push("-no_exported_symbols".into());
    }
    args.extend(["-arch", target.arch, "-platform_version", "macos"].map(str::to_owned));
    args.extend([minimum_os, target.sdk_version.to_owned()]);
    args.extend(["-syslibroot".to_owned(), target.sdk.to_string()]);
    // The linker signs for arm64 by itself. Files for both processors are signed, so that whoever
    // verifies them has nothing to ask.
    args.push("-adhoc_codesign".into());
    Translated { args, output, is_library }
}

/// One word of the command line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    /// The word was marked as one for the linker.
    is_linkers: bool,
}

/// Opens `-Wl,a,b` and `-Xlinker a`.
pub(super) fn words(args: &[String]) -> Vec<Word<'_>> {
    let mut words = Vec::with_capacity(args.len());
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if let Some(list) = arg.strip_prefix("-Wl,") {
            words.extend(list.split(',').map(|text| Word { text, is_linkers: true }));
        } else if arg == "-Xlinker" {
            words.extend(rest.next().map(|text| Word { text, is_linkers: true }));
        } else if arg != "-Wl" {
            words.push(Word { text: arg, is_linkers: false });
        }
    }
    words
}

/// The version in `-mmacosx-version-min=11.0` and its newer spelling.
fn version_of(word: &str) -> Option<&str> {
    word.strip_prefix("-mmacosx-version-min=").or_else(|| word.strip_prefix("-mmacos-version-min="))
}

/// Arguments that only a compiler understands. A link can do without them.
fn is_compilers_own(word: &str) -> bool {
    const WORDS: [&str; 8] = [
        "-nostartfiles",
        "-pthread",
        "-pipe",
        "-lgcc",
        "-lgcc_s",
        "-lgcc_eh",
        "-m64",
        "-stdlib=libc++",
    ];
    const PREFIXES: [&str; 9] =
        ["-fuse-ld=", "-B", "-W", "-O", "-g", "-f", "--target=", "-D", "-I"];
    // `-force_load` and `-framework` are the linker's.
    const LINKERS: [&str; 5] =
        ["-force_load", "-framework", "-filelist", "-fixup_chains", "-flat_namespace"];
    WORDS.contains(&word)
        || (PREFIXES.iter().any(|prefix| word.starts_with(prefix))
            && !LINKERS.iter().any(|known| word.starts_with(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(line: &str) -> Translated {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let target = Target {
            arch: "arm64",
            minimum_os: "11.0",
            sdk: Utf8Path::new("/sdk"),
            sdk_version: "14.0",
        };
        translate(&args, target)
    }

    const END: &str =
        " -arch arm64 -platform_version macos 11.0 14.0 -syslibroot /sdk -adhoc_codesign";

    #[test]
    fn what_clang_is_told_becomes_what_ld64_takes() {
        let cases = [
            (
                "a.o -lSystem -arch arm64 -mmacosx-version-min=11.0.0 -o h -Wl,-dead_strip -nodefaultlibs",
                "a.o -lSystem -o h -dead_strip -arch arm64 -platform_version macos 11.0.0 14.0 -syslibroot /sdk -adhoc_codesign",
            ),
            ("a.o -o h", "a.o -o h -lSystem"),
            (
                "-Wl,-exported_symbols_list -Wl,/t/list a.o -nodefaultlibs -dynamiclib -o /t/libd.dylib",
                "-exported_symbols_list /t/list a.o -dylib -o /t/libd.dylib -install_name @rpath/libd.dylib",
            ),
            (
                "a.o -nodefaultlibs -dynamiclib -o d -install_name /x/d",
                "a.o -dylib -o d -install_name /x/d",
            ),
            // How Node's modules are linked.
            ("-nodefaultlibs -Wl -undefined dynamic_lookup a.o", "-undefined dynamic_lookup a.o"),
            (
                "-nodefaultlibs -framework Security -Wl,-rpath,@loader_path",
                "-framework Security -rpath @loader_path",
            ),
            ("-nodefaultlibs -Xlinker -u -Xlinker _f a.o", "-u _f a.o"),
            (
                "-nodefaultlibs -isysroot /mac -target arm64-apple-macosx11 -fuse-ld=lld -O2 a.o",
                "a.o",
            ),
            ("-nodefaultlibs -Wl,-S -Wl,-x a.o -o h", "-S -x a.o -o h -no_exported_symbols"),
            (
                "-nodefaultlibs -Wl,-S,-x a.o -dynamiclib -o h",
                "-S -x a.o -dylib -o h -install_name @rpath/h",
            ),
            ("-nodefaultlibs -s -rdynamic a.o", "-S -x -export_dynamic a.o"),
            ("-nodefaultlibs -x c a.o -force_load b.a", "a.o -force_load b.a"),
        ];
        for (given, expected) in cases {
            let expected = if expected.contains("-syslibroot") {
                expected.to_owned()
            } else {
                format!("{expected}{END}")
            };
            assert_eq!(translated(given).args.join(" "), expected, "{given}");
        }
    }

    #[test]
    fn the_output_and_its_kind_are_read() {
        let library = translated("a.o -dynamiclib -o x/liba.dylib");
        assert_eq!((library.output.as_deref(), library.is_library), (Some("x/liba.dylib"), true));
        assert!(!translated("a.o -o h").is_library);
    }

    #[test]
    fn a_link_that_compiles_first_is_left_to_the_compiler() {
        let plain =
            |line: &str| is_plain_link(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(plain("a.o -lc -o a.cargo"));
        assert!(!plain("conftest.c -o conftest"));
    }
}
