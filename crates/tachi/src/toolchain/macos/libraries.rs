//! macOS's own libraries: where they are, by the names that linkers use.

/// A library's name for `-l`, the path that programs record, and its exports where they are known.
/// Source: the `.tbd` files of Apple's public SDK for macOS 11.
const LIBRARIES: &[(&str, &str, &[&str])] = &[
    ("bz2", "/usr/lib/libbz2.1.0.dylib", &[]),
    ("c++", "/usr/lib/libc++.1.dylib", &[]),
    ("c++abi", "/usr/lib/libc++abi.dylib", &[]),
    ("charset", "/usr/lib/libcharset.1.dylib", &[]),
    ("compression", "/usr/lib/libcompression.dylib", &[]),
    ("curl", "/usr/lib/libcurl.4.dylib", &[]),
    ("edit", "/usr/lib/libedit.3.dylib", &[]),
    ("expat", "/usr/lib/libexpat.1.dylib", &[]),
    ("ffi", "/usr/lib/libffi.dylib", &[]),
    ("iconv", "/usr/lib/libiconv.2.dylib", &["iconv", "iconv_open", "iconv_close", "iconvctl"]),
    ("ncurses", "/usr/lib/libncurses.5.4.dylib", &[]),
    ("pam", "/usr/lib/libpam.2.dylib", &[]),
    ("pcap", "/usr/lib/libpcap.A.dylib", &[]),
    ("resolv", "/usr/lib/libresolv.9.dylib", &[]),
    ("sandbox", "/usr/lib/libsandbox.1.dylib", &[]),
    ("sqlite3", "/usr/lib/libsqlite3.dylib", &[]),
    ("xml2", "/usr/lib/libxml2.2.dylib", &[]),
    ("xslt", "/usr/lib/libxslt.1.dylib", &[]),
    ("z", "/usr/lib/libz.1.dylib", &[]),
];

/// Other names of libSystem, for programs written for other systems.
pub const SYSTEM: [&str; 9] =
    ["System", "System.B", "c", "dl", "info", "m", "pthread", "proc", "util"];

/// Objective-C's run-time library.
pub const OBJC: &str = "/usr/lib/libobjc.A.dylib";

/// All libraries: name, path, exports.
pub fn all() -> &'static [(&'static str, &'static str, &'static [&'static str])] {
    LIBRARIES
}

/// Where macOS keeps the library `name`, if Tachi's stubs leave its exports open.
pub fn open_path(name: &str) -> Option<&'static str> {
    let (_, path, exports) = LIBRARIES.iter().find(|(known, ..)| *known == name)?;
    exports.is_empty().then_some(path)
}
