//! Debian packages: only those missing, through apt-get.

use std::collections::BTreeSet;

use super::needs::Need;
use crate::process;

/// Whether this system has dpkg and apt-get.
pub(crate) fn is_here() -> bool {
    ["dpkg-query", "apt-get", "apt-cache"].iter().all(|program| process::on_path(program).is_some())
}

/// The needs that no installed package or other source meets.
pub(crate) fn missing<'a>(needs: &[&'a Need]) -> Result<Vec<&'a Need>, String> {
    let unmet: Vec<&Need> = needs.iter().filter(|need| !need.is_met()).copied().collect();
    if unmet.is_empty() {
        return Ok(unmet);
    }
    let mut query =
        process::command("dpkg-query", &["-W", "-f", "${Package} ${db:Status-Status}\n"]);
    query.args(unmet.iter().map(|need| need.package));
    // It fails when any package is unknown, but lists the others all the same.
    let output = query.output().map_err(|error| format!("cannot run dpkg-query: {error}"))?;
    let installed = installed(&String::from_utf8_lossy(&output.stdout));
    Ok(unmet.into_iter().filter(|need| !installed.contains(need.package)).collect())
}

fn installed(listing: &str) -> BTreeSet<String> {
    listing.lines().filter_map(|line| line.strip_suffix(" installed")).map(str::to_owned).collect()
}

/// Installs them, or prints the command that would.
pub(crate) fn install(missing: &[&Need], check: bool) -> Result<(), String> {
    let mut elevation = elevation();
    if check || elevation.is_none() {
        let names: Vec<&str> = missing.iter().map(|need| need.package).collect();
        let root = if elevation == Some(Vec::new()) { "" } else { "sudo " };
        return Err(format!(
            "setup: to install them: {root}apt-get update && {root}apt-get install --yes --no-install-recommends {}",
            names.join(" ")
        ));
    }
    let prefix = elevation.take().unwrap_or_default();
    let mut updated = false;
    let mut offered = offered(missing)?;
    if offered.len() < missing.len() {
        update(&prefix)?;
        updated = true;
        offered = self::offered(missing)?;
    }
    for need in missing.iter().filter(|need| !offered.contains(need.package)) {
        if !need.optional {
            return Err(format!("setup: apt-get has no package {}; {}", need.package, need.why));
        }
        println!("setup: this distribution has no {}; its tests will do less", need.package);
    }
    if offered.is_empty() {
        return Ok(());
    }
    let install = || {
        let mut words = vec!["install", "--yes", "--no-install-recommends"];
        words.extend(offered.iter().map(String::as_str));
        apt_get(&prefix, &words)
    };
    match install() {
        // Old package lists name files that are gone.
        Err(_) if !updated => update(&prefix).and_then(|()| install()),
        done => done,
    }
}

fn update(prefix: &[&str]) -> Result<(), String> {
    println!("setup: apt-get's package lists are missing or old");
    apt_get(prefix, &["update"])
}

fn apt_get(prefix: &[&str], words: &[&str]) -> Result<(), String> {
    let quiet = [
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "DPkg::Lock::Timeout=300",
        "-o",
        "Dpkg::Use-Pty=0",
    ];
    let line = [prefix, &quiet, words].concat();
    process::run(&mut process::command(line[0], &line[1..]))
}

/// Nothing for root; on a CI runner `sudo`, if it asks for no password; else none.
fn elevation() -> Option<Vec<&'static str>> {
    let said = |program, args: &[&str]| process::capture(&mut process::command(program, args));
    if said("id", &["-u"]).is_ok_and(|id| id.trim() == "0") {
        return Some(Vec::new());
    }
    let in_ci = std::env::var_os("CI").is_some();
    (in_ci && said("sudo", &["-n", "true"]).is_ok()).then(|| vec!["sudo", "-n"])
}

/// Those of them that apt-get could install now.
fn offered(needs: &[&Need]) -> Result<BTreeSet<String>, String> {
    let mut policy = process::command("apt-cache", &["policy"]);
    // Other locales translate the words that are read here.
    policy.env("LC_ALL", "C").args(needs.iter().map(|need| need.package));
    Ok(candidates(&process::capture(&mut policy)?))
}

fn candidates(policy: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut package = "";
    for line in policy.lines() {
        if !line.starts_with(' ') {
            package = line.trim_end_matches(':');
        } else if let Some(version) = line.trim().strip_prefix("Candidate: ")
            && version != "(none)"
        {
            found.insert(package.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_package_with_its_configuration_left_is_not_installed() {
        let found = installed("git installed\nqemu-user config-files\n");
        assert_eq!(found, BTreeSet::from(["git".to_owned()]));
    }

    #[test]
    fn a_package_without_a_candidate_is_not_offered() {
        let policy = "git:\n  Installed: (none)\n  Candidate: 1:2.39.5\n  Version table:\n\
                      gone:\n  Installed: (none)\n  Candidate: (none)\n";
        assert_eq!(candidates(policy), BTreeSet::from(["git".to_owned()]));
    }
}
