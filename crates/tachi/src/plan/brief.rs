//! What every step is planned from.

use crate::config::profile::Profile;
use crate::facts::Facts;
use crate::plan::layout::Layout;
use crate::request::Request;

/// The request, the facts, and what both decide for all targets alike.
#[derive(Debug)]
pub(super) struct Brief<'a> {
    pub(super) request: &'a Request,
    pub(super) facts: &'a Facts,
    pub(super) profile: &'a Profile,
    /// Where files go.
    pub(super) layout: Layout,
}
