//! Signing with a certificate: a real osslsigncode, a certificate that openssl makes here, and
//! rcodesign where it is installed. The password is looked for in all that is printed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::slots::inspect;
use crate::support::{Ran, clean, repository, run, scratch, tachi, write};

const WINDOWS: &str = "x86_64-pc-windows-msvc";
const PASSWORD: &str = "correct-horse-battery";
const TIME: &str = "1700000000";

/// A program that has a place for a stamp, in a repository, and a certificate authority with
/// one certificate beside it.
fn project(dir: &Path, settings: &str) -> PathBuf {
    let root = dir.join("hello");
    let crate_dir = repository().join("crates/tachi-build-info");
    let manifest = format!(
        "[package]\nname = \"hello\"\nversion = \"1.2.3\"\nedition = \"2021\"\n[workspace]\n\
         [dependencies]\ntachi-build-info = {{ path = \"{}\" }}\n",
        crate_dir.display()
    );
    let main = "fn main() { println!(\"{}\", tachi_build_info::build_info!().git_hash); }\n";
    write(
        &root,
        &[
            ("Cargo.toml", &manifest),
            ("src/main.rs", main),
            ("tachi.toml", settings),
            (".gitignore", "/target\n"),
        ],
    );
    let mut lock = Command::new("cargo");
    lock.args(["generate-lockfile", "--offline", "--quiet"]).current_dir(&root);
    clean(&mut lock);
    run(&mut lock).expect_success();
    for args in [
        &["init", "--quiet"][..],
        &["add", "."],
        &["-c", "user.name=t", "-c", "user.email=t@t", "commit", "--quiet", "-m", "one"],
    ] {
        run(Command::new("git").args(args).current_dir(&root)).expect_success();
    }
    authority(dir);
    root
}

/// `ca.pem` signs `cert.pem`, whose key is `key.pem`; `cert.p12` holds both. `other.pem` has
/// nothing to do with them.
fn authority(dir: &Path) {
    let openssl = |line: &str| {
        run(Command::new("openssl").args(line.split_whitespace()).current_dir(dir))
            .expect_success();
    };
    for name in ["ca", "other"] {
        openssl(&format!(
            "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {name}.key -out {name}.pem -subj /CN={name}"
        ));
    }
    openssl(&format!(
        "req -newkey rsa:2048 -passout pass:{PASSWORD} -keyout key.pem -out request.pem -subj /CN=Tachi"
    ));
    write(dir, &[("leaf.txt", "keyUsage=digitalSignature\nextendedKeyUsage=codeSigning\n")]);
    openssl(
        "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile leaf.txt \
         -out cert.pem",
    );
    // In the form of Keychain Access: rcodesign reads no newer one.
    openssl(&format!(
        "pkcs12 -export -inkey key.pem -in cert.pem -passin pass:{PASSWORD} -passout pass:{PASSWORD} \
         -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -out cert.p12"
    ));
}

const PEM: &str = "[sign.windows]\ncertificate = \"../cert.pem\"\nkey = \"../key.pem\"\n\
                   password-env = \"SIGN_PASSWORD\"\ndescription = \"Hello\"\n";

/// Runs Tachi with the password in its environment, and looks for it in what comes out.
#[track_caller]
fn quiet_about(secret: &str, root: &Path, args: &[&str]) -> Ran {
    let mut command = tachi(root);
    command.args(args).env("SIGN_PASSWORD", secret).env("SOURCE_DATE_EPOCH", TIME);
    let ran = run(&mut command);
    let printed = format!("{}{}", ran.stdout, ran.stderr);
    assert!(!printed.contains(secret), "the secret is printed:\n{printed}");
    ran
}

fn finished(root: &Path, target: &str, name: &str) -> PathBuf {
    root.join("target/tachi/release").join(target).join(name)
}

fn verify(file: &Path, authority: &Path) -> Ran {
    run(Command::new("osslsigncode")
        .args(["verify", "-CAfile"])
        .arg(authority)
        .arg("-in")
        .arg(file))
}

/// Cost: 10 CPU seconds.
#[test]
fn a_windows_release_is_stamped_and_signed_without_showing_the_password() {
    let dir = scratch();
    let root = project(dir.path(), PEM);
    let dist = ["dist", "--allow-dirty", "--target", WINDOWS];

    for format in ["tree", "json", "dot"] {
        let mut args = vec!["plan", "--dist", "--target", WINDOWS];
        args.extend(["--format", format]);
        let plan = quiet_about(PASSWORD, &root, &args).expect_success().stdout;
        assert_eq!(plan.contains("osslsigncode"), format != "dot", "{plan}");
    }
    let events = quiet_about(PASSWORD, &root, &[&dist[..], &["--message-format", "json"]].concat());
    events.expect_success();
    let file = finished(&root, WINDOWS, "hello.exe");
    let verified = verify(&file, &dir.path().join("ca.pem")).expect_success().stdout;
    assert!(verified.contains("Text description: Hello"), "{verified}");
    assert!(verified.contains("Signing time: Nov 14 22:13:20 2023 GMT"), "{verified}");
    assert_ne!(verify(&file, &dir.path().join("other.pem")).code, Some(0));
    let facts = inspect(&file);
    assert_eq!(facts["facts"]["signed"], true, "{facts}");
    assert_eq!(facts["stamp"]["build_target"], WINDOWS, "{facts}");
    let written = std::fs::read_dir(file.parent().unwrap()).unwrap();
    let mut names: Vec<_> = written.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".placed.json", "hello.exe"]);

    // Nothing changed: nothing is signed again, so even a wrong password does no harm.
    let first = std::fs::read(&file).unwrap();
    quiet_about("not-the-password", &root, &dist).expect_success();
    assert_eq!(std::fs::read(&file).unwrap(), first);
    // From nothing, the same bytes again.
    std::fs::remove_dir_all(root.join("target/tachi")).unwrap();
    quiet_about(PASSWORD, &root, &dist).expect_success();
    assert!(std::fs::read(&file).unwrap() == first, "two signatures of one file differ");
    // Another description, and a .p12 file instead: other bytes.
    let other = "[sign.windows]\ncertificate = \"../cert.p12\"\npassword-env = \"SIGN_PASSWORD\"\n";
    write(&root, &[("tachi.toml", other)]);
    quiet_about(PASSWORD, &root, &[&dist[..], &["--verbose"]].concat()).expect_success();
    let verified = verify(&file, &dir.path().join("ca.pem")).expect_success().stdout;
    assert!(!verified.contains("Text description"), "{verified}");
    // Another certificate under the same name.
    authority(dir.path());
    quiet_about(PASSWORD, &root, &dist).expect_success();
    verify(&file, &dir.path().join("ca.pem")).expect_success();
}

/// Cost: 5 CPU seconds.
#[test]
fn a_password_that_is_wrong_or_missing_leaves_nothing_behind() {
    let dir = scratch();
    let root = project(dir.path(), PEM);
    let mut unset = tachi(&root);
    unset.args(["dist", "--target", WINDOWS]).env_remove("SIGN_PASSWORD");
    let said = run(&mut unset).expect_code(2).stderr;
    assert!(said.contains("the environment variable SIGN_PASSWORD is not set"), "{said}");
    assert!(!root.join(format!("target/{WINDOWS}")).exists(), "it compiled first");

    let wrong = "not-the-password";
    let said = quiet_about(wrong, &root, &["dist", "--target", WINDOWS]).expect_code(4).stderr;
    assert!(said.contains("osslsigncode with ../cert.pem did not sign hello.exe"), "{said}");
    assert!(said.contains("check the value of SIGN_PASSWORD"), "{said}");
    let folder = root.join("target/tachi/release").join(WINDOWS);
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    assert!(!root.join("target/tachi/dist").exists());
}

/// Cost: 5 CPU seconds.
#[test]
fn flags_sign_a_finished_windows_file_and_files_that_are_not_packaged_stay_unsigned() {
    let dir = scratch();
    let root = project(dir.path(), PEM);
    run(tachi(&root).args(["build", "--release", "--target", WINDOWS])).expect_success();
    let file = finished(&root, WINDOWS, "hello.exe");
    assert_eq!(inspect(&file)["facts"]["signed"], false);

    let name = file.to_str().unwrap();
    let elsewhere = dir.path();
    let said = quiet_about(PASSWORD, elsewhere, &["sign", name]).expect_code(2).stderr;
    assert!(said.contains("where a signature needs a certificate"), "{said}");
    let flags = ["--certificate", "cert.p12", "--password-env", "SIGN_PASSWORD"];
    let sign = [&["sign", name][..], &flags].concat();
    let before = std::fs::read(&file).unwrap();
    quiet_about("not-the-password", elsewhere, &sign).expect_code(4);
    assert!(std::fs::read(&file).unwrap() == before, "a failure changed the file");
    quiet_about(PASSWORD, elsewhere, &sign).expect_success();
    verify(&file, &dir.path().join("ca.pem")).expect_success();
    // Replaced only with --force; then by the settings of the project's own tachi.toml.
    let said = quiet_about(PASSWORD, elsewhere, &sign).expect_code(2).stderr;
    assert!(said.contains("give --force"), "{said}");
    quiet_about(PASSWORD, &root, &["sign", "--force", name]).expect_success();
    let verified = verify(&file, &dir.path().join("ca.pem")).expect_success().stdout;
    assert!(verified.contains("Text description: Hello"), "{verified}");
}

/// Cost: 5 CPU seconds.
#[test]
fn rcodesign_signs_mac_programs_if_it_is_installed() {
    if Command::new("rcodesign").arg("--version").output().is_err() {
        eprintln!("not tested: rcodesign is not installed");
        return;
    }
    let dir = scratch();
    let settings = "[sign.macos]\ncertificate = \"../cert.p12\"\npassword-env = \"SIGN_PASSWORD\"\n\
                    entitlements = \"may.plist\"\n";
    let unstamped = format!("{settings}timestamp = \"none\"\n");
    let root = project(dir.path(), &unstamped);
    let entitlements = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict>\n\
                        <key>com.apple.security.cs.allow-jit</key><true/></dict></plist>\n";
    write(&root, &[("may.plist", entitlements)]);
    let target = "universal-apple-darwin";
    let dist = ["dist", "--target", target];
    quiet_about(PASSWORD, &root, &dist).expect_success();
    let file = finished(&root, target, "hello");
    let checked = run(tachi(&root).args(["sign", "--check"]).arg(&file)).expect_success().stdout;
    for text in ["identifier hello", "runtime", "with a certificate", "with entitlements"] {
        assert_eq!(checked.matches(text).count(), 2, "both slices: {checked}");
    }
    let slice = finished(&root, "aarch64-apple-darwin", "hello");
    assert_eq!(inspect(&slice)["stamp"]["build_target"], "aarch64-apple-darwin");
    // From nothing, the same bytes again.
    let first = std::fs::read(&file).unwrap();
    std::fs::remove_dir_all(root.join("target/tachi")).unwrap();
    quiet_about(PASSWORD, &root, &dist).expect_success();
    assert!(std::fs::read(&file).unwrap() == first, "two signatures of one file differ");

    let name = file.to_str().unwrap();
    let again = ["sign", "--force", "--identifier", "com.example.hello", name];
    let said = quiet_about("not-the-password", &root, &again).expect_code(4).stderr;
    assert!(said.contains("rcodesign with ../cert.p12 did not sign hello"), "{said}");
    assert!(std::fs::read(&file).unwrap() == first, "a failure changed the file");
    quiet_about(PASSWORD, &root, &again).expect_success();
    let checked = run(tachi(&root).args(["sign", "--check", name])).expect_success().stdout;
    assert_eq!(checked.matches("identifier com.example.hello").count(), 2, "{checked}");

    // What Apple would refuse is refused before it is uploaded.
    let notarised = format!("{settings}notarize = {{ api-key-env = \"SIGN_PASSWORD\" }}\n");
    write(&root, &[("tachi.toml", &notarised)]);
    let said = quiet_about(PASSWORD, &root, &dist).expect_code(4).stderr;
    assert!(said.contains("not compatible with notarization"), "{said}");
}
