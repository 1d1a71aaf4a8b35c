//! Changed files against the crate's doors: no panic, no hang, no more memory than four
//! times the input.
//!
//! Without a word from outside each target runs for a moment with the same seed.
//! `cargo xtask fuzz` lets it run longer. [`targets`] are plain functions of bytes, for other
//! drivers as well.

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
    archive,
    strip,
    split,
    sign,
    verify,
    stamp,
    universal,
    leaks,
    dependencies
);
