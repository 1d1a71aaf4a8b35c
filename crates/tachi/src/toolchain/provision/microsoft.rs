//! Microsoft's CRT and SDK for MSVC's targets: fetched by `xwin`, after the user has accepted
//! Microsoft's licence, and never otherwise. Without them those targets are linked
//! against import libraries of Tachi's own.

use camino::{Utf8Path, Utf8PathBuf};

use super::{Provision, xwin};
use crate::cache::Bucket;
use crate::sys::{Command, fs};
use crate::toolchain::error::ToolchainError;
use crate::toolchain::lockfile::{Lockfile, Microsoft, ToolPin};
use crate::toolchain::probe::{ToolchainFacts, VERSIONS};

/// The licence's name.
pub const LICENCE: &str = "Microsoft Software License Terms for Visual Studio Build Tools";
/// Where it can be read; the address that xwin shows.
pub const LICENCE_URL: &str = "https://go.microsoft.com/fwlink/?LinkId=2086102";
/// What comes, for people.
pub const WHAT: &str = "Microsoft's C runtime and Windows SDK (headers and libraries for x86_64 and aarch64, \
                        about 1.1 GB to fetch)";

/// Who accepted the licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent<'a> {
    /// The user, with this very call.
    pub given: bool,
    /// Somebody before, as `tachi.lock` records it.
    pub recorded: Option<&'a Microsoft>,
}

impl Consent<'_> {
    /// Whether the licence was accepted: the one that stands here, not another.
    fn is_there(self) -> bool {
        self.given || self.recorded.is_some_and(|before| before.url == LICENCE_URL)
    }
}

/// What came, or was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provided {
    /// The folder, laid out as `xwin splat` does.
    pub folder: Utf8PathBuf,
    /// What to record.
    pub accepted: Microsoft,
    /// The xwin that was brought for this, to record as well; none where it is the user's own, or
    /// was not needed.
    pub xwin: Option<ToolPin>,
    /// It was there already.
    pub is_fresh: bool,
}

/// Finds or brings them, and xwin for that. The versions that `consent` records are brought,
/// else the newest.
///
/// # Errors
/// Nobody accepted the licence; they are not here and cannot be fetched, or xwin cannot.
pub fn provide(
    provision: &mut Provision<'_>,
    facts: &ToolchainFacts,
    pins: &Lockfile,
    consent: Consent<'_>,
) -> Result<Provided, ToolchainError> {
    let folder = provision.cache.bucket(Bucket::Microsoft);
    if !consent.is_there() {
        return Err(ToolchainError::NoConsent { what: WHAT, licence: LICENCE, url: LICENCE_URL });
    }
    if let Some(accepted) = present(&folder, consent.recorded)? {
        return Ok(Provided { folder, accepted, xwin: None, is_fresh: true });
    }
    if provision.offline {
        return Err(ToolchainError::Offline {
            what: "Microsoft's C runtime and Windows SDK".into(),
            remedy: "run once without --offline, or set XWIN_CACHE_DIR to what `xwin splat` made"
                .into(),
        });
    }
    let workshop = provision.cache.bucket(Bucket::Xwin);
    let _lock = provision.enter(&workshop)?;
    // Another Tachi may have brought them while this one waited.
    if let Some(accepted) = present(&folder, consent.recorded)? {
        return Ok(Provided { folder, accepted, xwin: None, is_fresh: true });
    }
    let xwin = xwin::provide(provision, facts, pins.xwin(), &workshop)?;
    let temporary = fs::temporary_dir_in(&workshop)?;
    let temporary = fs::utf8(temporary.path())?;
    let (downloads, splat) = (temporary.join("downloads"), temporary.join("splat"));
    provision.doing(format!("fetching {WHAT} with xwin"));
    let said = provision.follow(&command(&xwin.program, &downloads, &splat, consent.recorded))?;
    said.map_err(ToolchainError::Xwin)?;
    let names = fs::list(&downloads.join("dl"))?;
    let names = names.iter().filter_map(|path| path.file_name());
    let accepted = versions(names).ok_or(ToolchainError::StrangeXwin)?;
    let text = toml::to_string(&accepted).expect("four texts always serialise");
    fs::write_new(&splat.join(VERSIONS), 0o644, &mut text.as_bytes())?;
    fs::flush(&splat)?;
    fs::remove_dir_all(&folder)?;
    fs::rename(&splat, &folder)?;
    Ok(Provided { folder, accepted, xwin: xwin.pin, is_fresh: false })
}

/// What `folder` holds, if it is whole and is what was recorded.
fn present(
    folder: &Utf8Path,
    recorded: Option<&Microsoft>,
) -> Result<Option<Microsoft>, ToolchainError> {
    let text = fs::read_if_exists(&folder.join(VERSIONS))?;
    let here: Option<Microsoft> = text.and_then(|text| toml::from_str(&text).ok());
    Ok(here.filter(|here| recorded.is_none_or(|wanted| wanted == here)))
}

fn command(
    xwin: &Utf8Path,
    downloads: &Utf8Path,
    splat: &Utf8Path,
    recorded: Option<&Microsoft>,
) -> Command {
    let mut command = Command::new(xwin.as_str())
        .args(["--accept-license", "--cache-dir", downloads.as_str()])
        .args(["--arch", "x86_64,aarch64", "--http-retry", "3"])
        // Its errors are for people without one.
        .env("RUST_BACKTRACE", "0");
    if let Some(Microsoft { sdk, crt, .. }) = recorded {
        command = command.args(["--sdk-version", sdk, "--crt-version", crt]);
    }
    command.args(["splat", "--output", splat.as_str()])
}

/// The versions, which xwin tells nobody, by the names of what it fetched:
/// `Win11SDK_10.0.26100_headers.msi`, `Microsoft.VC.14.44.17.14.CRT.Headers.base.vsix`.
fn versions<'a>(names: impl Iterator<Item = &'a str>) -> Option<Microsoft> {
    let (mut sdk, mut crt) = (None, None);
    for name in names {
        let of_sdk = name.strip_suffix("_headers.msi").and_then(|name| name.split_once("SDK_"));
        sdk = sdk.or(of_sdk.map(|(_, version)| version).filter(|version| is_version(version)));
        let of_crt = name.strip_prefix("Microsoft.VC.");
        crt = crt.or(of_crt.and_then(|name| name.strip_suffix(".CRT.Headers.base.vsix")));
    }
    Some(Microsoft {
        licence: LICENCE.to_owned(),
        url: LICENCE_URL.to_owned(),
        sdk: sdk?.to_owned(),
        crt: crt.filter(|version| is_version(version))?.to_owned(),
    })
}

/// Whether a text is a version, and so can stand in a TOML string and on a command line.
fn is_version(text: &str) -> bool {
    text.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Option<(String, String)> {
        versions(names.iter().copied()).map(|found| (found.sdk, found.crt))
    }

    #[test]
    fn versions_are_told_from_what_was_fetched() {
        let names = [
            "Microsoft.VC.14.44.17.14.CRT.Headers.base.vsix",
            "Microsoft.VC.14.44.17.14.CRT.x64.Desktop.base.vsix",
            "Win11SDK_10.0.26100_headers.msi",
            "Win11SDK_10.0.26100_store_headers.msi",
            "ucrt.msi",
        ];
        assert_eq!(of(&names), Some(("10.0.26100".into(), "14.44.17.14".into())));
        assert_eq!(of(&names[..2]), None);
        assert_eq!(of(&names[2..]), None);
        assert_eq!(of(&["Win11SDK_10.0\"_headers.msi", names[0]]), None);
    }

    #[test]
    fn only_this_licence_counts_as_accepted() {
        let mut before = versions(
            ["Win11SDK_10.0.1_headers.msi", "Microsoft.VC.14.1.CRT.Headers.base.vsix"].into_iter(),
        )
        .unwrap();
        assert!(!Consent { given: false, recorded: None }.is_there());
        assert!(Consent { given: true, recorded: None }.is_there());
        assert!(Consent { given: false, recorded: Some(&before) }.is_there());
        before.url = "https://example.com/other-terms".into();
        assert!(!Consent { given: false, recorded: Some(&before) }.is_there());
    }

    #[test]
    fn recorded_versions_are_asked_for() {
        let recorded = Microsoft {
            licence: LICENCE.into(),
            url: LICENCE_URL.into(),
            sdk: "10.0.26100".into(),
            crt: "14.44.17.14".into(),
        };
        let of = |recorded| command("xwin".into(), "/d".into(), "/s".into(), recorded).to_string();
        assert_eq!(
            of(Some(&recorded)),
            "RUST_BACKTRACE=0 xwin --accept-license --cache-dir /d --arch x86_64,aarch64 --http-retry 3 \
             --sdk-version 10.0.26100 --crt-version 14.44.17.14 splat --output /s"
        );
        assert!(!of(None).contains("version"), "{}", of(None));
    }
}
