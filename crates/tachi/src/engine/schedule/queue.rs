//! Which of the steps that are ready starts next: the first in rank whose claim fits.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::super::claim::{Claim, Limits, Resource, Threads};
use super::graph::{Graph, Node};

/// Ready steps by claim. Few claims differ, however many steps there are, so that looking at
/// the first step of each claim costs the same at ten steps and at ten thousand.
#[derive(Debug)]
pub(super) struct Queue {
    classes: Vec<Class>,
    /// For each step, its claim's place in `classes`.
    class_of: Vec<usize>,
    graph: Graph,
    network_limit: usize,
    in_use: InUse,
}

#[derive(Debug)]
struct Class {
    claim: Claim,
    ready: BinaryHeap<Rank>,
}

/// The longest way to an end first, as it decides when the run ends; of two equally long ones,
/// the first in the plan.
type Rank = (usize, Reverse<usize>);

/// What running steps have claimed.
#[derive(Debug, Default)]
struct InUse {
    cargo: bool,
    all_cores: bool,
    network: usize,
    exclusive: BTreeSet<Resource>,
    /// A step waits for its token. Others queue here, by rank, rather than at the jobserver,
    /// which knows no rank.
    asking: bool,
}

impl Queue {
    pub(super) fn new(nodes: &[Node], graph: Graph, limits: &Limits) -> Self {
        let mut places = BTreeMap::new();
        let mut classes = Vec::new();
        let place = |node: &Node| {
            *places.entry(node.claim).or_insert_with(|| {
                classes.push(Class { claim: node.claim, ready: BinaryHeap::new() });
                classes.len() - 1
            })
        };
        let class_of: Vec<usize> = nodes.iter().map(place).collect();
        let network_limit = limits.network.get();
        let in_use = InUse::default();
        let mut queue = Self { classes, class_of, graph, network_limit, in_use };
        for step in (0..nodes.len()).filter(|&step| nodes[step].needs.is_empty()) {
            queue.make_ready(step);
        }
        queue
    }

    fn make_ready(&mut self, step: usize) {
        let rank = (self.graph.chain[step], Reverse(step));
        self.classes[self.class_of[step]].ready.push(rank);
    }

    pub(super) fn claim_of(&self, step: usize) -> Claim {
        self.classes[self.class_of[step]].claim
    }

    fn best(&self) -> Option<usize> {
        let fitting = self.classes.iter().enumerate().filter(|(_, class)| self.fits(class.claim));
        let first = fitting.filter_map(|(place, class)| Some((class.ready.peek()?, place)));
        first.max().map(|(_, place)| place)
    }

    /// Whether a step could start now.
    pub(super) fn has_next(&self) -> bool {
        self.best().is_some()
    }

    /// Takes the next step, and what it claims out of what is free.
    pub(super) fn take(&mut self) -> Option<usize> {
        let best = self.best()?;
        let class = &mut self.classes[best];
        let (_, Reverse(step)) = class.ready.pop()?;
        let claim = class.claim;
        self.in_use.add(claim);
        Some(step)
    }

    /// A step has its token, or goes on without one.
    pub(super) fn has_token(&mut self, claim: Claim) {
        self.in_use.asking &= !asks(claim);
    }

    /// Frees what the step had claimed.
    pub(super) fn release(&mut self, step: usize) {
        let claim = self.claim_of(step);
        self.in_use.remove(claim);
    }

    /// Lets steps go on that waited for this one.
    pub(super) fn complete(&mut self, step: usize) {
        for user in std::mem::take(&mut self.graph.needed_by[step]) {
            self.graph.open[user] -= 1;
            if self.graph.open[user] == 0 {
                self.make_ready(user);
            }
        }
    }

    fn fits(&self, claim: Claim) -> bool {
        let InUse { cargo, all_cores, network, exclusive, asking } = &self.in_use;
        let is_taken = (claim.cargo && *cargo)
            || (claim.threads == Threads::All && *all_cores)
            || (claim.network && *network >= self.network_limit)
            || claim.exclusive.is_some_and(|resource| exclusive.contains(&resource))
            || (asks(claim) && *asking);
        !is_taken
    }
}

/// Whether the step waits its turn to ask for a token. Cargo does not: runs mostly wait for cargo.
fn asks(claim: Claim) -> bool {
    claim.takes_token() && !claim.cargo
}

impl InUse {
    fn add(&mut self, claim: Claim) {
        self.cargo |= claim.cargo;
        self.all_cores |= claim.threads == Threads::All;
        self.network += usize::from(claim.network);
        self.exclusive.extend(claim.exclusive);
        self.asking |= asks(claim);
    }

    fn remove(&mut self, claim: Claim) {
        self.cargo &= !claim.cargo;
        self.all_cores &= claim.threads != Threads::All;
        self.network -= usize::from(claim.network);
        if let Some(resource) = claim.exclusive {
            self.exclusive.remove(&resource);
        }
    }
}
