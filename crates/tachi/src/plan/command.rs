//! One cargo call: the command, its flags and its environment.

use tachi_schema::Command;

use super::call::{Call, Part};
use crate::config::profile::Profile;
use crate::facts::Facts;
use crate::request::{Goal, Request};

/// The cargo call, as a user could paste it.
pub(super) fn command(
    request: &Request,
    facts: &Facts,
    profile: &Profile,
    call: &Call<'_>,
    jobs: Option<usize>,
) -> Command {
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
    if let Some(dir) = &request.target_dir {
        command = command.args(["--target-dir", dir.as_str()]);
    }
    if let Some(jobs) = jobs {
        command = command.args(["--jobs".to_owned(), jobs.to_string()]);
    }
    // Cargo has another word for it where it tests.
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
    // Build scripts are nobody's to trust with them.
    for secret in facts.file.sign.secrets() {
        command = command.env_remove(secret);
    }
    if let Some(wrapper) = &facts.sccache_wrapper {
        command = command.env("RUSTC_WRAPPER", wrapper.as_str());
    }
    command
}

/// Adds the flags for rustc. Where cargo alone would drop some for one target of the call,
/// all of the call's targets get theirs as `target.<triple>.rustflags`: the variable that
/// would switch those off goes for the whole call.
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
