//! What a window was in bytes, by one reader or several that give the same characters for the same bytes, and what these
//! bytes are in each encoding: told once for all of these readers.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use crate::combining::with_mark;
use crate::encoding::{Bytes, Encoding, Fed, Pending, Reader};
use crate::language::{Cost, Model};

use super::glance::Counts;
use super::rank::Seen;
use super::weights;

/// A character of the window, and the bytes that it stands for.
pub(super) type Unit = (char, Option<Bytes>);

/// The bytes of a window by one reader or several.
pub(super) struct Reading {
    units: Vec<Unit>,
    counts: Counts,
    /// What the window costs in each single-byte encoding that is not hopeless.
    costs: OnceCell<Vec<(Encoding, Cost)>>,
    plain: Looks,
    in_step: Looks,
}

impl Reading {
    /// What `chars` were for a reader: the same as for another one before it, or new.
    pub(super) fn of(reader: Reader, chars: &[char], known: &mut Vec<Rc<Self>>, stands: &Model) -> Rc<Self> {
        let units: Vec<Unit> = chars.iter().map(|&c| (c, bytes_of(reader, c))).collect();
        if let Some(same) = known.iter().find(|other| other.units == units) {
            return Rc::clone(same);
        }
        let counts = Counts::of(&units, stands);
        let (costs, plain, in_step) = Default::default();
        let new = Rc::new(Self { units, counts, costs, plain, in_step });
        known.push(Rc::clone(&new));
        new
    }

    pub(super) fn units(&self) -> &[Unit] {
        &self.units
    }

    /// What the window costs in each single-byte encoding that is not hopeless, without the price of the channel.
    pub(super) fn costs(&self) -> &[(Encoding, Cost)] {
        self.costs.get_or_init(|| self.counts.costs().collect())
    }

    /// What the characters cost in each language of a single-byte encoding, alone.
    pub(super) fn alone(&self, written: Encoding) -> Option<Vec<Cost>> {
        self.counts.alone(written)
    }

    /// A look at what the bytes are in an encoding, if what does not decode costs no more than `most`.
    pub(super) fn plainly(
        &self,
        written: Encoding,
        most: Cost,
        look: impl FnOnce(Cost) -> Option<Seen>,
    ) -> Option<Seen> {
        self.plain.get(written, most, |most| look(most).map(|seen| (seen.extra, seen)))
    }

    /// … where bytes are passed over, if all ways to some place cost no more than `most`.
    pub(super) fn in_step(
        &self,
        written: Encoding,
        most: Cost,
        look: impl FnOnce(Cost) -> Option<(Seen, Cost)>,
    ) -> Option<Seen> {
        self.in_step.get(written, most, |most| look(most).map(|(seen, peak)| (peak, seen)))
    }
}

/// The looks that were made.
#[derive(Default)]
struct Looks(RefCell<Vec<Tried>>);

/// A look at what the bytes are in an encoding.
struct Tried {
    written: Encoding,
    /// The most that it was allowed to cost.
    most: Cost,
    /// What it costs, and what was seen; nothing if that is too much.
    seen: Option<(Cost, Seen)>,
}

impl Looks {
    /// A look that costs no more than `most`; `look` says what it costs.
    fn get(
        &self,
        written: Encoding,
        most: Cost,
        look: impl FnOnce(Cost) -> Option<(Cost, Seen)>,
    ) -> Option<Seen> {
        let mut looks = self.0.borrow_mut();
        let known = looks.iter().position(|other| other.written == written);
        if let Some(Tried { most: allowed, seen, .. }) = known.and_then(|at| looks.get(at))
            && (seen.is_some() || most <= *allowed)
        {
            return seen.as_ref().filter(|(cost, _)| *cost <= most).map(|(_, seen)| seen.clone());
        }
        let tried = Tried { written, most, seen: look(most) };
        let told = tried.seen.as_ref().map(|(_, seen)| seen.clone());
        match known.and_then(|at| looks.get_mut(at)) {
            Some(known) => *known = tried,
            None => looks.push(tried),
        }
        told
    }
}

fn bytes_of(reader: Reader, c: char) -> Option<Bytes> {
    reader.bytes_of(c).or_else(|| reader.encoding().sloppy_bytes_of(c))
}

/// Whether the bytes may be half a character of UTF-16 in UTF-8; A0 may have become a space.
pub(super) fn has_halves(units: &[Unit]) -> bool {
    let bytes = |unit: &Unit| {
        unit.1.map_or([0; 2], |bytes| match bytes.as_slice() {
            [first, .., last] => [*first, *last],
            [one] => [*one; 2],
            [] => [0; 2],
        })
    };
    units.iter().any(|unit| bytes(unit) == [0xed, 0xa0])
        || units.windows(2).any(|pair| {
            let ([_, last], [next, _]) = (bytes(&pair[0]), bytes(&pair[1]));
            last == 0xed && (matches!(next, 0xa0..=0xaf) || pair[1].0 == ' ')
        })
}

/// The byte of U+00A0 in the encodings of Windows and ISO.
const NO_BREAK_SPACE: u8 = 0xa0;

pub(super) struct Decoded {
    pub(super) text: Vec<char>,
    pub(super) malformed: usize,
    unread: Cost,
    /// The bytes that waited where one was replaced: of them, another reader may have had others.
    pub(super) before_replaced: Vec<Pending>,
    pub(super) is_whole: bool,
}

impl Decoded {
    /// What costs over the characters.
    pub(super) fn extra(&self) -> Cost {
        self.unread + self.malformed as Cost * weights::MALFORMED
    }

    /// Takes in a byte after those that wait.
    #[inline]
    fn feed(&mut self, written: Encoding, pending: Pending, byte: u8) -> Pending {
        let mut fed = written.feed(pending, byte);
        if fed == Fed::Malformed {
            self.malformed += 1;
            self.is_whole = false;
            // The byte may begin a character itself.
            fed = written.feed(Pending::NONE, byte);
        }
        match fed {
            Fed::More(more) => return more,
            Fed::Char(c) => self.text.push(c),
            Fed::Malformed => {}
        }
        Pending::NONE
    }
}

/// `None` if what does not decode costs more than `most`.
pub(super) fn decode(
    written: Encoding,
    units: &[Unit],
    is_cut: bool,
    stands: &Model,
    most: Cost,
) -> Option<Decoded> {
    let (text, before_replaced) = (Vec::with_capacity(units.len()), Vec::new());
    let mut decoded = Decoded { text, malformed: 0, unread: 0, before_replaced, is_whole: true };
    let mut pending = Pending::NONE;
    for &(c, bytes) in units {
        if decoded.extra() > most {
            return None;
        }
        let Some(bytes) = bytes else {
            decoded.is_whole = false;
            match c {
                '\u{fffd}' => decoded.before_replaced.push(pending),
                _ => decoded.unread += weights::UNREAD + stands.alone(c).min(weights::DEAREST),
            }
            pending = Pending::NONE;
            continue;
        };
        // Who reads UTF-16 line by line leaves the ends of the lines.
        if c.is_ascii() && bytes.as_slice().len() > 1 && written.has_ascii() {
            decoded.is_whole &= pending.is_empty();
            pending = Pending::NONE;
            decoded.text.push(c);
            continue;
        }
        if written.is_single_byte() {
            for c in bytes.as_slice().iter().filter_map(|&byte| written.page_char(byte)) {
                match c {
                    '\u{fffd}' => (decoded.malformed, decoded.is_whole) = (decoded.malformed + 1, false),
                    _ => push(&mut decoded.text, c),
                }
            }
            continue;
        }
        // A space inside a character was a no-break space, or was put in.
        if c == ' ' && written.is_utf8() && !pending.is_empty() {
            match written.feed(pending, NO_BREAK_SPACE) {
                Fed::Char(c) => {
                    decoded.text.push(c);
                    (decoded.is_whole, pending) = (false, Pending::NONE);
                    continue;
                }
                Fed::More(more) if written == Encoding::CESU_8 => {
                    (decoded.is_whole, pending) = (false, more);
                    continue;
                }
                _ => {}
            }
        }
        if matches!(c, ' ' | '\n') && !pending.is_empty() {
            decoded.malformed += 1;
            decoded.is_whole = false;
            continue;
        }
        for &byte in bytes.as_slice() {
            pending = decoded.feed(written, pending, byte);
        }
    }
    decoded.is_whole &= pending.is_empty() || is_cut;
    (decoded.extra() <= most).then_some(decoded)
}

/// Adds a character, a mark to its letter.
fn push(text: &mut Vec<char>, c: char) {
    match text.last().and_then(|&last| with_mark(last, c)) {
        Some(whole) => {
            text.pop();
            text.push(whole);
        }
        None => text.push(c),
    }
}

/// Decodes pairs as well as it goes where bytes were lost: the cheapest way by the surprise of the characters, each
/// taken alone, on which any byte may be passed over. (That the byte of the soft hyphen is missing costs more, whatever
/// comes of it.) Comes with the most that all ways to some place cost: `None` if that is more than `most`.
pub(super) fn decode_in_step(
    written: Encoding,
    units: &[Unit],
    stands: &Model,
    model: &Model,
    most: Cost,
) -> Option<(Decoded, Cost)> {
    let mut bytes: Vec<(Option<u8>, char)> = Vec::with_capacity(units.len() * 2);
    for &(c, all) in units {
        match all {
            Some(all) => bytes.extend(all.as_slice().iter().map(|&byte| (Some(byte), c))),
            None => bytes.push((None, c)),
        }
    }
    // For each place the cost of the best way to it, and the character that it ends with.
    let mut ways: Vec<(Cost, LastStep)> = vec![(Cost::MAX, LastStep::Over); bytes.len() + 1];
    ways[0].0 = 0;
    let price = |c: char| if c.is_ascii() { 0 } else { model.alone(c).min(weights::DEAREST) };
    let mut peak = 0;
    for at in 0..bytes.len() {
        let so_far = ways[at].0;
        // A way passes through this place or over it.
        peak = peak.max(so_far.min(ways[at + 1].0));
        if peak > most {
            return None;
        }
        let (over, step) = match bytes[at] {
            (None, c) => (weights::UNREAD + stands.alone(c).min(weights::DEAREST), LastStep::Over),
            (Some(..0x80), c) => (0, LastStep::Low(c)),
            (Some(_), _) => (weights::MALFORMED, LastStep::Over),
        };
        let over = so_far.saturating_add(over);
        if over < ways[at + 1].0 {
            ways[at + 1] = (over, step);
        }
        if let (Some(byte), _) = bytes[at]
            && let Some(&(Some(next), _)) = bytes.get(at + 1)
            && let Some(c) = written.pair(byte, next)
        {
            ways[at + 2] = (so_far.saturating_add(price(c)), LastStep::Pair(c));
        }
    }
    let mut text = Vec::new();
    let (mut at, mut surprise) = (bytes.len(), 0);
    while at > 0 {
        at -= match ways[at].1 {
            LastStep::Over => 1,
            LastStep::Low(c) => {
                text.push(c);
                surprise += price(c);
                1
            }
            LastStep::Pair(c) => {
                text.push(c);
                surprise += price(c);
                2
            }
        };
    }
    text.reverse();
    let unread = ways.last().map_or(0, |way| way.0).saturating_sub(surprise);
    Some((Decoded { text, malformed: 0, unread, before_replaced: Vec::new(), is_whole: false }, peak))
}

/// How a way comes to a place.
#[derive(Clone, Copy)]
enum LastStep {
    /// Over a byte that is passed over.
    Over,
    /// A byte below 80: what stands there stays.
    Low(char),
    Pair(char),
}
