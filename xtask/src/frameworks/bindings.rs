//! Reads a crate's declarations of foreign symbols: `extern` blocks and classes of Objective-C.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// Symbols by framework; those whose block names none are separate.
#[derive(Default)]
pub(crate) struct Bindings {
    named: BTreeMap<String, BTreeSet<String>>,
    unnamed: BTreeSet<String>,
}

impl Bindings {
    /// Reads all sources of the crate in `folder`.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let mut found = Self::default();
        for path in sources(&folder.join("src"))? {
            let shown = path.display();
            let text = std::fs::read_to_string(&path)
                .map_err(|error| format!("cannot read {shown}: {error}"))?;
            let file =
                syn::parse_file(&text).map_err(|error| format!("cannot parse {shown}: {error}"))?;
            found.visit_file(&file);
        }
        Ok(found)
    }

    /// All symbols with their framework. A symbol without one belongs to the crate's framework if
    /// the crate links only one; else its framework is unknown, and it is left out.
    pub(crate) fn by_framework(mut self) -> BTreeMap<String, BTreeSet<String>> {
        if let Some(symbols) = self.named.get_mut(OBJC) {
            symbols.append(&mut self.unnamed);
            // These bindings declare some of libc's functions, too.
            symbols.retain(|symbol| OBJC_PREFIXES.iter().any(|prefix| symbol.starts_with(prefix)));
        } else if self.named.len() == 1 {
            for symbols in self.named.values_mut() {
                symbols.append(&mut self.unnamed);
            }
        }
        self.named
    }
}

/// The heading for Objective-C's run-time library, which is no framework.
const OBJC: &str = "libobjc";
const OBJC_PREFIXES: [&str; 11] = [
    "_objc_",
    "class_",
    "imp_",
    "ivar_",
    "method_",
    "objc_",
    "object_",
    "property_",
    "protocol_",
    "sel_",
    "OBJC_",
];

impl<'ast> Visit<'ast> for Bindings {
    fn visit_item_foreign_mod(&mut self, block: &'ast syn::ItemForeignMod) {
        let symbols: Vec<String> = block.items.iter().filter_map(symbol).collect();
        let frameworks: Vec<String> = block.attrs.iter().filter_map(framework).collect();
        match frameworks.as_slice() {
            [] => self.unnamed.extend(symbols),
            names => {
                for name in names {
                    self.named.entry(name.clone()).or_default().extend(symbols.iter().cloned());
                }
            }
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        match call.path.segments.last().map(|segment| segment.ident.to_string()).as_deref() {
            Some("extern_class") => {
                self.unnamed.extend(class(call).map(|name| format!("@{name}")));
            }
            Some("extern_c" | "extern_c_unwind") => {
                let tokens = &call.tokens;
                if let Ok(block) = syn::parse2(quote::quote!(extern "C" { #tokens })) {
                    self.visit_item_foreign_mod(&block);
                }
            }
            _ => visit::visit_macro(self, call),
        }
    }
}

/// The linker's name of one foreign item, without the underscore in front.
fn symbol(item: &syn::ForeignItem) -> Option<String> {
    let (attrs, ident) = match item {
        syn::ForeignItem::Fn(function) => (&function.attrs, &function.sig.ident),
        syn::ForeignItem::Static(value) => (&value.attrs, &value.ident),
        _ => return None,
    };
    let renamed = attrs.iter().find_map(|attr| match &attr.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("link_name") => string(&pair.value),
        _ => None,
    });
    Some(renamed.unwrap_or_else(|| ident.to_string()))
}

fn string(value: &syn::Expr) -> Option<String> {
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// The framework of `#[link(name = "…", kind = "framework")]`, inside a `cfg_attr` too; or
/// [`OBJC`].
fn framework(attr: &syn::Attribute) -> Option<String> {
    let syn::Meta::List(list) = &attr.meta else { return None };
    let words: Vec<String> = flat(list.tokens.clone());
    let at = words.iter().position(|word| word == "name")?;
    let name = words.get(at + 2)?.trim_matches('"');
    if name == "objc" {
        return Some(OBJC.to_owned());
    }
    words.iter().any(|word| word == "\"framework\"").then(|| name.to_owned())
}

/// The class that `extern_class!` declares: the word after `struct`.
fn class(call: &syn::Macro) -> Option<String> {
    let words = flat(call.tokens.clone());
    let at = words.iter().position(|word| word == "struct")?;
    words.get(at + 1).cloned()
}

/// All words of a token stream, groups opened.
fn flat(tokens: proc_macro2::TokenStream) -> Vec<String> {
    let mut words = Vec::new();
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Group(group) => words.extend(flat(group.stream())),
            other => words.push(other.to_string()),
        }
    }
    words
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("cannot list {}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            files.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_go_to_the_framework_that_their_block_or_their_crate_names() {
        let source = r#"
            #[cfg_attr(target_vendor = "apple", link(name = "AppKit", kind = "framework"))]
            extern "C" {}
            extern "C" { pub static NSFoo: u8; #[link_name = "bar$1"] fn bar(); }
            pub fn inline() { extern "C-unwind" { fn NSInner(); } }
            extern_class!( #[unsafe(super(NSObject))] pub struct NSView; );
        "#;
        let mut bindings = Bindings::default();
        bindings.visit_file(&syn::parse_file(source).unwrap());
        let symbols = &bindings.by_framework()["AppKit"];
        assert_eq!(symbols.iter().collect::<Vec<_>>(), ["@NSView", "NSFoo", "NSInner", "bar$1"]);
    }

    #[test]
    fn a_symbol_that_could_belong_to_two_frameworks_is_left_out() {
        let source = r#"
            #[link(name = "A", kind = "framework")] extern "C" { fn a(); }
            #[link(name = "B", kind = "framework")] extern "C" {}
            extern "C" { fn whose(); }
        "#;
        let mut bindings = Bindings::default();
        bindings.visit_file(&syn::parse_file(source).unwrap());
        let found = bindings.by_framework();
        assert_eq!(found["A"].len(), 1);
        assert!(found["B"].is_empty());
    }
}
