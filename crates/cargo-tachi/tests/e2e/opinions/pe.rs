//! PE files, as LLVM's readobj reads them.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::{Statement, said, sets, statement, texts};

const ASKED: [&str; 5] = [
    "--file-headers",
    "--sections",
    "--coff-imports",
    "--coff-load-config",
    "--coff-debug-directory",
];

/// What readobj says.
#[derive(Default)]
struct Readobj {
    text: String,
    libraries: BTreeSet<String>,
    imports: BTreeSet<String>,
    writable_code: Vec<String>,
}

impl Readobj {
    fn of(file: &Path) -> Self {
        let mut found = Self { text: said("llvm-readobj", &ASKED, file), ..Self::default() };
        let mut library = String::new();
        let mut section = (String::new(), false, false);
        let mut is_delayed = false;
        for line in found.text.lines() {
            let trimmed = line.trim();
            let indent = line.len() - line.trim_start().len();
            match trimmed {
                "Import {" if indent == 0 => is_delayed = false,
                "DelayImport {" => is_delayed = true,
                _ if line.starts_with("  Name: ") => {
                    trimmed.strip_prefix("Name: ").unwrap().clone_into(&mut library);
                    found.libraries.insert(library.clone());
                }
                _ if line.starts_with("    Name: ") => {
                    let name = trimmed.strip_prefix("Name: ").unwrap();
                    let name = name.rsplit_once(" (").map_or(name, |(name, _)| name);
                    section = (name.to_owned(), false, false);
                }
                _ if trimmed.starts_with("IMAGE_SCN_MEM_EXECUTE") => section.1 = true,
                _ if trimmed.starts_with("IMAGE_SCN_MEM_WRITE") => section.2 = true,
                "}" if section.1 && section.2 => {
                    found.writable_code.push(std::mem::take(&mut section).0);
                }
                _ => {}
            }
            // `Symbol: send (19)` has a hint, `Symbol:  (19)` is the symbol's number.
            if let Some(symbol) = trimmed.strip_prefix("Symbol:") {
                let (name, number) = symbol.rsplit_once('(').unwrap();
                let number = number.trim_end_matches(')');
                let name = match name.trim() {
                    "" => format!("#{number}"),
                    name => name.to_owned(),
                };
                found.imports.insert(import(&library, &name, is_delayed));
            }
        }
        found
    }

    /// The first value of a field.
    fn field(&self, name: &str) -> Option<&str> {
        let fields = self.text.lines().filter_map(|line| line.trim().split_once(": "));
        fields.into_iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    fn has_flag(&self, flag: &str) -> bool {
        let flag = format!("IMAGE_DLL_CHARACTERISTICS_{flag} ");
        self.text.lines().any(|line| line.trim().starts_with(&flag))
    }

    fn version(&self, what: &str) -> String {
        let number = |name: &str| self.field(&format!("{name}{what}Version")).unwrap();
        format!("{}.{}", number("Major"), number("Minor"))
    }

    /// The number in parentheses or behind the field, as hexadecimal.
    fn timestamp(&self) -> u64 {
        let value = self.field("TimeDateStamp").unwrap();
        let number = value.rsplit_once('(').map_or(value, |(_, number)| number);
        u64::from_str_radix(number.trim_end_matches(')').trim_start_matches("0x"), 16).unwrap()
    }
}

fn import(library: &str, symbol: &str, is_delayed: bool) -> String {
    format!("{library}: {symbol}{}", if is_delayed { ", delayed" } else { "" })
}

/// All statements about one file.
pub(crate) fn readobj(file: &Path, facts: &Value) -> Vec<Statement> {
    let theirs = Readobj::of(file);
    let ours_imports = facts["imported_symbols"].as_array().unwrap().iter().map(|one| {
        let symbol = match one["symbol"].as_str() {
            Some(name) => name.to_owned(),
            None => format!("#{}", one["ordinal"]),
        };
        import(one["library"].as_str().unwrap(), &symbol, one["delayed"] == true)
    });
    let mut ours_libraries = texts(&facts["imports"]);
    ours_libraries.extend(texts(&facts["delay_imports"]));
    let api_sets = theirs.libraries.iter().filter(|name| {
        name.to_lowercase().starts_with("api-ms-") || name.to_lowercase().starts_with("ext-ms-")
    });
    let hardening = &facts["hardening"];
    let is_on = |name: &str| hardening[name] == true;
    let mut statements = vec![
        sets("imports", &ours_imports.collect(), &theirs.imports),
        sets("libraries", &ours_libraries, &theirs.libraries),
        sets("api sets", &texts(&facts["api_sets"]), &api_sets.cloned().collect()),
        statement("aslr", is_on("aslr"), theirs.has_flag("DYNAMIC_BASE")),
        statement("high entropy", is_on("high_entropy"), theirs.has_flag("HIGH_ENTROPY_VA")),
        statement("nx", is_on("nx"), theirs.has_flag("NX_COMPAT")),
        statement("cfg", is_on("cfg"), theirs.has_flag("GUARD_CF")),
        statement("no seh", is_on("no_seh"), theirs.has_flag("NO_SEH")),
        statement("integrity", is_on("force_integrity"), theirs.has_flag("FORCE_INTEGRITY")),
        statement(
            "minimum os",
            facts["minimum_os"].as_str().unwrap(),
            theirs.version("OperatingSystem"),
        ),
        statement(
            "subsystem",
            facts["subsystem_version"].as_str().unwrap(),
            theirs.version("Subsystem"),
        ),
        statement("timestamp", facts["timestamp"].as_u64().unwrap(), theirs.timestamp()),
        statement(
            "pdb",
            facts["pdb_path"].as_str().unwrap_or_default(),
            theirs.field("PDBFileName").unwrap_or_default(),
        ),
        statement(
            "writable code",
            format!("{:?}", texts(&facts["writable_executable"])),
            format!("{:?}", theirs.writable_code.iter().cloned().collect::<BTreeSet<_>>()),
        ),
        statement("cet", is_on("cet"), theirs.text.contains("CET_COMPAT")),
    ];
    let table = theirs.field("SEHandlerTable").filter(|address| *address != "0x0");
    let is_32_bit = theirs.text.contains("IMAGE_FILE_MACHINE_I386");
    let safe_seh = is_32_bit.then_some(table.is_some());
    statements.push(statement(
        "safe seh",
        format!("{:?}", hardening["safe_seh"].as_bool()),
        format!("{safe_seh:?}"),
    ));
    statements
}
