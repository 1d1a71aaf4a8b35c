//! Remembers what programs say about themselves, as long as their files are the same.

use camino::{Utf8Path, Utf8PathBuf};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::digest;
use crate::sys::{fs, usage};
use crate::toolchain::error::ToolchainError;

/// The remembered answer of one program. Another length or time means an update.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered<T> {
    program: Utf8PathBuf,
    len: u64,
    modified_ns: u128,
    facts: T,
}

/// The answer of `ask` for `program`, or its earlier answer. `folder` keeps the answers.
pub(super) fn recall<T: Serialize + DeserializeOwned>(
    program: &Utf8Path,
    folder: &Utf8Path,
    ask: impl FnOnce() -> Result<T, ToolchainError>,
) -> Result<T, ToolchainError> {
    let digest = digest::hex(&Sha256::digest(program.as_str()));
    let memory = folder.join(format!("{}.json", &digest[..16]));
    let state = fs::state(program);
    // The program is asked again if its answer cannot be read: the memory is only for speed.
    let remembered = fs::read(&memory)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Remembered<T>>(&bytes).ok());
    if let (Some(found), Some(state)) = (remembered, &state)
        && found.program == program
        && (found.len, found.modified_ns) == (state.len, state.modified_ns)
    {
        usage::touch(&memory);
        return Ok(found.facts);
    }
    let facts = ask()?;
    let Some(state) = state else { return Ok(facts) };
    let (len, modified_ns) = (state.len, state.modified_ns);
    let remembered = Remembered { program: program.to_owned(), len, modified_ns, facts };
    let bytes = serde_json::to_vec(&remembered).unwrap_or_default();
    // A read-only cache folder makes the next run slower, no more.
    let _ = fs::write_atomic(&memory, &bytes);
    Ok(remembered.facts)
}
