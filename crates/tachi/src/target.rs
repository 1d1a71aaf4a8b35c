//! Targets: what rustc can compile for, how a user names one, and the facts about each
//! that do not depend on this machine.

pub mod catalogue;
pub mod error;
pub mod facts;
pub mod set;
pub mod suggest;
pub mod triple;

pub use error::TargetError;
pub use facts::TargetFacts;
pub use set::{Context, Member, expand};
pub use triple::Triple;
