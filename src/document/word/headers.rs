//! Which story of the headers is what.

use super::fib::{Fib, Generation, Item, slice};
use super::formatting::Properties;
use crate::document::Zone;
use crate::little_endian::{u16_at, u32_at};

/// More sections than this are not asked for their headers.
const MOST_SECTIONS: usize = 10_000;

/// The stories of a section, in their order: even and odd pages, headers and footers, then those of the first page.
const OF_SECTION: [Zone; 6] =
    [Zone::Header, Zone::Header, Zone::Footer, Zone::Footer, Zone::Header, Zone::Footer];

/// The zone of each story, as far as it is known. Word 97 has six stories for the separators of notes, then six per
/// section ([MS-DOC] 2.3.3, 2.8.27); Word 6 only those that are there, which the document and each section say bit by
/// bit.
pub(super) fn zones(fib: &Fib, stream: &[u8], table: &[u8], stories: usize) -> Vec<Zone> {
    let item = |item| fib.place(stream, item).map_or(&[][..], |place| slice(table, place));
    match fib.generation {
        Generation::Word97 => {
            let separators = [Zone::Footnote; 3].into_iter().chain([Zone::Endnote; 3]);
            separators.chain(OF_SECTION.into_iter().cycle()).take(stories).collect()
        }
        Generation::Word6 => {
            let separators = item(Item::Dop).get(1).map_or(0, |bits| bits.count_ones());
            let mut zones = vec![Zone::Footnote; separators as usize];
            for section in sections(item(Item::PlcfSed)) {
                let bits = bits(stream, section);
                let there = OF_SECTION.into_iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
                zones.extend(there.map(|(_, zone)| zone));
            }
            zones.truncate(stories);
            zones
        }
        // Its sections are written otherwise.
        Generation::Word2 => Vec::new(),
    }
}

/// Where in the stream the properties of each section are.
fn sections(plc: &[u8]) -> impl Iterator<Item = u32> {
    const SED_BYTES: usize = 12;
    let count = plc.len().saturating_sub(4) / (4 + SED_BYTES);
    (0..count.min(MOST_SECTIONS))
        .filter_map(move |number| u32_at(plc, 4 * (count + 1) + SED_BYTES * number + 2))
}

/// Which headers a section of Word 6 has: a bit for each of six.
fn bits(stream: &[u8], section: u32) -> u8 {
    const SPRM_S_GPRF_IHDT: u16 = 153;
    let at = section as usize;
    let length = u16_at(stream, at).map_or(0, usize::from);
    let properties = slice(stream, at.saturating_add(2)..at.saturating_add(2 + length));
    let mut properties = Properties::new(properties, Generation::Word6);
    let found = properties.find(|(id, _)| *id == SPRM_S_GPRF_IHDT);
    found.and_then(|(_, operand)| operand.first().copied()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_of_word_6_have_the_headers_that_they_say() {
        // An odd header, an odd footer, a footer of the first page, behind another property.
        let stream = [0, 0, 5, 0, 142, 2, 153, 0b10_1010, 142];
        assert_eq!(bits(&stream, 2), 0b10_1010);
        assert_eq!(bits(&stream, 100), 0);
        let mut plc = vec![0; 8];
        plc.extend([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(sections(&plc).collect::<Vec<_>>(), [2]);
    }
}
