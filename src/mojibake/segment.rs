//! From a path through a window to the changes that it means: damaged stretches, cut into lines, each with a plan
//! that has been replayed both ways.

use std::ops::Range;

use crate::encoding::{Encoding, Fed, Pending, Reader, sloppy_byte_of};
use crate::language::words::is_word;
use crate::language::{self, Context, Cost, Model, bits};

use super::lattice::{Channel, Lattice};
use super::path::{Action, Detour, Move, Path};
use super::place::{clean_costs, is_latin, mixes_alphabets, strangeness};
use super::plan::{Edit, EditKind, Plan};
use super::words::{runs, saving};
use super::{Alternative, Change, Score, weights};

/// The moves between two places where no byte waits: one or more characters of the window, what they give.
#[derive(Debug, Clone, PartialEq)]
struct Cell {
    moves: Range<usize>,
    chars: Range<usize>,
    out: String,
    damaged: bool,
}

/// A damaged stretch of a window, judged as a whole.
pub(super) struct Stretch {
    /// Bits by which the path beats the whole window as it stands: stretches stand and fall together, since the first
    /// one alone paid for the channel.
    pub(super) gain: f64,
    /// Whether the repaired text is like text of its language.
    pub(super) typical: bool,
    /// Whether it makes nothing but letters that stand alone: lists of letters and signs are no damage.
    pub(super) loose: bool,
    /// Bits by which letters that only became other letters must win.
    pub(super) needed: f64,
    /// One change a line; spans are in characters of the window still.
    pub(super) changes: Vec<Change>,
}

impl Lattice<'_> {
    /// The damaged stretches of a path over `window`, which follows text that ends in `context`.
    pub(super) fn stretches(&self, window: &[char], path: &Path, context: Context) -> Vec<Stretch> {
        let cells = self.cells(window, &path.moves);
        let mut stretches = Vec::new();
        let clean = self.clean_costs(window, context);
        let last = |costs: &[Cost]| costs.last().copied().unwrap_or(Cost::MAX);
        let words = self.words(window, &cells);
        // What was taken off the price of the channel for the sake of its words is not gained twice.
        let all: f64 = words.iter().map(|word| word.saved).sum();
        // A text of a language that the models do not know has no word of another one.
        let known = words.iter().filter(|word| word.is_known).count();
        let is_other = words.len() > known * weights::WORDS_FOR_ONE_KNOWN;
        let gain = bits(last(&clean)) - bits(last(&path.costs)) - bits(self.saved) + all;
        let mut discount = bits(self.saved);
        let mut from = 0;
        for run in cells.chunk_by(|a, b| a.damaged == b.damaged) {
            let until = from + run.len();
            if run[0].damaged {
                let own = words.iter().filter(|word| (from..until).contains(&word.cell));
                let known = own.clone().filter(|word| word.is_known).count();
                let told = Words {
                    saved: own.clone().map(|word| word.saved).sum::<f64>() - std::mem::take(&mut discount),
                    known,
                    unknown: if is_other { words.len() } else { own.count() } - known,
                };
                stretches.push(self.stretch(window, path, run, &clean, (gain, told)));
            }
            from = until;
        }
        stretches
    }

    /// The different words of the repaired window that hold a character which the repair changed.
    fn words(&self, window: &[char], cells: &[Cell]) -> Vec<Word> {
        let out: Vec<(char, usize)> =
            cells.iter().enumerate().flat_map(|(at, cell)| cell.out.chars().map(move |c| (c, at))).collect();
        let text: Vec<char> = out.iter().map(|&(c, _)| c).collect();
        let mut seen: Vec<&[char]> = Vec::new();
        let mut words = Vec::new();
        for run in runs(&text) {
            let is_changed = |cell: &Cell| {
                cell.damaged && !cell.out.chars().eq(window[cell.chars.clone()].iter().copied())
            };
            let own = &cells[out[run.start].1..=out[run.end - 1].1];
            let Some(first) = own.iter().position(is_changed) else { continue };
            let after = &text[run.clone()];
            if seen.contains(&after) {
                continue;
            }
            seen.push(after);
            let before = &window[own[0].chars.start..own[own.len() - 1].chars.end];
            let lost: Cost = runs(before).map(|run| saving(&before[run])).sum();
            let saved = bits(saving(after)) - bits(lost);
            words.push(Word { cell: out[run.start].1 + first, saved, is_known: lost == 0 && is_word(after) });
        }
        words
    }

    fn stretch(
        &self,
        window: &[char],
        path: &Path,
        run: &[Cell],
        clean: &[Cost],
        (gain, words): (f64, Words),
    ) -> Stretch {
        let mut changes = Vec::new();
        for line in run.split(|cell| cell.out == "\n" || cell.out == "\r") {
            let plain = |cell: &Cell| cell.out.is_empty() || (cell.out.len() == 1 && cell.moves.len() == 1);
            let Some(first) = line.iter().position(|cell| !plain(cell)) else { continue };
            let last = line.iter().rposition(|cell| !plain(cell)).unwrap_or(first);
            changes.extend(self.change(window, path, &line[first..=last], clean, gain));
        }
        changes.retain(|change| change.before != change.after);
        // The stretches of a window share the price of the channel, but each must pay for itself.
        let chars = run[0].chars.start..run[run.len() - 1].chars.end;
        let moves = run[0].moves.start..run[run.len() - 1].moves.end;
        let gain = gain.min(bits(between(clean, chars)) - bits(cost_of(path, moves)) + words.saved);
        let (gain, needed) = self.evidence(window, path, run, gain, words);
        let needed = if self.channel.written.is_single_byte() { needed + words.unknown() } else { needed };
        let gain = if gain >= needed { self.against_languages(window, path, run, gain, words) } else { gain };
        // With the letters beside it one is part of a word.
        let (start, end) = (run[0].chars.start, run[run.len() - 1].chars.end);
        let before = start.checked_sub(1).and_then(|at| window.get(at)).copied();
        let made = run.iter().flat_map(|cell| cell.out.chars());
        let made = before.into_iter().chain(made).chain(window.get(end).copied());
        let loose = are_loose(made, |c| self.channel.written.is_utf8() && is_lone_word(c, self.truth));
        Stretch { gain, typical: self.is_typical(run, words), loose, needed, changes }
    }

    /// The gain over the text as it stands in the language that it is most like: the model of all text knows each
    /// language less well than its own model does. UTF-8 needs no such care, and pairs only where a word may be one.
    fn against_languages(&self, window: &[char], path: &Path, run: &[Cell], gain: f64, words: Words) -> f64 {
        let chars = run[0].chars.start..run[run.len() - 1].chars.end;
        let is_spelled = || window[chars.clone()].iter().all(|c| c.is_ascii() || c.is_alphabetic());
        let is_pairs = !self.channel.written.is_single_byte();
        let is_again = self.enter < weights::ENTER;
        if self.channel.written.is_utf8() || is_pairs && (is_again || !is_spelled()) {
            return gain;
        }
        // The beginning of a long stretch says it for all of it.
        let start = run[0].chars.start;
        let is_part = |cell: &&Cell| cell.chars.end - start <= weights::COMPARED;
        let part = &run[..run.iter().take_while(is_part).count().max(1)];
        let end = part[part.len() - 1].chars.end;
        let spent = bits(cost_of(path, part[0].moves.start..part[part.len() - 1].moves.end));
        let from = start.saturating_sub(weights::MEMORY);
        let knows_all = |model: &&Model| {
            let letters = window[start..end].iter().filter(|c| c.is_alphabetic());
            letters.copied().all(|c| model.alone(c) <= weights::OF_LANGUAGE)
        };
        let clean = language::all()
            .iter()
            .filter(knows_all)
            .map(|model| clean_costs(self.stands, model, &window[from..end], Context::default()))
            .map(|costs| bits(between(&costs, start - from..end - from)))
            .fold(f64::INFINITY, f64::min);
        gain.min(clean - spent + words.saved)
    }

    /// What of a gain counts, and how much is needed.
    ///
    /// Where a letter only became another letter, this may be a language that the models do not know: it uses a few
    /// letters over and over that others do not, so each letter counts nearly once; and these have accents that others
    /// lack. Few different characters say little at all, unless they stand where they cannot.
    fn evidence(&self, window: &[char], path: &Path, run: &[Cell], gain: f64, words: Words) -> (f64, f64) {
        let mut made: Vec<Made<'_>> = Vec::new();
        let mut count = 0;
        for cell in run.iter().filter(|cell| cell.damaged && !(cell.out.len() == 1 && cell.moves.len() == 1))
        {
            let before = match path.moves[cell.moves.clone()] {
                [step] => window.get(step.at as usize).copied(),
                _ => None,
            };
            if before.is_some_and(|c| cell.out.chars().eq([c])) {
                continue;
            }
            count += 1;
            let strange = cell.chars.clone().map(|at| how_strange(window, at)).max().unwrap_or(0);
            match made.iter_mut().find(|other| other.before == before && other.out == cell.out) {
                Some(other) => other.strange = other.strange.max(strange),
                None => {
                    let is_pair =
                        cell.chars.len() > 1 && window[cell.chars.clone()].iter().all(|c| !c.is_ascii());
                    let is_guess = path.moves[cell.moves.clone()].iter().any(Move::is_guess);
                    made.push(Made { before, out: &cell.out, strange, is_pair, is_guess });
                }
            }
        }
        let is_utf8 = self.channel.written.is_utf8();
        let known: usize = made.iter().map(|made| made.weight(self.channel)).sum();
        let is_strange = made.iter().any(|made| made.strange > 0);
        // Of what is repeated each kind counts nearly once; UTF-8 proves itself each time.
        let share = if is_utf8 { 1.0 } else { made.len() as f64 / f64::from(count.max(1)) };
        if made.iter().all(Made::is_letter) && !is_strange {
            let same = made.iter().filter(|made| made.is_same_letter());
            // … also where such damage was found elsewhere in the text.
            let again = weights::enter(self.channel).saturating_sub(self.enter);
            let accents = same.count() as f64 * bits(weights::OTHER_ACCENT);
            let few = weights::FEW.get(2 * made.len()).copied().unwrap_or(0) / 3;
            // A language that the models do not know has other words.
            if words.are_known() {
                return (gain, bits(weights::MARGIN));
            }
            let needed = weights::MARGIN + weights::OTHER_LETTERS + again + few;
            return (gain * share, bits(needed) + accents);
        }
        let few = weights::FEW.get(known).copied().unwrap_or(0);
        let few = if words.are_known() { few / weights::FEW_OF_WORDS } else { few };
        // What was found elsewhere in the text is no longer one of a thousand channels.
        let few = match self.channel.written.is_pairs() {
            true if self.enter < weights::ENTER && made.iter().all(|made| made.is_pair) => 0,
            true if stand_alone(run) => few.max(weights::ALONE),
            _ => few,
        };
        let signs = made.iter().filter(|made| made.is_letter_to_sign()).count();
        (gain * share, bits(weights::MARGIN + few) + signs as f64 * bits(weights::LETTER_TO_SIGN))
    }

    /// A repair that beats the text as it stands may do so only because that is no language at all.
    /// Valid UTF-8, though, is not made by chance more than once or twice, whatever it says: it may be another
    /// layer of damage.
    fn is_typical(&self, run: &[Cell], words: Words) -> bool {
        if self.channel.written.is_utf8() {
            if words.are_known() {
                return true;
            }
            let decoded = run.iter().filter(|cell| cell.damaged).flat_map(|cell| cell.out.chars());
            if is_surely_utf8(decoded) {
                return true;
            }
        }
        if self.channel.written.is_single_byte() && neighbours(run).any(|(a, b)| mixes_alphabets(a, b)) {
            return false;
        }
        let mut context = Context::default();
        let (mut total, mut typical) = (0, 0);
        for (cell, c) in run.iter().flat_map(|cell| cell.out.chars().map(move |c| (cell, c))) {
            let (cost, next) = self.truth.step(context, c);
            context = next;
            if !c.is_ascii() {
                total += cost.min(weights::UNKNOWN_IDEOGRAPH);
                // The digits of a four-byte form do not stand where they do by chance.
                let is_long = self.channel.written == Encoding::GB18030 && cell.moves.len() == 4;
                let structure = if is_long { weights::FOUR_BYTES } else { 0 };
                typical += weights::typical(c) + structure;
            }
        }
        total <= typical + weights::TYPICAL_ONCE
    }

    /// Whether the spaces that the path takes out are more than layout: a good part of them stand within a
    /// character, or there is one for every few characters.
    pub(super) fn are_put_in(&self, window: &[char], path: &Path) -> bool {
        let is_removal = |step: &Move| step.action == Action::Remove;
        let removed = path.moves.iter().filter(|step| is_removal(step)).count();
        let within = self.cells(window, &path.moves).into_iter().filter(|cell| {
            let moves = &path.moves[cell.moves.clone()];
            moves.len() > 2 && moves[1..moves.len() - 1].iter().any(is_removal)
        });
        let characters = path.moves.iter().filter(|step| step.action != Action::Stay).count() / 2;
        within.count() * 8 > removed || (removed > 3 && removed * 4 > characters)
    }

    fn cells(&self, window: &[char], moves: &[Move]) -> Vec<Cell> {
        let mut cells = Vec::new();
        let mut pending = Pending::NONE;
        let mut cell = Cell { moves: 0..0, chars: 0..0, out: String::new(), damaged: false };
        for (number, step) in moves.iter().enumerate() {
            let c = window.get(step.at as usize).copied();
            let mut buffer = [0; 4];
            let bytes: &[u8] = match (&step.action, c) {
                (Action::Stay, Some(c)) => {
                    cell.out.push(c);
                    &[]
                }
                (Action::TakeFused, Some(c)) => c.encode_utf8(&mut buffer).as_bytes(),
                (Action::Take(bytes) | Action::Replace(bytes), _) => bytes.as_slice(),
                (Action::Insert(byte), _) => std::slice::from_ref(byte),
                _ => &[],
            };
            for &byte in bytes {
                match self.channel.written.feed(pending, byte) {
                    Fed::More(more) => pending = more,
                    Fed::Char(c) => {
                        cell.out.push(c);
                        pending = Pending::NONE;
                    }
                    // The search took only moves that the automaton takes.
                    Fed::Malformed => pending = Pending::NONE,
                }
            }
            cell.damaged = step.action != Action::Stay;
            cell.moves.end = number + 1;
            cell.chars.end = step.at as usize + usize::from(!matches!(step.action, Action::Insert(_)));
            if pending.is_empty() {
                let (next_move, next_char) = (cell.moves.end, cell.chars.end);
                let empty = Cell {
                    moves: next_move..next_move,
                    chars: next_char..next_char,
                    out: String::new(),
                    damaged: false,
                };
                cells.push(std::mem::replace(&mut cell, empty));
            }
        }
        cells
    }

    fn change(
        &self,
        window: &[char],
        path: &Path,
        line: &[Cell],
        clean: &[Cost],
        gain: f64,
    ) -> Option<Change> {
        let moves = line[0].moves.start..line[line.len() - 1].moves.end;
        let chars = line[0].chars.start..line[line.len() - 1].chars.end;
        let garbled = window.get(chars.clone())?;
        let before: String = garbled.iter().collect();
        let plan = self.plan(garbled, chars.start, &path.moves[moves.clone()])?;
        let after = plan.apply(&before)?;
        if plan.invert(&after).as_ref() != Some(&before) {
            return None;
        }
        let guessed = guessed_ranges(path, line);
        let lm = self.truth.text_cost(&after);
        let spent = cost_of(path, moves.clone());
        let alternatives = self.alternatives(window, path, line, &after);
        let doubt: f64 = alternatives.iter().map(|a| a.confidence).sum();
        Some(Change {
            span: chars.clone(),
            before,
            after,
            plan,
            guessed,
            confidence: weights::confidence(gain) / (1.0 + doubt),
            alternatives,
            score: Score {
                as_it_stands: bits(between(clean, chars)),
                repaired: bits(lm),
                channel: bits(self.enter + spent.saturating_sub(lm)),
            },
        })
    }

    fn plan(&self, garbled: &[char], first: usize, moves: &[Move]) -> Option<Plan> {
        let reader = fitting_reader(self.channel.reader, garbled);
        let mut edits = Vec::new();
        for step in moves {
            let at = step.at as usize - first;
            let from = garbled.get(at).copied();
            let kind = match step.action {
                Action::Insert(byte) => EditKind::Insert(byte),
                Action::Replace(bytes) => EditKind::Replace { from: from?, bytes },
                Action::Remove => EditKind::Remove(from?),
                Action::Take(bytes) if reader.bytes_of(from?) != Some(bytes) => {
                    EditKind::Replace { from: from?, bytes }
                }
                Action::TakeFused if reader.encoding().bytes_of(from?).is_some() => EditKind::Fused(from?),
                Action::Take(_) | Action::TakeFused => continue,
                Action::Stay => return None,
            };
            edits.push(Edit { at, kind });
        }
        let plan = Plan::transcode(edits, reader, self.channel.written);
        if self.channel.written != Encoding::GB18030 {
            return Some(plan);
        }
        // Most of what GB18030 reads was written by programs that knew GBK; the four-byte forms tell.
        let before: String = garbled.iter().collect();
        let narrow = Plan::transcode(edits_of(&plan), reader, Encoding::GBK);
        let is_gbk =
            narrow.apply(&before).is_some_and(|after| narrow.invert(&after).as_ref() == Some(&before));
        Some(if is_gbk { narrow } else { plan })
    }

    /// Other readings of a line, most probable first.
    fn alternatives(&self, window: &[char], path: &Path, line: &[Cell], after: &str) -> Vec<Alternative> {
        let mut readings: Vec<(Cost, String)> = Vec::new();
        for detour in &path.detours {
            readings.extend(self.reading(window, path, line, detour).map(|text| (detour.extra, text)));
        }
        readings.retain(|(_, text)| text != after);
        readings.sort();
        readings.dedup_by(|a, b| a.1 == b.1);
        readings.truncate(MOST_ALTERNATIVES);
        readings
            .into_iter()
            .map(|(extra, after)| Alternative { after, confidence: (-bits(extra)).exp2() })
            .collect()
    }

    /// The line as a detour reads it, if it leaves the path within the line and ends where the line does.
    fn reading(&self, window: &[char], path: &Path, line: &[Cell], detour: &Detour) -> Option<String> {
        let (first, last) = (line.first()?, line.last()?);
        let moves = first.moves.start..last.moves.end;
        let (fork, join) = (detour.replaces.start, detour.replaces.end);
        if fork >= moves.end || join <= moves.start {
            return None;
        }
        // A detour that assumes another kind of loss never joins the path again: of it, what lies in the line.
        let is_within = |step: &&Move| (first.chars.start..last.chars.end).contains(&(step.at as usize));
        let mut other = path.moves[moves.start..fork.max(moves.start)].to_vec();
        other.extend(detour.moves.iter().filter(is_within));
        if join < moves.end {
            other.extend(&path.moves[join..moves.end]);
        }
        let cells = self.cells(window, &other);
        (cells.first()?.chars.start <= first.chars.start && cells.last()?.chars.end == last.chars.end)
            .then(|| cells.into_iter().map(|cell| cell.out).collect())
    }
}

/// Whether so many continuation bytes fit that chance does not make them.
pub(super) fn is_surely_utf8(decoded: impl Iterator<Item = char>) -> bool {
    // Beyond the ideographs nothing is assigned.
    decoded.filter(|&c| c < '\u{32400}').map(|c| c.len_utf8() - 1).sum::<usize>() > 2
}

/// A word of a repaired window.
struct Word {
    /// The first cell of it that was changed.
    cell: usize,
    /// Bits by which it is cheaper as a word than letter by letter, less those of the words that stand there.
    saved: f64,
    /// Whether it is a word, and what stands there is none.
    is_known: bool,
}

/// The words of a stretch.
#[derive(Clone, Copy)]
struct Words {
    saved: f64,
    known: usize,
    /// … of the whole window, where hardly one is known.
    unknown: usize,
}

impl Words {
    fn are_known(self) -> bool {
        self.known > 0 && self.known >= self.unknown
    }

    /// Bits that a repair must win more by, because it makes something else than words of a language.
    fn unknown(self) -> f64 {
        self.unknown as f64 * bits(weights::UNKNOWN_WORD)
    }
}

/// A kind of repaired character: what it was made of, what it is.
struct Made<'c> {
    /// The damaged character, if it was one.
    before: Option<char>,
    out: &'c str,
    /// How little the damaged characters can stand where they stand.
    strange: usize,
    /// Whether they are two or more, none of them ASCII.
    is_pair: bool,
    /// Whether a byte of it was not there.
    is_guess: bool,
}

impl Made<'_> {
    /// How much it says, in halves of a character.
    fn weight(&self, channel: Channel) -> usize {
        let structure = match (channel.written.is_utf8(), self.is_pair) {
            // Chance makes no UTF-8, or next to none, unless it is completed; and what windows-1252 makes of it is like
            // nothing else.
            (true, _) if !self.is_guess || channel.reader == Reader::WINDOWS_1252 => weights::IS_UTF8,
            (true, _) => weights::IS_UTF8 - 3,
            (false, true) => 1,
            (false, false) => 0,
        };
        2 + structure + weights::STRANGE[self.strange.min(2)]
    }

    fn after(&self) -> char {
        self.out.chars().next().unwrap_or(' ')
    }

    /// Whether a Latin letter became a Latin letter.
    fn is_letter(&self) -> bool {
        self.before.is_some_and(|c| c.is_alphabetic() && is_latin(c)) && is_latin(self.after())
    }

    fn is_letter_to_sign(&self) -> bool {
        self.before.is_some_and(char::is_alphabetic) && !self.after().is_alphabetic()
    }

    fn is_same_letter(&self) -> bool {
        self.before.and_then(base) == base(self.after())
    }
}

/// How little a character can stand where it stands: controls, capitals, signs and letters of another script in a word.
pub(super) fn how_strange(window: &[char], at: usize) -> usize {
    let Some(&c) = window.get(at) else { return 0 };
    let before = at.checked_sub(1).map_or(' ', |at| window[at]);
    let is_control = ('\u{80}'..='\u{9f}').contains(&c);
    let is_capital_in_word = !c.is_ascii() && c.is_uppercase() && before.is_lowercase();
    if is_control || is_capital_in_word { 2 } else { strangeness(window, at) }
}

/// The repaired characters that stand beside each other.
fn neighbours(run: &[Cell]) -> impl Iterator<Item = (char, char)> {
    let out = || run.iter().flat_map(|cell| cell.out.chars());
    out().zip(out().skip(1))
}

/// Whether no two repaired characters beyond ASCII stand beside each other.
fn stand_alone(run: &[Cell]) -> bool {
    !neighbours(run).any(|(a, b)| !a.is_ascii() && !b.is_ascii())
}

/// Whether the letters beyond ASCII all stand alone, and one of them is no word by itself.
pub(super) fn are_loose(text: impl Iterator<Item = char>, is_lone_word: impl Fn(char) -> bool) -> bool {
    let mut loose = false;
    let mut word: Vec<char> = Vec::new();
    for c in text.chain([' ']) {
        // Ideographs and syllables are words by themselves.
        if c >= '\u{2e80}' {
            return false;
        }
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        match word[..] {
            [lone] => loose |= !lone.is_ascii() && !is_lone_word(lone),
            _ if word.iter().any(|c| !c.is_ascii()) => return false,
            _ => {}
        }
        word.clear();
    }
    loose
}

/// Whether a letter is a word of a language, as `è` is.
pub(super) fn is_lone_word(c: char, model: &Model) -> bool {
    let (_, before) = model.step(Context::default(), ' ');
    let (cost, after) = model.step(before, c);
    cost + model.step(after, ' ').0 <= weights::LONE_WORD
}

/// A letter without its accents, small.
fn base(c: char) -> Option<char> {
    let mut base = None;
    unicode_normalization::char::decompose_canonical(c, |part| base = base.or(Some(part)));
    base.and_then(|c| c.to_lowercase().next())
}

/// Other readings told of one change.
const MOST_ALTERNATIVES: usize = 4;

/// Of the readers that are taken for each other the one that fits the characters; where several do, the most common
/// one.
pub(super) fn fitting_reader(reader: Reader, garbled: &[char]) -> Reader {
    let latin_1 = match reader {
        Reader::WINDOWS_1252 => Reader::LATIN_1,
        Reader::UTF_8_ELSE_WINDOWS_1252 => Reader::UTF_8_ELSE_LATIN_1,
        _ => return reader,
    };
    let fits = |reader: Reader| {
        let own = |c| reader.encoding().bytes_of(c).is_some();
        garbled.iter().filter(|&&c| sloppy_byte_of(c).is_some()).all(|&c| own(c))
    };
    if !fits(reader) && fits(latin_1) { latin_1 } else { reader }
}

fn edits_of(plan: &Plan) -> Vec<Edit> {
    match plan.steps().first() {
        Some(super::plan::Step::Restore(edits)) => edits.clone(),
        _ => Vec::new(),
    }
}

/// What the characters of a range cost, by the costs up to each.
fn between(costs: &[Cost], chars: Range<usize>) -> Cost {
    let until = |at: usize| costs.get(at).copied().unwrap_or(0);
    until(chars.end).saturating_sub(until(chars.start))
}

fn cost_of(path: &Path, moves: Range<usize>) -> Cost {
    let until = |end: usize| end.checked_sub(1).and_then(|last| path.costs.get(last)).copied().unwrap_or(0);
    until(moves.end).saturating_sub(until(moves.start))
}

/// Byte ranges of the repaired line whose characters hold a byte that was not there.
fn guessed_ranges(path: &Path, line: &[Cell]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    for cell in line {
        if path.moves[cell.moves.clone()].iter().any(Move::is_guess) {
            ranges.push(at..at + cell.out.len());
        }
        at += cell.out.len();
    }
    ranges
}

/// Whether a stretch is judged damaged.
pub(super) fn is_decided(stretch: &Stretch) -> bool {
    stretch.typical && !stretch.loose && stretch.gain >= stretch.needed
}
