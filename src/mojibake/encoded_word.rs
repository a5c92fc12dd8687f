//! The encoded words of mail (`=?gb2312?B?1tDOxA==?=`) where a program shows them instead of what they say. The word
//! states its encoding, so there is nothing to guess.
//!
//! In the header of a mail they are as they should be, and stay; so do those in quotes, which are code.
//!
//! Source: RFC 2047.

use std::ops::Range;

use crate::encoding::{Encoding, Reader};

use super::cipher::unpacked;
use super::escape::Spelling;
use super::plan::{Plan, Step};
use super::{Change, Score};

/// Bytes of a word; the standard allows 75.
const LONGEST: usize = 1024;
/// Words that are read together, at most.
const MOST_WORDS: usize = 64;
/// Bytes of lines that are looked at for the header of a mail.
const HEADER: usize = 1024;
/// How sure a word is that says what it is in.
const SURE: f64 = 0.9999;

/// A word in the text.
struct Word<'t> {
    span: Range<usize>,
    /// White space before it that parts it from the word before, and means nothing.
    gap: Range<usize>,
    encoding: Encoding,
    is_base64: bool,
    body: &'t str,
}

/// The end of the words that begin at `at`, and the changes to what they say. `None` if no word begins there.
pub(super) fn changes(text: &str, at: usize) -> Option<(usize, Vec<Change>)> {
    let mut words = vec![word(text, at)?];
    while words.len() < MOST_WORDS
        && let Some(last) = words.last()
        && let end = last.span.end
        && let length = text[end..].bytes().take_while(u8::is_ascii_whitespace).count()
        && length > 0
        && let Some(mut next) = word(text, end + length)
        && next.encoding == last.encoding
    {
        next.gap = end..end + length;
        words.push(next);
    }
    let end = words.last().map_or(at, |last| last.span.end);
    if is_quoted(text, at..end) || is_in_header(text, at) {
        return Some((end, Vec::new()));
    }
    // A character may be cut by the end of a word; but ISO-2022-JP begins anew in each.
    let joined = change(text, &words).map(|change| vec![change]);
    let each = || words.chunks(1).map(|word| change(text, word)).collect::<Option<Vec<_>>>();
    Some((end, joined.or_else(each).unwrap_or_default()))
}

fn word(text: &str, at: usize) -> Option<Word<'_>> {
    let limit = text.floor_char_boundary(at + LONGEST);
    let inner = text.get(at..limit)?.strip_prefix("=?")?;
    let (charset, rest) = inner.split_once('?')?;
    let (kind, rest) = rest.split_once('?')?;
    let (body, _) = rest.split_once("?=")?;
    let is_fine = |c: char| c.is_ascii_graphic() && c != '?';
    if body.is_empty() || !body.chars().all(is_fine) || !charset.chars().all(is_fine) {
        return None;
    }
    let is_base64 = match kind {
        "B" | "b" => true,
        "Q" | "q" => false,
        _ => return None,
    };
    // RFC 2231 allows a language after the charset.
    let label = charset.split('*').next()?;
    let name = encoding_rs::Encoding::for_label(label.as_bytes()).map(encoding_rs::Encoding::name);
    let encoding = Encoding::from_label(name.unwrap_or(label))?;
    let end = at + 2 + charset.len() + 1 + kind.len() + 1 + body.len() + 2;
    Some(Word { span: at..end, gap: at..at, encoding, is_base64, body })
}

fn change(text: &str, words: &[Word<'_>]) -> Option<Change> {
    let (first, last) = (words.first()?, words.last()?);
    let span = first.gap.start..last.span.end;
    let mut spellings = Vec::new();
    for word in words {
        spell(text, word, span.start, &mut spellings)?;
    }
    let before = text[span.clone()].to_owned();
    let steps = vec![Step::Respell(spellings), Step::Encode(Reader::LATIN_1), Step::Decode(first.encoding)];
    let plan = Plan::new(steps);
    let after = plan.apply(&before)?;
    if after.contains(char::is_control) || plan.invert(&after).as_ref() != Some(&before) {
        return None;
    }
    Some(Change {
        span,
        before,
        after,
        plan,
        guessed: Vec::new(),
        confidence: SURE,
        alternatives: Vec::new(),
        score: Score { as_it_stands: 0.0, repaired: 0.0, channel: 0.0 },
    })
}

/// How the bytes of a word are spelled, each as the character of its number.
fn spell(text: &str, word: &Word<'_>, origin: usize, spellings: &mut Vec<Spelling>) -> Option<()> {
    // A word is ASCII, so bytes are characters.
    let mut put = |span: Range<usize>, becomes: Option<char>| {
        let source = text[span.clone()].to_owned();
        spellings.push(Spelling { at: span.start - origin, source, becomes });
    };
    let end = word.span.end - 2;
    let start = end - word.body.len();
    put(word.gap.start..start, None);
    let mut at = start;
    if word.is_base64 {
        for group in word.body.as_bytes().chunks(4) {
            let digits = group.split(|&byte| byte == b'=').next()?;
            let mut place = at..at + group.len();
            for byte in unpacked(digits)? {
                put(place.clone(), Some(char::from(byte)));
                // A group stands for up to three bytes: the first has its source, the others have none.
                place.start = place.end;
            }
            if place.start == at {
                return None;
            }
            at = place.end;
        }
    } else {
        while at < end {
            let byte = text.as_bytes()[at];
            let length = if byte == b'=' { 3 } else { 1 };
            match byte {
                b'=' => {
                    let value = u8::from_str_radix(text.get(at + 1..(at + 3).min(end))?, 16).ok()?;
                    put(at..at + length, Some(char::from(value)));
                }
                b'_' => put(at..at + length, Some(' ')),
                _ => {}
            }
            at += length;
        }
    }
    put(end..word.span.end, None);
    Some(())
}

/// Whether the words begin or end a string of code; before an address the quotes are the mail program's.
fn is_quoted(text: &str, span: Range<usize>) -> bool {
    let before = text[..span.start].chars().next_back();
    let mut after = text[span.end..].chars();
    let quote = after.next();
    let is_quote = |c: char| matches!(c, '"' | '\'' | '`');
    if before == Some('"') && quote == before && after.as_str().starts_with(" <") {
        return false;
    }
    before.is_some_and(is_quote) || quote.is_some_and(is_quote)
}

/// Whether a place lies in the header of a mail: in a line that begins with the name of a field, beside another one.
fn is_in_header(text: &str, at: usize) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(HEADER));
    let mut lines = text[from..at].rsplit('\n');
    // The rest of a long field stands in lines that begin with a space.
    let mut is_open = true;
    let mut fields = 0;
    for line in lines.by_ref() {
        if is_open || fields == 0 && line.starts_with([' ', '\t']) {
            is_open = line.starts_with([' ', '\t']);
            if is_open {
                continue;
            }
        }
        if !is_field(line) {
            break;
        }
        fields += 1;
        if fields == 2 {
            return true;
        }
    }
    if fields == 0 {
        return false;
    }
    let until = text.ceil_char_boundary(text.len().min(at + HEADER));
    text[at..until].split('\n').skip(1).find(|line| !line.starts_with([' ', '\t'])).is_some_and(is_field)
}

fn is_field(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    name.len() < line.len()
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    /// The repaired text; each plan is replayed and inverted on the way.
    fn repaired(text: &str) -> String {
        let repair = crate::repair(text);
        for change in repair.changes() {
            assert_eq!(text[change.span.clone()], change.before);
            assert_eq!(change.plan.apply(&change.before).as_ref(), Some(&change.after));
            assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
            assert!(change.is_lossless());
        }
        repair.into_text().into_owned()
    }

    #[test]
    fn words_say_what_they_say() {
        for (text, truth) in [
            ("=?gb2312?B?1tDOxA==?=", "中文"),
            ("Re: =?GB2312?b?1tDOxA==?= (2)", "Re: 中文 (2)"),
            ("=?utf-8?Q?Caf=C3=A9_cr=C3=A8me?= now", "Café crème now"),
            ("=?ISO-8859-1*fr?Q?d=E9j=E0?=", "déjà"),
            ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
            ("=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
            ("=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=\n =?iso-2022-jp?B?GyRCJEskQSRPGyhC?=", "こんにちは"),
            // A character is cut between the words.
            ("=?utf-8?B?5Lit5g==?= =?utf-8?B?loc=?=", "中文"),
            ("From: \"=?gb2312?B?1tDOxA==?=\" <a@b.example>", "From: \"中文\" <a@b.example>"),
        ] {
            assert_eq!(repaired(text), truth, "{text}");
        }
    }

    #[test]
    fn what_is_as_it_should_be_stays() {
        for text in [
            "From: a@b.example\nSubject: =?gb2312?B?1tDOxA==?=\n\nbody",
            "Subject: =?utf-8?B?5Lit?=\n =?utf-8?B?5paH?=\nTo: a@b.example\n\nbody",
            "let word = \"=?gb2312?B?1tDOxA==?=\";",
            "test_grep \"^From: =?UTF-8?q?=C3=81=C3=A9?=\" out",
            "An encoded word looks like =?charset?B?data?= in RFC 2047.",
            "=?utf-8?Q?=ZZ?= =?utf-8?B?!!?= =?utf-8?B?====?= =?utf-8??x?= =?=?=?",
            "=?utf-8?B?/w==?=",
            "a=?b?q?c?=d",
            "x =? y ?= z",
        ] {
            assert_eq!(repaired(text), text);
        }
    }
}
