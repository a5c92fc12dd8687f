//! Channels told by letters: words of a text hold letters that its language does not use, or signs, and one channel makes
//! letters of the language of all of them, or marks where these stand right. Such words need not be known ones.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::combining::{is_mark, with_mark};
use crate::encoding::{Bytes, Encoding};
use crate::language::words::LONGEST;
use crate::language::{self, Context, Cost, Languages, Model};

use super::engine::Pass;
use super::evidence::is_lone_word;
use super::foreign;
use super::languages::{self, Fit};
use super::lattice::{Channel, Foreign};
use super::place::{beside, clean_cost, is_capital_within, is_control, is_latin, is_letter};
use super::words::{Told, spelled};
use super::{glance, readers, weights};

/// Words with such letters that are looked at.
const MOST_WORDS: usize = 16;
/// Languages that the text may be in that are asked.
const MOST_LANGUAGES: usize = 3;
/// Channels that are told of.
const MOST_TOLD: usize = 2;

/// Whether a character stands where text of a language has none like it: a letter that it does not use, or what no
/// language of the Latin alphabet has there.
fn is_odd(chars: &[char], at: usize, model: &Model) -> bool {
    let c = chars[at];
    if is_mark_of_letter(chars, at) {
        return !with_mark(chars[at - 1], c).is_some_and(|whole| is_own(whole, model));
    }
    match is_latin(c) && is_letter(c) && !c.is_ascii() {
        true if is_capital_within(chars, at) => true,
        true if is_in_word(chars, at) => model.alone(c) > weights::OF_LANGUAGE,
        true => may_be_alone(chars, at) && !may_be_word(c, model),
        false => is_odd_in_any(chars, at),
    }
}

fn is_mark_of_letter(chars: &[char], at: usize) -> bool {
    is_mark(chars[at]) && at.checked_sub(1).is_some_and(|before| is_letter(chars[before]))
}

/// Whether a letter is a word of a language by itself, or one with a capital.
pub(super) fn may_be_word(c: char, model: &Model) -> bool {
    c.to_lowercase().next().is_some_and(|small| is_lone_word(small, model))
}

/// … a letter of another alphabet, a sign within a word, a sign that is no punctuation beside or between words, what is
/// East Asian beside a letter of ASCII.
fn is_odd_in_any(chars: &[char], at: usize) -> bool {
    let c = chars[at];
    // These are letters to Unicode.
    let is_sign = matches!(c, 'ª' | 'º' | 'µ');
    if c.is_ascii() || c == '’' || is_letter(c) && is_latin(c) && !is_sign {
        return false;
    }
    let (before, after) = beside(chars, at);
    // Clean text has no controls, and no mark at the beginning of a word.
    if is_control(c) || is_combining_mark(c) && !is_letter(before) {
        return true;
    }
    if c >= '\u{2e80}' {
        // What a reader of pairs makes of a letter and the one behind it.
        return before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
    }
    if is_letter(c) && !is_sign {
        return is_in_word(chars, at) && !is_face(chars, at) || may_be_alone(chars, at);
    }
    let touches_word = |c: char| c == ' ' || c.is_ascii_alphabetic();
    let is_free = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')');
    (before.is_ascii_alphabetic() && after.is_ascii_lowercase())
        || is_stray(c) && touches_word(before) && touches_word(after) && (before, after) != (' ', ' ')
        || before.is_whitespace() && after.is_ascii_lowercase() && begins_no_word(c)
        || before.is_ascii_lowercase() && is_free(after) && ends_no_word(c)
}

/// Whether a character stands between two capitals and no other letters, as in faces that are drawn with letters.
fn is_face(chars: &[char], at: usize) -> bool {
    let (before, after) = beside(chars, at);
    let is_free = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_none_or(|c| !is_letter(*c));
    before.is_ascii_uppercase()
        && after.is_ascii_uppercase()
        && is_free(at.checked_sub(2))
        && is_free(Some(at + 2))
}

/// Whether a sign does not stand before a word.
fn begins_no_word(c: char) -> bool {
    "†‡°£§¶²³¹¼½¾÷‰™»›”".contains(c)
}

/// … or behind one: a footnote is not marked so, nor is a power or a price.
fn ends_no_word(c: char) -> bool {
    matches!(c, '±' | '¼' | '½' | '¾' | '¿' | '¡' | '£' | '¥' | '¢' | '×' | '÷' | '‰' | '„' | '«' | '‹')
        || c > '\u{600}' && c.is_numeric()
}

fn is_in_word(chars: &[char], at: usize) -> bool {
    let (before, after) = beside(chars, at);
    is_letter(before) || is_letter(after)
}

/// Whether a letter may stand as a word by itself: it is no letter that is spoken of, no unit behind a number, and no sign of
/// Greek, as sciences have them.
pub(super) fn may_be_alone(chars: &[char], at: usize) -> bool {
    let is_number = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    let (before, after) = (&chars[..at], &chars[at + 1..]);
    let is_free = before.last().is_none_or(|c| c.is_whitespace() || matches!(c, '\'' | '’'))
        && after.first().is_none_or(|c| c.is_whitespace() || *c == ',');
    is_free
        && !is_number(before.iter().rev().find(|c| !c.is_whitespace()))
        && !is_number(after.iter().find(|c| !c.is_whitespace()))
        && !('\u{370}'..='\u{3ff}').contains(&chars[at])
}

/// Whether this is neither a letter nor punctuation, nor a sign of numbers and money.
pub(super) fn is_stray(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}' | '¤' | '¦' | '¨' | '¬' | '¯' | '´' | '¶' | '¸' | '\u{2b0}'..='\u{36f}' | '\u{2190}'..='\u{25ff}')
}

/// The words of a text, with the odd characters that stand in them; those with none are left out.
fn odd_words(chars: &[char], model: &Model) -> Vec<(Range<usize>, Vec<usize>)> {
    let mut words: Vec<(Range<usize>, Vec<usize>)> = Vec::new();
    let mut at = 0;
    while at < chars.len() && words.len() < MOST_WORDS {
        if !is_odd(chars, at, model) {
            at += 1;
            continue;
        }
        let is_part = |&at: &usize| is_letter(chars[at]) || is_odd(chars, at, model);
        let start = (0..at).rev().take_while(is_part).last().unwrap_or(at);
        let end = (at..chars.len()).take_while(is_part).last().unwrap_or(at) + 1;
        if end - start > LONGEST {
            // A text without spaces has no words.
            return Vec::new();
        }
        let odd: Vec<usize> = (at..end).filter(|&at| is_odd(chars, at, model)).collect();
        words.push((start..end, odd));
        at = end;
    }
    words
}

impl Pass<'_> {
    /// Adds the channels that make letters of the language around of all that are none of its, best first.
    pub(super) fn add_told_by_letters(&self, chars: &[char], fit: &Fit<'_>, told: &mut Vec<Told>) {
        if !may_have_odd(chars, fit) || !fit.is_language() {
            return;
        }
        let near = fit.near(weights::NEAR_LANGUAGE);
        let models = language::all().iter().filter(|model| languages::is_latin(model) && near.has(model));
        let mut by_letters: Vec<(Cost, Told)> = Vec::new();
        for model in models.take(MOST_LANGUAGES) {
            let words = odd_words(chars, model);
            if words.iter().all(|word| is_foreign_name(chars, word)) {
                continue;
            }
            // As they stand, in text of any language.
            let stands = |(word, _): &(Range<usize>, Vec<usize>)| {
                let word = &chars[word.clone()];
                clean_cost(self.task.stands, self.task.stands, word, Context::default())
            };
            let stand: Cost = words.iter().map(stands).sum();
            let channels = channels(chars, &words, model, stand + weights::FOREIGN_ALONE);
            if channels.is_empty() && !told.iter().any(|told| std::ptr::eq(told.truth, model)) {
                continue;
            }
            let speaks = speaks_for(chars, &words, model).saturating_sub(2 * fit.against(model));
            if speaks < weights::SAYS_NOTHING {
                continue;
            }
            let foreign = |channel: Channel| {
                let is_alone = |(word, _): &(Range<usize>, Vec<usize>)| {
                    word.len() == 1 && makes_letter(chars[word.start], channel)
                };
                let surely = match words.iter().all(is_alone) {
                    true => speaks.saturating_sub(weights::SAYS_NOTHING).min(weights::FOREIGN_ALONE),
                    false => (speaks.saturating_sub(weights::SAYS_LITTLE) / weights::SAYS_FOREIGN)
                        .min(weights::FOREIGN),
                };
                foreign(chars, &words, surely)
            };
            for told in told.iter_mut().filter(|told| std::ptr::eq(told.truth, model)) {
                told.foreign = foreign(told.channel);
            }
            let told =
                |(cost, channel)| (cost, Told::by_letters(channel, model, needed(speaks), foreign(channel)));
            by_letters.extend(channels.into_iter().map(told));
        }
        by_letters.sort_by_key(|&(cost, _)| cost);
        for (_, own) in by_letters.into_iter().take(MOST_TOLD) {
            match told.iter_mut().find(|told| told.channel == own.channel) {
                Some(told) => told.needed = own.needed,
                None => told.push(own),
            }
        }
    }
}

/// Whether a channel makes a letter of a character.
fn makes_letter(c: char, channel: Channel) -> bool {
    let bytes = channel.reader.encoding().sloppy_bytes_of(c);
    let made = bytes.and_then(|bytes| channel.written.page_char(*bytes.as_slice().first()?));
    made.is_some_and(is_letter)
}

/// The odd characters of words that are no names, which are so much dearer together.
fn foreign(chars: &[char], words: &[(Range<usize>, Vec<usize>)], all: Cost) -> Foreign {
    let words = words.iter().filter(|word| !is_foreign_name(chars, word));
    let odd: Vec<char> = words.flat_map(|(_, odd)| odd.iter().map(|&at| chars[at])).collect();
    let each = all / (odd.len() as Cost).max(1);
    Foreign { chars: BTreeSet::from_iter(odd).into_iter().collect(), each }
}

/// Whether a text may hold characters that its language has not, but for those in names.
fn may_have_odd(chars: &[char], fit: &Fit<'_>) -> bool {
    let mut latin: Option<Languages> = None;
    let (mut letters, mut others) = (0, 0);
    for (at, &c) in chars.iter().enumerate() {
        match foreign::users_at(chars, at) {
            Some(_) if is_name(&chars[word_at(chars, at)]) => {}
            Some(_) if is_capital_within(chars, at) => others += 1,
            Some(users) => latin = Some(latin.map_or(users, |latin| latin.and(users))),
            None if c.is_ascii() => letters += usize::from(c.is_ascii_alphabetic()),
            None => others += usize::from(is_odd_in_any(chars, at) || is_mark_of_letter(chars, at)),
        }
    }
    let is_foreign = |users| !fit.is_in_one_of(users, weights::SAYS_NOTHING);
    (1..letters).contains(&others) || latin.is_some_and(is_foreign)
}

/// The word that a letter is in, or a part of one that is longer than any that is known.
pub(super) fn word_at(chars: &[char], at: usize) -> Range<usize> {
    let before = chars[..at].iter().rev().take(LONGEST).take_while(|&&c| is_letter(c)).count();
    let after = chars[at..].iter().take(LONGEST).take_while(|&&c| is_letter(c)).count();
    at - before..at + after
}

/// What a channel that makes letters of a language must win by where the other words say so much for that language.
fn needed(speaks: Cost) -> Cost {
    let [most, least] = weights::BY_LETTERS;
    most.saturating_sub(speaks).max(least.saturating_sub(speaks / weights::SPEAKS_MORE)).max(weights::MARGIN)
}

/// Whether a word may be a name: it begins with a capital, or has no small letter. Names are from anywhere.
pub(super) fn is_name(word: &[char]) -> bool {
    let Some((first, rest)) = word.split_first() else { return false };
    let has = |is: fn(char) -> bool| rest.iter().any(|&c| is(c));
    first.is_uppercase() && !rest.is_empty() && !(has(char::is_lowercase) && has(char::is_uppercase))
}

/// Whether a word may be a name from elsewhere: what is odd in it are Latin letters.
fn is_foreign_name(chars: &[char], (word, odd): &(Range<usize>, Vec<usize>)) -> bool {
    is_name(&chars[word.clone()]) && odd.iter().all(|&at| foreign::users(chars[at]).is_some())
}

/// How much the other words of a text say for a language, against those that use the odd letters as they stand.
fn speaks_for(chars: &[char], words: &[(Range<usize>, Vec<usize>)], model: &'static Model) -> Cost {
    let odd = words.iter().flat_map(|(_, odd)| odd.iter().copied());
    let users = odd.filter_map(|at| foreign::users_at(chars, at)).reduce(Languages::and).unwrap_or_default();
    let mut others: Vec<char> = Vec::with_capacity(chars.len());
    let mut from = 0;
    for to in words.iter().map(|(word, _)| word.start).chain([chars.len()]) {
        others.extend(plain_words(&chars[from..to]));
        from = words.iter().map(|(word, _)| word.end).find(|&end| end > to).unwrap_or(to);
    }
    Fit::of(&others).speaks_for(model, users)
}

/// Whether a quotation mark, a dash, an apostrophe or a mark that opens a sentence stands right between two characters.
pub(super) fn stands_right(mark: char, (before, after): (char, char)) -> bool {
    let ends = |c: char| matches!(c, ' ' | '\n' | '.' | ',' | ';' | ':' | '!' | '?' | ')');
    match mark {
        '“' | '‘' | '„' | '«' | '¿' | '¡' => {
            matches!(before, ' ' | '\n' | '(') && after.is_alphanumeric()
        }
        // Between two words, or the two parts of one.
        '’' | '…' | '–' | '—' if before.is_alphabetic() && after.is_alphabetic() => true,
        '”' | '’' | '»' | '…' => {
            (before.is_alphanumeric() || matches!(before, '.' | ',' | '!' | '?')) && ends(after)
        }
        '–' | '—' => (before, after) == (' ', ' '),
        _ => false,
    }
}

/// Whether a character of a text in a language stands right there: a letter of the language, not a capital behind a small
/// one, or a mark.
fn is_right(text: &[char], at: usize, model: &Model) -> bool {
    let c = text[at];
    c.is_ascii() || is_own(c, model) && !is_capital_within(text, at) || stands_right(c, beside(text, at))
}

fn is_own(c: char, model: &Model) -> bool {
    is_letter(c) && model.alone(c) <= weights::OF_LANGUAGE
}

fn is_punctuation(c: char) -> bool {
    matches!(c, '“' | '‘' | '„' | '«' | '¿' | '¡' | '”' | '’' | '»' | '…' | '–' | '—')
}

/// The words of running text, each with a space behind it: numbers, abbreviations and layout say nothing of a language.
fn plain_words(text: &[char]) -> Vec<char> {
    let words = text.split(|c| !(c.is_alphanumeric() || *c == '_'));
    let is_plain = |word: &&[char]| {
        let Some((first, rest)) = word.split_first() else { return false };
        is_letter(*first) && !rest.is_empty() && rest.iter().all(|c| is_letter(*c) && !c.is_uppercase())
    };
    words.filter(is_plain).flat_map(|word| word.iter().copied().chain([' '])).collect()
}

/// The channels that make letters of the language of all odd characters, if the words cost less than `most` then, with
/// what they cost.
fn channels(
    chars: &[char],
    words: &[(Range<usize>, Vec<usize>)],
    model: &'static Model,
    most: Cost,
) -> Vec<(Cost, Channel)> {
    let kinds: BTreeSet<char> = words.iter().flat_map(|(_, odd)| odd.iter().map(|&at| chars[at])).collect();
    let pages: Vec<_> = glance::single_byte()
        .iter()
        .copied()
        .filter(|&page| languages::models_of(page).iter().any(|other| std::ptr::eq(*other, model)))
        .collect();
    let are_alone = words.iter().all(|(word, _)| word.len() == 1);
    let mut channels = Vec::new();
    let mut seen: BTreeSet<Vec<Vec<char>>> = BTreeSet::new();
    for reader in readers::usual_readers() {
        let bytes = kinds.iter().map(|&c| reader.encoding().sloppy_bytes_of(c));
        let Some(bytes) = bytes.collect::<Option<Vec<Bytes>>>() else { continue };
        for &written in &pages {
            let Some(made) =
                kinds.iter().zip(&bytes).map(|(&kind, bytes)| made(kind, bytes, written, model)).collect()
            else {
                continue;
            };
            if !seen.insert(Vec::clone(&made)) {
                continue;
            }
            let price = |(word, _): &(Range<usize>, Vec<usize>)| {
                // With the characters beside it.
                let (before, after) = (beside(chars, word.start).0, beside(chars, word.end - 1).1);
                let mut text = vec![before];
                for &c in &chars[word.clone()] {
                    match kinds.iter().position(|&kind| kind == c) {
                        Some(kind) => text.extend(&made[kind]),
                        None => text.push(c),
                    }
                }
                text.push(after);
                let is_right = (1..text.len() - 1).all(|at| is_right(&text, at, model))
                    && (!are_alone || !is_letter(text[1]) || may_be_word(text[1], model));
                is_right.then(|| spelled(&text[1..text.len() - 1], model))
            };
            let channel = Channel { written, reader };
            let Some(cost) = words.iter().map(price).sum::<Option<Cost>>() else { continue };
            let cost = cost + weights::enter_told(channel);
            if cost < most {
                channels.push((cost, channel));
            }
        }
    }
    channels
}

/// What a page makes of the bytes of an odd character, if these are letters of the language and marks, but for ASCII.
fn made(kind: char, bytes: &Bytes, written: Encoding, model: &Model) -> Option<Vec<char>> {
    let of = |&byte: &u8| match byte {
        ..0x80 => Some(char::from(byte)),
        // A letter that the language has was no mark, wherever it stands now.
        _ => written
            .page_char(byte)
            .filter(|&c| c != kind && (is_own(c, model) || is_punctuation(c) && !is_own(kind, model))),
    };
    bytes.as_slice().iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::assert_comes_back;
    use crate::repair;

    #[test]
    fn letters_of_no_word_that_is_known_come_back() {
        for (truth, [written, reader]) in [
            ("Į sandėlį vakar atvežė dėžes, bet jos neatrakinamos.", ["windows-1257", "iso-8859-2"]),
            (
                "Vi gikk ned til brygga, og båtførerlaget ventet der med garnet.",
                ["windows-1252", "iso-8859-2"],
            ),
            ("La chiatta non è arrivata, e il mare è ancora mosso.", ["windows-1252", "cp852"]),
            (
                "The ferryman calls it the “lower landing” when the river is high.",
                ["macintosh", "windows-1252"],
            ),
            (
                "Los otros ya están en la barca. ¿Por qué no vienes con nosotros?",
                ["windows-1252", "windows-1250"],
            ),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    #[test]
    fn what_a_reader_of_pairs_made_of_a_letter_and_the_next_one_comes_back() {
        for (truth, [written, reader]) in [
            ("The heron’s nest is behind the boathouse, where nobody walks.", ["windows-1252", "gbk"]),
            ("The sign says: “No boats before noon in winter, and none at night.", ["windows-1252", "big5"]),
            ("The boat left in rain—nobody stood on the pier to wave at it.", ["macintosh", "shift_jis"]),
            ("Le batelier s’inquiète pour la crue, et le péage reste fermé.", ["windows-1252", "gbk"]),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    #[test]
    fn an_apostrophe_within_a_word_comes_back() {
        for (truth, [written, reader]) in [
            ("The heron’s nest is behind the boathouse, where nobody walks.", ["macintosh", "cp852"]),
            ("Het is de veerman z’n boot die daar ligt, zegt de buurvrouw.", ["macintosh", "windows-1252"]),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    #[test]
    fn what_stands_alone_comes_back_where_the_words_around_say_enough() {
        for (truth, [written, reader]) in [
            ("Si vede che la barca non è sulla riva da molto tempo.", ["iso-8859-1", "windows-1250"]),
            ("Tra le tribù della valle nessuno ne parla.", ["windows-1252", "windows-1253"]),
            ("La chiusa del canale è aperta fino a domani sera.", ["windows-1252", "windows-874"]),
            ("Il traghetto non parte. È vietato salire senza biglietto.", ["windows-1252", "koi8-r"]),
            ("Chiedi al barcaiolo, perché c'è un altro passaggio.", ["windows-1252", "koi8-r"]),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    #[test]
    fn signs_where_no_word_begins_or_ends_with_them_and_capitals_behind_small_letters_come_back() {
        for (truth, [written, reader]) in [
            (
                "Meie paadimees ütles hommikul, et sõit saarele ei õnnestu enne homset, sest tuul on tugev.",
                ["windows-1257", "cp850"],
            ),
            ("Łódka stała pod starą wierzbą, a on patrzył na mokrą trawę.", ["iso-8859-2", "iso-8859-1"]),
            ("Hij zag dat de boten uit België niet voeren.", ["windows-1252", "cp437"]),
            ("Il faudra réparer le ponton avant la crue.", ["iso-8859-1", "macintosh"]),
            ("Brodar reče da ne može voziti prije podne.", ["cp852", "cp437"]),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    #[test]
    fn marks_that_make_no_letter_of_the_language_come_back() {
        for truth in
            ["Il barcaiolo non può aspettare fino a sera.", "Però la riva del fiume non è lontana da qui."]
        {
            assert_comes_back(truth, "windows-1252", "windows-1258");
        }
    }

    #[test]
    fn names_have_no_signs_within() {
        assert_comes_back("La barca de don Gil Vélez sale hoy del puerto viejo.", "cp437", "windows-1250");
    }

    #[test]
    fn what_stands_in_clean_text_stays() {
        for text in [
            "The ferry does not leave today (TдT), said the keeper of the pier.",
            "Volveu ó peirao, ó lado da barca ó contrario que ela.",
            "La longueur d'onde α est plus courte que la longueur β dans le verre.",
            "Una cella di 12 Å è troppo piccola per la molecola che abbiamo visto.",
            "Le mot « škola » vient du latin, et le mot děkuji non plus.",
            "Im Schwedischen schreibt man å, im Polnischen ł, und beides ist hier fremd.",
            "Con i nomi Dvořák e Søren non sono mai andato d'accordo.",
            "// - MMM ≈ MM    (Sep ≈ 09)",
            "See §four of the rules, page 12, and the 3 m² of the deck (5½ m³ of wood).",
            "The so-called ›ferry‹ is a raft‡ with a rope, and 10 ±two minutes is its delay.",
            "contributeur·trice·s et dirigeant·e·s de la maison sur le quai",
            "Call frame的values and then print them, the old frame稙s are gone.",
            "The word 裏mon is not English, and 鑢e is none either.",
        ] {
            assert_eq!(repair(text).text(), text);
        }
    }
}
