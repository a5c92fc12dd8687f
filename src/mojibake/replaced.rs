//! Letters that a program replaced by U+FFFD, told by the words that they stand in.
//!
//! A program that reads Latin letters of single bytes as UTF-8 puts one U+FFFD for each (`gepr�ft`); one that knows ASCII
//! alone puts one for each byte of UTF-8 (`gepr��ft`). The bytes are gone, but not the word: of the letters of the language
//! around some make a known word of it, or one that is spelled as that language spells. Each way to fill a word in has a
//! price, as a known word or letter by letter; what the best one costs less than all others says how sure it is. (`cargo xtask
//! eval-replaced`, on the development text: of 100 words 74 come back, and 2 as others.) What stands without letters (`���`),
//! and what several words fit into, stays.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use crate::encoding::{Bytes, Encoding, Reader};
use crate::language::words::{LONGEST, known};
use crate::language::{self, Context, Cost, Languages, Model, bits};

use super::languages::{self, Fit};
use super::marks::Marks;
use super::place::{clean_cost, is_letter};
use super::plan::{Edit, EditKind, Plan};
use super::task::Task;
use super::{Alternative, Change, Score, foreign, marks, scan, weights};

/// Ways to fill in a word that are held beside each other.
const WAYS: usize = 48;
/// Letters of a word that may be gone, at most; also no more than twice those that are left. For each there may be two marks.
const MOST_GONE: usize = 6;
/// U+FFFD for one letter, at most: its bytes in UTF-8.
const MARKS_OF_LETTER: usize = 2;
/// Bytes of a text that may be in any language; …
const FIELD: usize = 256;
/// … for a longer one so many are asked.
const MOST_LANGUAGES: usize = 4;
/// Characters of a text that tell its language, beside those of the line.
const OF_TEXT: usize = 4096;
/// What a letter that is tried takes, in steps of a search.
const STEPS_OF_LETTER: usize = 6;
/// Other readings of a word that are told.
const MOST_ALTERNATIVES: usize = 3;

const GONE: char = char::REPLACEMENT_CHARACTER;
const APOSTROPHE: char = '’';
/// Who put U+FFFD for what is no UTF-8; what is ASCII is read the same by one that knows nothing else.
const READER: Reader = Reader::of(Encoding::UTF_8);

/// What was put for a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Put {
    /// One U+FFFD: the letter was a byte.
    ForLetter,
    /// One for each byte of UTF-8.
    ForByte,
}

/// The words of `text` that come back.
pub(super) fn find(task: &Task<'_>, text: &str, marks: &Marks) -> Vec<Change> {
    if task.options.lossless_only || !marks.may_have_replaced(&(0..text.len())) {
        return Vec::new();
    }
    let tokens = tokens(task, text);
    let put = |put| tokens.iter().filter_map(|token| token.found(task, put)).collect::<Vec<Change>>();
    let (letters, bytes) = (put(Put::ForLetter), put(Put::ForByte));
    let worth = |change: &Change| (bits(weights::WORD_IN_GAPS) - change.score.repaired).max(0.0);
    let worth = |changes: &[Change]| changes.iter().map(worth).sum::<f64>();
    let by_bytes = worth(&bytes) - worth(&letters) + tokens.iter().map(Token::says_bytes).sum::<f64>()
        - bits(weights::BY_BYTES);
    let mut found = if by_bytes > 0.0 { bytes } else { letters };
    let sure = weights::confidence(by_bytes.abs() * weights::SURE_OF_SPELLING);
    found.iter_mut().for_each(|change| change.confidence *= sure);
    found.retain(|change| change.confidence >= least_sure(task));
    found
}

/// How sure a word must be.
fn least_sure(task: &Task<'_>) -> f64 {
    let least = if task.options.assume_garbled { 0.5 } else { weights::SURE_WORD };
    least.max(task.options.min_confidence)
}

/// Letters of ASCII, and what was replaced among them.
struct Token<'t> {
    /// Byte of the text that it begins at.
    start: usize,
    text: &'t str,
    /// Whether a sentence may begin with it.
    begins: bool,
    /// The languages that the text around may be in, and how much less likely each is.
    languages: Rc<Vec<(&'static Model, Cost)>>,
}

fn tokens<'t>(task: &Task<'_>, text: &'t str) -> Vec<Token<'t>> {
    let mut tokens = Vec::new();
    let mut around = Rc::new(Vec::new());
    let begin: Vec<char> = text.chars().take(OF_TEXT).collect();
    let whole = Fit::of(&begin);
    let is_part = |c: char| c == GONE || is_letter(c);
    let mut done = 0;
    for at in marks::replaced().find_iter(text.as_bytes()) {
        if at < done {
            continue;
        }
        let line = scan::in_lines(text, &(at..at + GONE.len_utf8()));
        let chars: Vec<char> = text[line.clone()].chars().collect();
        let fit = Fit::of(&chars);
        if fit.is_language() || around.is_empty() {
            around = Rc::new(languages_of(task, &fit, &whole, text.len() <= FIELD));
        }
        let mut from = line.start.max(done);
        done = line.end;
        if is_gone(&text[line.clone()]) {
            continue;
        }
        while let Some(length) = text[from..line.end].find(is_part) {
            let start = from + length;
            let end = text[start..line.end].find(|c| !is_part(c)).map_or(line.end, |length| start + length);
            from = end;
            let own = &text[start..end];
            if is_left(own) {
                let before = text[line.start..start].trim_end();
                let begins = before.is_empty() || before.ends_with(['.', '!', '?', ':', '"', '“', '»', '-']);
                tokens.push(Token { start, text: own, begins, languages: Rc::clone(&around) });
            }
        }
    }
    tokens
}

/// Whether a line is of no language of the Latin alphabet: more of it was replaced than any of them has letters beyond ASCII,
/// or it stands in words of which not enough is left.
fn is_gone(line: &str) -> bool {
    let (mut within, mut elsewhere, mut words) = (0, 0, 0);
    for token in line.split(|c| c != GONE && !is_letter(c)) {
        let gone = token.chars().filter(|&c| c == GONE).count();
        let is_sign = gone <= APOSTROPHE.len_utf8() && token.len() == gone * GONE.len_utf8();
        words += usize::from(!token.is_empty());
        match is_left(token) {
            true => within += gone,
            false if is_sign => {}
            false if gone > 0 => elsewhere += token.chars().filter(|c| !c.is_ascii()).count(),
            false => {}
        }
    }
    let left = line.bytes().filter(u8::is_ascii_alphabetic).count();
    elsewhere > within || (words > 1 && within + elsewhere > left)
}

/// Whether enough of a word is left, and nothing but ASCII.
fn is_left(token: &str) -> bool {
    let gone = token.chars().filter(|&c| c == GONE).count();
    let left = token.bytes().filter(u8::is_ascii).count();
    gone > 0
        && left > 0
        && token.len() == left + gone * GONE.len_utf8()
        && gone <= MARKS_OF_LETTER * (2 * left).min(MOST_GONE)
        && left + gone <= LONGEST
}

/// The languages of the Latin alphabet that a line may be in; Vietnamese has too many letters.
fn languages_of(
    task: &Task<'_>,
    line: &Fit<'_>,
    text: &Fit<'_>,
    is_field: bool,
) -> Vec<(&'static Model, Cost)> {
    let told = task.hints.language;
    let all = language::all().iter().filter(|model| languages::is_latin(model) && model.tag != "vi");
    let all = all.filter(|model| told.is_none_or(|told| std::ptr::eq(told, *model)));
    let near = all.filter(|model| line.against(model) < languages::FAR);
    let against = |model: &Model| line.against(model) + (text.against(model) / 4).min(weights::NOT_OF_TEXT);
    let mut near: Vec<(&'static Model, Cost)> = near.map(|model| (model, against(model))).collect();
    if !is_field {
        near.sort_by_key(|&(_, against)| against);
        near.truncate(MOST_LANGUAGES);
    }
    near
}

/// A word that fits, as it may be written here; what may be a sign before it or after it is left.
struct Fitting {
    word: Vec<char>,
    model: &'static Model,
    cost: Cost,
}

/// The words of a language that may fit into what is left of one, each with what it costs as a known one or letter by letter.
type Words = Vec<(Vec<char>, Cost)>;

/// The tag of a language, and what was put for its letters.
type Spelling = (&'static str, Put);

/// What is left of a word, and how it was spelled.
type Gap = (Vec<char>, Spelling);

/// What was found for the words that are left, by language and by what was put: documents repeat theirs, and so do the looks
/// at them.
#[derive(Default)]
pub(super) struct Seen {
    words: RefCell<HashMap<Gap, Rc<Words>>>,
    letters: RefCell<HashMap<Spelling, Rc<[char]>>>,
}

impl Seen {
    fn words(&self, task: &Task<'_>, pattern: &[char], model: &'static Model, put: Put) -> Rc<Words> {
        let key = (pattern.to_vec(), (model.tag, put));
        if let Some(words) = self.words.borrow().get(&key) {
            return Rc::clone(words);
        }
        let mut letters = self.letters.borrow_mut();
        let letters = letters.entry((model.tag, put)).or_insert_with(|| letters_of(model, put).collect());
        let words = Rc::new(words_in(task, pattern, model, put, letters));
        if !task.is_spent() {
            self.words.borrow_mut().insert(key, Rc::clone(&words));
        }
        words
    }
}

impl Token<'_> {
    /// How much what stands for letters says for one that was put for each byte: two letters beside each other are rare, and
    /// no letter is one byte of UTF-8.
    fn says_bytes(&self) -> f64 {
        let chars: Vec<char> = self.text.chars().collect();
        let runs = chars.split(|&c| c != GONE).filter(|run| !run.is_empty());
        let says = |run: &[char]| match run.len() {
            1 => -bits(weights::SINGLE_BYTE),
            length if length % MARKS_OF_LETTER == 0 => bits(weights::RUN_OF_BYTES),
            _ => 0.0,
        };
        runs.map(says).sum()
    }

    fn found(&self, task: &Task<'_>, put: Put) -> Option<Change> {
        let pattern = pattern(self.text, put)?;
        let fitting = self.fitting(task, &pattern, put);
        let best = fitting.first()?;
        // The models know letters better than they know how sure they are of them.
        let weight = |fitting: &Fitting| (-bits(fitting.cost - best.cost) * weights::SURE_OF_SPELLING).exp2();
        let mut readings: Vec<(&[char], f64)> = Vec::new();
        for fitting in &fitting {
            match readings.iter_mut().find(|(word, _)| *word == fitting.word) {
                Some((_, all)) => *all += weight(fitting),
                None => readings.push((&fitting.word, weight(fitting))),
            }
        }
        let all: f64 = readings.iter().map(|(_, weight)| weight).sum();
        let confidence = (readings[0].1 / all).min(0.9999);
        if confidence < least_sure(task) {
            return None;
        }
        let others = readings.iter().skip(1).filter(|(word, _)| !word.contains(&GONE));
        let alternatives = others.take(MOST_ALTERNATIVES);
        let alternatives = alternatives
            .map(|(word, weight)| Alternative { after: word.iter().collect(), confidence: weight / all });
        let (signs, word) = without_signs(&best.word);
        let start = signs * GONE.len_utf8();
        let end = self.text.len() - (best.word.len() - word.len() - signs) * GONE.len_utf8();
        let before = self.text.get(start..end)?;
        let after: String = word.iter().collect();
        let written = page(best.model, put);
        if !task.hints.allow(written, READER) {
            return None;
        }
        let (plan, guessed) = plan(word, written)?;
        let is_proven = plan.apply(before).as_ref() == Some(&after)
            && plan.invert(&after).as_deref() == Some(before)
            && before != after;
        let stands: Vec<char> = before.chars().collect();
        let stands = clean_cost(task.stands, task.stands, &stands, Context::default());
        is_proven.then(|| Change {
            span: self.start + start..self.start + end,
            before: before.to_owned(),
            after,
            plan,
            guessed,
            confidence,
            alternatives: alternatives.collect(),
            score: Score { as_it_stands: bits(stands), repaired: bits(best.cost), channel: 0.0 },
        })
    }

    /// The words that fit, the best first, but for those that are out of the question.
    fn fitting(&self, task: &Task<'_>, pattern: &[char], put: Put) -> Vec<Fitting> {
        let words = |&(model, against): &(&'static Model, Cost)| {
            (model, against, task.replaced.words(task, pattern, model, put))
        };
        let words: Vec<(&Model, Cost, Rc<Words>)> = self.languages.iter().map(words).collect();
        let costs =
            words.iter().flat_map(|(_, against, words)| words.iter().map(move |(_, cost)| cost + against));
        let most = costs.min().unwrap_or(0) + weights::OUT_OF_QUESTION;
        let mut fitting: Vec<Fitting> = Vec::new();
        for (model, against, words) in &words {
            for (word, cost) in words.iter().filter(|(_, cost)| cost + against <= most) {
                let cased = self.cased(word, model).into_iter();
                fitting.extend(cased.map(|(word, odd)| Fitting { word, model, cost: cost + against + odd }));
            }
        }
        fitting.sort_by_key(|fitting| fitting.cost);
        fitting
    }

    /// A word with the capitals that it may have here, and what each way costs.
    fn cased(&self, word: &[char], model: &Model) -> Vec<(Vec<char>, Cost)> {
        let mut left = self.text.chars().filter(char::is_ascii);
        let capitals = left.clone().filter(char::is_ascii_uppercase).count();
        let small: Vec<char> =
            word.iter().map(|&c| if c.is_ascii() { left.next().unwrap_or(c) } else { c }).collect();
        let begins_with_gone = self.text.starts_with(GONE);
        let is_all_capitals =
            self.text.chars().all(|c| !c.is_ascii_lowercase()) && (capitals > 1 || begins_with_gone);
        if is_all_capitals {
            return vec![(small.into_iter().map(upper).collect(), 0)];
        }
        // A sign may stand before the word.
        if !begins_with_gone || word[0] == GONE {
            return vec![(small, 0)];
        }
        let [odd_small, odd_capital] = match model.tag {
            _ if self.begins => [weights::ODD_CASE, 0],
            // Half of the words of German are nouns.
            "de" => [0, 0],
            _ => [0, weights::ODD_CASE],
        };
        let mut capital = small.clone();
        capital[0] = upper(capital[0]);
        vec![(small, odd_small), (capital, odd_capital)]
    }
}

/// A capital, where that is one letter.
fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    upper.next().filter(|_| upper.next().is_none()).unwrap_or(c)
}

/// A word without what stands for signs before and after it, and how many stand before it.
fn without_signs(word: &[char]) -> (usize, &[char]) {
    let before = word.iter().take_while(|&&c| c == GONE).count();
    let after = word[before..].iter().rev().take_while(|&&c| c == GONE).count();
    (before, &word[before..word.len() - after])
}

/// What is left of a word in small letters, with one U+FFFD for each letter that is gone; `None` if none can have been put
/// so for them.
fn pattern(text: &str, put: Put) -> Option<Vec<char>> {
    let chars: Vec<char> = text.chars().collect();
    let mut pattern = Vec::with_capacity(chars.len());
    for run in chars.chunk_by(|a, b| (*a == GONE) == (*b == GONE)) {
        let is_within = || !pattern.is_empty() && !text.ends_with(GONE);
        match (run[0], put) {
            (GONE, Put::ForByte) if run.len() == APOSTROPHE.len_utf8() && is_within() => {
                pattern.push(APOSTROPHE);
            }
            (GONE, Put::ForByte) if run.len() % MARKS_OF_LETTER != 0 => return None,
            (GONE, Put::ForByte) => pattern.extend(&run[..run.len() / MARKS_OF_LETTER]),
            _ => pattern.extend(run.iter().map(char::to_ascii_lowercase)),
        }
    }
    (pattern.iter().filter(|&&c| c == GONE).count() <= MOST_GONE).then_some(pattern)
}

/// The encoding that a language was written in.
fn page(model: &Model, put: Put) -> Encoding {
    match put {
        Put::ForByte => Encoding::UTF_8,
        Put::ForLetter => languages::windows_page(model),
    }
}

/// The letters beyond ASCII of a language, of as many bytes as were replaced for each, and the apostrophe.
fn letters_of(model: &Model, put: Put) -> impl Iterator<Item = char> {
    let page = page(model, put);
    let length = if put == Put::ForByte { MARKS_OF_LETTER } else { 1 };
    let is_written = move |c: &char| page.bytes_of(*c).is_some_and(|bytes| bytes.as_slice().len() == length);
    foreign::small_letters(Languages::of([model].into_iter())).chain([APOSTROPHE]).filter(is_written)
}

/// The words that a pattern may be of, as a language spells them.
fn words_in(task: &Task<'_>, pattern: &[char], model: &Model, put: Put, letters: &[char]) -> Words {
    if task.is_spent() {
        return Vec::new();
    }
    let mut beam = Beam::new();
    for (at, &next) in pattern.iter().enumerate() {
        let is_left = |at: Option<usize>| at.and_then(|at| pattern.get(at)).is_some_and(|&c| c != GONE);
        let is_within = is_left(at.checked_sub(1)) && is_left(Some(at + 1));
        let may_be_sign = next == GONE && put == Put::ForLetter && (at == 0 || at + 1 == pattern.len());
        let left = [next];
        let tried = if next == GONE { letters } else { &left[..] };
        let tried = tried.iter().copied().filter(|&c| c != APOSTROPHE || is_within || next == APOSTROPHE);
        let count = beam.grow(|Way { cost, context, .. }, add| {
            for c in tried.clone() {
                let (own, context) = model.step(context, c);
                add(c, cost + own, context);
            }
            if may_be_sign {
                let (own, context) = model.step(context, ' ');
                add(GONE, cost + own + weights::SIGN_BESIDE, context);
            }
        });
        task.spend(count * STEPS_OF_LETTER);
        let most = (at as Cost + 1) * weights::SPELLED_EACH + weights::SPELLED_MORE;
        if beam.ways.iter().all(|way| way.cost > most) {
            return Vec::new();
        }
    }
    let whole = |way: &Way| {
        let word = beam.word(way);
        let spelled = way.cost + model.step(way.context, ' ').0;
        let known = known(without_signs(&word).1).filter(|known| known.languages.has(model));
        let cost = match known {
            Some(known) => known.cost + spelled / weights::SPELLING_OF_KNOWN,
            None => spelled + weights::UNKNOWN_IN_GAPS,
        };
        (word, cost)
    };
    beam.ways.iter().map(whole).collect()
}

/// A way to fill in the beginning of a word.
#[derive(Clone, Copy)]
struct Way {
    cost: Cost,
    context: Context,
    /// The place of its last letter among [`Beam::letters`], after the first one.
    last: usize,
}

/// The cheapest ways.
struct Beam {
    ways: Vec<Way>,
    /// Each letter of some way, with the place of the one before it.
    letters: Vec<(char, usize)>,
}

impl Beam {
    fn new() -> Self {
        Self { ways: vec![Way { cost: 0, context: Context::default(), last: 0 }], letters: vec![(' ', 0)] }
    }

    /// Makes each way longer by the letters that `longer` adds, and keeps the cheapest; says how many these were.
    fn grow(&mut self, longer: impl Fn(Way, &mut dyn FnMut(char, Cost, Context))) -> usize {
        let mut grown: Vec<(Way, char)> = Vec::with_capacity(2 * self.ways.len());
        for &way in &self.ways {
            longer(way, &mut |c, cost, context| grown.push((Way { cost, context, last: way.last }, c)));
        }
        let count = grown.len();
        if count > WAYS {
            grown.select_nth_unstable_by_key(WAYS, |&(way, c)| (way.cost, way.last, c));
            grown.truncate(WAYS);
        }
        self.ways.clear();
        for (way, c) in grown {
            self.letters.push((c, way.last));
            self.ways.push(Way { last: self.letters.len() - 1, ..way });
        }
        count
    }

    fn word(&self, way: &Way) -> Vec<char> {
        let mut word = Vec::new();
        let mut at = way.last;
        while at > 0 {
            let (c, before) = self.letters[at];
            word.push(c);
            at = before;
        }
        word.reverse();
        word
    }
}

/// The plan that puts back what is gone of a word, and the bytes of the word that are guessed.
fn plan(word: &[char], written: Encoding) -> Option<(Plan, Vec<Range<usize>>)> {
    let (mut edits, mut guessed) = (Vec::new(), Vec::new());
    let (mut at, mut from) = (0, 0);
    for &c in word {
        let bytes = written.bytes_of(c)?;
        if !c.is_ascii() {
            let replaced = |(number, &byte): (usize, &u8)| Edit {
                at: at + number,
                kind: EditKind::Replace { from: GONE, bytes: Bytes::one(byte) },
            };
            edits.extend(bytes.as_slice().iter().enumerate().map(replaced));
            guessed.push(from..from + c.len_utf8());
        }
        at += bytes.as_slice().len();
        from += c.len_utf8();
    }
    Some((Plan::transcode(edits, READER, written), guessed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mojibake::{Repairer, Verdict, repair};

    /// `text` as a program that reads UTF-8 shows it, where it was written in single bytes.
    fn letters_replaced(text: &str) -> String {
        text.chars().map(|c| if c.is_ascii() { c } else { GONE }).collect()
    }

    /// … and as one that knows ASCII alone does.
    fn bytes_replaced(text: &str) -> String {
        text.bytes().map(|byte| if byte.is_ascii() { char::from(byte) } else { GONE }).collect()
    }

    #[test]
    fn words_come_back_from_what_is_left() {
        for truth in [
            "Der Fährmann hat das Boot am Ufer festgebunden und ist müde nach Hause gegangen.",
            "Le passeur a réparé la vieille barque, avant de rentrer dîner chez sa mère.",
            "El barquero salió temprano; mañana volverá con más pan para la estación.",
            "O barqueiro já não está aqui; voltará amanhã com o pão.",
            "Późnym wieczorem przewoźnik odpoczywa, gdyż jutro będzie duży ruch.",
            "Kayıkçı akşam eve döndü, annesi kapıda bekliyordu.",
            "A révész este hazament, mert nagyon fáradt volt.",
            "Lauttamies söi päivällistä ja lähti sitten töihin.",
        ] {
            for garbled in [letters_replaced(truth), bytes_replaced(truth)] {
                let repaired = repair(&garbled);
                assert_eq!(repaired.text(), truth, "{garbled}");
                assert_eq!(repair(repaired.text()).text(), truth);
                for change in repaired.changes() {
                    assert_eq!(change.plan.apply(&change.before).as_ref(), Some(&change.after));
                    assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
                    assert!(!change.is_lossless() && change.confidence < 1.0);
                    let guessed = change.guessed.iter().map(|part| &change.after[part.clone()]);
                    assert!(guessed.clone().all(|part| !part.is_ascii()) && guessed.count() > 0);
                }
            }
        }
    }

    #[test]
    fn one_word_is_enough_where_one_fits() {
        for (left, truth) in [
            ("ma\u{fffd}ana", "mañana"),
            ("d\u{fffd}j\u{fffd} vu", "déjà vu"),
            ("GR\u{fffd}\u{fffd}E", "GRÖßE"),
        ] {
            assert_eq!(repair(left).text(), truth);
        }
    }

    #[test]
    fn what_tells_nothing_stays_and_is_reported() {
        for text in ["\u{fffd}\u{fffd}\u{fffd}", "a \u{fffd} b", "x\u{fffd}q\u{fffd}z", "1\u{fffd}2"] {
            let repaired = repair(text);
            assert_eq!((repaired.text(), repaired.verdict()), (text, Verdict::Undecidable));
        }
        // One of two letters ends this word, and the sentence does not say which.
        let text = "Dnes je stůl hotov\u{fffd}.";
        assert_eq!(repair(text).text(), text);
    }

    #[test]
    fn text_of_other_alphabets_stays() {
        for (page, truth) in [
            ("johab", "나는 map을 다시 그렸고, 그 다음에 filter와 함께 300줄을 더 썼다."),
            ("euc-kr", "나는 map을 다시 그렸고, 그 다음에 filter와 함께 300줄을 더 썼다."),
            ("big5", "他們在河邊走了很久，才發現橋已經不在了，只好坐船回家。"),
            ("big5", "一九一一年五月他到山上種茶，後來又回到城裡教書，直到老去。"),
        ] {
            let bytes = Encoding::from_label(page).unwrap().encode(truth).unwrap();
            for text in [String::from_utf8_lossy(&bytes).into_owned(), bytes_replaced(truth)] {
                assert_eq!(repair(&text).text(), text);
            }
        }
    }

    #[test]
    fn a_sign_beside_a_word_stays() {
        let text = "Der Fährmann sagte: \u{fffd}Müde bin ich.\u{fffd}".replace(['ä', 'ü'], "\u{fffd}");
        let truth = "Der Fährmann sagte: \u{fffd}Müde bin ich.\u{fffd}";
        assert_eq!(repair(&text).text(), truth);
    }

    #[test]
    fn a_caller_decides_what_is_put_back() {
        let left = letters_replaced("Le passeur a réparé la vieille barque.");
        assert_eq!(Repairer::new().lossless_only(true).repair(&left).text(), left);
        assert_eq!(Repairer::new().min_confidence(0.99999).repair(&left).text(), left);
        let thai = [Encoding::from_label("windows-874").unwrap()];
        assert_eq!(Repairer::new().encodings(&thai).repair(&left).text(), left);
        assert_eq!(
            Repairer::new().language(Some("fr")).repair(&left).text(),
            "Le passeur a réparé la vieille barque."
        );
    }
}
