//! Fuzzing: the crate's functions get changed files, and must neither panic nor hang, nor take
//! more memory than four times the input.
//!
//! By default each target runs for two seconds with the same seed. `cargo xtask fuzz` lets it
//! run longer. [`targets`] are plain functions of bytes, which other drivers can use as well.

mod mutate;
mod run;
mod targets;

/// One test for each target, so that a name selects it.
macro_rules! targets {
    ($($name:ident),+ $(,)?) => {
        $(#[test]
        fn $name() {
            run::run(stringify!($name), targets::$name);
        })+
    };
}

targets!(
    elf,
    macho,
    fat,
    pe,
    wasm,
    archive,
    strip,
    split,
    sign,
    verify,
    stamp,
    universal,
    leaks,
    dependencies,
);
