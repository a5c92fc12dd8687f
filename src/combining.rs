//! Letters and the marks behind them.

use unicode_normalization::UnicodeNormalization;

/// A combining mark of the letters of Europe and Vietnam.
pub(crate) fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// A letter and a mark behind it as one character, if there is one. The letter may have another mark already, which
/// stands behind this one in the order of Unicode (UAX #15): `ê` with a dot below is `ệ`.
pub(crate) fn with_mark(letter: char, mark: char) -> Option<char> {
    let mut whole = is_mark(mark).then(|| [letter, mark].into_iter().nfc())?;
    whole.next().filter(|_| whole.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_may_have_a_mark_already() {
        for (letter, mark, whole) in [
            ('e', '\u{301}', Some('é')),
            ('ê', '\u{323}', Some('ệ')),
            ('ơ', '\u{309}', Some('ở')),
            ('Ă', '\u{303}', Some('Ẵ')),
            ('q', '\u{323}', None),
            ('e', 'x', None),
        ] {
            assert_eq!(with_mark(letter, mark), whole, "{letter}");
        }
    }
}
