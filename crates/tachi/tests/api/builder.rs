//! The specification's vitest cases of `RustBuilder`, one for one, and what they forgot. One small
//! crate without dependencies is tested: two seconds.

use tachi::{Builder, Session};

/// A builder on the example workspace, which has the specification's packages and features.
fn builder() -> Builder {
    let root = env!("CARGO_MANIFEST_DIR");
    Builder::new()
        .manifest_path(format!("{root}/../../examples/tachikoma/Cargo.toml"))
        .sccache(false)
}

fn session() -> Session {
    Session::of_this_process().unwrap()
}

#[test]
fn should_create_builder_with_default_config() {
    let builder = Builder::new();
    assert_eq!(builder, Builder::default());
    let path = builder.output_path("x", &session()).unwrap();
    assert!(path.ends_with("release/x"), "the default profile is release: {path}");
}

#[test]
fn should_generate_correct_cargo_args_for_release() {
    let args = builder().profile("release").cargo_command(&session()).unwrap().args;
    assert_eq!(args.first().map(String::as_str), Some("build"));
    assert!(args.contains(&"--release".to_owned()), "{args:?}");
    assert!(args.contains(&"--workspace".to_owned()), "{args:?}");
    assert!(!args.contains(&"--target".to_owned()), "no target was named: {args:?}");
}

#[test]
fn should_include_features_in_cargo_args() {
    let args = builder().features(["telemetry", "metrics"]).cargo_command(&session()).unwrap().args;
    let at = args.iter().position(|arg| arg == "--features").expect("--features is there");
    assert_eq!(args[at + 1], "telemetry,metrics");
}

#[test]
fn should_return_supported_targets() {
    let targets: Vec<_> = Builder::supported_targets().collect();
    assert!(!targets.is_empty());
    assert!(targets.iter().all(|target| !target.triple.is_empty() && !target.platform.is_empty()));
    let rows: Vec<_> =
        targets.iter().map(|one| (one.triple, one.platform, one.arch, one.tier)).collect();
    assert_eq!(
        rows,
        [
            ("x86_64-apple-darwin", "darwin", "x64", 1),
            ("aarch64-apple-darwin", "darwin", "arm64", 1),
            ("x86_64-unknown-linux-gnu", "linux", "x64", 1),
            ("aarch64-unknown-linux-gnu", "linux", "arm64", 1),
            ("x86_64-pc-windows-msvc", "win32", "x64", 1),
            ("aarch64-pc-windows-msvc", "win32", "arm64", 2),
        ]
    );
}

#[test]
fn should_get_correct_output_path() {
    let path = builder().profile("release").output_path("tachikoma", &session()).unwrap();
    assert!(path.as_str().contains("release"), "{path}");
    assert!(path.as_str().contains("tachikoma"), "{path}");
}

#[test]
fn an_output_path_takes_exe_from_the_target_not_from_the_host() {
    let path = |target: &str, profile: &str| {
        let builder = builder().profile(profile).target(target);
        let path = builder.request(|request| request.target_dir = Some("/t".into()));
        path.output_path("app", &session()).unwrap().to_string()
    };
    assert_eq!(
        path("x86_64-pc-windows-msvc", "release"),
        "/t/x86_64-pc-windows-msvc/release/app.exe"
    );
    assert_eq!(path("aarch64-apple-darwin", "debug"), "/t/aarch64-apple-darwin/debug/app");
    assert_eq!(path("x86_64-unknown-linux-musl", "test"), "/t/x86_64-unknown-linux-musl/debug/app");
    assert!(builder().target("x86_64-pc-windoze").output_path("app", &session()).is_err());
}

#[test]
fn an_output_path_follows_the_settings_of_the_workspace() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    let write = |name: &str, text: &str| {
        std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        std::fs::write(root.join(name), text).unwrap();
    };
    write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[workspace]\n");
    write("src/main.rs", "fn main() {}");
    write("tachi.toml", "profile = \"ci\"\ntargets = [\"x86_64-pc-windows-msvc\"]\n");
    let manifest = root.join("Cargo.toml").to_str().unwrap().to_owned();
    let of_settings = |request: &mut tachi::Request| request.profile = None;
    let path = Builder::new().manifest_path(manifest).request(of_settings);
    let path = path.output_path("app", &session()).unwrap();
    assert_eq!(path, root.join("target/x86_64-pc-windows-msvc/ci/app.exe"));
}

#[test]
fn several_targets_are_planned_and_the_last_call_counts() {
    let plan = |builder: Builder| {
        let targets = builder.plan(&session()).unwrap().targets;
        targets.into_iter().map(|target| target.triple).collect::<Vec<_>>()
    };
    let two = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"];
    assert_eq!(plan(builder().target("x86_64-pc-windows-msvc").targets(two)), two);
    assert_eq!(plan(builder().targets(two).target(two[1])), two[1..]);
}

#[test]
fn every_option_reaches_cargo() {
    let command = builder()
        .profile("ci")
        .target("x86_64-unknown-linux-musl")
        .packages(["tachikoma-cli", "tachikoma-database"])
        .jobs(3)
        .verbose(true)
        .cargo_command(&session())
        .unwrap();
    let line = command.args.join(" ");
    for part in [
        "--profile ci",
        "--target x86_64-unknown-linux-musl",
        "--package tachikoma-cli --package tachikoma-database",
        "--jobs 3",
        "--verbose",
    ] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    assert!(!line.contains("--workspace"), "packages take the workspace's place: {line}");
    let wrapped_in = |name: &str| command.env.get(name).cloned().flatten().unwrap_or_default();
    // The example has a crate from outside of its workspace.
    assert!(wrapped_in("RUSTC_WRAPPER").ends_with("/kits/rustc"), "{command}");
    assert_eq!(wrapped_in("TACHI_INNER_RUSTC_WRAPPER"), "", "sccache was switched off");
}

const MANIFEST: &str =
    "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";

/// Writes a file below `dir`, with the folders that it needs.
fn write(dir: &std::path::Path, name: &str, text: &str) -> camino::Utf8PathBuf {
    let path = camino::Utf8PathBuf::from_path_buf(dir.join(name)).unwrap();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn release_settings_are_filled_in_only_where_the_user_has_none() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| write(dir.path(), name, text);
    let path = write("Cargo.toml", MANIFEST);
    write("src/main.rs", "fn main() {}");
    let args = |path: &camino::Utf8Path| {
        Builder::new().manifest_path(path).cargo_command(&session()).unwrap().args.join(" ")
    };
    assert!(args(&path).contains("profile.release.lto=\"thin\""), "{}", args(&path));
    assert!(args(&path).contains("profile.release.codegen-units=1"));
    let path = write("Cargo.toml", &format!("{MANIFEST}[profile.release]\nlto = \"off\"\n"));
    assert!(!args(&path).contains("profile.release.lto"), "{}", args(&path));
    assert!(args(&path).contains("profile.release.codegen-units=1"));
}

#[test]
fn tests_are_run_and_reported_without_a_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| write(dir.path(), name, text);
    let path = write("Cargo.toml", MANIFEST);
    write("src/lib.rs", "#[test] fn good() {}\n#[test] fn bad() { panic!(\"reason\") }\n");
    let report = Builder::new()
        .profile("dev")
        .manifest_path(path)
        .sccache(false)
        .request(|request| request.testing.nextest = Some(false))
        .test(&session(), &|_event| {})
        .unwrap();
    assert!(!report.success());
    let summary = &report.targets[0].summary;
    assert_eq!((summary.passed, summary.failed, summary.ignored), (1, 1, 0));
    let failure = report.failures().next().unwrap();
    assert_eq!((failure.executable.as_str(), failure.name.as_str()), ("app", "bad"));
    assert!(failure.output.contains("reason"), "{}", failure.output);
}
