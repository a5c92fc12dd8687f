//! The repair of a whole text: windows, channels, decision, and again until nothing changes.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use crate::encoding::{Fed, Pending, Written, sloppy_byte_of};
use crate::language::{ANY, Cache, Context, Cost, Model};

use super::compose::compose;
use super::lattice::{Action, Channel, DearLosses, Lattice, Move, Path};
use super::segment::{Stretch, is_decided};
use super::{Alternative, Change, Reason, Repair, Repairer, Undecided, scan, straight, undecidable, weights};

/// Looks at a text at most. A layer takes one, the last finds nothing; each halves the text at least, so more than a
/// page has is not needed, and what goes on for longer is no damage but goes round in a circle.
const PASSES: usize = 16;
/// Layers of valid UTF-8 that are looked under in one pass.
const LAYERS: usize = 3;
/// Characters of context before a window.
const CONTEXT: usize = 8;

pub(super) fn repair<'t>(options: &Repairer, text: &'t str) -> Repair<'t> {
    repair_to_depth(options, text, LAYERS)
}

fn repair_to_depth<'t>(options: &Repairer, text: &'t str, depth: usize) -> Repair<'t> {
    let mut current = Cow::Borrowed(text);
    let mut changes: Vec<Change> = Vec::new();
    let mut undecided = Vec::new();
    let mut known = Vec::new();
    let mut is_fixed = false;
    for _ in 0..PASSES {
        let knows = !known.is_empty();
        let mut pass = Pass::new(options, &current, std::mem::take(&mut known), depth);
        let found = pass.run();
        undecided = pass.undecided;
        if found.is_empty() {
            if !knows {
                is_fixed = true;
                break;
            }
            // Done only if a fresh look, which knows no channel yet, finds nothing either: the next repair of the
            // result will have no more than that.
            continue;
        }
        known = pass.known;
        let next = splice(&current, &found);
        changes = compose(text, changes, &current, found);
        current = Cow::Owned(next);
    }
    if !is_fixed {
        (current, changes, undecided) = (Cow::Borrowed(text), Vec::new(), Vec::new());
    }
    if changes.is_empty() {
        current = Cow::Borrowed(text);
    }
    undecided.extend(undecidable::find(&current));
    let undecided = in_input(undecided, &changes);
    Repair { text: current, changes, undecided }
}

/// One look at a text.
struct Pass<'a> {
    options: &'a Repairer,
    text: &'a str,
    cache: OnceCell<Cache>,
    windows: Vec<Range<usize>>,
    /// Channels that were found for sure.
    known: Vec<Channel>,
    undecided: Vec<Undecided>,
    /// Layers of valid UTF-8 that may be looked under.
    depth: usize,
}

impl<'a> Pass<'a> {
    fn new(options: &'a Repairer, text: &'a str, known: Vec<Channel>, depth: usize) -> Self {
        let windows = scan::windows(text);
        Self { options, text, cache: OnceCell::new(), windows, known, undecided: Vec::new(), depth }
    }

    fn run(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        for window in self.windows.clone() {
            self.window(window, &mut changes);
        }
        changes
    }

    fn window(&mut self, window: Range<usize>, changes: &mut Vec<Change>) {
        if let Some(found) = self.layer(&window).or_else(|| self.straight(&window)) {
            changes.extend(found);
            return;
        }
        let chars: Vec<char> = self.text[window.clone()].chars().collect();
        if is_mostly_gone(&chars) {
            return;
        }
        let context = self.context(window.start);
        if self.cannot_gain(&chars, context) {
            return;
        }
        let tried = channels(&chars).into_iter().filter_map(|channel| {
            let lattice = self.lattice(channel)?;
            let path = lattice.search(&chars, context);
            Some((lattice, path))
        });
        let Some((mut lattice, mut path)) = tried.min_by_key(|(_, path)| total(path)) else { return };
        let restores = |step: &Move| matches!(step.action, Action::Insert(_) | Action::Replace(_));
        let unexplained = unexplained(&chars, &path);
        if path.moves.iter().any(restores) || unexplained.contains(&true) {
            // The document's own words count only where there is a choice; counting them costs more than a search.
            lattice.cache = Some(self.cache());
            path = lattice.search(&chars, context);
        }
        if chars.len() <= weights::DEAR_WINDOW && unexplained.contains(&true) {
            for dear in dear_losses(&chars, unexplained) {
                lattice.dear = dear;
                let other = lattice.search(&chars, context);
                let sound = !lattice.dear.spaced || lattice.are_put_in(&chars, &other);
                if sound && total(&other) < total(&path) {
                    path = other;
                }
            }
        }
        let stretches = lattice.stretches(&chars, &path, context);
        let channel = lattice.channel;
        let offsets = byte_offsets(&chars, window.start);
        for stretch in stretches {
            self.decide(channel, stretch, &offsets, changes);
        }
    }

    /// Whether all that may be damaged costs less as it stands than the cheapest channel: ASCII costs the same on
    /// both sides, and no true text is free.
    fn cannot_gain(&self, window: &[char], context: Context) -> bool {
        let enter = match (self.options.assume_garbled, self.known.is_empty()) {
            (true, _) => return false,
            (false, true) => weights::ENTER,
            (false, false) => weights::ENTER_AGAIN,
        };
        let Some(stands) = Model::named(ANY) else { return true };
        let mut context = context;
        let mut total = 0;
        for &c in window {
            let (cost, next) = stands.step(context, c);
            context = next;
            if !c.is_ascii() {
                total += cost;
            }
        }
        total < enter
    }

    /// A window that is valid UTF-8 throughout, and under it damage that can be undone: the outer layer alone need
    /// not look better than it stands.
    fn layer(&self, window: &Range<usize>) -> Option<Vec<Change>> {
        let deeper = self.depth.checked_sub(1)?;
        let stands = Model::named(ANY)?;
        let changes = straight::changes(self.text, window.clone(), Written::Utf8, stands)?;
        let decoded: String =
            changes.iter().map(|change| change.after.as_str()).collect::<Vec<_>>().join("\n");
        let inner = repair_to_depth(self.options, &decoded, deeper);
        let undoes_damage = inner.changes().iter().any(|change| change.before.chars().count() > 2);
        undoes_damage.then_some(changes)
    }

    /// A long window of GBK from which nothing is missing: a surviving U+00AD says that no filter took it away.
    fn straight(&self, window: &Range<usize>) -> Option<Vec<Change>> {
        let text = &self.text[window.clone()];
        memchr::memmem::find(text.as_bytes(), "\u{ad}".as_bytes())?;
        let (truth, stands) = self.models(Channel { written: Written::Gb18030, fused: false })?;
        let mut changes = straight::changes(self.text, window.clone(), Written::Gb18030, stands)?;
        straight::reads_like_text(&mut changes, truth).then_some(changes)
    }

    fn decide(&mut self, channel: Channel, stretch: Stretch, offsets: &[usize], changes: &mut Vec<Change>) {
        let decided = is_decided(&stretch) || self.options.assume_garbled;
        for mut change in stretch.changes {
            change.span = offsets[change.span.start]..offsets[change.span.end];
            let wanted = change.confidence >= self.options.min_confidence;
            let lossy = self.options.lossless_only && !change.is_lossless();
            if decided && wanted && !lossy {
                if !self.known.contains(&channel) {
                    self.known.push(channel);
                }
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

    fn lattice(&self, channel: Channel) -> Option<Lattice<'_>> {
        let (truth, stands) = self.models(channel)?;
        let enter = match (self.options.assume_garbled, self.known.contains(&channel)) {
            (true, _) => 0,
            (false, true) => weights::ENTER_AGAIN,
            (false, false) => weights::ENTER,
        };
        Some(Lattice { channel, truth, stands, cache: None, dear: DearLosses::default(), enter })
    }

    fn models(&self, channel: Channel) -> Option<(&'static Model, &'static Model)> {
        let stands = Model::named(ANY)?;
        let truth = match (&self.options.language, channel.written) {
            (Some(tag), _) => Model::named(tag).or_else(|| Model::named("zh-Hans"))?,
            (None, Written::Utf8) => stands,
            (None, _) => Model::named("zh-Hans")?,
        };
        Some((truth, stands))
    }

    fn context(&self, start: usize) -> Context {
        let Some(model) = Model::named(ANY) else { return Context::default() };
        let before: Vec<char> = self.text[..start].chars().rev().take(CONTEXT).collect();
        before.into_iter().rev().fold(Context::default(), |context, c| model.step(context, c).1)
    }

    /// The text outside the windows, counted when first needed.
    fn cache(&self) -> &Cache {
        self.cache.get_or_init(|| {
            let mut cache = Cache::default();
            let mut from = 0;
            for window in &self.windows {
                cache.add(&self.text[from..window.start]);
                from = window.end;
            }
            cache.add(&self.text[from..]);
            cache
        })
    }
}

fn total(path: &Path) -> Cost {
    path.costs.last().copied().unwrap_or(Cost::MAX)
}

/// Whether so much of what may have been bytes was replaced that nothing can be restored: a search among 128 bytes at
/// every other character would say something all the same, and take a second for a page.
fn is_mostly_gone(window: &[char]) -> bool {
    let replaced = window.iter().filter(|&&c| c == '\u{fffd}').count();
    let damaged = window.iter().filter(|&&c| !c.is_ascii() && sloppy_byte_of(c).is_some()).count();
    replaced * weights::GONE > damaged
}

/// The channels that a window may have come through, by the characters in it.
fn channels(window: &[char]) -> Vec<Channel> {
    let mut found = vec![Channel { written: Written::Gb18030, fused: false }];
    if may_be_utf8(window) {
        found.push(Channel { written: Written::Utf8, fused: false });
    }
    if window.iter().any(|&c| c > '\u{ff}' && sloppy_byte_of(c).is_none() && c != '\u{fffd}') {
        found.push(Channel { written: Written::Gb18030, fused: true });
    }
    found
}

/// Whether a good part of the characters that may be bytes go together as UTF-8.
fn may_be_utf8(window: &[char]) -> bool {
    let mut pending = Pending::NONE;
    let (mut all, mut within, mut open) = (0, 0, 0);
    for &c in window {
        let Some(byte) = sloppy_byte_of(c) else { continue };
        if byte < 0x80 {
            (pending, open) = (Pending::NONE, 0);
            continue;
        }
        all += 1;
        open += 1;
        match Written::Utf8.feed(pending, byte) {
            Fed::More(more) => pending = more,
            Fed::Char(_) => {
                within += open;
                (pending, open) = (Pending::NONE, 0);
            }
            Fed::Malformed => {
                // The byte may begin a character itself.
                (pending, open) = match Written::Utf8.feed(Pending::NONE, byte) {
                    Fed::More(more) => (more, 1),
                    _ => (Pending::NONE, 0),
                };
            }
        }
    }
    within * 3 >= all && within > 0
}

/// Marks the characters that a path with damage does not explain well: those near one that the reader could have made
/// and that stays all the same, and those near a character that is very rare.
fn unexplained(window: &[char], path: &Path) -> Vec<bool> {
    let mut marks = vec![false; window.len()];
    if path.moves.iter().all(|step| step.action == Action::Stay) {
        return marks;
    }
    let mut last = 0;
    for (step, &cost) in path.moves.iter().zip(&path.costs) {
        let at = step.at as usize;
        let spent = cost - std::mem::replace(&mut last, cost);
        let Some(&c) = window.get(at) else { continue };
        let left = step.action == Action::Stay && !c.is_ascii() && sloppy_byte_of(c).is_some();
        if left || (step.action != Action::Stay && spent > weights::RARE) {
            let end = (at + weights::NEAR + 1).min(window.len());
            marks[at.saturating_sub(weights::NEAR)..end].fill(true);
        }
    }
    // Each mark costs a search among all bytes: a text that is in need of more of them is not one with a few losses.
    let mut spare = weights::DEAR_PLACES;
    for mark in marks.iter_mut().filter(|mark| **mark) {
        *mark = spare > 0;
        spare = spare.saturating_sub(1);
    }
    marks
}

/// The dear losses worth trying on a window.
fn dear_losses(window: &[char], unexplained: Vec<bool>) -> Vec<DearLosses> {
    let may_be_byte = |c: char| !c.is_ascii() && sloppy_byte_of(c).is_some();
    let is_control = |c: &char| ('\u{80}'..='\u{9f}').contains(c) || *c > '\u{ff}';
    let spaced = window.windows(3).any(|w| w[1] == ' ' && may_be_byte(w[0]) && may_be_byte(w[2]));
    let mut losses = vec![DearLosses { any: unexplained.clone(), ..DearLosses::default() }];
    if !window.iter().any(is_control) {
        losses.push(DearLosses { dropped_c1: unexplained, ..DearLosses::default() });
    }
    if spaced {
        losses.push(DearLosses { spaced, ..DearLosses::default() });
    }
    losses
}

fn byte_offsets(chars: &[char], start: usize) -> Vec<usize> {
    let mut offsets = Vec::with_capacity(chars.len() + 1);
    offsets.push(start);
    let mut at = start;
    for c in chars {
        at += c.len_utf8();
        offsets.push(at);
    }
    offsets
}

fn splice(text: &str, changes: &[Change]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut from = 0;
    for change in changes {
        result.push_str(&text[from..change.span.start]);
        result.push_str(&change.after);
        from = change.span.end;
    }
    result.push_str(&text[from..]);
    result
}

/// Spans of the repaired text as spans of the input; one that touches a change covers it whole.
fn in_input(mut undecided: Vec<Undecided>, changes: &[Change]) -> Vec<Undecided> {
    let back = super::compose::Offsets::new(changes);
    undecided.sort_by_key(|u| u.span.start);
    undecided.retain_mut(|u| {
        let touches = back.is_changed(&u.span);
        u.span = back.to_input(&u.span);
        !touches
    });
    undecided.dedup_by(|b, a| b.span.start < a.span.end);
    undecided
}
