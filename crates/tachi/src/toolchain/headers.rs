//! Where zig's headers for a target are, for programs that read C themselves: `bindgen` has a
//! clang of its own, which does not know zig's headers. Pure.

use camino::Utf8Path;

/// The arguments for a clang that reads headers for `zig_target` (`aarch64-linux-gnu.2.17`);
/// `libraries` is zig's `lib` folder. Source of the folders: `zig cc -target … -E -v`.
pub fn clang_args(zig_target: &str, libraries: &Utf8Path) -> Vec<String> {
    let mut parts = zig_target.splitn(3, '-');
    let (arch, os) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (abi, glibc) = match parts.next().unwrap_or_default().split_once('.') {
        Some((abi, version)) => (abi, Some(version)),
        None => (zig_target.rsplit('-').next().unwrap_or_default(), None),
    };
    let (os, version) = os.split_once('.').unwrap_or((os, ""));
    // One folder serves both widths of a family; only musl has a folder for each.
    let family = match arch {
        "x86" | "x86_64" => "x86",
        "riscv64" => "riscv",
        other => other,
    };
    let is_glibc = abi.starts_with("gnu");
    let libc_folder =
        if is_glibc { format!("{family}-linux-gnu") } else { format!("{arch}-linux-musl") };
    let folders = match os {
        "linux" => vec![
            libc_folder,
            format!("generic-{}", if is_glibc { "glibc" } else { "musl" }),
            format!("{family}-linux-any"),
            "any-linux-any".into(),
        ],
        "macos" => vec!["any-darwin-any".into()],
        "windows" => vec!["any-windows-any".into()],
        "freebsd" => vec![format!("{arch}-freebsd-none"), "generic-freebsd".into()],
        "wasi" => vec!["wasm-wasi-musl".into(), "generic-musl".into()],
        _ => Vec::new(),
    };
    let target = match os {
        "macos" => format!("{arch}-apple-macosx{version}"),
        "windows" => format!("{arch}-pc-windows-gnu"),
        "linux" => format!("{arch}-unknown-linux-{abi}"),
        _ => format!("{arch}-unknown-{os}"),
    };
    let mut args = vec![format!("--target={target}")];
    args.extend(glibc.and_then(|version| {
        let minor = version.split('.').nth(1)?;
        Some(format!("-D__GLIBC_MINOR__={minor}"))
    }));
    let include = libraries.join("libc/include");
    args.extend(folders.iter().map(|folder| format!("-isystem{}", include.join(folder))));
    // The compiler's own headers (`stddef.h`), which some distributions' libclang lacks.
    args.push(format!("-idirafter{}", libraries.join("include")));
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_are_those_that_zig_itself_searches() {
        let cases = [
            (
                "aarch64-linux-gnu.2.17",
                "--target=aarch64-unknown-linux-gnu -D__GLIBC_MINOR__=17 -isystem/i/aarch64-linux-gnu \
                 -isystem/i/generic-glibc -isystem/i/aarch64-linux-any -isystem/i/any-linux-any",
            ),
            (
                "arm-linux-gnueabihf.2.17",
                "--target=arm-unknown-linux-gnueabihf -D__GLIBC_MINOR__=17 -isystem/i/arm-linux-gnu \
                 -isystem/i/generic-glibc -isystem/i/arm-linux-any -isystem/i/any-linux-any",
            ),
            (
                "x86_64-linux-musl",
                "--target=x86_64-unknown-linux-musl -isystem/i/x86_64-linux-musl -isystem/i/generic-musl \
                 -isystem/i/x86-linux-any -isystem/i/any-linux-any",
            ),
            (
                "x86_64-macos.11.0-none",
                "--target=x86_64-apple-macosx11.0 -isystem/i/any-darwin-any",
            ),
            ("aarch64-windows-msvc", "--target=aarch64-pc-windows-gnu -isystem/i/any-windows-any"),
            (
                "x86_64-freebsd-none",
                "--target=x86_64-unknown-freebsd -isystem/i/x86_64-freebsd-none -isystem/i/generic-freebsd",
            ),
        ];
        for (zig_target, expected) in cases {
            let args = clang_args(zig_target, Utf8Path::new("/z")).join(" ");
            let expected = format!("{expected} -idirafter/z/include");
            assert_eq!(args.replace("/z/libc/include/", "/i/"), expected, "{zig_target}");
        }
    }
}
