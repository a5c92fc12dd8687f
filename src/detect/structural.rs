//! What the form of the bytes says, without statistics.

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use super::{Candidate, Evidence};

/// Bytes looked at for the shape of UTF-16 and for binary data.
const SHAPE_BYTES: usize = 64 << 10;
/// Share of UTF-16 code units that must lie in blocks that texts are made of.
const PLAUSIBLE_UNITS: f64 = 0.95;
/// Valid UTF-8 with no more control bytes than this share is a text that got some zeros into it, as logs do.
const STRAY_CONTROLS: f64 = 1.0 / 64.0;
/// Other bytes with more control bytes than this share are no text.
const BINARY_CONTROLS: f64 = 1.0 / 16.0;

/// What structure alone says.
pub(super) enum Judgement {
    /// Text, in this encoding.
    Text(Candidate),
    /// Binary data.
    NoText,
    /// Text in some legacy encoding.
    Open,
}

pub(super) fn judge(bytes: &[u8]) -> Judgement {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Judgement::Text(Candidate::sure(encoding, Evidence::Declared));
    }
    if let Some(encoding) = utf16_shape(bytes) {
        return Judgement::Text(Candidate::sure(encoding, Evidence::Structural));
    }
    let controls = control_share(bytes);
    if has_iso_2022_jp_escape(bytes) {
        return Judgement::Text(Candidate::sure(ISO_2022_JP, Evidence::Structural));
    }
    if is_utf8(bytes) {
        if controls > STRAY_CONTROLS {
            return Judgement::NoText;
        }
        let mut candidate = Candidate::sure(UTF_8, Evidence::Structural);
        if bytes.is_ascii() {
            candidate.encoding = "ascii";
        }
        return Judgement::Text(candidate);
    }
    if controls > BINARY_CONTROLS || memchr::memchr(0, bytes).is_some() {
        Judgement::NoText
    } else {
        Judgement::Open
    }
}

/// Valid UTF-8, where the last character may be cut off.
fn is_utf8(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// The share of bytes that no text holds: C0 controls other than white space, escape, backspace and the DOS end mark.
fn control_share(bytes: &[u8]) -> f64 {
    let sample = &bytes[..bytes.len().min(SHAPE_BYTES)];
    let controls = sample.iter().filter(|&&b| matches!(b, 0..=7 | 0x0E..=0x19 | 0x1C..=0x1F | 0x7F)).count();
    controls as f64 / sample.len().max(1) as f64
}

/// One of the designations that RFC 1468 allows, in bytes that are ASCII otherwise.
fn has_iso_2022_jp_escape(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SHAPE_BYTES)];
    let escape = memchr::memchr_iter(0x1B, sample)
        .any(|at| matches!(sample.get(at + 1..at + 3), Some(b"$B" | b"$@" | b"(J" | b"(I")));
    escape && sample.is_ascii() && !sample.contains(&0)
}

/// UTF-16 without a byte order mark: the zeros of its ASCII characters lie on one side, and nearly all units are letters.
///
/// A text without a single ASCII character, not even a line end, is not found: then there is no zero to go by.
fn utf16_shape(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SHAPE_BYTES) & !1];
    if sample.len() < 4 || memchr::memchr(0, sample).is_none() {
        return None;
    }
    let little = plausibility(sample, |pair| u16::from_le_bytes([pair[0], pair[1]]));
    let big = plausibility(sample, |pair| u16::from_be_bytes([pair[0], pair[1]]));
    match (little, big) {
        (None, None) => None,
        (Some(_), None) => Some(UTF_16LE),
        (None, Some(_)) => Some(UTF_16BE),
        (Some(little), Some(big)) => Some(if little >= big { UTF_16LE } else { UTF_16BE }),
    }
}

/// How well the units fit a text; `None` if they don't. ASCII counts double: an `a` read the wrong way round is U+6100,
/// a Chinese character like any other.
fn plausibility(sample: &[u8], unit: impl Fn(&[u8]) -> u16) -> Option<usize> {
    let (mut ascii, mut letters, mut units) = (0, 0, 0);
    for pair in sample.chunks_exact(2) {
        units += 1;
        match unit(pair) {
            0x09 | 0x0A | 0x0D | 0x20..=0x7E => ascii += 1,
            0xA0..=0x1FFF | 0x2010..=0x22FF | 0x3000..=0x33FF | 0x4E00..=0x9FFF => letters += 1,
            0xAC00..=0xD7A3 | 0xD800..=0xDFFF | 0xFF00..=0xFFEF => letters += 1,
            _ => {}
        }
    }
    let fits = ascii > 0 && (ascii + letters) as f64 >= PLAUSIBLE_UNITS * units as f64;
    fits.then_some(2 * ascii + letters)
}
