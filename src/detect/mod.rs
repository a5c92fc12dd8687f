//! Bytes to encodings, ranked and with evidence.
//!
//! Structure decides where it can: a byte order mark, valid UTF-8, the shape of UTF-16, escape sequences. Only what is
//! left over is a question of statistics: the bytes are decoded by each plausible encoding, and the language model says
//! which of the texts is the least surprising.

mod names;
mod statistical;
mod structural;

use encoding_rs::Encoding;

pub use names::reported_name;

/// Bytes that a [`Detector`] keeps for its decision. One block of text says enough; more would only cost memory.
const KEPT_BYTES: usize = 1 << 20;

/// Ranked encodings for some bytes, best first; empty for input that is no text.
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    candidates: Vec<Candidate>,
}

/// One encoding that the bytes may be in.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What to decode with: the superset where the encoding is only known by a narrower name.
    pub decode_as: &'static Encoding,
    /// What to call it (WHATWG name in lower case, or `ascii`).
    pub encoding: &'static str,
    /// Probability that decoding with `decode_as` gives the text that was written.
    pub confidence: f64,
    /// What the answer rests on.
    pub evidence: Evidence,
    /// BCP 47 tag of the text's language, where the model knows it.
    pub language: Option<&'static str>,
}

/// What an answer rests on. Only a statistical one is a matter of degree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Evidence {
    /// The bytes, the document or the caller say so: a byte order mark, a label.
    Declared,
    /// The bytes have the form of this encoding, and other data rarely has it by chance.
    Structural,
    /// The text decoded this way is the least surprising.
    Statistical {
        /// Surprise of the decoded sample, with what its encoding costs.
        bits: f64,
    },
}

impl Evidence {
    /// The word for it in reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Structural => "structural",
            Self::Statistical { .. } => "statistical",
        }
    }
}

impl Detection {
    /// The best candidate, if the bytes are text at all.
    pub fn best(&self) -> Option<&Candidate> {
        self.candidates.first()
    }

    /// All candidates, best first.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    fn none() -> Self {
        Self { candidates: Vec::new() }
    }
}

impl Candidate {
    /// A candidate that the caller names himself.
    pub fn declared(encoding: &'static Encoding) -> Self {
        Self::sure(encoding, Evidence::Declared)
    }

    fn sure(encoding: &'static Encoding, evidence: Evidence) -> Self {
        Self {
            decode_as: encoding,
            encoding: reported_name(encoding),
            confidence: 1.0,
            evidence,
            language: None,
        }
    }
}

/// Ranks the encodings that `bytes` may be in. Never fails.
pub fn detect(bytes: &[u8]) -> Detection {
    match structural::judge(bytes) {
        structural::Judgement::Text(mut candidate) => {
            candidate.language = statistical::language(bytes, candidate.decode_as);
            Detection { candidates: vec![candidate] }
        }
        structural::Judgement::NoText => Detection::none(),
        structural::Judgement::Open => Detection { candidates: statistical::rank(bytes) },
    }
}

/// [`detect`] for bytes that arrive in pieces. How they are cut makes no difference.
///
/// Memory is bounded: leading ASCII is dropped, since it says nothing about the encoding, and after the first mebibyte
/// that says something the rest is not looked at.
#[derive(Debug, Clone, Default)]
pub struct Detector {
    kept: Vec<u8>,
    dropped: bool,
}

impl Detector {
    /// A detector that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the next bytes.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = KEPT_BYTES - self.kept.len();
            if room == 0 {
                if !says_nothing(&self.kept) {
                    return;
                }
                self.kept.clear();
                self.dropped = true;
                continue;
            }
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.kept.extend_from_slice(now);
            bytes = later;
        }
    }

    /// Ranks the encodings that the bytes may be in.
    pub fn finish(self) -> Detection {
        if self.kept.is_empty() && self.dropped {
            return detect(b"ascii");
        }
        detect(&self.kept)
    }
}

/// Whether the bytes read the same in nearly every encoding: ASCII without the escapes and zeros of stateful and wide ones.
pub(crate) fn says_nothing(bytes: &[u8]) -> bool {
    bytes.is_ascii() && memchr::memchr2(0x1B, 0, bytes).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(bytes: &[u8]) -> &'static str {
        detect(bytes).best().map_or("none", |c| c.encoding)
    }

    #[test]
    fn structure_decides_where_it_can() {
        assert_eq!(best(b""), "ascii");
        assert_eq!(best(b"plain text\n"), "ascii");
        assert_eq!(best("一社会".as_bytes()), "utf-8");
        assert_eq!(best(&"一社会".as_bytes()[..8]), "utf-8", "a cut last character is no objection");
        assert_eq!(best(b"\xEF\xBB\xBFx"), "utf-8");
        assert_eq!(best(b"\xFF\xFEx\0"), "utf-16le");
        assert_eq!(best(b"h\0e\0l\0l\0o\0\n\0"), "utf-16le");
        assert_eq!(best(b"\0h\0e\0l\0l\0o\0\n"), "utf-16be");
        assert_eq!(best(b"\x1b$B$3$s$K$A$O\x1b(B\n"), "iso-2022-jp");
        assert_eq!(best(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01"), "none");
    }

    #[test]
    fn cut_does_not_matter() {
        let (bytes, _, _) = encoding_rs::GB18030.encode("统一社会信用代码，事业单位法人年度报告书。\n");
        let whole = detect(&bytes);
        for size in 1..bytes.len() {
            let mut detector = Detector::new();
            bytes.chunks(size).for_each(|chunk| detector.feed(chunk));
            assert_eq!(detector.finish(), whole);
        }
    }

    #[test]
    fn statistics_find_the_common_ones() {
        let (gbk, _, _) =
            encoding_rs::GBK.encode("统一社会信用代码，事业单位法人年度报告书。国家事业单位登记管理局制。");
        assert_eq!(best(&gbk), "gb18030");
        let (russian, _, _) =
            encoding_rs::WINDOWS_1251.encode("Съешь же ещё этих мягких французских булок, да выпей чаю.");
        assert_eq!(best(&russian), "windows-1251");
    }
}
