//! What the form of the bytes says, without statistics.

use crate::encoding::Encoding;
use crate::language::{BIT, Cost};

use super::gather::Gather;
use super::glyph::Text;

/// Share of UTF-16 code units that must lie in blocks that texts are made of.
const PLAUSIBLE_UNITS: f64 = 0.95;
/// Valid UTF-8 with no more control bytes than this share is a text that got some zeros into it, as logs do.
const STRAY_CONTROLS: f64 = 1.0 / 64.0;
/// Other bytes with more control bytes than this share are no text.
const BINARY_CONTROLS: f64 = 1.0 / 16.0;

/// What structure alone says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Judgement {
    /// It begins with the mark of this encoding.
    Marked(Encoding),
    /// Text that has the form of this encoding.
    Text(Encoding),
    /// Nothing but ASCII.
    Ascii,
    /// Binary data.
    NoText,
    /// Text in some legacy encoding.
    Open,
    /// Text in UTF-16 without ASCII in it, or in something else.
    OpenWide,
}

/// Byte order marks, longer ones first.
const MARKS: &[(&[u8], &str)] = &[
    (b"\xff\xfe\0\0", "utf-32le"),
    (b"\0\0\xfe\xff", "utf-32be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (b"\xff\xfe", "utf-16le"),
    (b"\xfe\xff", "utf-16be"),
    (b"+/v8", "utf-7"),
    (b"+/v9", "utf-7"),
    (b"+/v+", "utf-7"),
    (b"+/v/", "utf-7"),
];

/// What the first block says by its mark or by zeros in their places, whatever follows.
pub(super) fn form(head: &[u8]) -> Option<Judgement> {
    for &(mark, label) in MARKS {
        if head.starts_with(mark)
            && let Some(encoding) = Encoding::from_label(label)
        {
            return Some(Judgement::Marked(encoding));
        }
    }
    utf32_shape(head).or_else(|| utf16_shape(head)).map(Judgement::Text)
}

pub(super) fn judge(gather: &Gather) -> Judgement {
    if let Some(form) = gather.form {
        return form;
    }
    let head = &gather.head[..];
    let controls = control_share(head);
    // What is ASCII or UTF-8 as well must be far more like text in something else.
    let says_more = |of: &str| {
        let beginning = &head[..head.len().min(COMPARED_BYTES)];
        Encoding::from_label(of).is_some_and(|encoding| says_more(encoding, beginning))
    };
    let is_open_in = |of: [&str; 2]| !gather.utf8.is_clean() || of.into_iter().any(says_more);
    if is_wide_plausible(head, controls) && is_open_in(["utf-16le", "utf-16be"]) {
        return Judgement::OpenWide;
    }
    if gather.is_ascii {
        if let Some(encoding) = shifting(gather) {
            return Judgement::Text(encoding);
        }
        // Hebrew and the Greek capitals have nothing but ASCII bytes in EBCDIC.
        if looks_like_ebcdic(head) && !head.contains(&b' ') && is_open_in(["cp424", "cp875"]) {
            return Judgement::Open;
        }
        return if controls > STRAY_CONTROLS { Judgement::NoText } else { Judgement::Ascii };
    }
    if gather.utf8.is_clean() {
        return if controls > STRAY_CONTROLS { Judgement::NoText } else { Judgement::Text(Encoding::UTF_8) };
    }
    if controls > BINARY_CONTROLS || gather.has_zeros {
        return Judgement::NoText;
    }
    if gather.utf8.is_damaged() { Judgement::Text(Encoding::UTF_8) } else { Judgement::Open }
}

/// The share of bytes that no text holds: C0 controls other than white space, escape, backspace, shifts and the DOS end
/// mark. EBCDIC has its line ends among them.
fn control_share(head: &[u8]) -> f64 {
    let controls =
        head.iter().filter(|&&b| matches!(b, 0..=7 | 0x10..=0x14 | 0x16..=0x19 | 0x1C..=0x1F | 0x7F)).count();
    controls as f64 / head.len().max(1) as f64
}

/// Whether spaces and letters stand where EBCDIC has them.
pub(super) fn looks_like_ebcdic(sample: &[u8]) -> bool {
    let is_typical = |b: &u8| matches!(b, 0x40 | 0x81..=0x89 | 0x91..=0x99 | 0xa2..=0xa9 | 0xc1..=0xc9 | 0xd1..=0xd9 | 0xe2..=0xe9 | 0xf0..=0xf9);
    let spaces = sample.iter().filter(|&&b| b == 0x40).count();
    let typical = sample.iter().filter(|b| is_typical(b)).count();
    let ascii = sample.iter().filter(|b| matches!(b, b' ' | b'e' | b'a' | b'i' | b'n')).count();
    typical * 10 >= sample.len() * 6 || (spaces * 20 >= sample.len() && spaces > ascii)
}

/// Encodings that switch by escape sequences, in bytes that are ASCII otherwise.
fn shifting(gather: &Gather) -> Option<Encoding> {
    let lines = &gather.shifts[..];
    let names_a_set =
        |of: &Encoding| of.designations().any(|sequence| memchr::memmem::find(lines, sequence).is_some());
    let iso_2022 = [Encoding::ISO_2022_KR, Encoding::ISO_2022_CN, Encoding::ISO_2022_JP];
    if let Some(encoding) = iso_2022.into_iter().find(names_a_set) {
        return Some(encoding);
    }
    if is_hz(lines) && says_more(Encoding::HZ, lines) {
        return Some(Encoding::HZ);
    }
    let lines = without_cut_shift(lines);
    (is_utf7(lines) && says_more(Encoding::UTF_7, lines)).then_some(Encoding::UTF_7)
}

/// Whether bytes are far more like text in that encoding than as the UTF-8 that they are as well: `+foo` is a character
/// of UTF-7, too, and `~{a,b}` two of HZ.
fn says_more(encoding: Encoding, utf_8: &[u8]) -> bool {
    let cost = |text: &str| Text::new(text).any.into_iter().map(u64::from).sum::<u64>();
    let (decoded, _) = encoding.decode_lossy(utf_8);
    // Control characters, which any text may have got, must not make the difference.
    let as_it_stands = String::from_utf8_lossy(utf_8)
        .replace(|c: char| c.is_ascii_control() && !c.is_ascii_whitespace(), "");
    cost(&as_it_stands) >= cost(&decoded) + u64::from(SHIFT_COST)
}

/// Bytes that this is looked at in, where all may be of one form.
const COMPARED_BYTES: usize = 512;

/// What the decoded text must be more likely by: these encodings are rare, and ASCII and UTF-8 are everywhere.
const SHIFT_COST: Cost = 25 * BIT;

/// Whether all between `~{` and `~}` are pairs of GB 2312.
fn is_hz(lines: &[u8]) -> bool {
    let mut wide = 0;
    for start in memchr::memmem::find_iter(lines, b"~{") {
        let rest = &lines[start + 2..];
        let end = memchr::memmem::find(rest, b"~}").or_else(|| memchr::memchr(b'\n', rest));
        let inner = &rest[..end.unwrap_or(rest.len() & !1)];
        let inner = inner.strip_suffix(b"\r").unwrap_or(inner);
        let high: Vec<u8> = inner.iter().map(|b| b | 0x80).collect();
        if inner.is_empty() || !inner.len().is_multiple_of(2) || Encoding::GBK.decode(&high).is_none() {
            return false;
        }
        wide += inner.len() / 2;
    }
    wide > 0
}

/// Without a shift at the end that is cut within a character, as where a file was cut, or what was kept of it is.
fn without_cut_shift(lines: &[u8]) -> &[u8] {
    let word = lines.iter().rposition(|&b| !crate::encoding::is_base64(b)).map_or(0, |at| at + 1);
    let shift = memchr::memchr(b'+', &lines[word..]).map(|at| word + at);
    let is_cut = |at: &usize| Encoding::UTF_7.decode(&lines[*at..]).is_none();
    &lines[..shift.filter(is_cut).unwrap_or(lines.len())]
}

/// Whether some `+…-` is UTF-16 in Base64 with characters beyond ASCII, and none is broken.
fn is_utf7(lines: &[u8]) -> bool {
    let Some(text) = Encoding::UTF_7.decode(lines) else { return false };
    !text.is_ascii() && text.chars().all(|c| c.is_ascii() || is_common(c))
}

/// Whether it lies in a block that texts are made of.
#[inline]
fn is_common(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{1fff}' | '\u{200b}'..='\u{27bf}' | '\u{3000}'..='\u{33ff}')
        || matches!(c, '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}')
        || matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{2ffff}')
}

/// So many bytes in the form of UTF-32 are no chance.
const CUT_BYTES: usize = 64;

/// UTF-32 without a byte order mark: nearly all units are characters that texts are made of.
fn utf32_shape(head: &[u8]) -> Option<Encoding> {
    let sample = &head[..head.len() & !3];
    // A cut file may end in part of a character, but a few bytes that do are something else.
    let is_whole = sample.len() == head.len() || sample.len() >= CUT_BYTES;
    if sample.len() < 4 || !is_whole || memchr::memchr(0, sample).is_none() {
        return None;
    }
    let units = sample.as_chunks::<4>().0.iter();
    let is_text = |unit: u32| char::from_u32(unit).is_some_and(is_common);
    if are_plausible(units.clone().map(|&four| is_text(u32::from_le_bytes(four)))) {
        return Some(Encoding::UTF_32LE);
    }
    are_plausible(units.map(|&four| is_text(u32::from_be_bytes(four)))).then_some(Encoding::UTF_32BE)
}

/// Whether enough units are such that texts are made of. Stops where too few can be: other data shows it soon.
fn are_plausible(units: impl ExactSizeIterator<Item = bool>) -> bool {
    let length = units.len();
    let most_others = (length as f64 * (1.0 - PLAUSIBLE_UNITS)) as usize + 1;
    let mut others = 0;
    for is_common in units {
        others += usize::from(!is_common);
        if others > most_others {
            return false;
        }
    }
    (length - others) as f64 >= PLAUSIBLE_UNITS * length as f64
}

/// Whether the bytes may be UTF-16 though no zero is on one side: letters beyond Latin have control characters or the
/// digit of the kana for one of their bytes, and nearly all units are such letters.
fn is_wide_plausible(head: &[u8], controls: f64) -> bool {
    let sample = &head[..head.len().min(WIDE_BYTES) & !1];
    let kana = sample.iter().filter(|&&b| b == 0x30).count() as f64 / sample.len().max(1) as f64;
    if sample.len() < 4 || (controls < WIDE_CONTROLS && kana < WIDE_KANA) {
        return false;
    }
    let share = |unit: fn([u8; 2]) -> u16| {
        let units = sample.as_chunks::<2>().0.iter().map(|&pair| unit(pair));
        let common = char::decode_utf16(units).filter(|c| c.as_ref().is_ok_and(|&c| is_common(c)));
        common.count() as f64 / (sample.len() / 2) as f64
    };
    share(u16::from_le_bytes) >= PLAUSIBLE_UNITS || share(u16::from_be_bytes) >= PLAUSIBLE_UNITS
}

/// Bytes that are looked at for that, and the shares of control characters and of the digit of the kana that make it
/// worth a look: texts in other encodings have none of the first, and fewer of the second.
const WIDE_BYTES: usize = 4 << 10;
const WIDE_CONTROLS: f64 = 0.005;
const WIDE_KANA: f64 = 0.2;

/// UTF-16 without a byte order mark: the zeros of its ASCII characters lie on one side, and nearly all units are
/// letters.
fn utf16_shape(head: &[u8]) -> Option<Encoding> {
    let sample = &head[..head.len() & !1];
    if sample.len() < 4 || memchr::memchr(0, sample).is_none() {
        return None;
    }
    let little = plausibility(sample, u16::from_le_bytes);
    let big = plausibility(sample, u16::from_be_bytes);
    match (little, big) {
        (None, None) => None,
        (Some(_), None) => Some(Encoding::UTF_16LE),
        (None, Some(_)) => Some(Encoding::UTF_16BE),
        (Some(little), Some(big)) => {
            Some(if little >= big { Encoding::UTF_16LE } else { Encoding::UTF_16BE })
        }
    }
}

/// How well the units fit a text; `None` if they don't. ASCII counts double: an `a` read the wrong way round is U+6100,
/// a Chinese character like any other.
fn plausibility(sample: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Option<usize> {
    let pairs = sample.as_chunks::<2>().0;
    let (mut ascii, mut letters) = (0, 0);
    // Sums that fit a unit, without branches, are what the compiler makes vectors of.
    for pairs in pairs.chunks(usize::from(u16::MAX)) {
        let (mut some_ascii, mut some_letters) = (0u16, 0u16);
        for &pair in pairs {
            let unit = unit(pair);
            let lies_in = |first: u16, last: u16| unit.wrapping_sub(first) <= last - first;
            let is_ascii = lies_in(0x20, 0x7E) | (unit == 0x09) | (unit == 0x0A) | (unit == 0x0D);
            let is_letter = lies_in(0xA0, 0x1FFF) | lies_in(0x2010, 0x22FF) | lies_in(0x3000, 0x33FF);
            let is_wide = lies_in(0x4E00, 0x9FFF) | lies_in(0xAC00, 0xD7A3) | lies_in(0xFF00, 0xFFEF);
            some_ascii += u16::from(is_ascii);
            some_letters += u16::from(is_letter | is_wide | lies_in(0xD800, 0xDFFF));
        }
        ascii += usize::from(some_ascii);
        letters += usize::from(some_letters);
    }
    let fits = ascii > 0 && (ascii + letters) as f64 >= PLAUSIBLE_UNITS * pairs.len() as f64;
    fits.then_some(2 * ascii + letters)
}
