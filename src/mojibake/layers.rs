//! Layers of UTF-8 with more damage under them: the outer one alone need not look better than the text as it stands.

use std::cmp::Reverse;
use std::ops::Range;

use crate::encoding::{Bytes, Encoding, Fed, Pending, Reader, pages_of};
use crate::language::{Context, bits};

use super::compose::{byte_offsets, splice};
use super::engine::{Known, Pass, repair_to_depth};
use super::lattice::Channel;
use super::place::{clean_cost, is_control};
use super::rank::Hints;
use super::{Change, Score, readers, straight, twins, weights};

/// Readers of a layer that are tried in one look.
const TRIED: usize = 3;

impl Pass<'_> {
    /// Takes away what of a window is UTF-8 with damage under it that can be undone, if that wins by `least` bits.
    pub(super) fn layered(
        &mut self,
        window: &Range<usize>,
        spots: &[Range<usize>],
        least: f64,
        changes: &mut Vec<Change>,
    ) -> bool {
        let Some(deeper) = self.depth.under_a_layer() else { return false };
        let text = &self.text[window.clone()];
        for (channel, outer) in layers(text, spots, &self.task.hints) {
            let decoded = splice(text, &outer);
            let inner = repair_to_depth(self.task, &decoded, deeper);
            let (mut found, under) = with_damage_under(outer, inner.changes());
            // What the repair under it does may be to put the same back.
            let is_back = |outer: &Change| inner.changes().iter().any(|it| it.after.contains(&outer.before));
            if found.is_empty() || found.iter().any(is_back) {
                continue;
            }
            for change in &mut found {
                let (as_it_stands, repaired) = (self.stands(&change.before), self.stands(&change.after));
                change.score = Score { as_it_stands, repaired, channel: bits(weights::channel(channel)) };
            }
            // The price of the channel is paid once; that of damage at all, by what is under the layer.
            let gains = |score: &Score| score.as_it_stands - score.repaired;
            let outer: f64 = found.iter().map(|change| gains(&change.score)).sum();
            let under: f64 = under.iter().map(|change| gains(&change.score) - change.score.channel).sum();
            let gain = outer + under - bits(weights::channel(channel));
            let wanted = match self.is_garbled() {
                true => -bits(weights::GUESS),
                false => least.max(bits(weights::LAYER)),
            };
            if gain < wanted {
                continue;
            }
            let confidence = weights::confidence(gain);
            if confidence < self.task.options.min_confidence {
                continue;
            }
            for change in &mut found {
                change.span = window.start + change.span.start..window.start + change.span.end;
                change.confidence = confidence;
            }
            self.learn(Known { channel, truth: self.task.stands });
            changes.append(&mut found);
            return true;
        }
        false
    }

    /// Surprise of a text of any language, in bits.
    fn stands(&self, text: &str) -> f64 {
        let chars: Vec<char> = text.chars().collect();
        bits(clean_cost(self.task.stands, self.task.stands, &chars, Context::default()))
    }
}

/// The layers that may lie over a text, those first that explain most of its strange characters, and of these the most
/// common.
fn layers(
    text: &str,
    spots: &[Range<usize>],
    hints: &Hints,
) -> impl Iterator<Item = (Channel, Vec<Change>)> + use<> {
    let chars: Vec<char> = text.chars().collect();
    let strange: Vec<usize> =
        spots.iter().flat_map(Range::clone).filter(|&at| !chars[at].is_ascii()).collect();
    // In pairs as single bytes something is UTF-8 by chance.
    let are_most = |count: usize| count * 4 >= strange.len() * 3;
    let mut layers: Vec<(usize, Channel, Vec<Range<usize>>)> = readers::usual_readers()
        .filter(|&reader| hints.allow(Encoding::UTF_8, reader))
        .map(|reader| Channel { written: Encoding::UTF_8, reader })
        .filter(|channel| {
            are_most(strange.iter().filter(|&&at| may_be_part(&chars, at, channel.reader)).count())
        })
        .filter_map(|channel| {
            let spans = layer(&chars, channel);
            let length: usize = spans.iter().map(Range::len).sum();
            // Both are in order.
            let mut rest = strange.as_slice();
            let mut explained = 0;
            for span in &spans {
                rest = &rest[rest.partition_point(|&at| at < span.start)..];
                let within = rest.partition_point(|&at| at < span.end);
                explained += within;
                rest = &rest[within..];
            }
            (length > 0 && are_most(explained)).then_some((length, channel, spans))
        })
        .collect();
    layers.sort_by_key(|&(length, channel, _)| (Reverse(length), weights::channel(channel)));
    // What is read by one of two readers that differ in a few characters is by chance something else by the other.
    let all: Vec<(Option<Reader>, usize)> =
        layers.iter().map(|(length, channel, _)| (Some(channel.reader), *length)).collect();
    layers.retain(|&(length, channel, _)| {
        let twin = twins::of_reader(channel.reader);
        twin.is_none() || !all.iter().any(|&(reader, longer)| reader == twin && longer > length)
    });
    layers.truncate(TRIED);
    let text = text.to_owned();
    layers.into_iter().map(move |(_, channel, spans)| {
        let offsets = byte_offsets(&chars, 0);
        let in_bytes = spans.into_iter().map(|span| offsets[span.start]..offsets[span.end]);
        (channel, in_bytes.filter_map(|span| straight::change(&text, 0, span, channel)).collect())
    })
}

/// Whether the bytes of a character may be part of a sequence of UTF-8 with those of the characters beside it.
fn may_be_part(chars: &[char], at: usize, reader: Reader) -> bool {
    let bytes = |at: usize| chars.get(at).filter(|c| !c.is_ascii()).and_then(|&c| reader.bytes_of(c));
    match bytes(at).as_ref().map(Bytes::as_slice) {
        Some([0x80..=0xbf]) => at.checked_sub(1).and_then(bytes).is_some(),
        Some([0xc2..=0xf4]) => bytes(at + 1).is_some_and(|next| matches!(next.as_slice(), [0x80..=0xbf, ..])),
        Some([_]) | None => false,
        Some(_) => true,
    }
}

/// What of some characters is UTF-8 that came through the reader of `channel`, as ranges of them.
fn layer(chars: &[char], channel: Channel) -> Vec<Range<usize>> {
    let bytes_of = |&c: &char| channel.reader.bytes_of(c).filter(|_| !c.is_ascii());
    let bytes: Vec<Option<Bytes>> = chars.iter().map(bytes_of).collect();
    let mut spans = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let (length, decoded) = longest_utf8(&bytes[at..], channel.written);
        if decoded > 0 {
            let run = &bytes[at..at + length];
            let first = run.iter().take_while(|bytes| gives_what_none_reads(bytes)).count();
            let last = run[first..].iter().rev().take_while(|bytes| gives_what_none_reads(bytes)).count();
            if first + last < length {
                spans.push(at + first..at + length - last);
            }
        }
        at += length.max(1);
    }
    spans
}

/// Whether the bytes of one character are a whole character of UTF-8 that no reader gives: what is under a layer was read by
/// one, so a clean character stands at its border.
fn gives_what_none_reads(bytes: &Option<Bytes>) -> bool {
    let text = bytes.as_ref().and_then(|bytes| std::str::from_utf8(bytes.as_slice()).ok());
    let is_read = |c: char| c >= '\u{2e80}' || is_control(c) || pages_of(c) != 0;
    text.is_some_and(|text| !text.is_empty() && !text.chars().any(is_read))
}

/// How many characters from the first on are UTF-8, and how many they give.
fn longest_utf8(bytes: &[Option<Bytes>], written: Encoding) -> (usize, usize) {
    let (mut longest, mut given) = ((0, 0), 0);
    let mut pending = Pending::NONE;
    for (at, bytes) in bytes.iter().enumerate() {
        let Some(bytes) = bytes else { break };
        for &byte in bytes.as_slice() {
            match written.feed(pending, byte) {
                Fed::More(more) => pending = more,
                Fed::Char(_) => {
                    given += 1;
                    pending = Pending::NONE;
                }
                Fed::Malformed => return longest,
            }
        }
        if pending.is_empty() {
            longest = (at + 1, given);
        }
    }
    longest
}

/// The changes of a layer that give what the repairs under it change, and these repairs: what else is repaired there says
/// nothing of the layer.
fn with_damage_under(outer: Vec<Change>, inner: &[Change]) -> (Vec<Change>, Vec<&Change>) {
    let (mut taken, mut given) = (0, 0);
    let (mut found, mut under): (Vec<Change>, Vec<&Change>) = Default::default();
    for change in outer {
        let start = change.span.start - taken + given;
        let end = start + change.after.len();
        taken += change.span.len();
        given += change.after.len();
        let is_under = |inner: &&Change| inner.span.start < end && start < inner.span.end;
        let own = || inner.iter().filter(is_under);
        if own().any(|inner| inner.before.chars().count() > 1) {
            found.push(change);
            // One may lie under two of them.
            let last = under.last().map(|last| last.span.clone());
            under.extend(own().filter(|inner| Some(&inner.span) != last.as_ref()));
        }
    }
    (found, under)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mojibake::repair;

    #[test]
    fn letters_of_another_alphabet_are_no_layer_where_single_bytes_explain_them() {
        super::super::assert_comes_back(
            "Намокла змінили просимо терміново тому берегу чекає човен.",
            "windows-1251",
            "koi8-r",
        );
    }

    #[test]
    fn what_is_utf8_by_chance_elsewhere_is_no_layer() {
        // In code page 866 a letter from р on with two letters up to п is three bytes of UTF-8.
        let text = "x Ã y: сказки, рода, среда";
        let channel =
            Channel { written: Encoding::UTF_8, reader: Reader::of(Encoding::from_label("ibm866").unwrap()) };
        let chars: Vec<char> = text.chars().collect();
        assert!(!layer(&chars, channel).is_empty());
        let hints = Hints::default();
        let strange = chars.iter().position(|&c| c == 'Ã').unwrap();
        let spot = strange..strange + 1;
        assert_eq!(layers(text, std::slice::from_ref(&spot), &hints).count(), 0);
    }

    #[test]
    fn the_twin_of_a_reader_that_explains_more_is_no_layer() {
        let truth = "Strážce našel ráno prám u břehu, kde včera stála stará plavba; dál nevedla žádná cesta.";
        let garbled = super::super::garbled(truth, "utf-8", "iso-8859-7");
        let at = |byte: usize| garbled[..byte].chars().count();
        let spots = crate::mojibake::scan::spots(&garbled, 0..garbled.len());
        let spots: Vec<Range<usize>> = spots.into_iter().map(|spot| at(spot.start)..at(spot.end)).collect();
        let readers: Vec<&str> = layers(&garbled, &spots, &Hints::default())
            .map(|(channel, _)| channel.reader.encoding().label())
            .collect();
        assert!(readers.contains(&"iso-8859-7") && !readers.contains(&"windows-1253"), "{readers:?}");
    }

    /// 示 is CA BE in GBK, a whole character of UTF-8.
    #[test]
    fn a_clean_character_at_the_border_of_a_layer_stays() {
        let truth = "河邊嘅木橋係村民用到";
        let once = super::super::garbled(truth, "utf-8", "x-mac-cyrillic");
        let twice = super::super::garbled(&once, "utf-8", "gbk");
        let text = format!("船上嘅牌只係列示{twice}嘅最尾一行。");
        assert_eq!(repair(&text).text, format!("船上嘅牌只係列示{truth}嘅最尾一行。"));
    }

    #[test]
    fn two_layers_come_off_also_of_one_character() {
        for (garbled, text) in [
            ("to vrstico takÃ…Â¡no", "to vrstico takšno"),
            ("v횄짚li", "väli"),
            ("Сегодня ├É┬╝├É┬¥├æÔé¼├É┬¥├É┬À рт шесть", "Сегодня мороз рт шесть"),
            ("РЎРѓРЎвЂљРЎС“Р»", "стул"),
        ] {
            assert_eq!(repair(garbled).text, text);
        }
    }

    #[test]
    fn one_layer_that_hides_nothing_stays_for_the_other_looks() {
        for text in ["зєлєнъ", "├──┤ ║ └──┘", "┬┐┬┐ ┬┐"] {
            assert_eq!(repair(text).text, text);
        }
    }
}
