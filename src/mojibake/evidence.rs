//! What speaks for a damaged stretch: how much of a gain counts, and how much is needed.

mod made;

use std::cell::OnceCell;
use std::ops::Range;

use crate::encoding::Encoding;
use crate::language::words::{SHORTEST, is_word_of};
use crate::language::{self, Context, Cost, Languages, Model, bits};

use super::foreign;
use super::languages::{self, Fit};
use super::lattice::Lattice;
use super::path::{Action, Path};
use super::place::{clean_costs, is_letter, mixes_alphabets};
use super::segment::Cell;
use super::weights;
use super::words::{may_stand, runs, saving};
use made::{Made, made};

impl Lattice<'_> {
    /// The different words of the repaired window that hold a character which the repair changed, and the cells of those that
    /// come again and are not known, with how often they came before.
    pub(super) fn words(&self, window: &[char], cells: &[Cell]) -> (Vec<Word>, Vec<(Range<usize>, i32)>) {
        let out: Vec<(char, usize)> =
            cells.iter().enumerate().flat_map(|(at, cell)| cell.out.chars().map(move |c| (c, at))).collect();
        let text: Vec<char> = out.iter().map(|&(c, _)| c).collect();
        // With how often they came, those that are not known.
        let mut seen: Vec<(&[char], Option<i32>)> = Vec::new();
        let (mut words, mut repeated) = (Vec::new(), Vec::new());
        let fit = OnceCell::new();
        // Which language a text of another alphabet is in is told by nothing but its own letters.
        let is_known = |word: &[char]| {
            is_word_of(word, self.truth) && (word.len() >= SHORTEST || languages::is_latin(self.truth))
        };
        for run in runs(&text) {
            let is_changed = |cell: &Cell| {
                cell.damaged && !cell.out.chars().eq(window[cell.chars.clone()].iter().copied())
            };
            let within = out[run.start].1..out[run.end - 1].1 + 1;
            let own = &cells[within.clone()];
            let Some(first) = own.iter().position(is_changed) else { continue };
            let after = &text[run.clone()];
            // No word of ASCII letters is known: that one stands beside a mark says nothing.
            if let Some((_, came)) = seen.iter_mut().find(|(word, _)| *word == after) {
                repeated.extend(came.map(|came| (within, came)));
                *came = came.map(|came| came + 1);
                continue;
            }
            if after.iter().all(char::is_ascii) {
                continue;
            }
            let before = &window[own[0].chars.start..own[own.len() - 1].chars.end];
            let stands = || fit.get_or_init(|| Fit::of(around(window, own[first].chars.start)));
            // What is no word need not be compared with the text around.
            let words_before = runs(before).map(|run| (&before[run.clone()], saving(&before[run])));
            let standing = words_before.filter(|&(word, saved)| saved > 0 && may_stand(word, stands()));
            let lost: Cost = standing.map(|(_, saved)| saved).sum();
            let saved = bits(saving(after)) - bits(lost);
            let is_known =
                lost == 0 && is_known(after) && (after.len() >= SHORTEST || stands_by_itself(window, own));
            seen.push((after, (!is_known).then_some(1)));
            words.push(Word {
                cell: out[run.start].1 + first,
                saved,
                is_known,
                is_short: after.len() < SHORTEST,
            });
        }
        (words, repeated)
    }

    /// The gain over the text as it stands in the language that it is most like: the model of all text knows each
    /// language less well than its own model does. UTF-8 needs no such care, and pairs only where a word may be one.
    pub(super) fn against_languages(
        &self,
        window: &[char],
        path: &Path,
        run: &[Cell],
        gain: f64,
        words: Words,
    ) -> f64 {
        let chars = run[0].chars.start..run[run.len() - 1].chars.end;
        let is_spelled = || window[chars.clone()].iter().all(|c| c.is_ascii() || is_letter(*c));
        let is_pairs = !self.channel.written.is_single_byte();
        let is_again = self.enter + self.spared < weights::ENTER;
        if self.channel.written.is_utf8() || is_pairs && (is_again || !is_spelled()) {
            return gain;
        }
        // The beginning of a long stretch says it for all of it.
        let start = run[0].chars.start;
        let is_part = |cell: &&Cell| cell.chars.end - start <= weights::COMPARED;
        let part = &run[..run.iter().take_while(is_part).count().max(1)];
        let end = part[part.len() - 1].chars.end;
        let spent = bits(cost_of(path, part[0].moves.start..part[part.len() - 1].moves.end));
        let from = start.saturating_sub(weights::MEMORY);
        let knows_all = |model: &&Model| {
            let letters = window[start..end].iter().filter(|&&c| is_letter(c));
            letters.copied().all(|c| model.alone(c) <= weights::OF_LANGUAGE)
        };
        let clean = language::all()
            .iter()
            .filter(knows_all)
            .map(|model| {
                let mut costs = clean_costs(self.stands, model, &window[from..end], Context::default());
                self.add_foreign(&window[from..end], &mut costs);
                bits(between(&costs, start - from..end - from))
            })
            .fold(f64::INFINITY, f64::min);
        gain.min(clean - spent + words.saved)
    }

    /// What of a gain counts, and how much is needed.
    ///
    /// Where a letter only became another letter, this may be a language that the models do not know: it uses a few
    /// letters over and over that others do not, so each letter counts nearly once; and these have accents that others
    /// lack. Few different characters say little at all, unless they stand where they cannot.
    pub(super) fn evidence(
        &self,
        window: &[char],
        path: &Path,
        run: &[Cell],
        gain: f64,
        words: Words,
    ) -> Judged {
        let judged = self.judged(window, path, run, gain, words);
        let moves = || run.iter().flat_map(|cell| &path.moves[cell.moves.clone()]);
        let is_plain = || moves().all(|step| matches!(step.action, Action::Stay | Action::Take(_)));
        match self.by_letters.filter(|_| is_plain()) {
            Some(by) if by.alone || bits(by.needed) < judged.needed => {
                Judged { gain, needed: bits(by.needed), is_of_language: true, ..judged }
            }
            _ => judged,
        }
    }

    /// The same, whatever the letters of the language around say.
    fn judged(&self, window: &[char], path: &Path, run: &[Cell], gain: f64, words: Words) -> Judged {
        let (made, count) = made(window, path, run);
        let is_utf8 = self.channel.written.is_utf8();
        let known: usize = made.iter().map(|made| made.weight(self.channel)).sum();
        let is_strange = made.iter().any(|made| made.strange > 0);
        // Of what is repeated each kind counts nearly once; UTF-8 proves itself each time.
        // … and so do words, of what cannot stand in one.
        let is_proven = is_utf8 || words.are_known() && made.iter().all(|made| made.strange == 2);
        let share = if is_proven { 1.0 } else { made.len() as f64 / count.max(1) as f64 };
        if made.iter().all(Made::is_letter) && !is_strange {
            let same = made.iter().filter(|made| made.is_same_letter());
            // … also where such damage was found elsewhere in the text.
            let again = weights::enter(self.channel).saturating_sub(self.enter);
            let accents = same.count() as f64 * bits(weights::OTHER_ACCENT);
            let few = weights::FEW.get(2 * made.len()).copied().unwrap_or(0) / 3;
            // A language that the models do not know has other words.
            let text = words.are_known().then(|| with_text_beside(window, run));
            // What is of no language may be spelled in any way.
            if let Some(fit) = text.as_deref().map(Fit::of).filter(Fit::is_language) {
                let most = self.less_in_text(window, run, weights::KNOWN_LETTERS);
                let least = (weights::MARGIN + self.spared).min(most);
                let needed = bits(least + 2 * fit.against(self.truth));
                return Judged { gain, needed, fits: self.is_told, is_of_language: false };
            }
            let needed = bits(weights::MARGIN + weights::OTHER_LETTERS + again + few) + accents;
            return Judged { gain: gain * share, needed, fits: false, is_of_language: false };
        }
        let few = weights::FEW.get(known).copied().unwrap_or(0);
        let few = if words.are_known() { few / weights::FEW_OF_WORDS } else { few };
        // What was found elsewhere in the text is no longer one of a thousand channels.
        let few = match self.channel.written.is_pairs() {
            true if self.enter + self.spared < weights::ENTER && made.iter().all(|made| made.is_pair) => 0,
            true if stand_alone(run) => few.max(weights::ALONE),
            _ => few,
        };
        let signs = made.iter().filter(|made| made.is_letter_to_sign()).count();
        let needed = bits(weights::MARGIN + self.spared + few) + signs as f64 * bits(weights::LETTER_TO_SIGN);
        let mut judged = Judged { gain: gain * share, needed, fits: false, is_of_language: false };
        judged = self.or_fitting(window, run, &made, words, judged);
        if made.iter().all(|made| made.looks_latin)
            && !(words.known > words.short && words.unknown == 0 && judged.fits)
        {
            judged.needed += bits(weights::LOOK_ALIKE);
        }
        judged
    }

    /// What known words need, less what the words beside them say for their language, but not less than there must be.
    /// They say nothing where they may be in a language that uses the letters as they stand.
    fn less_in_text(&self, window: &[char], run: &[Cell], needed: Cost) -> Cost {
        let changed = run.iter().filter(|cell| cell.damaged).flat_map(|cell| cell.chars.clone());
        let users =
            changed.filter_map(|at| foreign::users_at(window, at)).reduce(Languages::and).unwrap_or_default();
        let speaks = Fit::of(&other_words(window, run)).speaks_for(self.truth, users);
        needed
            .saturating_sub(speaks.saturating_sub(weights::SAYS_NOTHING))
            .max(weights::KNOWN_IN_TEXT.min(needed))
    }

    /// The same, or what is needed where something says that there is damage, if that is less.
    fn or_fitting(
        &self,
        window: &[char],
        run: &[Cell],
        made: &[Made<'_>],
        words: Words,
        judged: Judged,
    ) -> Judged {
        if !self.is_told || !self.channel.written.is_single_byte() {
            return judged;
        }
        let is_latin = made.iter().all(|made| made.belongs);
        let is_strange = made.iter().any(|made| made.strange > 0);
        let how_strange = made.iter().filter(|made| !made.looks_latin).map(|made| made.strange).max();
        let through_pairs = !self.channel.reader.encoding().is_single_byte();
        let fitting = match how_strange {
            _ if made.iter().all(Made::stays_in_alphabet) => return judged,
            _ if words.are_known() => weights::KNOWN_WORDS[usize::from(is_strange)],
            _ if !is_latin => return judged,
            Some(1) => weights::BESIDE_WORD,
            Some(2..) if through_pairs => weights::PAIRS_OUT_OF_PLACE,
            Some(2..) => weights::OUT_OF_PLACE,
            _ => return judged,
        };
        let least = match words.are_known() {
            true => bits(self.less_in_text(window, run, fitting.least)),
            false => bits(fitting.least),
        };
        if judged.needed <= least {
            return judged;
        }
        let text = is_latin.then(|| with_text_beside(window, run));
        let fit = text.as_deref().map(Fit::of);
        let foreign = fit.map_or(f64::INFINITY, |fit| bits(fit.against(self.truth)));
        // A tone makes a letter of any vowel: in words of another language it is none.
        let most = if self.channel.written.has_marks() { f64::INFINITY } else { bits(fitting.most) };
        let needed = (least + foreign).min(most);
        match needed < judged.needed {
            true => Judged { needed, fits: is_latin, ..judged },
            false => judged,
        }
    }

    /// A repair that beats the text as it stands may do so only because that is no language at all.
    /// Valid UTF-8, though, is not made by chance more than once or twice, whatever it says: it may be another
    /// layer of damage.
    pub(super) fn is_typical(
        &self,
        window: &[char],
        path: &Path,
        run: &[Cell],
        words: Words,
        fits: bool,
    ) -> bool {
        let is_utf8 = self.channel.written.is_utf8();
        if words.are_known() && (fits || is_utf8) {
            return true;
        }
        if is_utf8 {
            let damaged = || run.iter().filter(|cell| cell.damaged);
            let decoded = || damaged().flat_map(|cell| cell.out.chars());
            let moves = damaged().flat_map(|cell| &path.moves[cell.moves.clone()]);
            // What was put in says nothing of what is there; and a character in two halves has one more.
            let guessed = moves.filter(|step| step.is_guess()).count();
            let halves = match self.channel.written {
                Encoding::CESU_8 => decoded().filter(|&c| c > '\u{ffff}').count(),
                _ => 0,
            };
            if continuation_bytes(decoded()) + halves > 2 + guessed {
                return true;
            }
        }
        let (start, end) = (run[0].chars.start, run[run.len() - 1].chars.end);
        let before = start.checked_sub(1).and_then(|at| window.get(at)).zip(run[0].out.chars().next());
        let after = run[run.len() - 1].out.chars().next_back().zip(window.get(end));
        let at_borders = before.map(|(&a, b)| (a, b)).into_iter().chain(after.map(|(a, &b)| (a, b)));
        if self.channel.written.is_single_byte() {
            let mixed = neighbours(run).chain(at_borders).filter(|&(a, b)| mixes_alphabets(a, b)).count();
            let made = run.iter().flat_map(|cell| cell.out.chars()).filter(|c| !c.is_ascii()).count();
            // A name here and there is written so (`USB` and `кабель` in one).
            if mixed * weights::LETTERS_FOR_ONE_MIXED > made {
                return false;
            }
        }
        let mut context = Context::default();
        let (mut total, mut typical) = (0, 0);
        for (cell, c) in run.iter().flat_map(|cell| cell.out.chars().map(move |c| (cell, c))) {
            let (cost, next) = self.truth.step(context, c);
            context = next;
            if !c.is_ascii() {
                total += cost.min(weights::UNKNOWN_IDEOGRAPH);
                // The digits of a four-byte form do not stand where they do by chance.
                let is_long = self.channel.written == Encoding::GB18030 && cell.moves.len() == 4;
                let structure = if is_long { weights::FOUR_BYTES } else { 0 };
                typical += weights::typical(c) + structure;
            }
        }
        let rare = if fits { weights::TYPICAL_IN_PLACE } else { 0 };
        total <= typical + weights::TYPICAL_ONCE + rare
    }
}

/// Whether so many continuation bytes fit that chance does not make them.
pub(super) fn is_surely_utf8(decoded: impl Iterator<Item = char>) -> bool {
    continuation_bytes(decoded) > 2
}

fn continuation_bytes(decoded: impl Iterator<Item = char>) -> usize {
    // Beyond the ideographs nothing is assigned.
    decoded.filter(|&c| c < '\u{32400}').map(|c| c.len_utf8() - 1).sum()
}

/// What speaks for a stretch.
#[derive(Clone, Copy)]
pub(super) struct Judged {
    /// Bits of its gain that count, …
    pub(super) gain: f64,
    /// … and how many are needed.
    pub(super) needed: f64,
    /// Whether it fits the words around it.
    pub(super) fits: bool,
    /// Whether it makes letters of the language that the words around it are in.
    pub(super) is_of_language: bool,
}

/// A word of a repaired window.
pub(super) struct Word {
    /// The first cell of it that was changed.
    pub(super) cell: usize,
    /// Bits by which it is cheaper as a word than letter by letter, less those of the words that stand there.
    pub(super) saved: f64,
    /// Whether it is a word, and what stands there is none.
    pub(super) is_known: bool,
    /// Whether it has one letter or two.
    pub(super) is_short: bool,
}

/// The words of a stretch.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) saved: f64,
    pub(super) known: usize,
    /// … those of them of one or two letters: they say half as much.
    pub(super) short: usize,
    /// … of the whole window, where hardly one is known.
    pub(super) unknown: usize,
}

impl Words {
    pub(super) fn are_known(self) -> bool {
        self.known > 0 && 2 * self.known >= 2 * self.unknown + self.short
    }

    /// Bits that a repair must win more by, because it makes something else than words of a language.
    pub(super) fn unknown(self) -> f64 {
        self.unknown as f64 * bits(weights::UNKNOWN_WORD)
    }
}

/// The text beside a repaired stretch, before and after it.
fn beside<'w>(window: &'w [char], run: &[Cell]) -> [&'w [char]; 2] {
    let (start, end) = (run[0].chars.start, run[run.len() - 1].chars.end);
    [
        &window[start.saturating_sub(weights::BESIDE)..start],
        &window[end..window.len().min(end + weights::BESIDE)],
    ]
}

/// A repaired stretch with the text beside it.
fn with_text_beside(window: &[char], run: &[Cell]) -> Vec<char> {
    let [before, after] = beside(window, run);
    let made = run.iter().flat_map(|cell| cell.out.chars()).take(weights::COMPARED);
    before.iter().copied().chain(made).chain(after.iter().copied()).collect()
}

/// Whether some cells stand where a word of running text does: not in quotes or in brackets, as letters that are spoken of.
fn stands_by_itself(window: &[char], cells: &[Cell]) -> bool {
    let before = cells[0].chars.start.checked_sub(1).and_then(|at| window.get(at));
    let mut after = window[cells[cells.len() - 1].chars.end..].iter();
    let ends = |c: Option<&char>| c.is_none_or(|c| c.is_whitespace());
    let begins = |c: Option<&char>| ends(c) || c.is_some_and(|c| matches!(c, '\'' | '’'));
    let next = after.next();
    let is_mark = next.is_some_and(|c| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '…'));
    begins(before) && (ends(next) || is_mark && ends(after.next()))
}

/// The text around a place of a window.
fn around(window: &[char], at: usize) -> &[char] {
    &window[at.saturating_sub(2 * weights::BESIDE)..window.len().min(at + 2 * weights::BESIDE)]
}

/// The words of a repaired stretch and beside it in which nothing was repaired, with what stands between them.
fn other_words(window: &[char], run: &[Cell]) -> Vec<char> {
    let is_repaired = |cell: &&Cell| !(cell.out.len() == 1 && cell.moves.len() == 1);
    let start = run[0].chars.start;
    let end = run[run.len() - 1].chars.end.min(start + weights::COMPARED);
    let (from, to) = (start.saturating_sub(weights::BESIDE), window.len().min(end + weights::BESIDE));
    let mut repaired = run.iter().filter(is_repaired).map(|cell| cell.chars.clone()).peekable();
    let mut words = Vec::new();
    let mut at = from;
    for word in window[from..to].split_inclusive(|c| !c.is_alphanumeric()) {
        at += word.len();
        while repaired.next_if(|chars| chars.end <= at - word.len()).is_some() {}
        if repaired.peek().is_none_or(|chars| chars.start >= at) {
            words.extend(word);
        }
    }
    words
}

/// The repaired characters that stand beside each other.
fn neighbours(run: &[Cell]) -> impl Iterator<Item = (char, char)> {
    let out = || run.iter().flat_map(|cell| cell.out.chars());
    out().zip(out().skip(1))
}

/// Whether no two repaired characters beyond ASCII stand beside each other.
fn stand_alone(run: &[Cell]) -> bool {
    !neighbours(run).any(|(a, b)| !a.is_ascii() && !b.is_ascii())
}

/// Whether the letters beyond ASCII all stand alone, and one of them is no word by itself.
pub(super) fn are_loose(text: impl Iterator<Item = char>, is_lone_word: impl Fn(char) -> bool) -> bool {
    let mut loose = false;
    let mut word: Vec<char> = Vec::new();
    for c in text.chain([' ']) {
        // Ideographs and syllables are words by themselves.
        if c >= '\u{2e80}' {
            return false;
        }
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        match word[..] {
            [lone] => loose |= !lone.is_ascii() && !is_lone_word(lone),
            _ if word.iter().any(|c| !c.is_ascii()) => return false,
            _ => {}
        }
        word.clear();
    }
    loose
}

/// Whether a letter is a word of a language, as `è` is.
pub(super) fn is_lone_word(c: char, model: &Model) -> bool {
    let (_, before) = model.step(Context::default(), ' ');
    let (cost, after) = model.step(before, c);
    cost + model.step(after, ' ').0 <= weights::LONE_WORD
}

/// What the characters of a range cost, by the costs up to each.
pub(super) fn between(costs: &[Cost], chars: Range<usize>) -> Cost {
    let until = |at: usize| costs.get(at).copied().unwrap_or(0);
    until(chars.end).saturating_sub(until(chars.start))
}

pub(super) fn cost_of(path: &Path, moves: Range<usize>) -> Cost {
    let until = |end: usize| end.checked_sub(1).and_then(|last| path.costs.get(last)).copied().unwrap_or(0);
    until(moves.end).saturating_sub(until(moves.start))
}

#[cfg(test)]
mod tests {
    use super::super::{assert_comes_back, garbled};
    use crate::repair;

    #[test]
    fn a_word_that_comes_again_says_less_each_time() {
        // Names in an invented language.
        let text = "Ispùblia de Surima\nIspùblia de Trinu\nIspùblia de Turia\nIspùblia de s'Ogiana\n\
                    Ispùblia de s'Orzèkinu\nIspùblia de Varuana\nIspùblia de su Temene";
        assert_eq!(repair(text).text(), text);
    }

    #[test]
    fn one_letter_where_it_cannot_stand_comes_back() {
        for (truth, written, reader) in [
            ("Skal du være hjemme på lørdag?", "windows-1252", "cp852"),
            ("Vi cykler till Kräklinge i morgon.", "windows-1252", "windows-1251"),
            ("Der Öffentlichkeit wurde das Überholte nie gezeigt.", "cp850", "iso-8859-1"),
            ("we wandelen door het geëgaliseerde veld", "windows-1252", "gbk"),
            ("Elle voudrait simplement réaliser ce film", "windows-1252", "macintosh"),
            ("Pokój był zakluczony, więc zaczekała.", "iso-8859-2", "koi8-r"),
            ("Benešov, Izrael", "iso-8859-2", "iso-8859-1"),
            ("nel pomeriggio la città è vuota", "windows-1252", "windows-874"),
        ] {
            let garbled = garbled(truth, written, reader);
            assert_ne!(garbled, truth);
            assert_eq!(repair(&garbled).text(), truth, "{garbled}");
        }
    }

    /// Python's cp932 has a private character for the byte A0.
    #[test]
    fn a_private_character_of_the_reader_is_its_byte() {
        let garbled = "La mouette revient dﾃｩjﾃ\u{f8f0} vers le phare.";
        assert_eq!(repair(garbled).text(), "La mouette revient déjà vers le phare.");
    }

    /// Who types with two keyboards writes no capitals in the middle of words.
    #[test]
    fn a_capital_within_a_word_is_no_letter_of_another_keyboard() {
        for truth in ["en våd hue", "våde sko"] {
            assert_comes_back(truth, "macintosh", "ibm866");
        }
    }

    /// Two letters that look like Latin ones are a letter in UTF-8 all the same.
    #[test]
    fn what_looks_latin_may_be_utf_8() {
        for truth in ["tilgang til å legge ut garn", "me è un remo"] {
            assert_comes_back(truth, "utf-8", "iso-8859-5");
        }
    }

    #[test]
    fn damage_takes_in_what_could_stand_beside_it() {
        for (truth, written, reader) in [
            ("к чужим лодкам, даже очень старым, не подходи.", "x-mac-cyrillic", "windows-1252"),
            ("Piso 2º A, diseño de barcas", "iso-8859-1", "koi8-r"),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    #[test]
    fn a_rare_channel_is_found_by_the_words_that_it_makes() {
        for (truth, written, reader) in [
            ("Mañana subo la montaña.", "windows-1252", "shift_jis"),
            ("Der Zug hält überall.", "cp437", "windows-1253"),
            ("Vi har låst døren", "cp865", "windows-1257"),
        ] {
            let garbled = garbled(truth, written, reader);
            assert_eq!(repair(&garbled).text(), truth, "{garbled}");
        }
    }

    #[test]
    fn korean_that_is_spelled_letter_by_letter_comes_back() {
        for reader in ["iso-8859-1", "windows-1251", "koi8-r", "gbk"] {
            let truth = "우리는 내일 아침에 바다로 갑니다.";
            let garbled = garbled(truth, "johab", reader);
            assert_eq!(repair(&garbled).text(), truth, "{garbled}");
        }
    }

    #[test]
    fn a_word_with_an_apostrophe_and_a_letter_that_is_a_word_come_back() {
        for (truth, written, reader) in [
            ("The marmot doesn’t sleep and it’s not hungry.", "macintosh", "windows-1252"),
            ("Well, if you can’t tell, nobody will.", "macintosh", "windows-1250"),
            ("il mercato di oggi è aperto fino a sera", "windows-1252", "macintosh"),
            ("En sommardag gick han på stranden med sin hund.", "cp850", "windows-1252"),
        ] {
            let garbled = garbled(truth, written, reader);
            assert_ne!(garbled, truth);
            assert_eq!(repair(&garbled).text(), truth, "{garbled}");
        }
    }

    #[test]
    fn cantonese_comes_back() {
        for (truth, reader) in [
            ("我哋嘅車泊咗喺後巷，啲鎖匙喺你度。", "iso-8859-1"),
            ("佢哋唔使返嚟攞嘅。", "windows-1251"),
            ("呢啲相係我影嘅", "gbk"),
        ] {
            let garbled = garbled(truth, "big5", reader);
            assert_eq!(repair(&garbled).text(), truth, "{garbled}");
        }
    }

    #[test]
    fn what_stands_there_on_purpose_stays() {
        for text in [
            "pаypal and аpple in two alphabets",
            "micrоsоft",
            "Kаrl",
            "nеt, prоblem",
            "Your ассount hаs been suspеnded",
            "Punt na hÉireann",
            "self.getÉtat(isÜber)",
            "\\nÉtat \\tÜber \\tЗакрыть окно",
            "who the f•ck wrote this sh•t",
            "Taεrabt d Teεreb",
            "rock★star C♯minor foo→bar a≤b 10µm",
            "une tasse de café☕chaud",
        ] {
            assert_eq!(repair(text).text(), text);
        }
    }

    #[test]
    fn a_letter_that_is_spoken_of_is_no_word() {
        for text in [
            "assert the value of \"ä\" and then decompose('ä') again",
            "parse(\"(?<a¾>z)\") is the name of a group in the pattern",
            "the cost is N·M attributes for a tag",
        ] {
            assert_eq!(repair(text).text(), text);
        }
    }

    #[test]
    fn a_letter_of_another_language_than_the_words_around_proves_less() {
        for text in [
            "the w•rds are not written out in this sentence",
            "w•rds",
            "nobody th•nks that this is how a sentence is written",
            "pl°ase leave the door of the office open in the evening",
            "the m∂rmots sleep until the snow is gone",
        ] {
            assert_eq!(repair(text).text(), text);
        }
    }
}
