//! `src/encoding/other_pages.rs`: single-byte encodings that text is stored in, but that no program reads others' bytes
//! by: EBCDIC, and a few rare ones.
//!
//! The EBCDIC pages are from npm `codepage`, which is under Apache-2.0 and made from the tables of the Unicode
//! Consortium and of Microsoft. They were compared byte by byte with Python's codecs and PyPI `ebcdic`: all agree, but
//! for what `AMENDED` says, and for 15, which those give the line feed in some pages and IBM's tables the next-line
//! control. The others are from npm `iconv-lite`, as in `code_pages.rs`.

use std::fmt::Write as _;
use std::path::Path;

use super::code_pages::{ICONV_LITE, PAGE_FILES, literal, pages_in, scripts_of, unescaped};
use super::{Table, origin};
use crate::packages::{Done, Package};

pub(super) const TABLE: Table =
    Table { path: "src/encoding/other_pages.rs", sources: &[&CODEPAGE, &ICONV_LITE], make };

const CODEPAGE: Package = Package {
    name: "npm codepage",
    version: "1.15.0",
    archive: "codepage-1.15.0.tgz",
    sha256: "619fa745a7548bdc77d39e9b6a282ae53960b396664e97a25c262c1d405365a9",
    licence: "Apache-2.0",
    fetch: &["npm", "pack", "--silent", "codepage@1.15.0"],
};

/// Label, and the number by which `codepage` has it; 20 stands before the number of a page that is Microsoft's.
const EBCDIC: &[(&str, u32)] = &[
    ("cp037", 37),
    ("cp273", 20273),
    ("cp277", 20277),
    ("cp278", 20278),
    ("cp280", 20280),
    ("cp284", 20284),
    ("cp285", 20285),
    ("cp297", 20297),
    ("cp424", 20424),
    ("cp500", 500),
    ("cp870", 870),
    ("cp871", 20871),
    ("cp875", 875),
    ("cp1025", 21025),
    ("cp1026", 1026),
    ("cp1047", 1047),
    ("cp1140", 1140),
];

/// Label, and the name by which `iconv-lite` has it.
const RARE: &[(&str, &str)] = &[("koi8-t", "koi8t"), ("hp-roman8", "hproman8"), ("mik", "mik")];

/// Bytes 00 and 01 of Microsoft's pages are controls, which `codepage` has wrong.
const FIRST_OF_MICROSOFT: u32 = 20000;

/// Where Python's codec and IBM's own table say something else.
const AMENDED: &[(&str, u8, char)] =
    &[("cp273", 0xbc, '\u{203e}'), ("cp424", 0xb3, '\u{b7}'), ("cp424", 0xbc, '\u{af}')];

fn make(store: &Path) -> Done<String> {
    let ebcdic = scripts_of(&CODEPAGE, store, &["package/dist/sbcs.full.js"])?;
    let rare = scripts_of(&ICONV_LITE, store, &PAGE_FILES)?;
    let rare = pages_in(&rare)?;
    let mut pages = Vec::new();
    for &(label, number) in EBCDIC {
        let mut characters = numbered(&ebcdic, number).ok_or(format!("no page {number}"))?;
        if number >= FIRST_OF_MICROSOFT {
            characters[0] = '\0';
            characters[1] = '\u{1}';
        }
        for &(_, byte, character) in AMENDED.iter().filter(|(amended, ..)| *amended == label) {
            characters[usize::from(byte)] = character;
        }
        pages.push((label, characters));
    }
    for &(label, name) in RARE {
        let listed: Vec<char> = rare.get(name).ok_or(format!("no page {name}"))?.chars().collect();
        let ascii = (0..256 - listed.len()).filter_map(|byte| u8::try_from(byte).ok().map(char::from));
        pages.push((label, ascii.chain(listed.iter().copied()).collect()));
    }
    text_of(&pages)
}

/// The characters in the line `cptable[NUMBER] = (function(){ var d = "…"`.
fn numbered(script: &str, number: u32) -> Option<Vec<char>> {
    let line = script.split(&format!("cptable[{number}] = ")).nth(1)?;
    let literal = line.split("var d = \"").nth(1)?;
    let mut escaped = false;
    let end = literal.find(|c| {
        let is_end = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        is_end
    })?;
    Some(unescaped(&literal[..end])?.chars().collect())
}

fn text_of(pages: &[(&str, Vec<char>)]) -> Done<String> {
    let mut text = origin("//", TABLE.sources);
    text.push_str("\n//! Single-byte encodings that text is stored in: EBCDIC and a few rare ones.\n\n");
    text.push_str("/// All pages, with the characters of all bytes; U+FFFD where none is assigned.\n");
    text.push_str("#[rustfmt::skip]\n");
    writeln!(text, "pub(super) static OTHER_PAGES: [(&str, &str); {}] = [", pages.len())?;
    for (label, characters) in pages {
        if characters.len() != 256 {
            return Err(format!("{label} has {} characters", characters.len()).into());
        }
        writeln!(text, "    (\"{label}\", concat!(")?;
        for characters in characters.chunks(64) {
            let literals: String = characters.iter().map(|&character| inner(character)).collect();
            writeln!(text, "        \"{literals}\",")?;
        }
        writeln!(text, "    )),")?;
    }
    text.push_str("];\n");
    Ok(text)
}

/// A character as it stands in a string literal.
fn inner(character: char) -> String {
    match character {
        '\'' => character.to_string(),
        '"' => "\\\"".to_owned(),
        _ => literal(character).trim_matches('\'').to_owned(),
    }
}
