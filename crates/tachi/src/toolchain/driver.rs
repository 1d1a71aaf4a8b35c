//! The program between rustc, `cc` or cmake and zig. The wrappers of a kit call it as
//! `<driver> __driver <tool> --zig <path> --target <zig target> --cache <folder> -- <args>`; it
//! rewrites the arguments and becomes zig. Called as rustc, it renames crates and becomes rustc.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::error::ToolchainError;
use super::first_link::FirstLink;
use super::link_outcome::LinkOutcome;
use super::macos::{self, clang_args, zig_link};
use super::prefix_map::{self, PrefixMap};
use super::windows::{self, c_support, import_library::Machine, manifest};
use super::wire::{self, MARK, option};
use super::word::Teller;
use super::zig::Zig;
use super::{compile_args, crate_names, link_args, response};
use crate::sys::env::Environment;
use crate::sys::interrupt::Interrupt;
use crate::sys::{Command, fs, run};

/// Answers a call of a kit's wrapper, given the arguments without the program's name. None if
/// the call is not a wrapper's.
///
/// Every program that builds with this library calls this function first in `main`. It prints
/// the outcome's text and ends with its success. Most often the function does not return: the
/// process becomes zig or rustc.
pub fn answer(args: &[String]) -> Option<Result<LinkOutcome, ToolchainError>> {
    let [mark, call @ ..] = args else { return None };
    (mark == MARK).then(|| respond(call))
}

/// A wrapper's call.
struct Call<'a> {
    tool: &'a str,
    options: BTreeMap<&'a str, &'a str>,
    args: &'a [String],
    /// The names that stand for this machine's folders in files.
    names: PrefixMap,
    /// Tells the running Tachi about slow work.
    teller: Teller,
}

impl<'a> Call<'a> {
    fn read(call: &'a [String]) -> Option<Self> {
        let (tool, rest) = call.split_first()?;
        let end = rest.iter().position(|word| word == "--")?;
        let mut options = BTreeMap::new();
        for pair in rest[..end].chunks(2) {
            let [name, value] = pair else { return None };
            options.insert(name.strip_prefix("--")?, value.as_str());
        }
        let (names, teller) = (PrefixMap::default(), Teller::default());
        Some(Self { tool, options, args: &rest[end + 1..], names, teller })
    }

    fn option(&self, name: &'static str) -> Result<&'a str, ToolchainError> {
        let missing = || ToolchainError::Driver(format!("{} without --{name}", self.tool));
        self.options.get(name).copied().ok_or_else(missing)
    }

    fn stubs(&self) -> Result<&'a Utf8Path, ToolchainError> {
        self.option(option::STUBS).map(Utf8Path::new)
    }

    fn zig<'b>(&self, interrupt: &'b Interrupt) -> Result<Zig<'b>, ToolchainError>
    where
        'a: 'b,
    {
        let (program, cache) = (self.option(option::ZIG)?, self.option(option::CACHE)?);
        Ok(Zig { program: program.into(), cache: cache.into(), interrupt })
    }

    /// The processor, if the target is one of MSVC's and Tachi's stubs stand for its SDK.
    fn msvc(&self) -> Option<Machine> {
        let arch = self.options.get(option::TARGET)?.strip_suffix("-windows-msvc")?;
        let machine = [Machine::X64, Machine::Arm64].into_iter().find(|one| one.name() == arch)?;
        (!self.options.contains_key(option::SDK)).then_some(machine)
    }
}

fn respond(call: &[String]) -> Result<LinkOutcome, ToolchainError> {
    let Some(mut call) = Call::read(call) else {
        return Err(ToolchainError::Driver(call.join(" ")));
    };
    let environment = Environment::of_this_process()?;
    call.names =
        environment.var(prefix_map::VARIABLE).map(PrefixMap::of_variable).unwrap_or_default();
    call.teller = Teller::new(&environment);
    if call.tool == wire::RUSTC {
        return Err(run::exec(&rustc(&call, &environment)?).into());
    }
    let (args, rewritten) = expand(call.args)?;
    match call.tool {
        wire::LLD_LINK => lld_link(&call, &args),
        wire::CC | wire::CXX => {
            let compiles = compile_args::is_compile(&args);
            if compiles && let Some(machine) = call.msvc() {
                let interrupt = Interrupt::left_to_system();
                let (zig, stubs) = (call.zig(&interrupt)?, call.stubs()?);
                provide_c(&call, &zig, stubs, machine, call.tool == wire::CXX)?;
            }
            let links = !compiles && clang_args::is_plain_link(&args);
            let is_macos = call.options.contains_key(option::MINIMUM_OS);
            let has_lld = call.options.contains_key(option::LLD);
            match zig_link::Asked::of(&args) {
                _ if links && is_macos && has_lld => ld64(&call, &args),
                Some(asked) if links && is_macos => macho_by_zig(&call, asked, &args, rewritten),
                Some(_) if links => link_by_zig(&call, &args, rewritten),
                _ => Err(run::exec(&zig(&call, &args, rewritten)?).into()),
            }
        }
        tool => Err(ToolchainError::Driver(tool.to_owned())),
    }
}

/// The call of rustc, whose path is the first argument; or of the user's own wrapper, if there
/// is one.
fn rustc(call: &Call<'_>, environment: &Environment) -> Result<Command, ToolchainError> {
    let missing = || ToolchainError::Driver("rustc without its path".into());
    let (program, args) = call.args.split_first().ok_or_else(missing)?;
    let args = crate_names::stable(args.to_vec(), |name| environment.var(name), &call.names);
    Ok(match environment.var(crate_names::INNER) {
        Some(inner) => Command::new(inner).arg(program).args(args),
        None => Command::new(&**program).args(args),
    })
}

/// Links for macOS.
fn ld64(call: &Call<'_>, args: &[String]) -> Result<LinkOutcome, ToolchainError> {
    let users = call.options.get(option::SDK).copied().map(Utf8Path::new);
    let tools = macos::link::Tools {
        lld: call.option(option::LLD)?,
        zig_target: call.option(option::TARGET)?,
        minimum_os: call.option(option::MINIMUM_OS)?,
        sdk: users.map_or_else(|| call.stubs(), Ok)?,
        is_stubs: users.is_none(),
        names: &call.names,
    };
    Ok(macos::link::link(args, tools)?)
}

/// Links for macOS without lld.
fn macho_by_zig(
    call: &Call<'_>,
    asked: zig_link::Asked<'_>,
    args: &[String],
    rewritten: Option<Utf8PathBuf>,
) -> Result<LinkOutcome, ToolchainError> {
    let more = asked.more(call.stubs()?);
    let args: Vec<String> = args.iter().cloned().chain(more).collect();
    let command = zig(call, &args, rewritten)?;
    let outcome = match first_link(call, &args)? {
        Some(first) => link_first(call, &command, &first)?,
        None => LinkOutcome::of(&command)?,
    };
    if outcome.success {
        asked.sign()?;
    }
    Ok(outcome)
}

/// Links with zig: this process becomes zig, unless the link is the first of its kind.
fn link_by_zig(
    call: &Call<'_>,
    args: &[String],
    rewritten: Option<Utf8PathBuf>,
) -> Result<LinkOutcome, ToolchainError> {
    let command = zig(call, args, rewritten)?;
    match first_link(call, args)? {
        Some(first) => link_first(call, &command, &first),
        None => Err(run::exec(&command).into()),
    }
}

fn first_link(call: &Call<'_>, args: &[String]) -> Result<Option<FirstLink>, ToolchainError> {
    let interrupt = Interrupt::left_to_system();
    let (zig, target) = (call.zig(&interrupt)?, call.option(option::TARGET)?);
    Ok(FirstLink::of(&zig, target, call.tool, args))
}

fn link_first(
    call: &Call<'_>,
    command: &Command,
    first: &FirstLink,
) -> Result<LinkOutcome, ToolchainError> {
    let outcome = call.teller.tell(&first.sentence, || LinkOutcome::of(command))?;
    if outcome.success {
        first.succeeded();
    }
    Ok(outcome)
}

/// Makes the libraries that C needs on MSVC's targets, unless they are there.
fn provide_c(
    call: &Call<'_>,
    zig: &Zig<'_>,
    stubs: &Utf8Path,
    machine: Machine,
    has_cxx: bool,
) -> Result<(), ToolchainError> {
    let arch = machine.name();
    let what = format!("zig compiles mingw-w64's C functions for {arch}, which C needs on Windows");
    call.teller.tell(&what, || c_support::provide(zig, stubs, machine))?;
    if has_cxx {
        let what = format!("zig compiles libc++ for {arch}, which C++ needs on Windows");
        call.teller.tell(&what, || c_support::provide_cxx(zig, stubs, machine))?;
    }
    Ok(())
}

/// Links for MSVC's targets. The libraries for C were made when C was compiled. If Tachi's cache
/// was deleted since, symbols are missing: then the libraries are made and linked once more.
fn lld_link(call: &Call<'_>, args: &[String]) -> Result<LinkOutcome, ToolchainError> {
    let outcome = link_once(call, args)?;
    let Some(machine) = call.msvc().filter(|_| outcome.misses_symbols()) else {
        return Ok(outcome);
    };
    let interrupt = Interrupt::left_to_system();
    let (zig, stubs) = (call.zig(&interrupt)?, call.stubs()?);
    if !c_support::is_complete(stubs, machine, &outcome.stderr) {
        provide_c(call, &zig, stubs, machine, c_support::is_cxx(&outcome.stderr))?;
        return link_once(call, args);
    }
    Ok(outcome)
}

fn link_once(call: &Call<'_>, args: &[String]) -> Result<LinkOutcome, ToolchainError> {
    Ok(LinkOutcome::of(&lld_link_command(call, args)?)?)
}

/// The call of lld that links for MSVC's targets.
fn lld_link_command(call: &Call<'_>, args: &[String]) -> Result<Command, ToolchainError> {
    let target = call.option(option::TARGET)?;
    let arch = target.split('-').next().unwrap_or_default();
    let sdk = match call.options.get(option::SDK) {
        Some(sdk) => sdk,
        None => call.option(option::STUBS)?,
    };
    let mut args = windows::link_args::complete(args, Utf8Path::new(sdk), arch);
    if let Some(asked) = manifest::take(&mut args).map_err(ToolchainError::Manifest)? {
        let text = fs::read_to_string(Utf8Path::new(&asked.input))?;
        let out = args.iter().find_map(|arg| arg.strip_prefix("/OUT:")).unwrap_or("a.exe");
        let file = format!("{out}.manifest.res");
        fs::write_atomic(Utf8Path::new(&file), &manifest::resource(&text, asked.id))?;
        args.push(file);
    }
    if let Some(machine) = call.msvc() {
        let library = c_support::library(call.stubs()?, machine);
        args.extend(fs::exists(&library).then(|| library.into_string()));
        let libraries = c_support::cxx_libraries(call.stubs()?, machine);
        args.extend(libraries.into_iter().map(Utf8PathBuf::into_string));
    }
    let command = match call.options.get(option::LLD) {
        Some(lld) => Command::new(*lld).args(["-flavor", "link"]),
        None => Command::new(call.option(option::ZIG)?).arg("lld-link"),
    };
    Ok(command.args(args))
}

/// The call of zig that compiles or links.
fn zig(
    call: &Call<'_>,
    args: &[String],
    rewritten: Option<Utf8PathBuf>,
) -> Result<Command, ToolchainError> {
    let asked = call.option(option::TARGET)?;
    // zig has headers for mingw-w64's environment only. Objects that are compiled with them can
    // be linked for MSVC's environment as well.
    let target = &asked.replace("-windows-msvc", "-windows-gnu");
    let compiles = compile_args::is_compile(args);
    let args = if compiles {
        let mut args = compile_args::filter(args, target);
        args.extend(call.names.c_flags());
        // The UCRT's own `printf` is as good as mingw-w64's.
        args.extend((target != asked).then(|| "-D__USE_MINGW_ANSI_STDIO=0".to_owned()));
        args
    } else {
        link_args::filter(args, link_args::Link { zig_target: target })
    };
    let args = match rewritten {
        Some(file) if response::is_needed(&args) => {
            let file = Utf8PathBuf::from(format!("{file}.zig"));
            fs::write_atomic(&file, response::write(&args).as_bytes())?;
            vec![format!("@{file}")]
        }
        _ => args,
    };
    let interrupt = Interrupt::left_to_system();
    let zig = call.zig(&interrupt)?;
    let head = [call.tool, "-target", target];
    let command = if compiles { zig.command(head) } else { zig.link_command(head) };
    Ok(command.args(args))
}

/// Replaces each `@file` by its arguments, and returns the last such file.
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

    fn prepared(call: &[String]) -> Command {
        let call = Call::read(call).unwrap();
        let (args, rewritten) = expand(call.args).unwrap();
        zig(&call, &args, rewritten).unwrap()
    }

    #[test]
    fn a_wrappers_call_becomes_a_call_of_zig() {
        let command = prepared(&call(&["-static-pie", "a.o"]));
        let expected = "CCC_OVERRIDE_OPTIONS='# +-ffile-prefix-map=/z=/zig +-fdebug-compilation-dir=/zig' \
             ZIG_GLOBAL_CACHE_DIR=/c ZIG_LOCAL_CACHE_DIR=/c /z/zig cc -target x86_64-linux-musl -static -pie a.o";
        assert_eq!(command.to_string(), expected);
    }

    #[test]
    fn response_files_are_read_before_the_arguments_are_rewritten() {
        let dir = tempfile::tempdir().unwrap();
        let file = Utf8Path::from_path(dir.path()).unwrap().join("args");
        fs::write_atomic(&file, b"-lgcc_s\na\\ b.o").unwrap();
        let command = prepared(&call(&[&format!("@{file}"), "-v"]));
        assert_eq!(command.args[3..], ["-lunwind", "a b.o", "-v"]);

        let long = "-lgcc_s\n".repeat(100_000);
        fs::write_atomic(&file, long.as_bytes()).unwrap();
        let command = prepared(&call(&[&format!("@{file}")]));
        assert_eq!(command.args[3..], [format!("@{file}.zig")]);
        let text = fs::read_to_string(Utf8Path::new(&format!("{file}.zig"))).unwrap();
        assert_eq!(text.lines().next(), Some("\"-lunwind\""));
    }

    #[test]
    fn other_programs_calls_are_not_answered() {
        assert!(answer(&["tachi".into(), "build".into()]).is_none());
        assert!(answer(&[]).is_none());
        let error = answer(&[MARK.into(), "nonsense".into()]).unwrap().unwrap_err();
        assert!(error.to_string().contains("bad call of the linker driver: nonsense"));
    }
}
