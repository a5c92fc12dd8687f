//! What a character costs where it stands in a window, if it is clean.
//!
//! The model of running text says how surprising a character is; but running text is not all that is clean: drawings
//! and lists repeat themselves. And some things no text does: letters of two scripts in one word, signs within words.

use std::sync::OnceLock;

use crate::combining::is_mark;
use crate::language::{Context, Cost, Model};

use super::weights;

/// Cost of a window as it stands, up to each of its characters and to its end.
pub(super) fn clean_costs(stands: &Model, truth: &Model, window: &[char], context: Context) -> Vec<Cost> {
    let mut costs = vec![0];
    clean_steps(stands, truth, window, context, |total| costs.push(total));
    costs
}

/// Cost of a window as it stands, which follows text that ends in `context`: as text of any language, or of the one
/// that the repaired text is in.
pub(super) fn clean_cost(stands: &Model, truth: &Model, window: &[char], context: Context) -> Cost {
    let mut last = 0;
    clean_steps(stands, truth, window, context, |total| last = total);
    last
}

fn clean_steps(
    stands: &Model,
    truth: &Model,
    window: &[char],
    mut context: Context,
    mut step: impl FnMut(Cost),
) {
    let mut total = 0;
    for (at, &c) in window.iter().enumerate() {
        let (mut cost, next) = stands.step(context, c);
        if !c.is_ascii() {
            cost = cost.min(truth.step(context, c).0);
        }
        let place = Place::of(window, at);
        total += cost.min(place.limit) + place.strange;
        context = next;
        step(total);
    }
}

/// Whether this is one of the controls C1, which a reader gives for bytes that it has nothing for.
pub(super) fn is_control(c: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&c)
}

/// Any ideograph, of the extensions, too.
pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// The planes of Unicode in which nothing is assigned but for private use. GB18030 and UTF-8 have codes for them, so
/// chance makes them; nobody wrote them.
pub(super) fn is_in_empty_plane(c: char) -> bool {
    c >= '\u{40000}' && !matches!(c, '\u{e0000}'..='\u{e0fff}')
}

/// The block of the unified ideographs.
pub(super) fn is_han(unit: u32) -> bool {
    (0x4e00..=0x9fff).contains(&unit)
}

/// A character of the window, and what all hypotheses share about it.
pub(super) struct Place {
    pub(super) at: u32,
    pub(super) before: char,
    pub(super) c: char,
    pub(super) after: char,
    /// The most that it costs if it is clean.
    pub(super) limit: Cost,
    /// What it costs over that: letters of two scripts in one word.
    pub(super) strange: Cost,
    /// Cost of the best hypothesis so far.
    pub(super) best: Cost,
}

impl Place {
    /// Running text is not all that is clean: rules, drawings and lists of letters repeat their signs, or go on to
    /// the next one of the alphabet.
    pub(super) fn of(window: &[char], at: usize) -> Self {
        let recent = &window[at.saturating_sub(weights::MEMORY)..at];
        let (before, c) = (recent.last().copied().unwrap_or(' '), window[at]);
        let limit = match u32::from(before).abs_diff(u32::from(c)) {
            // ASCII costs the same on both sides, whatever it is.
            _ if c.is_ascii() => Cost::MAX,
            // No words have controls, however many.
            _ if is_control(c) && recent.iter().any(char::is_ascii_lowercase) => Cost::MAX,
            0 => weights::REPEATED,
            _ if c == '\u{a0}' => weights::NO_BREAK_SPACE,
            _ if is_drawn(window, at) => weights::DRAWN,
            _ if is_mark(c) && is_letter(before) => weights::COMBINING,
            _ if recent.contains(&c) && !before.is_ascii_alphanumeric() && !is_letter(c) => weights::REPEATED,
            1 | 2 => weights::IN_SEQUENCE,
            _ => Cost::MAX,
        };
        let limit = limit.min(weights::STANDS);
        let after = window.get(at + 1).copied().unwrap_or('\n');
        Self { at: at as u32, before, c, after, limit, strange: strange(window, at), best: 0 }
    }
}

/// How little a character can stand where it stands: controls, capitals, signs and letters of another script in a word.
pub(super) fn how_strange(window: &[char], at: usize) -> usize {
    let Some(&c) = window.get(at) else { return 0 };
    if is_control(c) || !c.is_ascii() && is_capital_within(window, at) { 2 } else { strangeness(window, at) }
}

/// How little a character can stand where it stands: 0, 1 (beside a word that it does not belong to), 2 (within it).
fn strangeness(window: &[char], at: usize) -> usize {
    let c = window[at];
    let [before, after] = around(window, at);
    let beside = |c: char| c.is_ascii_lowercase();
    match (strange(window, at) > 0, c) {
        (true, _) => 2,
        (_, '‘' | '’' | 'ʼ' | '·' | '\u{ad}' | '‐' | '‑' | '–' | '\u{200b}'..='\u{200d}') => 0,
        (_, _) if c.is_ascii() || c.is_alphanumeric() || is_mark(c) => 0,
        _ => usize::from(
            beside(before) && !matches!(c, '”' | '»' | '…' | '“' | '„' | '«' | '°' | '™' | '®' | '²' | '³'),
        )
        .max(usize::from(beside(after) && matches!(c, '”' | '»' | '…' | '°' | '™' | '®' | '²' | '³'))),
    }
}

/// The characters before and after one; a space where there is none.
pub(super) fn beside(chars: &[char], at: usize) -> (char, char) {
    let before = at.checked_sub(1).map_or(' ', |at| chars[at]);
    (before, chars.get(at + 1).copied().unwrap_or(' '))
}

/// Whether a letter of another alphabet stands in a word of ASCII letters, where no keyboard puts one: none that looks like
/// a Latin one, neither sign of Old Slavonic, which scholars write among Latin letters, and no prefix of Arabic or Hebrew.
pub(super) fn is_intruder(chars: &[char], at: usize) -> bool {
    let c = chars[at];
    let (before, after) = beside(chars, at);
    is_of_another_alphabet(c)
        && [before, after].into_iter().all(|c| c.is_ascii() || !is_letter(c))
        && (before.is_ascii_lowercase() || after.is_ascii_lowercase())
        && !LOOK_LATIN.contains(c)
        && !matches!(c, 'ь' | 'ъ')
        && (is_letter(before) || !('\u{590}'..='\u{6ff}').contains(&c))
}

/// Letters of Cyrillic and Greek that look like Latin ones (the single letters of Unicode's `confusables.txt`).
pub(super) const LOOK_LATIN: &str = "аеіјкорсѕухАВЕЅІЈКМНОРСТУХοναρΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

/// Whether a capital stands behind a small letter.
pub(super) fn is_capital_within(chars: &[char], at: usize) -> bool {
    chars[at].is_uppercase() && at.checked_sub(1).is_some_and(|before| chars[before].is_lowercase())
}

/// Whether a letter of another alphabet than Latin stands in a word that is put together of words, each with a capital
/// (`ТоргСнаб`): what a reader makes of bytes has capitals anywhere.
fn is_in_joined_word(chars: &[char], at: usize) -> bool {
    let is_of_word = |c: &&char| is_letter(**c) && !is_latin(**c);
    let before = chars[..at].iter().rev().take(LONGEST_JOINED).take_while(is_of_word).count();
    let after = chars[at..].iter().take(LONGEST_JOINED).take_while(is_of_word).count();
    let word = &chars[at - before..at + after];
    let is_part = |part: &[char]| {
        part.len() >= SHORTEST_PART && part[0].is_uppercase() && part[1..].iter().all(|c| c.is_lowercase())
    };
    word.chunk_by(|_, next| !next.is_uppercase()).all(is_part) && !word.is_empty()
}

/// Whether a character stands where it cannot, which says that there is damage.
pub(super) fn is_out_of_place(chars: &[char], at: usize) -> bool {
    how_strange(chars, at) > 0 && !is_in_joined_word(chars, at)
}

/// Letters of a word in one that is put together, at least.
const SHORTEST_PART: usize = 3;
/// … and of what is put together on each side of one of them at most, so that no word is read often.
const LONGEST_JOINED: usize = 64;

/// Whether a character is part of a drawing: lines of one kind and blocks, three at least close to each other. What a
/// reader makes of bytes mixes the kinds, or stands within a word.
fn is_drawn(window: &[char], at: usize) -> bool {
    let kind = |c: char| match c {
        '─' | '│' | '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' => 1,
        '═' | '║' | '╔' | '╗' | '╚' | '╝' | '╠' | '╣' | '╦' | '╩' | '╬' => 2,
        '\u{2580}'..='\u{259f}' => 4,
        '\u{2500}'..='\u{257f}' => 8,
        _ => 0,
    };
    if kind(window[at]) == 0 {
        return false;
    }
    let near = &window[at.saturating_sub(weights::MEMORY)..(at + weights::MEMORY).min(window.len())];
    let kinds = near.iter().map(|&c| kind(c)).fold(0, |all, kind| all | kind);
    let is_in_word = |beside: &[char]| {
        kind(beside[1]) != 0 && beside[0].is_ascii_lowercase() && beside[2].is_ascii_lowercase()
    };
    near.iter().filter(|&&c| kind(c) != 0).count() > 2
        && (kinds & 3) != 3
        && kinds & 8 == 0
        && !near.windows(3).any(is_in_word)
}

/// Whether a character is a letter. The standard library searches a table for each that is not ASCII.
#[inline]
pub(super) fn is_letter(c: char) -> bool {
    const WORD: usize = u64::BITS as usize;
    /// Below CJK, whose letters come in long runs.
    const TOLD: usize = 0x2e80;
    static LETTERS: OnceLock<[u64; TOLD / WORD]> = OnceLock::new();
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    let at = c as usize;
    if at >= TOLD {
        // Punctuation of East Asian text.
        if matches!(c, '\u{3008}'..='\u{3020}' | '\u{3000}'..='\u{3004}' | '\u{ff01}'..='\u{ff20}') {
            return false;
        }
        return matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') || c.is_alphabetic();
    }
    let letters = LETTERS.get_or_init(|| {
        std::array::from_fn(|word| {
            let is_set =
                |&bit: &usize| char::from_u32((word * WORD + bit) as u32).is_some_and(char::is_alphabetic);
            (0..WORD).filter(is_set).fold(0, |all, bit| all | 1 << bit)
        })
    });
    letters[at / WORD] >> (at % WORD) & 1 != 0
}

/// Whether a letter is of the Latin script.
#[inline]
pub(super) fn is_latin(c: char) -> bool {
    c < '\u{250}' || ('\u{1e00}'..='\u{1eff}').contains(&c)
}

/// The price of a character that stands in a word to which it cannot belong: a letter of another script, a sign, an
/// ideograph between small letters.
fn strange(window: &[char], at: usize) -> Cost {
    let c = window[at];
    if c.is_ascii() {
        return 0;
    }
    let [before, after] = around(window, at);
    let sides = [before, after].into_iter().filter(char::is_ascii_lowercase).count();
    if sides == 0 {
        return if is_within_letters(window, at) { weights::STRANGER } else { 0 };
    }
    // No formula has these.
    let is_greek_of_words = matches!(c, 'ά'..='ΰ' | 'ς' | 'ϊ'..='ώ' | 'Ά' | 'Έ'..='ΐ');
    if is_of_another_alphabet(c) || is_greek_of_words {
        return sides as Cost * weights::STRANGER;
    }
    if sides < 2 {
        return if is_lone_wide(window, at) { weights::STRANGER } else { 0 };
    }
    match c {
        // Apostrophes, hyphens, the point of Catalan; what marks where a word may be parted.
        '‘' | '’' | 'ʼ' | '·' | '\u{ad}' | '‐' | '‑' | '–' | '\u{200b}'..='\u{200d}' => 0,
        '\u{370}'..='\u{3ff}' => weights::STRANGER,
        // An ideograph or a syllable may stand beside a word, but not in it.
        '\u{2e80}'.. => 2 * weights::STRANGER,
        // Letters and numbers to Unicode.
        'ª' | 'º' | 'µ' | '¹' | '²' | '³' | '¼'..='¾' => weights::STRANGER,
        _ if !c.is_alphanumeric() && !is_mark(c) => weights::STRANGER,
        _ => 0,
    }
}

/// Whether a sign that no word has stands between two small letters of Greek or Cyrillic.
fn is_within_letters(window: &[char], at: usize) -> bool {
    let is_small = |c: Option<&char>| {
        c.is_some_and(|c| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}') && c.is_lowercase())
    };
    let before = at.checked_sub(1).and_then(|at| window.get(at));
    is_small(before)
        && is_small(window.get(at + 1))
        && !window[at].is_alphanumeric()
        && !is_mark(window[at])
        && !matches!(window[at], '‘' | '’' | 'ʼ' | '·' | '\u{ad}' | '‐' | '‑' | '–' | '\u{200b}'..='\u{200d}')
}

/// Whether a wide letter touches a small one, with nothing else wide near: in a text of Latin letters none stands there.
/// Wide punctuation may, in a text that speaks of it.
fn is_lone_wide(window: &[char], at: usize) -> bool {
    let is_wide = |c: &char| *c >= '\u{2e80}';
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    let near = at.saturating_sub(weights::MEMORY)..window.len().min(at + 1 + weights::MEMORY);
    is_wide(&window[at])
        && is_letter(window[at])
        && beside.filter_map(|at| window.get(at)).any(char::is_ascii_lowercase)
        && window[near].iter().filter(|c| is_wide(c)).count() == 1
}

/// The nearest ASCII characters on both sides of the characters beyond ASCII at a place, if there are few of these. The
/// last letter of an escape (`\n`, `\u202f`) is none of the word after it.
fn around(window: &[char], at: usize) -> [char; 2] {
    const FEW: usize = 4;
    let before = (at.saturating_sub(FEW)..at).rev().find(|&at| window[at].is_ascii());
    let before = before.filter(|&at| !ends_escape(&window[..=at])).map(|at| &window[at]);
    let after = window[at + 1..].iter().take(FEW).find(|c| c.is_ascii());
    [before, after].map(|c| c.copied().unwrap_or(' '))
}

/// Whether characters end with a whole escape of a program.
fn ends_escape(chars: &[char]) -> bool {
    let numbered = |letter: char, digits: usize| {
        let begin = chars.len().checked_sub(digits + 2)?;
        let (escape, number) = chars[begin..].split_at(2);
        Some(escape == ['\\', letter] && number.iter().all(char::is_ascii_hexdigit))
    };
    matches!(chars, [.., '\\', _]) || [numbered('x', 2), numbered('u', 4)].contains(&Some(true))
}

/// Letters of alphabets whose words hold no Latin letters. Greek ones stand beside Latin ones in formulas.
#[inline]
pub(super) fn is_of_another_alphabet(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}' | '\u{590}'..='\u{6ff}' | '\u{e00}'..='\u{e7f}') && is_letter(c)
}

/// Whether one of two neighbours is an ASCII letter and the other a letter of another script: no word is written so.
#[inline]
pub(super) fn mixes_alphabets(a: char, b: char) -> bool {
    let is_foreign = |c: char| is_letter(c) && !is_latin(c);
    a.is_ascii_alphabetic() && is_foreign(b) || b.is_ascii_alphabetic() && is_foreign(a)
}

/// The price of a border between damaged and clean text beside a clean `c`. Ideographs, kana and their punctuation
/// often stand beside what was damaged later; any other sign beside it was rather damaged with it, and this is the
/// wrong channel.
pub(super) fn border(c: char, through_pairs: bool) -> Cost {
    let is_east_asian = matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffa0}'..='\u{ffef}');
    match (c.is_ascii(), is_east_asian) {
        (true, _) => 0,
        // What a reader of pairs makes is of the same kind.
        (_, true) => {
            if through_pairs {
                weights::BORDER_IN_PAIRS
            } else {
                0
            }
        }
        _ => weights::BORDER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strange_of(text: &str, c: char) -> Cost {
        let window: Vec<char> = text.chars().collect();
        let at = window.iter().position(|&other| other == c).unwrap();
        strange(&window, at)
    }

    #[test]
    fn the_end_of_an_escape_is_no_letter_of_a_word() {
        for text in ["5 мая\\u202fг. утром", "\\nг", "\\x0aг", "ra\\tг"] {
            assert_eq!(strange_of(text, 'г'), 0, "{text}");
        }
        for text in ["5 мая u202fг. утром", "\\u{202fг", "\\x0gaг", "boatг"] {
            assert_ne!(strange_of(text, 'г'), 0, "{text}");
        }
    }

    #[test]
    fn names_that_are_put_together_are_told_from_capitals_anywhere() {
        let is_joined = |text: &str| {
            let window: Vec<char> = text.chars().collect();
            (0..window.len())
                .filter(|&at| is_capital_within(&window, at))
                .all(|at| is_in_joined_word(&window, at))
        };
        for text in ["ООО ЛесТоргСервис", "ТОВ ХарківБуд", "ΝέοΣήμα"] {
            assert!(is_joined(text), "{text}");
        }
        // Windows-1251 as KOI8-R, ISO-8859-5 as windows-1251, a name in Latin letters.
        for text in ["оПХБЕР, ЛХП", "ЯаШТХв Зиа", "ÉcoleÉlan"] {
            assert!(!is_joined(text), "{text}");
        }
    }

    #[test]
    fn a_sign_within_a_word_of_cyrillic_letters_is_strange() {
        assert_ne!(strange_of("на п╕вденному березі", '╕'), 0);
        for (text, c) in [("на березі ╕ річки", '╕'), ("з’їхав", '’')] {
            assert_eq!(strange_of(text, c), 0, "{text}");
        }
    }

    #[test]
    fn wide_punctuation_may_touch_a_word_and_a_wide_letter_alone_may_not() {
        assert_eq!(strange_of("the rope （oak） is short", '）'), 0);
        assert_eq!(strange_of("the boat］ is long", '］'), 0);
        assert_ne!(strange_of("the boat榆 is long", '榆'), 0);
    }
}
