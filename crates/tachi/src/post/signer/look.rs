//! Finds the signing programs of this machine, and the files that the settings name.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::error::SignerError;
use crate::config::sign::SignTable;
use crate::sys::env::Environment;
use crate::sys::fs;

/// What signing depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignerFacts {
    /// The programs that are on `PATH`.
    pub programs: BTreeMap<&'static str, Utf8PathBuf>,
    /// The files that the settings name, by what they call them.
    pub files: BTreeMap<Utf8PathBuf, Seen>,
    /// The time of signatures without a time stamp, in seconds since 1970.
    pub time: u64,
}

/// A file that the settings name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where it is, absolute.
    pub path: Utf8PathBuf,
    /// SHA-256 of its content; none for a key, and for a file that cannot be read.
    pub sha256: Option<String>,
}

/// Programs that sign or notarise.
const PROGRAMS: [&str; 5] = ["codesign", "osslsigncode", "rcodesign", "signtool", "xcrun"];

impl SignerFacts {
    /// Finds programs and files, if the settings name a signer. Relative paths start from `folder`.
    #[must_use]
    pub fn look(
        table: &SignTable,
        folder: &Utf8Path,
        time: u64,
        environment: &Environment,
    ) -> Self {
        if *table == SignTable::default() {
            return Self::default();
        }
        let (macos, windows) = (table.macos.as_ref(), table.windows.as_ref());
        let public = [
            macos.and_then(|table| table.certificate.as_ref()),
            macos.and_then(|table| table.entitlements.as_ref()),
            windows.and_then(|table| table.certificate.as_ref()),
        ];
        let seen = |name: &Utf8PathBuf, is_public: bool| {
            let path = folder.join(name);
            let sha256 = is_public.then(|| fs::sha256(&path).ok()).flatten();
            (name.clone(), Seen { path, sha256 })
        };
        let key = windows.and_then(|table| table.key.as_ref());
        Self {
            programs: PROGRAMS
                .into_iter()
                .filter_map(|name| Some((name, environment.find_program(name)?)))
                .collect(),
            files: public
                .into_iter()
                .flatten()
                .map(|name| seen(name, true))
                .chain(key.map(|name| seen(name, false)))
                .collect(),
            time,
        }
    }

    /// Where a program is.
    ///
    /// # Errors
    /// It is not installed.
    pub(super) fn program(
        &self,
        program: &'static str,
        help: &'static str,
    ) -> Result<&str, SignerError> {
        let found = self.programs.get(program).map(|path| path.as_str());
        found.ok_or(SignerError::NoProgram { program, help })
    }

    /// The path of a file that a signature depends on; its digest goes into `inputs`.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn input(
        &self,
        table: &'static str,
        key: &'static str,
        name: &Utf8PathBuf,
        inputs: &mut BTreeMap<String, String>,
    ) -> Result<String, SignerError> {
        let seen = self.files.get(name);
        let missing = || SignerError::NoFile { table, key, path: name.clone() };
        let (path, digest) =
            seen.and_then(|seen| Some((&seen.path, seen.sha256.clone()?))).ok_or_else(missing)?;
        inputs.insert(name.to_string(), digest);
        Ok(path.to_string())
    }
}
