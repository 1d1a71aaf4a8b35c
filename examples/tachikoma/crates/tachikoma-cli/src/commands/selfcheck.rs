//! `tachikoma selfcheck`: the whole program once, on this machine, without any other machine.
//!
//! A spec is written to a temporary folder and read back, its step fetches rows from a loopback
//! server and merges them with rows of its own, and what SQLite kept is compared with what it
//! should be.

use anyhow::{ensure, Context as _};
use tachikoma_database::RowStore;
use tachikoma_primitives::Row;

use crate::loopback::Loopback;

const SERVED: &str = r#"[
    {"id": 1, "name": "fuchikoma", "score": 0.25},
    {"id": 2, "name": "uchikoma", "score": 0.5}
]"#;

const EXPECTED: [(i64, &str, f64); 3] = [
    (1, "fuchikoma", 0.25),
    (2, "logikoma", 0.75),
    (3, "tachikoma", 1.0),
];

pub async fn run() -> anyhow::Result<String> {
    let server = Loopback::start(SERVED)
        .await
        .context("cannot listen on the loopback interface")?;
    let dir = tempfile::tempdir().context("cannot make a temporary folder")?;

    let file = dir.path().join("selfcheck.yaml");
    std::fs::write(&file, spec_yaml(server.url())).context("cannot write the spec")?;
    let spec = tachikoma_specs::load(&file)?;

    let store = RowStore::create(&dir.path().join("selfcheck.db")).await?;
    let report = tachikoma_loop::run(&spec, tachikoma_backends::open, &store).await?;
    let rows = store.rows().await?;
    store.close().await;
    dir.close().context("cannot remove the temporary folder")?;

    ensure!(
        rows == expected(),
        "the database holds other rows than expected: {rows:?}"
    );
    Ok(format!(
        "selfcheck ok: rows={} steps={} spec={}\n",
        rows.len(),
        report.steps.len(),
        report.spec
    ))
}

fn spec_yaml(url: &str) -> String {
    format!(
        "name: selfcheck
steps:
  - name: gather
    sources:
      - backend: http
        url: {url}
      - backend: inline
        rows:
          - {{id: 2, name: logikoma, score: 0.75}}
  - name: add
    sources:
      - backend: inline
        rows:
          - {{id: 3, name: tachikoma, score: 1.0}}
"
    )
}

fn expected() -> Vec<Row> {
    EXPECTED
        .map(|(id, name, score)| Row {
            id,
            name: name.to_owned(),
            score,
        })
        .to_vec()
}
