//! What is suspicious of a window: whether it can be damage at all, and which of its characters speak for it.

use std::ops::Range;

use crate::encoding::{Bytes, Encoding, Fed, Pending, Reader, pages_of, sloppy_byte_of};
use crate::language::{self, Context, Cost, Model};

use super::engine::{Known, Pass};
use super::lattice::Channel;
use super::place::{clean_costs, how_strange, is_latin, is_letter, is_out_of_place};
use super::running::{
    cost_of, is_running_chinese, reads_as_chinese, reads_as_known_words, reads_as_the_text_around,
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
        chars.len() <= weights::SEARCHED_WINDOW
            && !self.depth.is_under_layer()
            && spots.iter().flat_map(Range::clone).any(|at| is_out_of_place(chars, at))
    }

    /// What of a window speaks for damage; `None` if it is clean: what is strange stands among words of its own language, and
    /// nothing that is known says more.
    pub(super) fn core_of_damage(&self, spots: &[Range<usize>], chars: &[char]) -> Option<Vec<char>> {
        if self.is_garbled() {
            return Some(chars.to_vec());
        }
        let is_among_its_own =
            || reads_as_known_words(spots, chars) || reads_as_the_text_around(spots, chars);
        if self.known.is_empty() && is_among_its_own() {
            return None;
        }
        Some(core(spots, chars)).filter(|core| !reads_as_chinese(core))
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
}

/// What of a window cannot well be clean: the strange characters, those that run on from them, and a little around.
fn core(spots: &[Range<usize>], chars: &[char]) -> Vec<char> {
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

/// Whether so much of what may have been bytes was replaced that nothing can be restored: a search among 128 bytes at
/// every other character would say something all the same, and take a second for a page.
pub(super) fn is_mostly_gone(window: &[char]) -> bool {
    let replaced = window.iter().filter(|&&c| c == '\u{fffd}').count();
    let damaged = window.iter().filter(|&&c| !c.is_ascii() && c != '\u{fffd}').count();
    let wide = window.iter().filter(|&&c| c >= '\u{2e80}' && c != '\u{fffd}').count();
    // Of letters of two bytes both were replaced, if a reader of pairs had none for them.
    let runs = window.chunk_by(|a, b| (*a == '\u{fffd}') == (*b == '\u{fffd}'));
    let is_by_letter = runs.filter(|run| run[0] == '\u{fffd}').all(|run| run.len() % 2 == 0);
    match wide * 2 > damaged {
        // A character of two bytes says more of what was lost beside it.
        true => replaced > damaged * if is_by_letter { 2 } else { 1 },
        // What follows a first byte of UTF-8 was one of the few bytes that its reader leaves out.
        false => replaced * weights::GONE > damaged && !follow_first_bytes(window),
    }
}

/// Whether each U+FFFD follows what may be the first of two bytes in UTF-8.
fn follow_first_bytes(window: &[char]) -> bool {
    let may_be_first = |c: char| ('\u{c0}'..'\u{2e80}').contains(&c);
    (0..window.len())
        .filter(|&at| window[at] == '\u{fffd}')
        .all(|at| at.checked_sub(1).is_some_and(|before| may_be_first(window[before])))
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
    fn rare_names_stay() {
        for name in ["欧阳芷萱", "尉迟恭", "高橋 誠", "김민서 부장", "龔毓麒", "蕭敬騰 黃韻玲", "犇骉鑫淼"]
        {
            assert_eq!(repair(name).text(), name);
        }
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
}
