//! The East Asian encodings of one and two bytes (EUC-JP: three), as tables made from `encoding_rs` when first needed.

use std::num::NonZeroU32;
use std::sync::OnceLock;

use super::reader::Bytes;

/// One of the encodings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Family {
    Gbk,
    Big5,
    ShiftJis,
    EucJp,
    EucKr,
}

const FIRST_LEAD: u8 = 0x81;
const LEADS: usize = 0xfe - 0x81 + 1;
const FIRST_TRAIL: u8 = 0x40;
const TRAILS: usize = 0xfe - 0x40 + 1;

/// The tables of one encoding.
struct Tables {
    /// By lead and trail; 0 for none.
    chars: Vec<u32>,
    /// The bytes of UTF-8 of the same, the first one lowest; 0 for pairs whose character encoders write otherwise.
    written: Vec<u32>,
    /// For each character of the Basic Multilingual Plane its two bytes, big-endian; 0 for none.
    bytes: Vec<u16>,
    /// The same beyond that plane, sorted.
    astral: Vec<(u32, u16)>,
    /// The other pairs of characters that have several, sorted.
    others: Vec<(u32, u16)>,
    /// Pairs of bytes from 80 on that the decoder replaces by one U+FFFD.
    unassigned: Vec<[u8; 2]>,
}

impl Family {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Gbk => "gbk",
            Self::Big5 => "big5",
            Self::ShiftJis => "shift_jis",
            Self::EucJp => "euc-jp",
            Self::EucKr => "euc-kr",
        }
    }

    fn standard(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Gbk => encoding_rs::GB18030,
            Self::Big5 => encoding_rs::BIG5,
            Self::ShiftJis => encoding_rs::SHIFT_JIS,
            Self::EucJp => encoding_rs::EUC_JP,
            Self::EucKr => encoding_rs::EUC_KR,
        }
    }

    fn tables(self) -> &'static Tables {
        static TABLES: [OnceLock<Tables>; 5] = [const { OnceLock::new() }; 5];
        TABLES[self as usize].get_or_init(|| tables(self))
    }

    /// The character of a lead and a trail byte.
    #[inline]
    pub(super) fn pair(self, lead: u8, trail: u8) -> Option<char> {
        let (lead, trail) = (lead.wrapping_sub(FIRST_LEAD), trail.wrapping_sub(FIRST_TRAIL));
        if usize::from(lead) >= LEADS || usize::from(trail) >= TRAILS {
            return None;
        }
        let scalar = *self.tables().chars.get(usize::from(lead) * TRAILS + usize::from(trail))?;
        if scalar == 0 { None } else { char::from_u32(scalar) }
    }

    /// Decodes ASCII and pairs, if all of them are what encoders write for their characters. `None` also where something
    /// else stands among them.
    pub(super) fn decode_as_written(self, bytes: &[u8]) -> Option<String> {
        let written = &self.tables().written;
        // A pair gives four bytes at most, and four are copied faster than some.
        let mut text = vec![0; 2 * bytes.len() + size_of::<u32>()];
        let mut length = 0;
        let mut rest = bytes;
        loop {
            while let Some((&[lead @ FIRST_LEAD..=0xfe, trail @ FIRST_TRAIL..=0xfe], tail)) =
                rest.split_first_chunk()
            {
                let (lead, trail) = (usize::from(lead - FIRST_LEAD), usize::from(trail - FIRST_TRAIL));
                let own = NonZeroU32::new(written[lead * TRAILS + trail])?;
                *text.get_mut(length..)?.first_chunk_mut()? = own.get().to_le_bytes();
                length += size_of::<u32>() - (own.leading_zeros() >> 3) as usize;
                rest = tail;
            }
            match *rest {
                [] => break,
                [byte @ 0..=0x7f, ref tail @ ..] => {
                    text[length] = byte;
                    length += 1;
                    rest = tail;
                }
                _ => return None,
            }
        }
        simdutf8::basic::from_utf8(&text[..length]).ok().map(str::to_owned)
    }

    /// The character of one byte from 80 on that is no lead byte.
    #[inline]
    pub(super) fn alone(self, byte: u8) -> Option<char> {
        match (self, byte) {
            (Self::ShiftJis, 0xa1..=0xdf) => char::from_u32(0xff61 + u32::from(byte - 0xa1)),
            // Windows passes on the bytes that the standard leaves out.
            (Self::ShiftJis, 0x80 | 0xa0) => Some(char::from(byte)),
            (Self::ShiftJis, 0xfd..=0xff) => char::from_u32(0xf8f1 + u32::from(byte - 0xfd)),
            (Self::Gbk, 0x80) => Some('€'),
            _ => None,
        }
    }

    /// Whether a byte begins a pair.
    #[inline]
    pub(super) fn is_lead(self, byte: u8) -> bool {
        match self {
            Self::ShiftJis => matches!(byte, 0x81..=0x9f | 0xe0..=0xfc),
            Self::EucJp => matches!(byte, 0x8e | 0x8f | 0xa1..=0xfe),
            _ => matches!(byte, 0x81..=0xfe),
        }
    }

    /// The bytes of a character that is not ASCII; of several forms the one that encoders write.
    #[inline]
    pub(super) fn bytes_of(self, c: char) -> Option<Bytes> {
        let tables = self.tables();
        self.bytes_in(&tables.bytes, &tables.astral, c)
    }

    /// The other pairs that are read as a character of which [`Self::bytes_of`] gives one.
    pub(super) fn other_pairs_of(self, c: char) -> impl Iterator<Item = [u8; 2]> {
        let others = &self.tables().others;
        let first = others.partition_point(|&(other, _)| other < c as u32);
        let own = others[first..].iter().take_while(move |&&(other, _)| other == c as u32);
        own.map(|&(_, pair)| pair.to_be_bytes())
    }

    /// The same by these tables.
    #[inline]
    fn bytes_in(self, bytes: &[u16], astral: &[(u32, u16)], c: char) -> Option<Bytes> {
        if self == Self::ShiftJis && ('\u{ff61}'..='\u{ff9f}').contains(&c) {
            return Some(Bytes::one((c as u32 - 0xff61) as u8 + 0xa1));
        }
        if self == Self::ShiftJis && matches!(c, '\u{80}' | '\u{a0}' | '\u{f8f1}'..='\u{f8f3}') {
            return Some(Bytes::one(if c <= '\u{ff}' { c as u8 } else { (c as u32 - 0xf8f1) as u8 + 0xfd }));
        }
        if self == Self::Gbk && c == '€' {
            return Some(Bytes::one(0x80));
        }
        let pair = match bytes.get(c as usize) {
            Some(&pair) => pair,
            None => astral[astral.binary_search_by_key(&(c as u32), |&(c, _)| c).ok()?].1,
        };
        (pair != 0).then(|| Bytes::of(&pair.to_be_bytes()))
    }

    /// Pairs of bytes from 80 on that the decoder replaces by one U+FFFD.
    pub(super) fn unassigned(self) -> &'static [[u8; 2]] {
        &self.tables().unassigned
    }
}

fn tables(family: Family) -> Tables {
    let standard = family.standard();
    let mut chars = vec![0; LEADS * TRAILS];
    let mut unassigned = Vec::new();
    for (row, lead) in chars.chunks_exact_mut(TRAILS).zip(FIRST_LEAD..) {
        if !family.is_lead(lead) {
            continue;
        }
        // All pairs of a lead byte are decoded in one go, with line ends between, which no pair holds.
        let pairs: Vec<u8> = (FIRST_TRAIL..).take(TRAILS).flat_map(|trail| [lead, trail, b'\n']).collect();
        let (text, _) = standard.decode_without_bom_handling(&pairs);
        for ((entry, trail), text) in row.iter_mut().zip(FIRST_TRAIL..).zip(text.split('\n')) {
            let pair = [lead, trail];
            let mut decoded = text.chars();
            match (decoded.next(), decoded.next()) {
                (Some(c), None) if c != '\u{fffd}' => {
                    *entry = c as u32;
                    // What the standard maps to private characters other decoders replace.
                    if ('\u{e000}'..='\u{f8ff}').contains(&c) && trail >= 0x80 {
                        unassigned.push(pair);
                    }
                }
                _ if trail >= 0x80 => unassigned.push(pair),
                _ => {}
            }
        }
    }
    let mut bytes = vec![0; 0x1_0000];
    let mut astral = Vec::new();
    // Of several pairs with the same character the first one, unless the encoder writes another.
    for (at, &c) in chars.iter().enumerate().rev().filter(|&(_, &c)| c != 0) {
        let pair = u16::from_be_bytes([(at / TRAILS) as u8 + FIRST_LEAD, (at % TRAILS) as u8 + FIRST_TRAIL]);
        match bytes.get_mut(c as usize) {
            Some(slot) if *slot == 0 => *slot = pair,
            Some(slot) => *slot = in_hkscs(family, c).or_else(|| preferred(standard, c)).unwrap_or(pair),
            None => astral.push((c, pair)),
        }
    }
    astral.sort_unstable();
    astral.dedup_by_key(|&mut (c, _)| c);
    let others = Vec::new();
    let mut tables = Tables { written: chars.clone(), chars, bytes, astral, others, unassigned };
    for (at, c) in tables.written.iter_mut().enumerate().filter(|(_, c)| **c != 0) {
        let pair = [(at / TRAILS) as u8 + FIRST_LEAD, (at % TRAILS) as u8 + FIRST_TRAIL];
        let own = char::from_u32(*c).filter(|&c| {
            let bytes = family.bytes_in(&tables.bytes, &tables.astral, c);
            bytes.is_some_and(|bytes| bytes.as_slice() == pair)
        });
        if own.is_none() {
            tables.others.push((*c, u16::from_be_bytes(pair)));
        }
        let mut utf8 = [0; 4];
        own.inspect(|own| _ = own.encode_utf8(&mut utf8));
        *c = u32::from_le_bytes(utf8);
    }
    tables.others.sort_unstable();
    tables
}

/// The pair of HKSCS-2008 for a character for which the standard has another one, from older extensions of Big5: what
/// iconv, Windows and Python write. (The Hong Kong Supplementary Character Set, 2008, table of Big5 codes.)
fn in_hkscs(family: Family, c: u32) -> Option<u16> {
    const PAIRS: [(char, u16); 13] = [
        ('仝', 0xc969),
        ('嘅', 0x9def),
        ('廐', 0x9dfb),
        ('廴', 0xfbfd),
        ('悤', 0xa0dc),
        ('无', 0xfcd3),
        ('瀞', 0x96ee),
        ('猪', 0x9975),
        ('癶', 0xfec1),
        ('覩', 0xa0d4),
        ('鍮', 0xa05f),
        ('隶', 0x90c4),
        ('靝', 0x9ce4),
    ];
    let pair = PAIRS.iter().find(|&&(written, _)| family == Family::Big5 && written as u32 == c);
    pair.map(|&(_, pair)| pair)
}

/// The pair that the standard's encoder writes.
fn preferred(standard: &'static encoding_rs::Encoding, c: u32) -> Option<u16> {
    let text = char::from_u32(c)?.to_string();
    let (bytes, _, unmappable) = standard.encode(&text);
    match (&bytes[..], unmappable) {
        (&[lead, trail], false) => Some(u16::from_be_bytes([lead, trail])),
        _ => None,
    }
}

/// The four-byte form of GB18030.
pub(super) fn four_bytes_of(c: char) -> Option<Bytes> {
    let mut buffer = [0; 4];
    let (bytes, ..) = encoding_rs::GB18030.encode(c.encode_utf8(&mut buffer));
    // GB18030-2022 encodes some private characters as what it no longer decodes to them.
    let decoded = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes)?;
    (decoded.chars().eq([c]) && bytes.len() == 4).then(|| Bytes::of(&bytes))
}

/// The character of a four-byte form of GB18030.
pub(super) fn four_bytes(bytes: [u8; 4]) -> Option<char> {
    encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes)?.chars().next()
}

/// The character of a three-byte form of EUC-JP (JIS X 0212).
pub(super) fn three_bytes(bytes: [u8; 3]) -> Option<char> {
    encoding_rs::EUC_JP.decode_without_bom_handling_and_without_replacement(&bytes)?.chars().next()
}
