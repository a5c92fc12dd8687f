//! The search for spots: every character that is not ASCII, with its neighbours.

use std::ops::Range;

use super::GAP;
use super::passed::Passed;
use super::places::Places;
use super::skip::{self, SHORT, Small};
use crate::language::plausible::{
    self, FOREIGN, HAN, HAN_TEXT, HANGUL, HANGUL_TEXT, Kind, RARE_HAN, RARE_HANGUL, SPACE, Unit, is_letter,
};

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
/// … one that is not common, since most of what is written is: of running text 1 in 25 characters, of what a reader
/// makes of other bytes more than half.
const UNCOMMON: u32 = 2;

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
#[derive(Clone, Copy, Default)]
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

/// Spots of one window from which on it is clear that it is one, …
const MANY: usize = 8;
/// … and bytes after the last of them that are passed over then: among the bytes after these, too, a spot goes on with
/// the window, and damaged text has one every few characters.
const STRIDE: usize = GAP * 5 / 8;

/// What takes in the spots that are found.
struct Spots<F> {
    found: F,
    /// Whether only windows are asked for: then not every spot of a window need be found.
    strides: bool,
    /// End of the last spot.
    end: usize,
    /// Spots in a row, none of them far from the next.
    many: usize,
    /// Where the next spot must begin at the latest, if something was passed over.
    limit: Option<usize>,
    /// It did not.
    missed: bool,
}

impl<F: FnMut(Range<usize>)> Spots<F> {
    fn add(&mut self, spot: Range<usize>) {
        if self.limit.is_some_and(|limit| spot.start >= limit) {
            self.missed = true;
        }
        if self.missed {
            return;
        }
        self.limit = None;
        self.many = if spot.start < self.end + GAP { self.many + 1 } else { 1 };
        self.end = self.end.max(spot.end);
        (self.found)(spot);
    }

    /// Whether what comes next may be passed over.
    fn may_stride(&self) -> bool {
        self.strides && self.many >= MANY && self.limit.is_none()
    }

    /// Whether something was passed over and the next spot did not come in time.
    fn has_missed(&self, at: usize) -> bool {
        self.missed || self.limit.is_some_and(|limit| at >= limit)
    }
}

/// Reports the spots in `range`, in order of their ends.
pub(super) fn search(bytes: &[u8], range: Range<usize>, found: impl FnMut(Range<usize>)) {
    Search::new(bytes, range, found, false, skip::is_looked_at).run();
}

/// Reports so many of the spots that it is clear where windows begin and end, of spots that lie less than [`GAP`] bytes
/// from each other, and which have less than [`MANY`]; returns what was passed over.
pub(super) fn search_windows(bytes: &[u8], found: impl FnMut(Range<usize>)) -> Passed {
    let mut passed = Search::new(bytes, 0..bytes.len(), found, true, skip::is_looked_at).run();
    passed.end(bytes.len());
    passed
}

struct Search<'b, F, K> {
    bytes: &'b [u8],
    /// The bytes that are looked at.
    places: Places<'b, K>,
    start: usize,
    /// All before is done.
    at: usize,
    /// No escape sequence begins before.
    escape: usize,
    /// The run of characters beyond ASCII that ends at `at` and may go on.
    open: Option<Run>,
    doubts: Doubts,
    spots: Spots<F>,
    passed: Passed,
}

impl<'b, F: FnMut(Range<usize>), K: Fn(u8) -> bool> Search<'b, F, K> {
    fn new(bytes: &'b [u8], range: Range<usize>, found: F, strides: bool, is_looked_at: K) -> Self {
        let bytes = &bytes[..range.end];
        let spots = Spots { found, strides, end: 0, many: 0, limit: None, missed: false };
        let start = range.start;
        let places = Places::of(bytes, is_looked_at);
        let (open, doubts, passed) = Default::default();
        Self { bytes, places, start, at: start, escape: start, open, doubts, spots, passed }
    }

    fn run(mut self) -> Passed {
        while !self.is_done() {
            if self.spots.may_stride() {
                self.stride();
            } else {
                self.go_on();
            }
        }
        self.passed
    }

    fn is_done(&self) -> bool {
        self.at >= self.bytes.len() && self.open.is_none()
    }

    /// Passes over the next bytes, unless the window ends among them.
    fn stride(&mut self) {
        let (at, open, doubts, escape) = (self.at, self.open, self.doubts, self.escape);
        let mark = self.passed.mark();
        let next = self.at.max(self.spots.end + STRIDE);
        if next < self.bytes.len() {
            self.spots.limit = Some(self.spots.end + GAP);
            self.open = None;
            self.at = next;
            while self.bytes.get(self.at).is_some_and(|byte| byte & 0xc0 == 0x80) {
                self.at += 1;
            }
            while self.spots.limit.is_some() && !self.spots.has_missed(self.at) && !self.is_done() {
                self.go_on();
            }
            if self.spots.limit.is_none() {
                return;
            }
        }
        // What was passed over has to be looked at after all.
        self.passed.go_back(mark);
        (self.at, self.open, self.doubts, self.escape) = (at, open, doubts, escape);
        self.spots.limit = None;
        self.spots.missed = false;
        self.spots.many = 0;
    }

    /// Goes on to the end of the next run that has to be looked at, or until something may be passed over.
    fn go_on(&mut self) {
        let (bytes, spots, passed) = (self.bytes, &mut self.spots, &mut self.passed);
        if let Some(run) = self.open.take() {
            let begin = self.at;
            (self.at, self.open) = run.go_on(bytes, &mut self.doubts, spots);
            passed.close(begin..self.at);
            return;
        }
        let until = spots.limit.unwrap_or(usize::MAX);
        let mut at = self.at;
        // After plain text of another script the next character is seldom far.
        let mut is_near = true;
        loop {
            let near = if is_near { skip::first_of_word(bytes, at) } else { None };
            let start = self.start;
            let mut is_quiet = |at: usize| at < until && is_quiet(bytes, at, start, passed);
            let next = near.or_else(|| self.places.find(at, |at| !is_quiet(at))).unwrap_or(bytes.len());
            is_near = false;
            self.escape = escapes(bytes, self.escape, next, spots);
            self.at = next;
            if next >= bytes.len() {
                return;
            }
            if bytes[next] < 0x80 {
                spots.add(next..next + 1);
                self.at += 1;
                return;
            }
            at = match Small::at(bytes, next) {
                Some(small) if small.is_seen() => {
                    passed.letter(small, next);
                    next + 2
                }
                Some(_) => {
                    spots.add(next..next + 2);
                    self.at += 2;
                    return;
                }
                _ if next > self.start
                    && let Some(end) = skip::lone_end(bytes, next) =>
                {
                    passed.close(next..end);
                    end
                }
                _ => {
                    let last = skip::plain(bytes, next);
                    if let Some(end) = skip::quiet_end(bytes, next, last) {
                        is_near = true;
                        // Between others of three bytes one of them is no letter or sign of words in Latin letters.
                        if bytes[next] < 0xe3 || bytes[last] < 0xe3 {
                            passed.close(next..end);
                        }
                        end
                    } else {
                        let run = Run::begin(bytes, next, last, self.start);
                        (self.at, self.open) = run.go_on(bytes, &mut self.doubts, spots);
                        passed.close(next..self.at);
                        return;
                    }
                }
            };
            if at >= until {
                self.at = at;
                return;
            }
        }
    }
}

/// Whether a character between ASCII, which does not stand at `start`, is passed over.
// Asked of each letter of French: a call takes as long as the answer.
#[inline(always)]
fn is_quiet(bytes: &[u8], at: usize, start: usize, passed: &mut Passed) -> bool {
    if let Some(small) = Small::at(bytes, at) {
        let is_seen = small.is_seen();
        if is_seen {
            passed.letter(small, at);
        }
        return is_seen;
    }
    let end = if start < at { skip::lone_end(bytes, at) } else { None };
    end.inspect(|&end| passed.close(at..end)).is_some()
}

/// Reports escape sequences of ISO-2022 up to `to`; returns the next place to look at.
fn escapes<F: FnMut(Range<usize>)>(bytes: &[u8], mut from: usize, to: usize, spots: &mut Spots<F>) -> usize {
    while from < to {
        let Some(at) = memchr::memchr(0x1b, &bytes[from..]) else { return bytes.len() };
        if from + at >= to {
            return from + at;
        }
        from += at + 1;
        if matches!(bytes.get(from), Some(b'$' | b'(')) {
            spots.add(from - 1..from + 1);
        }
    }
    from
}

/// A run of characters that are not ASCII.
#[derive(Clone, Copy)]
struct Run {
    begin: usize,
    at: usize,
    /// The character before the last one.
    first: Unit,
    /// The last one.
    before: Seen,
}

impl Run {
    /// The run that begins at `begin`, of which nothing is strange before `last`.
    fn begin(bytes: &[u8], begin: usize, last: usize, start: usize) -> Self {
        let mut run = Self { begin, at: last, first: SPACE, before: Seen::EDGE };
        if last > begin {
            run.before = Seen::read(bytes, last);
            run.at += run.before.width;
        } else if begin > start && bytes[begin - 1] < 0x80 {
            run.before = Seen::ascii(bytes[begin - 1]);
        }
        run
    }

    /// Looks at the characters up to the end, or until something may be passed over; returns the place, and the run if
    /// it goes on there.
    fn go_on<F: FnMut(Range<usize>)>(
        mut self,
        bytes: &[u8],
        doubts: &mut Doubts,
        spots: &mut Spots<F>,
    ) -> (usize, Option<Self>) {
        loop {
            let Self { begin, at, first, before } = self;
            let after = match bytes.get(at) {
                Some(0x80..) => {
                    let seen = Seen::read(bytes, at);
                    judge(at, before, seen, doubts, spots);
                    between(at, first, before, seen, spots);
                    (self.first, self.before) = (before.unit, seen);
                    let skipped = skip(bytes, at, seen);
                    if skipped > at {
                        self.at = skipped;
                        self.first = SPACE;
                        self.before = Seen::read(bytes, skipped);
                    }
                    self.at += self.before.width;
                    if spots.may_stride() || spots.has_missed(self.at) {
                        return (self.at, Some(self));
                    }
                    continue;
                }
                Some(&byte) => Seen::ascii(byte),
                None => Seen::EDGE,
            };
            judge(at, before, after, doubts, spots);
            between(at, first, before, after, spots);
            if at - begin <= SHORT {
                let points = loneliness(bytes, begin..at, before);
                if let Some(spot) = doubts.add(begin, at - begin, points) {
                    spots.add(spot);
                }
            }
            return (at, None);
        }
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
fn between<F: FnMut(Range<usize>)>(at: usize, first: Unit, before: Seen, seen: Seen, spots: &mut Spots<F>) {
    if before.unit >= 0x80
        && plausible::has_sides(first, before.unit, seen.unit)
        && !plausible::is_seen_between(first, before.unit, seen.unit)
    {
        spots.add(at - before.width..at);
    }
}

/// Reports what is strange about `seen`, which stands at `at`, after `before`.
#[inline]
fn judge<F: FnMut(Range<usize>)>(
    at: usize,
    before: Seen,
    seen: Seen,
    doubts: &mut Doubts,
    spots: &mut Spots<F>,
) {
    if before.is & seen.goes != 0 {
        return;
    }
    look(at, before, seen, doubts, spots);
}

fn look<F: FnMut(Range<usize>)>(
    at: usize,
    before: Seen,
    seen: Seen,
    doubts: &mut Doubts,
    spots: &mut Spots<F>,
) {
    // A reader's own mark of what it could not read, or a byte that it passed on.
    if seen.unit == REPLACEMENT || plausible::is_control(seen.unit) {
        spots.add(at..at + seen.width);
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
        // The pair says more than that neither is common.
        points = points.saturating_sub(UNCOMMON);
        if !plausible::is_seen_of_many(before.uncommon, seen.uncommon) {
            points += if seen.is_rare() { UNCOMMON + UNSEEN } else { UNSEEN };
        }
    } else if !plausible::is_seen(before.unit, seen.unit) {
        // ASCII is strange of nothing.
        let start = if before.width < 2 { at } else { at - before.width };
        let end = if seen.width < 2 { at } else { at + seen.width };
        spots.add(start..end);
        return;
    }
    if let Some(spot) = doubts.add(at, seen.width, points) {
        spots.add(spot);
    }
}
