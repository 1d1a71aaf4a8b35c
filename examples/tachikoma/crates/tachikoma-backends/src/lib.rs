//! Where rows come from: the [`Backend`] trait and the two kinds there are.

mod backend;
mod http;
mod inline;

pub use backend::{open, Backend, BackendError};
pub use http::HttpBackend;
pub use inline::InlineBackend;
