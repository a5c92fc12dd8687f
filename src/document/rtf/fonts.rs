//! The font table, and what it says of the encoding of a text.

use std::collections::BTreeMap;

use crate::document::symbol::SymbolFont;
use crate::document::{Declared, Declarer, code_page};
use crate::encoding::Encoding;

/// More fonts than any document has.
const MOST_FONTS: usize = 1 << 14;
/// Bytes of a font's name that are kept.
const NAME_BYTES: usize = 32;
/// The character set of a font of symbols.
const SYMBOL_CHARSET: u8 = 2;

#[derive(Debug, Default)]
struct Font {
    /// `\fcharset`
    charset: Option<u8>,
    /// `\cpg`, which has precedence.
    code_page: Option<Encoding>,
    name: Vec<u8>,
    is_named: bool,
}

/// All fonts, and what the document says for those that say nothing.
#[derive(Debug, Default)]
pub(super) struct Fonts {
    fonts: BTreeMap<i32, Font>,
    /// The one that the table is at.
    at: Option<i32>,
    /// `\ansicpg`, `\mac`, `\pc`, `\pca`
    code_page: Option<Encoding>,
}

/// What is said of bytes of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// They are text, in this encoding.
    Text(Declared),
    /// They are places in a font of symbols.
    Symbols(SymbolFont),
}

impl Fonts {
    /// The code page of the document.
    pub(super) fn set_code_page(&mut self, page: i32) {
        if let Some(encoding) = u32::try_from(page).ok().and_then(code_page::of_code_page) {
            self.code_page = Some(encoding);
        }
    }

    /// `\f` in the table: a font begins.
    pub(super) fn begin(&mut self, number: i32) {
        if self.fonts.len() < MOST_FONTS {
            self.fonts.insert(number, Font::default());
            self.at = Some(number);
        }
    }

    pub(super) fn charset(&mut self, charset: i32) {
        if let Some(font) = self.current() {
            font.charset = u8::try_from(charset).ok();
        }
    }

    pub(super) fn font_code_page(&mut self, page: i32) {
        if let Some(font) = self.current() {
            font.code_page =
                u32::try_from(page).ok().filter(|page| *page > 0).and_then(code_page::of_code_page);
        }
    }

    /// Bytes of a name; it ends with a semicolon.
    pub(super) fn name(&mut self, bytes: &[u8]) {
        let Some(font) = self.current() else { return };
        let end = bytes.iter().position(|b| *b == b';');
        if !font.is_named {
            let room = NAME_BYTES.saturating_sub(font.name.len());
            font.name.extend(bytes[..end.unwrap_or(bytes.len())].iter().take(room));
            font.is_named = end.is_some();
        }
    }

    fn current(&mut self) -> Option<&mut Font> {
        self.fonts.get_mut(&self.at?)
    }

    /// What is said of text in the font with that number, in that language.
    pub(super) fn said(&self, number: Option<i32>, language: u16) -> Said {
        let font = number.and_then(|number| self.fonts.get(&number));
        let charset = font.and_then(|font| font.charset);
        if let Some(font) = font
            && charset == Some(SYMBOL_CHARSET)
            && let Some(symbols) = SymbolFont::named(&font.name)
        {
            return Said::Symbols(symbols);
        }
        let by_font = font.and_then(|font| font.code_page.or_else(|| code_page::of_charset(font.charset?)));
        // Character set 0 is what programs write that know of none, and means "the code page of Windows" to others.
        let is_default = charset == Some(0) && font.is_some_and(|font| font.code_page.is_none());
        let declared = match (by_font, self.code_page) {
            (Some(_), Some(page)) if is_default => Declared::new(Declarer::Document, Some(page)),
            (Some(encoding), _) => Declared::new(Declarer::Font, Some(encoding)),
            (None, Some(page)) => Declared::new(Declarer::Document, Some(page)),
            (None, None) => of_language(language),
        };
        Said::Text(declared)
    }
}

/// A language is weak evidence: programs write the one of their user. English says nothing at all.
fn of_language(language: u16) -> Declared {
    let encoding = code_page::of_language(language).filter(|encoding| *encoding != Encoding::WINDOWS_1252);
    Declared::new(Declarer::Document, encoding)
}

/// Which bytes begin a character of two bytes, in the encoding that is said.
pub(super) fn lead_bytes(said: Said) -> fn(u8) -> bool {
    let Said::Text(Declared { encoding: Some(encoding), .. }) = said else { return |_| false };
    if encoding == Encoding::SHIFT_JIS {
        |byte| matches!(byte, 0x81..=0x9F | 0xE0..=0xFC)
    } else if [Encoding::GB18030, Encoding::BIG5, Encoding::EUC_KR, Encoding::JOHAB].contains(&encoding) {
        |byte| matches!(byte, 0x81..=0xFE)
    } else {
        |_| false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of text in a font of that charset and code page, in a document of that code page and language.
    fn said(
        charset: Option<i32>,
        font_page: Option<i32>,
        page: Option<i32>,
        language: u16,
    ) -> (Declarer, Option<&'static str>) {
        let mut fonts = Fonts::default();
        page.into_iter().for_each(|page| fonts.set_code_page(page));
        fonts.begin(3);
        charset.into_iter().for_each(|charset| fonts.charset(charset));
        font_page.into_iter().for_each(|page| fonts.font_code_page(page));
        fonts.name(b"Arial;");
        let Said::Text(declared) = fonts.said(Some(3), language) else { panic!("symbols") };
        (declared.by, declared.encoding.map(Encoding::label))
    }

    #[test]
    fn the_font_speaks_before_the_document_and_the_document_before_the_language() {
        let cases = [
            (said(Some(204), None, Some(936), 0), (Declarer::Font, Some("windows-1251"))),
            (said(Some(204), Some(1250), Some(936), 0), (Declarer::Font, Some("windows-1250"))),
            (said(Some(0), None, Some(936), 0), (Declarer::Document, Some("gb18030"))),
            (said(Some(0), None, None, 0x419), (Declarer::Font, Some("windows-1252"))),
            (said(Some(1), None, Some(1251), 0x411), (Declarer::Document, Some("windows-1251"))),
            (said(None, None, None, 0x411), (Declarer::Document, Some("shift_jis"))),
            (said(None, None, None, 0x409), (Declarer::Nobody, None)),
            // A font of letters that says of itself to be one of symbols.
            (said(Some(2), None, Some(936), 0), (Declarer::Document, Some("gb18030"))),
        ];
        for (found, expected) in cases {
            assert_eq!((found.0, found.1.map(str::to_lowercase).as_deref()), expected);
        }
    }

    #[test]
    fn first_bytes_of_characters_are_those_of_the_encoding() {
        let leads =
            |page| lead_bytes(Said::Text(Declared::new(Declarer::Document, code_page::of_code_page(page))));
        assert_eq!(
            [932, 936, 949, 950, 1361, 1252].map(|page| leads(page)(0x83)),
            [true, true, true, true, true, false]
        );
        assert!(!leads(932)(0xB1) && leads(936)(0xB1));
    }
}
