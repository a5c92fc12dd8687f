//! Which of the channels that were searched it was, and what of its path is taken over.

use crate::language::{Context, bits};

use super::engine::Known;
use super::languages::Fit;
use super::place::{is_control, is_intruder, is_latin, is_letter};
use super::search::Found;
use super::segment::{MOST_ALTERNATIVES, Stretch, is_decided};
use super::{Alternative, Change, languages, weights};

/// The stretches of the path through a window that is cheapest with what it must win by; of the cheapest one if nothing is
/// decided on any.
pub(super) fn judge(
    found: Vec<Found<'_>>,
    chars: &[char],
    context: Context,
) -> Option<(Known, Vec<Stretch>)> {
    let judged = found.iter().map(|found| {
        let mut stretches = found.lattice.stretches(chars, &found.path, context);
        fall_together(&mut stretches);
        Judged { known: found.known, total: bits(found.total()), stretches }
    });
    let mut judged: Vec<Judged> = judged.collect();
    let prices = judged.iter().map(Judged::price).enumerate().filter(|(_, price)| price.is_finite());
    // Of several that cost the same the first is the cheapest by itself.
    let best = match prices.min_by(|(_, a), (_, b)| a.total_cmp(b)) {
        Some((at, _)) => {
            let mut best = judged.swap_remove(at);
            best.doubt(&judged);
            Some(best)
        }
        None => of_the_impossible(judged, chars),
    };
    best.map(|judged| (judged.known, judged.stretches))
}

/// Characters of a text up to which it may stay open which of two alphabets it was in, …
const FEW: usize = 3;
/// … if one of them is not as sure as this. Chosen on `eval/`: with less a word of three letters is made worse.
const SURE_OF_ALPHABET: f64 = 0.8;

/// Whether it stays open in which alphabet a text of so many characters was: what another channel makes of it in another one
/// is nearly as cheap.
pub(super) fn is_open(change: &Change, length: usize) -> bool {
    let alphabet = |text: &str| languages::models_of_text(text.chars()).first().map(|model| model.tag);
    let all = change.alternatives.iter().map(|other| other.confidence).sum::<f64>() + change.confidence;
    let likeliest = change.alternatives.first().filter(|_| length <= FEW);
    likeliest.is_some_and(|other| alphabet(&other.after) != alphabet(&change.after))
        && change.confidence < SURE_OF_ALPHABET * all
}

/// Where a channel makes as many stretches that are like no text as such that win, or more, chance made these, too: lists of
/// signs give a word now and then.
fn fall_together(stretches: &mut [Stretch]) {
    let decided = stretches.iter().filter(|stretch| is_decided(stretch)).count();
    if stretches.iter().filter(|stretch| !stretch.typical).count() >= decided.max(1) {
        stretches.iter_mut().for_each(|stretch| stretch.typical = false);
    }
}

/// What a channel makes of a window.
struct Judged {
    known: Known,
    /// Bits that the path costs, with the whole price of the channel.
    total: f64,
    stretches: Vec<Stretch>,
}

impl Judged {
    /// The cost with what it must win by; without end if nothing is decided.
    fn price(&self) -> f64 {
        let decided = self.stretches.iter().filter(|stretch| is_decided(stretch));
        // What wins by far wins against chance, too: then what it costs says which one it is.
        let needed = decided.map(|stretch| stretch.needed * (stretch.needed / stretch.gain).min(1.0));
        needed.reduce(f64::max).map_or(f64::INFINITY, |needed| self.total + needed)
    }

    /// What other channels make of the same characters nearly as cheaply is told beside it, and makes it less sure.
    fn doubt(&mut self, others: &[Self]) {
        let total = self.total;
        for change in self.stretches.iter_mut().flat_map(|stretch| &mut stretch.changes) {
            let mut rivals: Vec<(f64, &str)> = Vec::new();
            for other in others {
                let same =
                    other.changes().filter(|other| other.span == change.span && other.after != change.after);
                rivals.extend(same.map(|same| ((other.total - total).max(0.0), same.after.as_str())));
            }
            rivals.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut told: Vec<Alternative> = Vec::new();
            for (extra, after) in rivals.into_iter().filter(|(extra, _)| *extra <= bits(weights::RUNNER_UP)) {
                if told.iter().chain(&change.alternatives).all(|known| known.after != after) {
                    told.push(Alternative {
                        after: after.to_owned(),
                        confidence: change.confidence * (-extra).exp2(),
                    });
                }
            }
            if told.is_empty() {
                continue;
            }
            let doubt: f64 = told.iter().map(|rival| rival.confidence).sum();
            let share = change.confidence / (change.confidence + doubt);
            change.alternatives.append(&mut told);
            change.confidence *= share;
            change.alternatives.iter_mut().for_each(|other| other.confidence *= share);
            change.alternatives.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
            change.alternatives.truncate(MOST_ALTERNATIVES);
        }
    }

    fn made(&self) -> impl Iterator<Item = char> {
        self.changes().flat_map(|change| change.after.chars())
    }

    fn changes(&self) -> impl Iterator<Item = &Change> {
        self.stretches.iter().flat_map(|stretch| &stretch.changes)
    }
}

/// The controls from U+0080 on are damage wherever they stand, and so is a letter of another alphabet alone in a word of
/// ASCII letters. What becomes of them need not win against chance: the cheapest is taken, if it is cheaper by
/// [`weights::CONTROL`] than all that make something else, and of letters only Latin ones. Otherwise the first.
fn of_the_impossible(mut judged: Vec<Judged>, chars: &[char]) -> Option<Judged> {
    // U+0085 ends a line.
    let is_told = |at: usize| is_control(chars[at]) && chars[at] != '\u{85}' || is_intruder(chars, at);
    let are_told = |judged: &Judged| {
        let before = || judged.changes().flat_map(|change| change.span.clone());
        before().any(is_told)
            && before().all(|at| chars[at].is_ascii() || is_control(chars[at]) || is_told(at))
    };
    let are_controls = |judged: &Judged| {
        judged.changes().flat_map(|change| change.before.chars()).all(|c| c.is_ascii() || is_control(c))
    };
    judged.retain(|judged| !judged.stretches.is_empty());
    if judged.iter().all(are_told) {
        let fit = Fit::of(chars);
        let is_in_words = chars.iter().filter(|c| c.is_ascii_alphabetic()).count()
            > chars.iter().filter(|c| !c.is_ascii()).count();
        for judged in &mut judged {
            let is_of_others = judged.made().any(|c| is_letter(c) && !is_latin(c));
            let stranger = if is_in_words && is_of_others { weights::STRANGER } else { 0 };
            judged.total += bits(fit.against(judged.known.truth) + stranger);
        }
        judged.sort_by(|a, b| a.total.total_cmp(&b.total));
        let [best, others @ ..] = &mut judged[..] else { return None };
        let other = others.iter().find(|other| !other.made().eq(best.made()));
        let margin = other.map_or(f64::INFINITY, |other| other.total - best.total);
        let is_word = best.made().all(|c| is_letter(c) && is_latin(c));
        if margin >= bits(weights::CONTROL) && (is_word || are_controls(best)) {
            for stretch in &mut best.stretches {
                stretch.needed = stretch.needed.min(bits(weights::CONTROL));
                for change in &mut stretch.changes {
                    change.confidence = change.confidence.max(weights::confidence(margin.min(stretch.gain)));
                }
            }
        }
    }
    judged.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::super::assert_comes_back;
    use crate::repair;

    #[test]
    fn controls_come_back_where_one_channel_explains_them_best() {
        for (truth, written, reader) in [
            ("Köhlerdorf, Fähranleger", "macintosh", "iso-8859-1"),
            ("Isolément", "cp850", "iso-8859-1"),
            ("Räume", "macintosh", "windows-1257"),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    /// Three letters of windows-1256 that another page read: what is told beside the best reading makes that less sure, and
    /// where another alphabet says as much, nothing is changed.
    #[test]
    fn what_other_channels_make_is_told_beside() {
        let garbled = super::super::garbled("سمك", "windows-1256", "windows-1251");
        let repair = repair(&garbled);
        let change = &repair.changes()[0];
        assert!(!change.alternatives.is_empty());
        let all: f64 = change.alternatives.iter().map(|other| other.confidence).sum();
        assert!(all > 0.05 && all + change.confidence <= 1.0, "{change:?}");
        assert!(change.alternatives.is_sorted_by(|a, b| a.confidence >= b.confidence));

        let truth = "شمس";
        let garbled = super::super::garbled(truth, "windows-1256", "windows-1252");
        let repair = crate::repair(&garbled);
        assert_eq!(repair.text(), garbled);
        let undecided = &repair.undecided()[0];
        assert_eq!(undecided.reason, crate::mojibake::Reason::NotSureEnough);
        assert!(undecided.guesses.len() > 1 && undecided.guesses.iter().any(|guess| guess.after == truth));
        // Who knows that it is garbled takes the best there is.
        assert_ne!(crate::mojibake::Repairer::new().assume_garbled(true).repair(&garbled).text(), garbled);
    }

    #[test]
    fn a_letter_of_another_alphabet_in_a_word_comes_back_where_one_channel_explains_it_best() {
        for (truth, written, reader) in [
            ("Der Kahn des alten Brösel", "windows-1252", "windows-1251"),
            ("Anlägg", "cp850", "windows-1251"),
            ("33 Réunion Dinghy", "macintosh", "ibm866"),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    #[test]
    fn letters_of_another_alphabet_that_people_put_beside_latin_ones_stay() {
        for text in ["وpaddle", "הferry", "Јadran", "Pаddle", "the letter и", "Xй", "web-ферма", "rowлодка"]
        {
            assert_eq!(repair(text).text(), text);
        }
    }

    #[test]
    fn the_end_of_a_line_is_no_control() {
        for text in ["x\u{85}the pier", "d = 1  # \u{85}note"] {
            assert_eq!(repair(text).text(), text);
        }
    }
}
