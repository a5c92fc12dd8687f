//! Decodes a plain text block by block, so that a file of any size needs the memory of a few blocks.

use super::cut::cut;
#[cfg(feature = "container")]
use super::documents::{Collected, Opened};
use crate::detect::{self, Candidate};
use crate::encoding::{Decoder, Encoding};
use crate::report::{Diagnostic, DiagnosticKind};

/// Bytes that are collected before the encoding is decided.
const WINDOW_BYTES: usize = 1 << 20;
/// What must follow the first byte that says something, before it is asked what it says.
const DECIDING_BYTES: usize = 64 << 10;

/// Byte sequences that the encoding does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Malformed {
    /// How many.
    pub count: u64,
    /// Where the first one is, in the bytes of the document.
    pub first_offset: u64,
    /// The encoding that does not have them.
    pub encoding: &'static str,
}

impl Malformed {
    /// The finding as a report has it.
    pub fn diagnostic(&self) -> Diagnostic {
        let sequences = if self.count == 1 { "sequence is" } else { "sequences are" };
        let message = format!("{} {sequences} malformed for {}", self.count, self.encoding);
        Diagnostic {
            offset: Some(self.first_offset),
            count: Some(self.count),
            ..Diagnostic::new(DiagnosticKind::Malformed, message)
        }
    }
}

/// Detects and decodes bytes that arrive in pieces, and hands out the text in blocks that end at line ends.
///
/// The encoding is decided by the first mebibyte that holds something to decide by: leading ASCII passes through. Of a
/// document of another format than plain text all bytes are collected first; then its text is handed out.
///
/// ```
/// let mut blocks = fixenc::recover::TextBlocks::new(None);
/// blocks.feed(b"caf\xC3\xA9\n");
/// blocks.finish();
/// assert_eq!(blocks.next_block().as_deref(), Some("café\n"));
/// assert_eq!(blocks.next_block(), None);
/// assert_eq!(blocks.encoding().unwrap().encoding, "utf-8");
/// ```
pub struct TextBlocks {
    raw: Vec<u8>,
    text: String,
    consumed: u64,
    finished: bool,
    state: State,
    malformed: Option<Malformed>,
    had_bom: bool,
    /// Whether it is still open if the bytes are a document of another format than plain text.
    #[cfg(feature = "container")]
    may_be_document: bool,
}

enum State {
    /// Nothing but ASCII so far.
    Undecided(Candidate),
    Decoding {
        candidate: Candidate,
        decoder: Decoder,
    },
    /// Lines in several encodings.
    Mixed {
        candidate: Candidate,
        encodings: Vec<Encoding>,
    },
    Binary,
    /// A document of another format.
    #[cfg(feature = "container")]
    Document(Box<Collected>),
    #[cfg(feature = "container")]
    Opened(Box<Opened>),
}

impl TextBlocks {
    /// For bytes in `encoding`, or in whatever they turn out to be.
    pub fn new(encoding: Option<Encoding>) -> Self {
        let state = match encoding {
            Some(encoding) => decoding(Candidate::declared(encoding)),
            None => State::Undecided(Candidate::ascii()),
        };
        Self {
            raw: Vec::new(),
            text: String::new(),
            consumed: 0,
            finished: false,
            state,
            malformed: None,
            had_bom: false,
            #[cfg(feature = "container")]
            may_be_document: true,
        }
    }

    /// The same, for bytes that are known to be no document of another format than plain text.
    pub(super) fn of_plain_text(encoding: Option<Encoding>) -> Self {
        Self {
            #[cfg(feature = "container")]
            may_be_document: false,
            ..Self::new(encoding)
        }
    }

    /// Takes in the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        if self.raw.len() >= WINDOW_BYTES {
            self.digest(false);
        }
    }

    /// Says that no more bytes come. The rest is then handed out.
    pub fn finish(&mut self) {
        if !self.finished {
            self.finished = true;
            self.digest(true);
        }
    }

    /// The next block of decoded text, if a whole one is there.
    pub fn next_block(&mut self) -> Option<String> {
        if self.finished {
            return (!self.text.is_empty()).then(|| std::mem::take(&mut self.text));
        }
        let at = cut(&self.text)?;
        let rest = self.text.split_off(at);
        Some(std::mem::replace(&mut self.text, rest))
    }

    /// The encoding, as far as it is known: ASCII until something else comes, `None` for binary data.
    pub fn encoding(&self) -> Option<&Candidate> {
        match &self.state {
            State::Undecided(candidate)
            | State::Decoding { candidate, .. }
            | State::Mixed { candidate, .. } => Some(candidate),
            #[cfg(feature = "container")]
            State::Opened(opened) => opened.encoding.as_ref(),
            #[cfg(feature = "container")]
            State::Document(_) => None,
            State::Binary => None,
        }
    }

    /// Whether the bytes turned out to be no text; then no more blocks come.
    pub fn is_binary(&self) -> bool {
        match &self.state {
            State::Binary => true,
            #[cfg(feature = "container")]
            State::Opened(opened) => opened.format.is_none(),
            _ => false,
        }
    }

    /// Whether the bytes began with a byte order mark, which is not part of the text.
    pub fn had_bom(&self) -> bool {
        self.had_bom
    }

    /// What the encoding does not have; each such sequence became one U+FFFD.
    pub fn malformed(&self) -> Option<Malformed> {
        self.malformed
    }

    /// The format, where it is a document of another format than plain text: then the text is what is in it, not what
    /// it is.
    pub fn format(&self) -> Option<&'static str> {
        match &self.state {
            #[cfg(feature = "container")]
            State::Document(collected) => Some(collected.format.label()),
            #[cfg(feature = "container")]
            State::Opened(opened) => opened.format.map(crate::document::Format::label),
            _ => None,
        }
    }

    /// What could not be read as it should, of a document of another format than plain text; also why nothing of it
    /// could.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match &self.state {
            #[cfg(feature = "container")]
            State::Opened(opened) => &opened.diagnostics,
            _ => &[],
        }
    }

    /// Takes the bytes to a document, if they are one. True if there is nothing else to do with them.
    #[cfg(feature = "container")]
    fn collect(&mut self, last: bool) -> bool {
        if std::mem::take(&mut self.may_be_document)
            && let Some(format) = crate::document::sniff(&self.raw)
        {
            let told = match &self.state {
                State::Decoding { candidate, .. } => Some(candidate.decode_as),
                _ => None,
            };
            self.state = State::Document(Box::new(Collected::new(format, told)));
        }
        let State::Document(collected) = &mut self.state else { return false };
        collected.append(&mut self.raw);
        if last && let State::Document(collected) = std::mem::replace(&mut self.state, State::Binary) {
            let mut opened = collected.open();
            self.text = std::mem::take(&mut opened.text);
            self.malformed = opened.malformed;
            self.state = State::Opened(Box::new(opened));
        }
        true
    }

    fn digest(&mut self, last: bool) {
        #[cfg(feature = "container")]
        if self.collect(last) {
            return;
        }
        if matches!(self.state, State::Undecided(_)) && !self.raw.is_empty() {
            if !last && self.pass_ascii() {
                return;
            }
            self.decide();
        }
        let mut raw = std::mem::take(&mut self.raw);
        let mut unfinished = Vec::new();
        if matches!(self.state, State::Mixed { .. }) && !last {
            // Lines are judged whole; one without an end is cut somewhere rather than kept for ever.
            let end = memchr::memrchr(b'\n', &raw).map_or(raw.len(), |at| at + 1);
            unfinished = raw.split_off(end);
        }
        match &mut self.state {
            // Neither ASCII nor nothing needs a decoder.
            State::Undecided(_) => self.text.push_str(&String::from_utf8_lossy(&raw)),
            #[cfg(feature = "container")]
            State::Document(_) | State::Opened(_) => {}
            State::Binary => {}
            State::Mixed { encodings, .. } => {
                for segment in detect::segments(&raw, encodings) {
                    let start = self.consumed + segment.span.start as u64;
                    let mut report = |offset: usize| {
                        let first_offset = start + offset as u64;
                        let encoding = segment.encoding.label();
                        self.malformed.get_or_insert(Malformed { count: 0, first_offset, encoding }).count +=
                            1;
                    };
                    let bytes = &raw[segment.span.clone()];
                    segment.encoding.decoder().decode(bytes, true, &mut self.text, &mut report);
                }
            }
            State::Decoding { candidate, decoder } => {
                let name = candidate.encoding;
                let mut rest = &raw[..];
                if self.consumed == 0
                    && let Some(length) = candidate.decode_as.mark_length(rest)
                {
                    self.had_bom = true;
                    rest = &rest[length..];
                }
                let start = self.consumed + (raw.len() - rest.len()) as u64;
                let mut report = |offset: usize| {
                    let first_offset = start + offset as u64;
                    let first = Malformed { count: 0, first_offset, encoding: name };
                    self.malformed.get_or_insert(first).count += 1;
                };
                decoder.decode(rest, last, &mut self.text, &mut report);
            }
        }
        self.consumed += raw.len() as u64;
        // The buffer is kept for the next window.
        self.raw = raw;
        self.raw.clear();
        self.raw.append(&mut unfinished);
    }

    /// Passes leading ASCII through. True if what is left is too little to decide by: half a character at the end of a
    /// window looks like the half of anything.
    fn pass_ascii(&mut self) -> bool {
        let says = |b: &u8| !b.is_ascii() || matches!(b, 0 | 0x1B);
        let plain = match detect::says_nothing(&self.raw) {
            true => self.raw.len(),
            false => self.raw.iter().position(says).unwrap_or(self.raw.len()),
        };
        if self.raw.len() - plain >= DECIDING_BYTES {
            return false;
        }
        self.text.extend(self.raw.drain(..plain).map(char::from));
        self.consumed += plain as u64;
        true
    }

    fn decide(&mut self) {
        if self.consumed > 0 && detect::says_nothing(&self.raw) {
            return;
        }
        let detection = detect::detect(&self.raw);
        self.state = match detection.best() {
            Some(best) if !detection.mixed().is_empty() => State::Mixed {
                candidate: Candidate { encoding: "mixed", ..best.clone() },
                encodings: detection.mixed().to_vec(),
            },
            None => State::Binary,
            Some(best) if best.encoding == "ascii" && !self.finished => State::Undecided(Candidate::ascii()),
            Some(best) => decoding(best.clone()),
        };
    }
}

fn decoding(candidate: Candidate) -> State {
    let decoder = candidate.decode_as.decoder();
    State::Decoding { candidate, decoder }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode_in_pieces(bytes: &[u8], size: usize) -> (String, &'static str) {
        let mut blocks = TextBlocks::new(None);
        let mut text = String::new();
        for piece in bytes.chunks(size) {
            blocks.feed(piece);
            text.extend(std::iter::from_fn(|| blocks.next_block()));
        }
        blocks.finish();
        text.extend(std::iter::from_fn(|| blocks.next_block()));
        (text, blocks.encoding().map_or("none", |c| c.encoding))
    }

    #[test]
    fn a_character_on_the_edge_of_a_window_does_not_mislead() {
        let legacy = "国家事业单位登记管理局制，统一社会信用代码。\n";
        let (tail, _, _) = encoding_rs::GB18030.encode(legacy);
        for ahead in WINDOW_BYTES - 3..WINDOW_BYTES + 1 {
            let mut bytes = vec![b'a'; ahead];
            bytes.extend_from_slice(&tail);
            for size in [1 << 16, WINDOW_BYTES, bytes.len()] {
                let (text, encoding) = decode_in_pieces(&bytes, size);
                assert_eq!((&text[ahead..], encoding), (legacy, "gb18030"), "{ahead} {size}");
            }
        }
    }

    #[test]
    fn lines_in_several_encodings_are_decoded_each_in_its_own() {
        let line = "Сегодня мы идём в библиотеку, а завтра поедем на дачу.\n";
        let windows = Encoding::from_label("windows-1251").unwrap();
        let mut bytes = Vec::new();
        for _ in 0..4 {
            bytes.extend_from_slice(line.as_bytes());
            bytes.extend(windows.encode(line).unwrap());
        }
        for size in [1, 1000, bytes.len()] {
            let (text, encoding) = decode_in_pieces(&bytes, size);
            assert_eq!((text.as_str(), encoding), (line.repeat(8).as_str(), "mixed"));
        }
    }

    #[test]
    fn malformed_sequences_are_counted_and_placed() {
        let mut blocks = TextBlocks::new(Some(Encoding::UTF_8));
        let mut bytes = vec![b'a'; WINDOW_BYTES];
        bytes.extend_from_slice(b"\xC3\xA9\xFFb\xE4\xB8");
        blocks.feed(&bytes);
        blocks.finish();
        let text = blocks.next_block().unwrap();
        assert!(text.ends_with("aé\u{FFFD}b\u{FFFD}"));
        let malformed = blocks.malformed().unwrap();
        assert_eq!((malformed.count, malformed.first_offset), (2, WINDOW_BYTES as u64 + 2));
    }
}
