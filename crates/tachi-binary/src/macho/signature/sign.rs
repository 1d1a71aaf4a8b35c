//! Making ad-hoc signatures, byte for byte those of `ld64.lld`.

use std::io::Cursor;

use crate::architecture::Endianness;
use crate::macho::fat::{Content, Contents, Input, Layout, Slice};
use crate::macho::image::Image;
use crate::macho::signature::blob::{self, blobs};
use crate::macho::signature::directory;
use crate::macho::signature::error::SignatureError;
use crate::macho::signature::place::Place;
use crate::macho::signature::plan::Plan;

/// The longest identifier, in bytes: as long as names of files can be.
const IDENTIFIER_LIMIT: usize = 255;

/// The signatures that may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// Ad-hoc signatures without entitlements: the new one is worth as much.
    AdHoc,
    /// Any signature.
    Any,
}

/// The file with an ad-hoc signature, which replaces a present one. All slices of a universal
/// file are signed and joined again.
///
/// Besides the signature, only the size of `__LINKEDIT` changes, which holds the signature, and
/// the list of load commands if the file had no signature. Signing a signed file again under
/// the same identifier gives the same bytes.
///
/// # Errors
/// The file is of another format or kind, is damaged, has no room for the load command, or
/// has a signature that must not be replaced.
pub fn sign(file: &[u8], identifier: &str, replace: Replace) -> Result<Vec<u8>, SignatureError> {
    let unusable = identifier.is_empty()
        || identifier.len() > IDENTIFIER_LIMIT
        || identifier.chars().any(char::is_control);
    if unusable {
        return Err(SignatureError::Identifier(identifier.to_owned()));
    }
    let contents = Contents::read(&mut Cursor::new(file))?;
    let slices = contents.slices.iter().map(|slice| prepare(file, slice, identifier, replace));
    let prepared = slices.collect::<Result<Vec<Prepared<'_>>, _>>()?;
    if let ([one], false) = (prepared.as_slice(), contents.is_universal) {
        let mut signed = with_capacity(one.plan.signed_size());
        one.append_to(&mut signed, identifier)?;
        return Ok(signed);
    }
    let inputs: Vec<Input<'_>> = prepared.iter().map(Prepared::as_input).collect();
    let layout = Layout::new(&inputs)?;
    let mut joined = with_capacity(layout.size());
    joined.extend_from_slice(layout.header());
    for placed in layout.slices() {
        let Some(one) = prepared.get(placed.input) else { continue };
        let large = SignatureError::Malformed("it is too large to be signed");
        joined.resize(usize::try_from(placed.offset).map_err(|_| large)?, 0);
        one.append_to(&mut joined, identifier)?;
    }
    Ok(joined)
}

/// A slice that can be signed.
struct Prepared<'file> {
    slice: &'file Slice,
    image: Image<'file>,
    plan: Plan,
}

impl Prepared<'_> {
    fn as_input(&self) -> Input<'static> {
        let slice = Slice { offset: 0, size: self.plan.signed_size(), ..self.slice.clone() };
        let contents = Contents { is_universal: false, slices: vec![slice] };
        Input { name: "a slice", contents }
    }

    fn append_to(&self, output: &mut Vec<u8>, identifier: &str) -> Result<(), SignatureError> {
        self.plan.carry_out(&self.image, identifier, output)
    }
}

fn prepare<'file>(
    file: &'file [u8],
    slice: &'file Slice,
    identifier: &str,
    replace: Replace,
) -> Result<Prepared<'file>, SignatureError> {
    let bytes = crate::bytes::part(file, slice.offset, slice.size);
    let bytes = bytes.ok_or(SignatureError::Malformed("a slice is cut off"))?;
    if slice.content == Content::Archive {
        return Err(SignatureError::Kind(slice.content));
    }
    let image = Image::read(bytes).map_err(SignatureError::Malformed)?;
    let old = Place::of(&image)?;
    if !image.is_code() {
        return Err(SignatureError::Kind(slice.content));
    }
    if image.header.encoding.endian == Endianness::Big {
        return Err(SignatureError::BigEndian);
    }
    if let (Some(place), Replace::AdHoc) = (old, replace) {
        refuse_precious(bytes, place)?;
    }
    let plan = Plan::new(&image, old, identifier)?;
    Ok(Prepared { slice, image, plan })
}

/// The identifier under which the signature of a file can be made again; none if the file has
/// no signature.
///
/// # Errors
/// The file is damaged, or its signature is worth more than an ad-hoc one.
pub(crate) fn renewable(image: &Image<'_>) -> Result<Option<String>, SignatureError> {
    let Some(place) = Place::of(image)? else { return Ok(None) };
    refuse_precious(image.bytes, place)?;
    let damaged = SignatureError::Malformed("its signature cannot be read");
    let signature = place.bytes(image.bytes);
    let blobs = signature.and_then(|bytes| blobs(bytes).ok()).unwrap_or_default();
    let blob = blobs.iter().find(|blob| blob.slot == blob::DIRECTORY_SLOT);
    let parsed = blob.and_then(|blob| directory::read(blob.bytes).ok());
    Ok(Some(parsed.ok_or(damaged)?.directory.identifier))
}

/// A buffer for all of the result: one that grows would need up to twice the memory.
fn with_capacity(size: u64) -> Vec<u8> {
    Vec::with_capacity(usize::try_from(size).unwrap_or(0))
}

fn refuse_precious(file: &[u8], place: Place) -> Result<(), SignatureError> {
    let old = place.bytes(file);
    // A signature that cannot be read is worth nothing.
    let blobs = old.and_then(|bytes| blobs(bytes).ok()).unwrap_or_default();
    if blob::has_certificate(&blobs) {
        return Err(SignatureError::Precious("was made with a certificate"));
    }
    if blob::has_entitlements(&blobs) {
        return Err(SignatureError::Precious("grants entitlements"));
    }
    Ok(())
}
