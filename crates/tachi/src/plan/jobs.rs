//! How many jobs run at once: as many as there are cores, unless memory is too small for that
//! many links with link-time optimisation (cargo#9157: cargo itself does not look).

use crate::config::profile::Lto;
use crate::facts::Machine;

/// The memory that one link with fat LTO may need, in bytes. fd and tachikoma peak at
/// 0.7 and 1.3 GiB; the rest is room for larger programs.
const FAT_LINK: u64 = 2 << 30;
/// The memory that one link with thin LTO may need, in bytes.
const THIN_LINK: u64 = 3 << 29;

/// The number of jobs, and a note where it was lowered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jobs {
    /// For cargo's `-j`; cargo's own default if absent.
    pub count: Option<usize>,
    /// Why it is lower than the number of cores.
    pub note: Option<String>,
}

/// Decides for one cargo call that ends in `links` links.
pub fn decide(asked: Option<usize>, machine: Machine, lto: Lto, links: usize) -> Jobs {
    let cost = match lto {
        Lto::Off => 0,
        Lto::Thin => THIN_LINK,
        Lto::Fat => FAT_LINK,
    };
    let affordable = match machine.available_memory {
        Some(memory) if cost > 0 => usize::try_from(memory / cost).unwrap_or(usize::MAX).max(1),
        _ => usize::MAX,
    };
    let at_once = links.min(machine.cores.get());
    if asked.is_some() || at_once <= affordable {
        return Jobs { count: asked, note: None };
    }
    let note = format!(
        "{affordable} jobs instead of {}: {at_once} links at once with link-time optimisation would need about \
         {:.0} GiB, and {:.1} GiB are free (-j overrides)",
        machine.cores,
        gibibytes(cost * at_once as u64),
        gibibytes(machine.available_memory.unwrap_or_default()),
    );
    Jobs { count: Some(affordable), note: Some(note) }
}

#[expect(clippy::cast_precision_loss, reason = "for people, to one decimal")]
fn gibibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_lowered_only_when_links_would_not_fit_and_no_number_was_given() {
        let machine = |cores, gib: u64| Machine {
            cores: std::num::NonZeroUsize::new(cores).unwrap(),
            available_memory: Some(gib << 30),
        };
        let unknown = Machine { available_memory: None, ..machine(16, 0) };
        let cases = [
            (None, machine(2, 20), Lto::Fat, 4, None),
            (None, machine(16, 8), Lto::Fat, 8, Some(4)),
            (None, machine(16, 8), Lto::Thin, 8, Some(5)),
            (None, machine(16, 8), Lto::Fat, 4, None),
            (None, machine(16, 8), Lto::Off, 99, None),
            (None, machine(16, 1), Lto::Fat, 2, Some(1)),
            (Some(9), machine(16, 1), Lto::Fat, 9, Some(9)),
            (None, unknown, Lto::Fat, 9, None),
        ];
        for (asked, machine, lto, links, expected) in cases {
            let jobs = decide(asked, machine, lto, links);
            assert_eq!(jobs.count, expected, "for {asked:?}, {machine:?}, {lto:?}, {links}");
            assert_eq!(jobs.note.is_some(), asked.is_none() && expected.is_some());
        }
    }
}
