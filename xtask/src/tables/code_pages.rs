//! `src/encoding/code_pages.rs`: the single-byte encodings.
//!
//! What the WHATWG standard has, under the name that it has it by, is asked of `encoding_rs`: an unassigned byte from 80
//! to 9F of a Windows page is then the C1 control. All others are from npm `iconv-lite`, which is under the MIT licence.
//!
//! The pages of `iconv-lite` were compared byte by byte with Python's codecs, which are made from the mapping tables of
//! the Unicode Consortium, and where Python has none with glibc. The DOS pages, KZ-1048, PTCP154, VISCII and TCVN agree
//! everywhere; five Mac pages do not, and there Apple's tables at the Consortium decide: see `AMENDED`.
//!
//! The standard itself departs from the Consortium's tables in three bytes besides the controls, and stands: CA of
//! windows-1255 is a point that those leave unassigned; AE and BE of KOI8-U are the Belarusian letter, as in KOI8-RU.
//!
//! CP1006 is left out, because neither source has it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;
use std::str::Chars;

use encoding_rs::Encoding;

use super::{Table, origin};
use crate::packages::{Done, Package};

pub(super) const TABLE: Table = Table { path: "src/encoding/code_pages.rs", sources: &[&ICONV_LITE], make };

pub(super) const ICONV_LITE: Package = Package {
    name: "npm iconv-lite",
    version: "0.7.3",
    archive: "iconv-lite-0.7.3.tgz",
    sha256: "40789b7733e230a0439e07075fe2f37819f4a47ee7115fe17188451fab8e3941",
    licence: "MIT",
    fetch: &["npm", "pack", "--silent", "iconv-lite@0.7.3"],
};

/// The files of the package that have pages: made from GNU libiconv, and added by hand.
pub(super) const PAGE_FILES: [&str; 2] =
    ["package/encodings/sbcs-data-generated.js", "package/encodings/sbcs-data.js"];

/// All pages, in the order of the table: ISO-8859-1 and what the web reads, DOS, Mac, then rare ones.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "iso-8859-1", "windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "windows-1257", "windows-1258", "windows-874",
    "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-9",
    "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
    "koi8-r", "koi8-u", "ibm866", "macintosh", "x-mac-cyrillic",
    "cp437", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860", "cp861", "cp862", "cp863",
    "cp864", "cp865", "cp869", "cp1125",
    "x-mac-ce", "x-mac-greek", "x-mac-turkish", "x-mac-iceland", "x-mac-croatian", "x-mac-romanian",
    "viscii", "tcvn", "kz-1048", "ptcp154", "cp720", "cp856",
];

/// Where Apple's own table, as the Unicode Consortium has it, says something else than `iconv-lite`.
///
/// - BD: the Greek letter, not the ohm sign U+2126 that it is canonically equivalent to.
/// - DB: the euro sign, which took the place of the currency sign in Mac OS 8.5.
/// - F0, or D8 on the Croatian page: Apple's logo, which Apple keeps in the private use area. The WHATWG standard does
///   the same for `macintosh`.
/// - Romanian AF, BF, DE, DF: S and T with comma, which the language has, not with cedilla.
/// - Greek 9C, FF: since Mac OS 9.2.2 the euro sign stands where the soft hyphen was, and the soft hyphen at the end.
///   AF is U+00B7, the canonical equivalent of U+0387.
/// - Turkish F5: unassigned, but Apple gives it a private character of its own, so that it survives a round trip.
const AMENDED: &[(&str, &[(u8, char)])] = &[
    ("x-mac-greek", &[(0x9c, '\u{20ac}'), (0xaf, '\u{b7}'), (0xff, '\u{ad}')]),
    ("x-mac-turkish", &[(0xbd, '\u{3a9}'), (0xf0, '\u{f8ff}'), (0xf5, '\u{f8a0}')]),
    ("x-mac-iceland", &[(0xbd, '\u{3a9}'), (0xdb, '\u{20ac}'), (0xf0, '\u{f8ff}')]),
    ("x-mac-croatian", &[(0xbd, '\u{3a9}'), (0xd8, '\u{f8ff}'), (0xdb, '\u{20ac}')]),
    (
        "x-mac-romanian",
        &[
            (0xaf, '\u{218}'),
            (0xbd, '\u{3a9}'),
            (0xbf, '\u{219}'),
            (0xdb, '\u{20ac}'),
            (0xde, '\u{21a}'),
            (0xdf, '\u{21b}'),
            (0xf0, '\u{f8ff}'),
        ],
    ),
];

/// The characters of a page by byte, and who says so.
struct Page {
    source: &'static str,
    characters: [char; 256],
}

fn make(store: &Path) -> Done<String> {
    let scripts = scripts_of(&ICONV_LITE, store, &PAGE_FILES)?;
    let known = pages_in(&scripts)?;
    let mut text = head();
    for label in LABELS {
        let page = match standard_page(label) {
            Some(page) => page,
            None => package_page(label, &known)?,
        };
        write_page(&mut text, label, &page)?;
    }
    text.push_str("];\n");
    Ok(text)
}

/// The named files of an archive, one after the other.
pub(super) fn scripts_of(package: &Package, store: &Path, files: &[&str]) -> Done<String> {
    let mut scripts = String::new();
    let bytes = package.pinned(store)?;
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
    for entry in archive.entries()? {
        let mut entry = entry?;
        if files.iter().any(|file| entry.path().is_ok_and(|path| path == Path::new(file))) {
            entry.read_to_string(&mut scripts)?;
        }
    }
    Ok(scripts)
}

/// The page as the WHATWG standard has it, if the label is the name of an encoding there. ISO-8859-1 and ISO-8859-9 are
/// only other labels for Windows pages.
fn standard_page(label: &str) -> Option<Page> {
    let encoding = Encoding::for_label(label.as_bytes())?;
    if !encoding.is_single_byte() || !encoding.name().eq_ignore_ascii_case(label) {
        return None;
    }
    let characters = std::array::from_fn(|byte| {
        let bytes = [u8::try_from(byte).unwrap_or_default()];
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    Some(Page { source: "encoding_rs", characters })
}

fn package_page(label: &str, known: &BTreeMap<&str, String>) -> Done<Page> {
    let listed: Vec<char> =
        known.get(&*package_name(label)).ok_or(format!("no page {label}"))?.chars().collect();
    // The package writes the lower half only where it is not ASCII.
    let ascii = (0..256 - listed.len()).filter_map(|byte| u8::try_from(byte).ok().map(char::from));
    let characters: Vec<char> = ascii.chain(listed.iter().copied()).collect();
    let mut characters: [char; 256] =
        characters.try_into().map_err(|_| format!("{label} has neither 128 nor 256 characters"))?;
    let amended = AMENDED.iter().find(|(name, _)| *name == label);
    for (byte, character) in amended.into_iter().flat_map(|(_, list)| *list) {
        characters[usize::from(*byte)] = *character;
    }
    let source = if amended.is_some() { "iconv-lite, amended after Apple's table" } else { "iconv-lite" };
    Ok(Page { source, characters })
}

/// What `iconv-lite` calls the page.
fn package_name(label: &str) -> String {
    match label {
        "x-mac-ce" => "maccenteuro".to_owned(),
        "x-mac-romanian" => "macromania".to_owned(),
        "kz-1048" => "rk1048".to_owned(),
        "ptcp154" => "pt154".to_owned(),
        _ => label.trim_start_matches("x-").replace('-', ""),
    }
}

/// Reads `NAME: {`, then on a line of its own `chars: "…"`. Names may stand in quotes.
pub(super) fn pages_in(scripts: &str) -> Done<BTreeMap<&str, String>> {
    let mut pages = BTreeMap::new();
    let mut name = "";
    for line in scripts.lines() {
        let Some((key, value)) = line.split_once(": ") else { continue };
        let key = key.trim().trim_matches('"');
        if value == "{" {
            name = key;
        } else if key == "chars" {
            let literal = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let characters = literal.and_then(unescaped).ok_or(format!("cannot read the page {name}"))?;
            pages.insert(name, characters);
        }
    }
    Ok(pages)
}

/// The value of a JavaScript string literal without its quotes, if all that is escaped is below U+10000.
pub(super) fn unescaped(literal: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = literal.chars();
    while let Some(character) = rest.next() {
        text.push(if character == '\\' { escaped(&mut rest)? } else { character });
    }
    Some(text)
}

/// The character of an escape, after its backslash.
fn escaped(rest: &mut Chars) -> Option<char> {
    let digits = match rest.next()? {
        'b' => return Some('\u{8}'),
        't' => return Some('\t'),
        'n' => return Some('\n'),
        'v' => return Some('\u{b}'),
        'f' => return Some('\u{c}'),
        'r' => return Some('\r'),
        itself @ ('\\' | '"' | '\'') => return Some(itself),
        'x' => 2,
        'u' => 4,
        _ => return None,
    };
    let number: String = rest.take(digits).collect();
    if number.len() != digits {
        return None;
    }
    char::from_u32(u32::from_str_radix(&number, 16).ok()?)
}

fn head() -> String {
    let mut text = origin("//", TABLE.sources);
    text.push_str("// source: crates.io encoding_rs, licence (Apache-2.0 OR MIT) AND BSD-3-Clause\n\n");
    text.push_str("//! The single-byte encodings. A comment names the source of each page.\n\n");
    text.push_str("pub(super) use super::code_page::CodePage;\n\n");
    text.push_str("/// All pages: the labels are unique.\n");
    text.push_str("#[rustfmt::skip]\n");
    let _ = writeln!(text, "pub(crate) static CODE_PAGES: [CodePage; {}] = [", LABELS.len());
    text
}

fn write_page(text: &mut String, label: &str, page: &Page) -> std::fmt::Result {
    let (low, high) = page.characters.split_at(128);
    writeln!(text, "    // {}", page.source)?;
    writeln!(text, "    CodePage {{\n        label: \"{label}\",\n        high: [")?;
    for (row, characters) in high.chunks(8).enumerate() {
        let literals: Vec<String> = characters.iter().map(|&character| literal(character)).collect();
        writeln!(text, "            {}, // {:02X}", literals.join(", "), 128 + 8 * row)?;
    }
    writeln!(text, "        ],")?;
    let differing: Vec<String> = (0_u8..)
        .zip(low)
        .filter(|(byte, character)| char::from(*byte) != **character)
        .map(|(byte, character)| format!("(0x{byte:02x}, {})", literal(*character)))
        .collect();
    writeln!(text, "        low: &[{}],\n    }},", differing.join(", "))
}

/// A character literal. What is invisible, clings to the quote, or turns the direction of the line is written by number.
pub(super) fn literal(character: char) -> String {
    let right_to_left =
        matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    if right_to_left || character == char::REPLACEMENT_CHARACTER {
        return format!("'{}'", character.escape_unicode());
    }
    format!("'{}'", character.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::{pages_in, standard_page, unescaped};

    #[test]
    fn both_ways_of_writing_a_page_are_read() {
        let scripts = "  \"one\": {\n    \"type\": \"_sbcs\",\n    \"chars\": \"a\\u0301\"\n  },\n  two: {\n    type: \"_sbcs\",\n    chars: \"\\x80\"\n  },\n  \"three\": \"one\",\n";
        let pages = pages_in(scripts).unwrap();
        assert_eq!(pages.len(), 2);
        assert_eq!(pages["one"], "a\u{301}");
        assert_eq!(pages["two"], "\u{80}");
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(unescaped("\\\\\\\"\\n\\x7f\\u1eb2x").as_deref(), Some("\\\"\n\u{7f}\u{1eb2}x"));
        assert_eq!(unescaped("\\q"), None);
        assert_eq!(unescaped("\\u12"), None);
        assert_eq!(unescaped("\\"), None);
    }

    #[test]
    fn only_names_of_the_standard_are_asked_of_it() {
        assert!(standard_page("windows-1252").is_some());
        for label in ["iso-8859-1", "iso-8859-9", "cp437", "utf-8", "gbk"] {
            assert!(standard_page(label).is_none(), "{label}");
        }
    }
}
