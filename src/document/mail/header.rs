//! Values of header fields: encoded words (RFC 2047) and parameters (RFC 2231), to bytes and what is said of them.

use super::transfer;
use crate::document::{Content, Declared, Declarer, Zone};
use crate::encoding::Encoding;

/// Where no end of an encoded word is found in so many bytes, there is none; the standard allows 75.
const LONGEST_WORD: usize = 4096;
/// Pieces of one parameter that are put together.
const MOST_PIECES: usize = 100;

/// Adds a value that begins at `offset` in the file: encoded words as their bytes, the rest as it stands.
pub(super) fn add(value: &[u8], zone: Zone, offset: u64, content: &mut Content) {
    let folded = value.trim_ascii_end();
    let start = folded.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let mut at = start;
    // White space between two encoded words is none.
    let mut is_after_word = false;
    while at < folded.len() {
        let next = memchr::memmem::find(&folded[at..], b"=?").map_or(folded.len(), |next| at + next);
        let plain = &folded[at..next];
        let word = word(&folded[next..]);
        let is_between = is_after_word && word.is_some() && plain.iter().all(u8::is_ascii_whitespace);
        if !is_between {
            add_plain(plain, zone, offset + at as u64, content);
        }
        at = next;
        match word {
            Some(Word { charset, bytes, length }) => {
                content.bytes(zone, None, &bytes, Declared::new(Declarer::Document, charset));
                at += length;
                is_after_word = true;
            }
            None if next < folded.len() => {
                add_plain(&folded[at..at + 2], zone, offset + at as u64, content);
                at += 2;
                is_after_word = false;
            }
            None => {}
        }
    }
}

/// Bytes that stand in a header as they are; a line that goes on is one.
fn add_plain(bytes: &[u8], zone: Zone, offset: u64, content: &mut Content) {
    let line: Vec<u8> = bytes.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    match std::str::from_utf8(&line) {
        Ok(text) if text.is_ascii() => content.unicode(zone, text),
        _ => content.bytes(zone, (line.len() == bytes.len()).then_some(offset), &line, Declared::NOTHING),
    }
}

struct Word {
    charset: Option<Encoding>,
    bytes: Vec<u8>,
    /// Bytes that it takes in the value.
    length: usize,
}

/// The encoded word that `text` begins with: `=?charset?B?…?=`, the charset with a language behind a `*`.
fn word(text: &[u8]) -> Option<Word> {
    let inner = text.strip_prefix(b"=?")?;
    let charset_length = inner.iter().take(64).position(|&b| b == b'?')?;
    let charset = inner[..charset_length].split(|&b| b == b'*').next()?;
    let [kind, b'?', rest @ ..] = &inner[charset_length + 1..] else { return None };
    let length = memchr::memmem::find(&rest[..rest.len().min(LONGEST_WORD)], b"?=")?;
    let encoded = &rest[..length];
    // Spaces in a word are against the rules and common; line ends are another word's.
    if encoded.contains(&b'\n') {
        return None;
    }
    let bytes = match kind {
        b'B' | b'b' => transfer::base64(encoded),
        b'Q' | b'q' => {
            let spaced: Vec<u8> = encoded.iter().map(|&b| if b == b'_' { b' ' } else { b }).collect();
            transfer::quoted_printable(&spaced)
        }
        _ => return None,
    };
    let charset = std::str::from_utf8(charset).ok().and_then(Encoding::for_name);
    Some(Word { charset, bytes, length: "=?".len() + charset_length + "?B?".len() + length + "?=".len() })
}

/// The bytes of a parameter: `name=value`, `name="value"`, `name*=charset'language'value` and such in numbered pieces.
pub(super) fn parameter(value: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut pieces: Vec<(usize, Vec<u8>)> = Vec::new();
    for (key, text) in Parameters(value) {
        let Some(rest) = key.strip_prefix(name.as_bytes()) else { continue };
        let is_encoded = rest.ends_with(b"*");
        let number = rest.strip_suffix(b"*").unwrap_or(rest).strip_prefix(b"*");
        let number = match (rest, number) {
            (b"" | b"*", _) => 0,
            (_, Some(number)) => std::str::from_utf8(number).ok()?.parse().ok()?,
            _ => continue,
        };
        let bytes = match is_encoded {
            true if number == 0 => transfer::percent(text.splitn(3, |&b| b == b'\'').last()?),
            true => transfer::percent(&text),
            false => words(&text),
        };
        if pieces.len() < MOST_PIECES {
            pieces.push((number, bytes));
        }
    }
    pieces.sort_by_key(|(number, _)| *number);
    // Where a name stands in both forms, one of them is enough.
    pieces.dedup_by_key(|(number, _)| *number);
    (!pieces.is_empty()).then(|| pieces.into_iter().flat_map(|(_, bytes)| bytes).collect())
}

/// Encoded words in a parameter are against the rules and common.
fn words(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        match word(rest) {
            Some(word) => {
                bytes.extend(word.bytes);
                rest = &rest[word.length..];
                let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
                if rest[blanks..].starts_with(b"=?") {
                    rest = &rest[blanks..];
                }
            }
            None => {
                bytes.push(rest[0]);
                rest = &rest[1..];
            }
        }
    }
    bytes
}

/// The parameters behind the first `;` of a value: name in small letters, value without its quotes.
struct Parameters<'v>(&'v [u8]);

impl Iterator for Parameters<'_> {
    type Item = (Vec<u8>, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.0.iter().position(|&b| b == b';')? + 1;
        let rest = self.0[start..].trim_ascii_start();
        let length = rest.iter().position(|&b| matches!(b, b'=' | b';')).unwrap_or(rest.len());
        let name = rest[..length].trim_ascii().to_ascii_lowercase();
        let Some(value) = rest[length..].strip_prefix(b"=") else {
            self.0 = &rest[length..];
            return Some((name, Vec::new()));
        };
        let value = value.trim_ascii_start();
        let Some(quoted) = value.strip_prefix(b"\"") else {
            let length = value.iter().position(|&b| b == b';').unwrap_or(value.len());
            self.0 = &value[length..];
            return Some((name, value[..length].trim_ascii().to_vec()));
        };
        let mut text = Vec::new();
        let mut bytes = quoted.iter().enumerate();
        let mut end = quoted.len();
        while let Some((at, &byte)) = bytes.next() {
            match byte {
                b'"' => {
                    end = at;
                    break;
                }
                // The trail byte of a character may look like an escape; only marks are escaped.
                b'\\' if matches!(quoted.get(at + 1), Some(b'"' | b'\\')) => {
                    text.extend(bytes.next().map(|(_, &byte)| byte));
                }
                b'\r' | b'\n' => {}
                _ => text.push(byte),
            }
        }
        self.0 = &quoted[end..];
        Some((name, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_in_many_forms() {
        let name = |value: &str| parameter(value.as_bytes(), "filename");
        assert_eq!(name("attachment; filename=a.txt; size=3"), Some(b"a.txt".to_vec()));
        assert_eq!(name("attachment; x; FileName=\"a\\\"b;c\"; y=1"), Some(b"a\"b;c".to_vec()));
        assert_eq!(
            name("attachment; filename*1*=%C8; filename*0*=gbk''%C4%EA%B6"),
            Some(b"\xC4\xEA\xB6\xC8".to_vec())
        );
        assert_eq!(
            name("attachment; filename=\"=?gbk?B?xOo=?= =?gbk?Q?=B6=C8?=.txt\""),
            Some(b"\xC4\xEA\xB6\xC8.txt".to_vec())
        );
        assert_eq!(name("attachment"), None);
    }
}
