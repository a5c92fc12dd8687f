//! Text that looks damaged and is not: somebody wrote it in a cipher on purpose. No channel explains it, and none should.
//!
//! Base64 and hexadecimal prove themselves, where what they hold is text. ROT13 and letters written as digits are told by
//! the language models: what they hide must be much less surprising.
//!
//! Sources: RFC 4648 (Base64, Base16).

use crate::encoding::Encoding;
use crate::language::{self, ANY, BIT, Cost, Model};

/// A way to write text that is no encoding damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cipher {
    /// Each letter of the alphabet for the one thirteen places on.
    Rot13,
    /// Base64 of UTF-8.
    Base64,
    /// Two hexadecimal digits for each byte of UTF-8.
    Hex,
    /// Digits and signs for letters that look alike: `h3ll0`.
    Leet,
}

/// A text in a cipher.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ciphered {
    /// Which.
    pub cipher: Cipher,
    /// What it says.
    pub text: String,
}

/// Characters that a text must have before it is called a cipher.
const ENOUGH: usize = 12;
/// Characters that are looked at.
const LOOKED_AT: usize = 2000;
/// Surprise that a character of what a cipher hides may have: running text has 2 to 4 bits, noise 6 and more.
const READABLE: Cost = 5 * BIT;
/// … and one that is not ASCII: valid UTF-8 of several bytes is no chance, whatever it says.
const FOREIGN: Cost = 18 * BIT;
/// How much less surprising each character of it must be than those that stand, …
const CLEARER: Cost = 2 * BIT;
/// … and where few characters were changed, all of them together.
const MUCH_CLEARER: Cost = 60 * BIT;

/// The cipher that a whole text is written in, if that is sure.
///
/// ```
/// use fixenc::mojibake::{Cipher, ciphered};
/// let found = ciphered("Gur dhvpx oebja sbk whzcf bire gur ynml qbt.").unwrap();
/// assert_eq!((found.cipher, &found.text[..]), (Cipher::Rot13, "The quick brown fox jumps over the lazy dog."));
/// assert_eq!(ciphered("A text as it should be, and no cipher at all."), None);
/// ```
pub fn ciphered(text: &str) -> Option<Ciphered> {
    let text = text.trim();
    if !text.is_ascii() || text.len() < ENOUGH {
        return None;
    }
    let bytes = hex(text).map(|bytes| (Cipher::Hex, bytes));
    if let Some((cipher, bytes)) = bytes.or_else(|| base64(text).map(|bytes| (Cipher::Base64, bytes))) {
        let text = Encoding::UTF_8.decode(&bytes)?;
        return is_readable(&text).then_some(Ciphered { cipher, text });
    }
    let stands = surprise(text);
    let all = text.len().min(LOOKED_AT) as Cost;
    let [rotated, spelled] = [text.chars().map(rot13).collect::<String>(), unleet(text)];
    let rot13 = surprise(&rotated);
    if rot13 + all * CLEARER < stands && rot13 < all * READABLE {
        return Some(Ciphered { cipher: Cipher::Rot13, text: rotated });
    }
    let leet = surprise(&spelled);
    let is_leet = leet + all * CLEARER < stands && leet + MUCH_CLEARER < stands && leet < all * READABLE;
    is_leet.then_some(Ciphered { cipher: Cipher::Leet, text: spelled })
}

/// Surprise of the beginning of a text in the language that it is most like.
fn surprise(text: &str) -> Cost {
    let beginning = &text[..text.floor_char_boundary(LOOKED_AT)];
    language::all().iter().map(|model| model.text_cost(beginning)).min().unwrap_or(Cost::MAX)
}

fn is_readable(text: &str) -> bool {
    let count = text.chars().take(LOOKED_AT).count() as Cost;
    let is_plain = !text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    let cost = |model: &Model| model.text_cost(&text[..text.floor_char_boundary(LOOKED_AT)]);
    let allowed: Cost =
        text.chars().take(LOOKED_AT).map(|c| if c.is_ascii() { READABLE } else { FOREIGN }).sum();
    is_plain && count > 0 && Model::named(ANY).is_some_and(|model| cost(model) < allowed)
}

fn rot13(c: char) -> char {
    let rotate = |c: char, first: u8| char::from(first + (c as u8 - first + 13) % 26);
    match c {
        'a'..='z' => rotate(c, b'a'),
        'A'..='Z' => rotate(c, b'A'),
        _ => c,
    }
}

/// Words that hold a letter with their digits and signs as the letters that look like them.
fn unleet(text: &str) -> String {
    let letter = |c: char| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        _ => c,
    };
    let word = |word: &str| -> String {
        if word.contains(|c: char| c.is_ascii_alphabetic()) {
            word.chars().map(letter).collect()
        } else {
            word.to_owned()
        }
    };
    text.split_inclusive(char::is_whitespace).map(word).collect()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_ascii_whitespace()).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    digits
        .len()
        .is_multiple_of(2)
        .then(|| digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect())
}

/// Whole groups of four; lines may be broken anywhere.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let padding = digits.iter().rev().take_while(|&&byte| byte == b'=').count();
    if !digits.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    unpacked(&digits[..digits.len() - padding])
}

/// The bytes of Base64 without its padding.
pub(super) fn unpacked(digits: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for group in digits.chunks(4) {
        let mut bits = 0_u32;
        for &digit in group {
            bits = bits << 6 | u32::from(digit_of(digit)?);
        }
        let count = match group.len() {
            1 => return None,
            length => length - 1,
        };
        // What is left over after whole bytes is zero.
        let spare = 6 * group.len() - 8 * count;
        if bits & ((1 << spare) - 1) != 0 {
            return None;
        }
        bytes.extend_from_slice(&(bits >> spare).to_be_bytes()[4 - count..]);
    }
    Some(bytes)
}

fn digit_of(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ciphers_are_named() {
        for (text, cipher, says) in [
            ("Gur zrrgvat vf ng avar.", Cipher::Rot13, "The meeting is at nine."),
            ("VGhlIG1lZXRpbmcgaXMgYXQgbmluZS4=", Cipher::Base64, "The meeting is at nine."),
            ("5Lya6K6u5Zyo5Lmd54K55byA5aeL", Cipher::Base64, "会议在九点开始"),
            ("546865206d656574696e6720697320617420\n6e696e652e", Cipher::Hex, "The meeting is at nine."),
            ("7h3 m3371ng 15 47 n1n3 1n 7h3 n3w h0u53", Cipher::Leet, ""),
        ] {
            let found = ciphered(text);
            let Some(found) = found else { panic!("{text}") };
            assert_eq!(found.cipher, cipher, "{text}");
            assert!(says.is_empty() || found.text == says, "{}", found.text);
        }
    }

    #[test]
    fn what_is_no_cipher_has_no_name() {
        for text in [
            "",
            "deadbeefdeadbeef",
            "d41d8cd98f00b204e9800998ecf8427e",
            "internationalisation",
            "abcdefghijkl",
            "The meeting is at 9 in room 104.",
            "iVBORw0KGgoAAAANSUhEUgAAAAUA",
            "MB1B928835 12430922",
            "for (i = 0; i < 10; i++) x[i] = y1[i];",
            "La réunion est à neuf heures.",
            "QWERTYUIOPASDF",
        ] {
            assert_eq!(ciphered(text), None, "{text}");
        }
    }
}
