//! Rows from a URL.

use async_trait::async_trait;
use tachikoma_common::metrics::HTTP_REQUESTS;
use tachikoma_common::version::user_agent;
use tachikoma_primitives::Row;

use crate::{Backend, BackendError};

/// Fetches a JSON array of rows over HTTP or HTTPS.
#[derive(Debug)]
pub struct HttpBackend {
    client: reqwest::Client,
    url: String,
}

impl HttpBackend {
    /// A backend for `url`, with a client of its own.
    ///
    /// Proxies are not used, whatever the environment says: the services asked stand beside the
    /// program, often on the loopback interface.
    ///
    /// # Errors
    /// When the client's TLS configuration cannot be made.
    pub fn new(url: impl Into<String>) -> Result<Self, BackendError> {
        let client = reqwest::Client::builder()
            .user_agent(user_agent())
            .use_rustls_tls()
            .no_proxy()
            .build()?;
        Ok(Self {
            client,
            url: url.into(),
        })
    }
}

#[async_trait]
impl Backend for HttpBackend {
    fn name(&self) -> String {
        self.url.clone()
    }

    async fn rows(&self) -> Result<Vec<Row>, BackendError> {
        HTTP_REQUESTS.add(1);
        let response = self.client.get(&self.url).send().await?;
        let body = response.error_for_status()?.bytes().await?;
        tracing::debug!(url = self.url, bytes = body.len(), "fetched");
        serde_json::from_slice(&body).map_err(|source| BackendError::Json {
            url: self.url.clone(),
            source,
        })
    }
}
