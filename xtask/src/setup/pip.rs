//! pip, under any of its names: Tachi fetches zig through it.

use super::needs::{Need, Shown};
use crate::process;

/// Installed only where no pip answers.
pub(crate) const NEED: Need = Need {
    package: "python3-pip",
    why: "Tachi fetches its pinned zig through pip",
    shown: Shown::Program("pip3"),
    optional: false,
};

/// Calls each name; a name on `PATH` alone proves nothing, since version managers leave names that
/// lead to no pip.
pub(crate) fn answers() -> bool {
    let names: [&[&str]; 3] = [&["pip"], &["pip3"], &["python3", "-m", "pip"]];
    names.iter().any(|words| {
        let asked = [&words[1..], &["--version"]].concat();
        process::on_path(words[0]).is_some()
            && process::capture(&mut process::command(words[0], &asked)).is_ok()
    })
}
