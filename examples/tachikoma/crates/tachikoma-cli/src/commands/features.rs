//! `tachikoma features`

use tachikoma_common::metrics;

pub fn run() -> String {
    let on_or_off = |on| if on { "on" } else { "off" };
    format!(
        "telemetry={}\nmetrics={}\n",
        on_or_off(tachikoma_loop::TELEMETRY),
        on_or_off(metrics::ENABLED)
    )
}
