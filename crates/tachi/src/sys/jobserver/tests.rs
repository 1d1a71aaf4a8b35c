//! Tokens are counted, shared, joined; and a real cargo keeps to them.

use super::*;

fn cores(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

fn surroundings(variables: &[(&str, &str)]) -> Environment {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Environment::new(variables.iter().map(owned), "/")
}

/// Takes all tokens that are there.
fn drain(jobserver: &Jobserver) -> Vec<Token<'_>> {
    std::iter::from_fn(|| jobserver.take(Duration::ZERO)).collect()
}

#[test]
fn there_are_as_many_tokens_as_cores_and_they_come_back() {
    let counted = |count| Jobserver {
        cores: cores(count),
        tokens: Tokens::Counted(Counter::new(cores(count))),
    };
    for count in [1, 5] {
        for jobserver in [Jobserver::new(cores(count), &surroundings(&[])), counted(count)] {
            for _ in 0..2 {
                assert_eq!(drain(&jobserver).len(), count, "{jobserver:?}");
            }
        }
    }
}

#[test]
fn whoever_waits_gets_the_token_that_is_given_back_or_hears_the_interrupt() {
    let jobserver = Jobserver::new(cores(1), &surroundings(&[]));
    let interrupt = Interrupt::default();
    let held = jobserver.acquire(&interrupt).unwrap();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| jobserver.acquire(&interrupt).is_some());
        drop(held);
        assert!(waiter.join().unwrap());
        let _held = jobserver.acquire(&interrupt).unwrap();
        let waiter = scope.spawn(|| jobserver.acquire(&interrupt).is_some());
        interrupt.raise();
        assert!(!waiter.join().unwrap());
    });
}

#[cfg(target_os = "linux")]
mod shared {
    use camino::Utf8PathBuf;

    use super::*;
    use crate::sys::{fs, run};

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        (folder, path)
    }

    #[test]
    fn cargos_jobs_become_tokens_unless_a_call_wants_fewer() {
        let jobserver = Jobserver::new(cores(4), &surroundings(&[]));
        let cargo = |args: &[&str]| Command::new("cargo").args(args.iter().copied());
        for args in [&["build", "--locked"] as &[_], &["build", "--jobs", "4", "--locked"]] {
            let lent = jobserver.lend(&cargo(args));
            assert_eq!(lent.args, ["build", "--locked"]);
            let is_asked = args.contains(&"--jobs");
            let jobs = lent.env.get("CARGO_BUILD_JOBS").cloned().flatten();
            assert_eq!(jobs.as_deref(), is_asked.then_some("4"));
            let flags = lent.env["CARGO_MAKEFLAGS"].as_deref().unwrap();
            assert!(flags.starts_with("-j --jobserver-fds="), "{flags}");
        }
        let frugal = cargo(&["build", "--jobs", "1"]);
        assert_eq!(jobserver.lend(&frugal), frugal);
    }

    #[test]
    fn a_jobserver_of_whoever_started_this_process_is_joined() {
        let outer = Jobserver::new(cores(3), &surroundings(&[]));
        let flags = outer.lend(&Command::new("make")).env["CARGO_MAKEFLAGS"].clone().unwrap();
        for name in VARIABLES {
            let inner = Jobserver::new(cores(8), &surroundings(&[(name, &flags)]));
            // Two that are shared, and the one that whoever started it gave it.
            assert_eq!(drain(&inner).len(), 3, "{name}");
            let all = drain(&outer);
            assert_eq!(drain(&inner).len(), 1, "{name}");
            drop(all);
            // What it starts has inherited the jobserver, and needs no telling.
            let command = Command::new("cargo").args(["build", "--jobs", "8"]);
            assert_eq!(inner.lend(&command), command);
        }
    }

    #[test]
    fn a_named_pipe_is_joined() {
        let (_folder, path) = folder();
        let pipe = path.join("tokens");
        run::capture(&Command::new("mkfifo").arg(pipe.as_str()), &Interrupt::default()).unwrap();
        let flags = format!("-j3 --jobserver-auth=fifo:{pipe}");
        let surroundings = surroundings(&[("MAKEFLAGS", &flags)]);
        let keeper = pipes::Pipes::join(&format!("fifo:{pipe}")).unwrap();
        let give = Command::new("sh").args(["-c", &format!("printf ++ > {pipe}")]);
        run::capture(&give, &Interrupt::default()).unwrap();
        assert_eq!(drain(&Jobserver::new(cores(8), &surroundings)).len(), 3);
        drop(keeper);
    }

    #[test]
    fn a_jobserver_that_is_announced_and_not_there_is_replaced() {
        let (_folder, path) = folder();
        let file = path.join("file");
        fs::write_atomic(&file, b"+++").unwrap();
        for flags in [
            "-j --jobserver-auth=-2,-2".to_owned(),
            "-j --jobserver-auth=1000000,1000001".to_owned(),
            "-j --jobserver-auth=".to_owned(),
            "-j4".to_owned(),
            format!("--jobserver-auth=fifo:{path}/none"),
            format!("--jobserver-auth=fifo:{file}"),
        ] {
            let jobserver = Jobserver::new(cores(2), &surroundings(&[("MAKEFLAGS", &flags)]));
            assert_eq!(drain(&jobserver).len(), 2, "{flags}");
            assert!(jobserver.tokens.ends().is_some(), "{flags}");
        }
    }

    /// The build script of one of two crates: it says whether the other one's runs, too, and
    /// waits for that so many milliseconds.
    const SCRIPT: &str = r#"
        use std::time::{Duration, Instant};
        fn main() {
            let var = |name| std::env::var(name).unwrap();
            let (own, start) = (var("CARGO_PKG_NAME"), Instant::now());
            let other = if own == "a" { "../b.runs" } else { "../a.runs" };
            std::fs::write(format!("../{own}.runs"), "").unwrap();
            let patience = Duration::from_millis(var("PATIENCE").parse().unwrap());
            let mut is_there = false;
            while !is_there && start.elapsed() < patience {
                is_there = std::path::Path::new(other).exists();
                std::thread::sleep(Duration::from_millis(1));
            }
            if !is_there {
                std::fs::remove_file(format!("../{own}.runs")).unwrap();
            }
            println!("cargo::rerun-if-env-changed=PATIENCE");
            println!("cargo::warning=together={is_there} jobs={}", var("NUM_JOBS"));
        }
    "#;

    /// Two seconds: cargo compiles two small build scripts, and runs them twice.
    #[test]
    fn cargo_starts_as_many_programs_as_there_are_tokens() {
        let (_folder, path) = folder();
        let write = |file: &str, text: &str| {
            let file = path.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write_atomic(&file, text.as_bytes()).unwrap();
        };
        write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"a\", \"b\"]\n");
        for name in ["a", "b"] {
            let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
            write(&format!("{name}/Cargo.toml"), &manifest);
            write(&format!("{name}/build.rs"), SCRIPT);
            write(&format!("{name}/src/lib.rs"), "");
        }
        let jobserver = Jobserver::new(cores(3), &surroundings(&[]));
        let cargo = Command::new("cargo")
            .args(["build", "--offline", "--jobs", "3", "--target-dir", "target"])
            .current_dir(path.as_str());
        let build = |patience: &str| {
            let lent = jobserver.lend(&cargo).env("PATIENCE", patience);
            let (exit, said) = run::aloud(&lent, &Interrupt::default()).unwrap();
            assert!(exit.success() && !said.contains("jobserver"), "{said}");
            said
        };
        let mut tokens = drain(&jobserver);
        // Cargo has the core that whoever starts it gives it, and no other.
        let said = build("300");
        assert_eq!(said.matches("together=false jobs=3").count(), 2, "{said}");
        // And one more.
        tokens.pop();
        let said = build("60000");
        assert_eq!(said.matches("together=true jobs=3").count(), 2, "{said}");
        drop(tokens);
        assert_eq!(drain(&jobserver).len(), 3, "cargo gives back what it took");
    }
}
