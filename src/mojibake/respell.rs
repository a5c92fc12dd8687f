//! Characters that were taken apart after they had been read: `Ã` as `A` and a combining tilde (NFD), `¼` as `1⁄4` and
//! `â€™` as `â€TM` (NFKC). Put together again, they are what the reader gave.
//!
//! Source of the forms: Unicode Standard Annex #15.

use std::ops::Range;

use unicode_normalization::char::compose;

use super::escape::Spelling;
use super::marks::{Marks, SLASH};
use crate::combining::{is_mark, with_mark};
use crate::encoding::pages_of;

/// Signs that NFKC takes apart, as it leaves them, and what they were: those of ISO-8859-1 and windows-1252.
const TAKEN_APART: [(&str, char); 9] = [
    ("1\u{2044}4", '¼'),
    ("1\u{2044}2", '½'),
    ("3\u{2044}4", '¾'),
    (" \u{308}", '¨'),
    (" \u{304}", '¯'),
    (" \u{301}", '´'),
    (" \u{327}", '¸'),
    (" \u{303}", '˜'),
    ("...", '…'),
];

/// What NFKC makes of an apostrophe that was read as windows-1252, and the last character of that.
const APOSTROPHE: (&str, char) = ("â€TM", '™');
/// What NFKC makes of that last one.
const LAST: &str = "TM";

/// Most plain characters between two that are put together in one run.
const GAP: usize = 200;

/// A stretch of text with characters put together.
pub(super) struct Respelled {
    /// Bytes of the text.
    pub(super) span: Range<usize>,
    /// The stretch, put together.
    pub(super) text: String,
    /// What stood for each.
    pub(super) spellings: Vec<Spelling>,
}

/// The stretches in which something can be put together that a single-byte reader gives, in order; `strange` is where the
/// text stops being clean.
pub(super) fn find(text: &str, marks: &Marks, strange: usize) -> Vec<Respelled> {
    let mut found: Vec<Respelled> = Vec::new();
    for offset in places(text, marks, strange) {
        let from = found.last().map_or(0, |last| last.span.end);
        let Some((span, becomes)) = form(text, offset, from) else { continue };
        match found.last_mut() {
            Some(last) if span.start - last.span.end <= GAP => extend(last, text, span, becomes),
            _ => {
                let mut new =
                    Respelled { span: span.start..span.start, text: String::new(), spellings: Vec::new() };
                extend(&mut new, text, span, becomes);
                found.push(new);
            }
        }
    }
    widen(&mut found, text);
    found
}

/// How the letters of a text that have marks beside them are spelled as one with them.
pub(super) fn of_marks(text: &str) -> Vec<Spelling> {
    let chars: Vec<char> = text.chars().collect();
    let pairs = chars.windows(2).enumerate();
    pairs
        .filter_map(|(at, pair)| {
            let becomes = Some(with_mark(pair[0], pair[1])?);
            Some(Spelling { at, source: pair.iter().collect(), becomes })
        })
        .collect()
}

/// Where the combining marks, the fraction slashes and the ends of apostrophes stand, in order.
fn places(text: &str, first: &Marks, strange: usize) -> impl Iterator<Item = usize> {
    let &Marks { combining, slash, .. } = first;
    // The marks begin with CC or CD in UTF-8, which never stand elsewhere in a character.
    let marks = memchr::memchr2_iter(0xcc, 0xcd, &text.as_bytes()[combining..]);
    let mut marks =
        marks.map(move |at| combining + at).filter(|&at| text[at..].starts_with(is_mark)).peekable();
    let slashes = memchr::memmem::find_iter(&text.as_bytes()[slash..], SLASH);
    let mut slashes = slashes.map(move |at| slash + at).peekable();
    let ends = memchr::memmem::find_iter(&text.as_bytes()[strange..], APOSTROPHE.0);
    let mut ends = ends.map(move |at| strange + at + APOSTROPHE.0.len() - LAST.len()).peekable();
    std::iter::from_fn(move || {
        let next = [marks.peek(), slashes.peek(), ends.peek()].into_iter().flatten().min().copied();
        marks.next_if_eq(&next?).or_else(|| slashes.next_if_eq(&next?)).or_else(|| ends.next())
    })
}

/// The form around the mark or slash at `offset`, which may begin at `from`.
fn form(text: &str, offset: usize, from: usize) -> Option<(Range<usize>, char)> {
    let before = text[from..offset].chars().next_back()?;
    let start = offset - before.len_utf8();
    let mark = text[offset..].chars().next()?;
    if mark.is_ascii() {
        return Some((offset..offset + LAST.len(), APOSTROPHE.1));
    }
    for (apart, whole) in TAKEN_APART {
        if text[start..].starts_with(apart) {
            return Some((start..start + apart.len(), whole));
        }
    }
    let whole = compose(before, mark).filter(|&c| pages_of(c) != 0)?;
    Some((start..offset + mark.len_utf8(), whole))
}

fn extend(run: &mut Respelled, text: &str, span: Range<usize>, becomes: char) {
    run.text.push_str(&text[run.span.end..span.start]);
    run.text.push(becomes);
    run.span.end = span.end;
    // Places are counted when the run is complete.
    run.spellings.push(Spelling { at: span.start, source: text[span].to_owned(), becomes: Some(becomes) });
}

/// Takes in the rest of the lines, which the repair looks at together with what was put together; counts the places.
fn widen(found: &mut [Respelled], text: &str) {
    let mut from = 0;
    for number in 0..found.len() {
        let until = found.get(number + 1).map_or(text.len(), |next| next.span.start);
        let run = &mut found[number];
        let start = text[from..run.span.start].rfind('\n').map_or(from, |at| from + at + 1);
        let end = text[run.span.end..until].find('\n').map_or(until, |at| run.span.end + at);
        run.text = format!("{}{}{}", &text[start..run.span.start], run.text, &text[run.span.end..end]);
        run.span = start..end;
        let (mut chars, mut at) = (0, start);
        for spelling in &mut run.spellings {
            chars += text[at..spelling.at].chars().count();
            at = spelling.at;
            spelling.at = chars;
        }
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mojibake::escape;

    #[test]
    fn what_was_taken_apart_is_put_together() {
        for (apart, whole) in [
            ("x A\u{303}©t A\u{303}©", "x Ã©t Ã©"),
            ("A\u{303}1\u{2044}4", "Ã¼"),
            ("a\nA\u{303} \u{308}\nb", "a\nÃ¨\nb"),
            ("donâ€TMt, A\u{303}1\u{2044}4, itâ€TMs", "donâ€™t, Ã¼, itâ€™s"),
        ] {
            let found = find(apart, &Marks::of(apart), 0);
            let mut text = apart.to_owned();
            for run in found.iter().rev() {
                let chars: Vec<char> = apart[run.span.clone()].chars().collect();
                let put = escape::unescape(&run.spellings, &chars).unwrap();
                assert_eq!(put.iter().collect::<String>(), run.text);
                assert_eq!(escape::escape(&run.spellings, &put).unwrap(), chars);
                text.replace_range(run.span.clone(), &run.text);
            }
            assert_eq!(text, whole);
        }
    }

    #[test]
    fn marks_that_no_code_page_has_stay() {
        for text in ["", "plain", "ẹ\u{300}", "q\u{303}", "\u{303}", "日本\u{300}", "TM", "a €T"] {
            assert!(find(text, &Marks::of(text), 0).is_empty(), "{text:?}");
        }
    }
}
