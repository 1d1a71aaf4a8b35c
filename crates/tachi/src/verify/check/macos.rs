//! The checks of Mach-O files.

use tachi_binary::{Kind, MachOFacts, Version, signature};
use tachi_schema::finding::Finding;
use tachi_schema::plan::ArtifactKind;

use super::{Expected, Subject, search_path};
use crate::rule;
use crate::toolchain::macos::frameworks;

pub(super) fn check(
    subject: &Subject<'_>,
    facts: &MachOFacts,
    wanted: &Expected<'_>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = [
        floor(facts, wanted.minimum_os),
        flat_lookups(subject.kind, facts),
        duplicates(facts),
        unknown_frameworks(facts),
        signed(subject.bytes),
        install_name(facts),
        pie(facts),
        executable_stack(facts),
        super::writable_code(&facts.writable_executable),
        search_path::check(facts.rpaths.iter().map(String::as_str), "@loader_path"),
    ]
    .into_iter()
    .flatten()
    .collect();
    // A library that is looked for beside the file is shipped with it.
    let elsewhere =
        facts.dylibs.iter().map(|dylib| dylib.path.as_str()).filter(|path| !is_own(path));
    findings.extend(super::foreign_libraries(elsewhere, wanted));
    findings
}

fn is_own(path: &str) -> bool {
    ["@loader_path/", "@executable_path/", "@rpath/"].iter().any(|own| path.starts_with(own))
}

fn floor(facts: &MachOFacts, asked: Option<Version>) -> Option<Finding> {
    let (needed, asked) = (facts.minimum_os?, asked?);
    (needed > asked).then(|| {
        rule::MACOS_TOO_NEW
            .finding(format!("it needs macOS {needed}, newer than the {asked} asked for"))
    })
}

fn install_name(facts: &MachOFacts) -> Option<Finding> {
    let name = facts.install_name.as_deref()?;
    let is_fine = is_own(name) || name.starts_with("/usr/") || name.starts_with("/Library/");
    (!is_fine).then(|| rule::INSTALL_NAME.finding(format!("its own name as a library is {name}")))
}

fn pie(facts: &MachOFacts) -> Option<Finding> {
    (facts.kind == Kind::Executable && !facts.pie)
        .then(|| rule::MISSING_PIE.finding("it is a program at a fixed address (no MH_PIE)"))
}

fn executable_stack(facts: &MachOFacts) -> Option<Finding> {
    facts.stack_execution.then(|| {
        rule::EXECUTABLE_STACK.finding("its stack can be executed (MH_ALLOW_STACK_EXECUTION)")
    })
}

/// The beginnings of symbols that Node.js itself exports.
const NODES: [&str; 3] = ["_napi_", "_node_api_", "_uv_"];

fn flat_lookups(kind: Option<ArtifactKind>, facts: &MachOFacts) -> Option<Finding> {
    let is_nodes = |symbol: &&String| {
        kind == Some(ArtifactKind::NodeAddon)
            && NODES.iter().any(|prefix| symbol.starts_with(prefix))
    };
    let symbols: Vec<&str> =
        facts.flat_lookups.iter().filter(|symbol| !is_nodes(symbol)).map(String::as_str).collect();
    (!symbols.is_empty()).then(|| {
        rule::FLAT_LOOKUP.finding(format!(
            "the library of {} is unknown: macOS looks through all loaded ones, and does not start the program if none \
             has it",
            symbols.join(", ")
        ))
    })
}

fn duplicates(facts: &MachOFacts) -> Option<Finding> {
    (!facts.duplicate_commands.is_empty()).then(|| {
        rule::DUPLICATE_LOAD_COMMAND.finding(format!(
            "it has {} twice, which macOS 26 refuses",
            facts.duplicate_commands.join(", ")
        ))
    })
}

/// Stubs of frameworks that the table lacks are made on demand, even for a misspelt name.
fn unknown_frameworks(facts: &MachOFacts) -> Option<Finding> {
    let of_framework = |path: &str| {
        let rest = path.strip_prefix("/System/Library/Frameworks/")?;
        Some(rest.split_once(".framework/")?.0.to_owned())
    };
    let unknown: Vec<String> = facts
        .dylibs
        .iter()
        .filter_map(|dylib| of_framework(&dylib.path))
        .filter(|name| !frameworks::all().contains_key(name.as_str()))
        .collect();
    (!unknown.is_empty()).then(|| {
        rule::UNKNOWN_FRAMEWORK.finding(format!(
            "it loads {}, which Tachi does not know to be in macOS",
            unknown.join(", ")
        ))
    })
}

fn signed(bytes: &[u8]) -> Option<Finding> {
    let signatures = match signature::verify(bytes) {
        Ok(signatures) => signatures,
        Err(error) => return Some(unsigned(error.to_string())),
    };
    let problem = signatures.iter().find_map(|checked| match &checked.signature {
        None => Some("it has no signature, which macOS on Apple's processors refuses".to_owned()),
        Some(signature) => {
            signature.problems.first().map(|problem| format!("its signature: {problem}"))
        }
    });
    problem.map(unsigned)
}

fn unsigned(message: String) -> Finding {
    rule::BROKEN_SIGNATURE.finding(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tachi_binary::{Dylib, DylibUse};

    fn facts() -> MachOFacts {
        // The smallest file there is: a header without commands.
        let mut bytes = Vec::new();
        for word in [0xfeed_facf_u32, 0x0100_000c, 0, 2, 0, 0, 0x80, 0] {
            bytes.extend(word.to_le_bytes());
        }
        match tachi_binary::facts(&bytes) {
            Ok(tachi_binary::BinaryFacts::MachO(facts)) => facts,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_floor_above_the_one_asked_for_is_found() {
        let newer = MachOFacts { minimum_os: Some(Version::new(13, 0, 0)), ..facts() };
        let asked = Some(Version::new(11, 0, 0));
        assert_eq!(floor(&newer, asked).unwrap().code, "TV003");
        assert_eq!(floor(&newer, Some(Version::new(13, 0, 0))), None);
        assert_eq!(floor(&facts(), asked), None);
    }

    #[test]
    fn only_a_node_module_may_leave_nodes_symbols_open() {
        let open = |symbols: &[&str]| MachOFacts {
            flat_lookups: symbols.iter().map(|&symbol| symbol.to_owned()).collect(),
            ..facts()
        };
        let node = open(&["_napi_create_error"]);
        assert_eq!(flat_lookups(Some(ArtifactKind::NodeAddon), &node), None);
        assert_eq!(flat_lookups(Some(ArtifactKind::Executable), &node).unwrap().code, "TV004");
        let guess = open(&["_SecSecret", "_napi_throw"]);
        let finding = flat_lookups(Some(ArtifactKind::NodeAddon), &guess).unwrap();
        assert!(finding.message.contains("of _SecSecret is unknown:"), "{}", finding.message);
    }

    #[test]
    fn an_unknown_framework_is_found() {
        let loads = |name: &str| MachOFacts {
            dylibs: vec![Dylib {
                path: frameworks::install_name(name),
                current_version: Version::new(1, 0, 0),
                compatibility_version: Version::new(1, 0, 0),
                usage: DylibUse::Required,
            }],
            ..facts()
        };
        assert_eq!(unknown_frameworks(&loads("Security")), None);
        let finding = unknown_frameworks(&loads("Secuirty")).unwrap();
        assert!(finding.message.contains("Secuirty"), "{}", finding.message);
    }

    #[test]
    fn a_file_without_a_signature_is_found() {
        assert_eq!(signed(b"not a Mach-O file").unwrap().code, "TV006");
    }
}
