//! `tachikoma spec`

use std::path::Path;

pub fn run(file: &Path) -> anyhow::Result<String> {
    Ok(tachikoma_specs::load(file)?.summary() + "\n")
}
