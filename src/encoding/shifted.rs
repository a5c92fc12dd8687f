//! The encodings of seven bits, in which pairs of ASCII characters stand for others between two marks.
//!
//! Sources: RFC 1468 (ISO-2022-JP), RFC 1843 (HZ).

use super::pairs::Family;

/// One of the encodings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Shifted {
    Iso2022Jp,
    Hz,
}

impl Shifted {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Iso2022Jp => "iso-2022-jp",
            Self::Hz => "hz-gb-2312",
        }
    }

    /// Whether a byte outside of the marks is simply ASCII.
    pub(super) fn is_ascii(self, byte: u8) -> bool {
        match self {
            Self::Iso2022Jp => byte.is_ascii() && !matches!(byte, 0x0e | 0x0f | 0x1b),
            Self::Hz => byte.is_ascii() && byte != b'~',
        }
    }

    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Iso2022Jp => {
                let decoded =
                    encoding_rs::ISO_2022_JP.decode_without_bom_handling_and_without_replacement(bytes)?;
                Some(decoded.into_owned())
            }
            Self::Hz => decode_hz(bytes),
        }
    }

    /// The bytes of a text; what they decode to is the text.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Iso2022Jp => {
                let (bytes, _, unmappable) = encoding_rs::ISO_2022_JP.encode(text);
                // The encoder makes wide kana of narrow ones.
                (!unmappable && self.decode(&bytes)? == text).then(|| bytes.into_owned())
            }
            Self::Hz => encode_hz(text),
        }
    }
}

fn decode_hz(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut is_shifted = false;
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        match (is_shifted, first, tail) {
            (false, b'~', [b'~', after @ ..]) => {
                text.push('~');
                rest = after;
            }
            (false, b'~', [b'{', after @ ..]) | (true, b'~', [b'}', after @ ..]) => {
                is_shifted = !is_shifted;
                rest = after;
            }
            (false, b'~', [b'\n', after @ ..]) => rest = after,
            (false, 0..=0x7d | 0x7f, _) => {
                text.push(char::from(*first));
                rest = tail;
            }
            (true, 0x21..=0x77, [second @ 0x21..=0x7e, after @ ..]) => {
                text.push(Family::Gbk.pair(first | 0x80, second | 0x80)?);
                rest = after;
            }
            _ => return None,
        }
    }
    (!is_shifted).then_some(text)
}

fn encode_hz(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut is_shifted = false;
    for c in text.chars() {
        if c.is_ascii() == is_shifted {
            bytes.extend_from_slice(if is_shifted { b"~}" } else { b"~{" });
            is_shifted = !is_shifted;
        }
        match c {
            '~' => bytes.extend_from_slice(b"~~"),
            _ if c.is_ascii() => bytes.push(c as u8),
            _ => match Family::Gbk.bytes_of(c)?.as_slice() {
                [lead @ 0xa1..=0xf7, trail @ 0xa1..=0xfe] => bytes.extend([lead & 0x7f, trail & 0x7f]),
                _ => return None,
            },
        }
    }
    if is_shifted {
        bytes.extend_from_slice(b"~}");
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        for (encoding, text, bytes) in [
            (Shifted::Hz, "a ~中文 b", &b"a ~~~{VPND~} b"[..]),
            (Shifted::Iso2022Jp, "a こんにちは b", b"a \x1b$B$3$s$K$A$O\x1b(B b"),
        ] {
            assert_eq!(encoding.encode(text).as_deref(), Some(bytes), "{text}");
            assert_eq!(encoding.decode(bytes).as_deref(), Some(text));
        }
        assert_eq!(Shifted::Iso2022Jp.encode("ｺﾝﾆﾁﾊ"), None);
        assert_eq!(Shifted::Iso2022Jp.encode("한"), None);
        assert_eq!(Shifted::Hz.encode("鎔"), None, "GBK has it, GB 2312 has not");
    }

    #[test]
    fn malformed_hz_does_not_decode() {
        for bytes in [&b"~{VP"[..], b"~{VPN~}", b"~{V P~}", b"~a", b"~", b"~{VP~{", b"\x80"] {
            assert_eq!(Shifted::Hz.decode(bytes), None, "{}", bytes.escape_ascii());
        }
        assert_eq!(Shifted::Hz.decode(b"a~\nb").as_deref(), Some("ab"));
    }
}
