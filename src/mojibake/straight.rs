//! The lossless inverse as a fast path: a window that decodes whole, and reads like text, needs no search.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use crate::encoding::{Encoding, Reader, sloppy_byte_of};
use crate::language::{BIT, Context, Cost, Model, bits};

use super::engine::{Known, Pass};
use super::evidence::{are_loose, is_lone_word, is_surely_utf8};
use super::lattice::Channel;
use super::place::clean_cost;
use super::plan::{Plan, Step};
use super::segment::fitting_reader;
use super::{Change, Score, languages, twins, undecidable, weights};

/// Characters that a window must give before it is believed without a search.
const ENOUGH: usize = 64;
/// Characters of a block that must be like text by itself: a lost byte shifts all pairs after it, and what they then
/// give is rare characters.
const BLOCK: usize = 16;
/// The most that the characters of a block may cost on average, each taken alone. Running Chinese has 9 to 10 bits,
/// pairs out of step 16 and more.
const BLOCK_COST: Cost = 14 * BIT;
/// Characters of a window that are priced in context, and by which the script is told; a longer one is judged by its
/// beginning.
const PRICED: usize = 400;

/// … and of a window that came through a channel which is known already.
const PRICED_AGAIN: usize = 100;

impl Pass<'_> {
    /// Converts a whole window if that leaves no doubt: UTF-8, which is not made by chance; pairs through a reader of
    /// pairs, from which nothing gets lost; pairs through a reader of single bytes only if a surviving U+00AD says
    /// that no filter took it away. All else is for the lattice.
    pub(super) fn converts(
        &mut self,
        window: &Range<usize>,
        known: Known,
        enter: Cost,
        changes: &mut Vec<Change>,
    ) -> bool {
        let text = &self.text[window.clone()];
        let is_utf8 = known.channel.written.is_utf8();
        let channel = match is_utf8 {
            true => twins::likelier(text, known.channel, &self.task.hints),
            false => known.channel,
        };
        let known = Known { channel, ..known };
        let through_pairs = !channel.reader.encoding().is_single_byte();
        let has_shy = || memchr::memmem::find(text.as_bytes(), "\u{ad}".as_bytes()).is_some();
        if channel.written.is_single_byte() || !(is_utf8 || through_pairs || has_shy()) {
            return false;
        }
        let first = changes.len();
        let is_converted = add_changes(self.text, window.clone(), channel, changes).is_some()
            && self.believes(window, known, enter, &mut changes[first..]);
        if is_converted {
            self.learn(known);
        } else {
            changes.truncate(first);
        }
        is_converted
    }

    /// Whether what came of a whole window leaves no doubt; writes down the evidence.
    fn believes(&self, window: &Range<usize>, known: Known, enter: Cost, found: &mut [Change]) -> bool {
        let Known { channel, truth } = known;
        let text = &self.text[window.clone()];
        let is_utf8 = channel.written.is_utf8();
        if found.is_empty() || undecidable::gives_nothing(found) {
            return false;
        }
        let truth = if is_utf8 && self.task.hints.language.is_none() {
            let decoded = found.iter().flat_map(|change| change.after.chars()).take(PRICED);
            match languages::models_of_text(decoded) {
                [model] => model,
                _ => self.task.stands,
            }
        } else {
            truth
        };
        let priced = if self.knows(channel) { PRICED_AGAIN } else { PRICED };
        let Evidence { before, after, is_typical } =
            evidence(found, self.task.stands, truth, priced, &self.task.prices);
        // With the letters beside it one is part of a word.
        let with_neighbours = |change: &Change| {
            let before = text[..change.span.start - window.start].chars().next_back();
            let after = text[change.span.end - window.start..].chars().next();
            let made: Vec<char> = before.into_iter().chain(change.after.chars()).chain(after).collect();
            made.into_iter().chain([' '])
        };
        let is_word = |c| is_utf8 && is_lone_word(c, truth);
        // In French a letter stands alone, and windows-1252 is not what lists of signs look like.
        let loose = channel.reader != Reader::WINDOWS_1252
            && are_loose(found.iter().flat_map(with_neighbours), is_word);
        let gains = match self.is_garbled() {
            true => before + weights::GUESS > after,
            false => before > after + enter + weights::MARGIN && !loose,
        };
        let reads_well = gains
            && if is_utf8 {
                is_typical || is_surely_utf8(found.iter().flat_map(|change| change.after.chars()))
            } else {
                reads_like_text(found, truth)
            };
        if !reads_well {
            return false;
        }
        for change in &mut *found {
            change.score.as_it_stands = bits(before);
            change.score.repaired = bits(after);
            change.score.channel = bits(enter);
        }
        found.iter().all(|change| change.confidence >= self.task.options.min_confidence)
    }
}

/// Adds the changes, line by line, of a window that came through `channel` without any loss. `None` if it did not.
fn add_changes(text: &str, window: Range<usize>, channel: Channel, changes: &mut Vec<Change>) -> Option<()> {
    let count = memchr::memchr_iter(b'\n', &text.as_bytes()[window.clone()]).count() + 1;
    changes.reserve(count);
    let mut memory = Vec::new();
    let mut start = window.start;
    for line in lines(&text[window]) {
        if let Some(span) = between_ascii(line) {
            let plan = changes.last().map(|last| &last.plan);
            let change = change_like(line, start, span, channel, plan, &mut memory)?;
            changes.push(change);
        }
        start += line.len();
    }
    Some(())
}

/// The lines of a text, each with its end.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        let (line, others) = rest.split_at(end);
        rest = others;
        Some(line).filter(|line| !line.is_empty())
    })
}

/// Whether what the changes give is text of the language, block by block; writes down what it costs.
fn reads_like_text(changes: &mut [Change], truth: &Model) -> bool {
    // All so far: their number, what they cost, and what those before the present block cost.
    let (mut all, mut cost, mut before_block) = (0, 0, 0);
    let alone = truth.alone_of_ideographs();
    for change in changes {
        let before = cost;
        let (bytes, mut at) = (change.after.as_bytes(), 0);
        while let Some(&lead) = bytes.get(at) {
            let own = match bytes[at..] {
                [..0x80, ..] => {
                    at += 1;
                    continue;
                }
                // Nearly all of running Chinese and Japanese.
                [0xe0..0xf0, second, third, ..] => {
                    at += 3;
                    alone(u32::from(lead & 15) << 12 | u32::from(second & 63) << 6 | u32::from(third & 63))
                }
                _ => {
                    let Some(c) = change.after[at..].chars().next() else { break };
                    at += c.len_utf8();
                    alone(c.into())
                }
            };
            all += 1;
            cost += own;
            if all % BLOCK == 0 {
                if cost - before_block > BLOCK_COST * BLOCK as Cost {
                    return false;
                }
                before_block = cost;
            }
        }
        change.score.repaired = bits(cost - before);
    }
    all >= ENOUGH
}

/// What speaks for a conversion and against it, by the beginning of the changes.
struct Evidence {
    /// Cost as it stands.
    before: Cost,
    /// Cost of what it becomes.
    after: Cost,
    /// Whether what it becomes is like text of the language.
    is_typical: bool,
}

/// What a change costs on both sides, each character in context.
#[derive(Clone, Copy)]
struct Priced {
    before: Cost,
    /// Characters of it before the change.
    chars: usize,
    after: Cost,
    /// What of that the characters beyond ASCII cost …
    foreign: Cost,
    /// … and may cost in text of the language.
    typical: Cost,
}

/// What changes cost, by the language, the length of the text before, and the text before and after: documents repeat
/// themselves.
#[derive(Default)]
pub(super) struct Prices(RefCell<HashMap<(&'static str, usize, String), Priced>>);

impl Prices {
    fn of(&self, change: &Change, stands: &Model, truth: &Model) -> Priced {
        let both = [change.before.as_str(), &change.after].concat();
        let key = (truth.tag, change.before.len(), both);
        *self.0.borrow_mut().entry(key).or_insert_with(|| priced(change, stands, truth))
    }
}

fn priced(change: &Change, stands: &Model, truth: &Model) -> Priced {
    let garbled: Vec<char> = change.before.chars().collect();
    let before = clean_cost(stands, truth, &garbled, Context::default());
    let (mut after, mut foreign, mut typical) = (0, 0, 0);
    let mut context = Context::default();
    for c in change.after.chars() {
        // ASCII is priced as it is on the other side.
        let (cost, next) = if c.is_ascii() { stands.step(context, c) } else { truth.step(context, c) };
        context = next;
        after += cost;
        if !c.is_ascii() {
            foreign += cost;
            typical += weights::typical(c);
        }
    }
    Priced { before, chars: garbled.len(), after, foreign, typical }
}

/// Prices the beginning of the changes in context: the first `priced` characters, and the rest of their line.
fn evidence(changes: &[Change], stands: &Model, truth: &Model, priced: usize, prices: &Prices) -> Evidence {
    let (mut before, mut after, mut chars) = (0, 0, 0);
    let (mut foreign, mut typical) = (0, weights::TYPICAL_ONCE);
    for change in changes {
        let price = prices.of(change, stands, truth);
        before += price.before;
        after += price.after;
        foreign += price.foreign;
        typical += price.typical;
        chars += price.chars;
        if chars > priced {
            break;
        }
    }
    Evidence { before, after, is_typical: foreign <= typical }
}

/// From the first to the last character that is not ASCII; one more where a two-byte character may end in ASCII.
pub(super) fn between_ascii(line: &str) -> Option<Range<usize>> {
    let bytes = line.as_bytes();
    let first = bytes.iter().position(|byte| !byte.is_ascii())?;
    let last = bytes.iter().rposition(|byte| !byte.is_ascii())?;
    Some(first..last + 1)
}

/// The change of a span of a line that begins at `start`. `None` if not all of it came through the channel.
pub(super) fn change(line: &str, start: usize, span: Range<usize>, channel: Channel) -> Option<Change> {
    change_like(line, start, span, channel, None, &mut Vec::new())
}

/// … which shares the plan of the line before, if it is the same. `bytes` is memory for those of the span.
fn change_like(
    line: &str,
    start: usize,
    mut span: Range<usize>,
    channel: Channel,
    last: Option<&Plan>,
    bytes: &mut Vec<u8>,
) -> Option<Change> {
    bytes.clear();
    bytes.reserve(span.len());
    let reader = if channel.reader == Reader::WINDOWS_1252 {
        western(&line[span.clone()], bytes)?
    } else {
        let garbled: Vec<char> = line[span.clone()].chars().collect();
        let reader = fitting_reader(channel.reader, &garbled);
        for c in garbled {
            bytes.extend_from_slice(reader.bytes_of(c)?.as_slice());
        }
        reader
    };
    let (written, after) = match decode(channel.written, bytes) {
        Some(decoded) => decoded,
        None => {
            // The last character may end in the ASCII that was cut off.
            bytes.push(line[span.end..].bytes().next()?);
            span.end += 1;
            decode(channel.written, bytes)?
        }
    };
    let is_same = |plan: &&Plan| *plan.steps() == [Step::Encode(reader), Step::Decode(written)];
    let plan = last.filter(is_same).cloned();
    let plan = plan.unwrap_or_else(|| Plan::transcode(Vec::new(), reader, written));
    let before = line[span.clone()].to_owned();
    // Single bytes come back by themselves; more are looked at once more.
    if (!reader.encoding().is_single_byte() || reader.is_utf8_first()) && plan.invert(&after)? != before {
        return None;
    }
    Some(Change {
        span: start + span.start..start + span.end,
        before,
        after,
        plan,
        guessed: Vec::new(),
        confidence: 0.9999,
        alternatives: Vec::new(),
        score: Score { as_it_stands: 0.0, repaired: 0.0, channel: 0.0 },
    })
}

/// Adds the bytes that windows-1252, or ISO-8859-1, shows as `text`; says which of the two it was.
fn western(text: &str, bytes: &mut Vec<u8>) -> Option<Reader> {
    let (mut special, mut control) = (false, false);
    let mut rest = text.as_bytes();
    loop {
        while let Some((&eight, tail)) = rest.split_first_chunk::<8>() {
            let eight = u64::from_le_bytes(eight);
            if eight & HIGH_BITS == 0 {
                bytes.extend_from_slice(&eight.to_le_bytes());
                rest = tail;
                continue;
            }
            if let Some(four) = four_of_latin_1(eight) {
                bytes.extend_from_slice(&four);
                rest = tail;
                continue;
            }
            // The ASCII at their beginning: eight bytes are copied faster than some.
            let plain = ((eight & HIGH_BITS).trailing_zeros() >> 3) as usize;
            let length = bytes.len() + plain;
            bytes.extend_from_slice(&eight.to_le_bytes());
            bytes.truncate(length);
            rest = &rest[plain..];
            break;
        }
        match *rest {
            [] => break,
            // What most letters of UTF-8 are.
            [0xc3, first, 0xc2, second @ 0xa0..=0xbf, ref tail @ ..] => {
                bytes.extend_from_slice(&[first | 0x40, second]);
                rest = tail;
            }
            [byte @ ..0x80, ref tail @ ..] => {
                bytes.push(byte);
                rest = tail;
            }
            // U+0080 to U+00BF …
            [0xc2, byte, ref tail @ ..] => {
                // Five of the C1 controls are windows-1252's own.
                control |= byte < 0xa0 && Reader::WINDOWS_1252.byte_of(char::from(byte)).is_none();
                bytes.push(byte);
                rest = tail;
            }
            // … and U+00C0 to U+00FF.
            [0xc3, byte, ref tail @ ..] => {
                bytes.push(byte | 0x40);
                rest = tail;
            }
            _ => {
                let c = text[text.len() - rest.len()..].chars().next()?;
                special = true;
                bytes.push(sloppy_byte_of(c)?);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    match (special, control) {
        (true, true) => None,
        (false, true) => Some(Reader::LATIN_1),
        _ => Some(Reader::WINDOWS_1252),
    }
}

/// What is set in a byte that is not ASCII.
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// The numbers of four characters from U+00A0 to U+00FF, where eight bytes of UTF-8 are that.
fn four_of_latin_1(eight: u64) -> Option<[u8; 4]> {
    const LEADS: u64 = 0x00fe_00fe_00fe_00fe;
    const LATIN_1: u64 = 0x00c2_00c2_00c2_00c2;
    const TRAILS: u64 = 0x00ff_00ff_00ff_00ff;
    const ONES: u64 = 0x0001_0001_0001_0001;
    const BIT_6: u64 = 0x0040_0040_0040_0040;
    const PAIRS: u64 = 0x0000_ffff_0000_ffff;
    if eight & LEADS != LATIN_1 {
        return None;
    }
    // The lowest bit of the lead byte is the bit 6 of the number.
    let numbers = eight >> 8 & TRAILS | (eight & ONES) << 6;
    // From A0 on one of the bits 5 and 6 is set.
    if (numbers | numbers << 1) & BIT_6 != BIT_6 {
        return None;
    }
    // Each two numbers of 16 bits become one of their lower bytes, and each two of these one.
    let pairs = (numbers | numbers >> 8) & PAIRS;
    Some(((pairs | pairs >> 16) as u32).to_le_bytes())
}

/// What the bytes decode to if that encodes to them again; in GBK where the two-byte forms suffice.
fn decode(written: Encoding, bytes: &[u8]) -> Option<(Encoding, String)> {
    if written == Encoding::UTF_8 {
        return Some((written, simdutf8::basic::from_utf8(bytes).ok()?.to_owned()));
    }
    if written == Encoding::GB18030
        && let Some(text) = Encoding::GBK.decode_as_written(bytes)
    {
        return Some((Encoding::GBK, text));
    }
    Some((written, written.decode_as_written(bytes)?))
}
