//! Cargo's JSON messages, as far as Tachi needs them.

use camino::Utf8PathBuf;
use cargo_metadata::diagnostic::Diagnostic;
use cargo_metadata::{Message as CargoMessage, TargetKind};
use tachi_schema::plan::ArtifactKind;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A cargo target was compiled, or was found fresh.
    Artifact(Reported),
    /// The compiler had something to say.
    Diagnostic {
        /// The package's id.
        package_id: String,
        /// `error`, `warning`, …
        level: String,
        /// As the compiler rendered it.
        rendered: String,
        /// What was linked and what the linker said, if that is what failed.
        link: Option<FailedLink>,
    },
    /// A build script has run.
    Script(ScriptOutput),
    /// Anything else.
    Other,
}

/// The output of a build script, as far as running tests needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptOutput {
    /// The package's id.
    pub package_id: String,
    /// The folder of its files, whose path has the target's triple where there is one.
    pub out_dir: Utf8PathBuf,
    /// The variables that it sets for the compiler, which cargo sets for tests, too.
    pub env: Vec<(String, String)>,
    /// The folders in which libraries are looked for, without the kind of library.
    pub library_folders: Vec<Utf8PathBuf>,
}

/// A link that failed, in rustc's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedLink {
    /// The sentence: "linking with `cc` failed: exit status: 1".
    pub title: String,
    /// The linker's command.
    pub command: String,
    /// What the linker said.
    pub words: String,
}

/// What cargo says about a compiled cargo target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The package's id.
    pub package_id: String,
    /// The cargo target's name.
    pub name: String,
    /// Which of the kinds of interest it is, if any.
    pub kind: Option<ReportedKind>,
    /// The files it consists of.
    pub files: Vec<Utf8PathBuf>,
    /// The program, for binaries and examples.
    pub executable: Option<Utf8PathBuf>,
    /// Nothing had to be compiled.
    pub fresh: bool,
    /// It is for the host, whatever the target is.
    pub is_proc_macro: bool,
}

/// The kinds of cargo targets that can yield files for users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportedKind {
    /// A binary.
    Bin,
    Example,
    /// A library of whatever crate types.
    Lib,
    /// A test executable.
    Test(ArtifactKind),
}

/// Reads one line of cargo's standard output. What is not a message is [`Message::Other`].
pub fn parse(line: &str) -> Message {
    match serde_json::from_str::<CargoMessage>(line) {
        Ok(CargoMessage::CompilerArtifact(artifact)) => Message::Artifact(Reported {
            kind: if artifact.profile.test {
                test_kind(&artifact.target.kind).map(ReportedKind::Test)
            } else {
                kind(&artifact.target.kind)
            },
            is_proc_macro: artifact.target.kind.contains(&TargetKind::ProcMacro),
            package_id: artifact.package_id.repr,
            name: artifact.target.name,
            files: artifact.filenames,
            executable: artifact.executable,
            fresh: artifact.fresh,
        }),
        Ok(CargoMessage::CompilerMessage(message)) => Message::Diagnostic {
            package_id: message.package_id.repr,
            level: level(message.message.level).to_owned(),
            link: failed_link(&message.message),
            rendered: message.message.rendered.unwrap_or(message.message.message),
        },
        Ok(CargoMessage::BuildScriptExecuted(script)) => Message::Script(ScriptOutput {
            package_id: script.package_id.repr,
            out_dir: script.out_dir,
            env: script.env,
            library_folders: script.linked_paths.iter().map(folder).collect(),
        }),
        _ => Message::Other,
    }
}

/// `native=/folder`: the kind of library, where one is said, and the folder.
fn folder(linked: &Utf8PathBuf) -> Utf8PathBuf {
    match linked.as_str().split_once('=') {
        Some((kind, path)) if !kind.contains('/') => path.into(),
        _ => linked.clone(),
    }
}

fn test_kind(kinds: &[TargetKind]) -> Option<ArtifactKind> {
    Some(match kinds.first()? {
        TargetKind::Bin => ArtifactKind::BinaryTest,
        TargetKind::Example => ArtifactKind::ExampleTest,
        TargetKind::Test => ArtifactKind::IntegrationTest,
        TargetKind::Bench => ArtifactKind::BenchmarkTest,
        TargetKind::CustomBuild => return None,
        _ => ArtifactKind::LibraryTest,
    })
}

fn kind(kinds: &[TargetKind]) -> Option<ReportedKind> {
    kinds.iter().find_map(|kind| match kind {
        TargetKind::Bin => Some(ReportedKind::Bin),
        TargetKind::Example => Some(ReportedKind::Example),
        TargetKind::CDyLib
        | TargetKind::DyLib
        | TargetKind::Lib
        | TargetKind::RLib
        | TargetKind::StaticLib => Some(ReportedKind::Lib),
        _ => None,
    })
}

/// rustc has no code for these; its sentences have been the same since 2015. The linker's
/// command is the first note, the linker's own words are the others.
fn failed_link(diagnostic: &Diagnostic) -> Option<FailedLink> {
    let title = diagnostic.message.clone();
    let has_run = title.starts_with("linking with `");
    let is_missing = title.starts_with("linker `") && title.ends_with("not found");
    if !(has_run || is_missing) {
        return None;
    }
    let mut notes = diagnostic.children.iter().map(|note| note.message.as_str());
    let command = if has_run { notes.next().unwrap_or_default().to_owned() } else { String::new() };
    Some(FailedLink { title, command, words: notes.collect::<Vec<_>>().join("\n") })
}

fn level(level: cargo_metadata::diagnostic::DiagnosticLevel) -> &'static str {
    use cargo_metadata::diagnostic::DiagnosticLevel as Level;
    match level {
        Level::Ice => "internal compiler error",
        Level::Error => "error",
        Level::Warning => "warning",
        Level::FailureNote => "failure-note",
        Level::Note => "note",
        Level::Help => "help",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artifact_is_read_with_its_files() {
        let line = r#"{"reason":"compiler-artifact","package_id":"path+file:///w/a#1.0.0","manifest_path":"/w/a/Cargo.toml","target":{"kind":["bin"],"crate_types":["bin"],"name":"a","src_path":"/w/a/src/main.rs","edition":"2021","doc":true,"doctest":false,"test":true},"profile":{"opt_level":"0","debuginfo":2,"debug_assertions":true,"overflow_checks":true,"test":false},"features":[],"filenames":["/w/target/debug/a"],"executable":"/w/target/debug/a","fresh":true}"#;
        let Message::Artifact(artifact) = parse(line) else { panic!("not an artifact") };
        assert_eq!(artifact.kind, Some(ReportedKind::Bin));
        assert_eq!(
            artifact.executable.as_deref().map(camino::Utf8Path::as_str),
            Some("/w/target/debug/a")
        );
        assert!(artifact.fresh);
    }

    #[test]
    fn a_failed_link_has_its_command_and_the_linkers_words() {
        let line = r#"{"reason":"compiler-message","package_id":"path+file:///w/a#1.0.0","manifest_path":"/w/a/Cargo.toml","target":{"kind":["bin"],"crate_types":["bin"],"name":"a","src_path":"/w/a/src/main.rs","edition":"2021","doc":true,"doctest":false,"test":true},"message":{"rendered":"error: linking with `cc` failed","$message_type":"diagnostic","children":[{"children":[],"code":null,"level":"note","message":" \"cc\" \"-m64\"","rendered":null,"spans":[]},{"children":[],"code":null,"level":"note","message":"ld: cannot find -lx","rendered":null,"spans":[]}],"code":null,"level":"error","message":"linking with `cc` failed: exit status: 1","spans":[]}}"#;
        let Message::Diagnostic { link: Some(failed), .. } = parse(line) else { panic!("no link") };
        assert_eq!(failed.title, "linking with `cc` failed: exit status: 1");
        assert_eq!(failed.command, " \"cc\" \"-m64\"");
        assert_eq!(failed.words, "ld: cannot find -lx");
    }

    #[test]
    fn lines_that_build_scripts_or_wrappers_print_are_passed_over() {
        for line in [
            "",
            "hello",
            "{\"reason\":\"build-finished\",\"success\":true}",
            "{\"reason\":\"new-one\"}",
        ] {
            assert_eq!(parse(line), Message::Other);
        }
    }
}
