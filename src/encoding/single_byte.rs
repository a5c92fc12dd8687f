//! The single-byte encodings: from byte to character, and back.

use std::sync::OnceLock;

use super::code_pages::CODE_PAGES;

/// A single-byte encoding, by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Page(u8);

/// Encodings that [`pages_of`] can tell: one bit each.
const MOST_PAGES: usize = 64;

impl Page {
    /// The first of the table; a test below holds the table to it.
    pub(super) const ISO_8859_1: Self = Self(0);
    /// The second.
    pub(super) const WINDOWS_1252: Self = Self(1);
    /// The first of the DOS pages.
    pub(super) const CP437: Self = Self(29);

    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..CODE_PAGES.len().min(MOST_PAGES) as u8).map(Self)
    }

    pub(super) fn number(self) -> u32 {
        u32::from(self.0)
    }

    pub(super) fn label(self) -> &'static str {
        CODE_PAGES[usize::from(self.0)].label
    }

    /// The character of a byte; `None` where none is assigned.
    #[inline]
    pub(super) fn char_of(self, byte: u8) -> Option<char> {
        Some(CODE_PAGES[usize::from(self.0)].character(byte)).filter(|&c| c != '\u{fffd}')
    }

    /// The byte of a character.
    #[inline]
    pub(super) fn byte_of(self, c: char) -> Option<u8> {
        if c.is_ascii() {
            let low = CODE_PAGES[usize::from(self.0)].low;
            return low.iter().all(|&(byte, _)| byte != c as u8).then_some(c as u8);
        }
        let row = row_of(c)?;
        (row.pages >> self.0 & 1 == 1).then(|| row.bytes[usize::from(self.0)])
    }
}

/// The encodings that have `c`, which is not ASCII, one bit each.
#[inline]
pub(crate) fn pages_of(c: char) -> u64 {
    row_of(c).map_or(0, |row| row.pages)
}

/// Where a character stands in each encoding that has it.
struct Row {
    pages: u64,
    bytes: [u8; MOST_PAGES],
}

/// Characters of a block of the directory.
const BLOCK: usize = 64;

struct Reverse {
    /// For each block of the Basic Multilingual Plane its number in `blocks` plus one.
    directory: Vec<u8>,
    /// For each character its number in `rows` plus one.
    blocks: Vec<[u16; BLOCK]>,
    rows: Vec<Row>,
}

#[inline]
fn row_of(c: char) -> Option<&'static Row> {
    static REVERSE: OnceLock<Reverse> = OnceLock::new();
    let reverse = REVERSE.get_or_init(reverse);
    let at = c as usize;
    let block = usize::from(*reverse.directory.get(at / BLOCK)?).checked_sub(1)?;
    let row = usize::from(reverse.blocks[block][at % BLOCK]).checked_sub(1)?;
    reverse.rows.get(row)
}

fn reverse() -> Reverse {
    let mut reverse = Reverse { directory: vec![0; 0x1_0000 / BLOCK], blocks: Vec::new(), rows: Vec::new() };
    for page in Page::all() {
        for byte in (0..=0xff).rev() {
            let Some(c) = page.char_of(byte).filter(|c| !c.is_ascii()) else { continue };
            let at = c as usize;
            let Some(entry) = reverse.directory.get_mut(at / BLOCK) else { continue };
            if *entry == 0 {
                reverse.blocks.push([0; BLOCK]);
                *entry = reverse.blocks.len() as u8;
            }
            let slot = &mut reverse.blocks[usize::from(*entry) - 1][at % BLOCK];
            if *slot == 0 {
                reverse.rows.push(Row { pages: 0, bytes: [0; MOST_PAGES] });
                *slot = reverse.rows.len() as u16;
            }
            let row = &mut reverse.rows[usize::from(*slot) - 1];
            row.pages |= 1 << page.0;
            // Of two bytes with the same character the lower one stays.
            row.bytes[usize::from(page.0)] = byte;
        }
    }
    reverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_pages_stand_where_they_should() {
        assert_eq!(Page::ISO_8859_1.label(), "iso-8859-1");
        assert_eq!(Page::WINDOWS_1252.label(), "windows-1252");
        assert_eq!(Page::CP437.label(), "cp437");
        assert!(CODE_PAGES.len() <= MOST_PAGES);
    }

    #[test]
    fn every_byte_comes_back_from_its_character() {
        for page in Page::all() {
            for byte in 0..=255 {
                let Some(c) = page.char_of(byte) else { continue };
                let back = page.byte_of(c).unwrap();
                assert_eq!(page.char_of(back), Some(c), "{} {byte:02X}", page.label());
                assert!(c.is_ascii() || pages_of(c) >> page.number() & 1 == 1);
            }
        }
    }
}
