//! Mach-O files, as LLVM's nm and objdump read them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::{Statement, said, sets, statement, texts};

/// What objdump says of the load commands of one architecture.
struct Objdump(String);

impl Objdump {
    /// The values of a field of all commands of a kind, one list a command.
    fn commands<'a>(&'a self, kind: &str) -> Vec<BTreeMap<&'a str, &'a str>> {
        let commands = self.0.split("Load command ").skip(1);
        let fields = |command: &'a str| {
            // What follows the command's own fields are sections or tools.
            let own = command.split("\nSection\n").next().unwrap();
            own.lines().filter_map(|line| line.trim().split_once(' ')).collect()
        };
        let all = commands.map(fields);
        all.filter(|one: &BTreeMap<&str, &str>| one.get("cmd") == Some(&kind)).collect()
    }

    fn values(&self, kind: &str, field: &str) -> BTreeSet<String> {
        let commands = self.commands(kind);
        let values = commands.iter().filter_map(|one| one.get(field));
        // `name /usr/lib/libSystem.B.dylib (offset 24)`
        values.map(|value| value.split(" (offset").next().unwrap().trim().to_owned()).collect()
    }

    fn one(&self, kind: &str, field: &str) -> Option<String> {
        self.values(kind, field).into_iter().next()
    }
}

/// All statements about the Mach-O file `facts`, which is `file` or its slice for `arch`.
fn slice(file: &Path, arch: &str, facts: &Value) -> Vec<Statement> {
    let flag = format!("--arch={arch}");
    let headers = Objdump(said("llvm-objdump", &["--macho", "--private-headers", &flag], file));
    let names = said("llvm-nm", &["-m", "-u", &flag], file);
    let theirs_imports = names.lines().filter_map(|line| import(line.trim()));
    let ours_imports = facts["imports"].as_array().unwrap().iter().map(|one| {
        let library = one["library"].as_str().map(short);
        import_text(one["symbol"].as_str().unwrap(), library.as_deref(), one["weak"] == true)
    });
    let minimum = headers
        .one("LC_BUILD_VERSION", "minos")
        .or_else(|| headers.one("LC_VERSION_MIN_MACOSX", "version"));
    let sdk = headers
        .one("LC_BUILD_VERSION", "sdk")
        .or_else(|| headers.one("LC_VERSION_MIN_MACOSX", "sdk"))
        .filter(|sdk| sdk != "n/a");
    let dylibs = facts["dylibs"].as_array().unwrap().iter();
    let mut their_dylibs = headers.values("LC_LOAD_DYLIB", "name");
    for kind in ["LC_LOAD_WEAK_DYLIB", "LC_REEXPORT_DYLIB", "LC_LOAD_UPWARD_DYLIB"] {
        their_dylibs.extend(headers.values(kind, "name"));
    }
    let segments =
        headers.commands("LC_SEGMENT_64").into_iter().chain(headers.commands("LC_SEGMENT"));
    let writable_code = segments
        .filter(|one| one.get("initprot").is_some_and(|rights| rights.trim() == "rwx"))
        .map(|one| one["segname"].trim().to_owned());
    let flags = headers.0.lines().find(|line| line.contains("MH_MAGIC")).unwrap_or_default();
    let has_flag = |flag: &str| flags.split_whitespace().any(|word| word == flag);
    let guard = names.contains("___stack_chk_fail") || names.contains("___stack_chk_guard");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    vec![
        sets("imports", &ours_imports.collect(), &theirs_imports.collect()),
        statement(
            "minimum os",
            format!("{:?}", text(&facts["minimum_os"])),
            format!("{minimum:?}"),
        ),
        statement("sdk", format!("{:?}", text(&facts["sdk"])), format!("{sdk:?}")),
        sets(
            "dylibs",
            &dylibs.map(|one| one["path"].as_str().unwrap().to_owned()).collect(),
            &their_dylibs,
        ),
        sets("rpaths", &texts(&facts["rpaths"]), &headers.values("LC_RPATH", "path")),
        statement(
            "install name",
            text(&facts["install_name"]).unwrap_or_default(),
            headers.one("LC_ID_DYLIB", "name").unwrap_or_default(),
        ),
        statement("pie", facts["pie"] == true, has_flag("PIE")),
        statement("stack", facts["stack_execution"] == true, has_flag("ALLOW_STACK_EXECUTION")),
        statement("heap", facts["heap_execution_denied"] == true, has_flag("NO_HEAP_EXECUTION")),
        statement("canaries", facts["stack_protector"] == true, guard),
        sets("writable code", &texts(&facts["writable_executable"]), &writable_code.collect()),
        statement("duplicates", facts["duplicate_commands"].to_string(), "[]"),
    ]
}

/// `(undefined) weak external _f (from libSystem)`.
fn import(line: &str) -> Option<String> {
    let rest = line.strip_prefix("(undefined) ")?;
    let is_weak = rest.starts_with("weak ");
    let symbol = rest.split("external ").nth(1)?;
    let (symbol, library) = symbol.split_once(" (").unwrap_or((symbol, ""));
    let library = library.strip_prefix("from ").map(|name| name.trim_end_matches(')'));
    Some(import_text(symbol, library, is_weak))
}

fn import_text(symbol: &str, library: Option<&str>, weak: bool) -> String {
    let library = library.map(|library| format!(" from {library}")).unwrap_or_default();
    format!("{symbol}{library}{}", if weak { ", weak" } else { "" })
}

/// nm's name for a library: `libSystem` for `/usr/lib/libSystem.B.dylib`.
fn short(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap();
    let name = name.strip_suffix(".dylib").unwrap_or(name);
    match name.rsplit_once('.') {
        Some((short, version)) if version.len() == 1 => short.to_owned(),
        _ => name.to_owned(),
    }
}

/// All statements about one file: of a universal one, about each slice.
pub(crate) fn llvm(file: &Path, facts: &Value) -> Vec<Statement> {
    let arch = |facts: &Value| match facts["architecture"].as_str().unwrap() {
        "aarch64" => "arm64".to_owned(),
        other => facts["variant"].as_str().unwrap_or(other).to_owned(),
    };
    match facts["slices"].as_array() {
        Some(slices) => {
            let each = |one: &Value| slice(file, &arch(&one["facts"]), &one["facts"]);
            slices.iter().flat_map(each).collect()
        }
        None => slice(file, &arch(facts), facts),
    }
}
