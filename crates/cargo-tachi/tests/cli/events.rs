//! The event stream of a whole call: standard output holds nothing else, and its last line says
//! how the process ends.
//!
//! Costs the check of one small crate that does not compile, and no more.

use serde_json::Value;

use crate::support::{run, scratch, tachi, write};

#[test]
fn the_last_event_has_the_exit_code_of_the_process() {
    let dir = scratch();
    let manifest =
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[workspace]\n";
    write(
        dir.path(),
        &[("Cargo.toml", manifest), ("src/main.rs", "fn main() { nothing }\n"), ("text", "text")],
    );
    for (args, code) in [
        (&["build"][..], 101),
        (&["verify", "text"], 4),
        (&["verify", "Cargo.toml", "text"], 4),
        (&["verify", "missing"], 2),
    ] {
        let ran = run(tachi(dir.path()).args(args).args(["--message-format", "json"]));
        let events: Vec<Value> =
            ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ran = ran.expect_code(code);
        let (first, last) = (events.first().unwrap(), events.last().unwrap());
        assert_eq!((&first["event"], &first["seq"]), (&"started".into(), &0.into()), "{args:?}");
        let ended = (&last["event"], &last["code"], &last["success"]);
        assert_eq!(ended, (&"ended".into(), &code.into(), &false.into()), "{args:?}: {ran:?}");
    }
}
