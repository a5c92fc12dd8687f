//! The runs of a document to one text: which encoding its bytes are in, for all bytes of which it says the same.
//!
//! What a document says of the encoding of some bytes is often wrong, but wrong in the same way all through the
//! document. So runs of which the same is said are detected together: a heading of four characters is read like the
//! body around it.

use std::collections::BTreeMap;

use super::Malformed;
use crate::detect::{self, Candidate, DeclarationKind, Detection, Detector};
use crate::document::{Declared, Declarer, RunView, Runs, TextView};
use crate::encoding::Encoding;
use crate::report::{Cell, RunSpan};

/// Below this probability an answer does not overrule what the specification of the format says.
const SURE: f64 = 0.99;

/// Bytes that are enough to say that they are no text: a damaged document points at anything.
const BINARY_BYTES: usize = 512;

/// Groups of runs that are looked at together: each detector has tables of its own, and a document may name any number
/// of encodings.
const DETECTORS: usize = 8;

/// Whether it is told where in the text which run stands: each cell of a workbook is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Places {
    Kept,
    Dropped,
}

/// All runs of a document as one text.
pub(super) struct Joined {
    pub(super) text: String,
    /// Where in the text what stands, if that is kept.
    pub(super) runs: Vec<RunSpan>,
    places: Places,
    /// The encoding of most of its bytes.
    pub(super) encoding: Candidate,
    pub(super) malformed: Option<Malformed>,
    /// Bytes where text should be that are none, and are left out.
    pub(super) binary_bytes: usize,
}

/// Decodes the runs: by `told` if the caller knows it, otherwise by what each group of runs turns out to be in.
pub(super) fn join(runs: Runs, told: Option<Encoding>, places: Places) -> Joined {
    let answers = answers(
        &|take| {
            runs.each(&mut |run| {
                if let TextView::Bytes { bytes, declared } = run.text {
                    take(bytes, declared);
                }
            });
        },
        told,
    );
    let mut joined = Joined {
        text: String::new(),
        runs: Vec::new(),
        places,
        encoding: main_encoding(&answers),
        malformed: None,
        binary_bytes: 0,
    };
    runs.consume(&mut |run| match run.text {
        TextView::Unicode(text) => joined.add(run, None, text),
        TextView::Bytes { bytes, declared } => match &answers[&group_of(declared)].encodings[..] {
            [] => joined.binary_bytes += bytes.len(),
            [encoding] => joined.decode(run, *encoding, bytes),
            several => {
                for segment in detect::segments(bytes, several) {
                    let offset = run.offset.map(|offset| offset + segment.span.start as u64);
                    joined.decode(RunView { offset, ..run }, segment.encoding, &bytes[segment.span]);
                }
            }
        },
    });
    joined
}

/// Decodes texts that each stand alone: all of which the same is said by the same encoding, or each by the best of
/// several.
pub(super) fn each(texts: &[(&[u8], Declared)]) -> Vec<String> {
    let answers = answers(&|take| texts.iter().for_each(|&(bytes, declared)| take(bytes, declared)), None);
    let decoded = |&(bytes, declared): &(&[u8], Declared)| {
        let mut text = String::new();
        let answer = &answers[&group_of(declared)];
        // A name is a name, whatever it looks like.
        let as_said = [answer.candidate.decode_as];
        let encodings = if answer.encodings.is_empty() { &as_said[..] } else { &answer.encodings };
        for segment in detect::segments(bytes, encodings) {
            segment.encoding.decoder().decode(&bytes[segment.span], true, &mut text, &mut |_| {});
        }
        text
    };
    texts.iter().map(decoded).collect()
}

impl Joined {
    fn decode(&mut self, run: RunView<'_>, encoding: Encoding, bytes: &[u8]) {
        let mut text = String::new();
        encoding.decoder().decode(bytes, true, &mut text, &mut |at| {
            let first_offset = run.offset.unwrap_or_default() + at as u64;
            let first = Malformed { count: 0, first_offset, encoding: encoding.label() };
            self.malformed.get_or_insert(first).count += 1;
        });
        self.add(run, Some(encoding.label()), &text);
    }

    fn add(&mut self, run: RunView<'_>, encoding: Option<&'static str>, text: &str) {
        // Cells can be empty, and a sequence of bytes may only switch to another set.
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        if self.places == Places::Dropped {
            return;
        }
        let (end, zone, offset) = (self.text.len(), run.zone.label(), run.offset);
        let cell = run.cell.map(|place| Cell { sheet: place.sheet, row: place.row, column: place.column });
        let is_mark = offset.is_none() && encoding.is_none() && cell.is_none();
        match self.runs.last_mut() {
            // A cell is its text alone.
            Some(last) if last.cell.is_some() && is_mark && text.trim_matches(['\t', '\n']).is_empty() => {}
            // Marks between cells belong to what is before them, and a run that goes on is one.
            Some(last)
                if last.zone == zone
                    && last.cell == cell
                    && (last.cell.is_none() || last.end == start)
                    && (last.encoding == encoding || is_mark) =>
            {
                last.end = end;
            }
            _ => self.runs.push(RunSpan { zone, start, end, encoding, offset, cell }),
        }
    }
}

/// What the bytes of one declaration turned out to be in.
struct Answer {
    /// One, or several that change from line to line; none if the bytes are no text.
    encodings: Vec<Encoding>,
    candidate: Candidate,
    /// Bytes above 7F, by which it was told.
    high_bytes: usize,
}

/// What is said of the runs that are judged together, and whether a specification says it: it is trusted more than a
/// document that says the same.
type Group = (Option<Encoding>, bool);

fn group_of(declared: Declared) -> Group {
    (declared.encoding, declared.by == Declarer::Specification)
}

/// Shows all bytes and what is said of them, again for each who asks.
type Shown<'t> = &'t dyn Fn(&mut dyn FnMut(&[u8], Declared));

/// What is known of a group before its encoding.
#[derive(Default)]
struct Counted {
    by: Option<Declarer>,
    bytes: usize,
    high_bytes: usize,
}

fn answers(show: Shown<'_>, told: Option<Encoding>) -> BTreeMap<Group, Answer> {
    let mut groups: BTreeMap<Group, Counted> = BTreeMap::new();
    show(&mut |bytes, declared| {
        let counted = groups.entry(group_of(declared)).or_default();
        counted.by = counted.by.max(Some(declared.by));
        counted.bytes += bytes.len() + 1;
        counted.high_bytes += bytes.iter().filter(|b| !b.is_ascii()).count();
    });
    let mut detectors: BTreeMap<Group, Detector> = BTreeMap::new();
    let mut answers = BTreeMap::new();
    let all: Vec<_> = groups.into_iter().collect();
    for some in all.chunks(DETECTORS) {
        for (group, counted) in some.iter().filter(|(_, counted)| told.is_none() && counted.high_bytes > 0) {
            detectors.insert(*group, detector(counted.declared(*group)));
        }
        if !detectors.is_empty() {
            show(&mut |bytes, declared| {
                if let Some(detector) = detectors.get_mut(&group_of(declared)) {
                    detector.feed(bytes);
                    detector.feed(b"\n");
                }
            });
        }
        for (group, counted) in some {
            let detection = detectors.remove(group).map(Detector::finish);
            let (encodings, candidate) = match told {
                Some(told) => one(Candidate::declared(told)),
                None => answer(detection.as_ref(), counted.bytes, counted.declared(*group)),
            };
            answers.insert(*group, Answer { encodings, candidate, high_bytes: counted.high_bytes });
        }
    }
    answers
}

impl Counted {
    fn declared(&self, (encoding, _): Group) -> Declared {
        Declared { encoding, by: self.by.unwrap_or(Declarer::Nobody) }
    }
}

fn detector(declared: Declared) -> Detector {
    let mut detector = Detector::new();
    if let (Some(encoding), Some(kind)) = (declared.encoding, kind(declared.by)) {
        detector.tell(kind, encoding);
    }
    detector
}

fn one(candidate: Candidate) -> (Vec<Encoding>, Candidate) {
    (vec![candidate.decode_as], candidate)
}

/// The encodings of an [`Answer`] and what it is called; there is no detection where all bytes are ASCII.
fn answer(detection: Option<&Detection>, bytes: usize, declared: Declared) -> (Vec<Encoding>, Candidate) {
    let as_said = Candidate::declared(declared.encoding.unwrap_or(Encoding::WINDOWS_1252));
    let Some(detection) = detection else { return one(as_said) };
    let found = detection.candidates().iter().find(|candidate| candidate.decode_as.has_ascii());
    match found {
        None if detection.best().is_none() && bytes >= BINARY_BYTES => (Vec::new(), as_said),
        None => one(as_said),
        Some(best) if declared.by == Declarer::Specification && best.confidence < SURE => one(as_said),
        Some(best) if !detection.mixed().is_empty() && declared.by != Declarer::Specification => {
            (detection.mixed().to_vec(), Candidate { encoding: "mixed", ..best.clone() })
        }
        Some(best) => one(best.clone()),
    }
}

fn kind(by: Declarer) -> Option<DeclarationKind> {
    match by {
        Declarer::Nobody => None,
        Declarer::Document => Some(DeclarationKind::Document),
        Declarer::Font => Some(DeclarationKind::Font),
        Declarer::Specification => Some(DeclarationKind::Specification),
    }
}

/// What to call the encoding of the whole: that of most bytes that need one.
fn main_encoding(answers: &BTreeMap<Group, Answer>) -> Candidate {
    let most = answers.values().max_by_key(|answer| answer.high_bytes);
    match most {
        Some(answer) if answer.high_bytes > 0 => answer.candidate.clone(),
        _ => Candidate { encoding: "unicode", ..Candidate::declared(Encoding::UTF_8) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{CellPlace, Run, RunText, Zone};

    fn bytes(encoding: &str, text: &str, declared: Declared) -> Run {
        let bytes = Encoding::for_name(encoding).unwrap().encode(text).unwrap();
        Run { zone: Zone::Body, offset: Some(0), cell: None, text: RunText::Bytes { bytes, declared } }
    }

    fn said(by: Declarer, name: &str) -> Declared {
        Declared::new(by, Encoding::for_name(name))
    }

    fn joined(runs: Vec<Run>) -> Joined {
        join(runs.into_iter().collect(), None, Places::Kept)
    }

    const CHINESE: &str = "国家事业单位登记管理局制，统一社会信用代码。";

    #[test]
    fn a_lie_is_overruled_for_all_that_it_is_said_of() {
        for by in [Declarer::Document, Declarer::Font, Declarer::Specification] {
            let lie = said(by, "windows-1252");
            let joined = joined(vec![bytes("gbk", CHINESE, lie), bytes("gbk", "心", lie)]);
            assert_eq!(joined.text, format!("{CHINESE}心"));
            assert_eq!(joined.encoding.encoding, "gb18030");
        }
    }

    #[test]
    fn what_the_specification_says_stands_where_the_bytes_allow_it() {
        let text = "The user\u{2019}s guide \u{2013} caf\u{e9}, na\u{ef}ve, r\u{e9}sum\u{e9}.";
        let joined = joined(vec![bytes("windows-1252", text, said(Declarer::Specification, "windows-1252"))]);
        assert_eq!(joined.text, text);
    }

    #[test]
    fn binary_data_in_the_place_of_text_is_left_out_and_counted() {
        let mut state = 7_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let garbage: Vec<u8> = (0..4000).map(|_| noise()).collect();
        let garbage = RunText::Bytes { bytes: garbage, declared: said(Declarer::Font, "windows-1251") };
        let garbage = Run { zone: Zone::Body, offset: None, cell: None, text: garbage };
        let text = bytes("gbk", CHINESE, said(Declarer::Document, "gbk"));
        let joined = joined(vec![garbage, text]);
        assert_eq!((joined.text.as_str(), joined.binary_bytes), (CHINESE, 4000));
    }

    #[test]
    fn a_run_without_text_is_none() {
        let cell = |column, text: &str| Run {
            zone: Zone::Body,
            offset: None,
            cell: Some(CellPlace { sheet: 1, row: 1, column }),
            text: RunText::Unicode(text.to_owned()),
        };
        let joined = joined(vec![cell(1, "oak"), cell(2, ""), cell(3, "elm")]);
        let runs: Vec<_> =
            joined.runs.iter().map(|run| (&joined.text[run.start..run.end], run.cell)).collect();
        let at = |column| Some(Cell { sheet: 1, row: 1, column });
        assert_eq!(runs, [("oak", at(1)), ("elm", at(3))]);
    }

    #[test]
    fn a_character_across_two_runs_is_one() {
        let declared = said(Declarer::Font, "gbk");
        let Run { text: RunText::Bytes { bytes, .. }, zone, .. } = bytes("gbk", CHINESE, declared) else {
            unreachable!()
        };
        let piece = |bytes: &[u8]| Run {
            zone,
            offset: None,
            cell: None,
            text: RunText::Bytes { bytes: bytes.to_vec(), declared },
        };
        assert_eq!(joined(vec![piece(&bytes[..7]), piece(&bytes[7..])]).text, CHINESE);
    }
}
