//! The stamp: values that a program reads of itself, written into a finished file.
//!
//! Programs reserve a slot of fixed size through the crate `tachi-build-info`, whose module
//! `slot` describes its bytes. [`read`] tells what is in it, [`write()`] fills it in place:
//! no byte outside the slots changes. A signature, which covers them, has to be made anew.

mod locate;
mod slot;
mod values;

use std::ops::Range;

use crate::error::BinaryError;
use crate::format::Format;

pub use values::{InvalidValue, Stamp};

/// Why a file cannot be stamped, or its stamp not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StampError {
    /// The file itself.
    #[error(transparent)]
    Binary(#[from] BinaryError),
    /// Nothing in it calls `tachi_build_info::build_info!()`.
    #[error(
        "the {format} file has no slot for a stamp: nothing in it uses the crate tachi-build-info"
    )]
    NoSlot {
        /// What the file is.
        format: Format,
    },
    /// The slot is of a later format.
    #[error("the slot is of format {format}, which is newer than this Tachi; update Tachi")]
    Newer {
        /// The slot's format.
        format: u8,
    },
    /// The slot is not what its head says.
    #[error("the stamp is damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: &'static str,
    },
    /// A universal file's slices, or a program's slots, differ.
    #[error("the file holds several stamps that differ; stamp it again")]
    Ambiguous,
    /// The values need more than the slot has.
    #[error("the values take {needed} bytes and the slot has {available}; shorten or drop some")]
    TooLong {
        /// Bytes needed.
        needed: usize,
        /// Bytes there.
        available: usize,
    },
}

/// The stamp of a file: none if it has no slot, empty if nobody filled it. The slices of a
/// universal file are for different targets; both are in the one value, with `and` between.
///
/// # Errors
/// The file cannot be read, its stamp is damaged, or its slots differ.
pub fn read(bytes: &[u8]) -> Result<Option<Stamp>, StampError> {
    let mut found: Option<Stamp> = None;
    for range in slots(bytes)? {
        let stamp = slot::read(bytes.get(range).unwrap_or_default())?;
        found = Some(match found {
            None => stamp,
            Some(first) => first.joined(&stamp).ok_or(StampError::Ambiguous)?,
        });
    }
    Ok(found)
}

/// What filling the slots of a file did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// What the file is.
    pub format: Format,
    /// How many slots it has: one for each slice of a universal file, each member of an
    /// archive, each version of tachi-build-info.
    pub slots: usize,
    /// They did not hold these values before.
    pub changed: bool,
}

/// Fills every slot of a file with `stamp`, over what was in it.
///
/// # Errors
/// There is no slot, one is too small, or one is the place of something else as well;
/// nothing is changed then.
pub fn write(bytes: &mut [u8], stamp: &Stamp) -> Result<Filled, StampError> {
    let format = crate::facts(bytes)?.format();
    let slots = slots_in(bytes)?;
    if slots.is_empty() {
        return Err(StampError::NoSlot { format });
    }
    let contents = slots
        .iter()
        .map(|range| slot::filled(range.len(), stamp))
        .collect::<Result<Vec<_>, StampError>>()?;
    let old: Vec<Vec<u8>> =
        slots.iter().map(|range| bytes.get(range.clone()).unwrap_or_default().to_vec()).collect();
    let changed = old != contents;
    if changed {
        fill(bytes, &slots, &contents);
        if read(bytes).as_ref() != Ok(&Some(stamp.clone())) {
            fill(bytes, &slots, &old);
            return Err(StampError::Damaged { what: "its slot lies over other parts of the file" });
        }
    }
    Ok(Filled { format, slots: slots.len(), changed })
}

fn fill(bytes: &mut [u8], slots: &[Range<usize>], contents: &[Vec<u8>]) {
    for (range, content) in slots.iter().zip(contents) {
        if let Some(place) = bytes.get_mut(range.clone()) {
            place.copy_from_slice(content);
        }
    }
}

/// Where the slots of a file are, in the order of the file.
///
/// # Errors
/// The file cannot be read, or a slot is of a later format.
pub fn slots(bytes: &[u8]) -> Result<Vec<Range<usize>>, StampError> {
    // Says what is wrong with the file, where the search only says that something is.
    crate::facts(bytes)?;
    slots_in(bytes)
}

/// The slots of a file that was found to be sound.
fn slots_in(bytes: &[u8]) -> Result<Vec<Range<usize>>, StampError> {
    let mut found = Vec::new();
    for section in locate::sections(bytes)? {
        slot::find(bytes, section, &mut found)?;
    }
    found.sort_by_key(|range| range.start);
    found.dedup();
    Ok(found)
}
