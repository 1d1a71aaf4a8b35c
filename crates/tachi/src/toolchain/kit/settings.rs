//! What a kit means for cargo: settings for its one target, never for the process. Pure.

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde::Serialize;
use tachi_schema::plan::StdSource;

use super::places::Places;
use crate::config::profile::Strip;
use crate::sys::env::Environment;
use crate::target::Triple;
use crate::toolchain::decide::{Kit, Linker};
use crate::toolchain::probe::RustcFacts;
use crate::toolchain::{headers, wire};

/// What is added to a cargo call for one target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CargoSettings {
    /// Flags for rustc, for this target.
    pub rustflags: Vec<String>,
    /// Variables, each named after the target.
    pub env: BTreeMap<String, String>,
}

/// The settings of `kit`. A variable that the user has set, for this target or for all
/// cross-compiled targets (`TARGET_CC`), stays as it is. The bare `CC` does not count: it is for
/// the host.
pub fn cargo_settings(
    kit: &Kit,
    places: &Places,
    rustc: &RustcFacts,
    user: &Environment,
    strip: Strip,
) -> CargoSettings {
    let mut settings = CargoSettings::default();
    if kit.std == StdSource::Source {
        settings.rustflags.push(format!("--sysroot={}", places.sysroot(rustc, &kit.target)));
    }
    let (Some(zig_target), Some(dir)) = (&kit.zig_target, places.wrappers(kit)) else {
        return settings;
    };
    settings.rustflags.extend(linker_flags(kit, &dir, strip));
    let suffix = Triple::new(&*kit.target).cc_suffix();
    for (variable, file) in tools(kit) {
        let name = format!("{variable}_{suffix}");
        let forms =
            [name.clone(), format!("{variable}_{}", kit.target), format!("TARGET_{variable}")];
        if forms.iter().all(|form| user.var(form).is_none()) {
            settings.env.insert(name, dir.join(file).into_string());
        }
    }
    let bindgen = format!("BINDGEN_EXTRA_CLANG_ARGS_{suffix}");
    let general = ["BINDGEN_EXTRA_CLANG_ARGS", &bindgen];
    if general.iter().all(|name| user.var(name).is_none()) {
        let args = headers::clang_args(zig_target, &places.zig_libraries());
        settings.env.insert(bindgen, shell_words(&args));
    }
    if let Some(minimum_os) = &kit.minimum_os {
        // Only rustc, cc and cmake read it, and only where they compile for macOS.
        settings.env.insert("MACOSX_DEPLOYMENT_TARGET".into(), minimum_os.clone());
        if user.var("SDKROOT").is_none() {
            settings.env.insert("SDKROOT".into(), places.macos_sdk().into_string());
        }
    }
    if kit.zig_target.as_deref().is_some_and(|target| target.starts_with("x86_64-windows")) {
        // The crate aws-lc-sys needs an assembler that few machines have. With this variable, it
        // uses the objects that it brings.
        let name = format!("AWS_LC_SYS_PREBUILT_NASM_{suffix}");
        if user.var(&name).is_none() && user.var("AWS_LC_SYS_PREBUILT_NASM").is_none() {
            settings.env.insert(name, "1".into());
        }
    }
    settings
}

/// The linker goes to rustc as a flag, not as `target.<t>.linker`: where the target is the
/// host too, cargo links build scripts and proc macros with that, and compiles all of them
/// again for each call that has another one.
fn linker_flags(kit: &Kit, dir: &Utf8Path, strip: Strip) -> Vec<String> {
    let mut flags = match &kit.linker {
        Linker::LldLink { .. } => {
            vec![
                format!("-Clinker={}", dir.join(wire::LLD_LINK)),
                "-Clinker-flavor=lld-link".into(),
            ]
        }
        Linker::Zig | Linker::Ld64 { .. } => vec![format!("-Clinker={}", dir.join(wire::CC))],
        Linker::Configured(_) | Linker::Native | Linker::Rustc => Vec::new(),
    };
    if kit.minimum_os.is_some() {
        // rustc would call a program that not every toolchain has. The linker does better: it
        // knows which symbols nobody outside needs.
        flags.push("-Cstrip=none".into());
        let words: &[&str] = match strip {
            Strip::None => &[],
            Strip::Debuginfo => &["-S"],
            Strip::Symbols => &["-S", "-x"],
        };
        flags.extend(words.iter().map(|word| format!("-Clink-arg=-Wl,{word}")));
    }
    if kit.target.ends_with("-windows-gnu") {
        flags.push(format!("-Cdlltool={}", dir.join(wire::DLLTOOL)));
    }
    flags
}

/// Words as one text, which bindgen cuts into the same words again by the shell's rules.
fn shell_words(words: &[String]) -> String {
    let plain = |word: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./:,@%".contains(c);
        !word.is_empty() && word.chars().all(is_plain)
    };
    let quoted = words.iter().map(|word| {
        if plain(word) { word.clone() } else { format!("'{}'", word.replace('\'', r"'\''")) }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

/// The variables of the crates `cc` and `cmake`, and the wrapper that each names.
fn tools(kit: &Kit) -> [(&'static str, &'static str); 5] {
    [
        ("CC", wire::CC),
        ("CXX", wire::CXX),
        ("AR", wire::archiver(&kit.target)),
        ("RANLIB", wire::RANLIB),
        ("CMAKE_TOOLCHAIN_FILE", wire::CMAKE),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::CacheRoot;
    use crate::sys::interrupt::Interrupt;
    use crate::sys::{Command, run};
    use crate::toolchain::macos;
    use crate::toolchain::probe::Lld;

    fn rustc() -> RustcFacts {
        RustcFacts {
            path: "/c/bin/rustc".into(),
            host: "x86_64-unknown-linux-gnu".into(),
            release: "1.96.0".into(),
            commit_hash: None,
            llvm: None,
            identity: "0123456789abcdef".into(),
            sysroot: "/usr".into(),
        }
    }

    fn kit(target: &str, linker: Linker, zig_target: &str) -> Kit {
        Kit {
            target: target.to_owned(),
            linker,
            zig_target: (!zig_target.is_empty()).then(|| zig_target.to_owned()),
            minimum_os: zig_target.contains("macos").then(|| "11.0".to_owned()),
            reason: String::new(),
            std: StdSource::Sysroot,
            std_reason: String::new(),
        }
    }

    const MUSL: &str = "aarch64-unknown-linux-musl";

    fn musl() -> Kit {
        kit(MUSL, Linker::Zig, "aarch64-linux-musl")
    }

    fn settings(kit: &Kit, variables: &[(&str, &str)]) -> String {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let user = Environment::new(variables, "/w");
        let places = Places::new(CacheRoot::new("/c"), "0.17.1");
        let settings = cargo_settings(kit, &places, &rustc(), &user, Strip::Symbols);
        let env = settings.env.iter().map(|(name, value)| format!("{name}={value}"));
        let text = settings.rustflags.into_iter().chain(env).collect::<Vec<_>>().join("\n");
        match places.identity(kit) {
            Some(identity) => text.replace(&identity.digest_here(), "KIT"),
            None => text,
        }
    }

    #[test]
    fn each_kit_gives_cargo_what_it_needs_and_no_more() {
        let all = "-Clinker=/c/kits/zig-0.17.1/aarch64-linux-musl-KIT/cc\n\
                   AR_aarch64_unknown_linux_musl=/c/kits/zig-0.17.1/aarch64-linux-musl-KIT/ar\n\
                   BINDGEN_EXTRA_CLANG_ARGS_aarch64_unknown_linux_musl=--target=aarch64-unknown-linux-musl \
                   -isystem/c/kits/zig-0.17.1/lib/libc/include/aarch64-linux-musl \
                   -isystem/c/kits/zig-0.17.1/lib/libc/include/generic-musl \
                   -isystem/c/kits/zig-0.17.1/lib/libc/include/aarch64-linux-any \
                   -isystem/c/kits/zig-0.17.1/lib/libc/include/any-linux-any \
                   -idirafter/c/kits/zig-0.17.1/lib/include\n\
                   CC_aarch64_unknown_linux_musl=/c/kits/zig-0.17.1/aarch64-linux-musl-KIT/cc\n\
                   CMAKE_TOOLCHAIN_FILE_aarch64_unknown_linux_musl=/c/kits/zig-0.17.1/aarch64-linux-musl-KIT/toolchain.cmake\n\
                   CXX_aarch64_unknown_linux_musl=/c/kits/zig-0.17.1/aarch64-linux-musl-KIT/c++\n\
                   RANLIB_aarch64_unknown_linux_musl=/c/kits/zig-0.17.1/aarch64-linux-musl-KIT/ranlib";
        assert_eq!(settings(&musl(), &[("CC", "clang")]), all);
        assert_eq!(settings(&kit(MUSL, Linker::Native, ""), &[]), "");
        let configured = kit(MUSL, Linker::Configured("/l".into()), "");
        assert_eq!(
            settings(&Kit { std: StdSource::Source, ..configured }, &[]),
            "--sysroot=/c/sysroots/v1/1.96.0-01234567/aarch64-unknown-linux-musl"
        );
    }

    #[test]
    fn macos_and_windows_need_more_than_compilers() {
        let lld = Lld { program: "/lld".into(), version: "19".into() };
        let ld64 = Linker::Ld64 { lld, sdk: None };
        let macos = kit("aarch64-apple-darwin", ld64, "aarch64-macos.11.0-none");
        let text = settings(&macos, &[]);
        for line in [
            "-Clinker=/c/kits/zig-0.17.1/aarch64-macos.11.0-none-KIT/cc",
            "-Cstrip=none",
            "-Clink-arg=-Wl,-S",
            "-Clink-arg=-Wl,-x",
            "MACOSX_DEPLOYMENT_TARGET=11.0",
            &format!("SDKROOT=/c/kits/zig-0.17.1/MacOSX-stubs-{}.sdk", macos::sdk::identity()),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        assert!(!settings(&macos, &[("SDKROOT", "/mine")]).contains("SDKROOT"));
        assert_eq!(settings(&Kit { linker: Linker::Zig, ..macos }, &[]), text);

        let lld_link = Linker::LldLink { lld: None, sdk: None };
        let msvc = kit("x86_64-pc-windows-msvc", lld_link, "x86_64-windows-msvc");
        let text = settings(&msvc, &[]);
        for line in [
            "-Clinker=/c/kits/zig-0.17.1/x86_64-windows-msvc-KIT/lld-link",
            "-Clinker-flavor=lld-link",
            "AR_x86_64_pc_windows_msvc=/c/kits/zig-0.17.1/x86_64-windows-msvc-KIT/llvm-ar",
            "AWS_LC_SYS_PREBUILT_NASM_x86_64_pc_windows_msvc=1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }

    /// bindgen has the crate `shlex` cut its arguments, which goes by the rules of a shell.
    #[test]
    fn bindgens_arguments_survive_a_shell_whatever_the_cache_folder_is_called() {
        let kit = musl();
        let cache = "/opt/my \"cache\" it's $HOME";
        let places = Places::new(CacheRoot::new(cache), "0.17.1");
        let user = Environment::new([], "/w");
        let settings = cargo_settings(&kit, &places, &rustc(), &user, Strip::Symbols);
        let args = &settings.env["BINDGEN_EXTRA_CLANG_ARGS_aarch64_unknown_linux_musl"];
        let script = format!("printf '%s\\n' {args}");
        let shell = Command::new("sh").args(["-c", &script]);
        let said = run::capture(&shell, &Interrupt::default()).unwrap();
        let expected = headers::clang_args("aarch64-linux-musl", &places.zig_libraries());
        assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_variable_that_the_user_set_stays_in_each_of_its_spellings() {
        let zig = musl();
        for name in ["CC_aarch64_unknown_linux_musl", "CC_aarch64-unknown-linux-musl", "TARGET_CC"]
        {
            let text = settings(&zig, &[(name, "mine")]);
            assert!(!text.contains("\nCC_"), "{name}: {text}");
            assert!(text.contains("\nCXX_"), "{name}: {text}");
        }
    }
}
