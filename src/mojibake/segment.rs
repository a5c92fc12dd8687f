//! From a path through a window to the changes that it means: damaged stretches, cut into lines, each with a plan
//! that has been replayed both ways.

use std::ops::Range;

use crate::combining::with_mark;
use crate::encoding::{Encoding, Fed, Pending, Reader, sloppy_byte_of};
use crate::language::{Context, Cost, bits};

use super::evidence::{Judged, Words, are_loose, between, cost_of, is_lone_word};
use super::lattice::Lattice;
use super::path::{Action, Detour, Move, Path};
use super::plan::{Edit, EditKind, Plan, Step};
use super::{Alternative, Change, Score, respell, weights};

/// The moves between two places where no byte waits: one or more characters of the window, what they give.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    pub(super) moves: Range<usize>,
    pub(super) chars: Range<usize>,
    pub(super) out: String,
    pub(super) damaged: bool,
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
    /// Bits that it must win by.
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
        let (words, repeated) = self.words(window, &cells);
        // What was taken off the price of the channel for the sake of its words is not gained twice.
        let all: f64 = words.iter().map(|word| word.saved).sum();
        // A text of a language that the models do not know has no word of another one.
        let known = words.iter().filter(|word| word.is_known).count();
        let is_other = words.len() > known * weights::WORDS_FOR_ONE_KNOWN;
        let repeated = self.said_again(&cells, repeated, &clean, path);
        let gain = bits(last(&clean)) - bits(last(&path.costs)) - bits(self.saved) + all - repeated;
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
                    short: own.clone().filter(|word| word.is_known && word.is_short).count(),
                    unknown: if is_other { words.len() } else { own.count() } - known,
                };
                stretches.push(self.stretch(window, path, run, &clean, (gain, told)));
            }
            from = until;
        }
        stretches
    }

    /// What unknown words that come again gain beyond what they say, which is half of what they said before: in a list of
    /// names of a language that the models do not know each line may have the same one.
    fn said_again(
        &self,
        cells: &[Cell],
        repeated: Vec<(Range<usize>, i32)>,
        clean: &[Cost],
        path: &Path,
    ) -> f64 {
        if !self.channel.written.is_single_byte() {
            return 0.0;
        }
        let beyond = |(run, came): (Range<usize>, i32)| {
            let (first, last) = (&cells[run.start], &cells[run.end - 1]);
            let clean = between(clean, first.chars.start..last.chars.end);
            let gained = clean.saturating_sub(cost_of(path, first.moves.start..last.moves.end));
            bits(gained) * (1.0 - 0.5_f64.powi(came))
        };
        repeated.into_iter().map(beyond).sum()
    }

    fn stretch(
        &self,
        window: &[char],
        path: &Path,
        run: &[Cell],
        clean: &[Cost],
        (all, words): (f64, Words),
    ) -> Stretch {
        // The stretches of a window share the price of the channel, but each must pay for itself.
        let chars = run[0].chars.start..run[run.len() - 1].chars.end;
        let moves = run[0].moves.start..run[run.len() - 1].moves.end;
        let gain = all.min(bits(between(clean, chars)) - bits(cost_of(path, moves)) + words.saved);
        let Judged { gain, needed, fits, is_of_language } = self.evidence(window, path, run, gain, words);
        let needed = if self.channel.written.is_single_byte() { needed + words.unknown() } else { needed };
        let gain = if gain >= needed { self.against_languages(window, path, run, gain, words) } else { gain };
        // Where something said that there is damage, what is needed stands for the rest of the price.
        let sure = if self.spared > 0 { all - needed + bits(weights::DAMAGED_AT_LEAST) } else { all };
        let mut changes = Vec::new();
        for line in run.split(|cell| cell.out == "\n" || cell.out == "\r") {
            // A space that is taken out at the end may as well stay; the second mark of a pair that was replaced may not.
            let is_space = |cell: &Cell| window[cell.chars.clone()].iter().all(|c| c.is_whitespace());
            let plain = |cell: &Cell| match cell.out.len() {
                0 => is_space(cell),
                length => length == 1 && cell.moves.len() == 1,
            };
            let Some(first) = line.iter().position(|cell| !plain(cell)) else { continue };
            let last = line.iter().rposition(|cell| !plain(cell)).unwrap_or(first);
            changes.extend(self.change(window, path, &line[first..=last], clean, sure));
        }
        changes.retain(|change| change.before != change.after);
        // With the letters beside it one is part of a word.
        let (start, end) = (run[0].chars.start, run[run.len() - 1].chars.end);
        let before = start.checked_sub(1).and_then(|at| window.get(at)).copied();
        let made = run.iter().flat_map(|cell| cell.out.chars());
        let made = before.into_iter().chain(made).chain(window.get(end).copied());
        // Controls and the pairs of UTF-16 stand in no list.
        let is_list =
            |c: char| !matches!(c, '\u{80}'..='\u{9f}') && self.channel.reader.encoding().has_ascii();
        let is_white = |c: Option<&char>| c.is_none_or(|c| c.is_whitespace());
        let stands_alone = is_white(before.as_ref()) && is_white(window.get(end));
        let may_be_word = self.channel.written.is_utf8()
            || (stands_alone || run.len() > 1)
                && !window[start..end].iter().any(|&c| !c.is_ascii() && is_list(c));
        let loose = !words.are_known() && are_loose(made, |c| may_be_word && is_lone_word(c, self.truth));
        let typical = is_of_language || self.is_typical(window, path, run, words, fits);
        Stretch { gain, typical, loose, needed, changes }
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

    pub(super) fn cells(&self, window: &[char], moves: &[Move]) -> Vec<Cell> {
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
                        match self.channel.written.has_marks() {
                            true => push(&mut cell.out, c),
                            false => cell.out.push(c),
                        }
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
                if self.channel.written.has_marks() {
                    join(&mut cells, &mut cell);
                }
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
        let mut alternatives = self.alternatives(window, path, line, &after);
        let doubt: f64 = alternatives.iter().map(|a| a.confidence).sum();
        let confidence = weights::confidence(gain) / (1.0 + doubt);
        // They are told by how much less probable than this one they are.
        alternatives.iter_mut().for_each(|a| a.confidence *= confidence);
        Some(Change {
            span: chars.clone(),
            before,
            after,
            plan,
            guessed,
            confidence,
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
                // The letter of a mark that was damaged.
                Action::Stay if from?.is_ascii() => continue,
                Action::Stay => return None,
            };
            edits.push(Edit { at, kind });
        }
        let plan = self.composing(Plan::transcode(edits, reader, self.channel.written), garbled)?;
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

    /// The same plan with a step more where what it gives has marks of its own: people have letters and marks as one.
    fn composing(&self, plan: Plan, garbled: &[char]) -> Option<Plan> {
        if !self.channel.written.has_marks() {
            return Some(plan);
        }
        let decoded = plan.apply(&garbled.iter().collect::<String>())?;
        let spellings = respell::of_marks(&decoded);
        let mut steps = plan.steps().to_vec();
        steps.extend((!spellings.is_empty()).then_some(Step::Respell(spellings)));
        Some(Plan::new(steps))
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
        // Behind the last character of the window bytes may still be put in.
        let end = last.chars.end + usize::from(last.chars.end == window.len());
        let is_within = |step: &&Move| (first.chars.start..end).contains(&(step.at as usize));
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

/// Adds a character, a mark to its letter.
fn push(out: &mut String, c: char) {
    let whole = out.chars().next_back().and_then(|letter| with_mark(letter, c));
    if whole.is_some() {
        out.pop();
    }
    out.push(whole.unwrap_or(c));
}

/// A mark at the beginning of a cell is one character with the letter that the last cell ends in.
fn join(cells: &mut Vec<Cell>, cell: &mut Cell) {
    let is_one = |letter: &Cell, c: char| {
        letter.out.chars().next_back().is_some_and(|letter| with_mark(letter, c).is_some())
    };
    let first = cell.out.chars().next().filter(|_| cell.damaged);
    let Some(mut letter) = cells.pop_if(|letter| first.is_some_and(|c| is_one(letter, c))) else { return };
    cell.out.chars().for_each(|c| push(&mut letter.out, c));
    letter.damaged = true;
    (letter.moves.end, letter.chars.end) = (cell.moves.end, cell.chars.end);
    *cell = letter;
}

/// Other readings told of one change.
pub(super) const MOST_ALTERNATIVES: usize = 4;

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

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of windows-1258: tones stand behind the letters that it does not have with them.
    fn in_windows_1258(text: &str) -> Vec<u8> {
        let written = Encoding::from_label("windows-1258").unwrap();
        let tones = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
        let letters: Vec<char> = (0x41..=0xff).filter_map(|byte| written.page_char(byte)).collect();
        let apart = |c: char| {
            let pairs = letters.iter().flat_map(|&letter| tones.map(|tone| [letter, tone]));
            let pair = pairs.into_iter().find(|&[letter, tone]| with_mark(letter, tone) == Some(c));
            pair.unwrap_or_else(|| panic!("{c}")).iter().collect::<String>()
        };
        text.chars()
            .flat_map(|c| {
                let whole = written.encode(&c.to_string());
                whole.or_else(|| written.encode(&apart(c))).unwrap()
            })
            .collect()
    }

    #[test]
    fn tones_of_vietnamese_become_one_with_their_letters() {
        let texts = [
            "Chiếc thuyền nhỏ rời bến lúc sáng sớm, người lái đò chờ khách ở bờ sông.",
            "Bọn trẻ chạy dọc theo con đê, và mẹ gọi chúng về ăn cơm.",
            "Chiều nay nước lên cao, không ai qua sông được nữa.",
        ];
        for reader in ["windows-1252", "windows-1250", "cp437", "macintosh", "koi8-r", "windows-1251", "gbk"]
        {
            for text in texts {
                let reader = Reader::of(Encoding::from_label(reader).unwrap());
                let garbled = reader.read(&in_windows_1258(text));
                if garbled.contains('\u{fffd}') {
                    continue;
                }
                let repair = crate::repair(&garbled);
                assert_eq!(repair.text(), text, "{garbled}");
                for change in repair.changes() {
                    let plan = &change.plan;
                    assert!(plan.to_string().contains("decode as windows-1258, compose "), "{plan}");
                    assert_eq!(plan.apply(&change.before).as_ref(), Some(&change.after));
                    assert_eq!(plan.invert(&change.after).as_ref(), Some(&change.before));
                }
            }
        }
    }

    #[test]
    fn readings_of_a_span_share_one_probability() {
        // Names without the bytes that are a soft hyphen.
        let bytes = Encoding::GBK.encode("船员名单：孙苡沫，周铮江，谁舟。").unwrap();
        let garbled: String = bytes.into_iter().filter(|&byte| byte != 0xad).map(char::from).collect();
        let repair = crate::repair(&garbled);
        let [change] = repair.changes() else { panic!("{garbled}") };
        let others: Vec<f64> = change.alternatives.iter().map(|other| other.confidence).collect();
        assert!(!others.is_empty() && others.is_sorted_by(|a, b| a >= b), "{change:?}");
        assert!(others[0] <= change.confidence, "{change:?}");
        assert!(change.confidence + others.iter().sum::<f64>() <= 1.0, "{change:?}");
    }

    /// … and only there: what UTF-8 gives stays as it was written.
    #[test]
    fn marks_that_were_written_stay_apart() {
        let truth = "老渡口A\u{328}的船，每天早上八点开，晚上六点回来。";
        // The second byte of 早 is one that windows-1252 has not.
        let garbled: String = truth
            .bytes()
            .map(|byte| match byte {
                0x97 => '\u{fffd}',
                byte => char::from(byte),
            })
            .collect();
        let repair = crate::repair(&garbled);
        assert!(repair.text().starts_with("老渡口A\u{328}的船，每天"), "{}", repair.text());
        let guesses = |change: &Change| -> Vec<Option<String>> {
            change.guessed.iter().map(|guess| change.after.get(guess.clone()).map(str::to_owned)).collect()
        };
        let guessed: Vec<Option<String>> = repair.changes().iter().flat_map(guesses).collect();
        let [Some(guessed)] = &guessed[..] else { panic!("{guessed:?}") };
        assert_eq!(guessed.chars().count(), 1);
        assert!(repair.text().contains(&format!("每天{guessed}上")));
    }

    /// With a tone any vowel is a letter of Vietnamese, which no word of another language has.
    #[test]
    fn a_sign_behind_a_vowel_is_no_tone_in_another_language() {
        for text in ["pour un redoux, comme on a priВ pour la fin", "Das Boot liegt am Uferì der Spree."] {
            let repair = crate::repair(text);
            assert!(!repair.changes().iter().any(|change| change.plan.to_string().contains("1258")));
        }
    }
}
