//! Bytes to encodings, ranked and with evidence.
//!
//! Structure decides where it can: a byte order mark, valid UTF-8, the shape of UTF-16, escape sequences. Only what is
//! left over is a question of statistics: the bytes are decoded by each plausible encoding, and the language model says
//! which of the texts is the least surprising.

mod candidates;
mod declared;
mod dense;
mod gather;
mod glyph;
mod rank;
mod segments;
mod structural;
mod tongue;

use crate::encoding::Encoding;
pub use declared::{Declaration, DeclarationKind};
use gather::{BLOCK, Gather};
use rank::{Asked, Reading};
pub use segments::{Segment, segments};
use structural::Judgement;

/// Ranked encodings for some bytes, best first; empty for input that is no text.
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    candidates: Vec<Candidate>,
    declarations: Vec<Declaration>,
    mixed: Vec<Encoding>,
}

/// One encoding that the bytes may be in.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What to decode with.
    pub decode_as: Encoding,
    /// What to call it: the label of `decode_as`, or `ascii`.
    pub encoding: &'static str,
    /// Encodings that give the same text for these bytes.
    pub same: Vec<Encoding>,
    /// Probability that decoding with `decode_as` gives the text that was written.
    pub confidence: f64,
    /// What the answer rests on.
    pub evidence: Evidence,
    /// BCP 47 tag of the text's language, where the model knows it.
    pub language: Option<&'static str>,
    /// Sequences that the encoding does not have, as far as they were counted.
    pub malformed: u64,
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

    /// The encodings of a file that has some lines in one and some in another; empty if one explains all. [`segments`]
    /// tells which lines are in which.
    pub fn mixed(&self) -> &[Encoding] {
        &self.mixed
    }

    /// What the document and the caller say of the encoding, whether it is so or not.
    pub fn declarations(&self) -> &[Declaration] {
        &self.declarations
    }

    /// Whether a declaration is borne out: the best candidate gives the text that the declared encoding gives.
    pub fn agrees_with(&self, declaration: &Declaration) -> bool {
        let declared = declaration.encoding;
        self.best().is_some_and(|best| {
            Some(best.decode_as) == declared
                || best.same.iter().any(|&same| Some(same) == declared)
                || best.encoding == "ascii" && declared.is_some_and(Encoding::has_ascii)
        })
    }
}

impl Candidate {
    /// A candidate that the caller names himself.
    pub fn declared(encoding: Encoding) -> Self {
        Self::sure(encoding, Evidence::Declared)
    }

    /// ASCII, which says nothing.
    pub(crate) fn ascii() -> Self {
        Self { encoding: "ascii", ..Self::sure(Encoding::UTF_8, Evidence::Structural) }
    }

    fn sure(encoding: Encoding, evidence: Evidence) -> Self {
        Self {
            decode_as: encoding,
            encoding: encoding.label(),
            same: Vec::new(),
            confidence: 1.0,
            evidence,
            language: None,
            malformed: 0,
        }
    }
}

/// Ranks the encodings that `bytes` may be in. Never fails.
pub fn detect(bytes: &[u8]) -> Detection {
    let mut gather = Gather::default();
    bytes.chunks(BLOCK).for_each(|block| gather.add(block));
    decide(&mut gather, &[])
}

fn decide(gather: &mut Gather, told: &[Declaration]) -> Detection {
    let mut declarations = declared::find(&gather.head);
    declarations.extend_from_slice(told);
    let judgement = structural::judge(gather);
    if let Judgement::Marked(encoding) = judgement {
        declarations.insert(0, Declaration::new(DeclarationKind::Mark, encoding.label()));
    }
    let (mut candidates, mut mixed) = (Vec::new(), Vec::new());
    match judgement {
        Judgement::NoText => {}
        Judgement::Ascii => candidates.push(with_language(Candidate::ascii(), gather)),
        Judgement::Marked(encoding) => {
            candidates.push(with_language(Candidate::sure(encoding, Evidence::Declared), gather));
        }
        Judgement::Text(encoding) => {
            let mut candidate = Candidate::sure(encoding, Evidence::Structural);
            if encoding == Encoding::UTF_8 && !gather.utf8.is_clean() {
                candidate.malformed = gather.utf8.failures;
                gather.settle();
                mixed = segments::mixture(gather, &[], &declarations);
            }
            candidates.push(with_language(candidate, gather));
        }
        Judgement::Open | Judgement::OpenWide => {
            gather.settle();
            if gather.is_ascii || judgement == Judgement::OpenWide {
                gather.count_head();
            }
            let asked = Asked { wide: judgement == Judgement::OpenWide, thorough: false };
            let readings = rank::rank(gather, asked, &declarations);
            mixed = segments::mixture(gather, &readings, &declarations);
            candidates = to_candidates(readings);
        }
    }
    Detection { candidates, declarations, mixed }
}

/// Bytes by which the language is told when the encoding is known.
const LANGUAGE_BYTES: usize = 1 << 10;

fn with_language(mut candidate: Candidate, gather: &Gather) -> Candidate {
    let head = &gather.head[..gather.head.len().min(LANGUAGE_BYTES)];
    let (mut decoder, mut text) = (candidate.decode_as.decoder(), String::new());
    let mut pieces = head.chunks(tongue::LANGUAGE_CHARS).peekable();
    while let Some(piece) = pieces.next() {
        decoder.decode(piece, pieces.peek().is_none(), &mut text, &mut |_| {});
        if text.chars().count() >= tongue::LANGUAGE_CHARS {
            break;
        }
    }
    candidate.language = tongue::of_text(&text);
    candidate
}

/// The model's characters are not independent of each other, so its bits overstate what they prove. This is the share
/// that counts.
const INDEPENDENCE: f64 = 0.42;
/// Candidates below this probability are not listed.
const LEAST_CONFIDENCE: f64 = 0.001;

fn to_candidates(readings: Vec<Reading>) -> Vec<Candidate> {
    let Some(least) = readings.first().map(|r| r.bits) else { return Vec::new() };
    let weight = |r: &Reading| (INDEPENDENCE * (least - r.bits)).exp2();
    let sum: f64 = readings.iter().map(weight).sum();
    let candidate = |r: &Reading| Candidate {
        decode_as: r.encoding,
        encoding: r.encoding.label(),
        same: r.same.clone(),
        confidence: weight(r) / sum,
        evidence: Evidence::Statistical { bits: r.bits },
        language: Some(r.language),
        malformed: r.malformed as u64,
    };
    let all = readings.iter().map(candidate);
    all.enumerate().filter(|(at, c)| *at == 0 || c.confidence >= LEAST_CONFIDENCE).map(|(_, c)| c).collect()
}

/// [`detect`] for bytes that arrive in pieces. How they are cut makes no difference.
///
/// Memory is bounded: the bytes are counted, and only the first that say something are kept.
#[derive(Debug, Clone, Default)]
pub struct Detector {
    gather: Gather,
    /// A block that is not full yet.
    block: Vec<u8>,
    told: Vec<Declaration>,
}

impl Detector {
    /// A detector that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what the caller was told of the encoding, by a protocol's header or a file's attribute. It is weighed,
    /// not believed.
    pub fn declare(&mut self, name: &str) {
        self.told.push(Declaration::new(DeclarationKind::Caller, name));
    }

    /// Takes in what a document of some format says of the encoding of these bytes.
    #[cfg(feature = "container")]
    pub(crate) fn tell(&mut self, kind: DeclarationKind, encoding: Encoding) {
        self.told.push(Declaration { encoding: Some(encoding), ..Declaration::new(kind, encoding.label()) });
    }

    /// Takes in the next bytes.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at((BLOCK - self.block.len()).min(bytes.len()));
            if self.block.is_empty() && now.len() == BLOCK {
                self.gather.add(now);
            } else {
                self.block.extend_from_slice(now);
            }
            if self.block.len() == BLOCK {
                self.gather.add(&self.block);
                self.block.clear();
            }
            bytes = later;
        }
    }

    /// Ranks the encodings that the bytes may be in.
    pub fn finish(mut self) -> Detection {
        if !self.block.is_empty() {
            self.gather.add(&self.block);
        }
        decide(&mut self.gather, &self.told)
    }
}

/// Whether the bytes read the same in nearly every encoding: ASCII without the escapes and zeros of stateful and wide
/// ones.
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
        assert_eq!(
            best("ab漢\u{1f600}".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>().as_slice()),
            "utf-16le"
        );
        assert_eq!(best(b"\xff\xfe\0\0x\0\0\0"), "utf-32le");
        assert_eq!(best(b"x\0\0\0y\0\0\0"), "utf-32le");
        assert_eq!(best(b"~{VPND~} text\n"), "hz-gb-2312");
        assert_eq!(best(b"\x1b$)C\n\x0eGQ1[\x0f\n"), "iso-2022-kr");
        assert_eq!(best(b"Hi Mom +Jjo-!\n"), "utf-7");
        assert_eq!(best(b"1+1=2, C++ and a+b\n"), "ascii");
        assert_eq!(best(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01"), "none");
    }

    #[test]
    fn a_form_decides_however_much_follows() {
        let text =
            "Heute Nachmittag gehen wir in die Bücherei, und morgen essen wir zu Hause.\n".repeat(2000);
        for label in ["utf-16le", "utf-16be", "utf-32le", "utf-32be"] {
            let bytes = Encoding::from_label(label).unwrap().encode(&text).unwrap();
            let cut = &bytes[..bytes.len() - 1];
            let found = detect(cut);
            assert_eq!(found.best().map(|c| (c.encoding, c.language)), Some((label, Some("de"))));
            let mut detector = Detector::new();
            cut.chunks(1001).for_each(|piece| detector.feed(piece));
            assert_eq!(detector.finish(), found);
        }
    }

    #[test]
    fn japanese_is_told_where_it_begins_with_ideographs_alone() {
        let text = "東京都庁第一本庁舎: 今日の午後は図書館へ行きます。晩ご飯はうちで食べます。";
        assert_eq!(detect(text.as_bytes()).best().unwrap().language, Some("ja"));
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
    fn a_declaration_is_weighed_and_overruled() {
        let detection = detect("<?xml version='1.0' encoding='koi8-r'?><a>統一社会</a>".as_bytes());
        assert_eq!(detection.best().unwrap().encoding, "utf-8");
        assert_eq!(detection.declarations().len(), 1);
        assert!(!detection.agrees_with(&detection.declarations()[0]));
        let latin = b"<meta charset='iso-8859-15'>caf\xE9\n";
        let detection = detect(latin);
        assert_eq!(
            detection.best().unwrap().encoding,
            "iso-8859-15",
            "of those that say the same the declared one"
        );
        let mut detector = Detector::new();
        detector.declare("windows-1252");
        detector.feed(b"caf\xE9\n");
        assert_eq!(detector.finish().best().unwrap().encoding, "windows-1252");
    }

    #[test]
    fn a_stray_byte_does_not_mislead() {
        let mut bytes = "Übergrößenträger in Österreich und überall\n".repeat(3).into_bytes();
        bytes.insert(20, 0xff);
        let detection = detect(&bytes);
        let best = detection.best().unwrap();
        assert_eq!((best.encoding, best.malformed), ("utf-8", 1));
        assert!(detection.mixed().is_empty());
    }

    #[test]
    fn evidence_after_much_ascii_is_found() {
        let mut bytes = b"plain text, line after line\n".repeat(15_000);
        bytes.extend_from_slice(b"d\xE9j\xE0 vu, \xE9t\xE9, \xE0 c\xF4t\xE9\n");
        assert_eq!(best(&bytes), "windows-1252");
    }

    #[test]
    fn a_superset_is_named_where_it_says_the_same_and_asked_where_it_says_more() {
        let common = "駅前の店で夕食を買って帰りました。明日は雨になるそうです。\n";
        let rare = "駅前の店で𠮟られた話を聞いて、𩸽と鯖を買って帰りました。俱楽部の集まりは明日です。\n";
        for (base, superset) in
            [(Encoding::SHIFT_JIS, Encoding::SHIFT_JIS_2004), (Encoding::EUC_JP, Encoding::EUC_JIS_2004)]
        {
            let detection = detect(&superset.encode(common).unwrap());
            let best = detection.best().unwrap();
            assert_eq!((best.decode_as, &best.same[..]), (base, &[superset][..]));
            let bytes = superset.encode(rare).unwrap();
            assert_eq!(detect(&bytes).best().unwrap().decode_as, superset);
        }
    }

    #[test]
    fn ascii_is_not_what_else_its_bytes_would_say() {
        for text in [
            "ferry+tickets@example.org\n",
            "Date: Mon, 9 Mar 2026 08:25:00 +0100\n",
            "norm = base+foo\n",
            "a (+value) and /[a-z]+ing/\n",
            "Ctrl+Backspace deletes a word\n",
            "if ($line =~{oars}) {\n",
            "ls ~{a,b}/x\n",
            "C@",
            "&y%@@\n",
            "ROPE@KNOTS.EXAMPLE\n",
            "\toid=0000000000000000000000000000000000000000 &&\n",
            "      \"1000000000000000000000000000000000000000\"\n",
            "    0xF00D\n",
        ] {
            assert_eq!(best(text.as_bytes()), "ascii", "{text}");
        }
        let with_controls =
            b"The rope\x08\x08\x08\x08\x08\x08 was cut \x07\x07\x07\x07\x07\x07\x07at noon... [Bell]";
        assert_eq!(best(with_controls), "none");
    }

    /// A zero is what the kana have for their upper half.
    #[test]
    fn utf_8_with_many_zeros_is_no_utf_16() {
        for text in ["0\tわ", "兆\t1000000000000", "id=\"10000000000000\" 00 билион", "200306\t310200\t县\n"]
        {
            assert_eq!(best(text.as_bytes()), "utf-8", "{text}");
        }
    }

    #[test]
    fn shifts_are_found_wherever_the_text_is_cut() {
        for (encoding, text) in [
            (Encoding::UTF_7, "L’été, le bac n’était amarré qu’à la nuit tombée.\n"),
            (Encoding::UTF_7, "渡し船は、日が暮れるまで岸に着かなかった。 船頭は、灯りをつけた。\n"),
            (Encoding::HZ, "渡船天黑以前没有靠岸，船工点上了灯。\n"),
        ] {
            let bytes = encoding.encode(text).unwrap();
            assert!(bytes.is_ascii());
            for end in 64..bytes.len() {
                assert_eq!(best(&bytes[..end]), encoding.label(), "{text}, {end} bytes");
            }
        }
    }

    #[test]
    fn escapes_name_their_sets() {
        assert_eq!(best(b"\x1b$(Q.!$+\x1b(B kara\n"), "iso-2022-jp");
        let chinese = Encoding::ISO_2022_CN.encode("統一發票 text 乂\n").unwrap();
        assert!(chinese.is_ascii());
        assert_eq!(best(&chinese), "iso-2022-cn");
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
