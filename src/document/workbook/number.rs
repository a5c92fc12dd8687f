//! Numbers, dates and errors as a reader of the sheet sees them.

/// What a number format shows of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum NumberFormat {
    #[default]
    Number,
    Date,
    Time,
    DateAndTime,
}

/// Days from 1900-01-01, as Excel counts them, to 1904-01-01.
const DAYS_TO_1904: f64 = 1462.0;
/// The day after 9999-12-31.
const FIRST_DAY_TOO_LATE: f64 = 2_958_466.0;
const SECONDS_PER_DAY: f64 = 86_400.0;

impl NumberFormat {
    /// The format with that number, where it is one of those that every file has ([ECMA-376] part 1, 18.8.30).
    pub(crate) fn built_in(number: u32) -> Option<Self> {
        match number {
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Some(Self::Date),
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => Some(Self::Time),
            22 => Some(Self::DateAndTime),
            0..=13 | 37..=44 | 48 | 49 => Some(Self::Number),
            _ => None,
        }
    }

    /// What a format's code shows: letters outside quotes and brackets tell ([ECMA-376] part 1, 18.8.31).
    pub(crate) fn of_code(code: &[u8]) -> Self {
        let (mut is_date, mut is_time) = (false, false);
        let mut bytes = code.iter().copied();
        if code.eq_ignore_ascii_case(b"general") || code.eq_ignore_ascii_case(b"standard") {
            return Self::Number;
        }
        while let Some(byte) = bytes.next() {
            match byte.to_ascii_lowercase() {
                // The first section is what positive numbers look like.
                b';' => break,
                b'"' => drop(bytes.by_ref().find(|&b| b == b'"')),
                b'\\' | b'_' | b'*' => drop(bytes.next()),
                b'[' => {
                    let inside: Vec<u8> = bytes.by_ref().take_while(|&b| b != b']').collect();
                    // [h] is hours beyond a day; others are colours, conditions, languages.
                    is_time |= !inside.is_empty()
                        && inside.iter().all(|b| matches!(b.to_ascii_lowercase(), b'h' | b'm' | b's'));
                }
                b'y' | b'd' => is_date = true,
                b'h' | b's' => is_time = true,
                b'0' | b'#' | b'?' | b'@' if !is_time => return Self::Number,
                _ => {}
            }
        }
        // A month alone (`mmm`) is a date too.
        let has_month =
            code.iter().any(|b| b.eq_ignore_ascii_case(&b'm')) && code.iter().all(|b| is_code_of_month(*b));
        match (is_date || has_month, is_time) {
            (true, true) => Self::DateAndTime,
            (true, false) => Self::Date,
            (false, true) => Self::Time,
            (false, false) => Self::Number,
        }
    }

    /// The text of a number: dates and times as ISO 8601 writes them, whatever the order in the format.
    pub(crate) fn show(self, number: f64, is_1904: bool) -> String {
        let day = number + if is_1904 { DAYS_TO_1904 } else { 0.0 };
        if self == Self::Number || !(0.0..FIRST_DAY_TOO_LATE).contains(&day) {
            return plain(number);
        }
        // To the second, so that 0.999999 of a second is none more; then the day may be the next one.
        let seconds = (day * SECONDS_PER_DAY).round();
        let days = (seconds / SECONDS_PER_DAY).floor();
        let of_day = (seconds - days * SECONDS_PER_DAY) as u32;
        let time = format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
        match self {
            Self::Time => time,
            _ if self == Self::Date || of_day == 0 => date(days as u32),
            _ => format!("{} {time}", date(days as u32)),
        }
    }
}

fn is_code_of_month(byte: u8) -> bool {
    matches!(byte.to_ascii_lowercase(), b'm' | b' ' | b'-' | b'/' | b'.')
}

/// A day of the calendar that begins with 1900-01-01 as day 1 and has a 29 February 1900, as Lotus 1-2-3 had.
fn date(day: u32) -> String {
    match day {
        0 => return "1900-01-00".to_owned(),
        60 => return "1900-02-29".to_owned(),
        _ => {}
    }
    // Days since 1 March of the year 0, so that leap days come last in their years. The arithmetic is that of Howard
    // Hinnant's `civil_from_days`.
    let since_march = u64::from(if day < 60 { day } else { day - 1 }) + 693_900;
    let era = since_march / 146_097;
    let day_of_era = since_march % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A number with the 15 digits that a sheet shows. Unlike in a narrow cell, long numbers (of telephones, of persons)
/// keep all their digits.
pub(crate) fn plain(number: f64) -> String {
    if !number.is_finite() {
        return "#NUM!".to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{number:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    if (-9..=20).contains(&exponent) {
        let places = (14 - exponent).max(0) as usize;
        let shown = format!("{:.places$}", scientific.parse().unwrap_or(number));
        return match shown.contains('.') {
            true => shown.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => shown,
        };
    }
    format!("{mantissa}E{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// The text of an error ([MS-XLS] 2.5.10).
pub(super) fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}

/// The text of a truth value.
pub(crate) fn truth(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

/// A number in the four bytes of an RK value ([MS-XLS] 2.5.217): a whole number or the high bits of a float, either of
/// which may be a hundredth.
pub(super) fn rk(bits: u32) -> f64 {
    let value = if bits & 2 != 0 {
        f64::from(bits.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { value / 100.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_a_sheet_shows_them() {
        let shown = [1.0, -0.5, 0.1 + 0.2, 1e15, 123_456_789_012_345_680.0, 1e21, 1.5e-12, 100.0, 0.0];
        let texts: Vec<_> = shown.into_iter().map(plain).collect();
        let expected =
            ["1", "-0.5", "0.3", "1000000000000000", "123456789012346000", "1E+21", "1.5E-12", "100", "0"];
        assert_eq!(texts, expected);
        assert_eq!(plain(f64::NAN), "#NUM!");
    }

    #[test]
    fn days_are_counted_as_excel_does() {
        let date = |number| NumberFormat::Date.show(number, false);
        assert_eq!(date(1.0), "1900-01-01");
        assert_eq!(date(59.0), "1900-02-28");
        assert_eq!(date(60.0), "1900-02-29");
        assert_eq!(date(61.0), "1900-03-01");
        assert_eq!(date(36_526.0), "2000-01-01");
        assert_eq!(date(2_958_465.0), "9999-12-31");
        assert_eq!(date(2_958_466.0), "2958466");
        assert_eq!(NumberFormat::Date.show(0.0, true), "1904-01-01");
        assert_eq!(NumberFormat::DateAndTime.show(36_526.75, false), "2000-01-01 18:00:00");
        assert_eq!(NumberFormat::Time.show(0.5, false), "12:00:00");
    }

    #[test]
    fn codes_of_formats_tell_dates_from_numbers() {
        let format = |code: &str| NumberFormat::of_code(code.as_bytes());
        assert_eq!(format("yyyy\"年\"m\"月\"d\"日\""), NumberFormat::Date);
        assert_eq!(format("[$-409]d-mmm-yy;@"), NumberFormat::Date);
        assert_eq!(format("[h]:mm:ss"), NumberFormat::Time);
        assert_eq!(format("m/d/yy h:mm"), NumberFormat::DateAndTime);
        assert_eq!(format("mmm"), NumberFormat::Date);
        for code in ["General", "0.00", "#,##0\" days\"", "[Red]0", "\"d\"0", "@", "0.00E+00"] {
            assert_eq!(format(code), NumberFormat::Number, "{code}");
        }
    }

    #[test]
    fn short_numbers_are_whole_or_high_bits() {
        assert_eq!(rk(7 << 2 | 2), 7.0);
        assert_eq!(rk((-7_i32 << 2).cast_unsigned() | 3), -0.07);
        assert_eq!(rk((1.5_f64.to_bits() >> 32) as u32), 1.5);
    }
}
