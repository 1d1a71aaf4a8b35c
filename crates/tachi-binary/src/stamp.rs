//! The stamp: values of a build that are written into a finished file, for the program to read.
//!
//! Programs reserve a slot of fixed size through the crate `tachi-build-info`, whose module
//! `slot` describes the slot's bytes. [`read`] returns the values in a file's slots, [`write()`]
//! fills the slots in place: no byte outside them changes. A signature covers the slots, and has
//! to be made again.

mod locate;
mod slot;
mod values;

use std::ops::Range;

use crate::error::BinaryError;
use crate::format::Format;

pub use values::{InvalidValue, Stamp};

/// The reason why a file cannot be stamped, or its stamp cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StampError {
    /// The file itself cannot be read.
    #[error(transparent)]
    Binary(#[from] BinaryError),
    /// Nothing in it calls `tachi_build_info::build_info!()`.
    #[error(
        "the {format} file has no slot for a stamp: nothing in it uses the crate tachi-build-info"
    )]
    NoSlot {
        /// The file's format.
        format: Format,
    },
    /// The slot is of a later format.
    #[error("the slot is of format {format}, which is newer than this Tachi; update Tachi")]
    Newer {
        /// The slot's format.
        format: u8,
    },
    /// The slot contradicts its head.
    #[error("the stamp is damaged: {what}")]
    Damaged {
        /// What is wrong, as a clause.
        what: &'static str,
    },
    /// The slices of a universal file, or the slots of a program, have different stamps.
    #[error("the file holds several stamps that differ; stamp it again")]
    Ambiguous,
    /// The values need more bytes than the slot has.
    #[error("the values take {needed} bytes and the slot has {available}; shorten or drop some")]
    TooLong {
        /// The number of bytes that the values need.
        needed: usize,
        /// The number of bytes that the slot has for values.
        available: usize,
    },
}

/// The stamp of a file: none if the file has no slot, empty if its slots are not filled. The
/// slices of a universal file are for different targets; the stamp's value names all of them,
/// with `and` between.
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

/// The result of filling the slots of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// The file's format.
    pub format: Format,
    /// The number of its slots: one for each slice of a universal file, each member of an
    /// archive, each version of tachi-build-info.
    pub slots: usize,
    /// Whether the slots had other values before.
    pub changed: bool,
}

/// Fills every slot of a file with `stamp`, which replaces earlier values.
///
/// # Errors
/// The file has no slot, a slot is too small, or a slot lies over another part of the file. The
/// file then stays as it was.
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

/// The places of the slots of a file, in the order of the file.
///
/// # Errors
/// The file cannot be read, or a slot is of a later format.
pub fn slots(bytes: &[u8]) -> Result<Vec<Range<usize>>, StampError> {
    // Facts say what is wrong with a damaged file; the search does not.
    crate::facts(bytes)?;
    slots_in(bytes)
}

/// The places of the slots of a sound file.
fn slots_in(bytes: &[u8]) -> Result<Vec<Range<usize>>, StampError> {
    let mut found = Vec::new();
    for section in locate::sections(bytes)? {
        slot::find(bytes, section, &mut found)?;
    }
    found.sort_by_key(|range| range.start);
    found.dedup();
    Ok(found)
}
