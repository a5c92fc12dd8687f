//! The search for spots: every character that is not ASCII, with its neighbours.

use std::ops::Range;

use super::skip::{self, next_high};
use crate::language::plausible::{
    self, FOREIGN, HAN, HAN_TEXT, HANGUL, HANGUL_TEXT, Kind, RARE_HAN, RARE_HANGUL, SPACE, Unit, is_letter,
};

/// Bytes of a run that is one or two characters.
const SHORT: usize = 6;
/// Bytes on both sides of a run that show whether it stands in text of Latin script.
const LONELY: usize = 12;
/// Points of doubt that make a spot.
const ENOUGH: u32 = 8;
/// Points that are remembered at most, so that the end of a damaged text is found.
const MOST: u32 = 12;
/// Bytes over which a point of doubt is forgotten.
const FORGET: usize = 6;
/// Points for a Han character or a syllable that clean text hardly has, …
const RARE: u32 = 4;
/// … two that are not common in a row that clean text was not seen to have, …
const UNSEEN: u32 = 4;
/// … a Han character beside a syllable, …
const MIXED: u32 = 4;
/// … one that is not common, since most of what is written is: of running text 1 in 25 characters, of what a reader makes
/// of other bytes more than half.
const UNCOMMON: u32 = 3;

/// U+FFFD.
const REPLACEMENT: Unit = 0xfffd;

// What a character is; see `Seen::is`.
const ASCII_LETTER: u8 = 1;
const ASCII_SIGN: u8 = 2;
/// Of running Chinese and Japanese text.
const RUNNING_HAN: u8 = 4;
/// Of running Korean text.
const RUNNING_HANGUL: u8 = 8;
/// Of an alphabet other than Latin: a word may begin and end with any letter.
const LETTER: u8 = 16;

/// A character as the search sees it.
#[derive(Clone, Copy)]
struct Seen {
    unit: Unit,
    /// Its number if it is a Han character or a syllable that is not common, else 0.
    uncommon: u32,
    /// One of the bits above, or none.
    is: u8,
    /// The bits of the characters after and before which there is nothing to look at.
    goes: u8,
    width: usize,
}

impl Seen {
    fn ascii(byte: u8) -> Self {
        let unit = plausible::ascii_unit(byte);
        if byte.is_ascii_alphabetic() {
            return Self {
                unit,
                uncommon: 0,
                is: ASCII_LETTER,
                goes: RUNNING_HAN | RUNNING_HANGUL,
                width: 1,
            };
        }
        Self { unit, width: 1, ..Self::EDGE }
    }

    const EDGE: Self = Self {
        unit: SPACE,
        uncommon: 0,
        is: ASCII_SIGN,
        goes: RUNNING_HAN | RUNNING_HANGUL | LETTER,
        width: 0,
    };

    /// The character of more than one byte at `at`.
    #[inline]
    fn read(bytes: &[u8], at: usize) -> Self {
        let [a, b, c, d] = match *bytes.get(at..).unwrap_or_default() {
            [a, b, c, d, ..] => [a, b, c, d],
            [a, b, c] => [a, b, c, 0],
            [a, b] => [a, b, 0, 0],
            _ => [0; 4],
        };
        if a < 0xe0 {
            let unit = Unit::from(u16::from_le_bytes([a, b]));
            let (is, goes) = if is_letter(unit) { (LETTER, ASCII_SIGN) } else { (0, 0) };
            return Self { unit, uncommon: 0, is, goes, width: 2 };
        }
        let low = |byte: u8| u32::from(byte & 63);
        if a >= 0xf0 {
            return Self::of(u32::from(a & 7) << 18 | low(b) << 12 | low(c) << 6 | low(d), 4);
        }
        let number = u32::from(a & 15) << 12 | low(b) << 6 | low(c);
        if plausible::has(HAN_TEXT, u32::from_le_bytes([a, b, c, 0])) {
            let unit = if (0x3400..0xff00).contains(&number) { HAN } else { plausible::class(number) };
            return Self {
                unit,
                uncommon: 0,
                is: RUNNING_HAN,
                goes: ASCII_LETTER | ASCII_SIGN | RUNNING_HAN,
                width: 3,
            };
        }
        if plausible::has(HANGUL_TEXT, u32::from_le_bytes([a, b, c, 0])) {
            return Self {
                unit: HANGUL,
                uncommon: 0,
                is: RUNNING_HANGUL,
                goes: ASCII_LETTER | ASCII_SIGN | RUNNING_HANGUL,
                width: 3,
            };
        }
        Self::of(number, 3)
    }

    /// A character that is not of running text.
    fn of(number: u32, width: usize) -> Self {
        let plain = |unit| Self { unit, uncommon: 0, is: 0, goes: 0, width };
        let many = |unit| Self { unit, uncommon: number, is: 0, goes: 0, width };
        match plausible::kind(number) {
            Kind::Plain => plain(plausible::class(number)),
            Kind::Foreign => plain(FOREIGN),
            Kind::Han => many(if plausible::is_known(number) { HAN } else { RARE_HAN }),
            Kind::Hangul => many(if plausible::is_known(number) { HANGUL } else { RARE_HANGUL }),
        }
    }

    fn is_rare(self) -> bool {
        self.unit == RARE_HAN || self.unit == RARE_HANGUL
    }

    fn is_han(self) -> bool {
        self.unit == HAN || self.unit == RARE_HAN
    }

    fn is_hangul(self) -> bool {
        self.unit == HANGUL || self.unit == RARE_HANGUL
    }

    /// Whether it is a Han character or a syllable.
    fn is_many(self) -> bool {
        self.is_han() || self.is_hangul()
    }
}

/// Signs that say little alone, and add up where they are close to each other.
#[derive(Default)]
struct Doubts {
    first: usize,
    last: usize,
    points: u32,
}

impl Doubts {
    /// The spot that the doubts make with this one.
    fn add(&mut self, at: usize, width: usize, points: u32) -> Option<Range<usize>> {
        if points == 0 {
            return None;
        }
        let forgotten = at.saturating_sub(self.last) / FORGET;
        self.points = self.points.saturating_sub(u32::try_from(forgotten).unwrap_or(u32::MAX));
        if self.points == 0 {
            self.first = at;
        }
        self.last = at + width;
        self.points = (self.points + points).min(MOST);
        if self.points < ENOUGH {
            return None;
        }
        let spot = self.first..at + width;
        self.first = at + width;
        Some(spot)
    }
}

/// Reports the spots in `range`, in order of their ends.
pub(super) fn search(bytes: &[u8], range: Range<usize>, mut found: impl FnMut(Range<usize>)) {
    let bytes = &bytes[..range.end];
    let mut doubts = Doubts::default();
    let mut escape = range.start;
    let mut at = range.start;
    loop {
        let next = next_high(bytes, at);
        escape = escapes(bytes, escape, next, &mut found);
        if next >= bytes.len() {
            return;
        }
        at = next;
        if bytes[at] < 0x80 {
            found(at..at + 1);
            at += 1;
            continue;
        }
        // The most frequent case in languages of Latin script: a small letter between two of ASCII.
        if let Some(&[before @ ..0x80, 0xc3, second @ 0x9f..=0xbf, after @ ..0x80]) = around(bytes, at) {
            if !plausible::is_seen_small(before, second, after) {
                found(at..at + 2);
            }
            at += 2;
            continue;
        }
        let last = plain(bytes, at);
        let end = last + if bytes[last] < 0xe0 { 2 } else { 3 };
        let is_quiet = match bytes.get(end) {
            Some(&after) if bytes[last] < 0xe0 => after < 0x80 && !after.is_ascii_alphabetic(),
            Some(&after) => after < 0x80,
            None => true,
        };
        // A long run of plain text between ASCII characters is nothing to look at.
        if is_quiet && end - at > SHORT && last > at {
            at = end;
            continue;
        }
        at = run(bytes, at, last, range.start, &mut doubts, &mut found);
    }
}

/// The last character of the plain text that begins at `at` after an ASCII character; `at` itself if there is none.
#[inline]
fn plain(bytes: &[u8], at: usize) -> usize {
    let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
    match bytes[at..] {
        [lead, ..] if skip::is_lead(lead) && !before.is_ascii_alphabetic() => skip::letters(bytes, at),
        [a @ 0xe0..0xf0, b, c, ..] if plausible::has(HAN_TEXT, u32::from_le_bytes([a, b, c, 0])) => {
            skip::running(bytes, at, HAN_TEXT)
        }
        [a @ 0xe0..0xf0, b, c, ..] if plausible::has(HANGUL_TEXT, u32::from_le_bytes([a, b, c, 0])) => {
            skip::running(bytes, at, HANGUL_TEXT)
        }
        _ => at,
    }
}

/// The character of two bytes at `at` with the bytes beside it.
#[inline]
fn around(bytes: &[u8], at: usize) -> Option<&[u8; 4]> {
    bytes.get(at.checked_sub(1)?..)?.first_chunk()
}

/// Reports escape sequences of ISO-2022 up to `to`; returns the next place to look at.
fn escapes(bytes: &[u8], mut from: usize, to: usize, found: &mut impl FnMut(Range<usize>)) -> usize {
    while from < to {
        let Some(at) = memchr::memchr(0x1b, &bytes[from..]) else { return bytes.len() };
        if from + at >= to {
            return from + at;
        }
        from += at + 1;
        if matches!(bytes.get(from), Some(b'$' | b'(')) {
            found(from - 1..from + 1);
        }
    }
    from
}

/// Looks at a run of characters that are not ASCII, from `begin` on, of which nothing is strange before `last`, and
/// returns its end.
fn run(
    bytes: &[u8],
    begin: usize,
    last: usize,
    start: usize,
    doubts: &mut Doubts,
    found: &mut impl FnMut(Range<usize>),
) -> usize {
    let mut at = last;
    let mut first = SPACE;
    let mut before = if begin == start { Seen::EDGE } else { Seen::ascii(bytes[begin - 1]) };
    if last > begin {
        before = Seen::read(bytes, last);
        at += before.width;
    }
    loop {
        let after = match bytes.get(at) {
            Some(0x80..) => {
                let seen = Seen::read(bytes, at);
                judge(at, before, seen, doubts, found);
                between(at, first, before, seen, found);
                (first, before) = (before.unit, seen);
                let skipped = skip(bytes, at, seen);
                if skipped > at {
                    at = skipped;
                    first = SPACE;
                    before = Seen::read(bytes, at);
                }
                at += before.width;
                continue;
            }
            Some(&byte) => Seen::ascii(byte),
            None => Seen::EDGE,
        };
        judge(at, before, after, doubts, found);
        between(at, first, before, after, found);
        if at - begin <= SHORT {
            let points = loneliness(bytes, begin..at, before);
            if let Some(spot) = doubts.add(begin, at - begin, points) {
                found(spot);
            }
        }
        return at;
    }
}

/// The last character of the plain text that begins with `seen` at `at`.
#[inline]
fn skip(bytes: &[u8], at: usize, seen: Seen) -> usize {
    match seen.width {
        2 if is_letter(seen.unit) => skip::letters(bytes, at),
        3 if seen.is == RUNNING_HANGUL => skip::running(bytes, at, HANGUL_TEXT),
        3 if seen.is == RUNNING_HAN => skip::running(bytes, at, HAN_TEXT),
        _ => at,
    }
}

/// Points for a run of one or two characters of another script in the midst of Latin text, which is what a reader of
/// another alphabet, or of two bytes, makes of one accented letter.
fn loneliness(bytes: &[u8], run: Range<usize>, last: Seen) -> u32 {
    if !(last.is_many() || is_letter(last.unit)) {
        return 0;
    }
    let before = &bytes[run.start.saturating_sub(LONELY)..run.start];
    let after = &bytes[run.end..bytes.len().min(run.end + LONELY)];
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    let is_small = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
    // Trail bytes and the lead bytes of Latin letters.
    let is_latin = before.iter().chain(after).all(|&byte| byte < 0xc8);
    let is_word = is_small(before.iter().rev().find(|&&byte| byte != b' '))
        && is_small(after.iter().find(|&&byte| byte != b' '));
    match (is_letter(before.last()), is_letter(after.first())) {
        (true, true) => ENOUGH,
        (false, false) if is_latin && (is_word || last.uncommon != 0) => ENOUGH,
        (false, false) => 0,
        _ if is_latin => ENOUGH,
        _ => ENOUGH * 5 / 8,
    }
}

/// Reports a Latin letter that is strange between its neighbours, though it may stand beside each of them.
#[inline]
fn between(at: usize, first: Unit, before: Seen, seen: Seen, found: &mut impl FnMut(Range<usize>)) {
    if before.unit >= 0x80
        && plausible::has_sides(first, before.unit, seen.unit)
        && !plausible::is_seen_between(first, before.unit, seen.unit)
    {
        found(at - before.width..at);
    }
}

/// Reports what is strange about `seen`, which stands at `at`, after `before`.
#[inline]
fn judge(at: usize, before: Seen, seen: Seen, doubts: &mut Doubts, found: &mut impl FnMut(Range<usize>)) {
    if before.is & seen.goes != 0 {
        return;
    }
    look(at, before, seen, doubts, found);
}

fn look(at: usize, before: Seen, seen: Seen, doubts: &mut Doubts, found: &mut impl FnMut(Range<usize>)) {
    // A reader's own mark of what it could not read.
    if seen.unit == REPLACEMENT {
        found(at..at + seen.width);
        return;
    }
    if before.unit == FOREIGN || seen.unit == FOREIGN {
        return;
    }
    // With ASCII on both sides the three say it, without ASCII the pair must.
    if plausible::is_small_letter(seen.unit) && before.width < 2
        || plausible::is_small_letter(before.unit) && seen.width < 2
    {
        return;
    }
    let mut points = match seen.uncommon {
        0 => 0,
        _ if seen.is_rare() => RARE,
        _ => UNCOMMON,
    };
    if before.is_hangul() && seen.is_han() || before.is_han() && seen.is_hangul() {
        points += MIXED;
    }
    if before.uncommon != 0 && seen.uncommon != 0 {
        if plausible::is_seen(before.uncommon, seen.uncommon) {
            points = points.saturating_sub(UNCOMMON);
        } else {
            points += UNSEEN;
        }
    } else if !plausible::is_seen(before.unit, seen.unit) {
        let start = if before.unit < 0x80 && !before.is_many() { at } else { at - before.width };
        let end = if seen.unit < 0x80 && !seen.is_many() { at } else { at + seen.width };
        found(start..end);
        return;
    }
    if let Some(spot) = doubts.add(at, seen.width, points) {
        found(spot);
    }
}
