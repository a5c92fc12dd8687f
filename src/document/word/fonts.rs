//! What a document before Word 97 says of the encoding of its text: by its fonts, and as a whole.

use super::fib::{Fib, Generation, Item, slice};
use super::formatting::Pages;
use crate::document::symbol::SymbolFont;
use crate::document::{Declared, Declarer, code_page};
use crate::encoding::Encoding;
use crate::little_endian::u16_at;

/// More fonts than any document has.
const MOST_FONTS: usize = 4096;

/// What is said of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// They are text, in this encoding.
    Text(Declared),
    /// They are places in a font of symbols.
    Symbols(SymbolFont),
}

/// Stretches of the stream of which different things are said.
#[derive(Debug)]
pub(super) struct Declarations {
    /// Where nothing more is said.
    whole: Said,
    /// Where each begins and ends, and what is said of it. In order.
    fonts: Vec<(usize, usize, Said)>,
}

impl Declarations {
    pub(super) fn read(fib: &Fib, stream: &[u8], table: &[u8]) -> Self {
        if fib.generation == Generation::Word97 {
            // [MS-DOC] 2.9.73: a byte is the character of that number, but for those from 82 to 9F that windows-1252
            // has there. At 80, 8E and 9E it names none; windows-1252 has characters there, which no other reading has.
            let whole = Declared::new(Declarer::Specification, code_page::of_code_page(1252));
            return Self { whole: Said::Text(whole), fonts: Vec::new() };
        }
        let table_of_fonts = fib.place(stream, Item::SttbfFfn).map_or(&[][..], |place| slice(table, place));
        let table_of_fonts = fonts(table_of_fonts);
        let runs = Pages::read(fib, stream, table, Item::PlcfBteChpx).fonts().into_iter();
        let said = |font: u16| match table_of_fonts.get(usize::from(font))? {
            Font { symbols: Some(symbols), .. } => Some(Said::Symbols(*symbols)),
            font => {
                let encoding = code_page::of_charset(font.charset)?;
                Some(Said::Text(Declared::new(Declarer::Font, Some(encoding))))
            }
        };
        Self {
            fonts: runs.filter_map(|(start, end, font)| Some((start, end, said(font)?))).collect(),
            whole: Said::Text(Declared::new(Declarer::Document, of_whole(fib, &table_of_fonts))),
        }
    }

    /// What is said of the byte at that place of the stream, and up to where.
    pub(super) fn at(&self, place: usize) -> (Said, usize) {
        let after = self.fonts.partition_point(|&(start, ..)| start <= place);
        let next = self.fonts.get(after).map_or(usize::MAX, |&(start, ..)| start);
        match after.checked_sub(1).map(|before| self.fonts[before]) {
            Some((_, end, said)) if place < end => (said, end.min(next)),
            _ => (self.whole, next),
        }
    }
}

/// The character set of a Macintosh; else that of the first font for letters that the western ones lack, which in a
/// document of such a language most are; else that of the program's language.
fn of_whole(fib: &Fib, fonts: &[Font]) -> Option<Encoding> {
    if fib.is_macintosh {
        return code_page::of_code_page(10000);
    }
    let western = code_page::of_charset(0);
    let mut of_fonts = fonts.iter().filter_map(|font| code_page::of_charset(font.charset));
    of_fonts.find(|&encoding| Some(encoding) != western).or_else(|| code_page::of_language(fib.language))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Font {
    charset: u8,
    symbols: Option<SymbolFont>,
}

/// The fonts of a SttbfFfn: its length, then per font its length, three bytes, the character set, one byte, and the
/// name.
fn fonts(sttb: &[u8]) -> Vec<Font> {
    /// The character set that says nothing.
    const DEFAULT_CHARSET: u8 = 1;
    let mut fonts = Vec::new();
    let mut at = 2;
    let end = u16_at(sttb, 0).map_or(0, usize::from).min(sttb.len());
    while at < end && fonts.len() < MOST_FONTS {
        let next = at + usize::from(sttb[at]) + 1;
        let name = slice(sttb, at + 6..next).split(|&byte| byte == 0).next().unwrap_or_default();
        let charset = sttb.get(at + 4).copied().unwrap_or(DEFAULT_CHARSET);
        fonts.push(Font { charset, symbols: SymbolFont::named(name) });
        at = next;
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_end_where_the_next_begins() {
        let said = |page| Said::Text(Declared::new(Declarer::Font, code_page::of_code_page(page)));
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
        let charsets = |sttb: &[u8]| fonts(sttb).iter().map(|font| font.charset).collect::<Vec<_>>();
        assert_eq!(charsets(&sttb), [204, 238]);
        for end in 0..sttb.len() {
            assert!(charsets(&sttb[..end]).len() <= 2);
        }
    }
}
