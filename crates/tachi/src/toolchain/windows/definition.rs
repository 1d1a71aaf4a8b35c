//! Module-definition files: which library exports what. Pure. Format:
//! [`.def`](https://learn.microsoft.com/cpp/build/reference/exports), with the `A == B` of LLVM
//! and mingw-w64 for a symbol that the library knows by another name.

/// What a library exports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definition {
    /// The file that programs load: `KERNEL32.dll`.
    pub library: String,
    pub exports: Vec<Export>,
}

/// One export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Export {
    /// What programs call it.
    pub name: String,
    /// The library's own name for it, if that is another one.
    pub imported_as: Option<String>,
    /// The export is data, not a function.
    pub is_data: bool,
}

/// Reads a definition. `stem` names the library if the text does not.
pub fn parse(text: &str, stem: &str) -> Definition {
    let mut definition = Definition { library: format!("{stem}.dll"), exports: Vec::new() };
    let mut in_exports = false;
    for line in text.lines() {
        let line = line.split(';').next().unwrap_or_default().trim();
        let mut words = line.split_whitespace();
        match words.next() {
            Some("LIBRARY") => {
                if let Some(name) = words.next() {
                    let name = name.trim_matches('"');
                    let dot = if name.contains('.') { "" } else { ".dll" };
                    definition.library = format!("{name}{dot}");
                }
            }
            Some("EXPORTS") => in_exports = true,
            Some(word) if in_exports && !word.starts_with('#') => {
                definition.exports.extend(export(line));
            }
            _ => {}
        }
    }
    definition
}

fn export(line: &str) -> Option<Export> {
    let mut words = line.split_whitespace();
    let name = undecorated(words.next()?).trim_matches('"');
    let mut export = Export { name: name.to_owned(), ..Export::default() };
    while let Some(word) = words.next() {
        match word {
            "==" => export.imported_as = words.next().map(|name| undecorated(name).to_owned()),
            "DATA" => export.is_data = true,
            "PRIVATE" => return None,
            _ => {}
        }
    }
    Some(export)
}

/// `f@8`, as 32-bit code calls it, without its decoration; C++'s names keep their `@`.
fn undecorated(name: &str) -> &str {
    match name.split_once('@') {
        Some((plain, size))
            if !plain.is_empty()
                && !plain.starts_with('?')
                && size.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            plain
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mingw_writes_is_read() {
        let text = "; a comment\nLIBRARY \"KERNEL32.dll\"\nEXPORTS\nCreateFileW\nCloseHandle@4 @17\n\
                    _mbcasemap DATA\nfopen64 == fopen ; alias\n??0A@@QEAA@XZ\n\nhidden PRIVATE\n";
        let definition = parse(text, "x");
        assert_eq!(definition.library, "KERNEL32.dll");
        let shown: Vec<String> = definition
            .exports
            .iter()
            .map(|export| {
                let data = if export.is_data { " data" } else { "" };
                let alias = export
                    .imported_as
                    .as_deref()
                    .map(|name| format!("={name}"))
                    .unwrap_or_default();
                format!("{}{alias}{data}", export.name)
            })
            .collect();
        assert_eq!(
            shown,
            ["CreateFileW", "CloseHandle", "_mbcasemap data", "fopen64=fopen", "??0A@@QEAA@XZ"]
        );
    }

    #[test]
    fn the_library_is_the_files_name_where_nothing_is_said() {
        assert_eq!(parse("EXPORTS\nf\n", "ntdll").library, "ntdll.dll");
        assert_eq!(
            parse("LIBRARY api-ms-win-crt-heap-l1-1-0\n", "x").library,
            "api-ms-win-crt-heap-l1-1-0.dll"
        );
        assert_eq!(parse("LIBRARY winspool.drv\n", "x").library, "winspool.drv");
    }
}
