//! Every price of the repair, in sixteenths of a bit, in one place.
//!
//! A price is minus the logarithm of how often something happens. Where the training text can say how often, the
//! comment says so; the others are choices, made on the development text and named as such.

use std::sync::OnceLock;

use crate::encoding::Encoding;
use crate::language::{self, BIT, Cost};

use super::languages;
use super::lattice::Channel;
use super::place::{is_latin, is_letter};

/// A stretch of text is damaged by the most common channel at all, UTF-8 read as windows-1252. Chosen: one stretch in
/// 2^11 characters; valid UTF-8 that is cheaper than what stands there is next to never chance (in 880,000 lines of
/// clean text no stretch gained more than 7 bits at a price of 9). What another channel costs more is in [`channel`].
pub(super) const ENTER: Cost = 11 * BIT;
/// … and what one costs more that is not of UTF-8, at least.
pub(super) const NOT_UTF8: Cost = 6 * BIT;
/// … where the same channel was already found in this text.
pub(super) const ENTER_AGAIN: Cost = 7 * BIT;
/// … and what one costs more of which only the reader differs, and is the twin of the one that was found.
pub(super) const TWIN: Cost = 4 * BIT;
/// … where something says that there is damage: known words that a channel makes of what is none, or a character where
/// it cannot stand. What else the price stands for is then asked of the result, as [`Fitting`].
pub(super) const ENTER_TOLD: Cost = 2 * BIT;
/// What of the price of a channel counts in full there.
const USUAL: Cost = 4 * BIT;
/// … and begins behind clean characters that the reader could have made, or ends at one: mostly a text is damaged as a
/// whole.
pub(super) const MIXED: Cost = 5 * BIT;
/// The damage ends before the text does.
pub(super) const LEAVE: Cost = 3 * BIT;
/// … or begins beside a character that the reader could have made, and that is clean all the same.
pub(super) const BORDER: Cost = 14 * BIT;
/// … beside an East Asian one, where a reader of pairs made what is damaged.
pub(super) const BORDER_IN_PAIRS: Cost = 3 * BIT;
/// Clean text repeats a character, or a sign among the last [`MEMORY`] characters.
pub(super) const REPEATED: Cost = 4 * BIT;
/// What a letter of a language costs at most, taken alone.
pub(super) const OF_LANGUAGE: Cost = 13 * BIT;
/// The most that a clean character costs: a language that no text was there to learn from is no damage.
pub(super) const STANDS: Cost = 22 * BIT;
/// A letter of another script beside an ASCII letter, on each side.
pub(super) const STRANGER: Cost = 7 * BIT;
/// A line of which the rest came through one channel came through it as a whole, though what is left over of it can stand.
pub(super) const LEFT_OVER: Cost = 8 * BIT;
/// A word that is not known: 1 in 8 words of running text; in a language that the models do not know each is one.
pub(super) const UNKNOWN_WORD: Cost = 3 * BIT;
/// How much cheaper a word with a guessed byte is where it is known: half of the words of running text are.
pub(super) const GUESSED_WORD: Cost = 6 * BIT;
/// … and a longer one, of which spelling alone leaves more: for each letter over so many, and so many of them at most.
pub(super) const GUESSED_LETTER: Cost = BIT;
pub(super) const SHORT_WORD: u8 = 6;
pub(super) const LONGER: u8 = 4;
/// How sure it is that a space at the end of a text that was read as UTF-16 was put there to make its bytes even. Chosen: half
/// of all texts have an odd number of bytes, and of clean lines (`corpora/clean`, 771,395) one in eighty ends with a space.
pub(super) const PADDED: f64 = 0.9;
/// How sure it must be which word it was of which letters were replaced by U+FFFD. All of these were chosen on the development
/// text with its letters beyond ASCII replaced: what is said to be so sure is right so often.
pub(super) const SURE_WORD: f64 = 0.85;
/// … how much of what a spelling costs more than another counts for that, …
pub(super) const SURE_OF_SPELLING: f64 = 0.7;
/// … the part of its spelling that counts beside how often a known word comes, …
pub(super) const SPELLING_OF_KNOWN: Cost = 4;
/// … what a word costs more that is not known, …
pub(super) const UNKNOWN_IN_GAPS: Cost = 10 * BIT;
/// … what a word costs letter by letter at most, for each letter and once, …
pub(super) const SPELLED_EACH: Cost = 5 * BIT;
pub(super) const SPELLED_MORE: Cost = 12 * BIT;
/// … how much more one costs than the best that is not looked at, …
pub(super) const OUT_OF_QUESTION: Cost = 20 * BIT;
/// … a capital within a sentence, and a small letter at its beginning, …
pub(super) const ODD_CASE: Cost = 4 * BIT;
/// … a sign beside a word, …
pub(super) const SIGN_BESIDE: Cost = 5 * BIT;
/// … a language that the rest of the text is not in, at most, …
pub(super) const NOT_OF_TEXT: Cost = 6 * BIT;
/// … what a word costs at most that says how its letters were replaced, how much more all must say for bytes, …
pub(super) const WORD_IN_GAPS: Cost = 60 * BIT;
pub(super) const BY_BYTES: Cost = 6 * BIT;
/// … what an even run says for these, and a single U+FFFD against them.
pub(super) const RUN_OF_BYTES: Cost = 8 * BIT;
pub(super) const SINGLE_BYTE: Cost = 10 * BIT;
/// A capital behind a small letter, in another alphabet than Latin, over what the model asks.
pub(super) const CAPITAL_WITHIN: Cost = 10 * BIT;
/// Letters beyond ASCII, at least, for each place where one of them stands beside a Latin one.
pub(super) const LETTERS_FOR_ONE_MIXED: usize = 32;
/// Different words of which one is known, at least, in a text of a language that is.
pub(super) const WORDS_FOR_ONE_KNOWN: usize = 6;
/// What a repaired character costs at least.
pub(super) const NEVER_LESS: Cost = 4 * BIT;
/// Characters looked back for a repetition.
pub(super) const MEMORY: usize = 8;
/// A drawing goes on with lines of its kind and blocks.
pub(super) const DRAWN: Cost = 5 * BIT;
/// Clean text has a no-break space: typography puts one before every sign.
pub(super) const NO_BREAK_SPACE: Cost = 7 * BIT;
/// A letter of clean text has a combining mark.
pub(super) const COMBINING: Cost = 7 * BIT;
/// Clean text goes on to the next letter or sign of a list.
pub(super) const IN_SEQUENCE: Cost = 7 * BIT;

/// A filter dropped every U+00AD of the damaged text: paid once, each byte is then free, because the loss leaves no
/// choice.
pub(super) const DROPS_AD: Cost = 4 * BIT;
/// … and of UTF-8, or of single bytes.
pub(super) const DROPS_AD_OF_OTHERS: Cost = 12 * BIT;
/// A filter turned every U+00AD into a hyphen or a space.
pub(super) const REPLACES_AD: Cost = 9 * BIT;
/// … and each hyphen or space that is taken for one.
pub(super) const EACH_AD: Cost = 2 * BIT;
/// A filter turned every NBSP into a space.
pub(super) const NBSP_TO_SPACE: Cost = 9 * BIT;
/// … and each space that is taken for one: most spaces are spaces.
pub(super) const EACH_NBSP: Cost = 6 * BIT;
/// … each inside a character of UTF-8, which wants it.
pub(super) const EACH_NBSP_INSIDE: Cost = BIT;
/// A filter dropped the C1 controls (and U+00AD), or a reader that has no character for them.
pub(super) const DROPS_C1: Cost = 14 * BIT;
/// … and each dropped control; which of the 32 it was, the text says.
pub(super) const EACH_C1: Cost = 3 * BIT;
/// A reader has a character for several pairs of bytes, and it was not the pair that is written.
pub(super) const OTHER_FORM: Cost = 2 * BIT;
/// A byte was replaced by U+FFFD or `?` because the reader has no character for it: one of five in windows-1252.
pub(super) const REPLACED_UNASSIGNED: Cost = 3 * BIT;
/// … or by `?` because the reader had a control character for it: one of 32.
pub(super) const REPLACED_CONTROL: Cost = 5 * BIT;
/// A byte was replaced by U+FFFD or `?` for another reason: one of 128.
pub(super) const REPLACED_ANY: Cost = 8 * BIT;
/// Two bytes were replaced by one U+FFFD because the reader has no character for the pair: the pair is one of a
/// thousand.
pub(super) const REPLACED_PAIR: Cost = 10 * BIT;
/// The last byte of a character is gone because the reader could not pair it with the ASCII that followed.
pub(super) const DROPPED_TAIL: Cost = 10 * BIT;
/// Letters were folded after they had been read.
pub(super) const FOLDED: Cost = 10 * BIT;
/// … and each letter that is taken for a folded one.
pub(super) const EACH_FOLDED: Cost = BIT / 2;
/// One byte was lost for no reason that can be named, at this place of all places.
pub(super) const DROPPED_ANY: Cost = 22 * BIT;
/// … before the first or after the last character of a text, where texts are cut.
pub(super) const DROPPED_AT_END: Cost = 12 * BIT;
/// … inside a character of UTF-8, where the structure says that one is missing.
pub(super) const DROPPED_INSIDE: Cost = 14 * BIT;
/// Somebody put spaces between the characters.
pub(super) const SPACED: Cost = 9 * BIT;
/// … each of them; running Chinese has none.
pub(super) const EACH_SPACE: Cost = BIT;
/// … each between letters, where a space may well be meant.
pub(super) const EACH_REAL_SPACE: Cost = 8 * BIT;
/// A line end was put within a character of UTF-8.
pub(super) const PARTED: Cost = 10 * BIT;
/// A byte of a filtered set survived the filter.
pub(super) const SURVIVOR: Cost = 22 * BIT;
/// The reader took a character below U+0100 from two bytes of UTF-8 instead of one of its own.
pub(super) const FUSED_LATIN: Cost = 2 * BIT;

/// A character beyond the Basic Multilingual Plane, over what the model asks: nearly any four bytes give one.
pub(super) const ASTRAL: Cost = 4 * BIT;
/// … of two halves, at most: chance makes no six bytes of which the second half fits the first.
pub(super) const OF_HALVES: Cost = 12 * BIT;
/// … where there are no ideographs either.
pub(super) const BEYOND: Cost = 12 * BIT;
/// An ideograph that the model has never seen: one of 2^16, and one of them in 2^10 characters.
pub(super) const UNKNOWN_IDEOGRAPH: Cost = 26 * BIT;

/// A space between two ideographs: layout puts it there, running text does not.
pub(super) const SPACE_IN_HAN: Cost = 4 * BIT;
/// One Latin letter between two ideographs of Big5, half of whose pairs end in ASCII, over what the model asks: counted
/// in running text, one in 2^16 (small) to 2^14 characters, where the models ask 12 bits for each letter.
pub(super) const LETTER_IN_HAN: Cost = 6 * BIT;

/// Dots where layout has wide spaces, and a wide space at the end of a sentence, where people have dots.
pub(super) const DOTS_AS_LAYOUT: Cost = 12 * BIT;
/// Ideographs of the name of a field, and one, at most.
pub(super) const LABEL: u8 = 8;

/// Weight of the document's own characters in the mixture with the language model.
pub(super) const CACHE_SHARE: f64 = 0.15;

/// Hypotheses kept at each character.
pub(super) const BEAM: usize = 8;
/// … where C1 controls were dropped: a lead byte alone may go on in 32 ways, and only the next byte tells.
pub(super) const WIDE_BEAM: usize = 96;
/// … and where bytes of UTF-8 were replaced, each in 64 ways (of pairs as many as above). Chosen on `eval/`: with 24 fewer
/// come back, with 96 no more.
pub(super) const REPLACED_BEAM: usize = 48;
/// … and how much worse than the best they may be: a stretch that has just paid for its channel must live until that
/// pays off.
pub(super) const BEAM_MARGIN: Cost = 48 * BIT;
/// Other ways through a window are told up to this much dearer than the best.
pub(super) const RUNNER_UP: Cost = 14 * BIT;
/// … and where none is as near as this, the text is taken to be what it says.
pub(super) const NO_CHOICE: Cost = 4 * BIT;
/// How much better than the text as it stands a repair must be.
pub(super) const MARGIN: Cost = 2 * BIT;
/// … and how much better one under a layer that gains nothing by itself. Chosen: chance gave 7 bits at most.
pub(super) const LAYER: Cost = 10 * BIT;
/// … and one beside what single bytes explain as a whole: a share of what these win, one part in so many.
pub(super) const RIVAL_OF_LAYER: f64 = 4.0;
/// … and one that makes other Latin letters of Latin letters.
pub(super) const OTHER_LETTERS: Cost = 8 * BIT;
/// … and one that makes few different characters: of a thousand channels some make something of any two signs. By their
/// number; what cannot stand where it stands needs none of it.
/// Index: twice their number, and more for what chance makes less often.
pub(super) const FEW: [Cost; 13] = {
    let bits = [40, 40, 36, 26, 18, 14, 12, 10, 8, 6, 4, 2, 0];
    let mut costs = [0; 13];
    let mut at = 0;
    while at < bits.len() {
        costs[at] = bits[at] * BIT;
        at += 1;
    }
    costs
};
/// What an index into [`FEW`] grows by for a character that cannot well stand where it stands, by how little it can.
pub(super) const STRANGE: [usize; 3] = [0, 3, 7];
/// … and for a sequence of UTF-8: chance makes next to none.
pub(super) const IS_UTF8: usize = 8;
/// … of which known words need so much less: that chance makes one of them is rare by itself.
pub(super) const FEW_OF_WORDS: Cost = 6;
/// … where it makes known words of what is none, and the characters can stand where they stand, or cannot. Measured on
/// 880,000 lines of clean text: with a bit less, where they can stand, one is changed wrongly.
pub(super) const KNOWN_WORDS: [Fitting; 2] =
    [Fitting { least: 8 * BIT, most: 16 * BIT }, Fitting { least: 5 * BIT, most: 11 * BIT }];
/// … and only letters of letters of the same alphabet: this, and twice what speaks for another language.
pub(super) const KNOWN_LETTERS: Cost = 14 * BIT;
/// … less what the words around say for that language beyond what they may say by chance, …
pub(super) const SAYS_NOTHING: Cost = 4 * BIT;
/// … but this at least.
pub(super) const KNOWN_IN_TEXT: Cost = BIT;
/// … where it makes small Latin letters of what cannot stand in a word. With 14 bits in all a sign among tests is changed.
pub(super) const OUT_OF_PLACE: Fitting = Fitting { least: 4 * BIT, most: 15 * BIT };
/// … and of a sign that touches a word. Chance gains 8 bits over what speaks for another language.
pub(super) const BESIDE_WORD: Fitting = Fitting { least: 7 * BIT, most: Cost::MAX };
/// … and of what a reader of pairs made. Chance gains 4 bits.
pub(super) const PAIRS_OUT_OF_PLACE: Fitting = Fitting { least: 2 * BIT, most: 15 * BIT };
/// … and how much more all that becomes of letters which look like Latin ones: who types with two keyboards writes them.
pub(super) const LOOK_ALIKE: Cost = 16 * BIT;
/// … and one that makes ideographs, syllables or their signs of which no two stand beside each other.
pub(super) const ALONE: Cost = 64 * BIT;
/// … for each letter that becomes a sign: damage makes signs of letters.
pub(super) const LETTER_TO_SIGN: Cost = 20 * BIT;
/// … for each one that differs in its accent alone.
pub(super) const OTHER_ACCENT: Cost = 9 * BIT;
/// Characters of a stretch that are compared with what they are in each language.
pub(super) const COMPARED: usize = 600;
/// A text may be in a language that fits its ASCII letters worse by so much than the one that fits best.
pub(super) const NEAR_LANGUAGE: Cost = 8 * BIT;
/// What a repair must win by that makes letters of the language around of others, in whatever words: the first less what
/// the other words say for that language, but the second less a share of that at least. Measured on 880,000 lines of
/// clean text: with a bit less two are changed wrongly.
pub(super) const BY_LETTERS: [Cost; 2] = [12 * BIT, 3 * BIT];
/// … which is one part in so many.
pub(super) const SPEAKS_MORE: Cost = 8;
/// What a repair of controls must win by, and how much cheaper it must be than what other channels make of them.
pub(super) const CONTROL: Cost = 3 * BIT;
/// What the characters that the language of the words around has not cost more there than in text of any language, at
/// most, …
pub(super) const FOREIGN: Cost = 13 * BIT;
/// … if they stand as words by themselves, which names do not, …
pub(super) const FOREIGN_ALONE: Cost = 16 * BIT;
/// … and the share of what these words say for that language that it is, one part in so many, …
pub(super) const SAYS_FOREIGN: Cost = 2;
/// … beyond what a few words say.
pub(super) const SAYS_LITTLE: Cost = 8 * BIT;
/// Characters before and after a stretch that say which language it is in.
pub(super) const BESIDE: usize = 60;
/// Surprise that a repaired character may have on average: running Chinese has 7 to 9 bits, names 12; what chance
/// makes of drawings has 15 and more.
pub(super) const TYPICAL: Cost = 12 * BIT;
/// What an ideograph or a syllable of a short field costs at least, on average, for the field to be looked at.
pub(super) const ODD: Cost = 13 * BIT;
/// What an ideograph of running Chinese text costs at most, on average: measured on the development text 7 to 11 bits,
/// of misread text from 16 on.
pub(super) const RUNNING: Cost = 11 * BIT;
/// … and one of a list of names and addresses: measured up to 12 bits.
pub(super) const LISTED: Cost = 13 * BIT;
/// … and a repaired letter: running text has 3 to 5, names 7.
pub(super) const TYPICAL_LETTER: Cost = 7 * BIT;
/// … and an accented one, which is rare in its language.
pub(super) const TYPICAL_ACCENTED: Cost = 10 * BIT;
/// … and one of a four-byte form over that.
pub(super) const FOUR_BYTES: Cost = 15 * BIT;
/// … and that a stretch may have once on top of it, for a rare word.
pub(super) const TYPICAL_ONCE: Cost = 8 * BIT;
/// … and where a letter cannot have stood there: it is one that is rare in its language.
pub(super) const TYPICAL_IN_PLACE: Cost = 4 * BIT;
/// What each letter of a rare word may cost more, as in names, where the words around it read well, … Chosen on the made
/// matrix and its spans of documents.
pub(super) const RARE_WORD: Cost = 4 * BIT;
/// … and each ideograph or syllable.
pub(super) const RARE_WORD_OF_MANY: Cost = 2 * BIT;
/// Characters on each side of an unexplained one among which any byte may be lost.
pub(super) const NEAR: usize = 5;
/// Characters of a window up to which the dear losses are tried: they cost a hundred times as much.
pub(super) const DEAR_WINDOW: usize = 4096;
/// Characters of a window at which any byte may be lost, at most; so a page of noise takes no longer than a second.
pub(super) const DEAR_PLACES: usize = 256;
/// What an encoding of several bytes a character must gain with the cheap losses alone for the dear ones to be tried where
/// nothing is decided without them. Chosen on the made matrix: with more, short texts that lost a byte are missed.
pub(super) const GAINED_IN_PART: Cost = 25 * BIT;
/// How much worse than the best a way may be on which any byte is lost.
pub(super) const ANY_MARGIN: Cost = 12 * BIT;
/// Cost of a repaired character from which something may be wrong with it.
pub(super) const RARE: Cost = 24 * BIT;
/// One replaced character for this many others that may be bytes, and the text is gone: windows-1252 lacks 5 of the 128
/// bytes, so a reader that replaces only those stays far below.
pub(super) const GONE: usize = 3;
/// Surprise for each character that stays although the caller says that the text is garbled.
pub(super) const STAYS_THOUGH_GARBLED: Cost = 12 * BIT;
/// How much dearer than the text as it stands the best guess may be then: a large text of which a part is clean is not
/// made worse for it. With more nothing more comes back.
pub(super) const GUESS: Cost = 16 * BIT;

/// Characters of a window by which the channels are ranked.
pub(super) const RANKED: usize = 160;
/// What a model asks for a character that it has never seen.
pub(super) const NEVER_SEEN: Cost = 34 * BIT;
/// Bits for bytes that the true encoding does not have, when channels are ranked.
pub(super) const MALFORMED: Cost = 10 * BIT;
/// How much dearer than the text as it stands a channel may rank to be searched, where all decodes …
pub(super) const SLACK: Cost = 6 * BIT;
/// … and where something is lost or clean.
pub(super) const WIDE_SLACK: Cost = 40 * BIT;
/// … and for ASCII that is made of other characters.
pub(super) const OF_ASCII: Cost = 4 * BIT;
/// What a letter that is a word by itself costs at most, with the space after it.
pub(super) const LONE_WORD: Cost = 9 * BIT;
/// Surprise of a character of pairs, taken alone, up to which they are in step: running text has 9 to 10 bits.
pub(super) const IN_STEP: Cost = 10 * BIT;
/// … and for a character that the reader does not give, over what it costs as it stands.
pub(super) const UNREAD: Cost = 8 * BIT;
/// What a mark of a tone costs when channels are ranked: as much as a letter that has it.
pub(super) const TONE: Cost = 7 * BIT;
/// The most that one character counts when channels are ranked.
pub(super) const DEAREST: Cost = 22 * BIT;
/// Characters that are priced in context, of all channels together, …
pub(super) const LOOKED_AT: usize = 1000;
/// … and of how many channels at least and at most.
pub(super) const LOOKS: [usize; 2] = [16, 40];
/// Channels that are searched, at most.
pub(super) const SEARCHED: usize = 5;
/// … and where something says that there is damage, so many more that are rare.
pub(super) const SEARCHED_CHEAP: usize = 4;
/// … in a window of so many characters; in a longer one the ranking knows enough, and the best two are.
pub(super) const SEARCHED_WINDOW: usize = 600;
/// How much worse than the best a channel may rank to be searched: a share of the best, and this much.
pub(super) const RANK_MARGIN: Cost = 20 * BIT;

/// What each word of a line must gain by a channel that is known, so that the line needs no search, if letters of it become
/// others of their alphabet, …
pub(super) const AGAIN: Cost = 4 * BIT;
/// … as a word of another language must, …
pub(super) const AGAIN_OF_WORD: Cost = 8 * BIT;
/// … what each character of it may cost that is in no known word, …
pub(super) const RARE_AGAIN: Cost = 18 * BIT;
/// … and all that need none together, over the price of the channel.
pub(super) const ALL_AGAIN: Cost = 24 * BIT;

/// Steps of all searches in one look at a text: so many, …
pub(super) const STEPS: usize = 200_000;
/// … so many for each byte of it (a damaged text needs up to 80, a list of names in seven languages 500), …
pub(super) const STEPS_EACH: usize = 1200;
/// … up to this many bytes, …
pub(super) const SHORT_TEXT: usize = 1 << 14;
/// … and for each byte more. By then the channels are known that a long text came through.
pub(super) const STEPS_EACH_MORE: usize = 40;
/// Bytes of a text up to which nothing is repaired if the repair goes on and on: then it is noise. A longer one is a list of
/// which each look brings a little back.
pub(super) const NOISE: usize = 1 << 12;
/// Steps more for each search that found something.
pub(super) const STEPS_EARNED: usize = 15_000;
/// Steps of a search that take as long as looking for words that tell of a channel, …
pub(super) const STEPS_OF_TELLING: usize = 3000;
/// … as a judgement of what a channel makes, for each character, …
pub(super) const STEPS_OF_JUDGING: usize = 15;
/// … and as a ranking of all channels by so many characters.
pub(super) fn steps_of_ranking(chars: usize) -> usize {
    6000 + 50 * chars.min(RANKED)
}

/// How sure, in bits, a repair is that just wins by what is needed there: measured, 9 of 10 such are right.
pub(super) const DAMAGED_AT_LEAST: Cost = 3 * BIT;

/// What a repair must win by, where something says that there is damage: the less, the better it fits the language of
/// the words around it.
#[derive(Clone, Copy)]
pub(super) struct Fitting {
    /// Where these are of the language of the repair. Otherwise, what speaks for another language comes to it.
    pub(super) least: Cost,
    /// … but no more than this.
    pub(super) most: Cost,
}

/// What damage by a channel costs where none was found yet.
pub(super) fn enter(through: Channel) -> Cost {
    ENTER + channel(through)
}

/// … where something says that there is damage. That a channel is rare then says less: some channel it was.
pub(super) fn enter_told(through: Channel) -> Cost {
    if !through.written.is_single_byte() {
        return enter(through);
    }
    let price = channel(through).saturating_sub(NOT_UTF8);
    ENTER_TOLD + price.min(USUAL) + price.saturating_sub(USUAL) / 3
}

/// How sure a repair is that is better than the text as it stands by so many bits.
pub(super) fn confidence(gain: f64) -> f64 {
    (1.0 / (1.0 + (-gain).exp2())).min(0.9999)
}

/// What a channel costs over the most common one, UTF-8 read as windows-1252: how rare it is that text is written so
/// and read so, and how easily chance makes it. Chosen on the development text; the order is that of the shares of the
/// encodings in files and of the code pages in use.
pub(super) fn channel(channel: Channel) -> Cost {
    let all = traits();
    let (ours, theirs) = (&all[channel.written.number()], &all[channel.reader.encoding().number()]);
    let reader = if channel.reader.is_utf8_first() { UTF8_FIRST } else { theirs.reader };
    let not_utf8 = if ours.is_utf8 { 0 } else { NOT_UTF8 };
    not_utf8 + (ours.written + reader + unlikely(ours, theirs)) * BIT
}

/// What an encoding adds to the price of a channel, in bits, told once: a ranking asks a thousand times.
struct Traits {
    /// As what was written.
    written: Cost,
    /// As what read.
    reader: Cost,
    is_utf8: bool,
    /// The readers that anything may have come through.
    is_usual_reader: bool,
    /// Of the languages of the West.
    is_western: bool,
    is_single_byte: bool,
    /// The languages that it is used for, one bit each.
    languages: u64,
}

fn traits() -> &'static [Traits] {
    static TRAITS: OnceLock<Vec<Traits>> = OnceLock::new();
    TRAITS.get_or_init(|| Encoding::all().map(traits_of).collect())
}

fn traits_of(encoding: Encoding) -> Traits {
    let tags = languages::of(encoding);
    let models = language::all().iter().enumerate();
    Traits {
        written: written(encoding),
        reader: reader(encoding),
        is_utf8: encoding.is_utf8(),
        is_usual_reader: matches!(encoding.label(), "windows-1252" | "iso-8859-1"),
        is_western: matches!(encoding.label(), "windows-1252" | "cp850" | "cp437" | "macintosh"),
        is_single_byte: encoding.is_single_byte(),
        languages: models
            .filter(|(_, model)| tags.contains(&model.tag))
            .fold(0, |all, (at, _)| all | 1 << at),
    }
}

fn written(encoding: Encoding) -> Cost {
    match encoding.label() {
        "utf-8" => 0,
        "gbk" | "gb18030" => 1,
        "windows-1251" | "shift_jis" | "big5" | "euc-kr" => 2,
        "windows-1252" | "windows-1250" | "koi8-r" | "euc-jp" | "iso-2022-jp" => 3,
        "windows-1253" | "windows-1254" | "windows-1255" | "windows-1256" | "windows-874" | "ibm866" => 4,
        "cp850" | "cp437" | "hz-gb-2312" => 4,
        "windows-1257" | "macintosh" | "cp852" => 5,
        "iso-8859-2" | "iso-8859-7" | "iso-8859-9" | "iso-8859-5" | "iso-8859-15" | "koi8-u" => 6,
        "x-mac-cyrillic" | "cesu-8" | "utf-16le" | "utf-16be" | "iso-8859-6" | "iso-8859-8" => 7,
        "cp855" | "johab" | "cp857" | "cp862" | "cp737" | "cp775" | "iso-8859-13" | "iso-8859-4" => 9,
        "x-mac-ce" => 11,
        // With a tone any vowel is a letter of Vietnamese.
        "windows-1258" => 14,
        // Romanian was written with the letters of windows-1250, before others were in fonts.
        "iso-8859-16" => 22,
        _ => 13,
    }
}

/// What a reader costs that tries UTF-8 first, in bits.
const UTF8_FIRST: Cost = 4;

fn reader(encoding: Encoding) -> Cost {
    match encoding.label() {
        "windows-1252" | "iso-8859-1" => 0,
        "gbk" => 2,
        "windows-1251" | "windows-1250" | "shift_jis" | "cp437" | "cp850" | "macintosh" => 3,
        "windows-1253" | "windows-1254" | "koi8-r" | "ibm866" | "big5" | "euc-kr" => 4,
        "windows-1255" | "windows-1256" | "windows-1257" | "windows-874" | "iso-8859-15" | "cp852" => 5,
        "euc-jp" | "iso-8859-7" | "iso-8859-2" | "iso-8859-9" | "utf-16le" => 6,
        _ => 10,
    }
}

/// Pairs that hardly occur: two encodings for the same languages are taken for each other, and so are those of a
/// language and of the West; others need a third party.
fn unlikely(written: &Traits, reader: &Traits) -> Cost {
    if written.is_utf8 || reader.is_usual_reader {
        return 0;
    }
    // Pairs of East Asian encodings look alike to programs that guess.
    let both_wide = !written.is_single_byte && !reader.is_single_byte;
    match (written.languages & reader.languages != 0, written.is_western || both_wide) {
        (true, _) => 0,
        (_, true) => 2,
        _ => 5,
    }
}

/// What a repaired character may cost on average.
pub(super) fn typical(c: char) -> Cost {
    match c {
        // Accented letters are rare in their languages.
        _ if is_latin(c) && is_letter(c) => TYPICAL_ACCENTED,
        ..'\u{2e80}' if is_letter(c) => TYPICAL_LETTER,
        _ => TYPICAL,
    }
}
