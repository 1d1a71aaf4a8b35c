//! What every system of a platform has: libraries that a program may load without bringing
//! them.

use crate::target::TargetFacts;

/// Whether every system of `target` has `library`, under the name that the file uses.
pub(super) fn has(target: &TargetFacts, library: &str) -> bool {
    match target.os {
        "linux" if target.env == "musl" => is_musl(library),
        "linux" => GLIBC.contains(&library) || is_glibc_loader(library),
        "freebsd" => FREEBSD.contains(&library) || is_versioned(library, FREEBSD_VERSIONED),
        "windows" => is_windows(library),
        _ if target.is_apple() => {
            library.starts_with("/usr/lib/") || library.starts_with("/System/Library/")
        }
        // The libraries of other systems are not known here.
        _ => true,
    }
}

/// The parts of glibc, and libgcc's unwinder, which comes with every glibc system: the core of
/// [PEP 600](https://peps.python.org/pep-0600/)'s list, without X11 and glib, which servers lack.
/// libstdc++ is not there: minimal images do not have it.
const GLIBC: &[&str] = &[
    "libanl.so.1",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libmvec.so.1",
    "libnsl.so.1",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libutil.so.1",
];

fn is_glibc_loader(library: &str) -> bool {
    library.starts_with("ld-linux") || matches!(library, "ld64.so.1" | "ld64.so.2")
}

/// musl is one library, which is its own loader.
fn is_musl(library: &str) -> bool {
    library == "libc.so" || library.starts_with("libc.musl-") || library.starts_with("ld-musl-")
}

/// Libraries of FreeBSD's base system whose number stays the same from release to release …
const FREEBSD: &[&str] = &["libc.so.7", "libthr.so.3", "libm.so.5", "libgcc_s.so.1", "librt.so.1"];

/// … and those whose number changes.
const FREEBSD_VERSIONED: &[&str] =
    &["libutil", "libexecinfo", "libkvm", "libmemstat", "libprocstat", "libdevstat", "libsys"];

fn is_versioned(library: &str, names: &[&str]) -> bool {
    library.split_once(".so.").is_some_and(|(name, _)| names.contains(&name))
}

fn is_windows(library: &str) -> bool {
    let name = library.to_ascii_lowercase();
    let stem = name.strip_suffix(".dll").or_else(|| name.strip_suffix(".drv")).unwrap_or(&name);
    // What loads a Node addon.
    name == "node.exe"
        || stem.starts_with("api-ms-win-")
        || stem.starts_with("ext-ms-win-")
        || WINDOWS.contains(&stem)
}

/// What lies in System32 of Windows 10 and every edition after it, without `.dll`. The C runtime
/// that Visual Studio installs (vcruntime140, msvcp140) does not.
const WINDOWS: &[&str] = &[
    "activeds",
    "advapi32",
    "authz",
    "avicap32",
    "avifil32",
    "avrt",
    "bcrypt",
    "bcryptprimitives",
    "bluetoothapis",
    "bthprops",
    "cabinet",
    "cfgmgr32",
    "clusapi",
    "combase",
    "comctl32",
    "comdlg32",
    "coremessaging",
    "credui",
    "crypt32",
    "cryptbase",
    "cryptdll",
    "cryptnet",
    "cryptsp",
    "cryptui",
    "cryptxml",
    "cscapi",
    "d2d1",
    "d3d10",
    "d3d10_1",
    "d3d10core",
    "d3d11",
    "d3d12",
    "d3d9",
    "d3dcompiler_47",
    "dbghelp",
    "dcomp",
    "ddraw",
    "devobj",
    "dhcpcsvc",
    "dhcpcsvc6",
    "dinput",
    "dinput8",
    "dnsapi",
    "dsound",
    "dsrole",
    "dwmapi",
    "dwrite",
    "dxgi",
    "dxva2",
    "esent",
    "evr",
    "fltlib",
    "fwpuclnt",
    "gdi32",
    "gdi32full",
    "gdiplus",
    "glu32",
    "hid",
    "hlink",
    "httpapi",
    "icmp",
    "icu",
    "imagehlp",
    "imm32",
    "iphlpapi",
    "kernel32",
    "kernelbase",
    "ksuser",
    "ktmw32",
    "logoncli",
    "lz32",
    "mapi32",
    "mf",
    "mfplat",
    "mfreadwrite",
    "mlang",
    "mmdevapi",
    "mpr",
    "msacm32",
    "mscms",
    "msctf",
    "msi",
    "msimg32",
    "mspatcha",
    "msvcrt",
    "msvfw32",
    "mswsock",
    "ncrypt",
    "netapi32",
    "netutils",
    "newdev",
    "ninput",
    "normaliz",
    "ntdll",
    "ntdsapi",
    "odbc32",
    "odbccp32",
    "ole32",
    "oleacc",
    "oleaut32",
    "oledlg",
    "opengl32",
    "p2p",
    "pdh",
    "powrprof",
    "prntvpt",
    "profapi",
    "propsys",
    "psapi",
    "quartz",
    "qwave",
    "rasapi32",
    "rasdlg",
    "resutils",
    "riched20",
    "rpcns4",
    "rpcrt4",
    "rstrtmgr",
    "rtutils",
    "samcli",
    "schannel",
    "sechost",
    "secur32",
    "security",
    "setupapi",
    "sfc",
    "shcore",
    "shell32",
    "shfolder",
    "shlwapi",
    "snmpapi",
    "srvcli",
    "sspicli",
    "synchronization",
    "tapi32",
    "tbs",
    "tdh",
    "ucrtbase",
    "uiautomationcore",
    "urlmon",
    "user32",
    "userenv",
    "usp10",
    "uxtheme",
    "version",
    "virtdisk",
    "webauthn",
    "webservices",
    "websocket",
    "wer",
    "wevtapi",
    "winbio",
    "windowscodecs",
    "winhttp",
    "wininet",
    "winmm",
    "winscard",
    "winspool",
    "wintrust",
    "winusb",
    "wkscli",
    "wlanapi",
    "wldap32",
    "wldp",
    "wofutil",
    "ws2_32",
    "wscapi",
    "wsock32",
    "wtsapi32",
    "xaudio2_8",
    "xaudio2_9",
    "xinput1_4",
    "xmllite",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::catalogue;

    #[test]
    fn libraries_of_every_system_are_told_from_others() {
        for (target, library, expected) in [
            ("x86_64-unknown-linux-gnu", "libc.so.6", true),
            ("x86_64-unknown-linux-gnu", "ld-linux-x86-64.so.2", true),
            ("x86_64-unknown-linux-gnu", "libssl.so.3", false),
            ("x86_64-unknown-linux-gnu", "libstdc++.so.6", false),
            ("x86_64-unknown-linux-musl", "libc.musl-x86_64.so.1", true),
            ("x86_64-unknown-linux-musl", "libc.so.6", false),
            ("x86_64-unknown-freebsd", "libutil.so.9", true),
            ("x86_64-unknown-freebsd", "libssl.so.30", false),
            ("x86_64-pc-windows-msvc", "KERNEL32.dll", true),
            ("x86_64-pc-windows-msvc", "WINSPOOL.DRV", true),
            ("x86_64-pc-windows-msvc", "api-ms-win-core-synch-l1-2-0.dll", true),
            ("x86_64-pc-windows-msvc", "VCRUNTIME140.dll", false),
            ("x86_64-pc-windows-gnu", "libgcc_s_seh-1.dll", false),
            ("aarch64-apple-darwin", "/usr/lib/libSystem.B.dylib", true),
            ("aarch64-apple-darwin", "/opt/homebrew/lib/libssl.3.dylib", false),
            ("aarch64-apple-darwin", "@rpath/libfoo.dylib", false),
        ] {
            assert_eq!(
                has(catalogue::find(target).unwrap(), library),
                expected,
                "{target} {library}"
            );
        }
        assert!(WINDOWS.is_sorted());
    }
}
