//! What a document before Word 97 says of the encoding of its text: by its fonts, and as a whole.

use super::fib::{Fib, Generation, Item, slice, u16_at};
use super::formatting::Pages;
use crate::document::{Declared, Declarer, code_page};
use crate::encoding::Encoding;

/// More fonts than any document has.
const MOST_FONTS: usize = 4096;

/// Stretches of the stream of which different things are said.
#[derive(Debug)]
pub(super) struct Declarations {
    /// Where nothing more is said.
    whole: Declared,
    /// Where each begins and ends, and what is said of it. In order.
    fonts: Vec<(usize, usize, Declared)>,
}

impl Declarations {
    pub(super) fn read(fib: &Fib, stream: &[u8], table: &[u8]) -> Self {
        if fib.generation == Generation::Word97 {
            // [MS-DOC] 2.9.73: a byte is the character of that number, but for those from 82 to 9F that windows-1252 has
            // there. At 80, 8E and 9E it names none; windows-1252 has characters there, which no other reading has.
            let whole = Declared::new(Declarer::Specification, code_page::of_code_page(1252));
            return Self { whole, fonts: Vec::new() };
        }
        let charsets = fib.place(stream, Item::SttbfFfn).map_or_else(Vec::new, |place| charsets(slice(table, place)));
        let fonts = Pages::read(fib, stream, table, Item::PlcfBteChpx).fonts().into_iter();
        let declared = |font: u16| {
            let encoding = charsets.get(usize::from(font)).and_then(|&charset| code_page::of_charset(charset));
            Declared::new(Declarer::Font, encoding)
        };
        let fonts = fonts.map(|(start, end, font)| (start, end, declared(font)));
        Self {
            fonts: fonts.filter(|(_, _, declared)| *declared != Declared::NOTHING).collect(),
            whole: Declared::new(Declarer::Document, of_whole(fib, &charsets)),
        }
    }

    /// What is said of the byte at that place of the stream, and up to where.
    pub(super) fn at(&self, place: usize) -> (Declared, usize) {
        let after = self.fonts.partition_point(|&(start, ..)| start <= place);
        let next = self.fonts.get(after).map_or(usize::MAX, |&(start, ..)| start);
        match after.checked_sub(1).map(|before| self.fonts[before]) {
            Some((_, end, declared)) if place < end => (declared, end.min(next)),
            _ => (self.whole, next),
        }
    }
}

/// The character set of a Macintosh; else that of the first font for letters that the western ones lack, which in a document
/// of such a language most are; else that of the program's language.
fn of_whole(fib: &Fib, charsets: &[u8]) -> Option<Encoding> {
    if fib.is_macintosh {
        return code_page::of_code_page(10000);
    }
    let western = code_page::of_charset(0);
    let of_fonts = charsets.iter().filter_map(|&charset| code_page::of_charset(charset));
    of_fonts.into_iter().find(|&encoding| Some(encoding) != western).or_else(|| code_page::of_language(fib.language))
}

/// The character set of each font of a SttbfFfn: its length, then per font its length, four bytes and the character set.
fn charsets(sttb: &[u8]) -> Vec<u8> {
    let mut charsets = Vec::new();
    let mut at = 2;
    let end = u16_at(sttb, 0).map_or(0, usize::from).min(sttb.len());
    while at < end && charsets.len() < MOST_FONTS {
        charsets.push(sttb.get(at + 4).copied().unwrap_or(1));
        at += usize::from(sttb[at]) + 1;
    }
    charsets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_end_where_the_next_begins() {
        let said = |page| Declared::new(Declarer::Font, code_page::of_code_page(page));
        let declarations =
            Declarations { whole: said(1252), fonts: vec![(10, 30, said(1251)), (20, 25, said(1253))] };
        assert_eq!(declarations.at(0), (said(1252), 10));
        assert_eq!(declarations.at(10), (said(1251), 20));
        assert_eq!(declarations.at(24), (said(1253), 25));
        assert_eq!(declarations.at(25), (said(1252), usize::MAX));
    }

    #[test]
    fn a_table_of_fonts_that_ends_early_gives_what_is_there() {
        let sttb = [16, 0, 7, 0x16, 0x90, 1, 204, 0, b'a', 0, 9, 0x16, 0x90, 1, 238, 0];
        assert_eq!(charsets(&sttb), [204, 238]);
        for end in 0..sttb.len() {
            assert!(charsets(&sttb[..end]).len() <= 2);
        }
    }
}
