//! What every Tachikoma crate shares: the version it reports and the counters it keeps.

pub mod metrics;
pub mod version;
