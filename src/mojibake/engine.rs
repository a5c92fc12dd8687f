//! The repair of a whole text: windows, channels, decision, and again until nothing changes.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;

use crate::encoding::{Encoding, Reader};
use crate::language::{ANY, Cache, Context, Model, bits};

use super::compose::{byte_offsets, compose, in_input, splice};
use super::judge::judge;
use super::languages::Fit;
use super::lattice::Channel;
use super::marks::Marks;
use super::place::{clean_cost, how_strange};
use super::rank::{Hints, Ranked, rank};
use super::segment::{Stretch, is_decided};
use super::straight::Prices;
use super::suspect::{has_much_utf8, is_odd_field, may_be_utf8, reads_as_chinese};
use super::{
    Alternative, Change, Reason, Repair, Repairer, Undecided, languages, leftover, scan, straight,
    undecidable, weights,
};

/// Looks at a text at most. A layer takes one, the last finds nothing; each halves the text at least, so more than a
/// page has is not needed, and what goes on for longer is no damage but goes round in a circle.
const PASSES: usize = 16;
/// … and of those that run out of steps and change something all the same: they make other noise of noise, again and
/// again, a quarter of a second for each page. No look at text with damage in it was seen to run out.
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
    let task = || {
        let left = Cell::new(0);
        let (likely, fruitless, prices) = (Cell::new(stands), RefCell::default(), Prices::default());
        Task { options, stands, hints: hints.clone(), left, likely, fruitless, prices }
    };
    if options.lines.are_all() {
        return repair_to_depth(&task(), text, Depth::OUTERMOST);
    }
    // Each part that may be touched is a text of its own.
    let (mut changes, mut undecided) = (Vec::new(), Vec::new());
    for part in options.lines.of(text) {
        let repair = repair_to_depth(&task(), &text[part.clone()], Depth::OUTERMOST);
        let moved = |span: Range<usize>| part.start + span.start..part.start + span.end;
        changes.extend(repair.changes.into_iter().map(|c| Change { span: moved(c.span.clone()), ..c }));
        undecided
            .extend(repair.undecided.into_iter().map(|u| Undecided { span: moved(u.span.clone()), ..u }));
    }
    let text = if changes.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(splice(text, &changes)) };
    Repair { text, changes, undecided }
}

/// One call of the repair.
pub(super) struct Task<'o> {
    pub(super) options: &'o Repairer,
    /// Model of text as it stands.
    pub(super) stands: &'static Model,
    pub(super) hints: Hints,
    /// Steps that the searches may still take.
    left: Cell<usize>,
    /// The language that made the last window harmless: tried first on the next one.
    pub(super) likely: Cell<&'static Model>,
    /// The windows that were looked at in vain, with what the look depends on: the second look at what the first one
    /// left alone finds no more, and documents repeat themselves.
    fruitless: RefCell<BTreeSet<String>>,
    /// What the lines that came through a channel whole cost.
    pub(super) prices: Prices,
}

impl Task<'_> {
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// A look takes what the first look at the same text would: so nothing is left for a second repair.
    fn begin(&self, text: &str) {
        self.left.set(Self::steps(text));
    }

    fn steps(text: &str) -> usize {
        weights::STEPS + weights::STEPS_EACH * text.len()
    }

    /// Whether a look took so much that there is more noise than damage.
    fn is_half_spent(&self, text: &str) -> bool {
        2 * self.left.get() < Self::steps(text)
    }

    pub(super) fn spend(&self, steps: usize) {
        self.left.set(self.left.get().saturating_sub(steps));
    }
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
    let mut changes: Vec<Change> = Vec::new();
    let mut undecided = Vec::new();
    let mut known = Vec::new();
    let mut all_known: Vec<Known> = Vec::new();
    let mut windows = Vec::new();
    let mut marks = Marks::of(text);
    let (mut is_same, mut is_fixed, mut is_garbled) = (false, false, false);
    let mut asks_known = true;
    let mut spent_looks = 0;
    for _ in 0..PASSES {
        let knows = !known.is_empty();
        if depth.left == LAYERS {
            task.begin(&current);
        }
        if !is_same {
            windows = windows_of(&current, is_garbled);
        }
        let (seen, knows_now) = (std::mem::take(&mut windows), std::mem::take(&mut known));
        let inside = Depth { may_guess: is_garbled, ..depth };
        let mut pass = Pass::new(task, &current, marks, seen, knows_now, inside);
        let mut found = pass.run(is_same, asks_known);
        asks_known = pass.asks_known || task.is_spent();
        (undecided, windows) = (pass.undecided, pass.windows);
        if found.is_empty() && !knows && !task.is_half_spent(&current) {
            found = leftover::find(task, &current, &changes, &all_known);
        }
        if found.is_empty() {
            if !knows {
                // What is sure is better than the best of what is not.
                if task.options.assume_garbled && depth.may_guess && changes.is_empty() && !is_garbled {
                    (is_garbled, is_same) = (true, false);
                    continue;
                }
                is_fixed = true;
                break;
            }
            // Done only if a fresh look, which knows no channel yet, finds nothing either: the next repair of the
            // result will have no more than that.
            is_same = true;
            continue;
        }
        spent_looks += usize::from(task.is_spent());
        if spent_looks == SPENT_LOOKS {
            break;
        }
        is_same = false;
        // What comes of a repair is no longer known to be garbled.
        is_garbled = false;
        known = pass.known;
        all_known.extend(&known);
        let next = splice(&current, &found);
        changes = compose(text, changes, &current, found);
        marks = Marks::of(&next);
        current = Cow::Owned(next);
    }
    if !is_fixed {
        (current, changes, undecided) = (Cow::Borrowed(text), Vec::new(), Vec::new());
        (windows, marks) = (scan::windows(text), Marks::of(text));
    }
    undecided.extend(undecidable::find(&current, &windows, &marks));
    if changes.is_empty() {
        current = Cow::Borrowed(text);
        if task.options.assume_garbled && undecided.is_empty() {
            undecided.extend(undecidable::cipher(text));
        }
    }
    Repair { text: current, undecided: in_input(undecided, &changes), changes }
}

/// A channel that was found for sure, and the language of what came through it.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) channel: Channel,
    pub(super) truth: &'static Model,
}

/// One look at a text.
pub(super) struct Pass<'a> {
    pub(super) task: &'a Task<'a>,
    pub(super) text: &'a str,
    pub(super) marks: Marks,
    cache: OnceCell<Cache>,
    /// The windows that were looked at in vain in this look, with the help of the document's own words.
    fruitless: BTreeSet<String>,
    /// Whether the look at the present window asked for the document's own words.
    has_asked_cache: Cell<bool>,
    pub(super) windows: Vec<Range<usize>>,
    pub(super) known: Vec<Known>,
    /// Whether what is known had a say in what was made of the words outside of the windows.
    pub(super) asks_known: bool,
    pub(super) undecided: Vec<Undecided>,
    pub(super) depth: Depth,
}

impl<'a> Pass<'a> {
    fn new(
        task: &'a Task<'a>,
        text: &'a str,
        marks: Marks,
        windows: Vec<Range<usize>>,
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
            has_asked_cache,
            windows,
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
        for number in 0..self.windows.len() {
            for part in scan::outside(self.windows[number].clone(), &marked) {
                self.window(part, &mut changes);
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

    /// A window, unless the same was looked at before and nothing was found.
    fn window(&mut self, window: Range<usize>, changes: &mut Vec<Change>) {
        let key = self.key(&window);
        if self.task.fruitless.borrow().contains(&key) || self.fruitless.contains(&key) {
            return;
        }
        let so_far =
            |pass: &Self, changes: &[Change]| (changes.len(), pass.undecided.len(), pass.known.len());
        let before = so_far(self, changes);
        self.look_into(window, changes);
        let by_cache = self.has_asked_cache.take();
        if so_far(self, changes) != before || self.task.is_spent() {
            return;
        }
        // What the document's own words decided may be decided otherwise in the next look.
        if by_cache {
            self.fruitless.insert(key);
        } else {
            self.task.fruitless.borrow_mut().insert(key);
        }
    }

    /// All that a look into a window depends on.
    fn key(&self, window: &Range<usize>) -> String {
        let from = self.text[..window.start]
            .char_indices()
            .rev()
            .take(BEFORE)
            .last()
            .map_or(window.start, |(at, _)| at);
        let mut key = String::with_capacity(window.end - from + 8 * self.known.len() + 8);
        for Known { channel, truth } in &self.known {
            key.extend([channel.written.label(), " ", channel.reader.label(), " ", truth.tag, "\n"]);
        }
        key.push_str(&self.text[from..window.start]);
        key.push(if self.is_garbled() { '\u{1}' } else { '\0' });
        key.push_str(&self.text[window.clone()]);
        key
    }

    fn look_into(&mut self, window: Range<usize>, changes: &mut Vec<Change>) {
        if self.known_straight(&window, changes) {
            return;
        }
        // Lines that were damaged stand among lines that were not.
        let mut rest: Vec<Range<usize>> = Vec::new();
        let mut start = window.start;
        for line in straight::lines(&self.text[window.clone()]) {
            let span = start..start + line.len();
            start = span.end;
            let is_part = line.len() < window.len() && !line.is_ascii();
            if is_part && has_much_utf8(line) && self.known_straight(&span, changes) {
                continue;
            }
            match rest.last_mut() {
                Some(last) if last.end == span.start => last.end = span.end,
                _ => rest.push(span),
            }
        }
        for part in rest {
            if part == window || !scan::spots(self.text, part.clone()).is_empty() {
                let before = changes.len();
                self.searched(part.clone(), changes);
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
        let core = self.core(&spots, &chars);
        if !self.is_garbled() && reads_as_chinese(&core) {
            return;
        }
        let first = spots.first().map_or(0, |spot| spot.start).saturating_sub(weights::BESIDE);
        let fit = Fit::of(&chars[first.min(chars.len())..chars.len().min(first + 4 * weights::BESIDE)]);
        // In a long window there is damage enough to pay for any channel; and what a layer leaves over says nothing.
        let is_strange = chars.len() <= weights::SEARCHED_WINDOW
            && !self.depth.is_under_layer
            && spots.iter().flat_map(Range::clone).any(|at| how_strange(&chars, at) > 0);
        // What words and letters tell takes long to find, and what is straight does without.
        let tell = |pass: &Self| {
            let mut told = pass.told_by_words(&spots, &chars, &fit);
            pass.add_told_by_letters(&chars, &fit, &mut told);
            told
        };
        let is_quiet = !is_strange && self.cannot_gain(&chars, context) || self.is_harmless(&spots, &chars);
        let told = is_quiet.then(|| tell(self));
        if told.as_ref().is_some_and(Vec::is_empty) || undecidable::is_replaced(self.text, &window) {
            return;
        }
        let stands = bits(clean_cost(self.task.stands, self.task.stands, &core, Context::default()));
        let ranked = rank(core, &self.task.hints, self.task.stands, is_strange, self.is_garbled(), &fit);
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
                self.searched(piece, changes);
            }
            return;
        }
        let told = told.unwrap_or_else(|| tell(self));
        if ranked.is_empty() && told.is_empty() && self.known.is_empty() {
            return;
        }
        let found = self.search(&chars, context, &ranked, &told, is_strange);
        let Some((known, stretches)) = judge(found, &chars, context) else { return };
        self.decide_all(known, stretches, &chars, window.start, changes);
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
    fn known_straight(&mut self, window: &Range<usize>, changes: &mut Vec<Change>) -> bool {
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
            let wanted = change.confidence >= self.task.options.min_confidence;
            let lossy = self.task.options.lossless_only && !change.is_lossless();
            if decided && wanted && !lossy {
                self.learn(known);
                changes.push(change);
            } else if decided || undecidable::is_implausible(&change) {
                self.undecided.push(Undecided {
                    span: change.span,
                    reason: if decided && lossy { Reason::Lossy } else { Reason::NotSureEnough },
                    guesses: vec![Alternative { after: change.after, confidence: change.confidence }],
                });
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

/// What is to be looked at of a text.
fn windows_of(text: &str, is_garbled: bool) -> Vec<Range<usize>> {
    if is_garbled {
        return scan::all(text);
    }
    let windows = scan::with_lines(text, scan::windows(text));
    if windows.is_empty() && is_odd_field(text) { scan::all(text) } else { windows }
}

/// Whether so much of what may have been bytes was replaced that nothing can be restored: a search among 128 bytes at
/// every other character would say something all the same, and take a second for a page.
fn is_mostly_gone(window: &[char]) -> bool {
    let replaced = window.iter().filter(|&&c| c == '\u{fffd}').count();
    let damaged = window.iter().filter(|&&c| !c.is_ascii() && c != '\u{fffd}').count();
    let wide = window.iter().filter(|&&c| c >= '\u{2e80}' && c != '\u{fffd}').count();
    // A character of two bytes says more of what was lost beside it.
    replaced * if wide * 2 > damaged { 1 } else { weights::GONE } > damaged
}
