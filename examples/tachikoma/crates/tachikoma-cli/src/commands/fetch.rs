//! `tachikoma fetch`

use std::path::Path;

use tachikoma_backends::{Backend as _, HttpBackend};
use tachikoma_database::RowStore;

pub async fn run(url: &str, db: &Path) -> anyhow::Result<String> {
    let rows = HttpBackend::new(url)?.rows().await?;
    let store = RowStore::create(db).await?;
    store.store(&rows).await?;
    store.close().await;
    Ok(format!("stored {} rows\n", rows.len()))
}
