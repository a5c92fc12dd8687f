//! Files of several encodings: which lines are in which.
//!
//! Each line costs something in each of the encodings, and a change of encoding from one line to the next costs something
//! too; the cheapest way through is found by dynamic programming (A. J. Viterbi, 1967).

use std::ops::Range;

use crate::encoding::Encoding;
use crate::language::{BIT, Cost};

use super::candidates;
use super::declared::Declaration;
use super::gather::Gather;
use super::glyph::Text;
use super::rank::{self, Asked, Reading};
use super::tongue::{self, Tongue};

/// A stretch of bytes in one encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Where it lies in the bytes.
    pub span: Range<usize>,
    /// What to decode it with.
    pub encoding: Encoding,
}

/// Price of a change of encoding between two lines.
const CHANGE: u64 = 14 * BIT as u64;
/// What UTF-8 in some of the lines must gain, for a file to be called mixed.
const GAIN: u64 = 40 * BIT as u64;
/// What a mixture must gain against one legacy encoding, in bits and as one part in so many: a few rare characters or a
/// drawing read better in some other encoding.
const LEGACY_GAIN: u64 = 120 * BIT as u64;
const LEGACY_SHARE: u64 = 25;
/// The same where no line is UTF-8.
const LEGACY_ONLY_SHARE: u64 = 10;
/// Encodings of a file at the most.
const MOST: usize = 3;
/// Readings that are tried as the second and third.
const TRIED: usize = 24;

/// Sequences of UTF-8 in the valid lines of a file that make them more than chance; longer ones count twice.
const SEQUENCES: u64 = 4;
/// Bytes above 7F in the other lines: fewer are slips.
const STRANGE: usize = 4;
/// Each sequence that UTF-8 does not have, in a file with lines that are no UTF-8.
const NOT_UTF8: Cost = 30 * BIT;

/// The encodings that a file is mixed of; empty if one explains it as well. `whole` are the readings of all of it.
pub(super) fn mixture(gather: &Gather, whole: &[Reading], declarations: &[Declaration]) -> Vec<Encoding> {
    with_utf8(gather, whole, declarations)
        .or_else(|| of_readings(whole, |cost| cost.saturating_sub(LEGACY_GAIN.max(cost / LEGACY_ONLY_SHARE))))
        .unwrap_or_default()
}

/// UTF-8 and others: the lines that are valid are set aside, and the others judged by themselves.
fn with_utf8(gather: &Gather, whole: &[Reading], declarations: &[Declaration]) -> Option<Vec<Encoding>> {
    if gather.utf8.is_clean() || gather.utf8.longer + gather.utf8.pairs == 0 {
        return None;
    }
    // A line with more sequences than failures is UTF-8 with slips.
    let is_utf8 = |line: &[u8]| {
        let (text, failures) = Encoding::UTF_8.decode_lossy(line);
        text.chars().filter(|c| !c.is_ascii()).count() > 2 * failures
    };
    let lines = gather.sample.split_inclusive(|&b| b == b'\n');
    let (valid, legacy): (Vec<&[u8]>, Vec<&[u8]>) = lines.partition(|line| is_utf8(line));
    let (valid, legacy) = (valid.concat(), legacy.concat());
    let leads = |least: u8| valid.iter().filter(|&&b| b >= least).count() as u64;
    let strange = legacy.iter().filter(|b| !b.is_ascii()).count();
    if leads(0xc0) + leads(0xe0) < SEQUENCES || strange < STRANGE {
        return None;
    }
    let readings =
        rank::rank(&Gather::of(&legacy), Asked { thorough: true, ..Asked::default() }, declarations);
    let mut encodings = of_readings(&readings, |cost| cost.saturating_sub(LEGACY_GAIN)).unwrap_or_default();
    if encodings.is_empty() {
        encodings.extend(readings.first().map(|reading| reading.encoding));
    }
    encodings.retain(|&encoding| encoding != Encoding::UTF_8);
    encodings.insert(0, Encoding::UTF_8);
    encodings.truncate(MOST);
    let lines: Vec<&[u8]> = gather.sample.split_inclusive(|&b| b == b'\n').collect();
    // One encoding alone: the best of the whole, or UTF-8 with slips.
    let alone = |encoding: Encoding| way(&[&costs_of(&[encoding], &lines)[0]]).0;
    let utf8 = alone(Encoding::UTF_8).saturating_sub(GAIN);
    let legacy = whole.first().map_or(u64::MAX, |reading| less_gain(alone(reading.encoding)));
    let costs = costs_of(&encodings, &lines);
    let borrowed: Vec<&[Cost]> = costs.iter().map(|costs| &costs[..]).collect();
    (encodings.len() > 1 && way(&borrowed).0 <= utf8.min(legacy)).then_some(encodings)
}

/// What a mixture must not cost more than, where one legacy encoding costs so much.
fn less_gain(cost: u64) -> u64 {
    cost.saturating_sub(LEGACY_GAIN.max(cost / LEGACY_SHARE))
}

/// Legacy encodings, by what the lines of the sample cost in each. `less_gain` says what more of them must not cost more
/// than. A file that has UTF-8 beside them is known to be mixed, and needs less proof.
fn of_readings(readings: &[Reading], less_gain: impl Fn(u64) -> u64) -> Option<Vec<Encoding>> {
    let first = readings.first().filter(|first| first.encoding.has_ascii())?;
    let fits = |reading: &&Reading| reading.lines.len() == first.lines.len();
    let others: Vec<&Reading> = readings.iter().skip(1).filter(fits).take(TRIED).collect();
    let mut chosen = vec![first];
    let mut cost = way(&[&first.lines]).0;
    while chosen.len() < MOST {
        let with = |other: &&Reading| {
            let lines: Vec<&[Cost]> = chosen.iter().chain([other]).map(|r| &r.lines[..]).collect();
            way(&lines).0
        };
        let next = others.iter().filter(|other| chosen.iter().all(|c| c.encoding != other.encoding));
        let Some((less, next)) = next.map(|other| (with(other), *other)).min_by_key(|(cost, _)| *cost) else {
            break;
        };
        if less > less_gain(cost) {
            break;
        }
        cost = less;
        chosen.push(next);
    }
    // The best alone may be a compromise that nothing needs any more.
    for reading in chosen.clone() {
        let others: Vec<&Reading> =
            chosen.iter().copied().filter(|c| c.encoding != reading.encoding).collect();
        let lines: Vec<&[Cost]> = others.iter().map(|r| &r.lines[..]).collect();
        if !others.is_empty() && less_gain(way(&lines).0) < cost {
            chosen = others;
        }
    }
    (chosen.len() > 1).then(|| chosen.iter().map(|reading| reading.encoding).collect())
}

/// The cheapest way through the lines: what it costs, and the number of the encoding of each line.
fn way(costs: &[&[Cost]]) -> (u64, Vec<usize>) {
    let lines = costs.first().map_or(0, |lines| lines.len());
    let mut totals = vec![0u64; costs.len()];
    let mut from: Vec<Vec<usize>> = Vec::with_capacity(lines);
    for line in 0..lines {
        let best = (0..totals.len()).min_by_key(|&state| totals[state]).unwrap_or(0);
        let change = totals[best] + CHANGE;
        from.push(
            totals
                .iter()
                .enumerate()
                .map(|(state, &total)| if change < total { best } else { state })
                .collect(),
        );
        for (total, costs) in totals.iter_mut().zip(costs) {
            *total = change.min(*total) + u64::from(costs[line]);
        }
    }
    let mut state = (0..totals.len()).min_by_key(|&state| totals[state]).unwrap_or(0);
    let cost = totals.get(state).copied().unwrap_or(0);
    let mut states = vec![0; lines];
    for line in (0..lines).rev() {
        states[line] = state;
        state = from[line][state];
    }
    (cost, states)
}

/// Tells which lines of `bytes` are in which of the encodings. The segments cover all bytes, in order.
///
/// ```
/// use fixenc::detect::segments;
/// use fixenc::encoding::Encoding;
/// let bytes = b"d\xC3\xA9j\xC3\xA0 vu, \xC3\xA9t\xC3\xA9\nd\xE9j\xE0 vu, \xE9t\xE9, \xE0 cet \xE2ge\n";
/// let found = segments(bytes, &[Encoding::UTF_8, Encoding::WINDOWS_1252]);
/// assert_eq!(found.len(), 2);
/// assert_eq!(found[1].encoding, Encoding::WINDOWS_1252);
/// assert_eq!(&bytes[found[1].span.clone()][..4], b"d\xE9j\xE0");
/// ```
pub fn segments(bytes: &[u8], encodings: &[Encoding]) -> Vec<Segment> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&b| b == b'\n').collect();
    let costs = costs_of(encodings, &lines);
    let borrowed: Vec<&[Cost]> = costs.iter().map(|costs| &costs[..]).collect();
    let (_, states) = way(&borrowed);
    let mut segments: Vec<Segment> = Vec::new();
    let mut at = 0;
    for (line, state) in lines.iter().zip(states) {
        let Some(&encoding) = encodings.get(state) else { break };
        match segments.last_mut() {
            Some(last) if last.encoding == encoding => last.span.end = at + line.len(),
            _ => segments.push(Segment { span: at..at + line.len(), encoding }),
        }
        at += line.len();
    }
    segments
}

/// What each line costs in each encoding; ASCII costs nothing in any. UTF-8 is read in the languages of the others.
fn costs_of(encodings: &[Encoding], lines: &[&[u8]]) -> Vec<Vec<Cost>> {
    let guess_of = |encoding: Encoding| {
        candidates::single().iter().chain(candidates::multi()).find(|guess| guess.encoding == encoding)
    };
    let mut all: Vec<(&'static Tongue, f64)> =
        tongue::named(crate::language::ANY).map(|t| (t, 0.0)).into_iter().collect();
    for (tongue, _) in
        encodings.iter().filter_map(|&encoding| guess_of(encoding)).flat_map(|guess| &guess.tongues)
    {
        if all.iter().all(|(other, _)| other.tag != tongue.tag) {
            all.push((*tongue, 0.0));
        }
    }
    let costs = encodings.iter().map(|&encoding| {
        let tongues = guess_of(encoding).map_or(&all, |guess| &guess.tongues);
        lines.iter().map(|line| line_cost(encoding, tongues, line)).collect()
    });
    costs.collect()
}

fn line_cost(encoding: Encoding, tongues: &[(&'static Tongue, f64)], line: &[u8]) -> Cost {
    if line.is_ascii() {
        return 0;
    }
    let text = match encoding.page_char(0) {
        Some(_) => rank::decoded(encoding, line),
        None => encoding.decode_lossy(line).0,
    };
    let malformed = text.matches(char::REPLACEMENT_CHARACTER).count() as Cost;
    let text = Text::new(&text);
    let price = |&(tongue, extra): &(&'static Tongue, f64)| {
        tongue.line_costs(&text).iter().sum::<Cost>() + (extra * f64::from(BIT)) as Cost
    };
    let cost = tongues.iter().map(price).min().unwrap_or(Cost::MAX / 2);
    if encoding == Encoding::UTF_8 {
        return cost + malformed * NOT_UTF8;
    }
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_way_changes_where_it_pays() {
        let a = [10 * BIT, 10 * BIT, 90 * BIT, 90 * BIT, 10 * BIT];
        let b = [90 * BIT, 90 * BIT, 10 * BIT, 10 * BIT, 12 * BIT];
        let (cost, states) = way(&[&a, &b]);
        assert_eq!(states, [0, 0, 1, 1, 1]);
        assert_eq!(cost, u64::from(52 * BIT) + CHANGE);
    }
}
