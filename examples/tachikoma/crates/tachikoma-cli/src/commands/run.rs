//! `tachikoma run`

use std::path::Path;

use tachikoma_database::RowStore;

pub async fn run(spec: &Path, db: &Path) -> anyhow::Result<String> {
    let spec = tachikoma_specs::load(spec)?;
    let store = RowStore::create(db).await?;
    let report = tachikoma_loop::run(&spec, tachikoma_backends::open, &store).await?;
    store.close().await;
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}
