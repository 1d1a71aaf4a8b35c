//! Checking signatures: every page against its hash, every part against its slot.

use std::io::Cursor;

use crate::macho::cpu::Cpu;
use crate::macho::fat::{Content, Contents};
use crate::macho::image::Image;
use crate::macho::signature::blob::{self, ALTERNATES, Blob, DIRECTORY, DIRECTORY_SLOT, blobs};
use crate::macho::signature::directory::{self, Directory, Parsed};
use crate::macho::signature::error::SignatureError;
use crate::macho::signature::place::Place;
use crate::macho::signature::problem::Problem;

/// Special slots whose content lies in the signature: requirements, entitlements, entitlements
/// in DER, launch constraints. The content of other slots lies in other files of a bundle.
const INSIDE: [u32; 7] = [2, 5, 7, 8, 9, 10, 11];

/// The checked signature of one architecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The processor that the file or slice is for.
    pub cpu: Cpu,
    /// The signature; none if the file has none for this processor.
    pub signature: Option<Signature>,
}

impl Checked {
    /// Whether the file has a signature without a fault.
    pub fn is_good(&self) -> bool {
        self.signature.as_ref().is_some_and(|signature| signature.problems.is_empty())
    }
}

/// A signature with its contents and its faults.
///
/// A signature without faults proves that the code is the code that was signed. It does not
/// prove who signed it: certificates are not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Its code directories, the primary one first; empty if the signature cannot be read.
    pub directories: Vec<Directory>,
    /// Whether it has a certificate's signature, which is not checked.
    pub has_certificate: bool,
    /// Whether it grants entitlements.
    pub has_entitlements: bool,
    /// All faults that were found.
    pub problems: Vec<Problem>,
}

/// Checks the signature of a Mach-O file, or of every slice of a universal file.
///
/// The file's size bounds the work: each byte is hashed at most once for each code directory,
/// and a signature has at most six.
///
/// # Errors
/// The file has another format, is damaged, or is of a kind that cannot have a signature.
pub fn verify(file: &[u8]) -> Result<Vec<Checked>, SignatureError> {
    let contents = Contents::read(&mut Cursor::new(file))?;
    let slices = contents.slices.iter().map(|slice| {
        let bytes = crate::bytes::part(file, slice.offset, slice.size);
        let bytes = bytes.ok_or(SignatureError::Malformed("a slice is cut off"))?;
        let signature = check(bytes, slice.content)?;
        Ok(Checked { cpu: slice.cpu, signature })
    });
    slices.collect()
}

fn check(file: &[u8], content: Content) -> Result<Option<Signature>, SignatureError> {
    if content == Content::Archive {
        return Err(SignatureError::Kind(content));
    }
    let image = Image::read(file).map_err(SignatureError::Malformed)?;
    let place = Place::of(&image)?;
    if !image.is_code() {
        return Err(SignatureError::Kind(content));
    }
    Ok(place.map(|place| check_at(&image, place)))
}

/// Checks the signature at `place`.
fn check_at(image: &Image<'_>, place: Place) -> Signature {
    let file = image.bytes;
    let mut signature = Signature {
        directories: Vec::new(),
        has_certificate: false,
        has_entitlements: false,
        problems: Vec::new(),
    };
    let Some(bytes) = place.bytes(file) else {
        signature.problems.push(Problem::Malformed("it is cut off"));
        return signature;
    };
    let end = u64::from(place.offset) + u64::from(place.size);
    if end < file.len() as u64 {
        signature.problems.push(Problem::TrailingBytes(file.len() as u64 - end));
    }
    if !place.offset.is_multiple_of(16) {
        signature.problems.push(Problem::Unaligned);
    }
    let blobs = match blobs(bytes) {
        Ok(blobs) => blobs,
        Err(what) => {
            signature.problems.push(Problem::Malformed(what));
            return signature;
        }
    };
    signature.has_certificate = blob::has_certificate(&blobs);
    signature.has_entitlements = blob::has_entitlements(&blobs);
    directories(image, place, &blobs, &mut signature);
    signature
}

fn directories(image: &Image<'_>, place: Place, blobs: &[Blob<'_>], signature: &mut Signature) {
    let is_directory =
        |blob: &&Blob<'_>| blob.slot == DIRECTORY_SLOT || ALTERNATES.contains(&blob.slot);
    let mut found: Vec<&Blob<'_>> = blobs.iter().filter(is_directory).collect();
    found.sort_by_key(|blob| blob.slot);
    if found.first().is_none_or(|blob| blob.slot != DIRECTORY_SLOT) {
        signature.problems.push(Problem::NoDirectory);
    }
    let mut is_trusted = false;
    for blob in found {
        let parsed = match directory::read(blob.bytes) {
            Ok(parsed) if blob.magic == DIRECTORY => parsed,
            Ok(_) => {
                signature.problems.push(Problem::Malformed("its code directory is something else"));
                continue;
            }
            Err(what) => {
                signature.problems.push(Problem::Malformed(what));
                continue;
            }
        };
        let faults = faults(image, place, blobs, &parsed);
        is_trusted |= faults.is_some();
        for fault in faults.into_iter().flatten() {
            // Two directories may find the same fault.
            if !signature.problems.contains(&fault) {
                signature.problems.push(fault);
            }
        }
        signature.directories.push(parsed.directory);
    }
    if let (false, Some(first)) = (is_trusted, signature.directories.first()) {
        signature.problems.push(Problem::Untrusted(first.digest));
    }
}

/// The faults that one code directory finds; none if its hash function is not trusted.
fn faults(
    image: &Image<'_>,
    place: Place,
    blobs: &[Blob<'_>],
    parsed: &Parsed<'_>,
) -> Option<Vec<Problem>> {
    let directory = &parsed.directory;
    let expected_size = directory.digest.size()?;
    if parsed.hash_size() != expected_size {
        return Some(vec![Problem::Malformed("its hashes have the wrong size")]);
    }
    let mut found = Vec::new();
    let code = u64::from(place.offset);
    if directory.code_limit != code {
        found.push(Problem::CodeLimit { covered: directory.code_limit, code });
    }
    let covered =
        crate::bytes::part(image.bytes, 0, directory.code_limit.min(code)).unwrap_or_default();
    found.extend(pages(covered, parsed));
    found.extend(slots(blobs, parsed));
    if let (Some([base, limit, _]), Some(text)) = (parsed.executable, image.segment(b"__TEXT"))
        && (base, limit) != (text.offset, text.size)
    {
        found.push(Problem::ExecutableSegment);
    }
    Some(found)
}

fn pages(covered: &[u8], parsed: &Parsed<'_>) -> Vec<Problem> {
    let digest = parsed.directory.digest;
    let page_size = parsed.directory.page_size.map_or(covered.len().max(1), |size| size as usize);
    let mut problems = Vec::new();
    let count = covered.len().div_ceil(page_size) as u64;
    let hashes = u64::from(parsed.directory.pages);
    if hashes != count {
        problems.push(Problem::PageCount { hashes, pages: count });
    }
    let signed = parsed.pages.chunks_exact(parsed.hash_size().max(1));
    let bad = covered.chunks(page_size).zip(signed).enumerate();
    let mut bad = bad.filter(|(_, (page, hash))| !digest.is_of(hash, page));
    if let Some((index, _)) = bad.next() {
        let first = (index as u64).saturating_mul(page_size as u64);
        problems.push(Problem::Pages { count: 1 + bad.count(), first });
    }
    problems
}

fn slots(blobs: &[Blob<'_>], parsed: &Parsed<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for slot in INSIDE {
        let blob = blobs.iter().find(|blob| blob.slot == slot);
        match (blob, parsed.special(slot as usize)) {
            (Some(blob), Some(hash)) if !parsed.directory.digest.is_of(hash, blob.bytes) => {
                problems.push(Problem::Slot { slot, is_unsigned: false });
            }
            (Some(_), None) => problems.push(Problem::Slot { slot, is_unsigned: true }),
            (None, Some(_)) => problems.push(Problem::MissingSlot(slot)),
            _ => {}
        }
    }
    problems
}
