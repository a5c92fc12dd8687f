//! What is suspicious of a window: whether it can be damage at all, and which of its characters speak for it.

use std::ops::Range;

use crate::encoding::{Bytes, Encoding, Fed, Pending, Reader, pages_of, sloppy_byte_of};
use crate::language::{self, Context, Cost, Model};

use super::engine::{Known, Pass};
use super::lattice::Channel;
use super::place::{
    clean_costs, how_strange, is_capital_within, is_control, is_in_joined_word, is_latin, is_letter,
};
use super::{languages, readers, scan, weights};

impl Pass<'_> {
    /// The strange characters of a window, as ranges of its characters.
    pub(super) fn spots(&self, window: &Range<usize>) -> Vec<Range<usize>> {
        let (mut at, mut from) = (0, window.start);
        let spots = scan::spots(self.text, window.clone());
        if spots.is_empty() {
            // A field that is odd as a whole.
            return std::iter::once(0..self.text[window.clone()].trim_end().chars().count()).collect();
        }
        let in_chars = |spot: Range<usize>| {
            let start = at + self.text[from..spot.start].chars().count();
            at = start + self.text[spot.clone()].chars().count();
            from = spot.end;
            start..at
        };
        spots.into_iter().map(in_chars).collect()
    }

    /// Whether a strange character of a window stands where it cannot, which says that there is damage: in a long window there
    /// is enough to pay for any channel, and what a layer leaves over says nothing.
    pub(super) fn is_strange(&self, spots: &[Range<usize>], chars: &[char]) -> bool {
        let is_out_of_place = |at: usize| how_strange(chars, at) > 0 && !is_in_joined_word(chars, at);
        chars.len() <= weights::SEARCHED_WINDOW
            && !self.depth.is_under_layer()
            && spots.iter().flat_map(Range::clone).any(is_out_of_place)
    }

    /// Whether the strange characters of a window stand among words of their own language, and nothing that is known says more.
    pub(super) fn is_among_its_own(&self, spots: &[Range<usize>], chars: &[char]) -> bool {
        !self.is_garbled() && self.known.is_empty() && reads_as_the_text_around(spots, chars)
    }

    /// Whether the strange characters of a window are so few that no channel can explain them well enough: most windows
    /// of clean text are like that, with one or two.
    pub(super) fn is_harmless(&self, spots: &[Range<usize>], chars: &[char]) -> bool {
        if self.is_garbled() || has_utf8(chars) {
            return false;
        }
        let is_running = is_running_chinese(chars);
        let Some(places) = places(spots, chars, is_running) else { return false };
        let how = |place: usize| match chars[place] {
            // Among Chinese a word of Latin letters is what is strange.
            '\u{2e80}'.. if is_running => 0,
            _ => how_strange(chars, place).min(2),
        };
        let mut kinds: Vec<char> = Vec::new();
        let mut weight = 0;
        let (mut parts, mut wholes) = (0, 0);
        let mut is_strange_at_all = false;
        for &(place, is_strange) in &places {
            if is_strange && !kinds.contains(&chars[place]) {
                kinds.push(chars[place]);
                is_strange_at_all |= how(place) > 1 && may_be_out_of_place(chars, place);
                weight += 2 + weights::STRANGE[how(place)];
                match begins_utf8(&chars[place..]) {
                    Begun::Whole => wholes += 1,
                    Begun::Part => parts += 1,
                    Begun::No => {}
                }
            }
        }
        // A channel that was found elsewhere may explain a few characters, if it can give them. (It is not UTF-8: see
        // above.)
        let may_be_known = self.known.iter().any(|known| {
            !known.channel.written.is_utf8()
                && kinds.iter().any(|&c| known.channel.reader.bytes_of(c).is_some())
                && self.may_gain(known, chars)
        });
        if may_be_known || kinds.len() > FEW_KINDS {
            return false;
        }
        // Damage rarely strikes two or three characters of a sentence; a short field may have no more.
        let in_text = kinds.len() * IN_TEXT <= chars.len();
        if !in_text {
            weight += 2 * kinds.len();
        }
        weight += 2 * beside(spots, chars, &kinds);
        let needed = least_needed(weight, wholes, parts);
        let stands = self.task.stands;
        let needed = match is_strange_at_all {
            true => needed.min(weights::ENTER_TOLD + weights::OUT_OF_PLACE.least + weights::UNKNOWN_WORD),
            false => needed,
        };
        let odd = |place: usize| if may_be_out_of_place(chars, place) { how(place) as Cost } else { 0 };
        let weighed = places.iter().map(|&(place, is_strange)| {
            Weighed::of(chars, place, if is_strange { odd(place) * weights::STRANGER } else { 0 }, stands)
        });
        let weighed: Vec<Weighed<'_>> = weighed.collect();
        let is_below = |model: &Model| is_less_surprising(&weighed, model, needed);
        if is_below(stands) {
            return true;
        }
        // In its own language a text is less strange than in all of them together; that of the last window is likely.
        let is_wide = kinds.iter().all(|&c| c >= '\u{2e80}');
        let of_script = languages::models_of_text(kinds.iter().copied()).iter().copied();
        let mut languages = [self.task.likely.get()]
            .into_iter()
            .chain(of_script.filter(|_| is_wide))
            .chain(language::all().iter().filter(|_| !is_wide));
        let Some(model) = languages.find(|model| in_text && is_below(model)) else { return false };
        self.task.likely.set(model);
        true
    }

    /// Whether what a channel that is known makes of a window may be cheaper than the window as it stands: in context a
    /// character costs half of what it costs alone, at least.
    fn may_gain(&self, known: &Known, chars: &[char]) -> bool {
        let Channel { written, reader } = known.channel;
        if !(written.is_single_byte() && reader.encoding().is_single_byte()) {
            return true;
        }
        let truth = self.task.hints.language.unwrap_or(known.truth);
        let clean = clean_costs(self.task.stands, truth, chars, Context::default());
        let costs = clean.windows(2).map(|cost| cost[1] - cost[0]);
        let gains = chars.iter().zip(costs).filter(|(c, _)| !c.is_ascii()).map(|(&c, cost)| {
            let byte =
                reader.encoding().sloppy_bytes_of(c).and_then(|bytes| bytes.as_slice().first().copied());
            let made = byte.and_then(|byte| written.page_char(byte)).filter(|&made| made != c);
            made.map_or(0, |made| cost.saturating_sub(truth.alone(made) / 2))
        });
        gains.sum::<Cost>() >= weights::ENTER_AGAIN + weights::MARGIN
    }

    /// What of a window cannot well be clean: the strange characters, those that run on from them, and a little around.
    pub(super) fn core(&self, spots: &[Range<usize>], chars: &[char]) -> Vec<char> {
        if self.is_garbled() {
            return chars.to_vec();
        }
        let is_wide = |c: char| c >= '\u{2e80}';
        let is_like = |a: char, b: char| !b.is_ascii() && is_wide(a) == is_wide(b);
        // A few uncommon ideographs between much damage of another kind are clean text.
        let strange = spots.iter().flat_map(|spot| chars[spot.clone()].iter());
        let strange: Vec<char> = strange.copied().filter(|c| !c.is_ascii()).collect();
        let wide = strange.iter().filter(|&&c| is_wide(c)).count();
        let leaves_wide_out = wide * MUCH < strange.len();
        let mut core = Vec::new();
        let mut done = 0;
        for spot in spots {
            let Range { mut start, mut end } = *spot;
            if end <= done || end > chars.len() {
                continue;
            }
            let is_kind = |c: &char| !(c.is_ascii() || leaves_wide_out && is_wide(*c));
            let Some(kind) = chars[start..end].iter().copied().find(is_kind) else { continue };
            // What no reader gives together with what is strange is clean.
            let (within, own) = same_reader(&chars[start..end], &strange);
            (start, end) = (start + within.start, start + within.end);
            let is_other = |c: char| own != 0 && readers_in_common(&[c]) & own == 0;
            let is_same = |c: char| is_like(kind, c) && !is_other(c);
            start = start.max(done);
            start -= chars[done..start].iter().rev().take(RUN_ON).take_while(|&&c| is_same(c)).count();
            end += chars[end..].iter().take(RUN_ON).take_while(|&&c| is_same(c)).count();
            start -= chars[done..start].iter().rev().take(AROUND).take_while(|&&c| !is_other(c)).count();
            end += chars[end..].iter().take(AROUND).take_while(|&&c| !is_other(c)).count();
            if start > done && !core.is_empty() {
                core.push('\n');
            }
            core.extend(&chars[start..end]);
            done = end;
            if core.len() > weights::RANKED {
                break;
            }
        }
        core
    }
}

/// The part of a spot that one reader may have given, without a clean letter before or after it, and these readers; none if
/// it says nothing of them. Of two such parts it is the one whose readers give more of all that is strange.
fn same_reader(spot: &[char], strange: &[char]) -> (Range<usize>, u64) {
    let last = spot.len().saturating_sub(1);
    let read = |part: Range<usize>| {
        let own = spot.get(part.clone()).map_or(0, readers_in_common);
        (!matches!(own, 0 | u64::MAX)).then_some((part, own))
    };
    let given = |own: u64| strange.iter().filter(|&&c| readers_in_common(&[c]) & own != 0).count();
    let sides = || [0..last, 1..spot.len()].into_iter().filter_map(read).max_by_key(|(_, own)| given(*own));
    read(0..spot.len()).or_else(sides).or_else(|| read(1..last)).unwrap_or((0..spot.len(), 0))
}

/// The readers of single bytes, one bit each, that give all of some characters.
fn readers_in_common(chars: &[char]) -> u64 {
    let is_told = |c: &&char| !(c.is_ascii() || ('\u{80}'..='\u{9f}').contains(*c));
    chars.iter().filter(is_told).fold(u64::MAX, |all, &c| all & pages_of(c))
}

/// Whether a text is a short field of ideographs or syllables that no language of theirs puts beside each other: by
/// that alone a reader's Chinese is told from a writer's, where all characters are common ones.
pub(super) fn is_odd_field(text: &str) -> bool {
    if text.len() > FIELD_BYTES || text.is_ascii() {
        return false;
    }
    let chars: Vec<char> = text.chars().collect();
    let is_many = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    let many = chars.iter().filter(|&&c| is_many(c)).count();
    many >= FIELD_CHARS
        && languages::models_of_text(chars.iter().copied())
            .iter()
            .all(|model| cost_of(&chars, is_many, model) > weights::ODD * many as Cost)
}

/// Whether what looked strange is running Chinese text with a rare character in it. What a reader makes of other bytes
/// is at least half as dear again; but where it makes kana or syllables, the ideographs between them tell little.
pub(super) fn reads_as_chinese(core: &[char]) -> bool {
    let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    let is_mark = |c| matches!(c, '\u{b7}' | '\u{2010}'..='\u{203b}' | '\u{3000}'..='\u{3017}' | '\u{ff01}'..='\u{ff5e}');
    let han = core.iter().filter(|&&c| is_han(c)).count();
    han >= RUNNING_CHARS
        && core.iter().all(|&c| c.is_ascii() || is_han(c) || is_mark(c))
        && languages::models_of_text(core.iter().copied())
            .iter()
            .any(|model| cost_of(core, is_han, model) <= weights::RUNNING * han as Cost)
}

/// Whether what looked strange is running text of a language of another script than Latin, on the whole and piece by piece:
/// then only known words can tell of damage. What a reader makes of other bytes is dearer.
pub(super) fn reads_as_a_language(core: &[char]) -> bool {
    let count = core.iter().filter(|c| !c.is_ascii()).count();
    let is_list = count >= LIST_CHARS && !core.iter().any(|c| matches!(c, '\u{3041}'..='\u{30ff}'));
    count >= FEW_LETTERS
        && may_be_of_other_scripts(core)
        && languages::models_of_text(core.iter().copied().filter(|c| !c.is_ascii())).iter().any(|model| {
            let mut spare = spare(core, model, is_list);
            spare.retain(|&(at, _)| !core[at].is_ascii());
            reads_well(&spare, 0)
        })
}

/// Whether the strange characters of a window of running text of such a language are of words that read well in it, and only
/// stand oddly: beside Latin words without a space, or as capitals.
fn reads_as_the_text_around(spots: &[Range<usize>], chars: &[char]) -> bool {
    let counted = || chars.iter().copied().filter(|c| !c.is_ascii());
    let letters = counted().filter(|&c| is_letter(c)).count();
    // A sign or a capital within a word is out of place whatever the word costs.
    let is_out_of_place = |at: usize| {
        let is_oddly_beside_others = is_letter(chars[at]) && !is_capital_within(chars, at);
        how_strange(chars, at) > 0 && !is_oddly_beside_others && !is_in_joined_word(chars, at)
    };
    // Among more Latin words each letter of another script may be one of theirs.
    letters >= AMONG_LETTERS.max(chars.iter().filter(|c| c.is_ascii_alphabetic()).count() / 2)
        && may_be_of_other_scripts(chars)
        && !spots.iter().flat_map(Range::clone).any(is_out_of_place)
        && languages::models_of_text(counted()).iter().any(|model| {
            let spare = spare(chars, model, false);
            spare.iter().map(|(_, spare)| spare).sum::<i64>() >= 0
                && words_of(spots, chars).iter().all(|word| {
                    let spare: Vec<(usize, i64)> = spare[word.clone()]
                        .iter()
                        .copied()
                        .filter(|&(at, _)| !chars[at].is_ascii())
                        .collect();
                    let slack = spare.iter().map(|&(at, _)| i64::from(rare(chars[at]))).sum();
                    spare.iter().all(|&(at, _)| may_be_of(chars[at], model)) && reads_well(&spare, slack)
                })
        })
}

/// Spots with what stands beside them without ASCII between, each of these words once.
fn words_of(spots: &[Range<usize>], chars: &[char]) -> Vec<Range<usize>> {
    let is_beyond = |at: &usize| !chars[*at].is_ascii();
    let mut words: Vec<Range<usize>> = Vec::new();
    for spot in spots {
        let done = words.last().map_or(0, |word| word.end);
        if spot.end > done {
            let start = spot.start - (done.min(spot.start)..spot.start).rev().take_while(is_beyond).count();
            words.push(start..spot.end + (spot.end..chars.len()).take_while(is_beyond).count());
        }
    }
    words
}

/// Whether a text may be of another script than Latin: then it has no Latin letters beyond ASCII.
fn may_be_of_other_scripts(chars: &[char]) -> bool {
    let is_of_no_script =
        |c: char| is_latin(c) && is_letter(c) || c == char::REPLACEMENT_CHARACTER || is_control(c);
    !chars.iter().any(|&c| !c.is_ascii() && is_of_no_script(c))
}

/// What each character of a text may cost more in a language, with its place; in a list of names ideographs may cost more.
fn spare(chars: &[char], model: &Model, is_list: bool) -> Vec<(usize, i64)> {
    let most = |c: char| match c {
        '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' if is_list => weights::LISTED,
        '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => weights::RUNNING,
        _ => weights::TYPICAL_LETTER,
    };
    let (mut context, mut before) = (Context::default(), ' ');
    let spare = |(at, &c): (usize, &char)| {
        let (cost, next) = model.step(context, c);
        // A Latin word before it says nothing of it.
        let cost = if before.is_ascii_alphanumeric() { cost.min(model.alone(c)) } else { cost };
        (context, before) = (next, c);
        let spare = match i64::from(most(c)) - i64::from(cost) {
            _ if c.is_ascii() => 0,
            spare if is_mark_of_text(c) => spare.max(0),
            spare => spare,
        };
        (at, spare)
    };
    chars.iter().enumerate().map(spare).collect()
}

/// Whether a character is no letter that a language does not have.
fn may_be_of(c: char, model: &Model) -> bool {
    c >= '\u{2e80}' || !is_letter(c) || model.alone(c) <= weights::OF_LANGUAGE
}

/// What a character of a word that is rare in its language may cost more, as in names.
fn rare(c: char) -> Cost {
    if c >= '\u{2e80}' { weights::RARE_WORD_OF_MANY } else { weights::RARE_WORD }
}

/// Whether this is a mark that text of any script has.
fn is_mark_of_text(c: char) -> bool {
    matches!(c, '\u{b0}' | '\u{b7}' | '\u{2010}'..='\u{203b}' | '\u{3000}'..='\u{3017}')
        || matches!(c, '\u{ff01}'..='\u{ff5e}') && !c.is_alphanumeric()
}

/// Whether characters that may cost so much more read well as a whole, and piece by piece.
fn reads_well(spare: &[(usize, i64)], slack: i64) -> bool {
    let sum = |piece: &[(usize, i64)]| piece.iter().map(|(_, spare)| spare).sum::<i64>();
    let most = i64::from(2 * weights::TYPICAL_ONCE);
    sum(spare) + slack.min(most) >= 0 && spare.windows(PIECE).all(|piece| sum(piece) + most >= 0)
}

/// Whether a window is in Chinese, with words of other alphabets or without.
fn is_running_chinese(chars: &[char]) -> bool {
    let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    let han = chars.iter().filter(|&&c| is_han(c)).count();
    han >= RUNNING_CHARS
        && languages::models_of_text(chars.iter().copied().filter(|&c| is_han(c)))
            .iter()
            .any(|model| cost_of(chars, is_han, model) <= weights::RUNNING * han as Cost)
}

/// Whether a strange character may stand in the place of a Latin letter. A capital in a word of another alphabet does
/// not: where that word is another one, all of it is.
fn may_be_out_of_place(chars: &[char], place: usize) -> bool {
    let has_ascii =
        |chars: &mut dyn Iterator<Item = &char>| chars.take_while(|&&c| is_letter(c)).any(char::is_ascii);
    !is_letter(chars[place])
        || is_latin(chars[place])
        || has_ascii(&mut chars[..place].iter().rev())
        || has_ascii(&mut chars[place..].iter())
}

/// What those of some characters that are counted cost in a language, each in context.
fn cost_of(chars: &[char], is_counted: impl Fn(char) -> bool, model: &Model) -> Cost {
    let mut context = Context::default();
    let mut total = 0;
    for &c in chars {
        let (cost, next) = model.step(context, c);
        context = next;
        total += if is_counted(c) { cost } else { 0 };
    }
    total
}

/// The characters of a window whose surprise counts, and whether each is strange itself: the strange ones, and those
/// after them, which suffer from it. `None` if something stands there that needs a closer look.
fn places(spots: &[Range<usize>], chars: &[char], is_running: bool) -> Option<Vec<(usize, bool)>> {
    let mut places: Vec<(usize, bool)> = Vec::new();
    for spot in spots {
        let until = spot.end;
        for place in spot.start..(until + 1).min(chars.len()) {
            let c = chars[place];
            let beside = [place.checked_sub(1), Some(place + 1)].into_iter().flatten();
            let is_in_word =
                beside.filter_map(|at| chars.get(at)).any(char::is_ascii_lowercase) && c >= '\u{2e80}';
            let is_clean = || is_running && begins_utf8(&chars[place..]) == Begun::No;
            if c == '\u{fffd}' || is_in_word && !is_clean() {
                return None;
            }
            // A sign that comes again is no stranger.
            let is_new = c.is_alphanumeric() || !places.iter().any(|&(other, _)| chars[other] == c);
            let is_strange = place < until && !c.is_ascii();
            if (is_strange && is_new) || place == until {
                places.push((place, is_strange));
            }
        }
        if places.len() > MOST_PLACES {
            return None;
        }
    }
    Some(places)
}

/// The different letters beyond ASCII that stand in one word with strange ones: a reader that made these made those, too.
fn beside(spots: &[Range<usize>], chars: &[char], kinds: &[char]) -> usize {
    let mut seen: Vec<char> = Vec::new();
    let mut add = |word: &mut dyn Iterator<Item = &char>| {
        for &c in word.take_while(|&&c| !c.is_ascii() && is_letter(c)).take(WORD) {
            if !kinds.contains(&c) && !seen.contains(&c) {
                seen.push(c);
            }
        }
    };
    for spot in spots {
        add(&mut chars[..spot.start].iter().rev());
        add(&mut chars[spot.end.min(chars.len())..].iter());
    }
    seen.len()
}

/// Letters of a word on each side of what is strange in it.
const WORD: usize = 12;

/// A character that is weighed.
struct Weighed<'c> {
    /// It and the two before it.
    chars: &'c [char],
    /// What it costs in text of any language.
    stands: Cost,
    /// What its place adds.
    odd: Cost,
    /// What any character costs.
    least: Cost,
}

impl<'c> Weighed<'c> {
    fn of(chars: &'c [char], place: usize, odd: Cost, stands: &Model) -> Self {
        let least = if chars[place] >= '\u{2e80}' { 2 * weights::NEVER_LESS } else { weights::NEVER_LESS };
        let chars = &chars[place.saturating_sub(2)..=place];
        Self { chars, stands: cost_of_last(chars, stands), odd, least }
    }
}

/// What a repair must win by, at least, where the strange characters weigh so much in [`weights::FEW`] and some of them
/// begin whole sequences of UTF-8, or parts of such.
fn least_needed(weight: usize, wholes: usize, parts: usize) -> Cost {
    let few = |weight: usize| weights::FEW.get(weight).copied().unwrap_or(0);
    let other = weights::ENTER + weights::NOT_UTF8 + few(weight);
    let needed = match (wholes, parts) {
        (0, 0) => other,
        // What is missing of a sequence was lost.
        (0, _) => other.min(weights::ENTER + weights::PARTED + few(weight + parts * (weights::IS_UTF8 - 3))),
        _ => weights::ENTER + few(weight + (wholes + parts) * weights::IS_UTF8),
    };
    needed + weights::MARGIN
}

/// What the last of some characters costs after the others.
fn cost_of_last(chars: &[char], model: &Model) -> Cost {
    let (last, before) = chars.split_last().unwrap_or((&' ', &[]));
    let context = before.iter().fold(Context::default(), |context, &c| model.step(context, c).1);
    model.step(context, *last).0
}

/// Whether some characters cost less than `needed` in a language, over what any character costs.
fn is_less_surprising(weighed: &[Weighed<'_>], model: &Model, needed: Cost) -> bool {
    let mut total = 0;
    weighed.iter().all(|weighed| {
        let own = weighed.stands.min(cost_of_last(weighed.chars, model));
        total += (own.min(weights::STANDS) + weighed.odd).saturating_sub(weighed.least);
        total < needed
    })
}

/// Whether a line holds so many continuation bytes, as windows-1252 shows them, that they may be UTF-8 by themselves.
pub(super) fn has_much_utf8(line: &str) -> bool {
    let bytes = line.chars().filter_map(sloppy_byte_of);
    bytes.filter(|byte| (0x80..=0xbf).contains(byte)).count() > 4
}

/// Bytes of a field, …
const FIELD_BYTES: usize = 96;
/// … and ideographs or syllables that it must have.
const FIELD_CHARS: usize = 3;

/// Ideographs from which on a text is known by its running.
const RUNNING_CHARS: usize = 16;

/// Characters from which on a text is known by its language, …
const FEW_LETTERS: usize = 8;
/// … and a list of names by that of its ideographs or syllables.
const LIST_CHARS: usize = 20;
/// Characters beyond ASCII among which a word is one of many.
const AMONG_LETTERS: usize = 16;
/// Characters beyond ASCII of which each piece of a text must read well.
const PIECE: usize = 16;

/// Characters of running text for each kind of strange one.
const IN_TEXT: usize = 12;

/// Places that are weighed, at most.
const MOST_PLACES: usize = 24;

/// Kinds of strange characters up to which they are weighed.
const FEW_KINDS: usize = 4;

/// Whether some characters may hold what a reader made of UTF-8.
pub(super) fn may_be_utf8(chars: &[char]) -> bool {
    (0..chars.len()).any(|at| !chars[at].is_ascii() && begins_utf8(&chars[at..]) != Begun::No)
}

/// How much of a sequence of UTF-8 some characters begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Begun {
    No,
    /// Two bytes or more of it; the others were lost.
    Part,
    Whole,
}

/// How much of what a usual reader made of a sequence of UTF-8 some characters begin with, at most.
fn begins_utf8(chars: &[char]) -> Begun {
    // Before ASCII a single byte begins nothing; the no-break space in a sequence has often become a space.
    let is_alone = chars.get(1).is_none_or(|c| c.is_ascii() && *c != ' ');
    let readers = readers::usual_readers().map(Reader::encoding);
    let readers = readers.filter(|reader| !(is_alone && reader.is_single_byte()));
    readers.map(|reader| begun(chars, |c| reader.bytes_of(c))).max().unwrap_or(Begun::No)
}

fn begun(chars: &[char], bytes_of: impl Fn(char) -> Option<Bytes>) -> Begun {
    let lead = chars.first().and_then(|&c| bytes_of(c)?.as_slice().first().copied());
    match lead {
        Some(0xc2..=0xf4) => {}
        _ => return Begun::No,
    }
    // Halves of UTF-16 are no UTF-8, but that of CESU-8 where both are there.
    match sequence(Encoding::UTF_8, chars, &bytes_of) {
        Begun::No if lead == Some(0xed) && sequence(Encoding::CESU_8, chars, &bytes_of) == Begun::Whole => {
            Begun::Whole
        }
        begun => begun,
    }
}

fn sequence(written: Encoding, chars: &[char], bytes_of: impl Fn(char) -> Option<Bytes>) -> Begun {
    let mut pending = Pending::NONE;
    let mut is_spaced = false;
    for (at, &c) in chars.iter().enumerate().take(Pending::MOST + 1) {
        // The no-break space in a sequence has often become a space.
        let is_space = at > 0 && c == ' ';
        is_spaced |= is_space;
        let Some(bytes) = (if is_space { Some(Bytes::one(0xa0)) } else { bytes_of(c) }) else { break };
        for &byte in bytes.as_slice() {
            match written.feed(pending, byte) {
                Fed::More(more) => pending = more,
                Fed::Char(c) if pending.is_empty() || !is_written(c, is_spaced) => return Begun::No,
                Fed::Char(_) => return Begun::Whole,
                Fed::Malformed if pending.len() > 1 && !is_spaced => return Begun::Part,
                Fed::Malformed => return Begun::No,
            }
        }
    }
    if pending.len() > 1 && !is_spaced { Begun::Part } else { Begun::No }
}

/// Whether a character is one that texts have: no letter that was never seen. What a space may be part of is rather
/// clean, so that must be a character which is more common.
fn is_written(c: char, is_spaced: bool) -> bool {
    let most = if is_spaced { weights::DEAREST } else { weights::NEVER_SEEN };
    let is_told = is_letter(c) && c < '\u{2e80}' || is_spaced && c <= '\u{ffff}';
    !is_told || languages::models_of_text(std::iter::once(c)).iter().any(|model| model.alone(c) < most)
}

/// Whether some characters may be a sequence of UTF-8 that was read as windows-1252. A small letter at the end of a word
/// begins no character of two bytes that is written. Of three bytes the last may be lost if it is punctuation, which
/// stands alone in a text; and of four bytes, which say enough.
pub(super) fn has_utf8(window: &[char]) -> bool {
    let byte = |at: usize| window.get(at).and_then(|&c| sloppy_byte_of(c));
    let is_trail = |at: usize| byte(at).is_some_and(|byte| (0x80..0xc0).contains(&byte));
    (0..window.len()).any(|at| match byte(at) {
        Some(0xdf) => is_trail(at + 1),
        Some(0xe2) if byte(at + 1) == Some(0x80) => true,
        Some(0xf0..=0xf4) if is_trail(at + 1) && is_trail(at + 2) => true,
        Some(0xc2..=0xf4) => begun(&window[at..], |c| sloppy_byte_of(c).map(Bytes::one)) == Begun::Whole,
        _ => false,
    })
}

/// Strange characters for each wide one from which on the wide ones are clean.
const MUCH: usize = 4;

/// Characters that run on from strange ones, on each side: what is damaged longer than this has more that is strange.
const RUN_ON: usize = 60;
/// Characters before and after strange ones that are looked at with them.
const AROUND: usize = 6;

#[cfg(test)]
mod tests {
    use super::super::garbled;
    use super::*;
    use crate::repair;

    #[test]
    fn a_short_field_of_common_ideographs_comes_back() {
        for (truth, written, reader) in [
            ("신청서 양식", "euc-kr", "gbk"),
            ("안내 자료", "euc-kr", "euc-jp"),
            ("会员名单", "gbk", "euc-jp"),
            ("請求書類一覧表", "euc-jp", "gbk"),
        ] {
            let garbled = garbled(truth, written, reader);
            assert_eq!(repair(&garbled).text(), truth, "{garbled}");
        }
    }

    #[test]
    fn sequences_of_utf8_are_told_from_words() {
        let has = |text: &str| has_utf8(&text.chars().collect::<Vec<_>>());
        for text in ["cafÃ©", "voilÃ .", "letâ€™s", "endâ€ and", "å›½", "é ¢"] {
            assert!(has(text), "{text}");
        }
        // The last three would be no character at all, half a pair of UTF-16, an Arabic letter of no language.
        for text in [
            "café au lait",
            "Spaß am Spiel",
            "hlášky",
            "tížit",
            "fête à faire",
            "chceš á že",
            "psí šero",
            "Ú nás",
        ] {
            assert!(!has(text), "{text}");
        }
    }

    #[test]
    fn a_sequence_is_whole_or_pays_for_what_it_lost() {
        let begins = |text: &str| begins_utf8(&text.chars().collect::<Vec<_>>());
        // `э` and `н` are ED and AD in code page 866: half a character of UTF-16.
        for text in ["Бэнкси", "энергия", "house"] {
            assert_eq!(begins(text), Begun::No, "{text}");
        }
        for truth in ["é", "д", "中", "😀"] {
            for reader in ["windows-1252", "koi8-r", "gbk"] {
                assert_eq!(begins(&garbled(truth, "utf-8", reader)), Begun::Whole, "{truth} {reader}");
            }
        }
        assert_eq!(begins("â‚"), Begun::Part);
    }

    #[test]
    fn latin_words_among_chinese_are_told_from_what_a_reader_of_pairs_makes() {
        let is_running = |text: &str| is_running_chinese(&text.chars().collect::<Vec<_>>());
        let text = "这个目录里的config和脚本都归小组管，改动之前请先在群里说一声，不要直接提交。";
        assert!(is_running(text));
        assert_eq!(repair(text).text(), text);
        let truth =
            "Während der Führung hörten wir über die Größe der Höhlen vieles, später auch über die Kälte.";
        let damaged = garbled(truth, "utf-8", "gbk");
        assert!(!is_running(&damaged));
        assert_eq!(repair(&damaged).text(), truth);
    }

    #[test]
    fn rare_names_stay() {
        for name in ["欧阳芷萱", "尉迟恭", "高橋 誠", "김민서 부장", "龔毓麒", "蕭敬騰 黃韻玲", "犇骉鑫淼"]
        {
            assert_eq!(repair(name).text(), name);
        }
    }

    #[test]
    fn clean_text_of_other_scripts_reads_as_a_language_and_damaged_does_not() {
        let reads = |text: &str| reads_as_a_language(&text.chars().collect::<Vec<_>>());
        for text in [
            "Сторож ферми знайшов біля річки старий човен і відвіз його до млина.",
            "강가의 낡은 나룻배는 이제 아무도 타지 않고 물가에 묶여 있다.",
            "川の古い渡し船は、もう誰も乗らないまま岸につながれている。",
            "คนเฝ้าท่าเรือพบเรือเก่าลำหนึ่งอยู่ริมแม่น้ำ",
            "欧阳晓霞，尉迟志鹏，闻人雨桐，慕容晨曦，皇甫梓涵，司徒静怡",
        ] {
            assert!(reads(text), "{text}");
        }
        for (truth, written, reader) in [
            ("Сторож ферми знайшов біля річки старий човен.", "koi8-u", "windows-1251"),
            ("川の古い渡し船は、もう誰も乗らないまま岸につながれている。", "euc-jp", "gb18030"),
            ("강가의 낡은 나룻배는 이제 아무도 타지 않는다.", "euc-kr", "gbk"),
            ("คนเฝ้าท่าเรือพบเรือเก่า", "utf-8", "windows-874"),
        ] {
            let garbled = garbled(truth, written, reader);
            assert!(!reads(&garbled), "{garbled}");
        }
    }

    #[test]
    fn words_that_stand_oddly_in_their_own_text_are_told_from_damaged_ones() {
        let reads = |text: &str| {
            let bytes = scan::spots(text, 0..text.len());
            let at = |byte: usize| text[..byte].chars().count();
            let spots: Vec<Range<usize>> =
                bytes.into_iter().map(|spot| at(spot.start)..at(spot.end)).collect();
            assert!(!spots.is_empty(), "{text}");
            reads_as_the_text_around(&spots, &text.chars().collect::<Vec<_>>())
        };
        for text in [
            "배를 묶어 둔 말뚝이 낡았으니 ferry와 dock에서 새 말뚝과 밧줄을 받아 오세요.",
            "把ferry.dock为empty的船都停在上游，等水位退了再说，不要自己开走。",
            "Сторож пристани рассказал гостям басню, которую придумал Эзоп, и ушёл домой.",
        ] {
            assert!(reads(text), "{text}");
        }
        let part = |truth: &str, written: &str, reader: &str| garbled(truth, written, reader);
        for text in [
            format!("把船停在上游，{}，等水位退了再说，不要自己开走。", part("等到天亮", "utf-8", "gbk")),
            format!(
                "Сторож сказал: {} ушёл, и лёг спать до утра.",
                part("старый паром", "koi8-r", "windows-1251")
            ),
            "Ved brшnden stеr en gammel bеd, som ingen vil kшbe, fordi den er rеdden i bunden.".to_owned(),
        ] {
            let text = text.as_str();
            assert!(!reads(text), "{text}");
        }
    }

    #[test]
    fn a_damaged_part_of_clean_text_of_the_same_script_is_seen() {
        let clean =
            "船長說明天早上不開船，因為河裡的水太急。大家都在碼頭等著，孩子們在岸邊玩耍，老人在樹下喝茶。";
        let part = "木橋已經修好了，行人可以通過。";
        let damaged = garbled(part, "big5", "utf-16be");
        let (before, after) = (clean.repeat(2), clean.repeat(2));
        let text = format!("{before}{damaged}{after}");
        assert!(!reads_as_a_language(&text.chars().collect::<Vec<_>>()));
        assert_eq!(repair(&text).text(), format!("{before}{part}{after}"));
    }

    #[test]
    fn a_damaged_line_comes_back_among_names_that_are_rare() {
        let names = "紫紅色，笑愚，擎蒼\n靛藍色，燁磊";
        for (truth, reader) in
            [("木橋邊", "cp437"), ("魚塘", "cp850"), ("魚塘", "windows-1252"), ("老渡船", "koi8-r")]
        {
            let damaged = garbled(truth, "utf-8", reader);
            let text = format!("{names}\n{damaged} | 三月\n{names}");
            assert_eq!(repair(&text).text(), format!("{names}\n{truth} | 三月\n{names}"));
        }
    }

    /// Within a word, where the letter beside the border is the one that is damaged by one reader and clean by another.
    #[test]
    fn damage_may_begin_and_end_within_a_word() {
        for (damaged, truth) in [
            ("Стаðûé ïаром больше не ходит к мельнице", "Старый паром больше не ходит к мельнице"),
            ("الحارس وجد قاربا صغíÑÇ Şرب الطاحونة أمس", "الحارس وجد قاربا صغيرا قرب الطاحونة أمس"),
            ("Το παλιό καράβι περιμÝíåé óôçν όχθη", "Το παλιό καράβι περιμένει στην όχθη"),
        ] {
            assert_eq!(repair(damaged).text(), truth);
        }
    }

    #[test]
    fn running_chinese_is_told_from_what_a_reader_makes_of_bytes() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        let truth = "垸内的鱼塘去年冬天清过一次淤，今年夏天雨水多，塘埂有两处渗漏，已经补好。";
        assert!(reads_as_chinese(&chars(truth)));
        for reader in ["gbk", "big5"] {
            assert!(!reads_as_chinese(&chars(&garbled(truth, "utf-8", reader))), "{reader}");
        }
        let japanese = "池の水は去年の冬に抜いたので、今年の夏は泥が少なかった。";
        assert!(!reads_as_chinese(&chars(&garbled(japanese, "euc-jp", "gbk"))));
    }
}
