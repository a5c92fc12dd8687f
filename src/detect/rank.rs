//! Which of the legacy encodings gives the least surprising text.
//!
//! Decoding is one-to-one, so the probability of the bytes under an encoding is the probability of the text that they
//! decode to. A first round prices the counted pairs of bytes under every encoding and language, from tables; a second
//! one decodes a sample by those that did well and asks the language models themselves. Readings that give the same
//! text for all bytes of the file are one candidate.

use unicode_normalization::UnicodeNormalization;

use crate::encoding::Encoding;
use crate::language::{BIT, Cost};

use super::candidates::{self, Guess};
use super::declared::Declaration;
use super::dense::{self, PairCount, Pairs};
use super::gather::Gather;
use super::glyph::Text;
use super::structural::looks_like_ebcdic;
use super::tongue::{self, Tongue};

/// Bytes of the sample that the models are asked about.
const READ_BYTES: usize = 4 << 10;
/// Bytes by which encodings of pairs that do not fit are told.
const FIRST_LOOK_BYTES: usize = 512;
/// One malformed sequence for so many bytes above 7F rules an encoding of pairs out at the first look.
const MALFORMED_ONE_IN: usize = 6;
/// Different texts that are read after the first round, and languages for each.
const SHORTLIST: usize = 14;
const LANGUAGES: usize = 4;

/// What the first round may say too much of a text and it is still read: pairs know less than the models, and a file of
/// two encodings costs more in either.
const HOPELESS_SHARE: f64 = 0.2;
const HOPELESS_BITS: f64 = 60.0;
const THOROUGH_SHARE: f64 = 2.0;
/// The same after a look at some lines by the models.
const SECOND_SHARE: f64 = 0.1;
/// The same for the languages of a text.
const LANGUAGE_SHARE: f64 = 0.05;
const LANGUAGE_BITS: f64 = 20.0;
/// Bytes of these lines.
const LOOK_BYTES: usize = 256;
/// That many are read in any case.
const LEAST_SHORTLIST: usize = 4;
const LEAST_SECOND: usize = 2;

/// Price of UTF-16 without a mark, in bits.
const WIDE_PRICE: f64 = 3.0;

/// What a ranking is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) wide: bool,
    pub(super) thorough: bool,
}

/// One way to read the bytes.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) encoding: Encoding,
    /// Others that give the same text.
    pub(super) same: Vec<Encoding>,
    /// What the text costs in this encoding, in bits.
    pub(super) bits: f64,
    pub(super) language: &'static str,
    pub(super) malformed: usize,
    /// What each line of the sample costs, in the language that is best for it, in sixteenths of a bit.
    pub(super) lines: Vec<Cost>,
}

/// Ranks the legacy encodings, the best first. Never empty: some encoding accepts every byte.
///
/// With `wide` UTF-16 is one of them. A mixed file needs a `thorough` look: what explains a part of it is poor for all.
pub(super) fn rank(gather: &Gather, asked: Asked, declarations: &[Declaration]) -> Vec<Reading> {
    let sample = &gather.sample[..gather.sample.len().min(READ_BYTES)];
    let mut readings = single(gather, sample, asked, declarations);
    let look = spread(sample);
    let east_asian: Vec<(f64, &Guess)> = candidates::multi()
        .iter()
        .filter_map(|guess| Some((multi(gather, guess, &look, asked)?.bits, guess)))
        .collect();
    let least = east_asian
        .iter()
        .map(|(bits, _)| *bits)
        .chain(readings.iter().map(|r| r.bits))
        .fold(f64::MAX, f64::min);
    for (bits, guess) in east_asian {
        if asked.thorough || bits <= least + least.max(HOPELESS_BITS) {
            readings.extend(multi(gather, guess, sample, asked));
        }
    }
    with_supersets(gather, &mut readings, sample, asked);
    if !gather.utf8.is_clean() && gather.utf8.longer + gather.utf8.pairs > 0 {
        readings.extend(unicode(gather, Encoding::UTF_8, 0.0, sample));
    }
    for encoding in [Encoding::UTF_16LE, Encoding::UTF_16BE].into_iter().filter(|_| asked.wide) {
        readings.extend(unicode(gather, encoding, WIDE_PRICE, sample));
    }
    readings.iter_mut().for_each(|reading| reading.weigh(declarations));
    readings.sort_by(|a, b| a.bits.total_cmp(&b.bits));
    readings
}

/// Adds to readings by an encoding of pairs what those say that have more characters: if they read all alike, only
/// their names.
fn with_supersets(gather: &Gather, readings: &mut Vec<Reading>, sample: &[u8], asked: Asked) {
    let mut more = Vec::new();
    for reading in readings.iter_mut() {
        for superset in candidates::supersets().iter().filter(|superset| superset.of == reading.encoding) {
            let (text, _) = reading.encoding.decode_lossy(&gather.sample);
            let (other, malformed) = superset.guess.encoding.decode_lossy(&gather.sample);
            if text == other {
                reading.same.extend(gather.is_sample_all().then_some(superset.guess.encoding));
            } else if malformed == 0 && text.chars().filter(|&c| is_missing(c)).count() >= MISSING {
                more.extend(multi(gather, &superset.guess, sample, asked));
            }
        }
    }
    readings.extend(more);
}

/// One character that an encoding does not have is a slip, more are another encoding.
const MISSING: usize = 2;

/// What stands for a character that an encoding does not have.
fn is_missing(c: char) -> bool {
    c == char::REPLACEMENT_CHARACTER || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

impl Reading {
    /// Gives what is declared its weight; of encodings that give the same text the declared one is named.
    fn weigh(&mut self, declarations: &[Declaration]) {
        for declaration in declarations {
            let Some(encoding) = declaration.encoding else { continue };
            let is_it = |other: Encoding| {
                other == encoding || other.standard().is_some() && other.standard() == encoding.standard()
            };
            if let Some(at) = self.same.iter().position(|&same| is_it(same)) {
                std::mem::swap(&mut self.same[at], &mut self.encoding);
            }
            if is_it(self.encoding) {
                self.bits -= declaration.kind.bits();
                return;
            }
        }
    }
}

/// A text that some single-byte encodings agree on, after the first round.
struct Class {
    /// Their numbers among the candidates, the best first.
    numbers: Vec<usize>,
    /// The languages to ask, with their prices.
    tongues: Vec<(&'static Tongue, f64)>,
}

/// The readings of a byte a character that are worth listing.
fn single(gather: &Gather, sample: &[u8], asked: Asked, declarations: &[Declaration]) -> Vec<Reading> {
    let pairs = gather.pairs();
    let rest = match gather.is_sample_all() && gather.sample.len() <= READ_BYTES {
        true => None,
        false => Some(Pairs::new(without(&pairs, sample))),
    };
    let rest = rest.map(|pairs| (pairs.ascii_costs(), pairs));
    let rest = |number: usize, tongue: &Tongue| {
        rest.as_ref().map_or(0.0, |(ascii, pairs)| pairs.cost(number, tongue, ascii) as f64 / f64::from(BIT))
    };
    let mut classes = first_round(gather, &Pairs::new(pairs), asked, declarations);
    let look = spread(sample);
    if look.len() < sample.len() && !asked.thorough {
        classes = second_round(classes, &look);
    }
    classes.into_iter().filter_map(|class| read(&class, sample, &rest)).collect()
}

/// The texts and languages that are still likely after the models saw some lines.
fn second_round(classes: Vec<Class>, look: &[u8]) -> Vec<Class> {
    let mut seen: Vec<(f64, Class)> = Vec::new();
    for mut class in classes {
        let guess = &candidates::single()[class.numbers[0]];
        let text = Text::new(&decoded(guess.encoding, look));
        let price = |&(tongue, extra): &(&'static Tongue, f64)| {
            let cost: u64 = tongue.line_costs(&text).into_iter().map(u64::from).sum();
            guess.price + extra + cost as f64 / f64::from(BIT)
        };
        let bits: Vec<f64> = class.tongues.iter().map(price).collect();
        let least = bits.iter().copied().fold(f64::MAX, f64::min);
        let mut place = bits.iter();
        class.tongues.retain(|_| {
            place.next().is_some_and(|&bits| bits <= least + (least * LANGUAGE_SHARE).max(LANGUAGE_BITS))
        });
        seen.push((least, class));
    }
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    let worst = seen.first().map_or(0.0, |(least, _)| least + (least * SECOND_SHARE).max(HOPELESS_BITS));
    let hopeful = |&(at, (bits, _)): &(usize, (f64, Class))| at < LEAST_SECOND || bits <= worst;
    seen.into_iter().enumerate().filter(hopeful).map(|(_, (_, class))| class).collect()
}

/// Lines from all over a sample, for a second look that is cheaper than the whole.
fn spread(sample: &[u8]) -> Vec<u8> {
    if sample.len() <= LOOK_BYTES {
        return sample.to_vec();
    }
    let lines: Vec<&[u8]> = sample.split_inclusive(|&b| b == b'\n').collect();
    let every = (sample.len() / LOOK_BYTES).max(1);
    let look: Vec<u8> =
        lines.iter().step_by(every).flat_map(|line| line.iter().copied()).take(LOOK_BYTES * 2).collect();
    if look.is_ascii() { sample.to_vec() } else { look }
}

/// What the first round says of an encoding in a language.
struct First {
    bits: f64,
    number: usize,
    tongue: &'static Tongue,
    /// What the language adds to the price.
    extra: f64,
}

/// The different texts, the likeliest first, by pairs alone.
fn first_round(gather: &Gather, pairs: &Pairs, asked: Asked, declarations: &[Declaration]) -> Vec<Class> {
    let is_ebcdic = looks_like_ebcdic(&gather.sample);
    let ascii = pairs.ascii_costs();
    // The bytes above 7F first: there encodings differ.
    let present: Vec<u8> = (0..=255).rev().filter(|&byte| gather.present[usize::from(byte)]).collect();
    let alike = dense::alike(&present);
    // What each text costs in the languages that were asked.
    let mut known: Vec<Vec<(usize, u64)>> = vec![Vec::new(); alike.len()];
    let mut first: Vec<First> = Vec::new();
    for (number, guess) in candidates::single().iter().enumerate() {
        if guess.encoding.is_ebcdic() && !is_ebcdic {
            continue;
        }
        for &(tongue, extra) in &guess.tongues {
            let known = &mut known[alike[number]];
            let cost = match known.iter().find(|(asked, _)| *asked == tongue.number) {
                Some(&(_, cost)) => cost,
                None => {
                    let cost = pairs.cost(number, tongue, &ascii);
                    known.push((tongue.number, cost));
                    cost
                }
            };
            let bits = cost as f64 / f64::from(BIT) + guess.price + extra;
            first.push(First { bits, number, tongue, extra });
        }
    }
    first.sort_by(|a, b| a.bits.total_cmp(&b.bits));
    let least = first.first().map_or(0.0, |first| first.bits);
    let share = if asked.thorough { THOROUGH_SHARE } else { HOPELESS_SHARE };
    let worst = least + (least * share).max(HOPELESS_BITS);
    let mut classes: Vec<Class> = Vec::new();
    for First { bits, number, tongue, extra } in first {
        let encoding = candidates::single()[number].encoding;
        // What is declared is always read.
        let is_declared = declarations.iter().any(|declaration| declaration.encoding == Some(encoding));
        let is_room =
            classes.len() < SHORTLIST && (bits <= worst || classes.len() < LEAST_SHORTLIST) || is_declared;
        let same = |class: &&mut Class| alike[class.numbers[0]] == alike[number];
        match classes.iter_mut().find(same) {
            Some(class) => {
                if !class.numbers.contains(&number) {
                    class.numbers.push(number);
                }
                let is_new = class.tongues.iter().all(|(other, _)| other.tag != tongue.tag);
                if class.tongues.len() < LANGUAGES && is_new && bits <= worst {
                    class.tongues.push((tongue, extra));
                }
            }
            None if is_room => classes.push(Class { numbers: vec![number], tongues: vec![(tongue, extra)] }),
            None => {}
        }
    }
    classes
}

/// Asks the models about the text of a class.
fn read(class: &Class, sample: &[u8], rest: &impl Fn(usize, &Tongue) -> f64) -> Option<Reading> {
    let guesses = candidates::single();
    // Of encodings that say the same the most frequent one is named.
    let price = |number: &&usize| guesses[**number].price;
    let number = *class.numbers.iter().min_by(|a, b| price(a).total_cmp(&price(b)))?;
    let guess = &guesses[number];
    let text = decoded(guess.encoding, sample);
    let (bits, language, lines) = best_language(&text, &class.tongues, |tongue| rest(number, tongue))?;
    let same = class.numbers.iter().filter(|&&other| other != number).map(|&other| guesses[other].encoding);
    Some(Reading {
        encoding: guess.encoding,
        same: same.collect(),
        bits: guess.price + bits,
        language,
        malformed: 0,
        lines,
    })
}

/// The language in which a text costs least, with what is said of the rest of the file; and what each line costs.
fn best_language(
    text: &str,
    tongues: &[(&'static Tongue, f64)],
    rest: impl Fn(&'static Tongue) -> f64,
) -> Option<(f64, &'static str, Vec<Cost>)> {
    let text = Text::new(text);
    let mut best: Option<(f64, &'static str)> = None;
    let mut lines: Vec<Cost> = Vec::new();
    for &(tongue, extra) in tongues {
        let mut costs = tongue.line_costs(&text);
        let own: u64 = costs.iter().map(|&cost| u64::from(cost)).sum();
        let bits = own as f64 / f64::from(BIT) + extra + rest(tongue);
        if best.is_none_or(|(least, _)| bits < least) {
            best = Some((bits, tongue.tag));
        }
        // A language that the encoding is rarely used for is dear in each line.
        costs.iter_mut().filter(|cost| **cost > 0).for_each(|cost| *cost += (extra * f64::from(BIT)) as Cost);
        if lines.is_empty() {
            lines = costs;
        } else {
            lines.iter_mut().zip(costs).for_each(|(line, cost)| *line = cost.min(*line));
        }
    }
    best.map(|(bits, tag)| (bits, tag, lines))
}

/// The pairs that are not in the sample.
fn without(pairs: &[PairCount], sample: &[u8]) -> Vec<PairCount> {
    let mut counts = vec![0u32; 1 << 16];
    for pair in sample.windows(2) {
        counts[usize::from(pair[0]) << 8 | usize::from(pair[1])] += 1;
    }
    let rest = pairs.iter().map(|pair| {
        let here = counts[usize::from(pair.first) << 8 | usize::from(pair.second)];
        PairCount { count: pair.count.saturating_sub(here), ..*pair }
    });
    rest.filter(|pair| pair.count > 0).collect()
}

/// The text of bytes that are a character each, as the models know it.
pub(super) fn decoded(encoding: Encoding, bytes: &[u8]) -> String {
    // The line ends of a sample are put there, in EBCDIC too, which has nothing at that place.
    let char_of = |&byte: &u8| if byte == b'\n' { Some('\n') } else { encoding.page_char(byte) };
    let text: String = bytes.iter().filter_map(char_of).collect();
    // Letters and tones stand apart in windows-1258, and the models have them together.
    if encoding.label() == "windows-1258" { text.nfc().collect() } else { text }
}

/// A reading by an encoding of several bytes a character; `None` if it does not fit.
fn multi(gather: &Gather, guess: &Guess, sample: &[u8], asked: Asked) -> Option<Reading> {
    let head = &sample[..sample.len().min(FIRST_LOOK_BYTES)];
    let high = head.iter().filter(|b| !b.is_ascii()).count();
    let decoded = guess.encoding.decode_lossy(head);
    if !asked.thorough && decoded.1.saturating_sub(1) * MALFORMED_ONE_IN > high {
        return None;
    }
    let decoded = if head.len() < sample.len() { guess.encoding.decode_lossy(sample) } else { decoded };
    of_sample(gather, sample, guess, decoded)
}

/// A reading as Unicode, in any language.
fn unicode(gather: &Gather, encoding: Encoding, price: f64, sample: &[u8]) -> Option<Reading> {
    let decoded = encoding.decode_lossy(sample);
    let tongues = tongue::likeliest(&decoded.0, LANGUAGES).into_iter().map(|tongue| (tongue, 0.0)).collect();
    of_sample(gather, sample, &Guess { encoding, price, tongues }, decoded)
}

/// A reading of the sample, decoded with so many malformed sequences; the rest of the file is as the sample is.
fn of_sample(gather: &Gather, sample: &[u8], guess: &Guess, decoded: (String, usize)) -> Option<Reading> {
    let (text, malformed) = decoded;
    let (bits, language, lines) = best_language(&text, &guess.tongues, |_| 0.0)?;
    let scale = gather.counted as f64 / (sample.len().max(1) as f64);
    let bits = guess.price + bits * scale.max(1.0);
    Some(Reading { encoding: guess.encoding, same: Vec::new(), bits, language, malformed, lines })
}
