//! What is left over of a line of which the rest came through one channel.
//!
//! A line is mostly damaged as a whole. So what still stands in it of the damage (a sign within a word, quotation marks with
//! nothing between them, a capital at the beginning) came the same way, if all of it can have: that needs less than what
//! it takes to find a channel, and nothing suspicious. A few letters may have come through several channels; what is left
//! over then tells which one it was.

use std::ops::Range;

use crate::encoding::Encoding;
use crate::language::{Context, Cost, Model, bits};

use super::compose::{Offsets, splice};
use super::engine::Known;
use super::glance::single_byte;
use super::lattice::Channel;
use super::place::clean_cost;
use super::task::Task;
use super::{Change, Score, languages, readers, scan, straight, weights};

/// What is left over in the lines of `current`, which `changes` led to, most of them through the channels of `known`.
pub(super) fn find(task: &Task<'_>, current: &str, changes: &[Change], known: &[Known]) -> Vec<Change> {
    let offsets = Offsets::new(changes);
    if changes.is_empty() || offsets.are_ascii_outside(current) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut start = 0;
    for text in straight::lines(current) {
        let span = start..start + text.len();
        start = span.end;
        let (numbers, repaired) = offsets.within(&span);
        if numbers.is_empty() || text.len() > scan::LONGEST {
            continue;
        }
        let in_line = |part: Range<usize>| part.start - span.start..part.end - span.start;
        let parts = scan::outside(span.clone(), &repaired).into_iter().map(in_line);
        let parts: Vec<Range<usize>> = parts.filter(|part| !text[part.clone()].is_ascii()).collect();
        if parts.is_empty() {
            continue;
        }
        let line = Line { text, parts, changes: &changes[numbers] };
        for change in line.left_over(task, known) {
            let in_text = span.start + change.span.start..span.start + change.span.end;
            found.push(Change { span: in_text, ..change });
        }
    }
    found
}

/// A line of a text that was partly repaired.
struct Line<'t> {
    text: &'t str,
    /// What beyond ASCII was not repaired, in bytes of the line.
    parts: Vec<Range<usize>>,
    /// What was.
    changes: &'t [Change],
}

/// What a channel makes of what is left over.
struct Made {
    changes: Vec<Change>,
    /// What the line costs then, …
    line: Cost,
    /// … and the channel.
    channel: Cost,
}

impl Line<'_> {
    /// What is left over, in bytes of the line; nothing if not all of it came through the channel.
    fn left_over(&self, task: &Task<'_>, known: &[Known]) -> Vec<Change> {
        let Some(known) = known.iter().find(|known| self.has_come_through(known.channel)) else {
            return Vec::new();
        };
        let truth = task.hints.language.unwrap_or(known.truth);
        let cost = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            clean_cost(task.stands, truth, &chars, Context::default())
        };
        let Channel { written, reader } = known.channel;
        let mut channels = vec![known.channel];
        if written.is_single_byte() && reader.encoding().is_single_byte() && !task.is_spent() {
            let others = self
                .channels(truth)
                .into_iter()
                .filter(|other| *other != known.channel && task.hints.allow(other.written, other.reader));
            channels.extend(others);
            task.spend(channels.len() * self.text.len());
        }
        let made = channels.into_iter().filter_map(|channel| {
            let changes = self.through(channel)?;
            let line = cost(&splice(self.text, &changes));
            Some(Made { changes, line, channel: weights::channel(channel) })
        });
        let Some(best) = made.min_by_key(|made| made.line + made.channel) else { return Vec::new() };
        let before = cost(self.text);
        let stands = before + weights::channel(known.channel) + weights::LEFT_OVER;
        let gain = bits(stands) - bits(best.line + best.channel);
        let confidence = weights::confidence(gain);
        if gain <= 0.0 || confidence < task.options.min_confidence {
            return Vec::new();
        }
        let mut changes = best.changes;
        for change in &mut changes {
            change.confidence = confidence;
            // The rest of the line paid for the channel.
            change.score = Score { as_it_stands: bits(before), repaired: bits(best.line), channel: 0.0 };
        }
        changes
    }

    fn has_come_through(&self, channel: Channel) -> bool {
        self.changes.iter().all(|change| {
            let whole = straight::change(&change.before, 0, 0..change.before.len(), channel);
            whole.is_some_and(|whole| whole.after == change.after)
        })
    }

    /// What a channel makes of all that is left over, in bytes of the line, if it can have come through it.
    fn through(&self, channel: Channel) -> Option<Vec<Change>> {
        let mut changes = Vec::new();
        for part in &self.parts {
            let text = &self.text[part.clone()];
            let Some(span) = straight::between_ascii(text) else { continue };
            let change = straight::change(text, part.start, span, channel)?;
            if change.after != change.before {
                changes.push(change);
            }
        }
        Some(changes).filter(|changes| !changes.is_empty())
    }

    /// The channels of single bytes that do the same to what was repaired, and may have done so to what is left over.
    fn channels(&self, truth: &Model) -> Vec<Channel> {
        let mut repaired: Vec<(char, char)> = Vec::new();
        for change in self.changes {
            repaired.extend(change.before.chars().zip(change.after.chars()));
        }
        repaired.retain(|(before, _)| !before.is_ascii());
        repaired.sort_unstable();
        repaired.dedup();
        let of_part = |part: &Range<usize>| self.text[part.clone()].chars();
        let mut left: Vec<char> = self.parts.iter().flat_map(of_part).filter(|c| !c.is_ascii()).collect();
        left.sort_unstable();
        left.dedup();

        let is_used =
            |written: &&Encoding| languages::models_of(**written).iter().any(|model| model.tag == truth.tag);
        let mut channels = Vec::new();
        for reader in readers::single_byte_readers() {
            let byte_of = |c: char| reader.bytes_of(c)?.as_slice().first().copied();
            if !left.iter().all(|&c| byte_of(c).is_some()) {
                continue;
            }
            let bytes = repaired.iter().map(|&(before, after)| Some((byte_of(before)?, after)));
            let Some(bytes) = bytes.collect::<Option<Vec<(u8, char)>>>() else { continue };
            let is_same = |written: &&Encoding| {
                bytes.iter().all(|&(byte, after)| written.page_char(byte) == Some(after))
            };
            let written = single_byte().iter().filter(is_used).filter(is_same);
            channels.extend(written.map(|&written| Channel { written, reader }));
        }
        channels
    }
}

#[cfg(test)]
mod tests {
    use super::super::{assert_comes_back, garbled};
    use crate::repair;

    #[test]
    fn what_can_stand_comes_back_with_the_rest_of_its_line() {
        for (truth, written, reader) in [
            ("Laituri on tyhjä, ja hän sanoi: ””.", "macintosh", "iso-8859-5"),
            ("La barca no tornarà: l’aigua és massa freda, però s’acosta.", "macintosh", "windows-1251"),
            ("È tardi, però così è la vita, perché no.", "cp850", "macintosh"),
            ("Los muchachos de la cofradía, 2 1º A, el señor Muñiz", "windows-1252", "cp437"),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    #[test]
    fn what_did_not_come_the_same_way_stays() {
        for (damaged, clean) in [
            ("Kaksi hyvää päivää", " (la rivière à l’été)"),
            ("Kaksi hyvää päivää", " (Река шире моря)"),
            ("Kaksi hyvää päivää", " «ei» – ja sitten…"),
        ] {
            let text = garbled(damaged, "macintosh", "iso-8859-1") + clean;
            assert_eq!(repair(&text).text(), damaged.to_owned() + clean);
        }
    }
}
