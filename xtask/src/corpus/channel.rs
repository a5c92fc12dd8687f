//! Writing text in one encoding and reading the bytes in another.

use encoding_rs::{GB18030, GBK, ISO_2022_JP, UTF_8, WINDOWS_1252};

/// The encoding that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// GBK without GB18030's four-byte forms.
    Gbk,
    /// GB18030.
    Gb18030,
    /// UTF-8.
    Utf8,
    /// UTF-8 of the halves of UTF-16.
    Cesu8,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// ISO-2022-JP.
    Iso2022Jp,
    /// HZ.
    Hz,
}

/// Who read the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// ISO-8859-1: every byte is the character of that number.
    Latin1,
    /// windows-1252 as WHATWG reads it: 81 8D 8F 90 9D become controls.
    Windows1252,
    /// windows-1252 as Java reads it: 81 8D 8F 90 9D become U+FFFD.
    JavaWindows1252,
    /// UTF-8 where the bytes allow it, ISO-8859-1 where they don't.
    Utf8ElseLatin1,
    /// UTF-8 with U+FFFD for what is none.
    Utf8Replacing,
}

/// The bytes that Java's windows-1252 has no character for.
const UNMAPPED: [char; 5] = ['\u{81}', '\u{8d}', '\u{8f}', '\u{90}', '\u{9d}'];

impl Written {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gbk => "gbk",
            Self::Gb18030 => "gb18030",
            Self::Utf8 => "utf-8",
            Self::Cesu8 => "cesu-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Iso2022Jp => "iso-2022-jp",
            Self::Hz => "hz-gb-2312",
        }
    }

    /// `None` where the encoding lacks a character.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        let (bytes, _, unmappable) = match self {
            Self::Gbk => GBK.encode(text),
            Self::Gb18030 => GB18030.encode(text),
            Self::Utf8 => UTF_8.encode(text),
            Self::Iso2022Jp => ISO_2022_JP.encode(text),
            Self::Cesu8 => return Some(text.chars().flat_map(halves).collect()),
            Self::Utf16Le => return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Utf16Be => return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Self::Hz => return hz(text),
        };
        // encoding_rs writes the euro sign in GBK as the single byte 80; programs other than browsers don't.
        let odd = self == Self::Gbk && text.contains('€');
        (!unmappable && !odd).then(|| bytes.into_owned())
    }
}

/// A character in CESU-8: each half of UTF-16 as three bytes.
fn halves(c: char) -> Vec<u8> {
    if c <= '\u{ffff}' {
        return c.to_string().into_bytes();
    }
    let units = c.encode_utf16(&mut [0; 2]).to_vec();
    let low = |bits: u16| 0x80 | (bits & 0x3f) as u8;
    units.into_iter().flat_map(|unit| [0xe0 | (unit >> 12) as u8, low(unit >> 6), low(unit)]).collect()
}

/// Runs of GB 2312 between `~{` and `~}` (RFC 1843). `None` where it lacks a character.
fn hz(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    for run in chars.chunk_by(|a, b| a.is_ascii() == b.is_ascii()) {
        let run: String = run.iter().collect();
        if run.is_ascii() {
            bytes.extend(run.replace('~', "~~").into_bytes());
            continue;
        }
        let (pairs, _, unmappable) = GBK.encode(&run);
        if unmappable || pairs.iter().any(|&byte| byte < 0xa1) || pairs.chunks(2).any(|pair| pair[0] > 0xf7) {
            return None;
        }
        bytes.extend_from_slice(b"~{");
        bytes.extend(pairs.iter().map(|byte| byte & 0x7f));
        bytes.extend_from_slice(b"~}");
    }
    Some(bytes)
}

impl Reader {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Latin1 => "iso-8859-1",
            Self::Windows1252 => "windows-1252",
            Self::JavaWindows1252 => "windows-1252-java",
            Self::Utf8ElseLatin1 => "utf-8-else-iso-8859-1",
            Self::Utf8Replacing => "utf-8-replacing",
        }
    }

    pub(super) fn read(self, bytes: &[u8]) -> String {
        match self {
            Self::Latin1 => bytes.iter().map(|&byte| char::from(byte)).collect(),
            Self::Windows1252 => windows_1252(bytes),
            Self::JavaWindows1252 => windows_1252(bytes).replace(UNMAPPED, "\u{fffd}"),
            Self::Utf8Replacing => String::from_utf8_lossy(bytes).into_owned(),
            Self::Utf8ElseLatin1 => {
                let mut text = String::new();
                for chunk in bytes.utf8_chunks() {
                    text.push_str(chunk.valid());
                    text.extend(chunk.invalid().iter().map(|&byte| char::from(byte)));
                }
                text
            }
        }
    }

    /// The bytes of a text that this reader made, undone character by character. `None` where that cannot be.
    pub(super) fn unread(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Latin1 => text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect(),
            Self::Windows1252 | Self::JavaWindows1252 => {
                let (bytes, _, unmappable) = WINDOWS_1252.encode(text);
                (!unmappable).then(|| bytes.into_owned())
            }
            Self::Utf8Replacing => Some(text.as_bytes().to_vec()),
            Self::Utf8ElseLatin1 => {
                let mut bytes = Vec::new();
                for c in text.chars() {
                    match u8::try_from(u32::from(c)) {
                        Ok(byte) => bytes.push(byte),
                        Err(_) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    }
                }
                Some(bytes)
            }
        }
    }
}

/// One layer more: the text was written as UTF-8 and read as windows-1252.
pub(super) fn add_layer(text: &str) -> String {
    windows_1252(text.as_bytes())
}

fn windows_1252(bytes: &[u8]) -> String {
    WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}
