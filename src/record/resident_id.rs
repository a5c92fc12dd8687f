//! Resident identity numbers of GB 11643: told apart from codes of organisations, and masked.

/// Characters of a number.
const NUMBER: usize = 18;
/// Weights of the first 17 digits, 2^(17 − i) mod 11.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";

/// Whether the 18 characters are a resident identity number: a date of birth and a check character that holds.
pub fn is_valid(number: &str) -> bool {
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    is_date(&number[6..14]) && CHECK_CHARACTERS[(sum % 11) as usize] == bytes[17].to_ascii_uppercase()
}

fn is_date(digits: &str) -> bool {
    let number = |range: std::ops::Range<usize>| digits[range].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(0..4), number(4..6), number(6..8));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1850..2100).contains(&year) && (1..=days).contains(&day)
}

/// The text with the date of birth in each resident identity number replaced by asterisks; the length in bytes may
/// change, the number of characters does not.
pub fn mask(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut masked = characters.clone();
    let mut digits: Vec<(usize, char)> = Vec::new();
    for at in 0..=characters.len() {
        let folded = characters.get(at).and_then(|&character| fold(character));
        match folded {
            Some(Folded::Part(part)) => digits.push((at, part)),
            Some(Folded::Space) if !digits.is_empty() => {}
            _ => {
                mask_run(&digits, &mut masked);
                digits.clear();
            }
        }
    }
    masked.into_iter().collect()
}

enum Folded {
    Part(char),
    Space,
}

/// Digits and X, also full-width ones; white space does not end a number.
fn fold(character: char) -> Option<Folded> {
    match character {
        '0'..='9' | 'X' | 'x' => Some(Folded::Part(character.to_ascii_uppercase())),
        '０'..='９' => char::from_digit(character as u32 - '０' as u32, 10).map(Folded::Part),
        'Ｘ' | 'ｘ' => Some(Folded::Part('X')),
        _ => character.is_whitespace().then_some(Folded::Space),
    }
}

/// Masks the run if it is one number, written together or in groups, or else what of each group is one: with more
/// digits before or after it, it is a number still.
fn mask_run(digits: &[(usize, char)], masked: &mut [char]) {
    if mask_number(digits, masked) {
        return;
    }
    for group in digits.chunk_by(|left, right| right.0 == left.0 + 1) {
        for part in group.windows(NUMBER) {
            mask_number(part, masked);
        }
    }
}

fn mask_number(digits: &[(usize, char)], masked: &mut [char]) -> bool {
    let is_number =
        digits.len() == NUMBER && is_valid(&digits.iter().map(|&(_, digit)| digit).collect::<String>());
    if is_number {
        for &(place, _) in &digits[6..14] {
            masked[place] = '*';
        }
    }
    is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_example() {
        assert!(is_valid("11010519491231002X") && is_valid("11010519491231002x"));
        assert!(!is_valid("110105194912310021"));
        assert!(!is_valid("11010519491331002X"));
        assert!(!is_valid("12430922MB1B928835"));
    }

    #[test]
    fn a_number_with_digits_beside_it_is_masked() {
        assert_eq!(mask("0911010519491231002X"), "09110105********002X");
        assert_eq!(mask("11010519491231002X1"), "110105********002X1");
    }

    #[test]
    fn numbers_in_sentences_are_masked() {
        assert_eq!(mask("身份证号11010519491231002X。"), "身份证号110105********002X。");
        assert_eq!(mask("１１０１０５ 19491231 002X"), "１１０１０５ ******** 002X");
        assert_eq!(mask("统一 123456789012345678"), "统一 123456789012345678");
    }
}
