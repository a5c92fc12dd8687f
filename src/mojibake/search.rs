//! The search of a window: which channels are tried, and with which losses.

use crate::encoding::{Encoding, Reader};
use crate::language::{Context, Cost};

use super::engine::{Known, Pass};
use super::habits::Habits;
use super::lattice::{ByLetters, Channel, DearLosses, Fold, Foreign, Lattice};
use super::losses::{dear_losses, folds, unexplained};
use super::own_words::OwnWords;
use super::path::{Move, Path};
use super::place::clean_cost;
use super::rank::Ranked;
use super::segment::is_decided;
use super::words::Told;
use super::{languages, twins, weights};

/// What a search found: the cheapest path of a channel.
pub(super) struct Found<'a> {
    pub(super) lattice: Lattice<'a>,
    pub(super) path: Path,
    pub(super) known: Known,
}

impl Found<'_> {
    /// The cost with the whole price of the channel, whatever says that there is damage.
    pub(super) fn total(&self) -> Cost {
        total(&self.path).saturating_add(self.lattice.spared)
    }
}

impl Pass<'_> {
    /// The paths through a window of the channels worth a search, the cheapest first. Beside it there are others only
    /// where something says that there is damage: which channel it was, what they make then tells better than their cost.
    pub(super) fn search(
        &self,
        chars: &[char],
        context: Context,
        ranked: &[Ranked],
        told: &[Told],
        is_strange: bool,
    ) -> Vec<Found<'_>> {
        let mut found: Vec<Found<'_>> = Vec::new();
        for known in self.candidates(chars, ranked, told) {
            if self.task.is_spent() {
                break;
            }
            let mut lattice = self.lattice(known);
            let told = told.iter().find(|told| told.is_of(known.channel));
            if told.is_some() || is_strange {
                let enter = lattice.enter.min(weights::enter_told(known.channel));
                lattice.is_told = true;
                lattice.spared = lattice.enter - enter;
                let is_ranked = ranked.iter().any(|ranked| ranked.channel == known.channel);
                let alone = !(is_strange && is_ranked) && told.is_some_and(|told| !told.makes_words);
                lattice.by_letters =
                    told.and_then(|told| told.needed).map(|needed| ByLetters { needed, alone });
                lattice.foreign = told.map(|told| told.foreign.clone()).unwrap_or_default();
                lattice.saved = told.map_or(0, |told| told.saved).min(enter);
                lattice.enter = enter - lattice.saved;
            }
            let path = self.walk(&lattice, chars, context);
            found.push(Found { lattice, path, known });
        }
        found.sort_by_key(Found::total);
        let mut others = found.split_off(found.len().min(1));
        let best = self.folded(chars, context, ranked, found.pop());
        let mut best = best.map(|found| self.dear_search(chars, context, found));
        // A sequence of UTF-8 that lost a byte is dearer than what others make of it, until it is put back.
        let is_utf8 = |found: &Found<'_>| found.known.channel.written.is_utf8();
        let is_short = chars.len() <= weights::SEARCHED_WINDOW;
        if let Some(first) = best.as_ref().filter(|best| is_short && !is_utf8(best))
            && let Some(at) = others.iter().position(is_utf8)
        {
            let other = self.dear_search(chars, context, others.remove(at));
            if other.total() < first.total() {
                best = Some(other);
            }
        }
        best.into_iter().chain(others.into_iter().filter(|found| found.lattice.is_told)).collect()
    }

    /// The channels that are searched: those that are known, rank best or are told of, and the twins of known ones.
    fn candidates(&self, chars: &[char], ranked: &[Ranked], told: &[Told]) -> Vec<Known> {
        let most = if chars.len() > weights::SEARCHED_WINDOW { 2 } else { usize::MAX };
        let mut candidates: Vec<Known> = self.known.clone();
        for ranked in ranked.iter().take(most) {
            let known = Known { channel: ranked.channel, truth: ranked.truth };
            match candidates.iter_mut().find(|other| other.channel == known.channel) {
                // What came through it here may be of another language than before.
                Some(other) => other.truth = known.truth,
                None => candidates.push(known),
            }
        }
        for &Told { channel, truth, makes_words, .. } in told {
            // Known words tell the language better than the ranking does.
            let tells = makes_words && !self.knows(channel);
            let is_same =
                |other: &Known| other.channel == channel && (!tells || other.truth.tag == truth.tag);
            if !candidates.iter().any(is_same) {
                candidates.push(Known { channel, truth });
            }
        }
        for known in self.known.clone() {
            let twin = twins::of(known.channel, chars)
                .filter(|twin| !candidates.iter().any(|other| other.channel == *twin));
            candidates.extend(twin.map(|channel| Known { channel, ..known }));
        }
        candidates
    }

    /// Text whose letters were folded decodes badly, so its channel does not rank: the usual ones are tried.
    fn folded<'p>(
        &'p self,
        chars: &[char],
        context: Context,
        ranked: &[Ranked],
        best: Option<Found<'p>>,
    ) -> Option<Found<'p>> {
        if chars.len() > weights::SEARCHED_WINDOW || ranked.is_empty() {
            return best;
        }
        let usual = [Reader::WINDOWS_1252, Reader::of(Encoding::CP437)].map(|reader| Known {
            channel: Channel { written: Encoding::UTF_8, reader },
            truth: self.task.stands,
        });
        let likely = ranked.first().map(|ranked| Known { channel: ranked.channel, truth: ranked.truth });
        let mut best = best;
        for fold in folds(chars).filter(|&fold| fold != Fold::Compatibility) {
            for known in usual.into_iter().chain(likely) {
                if self.task.is_spent() {
                    return best;
                }
                let mut lattice = self.lattice(known);
                lattice.dear.fold = Some(fold);
                let path = self.walk(&lattice, chars, context);
                let found = Found { lattice, path, known };
                if best.as_ref().is_none_or(|best| found.total() < best.total()) {
                    best = Some(found);
                }
            }
        }
        best
    }

    /// The same with the document's own words and the dear losses, where there is a choice or something is left over.
    fn dear_search<'p>(&'p self, chars: &[char], context: Context, mut found: Found<'p>) -> Found<'p> {
        let unexplained = unexplained(chars, &found.path, &found.lattice);
        let is_guessed = found.path.moves.iter().any(Move::is_guess);
        if is_guessed && chars.len() <= weights::SEARCHED_WINDOW {
            self.in_other_languages(chars, context, &mut found);
        }
        if is_guessed || unexplained.contains(&true) {
            // What the document says itself counts only where there is a choice; counting it costs more than a search.
            found.lattice.cache = Some(self.cache());
            if !unexplained.contains(&true) {
                found.lattice.own = OwnWords::of(&found.lattice, chars, &found.path);
            }
            found.path = self.walk(&found.lattice, chars, context);
        }
        if chars.len() <= weights::DEAR_WINDOW
            && unexplained.contains(&true)
            && may_have_lost(&found, chars, context)
        {
            let fold = found.lattice.dear.fold;
            let mut best = std::mem::take(&mut found.lattice.dear);
            for mut dear in dear_losses(chars, unexplained, &found.lattice) {
                if self.task.is_spent() {
                    break;
                }
                dear.fold = dear.fold.or(fold);
                found.lattice.dear = dear;
                let other = self.walk(&found.lattice, chars, context);
                let sound = !found.lattice.dear.spaced || found.lattice.are_put_in(chars, &other);
                if sound && total(&other) < total(&found.path) {
                    found.path = other;
                    best = found.lattice.dear.clone();
                }
            }
            found.lattice.dear = best;
        }
        found
    }

    /// The same in the other languages of the encoding. Which one it is was told from characters that lacked a byte.
    fn in_other_languages(&self, chars: &[char], context: Context, found: &mut Found<'_>) {
        let Known { channel, truth } = found.known;
        if !channel.written.is_pairs() || self.task.hints.language.is_some() {
            return;
        }
        for &model in languages::models_of(channel.written) {
            if model.tag == truth.tag || self.task.is_spent() {
                continue;
            }
            let before = std::mem::replace(&mut found.lattice.truth, model);
            let other = self.walk(&found.lattice, chars, context);
            if total(&other) < total(&found.path) {
                found.path = other;
                found.known.truth = model;
            } else {
                found.lattice.truth = before;
            }
        }
    }

    fn walk(&self, lattice: &Lattice<'_>, chars: &[char], context: Context) -> Path {
        let (path, steps) = lattice.search(chars, context);
        self.task.spend(steps);
        path
    }

    /// Whether a channel is one that is known, but for its reader, which is the twin of that one's.
    fn is_twin_of_known(&self, channel: Channel) -> bool {
        let twin = twins::of_reader(channel.reader);
        self.known
            .iter()
            .any(|known| known.channel.written == channel.written && Some(known.channel.reader) == twin)
    }

    fn lattice(&self, known: Known) -> Lattice<'_> {
        let Known { channel, truth } = known;
        let enter = match (self.is_garbled(), self.knows(channel)) {
            (true, _) => weights::channel(channel),
            (false, true) => weights::ENTER_AGAIN,
            (false, false) if self.is_twin_of_known(channel) => weights::ENTER_AGAIN + weights::TWIN,
            (false, false) => weights::enter(channel),
        };
        Lattice {
            channel,
            habits: Habits::of(channel),
            truth: self.task.hints.language.unwrap_or(truth),
            stands: self.task.stands,
            cache: None,
            own: OwnWords::default(),
            dear: DearLosses::default(),
            enter,
            saved: 0,
            is_told: false,
            spared: 0,
            by_letters: None,
            stay: if self.is_garbled() { weights::STAYS_THOUGH_GARBLED } else { 0 },
            foreign: Foreign::default(),
        }
    }
}

/// Whether a repair that leaves something over may be one of a text that lost more. What is not decided without the dear
/// losses hardly ever is with them: of UTF-8 it is, since the form of what is left tells what is missing, and of other
/// encodings of several bytes a character if much is gained already.
fn may_have_lost(found: &Found<'_>, chars: &[char], context: Context) -> bool {
    let Found { lattice, path, known } = found;
    let gain = || clean_cost(lattice.stands, lattice.truth, chars, context).saturating_sub(total(path));
    let written = known.channel.written;
    written.is_utf8()
        || !written.is_single_byte() && gain() >= weights::GAINED_IN_PART
        || lattice.stretches(chars, path, context).iter().any(is_decided)
}

fn total(path: &Path) -> Cost {
    path.costs.last().copied().unwrap_or(Cost::MAX)
}
