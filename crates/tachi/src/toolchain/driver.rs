//! The program between rustc, `cc`, cmake and zig: the wrappers of a kit call it as
//! `<driver> __driver <tool> --zig <path> --target <zig target> --cache <folder> -- <args>`,
//! it rewrites the arguments and becomes zig.

use camino::{Utf8Path, Utf8PathBuf};

use super::error::ToolchainError;
use super::{compile_args, link_args, response};
use crate::sys::{Command, fs, run};

/// The first argument of a call that is meant for [`answer`].
pub const MARK: &str = "__driver";

/// Longer command lines go through a response file: Linux takes 2 MiB, environment
/// included.
const LONGEST_LINE: usize = 512 * 1024;

/// Answers a call of a kit's wrapper, given the arguments without the program's name; none
/// if this is not one. To be called first in `main` by every program that builds with this
/// library. On success the process becomes zig and this does not return.
pub fn answer(args: &[String]) -> Option<ToolchainError> {
    let [mark, call @ ..] = args else { return None };
    if mark != MARK {
        return None;
    }
    Some(match prepare(call) {
        Ok(command) => run::exec(&command).into(),
        Err(error) => error,
    })
}

/// What a wrapper says of itself.
struct Call<'a> {
    tool: &'a str,
    zig: &'a str,
    target: &'a str,
    cache: &'a str,
    args: &'a [String],
}

fn read(call: &[String]) -> Result<Call<'_>, ToolchainError> {
    let words: Vec<&str> = call.iter().take(8).map(String::as_str).collect();
    match words[..] {
        [tool @ ("cc" | "c++"), "--zig", zig, "--target", target, "--cache", cache, "--"] => {
            Ok(Call { tool, zig, target, cache, args: &call[8..] })
        }
        _ => Err(ToolchainError::Driver(call.join(" "))),
    }
}

fn prepare(call: &[String]) -> Result<Command, ToolchainError> {
    let call = read(call)?;
    let (args, rewritten) = expand(call.args)?;
    let args = if compile_args::is_compile(&args) {
        compile_args::filter(&args, call.target)
    } else {
        link_args::filter(&args, link_args::Link { zig_target: call.target })
    };
    let length: usize = args.iter().map(|arg| arg.len() + 1).sum();
    let args = match rewritten {
        Some(file) if length > LONGEST_LINE => {
            let file = Utf8PathBuf::from(format!("{file}.zig"));
            fs::write_atomic(&file, response::write(&args).as_bytes())?;
            vec![format!("@{file}")]
        }
        _ => args,
    };
    Ok(Command::new(call.zig)
        .args([call.tool, "-target", call.target])
        .args(args)
        .env("ZIG_GLOBAL_CACHE_DIR", call.cache)
        .env("ZIG_LOCAL_CACHE_DIR", call.cache))
}

/// Replaces each `@file` by its arguments; says which file was the last.
fn expand(args: &[String]) -> Result<(Vec<String>, Option<Utf8PathBuf>), ToolchainError> {
    let mut out = Vec::with_capacity(args.len());
    let mut last = None;
    for arg in args {
        match arg.strip_prefix('@').map(Utf8Path::new).filter(|file| fs::exists(file)) {
            Some(file) => {
                out.extend(response::parse(&fs::read_to_string(file)?));
                last = Some(file.to_owned());
            }
            None => out.push(arg.clone()),
        }
    }
    Ok((out, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(rest: &[&str]) -> Vec<String> {
        let head =
            ["cc", "--zig", "/z/zig", "--target", "x86_64-linux-musl", "--cache", "/c", "--"];
        head.iter().chain(rest).map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn a_wrappers_call_becomes_a_call_of_zig() {
        let command = prepare(&call(&["-static-pie", "a.o"])).unwrap();
        let expected = "ZIG_GLOBAL_CACHE_DIR=/c ZIG_LOCAL_CACHE_DIR=/c /z/zig cc -target x86_64-linux-musl -static -pie a.o";
        assert_eq!(command.to_string(), expected);
    }

    #[test]
    fn response_files_are_read_before_the_arguments_are_rewritten() {
        let dir = tempfile::tempdir().unwrap();
        let file = Utf8Path::from_path(dir.path()).unwrap().join("args");
        fs::write_atomic(&file, b"-lgcc_s\na\\ b.o").unwrap();
        let command = prepare(&call(&[&format!("@{file}"), "-v"])).unwrap();
        assert_eq!(command.args[3..], ["-lunwind", "a b.o", "-v"]);

        let long = "-lgcc_s\n".repeat(100_000);
        fs::write_atomic(&file, long.as_bytes()).unwrap();
        let command = prepare(&call(&[&format!("@{file}")])).unwrap();
        assert_eq!(command.args[3..], [format!("@{file}.zig")]);
        let text = fs::read_to_string(Utf8Path::new(&format!("{file}.zig"))).unwrap();
        assert_eq!(text.lines().next(), Some("\"-lunwind\""));
    }

    #[test]
    fn other_programs_calls_are_not_answered() {
        assert!(answer(&["tachi".into(), "build".into()]).is_none());
        assert!(answer(&[]).is_none());
        let error = answer(&[MARK.into(), "nonsense".into()]).unwrap();
        assert!(error.to_string().contains("bad call of the linker driver: nonsense"));
    }
}
