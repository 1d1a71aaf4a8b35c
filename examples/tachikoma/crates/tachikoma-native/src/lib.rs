//! Tachikoma as a Node-API module: `require('./x.node')` after copying the library to that name.
//!
//! On musl a C dynamic library needs `-C target-feature=-crt-static`; rustc drops it otherwise,
//! with a warning.

#![expect(
    clippy::needless_pass_by_value,
    reason = "napi hands JavaScript strings over by value"
)]

use std::fmt::Display;

use napi::{Error, Result};
use napi_derive::napi;
use serde_json::{json, Value};
use tachikoma_backends::{Backend as _, HttpBackend};
use tachikoma_common::{metrics, version::BUILD_INFO};

/// The version line that `tachikoma --version` prints.
#[napi]
#[must_use]
pub fn version() -> String {
    BUILD_INFO.version_string()
}

/// The counters of this process, by name; all zero without the feature `metrics`.
#[napi]
#[must_use]
pub fn counters() -> Value {
    Value::Object(
        metrics::snapshot()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect(),
    )
}

/// Checks a YAML spec: `{name, steps: [{name, sources}]}`.
///
/// # Errors
/// When the text is no spec; JavaScript sees an exception.
#[napi]
pub fn describe_spec(yaml: String) -> Result<Value> {
    let spec = tachikoma_specs::parse(&yaml).map_err(to_js)?;
    let steps: Vec<Value> = spec
        .steps
        .iter()
        .map(|step| json!({"name": step.name, "sources": step.sources.len()}))
        .collect();
    Ok(json!({"name": spec.name, "steps": steps}))
}

/// Fetches the rows at a URL: a promise of `[{id, name, score}]`.
///
/// # Errors
/// When the URL yields no rows; JavaScript sees a rejected promise.
#[napi]
pub async fn fetch_rows(url: String) -> Result<Value> {
    let backend = HttpBackend::new(url).map_err(to_js)?;
    let rows = backend.rows().await.map_err(to_js)?;
    serde_json::to_value(rows).map_err(to_js)
}

fn to_js(error: impl Display) -> Error {
    Error::from_reason(error.to_string())
}
