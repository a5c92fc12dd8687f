//! Decoding of bytes that arrive in pieces, in any encoding.

use encoding_rs::DecoderResult;

use crate::combining::with_mark;

use super::stateful::{State, Stateful, Step};
use super::{Encoding, Fed, Kind, Pending};

/// Room for decoded text per call of a standard decoder.
const STEP_BYTES: usize = 64 << 10;

/// A decoder that keeps what a piece of input leaves unfinished. What is malformed becomes U+FFFD.
///
/// The encodings of the WHATWG standard are decoded as it says, so that the bytes 80 to 9F that Windows leaves out are
/// controls; the others strictly. The letters and tones of windows-1258 become one character, as people have them.
pub struct Decoder {
    way: Way,
}

enum Way {
    Standard(Box<encoding_rs::Decoder>),
    /// Marks behind letters become one character with them; the last one may get a mark yet.
    Marks {
        decoder: Box<encoding_rs::Decoder>,
        last: Option<char>,
    },
    Automaton {
        encoding: Encoding,
        pending: Pending,
    },
    Stateful {
        encoding: Stateful,
        state: State,
        held: Vec<u8>,
    },
}

impl Encoding {
    /// The same encoding in the WHATWG standard, if it is there.
    pub fn standard(self) -> Option<&'static encoding_rs::Encoding> {
        match self {
            Self::ISO_8859_1 => return None,
            Self::GBK | Self::GB18030 => return Some(encoding_rs::GB18030),
            _ => {}
        }
        let standard = encoding_rs::Encoding::for_label(self.label().as_bytes())?;
        let is_same = standard.name().eq_ignore_ascii_case(self.label());
        is_same.then_some(standard)
    }

    /// The length of the byte order mark of this encoding, if `bytes` begin with it.
    pub fn mark_length(self, bytes: &[u8]) -> Option<usize> {
        let mark: &[u8] = match self {
            Self::UTF_8 => b"\xef\xbb\xbf",
            Self::UTF_16LE => b"\xff\xfe",
            Self::UTF_16BE => b"\xfe\xff",
            Self::UTF_32LE => b"\xff\xfe\0\0",
            Self::UTF_32BE => b"\0\0\xfe\xff",
            Self::GB18030 => b"\x84\x31\x95\x33",
            _ => return None,
        };
        bytes.starts_with(mark).then_some(mark.len())
    }

    /// A decoder that has seen nothing. A byte order mark is a character to it.
    pub fn decoder(self) -> Decoder {
        let way = match (self.0, self.standard()) {
            (Kind::Stateful(encoding), _) => {
                Way::Stateful { encoding, state: State::default(), held: Vec::new() }
            }
            (_, Some(standard)) if self.has_marks() => {
                Way::Marks { decoder: Box::new(standard.new_decoder_without_bom_handling()), last: None }
            }
            (_, Some(standard)) => Way::Standard(Box::new(standard.new_decoder_without_bom_handling())),
            _ => Way::Automaton { encoding: self, pending: Pending::NONE },
        };
        Decoder { way }
    }

    /// Decodes all of `bytes`; what is malformed becomes U+FFFD. Also says how many sequences were.
    pub fn decode_lossy(self, bytes: &[u8]) -> (String, usize) {
        let mut text = String::new();
        let mut malformed = 0;
        self.decoder().decode(bytes, true, &mut text, &mut |_| malformed += 1);
        (text, malformed)
    }
}

impl Decoder {
    /// Appends what `bytes` say to `text`, and tells where in `bytes` each malformed sequence is: one that began in a
    /// piece before is told at 0. With `last` nothing more comes, and what is unfinished is malformed.
    pub fn decode(&mut self, bytes: &[u8], last: bool, text: &mut String, malformed: &mut dyn FnMut(usize)) {
        match &mut self.way {
            Way::Standard(decoder) => standard(decoder, bytes, last, text, malformed),
            Way::Marks { decoder, last: held } => {
                let mut apart = String::new();
                standard(decoder, bytes, last, &mut apart, malformed);
                for c in apart.chars() {
                    match held.and_then(|letter| with_mark(letter, c)) {
                        Some(whole) => *held = Some(whole),
                        None => text.extend(held.replace(c)),
                    }
                }
                text.extend(held.take_if(|_| last));
            }
            Way::Automaton { encoding, pending } => {
                *pending = automaton(*encoding, *pending, bytes, text, malformed);
                if last && !pending.is_empty() {
                    malformed(bytes.len().saturating_sub(pending.len()));
                    text.push(char::REPLACEMENT_CHARACTER);
                    *pending = Pending::NONE;
                }
            }
            Way::Stateful { encoding, state, held } => {
                let before = held.len();
                held.extend_from_slice(bytes);
                let mut at = 0;
                while at < held.len() {
                    let used = match encoding.step(state, &held[at..]) {
                        Step::Char(c, used) => {
                            text.push(c);
                            used
                        }
                        Step::Two(two, used) => {
                            text.extend(two);
                            used
                        }
                        Step::Switch(used) => used,
                        Step::More if !last => break,
                        Step::Malformed(used) => {
                            malformed(at.saturating_sub(before));
                            text.push(char::REPLACEMENT_CHARACTER);
                            used
                        }
                        Step::More => {
                            malformed(at.saturating_sub(before));
                            text.push(char::REPLACEMENT_CHARACTER);
                            held.len() - at
                        }
                    };
                    at += used;
                }
                held.drain(..at.min(held.len()));
            }
        }
    }
}

fn standard(
    decoder: &mut encoding_rs::Decoder,
    bytes: &[u8],
    last: bool,
    text: &mut String,
    malformed: &mut dyn FnMut(usize),
) {
    let mut at = 0;
    loop {
        text.reserve(STEP_BYTES.min(2 * (bytes.len() - at) + 16));
        let (result, read) = decoder.decode_to_string_without_replacement(&bytes[at..], text, last);
        at += read;
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, behind) => {
                let back = usize::from(length) + usize::from(behind);
                // The sequence may have begun in the piece before.
                malformed(at.saturating_sub(back));
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
}

fn automaton(
    encoding: Encoding,
    mut pending: Pending,
    bytes: &[u8],
    text: &mut String,
    malformed: &mut dyn FnMut(usize),
) -> Pending {
    // Whole units of UTF-32 need no automaton.
    let whole = match encoding.0 {
        Kind::Utf32Le if pending.is_empty() => utf32(u32::from_le_bytes, bytes, text, malformed),
        Kind::Utf32Be if pending.is_empty() => utf32(u32::from_be_bytes, bytes, text, malformed),
        _ => 0,
    };
    for (at, &byte) in bytes.iter().enumerate().skip(whole) {
        let waited = pending.len();
        match encoding.feed(pending, byte) {
            Fed::More(more) => {
                pending = more;
                continue;
            }
            Fed::Char(c) => text.push(c),
            Fed::Malformed => {
                malformed(at.saturating_sub(waited));
                text.push(char::REPLACEMENT_CHARACTER);
                // An ASCII byte that completes nothing stands for itself.
                if waited > 0 && byte < 0x80 && encoding.has_ascii() {
                    text.push(char::from(byte));
                }
            }
        }
        pending = Pending::NONE;
    }
    pending
}

/// Decodes the whole units, and tells how many bytes those are.
fn utf32(
    scalar_of: fn([u8; 4]) -> u32,
    bytes: &[u8],
    text: &mut String,
    malformed: &mut dyn FnMut(usize),
) -> usize {
    let (units, rest) = bytes.as_chunks::<4>();
    for (at, &unit) in units.iter().enumerate() {
        text.push(char::from_u32(scalar_of(unit)).unwrap_or_else(|| {
            malformed(at * 4);
            char::REPLACEMENT_CHARACTER
        }));
    }
    bytes.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_make_no_difference() {
        for (encoding, text) in [
            ("johab", "한글 text 漢字"),
            ("euc-tw", "統一發票 text 乂"),
            ("utf-32le", "aé漢\u{1f600}"),
            ("utf-32be", "aé漢\u{1f600}"),
            ("iso-2022-jp", "日本語 text\nかな"),
            ("iso-2022-kr", "한글 text"),
            ("iso-2022-cn", "中文 text"),
            ("iso-2022-cn", "統一發票 text 乂龘\n臺灣"),
            ("shift_jis-2004", "日本語ｶﾅ text か\u{309a}𠀋俱\n鷗ㇷ\u{309a}"),
            ("euc-jis-2004", "日本語ｶﾅ text か\u{309a}𠀋俱\n鷗ㇷ\u{309a}"),
            ("hz-gb-2312", "中文 ~ text\n中文"),
            ("utf-7", "Hi + é漢\u{1f600}!"),
            ("cp037", "Grüße [1]\n"),
            ("koi8-t", "Тоҷик"),
        ] {
            let encoding = Encoding::from_label(encoding).unwrap();
            let bytes = encoding.encode(text).unwrap();
            assert_eq!(encoding.decode(&bytes).as_deref(), Some(text), "{encoding}");
            for size in 1..bytes.len() {
                let mut decoder = encoding.decoder();
                let mut decoded = String::new();
                bytes.chunks(size).for_each(|piece| {
                    decoder.decode(piece, false, &mut decoded, &mut |_| panic!("{encoding}"));
                });
                decoder.decode(b"", true, &mut decoded, &mut |_| panic!("{encoding}"));
                assert_eq!(decoded, text, "{encoding} {size}");
            }
        }
    }

    #[test]
    fn tones_behind_letters_are_one_with_them() {
        let text = "Người lái đò chờ bọn trẻ ở bến.\n";
        let bytes = b"Ng\xfd\xf5\xcci l\xe1i \xf0o\xcc ch\xf5\xcc bo\xf2n tre\xd2 \xf5\xd2 b\xea\xecn.\n";
        for size in 1..=bytes.len() {
            let mut decoder = Encoding::from_label("windows-1258").unwrap().decoder();
            let mut decoded = String::new();
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            for (number, piece) in pieces.iter().enumerate() {
                decoder.decode(piece, number + 1 == pieces.len(), &mut decoded, &mut |_| panic!());
            }
            assert_eq!(decoded, text, "{size}");
        }
    }

    #[test]
    fn what_is_malformed_is_told() {
        let johab = Encoding::from_label("johab").unwrap();
        assert_eq!(johab.decode_lossy(b"a\x88\x20b\xff"), ("a\u{fffd} b\u{fffd}".to_owned(), 2));
        let utf32 = Encoding::from_label("utf-32be").unwrap();
        let mut places = Vec::new();
        let mut text = String::new();
        let bytes = b"\0\0\0a\0\0\xd8\0\0\0\0b\0\x11\0\0\0\0\0";
        utf32.decoder().decode(bytes, true, &mut text, &mut |at| places.push(at));
        assert_eq!((text.as_str(), &places[..]), ("a\u{fffd}b\u{fffd}\u{fffd}", &[4, 12, 16][..]));
        let hz = Encoding::from_label("hz-gb-2312").unwrap();
        assert_eq!(hz.decode_lossy(b"~{VP").0, "中");
        assert_eq!(hz.decode_lossy(b"~{V").1, 1);
    }
}
