//! Steps and what they need, by number, and the proof that they can all run.

use super::super::claim::Claim;

/// One step, as far as the schedule is concerned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// Steps that are done before this one starts.
    pub needs: Vec<usize>,
    /// What it needs for itself while it runs.
    pub claim: Claim,
}

/// Steps that cannot all run. A plan with such steps is a bug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// A step needs one that is not there.
    #[error("step {step} needs step {need}, which is not there")]
    Missing {
        /// Its number.
        step: usize,
        /// What it needs.
        need: usize,
    },
    /// Steps need each other.
    #[error("steps need each other: {steps:?}")]
    Circle {
        /// Each needs the next one, and the last one needs the first.
        steps: Vec<usize>,
    },
}

/// The arrows reversed, and numbers that follow from them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Graph {
    /// For each step, those that need it.
    pub(super) needed_by: Vec<Vec<usize>>,
    /// For each step, how many of its needs are not done yet.
    pub(super) open: Vec<usize>,
    /// For each step, the number of steps on the longest way from it to an end.
    pub(super) chain: Vec<usize>,
}

impl Graph {
    /// # Errors
    /// A step could never start.
    pub(super) fn new(nodes: &[Node]) -> Result<Self, GraphError> {
        let mut needed_by = vec![Vec::new(); nodes.len()];
        for (step, node) in nodes.iter().enumerate() {
            for &need in &node.needs {
                let users = needed_by.get_mut(need).ok_or(GraphError::Missing { step, need })?;
                users.push(step);
            }
        }
        let open: Vec<usize> = nodes.iter().map(|node| node.needs.len()).collect();
        let (order, left) = in_order(&needed_by, open.clone());
        if order.len() < nodes.len() {
            return Err(GraphError::Circle { steps: circle(nodes, &left) });
        }
        let mut chain = vec![1; nodes.len()];
        for &step in order.iter().rev() {
            chain[step] += needed_by[step].iter().map(|&user| chain[user]).max().unwrap_or(0);
        }
        Ok(Self { needed_by, open, chain })
    }
}

/// Steps after all that they need, and for each step how many needs remain.
fn in_order(needed_by: &[Vec<usize>], mut open: Vec<usize>) -> (Vec<usize>, Vec<usize>) {
    let mut order: Vec<usize> = (0..open.len()).filter(|&step| open[step] == 0).collect();
    let mut next = 0;
    while let Some(&step) = order.get(next) {
        next += 1;
        for &user in &needed_by[step] {
            open[user] -= 1;
            if open[user] == 0 {
                order.push(user);
            }
        }
    }
    (order, open)
}

/// Follows needs that are `left`: each such step has one, so the way comes back to itself.
fn circle(nodes: &[Node], left: &[usize]) -> Vec<usize> {
    let is_left = |step: &usize| left[*step] > 0;
    let mut seen_at = vec![None; nodes.len()];
    let mut way = Vec::new();
    let mut at = (0..nodes.len()).find(is_left);
    while let Some(step) = at {
        if let Some(first) = seen_at[step] {
            return way.split_off(first);
        }
        seen_at[step] = Some(way.len());
        way.push(step);
        at = nodes[step].needs.iter().copied().find(is_left);
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(needs: &[&[usize]]) -> Vec<Node> {
        needs.iter().map(|needs| Node { needs: needs.to_vec(), ..Node::default() }).collect()
    }

    #[test]
    fn the_longest_way_to_an_end_counts() {
        // A diamond with a tail, and a step beside it.
        let graph = Graph::new(&nodes(&[&[], &[0], &[0], &[1, 2], &[3], &[]])).unwrap();
        assert_eq!(graph.chain, [4, 3, 3, 2, 1, 1]);
        assert_eq!(graph.needed_by[0], [1, 2]);
        assert_eq!(graph.open, [0, 1, 1, 2, 1, 0]);
    }

    #[test]
    fn steps_that_could_never_start_are_refused() {
        let circle = |steps: &[usize]| Err(GraphError::Circle { steps: steps.to_vec() });
        let table: [(&[&[usize]], _); 3] = [
            (&[&[], &[7]], Err(GraphError::Missing { step: 1, need: 7 })),
            (&[&[0]], circle(&[0])),
            // The step before and the step behind the circle are not on it.
            (&[&[], &[0, 3], &[1], &[2], &[3]], circle(&[1, 3, 2])),
        ];
        for (needs, expected) in table {
            assert_eq!(Graph::new(&nodes(needs)).map(drop), expected, "{needs:?}");
        }
    }
}
