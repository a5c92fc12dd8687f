//! Formatting that changes what the text is: the ends of rows, and the fonts of 8-bit text ([MS-DOC] 2.4.6, 2.9.32 to
//! 2.9.34).

use std::ops::Range;

use super::fib::{Fib, Generation, Item, slice};
use crate::little_endian::{u16_at, u32_at};

/// A page of formatting, of either kind.
const PAGE_BYTES: usize = 512;
/// More pages of runs are not looked at: these are enough for 5 MB of text.
const MOST_PAGES: usize = 10_000;
/// Properties of one paragraph or run that are looked at: no more fit into a page.
const MOST_PROPERTIES: usize = 256;

/// The pages of formatting of one kind, which cover the text by places in the stream.
pub(super) struct Pages<'s> {
    stream: &'s [u8],
    generation: Generation,
    /// Where the text of each page begins, in order, and where the page is.
    pages: Vec<(usize, usize)>,
}

/// What of a paragraph matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Paragraph {
    pub(super) is_in_table: bool,
    /// Its mark ends a row.
    pub(super) ends_row: bool,
    /// Its mark ends a cell of a table in a cell.
    pub(super) ends_inner_cell: bool,
    /// Its mark ends a row of a table in a cell.
    pub(super) ends_inner_row: bool,
}

/// What stands in place of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pictured {
    /// A picture at that place of the stream with the pictures.
    At(usize),
    /// An object, which has that number in `ObjectPool`.
    Object(u32),
}

impl<'s> Pages<'s> {
    /// The pages that `item` of the tables lists.
    pub(super) fn read(fib: &Fib, stream: &'s [u8], table: &[u8], item: Item) -> Self {
        let mut pages = Vec::new();
        // The pages of Word 2 are laid out otherwise.
        if let Some(place) = fib.place(stream, item)
            && fib.generation != Generation::Word2
        {
            let plc = slice(table, place);
            let number_bytes = if fib.generation == Generation::Word97 { 4 } else { 2 };
            let count = plc.len().saturating_sub(4) / (4 + number_bytes);
            for number in 0..count {
                let at = 4 * (count + 1) + number_bytes * number;
                let page = match number_bytes {
                    4 => u32_at(plc, at).map(|page| page as usize & 0x3F_FFFF),
                    _ => u16_at(plc, at).map(usize::from),
                };
                let (Some(start), Some(page)) = (u32_at(plc, 4 * number), page) else { break };
                pages.push((start as usize, page * PAGE_BYTES));
            }
            pages.sort_by_key(|&(start, _)| start);
        }
        Self { stream, generation: fib.generation, pages }
    }

    /// The page that covers the place, and the number of the run in it.
    fn find(&self, place: usize) -> Option<(&'s [u8], usize)> {
        let after = self.pages.partition_point(|&(start, _)| start <= place);
        let (_, at) = *self.pages.get(after.checked_sub(1)?)?;
        let page = self.stream.get(at..at + PAGE_BYTES)?;
        let runs = runs(page);
        // At most 127 runs; a search is not worth its care about order.
        let run =
            (0..runs).rfind(|&run| u32_at(page, 4 * run).is_some_and(|start| start as usize <= place))?;
        Some((page, run))
    }

    /// The paragraph that the place belongs to; `None` if nothing is known of it.
    pub(super) fn paragraph_at(&self, place: usize) -> Option<Paragraph> {
        const SPRM_P_F_IN_TABLE: u16 = 0x2416;
        const SPRM_P_F_TTP: u16 = 0x2417;
        const SPRM_P_F_INNER_TABLE_CELL: u16 = 0x244B;
        const SPRM_P_F_INNER_TTP: u16 = 0x244C;
        const SPRM_P_F_IN_TABLE_6: u16 = 24;
        const SPRM_P_F_TTP_6: u16 = 25;
        let (page, run) = self.find(place)?;
        let is_97 = self.generation == Generation::Word97;
        let bx_bytes = if is_97 { 13 } else { 7 };
        let at = usize::from(*page.get(4 * (runs(page) + 1) + bx_bytes * run)?) * 2;
        let mut paragraph = Paragraph::default();
        if at == 0 {
            return Some(paragraph);
        }
        let (start, length) = match usize::from(*page.get(at)?) {
            0 if is_97 => (at + 2, 2 * usize::from(*page.get(at + 1)?)),
            words if is_97 => (at + 1, 2 * words - 1),
            words => (at + 1, 2 * words),
        };
        // Ahead of the properties stands the number of the style.
        let properties = page.get(start + 2..(start + length).min(PAGE_BYTES))?;
        for (id, operand) in Properties::new(properties, self.generation) {
            let is_set = operand.first().is_some_and(|&operand| operand != 0);
            match (is_97, id) {
                (true, SPRM_P_F_IN_TABLE) | (false, SPRM_P_F_IN_TABLE_6) => paragraph.is_in_table = is_set,
                (true, SPRM_P_F_TTP) | (false, SPRM_P_F_TTP_6) => paragraph.ends_row = is_set,
                (true, SPRM_P_F_INNER_TABLE_CELL) => paragraph.ends_inner_cell = is_set,
                (true, SPRM_P_F_INNER_TTP) => paragraph.ends_inner_row = is_set,
                _ => {}
            }
        }
        Some(paragraph)
    }

    /// The runs of characters whose font is named: where each begins, where it ends, the number of its font. In order.
    pub(super) fn fonts(&self) -> Vec<(usize, usize, u16)> {
        const SPRM_C_FTC: u16 = 93;
        let mut fonts = Vec::new();
        self.runs(&mut |characters, mut properties| {
            let font =
                properties.find_map(|(id, operand)| (id == SPRM_C_FTC).then(|| u16_at(operand, 0)).flatten());
            fonts.extend(font.map(|font| (characters.start, characters.end, font)));
        });
        fonts.sort_unstable();
        fonts
    }

    /// The runs of characters that have a picture: where each begins, where it ends, and what is there. In order.
    pub(super) fn pictures(&self) -> Vec<(usize, usize, Pictured)> {
        const SPRM_C_F_DATA: u16 = 0x0806;
        const SPRM_C_F_OLE_2: u16 = 0x080A;
        const SPRM_C_PIC_LOCATION: u16 = 0x6A03;
        const SPRM_C_OBJ_LOCATION: u16 = 0x680E;
        const SPRM_C_PIC_LOCATION_6: u16 = 68;
        let mut pictures = Vec::new();
        self.runs(&mut |characters, properties| {
            let (mut location, mut is_object, mut is_data) = (None, false, false);
            for (id, operand) in properties {
                let is_set = operand.first().is_some_and(|&operand| operand != 0);
                match (self.generation, id) {
                    (Generation::Word97, SPRM_C_PIC_LOCATION) => location = u32_at(operand, 0),
                    (Generation::Word97, SPRM_C_OBJ_LOCATION) => {
                        location = u32_at(operand, 0);
                        is_object = true;
                    }
                    (Generation::Word97, SPRM_C_F_OLE_2) => is_object |= is_set,
                    (Generation::Word97, SPRM_C_F_DATA) => is_data = is_set,
                    // Its length comes first.
                    (Generation::Word6, SPRM_C_PIC_LOCATION_6) => location = u32_at(operand, 1),
                    _ => {}
                }
            }
            let Some(location) = location.filter(|_| !is_data) else { return };
            let pictured =
                if is_object { Pictured::Object(location) } else { Pictured::At(location as usize) };
            pictures.push((characters.start, characters.end, pictured));
        });
        pictures.sort_unstable();
        pictures
    }

    /// Calls `each` with the runs of all pages that have properties: their places in the stream, and these.
    fn runs(&self, each: &mut dyn FnMut(Range<usize>, Properties<'s>)) {
        let mut pages: Vec<usize> = self.pages.iter().map(|&(_, at)| at).collect();
        // However often a page is listed, it says the same.
        pages.sort_unstable();
        pages.dedup();
        pages.truncate(MOST_PAGES);
        for at in pages {
            let Some(page) = self.stream.get(at..at + PAGE_BYTES) else { continue };
            for run in 0..runs(page) {
                let Some(chpx) = page.get(4 * (runs(page) + 1) + run).map(|&at| usize::from(at) * 2) else {
                    break;
                };
                if chpx == 0 {
                    continue;
                }
                let end = (chpx + 1 + usize::from(page[chpx])).min(PAGE_BYTES);
                let properties = page.get(chpx + 1..end).unwrap_or_default();
                if let (Some(start), Some(end)) = (u32_at(page, 4 * run), u32_at(page, 4 * run + 4)) {
                    each(start as usize..end as usize, Properties::new(properties, self.generation));
                }
            }
        }
    }
}

/// How many runs a page has.
fn runs(page: &[u8]) -> usize {
    page.last().map_or(0, |&runs| usize::from(runs).min(PAGE_BYTES / 5))
}

/// Properties, one after the other: the number of each and its operand.
pub(super) struct Properties<'p> {
    rest: &'p [u8],
    generation: Generation,
    left: usize,
}

impl<'p> Properties<'p> {
    pub(super) fn new(rest: &'p [u8], generation: Generation) -> Self {
        Self { rest, generation, left: MOST_PROPERTIES }
    }
}

impl<'p> Iterator for Properties<'p> {
    type Item = (u16, &'p [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let (id, id_bytes) = match self.generation {
            Generation::Word97 => (u16_at(self.rest, 0)?, 2),
            Generation::Word2 | Generation::Word6 => (u16::from(*self.rest.first()?), 1),
        };
        let operand = self.rest.get(id_bytes..)?;
        let length = match self.generation {
            Generation::Word97 => length_97(id, operand),
            Generation::Word2 | Generation::Word6 => length_6(id, operand)?,
        };
        self.rest = operand.get(length..).unwrap_or_default();
        Some((id, &operand[..length.min(operand.len())]))
    }
}

/// The bytes of an operand in Word 97: the three upper bits of the number say it ([MS-DOC] 2.6.1).
fn length_97(id: u16, operand: &[u8]) -> usize {
    const SPRM_T_DEF_TABLE: u16 = 0xD608;
    match id >> 13 {
        0 | 1 => 1,
        2 | 4 | 5 => 2,
        3 => 4,
        7 => 3,
        _ if id == SPRM_T_DEF_TABLE => u16_at(operand, 0).map_or(0, |length| usize::from(length) + 1),
        _ => operand.first().map_or(0, |&length| usize::from(length) + 1),
    }
}

/// The bytes of an operand in Word 6 and 95. `None` for numbers that they don't have.
fn length_6(id: u16, operand: &[u8]) -> Option<usize> {
    Some(match id {
        2
        | 16..=19
        | 21
        | 22
        | 26..=28
        | 30..=36
        | 38..=43
        | 45..=49
        | 69
        | 72
        | 80
        | 93
        | 96
        | 97
        | 99
        | 101 => 2,
        107 | 109 | 110..=113 | 182..=184 | 189 | 195 | 197 | 198 => 2,
        4..=11
        | 13
        | 14
        | 24
        | 25
        | 29
        | 37
        | 44
        | 50..=62
        | 64..=67
        | 71
        | 75
        | 85..=92
        | 94
        | 98
        | 100
        | 102 => 1,
        104
        | 117..=119
        | 131
        | 132
        | 138
        | 139
        | 142
        | 143
        | 146
        | 147
        | 150..=153
        | 158
        | 159
        | 162
        | 185
        | 186 => 1,
        140 | 141 | 144 | 145 | 148 | 149 | 154..=157 | 160 | 161 | 164..=171 => 2,
        136 | 137 => 3,
        20 | 70 | 192 | 194 | 196 | 200 => 4,
        73 | 95 => 3,
        193 | 199 => 5,
        187 => 12,
        83 => 0,
        188 | 190 => usize::from(u16_at(operand, 0)?) + 1,
        3 | 12 | 15 | 23 | 68 | 74 | 81 | 82 | 133 | 103 | 105 | 106 | 108 | 120 | 191 => {
            usize::from(*operand.first()?) + 1
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_walked_by_the_lengths_of_their_operands() {
        let word_97 = [0x16, 0x24, 1, 0x08, 0xD6, 3, 0, 9, 9, 0x17, 0x24, 1];
        let ids: Vec<_> = Properties::new(&word_97, Generation::Word97).map(|(id, _)| id).collect();
        assert_eq!(ids, [0x2416, 0xD608, 0x2417]);
        let word_6 = [24, 1, 190, 3, 0, 9, 9, 25, 1, 93, 4, 0];
        let found: Vec<_> = Properties::new(&word_6, Generation::Word6).collect();
        assert_eq!(found, [(24, &[1][..]), (190, &[3, 0, 9, 9]), (25, &[1]), (93, &[4, 0])]);
        assert_eq!(Properties::new(&[255, 1, 1], Generation::Word6).next(), None);
    }
}
