//! The schemas in `docs/schema` are those of the types. `cargo xtask generate --schemas` writes
//! them; an end-to-end test checks what Tachi writes and reads by them.

use std::path::Path;

#[test]
fn the_files_are_what_the_types_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema");
    for (name, schema) in tachi::json_schema::all() {
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let path = folder.join(format!("{name}.schema.json"));
        if std::env::var_os("TACHI_WRITE_SCHEMAS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, text).unwrap();
        } else {
            let file = std::fs::read_to_string(&path).unwrap_or_default();
            let help = "is stale: run `cargo xtask generate --schemas`";
            assert!(file == text, "{} {help}", path.display());
        }
    }
}
