//! Johab: Korean, where each syllable is spelled by the numbers of its three letters (KS X 1001, annex 3).

use super::pairs::Family;
use super::reader::Bytes;

/// Numbers of the initial letters, from ㄱ on.
const INITIALS: std::ops::RangeInclusive<u16> = 2..=20;
/// The vowels stand in four groups.
const VOWELS: [std::ops::RangeInclusive<u16>; 4] = [3..=7, 10..=15, 18..=23, 26..=29];
/// The final letters stand in two groups.
const FINALS: [std::ops::RangeInclusive<u16>; 2] = [2..=17, 19..=29];
/// Number of a place that is empty: initials and finals, vowels.
const EMPTY: u16 = 1;
const NO_VOWEL: u16 = 2;
/// First syllable of Unicode, and how many begin with one letter and have one vowel.
const FIRST: u32 = 0xac00;
const PER_INITIAL: u32 = 21 * 28;
const PER_VOWEL: u32 = 28;
/// Letters that stand alone, as initials and as finals, in the order of their numbers.
const ALONE_INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const ALONE_FINALS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
const FIRST_VOWEL: u32 = 0x314f;

/// Whether a byte begins a pair.
#[inline]
pub(super) fn is_lead(byte: u8) -> bool {
    matches!(byte, 0x84..=0xd3 | 0xd9..=0xde | 0xe0..=0xf9)
}

/// The character of a pair.
pub(super) fn pair(lead: u8, trail: u8) -> Option<char> {
    match lead {
        0x84..=0xd3 if matches!(trail, 0x41..=0x7e | 0x81..=0xfe) => {
            syllable(u16::from_be_bytes([lead, trail]))
        }
        0xd9..=0xde | 0xe0..=0xf9 => shared(lead, trail),
        _ => None,
    }
}

/// The pair of a character.
pub(super) fn bytes_of(c: char) -> Option<Bytes> {
    let scalar = c as u32;
    if (FIRST..FIRST + 19 * PER_INITIAL).contains(&scalar) {
        let at = scalar - FIRST;
        let initial = 2 + (at / PER_INITIAL) as u16;
        let vowel = nth(&VOWELS, (at % PER_INITIAL / PER_VOWEL) as u16)?;
        let last = match at % PER_VOWEL {
            0 => EMPTY,
            last => nth(&FINALS, last as u16 - 1)?,
        };
        return Some(Bytes::of(&(0x8000 | initial << 10 | vowel << 5 | last).to_be_bytes()));
    }
    let letter = |letters: &str| letters.chars().position(|letter| letter == c).map(|at| at as u16);
    let code = if let Some(at) = letter(ALONE_INITIALS) {
        (at + 2) << 10 | NO_VOWEL << 5 | EMPTY
    } else if let Some(at) = letter(ALONE_FINALS) {
        EMPTY << 10 | NO_VOWEL << 5 | nth(&FINALS, at)?
    } else if (FIRST_VOWEL..FIRST_VOWEL + PER_INITIAL / PER_VOWEL).contains(&scalar) {
        EMPTY << 10 | nth(&VOWELS, (scalar - FIRST_VOWEL) as u16)? << 5 | EMPTY
    } else {
        return shared_bytes_of(c);
    };
    Some(Bytes::of(&(0x8000 | code).to_be_bytes()))
}

/// The pair of a sign or a Han character.
fn shared_bytes_of(c: char) -> Option<Bytes> {
    let &[lead @ 0xa1..=0xfe, trail @ 0xa1..=0xfe] = Family::EucKr.bytes_of(c)?.as_slice() else {
        return None;
    };
    let (row, column) = (lead - 0xa1, trail - 0xa1);
    let (first, row) = if row < 0x29 { (0xd9, row) } else { (0xe0, row - 0x29) };
    let column = row % 2 * 94 + column;
    let pair = [first + row / 2, column + if column < 78 { 0x31 } else { 0x43 }];
    (self::pair(pair[0], pair[1]) == Some(c)).then(|| Bytes::of(&pair))
}

fn syllable(code: u16) -> Option<char> {
    let (initial, vowel, last) = (code >> 10 & 31, code >> 5 & 31, code & 31);
    match (initial, vowel, last) {
        (EMPTY, NO_VOWEL, EMPTY) => None,
        (EMPTY, NO_VOWEL, _) => ALONE_FINALS.chars().nth(usize::from(place(&FINALS, last)?)),
        (EMPTY, _, EMPTY) => char::from_u32(FIRST_VOWEL + u32::from(place(&VOWELS, vowel)?)),
        (_, NO_VOWEL, EMPTY) => ALONE_INITIALS.chars().nth(usize::from(initial.checked_sub(2)?)),
        _ if !INITIALS.contains(&initial) => None,
        _ => {
            let last = if last == EMPTY { 0 } else { 1 + u32::from(place(&FINALS, last)?) };
            let vowel = u32::from(place(&VOWELS, vowel)?);
            char::from_u32(FIRST + u32::from(initial - 2) * PER_INITIAL + vowel * PER_VOWEL + last)
        }
    }
}

/// The signs and Han characters, which KS X 1001 has in two pairs of rows for one lead byte.
fn shared(lead: u8, trail: u8) -> Option<char> {
    let column = match trail {
        0x31..=0x7e => trail - 0x31,
        0x91..=0xfe => trail - 0x43,
        _ => return None,
    };
    // The letters alone are spelled as syllables are.
    if lead == 0xda && (0xa1..=0xd3).contains(&trail) {
        return None;
    }
    let row = if lead < 0xe0 { 2 * (lead - 0xd9) } else { 2 * (lead - 0xe0) + 0x29 } + column / 94;
    Family::EucKr.pair(0xa1 + row, 0xa1 + column % 94)
}

/// The place of a number among those of some groups.
fn place(groups: &[std::ops::RangeInclusive<u16>], number: u16) -> Option<u16> {
    let mut before = 0;
    for group in groups {
        if group.contains(&number) {
            return Some(before + number - group.start());
        }
        before += group.end() - group.start() + 1;
    }
    None
}

/// The number at a place.
fn nth(groups: &[std::ops::RangeInclusive<u16>], place: u16) -> Option<u16> {
    groups.iter().cloned().flatten().nth(usize::from(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_spelled_by_their_letters() {
        assert_eq!(pair(0x88, 0x61), Some('가'));
        assert_eq!(pair(0xd0, 0x65), Some('한'));
        assert_eq!(pair(0xe0, 0x31), Some('伽'));
        assert_eq!(pair(0xd9, 0x31), Some('\u{3000}'));
        assert_eq!(pair(0x88, 0x41), Some('ㄱ'));
        for c in ('가'..='힣').chain(['、', '伽', 'ㄳ', 'ㅏ']) {
            let bytes = bytes_of(c).unwrap();
            let [lead, trail] = bytes.as_slice() else { panic!("{c}") };
            assert!(is_lead(*lead));
            assert_eq!(pair(*lead, *trail), Some(c));
        }
    }
}
