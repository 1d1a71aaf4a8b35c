//! Tachi's cache folder: what is fetched, built or answered once, for all workspaces of a user.
//!
//! [`CacheRoot`] is the one owner of its layout: a [`Bucket`] for each kind of thing, entries in a
//! bucket. What is in it can always be made again.
//!
//! Three kinds of locks keep those apart who work in it:
//!
//! - A run holds the root's lock shared, from its facts to its end ([`CacheRoot::hold`]).
//! - Who removes entries takes that lock alone, for the moment in which they are moved away
//!   ([`Alone`]); what runs keep using stays where a run holds it.
//! - Who makes an entry holds the lock file of the entry's folder
//!   ([`Provision::enter`](crate::toolchain::provision::Provision::enter)). Whatever is unfinished in
//!   such a folder is made under that lock, so that the next holder may remove what it finds of it.

mod bound;
mod bucket;
mod entry;
mod hold;
mod removal;
mod root;
mod share;

pub use bound::Bound;
pub use bucket::Bucket;
pub use entry::Usage;
pub use hold::{Alone, InUse};
pub use removal::{Candidate, Reason, Removal, Removals};
pub use root::CacheRoot;
