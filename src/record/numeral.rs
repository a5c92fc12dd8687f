//! Numbers as they are written on forms: with separators, in full width, in Chinese numerals; kept as decimal strings.

/// A decimal number with its sign, exactly as many digits as were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    is_negative: bool,
    whole: String,
    fraction: String,
}

impl Decimal {
    /// Reads digits with an optional point; thousands separators go.
    pub(super) fn parse(digits: &str, is_negative: bool) -> Option<Decimal> {
        let digits: String = digits.chars().filter(|&it| it != ',').collect();
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !is_number(whole) || !is_number(fraction) {
            return None;
        }
        let whole = if whole.is_empty() { "0" } else { whole };
        Some(Decimal { is_negative, whole: whole.to_owned(), fraction: fraction.to_owned() })
    }

    /// Moves the point by `places`, to the right if positive. Zeros that only this makes needless go.
    pub(super) fn shifted(mut self, places: i32) -> Decimal {
        for _ in 0..places.max(0) {
            let next = if self.fraction.is_empty() { '0' } else { self.fraction.remove(0) };
            self.whole.push(next);
        }
        for _ in 0..(-places).max(0) {
            let last = self.whole.pop().unwrap_or('0');
            self.fraction.insert(0, last);
        }
        if places != 0 {
            self.whole = self.whole.trim_start_matches('0').to_owned();
            self.fraction = self.fraction.trim_end_matches('0').to_owned();
        }
        if self.whole.is_empty() {
            self.whole.push('0');
        }
        self
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.is_negative { "-" } else { "" };
        match self.fraction.as_str() {
            "" => write!(f, "{sign}{}", self.whole),
            fraction => write!(f, "{sign}{}.{fraction}", self.whole),
        }
    }
}

/// The value of a Chinese digit, everyday or financial.
fn digit(character: char) -> Option<u64> {
    Some(match character {
        '〇' | '零' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '貳' | '两' => 2,
        '三' | '叁' | '參' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// A year written digit by digit: 二〇二三.
pub(super) fn digit_by_digit(numerals: &str) -> Option<u64> {
    let mut number = 0_u64;
    for character in numerals.chars() {
        number = number.checked_mul(10)?.checked_add(digit(character)?)?;
    }
    Some(number)
}

/// A number in Chinese numerals with units, such as 壹仟贰佰捌拾; 万 and 亿 included.
pub(super) fn chinese(numerals: &str) -> Option<u64> {
    let (mut total, mut section, mut current, mut seen) = (0_u64, 0_u64, 0_u64, false);
    for character in numerals.chars() {
        seen = true;
        if let Some(value) = digit(character) {
            current = value;
            continue;
        }
        let unit: u64 = match character {
            '十' | '拾' => 10,
            '百' | '佰' => 100,
            '千' | '仟' => 1000,
            '万' | '萬' => 10_000,
            '亿' | '億' => 100_000_000,
            _ => return None,
        };
        if unit < 10_000 {
            section = section.checked_add(unit.checked_mul(current.max(1))?)?;
        } else {
            total = total.checked_add(section.checked_add(current)?)?.checked_mul(unit)?;
            section = 0;
        }
        current = 0;
    }
    seen.then_some(total.checked_add(section)?.checked_add(current)?)
}

/// Whether the character can be part of a Chinese numeral.
pub(super) fn is_numeral(character: char) -> bool {
    digit(character).is_some() || "十拾百佰千仟万萬亿億".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_move() {
        let shifted =
            |digits: &str, places| Decimal::parse(digits, false).map(|it| it.shifted(places).to_string());
        assert_eq!(shifted("200000", -4).as_deref(), Some("20"));
        assert_eq!(shifted("123.45", -4).as_deref(), Some("0.012345"));
        assert_eq!(shifted("1.2", 4).as_deref(), Some("12000"));
        assert_eq!(shifted("3,264.80", 0).as_deref(), Some("3264.80"));
        assert_eq!(shifted("1.2.3", 0), None);
    }

    #[test]
    fn numerals() {
        assert_eq!(chinese("壹仟贰佰捌拾"), Some(1280));
        assert_eq!(chinese("十二"), Some(12));
        assert_eq!(chinese("一百零五"), Some(105));
        assert_eq!(chinese("壹佰万"), Some(1_000_000));
        assert_eq!(digit_by_digit("二〇二三"), Some(2023));
    }
}
