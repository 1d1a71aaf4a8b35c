//! Keeps `unsafe` in the two files that say why they need it.

use std::path::Path;

#[test]
fn unsafe_code_stays_in_the_two_files_that_need_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains("unsafe {") || text.contains("unsafe impl") {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found.sort();
    assert_eq!(found, ["lazy.rs", "slot.rs"]);
}
