//! Symbols that no stub exports: decides which library must export them, if any can. Pure.

use std::collections::BTreeSet;

use super::{frameworks, libraries};

/// The system's frameworks and libraries that a link names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// After `-framework` and its like.
    pub frameworks: BTreeSet<String>,
    /// After `-l`.
    pub libraries: BTreeSet<String>,
}

impl Linked {
    /// Reads them from the linker's arguments.
    pub fn of(args: &[String]) -> Self {
        let mut linked = Self::default();
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            match arg.as_str() {
                "-framework" | "-weak_framework" | "-needed_framework" | "-reexport_framework" => {
                    linked.frameworks.extend(rest.next().cloned());
                }
                _ => linked.libraries.extend(library(arg)),
            }
        }
        linked
    }

    /// The frameworks for which there is no stub.
    pub fn unknown_frameworks(&self) -> impl Iterator<Item = &str> {
        let known = |name: &str| frameworks::all().contains_key(name);
        self.frameworks.iter().map(String::as_str).filter(move |name| !known(name))
    }

    /// The linked frameworks and libraries whose exports Tachi does not know: name and path.
    fn open(&self) -> Vec<(Owner, String)> {
        let frameworks = self
            .unknown_frameworks()
            .map(|name| (Owner::Framework(name.to_owned()), frameworks::install_name(name)));
        let libraries = self.libraries.iter().filter_map(|name| {
            Some((Owner::Library(name.clone()), libraries::open_path(name)?.to_owned()))
        });
        frameworks.chain(libraries).collect()
    }
}

fn library(arg: &str) -> Option<String> {
    const OPTIONS: [&str; 4] = ["-l", "-weak-l", "-needed-l", "-reexport-l"];
    OPTIONS.iter().find_map(|option| arg.strip_prefix(option)).map(str::to_owned)
}

/// The owner of a symbol: the stub that gets it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    Framework(String),
    Library(String),
}

/// The decision about the symbols that no stub exports.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Symbols with an owner: the owner, the path of its library, and the symbols as the linker
    /// names them.
    pub owned: Vec<(Owner, String, Vec<String>)>,
    /// Symbols that the system looks up in all loaded libraries when the program starts.
    pub flat: Vec<String>,
    /// Symbols that are not the system's: the link fails.
    pub missing: Vec<String>,
}

/// Decides for each of `symbols`, as the linker names them. A mangled name of Rust or C++ belongs
/// to the program itself, so it is missing. If Tachi knows the exports of all linked libraries,
/// every other symbol is missing, too.
pub fn decide(symbols: &[String], linked: &Linked) -> Verdict {
    let open = linked.open();
    let mut verdict = Verdict::default();
    let mut give = |owner: &(Owner, String), symbol: &str| match verdict
        .owned
        .iter_mut()
        .find(|(known, ..)| *known == owner.0)
    {
        Some((.., symbols)) => symbols.push(symbol.to_owned()),
        None => verdict.owned.push((owner.0.clone(), owner.1.clone(), vec![symbol.to_owned()])),
    };
    let is = |name: &'static str| {
        move |(owner, _): &&(Owner, String)| *owner == Owner::Library(name.into())
    };
    let (cxx, others): (Vec<_>, Vec<_>) = open.iter().partition(is("c++"));
    for symbol in symbols {
        let is_cxx = [
            "__ZNSt",
            "__ZNKSt",
            "__ZSt",
            "__ZTINSt",
            "__ZTVNSt",
            "__ZTVSt",
            "__ZTISt",
            "__ZTSSt",
            "__ZTVN10__cxxabi",
            "__Znw",
            "__Zna",
            "__Zdl",
            "__Zda",
            "___cxa_",
            "___gxx_",
        ]
        .iter()
        .any(|prefix| symbol.starts_with(prefix));
        let mangled = ["__Z", "__R"].iter().any(|prefix| symbol.starts_with(prefix));
        match (cxx.first(), others.as_slice()) {
            (Some(owner), _) if is_cxx => give(owner, symbol),
            _ if mangled => verdict.missing.push(symbol.clone()),
            (_, [owner]) => give(owner, symbol),
            (_, []) if linked.frameworks.is_empty() => verdict.missing.push(symbol.clone()),
            _ => verdict.flat.push(symbol.clone()),
        }
    }
    verdict
}

/// The symbols that lld says are undefined.
pub fn reported(stderr: &str) -> Vec<String> {
    let mark = "error: undefined symbol: ";
    let symbols: BTreeSet<String> = stderr
        .lines()
        .filter_map(|line| Some(line.split_once(mark)?.1.trim().to_owned()))
        .collect();
    symbols.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(link: &str, symbols: &[&str]) -> String {
        let args: Vec<String> = link.split_whitespace().map(str::to_owned).collect();
        let symbols: Vec<String> = symbols.iter().map(|&symbol| symbol.to_owned()).collect();
        let verdict = decide(&symbols, &Linked::of(&args));
        let owned = verdict.owned.iter().map(|(owner, path, symbols)| {
            let (Owner::Framework(name) | Owner::Library(name)) = owner;
            format!("{name} at {path}: {}", symbols.join(" "))
        });
        let rest = [("flat", verdict.flat.clone()), ("missing", verdict.missing.clone())];
        let rest = rest
            .into_iter()
            .filter(|(_, symbols)| !symbols.is_empty())
            .map(|(what, symbols)| format!("{what}: {}", symbols.join(" ")));
        owned.chain(rest).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_symbol_goes_to_its_only_possible_owner_or_to_nobody() {
        let cases = [
            ("-lSystem", vec!["_typo"], "missing: _typo"),
            ("-lSystem -framework Security", vec!["_SecNew"], "flat: _SecNew"),
            ("-lz -lSystem", vec!["_inflate"], "z at /usr/lib/libz.1.dylib: _inflate"),
            ("-lz -lbz2", vec!["_inflate"], "flat: _inflate"),
            (
                "-lc++ -lz",
                vec!["_inflate", "__ZNSt3__14coutE", "___cxa_throw"],
                "z at /usr/lib/libz.1.dylib: _inflate; c++ at /usr/lib/libc++.1.dylib: __ZNSt3__14coutE ___cxa_throw",
            ),
            ("-lc++", vec!["__ZN4mine1fEv"], "missing: __ZN4mine1fEv"),
            (
                "-framework Secret -framework Security",
                vec!["_SecretKnock"],
                "Secret at /System/Library/Frameworks/Secret.framework/Versions/A/Secret: _SecretKnock",
            ),
            ("-framework Security", vec!["__RNvC4mine"], "missing: __RNvC4mine"),
        ];
        for (link, symbols, expected) in cases {
            assert_eq!(verdict(link, &symbols), expected, "{link} {symbols:?}");
        }
    }

    #[test]
    fn llds_errors_are_read() {
        let stderr = "rust-lld: error: undefined symbol: _b\n>>> referenced by a.o\nrust-lld: error: undefined symbol: _a\n";
        assert_eq!(reported(stderr), ["_a", "_b"]);
    }
}
