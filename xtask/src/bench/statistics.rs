//! Medians, minima and ratios of paired runs.

use super::measure::Cost;

/// Paired runs of one scenario: ours and another's, in the order in which they ran.
#[derive(Debug)]
pub(crate) struct Pairs {
    /// What was measured.
    pub(crate) scenario: &'static str,
    /// Tachi's runs.
    pub(crate) ours: Vec<Cost>,
    /// The other's runs: bare cargo's, another crate's.
    pub(crate) theirs: Vec<Cost>,
}

/// One line of the result: wall or CPU seconds of one scenario, or its memory.
#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) scenario: &'static str,
    /// `wall` or `cpu` seconds, or `MB` of memory.
    pub(crate) what: &'static str,
    /// Median of ours, in that unit.
    pub(crate) ours: f64,
    /// Minimum of ours, in that unit.
    pub(crate) ours_min: f64,
    /// Median of theirs, in that unit.
    pub(crate) theirs: f64,
    /// Minimum of theirs, in that unit.
    pub(crate) theirs_min: f64,
    /// Median of the ratios within the pairs: both runs of a pair see the same machine.
    pub(crate) ratio: f64,
}

impl Pairs {
    /// Wall and CPU seconds.
    pub(crate) fn rows(&self) -> [Row; 2] {
        [self.row("wall", |cost| cost.wall), self.row("cpu", |cost| cost.cpu)]
    }

    fn row(&self, what: &'static str, pick: fn(&Cost) -> f64) -> Row {
        let values = |costs: &[Cost]| costs.iter().map(pick).collect::<Vec<f64>>();
        Row::of(self.scenario, what, &values(&self.ours), &values(&self.theirs))
    }
}

impl Row {
    /// From the values of paired runs.
    pub(crate) fn of(
        scenario: &'static str,
        what: &'static str,
        ours: &[f64],
        theirs: &[f64],
    ) -> Self {
        let ratios: Vec<f64> =
            ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
        Self {
            scenario,
            what,
            ours: median(ours),
            ours_min: minimum(ours),
            theirs: median(theirs),
            theirs_min: minimum(theirs),
            ratio: median(&ratios),
        }
    }
}

/// The middle value, or the mean of the two in the middle; NaN if there is none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.get(middle), sorted.len() % 2) {
        (None, _) => f64::NAN,
        (Some(&upper), 1) => upper,
        (Some(&upper), _) => f64::midpoint(sorted[middle - 1], upper),
    }
}

fn minimum(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NAN, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_minima() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(median(&[3.0, 1.0, 2.0]), 2.0));
        assert!(close(median(&[4.0, 1.0, 2.0, 3.0]), 2.5));
        assert!(median(&[]).is_nan());
        assert!(close(minimum(&[3.0, 1.0, 2.0]), 1.0));
    }

    #[test]
    fn the_ratio_is_the_median_within_pairs_not_of_medians() {
        let runs = |walls: [f64; 3]| walls.map(|wall| Cost { wall, cpu: wall }).to_vec();
        let pairs =
            Pairs { scenario: "x", ours: runs([1.0, 20.0, 3.0]), theirs: runs([1.0, 10.0, 1.0]) };
        let [wall, _] = pairs.rows();
        assert!((wall.ratio - 2.0).abs() < 1e-9, "{wall:?}");
    }
}
