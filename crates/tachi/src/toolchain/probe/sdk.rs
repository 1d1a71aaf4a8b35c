//! The SDKs of this machine: Apple's by `SDKROOT`, Microsoft's as `xwin splat` lays it out. A
//! digest of each SDK's content tells an upgrade in the same folder.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::cache::{Bucket, CacheRoot};
use crate::sys::env::Environment;
use crate::sys::fs;
use crate::toolchain::lockfile::Microsoft;
use crate::toolchain::macos;

/// The file with the versions of Microsoft's files in Tachi's own folder of them. It is written
/// last.
pub const VERSIONS: &str = "versions.toml";

/// An SDK of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sdk {
    pub folder: Utf8PathBuf,
    /// Its version, if it says one: `13.3`.
    pub version: Option<String>,
    /// A digest of its content, cheap to make, which an upgrade in the same folder changes.
    pub content: String,
}

impl Sdk {
    /// Its name for people: `kind`, with the version if it says one.
    pub fn name(&self, kind: &str) -> String {
        match &self.version {
            Some(version) => format!("{kind} {version}"),
            None => kind.to_owned(),
        }
    }
}

/// The SDK that `SDKROOT` names, if it is one for macOS.
pub(super) fn apples(environment: &Environment) -> Option<Sdk> {
    let folder = environment.absolute(Utf8Path::new(environment.var("SDKROOT")?));
    let system = folder.join("usr/lib/libSystem.tbd");
    if !fs::exists(&system) {
        return None;
    }
    let told = [
        "SDKSettings.json",
        "SDKSettings.plist",
        "System/Library/CoreServices/SystemVersion.plist",
    ];
    let mut told: Vec<Vec<u8>> =
        told.iter().filter_map(|file| fs::read(&folder.join(file)).ok()).collect();
    if told.is_empty() {
        told.extend(fs::read(&system));
    }
    Some(Sdk { version: macos::sdk::version(&folder), content: digest(&told), folder })
}

/// What `XWIN_CACHE_DIR` names, as cargo-xwin understands it; else what Tachi fetched.
pub(super) fn microsofts(environment: &Environment, cache: &CacheRoot) -> Option<Sdk> {
    let users = environment.var("XWIN_CACHE_DIR").map(|dir| environment.absolute(dir.into()));
    let folders = users.iter().flat_map(|dir| [dir.join("xwin"), dir.clone()]);
    let is_whole = |dir: &Utf8PathBuf| {
        ["crt/lib", "sdk/lib/um", "sdk/lib/ucrt"].iter().all(|part| fs::exists(&dir.join(part)))
    };
    let folder = folders.chain([cache.bucket(Bucket::Microsoft)]).find(is_whole)?;
    let versions = fs::read_to_string(&folder.join(VERSIONS)).ok();
    Some(match versions.and_then(|text| toml::from_str::<Microsoft>(&text).ok()) {
        Some(Microsoft { sdk, crt, .. }) => {
            let content = digest(&[sdk.as_bytes(), crt.as_bytes()]);
            Sdk { folder, version: Some(sdk), content }
        }
        None => Sdk { content: digest(&lengths(&folder)), version: None, folder },
    })
}

/// The names and lengths of the libraries of an SDK that says no version.
fn lengths(folder: &Utf8Path) -> Vec<String> {
    let mut lengths = Vec::new();
    for part in ["crt/lib", "sdk/lib/ucrt"] {
        for arch in fs::list(&folder.join(part)).unwrap_or_default() {
            for file in fs::list(&arch).unwrap_or_default() {
                let name = file.strip_prefix(folder).unwrap_or(&file);
                let len = fs::state(&file).map_or(0, |state| state.len);
                lengths.push(format!("{name} {len}"));
            }
        }
    }
    lengths.sort();
    lengths
}

fn digest<T: AsRef<[u8]>>(parts: &[T]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        let part = part.as_ref();
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    crate::digest::hex(&hasher.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Utf8Path, text: &str) {
        fs::write_atomic(path, text.as_bytes()).unwrap();
    }

    fn environment(name: &str, value: &Utf8Path) -> Environment {
        Environment::new([(name.to_owned(), value.to_string())], "/")
    }

    #[test]
    fn an_upgrade_of_apples_sdk_in_the_same_folder_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(dir.path()).unwrap().join("MacOSX.sdk");
        let look = || apples(&environment("SDKROOT", &folder));
        assert_eq!(look(), None);
        write(&folder.join("usr/lib/libSystem.tbd"), "--- !tapi-tbd\n");
        let unnamed = look().unwrap();
        assert_eq!(unnamed.name("Apple's SDK"), "Apple's SDK");
        write(&folder.join("SDKSettings.json"), r#"{"Version":"13.3"}"#);
        let first = look().unwrap();
        assert_eq!(first.name("Apple's SDK"), "Apple's SDK 13.3");
        assert_eq!(look().unwrap(), first);
        write(&folder.join("SDKSettings.json"), r#"{"Version":"14.2"}"#);
        let second = look().unwrap();
        assert_eq!(second.version.as_deref(), Some("14.2"));
        assert_ne!(first.content, second.content);
        assert_ne!(first.content, unnamed.content);
    }

    #[test]
    fn microsofts_sdk_is_known_by_its_versions_or_by_its_libraries() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(dir.path()).unwrap();
        let look =
            || microsofts(&environment("XWIN_CACHE_DIR", folder), &CacheRoot::new("/nowhere"));
        assert_eq!(look(), None);
        for part in ["crt/lib", "sdk/lib/um", "sdk/lib/ucrt"] {
            write(&folder.join(part).join("x86_64/a.lib"), "a");
        }
        let unnamed = look().unwrap();
        assert_eq!(unnamed.version, None);
        write(&folder.join("crt/lib/x86_64/a.lib"), "longer");
        let other = look().unwrap();
        assert_ne!(unnamed.content, other.content);
        let versions = |sdk: &str| {
            write(
                &folder.join(VERSIONS),
                &format!("licence = \"l\"\nurl = \"u\"\nsdk = \"{sdk}\"\ncrt = \"14.44\"\n"),
            );
            look().unwrap()
        };
        let (first, second) = (versions("10.0.26100"), versions("10.0.28000"));
        assert_eq!(first.version.as_deref(), Some("10.0.26100"));
        assert_ne!(first.content, second.content);
    }
}
