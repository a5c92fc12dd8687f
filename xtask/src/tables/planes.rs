//! How planes of 94 rows of 94 characters are written down: as runs of another encoding, as `encoding_rs` has that, and
//! the characters that it has not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::packages::Done;

/// Cells of a row, and rows of a plane.
pub(super) const ROW: u32 = 94;
/// Places of a plane.
pub(super) const PLANE: u32 = ROW * ROW;

/// An encoding of pairs of bytes that the characters are looked for in.
pub(super) struct Other {
    /// What it is called, and from where on its places are counted.
    name: &'static str,
    places: BTreeMap<char, u16>,
}

impl Other {
    /// `pairs` are all of its pairs of bytes, in order.
    pub(super) fn new(
        name: &'static str,
        encoding: &'static encoding_rs::Encoding,
        pairs: impl Iterator<Item = [u8; 2]>,
    ) -> Self {
        let mut places = BTreeMap::new();
        for (pair, place) in pairs.zip(0..) {
            let text = encoding.decode_without_bom_handling_and_without_replacement(&pair);
            if let Some(c) = text.and_then(|text| text.chars().next()) {
                places.entry(c).or_insert(place);
            }
        }
        Self { name, places }
    }
}

/// The tables `RUNS` and `OTHERS` for `encoding::planes`, of characters in the order of their places. A run lies in the
/// first two planes: the others are in no order that another encoding has.
pub(super) fn text_of(characters: &[(u32, char)], other: &Other) -> Done<String> {
    let mut runs: Vec<(u16, u16, u16)> = Vec::new();
    let mut others: Vec<(u32, String)> = Vec::new();
    for &(place, c) in characters {
        let at = other.places.get(&c).filter(|_| place < 2 * PLANE);
        match (at, runs.last_mut(), others.last_mut()) {
            (Some(&at), Some((first, start, length)), _)
                if u32::from(*first + *length) == place && *start + *length == at =>
            {
                *length += 1;
            }
            (Some(&at), ..) => runs.push((place as u16, at, 1)),
            (None, _, Some((first, run)))
                if place % ROW != 0 && *first + run.chars().count() as u32 == place =>
            {
                run.push(c);
            }
            (None, ..) => others.push((place, c.to_string())),
        }
    }
    let name = other.name;
    let mut text = format!("/// First place, first place in {name}, length.\n#[rustfmt::skip]\n");
    writeln!(text, "pub(super) static RUNS: [(u16, u16, u16); {}] = [", runs.len())?;
    for chunk in runs.chunks(6) {
        let line: Vec<String> = chunk.iter().map(|run| format!("{run:?}")).collect();
        writeln!(text, "    {},", line.join(", "))?;
    }
    write!(text, "];\n\n/// First place, and characters that no run has.\n#[rustfmt::skip]\n")?;
    writeln!(text, "pub(super) static OTHERS: [(u32, &str); {}] = [", others.len())?;
    for (place, run) in others {
        writeln!(text, "    ({place}, \"{}\"),", run.escape_debug())?;
    }
    text.push_str("];\n");
    Ok(text)
}
