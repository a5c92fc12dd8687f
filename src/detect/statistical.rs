//! Which of the legacy encodings gives the least surprising text.
//!
//! Decoding is one-to-one, so the probability of the bytes under an encoding is the probability of the text that they
//! decode to. The language model gives it in bits; to these come the price of characters that real text does not hold,
//! and the price of the encoding itself, since some are a thousand times rarer than others.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::*;

use super::{Candidate, Evidence, reported_name};
use crate::language;

/// Bytes that are decoded and scored. Lines without a byte above 7F are left out, so this is much text.
const SAMPLE_BYTES: usize = 8 << 10;
/// Bytes by which the hopeless encodings are told: a tenth of the work for nine tenths of them.
const FIRST_LOOK_BYTES: usize = 1 << 10;
/// Different readings that get the whole sample.
const SHORTLIST: usize = 8;
/// Bits for a byte sequence that the encoding does not have. More than any character of a real text costs.
const MALFORMED_BITS: f64 = 40.0;
/// Bits for a C1 control or a private-use character, over what the model says.
const FOREIGN_BITS: f64 = 12.0;
/// What the second opinion is worth, in bits: about as much as one good word.
const CHARDETNG_BITS: f64 = 10.0;
/// The model's characters are not independent of each other, so its bits overstate what they prove. This is the share that counts.
const INDEPENDENCE: f64 = 0.25;
/// More malformed sequences than one in so many bytes rule an encoding out.
const MALFORMED_ONE_IN: usize = 32;
/// Candidates below this probability are not listed.
const LEAST_CONFIDENCE: f64 = 0.001;

/// What can be guessed, with its price in bits: how rare it is in files that declare nothing. Order breaks ties.
static PLAUSIBLE: [(&Encoding, f64); 33] = [
    (&UTF_8_INIT, 0.0),
    (&GB18030_INIT, 2.0),
    (&WINDOWS_1252_INIT, 1.0),
    (&SHIFT_JIS_INIT, 3.0),
    (&EUC_KR_INIT, 3.0),
    (&BIG5_INIT, 3.0),
    (&EUC_JP_INIT, 4.0),
    (&WINDOWS_1251_INIT, 3.0),
    (&WINDOWS_1250_INIT, 4.0),
    (&WINDOWS_1253_INIT, 5.0),
    (&WINDOWS_1254_INIT, 5.0),
    (&WINDOWS_1255_INIT, 5.0),
    (&WINDOWS_1256_INIT, 5.0),
    (&WINDOWS_1257_INIT, 5.0),
    (&WINDOWS_1258_INIT, 6.0),
    (&WINDOWS_874_INIT, 5.0),
    (&KOI8_R_INIT, 5.0),
    (&KOI8_U_INIT, 6.0),
    (&ISO_8859_2_INIT, 5.0),
    (&ISO_8859_15_INIT, 6.0),
    (&ISO_8859_7_INIT, 7.0),
    (&ISO_8859_5_INIT, 7.0),
    (&IBM866_INIT, 7.0),
    (&ISO_8859_4_INIT, 8.0),
    (&ISO_8859_13_INIT, 8.0),
    (&ISO_8859_6_INIT, 8.0),
    (&ISO_8859_8_INIT, 8.0),
    (&ISO_8859_3_INIT, 9.0),
    (&ISO_8859_10_INIT, 9.0),
    (&ISO_8859_14_INIT, 10.0),
    (&ISO_8859_16_INIT, 9.0),
    (&MACINTOSH_INIT, 9.0),
    (&X_MAC_CYRILLIC_INIT, 9.0),
];

/// Ranks the legacy encodings. Never empty: some encoding accepts every byte.
pub(super) fn rank(bytes: &[u8]) -> Vec<Candidate> {
    let whole = sample(bytes, SAMPLE_BYTES);
    let second_opinion = second_opinion(&whole);
    let mut likely: Vec<(&'static Encoding, f64)> = PLAUSIBLE.to_vec();
    likely.iter_mut().filter(|(encoding, _)| *encoding == second_opinion).for_each(|(_, price)| {
        *price -= CHARDETNG_BITS;
    });
    if whole.len() > FIRST_LOOK_BYTES {
        likely = shortlist(&sample(&whole, FIRST_LOOK_BYTES), &likely);
    }
    let mut different: Vec<Reading> = Vec::new();
    // Encodings that read these bytes alike are one answer; it goes by the name of the likelier, which comes first.
    for reading in readings(&whole, &likely) {
        if different.iter().all(|other| other.text != reading.text) {
            different.push(reading);
        }
    }
    to_candidates(&different)
}

/// The encodings that are worth a longer look.
fn shortlist(sample: &[u8], likely: &[(&'static Encoding, f64)]) -> Vec<(&'static Encoding, f64)> {
    let readings = readings(sample, likely);
    let mut texts: Vec<&str> = Vec::new();
    let mut kept = Vec::new();
    for reading in &readings {
        if !texts.contains(&reading.text.as_str()) {
            texts.push(&reading.text);
        }
        // Alike so far may be different later, so each of them is kept.
        if texts.len() <= SHORTLIST {
            kept.extend(likely.iter().filter(|(encoding, _)| *encoding == reading.encoding));
        }
    }
    kept
}

/// The sample read in each encoding that can be, the least surprising first; among equals the order of `likely`.
fn readings(sample: &[u8], likely: &[(&'static Encoding, f64)]) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    for &(encoding, price) in likely {
        readings.extend(Reading::new(encoding, price, sample, &readings));
    }
    readings.sort_by(|a, b| a.bits.total_cmp(&b.bits));
    readings
}

/// The language of bytes whose encoding is known.
pub(super) fn language(bytes: &[u8], encoding: &'static Encoding) -> Option<&'static str> {
    let mut end = bytes.len().min(FIRST_LOOK_BYTES);
    // UTF-16 in half a unit and UTF-8 in half a character would end in a replacement character, which is no great harm;
    // a cut at a line end avoids it for most.
    if end < bytes.len() {
        end = memchr::memrchr(b'\n', &bytes[..end]).map_or(end, |at| at + 1);
    }
    let (text, _, _) = encoding.decode(&bytes[..end]);
    language::surprise(&text).language
}

/// One way to read the sample.
struct Reading {
    encoding: &'static Encoding,
    text: String,
    /// What the text costs.
    text_bits: f64,
    /// What it costs in this encoding.
    bits: f64,
    language: Option<&'static str>,
}

impl Reading {
    /// `None` if the encoding does not fit. A text that is among `others` is not scored again.
    fn new(encoding: &'static Encoding, price: f64, sample: &[u8], others: &[Self]) -> Option<Self> {
        let (text, _) = encoding.decode_without_bom_handling(sample);
        let malformed = text.matches('\u{FFFD}').count();
        if malformed * MALFORMED_ONE_IN > sample.len() + MALFORMED_ONE_IN {
            return None;
        }
        let (text_bits, language) = match others.iter().find(|other| other.text == text) {
            Some(other) => (other.text_bits, other.language),
            None => text_bits(&text, malformed),
        };
        let bits = text_bits + price;
        Some(Self { encoding, text: text.into_owned(), text_bits, bits, language })
    }
}

fn text_bits(text: &str, malformed: usize) -> (f64, Option<&'static str>) {
    let foreign =
        text.chars().filter(|&c| matches!(c, '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}')).count();
    let surprise = language::surprise(text);
    let bits = surprise.bits + MALFORMED_BITS * malformed as f64 + FOREIGN_BITS * foreign as f64;
    (bits, surprise.language)
}

fn to_candidates(readings: &[Reading]) -> Vec<Candidate> {
    let Some(least) = readings.first().map(|r| r.bits) else { return Vec::new() };
    let weight = |r: &Reading| (INDEPENDENCE * (least - r.bits)).exp2();
    let sum: f64 = readings.iter().map(weight).sum();
    let candidate = |r: &Reading| Candidate {
        decode_as: r.encoding,
        encoding: reported_name(r.encoding),
        confidence: weight(r) / sum,
        evidence: Evidence::Statistical { bits: r.bits },
        language: r.language,
    };
    let all = readings.iter().map(candidate);
    all.enumerate().filter(|(at, c)| *at == 0 || c.confidence >= LEAST_CONFIDENCE).map(|(_, c)| c).collect()
}

/// What chardetng says; its GBK is read as the superset.
fn second_opinion(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == GBK { GB18030 } else { guess }
}

/// The lines that hold bytes above 7F, up to `most` bytes. No candidate has a line feed inside a character.
fn sample(bytes: &[u8], most: usize) -> Vec<u8> {
    let mut sample = Vec::new();
    for line in bytes.split_inclusive(|&b| b == b'\n').filter(|line| !line.is_ascii()) {
        let room = most - sample.len();
        if line.len() > room {
            // A line that is cut ends in half a character for the wrong half of the encodings; only without any sample
            // is that better than nothing.
            if sample.is_empty() {
                sample.extend_from_slice(&line[..room]);
            }
            break;
        }
        sample.extend_from_slice(line);
    }
    sample
}
