//! Planes of 94 rows of 94 characters, as the national standards of East Asia have them.
//!
//! Most characters of the first two stand in the same order in an encoding that `pairs` knows already, so that a table of
//! them is a list of runs there, and of the characters that it has not. Places are counted from 0 on, cell by cell, row by
//! row and plane by plane.

use std::sync::OnceLock;

/// Cells of a row, and rows of a plane.
pub(super) const ROW: u16 = 94;
/// First row, and first cell of a row, in seven bits.
pub(super) const FIRST: u8 = 0x21;
/// Places of a plane.
const PLANE: usize = ROW as usize * ROW as usize;

/// A place: plane, row and cell, the latter two from 21 on.
pub(super) type Place = (u8, u8, u8);

/// The characters of the planes.
pub(super) struct Planes {
    /// For each plane the characters at its places, nothing for one that has none.
    chars: Vec<Vec<Option<char>>>,
    /// The places of the characters, sorted: only writing asks for them.
    places: OnceLock<Vec<(char, u32)>>,
}

impl Planes {
    /// `runs` have the first place, the first place in the other encoding and the length; `others` the first place and the
    /// characters.
    pub(super) fn new(
        runs: &[(u16, u16, u16)],
        in_other: impl Fn(u16) -> Option<char>,
        others: &[(u32, &str)],
    ) -> Self {
        let mut planes = Self { chars: Vec::new(), places: OnceLock::new() };
        for &(first, other, length) in runs {
            for offset in 0..length {
                planes.put(usize::from(first + offset), in_other(other + offset));
            }
        }
        for &(first, run) in others {
            for (place, c) in (first as usize..).zip(run.chars()) {
                planes.put(place, Some(c));
            }
        }
        planes
    }

    fn put(&mut self, place: usize, c: Option<char>) {
        let (plane, place) = (place / PLANE, place % PLANE);
        if self.chars.len() <= plane {
            self.chars.resize(plane + 1, Vec::new());
        }
        if self.chars[plane].is_empty() {
            self.chars[plane] = vec![None; PLANE];
        }
        self.chars[plane][place] = c;
    }

    /// The character at a place.
    pub(super) fn char_of(&self, (plane, row, cell): Place) -> Option<char> {
        let plane = self.chars.get(usize::from(plane.checked_sub(1)?))?;
        let (row, cell) = (u16::from(row.checked_sub(FIRST)?), u16::from(cell.checked_sub(FIRST)?));
        if row >= ROW || cell >= ROW {
            return None;
        }
        plane.get(usize::from(row * ROW + cell)).copied().flatten()
    }

    /// The place of a character; of several the first.
    pub(super) fn place_of(&self, c: char) -> Option<Place> {
        let places = self.places.get_or_init(|| self.sorted());
        let (_, place) = places[places.binary_search_by_key(&c, |&(c, _)| c).ok()?];
        let (plane, place) = (place as usize / PLANE, place as usize % PLANE);
        let (row, cell) = (place / usize::from(ROW), place % usize::from(ROW));
        Some((plane as u8 + 1, row as u8 + FIRST, cell as u8 + FIRST))
    }

    fn sorted(&self) -> Vec<(char, u32)> {
        let mut places = Vec::new();
        for (plane, chars) in self.chars.iter().enumerate() {
            let first = (plane * PLANE) as u32;
            places.extend((first..).zip(chars).filter_map(|(place, c)| Some(((*c)?, place))));
        }
        places.sort_unstable();
        places.dedup_by_key(|&mut (c, _)| c);
        places
    }
}
