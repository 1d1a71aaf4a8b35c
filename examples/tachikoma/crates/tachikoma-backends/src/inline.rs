//! Rows that the spec itself holds.

use async_trait::async_trait;
use tachikoma_primitives::Row;

use crate::{Backend, BackendError};

/// Yields the rows it was made with.
#[derive(Debug)]
pub struct InlineBackend {
    rows: Vec<Row>,
}

impl InlineBackend {
    /// A backend that yields `rows`.
    #[must_use]
    pub fn new(rows: Vec<Row>) -> Self {
        Self { rows }
    }
}

#[async_trait]
impl Backend for InlineBackend {
    fn name(&self) -> String {
        "inline".to_owned()
    }

    async fn rows(&self) -> Result<Vec<Row>, BackendError> {
        Ok(self.rows.clone())
    }
}

#[cfg(test)]
mod tests {
    use tachikoma_specs::Source;

    use super::*;
    use crate::open;

    #[tokio::test]
    async fn an_inline_source_yields_its_rows() {
        let rows = vec![Row {
            id: 1,
            name: "one".into(),
            score: 0.5,
        }];
        let backend = open(&Source::Inline { rows: rows.clone() }).unwrap();
        assert_eq!(backend.rows().await.unwrap(), rows);
    }
}
