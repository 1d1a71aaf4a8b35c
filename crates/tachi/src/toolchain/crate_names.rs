//! Names of crates that do not hold this machine's folders. Pure.
//!
//! rustc mixes cargo's `-C metadata` into every symbol, and the order of things in a file
//! follows from it. Cargo's hash contains the absolute folder of each crate that lies outside of
//! the workspace's folder, and so do the hashes of all crates that depend on it. In another
//! folder, the same commit then becomes another program. For these crates, a wrapper around
//! rustc makes a hash of everything that tells crates apart, except the folder.

use super::prefix_map::PrefixMap;
use crate::digest;

/// The variable with the packages that are renamed, as `name@version` with commas between
/// them. Other packages keep their names: cargo would not compile them again when the first
/// crate from outside comes to a workspace.
pub const PACKAGES: &str = "TACHI_RENAMED_PACKAGES";

/// The variable with the program that the wrapper calls, with rustc as its first argument:
/// the user's own wrapper, or sccache.
pub const INNER: &str = "TACHI_INNER_RUSTC_WRAPPER";

/// rustc's options that tell one crate of a package from another; of `--cfg`, the features.
const OPTIONS: [&str; 4] = ["--crate-name", "--crate-type", "--cfg", "--target"];

const METADATA: &str = "metadata=";

/// rustc's arguments with a metadata hash that is the same in every folder. Without a hash to
/// replace, the arguments stay as they are. `variable` reads the environment that cargo gave
/// rustc.
pub fn stable<'a>(
    mut args: Vec<String>,
    variable: impl Fn(&str) -> Option<&'a str>,
    names: &PrefixMap,
) -> Vec<String> {
    let is_metadata = |pair: &[String]| pair[0] == "-C" && pair[1].starts_with(METADATA);
    let Some(at) = args.windows(2).position(is_metadata) else { return args };
    let value = |name: &str| variable(name).unwrap_or_default();
    let package = format!("{}@{}", value("CARGO_PKG_NAME"), value("CARGO_PKG_VERSION"));
    if value(PACKAGES).split(',').all(|renamed| renamed != package) {
        return args;
    }
    let folder = names.named(value("CARGO_MANIFEST_DIR"));
    let told_apart = |pair: &&[String]| {
        OPTIONS.contains(&&*pair[0]) && (pair[0] != "--cfg" || pair[1].starts_with("feature="))
    };
    let options = args.windows(2).filter(told_apart).map(|pair| names.named(&pair[1]));
    let test = args.iter().filter(|arg| *arg == "--test").cloned();
    let identity: Vec<String> = [package, folder].into_iter().chain(options).chain(test).collect();
    let hash = digest::sha256_of(identity.join("\0").as_bytes());
    args[at + 1] = format!("{METADATA}{}", &hash[..16]);
    args
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;

    fn renamed(root: &str, package: &str, args: &str) -> String {
        let mut names = PrefixMap::default();
        names.add("/home/me/.cargo/registry".into(), "/cargo/registry");
        names.add(Utf8Path::new(&format!("{root}/beside")), "/cargo/deps/beside-1.0.0");
        names.add(Utf8Path::new(&format!("{root}/ws")), ".");
        let folder = format!("{root}/{package}");
        let cargo = [
            ("CARGO_MANIFEST_DIR", &*folder),
            ("CARGO_PKG_NAME", package),
            ("CARGO_PKG_VERSION", "1.0.0"),
            (PACKAGES, "ws/crates/a@1.0.0,beside@1.0.0"),
        ];
        let variable =
            |name: &str| cargo.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let args = args.split(' ').map(str::to_owned).collect();
        stable(args, variable, &names).join(" ")
    }

    #[test]
    fn the_folder_does_not_count_and_what_tells_crates_apart_does() {
        let args = "--crate-name a --cfg feature=\"x\" -C metadata=00 -C extra-filename=-11";
        let one = renamed("/a", "beside", args);
        assert!(one.ends_with("-C extra-filename=-11"), "{one}");
        assert_ne!(one, args);
        let elsewhere = args.replace("=00", "=77");
        assert_eq!(renamed("/b/deeper", "beside", &elsewhere), one);
        for other in [
            renamed("/a", "ws/crates/a", args),
            renamed("/a", "beside", &args.replace("name a", "name b")),
            renamed("/a", "beside", &args.replace("\"x\"", "\"y\"")),
            renamed("/a", "beside", &format!("--test {args}")),
            renamed("/a", "beside", &format!("--target s390x {args}")),
        ] {
            let hash = |args: &str| args.split("metadata=").nth(1).unwrap()[..16].to_owned();
            assert_ne!(hash(&other), hash(&one), "{other}");
        }
        let with_cfg = renamed("/a", "beside", &format!("--cfg of_build_script {args}"));
        assert!(with_cfg.ends_with(one.split("--cfg feature").nth(1).unwrap()), "{with_cfg}");
    }

    #[test]
    fn other_crates_and_other_calls_are_left_alone() {
        let args = "--crate-name c -C metadata=00";
        assert_eq!(renamed("/a", "ws/crates/c", args), args);
        for args in ["-vV", "- --crate-name ___ --print=cfg", "-C link-arg=metadata=1 x.rs"] {
            assert_eq!(renamed("/a", "beside", args), args);
        }
    }
}
