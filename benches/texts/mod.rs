//! The texts that the benches run on: documents of the corpus and their variants, repeated.

#![allow(dead_code, reason = "each of the including benches uses some of the texts")]

use std::fs;
use std::path::Path;

/// Files below `corpus/` in a row, again and again until there are `bytes` bytes.
pub(crate) fn repeated(paths: &[&str], bytes: usize) -> String {
    let corpus = Path::new(super::CORPUS);
    let read =
        |path: &&str| fs::read_to_string(corpus.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let unit: String = paths.iter().map(read).collect();
    unit.repeat(bytes / unit.len() + 1)
}

/// The ASCII of a document with code in it.
pub(crate) fn ascii(bytes: usize) -> String {
    let mut unit: String = repeated(&["documents/12-tech-note.txt", "documents/13-mixed-page.txt"], 1);
    unit.retain(|c| c.is_ascii());
    unit.repeat(bytes / unit.len() + 1)
}

/// Clean Chinese prose.
pub(crate) const CHINESE: &[&str] =
    &["documents/09-letter.txt", "documents/10-notice.txt", "documents/15-story.txt"];

/// Clean text in which Chinese and ASCII alternate.
pub(crate) const MIXED: &[&str] = &["documents/12-tech-note.txt", "documents/13-mixed-page.txt"];

/// Clean French and German.
pub(crate) const WESTERN: &[&str] = &["documents/18-french.txt", "documents/19-german.txt"];

/// French and German as UTF-8 read as windows-1252.
pub(crate) const UTF8_AS_1252: &[&str] =
    &["variants/18-french/utf8-1252.txt", "variants/19-german/utf8-1252.txt"];

/// Chinese prose as GBK read as Latin-1, nothing lost.
pub(crate) const GBK_AS_LATIN_1: &[&str] = &[
    "variants/09-letter/gbk-latin1.txt",
    "variants/10-notice/gbk-latin1.txt",
    "variants/15-story/gbk-latin1.txt",
];

/// The same with every byte AD lost.
pub(crate) const GBK_AS_LATIN_1_NO_AD: &[&str] = &[
    "variants/09-letter/gbk-latin1-no-ad.txt",
    "variants/10-notice/gbk-latin1-no-ad.txt",
    "variants/15-story/gbk-latin1-no-ad.txt",
];

/// Reports whose trailer alone is damaged, as in the document that the project was founded on.
pub(crate) const DAMAGED_TRAILERS: &[&str] = &[
    "variants/01-culture-station/gbk-latin1-no-ad-trailer.txt",
    "variants/03-forest-station/gbk-latin1-no-ad-trailer.txt",
    "variants/06-school/gbk-latin1-no-ad-trailer.txt",
];

/// Clean annual reports.
pub(crate) const REPORTS: &[&str] =
    &["documents/01-culture-station.txt", "documents/03-forest-station.txt", "documents/06-school.txt"];
