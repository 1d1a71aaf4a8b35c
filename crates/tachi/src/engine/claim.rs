//! What a step needs for itself while it runs, and how much of that there is.

use std::num::NonZeroUsize;

/// What a step needs while it runs. The default is nothing but a thread, for steps that end at
/// once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Claim {
    /// Cargo's lock on the build folder: one step at a time, as a second cargo would only
    /// wait for the first. Cargo finds its cores itself, beyond the first one.
    pub cargo: bool,
    /// The cores that the step keeps busy.
    pub threads: Threads,
    /// The step waits for the network: a few steps at a time.
    pub network: bool,
    /// Something of which there is one.
    pub exclusive: Option<Resource>,
}

/// The cores that a step keeps busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Threads {
    /// None: the step waits, or ends at once.
    #[default]
    None,
    /// One.
    One,
    /// Any number, as the step starts programs that do not ask for tokens (a test runner).
    /// One such step at a time; it still waits for a first core.
    All,
}

/// Something that one step at a time may use, by its name: a wine prefix, a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource(pub &'static str);

impl Claim {
    /// A cargo call.
    pub const CARGO: Self =
        Self { cargo: true, threads: Threads::One, network: false, exclusive: None };
    /// Work for one core.
    pub const CORE: Self = Self { cargo: false, ..Self::CARGO };

    /// Whether the step waits for a token. Cargo needs one for the core that it uses without
    /// asking.
    pub(super) fn takes_token(self) -> bool {
        self.cargo || self.threads != Threads::None
    }
}

/// How much there is of what can be claimed. Each number is at least one, so every claim fits
/// when nothing else runs: no step waits for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Steps that wait for the network at the same time.
    pub network: NonZeroUsize,
    /// Steps that run at the same time, whatever they claim.
    pub steps: NonZeroUsize,
}

impl Limits {
    /// The limits for a machine with this many cores.
    pub fn of(cores: NonZeroUsize) -> Self {
        let network = NonZeroUsize::new(4).unwrap_or(NonZeroUsize::MIN);
        // One for each core and for each connection, one that waits for a core, and some for
        // steps that claim nothing.
        let steps = cores.saturating_add(network.get() + 4);
        Self { network, steps }
    }
}
