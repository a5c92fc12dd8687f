//! Writing text in one encoding and reading the bytes in another.

use encoding_rs::{GB18030, GBK, UTF_8, WINDOWS_1252};

/// The encoding that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// GBK without GB18030's four-byte forms.
    Gbk,
    /// GB18030.
    Gb18030,
    /// UTF-8.
    Utf8,
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
        }
    }

    /// `None` where the encoding lacks a character.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        let (bytes, _, unmappable) = match self {
            Self::Gbk => GBK.encode(text),
            Self::Gb18030 => GB18030.encode(text),
            Self::Utf8 => UTF_8.encode(text),
        };
        // encoding_rs writes the euro sign in GBK as the single byte 80; programs other than browsers don't.
        let odd = self == Self::Gbk && text.contains('€');
        (!unmappable && !odd).then(|| bytes.into_owned())
    }
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
