//! Encodings that switch between character sets: ISO-2022-JP, -KR and -CN, HZ, UTF-7; and those of JIS X 0213, where
//! one sign of the set can be two characters.
//!
//! ISO-2022-JP has the sets of RFC 1468, 1554 and 2237, those of JIS X 0213:2004, annex 2, and the katakana that mail
//! programs add; ISO-2022-KR is RFC 1557, ISO-2022-CN is RFC 1922 with planes 1 and 2 of CNS 11643, and reads planes 3
//! to 7 of its -EXT besides; HZ is RFC 1843, UTF-7 is RFC 2152. For Shift_JIS-2004 and EUC-JIS-2004 see `jis_2004`.

use super::cns_11643;
use super::jis_2004;
use super::jis_x_0213::{self, Sign};
use super::pairs::{self, Family};
use super::planes::Place;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Stateful {
    Iso2022Jp,
    Iso2022Kr,
    Iso2022Cn,
    Hz,
    Utf7,
    ShiftJis2004,
    EucJis2004,
}

/// The set that bytes are read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Ascii,
    Roman,
    Katakana,
    Jis0208,
    Jis0212,
    Gb2312,
    Ks1001,
    /// A plane of JIS X 0213.
    Jis0213(u8),
    /// A plane of CNS 11643.
    Cns11643(u8),
}

/// Where a decoder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    set: Set,
    /// The set that a shift switches to.
    shifted: Option<Set>,
    is_shifted: bool,
    /// The sets that the single shifts take one character from, SS2 and SS3.
    single: [Option<Set>; 2],
    /// Bits of UTF-7 that make no whole unit yet, how many, and the first half of a surrogate pair.
    bits: u32,
    held_bits: u32,
    half: Option<u16>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            set: Set::Ascii,
            shifted: None,
            is_shifted: false,
            single: [None; 2],
            bits: 0,
            held_bits: 0,
            half: None,
        }
    }
}

/// What a decoder makes of the next bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Char(char, usize),
    /// A sign that Unicode has as two characters.
    Two([char; 2], usize),
    /// Bytes that only switch.
    Switch(usize),
    Malformed(usize),
    /// The bytes are the beginning of something longer.
    More,
}

impl Stateful {
    pub(super) const ALL: [Self; 7] = [
        Self::Iso2022Jp,
        Self::Iso2022Kr,
        Self::Iso2022Cn,
        Self::Hz,
        Self::Utf7,
        Self::ShiftJis2004,
        Self::EucJis2004,
    ];

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Iso2022Jp => "iso-2022-jp",
            Self::Iso2022Kr => "iso-2022-kr",
            Self::Iso2022Cn => "iso-2022-cn",
            Self::Hz => "hz-gb-2312",
            Self::Utf7 => "utf-7",
            Self::ShiftJis2004 => "shift_jis-2004",
            Self::EucJis2004 => "euc-jis-2004",
        }
    }

    /// Whether a byte outside of all marks is simply ASCII.
    pub(super) fn is_ascii(self, byte: u8) -> bool {
        byte.is_ascii()
            && match self {
                Self::Hz => byte != b'~',
                Self::Utf7 => byte != b'+',
                Self::ShiftJis2004 | Self::EucJis2004 => true,
                _ => !matches!(byte, 0x0e | 0x0f | 0x1b),
            }
    }

    /// Reads the beginning of `bytes`, which are not empty.
    pub(super) fn step(self, state: &mut State, bytes: &[u8]) -> Step {
        match self {
            Self::Utf7 => utf7(state, bytes),
            Self::Hz => hz(state, bytes),
            Self::ShiftJis2004 => jis_2004::shift_jis(bytes),
            Self::EucJis2004 => jis_2004::euc_jis(bytes),
            _ => self.iso_2022(state, bytes),
        }
    }

    fn iso_2022(self, state: &mut State, bytes: &[u8]) -> Step {
        match bytes[0] {
            0x1b => match (bytes.get(1), state.single) {
                (Some(b'N'), [Some(set), _]) | (Some(b'O'), [_, Some(set)]) => single_shifted(set, bytes),
                _ => self.escape(state, bytes),
            },
            0x0e if state.shifted.is_some() || self == Self::Iso2022Jp => {
                state.is_shifted = true;
                Step::Switch(1)
            }
            0x0f => {
                state.is_shifted = false;
                Step::Switch(1)
            }
            byte => {
                // A line ends in ASCII, whatever it forgot to switch back.
                if matches!(byte, b'\n' | b'\r') && self != Self::Iso2022Kr {
                    state.is_shifted = false;
                }
                let shifted = if self == Self::Iso2022Jp { Some(Set::Katakana) } else { state.shifted };
                let set = if state.is_shifted { shifted.unwrap_or(Set::Ascii) } else { state.set };
                in_set(set, bytes)
            }
        }
    }

    fn escape(self, state: &mut State, bytes: &[u8]) -> Step {
        for &(of, sequence, set, by) in DESIGNATIONS {
            if of != self {
                continue;
            }
            if bytes.starts_with(sequence) {
                match by {
                    Shift::None => state.set = set,
                    Shift::Out => state.shifted = Some(set),
                    Shift::Single(number) => state.single[number] = Some(set),
                }
                return Step::Switch(sequence.len());
            }
            if bytes.len() < sequence.len() && sequence.starts_with(bytes) {
                return Step::More;
            }
        }
        Step::Malformed(1)
    }

    /// Encodes text; `None` where a character is not there.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf7 => return Some(to_utf7(text)),
            Self::ShiftJis2004 => return jis_2004::to_shift_jis(text),
            Self::EucJis2004 => return jis_2004::to_euc_jis(text),
            Self::Iso2022Cn if text.chars().any(|c| !c.is_ascii() && !is_gb_2312(c)) => {
                return in_cns_11643(text);
            }
            _ => {}
        }
        let (family, begin, end): (_, &[u8], &[u8]) = match self {
            Self::Iso2022Jp => (Family::EucJp, b"\x1b$B", b"\x1b(B"),
            Self::Iso2022Kr => (Family::EucKr, b"\x0e", b"\x0f"),
            Self::Iso2022Cn => (Family::Gbk, b"\x0e", b"\x0f"),
            _ => (Family::Gbk, b"~{", b"~}"),
        };
        let mut bytes = match self {
            Self::Iso2022Kr => b"\x1b$)C".to_vec(),
            Self::Iso2022Cn => b"\x1b$)A".to_vec(),
            _ => Vec::new(),
        };
        let mut is_wide = false;
        for c in text.chars() {
            if is_wide == c.is_ascii() {
                bytes.extend_from_slice(if is_wide { end } else { begin });
                is_wide = !is_wide;
            }
            if c.is_ascii() {
                bytes.push(c as u8);
                if c == '~' && self == Self::Hz {
                    bytes.push(b'~');
                }
                continue;
            }
            match family.bytes_of(c)?.as_slice() {
                &[lead @ 0xa1..=0xfe, trail @ 0xa1..=0xfe] => {
                    bytes.extend_from_slice(&[lead & 0x7f, trail & 0x7f])
                }
                _ => return None,
            }
        }
        if is_wide {
            bytes.extend_from_slice(end);
        }
        Some(bytes)
    }
}

fn is_gb_2312(c: char) -> bool {
    Family::Gbk
        .bytes_of(c)
        .is_some_and(|bytes| bytes.as_slice().iter().all(|byte| matches!(byte, 0xa1..=0xfe)))
}

/// ISO-2022-CN of a text in traditional Chinese; the planes of its -EXT are not written.
fn in_cns_11643(text: &str) -> Option<Vec<u8>> {
    let mut bytes = b"\x1b$)G\x1b$*H".to_vec();
    let mut is_out = false;
    for c in text.chars() {
        if c.is_ascii() {
            bytes.extend_from_slice(if is_out { b"\x0f" } else { b"" });
            is_out = false;
            bytes.push(c as u8);
            continue;
        }
        let (plane, row, cell) = cns_11643::planes().place_of(c)?;
        match plane {
            1 => {
                bytes.extend_from_slice(if is_out { b"" } else { b"\x0e" });
                is_out = true;
            }
            2 => bytes.extend_from_slice(b"\x1bN"),
            _ => return None,
        }
        bytes.extend_from_slice(&[row, cell]);
    }
    bytes.extend_from_slice(if is_out { b"\x0f" } else { b"" });
    Some(bytes)
}

/// How a set that was named is reached.
#[derive(Debug, Clone, Copy)]
enum Shift {
    /// It is used from there on.
    None,
    /// After SO, until SI.
    Out,
    /// For one character after SS2 or SS3.
    Single(usize),
}

/// The escape sequences by which an encoding names its sets, but for ASCII.
pub(super) fn designations(of: Stateful) -> impl Iterator<Item = &'static [u8]> {
    let own = DESIGNATIONS.iter().filter(move |(owner, _, set, _)| *owner == of && *set != Set::Ascii);
    own.map(|(_, sequence, ..)| *sequence)
}

/// Whose escape sequence it is, the sequence, its set, and how that is reached.
const DESIGNATIONS: &[(Stateful, &[u8], Set, Shift)] = &[
    (Stateful::Iso2022Jp, b"\x1b(B", Set::Ascii, Shift::None),
    (Stateful::Iso2022Jp, b"\x1b(J", Set::Roman, Shift::None),
    (Stateful::Iso2022Jp, b"\x1b(I", Set::Katakana, Shift::None),
    (Stateful::Iso2022Jp, b"\x1b$@", Set::Jis0208, Shift::None),
    (Stateful::Iso2022Jp, b"\x1b$B", Set::Jis0208, Shift::None),
    (Stateful::Iso2022Jp, b"\x1b$(D", Set::Jis0212, Shift::None),
    (Stateful::Iso2022Jp, b"\x1b$(O", Set::Jis0213(1), Shift::None),
    (Stateful::Iso2022Jp, b"\x1b$(Q", Set::Jis0213(1), Shift::None),
    (Stateful::Iso2022Jp, b"\x1b$(P", Set::Jis0213(2), Shift::None),
    (Stateful::Iso2022Jp, b"\x1b$A", Set::Gb2312, Shift::None),
    (Stateful::Iso2022Jp, b"\x1b$(C", Set::Ks1001, Shift::None),
    (Stateful::Iso2022Kr, b"\x1b$)C", Set::Ks1001, Shift::Out),
    (Stateful::Iso2022Cn, b"\x1b$)A", Set::Gb2312, Shift::Out),
    (Stateful::Iso2022Cn, b"\x1b$)G", Set::Cns11643(1), Shift::Out),
    (Stateful::Iso2022Cn, b"\x1b$*H", Set::Cns11643(2), Shift::Single(0)),
    (Stateful::Iso2022Cn, b"\x1b$+I", Set::Cns11643(3), Shift::Single(1)),
    (Stateful::Iso2022Cn, b"\x1b$+J", Set::Cns11643(4), Shift::Single(1)),
    (Stateful::Iso2022Cn, b"\x1b$+K", Set::Cns11643(5), Shift::Single(1)),
    (Stateful::Iso2022Cn, b"\x1b$+L", Set::Cns11643(6), Shift::Single(1)),
    (Stateful::Iso2022Cn, b"\x1b$+M", Set::Cns11643(7), Shift::Single(1)),
];

/// Reads one character of a set.
fn in_set(set: Set, bytes: &[u8]) -> Step {
    let byte = bytes[0];
    match (set, byte) {
        (_, 0x80..) => return Step::Malformed(1),
        (Set::Roman, b'\\') => return Step::Char('¥', 1),
        (Set::Roman, b'~') => return Step::Char('\u{203e}', 1),
        (Set::Katakana, 0x21..=0x5f) => {
            let c = char::from_u32(0xff61 + u32::from(byte - 0x21));
            return c.map_or(Step::Malformed(1), |c| Step::Char(c, 1));
        }
        (Set::Ascii | Set::Roman, _) | (_, 0..=0x20 | 0x7f) => return Step::Char(char::from(byte), 1),
        (Set::Katakana, _) => return Step::Malformed(1),
        _ => {}
    }
    let Some(&trail) = bytes.get(1) else { return Step::More };
    let (lead, high) = (byte | 0x80, trail | 0x80);
    let c = match set {
        _ if !matches!(trail, 0x21..=0x7e) => None,
        Set::Jis0213(plane) => return sign((plane, byte, trail), 2),
        Set::Cns11643(plane) => cns_11643::planes().char_of((plane, byte, trail)),
        Set::Jis0208 => Family::EucJp.pair(lead, high),
        Set::Jis0212 => pairs::three_bytes([0x8f, lead, high]),
        Set::Gb2312 => Family::Gbk.pair(lead, high),
        _ => Family::EucKr.pair(lead, high),
    };
    match c {
        Some(c) => Step::Char(c, 2),
        None if trail < 0x21 => Step::Malformed(1),
        None => Step::Malformed(2),
    }
}

/// A sign of JIS X 0213 that takes so many bytes.
pub(super) fn sign(place: Place, used: usize) -> Step {
    match jis_x_0213::sign_of(place) {
        Some(Sign::One(c)) => Step::Char(c, used),
        Some(Sign::Two(two)) => Step::Two(two, used),
        None => Step::Malformed(used),
    }
}

/// A single shift and a character of the set that it is for.
fn single_shifted(set: Set, bytes: &[u8]) -> Step {
    match bytes.get(2..) {
        None | Some([]) => Step::More,
        Some(rest) => match in_set(set, rest) {
            Step::Char(c, used) => Step::Char(c, used + 2),
            Step::More => Step::More,
            // What follows may be anything.
            _ => Step::Malformed(2),
        },
    }
}

fn hz(state: &mut State, bytes: &[u8]) -> Step {
    let is_wide = state.set == Set::Gb2312;
    match (bytes[0], bytes.get(1)) {
        (b'~', None) => Step::More,
        (b'~', Some(b'{')) if !is_wide => {
            state.set = Set::Gb2312;
            Step::Switch(2)
        }
        (b'~', Some(b'}')) => {
            state.set = Set::Ascii;
            Step::Switch(2)
        }
        (b'~', Some(b'~')) if !is_wide => Step::Char('~', 2),
        (b'~', Some(b'\n')) if !is_wide => Step::Switch(2),
        (b'~', _) if !is_wide => Step::Malformed(1),
        (b'\n', _) => {
            state.set = Set::Ascii;
            Step::Char('\n', 1)
        }
        _ => in_set(state.set, bytes),
    }
}

fn utf7(state: &mut State, bytes: &[u8]) -> Step {
    let byte = bytes[0];
    if !state.is_shifted {
        return match (byte, bytes.get(1)) {
            (0x80.., _) => Step::Malformed(1),
            (b'+', None) => Step::More,
            (b'+', Some(b'-')) => Step::Char('+', 2),
            (b'+', Some(&next)) if sextet(next).is_some() => {
                *state = State { is_shifted: true, ..State::default() };
                Step::Switch(1)
            }
            (b'+', _) => Step::Malformed(1),
            _ => Step::Char(char::from(byte), 1),
        };
    }
    let Some(six) = sextet(byte) else {
        // What is left over must be the padding of the last unit.
        let is_whole = state.half.is_none() && state.held_bits < 6 && state.bits == 0;
        *state = State::default();
        return match (is_whole, byte) {
            (false, _) => Step::Malformed(1),
            (true, b'-') => Step::Switch(1),
            (true, 0x80..) => Step::Malformed(1),
            (true, _) => Step::Char(char::from(byte), 1),
        };
    };
    state.bits = state.bits << 6 | six;
    state.held_bits += 6;
    if state.held_bits < 16 {
        return Step::Switch(1);
    }
    state.held_bits -= 16;
    let unit = (state.bits >> state.held_bits) as u16;
    state.bits &= (1 << state.held_bits) - 1;
    match (state.half.take(), unit) {
        (None, 0xd800..=0xdbff) => {
            state.half = Some(unit);
            Step::Switch(1)
        }
        (Some(half), _) => match char::decode_utf16([half, unit]).next() {
            Some(Ok(c)) => Step::Char(c, 1),
            _ => Step::Malformed(1),
        },
        (None, _) => char::from_u32(u32::from(unit)).map_or(Step::Malformed(1), |c| Step::Char(c, 1)),
    }
}

/// The value of a character of Base64.
pub(super) fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

fn to_utf7(text: &str) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let mut wide: Vec<u16> = Vec::new();
    let flush = |wide: &mut Vec<u16>, bytes: &mut Vec<u8>| {
        if wide.is_empty() {
            return;
        }
        bytes.push(b'+');
        let (mut bits, mut held) = (0u32, 0);
        for &unit in wide.iter() {
            bits = bits << 16 | u32::from(unit);
            held += 16;
            while held >= 6 {
                held -= 6;
                bytes.push(DIGITS[(bits >> held & 63) as usize]);
            }
            bits &= (1 << held) - 1;
        }
        if held > 0 {
            bytes.push(DIGITS[(bits << (6 - held) & 63) as usize]);
        }
        bytes.push(b'-');
        wide.clear();
    };
    for c in text.chars() {
        if c.is_ascii() {
            flush(&mut wide, &mut bytes);
            bytes.push(c as u8);
            if c == '+' {
                bytes.push(b'-');
            }
        } else {
            wide.extend_from_slice(c.encode_utf16(&mut [0; 2]));
        }
    }
    flush(&mut wide, &mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use crate::encoding::Encoding;

    #[test]
    fn the_third_planes_are_reached_by_single_shifts() {
        let bytes =
            b"\x1b$)G\x1b$*H\x1b$+I\x0e\x44\x21\x1bN\x21\x21\x1bO\x3a\x38\x44\x21\x0f \x1b$+LA\x1bO\x24\x28";
        let decoded = Encoding::ISO_2022_CN.decode_lossy(bytes);
        assert_eq!(decoded, ("一乂喆一 A𠮷".to_owned(), 0));
        // Before a set is named its shift means nothing, and the third planes are not written.
        assert_eq!(Encoding::ISO_2022_CN.decode_lossy(b"\x1bO\x3a\x38").1, 1);
        assert_eq!(Encoding::ISO_2022_CN.encode("一喆"), None);
    }
}
