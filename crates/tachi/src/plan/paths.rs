//! Which folders of this machine would show in finished files, and the names that replace them:
//! those of cargo's `trim-paths`, where it has one.

use std::collections::BTreeMap;

use guppy::graph::DependencyDirection;

use crate::config::profile::Profile;
use crate::facts::Facts;
use crate::facts::epoch::FALLBACK_EPOCH;
use crate::target::Triple;
use crate::toolchain::Kit;
use crate::toolchain::prefix_map::{self, PrefixMap};

/// Whether a profile makes releases: their files must not depend on day, folder and user.
pub fn is_reproducible(profile: &Profile) -> bool {
    profile.root != "dev"
}

/// The folders to rename; none if the user switched it off, if cargo itself does it (`trim-paths`
/// in the profile), or if `profile` is for debugging.
pub fn names(facts: &Facts, profile: &Profile) -> PrefixMap {
    let wanted = facts.file.trim_paths.unwrap_or(is_reproducible(profile));
    if !wanted || profile.trims_paths { PrefixMap::default() } else { folders(facts) }
}

/// From the widest folder to the narrowest, as the last one that fits a path counts.
fn folders(facts: &Facts) -> PrefixMap {
    let environment = &facts.environment;
    let variable = |name: &str| environment.var(name).map(|dir| environment.absolute(dir.into()));
    let mut map = PrefixMap::default();
    let home = variable("HOME");
    if let Some(home) = &home {
        map.add(home, "/home");
    }
    map.add(facts.cache.folder(), "/tachi");
    if let Some(dir) = variable("CARGO_HOME").or_else(|| Some(home?.join(".cargo"))) {
        map.add(&dir, "/cargo");
    }
    let rustc = &facts.toolchain.rustc;
    let version = rustc.commit_hash.as_deref().unwrap_or(&rustc.release);
    // rustc knows std by this name, too, where its source is not installed.
    if let Some(source) = facts.toolchain.rust_src.as_ref().and_then(|library| library.parent()) {
        map.add(source, format!("/rustc/{version}"));
    }

    let root = facts.workspace.root();
    for package in facts.workspace.graph.packages() {
        let Some(folder) = package.manifest_path().parent() else { continue };
        if package.source().is_external() {
            // The folder's own name tells which mirror its packages came from.
            if let (Some(registry), false) = (folder.parent(), is_of_git(package.source())) {
                map.add(registry, "/cargo/registry");
            }
        } else if !folder.starts_with(root) {
            map.add(folder, format!("/cargo/deps/{}-{}", package.name(), package.version()));
        }
    }
    map.add(root, ".");
    let workspace = facts.workspace.graph.workspace();
    map.add(&facts.target_dir, "/cargo/build-dir");
    if let Some(dir) = workspace.build_directory() {
        map.add(dir, "/cargo/build-dir");
    }
    map
}

/// The packages, as `name@version`, whose crate names from cargo depend on a folder. Cargo takes
/// out the workspace's folder only, so these are packages outside of it and all that depend on
/// them.
pub fn packages_named_by_folder(facts: &Facts) -> Vec<String> {
    let workspace = &facts.workspace;
    let outside = workspace.packages_outside(workspace.root()).map(|package| package.id());
    let Ok(above) = workspace.graph.query_reverse(outside) else { return Vec::new() };
    let above = above.resolve();
    let mut packages: Vec<String> = above
        .packages(DependencyDirection::Reverse)
        .map(|package| format!("{}@{}", package.name(), package.version()))
        .collect();
    packages.sort();
    packages
}

/// Flags without which a file would depend on the folder it was linked in: the linker for MSVC's
/// targets derives a number from the paths in its PDB, which it makes even without debug
/// information.
pub fn link_flags(kit: &Kit, profile: &Profile) -> Option<String> {
    let needless = kit.target.ends_with("-msvc") && is_reproducible(profile) && !profile.debug;
    needless.then(|| "-Clink-arg=/DEBUG:NONE".to_owned())
}

/// Variables about time and folders for the programs that build scripts call.
pub fn environment(
    names: &PrefixMap,
    kit: &Kit,
    facts: &Facts,
    profile: &Profile,
) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    if is_reproducible(profile) {
        // Crates that compile C are compiled again when it changes: the commit's time would
        // recompile unchanged C with each commit, and cached files would have another time than
        // new ones. The commit's time is stamped instead.
        if facts.environment.var("SOURCE_DATE_EPOCH").is_none() {
            variables.insert("SOURCE_DATE_EPOCH".into(), FALLBACK_EPOCH.to_string());
        }
        // Apple's tools and LLVM's, which note when archives and objects were written.
        variables.insert("ZERO_AR_DATE".into(), "1".into());
    }
    let map = names.to_variable();
    if !map.is_empty() {
        variables.insert(prefix_map::VARIABLE.into(), map);
        if kit.zig_target.is_none() && !kit.target.ends_with("-msvc") {
            variables.extend(c_flags(names, kit, facts));
        }
    }
    variables
}

/// The variables for C compilers that are not the kit's own. The crate `cc` reads only one of
/// these variables, so the user's flags are repeated in it.
fn c_flags(names: &PrefixMap, kit: &Kit, facts: &Facts) -> Vec<(String, String)> {
    let suffix = Triple::new(&*kit.target).cc_suffix();
    let kind = if kit.target == facts.toolchain.rustc.host { "HOST" } else { "TARGET" };
    // The crate splits them at spaces.
    let flags = names.c_flags().into_iter().filter(|flag| !flag.contains(char::is_whitespace));
    let ours = flags.collect::<Vec<_>>().join(" ");
    let of = |name: &str| {
        let forms = [
            format!("{name}_{}", kit.target),
            format!("{name}_{suffix}"),
            format!("{kind}_{name}"),
            name.to_owned(),
        ];
        let users = forms.iter().find_map(|form| facts.environment.var(form));
        let all = users.map_or_else(|| ours.clone(), |users| format!("{users} {ours}"));
        // `cc` prefers this form to all others.
        (forms[0].clone(), all)
    };
    vec![of("CFLAGS"), of("CXXFLAGS")]
}

fn is_of_git(source: guppy::graph::PackageSource<'_>) -> bool {
    source.external_source().is_some_and(|source| source.starts_with("git+"))
}
