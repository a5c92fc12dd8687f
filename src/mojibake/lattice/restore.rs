//! What was lost on the way and is put in again: bytes from nowhere, and bytes that another character stands for.

use crate::encoding::{Bytes, Encoding, Fed, Pending};
use crate::language::Cost;

use super::super::path::Action;
use super::super::place::Place;
use super::super::weights;
use super::{
    AD_IS_HYPHEN, AD_IS_SPACE, AD_SURVIVES, DROPS_AD, DROPS_C1, FOLDED, Fold, HALF_OF_PAIR, Hypothesis,
    Lattice, NBSP_IS_SPACE, REPLACED_ALONE, Step,
};

impl Lattice<'_> {
    /// Bytes that were dropped before the character, or at the end of the window.
    pub(super) fn insert(&self, h: Hypothesis, place: Option<&Place>, step: &mut Step<'_>) {
        if self.channel.reader.is_utf8_first() {
            return;
        }
        let at = step.at as usize;
        // Any byte may be lost only on ways that are good otherwise: there are 128 of them.
        let may_lose_any = self.dear.any.get(at.min(self.dear.any.len().saturating_sub(1))) == Some(&true)
            && place.is_none_or(|place| h.cost <= place.best + weights::ANY_MARGIN);
        let wants_one = !h.pending.is_empty() && self.loses_tails(place);
        if may_lose_any || wants_one {
            let price = match (wants_one, self.is_torn(&h, place)) {
                (true, _) => weights::DROPPED_TAIL,
                // Texts are cut at their ends.
                _ if step.at == 0 || place.is_none() => weights::DROPPED_AT_END,
                (false, true) => weights::DROPPED_INSIDE,
                _ => weights::DROPPED_ANY,
            };
            for byte in 0x80..=0xff {
                self.push(h.plus(price), Action::Insert(byte), &[byte], step);
            }
        }
        // Inside a four-byte form nearly any byte fits, and says nothing.
        if self.channel.written == Encoding::GB18030 && h.pending.len() > 1 {
            return;
        }
        let c = place.map_or('\n', |place| place.c);
        if let Some(shy) = self.habits.shy {
            self.insert_shy(h, shy, c, step);
        }
        // A dropped lead byte needs a trail byte after it.
        if h.pending.is_empty() && c < '@' {
            return;
        }
        if self.dear.dropped_c1.get(at) == Some(&true) {
            let mut dropped = h.plus(once(h.paid, DROPS_C1, weights::DROPS_C1) + weights::EACH_C1);
            dropped.paid |= DROPS_C1;
            for &byte in &self.habits.controls {
                self.push(dropped, Action::Insert(byte), &[byte], step);
            }
        }
    }

    /// One or two bytes that a filter of soft hyphens took: the last of a character and the first of the next, or a
    /// whole one.
    fn insert_shy(&self, h: Hypothesis, shy: u8, c: char, step: &mut Step<'_>) {
        // In pairs of bytes the filter is the most common cause by far; in UTF-8 the byte is one of 64 that may be missing,
        // in single bytes one of 128.
        let is_other = self.channel.written.is_utf8() || self.channel.written.is_single_byte();
        let first = if is_other { weights::DROPS_AD_OF_OTHERS } else { weights::DROPS_AD };
        let price = once(h.paid, DROPS_AD, first + other_fate(h.paid, DROPS_AD));
        let mut dropped = h.plus(price);
        dropped.paid |= DROPS_AD;
        dropped.is_next_guessed = true;
        let Some(mut one) = self.feed(dropped, shy, step.at) else { return };
        // A dropped lead byte needs a trail byte after it.
        let may_end = |before: Pending| !before.is_empty() || c >= '@';
        one.node = step.ledger.record(one.node, one.cost, step.at, Action::Insert(shy));
        if may_end(h.pending) {
            step.out.push(one);
        }
        if self.channel.written.is_single_byte() {
            return;
        }
        if may_end(one.pending)
            && let Some(two) = self.feed(one, shy, step.at)
        {
            step.keep(two, Action::Insert(shy));
        }
    }

    /// Whether the structure of UTF-8 says that a byte is missing before a place.
    fn is_torn(&self, h: &Hypothesis, place: Option<&Place>) -> bool {
        let next = || place.and_then(|place| self.bytes_of(place.c)?.as_slice().first().copied());
        self.channel.written.is_utf8()
            && (!h.pending.is_empty() || next().is_some_and(|byte| (0x80..=0xbf).contains(&byte)))
    }

    /// Whether the last byte of a character is lost at a place because the reader of pairs could not pair it.
    fn loses_tails(&self, place: Option<&Place>) -> bool {
        let reader = self.channel.reader.encoding();
        self.channel.written.is_utf8()
            && !reader.is_single_byte()
            && reader.has_ascii()
            && place.is_none_or(|place| place.c.is_ascii() && place.c != '?')
    }

    /// The character stands in the place of bytes that are no longer there.
    pub(super) fn take_what_it_stands_for(&self, h: Hypothesis, place: &Place, step: &mut Step<'_>) {
        let is_marked = self.dear.any.get(step.at as usize) == Some(&true);
        match place.c {
            '\u{fffd}' => {
                for &byte in &self.habits.unassigned {
                    let taken = h.plus(weights::REPLACED_UNASSIGNED);
                    self.push(taken, Action::Replace(Bytes::one(byte)), &[byte], step);
                }
                if is_marked || !self.channel.reader.encoding().is_single_byte() {
                    self.replaced_by_any(h, place, step);
                }
            }
            '?' if is_marked || (self.channel.written.is_utf8() && !h.pending.is_empty()) => {
                // Who writes `?` has all the other characters of the reader.
                let (bytes, price) = match &self.habits.unassigned[..] {
                    [] => (&self.habits.controls[..], weights::REPLACED_CONTROL),
                    unassigned => (unassigned, weights::REPLACED_UNASSIGNED),
                };
                for &byte in bytes {
                    self.push(h.plus(price), Action::Replace(Bytes::one(byte)), &[byte], step);
                }
                if is_marked {
                    self.replaced_by_any(h, place, step);
                }
            }
            '"' | '\'' if is_marked => {
                let curly = if place.c == '"' { ['“', '”', '„'] } else { ['‘', '’', '‚'] };
                for bytes in curly.into_iter().filter_map(|c| self.bytes_of(c)) {
                    let taken = h.plus(weights::REPLACED_ANY);
                    self.push(taken, Action::Replace(bytes), bytes.as_slice(), step);
                }
            }
            '-' => self.replaced(h, self.habits.shy, AD_IS_HYPHEN, step),
            ' ' => {
                self.replaced(h, self.habits.shy, AD_IS_SPACE, step);
                self.replaced(h, self.habits.nbsp, NBSP_IS_SPACE, step);
            }
            c => {
                for bytes in self.channel.reader.encoding().other_bytes_of(c) {
                    self.push(h.plus(weights::OTHER_FORM), Action::Take(bytes), bytes.as_slice(), step);
                }
            }
        }
        // A line end is taken out only inside a character: elsewhere it may well be meant.
        let inside = !h.pending.is_empty();
        // … and so do several spaces.
        let is_alone = place.before != ' ' && place.after != ' ';
        let may_be_put_in = (place.c == ' ' && (inside || is_alone)) || (place.c == '\n' && inside);
        if may_be_put_in && self.dear.spaced {
            // Inside a character no space is meant; between letters most are.
            let between = h.pending.is_empty() && h.context.last() < 0x2e80;
            let price = if between { weights::EACH_REAL_SPACE } else { weights::EACH_SPACE };
            step.keep(h.plus(price), Action::Remove);
        } else if inside && place.c == '\n' && self.channel.written == Encoding::UTF_8 {
            // A line was broken by who took the bytes of one character for several.
            step.keep(h.plus(weights::PARTED), Action::Remove);
        }
    }

    fn replaced_by_any(&self, h: Hypothesis, place: &Place, step: &mut Step<'_>) {
        // The second mark of a pair that was replaced byte by byte.
        if h.lone == HALF_OF_PAIR && place.c == place.before {
            let mut whole = h;
            whole.lone = [0; 2];
            step.keep(whole, Action::Remove);
        }
        if h.cost > place.best + weights::ANY_MARGIN {
            return;
        }
        let reader = self.channel.reader;
        let pairs = reader.replaced_pairs();
        let next =
            reader.encoding().bytes_of(place.after).and_then(|bytes| bytes.as_slice().first().copied());
        // Readers of UTF-16 replace one byte only where the bytes end, and it is any.
        let reads_bytes = reader.encoding().has_ascii();
        let first = match (reads_bytes, place.after.is_ascii()) {
            (true, _) => Some(0x80),
            (false, true) => Some(b' '),
            (false, false) => None,
        };
        for byte in first.into_iter().flat_map(|first| first..=0xff) {
            // A reader of pairs replaces one byte only where it makes no pair with the next one, nor the one before.
            let is_pair = |[first, second]: [u8; 2]| reader.is_pair(first, second);
            if next.is_some_and(|next| is_pair([byte, next]))
                || (h.lone[0] == REPLACED_ALONE && is_pair([h.lone[1], byte]))
            {
                continue;
            }
            let mut taken = h.plus(weights::REPLACED_ANY);
            taken.lone =
                if !pairs.is_empty() && place.after == place.c { [REPLACED_ALONE, byte] } else { [0; 2] };
            self.push(taken, Action::Replace(Bytes::one(byte)), &[byte], step);
        }
        let mut refused = 0;
        for pair in pairs {
            // Nearly all pairs fall over their first byte.
            if pair[0] == refused {
                continue;
            }
            if self.channel.written.feed(h.pending, pair[0]) == Fed::Malformed {
                refused = pair[0];
                continue;
            }
            let mut taken = h.plus(weights::REPLACED_PAIR);
            self.push(taken, Action::Replace(Bytes::of(pair)), pair, step);
            if place.after == place.c && reads_bytes {
                taken.lone = HALF_OF_PAIR;
                self.push(taken, Action::Replace(Bytes::of(pair)), pair, step);
            }
        }
    }

    fn replaced(&self, mut h: Hypothesis, byte: Option<u8>, kind: u8, step: &mut Step<'_>) {
        let Some(byte) = byte else { return };
        let inside_utf8 = self.channel.written.is_utf8() && !h.pending.is_empty();
        let (first, each) = match kind {
            // `à` ends in this byte, and programs that trim or wrap text make a space of it.
            NBSP_IS_SPACE if inside_utf8 => (weights::NBSP_TO_SPACE / 2, weights::EACH_NBSP_INSIDE),
            NBSP_IS_SPACE => (weights::NBSP_TO_SPACE, weights::EACH_NBSP),
            _ => (weights::REPLACES_AD + other_fate(h.paid, kind), weights::EACH_AD),
        };
        h.cost += once(h.paid, kind, first) + each;
        h.paid |= kind;
        self.push(h, Action::Replace(Bytes::one(byte)), &[byte], step);
    }

    /// The bytes of what the character was before somebody folded it.
    pub(super) fn unfold(&self, h: Hypothesis, c: char, fold: Fold, step: &mut Step<'_>) {
        let mut folded = h.plus(once(h.paid, FOLDED, weights::FOLDED) + weights::EACH_FOLDED);
        folded.paid |= FOLDED;
        let mut other = |c: char| {
            if let Some(bytes) = self.bytes_of(c) {
                self.push(folded, Action::Replace(bytes), bytes.as_slice(), step);
            }
        };
        match fold {
            Fold::Lower if !c.is_ascii() => {
                c.to_uppercase().next().filter(|&upper| upper != c).into_iter().for_each(&mut other);
            }
            Fold::Upper if !c.is_ascii() => {
                c.to_lowercase().next().filter(|&lower| lower != c).into_iter().for_each(&mut other);
                // Two signs of Latin-1 whose capitals are not of its kind.
                match c {
                    'Μ' => other('µ'),
                    'Ÿ' => other('ÿ'),
                    _ => {}
                }
            }
            Fold::Compatibility => compatible(c).for_each(&mut other),
            _ => {}
        }
    }
}

/// What a plain character was before NFKC, if that was one character of a Western code page.
fn compatible(c: char) -> impl Iterator<Item = char> {
    let before = match c {
        '1' => "¹",
        '2' => "²",
        '3' => "³",
        'a' => "ª",
        'o' => "º",
        'μ' => "µ",
        _ => "",
    };
    before.chars()
}

/// The price of a second fate: what dropped one AD drops, and what replaced one replaces, all of them.
pub(super) fn other_fate(paid: u8, fate: u8) -> Cost {
    const FATES: u8 = DROPS_AD | AD_IS_HYPHEN | AD_IS_SPACE | AD_SURVIVES;
    if paid & FATES & !fate != 0 { weights::SURVIVOR } else { 0 }
}

/// The price of a kind of loss: once, however often it strikes.
fn once(paid: u8, kind: u8, price: Cost) -> Cost {
    if paid & kind != 0 { 0 } else { price }
}
