//! One cargo call: the command, its flags and its environment.

use camino::Utf8Path;
use tachi_schema::Command;
use tachi_schema::plan::CompilerCache;

use super::call::{Call, Part};
use super::paths;
use crate::config::profile::Profile;
use crate::facts::Facts;
use crate::request::{Goal, Request};
use crate::toolchain::{crate_names, prefix_map};

/// A cargo call, and the parts of it that Tachi provides.
#[derive(Debug)]
pub(super) struct CargoCall {
    /// The call, as a user could paste it.
    pub(super) command: Command,
    /// The compiler cache in it.
    pub(super) compiler_cache: Option<CompilerCache>,
    /// The path of Tachi's wrapper around rustc, where the call names it.
    pub(super) rustc_wrapper: Option<String>,
}

/// The cargo call that `call` makes.
pub(super) fn command(
    request: &Request,
    facts: &Facts,
    profile: &Profile,
    call: &Call<'_>,
    jobs: Option<usize>,
) -> CargoCall {
    let cargo = Command::new(facts.toolchain.cargo.as_str());
    let mut command = match request.goal {
        Goal::Test => cargo.args(["test", "--no-run"]),
        _ => cargo.arg("build"),
    };
    command = match profile.name.as_str() {
        "dev" => command,
        "release" => command.arg("--release"),
        name => command.args(["--profile", name]),
    };
    for part in call.parts.iter().filter(|part| part.target.explicit) {
        command = command.args(["--target", &part.target.triple]);
    }
    command = command.args(call.selection.clone()).args(call.features.to_args());
    if let Some(path) = &request.manifest_path {
        command = command.args(["--manifest-path", path.as_str()]);
    }
    if let Some(dir) = target_dir(request, facts) {
        command = command.args(["--target-dir", dir.as_str()]);
    }
    if let Some(jobs) = jobs {
        command = command.args(["--jobs".to_owned(), jobs.to_string()]);
    }
    // `cargo test` has another word for it.
    if request.goal == Goal::Test && (request.keep_going || request.testing.no_fail_fast) {
        command = command.arg("--no-fail-fast");
    } else if request.keep_going {
        command = command.arg("--keep-going");
    }
    command = command.args(request.lock.to_args());
    command = command.args((0..request.verbose).map(|_| "--verbose"));
    for config in request.config.iter().chain(&profile.injected) {
        command = command.args(["--config", config]);
    }
    command = rustflags(command, call);
    for (name, value) in call.parts.iter().flat_map(|part| &part.target.settings.env) {
        command = command.env(name, value);
    }
    // Build scripts of dependencies run in this environment and must not see secrets.
    for secret in facts.file.sign.secrets() {
        command = command.env_remove(secret);
    }
    wrapped(command, facts, call)
}

/// The folder that cargo is told: the one that the user named, as it was written, or cargo's own
/// choice if its path contains `..`.
fn target_dir<'a>(request: &'a Request, facts: &'a Facts) -> Option<&'a Utf8Path> {
    let given = request.target_dir.as_deref();
    let cargos = given.unwrap_or(facts.workspace.target_dir());
    if facts.environment.absolute(cargos).as_str() == facts.target_dir {
        return given;
    }
    Some(&facts.target_dir)
}

/// Sets the wrapper around rustc: sccache, and Tachi's own, which renames crates whose names from
/// cargo would depend on a folder. Tachi's wrapper calls the one that the user has set.
fn wrapped(command: Command, facts: &Facts, call: &Call<'_>) -> CargoCall {
    let names = |part: &Part<'_>| part.target.settings.env.contains_key(prefix_map::VARIABLE);
    let renamed = if call.parts.iter().any(names) {
        paths::packages_named_by_folder(facts)
    } else {
        Vec::new()
    };
    if renamed.is_empty() {
        return through_cache(command, facts, "RUSTC_WRAPPER", None);
    }
    let wrapper = facts.places().rustc_wrapper();
    let command = command
        .env("RUSTC_WRAPPER", wrapper.as_str())
        .env(crate_names::PACKAGES, renamed.join(","));
    // A Tachi that is called by a build of Tachi's finds Tachi's own wrapper here.
    let inner = facts.cargo_config.rustc_wrapper().filter(|inner| *inner != wrapper);
    let command = match inner {
        Some(inner) => command.env(crate_names::INNER, inner),
        None => command,
    };
    through_cache(command, facts, crate_names::INNER, Some(wrapper.into_string()))
}

/// Names the compiler cache in `variable`, if there is one.
fn through_cache(
    command: Command,
    facts: &Facts,
    variable: &str,
    rustc_wrapper: Option<String>,
) -> CargoCall {
    let Some(sccache) = &facts.sccache_wrapper else {
        return CargoCall { command, compiler_cache: None, rustc_wrapper };
    };
    let program = sccache.to_string();
    let command = command
        .env(variable, &program)
        // A cache server that dies during the build must not fail it.
        .env("SCCACHE_IGNORE_SERVER_IO_ERROR", "1");
    let compiler_cache = Some(CompilerCache { program, variable: variable.to_owned() });
    CargoCall { command, compiler_cache, rustc_wrapper }
}

/// Adds the flags for rustc. If cargo would drop some for one target of the call, all its targets
/// get theirs as `target.<triple>.rustflags`, and the variable that would override those is
/// removed from the call.
fn rustflags(mut command: Command, call: &Call<'_>) -> Command {
    let untouched =
        |part: &Part<'_>| part.extra_flags.is_empty() && part.target.flags.cargo_suffices();
    if call.parts.iter().all(untouched) {
        return command;
    }
    for part in &call.parts {
        let flags = part.target.flags.to_add().into_iter().map(|flag| flag.flag);
        let flags: Vec<String> = flags.chain(part.extra_flags.iter().cloned()).collect();
        if !flags.is_empty() {
            let list = toml::Value::from(flags);
            command = command.args([
                "--config".to_owned(),
                format!("target.{}.rustflags={list}", part.target.triple),
            ]);
        }
    }
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS")
}
