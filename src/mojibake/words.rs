//! What words say: that a repair makes a word of what was none is evidence that spelling alone does not give.

use std::ops::Range;
use std::sync::OnceLock;

use crate::encoding::{Encoding, Fed, Pending, Reader};
use crate::language::plausible::{self, Unit};
use crate::language::words::{LONGEST, SHORTEST, is_word, known};
use crate::language::{Context, Cost, Languages, Model};

use super::engine::Pass;
use super::languages::Fit;
use super::lattice::{Channel, Foreign};
use super::place::{is_latin, is_letter};
use super::{glance, languages, readers, weights};

/// A channel that makes words of what is none, and how much cheaper they are as words than letter by letter.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) channel: Channel,
    /// Less common readers that give the same characters for the same bytes.
    twins: Vec<Reader>,
    pub(super) truth: &'static Model,
    pub(super) saved: Cost,
    /// What it makes of the tokens.
    made: String,
    /// Whether there are known words among that.
    pub(super) makes_words: bool,
    /// What it must win by if it makes letters of the language around of others, whatever words these are in.
    pub(super) needed: Option<Cost>,
    /// What the language around has not.
    pub(super) foreign: Foreign,
}

impl Told {
    /// A channel that makes letters of the language around of others.
    pub(super) fn by_letters(
        channel: Channel,
        truth: &'static Model,
        needed: Cost,
        foreign: Foreign,
    ) -> Self {
        let (twins, made, needed) = (Vec::new(), String::new(), Some(needed));
        Self { channel, twins, truth, saved: 0, made, makes_words: false, needed, foreign }
    }

    /// Whether `channel` makes the same words.
    pub(super) fn is_of(&self, channel: Channel) -> bool {
        self.channel.written == channel.written
            && (self.channel.reader == channel.reader || self.twins.contains(&channel.reader))
    }
}

/// Words that are looked at in a window.
const MOST_WORDS: usize = 6;
/// Signs before and after a word in what stands between white space.
const MARKS: usize = 4;
/// Channels that are told of.
const MOST_TOLD: usize = 3;

/// How much cheaper `word` is as a word of its language than letter by letter; nothing if it is none. Its language is
/// the one whose spelling it fits best.
pub(super) fn saving(word: &[char]) -> Cost {
    let Some(known) = known(word).filter(|_| word.len() >= SHORTEST) else { return 0 };
    let models = languages::models_of_text(word.iter().copied()).iter();
    models.map(|model| spelled(word, model)).min().unwrap_or(0).saturating_sub(known.cost)
}

/// Whether this is a word of a language that the text around may be in.
pub(super) fn may_stand(word: &[char], fit: &Fit<'_>) -> bool {
    word.len() >= SHORTEST && known(word).is_some_and(|known| !fit.rules_out(known.languages))
}

/// Cost of a word by itself, letter by letter.
pub(super) fn spelled(word: &[char], model: &Model) -> Cost {
    let mut context = Context::default();
    let mut total = 0;
    for &c in word.iter().chain([&' ']) {
        let (cost, next) = model.step(context, c);
        total += cost;
        context = next;
    }
    total
}

/// The words in `text`: runs of letters, and those with an apostrophe between two runs that are known (`don’t`).
pub(super) fn runs(text: &[char]) -> impl Iterator<Item = Range<usize>> {
    let letters = |from: usize| {
        let start = from + text[from..].iter().position(|&c| is_letter(c))?;
        Some(
            start
                ..text[start..]
                    .iter()
                    .position(|&c| !is_letter(c))
                    .map_or(text.len(), |length| start + length),
        )
    };
    let mut next = letters(0);
    let mut before: Option<Range<usize>> = None;
    std::iter::from_fn(move || {
        let run = next.clone()?;
        let whole = before.take().map(|before| before.start..run.end);
        if let Some(whole) = whole.filter(|whole| known(&text[whole.clone()]).is_some()) {
            return Some(whole);
        }
        next = letters(run.end);
        let joins = |after: &Range<usize>| after.start == run.end + 1 && text[run.end] == '’';
        before = next.as_ref().filter(|after| joins(after)).map(|_| run.clone());
        Some(run)
    })
}

impl Pass<'_> {
    /// The channels that make words of the strange ones of a window, best first.
    pub(super) fn told_by_words(&self, spots: &[Range<usize>], chars: &[char], fit: &Fit<'_>) -> Vec<Told> {
        self.told(spots, chars, fit, is_word)
    }

    /// … of those that are strange and clean words of no language that the text may be in.
    pub(super) fn told_by_words_here(
        &self,
        spots: &[Range<usize>],
        chars: &[char],
        fit: &Fit<'_>,
    ) -> Vec<Told> {
        self.told(spots, chars, fit, |word| may_stand(word, fit))
    }

    fn told(
        &self,
        spots: &[Range<usize>],
        chars: &[char],
        fit: &Fit<'_>,
        is_clean: impl Fn(&[char]) -> bool,
    ) -> Vec<Told> {
        let mut told: Vec<Told> = Vec::new();
        for token in self.strange_tokens(spots, chars, is_clean) {
            add_told(&chars[token], fit, &mut told);
        }
        let price = |told: &Told| {
            i64::from(weights::enter_told(told.channel) + fit.against(told.truth)) - i64::from(told.saved)
        };
        told.sort_by_key(|told| (price(told), weights::enter(told.channel)));
        // Of those that make the same the most likely one.
        let mut made: Vec<String> = Vec::new();
        told.retain_mut(|told| {
            let is_new = !made.contains(&told.made);
            made.push(std::mem::take(&mut told.made));
            is_new
        });
        told.truncate(MOST_TOLD);
        told
    }

    /// What stands between white space and holds a strange character, but is no word; any beyond ASCII is strange where
    /// the text is known to be garbled.
    fn strange_tokens(
        &self,
        spots: &[Range<usize>],
        chars: &[char],
        is_clean: impl Fn(&[char]) -> bool,
    ) -> Vec<Range<usize>> {
        let mut tokens: Vec<Range<usize>> = Vec::new();
        let places: Vec<usize> = match self.is_garbled() {
            true => (0..chars.len()).filter(|&at| !chars[at].is_ascii()).collect(),
            false => spots.iter().map(|spot| spot.start).filter(|&at| at < chars.len()).collect(),
        };
        let mut done = 0;
        for at in places {
            // A page without white space is one token, with a spot every few characters.
            if at < done {
                continue;
            }
            // In the pages of DOS a no-break space is a letter.
            let is_white = |c: &char| c.is_whitespace() && *c != '\u{a0}';
            let start = chars[..at].iter().rposition(is_white).map_or(0, |space| space + 1);
            let length = chars[at..].iter().position(is_white);
            let end = length.map_or(chars.len(), |length| at + length);
            done = end;
            let token = &chars[start..end];
            let is_clean = || runs(token).any(|run| is_clean(&token[run]));
            if end - start > LONGEST + MARKS || is_clean() {
                continue;
            }
            tokens.push(start..end);
            if tokens.len() == MOST_WORDS {
                break;
            }
        }
        tokens
    }
}

/// The bytes that a token may have been, each with the readers that give it, the most common first.
fn readings(token: &[char]) -> Vec<(Vec<u8>, Vec<Reader>)> {
    let mut readings: Vec<(Vec<u8>, Vec<Reader>)> = Vec::new();
    let mut bytes: Vec<u8> = Vec::with_capacity(2 * token.len());
    for reader in readers::usual_readers() {
        bytes.clear();
        let is_read = token.iter().all(|&c| match u8::try_from(c) {
            // ASCII is the same to all of them.
            Ok(byte @ ..0x80) => {
                bytes.push(byte);
                true
            }
            _ => match reader.encoding().sloppy_bytes_of(c) {
                Some(own) => {
                    bytes.extend_from_slice(own.as_slice());
                    true
                }
                None => false,
            },
        });
        if !is_read {
            continue;
        }
        match readings.iter_mut().find(|(other, _)| *other == bytes) {
            Some((_, readers)) => readers.push(reader),
            None => readings.push((bytes.clone(), vec![reader])),
        }
    }
    readings
}

/// What a byte from 80 on is in the single-byte encodings, one bit for each in the order of [`glance::single_byte`].
struct Byte {
    assigned: u64,
    letters: u64,
    /// Letters of another alphabet than the Latin one.
    others: u64,
    /// For each of the encodings those that have the same there.
    alike: [u64; u64::BITS as usize],
    capitals: u64,
    /// Small letters, but for `ß`, which stands among capitals.
    smalls: u64,
    apostrophes: u64,
    /// The small Latin letters that it is somewhere which the set of neighbours knows between two others, as this knows
    /// them, each with the encodings.
    between: Vec<(Unit, u64)>,
}

fn high_bytes() -> &'static [Byte] {
    static BYTES: OnceLock<Vec<Byte>> = OnceLock::new();
    let byte = |byte: u8| {
        let all = glance::single_byte().iter();
        let chars: Vec<char> = all.map(|page| page.page_char(byte).unwrap_or('\u{fffd}')).collect();
        let bits = |is: &dyn Fn(char) -> bool| {
            chars.iter().enumerate().filter(|&(_, &c)| is(c)).fold(0, |all, (page, _)| all | 1 << page)
        };
        let mut alike = [0; u64::BITS as usize];
        alike.iter_mut().zip(&chars).for_each(|(alike, &own)| *alike = bits(&|c| c == own));
        let mut between: Vec<(Unit, u64)> = Vec::new();
        for (page, unit) in chars.iter().enumerate().filter_map(|(page, &c)| Some((page, small_unit(c)?))) {
            match between.iter_mut().find(|(other, _)| *other == unit) {
                Some((_, pages)) => *pages |= 1 << page,
                None => between.push((unit, 1 << page)),
            }
        }
        Byte {
            assigned: bits(&|c| c != '\u{fffd}'),
            letters: bits(&is_letter),
            others: bits(&|c| is_letter(c) && !is_latin(c)),
            alike,
            capitals: bits(&char::is_uppercase),
            smalls: bits(&|c| c.is_lowercase() && c != 'ß'),
            apostrophes: bits(&|c| c == '’'),
            between,
        }
    };
    BYTES.get_or_init(|| (0x80..=0xff).map(byte).collect())
}

fn small_unit(c: char) -> Option<Unit> {
    let unit = plausible::unit(u32::from(c), |_| false);
    (c.is_lowercase() && plausible::is_latin(unit)).then_some(unit)
}

impl Byte {
    /// Those of `pages` in which it is a small letter that clean text does not have between two other characters.
    fn unseen(&self, pages: u64, [before, after]: [u8; 2]) -> u64 {
        if !(before.is_ascii() && after.is_ascii()) {
            return 0;
        }
        let is_seen = |unit: Unit| {
            let is_seen = |before| beside(after).any(|after| plausible::is_seen_between(before, unit, after));
            beside(before).any(is_seen)
        };
        let unseen = self.between.iter().filter(|&&(unit, own)| own & pages != 0 && !is_seen(unit));
        unseen.fold(0, |all, (_, own)| all | own)
    }
}

/// A neighbour as the set of neighbours knows it: where it is no letter, a word may as well begin or end at another one.
fn beside(byte: u8) -> impl Iterator<Item = Unit> {
    let all = if byte.is_ascii_alphabetic() { [byte, byte] } else { *b" ." };
    all.into_iter().take(if byte.is_ascii_alphabetic() { 1 } else { 2 }).map(plausible::ascii_unit)
}

/// The single-byte encodings in which some bytes may make words, one bit each: all bytes are assigned, none is a letter of
/// another alphabet beside an ASCII letter, and [`Runs`] may be words.
struct Pages {
    high: Vec<&'static Byte>,
    left: u64,
    /// Those that were seen to make none.
    refused: u64,
}

impl Pages {
    fn of(bytes: &[u8]) -> Self {
        let high_of = |byte: u8| high_bytes().get(usize::from(byte.checked_sub(0x80)?));
        let high: Vec<&Byte> = bytes.iter().filter_map(|&byte| high_of(byte)).collect();
        let assigned = high.iter().fold(u64::MAX, |all, byte| all & byte.assigned);
        let others = |[a, b]: [u8; 2]| match high_of(b) {
            Some(byte) if a.is_ascii_alphabetic() => byte.others,
            _ => 0,
        };
        let pairs = bytes.windows(2).map(|pair| others([pair[0], pair[1]]) | others([pair[1], pair[0]]));
        let mixed = pairs.fold(0, |all, others| all | others);
        let pages = assigned & !mixed;
        let beside = |at: Option<usize>| at.and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
        let mut runs = Runs::default();
        for (at, &byte) in bytes.iter().enumerate() {
            match high_of(byte) {
                Some(high) => {
                    let unseen = high.unseen(pages, [beside(at.checked_sub(1)), beside(Some(at + 1))]);
                    runs.add_high(high, unseen);
                }
                None => runs.add_ascii(byte),
            }
        }
        runs.end(u64::MAX);
        Self { high, left: pages & runs.words, refused: 0 }
    }

    /// The next one. What gives the same text as another encoding makes no more words than that.
    fn next(&mut self) -> Option<usize> {
        while self.left != 0 {
            let page = self.left.trailing_zeros() as usize;
            self.left &= self.left - 1;
            if self.high.iter().fold(self.refused, |same, byte| same & byte.alike[page]) == 0 {
                return Some(page);
            }
        }
        None
    }

    fn refuse(&mut self, page: usize) {
        self.refused |= 1 << page;
    }
}

/// Runs of letters in all encodings at once, one bit each, and whether they may be words: these have a letter beyond ASCII,
/// capitals beyond ASCII only at the beginning or all through, and small letters as clean text has them; or an apostrophe
/// stands between two runs.
#[derive(Default)]
struct Runs {
    /// Those in which some run may be a word.
    words: u64,
    /// Those in which an apostrophe follows a run.
    joined: u64,
    /// Whether the present run has a letter, …
    begun: u64,
    /// … and what it has else.
    high: u64,
    small: u64,
    capital_within: u64,
    unseen: u64,
}

impl Runs {
    fn add_high(&mut self, byte: &Byte, unseen: u64) {
        let joined = byte.apostrophes & self.begun;
        self.words |= std::mem::take(&mut self.joined) & byte.letters;
        self.end(!byte.letters);
        self.high |= byte.letters;
        self.small |= byte.smalls;
        self.capital_within |= byte.capitals & self.begun;
        self.unseen |= unseen;
        self.grow(byte.letters);
        self.joined = joined;
    }

    fn add_ascii(&mut self, byte: u8) {
        if !byte.is_ascii_alphabetic() {
            return self.end(u64::MAX);
        }
        self.small |= if byte.is_ascii_lowercase() { u64::MAX } else { 0 };
        self.grow(u64::MAX);
    }

    fn grow(&mut self, pages: u64) {
        self.begun |= pages;
        self.words |= std::mem::take(&mut self.joined) & pages;
    }

    /// Where runs end.
    fn end(&mut self, pages: u64) {
        self.joined = 0;
        self.words |= pages & self.begun & self.high & !self.unseen & !(self.capital_within & self.small);
        for all in
            [&mut self.begun, &mut self.high, &mut self.small, &mut self.capital_within, &mut self.unseen]
        {
            *all &= !pages;
        }
    }
}

fn add_told(token: &[char], fit: &Fit<'_>, told: &mut Vec<Told>) {
    let mut text = Vec::with_capacity(token.len());
    for (bytes, readers) in readings(token) {
        let [reader, twins @ ..] = &readers[..] else { continue };
        let reader = *reader;
        // Through pairs alone nearly any two letters make some word; UTF-8 is not made by chance.
        let has_letters = || token.iter().any(char::is_ascii_lowercase);
        let may_be_single = reader.encoding().is_single_byte() || has_letters();
        let mut pages = may_be_single.then(|| Pages::of(&bytes));
        let mut is_last = false;
        while !is_last {
            let page = pages.as_mut().and_then(Pages::next);
            is_last = page.is_none();
            let written = page.map_or(Encoding::UTF_8, |page| glance::single_byte()[page]);
            if !decode(written, &bytes, &mut text) || text == token {
                continue;
            }
            let words =
                || runs(&text).map(|run| &text[run]).filter(|word| is_word(word) || is_short_word(word, fit));
            if words().next().is_none() {
                page.into_iter().zip(&mut pages).for_each(|(page, pages)| pages.refuse(page));
                continue;
            }
            let channel = Channel { written, reader };
            let saved = words().map(saving).sum();
            let models = match languages::models_of(written) {
                [] => languages::models_of_text(text.iter().copied()),
                models => models,
            };
            let known =
                words().filter_map(known).fold(Languages::default(), |all, word| all.or(word.languages));
            let models = models.iter().copied().filter(|model| known.has(model));
            let cost =
                |truth: &&Model| words().map(|word| spelled(word, truth)).sum::<Cost>() + fit.against(truth);
            let Some(truth) = models.min_by_key(cost) else { continue };
            match told.iter_mut().find(|other| other.channel == channel) {
                Some(other) => {
                    other.saved += saved;
                    other.made.extend(&text);
                    other.twins.retain(|twin| twins.contains(twin));
                }
                None => {
                    let made = text.iter().collect();
                    told.push(Told {
                        channel,
                        twins: twins.to_vec(),
                        truth,
                        saved,
                        made,
                        makes_words: true,
                        needed: None,
                        foreign: Foreign::default(),
                    });
                }
            }
        }
    }
}

/// Whether this is a word of one or two letters of the language that a text is in.
fn is_short_word(word: &[char], fit: &Fit<'_>) -> bool {
    word.len() < SHORTEST
        && fit.has_letters()
        && known(word).is_some_and(|known| !known.languages.and(fit.near(languages::FAR)).is_empty())
        && fit.is_language()
}

/// Decodes `bytes` into `text`; false if they are malformed.
fn decode(written: Encoding, bytes: &[u8], text: &mut Vec<char>) -> bool {
    text.clear();
    if written.is_single_byte() {
        text.extend(bytes.iter().filter_map(|&byte| written.page_char(byte)));
        return !text.contains(&char::REPLACEMENT_CHARACTER);
    }
    let mut pending = Pending::NONE;
    let is_fine = bytes.iter().all(|&byte| {
        match written.feed(pending, byte) {
            Fed::Char(c) => {
                text.push(c);
                pending = Pending::NONE;
            }
            Fed::More(more) => pending = more,
            Fed::Malformed => return false,
        }
        true
    });
    is_fine && pending.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mojibake::{Repairer, repair};

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    /// What UTF-8 makes of it is as well a letter of Vietnamese; the word is Portuguese.
    #[test]
    fn a_known_word_tells_the_language_of_what_pairs_stand_for() {
        for word in ["preferência", "consciência", "conferência"] {
            super::super::assert_comes_back(word, "utf-8", "gbk");
        }
    }

    #[test]
    fn one_letter_in_a_sentence_comes_back_where_that_makes_a_word() {
        for (garbled, text) in [
            ("Das ist nat³rlich eine Frage der Zeit.", "Das ist natürlich eine Frage der Zeit."), // windows-1252 as 850
            ("La reuni\u{97}n empieza ma\u{96}ana.", "La reunión empieza mañana."), // MacRoman as Latin-1
            ("Ho aperto la sessi├│ i l'he tancada.", "Ho aperto la sessió i l'he tancada."), // UTF-8 as code page 437
            ("Ayer, la reuniуn; maсana, nada.", "Ayer, la reunión; mañana, nada."), // … as windows-1251
            ("Elle a ┌t┌ r┌p┌t┌e hier.", "Elle a été répétée hier."), // code page 437 as KOI8-R: no drawing
            ("Dove ц╗ la barca?", "Dove è la barca?"),                // UTF-8 as KOI8-R: a letter is a word
            ("verr├á", "verrà"),                                      // … as code page 850
            ("Adesso Γ¨ tardi.", "Adesso è tardi."),                  // … as windows-1253
        ] {
            assert_eq!(repair(garbled).text, text);
        }
    }

    #[test]
    fn words_of_a_language_that_no_model_knows_stay() {
        // Sardinian, Kurdish, Albanian: letters over and over that the models give to others.
        for line in [
            "Repùblica de Ispagna, Repùblica de Tzile",
            "Okyanûsa Hindî ya Brîtanî",
            "Republika e Çadit është këtu",
        ] {
            let text = format!("{line}\n").repeat(40);
            assert_eq!(repair(&text).text, text);
        }
    }

    #[test]
    fn letters_and_signs_in_a_list_stay() {
        for text in ["√∂ √± ≈°", "├ ┤ ┬┐ ┴", "Рэзюмэ", "Γ Δ Θ", "Β΄ τόμος", "ř, ó, í"]
        {
            assert_eq!(repair(text).text, text);
        }
    }

    #[test]
    fn a_word_in_two_alphabets_is_not_made_nor_undone() {
        for word in ["Анgуилья", "Kазaxcтaн", "Mаршруt"] {
            assert_eq!(repair(word).text, word);
        }
    }

    #[test]
    fn what_is_said_to_be_garbled_is_not_garbled_again() {
        for (garbled, text) in [("юПУХБ", "Архив"), ("藙蓙臙", "ملف"), ("maсana", "mañana")]
        {
            assert_eq!(Repairer::new().assume_garbled(true).repair(garbled).text, text);
        }
    }

    #[test]
    fn what_is_said_to_be_garbled_comes_back_from_ascii_and_controls() {
        for truth in ["погода на завтра", "ο καιρός αύριο", "מזג האוויר"] {
            let garbled: String = truth.encode_utf16().flat_map(u16::to_le_bytes).map(char::from).collect();
            assert_eq!(Repairer::new().assume_garbled(true).repair(&garbled).text, truth);
        }
    }

    #[test]
    fn running_text_stays_though_it_is_said_to_be_garbled() {
        for text in [
            "昨日の夕方、渡し船は霧の中をゆっくりと進み、乗客は誰も話さなかった。\n",
            "어제 저녁 나룻배는 안개 속을 천천히 지나갔고, 승객들은 아무 말도 하지 않았다.\n",
            "Вчера вечером паром медленно шёл сквозь туман, и никто из пассажиров не говорил.\n",
        ] {
            let text = text.repeat(20);
            assert_eq!(Repairer::new().assume_garbled(true).repair(&text).text, text);
        }
    }

    #[test]
    fn what_is_sure_comes_first_of_what_is_said_to_be_garbled() {
        // Letters of code page 855 are UTF-8 by chance.
        for (truth, written, reader) in [
            ("перевозчик", "x-mac-cyrillic", "koi8-r"),
            ("над паром перевозчик", "x-mac-cyrillic", "koi8-r"),
            ("ушёл", "x-mac-cyrillic", "windows-1251"),
        ] {
            let garbled = crate::mojibake::garbled(truth, written, reader);
            assert_eq!(Repairer::new().assume_garbled(true).repair(&garbled).text, truth);
        }
    }

    #[test]
    fn encodings_differ_only_from_80_on() {
        assert!(glance::single_byte().len() <= u64::BITS as usize);
        for encoding in glance::single_byte() {
            assert!((0..0x80).all(|byte| encoding.page_char(byte) == Some(char::from(byte))), "{encoding}");
        }
    }

    #[test]
    fn a_word_saves_and_what_is_none_does_not() {
        assert!(saving(&chars("ursprüngliche")) > saving(&chars("für")));
        assert_eq!(saving(&chars("ursprûngliche")), 0);
        assert_eq!(saving(&chars("house")), 0);
    }

    #[test]
    fn runs_are_letters_and_known_words_with_an_apostrophe() {
        let text = chars("a bc, d");
        assert_eq!(runs(&text).collect::<Vec<_>>(), [0..1, 2..4, 6..7]);
        assert_eq!(runs(&[]).count(), 0);
        let text = chars("I don’t, l’a");
        let words: Vec<String> = runs(&text).map(|run| text[run].iter().collect()).collect();
        assert_eq!(words, ["I", "don", "don’t", "t", "l", "a"]);
    }
}
