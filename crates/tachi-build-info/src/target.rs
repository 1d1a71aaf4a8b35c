//! The target triple as far as the compiler's `cfg` tells it.

macro_rules! triples {
    ($($triple:literal: $arch:literal $vendor:literal $os:literal $env:literal;)*) => {
        /// The triple that this is compiled for, or `unknown`.
        pub(crate) const fn triple() -> &'static str {
            $(if cfg!(all(
                target_arch = $arch,
                target_vendor = $vendor,
                target_os = $os,
                target_env = $env,
                target_endian = "little",
                target_pointer_width = "64"
            )) {
                return $triple;
            })*
            crate::UNKNOWN
        }
    };
}

// Those that no other triple in use shares these words with: not the 32-bit ones (i586 and
// i686, the many ARMs), nor Windows with GNU, which is either of two.
triples! {
    "aarch64-apple-darwin": "aarch64" "apple" "macos" "";
    "aarch64-pc-windows-msvc": "aarch64" "pc" "windows" "msvc";
    "aarch64-unknown-linux-gnu": "aarch64" "unknown" "linux" "gnu";
    "aarch64-unknown-linux-musl": "aarch64" "unknown" "linux" "musl";
    "loongarch64-unknown-linux-gnu": "loongarch64" "unknown" "linux" "gnu";
    "powerpc64le-unknown-linux-gnu": "powerpc64" "unknown" "linux" "gnu";
    "riscv64gc-unknown-linux-gnu": "riscv64" "unknown" "linux" "gnu";
    "x86_64-apple-darwin": "x86_64" "apple" "macos" "";
    "x86_64-pc-windows-msvc": "x86_64" "pc" "windows" "msvc";
    "x86_64-unknown-freebsd": "x86_64" "unknown" "freebsd" "";
    "x86_64-unknown-linux-gnu": "x86_64" "unknown" "linux" "gnu";
    "x86_64-unknown-linux-musl": "x86_64" "unknown" "linux" "musl";
}
