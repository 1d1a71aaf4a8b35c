//! Asks several backends at once and merges what they answer.

use std::collections::BTreeMap;

use futures::future::try_join_all;
use tachikoma_backends::{Backend, BackendError};
use tachikoma_primitives::Row;

/// Why nothing could be forged.
#[derive(Debug, thiserror::Error)]
#[error("backend '{backend}' failed")]
pub struct ForgeError {
    /// The first backend that failed.
    pub backend: String,
    /// Its error.
    pub source: BackendError,
}

/// Asks all `backends` at once and merges their rows: ordered by id, and of rows with one id the
/// one with the highest score.
///
/// # Errors
/// When any backend fails.
pub async fn forge(backends: &[Box<dyn Backend>]) -> Result<Vec<Row>, ForgeError> {
    let drafts = try_join_all(backends.iter().map(|backend| ask(backend.as_ref()))).await?;
    let merged = merge(drafts.into_iter().flatten());
    tracing::debug!(
        backends = backends.len(),
        rows = merged.len(),
        "forged one list"
    );
    Ok(merged)
}

async fn ask(backend: &dyn Backend) -> Result<Vec<Row>, ForgeError> {
    backend.rows().await.map_err(|source| ForgeError {
        backend: backend.name(),
        source,
    })
}

fn merge(rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let mut best: BTreeMap<i64, Row> = BTreeMap::new();
    for row in rows {
        let kept = match best.remove(&row.id) {
            Some(earlier) => earlier.better(row),
            None => row,
        };
        best.insert(kept.id, kept);
    }
    best.into_values().collect()
}

#[cfg(test)]
mod tests {
    use tachikoma_backends::InlineBackend;

    use super::*;

    fn row(id: i64, name: &str, score: f64) -> Row {
        Row {
            id,
            name: name.to_owned(),
            score,
        }
    }

    fn inline(rows: Vec<Row>) -> Box<dyn Backend> {
        Box::new(InlineBackend::new(rows))
    }

    #[tokio::test]
    async fn the_highest_score_of_an_id_wins_and_ids_are_in_order() {
        let backends = [
            inline(vec![row(2, "two", 0.9), row(1, "low", 0.1)]),
            inline(vec![row(1, "high", 0.8), row(2, "late", 0.9)]),
        ];
        let forged = forge(&backends).await.unwrap();
        assert_eq!(forged, [row(1, "high", 0.8), row(2, "two", 0.9)]);
    }

    #[tokio::test]
    async fn no_backends_forge_no_rows() {
        assert_eq!(forge(&[]).await.unwrap(), []);
    }
}
