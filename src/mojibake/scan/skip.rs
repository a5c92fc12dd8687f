//! What passes over clean text: a few instructions a character, and whole words of ASCII.

use crate::language::plausible::{self, HAN_TEXT, HANGUL_TEXT, Kind, Rows, Unit};

/// Bytes of a run that is one or two characters.
pub(super) const SHORT: usize = 6;

/// Whether a byte begins a character that is not ASCII, or is a control character from 00 to 08.
#[inline]
pub(super) fn is_looked_at(byte: u8) -> bool {
    byte.wrapping_add(0x40) < 0x49
}

/// The first of the eight bytes from `at` on that is looked at.
#[inline]
pub(super) fn first_of_word(bytes: &[u8], at: usize) -> Option<usize> {
    let hits = looked_at(*bytes.get(at..)?.first_chunk::<8>()?);
    (hits != 0).then(|| at + (hits.trailing_zeros() >> 3) as usize)
}

/// The highest bit of each byte up to the first that is looked at says whether it is.
#[inline]
fn looked_at(word: [u8; 8]) -> u64 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    const LEAST: u64 = 0x0909_0909_0909_0909;
    let word = u64::from_le_bytes(word);
    (word | word.wrapping_sub(LEAST)) & HIGH
}

/// A small letter from U+00DF to U+00FF between two characters of ASCII: the most frequent case in languages of Latin script.
#[derive(Clone, Copy)]
pub(super) struct Small {
    pub(super) before: u8,
    /// The second byte of the letter.
    pub(super) second: u8,
    pub(super) after: u8,
}

impl Small {
    /// The one at `at`; `None` if none stands so.
    #[inline]
    pub(super) fn at(bytes: &[u8], at: usize) -> Option<Self> {
        match bytes.get(at.checked_sub(1)?..)?.first_chunk()? {
            &[before @ ..0x80, 0xc3, second @ 0x9f..=0xbf, after @ ..0x80] => {
                Some(Self { before, second, after })
            }
            _ => None,
        }
    }

    /// Whether clean text was seen to have it there.
    #[inline]
    pub(super) fn is_seen(self) -> bool {
        plausible::is_seen_small(self.before, self.second, self.after)
    }
}

/// The end of the character at `at`, if it stands alone between ASCII, and nothing is strange there.
#[inline]
pub(super) fn lone_end(bytes: &[u8], at: usize) -> Option<usize> {
    let (unit, after, end, is_running) = match *bytes.get(at..)? {
        [0xc2, ..=0x9f, ..] => return None,
        [first @ 0xc2..=0xcb, second, after @ ..0x80, ..] => {
            (Unit::from(u16::from_le_bytes([first, second])), after, at + 2, false)
        }
        [0xe2, second, third, after @ ..0x80, ..] => {
            let number = 0x2000 | u32::from(second & 63) << 6 | u32::from(third & 63);
            let packed = u32::from_le_bytes([0xe2, second, third, 0]);
            let is_running = plausible::has(HAN_TEXT, packed) || plausible::has(HANGUL_TEXT, packed);
            if !is_running && plausible::kind(number) != Kind::Plain {
                return None;
            }
            (plausible::class(number), after, at + 3, is_running)
        }
        _ => return None,
    };
    let before = bytes[..at].last().copied().filter(u8::is_ascii)?;
    let (before, after) = (plausible::ascii_unit(before), plausible::ascii_unit(after));
    let is_seen = is_running || plausible::is_seen(before, unit) && plausible::is_seen(unit, after);
    let is_quiet = is_seen
        && (!plausible::has_sides(before, unit, after) || plausible::is_seen_between(before, unit, after));
    is_quiet.then_some(end)
}

/// The end of the plain text from `at` to the character at `last`, if it is long and ends before ASCII: then there is
/// nothing to look at.
#[inline]
pub(super) fn quiet_end(bytes: &[u8], at: usize, last: usize) -> Option<usize> {
    let end = last + if bytes[last] < 0xe0 { 2 } else { 3 };
    let is_quiet = match bytes.get(end) {
        Some(&after) if bytes[last] < 0xe0 => after < 0x80 && !after.is_ascii_alphabetic(),
        Some(&after) => after < 0x80,
        None => true,
    };
    (is_quiet && end - at > SHORT && last > at).then_some(end)
}

/// The last character of the plain text that begins at `at` after an ASCII character; `at` itself if there is none.
#[inline]
pub(super) fn plain(bytes: &[u8], at: usize) -> usize {
    let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
    match bytes[at..] {
        [lead, ..] if is_lead(lead) && !before.is_ascii_alphabetic() => letters(bytes, at),
        [a @ 0xe0..0xf0, b, c, ..] if plausible::has(HAN_TEXT, u32::from_le_bytes([a, b, c, 0])) => {
            running(bytes, at, HAN_TEXT)
        }
        [a @ 0xe0..0xf0, b, c, ..] if plausible::has(HANGUL_TEXT, u32::from_le_bytes([a, b, c, 0])) => {
            running(bytes, at, HANGUL_TEXT)
        }
        _ => at,
    }
}

/// The last character of a run of common characters of `rows`, which begins at `at`; also over known ones among them.
pub(super) fn running(bytes: &[u8], at: usize, rows: &Rows) -> usize {
    let mut rest = bytes.get(at + 3..).unwrap_or_default();
    loop {
        while let Some(block) = rest.first_chunk::<12>() {
            if !are_running(block, rows) {
                break;
            }
            rest = &rest[12..];
        }
        while let Some(block) = rest.first_chunk::<4>() {
            if !is_running(u32::from_le_bytes(*block), rows) {
                break;
            }
            rest = &rest[3..];
        }
        // One that is known, between common ones, says nothing.
        match *rest {
            [a @ 0xe4..=0xed, b, c, d, e, f, ..] if is_running(u32::from_le_bytes([d, e, f, 0]), rows) => {
                let number = u32::from(a & 15) << 12 | u32::from(b & 63) << 6 | u32::from(c & 63);
                if !plausible::is_known(number) {
                    break;
                }
                rest = &rest[6..];
            }
            _ => break,
        }
    }
    bytes.len() - rest.len() - 3
}

/// Whether the lowest three bytes are a character of `rows`.
#[inline]
fn is_running(bytes: u32, rows: &Rows) -> bool {
    bytes & 0xf0 == 0xe0 && plausible::has(rows, bytes)
}

/// Whether these are four characters of `rows`.
#[inline]
fn are_running(block: &[u8; 12], rows: &Rows) -> bool {
    // First bytes of characters in the first eight bytes and in the last eight: what is looked at, and what it must be.
    const LEADS: u64 = 0x00f0_0000_f000_00f0;
    const THREE: u64 = 0x00e0_0000_e000_00e0;
    const LAST_LEADS: u64 = 0x0000_f000_00f0_0000;
    const LAST_THREE: u64 = 0x0000_e000_00e0_0000;
    let (Some(first), Some(last)) = (block.first_chunk::<8>(), block.last_chunk::<8>()) else { return false };
    let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    first & LEADS == THREE
        && last & LAST_LEADS == LAST_THREE
        && plausible::has(rows, first as u32)
        && plausible::has(rows, (first >> 24) as u32)
        && plausible::has(rows, (last >> 16) as u32)
        && plausible::has(rows, (last >> 40) as u32)
}

/// The last letter of a run of words of an alphabet whose letters have two bytes, with single spaces between; the
/// first letter stands at `at`.
pub(super) fn letters(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let mut rest = bytes.get(at..).unwrap_or_default();
        while let Some(block) = rest.first_chunk::<8>() {
            let four = u64::from_le_bytes(*block);
            if !are_letters(four)
                || !plausible::is_seen_pair(four as u32)
                || !plausible::is_seen_pair((four >> 16) as u32)
                || !plausible::is_seen_pair((four >> 32) as u32)
            {
                break;
            }
            rest = &rest[6..];
        }
        while let Some(block) = rest.first_chunk::<4>() {
            let two = u32::from_le_bytes(*block);
            if !is_lead(block[2]) || !plausible::is_seen_pair(two) {
                break;
            }
            rest = &rest[2..];
        }
        at = bytes.len() - rest.len();
        match bytes.get(at + 2..).and_then(|rest| rest.first_chunk::<2>()) {
            Some(&[b' ', lead]) if is_lead(lead) => at += 3,
            _ => return at,
        }
    }
}

/// Whether a letter from U+0300 to U+07FF begins with this byte.
pub(super) fn is_lead(byte: u8) -> bool {
    matches!(byte, 0xcc..=0xdf)
}

/// Whether these are four such letters.
fn are_letters(four: u64) -> bool {
    const LEADS: u64 = 0x00e0_00e0_00e0_00e0;
    const TWO: u64 = 0x00c0_00c0_00c0_00c0;
    // From CC on a lead byte plus this has the bit 20.
    const ADDED: u64 = 0x0014_0014_0014_0014;
    const BIT: u64 = 0x0020_0020_0020_0020;
    four & LEADS == TWO && (four + ADDED) & BIT == BIT
}
