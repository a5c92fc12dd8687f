//! Rich Text Format, as its specification 1.9.1 has it and as programs write it.
//!
//! `\'xx` and bytes above 7F stay bytes, together with the ASCII around them: an ASCII character may be the second byte of
//! one of two. What a document says of their encoding is said by the font that they are in, or by the document.

mod fonts;
mod objects;
mod reader;
mod stories;
mod token;
mod words;

use self::reader::Reader;
use self::token::{Token, Tokens, Trails};
use super::{Content, SNIFFED_BYTES};

/// Bytes of white space, byte order marks and zeros before the beginning that are passed over.
const LEADING_BYTES: usize = 64;

/// Whether a file that begins so is an RTF, or what is left of one that has lost its beginning.
pub(super) fn is_rtf(head: &[u8]) -> bool {
    let leading = head.iter().take(LEADING_BYTES).take_while(|b| is_leading(**b)).count();
    head[leading..].starts_with(b"{\\rtf") || is_headless(head)
}

fn is_leading(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, 0 | 0xEF | 0xBB | 0xBF)
}

/// Whether so many control words stand here that no other text has that it must be the middle of an RTF.
fn is_headless(head: &[u8]) -> bool {
    const TELLING: usize = 8;
    const DIFFERENT: usize = 4;
    /// Bytes for each control: in text about RTF they are rare.
    const SPARSE: usize = 32;
    let head = &head[..head.len().min(SNIFFED_BYTES)];
    if head.contains(&0) || memchr::memmem::find(head, b"\\pard").is_none() {
        return false;
    }
    let mut tokens = Tokens::new(head, Trails::Escaped);
    let (mut telling, mut different, mut known, mut unknown) = (0, Vec::new(), 0, 0);
    while let Some(token) = tokens.next(|_| false) {
        match token {
            Token::Word { name, .. } if words::is_telling(name) => {
                telling += 1;
                if !different.contains(&name) {
                    different.push(name);
                }
            }
            Token::Word { name, .. } if words::meaning(name).is_some() => known += 1,
            // Programs that make RTF escape their backslashes.
            Token::Word { .. } | Token::Byte(b'\\') => unknown += 1,
            Token::Byte(_) => known += 1,
            _ => {}
        }
    }
    let all = telling + known + unknown;
    telling >= TELLING && different.len() >= DIFFERENT && unknown <= all / 2 && all * SPARSE >= head.len()
}

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Content {
    let strict = Reader::new(bytes, Trails::Escaped).read();
    if strict.ends_well() && !strict.saw_raw_trail() || !has_raw_trails(bytes) {
        return strict.into_content();
    }
    // Programs that know nothing of double bytes leave second bytes as they are. The braces tell which it was.
    let raw = Reader::new(bytes, Trails::Raw).read();
    let is_odd = strict.saw_raw_trail() || strict.ended_early();
    let is_raw = raw.ends_well() || !strict.ends_well() && is_odd && !raw.ended_early();
    if is_raw { raw.into_content() } else { strict.into_content() }
}

/// Whether a byte above 7F stands before one that RTF has a use for.
fn has_raw_trails(bytes: &[u8]) -> bool {
    memchr::memchr3_iter(b'\\', b'{', b'}', bytes).any(|at| at > 0 && !bytes[at - 1].is_ascii())
}
