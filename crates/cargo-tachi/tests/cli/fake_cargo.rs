//! A cargo and a rustc that compile nothing and fail on demand: they show in milliseconds how
//! Tachi treats their answers.
//!
//! ```ignore
//! let fake = FakeCargo::new(&["app"]);                  // a workspace: package `app`, these programs
//! fake.build(&[Act::Make("app"), Act::Exit(0)]);        // what `cargo build` (test, check …) will do
//! run(fake.tachi().args(["build", "--release"])).expect_success();
//! assert_eq!(fake.calls(), ["metadata …", "build --release …"]);
//! ```
//!
//! Both are shell scripts, named by `CARGO` and `RUSTC`. Programs are copies of `/bin/true`, which
//! have a real format and can be run. Without [`FakeCargo::build`], cargo makes all programs and
//! succeeds. `cargo metadata` describes the workspace unless [`FakeCargo::metadata`] changes it;
//! the same goes for rustc and [`FakeCargo::rustc`].
//!
//! Use the real cargo instead where its own behaviour matters (which features, which files).

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{HOST, clean, scratch, tachi, write};

/// Something that a program does, in order, until it exits. Texts hold no single quotes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act<'a> {
    /// Makes a program, for each target asked for, and reports it.
    Make(&'a str),
    /// The same, but no two of them are the same bytes.
    MakeOther(&'a str),
    /// Makes a test executable of the library, which is this shell script, and reports it.
    MakeTest(&'a str),
    /// Reports a program that it did not make.
    Report(&'a str),
    /// Reports a program whose file holds this text.
    MakeText(&'a str, &'a str),
    /// Has the compiler say something of this level: `error`, `warning`.
    Diagnose(&'a str, &'a str),
    /// Writes a line to the standard output, where JSON is expected.
    Print(&'a str),
    /// Writes a line to the standard error.
    Say(&'a str),
    /// Writes this many kilobytes to the standard error.
    Flood(u32),
    /// Closes both streams and goes on.
    CloseStreams,
    /// Starts a process that never ends by itself, writes `begun` and the ids of both to the
    /// standard error, and waits.
    Wait,
    /// Ends itself with a signal: `KILL`, `SEGV`.
    Signal(&'a str),
    /// Ends.
    Exit(i32),
}

/// A workspace in a scratch folder, with both scripts.
pub(crate) struct FakeCargo {
    dir: tempfile::TempDir,
}

impl FakeCargo {
    /// A workspace of the package `app` with programs of these names.
    pub(crate) fn new(programs: &[&str]) -> Self {
        let fake = Self { dir: scratch() };
        let manifest = "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";
        let mut files = vec![
            ("Cargo.toml".to_owned(), manifest),
            ("Cargo.lock".to_owned(), "version = 4\n"),
            ("src/lib.rs".to_owned(), ""),
        ];
        files.extend(programs.iter().map(|name| (format!("src/bin/{name}.rs"), "")));
        let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        write(fake.path(), &files);
        let metadata = fake.description(programs).to_string();
        write(&fake.stage(), &[("metadata.json", &metadata)]);
        // Where Tachi looks for std.
        let std = format!("sysroot/lib/rustlib/{HOST}/lib/libstd-0123456789abcdef.rlib");
        write(&fake.stage(), &[(&std, "")]);
        fake.settings("");
        fake.script("cargo", &CARGO.replace("[HOST]", HOST));
        fake.script("rustc", RUSTC);
        fake.acts("metadata", "cat \"$stage/metadata.json\"\n");
        let all: Vec<Act<'_>> = programs.iter().map(|&name| Act::Make(name)).collect();
        fake.build(&all);
        let version = format!(
            "rustc 1.95.0 (59807616e 2026-04-14)\\nbinary: rustc\\ncommit-hash: 59807616e1fa\\nhost: {HOST}\\nrelease: 1.95.0\\nLLVM version: 22.1.2\\n"
        );
        fake.acts("version", &format!("printf '{version}'\n"));
        fake
    }

    /// The workspace's folder.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Sets what cargo does when it is asked to compile.
    pub(crate) fn build(&self, acts: &[Act<'_>]) {
        self.acts("build", &self.shell(acts));
    }

    /// Writes tachi.toml. This machine's linker is used, so that nothing has to be fetched.
    pub(crate) fn settings(&self, more: &str) {
        let text = format!("[target.{HOST}]\nglibc = \"host\"\n{more}");
        write(self.path(), &[("tachi.toml", &text)]);
    }

    /// Sets what `cargo metadata` does.
    pub(crate) fn metadata(&self, acts: &[Act<'_>]) {
        self.acts("metadata", &self.shell(acts));
    }

    /// Sets what `rustc -vV` does.
    pub(crate) fn rustc(&self, acts: &[Act<'_>]) {
        self.acts("version", &self.shell(acts));
    }

    /// `cargo tachi` in the workspace, with both programs and a cache folder of its own.
    pub(crate) fn tachi(&self) -> Command {
        self.with_both(tachi(self.path()))
    }

    /// Another program in the workspace, such as a shell that calls Tachi.
    pub(crate) fn tachi_through(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path());
        clean(&mut command);
        command.env("RUSTC_WRAPPER", "");
        self.with_both(command)
    }

    fn with_both(&self, mut command: Command) -> Command {
        command.env("CARGO", self.stage().join("cargo")).env("RUSTC", self.stage().join("rustc"));
        command.env("TACHI_CACHE_DIR", self.stage().join("cache")).env_remove("RUSTUP_TOOLCHAIN");
        command
    }

    /// The arguments of all calls of cargo so far.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = std::fs::read_to_string(self.stage().join("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    /// The folder of the two programs and their roles.
    fn stage(&self) -> PathBuf {
        self.path().join("stage")
    }

    fn acts(&self, role: &str, shell: &str) {
        write(&self.stage(), &[(role, shell)]);
    }

    fn script(&self, name: &str, text: &str) {
        write(&self.stage(), &[(name, text)]);
        let path = self.stage().join(name);
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    }

    fn shell(&self, acts: &[Act<'_>]) -> String {
        let mut shell = String::new();
        for act in acts {
            match act {
                Act::Make(name) => writeln!(shell, "make '{name}' cp"),
                Act::MakeOther(name) => writeln!(shell, "make '{name}' other"),
                Act::MakeTest(script) => {
                    write(&self.stage(), &[("test", script)]);
                    writeln!(shell, "make_test")
                }
                Act::Report(name) => writeln!(shell, "make '{name}' :"),
                Act::MakeText(name, text) => writeln!(shell, "text='{text}'\nmake '{name}' text"),
                Act::Diagnose(level, said) => {
                    let message = json!({
                        "reason": "compiler-message", "package_id": self.id(), "manifest_path": self.path().join("Cargo.toml"),
                        "target": self.target("lib", "app"),
                        "message": {
                            "message": said, "code": null, "level": level, "spans": [], "children": [],
                            "rendered": format!("{level}: {said}\n"),
                        },
                    });
                    writeln!(shell, "printf '%s\\n' '{message}'")
                }
                Act::Print(line) => writeln!(shell, "printf '%s\\n' '{line}'"),
                Act::Say(line) => writeln!(shell, "printf '%s\\n' '{line}' >&2"),
                Act::Flood(kilobytes) => {
                    writeln!(shell, "yes '{}' | head -c {kilobytes}000 >&2", "flood ".repeat(10))
                }
                Act::CloseStreams => writeln!(shell, "exec >&- 2>&-"),
                Act::Wait => {
                    writeln!(shell, "sleep 3600 &\necho \"begun $! $$\" >&2\nwait")
                }
                Act::Signal(signal) => writeln!(shell, "kill -{signal} $$"),
                Act::Exit(code) => writeln!(shell, "exit {code}"),
            }
            .unwrap();
        }
        shell
    }

    fn id(&self) -> String {
        format!("path+file://{}#app@1.0.0", self.path().display())
    }

    fn target(&self, kind: &str, name: &str) -> Value {
        let file =
            if kind == "lib" { "src/lib.rs".to_owned() } else { format!("src/bin/{name}.rs") };
        json!({
            "kind": [kind], "crate_types": [kind], "name": name, "src_path": self.path().join(file),
            "edition": "2021", "doc": true, "doctest": false, "test": true,
        })
    }

    fn description(&self, programs: &[&str]) -> Value {
        let (id, root) = (self.id(), self.path());
        let mut targets = vec![self.target("lib", "app")];
        targets.extend(programs.iter().map(|name| self.target("bin", name)));
        json!({
            "packages": [{
                "name": "app", "version": "1.0.0", "id": id, "license": null, "license_file": null,
                "description": null, "source": null, "dependencies": [], "targets": targets,
                "features": {}, "manifest_path": root.join("Cargo.toml"), "metadata": null,
                "publish": null, "authors": [], "categories": [], "keywords": [], "readme": null,
                "repository": null, "homepage": null, "documentation": null, "edition": "2021",
                "links": null, "default_run": null, "rust_version": null,
            }],
            "workspace_members": [id], "workspace_default_members": [id],
            "resolve": { "nodes": [{ "id": id, "dependencies": [], "deps": [], "features": [] }], "root": id },
            "target_directory": root.join("target"), "version": 1, "workspace_root": root, "metadata": null,
        })
    }
}

/// The roles are files, so that a test can change them between two runs.
const CARGO: &str = r#"#!/bin/sh
stage=${0%/*}
root=${stage%/*}
echo "$*" >> "$stage/calls"
folder=debug targets= last=
target_dir=${CARGO_TARGET_DIR:-$root/target}
for word in "$@"; do
    case $last in
        --target) targets="$targets $word" ;;
        --profile) folder=$word ;;
        --target-dir) target_dir=$word ;;
    esac
    [ "$word" = --release ] && folder=release
    last=$word
done
[ "$folder" = dev ] && folder=debug
id="path+file://$root#app@1.0.0"

# name, how: copies, or writes a text, or does nothing; then reports a program
make() {
    for target in ${targets:-.}; do
        file=$target_dir/$target/$folder/$1
        [ "$target" = . ] && file=$target_dir/$folder/$1
        mkdir -p "${file%/*}"
        case $2 in
            cp) cp /bin/true "$file" ;;
            other) cp /bin/true "$file"; date +%N >> "$file" ;;
            text) printf '%s' "$text" > "$file" ;;
        esac
        report bin "$1" "$file" false
    done
}
make_test() {
    for target in ${targets:-.}; do
        file=$target_dir/$target/debug/deps/app-0123456789abcdef
        mkdir -p "${file%/*}"
        cp "$stage/test" "$file"
        chmod +x "$file"
        report lib app "$file" true
    done
}
report() {
    cat <<EOF
{"reason":"compiler-artifact","package_id":"$id","manifest_path":"$root/Cargo.toml","target":{"kind":["$1"],"crate_types":["$1"],"name":"$2","src_path":"$root/src/$2.rs","edition":"2021","doc":true,"doctest":false,"test":true},"profile":{"opt_level":"0","debuginfo":0,"debug_assertions":true,"overflow_checks":true,"test":$4},"features":[],"filenames":["$3"],"executable":"$3","fresh":false}
EOF
}

case $1 in
    metadata) . "$stage/metadata" ;;
    *) . "$stage/build" ;;
esac
"#;

const RUSTC: &str = r#"#!/bin/sh
stage=${0%/*}
case "$*" in
    -vV) . "$stage/version" ;;
    "--print sysroot") echo "$stage/sysroot" ;;
    *) echo "the stand-in for rustc was asked for: $*" >&2; exit 9 ;;
esac
"#;
