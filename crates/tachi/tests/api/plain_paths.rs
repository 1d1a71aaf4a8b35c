//! Paths that go up and down are shown without that.

use tachi::sys::env::Environment;

#[test]
fn a_plain_path_goes_neither_up_nor_nowhere() {
    let environment = Environment::new([], "/home/u/app");
    for (given, plain) in [
        ("../tgt", "/home/u/tgt"),
        ("./a/./b/", "/home/u/app/a/b"),
        ("a/../../b", "/home/u/b"),
        ("/../x", "/x"),
        ("../../..", "/"),
    ] {
        assert_eq!(environment.plain(given.into()).as_str(), plain, "{given}");
    }
}
