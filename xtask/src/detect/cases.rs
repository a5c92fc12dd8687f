//! The cases: labelled files, whole and cut, with a stray byte; development text transcoded into each encoding.

use std::fs;
use std::path::Path;

use fixenc::encoding::Encoding;

use crate::Result;

/// Bytes with the text that they stand for.
pub(super) struct Case {
    pub(super) set: String,
    pub(super) label: String,
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) truth: String,
    pub(super) is_east_asian: bool,
}

/// What a label is read as: files of a narrower name often hold the wider encoding.
const WIDER: &[(&str, &str)] = &[
    ("ascii", "windows-1252"),
    ("iso-8859-1", "windows-1252"),
    ("iso-8859-9", "windows-1254"),
    ("tis-620", "windows-874"),
    ("iso-8859-11", "windows-874"),
];

/// Lengths to which files are cut, from their first byte above 7F.
const CUTS: [usize; 4] = [16, 32, 64, 256];

/// Reads `labels.tsv` (path, label, language, kind) and the files.
pub(super) fn labelled(shared: &Path, data: &Path, cases: &mut Vec<Case>) -> Result {
    let labels = match fs::read_to_string(shared.join("eval/detect/labels.tsv")) {
        Ok(labels) => labels,
        Err(error) => {
            println!("labelled files: SKIPPED, no labels ({error})");
            return Ok(());
        }
    };
    for line in labels.lines().skip(1) {
        let mut fields = line.split('\t');
        let (Some(path), Some(label)) = (fields.next(), fields.next()) else { continue };
        let Ok(bytes) = fs::read(data.join(path)) else { continue };
        let wider = WIDER.iter().find(|(narrow, _)| *narrow == label).map_or(label, |(_, wide)| wide);
        let encoding = match label {
            "utf-16" | "utf-32" => by_mark(label, &bytes),
            _ => Encoding::from_label(wider).or_else(|| Encoding::for_name(wider)),
        };
        let Some(encoding) = encoding else {
            println!("{path}: no encoding {label}");
            continue;
        };
        let is_unicode = label.starts_with("utf-16") || label.starts_with("utf-32");
        push(cases, "files", label, path, bytes.clone(), encoding);
        if let Some(first) = bytes.iter().position(|b| !b.is_ascii()).filter(|_| !is_unicode) {
            for cut in CUTS {
                let piece = bytes[first..bytes.len().min(first + cut)].to_vec();
                push(cases, &format!("first {cut:3} bytes"), label, path, piece, encoding);
            }
        }
        if encoding == Encoding::UTF_8 || is_east_asian(encoding) {
            let at = (hash(path) % (bytes.len() as u64 + 1)) as usize;
            let mut stray = bytes.clone();
            stray.insert(at, 0x80 | (hash(label) ^ hash(path) >> 9) as u8);
            let set = if encoding == Encoding::UTF_8 { "stray byte, UTF-8" } else { "stray byte, CJK" };
            push(cases, set, label, path, stray, encoding);
        }
    }
    Ok(())
}

fn by_mark(label: &str, bytes: &[u8]) -> Option<Encoding> {
    let little = bytes.starts_with(b"\xff\xfe");
    Encoding::from_label(&format!("{label}{}", if little { "le" } else { "be" }))
}

fn push(cases: &mut Vec<Case>, set: &str, label: &str, name: &str, bytes: Vec<u8>, encoding: Encoding) {
    let truth = encoding.decode_lossy(&bytes).0.trim_start_matches('\u{feff}').to_owned();
    cases.push(Case {
        set: set.to_owned(),
        label: label.to_owned(),
        name: name.to_owned(),
        bytes,
        truth,
        is_east_asian: is_east_asian(encoding),
    });
}

/// Whether it is an encoding of East Asia whose characters are several bytes above 7F.
pub(super) fn is_east_asian(encoding: Encoding) -> bool {
    let chinese = [Encoding::GBK, Encoding::GB18030, Encoding::BIG5, Encoding::EUC_TW];
    let japanese = [Encoding::SHIFT_JIS, Encoding::SHIFT_JIS_2004, Encoding::EUC_JP, Encoding::EUC_JIS_2004];
    let korean = [Encoding::EUC_KR, Encoding::JOHAB];
    chinese.contains(&encoding) || japanese.contains(&encoding) || korean.contains(&encoding)
}

/// FNV-1a: the same byte goes astray in every run.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// Languages and the encodings that their texts were written in.
const LANGUAGES: &[(&str, &str)] = &[
    ("ru", "windows-1251 koi8-r ibm866 iso-8859-5 x-mac-cyrillic cp855 cp1025"),
    ("uk", "windows-1251 koi8-u cp1125 x-mac-cyrillic iso-8859-5"),
    ("bg", "windows-1251 iso-8859-5 cp855 ibm866 x-mac-cyrillic mik"),
    ("sr", "windows-1251 iso-8859-5 cp855"),
    ("el", "windows-1253 iso-8859-7 cp737 cp869 x-mac-greek cp875"),
    ("he", "windows-1255 iso-8859-8 cp862 cp856 cp424"),
    ("ar", "windows-1256 iso-8859-6 cp720 cp864"),
    ("fa", "windows-1256"),
    ("th", "windows-874"),
    ("tr", "windows-1254 cp857 x-mac-turkish iso-8859-3 cp1026"),
    ("vi", "windows-1258 viscii tcvn"),
    ("pl", "windows-1250 iso-8859-2 cp852 x-mac-ce iso-8859-16 iso-8859-13 cp870"),
    ("cs", "windows-1250 iso-8859-2 cp852 x-mac-ce"),
    ("sk", "windows-1250 iso-8859-2 cp852 x-mac-ce"),
    ("hu", "windows-1250 iso-8859-2 cp852 x-mac-ce iso-8859-16"),
    ("hr", "windows-1250 iso-8859-2 cp852 x-mac-croatian iso-8859-16"),
    ("sl", "windows-1250 iso-8859-2 cp852 x-mac-ce"),
    ("sr-Latn", "windows-1250 iso-8859-2"),
    ("ro", "windows-1250 iso-8859-2 cp852 iso-8859-16 x-mac-romanian"),
    ("lt", "windows-1257 iso-8859-13 iso-8859-4 cp775"),
    ("lv", "windows-1257 iso-8859-13 iso-8859-4 cp775"),
    ("et", "windows-1257 iso-8859-13 iso-8859-4 cp775 windows-1252 iso-8859-15"),
    ("de", "windows-1252 iso-8859-15 macintosh cp437 cp850 cp858 cp037 cp273 cp500 cp1140"),
    ("fr", "windows-1252 iso-8859-15 macintosh cp437 cp850 cp858 cp863 cp037 cp297 cp500"),
    ("es", "windows-1252 iso-8859-15 macintosh cp437 cp850 cp037 cp284 cp500"),
    ("pt", "windows-1252 iso-8859-15 macintosh cp850 cp860 cp037 cp500"),
    ("it", "windows-1252 iso-8859-15 macintosh cp437 cp850 cp037 cp280"),
    ("nl", "windows-1252 iso-8859-15 macintosh cp437 cp850 cp037"),
    ("sv", "windows-1252 iso-8859-15 macintosh cp437 cp850 iso-8859-10 cp278"),
    ("da", "windows-1252 iso-8859-15 macintosh cp850 cp865 iso-8859-10 cp277"),
    ("no", "windows-1252 iso-8859-15 macintosh cp850 cp865 iso-8859-10 cp277"),
    ("fi", "windows-1252 iso-8859-15 macintosh cp437 cp850 iso-8859-10 cp278"),
    ("is", "windows-1252 x-mac-iceland cp861 cp850 iso-8859-10 cp871"),
    ("ca", "windows-1252 iso-8859-15 macintosh cp850"),
    ("en", "windows-1252 macintosh cp437 cp850 cp037 cp1047"),
    ("zh-Hans", "gb18030 hz-gb-2312 iso-2022-cn"),
    ("zh-Hant", "big5 gb18030 euc-tw"),
    ("zh-HK", "big5"),
    ("ja", "shift_jis euc-jp iso-2022-jp"),
    ("ko", "euc-kr johab iso-2022-kr"),
];

/// Texts of a language and encoding, and about how many characters each has.
const TEXTS: usize = 12;
const TEXT_CHARS: usize = 700;
/// Characters of a text in UTF-16 and UTF-7, long and short.
const UNICODE_CHARS: [usize; 2] = [300, 40];

/// Transcodes the development text.
pub(super) fn transcoded(shared: &Path, cases: &mut Vec<Case>) -> Result {
    for (language, labels) in LANGUAGES {
        let Ok(text) = fs::read_to_string(shared.join("corpora/dev").join(format!("{language}.txt"))) else {
            println!("transcoded {language}: SKIPPED, no development text");
            continue;
        };
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        for label in labels.split(' ') {
            let Some(encoding) = Encoding::from_label(label) else {
                return Err(format!("no {label}").into());
            };
            for (number, text) in texts(&lines, encoding, TEXT_CHARS).into_iter().enumerate() {
                let Some(bytes) = encode(encoding, &text) else { continue };
                if number % PIECES_OF == 0 {
                    pieces(cases, label, &format!("{language} {number}"), &bytes, encoding);
                }
                push(cases, "transcoded", label, &format!("{language} {number}"), bytes, encoding);
            }
        }
        for label in ["utf-16le", "utf-16be", "utf-32le", "utf-32be", "utf-7"] {
            let Some(encoding) = Encoding::from_label(label) else { continue };
            for chars in UNICODE_CHARS {
                for (number, text) in texts(&lines, encoding, chars).into_iter().enumerate() {
                    // Of a short text only what has no ASCII in it, where there is such.
                    let text = if chars == UNICODE_CHARS[1] { without_ascii(&text) } else { text };
                    let Some(bytes) = encoding.encode(&text).filter(|_| !text.is_empty()) else { continue };
                    let set = format!("no mark, {chars:3} chars");
                    push(cases, &set, label, &format!("{language} {number}"), bytes, encoding);
                }
            }
        }
    }
    Ok(())
}

/// Of every third text its first bytes: of one half from its beginning, of the other from a byte above 7F within a
/// word.
fn pieces(cases: &mut Vec<Case>, label: &str, name: &str, bytes: &[u8], encoding: Encoding) {
    let first = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    for cut in CUTS {
        let start = if hash(name).is_multiple_of(2) { first } else { first.saturating_sub(cut / 2) };
        let piece = &bytes[start..bytes.len().min(start + cut)];
        if !piece.is_ascii() {
            push(cases, &format!("piece  {cut:3} bytes"), label, name, piece.to_vec(), encoding);
        }
    }
}

/// Texts of which there is one that pieces are made of.
const PIECES_OF: usize = 3;

fn without_ascii(text: &str) -> String {
    if text.chars().filter(|c| !c.is_ascii()).count() * 2 < text.chars().count() {
        return text.to_owned();
    }
    text.chars().filter(|c| !c.is_ascii()).take(UNICODE_CHARS[1]).collect()
}

fn encode(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    if encoding.label() == "windows-1258" {
        return encoding.encode(&apart(text));
    }
    encoding.encode(text)
}

/// Letters and tones apart, as windows-1258 has them.
fn apart(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let page = Encoding::from_label("windows-1258");
    let mut parts = String::new();
    for c in text.chars() {
        if page.is_some_and(|page| page.encode(c.encode_utf8(&mut [0; 4])).is_some()) {
            parts.push(c);
            continue;
        }
        // The letter keeps its own mark where the page has it so; the tone stands behind.
        let all: Vec<char> = std::iter::once(c).nfd().collect();
        let tone =
            all.iter().position(|c| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}'));
        let tone = tone.map(|at| all[at]);
        let rest = all.iter().copied().filter(|c| Some(*c) != tone);
        parts.extend(rest.nfc());
        parts.extend(tone);
    }
    parts
}

/// Stretches of whole lines that the encoding can write and that say something, spread over the text.
fn texts(lines: &[&str], encoding: Encoding, chars: usize) -> Vec<String> {
    let step = (lines.len() / TEXTS).max(1);
    let mut texts = Vec::new();
    for start in (0..lines.len()).step_by(step).take(TEXTS) {
        let mut text = String::new();
        for line in lines[start..].iter().take(400) {
            if encode(encoding, line).is_none() {
                continue;
            }
            text.push_str(line);
            text.push('\n');
            if text.chars().count() >= chars {
                break;
            }
        }
        let text: String = text.chars().take(chars).collect();
        if !text.is_ascii() {
            texts.push(text);
        }
    }
    texts
}
