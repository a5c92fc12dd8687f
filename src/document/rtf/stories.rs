//! The texts of a document: its body, and those that stand beside it.

use crate::container::Problem;
use crate::document::{Declared, Run, RunText, Runs, Zone, table};

/// Stretches of text of one document; each takes some hundred bytes of memory.
const MOST_RUNS: usize = 1 << 18;

/// All texts. The first one is the body.
#[derive(Debug)]
pub(super) struct Stories {
    stories: Vec<Story>,
    runs: usize,
}

#[derive(Debug)]
struct Story {
    zone: Zone,
    runs: Vec<Run>,
    /// The first half of a pair of UTF-16 code units.
    high_surrogate: Option<u16>,
}

/// Which of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StoryId(usize);

impl StoryId {
    pub(super) const BODY: Self = Self(0);
}

impl Stories {
    pub(super) fn new() -> Self {
        Self { stories: vec![Story::new(Zone::Body)], runs: 0 }
    }

    /// Begins a text; `None` when there are too many.
    pub(super) fn begin(&mut self, zone: Zone) -> Option<StoryId> {
        if self.is_full() {
            return None;
        }
        self.runs += 1;
        self.stories.push(Story::new(zone));
        Some(StoryId(self.stories.len() - 1))
    }

    /// The text turns out to be an endnote, if it is a footnote.
    pub(super) fn make_endnote(&mut self, story: StoryId) {
        let story = &mut self.stories[story.0];
        if story.zone == Zone::Footnote {
            story.zone = Zone::Endnote;
            story.runs.iter_mut().for_each(|run| run.zone = Zone::Endnote);
        }
    }

    /// Whether no more runs are taken.
    pub(super) fn is_full(&self) -> bool {
        self.runs >= MOST_RUNS
    }

    pub(super) fn limit(&self) -> Option<Problem> {
        self.is_full().then_some(Problem::Limit { what: "stretches of text", limit: MOST_RUNS as u64 })
    }

    /// Adds bytes of text that begin at `offset`.
    pub(super) fn bytes(&mut self, story: StoryId, offset: usize, bytes: &[u8], declared: Declared) {
        if !bytes.is_empty() {
            self.write(story, |story| story.bytes(offset, bytes, declared));
        }
    }

    /// Adds a UTF-16 code unit.
    pub(super) fn code_unit(&mut self, story: StoryId, unit: u16) {
        match (self.stories[story.0].high_surrogate, unit) {
            (_, 0xD800..=0xDBFF) => self.write(story, |story| story.high_surrogate = Some(unit)),
            (Some(high), 0xDC00..=0xDFFF) => {
                self.stories[story.0].high_surrogate = None;
                let pair = char::decode_utf16([high, unit]).next().and_then(Result::ok);
                self.character(story, pair.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            _ => {
                let character = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
                self.character(story, character);
            }
        }
    }

    /// Adds a character that the format itself names.
    pub(super) fn character(&mut self, story: StoryId, character: char) {
        self.write(story, |story| story.character(character));
    }

    /// Adds a line end, a TAB or a mark of a table.
    pub(super) fn mark(&mut self, story: StoryId, mark: u8) {
        self.write(story, |story| story.mark(mark));
    }

    /// Changes a text and keeps count of its runs.
    fn write(&mut self, story: StoryId, change: impl FnOnce(&mut Story)) {
        let story = &mut self.stories[story.0];
        let others = self.runs - story.runs.len();
        story.end_pair();
        change(story);
        self.runs = others + story.runs.len();
    }

    /// Adds runs that were read elsewhere.
    pub(super) fn append(&mut self, zone: Zone, runs: Runs) {
        if !runs.is_empty() && !self.is_full() {
            let mut story = Story::new(zone);
            runs.consume(&mut |run| story.runs.push(run.to_run()));
            self.runs += story.runs.len();
            self.stories.push(story);
        }
    }

    /// The runs of all texts: the body, what stands beside it, the properties.
    pub(super) fn into_runs(self) -> Runs {
        let (properties, others): (Vec<_>, Vec<_>) =
            self.stories.into_iter().partition(|story| story.zone == Zone::Property);
        let mut all = Runs::default();
        others.into_iter().chain(properties).for_each(|story| all.append(story.into_runs()));
        all
    }
}

impl Story {
    fn new(zone: Zone) -> Self {
        Self { zone, runs: Vec::new(), high_surrogate: None }
    }

    fn bytes(&mut self, offset: usize, bytes: &[u8], declared: Declared) {
        match self.runs.last_mut() {
            Some(Run { text: RunText::Bytes { bytes: before, declared: said }, .. }) if *said == declared => {
                before.extend_from_slice(bytes);
            }
            _ => {
                let text = RunText::Bytes { bytes: bytes.to_vec(), declared };
                self.runs.push(Run { zone: self.zone, offset: Some(offset as u64), cell: None, text });
            }
        }
    }

    /// Adds an ASCII character that lays out. It goes into the bytes before it, if there are any: that keeps the lines
    /// of a text together.
    fn mark(&mut self, mark: u8) {
        match self.runs.last_mut() {
            Some(Run { text: RunText::Bytes { bytes, .. }, .. }) => bytes.push(mark),
            _ => self.character(char::from(mark)),
        }
    }

    fn character(&mut self, character: char) {
        self.unify_ascii();
        match self.runs.last_mut() {
            Some(Run { text: RunText::Unicode(before), .. }) => before.push(character),
            _ => {
                let text = RunText::Unicode(character.into());
                self.runs.push(Run { zone: self.zone, offset: None, cell: None, text });
            }
        }
    }

    /// Bytes of ASCII alone between characters are characters too: text that is in `\u` all through is one run.
    fn unify_ascii(&mut self) {
        let is_ascii = |run: &mut Run| matches!(&run.text, RunText::Bytes { bytes, .. } if bytes.is_ascii());
        let Some(Run { text: RunText::Bytes { bytes, .. }, offset, zone, .. }) = self.runs.pop_if(is_ascii)
        else {
            return;
        };
        let ascii = String::from_utf8(bytes).unwrap_or_default();
        match self.runs.last_mut() {
            Some(Run { text: RunText::Unicode(before), .. }) => before.push_str(&ascii),
            _ => self.runs.push(Run { zone, offset, cell: None, text: RunText::Unicode(ascii) }),
        }
    }

    /// The first half of a pair whose second half does not come.
    fn end_pair(&mut self) {
        if self.high_surrogate.take().is_some() {
            self.character(char::REPLACEMENT_CHARACTER);
        }
    }

    /// Its runs; the text ends with a line end.
    fn into_runs(mut self) -> Runs {
        self.end_pair();
        let mut runs: Runs = self.runs.into_iter().collect();
        table::lay_out(&mut runs);
        match runs.last_mut().map(|run| &mut run.text) {
            Some(RunText::Unicode(text)) if !text.ends_with('\n') => text.push('\n'),
            Some(RunText::Bytes { bytes, .. }) if !bytes.ends_with(b"\n") => bytes.push(b'\n'),
            _ => {}
        }
        runs
    }
}
