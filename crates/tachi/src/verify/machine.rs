//! The names and folders of the building machine that must not be in a release.

use camino::Utf8Path;
use tachi_binary::leaks::Known;

use crate::sys::env::Environment;

/// The user's name and home, cargo's and rustup's homes, and `folders`.
pub fn known(environment: &Environment, folders: &[&Utf8Path]) -> Known {
    let var =
        |name: &str| environment.var(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let user = var("USER").or_else(|| var("LOGNAME"));
    let homes = ["CARGO_HOME", "RUSTUP_HOME"].into_iter().filter_map(var);
    // `/` and `/work` also occur in texts that have nothing to do with this machine.
    let tells = |folder: &String| Utf8Path::new(folder).components().count() > 2;
    let folders = folders.iter().map(ToString::to_string).chain(homes).filter(tells).collect();
    Known { user, home: var("HOME").filter(tells), folders }
}
