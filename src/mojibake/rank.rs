//! Which channels a window may have come through: a quick look at all, so that a search is made for a few.
//!
//! Each reader that gives the characters of the window says which bytes they were; each encoding says what these bytes
//! mean, and a model of its languages how surprising the characters are: each taken alone for all channels, in context
//! for the best of them.

use std::cmp::Reverse;
use std::rc::Rc;

use crate::encoding::{Encoding, Pending, Reader};
use crate::language::{Context, Cost, Model};

use super::engine::Pass;
use super::languages::Fit;
use super::lattice::Channel;
use super::place::{
    beside, border, clean_costs, is_latin, is_letter, is_of_another_alphabet, mixes_alphabets,
};
use super::readers::readers;
use super::reading::{Decoded, Reading, decode, decode_in_step, has_halves};
use super::{languages, weights};

/// A channel, and what speaks for it.
#[derive(Clone)]
pub(super) struct Ranked {
    pub(super) channel: Channel,
    /// The model of the language that the decoded text is most like.
    pub(super) truth: &'static Model,
    /// Surprise of what the window decodes to, each character in context, and the price of the channel.
    pub(super) cost: Cost,
    /// What is missing from the price because something says that there is damage.
    spared: Cost,
    /// Whether all of the window decodes.
    pub(super) is_whole: bool,
    /// Whether a search may find a way that is cheaper than the text as it stands.
    may_win: bool,
}

impl Ranked {
    fn whole(&self) -> Cost {
        self.cost.saturating_add(self.spared)
    }
}

/// What a caller knows.
#[derive(Debug, Clone, Default)]
pub(super) struct Hints {
    /// Encodings that the text was written in or read as; empty for any.
    pub(super) encodings: Vec<Encoding>,
    /// The language of the true text.
    pub(super) language: Option<&'static Model>,
}

impl Hints {
    /// Whether a channel is one of those that the caller suspects.
    pub(super) fn allow(&self, written: Encoding, reader: Reader) -> bool {
        self.encodings.is_empty()
            || self.encodings.contains(&written)
            || self.encodings.contains(&reader.encoding())
    }
}

impl Pass<'_> {
    /// The channels that may explain `core`, what of a window cannot well be clean.
    pub(super) fn ranked(&self, core: Vec<char>, is_strange: bool, fit: &Fit<'_>) -> Vec<Ranked> {
        self.task.spend(weights::steps_of_ranking(core.len()));
        rank(core, &self.task.hints, self.task.stands, is_strange, self.is_garbled(), fit)
    }
}

/// A core with the ends of lines for ideographs and the like, if it has these and others: where lines that a reader of
/// single bytes damaged stand among names in rare ideographs no reader gives most of both. None if some of it was replaced:
/// it may have been anything.
pub(super) fn without_wide(core: &[char]) -> Option<Vec<char>> {
    let is_wide = |c: &char| *c >= '\u{2e80}';
    let is_narrow = |c: &char| !(c.is_ascii() || is_wide(c));
    let is_mixed = core.iter().any(is_wide) && core.iter().any(is_narrow);
    (is_mixed && !core.contains(&char::REPLACEMENT_CHARACTER))
        .then(|| core.iter().map(|c| if is_wide(c) { '\n' } else { *c }).collect())
}

/// The channels that may explain `core`, what of a window cannot well be clean, best first; of those that give the same
/// text the most common one.
fn rank(
    core: Vec<char>,
    hints: &Hints,
    stands: &'static Model,
    is_strange: bool,
    is_garbled: bool,
    fit: &Fit<'_>,
) -> Vec<Ranked> {
    let (enter, stays): (Enter, Cost) = match (is_garbled, is_strange) {
        (true, _) => (weights::channel, weights::STAYS_THOUGH_GARBLED),
        (false, true) => (weights::enter_told, 0),
        (false, false) => (weights::enter, 0),
    };
    let sample = Sample::of(core, stands, stays, enter, fit);
    let mut candidates = candidates(&sample, hints);
    let [least, most] = weights::LOOKS;
    let most = (weights::LOOKED_AT / sample.chars.len().max(1)).clamp(least, most);
    // At the whole prices of their channels first, whatever says that there is damage; then those that are cheap for it.
    let whole =
        |candidate: &Candidate| candidate.cost + weights::enter(candidate.channel) - enter(candidate.channel);
    candidates.sort_by_cached_key(|candidate| Reverse(whole(candidate)));
    let mut seen: Vec<Look> = Vec::new();
    look_at_best(&mut candidates, most, &sample, hints, &mut seen);
    if is_strange {
        candidates.sort_by_key(|candidate| Reverse(candidate.cost));
        look_at_best(&mut candidates, 2 * most, &sample, hints, &mut seen);
    }
    let mut ranked: Vec<Ranked> = Vec::with_capacity(seen.len());
    let mut best = Cost::MAX;
    for look in seen {
        let Some(look) = look.in_context(&sample, best) else { continue };
        best = best.min(look.whole());
        ranked.push(look);
    }
    ranked.retain(|ranked| ranked.may_win);
    ranked.sort_by_key(|ranked| ranked.cost);
    let cheap: Vec<Ranked> =
        ranked.iter().take(weights::SEARCHED_CHEAP).filter(|_| is_strange).cloned().collect();
    ranked.sort_by_key(Ranked::whole);
    ranked.retain(|ranked| ranked.whole() <= most_beside(best));
    ranked.truncate(weights::SEARCHED);
    for other in cheap {
        if !ranked.iter().any(|ranked| ranked.channel == other.channel) {
            ranked.push(other);
        }
    }
    ranked
}

/// Looks at the last candidates until so many texts were seen.
fn look_at_best(
    candidates: &mut Vec<Candidate>,
    most: usize,
    sample: &Sample<'_>,
    hints: &Hints,
    seen: &mut Vec<Look>,
) {
    while seen.len() < most {
        let Some(Candidate { channel, reading, look: looked, .. }) = candidates.pop() else { break };
        let decoded = || decode(channel.written, reading.units(), sample.is_cut, sample.stands, Cost::MAX);
        // In single bytes the characters were counted already.
        let alone = || if hints.language.is_none() { reading.alone(channel.written) } else { None };
        let look_now = || look_at(channel.written, decoded()?, alone(), hints, sample);
        let look = looked.or_else(|| Some(Look::of(channel, look_now()?, sample.enter)));
        let Some(look) = look.filter(|look| look.text != sample.chars) else { continue };
        // Channels that give the same text are one: the most common of them, with the languages of all.
        match seen.iter_mut().find(|other| other.is_same_text(&look)) {
            Some(other) => other.join(look, sample.enter),
            None => seen.push(look),
        }
    }
}

/// The most that a channel may cost to be searched beside the best one.
fn most_beside(best: Cost) -> Cost {
    best.saturating_add(best / 4).saturating_add(weights::RANK_MARGIN)
}

/// The channels that may be the ones by a first look, those left out that cannot gain anything.
fn candidates(sample: &Sample<'_>, hints: &Hints) -> Vec<Candidate> {
    let mut readings: Vec<Rc<Reading>> = Vec::new();
    let mut candidates: Vec<Candidate> = Vec::new();
    for reader in readers(&sample.chars) {
        let reading = Reading::of(reader, &sample.chars, &mut readings, sample.stands);
        let is_wanted = |written: Encoding| hints.allow(written, reader);
        for &(written, cost) in reading.costs() {
            let channel = Channel { written, reader };
            let is_meant = written != reader.encoding() && is_wanted(written);
            if is_meant && sample.most(channel).is_some_and(|most| cost <= most) {
                let cost = cost + (sample.enter)(channel);
                candidates.push(Candidate { channel, cost, reading: Rc::clone(&reading), look: None });
            }
        }
        let halves = has_halves(reading.units()).then_some(Encoding::CESU_8);
        for written in written(reader).chain(halves).filter(|&written| is_wanted(written)) {
            let channel = Channel { written, reader };
            let Some(most) = sample.most(channel) else { continue };
            let look = look(channel, &reading, sample, hints, most);
            let Some(look) = look.filter(|look| look.cost <= most + (sample.enter)(channel)) else {
                continue;
            };
            let (cost, look) = (look.cost, Some(look));
            candidates.push(Candidate { channel, cost, reading: Rc::clone(&reading), look });
        }
    }
    candidates
}

/// A channel that may be the one, by a first look.
struct Candidate {
    channel: Channel,
    cost: Cost,
    reading: Rc<Reading>,
    /// Where that took decoding.
    look: Option<Look>,
}

/// The core of a window and a little around it.
struct Sample<'f> {
    chars: Vec<char>,
    /// Whether the core goes on.
    is_cut: bool,
    stands: &'static Model,
    /// Cost of the characters as they stand, up to each of them.
    clean: Vec<Cost>,
    /// What each character costs as text of any language after those before it.
    steps: Vec<Step>,
    /// Cost of those that are not ASCII, and of those after them.
    foreign: Cost,
    enter: Enter,
    fit: &'f Fit<'f>,
}

/// One character on the way of the model of any language through the sample.
struct Step {
    c: char,
    before: Context,
    cost: Cost,
    after: Context,
}

/// What damage by a channel costs.
type Enter = fn(Channel) -> Cost;

impl<'f> Sample<'f> {
    fn of(mut chars: Vec<char>, stands: &'static Model, stays: Cost, enter: Enter, fit: &'f Fit<'f>) -> Self {
        let is_cut = chars.len() > weights::RANKED;
        chars.truncate(weights::RANKED);
        let mut clean = clean_costs(stands, stands, &chars, Context::default());
        let mut stay = 0;
        for (at, cost) in clean.iter_mut().enumerate().skip(1) {
            stay += if chars[at - 1].is_ascii() { 0 } else { stays };
            *cost += stay;
        }
        let is_counted = |at: usize| {
            !chars[at].is_ascii() || at.checked_sub(1).is_some_and(|at: usize| !chars[at].is_ascii())
        };
        let costs = clean.windows(2).map(|clean| clean[1] - clean[0]).enumerate();
        let foreign = costs.filter(|&(at, _)| is_counted(at)).map(|(_, cost)| cost).sum();
        let mut before = Context::default();
        let step = |&c: &char| {
            let (cost, after) = stands.step(before, c);
            Step { c, before: std::mem::replace(&mut before, after), cost, after }
        };
        let steps = chars.iter().map(step).collect();
        Self { is_cut, chars, stands, clean, steps, foreign, enter, fit }
    }

    /// [`Model::step`] of any language, at a place of a text of so many characters: what is ASCII in the sample mostly
    /// stands after the same in all that channels make of it, as far from the beginning or from the end.
    fn step_at(&self, at: usize, length: usize, context: Context, c: char) -> (Cost, Context) {
        let from_end = (at + self.steps.len()).wrapping_sub(length);
        let known = [at, from_end].into_iter().filter_map(|at| self.steps.get(at));
        let known = known.filter(|step| step.c == c && step.before == context);
        let known = known.map(|step| (step.cost, step.after)).next();
        known.unwrap_or_else(|| self.stands.step(context, c))
    }

    /// The most that what a channel makes of the sample may cost, each character taken alone and without the price of
    /// the channel, so that it can gain: in context a text costs half of that, at least. `None` if it cannot.
    fn most(&self, channel: Channel) -> Option<Cost> {
        let half = self.foreign.checked_sub((self.enter)(channel))?;
        Some(2 * half + 1)
    }

    /// Whether each character of a look is what one character of the sample becomes.
    fn is_aligned(&self, look: &Look) -> bool {
        look.is_whole
            && look.channel.written.is_single_byte()
            && look.channel.reader.encoding().is_single_byte()
            && look.text.len() == self.chars.len()
    }

    /// What each character costs as it stands, with what a channel makes of it, where that is another.
    fn changed(&self, look: &Look) -> impl Iterator<Item = (usize, Cost)> {
        let clean = self.clean.windows(2).map(|clean| clean[1] - clean[0]);
        let both = clean.zip(self.chars.iter().zip(&look.text)).enumerate();
        both.filter(|(_, (_, (before, after)))| before != after).map(|(at, (clean, _))| (at, clean))
    }

    /// The most that a look may cost in context, so that [`Self::may_win`] may hold; some more, if that is not known.
    fn most_to_win(&self, look: &Look) -> Cost {
        if !self.is_aligned(look) {
            let stands = self.clean.last().copied().unwrap_or(0);
            let slack = if look.is_whole { weights::SLACK } else { weights::WIDE_SLACK };
            return stands + slack;
        }
        let gains: Cost = self.changed(look).map(|(_, clean)| clean).sum();
        if gains >= look.extra + weights::MARGIN { Cost::MAX } else { 0 }
    }

    /// Whether a search may find a way that is cheaper than the text as it stands, where a channel makes `look` of it.
    fn may_win(&self, costs: &[Cost], total: Cost, look: &Look) -> bool {
        if !self.is_aligned(look) {
            return total <= self.most_to_win(look);
        }
        self.most_gained(costs, look) + i64::from(2 * weights::SLACK) >= i64::from(weights::MARGIN)
    }

    /// The most that a way gains which repairs some of the characters, where each costs so much repaired: each is as it
    /// stands or repaired, and the borders between have their price.
    fn most_gained(&self, costs: &[Cost], look: &Look) -> i64 {
        const NEVER: i64 = i64::MIN / 2;
        let price = |cost: Cost| i64::from(cost);
        let again = price(weights::ENTER_AGAIN.min(look.extra));
        let clean = self.clean.windows(2).map(|clean| clean[1] - clean[0]);
        let (mut damaged, mut left, mut most) = (NEVER, NEVER, NEVER);
        let mut before = ' ';
        for (((&c, made), clean), &cost) in self.chars.iter().zip(&look.text).zip(clean).zip(costs) {
            if !c.is_ascii() {
                let entered = (left - again).max(-price(look.extra)) - price(border(before, false));
                let leaving = damaged - price(weights::LEAVE + border(c, false));
                let gained = if c == *made { 0 } else { price(clean) - price(cost) };
                damaged = damaged.max(entered) + gained;
                left = left.max(leaving);
                most = most.max(damaged);
            }
            before = c;
        }
        most
    }
}

/// The encodings of more than one byte that may have been written where `reader` read; GB18030 stands for GBK.
fn written(reader: Reader) -> impl Iterator<Item = Encoding> {
    // A reader that tries UTF-8 first reads UTF-8 right.
    let own = if reader.is_utf8_first() { Encoding::UTF_8 } else { reader.encoding() };
    let has_ascii = reader.encoding().has_ascii();
    // Nobody reads text as Johab by mistake, but it was written.
    Encoding::multi_byte().chain([Encoding::JOHAB]).filter(move |&written| {
        let is_twin = written == Encoding::GBK || (written == Encoding::GB18030 && own == Encoding::GBK);
        // UTF-16 read as anything else is full of NUL; only its other byte order is not.
        let is_wide = !written.has_ascii() && has_ascii;
        !(written == own || is_twin || is_wide)
    })
}

/// What a channel makes of the sample.
struct Look {
    channel: Channel,
    text: Vec<char>,
    /// The bytes that waited where one was replaced.
    before_replaced: Vec<Pending>,
    /// The models of the languages that it is most like, each character taken alone, with the words around them.
    models: Vec<InLanguage>,
    /// Surprise of the characters, each alone, by the best of these, and `extra`.
    cost: Cost,
    /// Price of the channel and of what does not decode.
    extra: Cost,
    is_whole: bool,
}

/// … whichever reader gave the bytes: the price of the channel is left out.
#[derive(Clone)]
pub(super) struct Seen {
    text: Vec<char>,
    before_replaced: Vec<Pending>,
    models: Vec<InLanguage>,
    cost: Cost,
    pub(super) extra: Cost,
    is_whole: bool,
}

/// A model, and how much the ASCII letters around speak for another language.
type InLanguage = (&'static Model, Cost);

/// Languages whose models price a text in context.
const LANGUAGES: usize = 3;

impl Look {
    fn of(channel: Channel, seen: Seen, enter: Enter) -> Self {
        let Seen { text, before_replaced, models, cost, extra, is_whole } = seen;
        let enter = enter(channel);
        let (cost, extra) = (cost + enter, extra + enter);
        Self { channel, text, before_replaced, models, cost, extra, is_whole }
    }

    fn is_same_text(&self, other: &Self) -> bool {
        self.text == other.text && self.before_replaced == other.before_replaced
    }

    /// Takes in a channel that gives the same text.
    fn join(&mut self, other: Look, enter: Enter) {
        if weights::enter(other.channel) < weights::enter(self.channel) {
            self.extra = (self.extra + enter(other.channel)).saturating_sub(enter(self.channel));
            self.channel = other.channel;
        }
        for model in other.models {
            let is_new = !self.models.iter().any(|known| known.0.tag == model.0.tag);
            if self.models.len() < 2 * LANGUAGES && is_new {
                self.models.push(model);
            }
        }
    }

    /// The same with the characters priced in context: those beyond ASCII by the model of a language, the others as on
    /// the other side. `None` if that costs so much beside the best channel that it does not matter how much.
    fn in_context(self, sample: &Sample<'_>, best: Cost) -> Option<Ranked> {
        if sample.foreign < weights::ALONE && self.stands_alone() || self.is_within_words() {
            return None;
        }
        let most = most_beside(best).min(best.max(sample.most_to_win(&self)));
        let most = most.saturating_sub(self.extra);
        let mut least = Cost::MAX;
        let mut cheapest: Option<(Vec<Cost>, Cost, &'static Model)> = None;
        for &(model, against) in &self.models {
            let Some(most) = least.checked_sub(against + 1).map(|least| least.min(most)) else { continue };
            if let Some((costs, total)) = self.priced(sample, model, most) {
                least = total + against;
                cheapest = Some((costs, total, model));
            }
        }
        let (costs, total, truth) = cheapest?;
        let cost = total + self.extra;
        let may_win = sample.may_win(&costs, cost, &self);
        let spared = weights::enter(self.channel) - (sample.enter)(self.channel);
        Some(Ranked { channel: self.channel, truth, cost, spared, is_whole: self.is_whole, may_win })
    }

    /// Whether it is in pairs of bytes of single characters, and no two that are made stand beside each other: what such
    /// must win by is more than a few characters may cost as they stand.
    fn stands_alone(&self) -> bool {
        let is_ascii = |c: &char| c.is_ascii();
        self.channel.written.is_pairs()
            && self.channel.reader.encoding().is_single_byte()
            && self.text.windows(2).all(|pair| pair.iter().any(is_ascii))
    }

    /// Whether it is in pairs of bytes, and most of the ideographs or syllables that are made stand one by one in words of
    /// small ASCII letters: accented letters of a language with no model give these, together with the letters after them.
    fn is_within_words(&self) -> bool {
        let is_wide = |c: char| c >= '\u{2e80}';
        let beside = |at: usize| beside(&self.text, at);
        let wide = || (0..self.text.len()).filter(|&at| is_wide(self.text[at]));
        let is_in_word = |&at: &usize| {
            let (before, after) = beside(at);
            !(is_wide(before) || is_wide(after))
                && (before.is_ascii_lowercase() || after.is_ascii_lowercase())
        };
        self.channel.written.is_pairs()
            && self.channel.reader.encoding().is_single_byte()
            && wide().filter(is_in_word).count() * 4 > wide().count() * 3
    }

    /// What each character costs in a language, and all of them. `None` if that is more than `most`.
    fn priced(&self, sample: &Sample<'_>, model: &Model, most: Cost) -> Option<(Vec<Cost>, Cost)> {
        let mut context = Context::default();
        let mut total: Cost = 0;
        let mut costs = Vec::with_capacity(self.text.len());
        for (at, &c) in self.text.iter().enumerate() {
            let (mut cost, next) = match c.is_ascii() {
                true => sample.step_at(at, self.text.len(), context, c),
                false => model.step(context, c),
            };
            if is_of_another_alphabet(c) {
                let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
                let letters = beside.filter_map(|at| self.text.get(at)).filter(|c| c.is_ascii_lowercase());
                cost += letters.count() as Cost * weights::STRANGER;
            }
            costs.push(cost);
            total += cost;
            if total > most {
                return None;
            }
            context = next;
        }
        Some((costs, total))
    }
}

/// What the sample decodes to, and how surprising that is, each character taken alone. `None` if it does not decode,
/// there is no model, or it costs more than `most` without the price of the channel.
fn look(channel: Channel, reading: &Reading, sample: &Sample<'_>, hints: &Hints, most: Cost) -> Option<Look> {
    let &Sample { is_cut, stands, .. } = sample;
    let Channel { written, .. } = channel;
    let seen = |decoded: Decoded| look_at(written, decoded, None, hints, sample);
    let plain = reading
        .plainly(written, most, |most| decode(written, reading.units(), is_cut, stands, most).and_then(seen));
    let plain = plain.map(|seen| Look::of(channel, seen, sample.enter));
    let is_fine = |look: &Look| {
        let foreign = look.text.iter().filter(|c| !c.is_ascii()).count() as Cost;
        look.is_whole && look.cost <= foreign * weights::IN_STEP
    };
    if !written.is_pairs() || plain.as_ref().is_some_and(is_fine) {
        return plain;
    }
    // Where a byte is lost, all pairs after it are out of step.
    let [model, others @ ..] = languages::models_of(written) else { return plain };
    // Only in the language that the way was found by does its cost tell that of the text.
    let most = if others.is_empty() && hints.language.is_none() { most } else { Cost::MAX };
    let in_step = reading.in_step(written, most, |most| {
        let (decoded, peak) = decode_in_step(written, reading.units(), stands, model, most)?;
        Some((seen(decoded)?, peak))
    });
    let in_step = in_step.map(|seen| Look::of(channel, seen, sample.enter));
    [plain, in_step].into_iter().flatten().min_by_key(|look| look.cost)
}

/// A look at what is made of the sample, whoever read it; `known` is what the characters cost in each language of the
/// encoding, alone, if that is known.
fn look_at(
    written: Encoding,
    decoded: Decoded,
    known: Option<Vec<Cost>>,
    hints: &Hints,
    sample: &Sample<'_>,
) -> Option<Seen> {
    // What decodes as badly as this is something else.
    if decoded.malformed > 2 && decoded.malformed > decoded.text.iter().filter(|c| !c.is_ascii()).count() {
        return None;
    }
    let extra = decoded.extra();
    let text = decoded.text;
    let models = match (&hints.language, languages::models_of(written)) {
        (Some(model), _) => std::slice::from_ref(model),
        (None, []) => languages::models_of_text(text.iter().copied()),
        (None, models) => models,
    };
    let foreign: Vec<char> = text.iter().copied().filter(|c| !c.is_ascii()).collect();
    // Of what is UTF-8 its form is proof enough, whatever the words around say.
    let is_latin = written.is_single_byte() && foreign.iter().any(|&c| is_letter(c) && is_latin(c));
    let against = |model| if is_latin { sample.fit.against(model) } else { 0 };
    let alone = |(at, &model): (usize, &&'static Model)| {
        let known = known.as_ref().and_then(|known| known.get(at).copied());
        (known.unwrap_or_else(|| alone(&foreign, model)), (model, against(model)))
    };
    let mut models: Vec<(Cost, InLanguage)> = models.iter().enumerate().map(alone).collect();
    let cost = models.iter().map(|&(cost, _)| cost).min()? + strangers(&text) + extra;
    models.sort_by_key(|&(cost, (_, against))| cost + against);
    models.truncate(LANGUAGES);
    let models = models.into_iter().map(|(_, model)| model).collect();
    let (before_replaced, is_whole) = (decoded.before_replaced, decoded.is_whole);
    Some(Seen { text, before_replaced, models, cost, extra, is_whole })
}

/// Surprise of characters, each alone.
fn alone(chars: &[char], model: &Model) -> Cost {
    chars.iter().map(|&c| model.alone(c).min(weights::DEAREST)).sum()
}

/// The price of letters of another script beside ASCII letters.
fn strangers(text: &[char]) -> Cost {
    let strange = text.windows(2).filter(|pair| mixes_alphabets(pair[0], pair[1]));
    strange.count() as Cost * weights::STRANGER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_characters_are_read_together() {
        for (label, truth) in [
            ("windows-1252", "hi 😀 there"),
            ("iso-8859-1", "hi 😀"),
            ("iso-8859-1", "Привет 😀😂 déjà"),
            ("iso-8859-1", "𠮷野家で😀"),
            ("koi8-r", "hi 😀 there"),
            ("cp437", "hi 😀 there"),
            ("macintosh", "hi 😀 there"),
        ] {
            let reader = Reader::of(Encoding::from_label(label).unwrap());
            let bytes = Encoding::CESU_8.encode(truth).unwrap();
            let garbled = reader.read(&bytes);
            let repair = crate::repair(&garbled);
            assert_eq!(repair.text(), truth, "{garbled}");
            let plan = &repair.changes()[0].plan;
            assert!(plan.to_string().ends_with("decode as cesu-8"), "{plan}");
            assert_eq!(plan.invert(&repair.changes()[0].after).as_ref(), Some(&repair.changes()[0].before));
        }
        // The no-break space has become a space.
        assert_eq!(crate::repair("hi í ½í¸€ there").text(), "hi 😀 there");
        assert_eq!(crate::repair(r"\u00ed\u00a0\u00bd\u00ed\u00b8\u0080").text(), "😀");
    }
}
