//! zig through pip, for real: the pinned wheel from the index that this machine's pip uses,
//! and small wheels of our own where something has to go wrong.

#![expect(
    clippy::disallowed_methods,
    reason = "tests prepare and look at the machine directly, so as not to trust what they test"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;

use crate::cache::CacheRoot;
use crate::sys::env::Environment;
use crate::sys::fs;
use crate::sys::interrupt::Interrupt;
use crate::toolchain::ToolchainError;
use crate::toolchain::lockfile::{Lockfile, ToolPin, host};
use crate::toolchain::provision::{Notice, Provision, zig};
use camino::{Utf8Path, Utf8PathBuf};

/// A folder of its own for each test.
struct Scene {
    _dir: tempfile::TempDir,
    root: Utf8PathBuf,
    environment: Environment,
}

impl Scene {
    /// A scene where `pip3` is the machine's pip with these settings over its own; `{root}`
    /// in a value is the scene's folder.
    fn new(settings: &[(&str, String)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let machine = Environment::of_this_process().unwrap();
        let python = machine.find_program("python3").expect("python3 with pip is installed");
        let settings: Vec<String> =
            settings.iter().map(|(name, value)| format!("{name}='{value}'")).collect();
        let settings = settings.join(" ");
        let settings = settings.replace("{root}", root.as_str());
        let script = format!("#!/bin/sh\nexec env {settings} {python} -m pip \"$@\"\n");
        program(&root.join("bin/pip3"), &script);
        let environment =
            Environment::new([("PATH".to_owned(), root.join("bin").into_string())], &root);
        Self { _dir: dir, root, environment }
    }

    fn cache(&self) -> Utf8PathBuf {
        self.root.join("cache")
    }

    fn provide(
        &self,
        pin: &ToolPin,
        on_path: Option<&Utf8Path>,
        offline: bool,
    ) -> (Result<Utf8PathBuf, ToolchainError>, Vec<String>) {
        let mut done = Vec::new();
        let mut notice = |notice| {
            if let Notice::Doing(text) = notice {
                done.push(text);
            }
        };
        let mut provision = Provision {
            environment: &self.environment,
            cache: &CacheRoot::new(self.cache()),
            offline,
            interrupt: &Interrupt::default(),
            notice: &mut notice,
        };
        let result = zig::provide(&mut provision, pin, on_path);
        (result, done)
    }

    /// What is in the folder where zigs are kept.
    fn installed(&self) -> Vec<String> {
        let entries = fs::list(&self.cache().join("zig")).unwrap_or_default();
        let names = entries.iter().filter_map(|path| path.file_name());
        names.filter(|name| *name != ".lock").map(str::to_owned).collect()
    }
}

fn program(path: &Utf8Path, script: &str) {
    fs::write_atomic(path, script.as_bytes()).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A wheel whose zig only knows its version.
fn small_wheel() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let plain =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let padding = "#\n".repeat(100_000);
    let files = [
        ("ziglang/zig", format!("#!/bin/sh\necho 9.9.9\n{padding}"), 0o755),
        (
            "ziglang-9.9.9.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: ziglang\nVersion: 9.9.9\n".into(),
            0o644,
        ),
        (
            "ziglang-9.9.9.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n".into(),
            0o644,
        ),
        ("ziglang-9.9.9.dist-info/RECORD", String::new(), 0o644),
    ];
    for (name, text, mode) in files {
        zip.start_file(name, plain.unix_permissions(mode)).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const WHEEL: &str = "ziglang-9.9.9-py3-none-any.whl";

fn small_pin(wheel: &[u8]) -> ToolPin {
    let dir = tempfile::tempdir().unwrap();
    let file = Utf8Path::from_path(dir.path()).unwrap().join("wheel");
    fs::write_atomic(&file, wheel).unwrap();
    ToolPin {
        name: "zig".into(),
        version: "9.9.9".into(),
        source: "pypi:ziglang".into(),
        sha256: [(host(), fs::sha256(&file).unwrap())].into(),
    }
}

/// An index with one wheel, which hangs up half-way through the first download.
fn index_that_hangs_up_once(wheel: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut downloads = 0;
        for stream in listener.incoming() {
            serve(stream.unwrap(), &wheel, &mut downloads);
        }
    });
    address
}

fn serve(mut stream: TcpStream, wheel: &[u8], downloads: &mut usize) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let request = lines.next().unwrap_or_default();
    while lines.next().is_some_and(|line| !line.is_empty()) {}
    let page = format!("<a href=\"/{WHEEL}\">{WHEEL}</a>").into_bytes();
    let is_wheel = request.contains(WHEEL);
    let (kind, body) = if is_wheel { ("application/zip", wheel) } else { ("text/html", &page[..]) };
    let hang_up = is_wheel && *downloads == 0;
    *downloads += usize::from(is_wheel);
    let sent = if hang_up { &body[..body.len() / 2] } else { body };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // pip may be gone already; that is its own affair.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(sent));
}

#[test]
fn the_pinned_zig_comes_through_pip_once_and_is_complete() {
    let scene = Scene::new(&[]);
    let pins = Lockfile::embedded();
    let (result, done) = scene.provide(pins.zig(), None, false);
    let zig = result.unwrap();
    assert_eq!(done.len(), 2, "{done:?}");
    let version = std::process::Command::new(&zig).arg("version").output().unwrap().stdout;
    assert_eq!(String::from_utf8(version).unwrap().trim(), pins.zig().version);
    assert_eq!(scene.installed().len(), 1);

    let (again, done) = scene.provide(pins.zig(), None, true);
    assert_eq!((again.unwrap(), done.len()), (zig, 0));
}

#[test]
fn a_corrupted_wheel_is_refused_and_nothing_is_installed() {
    let scene = Scene::new(&[
        ("PIP_NO_INDEX", "1".into()),
        ("PIP_NO_CACHE_DIR", "1".into()),
        ("PIP_FIND_LINKS", "{root}/wheels".into()),
    ]);
    let mut wheel = small_wheel();
    let pin = small_pin(&wheel);
    wheel[5_000] ^= 1;
    fs::write_atomic(&scene.root.join("wheels").join(WHEEL), &wheel).unwrap();
    let error = scene.provide(&pin, None, false).0.unwrap_err();
    let ToolchainError::Corrupted { expected, actual, .. } = &error else { panic!("{error}") };
    assert_eq!(expected, pin.sha256_here().unwrap());
    assert_ne!(actual, expected);
    assert!(error.to_string().contains("nothing was installed"), "{error}");
    assert_eq!(scene.installed(), [""; 0]);
}

#[test]
fn an_interrupted_download_leaves_nothing_and_the_next_run_succeeds() {
    let wheel = small_wheel();
    let pin = small_pin(&wheel);
    let address = index_that_hangs_up_once(wheel);
    let scene = Scene::new(&[
        ("PIP_INDEX_URL", format!("{address}/simple")),
        ("PIP_FIND_LINKS", String::new()),
        ("PIP_RETRIES", "0".into()),
        ("PIP_RESUME_RETRIES", "0".into()),
        ("PIP_NO_CACHE_DIR", "1".into()),
        ("NO_PROXY", "127.0.0.1".into()),
        ("no_proxy", "127.0.0.1".into()),
    ]);
    // As a run leaves it that was killed in the middle.
    fs::write_atomic(&scene.cache().join("zig/.tachi-tmp-old/half"), b"").unwrap();
    let error = scene.provide(&pin, None, false).0.unwrap_err();
    assert!(
        matches!(error, ToolchainError::Download { .. } | ToolchainError::Corrupted { .. }),
        "{error}"
    );
    assert_eq!(scene.installed(), [""; 0]);

    let zig = scene.provide(&pin, None, false).0.unwrap();
    assert!(fs::is_executable(&zig));
    assert_eq!(scene.installed().len(), 1);
}

#[test]
fn a_zig_on_path_is_used_if_it_is_the_pinned_one_and_only_then() {
    let scene = Scene::new(&[]);
    let pin = small_pin(b"none");
    for (version, used) in [("9.9.9", true), ("9.9.8", false)] {
        let zig = scene.root.join("bin/zig");
        program(&zig, &format!("#!/bin/sh\necho {version}\n"));
        let (result, _) = scene.provide(&pin, Some(&zig), true);
        assert_eq!(result.is_ok_and(|path| path == zig), used, "{version}");
    }
}

#[test]
fn without_pip_or_network_the_error_says_the_ways_out() {
    let mut scene = Scene::new(&[]);
    let pin = small_pin(b"none");
    let offline = scene.provide(&pin, None, true).0.unwrap_err().to_string();
    assert!(offline.contains("run once without --offline, or put zig 9.9.9 on PATH"), "{offline}");
    scene.environment = Environment::new([("PATH".to_owned(), "/nowhere".to_owned())], "/");
    let no_pip = scene.provide(&pin, None, false).0.unwrap_err().to_string();
    assert!(no_pip.contains("put zig 9.9.9 on PATH"), "{no_pip}");
    assert!(no_pip.contains("apt-get install python3-pip"), "{no_pip}");
}
