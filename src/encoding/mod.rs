//! What an encoding is: names, readers, decoding automata. Nothing here guesses.

mod automaton;
mod cns_11643;
mod cns_11643_planes;
mod code_page;
mod code_pages;
mod decoder;
mod euc_tw;
mod jis_2004;
mod jis_x_0213;
mod jis_x_0213_planes;
mod johab;
mod names;
mod other;
mod other_pages;
mod pairs;
mod planes;
mod reader;
mod single_byte;
mod stateful;

use std::fmt;

pub(crate) use automaton::{Fed, Pending};
pub use decoder::Decoder;
pub(crate) use reader::sloppy_byte_of;
pub use reader::{Bytes, Reader};
pub(crate) use single_byte::pages_of;

use other::Other;
use pairs::Family;
use single_byte::Page;
use stateful::Stateful;

/// An encoding that text is written in, or read as; a closed set.
///
/// ```
/// use fixenc::encoding::Encoding;
/// let encoding = Encoding::from_label("koi8-r").unwrap();
/// assert_eq!(encoding.decode(b"\xc1\xd2\xc8\xc9\xd7").as_deref(), Some("архив"));
/// assert_eq!(encoding.encode("архив").as_deref(), Some(&b"\xc1\xd2\xc8\xc9\xd7"[..]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Encoding(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    Utf8,
    /// UTF-8 of the halves of UTF-16.
    Cesu8,
    /// GB18030 with its four-byte forms.
    Gb18030,
    Pairs(Family),
    Utf16Le,
    Utf16Be,
    SingleByte(Page),
    /// Single bytes too, but nothing reads others' bytes by it.
    OtherPage(Other),
    Utf32Le,
    Utf32Be,
    Johab,
    EucTw,
    Stateful(Stateful),
}

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(Kind::Utf8);
    /// CESU-8: UTF-8 in which a character beyond the Basic Multilingual Plane is the two halves that UTF-16 has for it,
    /// three bytes each. Java and old databases write it.
    pub const CESU_8: Self = Self(Kind::Cesu8);
    /// UTF-16, little-endian.
    pub const UTF_16LE: Self = Self(Kind::Utf16Le);
    /// UTF-16, big-endian.
    pub const UTF_16BE: Self = Self(Kind::Utf16Be);
    /// UTF-32, little-endian.
    pub const UTF_32LE: Self = Self(Kind::Utf32Le);
    /// UTF-32, big-endian.
    pub const UTF_32BE: Self = Self(Kind::Utf32Be);
    /// ISO-2022-JP, with the sets that later standards added, JIS X 0213 among them.
    pub const ISO_2022_JP: Self = Self(Kind::Stateful(Stateful::Iso2022Jp));
    /// ISO-2022-KR.
    pub const ISO_2022_KR: Self = Self(Kind::Stateful(Stateful::Iso2022Kr));
    /// ISO-2022-CN, with GB 2312 and planes 1 and 2 of CNS 11643; planes 3 to 7 are read.
    pub const ISO_2022_CN: Self = Self(Kind::Stateful(Stateful::Iso2022Cn));
    /// Shift_JIS-2004: Shift_JIS with the planes of JIS X 0213.
    pub const SHIFT_JIS_2004: Self = Self(Kind::Stateful(Stateful::ShiftJis2004));
    /// EUC-JIS-2004: EUC-JP with the planes of JIS X 0213.
    pub const EUC_JIS_2004: Self = Self(Kind::Stateful(Stateful::EucJis2004));
    /// HZ: GB 2312 between `~{` and `~}`.
    pub const HZ: Self = Self(Kind::Stateful(Stateful::Hz));
    /// UTF-7.
    pub const UTF_7: Self = Self(Kind::Stateful(Stateful::Utf7));
    /// Johab: Korean, spelled letter by letter.
    pub const JOHAB: Self = Self(Kind::Johab);
    /// EUC-TW: traditional Chinese after CNS 11643.
    pub const EUC_TW: Self = Self(Kind::EucTw);
    /// GB18030: two- and four-byte forms.
    pub const GB18030: Self = Self(Kind::Gb18030);
    /// GBK: the two-byte forms of GB18030.
    pub const GBK: Self = Self(Kind::Pairs(Family::Gbk));
    /// Big5 with the Hong Kong supplement.
    pub const BIG5: Self = Self(Kind::Pairs(Family::Big5));
    /// Shift_JIS as Windows has it (code page 932).
    pub const SHIFT_JIS: Self = Self(Kind::Pairs(Family::ShiftJis));
    /// EUC-JP.
    pub const EUC_JP: Self = Self(Kind::Pairs(Family::EucJp));
    /// EUC-KR as Windows has it (code page 949).
    pub const EUC_KR: Self = Self(Kind::Pairs(Family::EucKr));
    /// ISO-8859-1, with the C1 controls at 80–9F.
    pub const ISO_8859_1: Self = Self(Kind::SingleByte(Page::ISO_8859_1));
    /// windows-1252 as WHATWG reads it: 81 8D 8F 90 9D become C1 controls.
    pub const WINDOWS_1252: Self = Self(Kind::SingleByte(Page::WINDOWS_1252));

    /// Code page 437, of the first personal computers.
    pub const CP437: Self = Self(Kind::SingleByte(Page::CP437));

    const MULTI_BYTE: [Self; 9] = [
        Self::UTF_8,
        Self::GBK,
        Self::GB18030,
        Self::BIG5,
        Self::SHIFT_JIS,
        Self::EUC_JP,
        Self::EUC_KR,
        Self::UTF_16LE,
        Self::UTF_16BE,
    ];

    /// All encodings, multi-byte ones first.
    pub fn all() -> impl Iterator<Item = Self> {
        let others = [Self::UTF_32LE, Self::UTF_32BE, Self::JOHAB, Self::EUC_TW].into_iter();
        let others = others.chain(Stateful::ALL.map(|encoding| Self(Kind::Stateful(encoding))));
        let pages = Other::all().map(|page| Self(Kind::OtherPage(page)));
        Self::MULTI_BYTE
            .into_iter()
            .chain([Self::CESU_8])
            .chain(Self::single_byte())
            .chain(others)
            .chain(pages)
    }

    /// The encodings of more than one byte a character that text is written in and read as by mistake.
    pub(crate) fn multi_byte() -> impl Iterator<Item = Self> {
        Self::MULTI_BYTE.into_iter()
    }

    /// The single-byte encodings that text is written in and read as by mistake.
    pub(crate) fn single_byte() -> impl Iterator<Item = Self> {
        Page::all().map(|page| Self(Kind::SingleByte(page)))
    }

    /// The number of a single-byte encoding in the order of [`pages_of`].
    pub(crate) fn page(self) -> Option<u32> {
        match self.0 {
            Kind::SingleByte(page) => Some(page.number()),
            _ => None,
        }
    }

    /// The place in [`Self::all`], for tables that hold something for each encoding.
    pub(crate) fn number(self) -> usize {
        match self.0 {
            Kind::Utf8 => 0,
            Kind::Pairs(Family::Gbk) => 1,
            Kind::Gb18030 => 2,
            Kind::Pairs(Family::Big5) => 3,
            Kind::Pairs(Family::ShiftJis) => 4,
            Kind::Pairs(Family::EucJp) => 5,
            Kind::Pairs(Family::EucKr) => 6,
            Kind::Utf16Le => 7,
            Kind::Utf16Be => 8,
            Kind::Cesu8 => 9,
            Kind::SingleByte(page) => 10 + page.number() as usize,
            _ => Self::all().position(|other| other == self).unwrap_or(0),
        }
    }

    /// The label used in reports: the name of the WHATWG standard in lower case where it has the encoding.
    pub fn label(self) -> &'static str {
        match self.0 {
            Kind::Utf8 => "utf-8",
            Kind::Cesu8 => "cesu-8",
            Kind::Gb18030 => "gb18030",
            Kind::Pairs(family) => family.label(),
            Kind::Utf16Le => "utf-16le",
            Kind::Utf16Be => "utf-16be",
            Kind::SingleByte(page) => page.label(),
            Kind::OtherPage(page) => page.label(),
            Kind::Utf32Le => "utf-32le",
            Kind::Utf32Be => "utf-32be",
            Kind::Johab => "johab",
            Kind::EucTw => "euc-tw",
            Kind::Stateful(encoding) => encoding.label(),
        }
    }

    /// The escape sequences by which it names sets other than ASCII.
    pub(crate) fn designations(self) -> impl Iterator<Item = &'static [u8]> {
        let stateful = if let Kind::Stateful(encoding) = self.0 { Some(encoding) } else { None };
        stateful.into_iter().flat_map(stateful::designations)
    }

    /// The character of a byte, if each byte is one; U+FFFD where none is assigned.
    pub(crate) fn page_char(self, byte: u8) -> Option<char> {
        let c = match self.0 {
            Kind::SingleByte(page) => page.char_of(byte),
            Kind::OtherPage(page) => page.char_of(byte),
            _ => return None,
        };
        Some(c.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Whether letters and digits stand where EBCDIC has them.
    pub(crate) fn is_ebcdic(self) -> bool {
        matches!(self.0, Kind::OtherPage(page) if page.is_ebcdic())
    }

    /// Whether it is UTF-8, or UTF-8 of the halves of UTF-16.
    #[inline]
    pub(crate) fn is_utf8(self) -> bool {
        matches!(self.0, Kind::Utf8 | Kind::Cesu8)
    }

    /// Whether each byte is a character.
    pub(crate) fn is_single_byte(self) -> bool {
        matches!(self.0, Kind::SingleByte(_))
    }

    /// Whether characters beyond ASCII are pairs of bytes.
    pub(crate) fn is_pairs(self) -> bool {
        matches!(self.0, Kind::Pairs(_) | Kind::Gb18030 | Kind::Johab)
    }

    /// Whether it writes marks behind letters where Unicode has both as one: the tones of Vietnamese.
    pub(crate) fn has_marks(self) -> bool {
        self.label() == "windows-1258"
    }

    /// The character of a pair of bytes, where the encoding has one.
    pub(crate) fn pair(self, lead: u8, trail: u8) -> Option<char> {
        match self.0 {
            Kind::Pairs(family) if family.is_lead(lead) => family.pair(lead, trail),
            Kind::Gb18030 => Family::Gbk.pair(lead, trail),
            Kind::Johab if johab::is_lead(lead) => johab::pair(lead, trail),
            _ => None,
        }
    }

    /// Whether bytes below 80 that follow no lead byte are ASCII.
    pub(crate) fn has_ascii(self) -> bool {
        match self.0 {
            Kind::Utf16Le | Kind::Utf16Be | Kind::Utf32Le | Kind::Utf32Be => false,
            _ => !self.is_ebcdic(),
        }
    }

    /// Whether ASCII text is the same bytes in it, whatever stands before it.
    pub(crate) fn passes_ascii(self) -> bool {
        self.has_ascii() && !matches!(self.0, Kind::Stateful(_))
    }

    /// Decodes bytes, all of them or nothing.
    pub fn decode(self, bytes: &[u8]) -> Option<String> {
        if self == Self::UTF_8 {
            return std::str::from_utf8(bytes).ok().map(str::to_owned);
        }
        if let Kind::Stateful(_) = self.0 {
            let (text, malformed) = self.decode_lossy(bytes);
            return (malformed == 0).then_some(text);
        }
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
        let mut pending = Pending::NONE;
        let family = match self.0 {
            Kind::Pairs(family) => Some(family),
            Kind::Gb18030 => Some(Family::Gbk),
            _ => None,
        };
        let mut rest = bytes;
        while let [byte, tail @ ..] = rest {
            // Pairs, which are nearly all, without the detour of a waiting byte.
            if let (Some(family), [lead, trail, after @ ..]) = (family, rest)
                && pending.is_empty()
                && let Some(c) = family.pair(*lead, *trail)
            {
                text.push(c);
                rest = after;
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

    /// Decodes bytes, all of them or nothing, if encoding what comes out gives these bytes again.
    pub(crate) fn decode_as_written(self, bytes: &[u8]) -> Option<String> {
        if let Kind::Pairs(family) = self.0
            && let Some(text) = family.decode_as_written(bytes)
        {
            return Some(text);
        }
        let text = self.decode(bytes)?;
        (self == Self::UTF_8 || self.encode(&text)? == bytes).then_some(text)
    }

    /// Encodes text, all of it or nothing; what it gives decodes to the text again.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        if self == Self::UTF_8 {
            return Some(text.as_bytes().to_vec());
        }
        if let Kind::Stateful(encoding) = self.0 {
            // Signs that another way of writing them would be read back as.
            return encoding.encode(text).filter(|bytes| self.decode(bytes).as_deref() == Some(text));
        }
        let mut bytes = Vec::with_capacity(text.len());
        for c in text.chars() {
            if self == Self::CESU_8 && c > '\u{ffff}' {
                bytes.extend(automaton::halves(c));
                continue;
            }
            bytes.extend_from_slice(self.bytes_of(c)?.as_slice());
        }
        Some(bytes)
    }

    /// The bytes of one character; of several forms the one that encoders write.
    #[inline]
    pub(crate) fn bytes_of(self, c: char) -> Option<Bytes> {
        match self.0 {
            Kind::SingleByte(page) => page.byte_of(c).map(Bytes::one),
            Kind::OtherPage(page) => page.byte_of(c).map(Bytes::one),
            // What stands between marks has no bytes of its own.
            Kind::Stateful(encoding) => {
                u8::try_from(c).ok().filter(|&byte| encoding.is_ascii(byte)).map(Bytes::one)
            }
            Kind::Utf32Le => Some(Bytes::of(&(c as u32).to_le_bytes())),
            Kind::Utf32Be => Some(Bytes::of(&(c as u32).to_be_bytes())),
            _ if c.is_ascii() && self.has_ascii() => Some(Bytes::one(c as u8)),
            // The six bytes of two halves are too many here; they are encoded where a whole text is.
            Kind::Cesu8 if c > '\u{ffff}' => None,
            Kind::Utf8 | Kind::Cesu8 => {
                let mut buffer = [0; 4];
                Some(Bytes::of(c.encode_utf8(&mut buffer).as_bytes()))
            }
            Kind::Pairs(family) => family.bytes_of(c),
            Kind::Johab => johab::bytes_of(c),
            Kind::EucTw => euc_tw::bytes_of(c),
            // GBK has one byte for it.
            Kind::Gb18030 if c == '€' => Some(Bytes::of(&[0xa2, 0xe3])),
            Kind::Gb18030 => Family::Gbk.bytes_of(c).or_else(|| pairs::four_bytes_of(c)),
            Kind::Utf16Le | Kind::Utf16Be => {
                let mut bytes = Bytes::default();
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let pair = if self == Self::UTF_16LE { unit.to_le_bytes() } else { unit.to_be_bytes() };
                    pair.into_iter().for_each(|byte| bytes.push(byte));
                }
                Some(bytes)
            }
        }
    }

    /// The other bytes that are read as a character of which [`Self::bytes_of`] gives some.
    pub(crate) fn other_bytes_of(self, c: char) -> impl Iterator<Item = Bytes> {
        let family = match self.0 {
            Kind::Pairs(family) => Some(family),
            _ => None,
        };
        let pairs = family.into_iter().flat_map(move |family| family.other_pairs_of(c));
        let euro = (self == Self::GB18030 && c == '€').then(|| Bytes::one(0x80));
        pairs.map(|pair| Bytes::of(&pair)).chain(euro)
    }

    /// Whether a reader may give a byte from 80 to 9F as the control of that number. Those of windows-1252 are often taken
    /// for those of ISO-8859-1.
    fn passes_on(self, byte: u8) -> bool {
        let is_passed_on_by_windows = byte == 0x80 && [Self::BIG5, Self::EUC_KR].contains(&self);
        self == Self::WINDOWS_1252
            || self.page_char(byte) == Some(char::REPLACEMENT_CHARACTER)
            || is_passed_on_by_windows
    }

    /// The same as a reader gave them, sloppily: those that leave a byte out of 80–9F often pass it on as a control. None
    /// read U+FFFD; it stands where they could not read.
    #[inline]
    pub(crate) fn sloppy_bytes_of(self, c: char) -> Option<Bytes> {
        self.bytes_of(c).filter(|_| c != '\u{fffd}').or_else(|| match c {
            '\u{80}'..='\u{9f}' if self.passes_on(c as u8) => Some(Bytes::one(c as u8)),
            // Python puts A0 before the three private characters that Windows has, too.
            '\u{f8f0}' if self == Self::SHIFT_JIS => Some(Bytes::one(0xa0)),
            _ => None,
        })
    }
}

/// Whether it is a character of Base64, as UTF-7 has it.
pub(crate) fn is_base64(byte: u8) -> bool {
    stateful::sextet(byte).is_some()
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        for encoding in Encoding::all() {
            for c in '\0'..='\u{2ffff}' {
                let Some(bytes) = encoding.bytes_of(c) else { continue };
                let text = encoding.decode(bytes.as_slice());
                assert!(text.is_some_and(|t| t.chars().eq([c])), "{encoding} U+{:04X}", u32::from(c));
            }
        }
    }

    /// Windows has U+00A0 for the byte A0, Python U+F8F0.
    #[test]
    fn a_byte_that_readers_pass_on_in_two_ways_is_found_from_both() {
        for c in ['\u{a0}', '\u{f8f0}'] {
            let bytes = Encoding::SHIFT_JIS.sloppy_bytes_of(c);
            assert_eq!(bytes.as_ref().map(Bytes::as_slice), Some(&[0xa0][..]));
        }
        // Windows has U+0080 for the byte 80 where the standard has nothing.
        for encoding in [Encoding::BIG5, Encoding::EUC_KR] {
            assert_eq!(encoding.sloppy_bytes_of('\u{80}'), Some(Bytes::one(0x80)));
            assert_eq!(encoding.sloppy_bytes_of('\u{81}'), None);
        }
    }

    #[test]
    fn decoding_as_written_is_decoding_that_encodes_back() {
        for encoding in Encoding::multi_byte() {
            for lead in 0x80..=0xffu8 {
                for trail in 0..=0xffu8 {
                    let bytes = [b'a', lead, trail, b'b'];
                    let text =
                        encoding.decode(&bytes).filter(|t| encoding.encode(t).as_deref() == Some(&bytes[..]));
                    assert_eq!(encoding.decode_as_written(&bytes), text, "{encoding} {bytes:02X?}");
                }
            }
        }
    }

    /// GBK has the euro sign as the byte 80, as Windows and the standard read it, GB18030 as A2 E3; both read both.
    #[test]
    fn other_bytes_are_read_as_the_same_character() {
        let euro = |encoding: Encoding| encoding.encode("€").unwrap();
        assert_eq!((euro(Encoding::GBK), euro(Encoding::GB18030)), (vec![0x80], vec![0xa2, 0xe3]));
        assert_eq!(Encoding::GB18030.decode(b"\x80\xa2\xe3").as_deref(), Some("€€"));
        let mut several = 0;
        for encoding in Encoding::multi_byte() {
            for c in '\u{80}'..='\u{2ffff}' {
                for bytes in encoding.other_bytes_of(c) {
                    assert_ne!(encoding.bytes_of(c), Some(bytes));
                    let text = encoding.decode(bytes.as_slice());
                    assert!(text.is_some_and(|t| t.chars().eq([c])), "{encoding} {bytes}");
                    several += 1;
                }
            }
        }
        assert!(several > 300, "{several}");
    }

    #[test]
    fn what_big5_has_twice_is_written_as_in_hong_kong() {
        let big5 = Encoding::from_label("big5").unwrap();
        for (text, bytes) in [("嘅", [0x9d, 0xef]), ("箸", [0xba, 0xe6]), ("猪", [0x99, 0x75])] {
            assert_eq!(big5.encode(text).as_deref(), Some(&bytes[..]), "{text}");
            assert_eq!(big5.decode(&bytes).as_deref(), Some(text));
        }
    }

    #[test]
    fn numbers_are_places() {
        assert!(Encoding::all().enumerate().all(|(at, encoding)| encoding.number() == at));
    }

    #[test]
    fn labels_lead_back() {
        for encoding in Encoding::all() {
            assert_eq!(Encoding::from_label(encoding.label()), Some(encoding));
        }
        assert_eq!(Encoding::from_label("KOI8-R").map(Encoding::label), Some("koi8-r"));
        assert_eq!(Encoding::from_label("no such"), None);
    }

    #[test]
    fn decoding_agrees_with_the_standard() {
        for (ours, theirs) in [
            (Encoding::BIG5, encoding_rs::BIG5),
            (Encoding::SHIFT_JIS, encoding_rs::SHIFT_JIS),
            (Encoding::EUC_JP, encoding_rs::EUC_JP),
            (Encoding::EUC_KR, encoding_rs::EUC_KR),
            (Encoding::GB18030, encoding_rs::GB18030),
        ] {
            for lead in 0x81..=0xffu8 {
                for trail in 0..=0xffu8 {
                    let bytes = [lead, trail];
                    let text = theirs.decode_without_bom_handling_and_without_replacement(&bytes);
                    // Windows passes on single bytes that the standard leaves out.
                    let is_passed_on = |byte| matches!(byte, 0x80 | 0xa0 | 0xfd..);
                    if ours == Encoding::SHIFT_JIS && (is_passed_on(lead) || is_passed_on(trail)) {
                        continue;
                    }
                    // Four pairs of Big5 stand for two characters each; no text writes them.
                    let text = text.filter(|t| !t.contains(['\u{304}', '\u{30c}']) || ours != Encoding::BIG5);
                    assert_eq!(ours.decode(&bytes).as_deref(), text.as_deref(), "{ours} {bytes:02X?}");
                }
            }
        }
    }

    #[test]
    fn four_byte_forms_are_gb18030_alone() {
        let bytes = Encoding::GB18030.encode("㛃").unwrap();
        assert_eq!(bytes.len(), 4);
        assert_eq!(Encoding::GB18030.decode(&bytes).as_deref(), Some("㛃"));
        assert_eq!(Encoding::GBK.decode(&bytes), None);
    }

    #[test]
    fn cesu_8_has_two_halves_for_a_character() {
        let bytes = b"a\xc3\xa9\xed\xa0\xbd\xed\xb8\x80\xe6\xb1\x9f";
        assert_eq!(Encoding::CESU_8.decode(bytes).as_deref(), Some("aé😀江"));
        assert_eq!(Encoding::CESU_8.encode("aé😀江").as_deref(), Some(&bytes[..]));
        for c in ('\u{10000}'..=char::MAX).step_by(97) {
            let text = c.to_string();
            let bytes = Encoding::CESU_8.encode(&text).unwrap();
            assert_eq!((bytes.len(), Encoding::CESU_8.decode(&bytes)), (6, Some(text)));
        }
        for bad in [
            &b"\xed\xa0\xbd"[..],
            b"\xed\xb8\x80",
            b"\xed\xa0\xbda",
            b"\xed\xa0\xbd\xed\xa0\xbd",
            b"\xed\xa0\xbd\xed\x9f\xbf",
            "😀".as_bytes(),
        ] {
            assert_eq!(Encoding::CESU_8.decode(bad), None, "{bad:02X?}");
            assert_eq!(Encoding::UTF_8.decode(b"\xed\xa0\xbd\xed\xb8\x80"), None);
        }
    }

    #[test]
    fn utf_16_holds_surrogate_pairs() {
        for encoding in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
            let bytes = encoding.encode("a江𠮷").unwrap();
            assert_eq!(bytes.len(), 8);
            assert_eq!(encoding.decode(&bytes).as_deref(), Some("a江𠮷"));
            assert_eq!(encoding.decode(&bytes[..7]), None);
        }
        assert_eq!(Encoding::UTF_16LE.decode(&[0x00, 0xdc]), None);
    }
}
