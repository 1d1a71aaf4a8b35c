//! The built binary against a loopback server and real files.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use tempfile::tempdir;

const ROWS: &str =
    r#"[{"id": 2, "name": "two", "score": 0.5}, {"id": 1, "name": "one", "score": 1}]"#;

fn tachikoma(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tachikoma"))
        .args(args)
        .env_remove("RUST_LOG")
        .env_remove("TACHIKOMA_LOG_FORMAT")
        .output()
        .unwrap()
}

fn stdout_of(args: &[&str]) -> String {
    let output = tachikoma(args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// The last line of stderr; with the feature `metrics` the counters stand before it.
fn error_of(args: &[&str]) -> String {
    let output = tachikoma(args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    stderr.lines().last().unwrap_or_default().to_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Answers one request with `status` and [`ROWS`], and yields the request's head.
fn serve_once(status: &'static str) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/rows", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        let mut buffer = [0; 1024];
        while !head.ends_with(b"\r\n\r\n") {
            let read = stream.read(&mut buffer).unwrap();
            head.extend_from_slice(&buffer[..read]);
        }
        write!(
            stream,
            "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{ROWS}",
            ROWS.len()
        )
        .unwrap();
        String::from_utf8(head).unwrap()
    });
    (url, server)
}

#[test]
fn fetched_rows_are_stored_and_printed() {
    let dir = tempdir().unwrap();
    let db = dir.path().join("rows.db");
    let (url, server) = serve_once("200 OK");

    assert_eq!(
        stdout_of(&["fetch", &url, "--db", text(&db)]),
        "stored 2 rows\n"
    );

    let request = server.join().unwrap();
    assert!(request.starts_with("GET /rows HTTP/1.1\r\n"), "{request}");
    assert!(
        request.contains("user-agent: Tachikoma/1.0.0 ("),
        "{request}"
    );
    let rows: serde_json::Value =
        serde_json::from_str(&stdout_of(&["rows", "--db", text(&db)])).unwrap();
    assert_eq!(
        rows,
        serde_json::json!([
            {"id": 1, "name": "one", "score": 1.0},
            {"id": 2, "name": "two", "score": 0.5},
        ])
    );
}

#[test]
fn a_server_error_fails_the_fetch_and_makes_no_database() {
    let dir = tempdir().unwrap();
    let db = dir.path().join("rows.db");
    let (url, server) = serve_once("500 Internal Server Error");

    let error = error_of(&["fetch", &url, "--db", text(&db)]);

    server.join().unwrap();
    assert!(error.starts_with("error: cannot fetch rows: "), "{error}");
    assert!(error.contains("500"), "{error}");
    assert!(!db.exists());
}

#[test]
fn a_spec_is_summed_up_and_run() {
    let dir = tempdir().unwrap();
    let (spec, db) = (dir.path().join("spec.yaml"), dir.path().join("rows.db"));
    let (url, server) = serve_once("200 OK");
    let yaml = format!(
        "name: sample\nsteps:\n  - name: gather\n    sources:\n      - backend: http\n        url: {url}\n"
    );
    std::fs::write(&spec, yaml).unwrap();

    assert_eq!(
        stdout_of(&["spec", text(&spec)]),
        "sample: 1 steps, 1 sources\n"
    );
    let report: serde_json::Value =
        serde_json::from_str(&stdout_of(&["run", text(&spec), "--db", text(&db)])).unwrap();

    server.join().unwrap();
    assert_eq!(
        report,
        serde_json::json!({"spec": "sample", "steps": [{"step": "gather", "rows": 2}]})
    );
}

#[test]
fn a_spec_that_breaks_a_rule_is_named() {
    let dir = tempdir().unwrap();
    let spec = dir.path().join("spec.yaml");
    std::fs::write(&spec, "{name: s, steps: []}").unwrap();
    assert_eq!(
        error_of(&["spec", text(&spec)]),
        "error: the spec has no steps"
    );
}

#[test]
fn selfcheck_passes() {
    assert_eq!(
        stdout_of(&["selfcheck"]),
        "selfcheck ok: rows=3 steps=2 spec=selfcheck\n"
    );
}

#[test]
fn the_version_is_the_build_infos() {
    let version = stdout_of(&["--version"]);
    assert!(version.starts_with("tachikoma 1.0.0 ("), "{version}");
    assert!(version.contains(" built "), "{version}");
}

#[test]
fn log_lines_are_json_on_stderr_when_asked_for() {
    let output = tachikoma(&["selfcheck", "-v", "--log-format", "json"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let steps = stderr
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|line| line["fields"]["message"] == "step done");
    assert_eq!(steps.count(), 2, "{stderr}");
}

#[test]
fn features_are_those_of_the_build() {
    let on_or_off = |on| if on { "on" } else { "off" };
    let expected = format!(
        "telemetry={}\nmetrics={}\n",
        on_or_off(cfg!(feature = "telemetry")),
        on_or_off(cfg!(feature = "metrics"))
    );
    assert_eq!(stdout_of(&["features"]), expected);
}

#[cfg(feature = "metrics")]
#[test]
fn metrics_are_printed_to_stderr() {
    let output = tachikoma(&["selfcheck"]);
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "metrics: http_requests=1 rows_stored=3 steps_run=2\n"
    );
}

#[cfg(feature = "telemetry")]
#[test]
fn telemetry_holds_a_line_for_each_step() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("telemetry.jsonl");
    stdout_of(&["selfcheck", "--telemetry-file", text(&file)]);
    let steps: Vec<serde_json::Value> = std::fs::read_to_string(&file)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let names: Vec<_> = steps.iter().map(|step| &step["fields"]["step"]).collect();
    assert_eq!(names, ["gather", "add"]);
}
