//! Which wrong readers are met, and which of them give the characters of a text.

use std::sync::OnceLock;

use crate::encoding::{Encoding, Reader, pages_of};

/// Readers that are met; windows-1252 stands for ISO-8859-1, too.
const SINGLE_BYTE_READERS: &[&str] = &[
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-7",
    "iso-8859-9",
    "iso-8859-15",
    "koi8-r",
    "ibm866",
    "macintosh",
    "cp437",
    "cp850",
    "cp852",
    "cp855",
    "cp857",
    "cp737",
    "cp862",
    "x-mac-cyrillic",
];

const PAIR_READERS: [Encoding; 5] =
    [Encoding::GBK, Encoding::BIG5, Encoding::SHIFT_JIS, Encoding::EUC_KR, Encoding::EUC_JP];

/// The share of the characters beyond ASCII that a reader must give: one in so many may be another's.
const ONE_FOREIGN_IN: usize = 3;

/// The readers of single bytes, with their numbers in the order of [`pages_of`].
fn single_byte_pages() -> &'static [(Encoding, u32)] {
    static READERS: OnceLock<Vec<(Encoding, u32)>> = OnceLock::new();
    READERS.get_or_init(|| {
        let named = |label: &&str| Encoding::from_label(label).and_then(|e| Some((e, e.page()?)));
        SINGLE_BYTE_READERS.iter().filter_map(named).collect()
    })
}

/// Readers that are met: of single bytes, most common first, and of pairs.
pub(super) fn usual_readers() -> impl Iterator<Item = Reader> {
    single_byte_readers().chain(PAIR_READERS.map(Reader::of))
}

/// Readers of single bytes that are met, most common first.
pub(super) fn single_byte_readers() -> impl Iterator<Item = Reader> {
    single_byte_pages().iter().map(|page| Reader::of(page.0))
}

/// The readers that give most of the characters.
pub(super) fn readers(sample: &[char]) -> Vec<Reader> {
    let foreign: Vec<char> = sample.iter().copied().filter(|&c| !c.is_ascii() && c != '\u{fffd}').collect();
    let replaced = sample.iter().filter(|&&c| c == '\u{fffd}').count();
    let wide = foreign.iter().filter(|&&c| c >= '\u{2e80}').count();
    let enough = |count: usize| count * ONE_FOREIGN_IN >= foreign.len() * (ONE_FOREIGN_IN - 1);
    if foreign.is_empty() {
        return Vec::new();
    }
    let mut readers = Vec::new();
    let pages: Vec<u64> = foreign.iter().map(|&c| pages_of(c)).collect();
    for &(encoding, page) in single_byte_pages() {
        let western = encoding == Encoding::WINDOWS_1252;
        let has = |c: char, pages: u64| {
            pages >> page & 1 == 1 || ('\u{80}'..='\u{9f}').contains(&c) || (western && c <= '\u{ff}')
        };
        if enough(foreign.iter().zip(&pages).filter(|&(&c, &pages)| has(c, pages)).count()) {
            readers.push(Reader::of(encoding));
        }
    }
    if wide * 3 > foreign.len() || (wide > 0 && replaced > 0) {
        for encoding in PAIR_READERS {
            if enough(foreign.iter().filter(|&&c| encoding.bytes_of(c).is_some()).count()) {
                readers.push(Reader::of(encoding));
            }
        }
        readers.extend([Encoding::UTF_16LE, Encoding::UTF_16BE].map(Reader::of));
    }
    if foreign.iter().any(|&c| is_fused(c)) && foreign.iter().any(|&c| c < '\u{800}') {
        readers.push(Reader::UTF_8_ELSE_WINDOWS_1252);
    }
    readers
}

/// Whether a reader that tries UTF-8 first made the character from several bytes.
fn is_fused(c: char) -> bool {
    c > '\u{ff}' && c != '\u{fffd}' && crate::encoding::sloppy_byte_of(c).is_none()
}
