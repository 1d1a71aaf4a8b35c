//! `cargo xtask generate --schemas`: writes docs/schema from the types in tachi and tachi-schema, by
//! the test that otherwise compares the files.

use crate::process;

/// The feature that gives the types their schemas, on a command line for the whole workspace.
pub(crate) const FEATURE: &[&str] = &["--features", "tachi/json-schema"];

/// Writes the files.
pub(crate) fn generate() -> Result<(), String> {
    let mut command = process::command("cargo", &["test", "--package", "tachi"]);
    command.args(FEATURE).args(["--test", "api", "json_schemas::"]).env("TACHI_WRITE_SCHEMAS", "1");
    process::run(&mut command)
}
