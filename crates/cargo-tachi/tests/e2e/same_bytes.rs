//! The packaged bytes are the verified ones, whatever other programs do in the folder.
//!
//! Cost: 15 CPU seconds in all: small programs for this machine, several times.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{HOST, Ran, run, scratch, tachi, write};

/// A program that does, when asked for its version, what shall happen between its verification and
/// its packaging.
fn workspace(when_asked: &str) -> tempfile::TempDir {
    let dir = scratch();
    let manifest = "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[features]\nevil = []\n[workspace]\n";
    let lock = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n";
    let main = format!(
        "fn main() {{\n    if cfg!(feature = \"evil\") {{ println!(\"evil app\"); return; }}\n{when_asked}\n    println!(\"good app\");\n}}\n"
    );
    write(dir.path(), &[("Cargo.toml", manifest), ("Cargo.lock", lock), ("src/main.rs", &main)]);
    dir
}

fn tachi_for_host(dir: &Path, args: &[&str]) -> Command {
    let mut command = tachi(dir);
    command.args(args).args(["--target", HOST, "--release"]);
    command
}

fn start(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn wait_for(file: &Path) {
    let begin = Instant::now();
    while !file.exists() {
        assert!(begin.elapsed() < Duration::from_mins(5), "{} never came", file.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The output of the packaged program.
fn packaged(dir: &Path) -> String {
    let archive = dir.join(format!("target/tachi/dist/app-1.0.0-{HOST}.tar.gz"));
    let folder = scratch();
    run(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(folder.path())).expect_success();
    let program = folder.path().join(format!("app-1.0.0-{HOST}/app"));
    let mut command = Command::new(program);
    run(command.env("GO", "1")).expect_success().stdout
}

#[test]
fn a_second_writer_of_the_same_folder_waits_for_the_first_and_says_so() {
    let dir = workspace(
        "    let place = std::path::Path::new(option_env!(\"PLACE\").unwrap());\n    \
         if std::env::var_os(\"GO\").is_none() {\n        std::fs::write(place.join(\"asked\"), \"\").unwrap();\n        \
         while !place.join(\"go\").exists() { std::thread::sleep(std::time::Duration::from_millis(10)); }\n    }",
    );
    let dir = dir.path();
    // The folder of the workspace in the program would be a leak; this one is no secret.
    let place = scratch();
    let place = place.path();
    write(dir, &[("tachi.toml", "[verify]\nwarn = [\"absolute-path\", \"build-folder\"]\n")]);
    let mut dist = tachi(dir);
    dist.args(["dist", "--target", HOST]).env("PLACE", place);
    let first = start(dist);
    wait_for(&place.join("asked"));

    let mut second = start(tachi_for_host(dir, &["build", "--features", "evil"]));
    let said = BufReader::new(second.stderr.take().unwrap()).lines().map_while(Result::ok);
    let mut said = said.skip_while(|line| !line.contains("waiting for another Tachi"));
    assert!(said.next().is_some_and(|line| line.contains("target/tachi/release")));
    write(place, &[("go", "")]);
    let first = Ran::from(first.wait_with_output().unwrap());
    first.expect_success();
    assert!(said.count() > 0);
    assert!(second.wait().unwrap().success());
    assert_eq!(packaged(dir), "good app\n");
}

#[test]
fn a_program_that_is_replaced_after_its_verification_is_not_packaged() {
    let dir = workspace(
        "    let own = std::env::current_exe().unwrap();\n    let mut bytes = std::fs::read(&own).unwrap();\n    \
         bytes.push(0);\n    let other = own.with_extension(\"new\");\n    std::fs::write(&other, bytes).unwrap();\n    \
         std::fs::rename(other, own).unwrap();",
    );
    let dir = dir.path();
    let mut dist = tachi(dir);
    let ran = run(dist.args(["dist", "--target", HOST])).expect_code(1);
    let said = "changed between its verification and its packaging";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    assert!(!dir.join(format!("target/tachi/dist/app-1.0.0-{HOST}.tar.gz")).exists());
}

#[test]
fn an_example_and_a_program_of_the_same_name_are_both_packaged() {
    let dir = workspace("");
    let dir = dir.path();
    write(dir, &[("examples/app.rs", "fn main() { println!(\"example\"); }\n")]);
    let mut dist = tachi(dir);
    run(dist.args(["dist", "--bins", "--examples", "--target", HOST])).expect_success();
    let archive = dir.join(format!("target/tachi/dist/app-1.0.0-{HOST}.tar.gz"));
    let listed = run(Command::new("tar").arg("-tzf").arg(archive)).expect_success().stdout;
    let expected = ["app", "examples/app"].map(|file| format!("app-1.0.0-{HOST}/{file}"));
    assert_eq!(listed.lines().collect::<Vec<_>>(), expected);
    let mut verify = tachi(dir);
    run(verify.args(["verify", "--bins", "--examples", "--target", HOST])).expect_success();
}
