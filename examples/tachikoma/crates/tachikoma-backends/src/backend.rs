//! What a backend is, and how a spec's source becomes one.

use async_trait::async_trait;
use tachikoma_primitives::Row;
use tachikoma_specs::Source;

use crate::{HttpBackend, InlineBackend};

/// Something that yields rows when asked.
#[async_trait]
pub trait Backend: Send + Sync {
    /// A name for logs and errors.
    fn name(&self) -> String;

    /// The rows, in the backend's own order.
    async fn rows(&self) -> Result<Vec<Row>, BackendError>;
}

/// Why a backend yields no rows.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// No client, no connection, or an answer that is no success.
    #[error("cannot fetch rows")]
    Http(#[from] reqwest::Error),
    /// The answer is not a JSON array of rows.
    #[error("the answer of {url} is not a list of rows")]
    Json {
        /// What was asked.
        url: String,
        /// Where the answer went wrong.
        source: serde_json::Error,
    },
}

/// The backend that serves `source`.
///
/// # Errors
/// When no HTTP client can be made for it.
pub fn open(source: &Source) -> Result<Box<dyn Backend>, BackendError> {
    Ok(match source {
        Source::Http { url } => Box::new(HttpBackend::new(url)?),
        Source::Inline { rows } => Box::new(InlineBackend::new(rows.clone())),
    })
}
