//! ELF files, as binutils' readelf and Debian's hardening-check read them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::{Statement, said, sets, statement};

/// What readelf says.
#[derive(Default)]
struct Readelf {
    machine: String,
    is_executable_by_address: bool,
    is_pie: bool,
    has_dynamic: bool,
    /// Segments with their flags.
    segments: Vec<(String, String)>,
    dynamic: Vec<String>,
    notes: Vec<String>,
    /// Versions by their number: library, name, weak.
    versions: BTreeMap<String, (String, String, bool)>,
    imports: BTreeSet<String>,
}

impl Readelf {
    fn of(file: &Path) -> Self {
        let text = said("readelf", &["-W", "-h", "-l", "-d", "-n", "-V", "--dyn-syms"], file);
        let mut found = Self::default();
        let mut library = String::new();
        let mut symbols = Vec::new();
        let mut is_in_segments = false;
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            is_in_segments = match *line {
                _ if line == "Program Headers:" => true,
                _ if line.is_empty() => false,
                _ => is_in_segments,
            };
            if let Some(machine) = line.strip_prefix("  Machine:") {
                machine.trim().clone_into(&mut found.machine);
            } else if let Some(kind) = line.strip_prefix("  Type: ") {
                found.is_executable_by_address = kind.trim().starts_with("EXEC");
                found.is_pie = kind.contains("Position-Independent Executable");
            } else if is_in_segments && words.len() >= 8 && words[1].starts_with("0x") {
                // Flags stand between the sizes and the alignment, with spaces in them.
                let flags = words[6..words.len() - 1].concat();
                found.segments.push((words[0].to_owned(), flags));
            } else if line.starts_with(" 0x") {
                found.has_dynamic = true;
                found.dynamic.push(line.to_owned());
            } else if let Some(["File:", name]) = part(&words, 3, "File:") {
                (*name).clone_into(&mut library);
            } else if let Some(["Name:", name, "Flags:", rest @ ..]) = part(&words, 1, "Name:") {
                let number = rest.last().unwrap().to_string();
                let entry = (library.clone(), (*name).to_owned(), rest[0] == "WEAK");
                found.versions.entry(number).or_insert(entry);
            } else if words.len() >= 8 && words.contains(&"UND") && words[4] != "LOCAL" {
                symbols.push(words.iter().map(ToString::to_string).collect::<Vec<_>>());
            } else if line.contains("Properties:") || line.contains("OS:") {
                found.notes.push(line.to_owned());
            }
        }
        found.imports = symbols.iter().filter_map(|words| found.import(words)).collect();
        found
    }

    /// `memcpy@GLIBC_2.14 from libc.so.6`.
    fn import(&self, words: &[String]) -> Option<String> {
        let place = words.iter().position(|word| word == "UND")?;
        let name = words.get(place + 1)?;
        let number = words.get(place + 2).map(|word| word.trim_matches(['(', ')']));
        let library = number.and_then(|number| self.versions.get(number)).map(|one| &*one.0);
        let weak = words[4] == "WEAK";
        Some(import(name, library, weak))
    }

    fn says(&self, what: &str) -> bool {
        self.dynamic.iter().any(|line| line.contains(what))
    }

    fn note(&self, what: &str) -> bool {
        self.notes.iter().any(|line| line.contains(what))
    }

    fn relro(&self) -> &'static str {
        let is_now = self.says("BIND_NOW") || self.says("Flags: NOW") || !self.has_dynamic;
        match self.segments.iter().any(|(kind, _)| kind == "GNU_RELRO") {
            false => "none",
            true if is_now => "full",
            true => "partial",
        }
    }

    /// If a file does not say, kernels make its stack executable, except on newer processors.
    fn has_executable_stack(&self) -> bool {
        match self.segments.iter().find(|(kind, _)| kind == "GNU_STACK") {
            Some((_, flags)) => flags.contains('E'),
            None => !["AArch64", "LoongArch", "PowerPC64"].contains(&&*self.machine),
        }
    }

    fn kernel(&self) -> Option<String> {
        let line = self.notes.iter().find_map(|line| line.split_once("OS: Linux, ABI: "))?;
        Some(line.1.trim().trim_end_matches(".0").to_owned())
    }

    /// The highest version of a family that is not weak, as text: the numbers compared.
    fn floor(&self, family: &str) -> Option<String> {
        let numbers = |text: &str| -> Option<Vec<u32>> {
            text.split('.').map(|part| part.parse().ok()).collect()
        };
        let versions = self.versions.values().filter(|one| !one.2);
        let mut all: Vec<Vec<u32>> = versions
            .filter_map(|(_, name, _)| numbers(name.strip_prefix(family)?.strip_prefix('_')?))
            .collect();
        // glibc 2.36 has what this one stands for.
        if family == "GLIBC" && self.versions.values().any(|one| one.1 == "GLIBC_ABI_DT_RELR") {
            all.push(vec![2, 36]);
        }
        let highest = all.into_iter().max()?;
        Some(highest.iter().map(ToString::to_string).collect::<Vec<_>>().join("."))
    }
}

fn part<'a>(words: &'a [&'a str], from: usize, first: &str) -> Option<&'a [&'a str]> {
    let rest = words.get(from..)?;
    let rest = if rest.first() == Some(&first) { Some(rest) } else { None }?;
    // `File: libc.so.6  Cnt: 1`
    Some(if first == "File:" { rest.get(..2)? } else { rest })
}

fn import(name: &str, library: Option<&str>, weak: bool) -> String {
    let library = library.map(|library| format!(" from {library}")).unwrap_or_default();
    format!("{name}{library}{}", if weak { ", weak" } else { "" })
}

/// All statements about one file, against readelf.
pub(crate) fn readelf(file: &Path, facts: &Value) -> Vec<Statement> {
    let theirs = Readelf::of(file);
    let hardening = &facts["hardening"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let ours_imports = facts["imports"].as_array().unwrap().iter().map(|one| {
        let version = one["version"].as_str().map(|version| format!("@{version}"));
        let name = one["symbol"].as_str().unwrap().to_owned() + &version.unwrap_or_default();
        import(&name, one["library"].as_str(), one["weak"] == true)
    });
    let ours_needs = facts["version_needs"].as_array().unwrap().iter().flat_map(|need| {
        need["versions"].as_array().unwrap().iter().map(|version| {
            need_text(
                need["library"].as_str().unwrap(),
                version["name"].as_str().unwrap(),
                version["weak"] == true,
            )
        })
    });
    let their_needs =
        theirs.versions.values().map(|(library, name, weak)| need_text(library, name, *weak));
    let wx =
        theirs.segments.iter().enumerate().filter(|(_, (kind, flags))| {
            kind == "LOAD" && flags.contains('W') && flags.contains('E')
        });
    let has = |name: &str| {
        theirs.imports.iter().any(|one| one.split(['@', ' ', ',']).next() == Some(name))
    };
    let is_fortified = theirs.imports.iter().any(|one| {
        one.split(['@', ' ', ','])
            .next()
            .is_some_and(|name| name.starts_with("__") && name.ends_with("_chk"))
    });
    let mut statements = vec![
        sets("imports", &ours_imports.collect(), &theirs.imports),
        sets("version needs", &ours_needs.collect(), &their_needs.collect()),
        statement("pie", facts["pie"] == true, theirs.is_pie),
        statement("relro", hardening["relro"].as_str().unwrap(), theirs.relro()),
        statement("stack", hardening["executable_stack"] == true, theirs.has_executable_stack()),
        statement(
            "text relocations",
            hardening["text_relocations"] == true,
            theirs.says("TEXTREL"),
        ),
        statement("ibt", hardening["ibt"] == true, theirs.note("IBT")),
        statement(
            "shadow stack",
            hardening["shadow_stack"] == true,
            theirs.note("SHSTK") || theirs.note("GCS"),
        ),
        statement("bti", hardening["bti"] == true, theirs.note("BTI")),
        statement("pac", hardening["pac"] == true, theirs.note("PAC")),
        statement(
            "stack protector",
            hardening["stack_protector"] == true,
            has("__stack_chk_fail") || has("__stack_chk_guard"),
        ),
        statement("fortified", hardening["fortified"] == true, is_fortified),
        statement(
            "writable code",
            format!("{:?}", segments(&facts["writable_executable"])),
            format!("{:?}", wx.map(|(index, _)| format!("segment {index}")).collect::<Vec<_>>()),
        ),
        statement(
            "kernel",
            format!("{:?}", text(&facts["kernel_floor"])),
            format!("{:?}", theirs.kernel()),
        ),
        statement(
            "kind",
            facts["kind"] == "executable" && facts["pie"] == false,
            theirs.is_executable_by_address,
        ),
    ];
    for (family, field) in
        [("GLIBC", "glibc"), ("GLIBCXX", "glibcxx"), ("CXXABI", "cxxabi"), ("GCC", "gcc")]
    {
        let ours = text(&facts["floors"][field]);
        let theirs = theirs.floor(family).map(|floor| normal(&floor));
        statements.push(statement(
            "floor",
            format!("{family} {ours:?}"),
            format!("{family} {theirs:?}"),
        ));
    }
    statements
}

/// Tachi names writable and executable sections beside segments; readelf's list of segments has
/// no sections.
fn segments(value: &Value) -> Vec<String> {
    let all = value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned());
    all.filter(|one| one.starts_with("segment ")).collect()
}

fn need_text(library: &str, name: &str, weak: bool) -> String {
    format!("{library}: {name}{}", if weak { " weak" } else { "" })
}

/// `4.2.0` is `4.2`.
fn normal(version: &str) -> String {
    match version.split('.').collect::<Vec<_>>()[..] {
        [major, minor, "0"] => format!("{major}.{minor}"),
        _ => version.to_owned(),
    }
}

/// All statements about one file, against hardening-check.
pub(crate) fn hardening_check(file: &Path, facts: &Value) -> Vec<Statement> {
    let text = said("hardening-check", &[], file);
    let theirs = |what: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(what));
        line.unwrap_or_else(|| panic!("hardening-check says no {what} of {}", file.display()))
            .trim()
    };
    let hardening = &facts["hardening"];
    let is_shared = facts["kind"] == "shared-library";
    let pie = match (facts["pie"] == true, is_shared) {
        (true, _) => "yes",
        (false, true) => "no, regular shared library (ignored)",
        (false, false) => "no, normal executable!",
    };
    let yes = |is: bool| if is { "yes" } else { "no" };
    // Unknown: no symbol tells whether no function is checked or none could be.
    let word = |text: &str| match text.split([' ', ',']).next().unwrap() {
        "unknown" => "no".to_owned(),
        word => word.to_owned(),
    };
    vec![
        statement("PIE", pie, theirs("Position Independent Executable:")),
        statement(
            "canaries",
            yes(hardening["stack_protector"] == true),
            word(theirs("Stack protected:")),
        ),
        statement(
            "fortification",
            yes(hardening["fortified"] == true),
            word(theirs("Fortify Source functions:")),
        ),
        statement(
            "RELRO",
            yes(hardening["relro"] != "none"),
            word(theirs("Read-only relocations:")),
        ),
        statement(
            "immediate binding",
            yes(hardening["relro"] == "full"),
            word(theirs("Immediate binding:")),
        ),
    ]
}
