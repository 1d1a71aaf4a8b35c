//! `tachikoma rows`

use std::path::Path;

use tachikoma_database::RowStore;

pub async fn run(db: &Path) -> anyhow::Result<String> {
    let store = RowStore::open(db).await?;
    let rows = store.rows().await?;
    store.close().await;
    Ok(serde_json::to_string_pretty(&rows)? + "\n")
}
