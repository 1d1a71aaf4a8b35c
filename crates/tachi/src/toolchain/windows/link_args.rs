//! Adds to rustc's arguments for Microsoft's linker what `lld-link` needs to find its libraries.
//! Pure.

use camino::Utf8Path;

/// The arguments for `lld-link`, with the libraries of `sdk` for `arch` (LLVM's name).
pub fn complete(args: &[String], sdk: &Utf8Path, arch: &str) -> Vec<String> {
    let mut out = Vec::with_capacity(args.len() + 4);
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == "-flavor" {
            rest.next();
        } else {
            out.push(lower_case_library(arg));
        }
    }
    for folder in ["crt/lib", "sdk/lib/um", "sdk/lib/ucrt"] {
        out.push(format!("/libpath:{}", sdk.join(folder).join(arch)));
    }
    // No time of day in the file.
    out.push("/Brepro".into());
    out
}

/// `AdvAPI32.lib` → `advapi32.lib`: Windows ignores the case of a name, the file system here does
/// not. A path names a user's own file, and stays as it is.
fn lower_case_library(arg: &str) -> String {
    let (option, name) = match arg.split_once(':') {
        Some((option, name)) if option.eq_ignore_ascii_case("/defaultlib") => {
            (format!("{option}:"), name)
        }
        _ => (String::new(), arg),
    };
    let is_plain = !name.contains(['/', '\\']);
    let is_library = !option.is_empty() || name.to_ascii_lowercase().ends_with(".lib");
    if is_plain && is_library {
        format!("{option}{}", name.to_ascii_lowercase())
    } else {
        arg.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_found_whatever_their_case() {
        let args: Vec<String> =
            "-flavor link /NOLOGO a.o AdvAPI32.lib /defaultlib:MSVCRT /t/Mine.lib /OUT:A.exe"
                .split(' ')
                .map(str::to_owned)
                .collect();
        assert_eq!(
            complete(&args, Utf8Path::new("/sdk"), "x86_64").join(" "),
            "/NOLOGO a.o advapi32.lib /defaultlib:msvcrt /t/Mine.lib /OUT:A.exe \
             /libpath:/sdk/crt/lib/x86_64 /libpath:/sdk/sdk/lib/um/x86_64 /libpath:/sdk/sdk/lib/ucrt/x86_64 /Brepro"
        );
    }
}
