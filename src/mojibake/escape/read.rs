//! Reads one escape at one place.

use html_escape::NAMED_ENTITIES;

use crate::encoding::Reader;

/// How often an escape may be escaped again (`&amp;amp;Atilde;`, `%2525C3`, `\\\\u00c3`).
const DEEPEST: usize = 3;
/// Letters of the longest name in HTML, `CounterClockwiseContourIntegral`.
const LONGEST_NAME: usize = 31;
/// Letters of the longest name that may lack its semicolon: they fit in a word, which makes the search fast.
const LONGEST_BARE_NAME: usize = 6;
/// Digits of a numeric reference, zeros in front included; 7 are enough for every character.
const DIGITS: usize = 8;

/// Escapes that occur together, by the byte that begins them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// `&Atilde;`, `&#195;`, `&#xC3;`
    Entity,
    /// `\u00c3`, `\u{c3}`, `\U000000c3`, `\xc3`, `\303`
    Backslash,
    /// `%C3`, `%u00C3`
    Percent,
    /// `=C3`
    Quoted,
}

/// An escape in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) becomes: Option<char>,
    pub(super) meaning: Meaning,
}

/// What an escape tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Character,
    Byte,
    /// A reference by a number from 128 to 159: in HTML a character of windows-1252, elsewhere this control character.
    Number(char),
}

/// What stands at a place.
pub(super) struct Token {
    pub(super) mark: Option<Mark>,
    /// How often the escape is escaped itself.
    pub(super) level: usize,
    /// Where to go on if the escape is not wanted.
    pub(super) next: usize,
}

impl Family {
    pub(super) fn of(trigger: u8) -> Option<Self> {
        match trigger {
            b'&' => Some(Self::Entity),
            b'\\' => Some(Self::Backslash),
            b'%' => Some(Self::Percent),
            b'=' => Some(Self::Quoted),
            _ => None,
        }
    }

    pub(super) fn trigger(self) -> u8 {
        match self {
            Self::Entity => b'&',
            Self::Backslash => b'\\',
            Self::Percent => b'%',
            Self::Quoted => b'=',
        }
    }

    /// Whether there are programs that escape letters, digits and spaces too, and nothing rests on it.
    pub(super) fn escapes_letters(self) -> bool {
        matches!(self, Self::Entity | Self::Backslash)
    }
}

impl Mark {
    /// Whether this is a character from U+0080 on.
    pub(super) fn is_high(&self) -> bool {
        self.becomes.is_some_and(|c| !c.is_ascii())
    }
}

/// The first escape of a run, whose family and level it tells.
pub(super) fn first(bytes: &[u8], at: usize) -> Token {
    match bytes.get(at) {
        Some(b'&') => entity(bytes, at),
        Some(b'\\') => backslash(bytes, at, None, || false),
        Some(b'%') => percent(bytes, at, None),
        Some(b'=') => token(quoted(bytes, at), 0, at + 1),
        _ => token(None, 0, at + 1),
    }
}

/// A further escape of a run. `owes` tells whether the bytes directly before want another one; it is asked only where
/// that decides, because the answer takes a look at all of them.
pub(super) fn further(
    bytes: &[u8],
    at: usize,
    family: Family,
    level: usize,
    owes: impl Fn() -> bool,
) -> Token {
    match family {
        Family::Entity => entity(bytes, at),
        Family::Backslash => backslash(bytes, at, Some(level), owes),
        Family::Percent => percent(bytes, at, Some(level)),
        Family::Quoted => token(quoted(bytes, at).or_else(|| soft_break(bytes, at, owes)), 0, at + 1),
    }
}

fn token(mark: Option<Mark>, level: usize, next: usize) -> Token {
    Token { mark, level, next }
}

fn entity(bytes: &[u8], at: usize) -> Token {
    let mut from = at + 1;
    if !bytes.get(from).is_some_and(|&byte| byte == b'#' || byte.is_ascii_alphabetic()) {
        return token(None, 0, from);
    }
    for _ in 0..DEEPEST {
        if !matches!(bytes.get(from), Some(b'a' | b'#')) {
            break;
        }
        let rest = &bytes[from..];
        let escaped = ["amp;", "#38;", "#x26;"].iter().find(|escaped| rest.starts_with(escaped.as_bytes()));
        from += escaped.map_or(0, |escaped| escaped.len());
    }
    let mark = match bytes.get(from) {
        Some(b'#') => numeric(bytes, at, from),
        _ => named(bytes, from).map(|(end, c)| mark(at, end, c, Meaning::Character)),
    };
    token(mark, 0, at + 1)
}

/// A name, with what the HTML standard allows in text: the oldest names need no semicolon.
fn named(bytes: &[u8], at: usize) -> Option<(usize, char)> {
    let rest = &bytes[at..];
    let letters = rest.iter().take(LONGEST_NAME + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let (name, next) = (&rest[..letters], rest.get(letters));
    let bare = bare_name(name);
    if next == Some(&b';') {
        let whole =
            bare.filter(|&(length, _)| length == letters).map(|(_, c)| c).or_else(|| whole_name(name));
        if let Some(c) = whole {
            return Some((at + letters + 1, c));
        }
    }
    // `?a=1&copy=2` and `&region=3` are parameters of a query.
    bare.filter(|_| next != Some(&b'=')).map(|(length, c)| (at + length, c))
}

/// The character of a name that has its semicolon. Some names stand for two characters: no wrong reader makes these.
fn whole_name(name: &[u8]) -> Option<char> {
    if matches!(name, b"amp" | b"lt" | b"gt" | b"quot" | b"apos") {
        // The most frequent ones need no search.
        return None;
    }
    let found = NAMED_ENTITIES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    let mut chars = NAMED_ENTITIES[found].1.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// The names of U+00A0 to U+00FF, in this order. Source: HTML 4.01, 24.2.1 (entity set HTMLlat1).
const LATIN_1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo",
    "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot",
    "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",
    "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute",
    "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash",
    "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde",
    "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc",
    "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave",
    "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

/// A name in a word, first letter highest, and its character.
#[derive(Clone, Copy)]
struct BareName {
    word: u64,
    length: u8,
    becomes: u8,
}

/// The names that need no semicolon and stand for no ASCII, sorted.
const BARE_NAMES: [BareName; 98] = bare_names();

const fn bare_names() -> [BareName; 98] {
    let mut names = [BareName { word: 0, length: 0, becomes: 0 }; 98];
    let mut count = 0;
    while count < names.len() {
        // HTML 5 has two more of them, in capitals.
        let (name, becomes) = match count {
            96 => ("COPY", 0xa9),
            97 => ("REG", 0xae),
            _ => (LATIN_1[count], 0xa0 + count as u8),
        };
        let new = BareName { word: word(name.as_bytes()), length: name.len() as u8, becomes };
        let mut place = count;
        while place > 0 && names[place - 1].word > new.word {
            names[place] = names[place - 1];
            place -= 1;
        }
        names[place] = new;
        count += 1;
    }
    names
}

/// The first letters of a name in a word.
const fn word(name: &[u8]) -> u64 {
    let length = if name.len() < LONGEST_BARE_NAME { name.len() } else { LONGEST_BARE_NAME };
    let mut word = [0; 8];
    word.split_at_mut(length).0.copy_from_slice(name.split_at(length).0);
    u64::from_be_bytes(word)
}

/// The name without semicolon that `letters` begin with. None of these names begins another one, so there is one at
/// most, and it is the last that sorts before the letters.
fn bare_name(letters: &[u8]) -> Option<(usize, char)> {
    let word = word(letters);
    let after = BARE_NAMES.partition_point(|name| name.word <= word);
    let name = BARE_NAMES[after.checked_sub(1)?];
    let length = usize::from(name.length);
    (word >> (64 - 8 * length) == name.word >> (64 - 8 * length)).then(|| (length, char::from(name.becomes)))
}

/// `#195;` or `#xC3;` at `from`; also the two halves of a pair, as they come from programs that count in UTF-16.
fn numeric(bytes: &[u8], at: usize, from: usize) -> Option<Mark> {
    let (end, number) = number(bytes, from)?;
    match number {
        0x80..=0x9f => {
            let byte = number as u8;
            let meaning = Meaning::Number(char::from(byte));
            Some(mark(
                at,
                end,
                Reader::WINDOWS_1252.next_char(&[byte]).map_or(char::from(byte), |(c, _)| c),
                meaning,
            ))
        }
        0xd800..=0xdbff if bytes[end..].starts_with(b"&#") => {
            let (end, low) = self::number(bytes, end + 1)?;
            Some(mark(at, end, pair(number, low)?, Meaning::Character))
        }
        _ => char::from_u32(number).filter(|&c| c != '\0').map(|c| mark(at, end, c, Meaning::Character)),
    }
}

fn number(bytes: &[u8], from: usize) -> Option<(usize, u32)> {
    let (radix, start) = match bytes.get(from + 1)? {
        b'x' | b'X' => (16, from + 2),
        _ => (10, from + 1),
    };
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let digits = bytes[start..].iter().take(DIGITS + 1).take_while(is_digit).count();
    if digits == 0 || digits > DIGITS {
        return None;
    }
    let end = start + digits;
    let number = bytes[start..end].iter().try_fold(0_u32, |sum, &byte| {
        sum.checked_mul(radix)?.checked_add(char::from(byte).to_digit(radix)?)
    })?;
    Some((end + usize::from(bytes.get(end) == Some(&b';')), number))
}

/// A group of backslashes is read at once. At level `l`, `l` backslashes stand for one that escapes, and twice as many
/// for one that is meant.
fn backslash(bytes: &[u8], at: usize, level: Option<usize>, owes: impl Fn() -> bool) -> Token {
    let count = bytes[at..].iter().take_while(|&&byte| byte == b'\\').count();
    let body = at + count;
    let level = level.unwrap_or(1 << count.trailing_zeros().min(DEEPEST as u32 + 1));
    if count >= 2 * level && owes() {
        return token(Some(mark(at, at + 2 * level, '\\', Meaning::Byte)), level, body);
    }
    let is_one = level <= 1 << DEEPEST && count % (2 * level) == level;
    let mark = if is_one { backslash_body(bytes, body, level) } else { None };
    token(mark.map(|mark| Mark { start: body - level, ..mark }), level, body)
}

fn backslash_body(bytes: &[u8], body: usize, level: usize) -> Option<Mark> {
    let character = |end, number| char::from_u32(number).map(|c| mark(body, end, c, Meaning::Character));
    match bytes.get(body)? {
        b'x' => Some(byte_mark(body, body + 3, hex(bytes, body + 1, 2)?)),
        b'0'..=b'3' => {
            let digits = bytes.get(body..body + 3)?;
            let value = digits.iter().try_fold(0_u32, |sum, digit| match digit {
                b'0'..=b'7' => Some(sum * 8 + u32::from(digit - b'0')),
                _ => None,
            })?;
            Some(byte_mark(body, body + 3, value))
        }
        b'U' => character(body + 9, hex(bytes, body + 1, 8)?),
        b'u' if bytes.get(body + 1) == Some(&b'{') => {
            let length = bytes[body + 2..].iter().take(7).position(|&byte| byte == b'}')?;
            character(body + length + 3, hex(bytes, body + 2, length)?)
        }
        b'u' => {
            let prefix =
                |at: usize| bytes[at..].iter().take(level).all(|&byte| byte == b'\\').then_some(at + level);
            let (end, number) = unit_or_pair(bytes, body, prefix)?;
            character(end, number)
        }
        _ => None,
    }
}

/// `u` and four digits at `at`; where they are the first half of a pair, the second half follows behind `prefix`.
fn unit_or_pair(bytes: &[u8], at: usize, prefix: impl Fn(usize) -> Option<usize>) -> Option<(usize, u32)> {
    let high = hex(bytes, at + 1, 4)?;
    if !(0xd800..=0xdbff).contains(&high) {
        return Some((at + 5, high));
    }
    let second = prefix(at + 5)?;
    if bytes.get(second) != Some(&b'u') {
        return None;
    }
    Some((second + 5, u32::from(pair(high, hex(bytes, second + 1, 4)?)?)))
}

fn percent(bytes: &[u8], at: usize, level: Option<usize>) -> Token {
    if !bytes.get(at + 1).is_some_and(|&byte| byte == b'u' || byte.is_ascii_hexdigit()) {
        return token(None, 0, at + 1);
    }
    let deepest = bytes[at + 1..].chunks_exact(2).take(DEEPEST).take_while(|chunk| *chunk == b"25").count();
    let found = (0..=deepest)
        .rev()
        .filter(|&this| level.is_none_or(|level| level == this))
        .find_map(|this| Some((this, percent_body(bytes, at, this)?)));
    match found {
        Some((level, mark)) => token(Some(mark), level, at + 1),
        None => token(None, 0, at + 1),
    }
}

fn percent_body(bytes: &[u8], at: usize, level: usize) -> Option<Mark> {
    let body = at + 1 + 2 * level;
    if bytes.get(body) != Some(&b'u') {
        return Some(byte_mark(at, body + 2, hex(bytes, body, 2)?));
    }
    let prefix = |from: usize| {
        let (first, escaped) = bytes.get(from..from + 1 + 2 * level)?.split_first()?;
        (*first == b'%' && escaped.chunks(2).all(|chunk| chunk == b"25")).then_some(from + 1 + 2 * level)
    };
    let (end, number) = unit_or_pair(bytes, body, prefix)?;
    char::from_u32(number).map(|c| mark(at, end, c, Meaning::Character))
}

/// `=C3`, in capitals as RFC 2045 wants it: `x=de` is no rare sight elsewhere.
fn quoted(bytes: &[u8], at: usize) -> Option<Mark> {
    let is_capital = |byte: &u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
    let digits = bytes.get(at + 1..at + 3)?;
    digits.iter().all(is_capital).then_some(())?;
    Some(byte_mark(at, at + 3, hex(bytes, at + 1, 2)?))
}

/// The line break that quoted-printable puts between two bytes of one character, and that means nothing.
fn soft_break(bytes: &[u8], at: usize, owes: impl Fn() -> bool) -> Option<Mark> {
    let rest = bytes.get(at + 1..)?;
    let end = at + 1 + if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
    if end == at + 1 {
        return None;
    }
    let goes_on = quoted(bytes, end).is_some_and(|mark| mark.is_high()) || owes();
    goes_on.then_some(Mark { start: at, end, becomes: None, meaning: Meaning::Character })
}

fn mark(start: usize, end: usize, c: char, meaning: Meaning) -> Mark {
    Mark { start, end, becomes: Some(c), meaning }
}

/// A byte as the character of its number.
fn byte_mark(start: usize, end: usize, value: u32) -> Mark {
    mark(start, end, char::from(value as u8), Meaning::Byte)
}

fn hex(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let digits = bytes.get(at..at + length).filter(|digits| !digits.is_empty())?;
    digits
        .iter()
        .try_fold(0_u32, |sum, &byte| sum.checked_mul(16)?.checked_add(char::from(byte).to_digit(16)?))
}

fn pair(high: u32, low: u32) -> Option<char> {
    let low = low.checked_sub(0xdc00).filter(|&low| low < 0x400)?;
    char::from_u32(0x10000 + ((high - 0xd800) << 10) + low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_names_agree_with_the_table_of_html() {
        for (name, c) in LATIN_1.iter().zip('\u{a0}'..='\u{ff}').chain([(&"COPY", '©'), (&"REG", '®')]) {
            assert_eq!(whole_name(name.as_bytes()), Some(c), "{name}");
            assert_eq!(bare_name(name.as_bytes()), Some((name.len(), c)), "{name}");
            let longer = format!("{name}zzzzzzz");
            assert_eq!(bare_name(longer.as_bytes()), Some((name.len(), c)), "{longer}");
        }
    }

    #[test]
    fn no_old_name_begins_another_and_each_fits_in_a_word() {
        assert!(BARE_NAMES.windows(2).all(|pair| pair[0].word < pair[1].word));
        for (at, name) in LATIN_1.iter().enumerate() {
            assert!(name.len() <= LONGEST_BARE_NAME, "{name}");
            assert!(
                LATIN_1.iter().enumerate().all(|(other, n)| at == other || !n.starts_with(name)),
                "{name}"
            );
        }
    }

    #[test]
    fn every_name_of_one_character_is_known() {
        assert!(NAMED_ENTITIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(NAMED_ENTITIES.iter().map(|(name, _)| name.len()).max(), Some(LONGEST_NAME));
        for (name, meaning) in &NAMED_ENTITIES {
            let single = meaning.parse::<char>().ok();
            let text = [name, &b";"[..]].concat();
            let read = named(&text, 0).filter(|&(end, _)| end == text.len()).map(|(_, c)| c);
            let is_markup = matches!(*name, b"amp" | b"lt" | b"gt" | b"quot" | b"apos");
            assert_eq!(read, single.filter(|_| !is_markup), "{}", name.escape_ascii());
        }
    }
}
