//! The noisy channel, decoded on a lattice.
//!
//! Over the characters of a window, each hypothesis says: up to here the text was clean or read by the channel's
//! wrong reader, these bytes wait for the rest of their character, this was lost, and so much surprise has come
//! together. One character either stays as it is (priced by the model of all text) or becomes bytes, which the true
//! encoding's automaton turns into characters (priced by the model of their language). Where a loss is assumed,
//! bytes may come from nowhere. Hypotheses that cannot differ in future are merged (Viterbi), the others are kept in
//! a beam. So segmentation, restoration and decoding are one search.

use crate::encoding::{Fed, Pending, Written};
use crate::language::{Cache, Context, Cost, Model};

use super::weights;

/// How the bytes became the characters that we see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Channel {
    /// What the bytes were.
    pub(super) written: Written,
    /// Whether the reader tried UTF-8 first.
    pub(super) fused: bool,
}

/// The dear kinds of loss, tried only where the cheap ones do not explain the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DearLosses {
    /// For each character of the window whether C1 controls may have been dropped before it.
    pub(super) dropped_c1: Vec<bool>,
    /// … and whether any byte may be lost there, or stand as `?`.
    pub(super) any: Vec<bool>,
    /// Spaces were put between.
    pub(super) spaced: bool,
}

/// What became of one character on the best path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// It stays.
    Stay,
    /// It is a byte.
    Take(u8),
    /// It is its own UTF-8 bytes.
    TakeFused,
    /// It stands where this byte was.
    Replace(u8),
    /// It was put in.
    Remove,
    /// Before it, this byte was dropped. (Not a character's action: it comes between.)
    Insert(u8),
}

/// One step of a path: what was done at which character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) at: u32,
    pub(super) action: Action,
}

/// The best way through a window.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    pub(super) moves: Vec<Move>,
    /// Cost of all moves up to and with each.
    pub(super) costs: Vec<Cost>,
    /// Other ways that join this one again, nearly as good.
    pub(super) detours: Vec<Detour>,
}

/// Another way through a part of a path.
#[derive(Debug, Clone)]
pub(super) struct Detour {
    /// The moves of the path that it replaces.
    pub(super) replaces: std::ops::Range<usize>,
    pub(super) moves: Vec<Move>,
    /// How much dearer it is.
    pub(super) extra: Cost,
}

// What a hypothesis has paid for or seen.
const DROPS_AD: u8 = 1;
const AD_IS_HYPHEN: u8 = 1 << 1;
const AD_IS_SPACE: u8 = 1 << 2;
const NBSP_IS_SPACE: u8 = 1 << 3;
const DROPS_C1: u8 = 1 << 4;
const AD_SURVIVES: u8 = 1 << 6;
const ENTERED: u8 = 1 << 7;

const NOWHERE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Hypothesis {
    cost: Cost,
    context: Context,
    pending: Pending,
    damaged: bool,
    paid: u8,
    /// The last two bytes, where the reader took each alone: they must not be valid UTF-8 together with the next.
    lone: [u8; 2],
    /// The last node of its path.
    node: u32,
}

impl Hypothesis {
    fn same_future(&self, other: &Self) -> bool {
        self.damaged == other.damaged
            && self.pending == other.pending
            && self.paid == other.paid
            && self.lone == other.lone
            && self.context == other.context
    }
}

struct Node {
    parent: u32,
    cost: Cost,
    step: Move,
}

/// A hypothesis that was dropped because another one with the same future was cheaper.
struct Merge {
    kept: u32,
    dropped: u32,
    extra: Cost,
}

/// What a search writes down to tell its paths afterwards.
#[derive(Default)]
struct Ledger {
    nodes: Vec<Node>,
    merges: Vec<Merge>,
}

impl Ledger {
    fn record(&mut self, mut h: Hypothesis, at: u32, action: Action) -> Hypothesis {
        self.nodes.push(Node { parent: h.node, cost: h.cost, step: Move { at, action } });
        h.node = (self.nodes.len() - 1) as u32;
        h
    }

    fn merge(&mut self, kept: &Hypothesis, dropped: &Hypothesis) {
        let extra = dropped.cost - kept.cost;
        if extra <= weights::RUNNER_UP {
            self.merges.push(Merge { kept: kept.node, dropped: dropped.node, extra });
        }
    }

    /// The nodes that lead to `last`, first to last.
    fn path(&self, last: u32) -> Vec<u32> {
        let mut path = Vec::new();
        let mut at = last;
        while let Some(node) = self.nodes.get(at as usize) {
            path.push(at);
            at = node.parent;
        }
        path.reverse();
        path
    }

    fn tell(&self, last: u32) -> Path {
        let best = self.path(last);
        let node = |at: &u32| &self.nodes[*at as usize];
        let mut detours = Vec::new();
        for merge in &self.merges {
            let Ok(join) = best.binary_search(&merge.kept) else { continue };
            // Back along the dropped way to where it left the best one.
            let mut moves = Vec::new();
            let mut at = merge.dropped;
            let fork = loop {
                if at == NOWHERE {
                    break 0;
                }
                if let Ok(fork) = best.binary_search(&at) {
                    break fork + 1;
                }
                moves.push(node(&at).step);
                at = node(&at).parent;
            };
            moves.reverse();
            detours.push(Detour { replaces: fork..join + 1, moves, extra: merge.extra });
        }
        Path {
            moves: best.iter().map(|at| node(at).step).collect(),
            costs: best.iter().map(|at| node(at).cost).collect(),
            detours,
        }
    }
}

/// One search.
pub(super) struct Lattice<'a> {
    pub(super) channel: Channel,
    /// Model of the true text.
    pub(super) truth: &'a Model,
    /// Model of text as it stands.
    pub(super) stands: &'a Model,
    pub(super) cache: Option<&'a Cache>,
    pub(super) dear: DearLosses,
    /// Price of the first damaged stretch.
    pub(super) enter: Cost,
}

impl Lattice<'_> {
    /// The best path over `window`, which follows text that ends in `context`.
    pub(super) fn search(&self, window: &[char], context: Context) -> Path {
        let mut ledger = Ledger::default();
        let paid = if window.contains(&'\u{ad}') { AD_SURVIVES } else { 0 };
        let mut beam = vec![Hypothesis {
            cost: if self.dear.spaced { weights::SPACED } else { 0 },
            context,
            pending: Pending::NONE,
            damaged: false,
            paid,
            lone: [0; 2],
            node: NOWHERE,
        }];
        let mut next = Vec::new();
        for at in 0..window.len() {
            next.clear();
            let mut place = Place::of(window, at);
            place.best = beam.iter().map(|h| h.cost).min().unwrap_or(0);
            for &hypothesis in &beam {
                self.expand(hypothesis, &place, &mut ledger, &mut next);
            }
            let is_wide = self.dear.dropped_c1.get(at) == Some(&true);
            let width = if is_wide { weights::WIDE_BEAM } else { weights::BEAM };
            prune(&mut next, width, &mut beam, &mut ledger);
        }
        // At the end a waiting character may still get its last byte from nowhere.
        next.clear();
        for &hypothesis in &beam {
            if hypothesis.pending.is_empty() {
                next.push(hypothesis);
            } else {
                self.insert(hypothesis, (window.len() as u32, '\n'), false, &mut ledger, &mut next);
            }
        }
        next.retain(|h| h.pending.is_empty());
        next.sort_by_key(|h| h.cost);
        let Some((best, others)) = next.split_first() else { return Path::default() };
        for other in others {
            ledger.merge(best, other);
        }
        ledger.tell(best.node)
    }

    fn expand(&self, h: Hypothesis, place: &Place, ledger: &mut Ledger, out: &mut Vec<Hypothesis>) {
        let &Place { at, before, c, .. } = place;
        if !h.damaged {
            self.stay(h, place, ledger, out);
        } else if h.pending.is_empty() && !c.is_ascii() {
            let mut left = h;
            left.damaged = false;
            left.cost += weights::LEAVE + border(c);
            left.lone = [0; 2];
            self.stay(left, place, ledger, out);
        }
        let mut inside = h;
        if !h.damaged {
            if c.is_ascii() {
                return;
            }
            inside.damaged = true;
            inside.cost +=
                if h.paid & ENTERED != 0 { self.enter.min(weights::ENTER_AGAIN) } else { self.enter };
            if h.paid & ENTERED == 0 && self.channel.fused {
                inside.cost += weights::FUSED;
            }
            inside.cost += border(before);
            inside.paid |= ENTERED;
        }
        self.take(inside, at, c, ledger, out);
        let from = out.len();
        // Any byte may be lost only on ways that are good otherwise: there are 128 of them.
        let may_lose_any =
            self.dear.any.get(at as usize) == Some(&true) && h.cost <= place.best + weights::ANY_MARGIN;
        self.insert(inside, (at, c), may_lose_any, ledger, out);
        // What an insertion gives has not consumed the character yet.
        for inserted in out.split_off(from) {
            self.take(inserted, at, c, ledger, out);
        }
    }

    /// The character is clean.
    fn stay(&self, mut h: Hypothesis, place: &Place, ledger: &mut Ledger, out: &mut Vec<Hypothesis>) {
        let (cost, context) = self.stands.step(h.context, place.c);
        h.cost += cost.min(place.limit);
        h.context = context;
        out.push(ledger.record(h, place.at, Action::Stay));
    }

    /// Bytes that were dropped before the character.
    fn insert(
        &self,
        h: Hypothesis,
        (at, c): (u32, char),
        may_lose_any: bool,
        ledger: &mut Ledger,
        out: &mut Vec<Hypothesis>,
    ) {
        // A dropped lead byte needs a trail byte after it.
        // Inside a four-byte form nearly any byte fits, and says nothing.
        if self.channel.fused || h.pending.len() > 1 || (h.pending.is_empty() && c < '@') {
            return;
        }
        let mut push = |mut h: Hypothesis, byte: u8, price: Cost| {
            h.cost += price;
            self.push(h, at, Action::Insert(byte), byte, ledger, out);
        };
        let mut dropped = h;
        dropped.paid |= DROPS_AD;
        push(dropped, 0xad, once(h.paid, DROPS_AD, weights::DROPS_AD + other_fate(h.paid, DROPS_AD)));
        if self.dear.dropped_c1.get(at as usize) == Some(&true) {
            let mut dropped = h;
            dropped.paid |= DROPS_C1;
            let price = once(h.paid, DROPS_C1, weights::DROPS_C1) + weights::EACH_C1;
            (0x80..=0x9f).for_each(|byte| push(dropped, byte, price));
        }
        if may_lose_any {
            (0x80..=0xff).for_each(|byte| push(h, byte, weights::DROPPED_ANY));
        }
    }

    /// The character as bytes.
    fn take(&self, h: Hypothesis, at: u32, c: char, ledger: &mut Ledger, out: &mut Vec<Hypothesis>) {
        if let Some(byte) = crate::encoding::sloppy_byte_of(c)
            && !(self.channel.fused && byte >= 0x80 && would_fuse(h.lone, byte))
        {
            let mut taken = h;
            if byte == 0xad {
                taken.cost += other_fate(h.paid, AD_SURVIVES);
            }
            taken.lone = [h.lone[1], if byte >= 0x80 { byte } else { 0 }];
            self.push(taken, at, Action::Take(byte), byte, ledger, out);
        }
        if self.channel.fused && !c.is_ascii() {
            self.take_fused(h, at, c, ledger, out);
        }
        match c {
            '\u{fffd}' => {
                for byte in [0x81, 0x8d, 0x8f, 0x90, 0x9d] {
                    let mut taken = h;
                    taken.cost += weights::REPLACED_UNASSIGNED;
                    self.push(taken, at, Action::Replace(byte), byte, ledger, out);
                }
                if self.dear.any.get(at as usize) == Some(&true) {
                    self.replaced_by_any(h, at, ledger, out);
                }
            }
            '?' if self.dear.any.get(at as usize) == Some(&true) => self.replaced_by_any(h, at, ledger, out),
            '-' => self.replaced(
                h,
                at,
                0xad,
                AD_IS_HYPHEN,
                [weights::REPLACES_AD, weights::EACH_AD],
                ledger,
                out,
            ),
            ' ' => {
                self.replaced(
                    h,
                    at,
                    0xad,
                    AD_IS_SPACE,
                    [weights::REPLACES_AD, weights::EACH_AD],
                    ledger,
                    out,
                );
                let price = [weights::NBSP_TO_SPACE, weights::EACH_NBSP];
                self.replaced(h, at, 0xa0, NBSP_IS_SPACE, price, ledger, out);
                if self.dear.spaced {
                    let mut taken = h;
                    taken.cost += weights::EACH_SPACE;
                    out.push(ledger.record(taken, at, Action::Remove));
                }
            }
            _ => {}
        }
    }

    fn take_fused(
        &self,
        mut h: Hypothesis,
        at: u32,
        c: char,
        ledger: &mut Ledger,
        out: &mut Vec<Hypothesis>,
    ) {
        if c <= '\u{ff}' {
            h.cost += weights::FUSED_LATIN;
        }
        h.lone = [0; 2];
        let mut buffer = [0; 4];
        let mut fed = Some(h);
        for &byte in c.encode_utf8(&mut buffer).as_bytes() {
            fed = fed.and_then(|h| self.feed(h, byte));
        }
        out.extend(fed.map(|h| ledger.record(h, at, Action::TakeFused)));
    }

    fn replaced_by_any(&self, h: Hypothesis, at: u32, ledger: &mut Ledger, out: &mut Vec<Hypothesis>) {
        for byte in 0x80..=0xff {
            let mut taken = h;
            taken.cost += weights::REPLACED_ANY;
            self.push(taken, at, Action::Replace(byte), byte, ledger, out);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one kind of loss, fully told")]
    fn replaced(
        &self,
        mut h: Hypothesis,
        at: u32,
        byte: u8,
        kind: u8,
        [first, each]: [Cost; 2],
        ledger: &mut Ledger,
        out: &mut Vec<Hypothesis>,
    ) {
        let fate = if byte == 0xad { other_fate(h.paid, kind) } else { 0 };
        h.cost += once(h.paid, kind, first + fate) + each;
        h.paid |= kind;
        self.push(h, at, Action::Replace(byte), byte, ledger, out);
    }

    fn push(
        &self,
        h: Hypothesis,
        at: u32,
        action: Action,
        byte: u8,
        ledger: &mut Ledger,
        out: &mut Vec<Hypothesis>,
    ) {
        if let Some(fed) = self.feed(h, byte) {
            out.push(ledger.record(fed, at, action));
        }
    }

    /// Feeds a byte to the automaton; a complete character is priced.
    fn feed(&self, mut h: Hypothesis, byte: u8) -> Option<Hypothesis> {
        match self.channel.written.feed(h.pending, byte) {
            Fed::More(pending) => h.pending = pending,
            Fed::Char(c) => {
                // ASCII passes through every channel and must cost the same on both sides.
                let model = if c.is_ascii() { self.stands } else { self.truth };
                let (mut cost, context) = model.step(h.context, c);
                if context.last() == h.context.last() && !c.is_alphabetic() {
                    cost = cost.min(weights::REPEATED);
                }
                if let Some(cache) = self.cache
                    && !c.is_ascii()
                {
                    cost = cache.mix(&h.context, context.last(), cost, weights::CACHE_SHARE);
                }
                if c > '\u{ffff}' {
                    cost += weights::ASTRAL;
                }
                if is_han(c as u32) && h.context.last() == ' ' as u32 && is_han(h.context.before()) {
                    cost += weights::SPACE_IN_HAN;
                }
                h.cost += cost;
                h.context = context;
                h.pending = Pending::NONE;
            }
            Fed::Malformed => return None,
        }
        Some(h)
    }

    /// Cost of the window as it stands.
    pub(super) fn clean_cost(&self, window: &[char], mut context: Context) -> Cost {
        let mut total = 0;
        for (at, &c) in window.iter().enumerate() {
            let (cost, next) = self.stands.step(context, c);
            total += cost.min(Place::of(window, at).limit);
            context = next;
        }
        total
    }
}

/// The block of the unified ideographs.
fn is_han(unit: u32) -> bool {
    (0x4e00..=0x9fff).contains(&unit)
}

/// A character of the window, and what all hypotheses share about it.
struct Place {
    at: u32,
    before: char,
    c: char,
    /// The most that it costs if it is clean.
    limit: Cost,
    /// Cost of the best hypothesis so far.
    best: Cost,
}

impl Place {
    /// Running text is not all that is clean: rules, drawings and lists of letters repeat their signs, or go on to
    /// the next one of the alphabet.
    fn of(window: &[char], at: usize) -> Self {
        let recent = &window[at.saturating_sub(weights::MEMORY)..at];
        let (before, c) = (recent.last().copied().unwrap_or(' '), window[at]);
        let limit = match u32::from(before).abs_diff(u32::from(c)) {
            // ASCII costs the same on both sides, whatever it is.
            _ if c.is_ascii() => Cost::MAX,
            0 => weights::REPEATED,
            _ if !c.is_alphabetic() && recent.contains(&c) => weights::REPEATED,
            1 | 2 => weights::IN_SEQUENCE,
            _ => Cost::MAX,
        };
        Self { at: at as u32, before, c, limit, best: 0 }
    }
}

/// The price of a border between damaged and clean text beside a clean `c`. Ideographs, kana and their punctuation
/// often stand beside what was damaged later; any other sign beside it was rather damaged with it, and this is the
/// wrong channel.
fn border(c: char) -> Cost {
    let is_east_asian = matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ffef}');
    if c.is_ascii() || is_east_asian { 0 } else { weights::BORDER }
}

/// The price of a second fate: what dropped one AD drops, and what replaced one replaces, all of them.
fn other_fate(paid: u8, fate: u8) -> Cost {
    const FATES: u8 = DROPS_AD | AD_IS_HYPHEN | AD_IS_SPACE | AD_SURVIVES;
    if paid & FATES & !fate != 0 { weights::SURVIVOR } else { 0 }
}

/// The price of a kind of loss: once, however often it strikes.
fn once(paid: u8, kind: u8, price: Cost) -> Cost {
    if paid & kind != 0 { 0 } else { price }
}

/// Whether a reader that tries UTF-8 first would have read `byte` together with the lone bytes before it.
fn would_fuse([first, second]: [u8; 2], byte: u8) -> bool {
    let is_trail = (0x80..=0xbf).contains(&byte);
    is_trail
        && ((0xc2..=0xdf).contains(&second)
            || ((0xe1..=0xef).contains(&first) && (0x80..=0xbf).contains(&second)))
}

/// Keeps of `candidates` the best of each future, as many as the beam holds for each number of waiting bytes.
fn prune(candidates: &mut [Hypothesis], width: usize, beam: &mut Vec<Hypothesis>, ledger: &mut Ledger) {
    beam.clear();
    candidates.sort_by_key(|h| h.cost);
    let mut held = [0usize; 4];
    let mut best = [Cost::MAX; 4];
    let mut clean = false;
    for &h in candidates.iter() {
        let group = h.pending.len();
        best[group] = best[group].min(h.cost);
        // The path that leaves everything as it is must survive: it is what all others are measured against.
        let last_resort = !h.damaged && !clean;
        let crowded = held[group] >= width || h.cost - best[group] > weights::BEAM_MARGIN;
        if let Some(kept) = beam.iter().find(|kept| kept.same_future(&h)) {
            ledger.merge(kept, &h);
            continue;
        }
        if crowded && !last_resort {
            continue;
        }
        clean |= !h.damaged;
        held[group] += 1;
        beam.push(h);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lattice(cache: Option<&Cache>) -> Lattice<'_> {
        let model = |tag| Model::named(tag).unwrap_or_else(|| panic!("no model of {tag}"));
        Lattice {
            channel: Channel { written: Written::Gb18030, fused: false },
            truth: model("zh-Hans"),
            stands: model(crate::language::ANY),
            cache,
            dear: DearLosses::default(),
            enter: weights::ENTER,
        }
    }

    fn actions(garbled: &str) -> Vec<Action> {
        let window: Vec<char> = garbled.chars().collect();
        let path = lattice(None).search(&window, Context::default());
        path.moves.iter().map(|step| step.action).collect()
    }

    const LOST: Action = Action::Insert(0xad);

    #[test]
    fn a_lost_ad_comes_back() {
        // 江 is BD AD.
        let garbled = "Í³Ò»Éç»áÐÅÓÃ´úÂë Æ½½\u{ad}ÏØ".replace('\u{ad}', "");
        let found = actions(&garbled);
        assert_eq!(found.iter().filter(|&&action| action == LOST).count(), 1, "{found:?}");
    }

    #[test]
    fn a_survivor_forbids_the_loss() {
        // 浙江省江山市 without its two AD: what took them away would have taken that of 平江县, too.
        let losses = |garbled: &str| actions(garbled).iter().filter(|&&action| action == LOST).count();
        assert_eq!(losses("Õã½Ê¡½É½ÊÐ Æ½½ÏØ"), 3);
        assert_eq!(losses("Õã½Ê¡½É½ÊÐ Æ½½\u{ad}ÏØ"), 0);
    }

    #[test]
    fn the_costs_of_a_path_never_fall() {
        let window: Vec<char> = "é½½ÏØ - Ã© ½\u{ad}".chars().collect();
        let path = lattice(None).search(&window, Context::default());
        assert_eq!(path.costs.len(), path.moves.len());
        assert!(path.costs.is_sorted(), "{:?}", path.costs);
        let consumed = path.moves.iter().filter(|step| !matches!(step.action, Action::Insert(_))).count();
        assert_eq!(consumed, window.len());
    }

    #[test]
    fn clean_text_stays() {
        for text in ["déjà vu, señor", "© 2023 «œuvre»", "½ Ø 5 × 3 µm"] {
            assert!(actions(text).iter().all(|&action| action == Action::Stay), "{text}");
        }
    }
}
