//! Build information as JSON.

use alloc::string::String;
use core::fmt::Write as _;

use crate::info::BuildInfo;

impl BuildInfo {
    /// A JSON object on one line, with the names of the fields as keys, in their order:
    /// `{"version":"1.0.0","git_hash":…,"git_dirty":false,…}`.
    pub fn to_json(&self) -> String {
        let mut json = String::from("{");
        member(&mut json, "version", self.version);
        member(&mut json, "git_hash", self.git_hash);
        member(&mut json, "git_hash_full", self.git_hash_full);
        member(&mut json, "git_branch", self.git_branch);
        json.push_str(if self.git_dirty { ",\"git_dirty\":true" } else { ",\"git_dirty\":false" });
        member(&mut json, "build_time", self.build_time);
        member(&mut json, "build_profile", self.build_profile);
        member(&mut json, "build_target", self.build_target);
        member(&mut json, "build_host", self.build_host);
        member(&mut json, "rust_version", self.rust_version);
        member(&mut json, "rustc_version", self.rustc_version);
        member(&mut json, "tachi_version", self.tachi_version);
        json.push('}');
        json
    }
}

fn member(json: &mut String, name: &str, value: &str) {
    if !json.ends_with('{') {
        json.push(',');
    }
    string(json, name);
    json.push(':');
    string(json, value);
}

/// A string of [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259#section-7).
fn string(json: &mut String, text: &str) {
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            control if control < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(json, "\\u{:04x}", u32::from(control));
            }
            other => json.push(other),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped() {
        for (text, expected) in [
            ("plain", r#""plain""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("tab\tand\u{1}", "\"tab\\u0009and\\u0001\""),
            ("ümläut", "\"ümläut\""),
        ] {
            let mut json = String::new();
            string(&mut json, text);
            assert_eq!(json, expected);
        }
    }

    #[test]
    fn an_object_has_every_field_once() {
        let json = crate::build_info!().to_json();
        assert!(json.starts_with("{\"version\":\""), "{json}");
        assert!(json.ends_with("\"}"), "{json}");
        assert_eq!(json.matches("\":").count(), 12, "{json}");
        assert_eq!(json.matches(",\"").count(), 11, "{json}");
        assert!(json.contains(",\"git_dirty\":false,"), "{json}");
    }
}
