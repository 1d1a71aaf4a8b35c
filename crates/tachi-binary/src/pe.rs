//! PE: the files of Windows and UEFI.

pub(crate) mod facts;
pub(crate) mod hardening;
pub(crate) mod image;
pub(crate) mod imports;
pub(crate) mod sections;
pub(crate) mod strip;
