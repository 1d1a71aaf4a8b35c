//! The library as its users have it: one executable, since each costs a link.
#![expect(
    clippy::disallowed_methods,
    reason = "tests prepare and look at the machine directly, so as not to trust what they test"
)]

mod builder;
mod events;
#[cfg(feature = "json-schema")]
mod json_schemas;
