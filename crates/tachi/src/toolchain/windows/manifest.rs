//! Application manifests. `lld-link` would call Microsoft's `mt.exe` to merge a program's own
//! manifest with the default one. Here Tachi merges them, and passes the result to the linker as a
//! resource. Pure.
//!
//! Formats: [application manifests](https://learn.microsoft.com/windows/win32/sbscs/application-manifests),
//! [`.res` files](https://learn.microsoft.com/windows/win32/menurc/resourceheader).

/// The manifest that a link's arguments ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The program's own manifest.
    pub input: String,
    /// The resource's number: 1 in programs and 2 in libraries, unless an argument gives another.
    pub id: u16,
}

/// Takes the arguments about manifests out of `args`. None if there is nothing to merge.
///
/// # Errors
/// There are several manifests.
pub fn take(args: &mut Vec<String>) -> Result<Option<Asked>, String> {
    let inputs: Vec<String> = args.iter().filter_map(|arg| option(arg, "manifestinput")).collect();
    let input = match inputs.as_slice() {
        [] => return Ok(None),
        [input] => input.clone(),
        several => {
            return Err(format!(
                "several manifests are to be embedded: {}; merge them into one",
                several.join(", ")
            ));
        }
    };
    let is_library = args.iter().any(|arg| arg.eq_ignore_ascii_case("/dll"));
    let number = args.iter().find_map(|arg| {
        let words = option(arg, "manifest")?.to_ascii_lowercase();
        words.split_once("id=")?.1.parse().ok()
    });
    args.retain(|arg| option(arg, "manifestinput").is_none() && option(arg, "manifest").is_none());
    args.push("/MANIFEST:NO".into());
    Ok(Some(Asked { input, id: number.unwrap_or(if is_library { 2 } else { 1 }) }))
}

/// The value of `/name:value`, whatever the case of the name.
fn option(arg: &str, name: &str) -> Option<String> {
    let (option, value) = arg.split_once(':')?;
    let option = option.strip_prefix(['/', '-'])?;
    option.eq_ignore_ascii_case(name).then(|| value.to_owned())
}

/// The linker's default manifest: the program gets no more rights than the user has.
const TRUST_INFO: &str = "<trustInfo xmlns=\"urn:schemas-microsoft-com:asm.v3\"><security><requestedPrivileges>\
<requestedExecutionLevel level=\"asInvoker\" uiAccess=\"false\"/></requestedPrivileges></security></trustInfo>";

/// The `.res` file with `manifest`, to which the default's words are added if it does not mention
/// rights.
pub fn resource(manifest: &str, id: u16) -> Vec<u8> {
    const MANIFEST: u16 = 24;
    let text = match manifest.rsplit_once("</assembly>") {
        Some((before, after)) if !manifest.contains("trustInfo") => {
            format!("{before}{TRUST_INFO}</assembly>{after}")
        }
        _ => manifest.to_owned(),
    };
    let mut bytes = header(0, 0, 0);
    bytes.extend(header(u32::try_from(text.len()).unwrap_or(u32::MAX), MANIFEST, id));
    bytes.extend(text.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// The header of one resource: sizes, type and name by number, and nothing else.
fn header(size: u32, kind: u16, id: u16) -> Vec<u8> {
    const LENGTH: u32 = 32;
    const BY_NUMBER: u16 = 0xFFFF;
    let mut bytes = Vec::with_capacity(LENGTH as usize);
    bytes.extend(size.to_le_bytes());
    bytes.extend(LENGTH.to_le_bytes());
    for word in [BY_NUMBER, kind, BY_NUMBER, id] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.resize(LENGTH as usize, 0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(line: &str) -> (Result<Option<Asked>, String>, String) {
        let mut args: Vec<String> = line.split(' ').map(str::to_owned).collect();
        (take(&mut args), args.join(" "))
    }

    #[test]
    fn a_programs_own_manifest_is_taken_from_the_linker() {
        let (asked, rest) = taken("/NOLOGO /MANIFEST:EMBED /MANIFESTINPUT:C.xml a.obj");
        assert_eq!(asked, Ok(Some(Asked { input: "C.xml".into(), id: 1 })));
        assert_eq!(rest, "/NOLOGO a.obj /MANIFEST:NO");
        let (asked, _) = taken("/dll -manifestinput:x.xml");
        assert_eq!(asked.unwrap().unwrap().id, 2);
        let (asked, _) = taken("/manifest:embed,ID=7 /manifestinput:x.xml");
        assert_eq!(asked.unwrap().unwrap().id, 7);
        let (asked, rest) = taken("/MANIFEST:EMBED a.obj");
        assert_eq!((asked, rest.as_str()), (Ok(None), "/MANIFEST:EMBED a.obj"));
        assert!(taken("/MANIFESTINPUT:a /MANIFESTINPUT:b").0.unwrap_err().contains("a, b"));
    }

    #[test]
    fn the_default_is_added_once() {
        let text = |manifest: &str| String::from_utf8_lossy(&resource(manifest, 1)).into_owned();
        assert!(text("<assembly></assembly>").contains("asInvoker"));
        let own = "<assembly><trustInfo/></assembly>";
        assert!(!text(own).contains("asInvoker"));
        assert_eq!(resource(own, 1).len() % 4, 0);
    }
}
