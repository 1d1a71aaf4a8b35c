//! What macOS's frameworks export, from a table that this crate carries.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Made by `cargo xtask generate --frameworks`, from the bindings that crates declare.
pub(super) const TABLE: &str = include_str!("frameworks.txt");

/// The known exports of one framework.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exports<'a> {
    /// C's names, without the underscore that Mach-O puts in front.
    pub symbols: Vec<&'a str>,
    /// Names of Objective-C classes.
    pub classes: Vec<&'a str>,
}

/// All frameworks, and Objective-C's run-time library, from one reading of the table.
static KNOWN: LazyLock<(BTreeMap<&'static str, Exports<'static>>, Exports<'static>)> =
    LazyLock::new(|| {
        let mut frameworks = parse(TABLE);
        let objective_c = frameworks.remove(OBJECTIVE_C).unwrap_or_default();
        // Frameworks that only pass on what others export.
        for (umbrella, _) in UMBRELLAS {
            frameworks.entry(umbrella).or_default();
        }
        (frameworks, objective_c)
    });

/// The table's heading for Objective-C's run-time library, which is no framework.
const OBJECTIVE_C: &str = "libobjc";

/// What Objective-C's run-time library exports.
pub fn objective_c() -> &'static Exports<'static> {
    &KNOWN.1
}

/// All frameworks that are known, by name.
pub fn all() -> &'static BTreeMap<&'static str, Exports<'static>> {
    &KNOWN.0
}

/// The frameworks whose exports programs may take from another one: Apple's headers of the
/// first include those of the others, and its library exports theirs.
const UMBRELLAS: &[(&str, &[&str])] = &[
    ("AppKit", &["Foundation", "CoreData", "ApplicationServices", "QuartzCore"]),
    (
        "ApplicationServices",
        &["ColorSync", "CoreFoundation", "CoreGraphics", "CoreServices", "CoreText", "ImageIO"],
    ),
    ("Carbon", &["ApplicationServices", "CoreServices"]),
    ("Cocoa", &["AppKit", "CoreData", "Foundation"]),
    ("CoreServices", &["CFNetwork", "CoreFoundation"]),
    ("Foundation", &["CoreFoundation"]),
    ("Quartz", &["PDFKit", "QuartzCore"]),
];

/// The frameworks that `name` exports again.
pub fn exported_again(name: &str) -> &'static [&'static str] {
    UMBRELLAS.iter().find(|(umbrella, _)| *umbrella == name).map_or(&[], |(_, parts)| parts)
}

/// Where macOS keeps the library of a framework.
pub fn install_name(framework: &str) -> String {
    // Two had incompatible predecessors.
    let version = if matches!(framework, "AppKit" | "Foundation") { "C" } else { "A" };
    format!("/System/Library/Frameworks/{framework}.framework/Versions/{version}/{framework}")
}

fn parse(table: &str) -> BTreeMap<&str, Exports<'_>> {
    let mut frameworks: BTreeMap<&str, Exports<'_>> = BTreeMap::new();
    let mut current = "";
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix(' ') {
            None => {
                current = line;
                frameworks.entry(current).or_default();
            }
            Some(symbol) => {
                let exports = frameworks.entry(current).or_default();
                match symbol.strip_prefix('@') {
                    Some(class) => exports.classes.push(class),
                    None => exports.symbols.push(symbol),
                }
            }
        }
    }
    frameworks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_knows_what_programs_use() {
        for (framework, symbol) in [
            ("AppKit", "NSPasteboardTypeString"),
            ("CoreFoundation", "CFRelease"),
            ("CoreFoundation", "kCFAllocatorDefault"),
            ("CoreServices", "FSEventStreamCreate"),
            ("IOKit", "IOServiceGetMatchingServices"),
            ("Security", "SecItemCopyMatching"),
            ("Security", "SSLHandshake"),
            ("SystemConfiguration", "SCDynamicStoreCreate"),
        ] {
            assert!(all()[framework].symbols.contains(&symbol), "{framework} {symbol}");
        }
        assert!(all()["AppKit"].classes.contains(&"NSPasteboard"));
        assert!(all()["Foundation"].classes.contains(&"NSString"));
        assert!(objective_c().symbols.contains(&"objc_msgSend"));
        assert!(objective_c().classes.contains(&"NSObject"));
    }

    #[test]
    fn no_symbol_is_two_frameworks_own() {
        let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (framework, exports) in all() {
            for symbol in &exports.symbols {
                owners.entry(symbol).or_default().push(framework);
            }
        }
        owners.retain(|_, frameworks| frameworks.len() > 1);
        assert!(owners.len() < 20, "{owners:?}");
    }

    #[test]
    fn a_library_is_where_macos_has_it() {
        let at = |name: &str| install_name(name).replace("/System/Library/Frameworks/", "");
        assert_eq!(at("Security"), "Security.framework/Versions/A/Security");
        assert_eq!(at("AppKit"), "AppKit.framework/Versions/C/AppKit");
    }
}
