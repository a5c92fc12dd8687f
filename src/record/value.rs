//! From the text of a cell to the value of its kind.

use unicode_normalization::UnicodeNormalization;

use super::layout::is_ideograph;
use super::numeral::{self, Decimal};
use super::resident_id;
use super::schema::Kind;
use super::uscc;

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
#[non_exhaustive]
pub enum Value {
    /// Text without the white space of the layout.
    Text(String),
    /// A year or a count.
    Number(u64),
    /// An amount of money.
    Amount {
        /// Decimal, with a minus sign where negative, without separators.
        amount: String,
        /// `万元` or `元`.
        unit: &'static str,
    },
}

impl Value {
    /// The value as one string; an amount without its unit.
    pub fn to_plain_string(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Amount { amount, .. } => amount.clone(),
        }
    }
}

/// A unit of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Yuan,
    ThousandYuan,
    WanYuan,
    MillionYuan,
    Yi,
}

impl Unit {
    /// The unit that the text names, if any.
    pub(super) fn of(text: &str) -> Option<Unit> {
        let has = |word: &str| text.contains(word);
        match () {
            () if has("亿") => Some(Unit::Yi),
            () if has("百万元") => Some(Unit::MillionYuan),
            () if has("万") || has("萬") => Some(Unit::WanYuan),
            () if has("千元") => Some(Unit::ThousandYuan),
            () if has("元") || has("圆") || has("¥") => Some(Unit::Yuan),
            () => None,
        }
    }

    /// How many digits the point moves to get 万元.
    fn places_to_wan(self) -> i32 {
        match self {
            Unit::Yuan => -4,
            Unit::ThousandYuan => -1,
            Unit::WanYuan => 0,
            Unit::MillionYuan => 2,
            Unit::Yi => 4,
        }
    }
}

/// A value, and what is odd about it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parsed {
    pub(super) value: Value,
    pub(super) oddity: Option<&'static str>,
}

/// Reads the value of a cell. None where the cell is empty.
pub(super) fn parse(kind: Kind, raw: &str, label_unit: Option<Unit>) -> Option<Parsed> {
    let text = match kind {
        Kind::LongText | Kind::Opinion => without_layout(raw, Spaces::Keep),
        _ => without_layout(raw, Spaces::Drop),
    };
    if is_blank(&text) {
        return None;
    }
    let narrow: String = text.nfkc().collect();
    let is_number = !matches!(
        kind,
        Kind::Uscc | Kind::PersonalId | Kind::Person | Kind::Text | Kind::LongText | Kind::Opinion
    );
    if is_number && resident_id::mask(&narrow) != narrow {
        return odd(narrow, "a resident identity number");
    }
    let sure = |value| Some(Parsed { value, oddity: None });
    match kind {
        Kind::Year => match year(&narrow) {
            Some(year) => sure(Value::Number(year)),
            None => odd(text, "no year is written here"),
        },
        Kind::Count => match count(&narrow) {
            Some((count, true)) => sure(Value::Number(count)),
            Some((count, false)) => {
                Some(Parsed { value: Value::Number(count), oddity: Some("more than one number") })
            }
            None => odd(text, "not a number"),
        },
        Kind::MoneyWan | Kind::Money => match money(&narrow, label_unit, kind == Kind::MoneyWan) {
            Some(value) => sure(value),
            None => odd(text, "not an amount"),
        },
        Kind::Person => person(&text).map(|name| {
            let is_mixed =
                name.contains(is_ideograph) && name.contains(|it: char| it.is_ascii_alphanumeric());
            let oddity = match is_mixed {
                true => Some("ideographs and Latin letters or digits in one name"),
                false if is_like_person(&name) => None,
                false => Some("not like a name"),
            };
            Parsed { value: Value::Text(name), oddity }
        }),
        Kind::Phone | Kind::Date | Kind::Digits | Kind::Number => sure(Value::Text(narrow)),
        Kind::PersonalId => sure(Value::Text(resident_id::mask(&narrow))),
        Kind::Uscc => sure(Value::Text(resident_id::mask(&uscc::canonical(&text)))),
        Kind::Text | Kind::LongText | Kind::Opinion | Kind::Literal => {
            sure(Value::Text(resident_id::mask(&text)))
        }
    }
}

fn odd(text: String, oddity: &'static str) -> Option<Parsed> {
    Some(Parsed { value: Value::Text(resident_id::mask(&text)), oddity: Some(oddity) })
}

#[derive(PartialEq)]
enum Spaces {
    /// Single spaces within a line belong to the text.
    Keep,
    /// Only spaces between Latin words and numbers stay.
    Drop,
}

/// The text without what lays it out: line ends, TABs, pipes of a table, runs of spaces, drawn blanks.
fn without_layout(raw: &str, spaces: Spaces) -> String {
    let raw = raw.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n");
    let mut text = String::with_capacity(raw.len());
    let mut gap = String::new();
    for character in raw.chars() {
        let is_layout = character.is_whitespace()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\0'..='\u{8}');
        if is_layout {
            gap.push(character);
            continue;
        }
        let is_word = |it: char| it.is_ascii_alphanumeric();
        let between_words = is_word(character) && text.chars().next_back().is_some_and(is_word);
        let is_single = gap == " " || gap == "\u{a0}";
        let broken = gap.contains(['\n', '\r', '\t']);
        let is_digit_break =
            broken && character.is_ascii_digit() && text.ends_with(|it: char| it.is_ascii_digit());
        let keeps = match spaces {
            Spaces::Keep => is_single || (between_words && !gap.is_empty() && !is_digit_break),
            Spaces::Drop => between_words && !gap.is_empty() && is_latin_gap(&text, character),
        };
        if keeps && !text.is_empty() {
            text.push(' ');
        }
        gap.clear();
        text.push(character);
    }
    text
}

/// A space between two letters parts words; one beside a digit is layout.
fn is_latin_gap(before: &str, after: char) -> bool {
    after.is_ascii_alphabetic() && before.ends_with(|it: char| it.is_ascii_alphabetic())
}

/// Underscores and dashes that stand for nothing filled in.
fn is_blank(text: &str) -> bool {
    text.chars().all(|it| matches!(it, '_' | '＿' | '-' | '—' | '－' | '…' | '|' | '│' | ':' | '：'))
}

/// The first four digits that are a year, in figures or numerals.
pub(super) fn year(text: &str) -> Option<u64> {
    let characters: Vec<char> = text.chars().collect();
    for window in characters.windows(4) {
        let digits: String = window.iter().collect();
        let number = digits.parse().ok().or_else(|| numeral::digit_by_digit(&digits));
        if let Some(year) = number.filter(|year| (1949..2100).contains(year)) {
            return Some(year);
        }
    }
    None
}

/// The first number, and whether it is the only one.
fn count(text: &str) -> Option<(u64, bool)> {
    let mut numbers =
        text.split(|it: char| !it.is_ascii_digit() && it != ',').filter(|part| !part.is_empty());
    if let Some(first) = numbers.next() {
        let number = first.replace(',', "").parse().ok()?;
        return Some((number, numbers.next().is_none()));
    }
    let numerals: String = text.chars().filter(|&it| numeral::is_numeral(it)).collect();
    Some((numeral::chinese(&numerals).filter(|_| !numerals.is_empty())?, true))
}

/// An amount. What names no unit has the label's, or 万元 where the form says so, or 元.
fn money(text: &str, label_unit: Option<Unit>, in_wan: bool) -> Option<Value> {
    let begin = text.find(|it: char| it.is_ascii_digit());
    let (number, around) = match begin {
        Some(begin) => {
            let length = text[begin..].find(|it: char| !it.is_ascii_digit() && it != ',' && it != '.');
            let end = length.map_or(text.len(), |length| begin + length);
            let digits = text[begin..end].trim_end_matches(['.', ',']);
            let is_negative = is_negative(&text[..begin], &text[end..]);
            (Decimal::parse(digits, is_negative)?, format!("{}{}", &text[..begin], &text[end..]))
        }
        None => in_words(text)?,
    };
    let fallback = if in_wan { Unit::WanYuan } else { Unit::Yuan };
    let unit = Unit::of(&around).or(label_unit).unwrap_or(fallback);
    if in_wan || unit != Unit::Yuan {
        return Some(Value::Amount {
            amount: number.shifted(unit.places_to_wan()).to_string(),
            unit: "万元",
        });
    }
    Some(Value::Amount { amount: number.to_string(), unit: "元" })
}

/// A sign, or parentheses around the number alone, as bookkeepers write a loss.
fn is_negative(before: &str, after: &str) -> bool {
    let signed = before.ends_with(['-', '−', '–', '负', '△', '▲']) || before.starts_with(['-', '−', '负']);
    let enclosed = before.ends_with('(') && after.starts_with(')');
    signed || enclosed
}

/// Amounts in numerals: 壹佰万元整.
fn in_words(text: &str) -> Option<(Decimal, String)> {
    let is_numeral = |it: char| numeral::is_numeral(it);
    let begin = text.find(is_numeral)?;
    let length = text[begin..].find(|it| !is_numeral(it)).unwrap_or(text.len() - begin);
    let numerals = &text[begin..begin + length];
    // The last 万 is the unit: the amount stays as it was meant.
    let (numerals, unit) = match numerals.strip_suffix(['万', '萬']) {
        Some(rest) if !rest.is_empty() => (rest, "万元"),
        _ => (numerals, "元"),
    };
    let number = numeral::chinese(numerals)?;
    let rest = &text[begin + length..];
    let unit = if unit == "元" && rest.is_empty() { "" } else { unit };
    Some((Decimal::parse(&number.to_string(), false)?, unit.to_owned()))
}

/// A name without the notes around a signature.
fn person(text: &str) -> Option<String> {
    let mut name = text.to_owned();
    for note in ["签字", "签名", "签章", "公章", "盖章", "章"] {
        for (open, close) in [("（", "）"), ("(", ")")] {
            name = name.replace(&format!("{open}{note}{close}"), "");
        }
    }
    let name = resident_id::mask(name.trim_matches([' ', '：', ':', '，', ',', '。', '、', '_']));
    let is_empty = name.is_empty() || is_blank(&name);
    (!is_empty).then_some(name)
}

/// Whether the text can be a person's name: short, letters only.
pub(super) fn is_like_person(text: &str) -> bool {
    const LONGEST: usize = 20;
    let is_part = |it: char| is_ideograph(it) || it.is_alphabetic() || matches!(it, '·' | '•' | '.' | '．');
    let text: String = text.split_whitespace().collect();
    let length = text.chars().count();
    (1..=LONGEST).contains(&length)
        && text.chars().all(is_part)
        && (length <= 5 || text.contains(['·', '•', '.']) || text.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> String {
        match parse(Kind::MoneyWan, text, None).map(|parsed| parsed.value) {
            Some(Value::Amount { amount, unit }) => format!("{amount}{unit}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn amounts() {
        assert_eq!(amount("1（万元）"), "1万元");
        assert_eq!(amount("3,264.80"), "3264.80万元");
        assert_eq!(amount("－12.30"), "-12.30万元");
        assert_eq!(amount("（12.30）"), "-12.30万元");
        assert_eq!(amount("负5万元"), "-5万元");
        assert_eq!(amount("２００，０００元"), "20万元");
        assert_eq!(amount("人民币壹仟贰佰捌拾万元整"), "1280万元");
        assert_eq!(amount("1.2亿元"), "12000万元");
        assert_eq!(amount("¥50 万元"), "50万元");
        assert_eq!(amount("0"), "0万元");
    }

    #[test]
    fn counts_and_years() {
        let number =
            |kind, text| parse(kind, text, None).map(|parsed| (parsed.value, parsed.oddity.is_some()));
        assert_eq!(number(Kind::Count, "6人"), Some((Value::Number(6), false)));
        assert_eq!(number(Kind::Count, "十二名"), Some((Value::Number(12), false)));
        assert_eq!(number(Kind::Count, "编制12人，实有10人"), Some((Value::Number(12), true)));
        assert_eq!(number(Kind::Year, "二〇二三"), Some((Value::Number(2023), false)));
        assert_eq!(number(Kind::Year, "２０２３年"), Some((Value::Number(2023), false)));
    }

    #[test]
    fn white_space_of_the_layout_goes() {
        let text = |kind, raw| parse(kind, raw, None).map(|parsed| parsed.value.to_plain_string());
        assert_eq!(text(Kind::LongText, "一、甲。 二、\n乙  丙 ").as_deref(), Some("一、甲。 二、乙丙"));
        assert_eq!(text(Kind::Text, "某 某\n小 学").as_deref(), Some("某某小学"));
        assert_eq!(text(Kind::Person, "张　三（签字）").as_deref(), Some("张三"));
        assert_eq!(text(Kind::Text, " ____ "), None);
    }
}
