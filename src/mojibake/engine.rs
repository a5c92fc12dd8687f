//! The repair of a whole text: windows, channels, decision, and again until nothing changes.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;
use std::ops::Range;

use crate::encoding::{Encoding, Reader};
use crate::language::{ANY, Cache, Context, Model, bits};

use super::again::Decided;
use super::compose::{byte_offsets, compose, in_input, splice};
use super::judge::{is_open, judge};
use super::languages::Fit;
use super::lattice::Channel;
use super::marks::Marks;
use super::place::clean_cost;
use super::rank::{Hints, Ranked, without_wide};
use super::running::reads_as_a_language;
use super::scan::Passed;
use super::segment::{Stretch, is_decided};
use super::suspect::{is_mostly_gone, is_odd_field, may_be_utf8};
use super::task::{Memory, Task};
use super::{
    Alternative, Change, Reason, Repair, Repairer, Undecided, again, languages, leftover, pad, replaced,
    scan, straight, undecidable, weights,
};

/// Looks at a text at most. A layer takes one and halves the text at least; in a list each line that comes back may help the
/// ones beside it, and a look is quick where nothing changed. What goes on for longer goes round in a circle, or is a long list.
const PASSES: usize = 64;
/// Looks at a short text that run out of steps and change something all the same: they make other noise of noise, again and
/// again. No look at a short text with damage in it was seen to run out.
const SPENT_LOOKS: usize = 2;
/// Layers of valid UTF-8 that are looked under in one pass.
const LAYERS: usize = 4;
/// Characters of context before a window: the cost of a character depends on no more.
const CONTEXT: usize = 2;
/// Characters before a window that its spots may depend on, and more than the context.
const BEFORE: usize = 12;

pub(super) fn repair<'t>(options: &Repairer, text: &'t str) -> Repair<'t> {
    let Some(stands) = Model::named(ANY) else {
        return Repair { text: Cow::Borrowed(text), changes: Vec::new(), undecided: Vec::new() };
    };
    let hints = Hints {
        encodings: options.encodings.clone(),
        language: options.language.as_deref().and_then(languages::of_tag),
    };
    let task = || Task::new(options, stands, hints.clone());
    if options.lines.are_all() {
        return pad::taken_out(options, text, repair_to_depth(&task(), text, Depth::OUTERMOST));
    }
    // Each part that may be touched is a text of its own.
    let (mut changes, mut undecided) = (Vec::new(), Vec::new());
    for part in options.lines.of(text) {
        let repair = repair_to_depth(&task(), &text[part.clone()], Depth::OUTERMOST);
        let moved = |span: Range<usize>| part.start + span.start..part.start + span.end;
        changes.extend(repair.changes.into_iter().map(|c| Change { span: moved(c.span.clone()), ..c }));
        undecided.extend(repair.undecided.iter().map(|undecided| undecided.moved(0, part.start)));
    }
    let text = if changes.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(splice(text, &changes)) };
    Repair { text, changes, undecided }
}

/// How far under the text as it stands something lies.
#[derive(Clone, Copy)]
pub(super) struct Depth {
    /// Layers of valid UTF-8, and spellings, that may still be looked under.
    left: usize,
    /// Whether it is what one layer is over: what that leaves says nothing of other damage.
    is_under_layer: bool,
    /// Whether the best that can be made of it is asked for, if nothing sure can be.
    may_guess: bool,
}

impl Depth {
    const OUTERMOST: Self = Self { left: LAYERS, is_under_layer: false, may_guess: true };

    /// Whether it is what one layer is over.
    pub(super) fn is_under_layer(self) -> bool {
        self.is_under_layer
    }

    pub(super) fn under_a_layer(self) -> Option<Self> {
        Some(Self { left: self.left.checked_sub(1)?, is_under_layer: true, ..self })
    }

    /// The same for what is spelled otherwise, but stands among the words of the text above it.
    pub(super) fn under_words(self, above: Self) -> Self {
        Self { is_under_layer: above.is_under_layer, ..self }
    }
}

pub(super) fn repair_to_depth<'t>(task: &Task<'_>, text: &'t str, depth: Depth) -> Repair<'t> {
    let mut current = Cow::Borrowed(text);
    let (mut changes, mut undecided): (Vec<Change>, Vec<Undecided>) = Default::default();
    let (mut known, mut all_known): (Vec<Known>, Vec<Known>) = Default::default();
    let mut seen = Seen::default();
    let mut marks = Marks::of(text);
    let mut manner = Manner::default();
    let (mut is_fixed, mut asks_known, mut spent_looks) = (false, true, 0);
    for _ in 0..PASSES {
        let knows = !known.is_empty();
        if depth.left == LAYERS {
            task.begin(&current);
        }
        if !manner.is_same {
            (seen.windows, seen.passed) = windows_of(&current, manner.is_garbled);
        }
        let knows_now = std::mem::take(&mut known);
        let inside = Depth { may_guess: manner.is_garbled, ..depth };
        let mut pass = Pass::new(task, &current, marks, std::mem::take(&mut seen), knows_now, inside);
        pass.is_last = manner.is_last;
        let mut found = pass.run(manner.is_same, asks_known);
        asks_known = pass.asks_known || task.is_spent();
        (undecided, seen) = (pass.undecided, pass.seen);
        if found.is_empty() && !knows {
            found = found_at_last(task, (&current, &marks), (&changes, &all_known), depth);
        }
        if found.is_empty() {
            if task.is_over() {
                break;
            }
            let may_guess = task.options.assume_garbled && depth.may_guess && changes.is_empty();
            match manner.after_nothing(knows, may_guess, pass.has_passed_over) {
                Some(next) => manner = next,
                None => {
                    is_fixed = true;
                    break;
                }
            }
            continue;
        }
        spent_looks += usize::from(task.is_spent());
        if spent_looks == SPENT_LOOKS && text.len() <= weights::NOISE {
            break;
        }
        // What comes of a repair is no longer known to be garbled.
        manner = Manner::default();
        known = pass.known;
        all_known.extend(&known);
        let next = splice(&current, &found);
        changes = compose(text, changes, &current, found);
        marks = Marks::of(&next);
        current = Cow::Owned(next);
        // What the look left undecided lies in another text.
        undecided.clear();
        if task.is_over() {
            break;
        }
    }
    if !is_fixed {
        if text.len() <= weights::NOISE {
            return left_alone(task, text, undecidable::of(text));
        }
        seen.windows = scan::windows(&current);
    }
    undecided.extend(undecidable::find(&current, &seen.windows, &marks));
    if changes.is_empty() {
        return left_alone(task, text, undecided);
    }
    Repair { text: current, undecided: in_input(undecided, &changes), changes }
}

/// What is found where no look finds more: what is left over of what was repaired, and letters that were replaced.
fn found_at_last(
    task: &Task<'_>,
    (text, marks): (&str, &Marks),
    (changes, known): (&[Change], &[Known]),
    depth: Depth,
) -> Vec<Change> {
    let is_spent = task.is_mostly_spent(text);
    let found = if is_spent { Vec::new() } else { leftover::find(task, text, changes, known) };
    if found.is_empty() && depth.left == LAYERS { replaced::find(task, text, marks) } else { found }
}

/// A text of which nothing is repaired; if it is said to be garbled, it may be a cipher.
fn left_alone<'t>(task: &Task<'_>, text: &'t str, mut undecided: Vec<Undecided>) -> Repair<'t> {
    if task.options.assume_garbled && undecided.is_empty() {
        undecided.extend(undecidable::cipher(text));
    }
    Repair { text: Cow::Borrowed(text), changes: Vec::new(), undecided: in_input(undecided, &[]) }
}

/// How a look at a text is made.
#[derive(Clone, Copy, Default)]
struct Manner {
    /// The text is the same as before.
    is_same: bool,
    /// The caller says that it is garbled, and nothing sure can be made of it.
    is_garbled: bool,
    /// What was passed over is looked at once more.
    is_last: bool,
}

impl Manner {
    /// How to look once more at a text in which nothing was found; not at all if a look that knows nothing found nothing.
    fn after_nothing(self, knows: bool, may_guess: bool, has_passed_over: bool) -> Option<Self> {
        if knows {
            // The next repair of the result will know no channel either.
            Some(Self { is_same: true, is_last: false, ..self })
        } else if may_guess && !self.is_garbled {
            // What is sure is better than the best of what is not.
            Some(Self { is_garbled: true, ..Self::default() })
        } else {
            has_passed_over.then_some(Self { is_same: true, is_last: true, ..self })
        }
    }
}

/// A channel that was found for sure, and the language of what came through it.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) channel: Channel,
    pub(super) truth: &'static Model,
}

/// What one look at a text leaves to the next.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) windows: Vec<Range<usize>>,
    /// What lies outside of them.
    pub(super) passed: Passed,
    pub(super) decided: Decided,
}

/// One look at a text.
pub(super) struct Pass<'a> {
    pub(super) task: &'a Task<'a>,
    pub(super) text: &'a str,
    pub(super) marks: Marks,
    cache: OnceCell<Cache>,
    /// The windows that were looked at in vain in this look, with the help of the document's own words.
    fruitless: BTreeSet<String>,
    /// Whether those of the looks before are looked at once more, …
    is_last: bool,
    /// … and whether some were not.
    has_passed_over: bool,
    /// Whether the look at the present window asked for the document's own words.
    has_asked_cache: Cell<bool>,
    pub(super) seen: Seen,
    pub(super) known: Vec<Known>,
    /// Whether what is known had a say in what was made of the words outside of the windows.
    pub(super) asks_known: bool,
    pub(super) undecided: Vec<Undecided>,
    pub(super) depth: Depth,
}

/// What is looked at.
#[derive(Clone, Copy)]
enum Part {
    Window,
    /// A part of one, which takes a search.
    OfWindow,
}

impl<'a> Pass<'a> {
    fn new(
        task: &'a Task<'a>,
        text: &'a str,
        marks: Marks,
        seen: Seen,
        known: Vec<Known>,
        depth: Depth,
    ) -> Self {
        let (cache, fruitless, has_asked_cache) = Default::default();
        let undecided = Vec::new();
        Self {
            task,
            text,
            marks,
            cache,
            fruitless,
            is_last: false,
            has_passed_over: false,
            has_asked_cache,
            seen,
            known,
            asks_known: false,
            undecided,
            depth,
        }
    }

    /// What is found; where the text is the same as before, only what more is known now can find more, and outside of the
    /// windows only where the look before `asked` for it.
    fn run(&mut self, is_same: bool, asked: bool) -> Vec<Change> {
        let mut changes = Vec::new();
        if !is_same {
            changes = self.seven_bit();
            changes.extend(self.wide());
            changes.sort_by_key(|change| change.span.start);
        }
        let marked: Vec<Range<usize>> = changes.iter().map(|change| change.span.clone()).collect();
        for number in 0..self.seen.windows.len() {
            for part in scan::outside(self.seen.windows[number].clone(), &marked) {
                self.look(Part::Window, part, &mut changes);
            }
        }
        if !is_same || asked {
            self.foreign(&mut changes);
        }
        changes.sort_by_key(|change| change.span.start);
        if !is_same {
            // What is spelled otherwise is repaired without what is known.
            self.respelled(&mut changes);
        }
        changes
    }

    /// Whether the caller says that this is no clean text, and nothing sure can be made of it.
    pub(super) fn is_garbled(&self) -> bool {
        self.depth.may_guess
    }

    /// Whether the channel was found for sure elsewhere in the text.
    pub(super) fn knows(&self, channel: Channel) -> bool {
        self.known.iter().any(|known| known.channel == channel)
    }

    pub(super) fn learn(&mut self, known: Known) {
        if !self.knows(known.channel) {
            self.known.push(known);
        }
    }

    /// A look into a window or a part of it, unless the same was looked at before and nothing was found.
    fn look(&mut self, part: Part, window: Range<usize>, changes: &mut Vec<Change>) {
        let key = self.key(part, &window);
        let start = window.start;
        if let Some((memory, undecided)) = self.task.fruitless.recall(&key) {
            let is_new = memory == Memory::ByWords && !self.fruitless.contains(&key);
            if !(self.is_last && is_new) {
                self.has_passed_over |= is_new;
                self.has_asked_cache.set(self.has_asked_cache.get() || memory == Memory::ByWords);
                return self.undecided.extend(undecided.iter().map(|undecided| undecided.moved(0, start)));
            }
        }
        let so_far = |pass: &Self, changes: &[Change]| (changes.len(), pass.known.len());
        let (before, from) = (so_far(self, changes), self.undecided.len());
        let around = self.has_asked_cache.take();
        match part {
            Part::Window => self.look_into(window, changes),
            Part::OfWindow => self.searched(window, changes),
        }
        let by_cache = self.has_asked_cache.get();
        self.has_asked_cache.set(around || by_cache);
        if so_far(self, changes) != before || self.task.is_spent() {
            return;
        }
        let undecided = self.undecided[from..].iter().map(|undecided| undecided.moved(start, 0)).collect();
        // What the document's own words decided may be decided otherwise when there are more of them.
        let memory = if by_cache { Memory::ByWords } else { Memory::Always };
        if by_cache {
            self.fruitless.insert(key.clone());
        }
        self.task.fruitless.remember(key, memory, undecided);
    }

    /// All that a look into a window depends on.
    fn key(&self, part: Part, window: &Range<usize>) -> String {
        let mut from = window.start;
        for (at, _) in self.text[..window.start].char_indices().rev().take(BEFORE) {
            // Of the line before the last character counts.
            let is_enough = self.text[from..].starts_with('\n') && from < window.start;
            from = at;
            if is_enough {
                break;
            }
        }
        let mut key = String::with_capacity(window.end - from + 32 * self.known.len() + 16);
        for Known { channel, truth } in &self.known {
            key.extend([channel.written.label(), " ", channel.reader.label(), " ", truth.tag, "\n"]);
        }
        key.push_str(if self.is_garbled() { "garbled " } else { "" });
        key.push_str(match part {
            Part::Window => "window ",
            Part::OfWindow => "part ",
        });
        // Where the window begins.
        key.push(char::from((window.start - from) as u8));
        key.push_str(&self.text[from..window.end]);
        key
    }

    fn look_into(&mut self, window: Range<usize>, changes: &mut Vec<Change>) {
        if self.known_straight(&window, changes) {
            return;
        }
        let rest = self.not_straight(&window, changes);
        for part in rest {
            if part == window || !scan::spots(self.text, part.clone()).is_empty() {
                let before = changes.len();
                self.look(Part::OfWindow, part.clone(), changes);
                if let Some(narrow) = self.narrow(&part, &changes[before..]) {
                    changes.truncate(before);
                    changes.push(narrow);
                }
            }
        }
    }

    /// A window that takes a search, of channels and of a way.
    fn searched(&mut self, window: Range<usize>, changes: &mut Vec<Change>) {
        let chars: Vec<char> = self.text[window.clone()].chars().collect();
        if self.task.is_spent() || is_mostly_gone(&chars) {
            return;
        }
        let context = self.context(window.start);
        let spots = self.spots(&window);
        let Some(core) = self.core_of_damage(&spots, &chars) else { return };
        let first = spots.first().map_or(0, |spot| spot.start).saturating_sub(weights::BESIDE);
        let fit = Fit::of(&chars[first.min(chars.len())..chars.len().min(first + 4 * weights::BESIDE)]);
        let is_strange = self.is_strange(&spots, &chars);
        // What words and letters tell takes long to find, and what is straight does without.
        let tell = |pass: &Self| {
            pass.task.spend(weights::STEPS_OF_TELLING);
            let mut told = pass.told_by_words(&spots, &chars, &fit);
            pass.add_told_by_letters(&chars, &fit, &mut told);
            told
        };
        let is_clean =
            || self.cannot_gain(&chars, context) || !self.is_garbled() && reads_as_a_language(&core);
        let is_quiet = !is_strange && is_clean() || self.is_harmless(&spots, &chars);
        let told = is_quiet.then(|| tell(self));
        if told.as_ref().is_some_and(Vec::is_empty) || undecidable::is_replaced(self.text, &window) {
            return;
        }
        let stands = bits(clean_cost(self.task.stands, self.task.stands, &core, Context::default()));
        let rest = without_wide(&core);
        let mut ranked = self.ranked(core, is_strange, &fit);
        // Chance makes layers of the letters of another alphabet.
        let is_rival = |best: &&Ranked| best.is_whole && best.channel.written.is_single_byte();
        let rival = ranked.first().filter(is_rival);
        let least = rival.map_or(0.0, |best| (stands - bits(best.cost)) / weights::RIVAL_OF_LAYER);
        if self.straight(&window, &ranked, changes) || self.layered(&window, &spots, least, changes) {
            return;
        }
        let pieces = scan::pieces(self.text, window.clone());
        if pieces.len() > 1 {
            for piece in pieces {
                for part in self.not_straight(&piece, changes) {
                    self.look(Part::OfWindow, part, changes);
                }
            }
            return;
        }
        let told = told.unwrap_or_else(|| tell(self));
        if let Some(rest) = rest.filter(|_| ranked.is_empty()) {
            ranked = self.ranked(rest, is_strange, &fit);
        }
        if ranked.is_empty() && told.is_empty() && self.known.is_empty() {
            return;
        }
        let found = self.search(&chars, context, &ranked, &told, is_strange);
        self.task.spend(weights::STEPS_OF_JUDGING * chars.len() * found.len());
        let Some((known, stretches)) = judge(found, &chars, context) else { return };
        let before = changes.len();
        self.decide_all(known, stretches, &chars, window.start, changes);
        if changes.len() == before {
            self.line_by_line(window, changes);
        } else {
            self.task.earn();
        }
    }

    /// The lines of a window that says nothing as a whole: in a list they may be of different languages.
    fn line_by_line(&mut self, window: Range<usize>, changes: &mut Vec<Change>) {
        let mut start = window.start;
        for line in straight::lines(&self.text[window.clone()]) {
            let span = start..start + line.len();
            start = span.end;
            if span.len() < window.len() && !scan::spots(self.text, span.clone()).is_empty() {
                self.look(Part::OfWindow, span, changes);
            }
        }
    }

    /// What of the stretches of a window that begins at a byte of the text is taken over.
    pub(super) fn decide_all(
        &mut self,
        known: Known,
        stretches: Vec<Stretch>,
        chars: &[char],
        start: usize,
        changes: &mut Vec<Change>,
    ) {
        let offsets = byte_offsets(chars, start);
        for stretch in stretches {
            self.decide(known, stretch, &offsets, changes);
        }
    }

    /// Whether all that may be damaged costs less as it stands than the cheapest channel: ASCII costs the same on
    /// both sides, and no true text is free.
    fn cannot_gain(&self, window: &[char], context: Context) -> bool {
        if self.is_garbled() {
            return false;
        }
        let any =
            if self.known.is_empty() { weights::ENTER + weights::NOT_UTF8 } else { weights::ENTER_AGAIN };
        let mut total = 0;
        for (at, &c) in window.iter().enumerate().filter(|(_, c)| !c.is_ascii()) {
            // Two characters are all that the cost of the next one depends on.
            let from = at.checked_sub(CONTEXT);
            let context = if from.is_some() { Context::default() } else { context };
            let before = &window[from.unwrap_or(0)..at];
            let context = before.iter().fold(context, |context, &c| self.task.stands.step(context, c).1);
            total += self.task.stands.step(context, c).0;
            if total >= any {
                return false;
            }
        }
        total < weights::ENTER || !may_be_utf8(window)
    }

    /// A window that came through a channel which is known already, whole and without loss.
    pub(super) fn known_straight(&mut self, window: &Range<usize>, changes: &mut Vec<Change>) -> bool {
        for known in self.known.clone() {
            if self.converts(window, known, weights::ENTER_AGAIN, changes) {
                return true;
            }
        }
        // The most common damage by far, without looking at all the others.
        let usual = Channel { written: Encoding::UTF_8, reader: Reader::WINDOWS_1252 };
        // … unless the same reader gave something else: the search compares the two.
        let is_western =
            |known: &Known| matches!(known.channel.reader, Reader::WINDOWS_1252 | Reader::LATIN_1);
        if self.known.iter().any(is_western) {
            return false;
        }
        self.converts(window, Known { channel: usual, truth: self.task.stands }, weights::ENTER, changes)
    }

    /// A window that came through one of the channels whole and without loss.
    fn straight(&mut self, window: &Range<usize>, ranked: &[Ranked], changes: &mut Vec<Change>) -> bool {
        // Chance makes no two halves of a character, whatever else ranks well.
        let has_halves = |ranked: &&Ranked| ranked.is_whole && ranked.channel.written == Encoding::CESU_8;
        let best = ranked.iter().find(has_halves).or_else(|| ranked.first());
        let Some(best) = best.filter(|best| best.is_whole) else { return false };
        let known = Known { channel: best.channel, truth: best.truth };
        self.converts(window, known, weights::enter(best.channel), changes)
    }

    fn decide(&mut self, known: Known, stretch: Stretch, offsets: &[usize], changes: &mut Vec<Change>) {
        let is_guess = self.is_garbled() && stretch.gain > -bits(weights::GUESS);
        let decided = is_decided(&stretch) || is_guess;
        for mut change in stretch.changes {
            change.span = offsets[change.span.start]..offsets[change.span.end];
            let is_open = !is_guess && is_open(&change, offsets.len() - 1);
            let wanted = change.confidence >= self.task.options.min_confidence && !is_open;
            let lossy = self.task.options.lossless_only && !change.is_lossless();
            if decided && wanted && !lossy {
                self.learn(known);
                if again::may_come_again(known.channel) {
                    self.seen.decided.add(self.text, &change, known);
                }
                changes.push(change);
            } else if decided || undecidable::is_implausible(&change) {
                let reason = if decided && lossy { Reason::Lossy } else { Reason::NotSureEnough };
                let mut guesses = vec![Alternative { after: change.after, confidence: change.confidence }];
                guesses.extend(change.alternatives);
                self.undecided.push(Undecided { span: change.span, reason, guesses });
            }
        }
    }

    pub(super) fn context(&self, start: usize) -> Context {
        let before: Vec<char> = self.text[..start].chars().rev().take(CONTEXT).collect();
        before.into_iter().rev().fold(Context::default(), |context, c| self.task.stands.step(context, c).1)
    }

    /// The text outside the windows, counted when first needed.
    pub(super) fn cache(&self) -> &Cache {
        self.has_asked_cache.set(true);
        self.cache.get_or_init(|| {
            let mut cache = Cache::default();
            let mut from = 0;
            for window in scan::windows(self.text) {
                cache.add(&self.text[from..window.start]);
                from = window.end;
            }
            cache.add(&self.text[from..]);
            cache
        })
    }
}

/// What is to be looked at of a text, and what lies outside of it.
fn windows_of(text: &str, is_garbled: bool) -> (Vec<Range<usize>>, Passed) {
    if is_garbled {
        return (scan::all(text), Passed::default());
    }
    let (windows, passed) = scan::windows_and_rest(text);
    let windows = scan::with_lines(text, windows);
    let windows = if windows.is_empty() && is_odd_field(text) { scan::all(text) } else { windows };
    (windows, passed)
}
