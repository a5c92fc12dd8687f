//! The true encodings as automata: fed byte by byte, they yield characters.

use std::fmt;
use std::sync::OnceLock;

/// What the bytes really were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Written {
    /// UTF-8.
    Utf8,
    /// GBK: the two-byte forms of GB18030.
    Gbk,
    /// GB18030: two- and four-byte forms.
    Gb18030,
}

/// Bytes of a character that is not complete yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub(crate) struct Pending {
    bytes: [u8; 3],
    length: u8,
}

/// What an automaton makes of a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fed {
    /// The character needs more bytes.
    More(Pending),
    /// A character is complete.
    Char(char),
    /// No character goes on like this.
    Malformed,
}

impl Pending {
    /// No bytes wait.
    pub(crate) const NONE: Self = Self { bytes: [0; 3], length: 0 };

    pub(crate) fn len(self) -> usize {
        usize::from(self.length)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.length == 0
    }

    fn and(mut self, byte: u8) -> Fed {
        self.bytes[self.len()] = byte;
        self.length += 1;
        Fed::More(self)
    }
}

impl Written {
    /// The label used in reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gbk => "gbk",
            Self::Gb18030 => "gb18030",
        }
    }

    /// Feeds one byte after those that wait.
    #[inline]
    pub(crate) fn feed(self, pending: Pending, byte: u8) -> Fed {
        match self {
            Self::Utf8 => feed_utf8(pending, byte),
            Self::Gbk => feed_gb18030(pending, byte, false),
            Self::Gb18030 => feed_gb18030(pending, byte, true),
        }
    }

    /// Decodes bytes, all of them or nothing.
    pub fn decode(self, bytes: &[u8]) -> Option<String> {
        if self == Self::Utf8 {
            return std::str::from_utf8(bytes).ok().map(str::to_owned);
        }
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
        let mut pending = Pending::NONE;
        let mut rest = bytes;
        while let [byte, tail @ ..] = rest {
            // Pairs, which are nearly all, without the detour of a waiting byte.
            if let [lead @ 0x81..=0xfe, trail @ (0x40..=0x7e | 0x80..=0xfe), tail @ ..] = rest
                && pending.is_empty()
            {
                text.push(two_byte_char(*lead, *trail)?);
                rest = tail;
                continue;
            }
            rest = tail;
            match self.feed(pending, *byte) {
                Fed::More(more) => pending = more,
                Fed::Char(c) => {
                    text.push(c);
                    pending = Pending::NONE;
                }
                Fed::Malformed => return None,
            }
        }
        pending.is_empty().then_some(text)
    }

    /// Encodes text, all of it or nothing.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        if self == Self::Utf8 {
            return Some(text.as_bytes().to_vec());
        }
        let mut bytes = Vec::with_capacity(text.len());
        for c in text.chars() {
            if c.is_ascii() {
                bytes.push(c as u8);
            } else if let Some(pair) = two_bytes_of(c) {
                bytes.extend(pair);
            } else if self == Self::Gb18030 {
                let mut buffer = [0; 4];
                let (form, ..) = encoding_rs::GB18030.encode(c.encode_utf8(&mut buffer));
                // GB18030-2022 encodes some private characters as what it no longer decodes to them.
                self.decode(&form).filter(|decoded| decoded.chars().eq([c]))?;
                bytes.extend_from_slice(&form);
            } else {
                return None;
            }
        }
        Some(bytes)
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
fn feed_utf8(pending: Pending, byte: u8) -> Fed {
    let lead = pending.bytes[0];
    let allowed = match (pending.length, lead) {
        (0, _) => {
            return match byte {
                0..=0x7f => Fed::Char(char::from(byte)),
                0xc2..=0xf4 => pending.and(byte),
                _ => Fed::Malformed,
            };
        }
        (1, 0xe0) => 0xa0..=0xbf,
        (1, 0xed) => 0x80..=0x9f,
        (1, 0xf0) => 0x90..=0xbf,
        (1, 0xf4) => 0x80..=0x8f,
        _ => 0x80..=0xbf,
    };
    if !allowed.contains(&byte) {
        return Fed::Malformed;
    }
    let needed = match lead {
        ..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    if pending.len() + 1 < needed {
        return pending.and(byte);
    }
    let [first, rest @ ..] = pending.bytes;
    let mut scalar = u32::from(first) & (0x7f >> needed);
    for &trail in rest.iter().take(needed - 2).chain([&byte]) {
        scalar = scalar << 6 | u32::from(trail & 0x3f);
    }
    char::from_u32(scalar).map_or(Fed::Malformed, Fed::Char)
}

const TRAILS: usize = 190;

fn feed_gb18030(pending: Pending, byte: u8, four_bytes: bool) -> Fed {
    match (pending.length, byte) {
        (0, 0..=0x7f) => Fed::Char(char::from(byte)),
        (0, 0x81..=0xfe) => pending.and(byte),
        (1, 0x40..=0x7e | 0x80..=0xfe) => {
            two_byte_char(pending.bytes[0], byte).map_or(Fed::Malformed, Fed::Char)
        }
        (1 | 3, 0x30..=0x39) | (2, 0x81..=0xfe) if four_bytes => {
            if pending.length < 3 {
                return pending.and(byte);
            }
            let [a, b, c] = pending.bytes;
            let bytes = [a, b, c, byte];
            let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes);
            text.and_then(|t| t.chars().next()).map_or(Fed::Malformed, Fed::Char)
        }
        _ => Fed::Malformed,
    }
}

/// The character of a lead byte from 81 on and a trail byte from 40 on.
#[inline]
fn two_byte_char(lead: u8, trail: u8) -> Option<char> {
    let trail = usize::from(trail) - if trail < 0x7f { 0x40 } else { 0x41 };
    let c = *two_byte_table().get(usize::from(lead - 0x81) * TRAILS + trail)?;
    char::from_u32(u32::from(c)).filter(|&c| c != '\0')
}

/// The two-byte forms by lead and trail, all of them in the Basic Multilingual Plane; 0 for none.
fn two_byte_table() -> &'static [u16] {
    static TABLE: OnceLock<Vec<u16>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let trails = (0x40..=0x7e).chain(0x80..=0xfe);
        let pairs = (0x81..=0xfeu8).flat_map(|lead| trails.clone().map(move |trail: u8| [lead, trail]));
        pairs
            .map(|pair| {
                let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&pair);
                text.and_then(|t| t.chars().next()).map_or(0, |c| c as u16)
            })
            .collect()
    })
}

/// The two-byte form of a character; of several the one that the decoder's table has first.
fn two_bytes_of(c: char) -> Option<[u8; 2]> {
    static TABLE: OnceLock<Vec<[u8; 2]>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = vec![[0; 2]; 0x1_0000];
        for (at, &c) in two_byte_table().iter().enumerate().rev() {
            let trail = (at % TRAILS) as u8;
            let pair = [(at / TRAILS) as u8 + 0x81, trail + if trail < 0x3f { 0x40 } else { 0x41 }];
            table[usize::from(c)] = pair;
        }
        table
    });
    table.get(c as usize).copied().filter(|pair| pair[0] != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_automaton_agrees_with_the_standard_library() {
        for c in ('\0'..=char::MAX).step_by(7) {
            let mut buffer = [0; 4];
            let bytes = c.encode_utf8(&mut buffer).as_bytes().to_vec();
            assert_eq!(Written::Utf8.decode(&bytes).as_deref(), Some(c.to_string().as_str()));
        }
        for bad in [&[0xc0, 0x80][..], &[0xed, 0xa0, 0x80], &[0xf4, 0x90, 0x80, 0x80], &[0xe4, 0xbd], &[0x80]]
        {
            assert_eq!(Written::Utf8.decode(bad), None);
        }
    }

    #[test]
    fn gb18030_automaton_agrees_with_encoding_rs_on_every_pair() {
        for lead in 0x80..=0xffu8 {
            for trail in 0..=0xffu8 {
                let bytes = [lead, trail];
                let theirs = encoding_rs::GB18030
                    .decode_without_bom_handling_and_without_replacement(&bytes)
                    .filter(|_| lead != 0x80);
                assert_eq!(Written::Gb18030.decode(&bytes).as_deref(), theirs.as_deref(), "{bytes:02X?}");
            }
        }
    }

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        for c in ('\0'..='\u{2ffff}').filter(|&c| c != '\u{e5e5}') {
            let text = c.to_string();
            for written in [Written::Utf8, Written::Gbk, Written::Gb18030] {
                if let Some(bytes) = written.encode(&text) {
                    assert_eq!(
                        written.decode(&bytes),
                        Some(text.clone()),
                        "{written} U+{:04X}",
                        u32::from(c)
                    );
                }
            }
        }
    }

    #[test]
    fn four_byte_forms_are_gb18030_alone() {
        let bytes = Written::Gb18030.encode("㛃").unwrap();
        assert_eq!(bytes.len(), 4);
        assert_eq!(Written::Gb18030.decode(&bytes).as_deref(), Some("㛃"));
        assert_eq!(Written::Gbk.decode(&bytes), None);
    }
}
