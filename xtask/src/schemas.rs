//! `cargo xtask generate --schemas`: docs/schema, from the types in tachi and tachi-schema. They
//! say their schemas themselves, in the test that compares the files; here it writes them.

use crate::process;

/// The feature with which the types say their schemas, on a command line for the whole workspace.
pub(crate) const FEATURE: &[&str] = &["--features", "tachi/json-schema"];

/// Writes the files.
pub(crate) fn generate() -> Result<(), String> {
    let mut command = process::command("cargo", &["test", "--package", "tachi"]);
    command.args(FEATURE).args(["--test", "api", "json_schemas::"]).env("TACHI_WRITE_SCHEMAS", "1");
    process::run(&mut command)
}
