//! SPDX licence expressions: whether a choice of allowed licences satisfies one.

/// Whether the expression can be satisfied with what `allowed` accepts. The old
/// crates.io form `A/B` means `A OR B`. An expression that cannot be read satisfies nothing.
pub(crate) fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut reader = Reader { words: spaced.split_whitespace().collect(), at: 0, allowed };
    reader.either().is_some_and(|fine| fine && reader.at == reader.words.len())
}

struct Reader<'a> {
    words: Vec<&'a str>,
    at: usize,
    allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at).copied();
        self.at += 1;
        word
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.get(self.at).is_some_and(|next| next.eq_ignore_ascii_case(word));
        self.at += usize::from(there);
        there
    }

    fn either(&mut self) -> Option<bool> {
        let mut fine = self.both()?;
        while self.take("OR") {
            fine |= self.both()?;
        }
        Some(fine)
    }

    fn both(&mut self) -> Option<bool> {
        let mut fine = self.one()?;
        while self.take("AND") {
            fine &= self.one()?;
        }
        Some(fine)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let fine = self.either()?;
            return self.take(")").then_some(fine);
        }
        let licence = self.next()?;
        if [")", "AND", "OR", "WITH"].contains(&licence) {
            return None;
        }
        let whole = if self.take("WITH") {
            format!("{licence} WITH {}", self.next()?)
        } else {
            licence.to_owned()
        };
        Some((self.allowed)(&whole))
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(expression: &str, expected: bool) {
        let allowed =
            |licence: &str| ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].contains(&licence);
        assert_eq!(super::satisfied(expression, &allowed), expected, "{expression}");
    }

    #[test]
    fn expressions_are_satisfied_by_what_is_allowed() {
        check("MIT", true);
        check("GPL-3.0", false);
        check("GPL-3.0 OR MIT", true);
        check("GPL-3.0/MIT", true);
        check("MIT AND GPL-3.0", false);
        check("(MIT OR Apache-2.0) AND Zlib", true);
        check("MIT OR GPL-3.0 AND BSD-3-Clause", true);
        check("Apache-2.0", false);
        check("Apache-2.0 WITH LLVM-exception", true);
        check("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true);
    }

    #[test]
    fn an_unreadable_expression_is_refused() {
        for broken in ["", "MIT OR", "(MIT", "MIT MIT", "MIT)", "AND", "MIT WITH"] {
            check(broken, false);
        }
    }
}
