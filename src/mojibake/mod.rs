//! Text to repaired text: `&str` in, [`Repair`] out.

mod again;
mod beam;
mod cipher;
mod compose;
mod encoded_word;
mod engine;
mod escape;
mod evidence;
mod foreign;
mod glance;
mod habits;
mod judge;
mod languages;
mod lattice;
mod layers;
mod leftover;
mod lines;
mod losses;
mod marks;
mod narrow;
mod own_words;
mod pad;
mod path;
mod place;
mod plan;
mod rank;
mod readers;
mod reading;
mod replaced;
mod respell;
mod respelled;
mod running;
mod scan;
mod search;
mod segment;
mod seven_bit;
mod spelling;
mod straight;
mod suspect;
mod task;
mod twins;
mod undecidable;
mod weights;
mod wide;
mod words;

use std::borrow::Cow;
use std::ops::Range;

pub use cipher::{Cipher, Ciphered, ciphered};
pub use escape::Spelling;
pub use plan::{Bytes, Edit, EditKind, Encoding, Loss, LossKind, Plan, Reader, Step};

/// Repairs `text` with the default options. Borrows when nothing changes.
pub fn repair(text: &str) -> Repair<'_> {
    Repairer::new().repair(text)
}

/// Options for a repair; cheap to build, immutable while it works, shareable between threads.
#[derive(Debug, Clone)]
pub struct Repairer {
    lossless_only: bool,
    min_confidence: f64,
    assume_garbled: bool,
    language: Option<String>,
    encodings: Vec<Encoding>,
    lines: lines::Lines,
}

impl Default for Repairer {
    fn default() -> Self {
        Self {
            lossless_only: false,
            min_confidence: 0.0,
            assume_garbled: false,
            language: None,
            encodings: Vec::new(),
            lines: lines::Lines::default(),
        }
    }
}

impl Repairer {
    /// The default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Repair only where no byte was lost and no byte is guessed.
    pub fn lossless_only(mut self, yes: bool) -> Self {
        self.lossless_only = yes;
        self
    }

    /// Leave alone what is less sure than `probability` (0 to 1); such spans are listed as undecided.
    pub fn min_confidence(mut self, probability: f64) -> Self {
        self.min_confidence = probability;
        self
    }

    /// The caller knows that the text is damaged: where no repair is sure, take the best one even if the text could stand
    /// as it is, but not if that is likelier by far.
    pub fn assume_garbled(mut self, yes: bool) -> Self {
        self.assume_garbled = yes;
        self
    }

    /// The language of the true text (BCP 47), where the caller knows it.
    pub fn language(mut self, tag: Option<&str>) -> Self {
        self.language = tag.map(str::to_owned);
        self
    }

    /// Encodings that the text is suspected to have been written in or read as; none: any.
    pub fn encodings(mut self, encodings: &[Encoding]) -> Self {
        self.encodings = encodings.to_vec();
        self
    }

    /// Touch only lines that hold one of these strings, as the lines stand before the repair; none: all lines. Other
    /// lines are not even looked at. A line ends with U+000A.
    ///
    /// ```
    /// let repairer = fixenc::Repairer::new().only_lines_with(&["name:"]);
    /// assert_eq!(repairer.repair("name: CafÃ©\nraw: CafÃ©").text(), "name: Café\nraw: CafÃ©");
    /// ```
    pub fn only_lines_with<S: AsRef<str>>(mut self, marks: &[S]) -> Self {
        self.lines.only = marks.iter().map(|mark| mark.as_ref().to_owned()).collect();
        self
    }

    /// Never touch lines that hold one of these strings, as the lines stand before the repair.
    pub fn skip_lines_with<S: AsRef<str>>(mut self, marks: &[S]) -> Self {
        self.lines.skip = marks.iter().map(|mark| mark.as_ref().to_owned()).collect();
        self
    }

    /// Repairs `text`. Borrows when nothing changes.
    pub fn repair<'t>(&self, text: &'t str) -> Repair<'t> {
        engine::repair(self, text)
    }
}

/// What became of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair<'t> {
    text: Cow<'t, str>,
    changes: Vec<Change>,
    undecided: Vec<Undecided>,
}

/// The three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing looks damaged.
    Clean,
    /// At least one span was repaired.
    Repaired,
    /// Damage was found and none of it could be repaired surely enough.
    Undecidable,
}

impl<'t> Repair<'t> {
    /// The text after the repair.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text after the repair; borrowed from the input when nothing changed.
    pub fn into_text(self) -> Cow<'t, str> {
        self.text
    }

    /// The changed spans, in the order of the input, never overlapping.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The spans that look damaged and were left alone, in the order of the input.
    pub fn undecided(&self) -> &[Undecided] {
        &self.undecided
    }

    /// Clean, repaired, or damaged but undecidable.
    pub fn verdict(&self) -> Verdict {
        match (self.changes.is_empty(), self.undecided.is_empty()) {
            (false, _) => Verdict::Repaired,
            (true, false) => Verdict::Undecidable,
            (true, true) => Verdict::Clean,
        }
    }
}

/// One repaired span.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Bytes of the input text.
    pub span: Range<usize>,
    /// The span as it stood.
    pub before: String,
    /// The span repaired.
    pub after: String,
    /// How to get from `before` to `after`, and back.
    pub plan: Plan,
    /// Bytes of `after` whose characters hold a restored (guessed) byte.
    pub guessed: Vec<Range<usize>>,
    /// Probability that `after` is what was written.
    pub confidence: f64,
    /// What else it may have been, most probable first.
    pub alternatives: Vec<Alternative>,
    /// The evidence, in bits.
    pub score: Score,
}

/// Another reading of a span.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The whole span under this reading.
    pub after: String,
    /// Its probability.
    pub confidence: f64,
}

/// Why a change was made: bits of surprise, lower is more probable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The span as it stands, under the model of clean text.
    pub as_it_stands: f64,
    /// The repaired span, under the model of its language.
    pub repaired: f64,
    /// The price of the channel: how rare such damage is, plus each lost byte.
    pub channel: f64,
}

/// A span that looks damaged and was left alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Undecided {
    /// Bytes of the input text.
    pub span: Range<usize>,
    /// Why nothing was done.
    pub reason: Reason,
    /// What it may have been, where there is a guess.
    pub guesses: Vec<Alternative>,
}

impl Undecided {
    /// The same, counted from another place.
    fn moved(&self, from: usize, to: usize) -> Self {
        let Self { span, reason, guesses } = self.clone();
        Self { span: span.start - from + to..span.end - from + to, reason, guesses }
    }
}

/// Why a damaged span was left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A reading exists but is less sure than asked for, or another alphabet explains a short text as well.
    NotSureEnough,
    /// The only readings restore lost bytes, and the caller wants none of these.
    Lossy,
    /// Characters were replaced by U+FFFD: their bytes are gone.
    ReplacementCharacters,
    /// U+FFFD that was written as UTF-8 and read as something else: 锟斤拷 in GBK, 占쏙옙 in EUC-KR, `ï¿½` in
    /// windows-1252. The original bytes are gone.
    ReplacedThenRead(Reader),
    /// 烫烫烫, 屯屯屯: unused memory (bytes CC, CD, DD) read as text; there never was one.
    UninitialisedMemory,
    /// Words of question marks: the text was written in an encoding that lacks its letters. The letters are gone.
    QuestionMarks,
    /// The whole text is written in a cipher, which is no damage; looked for only where the caller says that the text
    /// is garbled ([`Repairer::assume_garbled`]), and named only where it is sure. The guess is what it says.
    Cipher(Cipher),
    /// Control characters of the C1 range in text that no known channel explains.
    ControlCharacters,
}

impl Change {
    /// Whether nothing was lost: the plan holds no guess, and garbling `after` again gives `before`.
    pub fn is_lossless(&self) -> bool {
        self.plan.losses().is_empty()
    }
}

/// `truth`, written in one encoding and read as another.
#[cfg(test)]
fn garbled(truth: &str, written: &str, reader: &str) -> String {
    use crate::encoding::{Encoding, Reader};
    let encoding = |label| Encoding::from_label(label).unwrap();
    Reader::of(encoding(reader)).read(&encoding(written).encode(truth).unwrap())
}

/// That `truth`, written in one encoding and read as another, comes back and is left alone then.
#[cfg(test)]
#[track_caller]
fn assert_comes_back(truth: &str, written: &str, reader: &str) {
    let garbled = garbled(truth, written, reader);
    assert_ne!(garbled, truth);
    let repaired = repair(&garbled);
    assert_eq!(repaired.text(), truth, "{garbled}");
    assert_eq!(repair(repaired.text()).text(), truth);
}
