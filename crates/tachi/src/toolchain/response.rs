//! Response files (`@file`): reading and writing them the way gcc, clang and zig do.
//! Format: [GCC, Overall Options, `@file`](https://gcc.gnu.org/onlinedocs/gcc/Overall-Options.html).

/// Longer command lines go through a response file: Linux takes 2 MiB, environment
/// included.
const LONGEST_LINE: usize = 512 * 1024;

/// Whether the arguments are too long for a command line.
pub fn is_needed(args: &[String]) -> bool {
    args.iter().map(|arg| arg.len() + 1).sum::<usize>() > LONGEST_LINE
}

/// Cuts the text of a response file into arguments. White space separates them, quotes of either
/// kind keep it, and a backslash keeps the character after it.
pub fn parse(text: &str) -> Vec<String> {
    let mut args = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            ('\\', _) => {
                if let Some(next) = characters.next() {
                    word.get_or_insert_default().push(next);
                }
            }
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (_, Some(open)) if character == open => quote = None,
            (_, None) if character.is_whitespace() => args.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    args.extend(word);
    args
}

/// The text of a response file with these arguments, one a line.
pub fn write(args: &[String]) -> String {
    let mut text = String::new();
    for arg in args {
        text.push('"');
        for character in arg.chars() {
            if matches!(character, '"' | '\\') {
                text.push('\\');
            }
            text.push(character);
        }
        text.push_str("\"\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_survive_being_written_and_read() {
        let args = ["plain", "two words", "a\"b", "it's", "back\\slash", "", "tab\there"]
            .map(str::to_owned);
        assert_eq!(parse(&write(&args)), args);
    }

    #[test]
    fn the_quoting_of_rustc_and_of_cmake_is_read() {
        let cases: &[(&str, &[&str])] = &[
            ("-o\nmy\\ file\n", &["-o", "my file"]),
            ("\"-DA=\\\"x y\\\"\" 'b c'", &["-DA=\"x y\"", "b c"]),
            ("  \n ", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), *expected, "{text:?}");
        }
    }
}
