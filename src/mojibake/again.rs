//! Lines that came through a channel of single bytes which is known already: where each word of them leaves no doubt, they
//! need no search. Of a long document damaged as a whole that is nearly all.

use std::collections::HashSet;
use std::ops::Range;

use crate::language::words::{SHORTEST, known};
use crate::language::{Context, Cost, Model, bits};

use super::engine::{Known, Pass};
use super::languages::Fit;
use super::lattice::Channel;
use super::place::{Place, clean_costs, is_control, is_latin, is_letter};
use super::suspect::has_much_utf8;
use super::words::{runs, spelled};
use super::{Change, Score, straight, weights};

/// Bytes before and after a line in doubt that are searched with it.
const NEAR: usize = 400;

/// What searches have decided in a text.
#[derive(Default)]
pub(super) struct Decided {
    /// The words that they have changed, as they stood and as they are now: where one of them comes again, it is in no doubt.
    words: HashSet<(String, String)>,
    /// The channels, each in all languages of what came through it: a list may be in several.
    channels: Vec<Known>,
}

impl Decided {
    /// Adds a change of a text, and the channel that it was damaged by, for which [`may_come_again`] holds.
    pub(super) fn add(&mut self, text: &str, change: &Change, known: Known) {
        let is_same = |other: &Known| other.channel == known.channel && other.truth.tag == known.truth.tag;
        if !self.channels.iter().any(is_same) {
            self.channels.push(known);
        }
        let Range { start, end } = change.span;
        let is_within = |byte: &&u8| !byte.is_ascii_whitespace();
        let before = text.as_bytes()[..start].iter().rev().take(LONGEST_WORD).take_while(is_within).count();
        let after = text.as_bytes()[end..].iter().take(LONGEST_WORD).take_while(is_within).count();
        let (Some(before), Some(after)) = (text.get(start - before..start), text.get(end..end + after))
        else {
            return;
        };
        // Of what stands beside the change another one may make something else.
        if !(before.is_ascii() && after.is_ascii()) {
            return;
        }
        let [stood, is] =
            [&change.before, &change.after].map(|of_change| [before, of_change, after].concat());
        let words = |text: &str| text.split_ascii_whitespace().count();
        if words(&stood) == words(&is) {
            let pairs = stood.split_ascii_whitespace().zip(is.split_ascii_whitespace());
            self.words
                .extend(pairs.filter(|(stood, is)| stood != is).map(|(stood, is)| (bare(stood), bare(is))));
        }
    }

    fn has(&self, before: &[char], after: &[char]) -> bool {
        let word = |word: &[char]| bare(&word.iter().collect::<String>());
        !self.words.is_empty() && self.words.contains(&(word(before), word(after)))
    }
}

/// Whether lines through a channel may come again: single bytes, each of which is one character on both sides.
pub(super) fn may_come_again(channel: Channel) -> bool {
    let Channel { written, reader } = channel;
    let are_single = written.is_single_byte() && reader.encoding().is_single_byte();
    are_single && !written.has_marks() && !reader.is_utf8_first()
}

/// Bytes of a word on each side of a change.
const LONGEST_WORD: usize = 64;

/// A word without the marks around it.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()).to_owned()
}

/// What a channel makes of a line.
struct Again {
    change: Change,
    /// What is gained by it, without the price of the channel.
    gain: Cost,
}

impl Pass<'_> {
    /// What is left of a window without the lines that came straight through a channel: lines that were damaged stand among
    /// lines that were not.
    pub(super) fn not_straight(
        &mut self,
        window: &Range<usize>,
        changes: &mut Vec<Change>,
    ) -> Vec<Range<usize>> {
        let mut others: Vec<(Range<usize>, Option<Again>)> = Vec::new();
        let mut rest: Vec<Range<usize>> = Vec::new();
        let mut start = window.start;
        for line in straight::lines(&self.text[window.clone()]) {
            let span = start..start + line.len();
            start = span.end;
            if line.is_ascii() {
                others.push((span, None));
            } else if line.len() < window.len() && has_much_utf8(line) && self.known_straight(&span, changes)
            {
                continue;
            } else if let Some(again) = self.came_again(&span) {
                others.push((span, Some(again)));
            } else {
                rest.push(span);
            }
        }
        beside(&mut rest, &mut others);
        changes.extend(others.into_iter().filter_map(|(_, again)| Some(again?.change)));
        rest
    }

    /// What one of the channels that are decided makes of the line in a span of the text, if it leaves no doubt.
    fn came_again(&self, span: &Range<usize>) -> Option<Again> {
        let text = &self.text[span.clone()];
        let all =
            self.seen.decided.channels.iter().filter_map(|&known| self.through(text, span.start, known));
        all.max_by_key(|again| again.gain)
    }

    fn through(&self, line: &str, start: usize, known: Known) -> Option<Again> {
        let part = straight::between_ascii(line)?;
        let mut change = straight::change(line, start, part.clone(), known.channel)?;
        let before: Vec<char> = line.chars().collect();
        let after = [&line[..part.start], &change.after, &line[part.end..]].concat();
        let after: Vec<char> = after.chars().collect();
        if before.len() != after.len() {
            return None;
        }
        let truth = self.task.hints.language.unwrap_or(known.truth);
        let line = Line::new(&before, &after, (self.task.stands, truth), &self.seen.decided);
        let gain = line.gain()?;
        // What stands before the change is ASCII: as many characters as bytes.
        let end = part.start + change.before.chars().count();
        let of_change = |costs: &[Cost]| bits(costs[end] - costs[part.start]);
        change.score =
            Score { as_it_stands: of_change(&line.clean), repaired: of_change(&line.repaired), channel: 0.0 };
        Some(Again { change, gain })
    }
}

/// Takes lines that came again, or are plain ASCII, into those that are left near them: a line in doubt is searched with
/// what its neighbours say. Where few came again, all.
fn beside(rest: &mut Vec<Range<usize>>, others: &mut Vec<(Range<usize>, Option<Again>)>) {
    let gain: Cost = others.iter().filter_map(|(_, again)| Some(again.as_ref()?.gain)).sum();
    let are_few = gain < weights::ENTER_AGAIN + weights::ALL_AGAIN;
    let is_near = |span: &Range<usize>| {
        let after = rest.partition_point(|part| part.start < span.start);
        let before = after.checked_sub(1).map(|at| span.start - rest[at].end);
        let after = rest.get(after).map(|part| part.start - span.end);
        before.into_iter().chain(after).any(|distance| distance < NEAR)
    };
    let taken: Vec<Range<usize>> =
        others.extract_if(.., |(span, _)| are_few || is_near(span)).map(|(span, _)| span).collect();
    rest.extend(taken);
    rest.sort_by_key(|span| span.start);
    let mut parts: Vec<Range<usize>> = Vec::new();
    for span in rest.drain(..) {
        match parts.last_mut() {
            Some(last) if last.end == span.start => last.end = span.end,
            _ => parts.push(span),
        }
    }
    *rest = parts;
}

/// A line as it stands and as a channel has it, character for character.
struct Line<'l> {
    truth: &'l Model,
    decided: &'l Decided,
    before: &'l [char],
    after: &'l [char],
    /// What both cost, up to each character.
    clean: Vec<Cost>,
    repaired: Vec<Cost>,
}

impl<'l> Line<'l> {
    fn new(
        before: &'l [char],
        after: &'l [char],
        (stands, truth): (&Model, &'l Model),
        decided: &'l Decided,
    ) -> Self {
        let clean = clean_costs(stands, truth, before, Context::default());
        let mut context = Context::default();
        let mut repaired = vec![0];
        for (at, &c) in after.iter().enumerate() {
            // ASCII is priced as it is on the other side.
            let (cost, next) = if c.is_ascii() { stands.step(context, c) } else { truth.step(context, c) };
            context = next;
            repaired.push(repaired[at] + cost + Place::of(after, at).strange);
        }
        Self { truth, decided, before, after, clean, repaired }
    }

    /// What all words gain together. `None` if some of them are in doubt.
    fn gain(&self) -> Option<Cost> {
        let (mut gains, mut losses) = (0, 0);
        // What the last words lose, at most: if that is less than leaving the damage costs, it goes on.
        let mut lost: Cost = 0;
        let mut from = 0;
        for word in self.before.split_inclusive(char::is_ascii_whitespace) {
            let span = from..from + word.len();
            from = span.end;
            if self.before[span.clone()] == self.after[span.clone()] {
                continue;
            }
            let all = |costs: &[Cost]| costs[span.end] - costs[span.start];
            let (clean, repaired) = (all(&self.clean), all(&self.repaired));
            let saved = self.judge(span.clone(), clean, repaired)?;
            gains += clean + saved;
            losses += repaired;
            lost = (lost + repaired).saturating_sub(clean + saved);
            if lost > weights::LEAVE + weights::MIXED {
                return None;
            }
        }
        // A line whose ASCII letters are of another language came another way, or not at all.
        gains
            .checked_sub(losses)
            .filter(|_| Fit::of(self.before).against(self.truth) <= weights::NEAR_LANGUAGE)
    }

    /// What a word saves that is known. `None` if it may be as it stands, or is like no word when it is repaired.
    fn judge(&self, word: Range<usize>, clean: Cost, repaired: Cost) -> Option<Cost> {
        let (before, after) = (&self.before[word.clone()], &self.after[word.clone()]);
        let saved: Cost = runs(after).map(|run| self.saving(&after[run])).sum();
        let changed = || word.clone().filter(|&at| self.before[at] != self.after[at]);
        let is_likely = |at: usize| self.repaired[at + 1] - self.repaired[at] <= weights::RARE_AGAIN;
        if changed().any(|at| is_control(self.after[at])) || saved == 0 && !changed().all(is_likely) {
            return None;
        }
        // Letters that become others of the same alphabet are looked at twice.
        let is_latin_letter = |c: char| is_letter(c) && is_latin(c);
        let is_doubtful =
            changed().any(|at| is_latin_letter(self.before[at]) && is_latin_letter(self.after[at]));
        let needed = || match runs(before).filter_map(|run| known(&before[run])).next() {
            None => Some(weights::AGAIN),
            Some(known) => (!known.languages.has(self.truth)).then_some(weights::AGAIN_OF_WORD),
        };
        let gains = || needed().is_some_and(|needed| clean + saved >= repaired + needed);
        (!is_doubtful || gains() || self.decided.has(before, after)).then_some(saved)
    }

    /// How much cheaper a word is as one of the language than letter by letter; nothing if it is none.
    fn saving(&self, word: &[char]) -> Cost {
        let known = known(word).filter(|known| word.len() >= SHORTEST && known.languages.has(self.truth));
        known.map_or(0, |known| spelled(word, self.truth).saturating_sub(known.cost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::{Encoding, Reader};
    use crate::language::ANY;

    /// What a line gains that is damaged but for what stands between braces.
    fn gain(line: &str, written: &str, reader: &str, language: &str) -> Option<Cost> {
        gain_after(line, written, reader, language, &Decided::default())
    }

    /// … behind words that a search has decided.
    fn gain_after(
        line: &str,
        written: &str,
        reader: &str,
        language: &str,
        decided: &Decided,
    ) -> Option<Cost> {
        let encoding = |label| Encoding::from_label(label).unwrap();
        let (written, reader) = (encoding(written), Reader::of(encoding(reader)));
        let damaged = |text: &str| reader.read(&written.encode(text).unwrap());
        let repaired = |text: &str| {
            let bytes = text.chars().flat_map(|c| reader.bytes_of(c).unwrap().as_slice().to_vec());
            written.decode(&bytes.collect::<Vec<u8>>()).unwrap()
        };
        let (mut before, mut after) = (String::new(), String::new());
        for (number, part) in line.split(['{', '}']).enumerate() {
            before += &if number % 2 == 0 { damaged(part) } else { part.to_owned() };
            after += &if number % 2 == 0 { part.to_owned() } else { repaired(part) };
        }
        let [before, after] = [before, after].map(|text| text.chars().collect::<Vec<char>>());
        let model = |tag| Model::named(tag).unwrap();
        Line::new(&before, &after, (model(ANY), model(language)), decided).gain()
    }

    #[test]
    fn a_line_that_leaves_no_doubt_gains() {
        for (line, written, reader, language) in [
            ("Сторож и его сын нашли в реке старую лодку (1923 г.)", "windows-1251", "windows-1252", "ru"),
            ("Strażnik znalazł zardzewiałą kotwicę, gdy wracał z młyna.", "iso-8859-2", "cp850", "pl"),
            ("« Le gardien a retrouvé l’échelle près de la forêt. »", "macintosh", "windows-1252", "fr"),
        ] {
            assert!(gain(line, written, reader, language).unwrap() > 100 * crate::language::BIT, "{line}");
        }
    }

    #[test]
    fn a_line_with_a_word_that_may_stand_is_in_doubt() {
        for (line, written, reader, language) in [
            ("Сторож нашёл в реке {Müller} лодку", "windows-1251", "windows-1252", "ru"),
            ("Сторож нашёл в реке {déjà vu} лодку", "windows-1251", "windows-1252", "ru"),
            ("Le gardien a retrouvé la {bûche} près de la forêt", "macintosh", "windows-1252", "fr"),
            ("Strażnik znalazł zardzewiałą {São} kotwicę, gdy wracał", "iso-8859-2", "cp850", "pl"),
            ("{Një gjuhë e vjetër është ruajtur në këtë fshat}", "macintosh", "cp437", "ro"),
        ] {
            assert_eq!(gain(line, written, reader, language), None, "{line}");
        }
    }

    /// The first line says what the channel is, the second one that something else than French came through it.
    #[test]
    fn lines_of_a_list_come_back_in_each_language_that_came_through_the_channel() {
        let truth = "Hélène Préault\nEl niño perdió su peine\nÍñigo Muñoz\n";
        super::super::assert_comes_back(truth, "windows-1252", "macintosh");
    }

    #[test]
    fn a_word_that_a_search_decided_is_in_no_doubt() {
        let channel = Channel {
            written: Encoding::from_label("iso-8859-2").unwrap(),
            reader: Reader::of(Encoding::from_label("cp850").unwrap()),
        };
        let read = |text: &str| channel.reader.read(&channel.written.encode(text).unwrap());
        let has = |decided: &Decided, word: &str| {
            decided.has(&Vec::from_iter(read(word).chars()), &Vec::from_iter(word.chars()))
        };
        let text = read("Oto (gęsie) pióro, Ćwiek; dębową skrzynię");
        let part = text.find("sie").unwrap()..text.find("; d").unwrap();
        let change = straight::change(&text, 0, part.clone(), channel).unwrap();
        let came = Known { channel, truth: Model::named("pl").unwrap() };
        let mut decided = Decided::default();
        // Of the first word something stands before the change that is not ASCII.
        decided.add(&text, &change, came);
        assert!(!has(&decided, "Ćwiek") && !has(&decided, "gęsie"));
        let change = straight::change(&text, 0, text.find('Û').unwrap()..part.end, channel).unwrap();
        decided.add(&text, &change, came);
        assert!(has(&decided, "Ćwiek") && has(&decided, "gęsie") && !has(&decided, "dębową"));
        let line = "Ćwiek odniósł łódź pod mostem";
        let gain = |decided: &Decided| gain_after(line, "iso-8859-2", "cp850", "pl", decided);
        assert_eq!(gain(&Decided::default()), None);
        assert!(gain(&decided).is_some());
    }

    #[test]
    fn lines_near_those_in_doubt_are_searched_with_them() {
        let again = |gain: Cost| {
            let written = Encoding::from_label("koi8-r").unwrap();
            let channel = Channel { written, reader: Reader::WINDOWS_1252 };
            let text = "Äà";
            Some(Again { change: straight::change(text, 0, 0..text.len(), channel).unwrap(), gain })
        };
        let lines = |gain: Cost| -> Vec<(Range<usize>, Option<Again>)> {
            (0..20)
                .filter(|&number| number != 10)
                .map(|number| {
                    (100 * number..100 * (number + 1), (number % 2 == 0).then(|| again(gain)).flatten())
                })
                .collect()
        };
        let in_doubt = || Vec::from([Range { start: 1000, end: 1100 }]);
        let (mut rest, mut others) = (in_doubt(), lines(weights::ALL_AGAIN));
        beside(&mut rest, &mut others);
        assert_eq!(rest, Vec::from([Range { start: 600, end: 1500 }]));
        assert_eq!(others.len(), 11);
        // A few bits prove nothing.
        let (mut rest, mut others) = (in_doubt(), lines(1));
        beside(&mut rest, &mut others);
        assert_eq!(rest, Vec::from([Range { start: 0, end: 2000 }]));
        assert!(others.is_empty());
    }
}
