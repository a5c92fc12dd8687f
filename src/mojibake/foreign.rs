//! Letters that stand beside each other as they do in clean text, but not in the language of the text around them.
//!
//! The scan sees what no language does. One letter that was read as another of the same alphabet (`più` as `pił`) it
//! cannot see: Polish has that. So each letter is compared with the languages that the text around it is in, told by its
//! ASCII letters; where none of them uses it, its word is looked at, and comes back only if some channel makes a word of
//! that language of it, or letters of that language of all that are none (`spelling`). So are letters of other alphabets
//! and signs that stand within such words, or alone among them, and signs at the end or the beginning of a word that a
//! letter in their place makes a known one. Most of what is looked at in clean text are names.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

use unicode_normalization::char::is_combining_mark;

use crate::language::words::{self, LONGEST};
use crate::language::{self, Languages};

use super::engine::Pass;
use super::judge::judge;
use super::languages::{self, Fit};
use super::place::is_letter;
use super::scan::{Places, Stretch, in_lines};
use super::{Change, glance, readers, spelling, weights};

/// Words that are looked at in a text: so many, …
const MOST_LOOKS: usize = 64;
/// … and one more for so many bytes.
const BYTES_OF_LOOK: usize = 1024;

/// The letters of the Latin alphabet beyond ASCII.
const LETTERS: [Range<u32>; 2] = [0xc0..0x250, 0x1e00..0x1f00];
/// … and how many these are.
const LETTER_COUNT: u32 = (0x250 - 0xc0) + (0x1f00 - 0x1e00);

/// The languages that use a Latin letter beyond ASCII; `None` for another character.
pub(super) fn users(c: char) -> Option<Languages> {
    users_of_letters().get(number(c)?).copied().filter(|_| !is_sign(c))
}

/// The languages that use the Latin letter at a place of a text as it stands there: by itself, it is a word of few.
pub(super) fn users_at(chars: &[char], at: usize) -> Option<Languages> {
    let users = users(chars[at])?;
    Some(if spelling::may_be_alone(chars, at) { lone_users(chars[at]) } else { users })
}

/// The languages of which one of [`LETTERS`] is a word by itself.
fn lone_users(c: char) -> Languages {
    static USERS: OnceLock<Vec<Languages>> = OnceLock::new();
    let all = USERS.get_or_init(|| {
        // A word of a language is one of its letters.
        let uses = |(c, users): (char, &Languages)| {
            let models = language::all().iter().filter(|model| users.has(model));
            Languages::of(models.filter(|model| spelling::may_be_word(c, model)))
        };
        LETTERS.into_iter().flatten().filter_map(char::from_u32).zip(users_of_letters()).map(uses).collect()
    });
    number(c).and_then(|number| all.get(number)).copied().unwrap_or_default()
}

/// The languages that use each of [`LETTERS`].
fn users_of_letters() -> &'static [Languages] {
    static USERS: OnceLock<Vec<Languages>> = OnceLock::new();
    USERS.get_or_init(|| {
        let uses = |c: char| {
            let models = language::all().iter().filter(|model| languages::is_latin(model));
            Languages::of(models.filter(|model| model.alone(c) <= weights::OF_LANGUAGE))
        };
        LETTERS.into_iter().flatten().filter_map(char::from_u32).map(uses).collect()
    })
}

/// The small ones of [`LETTERS`] that one of some languages uses.
pub(super) fn small_letters(languages: Languages) -> impl Iterator<Item = char> {
    let letters = LETTERS.into_iter().flatten().filter_map(char::from_u32).zip(users_of_letters());
    let is_used =
        move |&(c, users): &(char, &Languages)| c.is_lowercase() && !users.and(languages).is_empty();
    letters.filter(is_used).map(|(c, _)| c).filter(|&c| !is_sign(c))
}

/// The two signs among [`LETTERS`].
fn is_sign(c: char) -> bool {
    matches!(c, '×' | '÷')
}

/// The place of a character in [`LETTERS`].
fn number(c: char) -> Option<usize> {
    let [first, second] = LETTERS;
    match u32::from(c) {
        c if first.contains(&c) => Some((c - first.start) as usize),
        c if second.contains(&c) => Some((c - second.start + first.end - first.start) as usize),
        _ => None,
    }
}

/// What a Latin letter beyond ASCII may have been, if one byte was read as it: the other Latin letters, and the apostrophe.
fn origins(c: char) -> &'static [char] {
    static ORIGINS: OnceLock<Vec<OnceLock<Vec<char>>>> = OnceLock::new();
    let all = ORIGINS.get_or_init(|| LETTERS.into_iter().flatten().map(|_| OnceLock::new()).collect());
    let Some(origins) = number(c).and_then(|at| all.get(at)) else { return &[] };
    origins.get_or_init(|| {
        let bytes = readers::single_byte_readers().filter_map(|reader| reader.bytes_of(c));
        let bytes: BTreeSet<u8> = bytes.filter_map(|bytes| bytes.as_slice().first().copied()).collect();
        let pages = glance::single_byte();
        let made = bytes.iter().flat_map(|&byte| pages.iter().filter_map(move |page| page.page_char(byte)));
        let made: BTreeSet<char> =
            made.filter(|&made| made != c && (users(made).is_some() || made == '’')).collect();
        made.into_iter().collect()
    })
}

/// Most signs beyond ASCII in running text.
const SIGNS: [Range<u32>; 2] = [0xa0..0xc0, 0x2010..0x2050];

/// The place of a character in [`SIGNS`].
fn sign_number(c: char) -> Option<u32> {
    let [first, second] = SIGNS;
    match u32::from(c) {
        c if first.contains(&c) => Some(c - first.start),
        c if second.contains(&c) => Some(c - second.start + first.end - first.start),
        _ => None,
    }
}

/// The Latin letters that may have been read as a sign.
fn origins_of_sign(sign: char) -> &'static [char] {
    static ORIGINS: OnceLock<BTreeMap<char, Vec<char>>> = OnceLock::new();
    let all = ORIGINS.get_or_init(|| {
        let mut all: BTreeMap<char, BTreeSet<char>> = BTreeMap::new();
        for byte in 0x80..=0xff {
            let made = glance::single_byte().iter().filter_map(|page| page.page_char(byte));
            let (letters, others): (BTreeSet<char>, BTreeSet<char>) = made.partition(|&c| is_letter(c));
            for sign in others {
                all.entry(sign).or_default().extend(letters.iter().filter(|&&c| users(c).is_some()));
            }
        }
        all.into_iter().map(|(sign, made)| (sign, made.into_iter().collect())).collect()
    });
    all.get(&sign).map_or(&[], Vec::as_slice)
}

/// Whether some letter that may have been read as `c` makes a known word of this one; not told of a word with several
/// characters beyond ASCII.
fn may_be_a_word(word: &str, c: char) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let Some(at) = chars.iter().position(|&other| other == c) else { return true };
    if chars.iter().filter(|c| !c.is_ascii()).count() > 1 {
        return true;
    }
    let mut made = chars;
    origins(c).iter().any(|&origin| {
        made[at] = origin;
        words::known(&made).is_some()
    })
}

impl Pass<'_> {
    /// Adds what is found of words that are not of the language around them, outside of the windows.
    pub(super) fn foreign(&mut self, changes: &mut Vec<Change>) {
        if self.is_garbled() || self.depth.is_under_layer() {
            return;
        }
        let passed = std::mem::take(&mut self.seen.passed);
        self.foreign_in(passed.stretches(), changes);
        self.seen.passed = passed;
    }

    /// … of which the scan tells what stands there.
    fn foreign_in(&mut self, stretches: &[Stretch], changes: &mut Vec<Change>) {
        let text = self.text;
        let mut looks = MOST_LOOKS + text.len() / BYTES_OF_LOOK;
        // Words of which no channel makes others.
        let mut names: HashSet<&str> = HashSet::new();
        let mut around = Around::default();
        let mut leads = Leads::of(text.as_bytes(), stretches, is_lead);
        let mut windows = self.seen.windows.clone().into_iter().peekable();
        let mut done = 0;
        let mut next = 0;
        while let Some((at, c)) = around.next_foreign(text, &mut leads, next) {
            next = at + c.len_utf8();
            while let Some(window) = windows.next_if(|window| window.end <= at) {
                done = window.end.max(done);
            }
            let limit = windows.peek().map_or(text.len(), |window| window.start);
            if limit <= at {
                next = windows.peek().map_or(next, |window| window.end);
                continue;
            }
            let own = word(text, at..next).filter(|own| at >= done && !names.contains(own));
            let Some(own) = own else { continue };
            // Most words with letters from elsewhere are names.
            if around.is_told() && spelling::is_name(&Vec::from_iter(own.chars())) && !may_be_a_word(own, c) {
                names.insert(own);
                continue;
            }
            // Telling the languages is what a look costs, whatever comes of it.
            let Some(left) = looks.checked_sub(1).filter(|_| !self.task.is_spent()) else { return };
            looks = left;
            let line = in_lines(text, &(at..next));
            let window = line.start.max(done)..line.end.min(limit);
            let chars: Vec<char> = text[window.clone()].chars().collect();
            let fit = Fit::of(&chars);
            // Where no language is told, as in addresses, the text goes on in that of before.
            if fit.is_language() || !around.is_told {
                around.tell(&fit);
            }
            let is_within = c.is_uppercase() && is_behind_small(text.as_bytes(), at);
            let is_alone = is_between_spaces(text.as_bytes(), at..next);
            if !fit.is_language() || !is_within && around.may_use(c, is_alone) {
                continue;
            }
            let before = changes.len();
            self.look_at_word(&window, at, (&chars, &fit), changes);
            if changes.len() > before {
                done = window.end;
            } else {
                names.insert(own);
            }
        }
    }

    /// Looks at the word at a byte of the text, in a window with the languages that it may be in; adds what is decided.
    fn look_at_word(
        &mut self,
        window: &Range<usize>,
        at: usize,
        (chars, fit): (&[char], &Fit<'_>),
        changes: &mut Vec<Change>,
    ) {
        let spot = self.text[window.start..at].chars().count();
        let mut told = self.told_by_words_here(std::slice::from_ref(&(spot..spot + 1)), chars, fit);
        let languages = fit.near(languages::FAR);
        told.retain(|told| languages.has(told.truth));
        self.add_told_by_letters(chars, fit, &mut told);
        if told.is_empty() {
            return;
        }
        self.asks_known = true;
        let context = self.context(window.start);
        let found = self.search(chars, context, &[], &told, false);
        if let Some((known, stretches)) = judge(found, chars, context) {
            self.decide_all(known, stretches, chars, window.start, changes);
        }
    }
}

/// One bit for each of [`LETTERS`].
type Letters = [u64; LETTER_COUNT.div_ceil(u64::BITS) as usize];

fn has(letters: &Letters, c: char) -> bool {
    number(c).is_some_and(|number| has_number(letters, number))
}

fn has_number(letters: &Letters, number: usize) -> bool {
    let word = letters.get(number / u64::BITS as usize).copied().unwrap_or(0);
    word >> (number % u64::BITS as usize) & 1 != 0
}

fn add_number(letters: &mut Letters, number: usize) {
    letters[number / u64::BITS as usize] |= 1 << (number % u64::BITS as usize);
}

/// Those that are capitals.
fn capitals() -> &'static Letters {
    static CAPITALS: OnceLock<Letters> = OnceLock::new();
    CAPITALS.get_or_init(|| {
        let mut capitals = Letters::default();
        for (number, letter) in LETTERS.into_iter().flatten().enumerate() {
            if char::from_u32(letter).is_some_and(char::is_uppercase) {
                add_number(&mut capitals, number);
            }
        }
        capitals
    })
}

/// The place in [`LETTERS`] of the letter that begins with a byte from C3 on, and its bytes.
fn number_at(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let low = |byte: u8| u32::from(byte & 0x3f);
    let (c, length) = match bytes[at..] {
        [first @ 0xc3..=0xdf, second, ..] => (u32::from(first & 0x1f) << 6 | low(second), 2),
        [first @ 0xe0..=0xef, second, third, ..] => {
            (u32::from(first & 0xf) << 12 | low(second) << 6 | low(third), 3)
        }
        _ => return None,
    };
    Some((number(char::from_u32(c)?)?, length))
}

/// The languages that the text may be in here.
#[derive(Default)]
struct Around<'t> {
    /// These.
    languages: Languages,
    /// The letters that they use, …
    used: Letters,
    /// … and those that are words by themselves.
    lone: Letters,
    /// The signs that may have been one of those letters, by [`sign_number`].
    signs: u128,
    /// Whether they were told.
    is_told: bool,
    /// Letters of others since they were told.
    others: usize,
    /// Words with a sign at their beginning or end that was no letter: documents repeat theirs.
    without: HashSet<&'t str>,
}

impl<'t> Around<'t> {
    /// Letters of other languages after which the text may be in one.
    const MOST_OTHERS: usize = 4;

    fn is_told(&self) -> bool {
        self.is_told && self.others < Self::MOST_OTHERS
    }

    fn tell(&mut self, fit: &Fit<'_>) {
        let languages = fit.near(languages::FAR);
        let (mut used, mut lone) = (Letters::default(), Letters::default());
        let letters = LETTERS.into_iter().flatten().zip(users_of_letters());
        for (number, (letter, users)) in letters.enumerate() {
            let Some(letter) = char::from_u32(letter).filter(|&letter| !is_sign(letter)) else { continue };
            for (letters, users) in [(&mut used, *users), (&mut lone, lone_users(letter))] {
                if !languages.and(users).is_empty() {
                    add_number(letters, number);
                }
            }
        }
        let mut signs = 0;
        for sign in SIGNS.into_iter().flatten().filter_map(char::from_u32) {
            let is_one = origins_of_sign(sign).iter().any(|&letter| has(&used, letter));
            signs |= u128::from(is_one) << sign_number(sign).unwrap_or(0);
        }
        let without = HashSet::new();
        *self = Self { languages, used, lone, signs, is_told: true, others: 0, without };
    }

    /// Whether the text may hold a letter, in a word or as one.
    fn may_use(&mut self, c: char, is_alone: bool) -> bool {
        let may_use = has(if is_alone { &self.lone } else { &self.used }, c);
        self.others = if may_use { 0 } else { self.others + 1 };
        may_use
    }

    /// Whether a sign may have been a letter that the languages use.
    fn may_be_letter(&self, sign: char) -> bool {
        !self.is_told || sign_number(sign).is_none_or(|number| self.signs >> number & 1 != 0)
    }

    /// Whether a sign at the end or the beginning of a word of ASCII letters may have been a letter of it: then it is a word
    /// of a language that the text may be in.
    fn may_have_been_letter(&mut self, text: &'t str, sign: Range<usize>) -> bool {
        if !text[sign.clone()].chars().all(|c| self.may_be_letter(c)) {
            return false;
        }
        let bytes = text.as_bytes();
        let is_letter = |byte: &&u8| byte.is_ascii_alphabetic();
        let before = bytes[..sign.start].iter().rev().take(LONGEST).take_while(is_letter).count();
        let after = bytes[sign.end..].iter().take(LONGEST).take_while(is_letter).count();
        let may_be_within = text[sign.clone()].starts_with(['’', '\u{a0}']);
        if before > 0 && after > 0 && !may_be_within || !(2..LONGEST).contains(&(before + after)) {
            return false;
        }
        let own = &text[sign.start - before..sign.end + after];
        if self.without.contains(own) {
            return false;
        }
        let mut word: Vec<char> = own.chars().collect();
        let is_word = |word: &[char]| {
            let is_near = |languages| !self.is_told || !self.languages.and(languages).is_empty();
            words::known(word).is_some_and(|known| is_near(known.languages))
        };
        let is_one = origins_of_sign(word[before]).iter().any(|&letter| {
            word[before] = letter;
            (!self.is_told || has(&self.used, letter)) && is_word(&word)
        });
        if !is_one {
            self.without.insert(own);
        }
        is_one
    }

    /// The first place from a byte on but for the most frequent case: U+00C0 to U+00FF are the first of the letters.
    // By itself, so that what changes with each letter stays in registers.
    #[inline(never)]
    fn next_unused(
        &mut self,
        bytes: &[u8],
        leads: &mut Leads<'_, impl Fn(u8) -> bool>,
        from: usize,
    ) -> Option<usize> {
        let used = self.used[0];
        let signs = if self.is_told { self.signs } else { u128::MAX };
        let has_used = Cell::new(false);
        let next = leads.find(from, (used, &has_used), |at| match bytes[at..] {
            // Up to 9E are capitals.
            [0xc3, second, ..]
                if used >> (second & 0x3f) & 1 != 0
                    && (second > 0x9e || !is_behind_small(bytes, at))
                    && !is_between_spaces(bytes, at..at + 2) =>
            {
                has_used.set(true);
                false
            }
            [0xdc..=0xdf, ..] => false,
            // What most signs beyond ASCII are.
            [0xc2, second @ 0xa0..=0xbf, after, ..] => {
                may_stand_alone(bytes, at, after)
                    || signs >> (second - 0xa0) & 1 != 0 && touches_word(bytes, at, after)
            }
            [0xe2, 0x80, third @ 0x90..=0xbf, after, ..] => {
                may_stand_alone(bytes, at, after)
                    || signs >> (third - 0x90 + 0x20) & 1 != 0 && touches_word(bytes, at, after)
            }
            // … and letters of other alphabets.
            [0xc2 | 0xcc..=0xdb, _, after, ..] | [0xe2, _, _, after, ..] => {
                may_stand_alone(bytes, at, after) || touches_word(bytes, at, after)
            }
            // What the other Latin letters begin with.
            [0xc4..=0xc9 | 0xe1, ..] => match number_at(bytes, at) {
                Some((number, length)) if has_number(&self.used, number) => {
                    let is_wanted = is_behind_small(bytes, at) && has_number(capitals(), number)
                        || is_between_spaces(bytes, at..at + length);
                    has_used.set(has_used.get() || !is_wanted);
                    is_wanted
                }
                _ => true,
            },
            _ => true,
        });
        if has_used.get() {
            self.others = 0;
        }
        next
    }

    /// The first Latin letter beyond ASCII from a byte of a text on that no language uses which the text may be in, or
    /// another character that stands alone among words of ASCII letters, or a capital behind a small letter.
    fn next_foreign(
        &mut self,
        text: &'t str,
        leads: &mut Leads<'_, impl Fn(u8) -> bool>,
        from: usize,
    ) -> Option<(usize, char)> {
        let mut at = from;
        loop {
            at = self.next_unused(text.as_bytes(), leads, at)?;
            let c = text[at..].chars().next()?;
            let end = at + c.len_utf8();
            let is_letter = number(c).is_some() && !is_sign(c);
            let is_within = is_letter && c.is_uppercase() && is_behind_small(text.as_bytes(), at);
            let is_alone = is_letter && is_between_spaces(text.as_bytes(), at..end);
            if is_within
                || (is_letter || stands_alone(text, at..end)) && !self.may_use(c, is_alone)
                || !is_letter && self.may_have_been_letter(text, at..end)
            {
                return Some((at, c));
            }
            at = end;
        }
    }
}

/// The places in a text that letters and signs may begin at.
struct Leads<'t, F> {
    bytes: &'t [u8],
    places: Places<'t, F>,
    /// What the scan passed over from about the last place on.
    stretches: &'t [Stretch],
}

impl<'t, F: Fn(u8) -> bool> Leads<'t, F> {
    /// … which are those of which `is_lead` is true.
    fn of(bytes: &'t [u8], stretches: &'t [Stretch], is_lead: F) -> Self {
        Self { bytes, places: Places::of(bytes, is_lead), stretches }
    }

    /// The first wanted place from a byte on, where none of the letters from U+00C0 to U+00FF that are `used` (never all of
    /// them) is wanted where the scan passed over it; says whether there were such.
    fn find(
        &mut self,
        from: usize,
        (used, has_used): (u64, &Cell<bool>),
        mut is_wanted: impl FnMut(usize) -> bool,
    ) -> Option<usize> {
        let mut at = from;
        while let Some((Stretch { letters, close }, later)) = self.stretches.split_first() {
            if at < close.start && letters & !used != 0 {
                let found = self.places.find(at, |at| close.start <= at || is_wanted(at))?;
                if found < close.start {
                    return Some(found);
                }
            } else if at < close.start && *letters != 0 {
                has_used.set(true);
            }
            let mut leads = (at.max(close.start)..close.end).filter(|&at| is_lead(self.bytes[at]));
            if let Some(found) = leads.find(|&at| is_wanted(at)) {
                return Some(found);
            }
            at = at.max(close.end);
            self.stretches = later;
        }
        None
    }
}

/// Whether a character that is no Latin letter may stand alone, by the byte before it and the one after it.
fn may_stand_alone(bytes: &[u8], at: usize, after: u8) -> bool {
    is_free(after) && at.checked_sub(1).is_none_or(|before| is_free(bytes[before]))
}

/// Whether an ASCII letter stands beside a character, by the byte before it and the one after it.
fn touches_word(bytes: &[u8], at: usize, after: u8) -> bool {
    after.is_ascii_alphabetic() || at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphabetic())
}

/// Whether a small ASCII letter stands before a byte of a text.
fn is_behind_small(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_lowercase())
}

/// Whether a space, or an apostrophe before, stands on both sides of some bytes of a text.
fn is_between_spaces(bytes: &[u8], at: Range<usize>) -> bool {
    let before = at.start.checked_sub(1).map_or(b' ', |before| bytes[before]);
    matches!(before, b' ' | b'\n' | b'\'') && matches!(bytes.get(at.end), None | Some(b' ' | b'\n'))
}

/// Whether one of [`LETTERS`], or a letter or sign that may stand among words, may begin with a byte, up to those from DC
/// to DF: one range is told faster than two. Such bytes begin a character wherever they stand.
#[inline]
fn is_lead(byte: u8) -> bool {
    matches!(byte, 0xc0..=0xe2)
}

/// Whether a character that stands beside such a byte may stand alone there.
fn is_free(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'\n' | b'\'')
}

/// Whether a character that is no Latin letter stands within a word of ASCII letters, or alone among such words.
fn stands_alone(text: &str, at: Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let beside = |byte: Option<&u8>| byte.copied().unwrap_or(b'\n');
    let (before, after) =
        (beside(at.start.checked_sub(1).and_then(|at| bytes.get(at))), beside(bytes.get(at.end)));
    if before.is_ascii_alphabetic() && after.is_ascii_alphabetic() {
        return text[at].chars().all(|c| c != '’');
    }
    // A sign between two words is meant; one that touches a word is not.
    let touches_word = before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
    let may_be = |c: char| {
        is_letter(c) || touches_word && spelling::is_stray(c) || !touches_word && is_combining_mark(c)
    };
    if !(is_free(before) && is_free(after) && text[at.clone()].chars().all(may_be)) {
        return false;
    }
    // Beyond a space the next word begins.
    let beyond = |byte: u8, next: Option<&u8>| match byte {
        b' ' => next.is_none_or(|byte| {
            byte.is_ascii_alphabetic()
                || matches!(byte, b'\n' | b'.' | b',' | b';' | b':' | b'!' | b'?' | b'"' | b'|')
        }),
        _ => true,
    };
    beyond(before, at.start.checked_sub(2).and_then(|at| bytes.get(at)))
        && beyond(after, bytes.get(at.end + 1))
}

/// The word that the character at some bytes of a text is part of; nothing if it is longer than any that is known.
fn word(text: &str, at: Range<usize>) -> Option<&str> {
    let is_end = |c: char| !c.is_alphanumeric();
    let before = text[..at.start].char_indices().rev().take(LONGEST).take_while(|&(_, c)| !is_end(c));
    let start = before.last().map_or(at.start, |(start, _)| start);
    let after = text[at.end..].chars().take(LONGEST).take_while(|&c| !is_end(c));
    let word = &text[start..at.end + after.map(char::len_utf8).sum::<usize>()];
    (word.chars().count() <= LONGEST).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::super::assert_comes_back;
    use super::*;
    use crate::repair;

    #[test]
    fn a_letter_of_another_language_comes_back_where_that_makes_a_word_of_this_one() {
        for (truth, written, reader) in [
            (
                "Ieri la città era vuota, e nessuno sapeva dove fosse il sindaco.",
                "windows-1252",
                "windows-1250",
            ),
            ("Wir haben gestern abend noch einmal unnötig lange gewartet.", "macintosh", "windows-1250"),
            ("En sommardag gick han på stranden med sin hund.", "windows-1252", "windows-1250"),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    #[test]
    fn a_sign_comes_back_where_it_makes_a_word_of_the_language() {
        for (truth, written, reader) in [
            ("La città era vuota ieri sera, e nessuno lo sapeva.", "cp850", "windows-1250"),
            ("Non abbiamo trovato più barche sulla riva.", "cp850", "windows-1251"),
            ("Los barqueros están más lejos que ayer.", "cp437", "windows-1252"),
            ("Los barcos no salen y la economía del puerto lo nota.", "macintosh", "windows-1252"),
        ] {
            assert_comes_back(truth, written, reader);
        }
    }

    #[test]
    fn signs_behind_words_stay() {
        for text in [
            "Il barcaiolo, per… come dire, per abitudine, non cos… non risponde mai.",
            "Sar… ha detto la vecchia, e poi più niente.",
            "Les passagers disent “oui” et “non”, mais le passeur dit «jamais».",
            "Le quai est à 5\u{a0}m de l'eau, et la barque à 3\u{a0}m.",
        ] {
            assert_eq!(repair(text).text(), text);
        }
    }

    #[test]
    fn names_from_elsewhere_stay() {
        for text in [
            "Karol Wałęsa e Antonín Dvořák sono venuti ieri sera a cena da noi.",
            "Der Nachmittag mit Łukasz und Škoda war schön und lang.",
            "We took the tram from Łódź to Žižkov, then a bus to Győr.",
            "Il a rencontré Søren Kierkegård à Århus, puis Ångström à Malmö.",
            "Ze kochten pączki in Kraków en ćevapi in Čačak voor de reis.",
        ] {
            assert_eq!(repair(text).text(), text);
        }
    }

    #[test]
    fn words_that_are_no_language_s_stay() {
        // Each one is foreign to the text around, and there are more of them than there are looks.
        let letters = |number: usize| char::from(b'a' + (number % 26) as u8);
        let word =
            |n: usize| format!("{}{}ł{}{}a", letters(n), letters(n / 26), letters(n / 7), letters(n / 91));
        let text: String = (0..4000).map(|n| format!("the house by the sea {} ", word(n))).collect();
        assert_eq!(repair(&text).text(), text);
    }

    #[test]
    fn letters_have_users() {
        let used = |c: char, tag: &str| {
            let model = language::Model::named(tag).expect("a model");
            users(c).expect("a letter").has(model)
        };
        assert!(used('ł', "pl") && !used('ł', "it") && used('ù', "it") && used('ế', "vi"));
        assert!(users('×').is_none() && users('я').is_none() && users('a').is_none());
    }

    #[test]
    fn a_word_is_what_stands_around_a_letter() {
        assert_eq!(word("di pił, ma", 5..7), Some("pił"));
        assert_eq!(word("ł", 0..2), Some("ł"));
        assert_eq!(word("—ł", 3..5), Some("ł"));
    }

    #[test]
    fn a_text_without_spaces_is_no_word() {
        // To look at all of it once for each letter took minutes.
        let text = format!("La capra campa, e sotto la panca la capra crepa. {}", "mañana".repeat(60_000));
        assert_eq!(repair(&text).text(), text);
        for at in [text.find('ñ'), text.rfind('ñ')].map(|at| at.expect("a letter")) {
            assert_eq!(word(&text, at..at + 2), None);
        }
        assert_eq!(word(&"ñ".repeat(LONGEST), 2..4).map(|word| word.chars().count()), Some(LONGEST));
    }
}
