//! Text of single bytes that was read as UTF-16: of two letters of ASCII each becomes one character, mostly an ideograph.
//!
//! Any encoding gives these letters back, and the few others decide which one it was: that in whose languages they cost
//! least, among letters of ASCII as they are.

use std::ops::Range;

use crate::encoding::{Encoding, Reader, sloppy_byte_of};
use crate::language::{BIT, Context, Cost, bits};

use super::engine::Pass;
use super::lattice::Channel;
use super::place::clean_cost;
use super::straight::{self, between_ascii};
use super::{Change, glance, languages, weights};

/// Characters that are enough to be called a text: twice as many letters.
const ENOUGH: usize = 3;
/// Of so many bytes one may be none of ASCII.
const ONE_OTHER_IN: usize = 3;
/// Surprise of a character of what comes out, at most: noise has more.
const READABLE: Cost = 8 * BIT;

impl Pass<'_> {
    /// What a window is as single bytes, if it reads like text and a search did not find what it is as a whole: nothing, or
    /// what only its letters of ASCII are.
    pub(super) fn narrow(&self, window: &Range<usize>, found: &[Change]) -> Option<Change> {
        let text = &self.text[window.clone()];
        let span = between_ascii(text)?;
        let garbled: Vec<char> = text[span.clone()].chars().collect();
        let plain = garbled.iter().filter(|&&c| u32::from(c) & !0x7f7f == 0).count();
        if garbled.len() < ENOUGH || 2 * plain < garbled.len() || garbled.iter().any(char::is_ascii) {
            return None;
        }
        if found.iter().any(|change| change.span.len() >= span.len()) {
            return None;
        }
        let stands = clean_cost(self.task.stands, self.task.stands, &garbled, Context::default());
        let read = [Encoding::UTF_16LE, Encoding::UTF_16BE].into_iter().filter_map(|read| {
            let channel = Channel { written: Encoding::WINDOWS_1252, reader: Reader::of(read) };
            if !self.task.hints.allow(channel.written, channel.reader) {
                return None;
            }
            let change = straight::change(text, window.start, span.clone(), channel)?;
            if !reads_like_text(&change.after) {
                return None;
            }
            let (written, after) = self.written(&change.after, channel.reader)?;
            Some((change, Channel { written, ..channel }, after))
        });
        let (change, channel, after) =
            read.min_by_key(|&(_, channel, after)| after + weights::channel(channel))?;
        // Both orders and all encodings pay the price of the most common ones.
        let reader = Reader::of(Encoding::UTF_16LE);
        let price = weights::enter(Channel { written: Encoding::WINDOWS_1252, reader });
        let is_readable = after <= READABLE * change.after.chars().count() as Cost;
        if !is_readable || stands < after + price + weights::MARGIN {
            return None;
        }
        let mut change = straight::change(text, window.start, span, channel).unwrap_or(change);
        change.score.as_it_stands = bits(stands);
        change.score.repaired = bits(after);
        change.score.channel = bits(weights::enter(channel));
        Some(change)
    }

    /// The encoding that bytes, shown as windows-1252 shows them, were most likely written in, and what they cost in the
    /// likeliest of its languages.
    fn written(&self, shown: &str, reader: Reader) -> Option<(Encoding, Cost)> {
        let bytes: Vec<u8> = shown.chars().map(sloppy_byte_of).collect::<Option<_>>()?;
        let cost = |written: Encoding| {
            let text: String = bytes.iter().map(|&byte| written.page_char(byte)).collect::<Option<_>>()?;
            let models = languages::models_of(written).iter().filter(|model| languages::is_latin(model));
            let cost = models.map(|model| model.text_cost(&text)).min()?;
            Some((written, cost))
        };
        let pages = glance::single_byte().iter().copied();
        let pages = pages.filter(|&written| self.task.hints.allow(written, reader));
        let whole =
            |&(written, cost): &(Encoding, Cost)| cost + weights::channel(Channel { written, reader });
        pages.filter_map(cost).min_by_key(whole)
    }
}

/// Whether most of a text is letters of ASCII and spaces, and nothing of it a control character below 80.
fn reads_like_text(text: &str) -> bool {
    let (mut plain, mut others) = (0, 0);
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' => {}
            _ if c.is_ascii_control() => return false,
            ' ' => plain += 1,
            _ if c.is_ascii_alphanumeric() => plain += 1,
            _ => others += 1,
        }
    }
    plain > others * (ONE_OTHER_IN - 1)
}

#[cfg(test)]
mod tests {
    use crate::encoding::Encoding;
    use crate::repair;

    #[test]
    fn text_of_any_single_bytes_comes_back() {
        let french =
            "Le bateau a quitté le port à l'aube, et le pêcheur était déjà debout depuis des heures.";
        let czech =
            "Převozník seděl na břehu a čekal, až se vrátí poslední loď, která plula proti proudu řeky.";
        let mut count = 0;
        for (truth, written) in [
            (french, "windows-1252"),
            (french, "macintosh"),
            (french, "cp850"),
            (french, "utf-8"),
            (czech, "windows-1250"),
            (czech, "cp852"),
        ] {
            let mut bytes = Encoding::from_label(written).and_then(|written| written.encode(truth)).unwrap();
            let is_odd = bytes.len() % 2 == 1;
            bytes.extend(is_odd.then_some(b' '));
            for read in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
                // Halves of characters read as nothing.
                let Some(garbled) = read.decode(&bytes) else { continue };
                count += 1;
                let repaired = repair(&garbled);
                assert_eq!(repaired.text().trim_end(), truth, "{written} {garbled}");
                for change in repaired.changes() {
                    assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
                }
            }
        }
        assert!(count > 8, "{count}");
    }

    #[test]
    fn the_languages_of_the_encoding_tell_which_it_was() {
        for (truth, written) in [
            ("laiva ir jau krastā", "cp775"),
            ("paskutinė valtis per naktį", "iso-8859-4"),
            ("Brodar već dugo čeka na obali rijeke", "cp852"),
            ("Il battello è fermo qui.", "cp850"),
        ] {
            let bytes = Encoding::from_label(written).and_then(|written| written.encode(truth)).unwrap();
            let mut bytes = bytes;
            let is_odd = bytes.len() % 2 == 1;
            bytes.extend(is_odd.then_some(b' '));
            for read in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
                let Some(garbled) = read.decode(&bytes) else { continue };
                assert_eq!(repair(&garbled).text().trim_end(), truth, "{written} {read} {garbled}");
            }
        }
    }

    /// The few that a search makes sense of are letters of ASCII, which any encoding has.
    #[test]
    fn a_search_that_finds_a_part_is_not_enough() {
        for (truth, written) in
            [("Édouard habite le vieux bac", "cp850"), ("I’ve missed the ferry", "macintosh")]
        {
            for read in ["utf-16le", "utf-16be"] {
                let mut bytes =
                    Encoding::from_label(written).and_then(|written| written.encode(truth)).unwrap();
                let is_odd = bytes.len() % 2 == 1;
                bytes.extend(is_odd.then_some(b'.'));
                let Some(garbled) = Encoding::from_label(read).and_then(|read| read.decode(&bytes)) else {
                    continue;
                };
                let repaired = repair(&garbled);
                assert_eq!(repaired.text().trim_end_matches('.'), truth, "{written} {read} {garbled}");
            }
        }
    }

    #[test]
    fn a_few_letters_are_enough() {
        for (truth, written) in [
            ("gå i båd", "windows-1252"),
            ("hajó van", "cp852"),
            ("Die Nähe", "windows-1252"),
            ("allí está la barca", "cp850"),
        ] {
            let bytes = Encoding::from_label(written).and_then(|written| written.encode(truth)).unwrap();
            for read in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
                let Some(garbled) = read.decode(&bytes) else { continue };
                assert_eq!(repair(&garbled).text(), truth, "{written} {read} {garbled}");
            }
        }
    }

    #[test]
    fn ideographs_stay() {
        for text in [
            "歐陽振華",
            "潘樹楷",
            "慶應義塾",
            "桂林山水",
            "楊柳青青",
            "沙漠綠洲\n楓橋夜泊\n櫻桃小丸子",
            "渡船停在江边，船夫在等最后一位客人。",
            "船頭は岸辺に座り、最後の舟を待っていた。",
            "漢字漢字漢字漢字漢字",
        ] {
            assert_eq!(repair(text).text(), text);
        }
    }
}
