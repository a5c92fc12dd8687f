//! The bytes of an RTF as tokens. Only what delimits is looked at: text stays bytes, also those written in hex.

/// Control words that are longer are cut; the specification allows 32 letters.
const LONGEST_WORD: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\par`, `\u8217`
    Word { name: &'a [u8], number: Option<i32> },
    /// `\~`: a control symbol other than those below.
    Symbol(u8),
    /// `\'e9`, and the escaped `\\`, `\{` and `\}`: one byte of text.
    Byte(u8),
    /// Bytes of text as they stand there.
    Text(&'a [u8]),
    /// What follows `\bin`.
    Binary(&'a [u8]),
}

/// How the second byte of a character stands in the file, where it is one of `\`, `{` and `}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trails {
    /// Escaped, as the specification has it.
    Escaped,
    /// As it is: what programs write that know nothing of double bytes.
    Raw,
}

/// Where in the file the reading is.
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
    trails: Trails,
    /// Whether a raw byte that begins a character was followed by what can only be its second byte.
    pub(super) saw_raw_trail: bool,
    /// `\bin` with more bytes than there are.
    pub(super) saw_long_binary: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8], trails: Trails) -> Self {
        Self { bytes, at: 0, trails, saw_raw_trail: false, saw_long_binary: false }
    }

    /// Where the next token begins, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// The next token. `is_lead` tells which bytes of text begin a character of two, by what is said of their encoding.
    pub(super) fn next(&mut self, is_lead: fn(u8) -> bool) -> Option<Token<'a>> {
        // Line ends are no text.
        self.at += self.rest().iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let rest = self.rest();
        let (token, length) = match rest.first()? {
            b'{' => (Token::Open, 1),
            b'}' => (Token::Close, 1),
            b'\\' => self.control(rest),
            _ => {
                let length = self.text_length(rest, is_lead);
                (Token::Text(&rest[..length]), length)
            }
        };
        self.at += length;
        Some(token)
    }

    fn text_length(&mut self, rest: &[u8], is_lead: fn(u8) -> bool) -> usize {
        let mut at = 0;
        while let Some(&byte) = rest.get(at) {
            if matches!(byte, b'\\' | b'{' | b'}' | b'\r' | b'\n') {
                break;
            }
            at += 1;
            if byte.is_ascii() || !is_lead(byte) {
                continue;
            }
            match rest.get(at) {
                Some(b'{' | b'}' | b'\\') => {
                    let is_odd = is_no_control(&rest[at..]);
                    self.saw_raw_trail |= is_odd;
                    at += usize::from(is_odd || self.trails == Trails::Raw);
                }
                Some(b'\r' | b'\n') | None => {}
                Some(_) => at += 1,
            }
        }
        at
    }

    fn control(&mut self, rest: &'a [u8]) -> (Token<'a>, usize) {
        match rest.get(1) {
            None => (Token::Text(&rest[..0]), 1),
            Some(b'\'') => match rest.get(2..4).and_then(byte_of_hex) {
                Some(byte) => (Token::Byte(byte), 4),
                None => (Token::Symbol(b'\''), 2),
            },
            Some(&(b'\\' | b'{' | b'}')) => (Token::Byte(rest[1]), 2),
            Some(letter) if letter.is_ascii_alphabetic() => self.word(rest),
            Some(symbol) if !symbol.is_ascii() => (Token::Byte(b'\\'), 1),
            Some(&symbol) => (Token::Symbol(symbol), 2),
        }
    }

    /// A control word with its number and the one space that ends it; with its bytes, if it is `\bin`.
    fn word(&mut self, rest: &'a [u8]) -> (Token<'a>, usize) {
        let letters = rest[1..].iter().take_while(|b| b.is_ascii_alphabetic()).take(LONGEST_WORD).count();
        let name = &rest[1..=letters];
        let mut end = 1 + letters;
        let is_negative = rest.get(end) == Some(&b'-') && rest.get(end + 1).is_some_and(u8::is_ascii_digit);
        let digits_at = end + usize::from(is_negative);
        let digits = rest[digits_at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let number = (digits > 0).then(|| {
            let value = rest[digits_at..digits_at + digits]
                .iter()
                .fold(0_i32, |value, digit| value.saturating_mul(10).saturating_add(i32::from(digit - b'0')));
            if is_negative { -value } else { value }
        });
        if digits > 0 {
            end = digits_at + digits;
        }
        end += usize::from(rest.get(end) == Some(&b' '));
        if name == b"bin" {
            let length = number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
            let binary = rest.get(end..).and_then(|rest| rest.get(..length));
            self.saw_long_binary |= binary.is_none();
            let binary = binary.unwrap_or_default();
            return (Token::Binary(binary), end + binary.len());
        }
        (Token::Word { name, number }, end)
    }
}

/// Whether a backslash after the first byte of a character cannot begin anything that RTF knows.
fn is_no_control(rest: &[u8]) -> bool {
    rest[0] == b'\\' && rest.get(1).is_some_and(|b| !b.is_ascii())
}

pub(super) fn byte_of_hex(digits: &[u8]) -> Option<u8> {
    let [high, low] = digits else { return None };
    Some(nibble(*high)? << 4 | nibble(*low)?)
}

pub(super) fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(bytes: &[u8], trails: Trails, is_lead: fn(u8) -> bool) -> Vec<Token<'_>> {
        let mut tokens = Tokens::new(bytes, trails);
        std::iter::from_fn(|| tokens.next(is_lead)).collect()
    }

    #[test]
    fn words_numbers_symbols_and_bytes() {
        let word = |name: &'static str, number| Token::Word { name: name.as_bytes(), number };
        let found = tokens(b"{\\b0 a\r\nb\\~\\'e9\\\\\\u-12?\\bin3 }{\\}", Trails::Escaped, |_| false);
        let expected = [
            Token::Open,
            word("b", Some(0)),
            Token::Text(b"a"),
            Token::Text(b"b"),
            Token::Symbol(b'~'),
            Token::Byte(0xE9),
            Token::Byte(b'\\'),
            word("u", Some(-12)),
            Token::Text(b"?"),
            Token::Binary(b"}{\\"),
            Token::Close,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn second_bytes_that_are_not_escaped() {
        let is_lead: fn(u8) -> bool = |byte| byte > 0x80;
        assert_eq!(tokens(b"\x83}\x83\\a", Trails::Raw, is_lead), [Token::Text(b"\x83}\x83\\a")]);
        let escaped = tokens(b"\x83}", Trails::Escaped, is_lead);
        assert_eq!(escaped, [Token::Text(b"\x83"), Token::Close]);
        // A backslash before a byte above 7F is no control, whoever wrote it.
        let odd = tokens(b"\x95\\\x82\xCC", Trails::Escaped, is_lead);
        assert_eq!(odd, [Token::Text(b"\x95\\\x82\xCC")]);
    }

    #[test]
    fn a_binary_longer_than_the_file_is_none() {
        let mut tokens = Tokens::new(b"\\bin99 a", Trails::Escaped);
        assert_eq!(tokens.next(|_| false), Some(Token::Binary(b"")));
        assert_eq!(tokens.next(|_| false), Some(Token::Text(b"a")));
        assert!(tokens.saw_long_binary);
    }
}
