//! ELF: the files of Linux, Android, the BSDs and most of the rest.

pub(crate) mod dynamic;
pub(crate) mod facts;
pub(crate) mod hardening;
pub(crate) mod image;
pub(crate) mod imports;
pub(crate) mod notes;
pub(crate) mod split;
pub(crate) mod strip;
pub(crate) mod symbols;
pub(crate) mod versions;
