//! Two planes of 94 rows of 94 characters, as the national standards of East Asia have them.
//!
//! Most of their characters stand in the same order in an encoding that `pairs` knows already, so that a table of them
//! is a list of runs there, and of the characters that it has not. Places are counted from 0 on, cell by cell, row by row
//! and plane by plane.

/// Cells of a row, and rows of a plane.
pub(super) const ROW: u16 = 94;
/// First row, and first cell of a row, in seven bits.
pub(super) const FIRST: u8 = 0x21;
const PLANES: u16 = 2;

/// A place: plane, row and cell, the latter two from 21 on.
pub(super) type Place = (u8, u8, u8);

/// The characters of the planes.
pub(super) struct Planes {
    chars: Vec<Option<char>>,
    /// The places of the characters, sorted.
    places: Vec<(char, u16)>,
}

impl Planes {
    /// `runs` have the first place, the first place in the other encoding and the length; `others` the first place and the
    /// characters.
    pub(super) fn new(
        runs: &[(u16, u16, u16)],
        in_other: impl Fn(u16) -> Option<char>,
        others: &[(u16, &str)],
    ) -> Self {
        let mut chars = vec![None; usize::from(PLANES * ROW * ROW)];
        for &(first, other, length) in runs {
            for offset in 0..length {
                chars[usize::from(first + offset)] = in_other(other + offset);
            }
        }
        for &(first, run) in others {
            for (place, c) in (usize::from(first)..).zip(run.chars()) {
                chars[place] = Some(c);
            }
        }
        let mut places: Vec<(char, u16)> =
            (0..).zip(&chars).filter_map(|(place, c)| Some(((*c)?, place))).collect();
        places.sort_unstable();
        places.dedup_by_key(|&mut (c, _)| c);
        Self { chars, places }
    }

    /// The character at a place.
    pub(super) fn char_of(&self, (plane, row, cell): Place) -> Option<char> {
        let plane = u16::from(plane.checked_sub(1)?);
        let (row, cell) = (u16::from(row.checked_sub(FIRST)?), u16::from(cell.checked_sub(FIRST)?));
        if plane >= PLANES || row >= ROW || cell >= ROW {
            return None;
        }
        self.chars[usize::from((plane * ROW + row) * ROW + cell)]
    }

    /// The place of a character; of several the first.
    pub(super) fn place_of(&self, c: char) -> Option<Place> {
        let (_, place) = self.places[self.places.binary_search_by_key(&c, |&(c, _)| c).ok()?];
        let (plane, row, cell) = (place / ROW / ROW, place / ROW % ROW, place % ROW);
        Some((plane as u8 + 1, row as u8 + FIRST, cell as u8 + FIRST))
    }
}
