//! Single-byte encodings that text is stored in, but that no program reads others' bytes by: from byte to character, and
//! back.

use std::sync::OnceLock;

use super::other_pages::OTHER_PAGES;

/// One of them, by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Other(u8);

/// The characters of each page by byte.
fn pages() -> &'static [[char; 256]] {
    static PAGES: OnceLock<Vec<[char; 256]>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let page = |&(_, characters): &(&str, &str)| {
            let mut characters = characters.chars();
            std::array::from_fn(|_| characters.next().unwrap_or(char::REPLACEMENT_CHARACTER))
        };
        OTHER_PAGES.iter().map(page).collect()
    })
}

impl Other {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..OTHER_PAGES.len() as u8).map(Self)
    }

    pub(super) fn label(self) -> &'static str {
        OTHER_PAGES[usize::from(self.0)].0
    }

    /// The character of a byte; `None` where none is assigned.
    #[inline]
    pub(super) fn char_of(self, byte: u8) -> Option<char> {
        Some(pages()[usize::from(self.0)][usize::from(byte)]).filter(|&c| c != char::REPLACEMENT_CHARACTER)
    }

    /// The byte of a character. These encodings are rarely written, so that it is looked for.
    pub(super) fn byte_of(self, c: char) -> Option<u8> {
        (0..=0xff).find(|&byte| self.char_of(byte) == Some(c))
    }

    /// Whether letters and digits stand where EBCDIC has them.
    pub(super) fn is_ebcdic(self) -> bool {
        self.char_of(0xc1) == Some('A') && self.char_of(0xf0) == Some('0')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(label: &str, bytes: &[u8]) -> String {
        let page = Other::all().find(|page| page.label() == label).unwrap();
        bytes.iter().filter_map(|&byte| page.char_of(byte)).collect()
    }

    #[test]
    fn pages_spell_words() {
        assert_eq!(decoded("cp037", b"\xc8\x85\x93\x93\x96\x40\xf1\x5a\x25"), "Hello 1!\n");
        assert_eq!(decoded("cp500", b"\xc8\x85\x93\x93\x96\x40\xf1\x4f"), "Hello 1!");
        assert_eq!(decoded("cp424", b"\x69\x54\x46\x55"), "שלום");
        assert_eq!(decoded("cp1140", b"\x9f"), "€");
        assert_eq!(decoded("koi8-t", b"\xf4\xcf\xde\xc9\xcb"), "Точик");
    }

    #[test]
    fn every_byte_comes_back_from_its_character() {
        for page in Other::all() {
            for byte in 0..=255 {
                let Some(c) = page.char_of(byte) else { continue };
                let back = page.byte_of(c).unwrap();
                assert_eq!(page.char_of(back), Some(c), "{} {byte:02X}", page.label());
            }
            assert_eq!(page.is_ebcdic(), page.label().starts_with("cp"));
        }
    }
}
