//! The commands: each has its arguments and a `run`, which turns them into a request and
//! hands the events to a screen.

pub(crate) mod build;
pub(crate) mod cache;
pub(crate) mod dist;
pub(crate) mod inspect;
pub(crate) mod plan;
pub(crate) mod run;
pub(crate) mod setup;
pub(crate) mod sign;
pub(crate) mod stamp;
pub(crate) mod strip;
pub(crate) mod targets;
pub(crate) mod test;
pub(crate) mod universal;
pub(crate) mod verify;
