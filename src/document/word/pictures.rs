//! The text of a document's pictures, as far as they are metafiles: those that stand in the text, and those that float
//! over it ([MS-DOC] 2.4.4, 2.9.191; before Word 97 by its own specification).

use std::collections::BTreeSet;

use super::fib::{Generation, Item, slice};
use super::formatting::{Pages, Pictured};
use super::text::Document;
use crate::container::Budget;
use crate::container::ole2::Compound;
use crate::document::office_art::{Pictures, Records};
use crate::document::{Content, metafile, objects};
use crate::little_endian::{u16_at, u32_at};

/// The character that stands for a picture.
const PICTURE: u8 = 0x01;

/// What of the file around a document its pictures are read with.
#[derive(Default)]
pub(super) struct Around<'c> {
    /// The stream `Data` of Word 97. Before that, pictures stand in the stream of the document.
    data: &'c [u8],
    /// The numbers of the objects in `ObjectPool` that are read for themselves.
    objects: BTreeSet<u32>,
}

impl<'c> Around<'c> {
    pub(super) fn of(compound: &'c Compound<'_>) -> Self {
        let data = compound.stream("/Data").map(|stream| &*stream.bytes).unwrap_or_default();
        Self { data, objects: objects::numbers(compound) }
    }
}

/// Adds the pictures in the order of the text, then those that float.
pub(super) fn read(
    document: &Document<'_>,
    around: &Around<'_>,
    budget: &mut Budget<'_>,
    content: &mut Content,
) {
    let (stream, table) = (&*document.stream.bytes, document.table);
    let is_97 = document.fib.generation == Generation::Word97;
    let data = if is_97 { around.data } else { stream };
    let mut pictures = Pictures::new(content, budget, data.len() + table.len() + stream.len());
    for at in in_text(document, &around.objects) {
        add(data.get(at..).unwrap_or_default(), &mut pictures);
    }
    if is_97 && let Some(place) = document.fib.place(stream, Item::DggInfo) {
        // Behind the list of all pictures come the shapes.
        let drawings = slice(table, place);
        if let Some(list) = Records::within(drawings, 0..drawings.len()).next() {
            pictures.drawing(&drawings[list.data], stream);
        }
    }
}

/// Where the pictures stand, each once, in the order of the text. Those of objects that are read are left out.
fn in_text(document: &Document<'_>, objects: &BTreeSet<u32>) -> Vec<usize> {
    let runs =
        Pages::read(document.fib, &document.stream.bytes, document.table, Item::PlcfBteChpx).pictures();
    let mut pieces: Vec<_> = document.pieces.iter().collect();
    pieces.sort_by_key(|piece| piece.at);
    let mut object = None;
    let mut found = Vec::new();
    for (start, end, pictured) in runs {
        match pictured {
            Pictured::Object(number) => object = Some((end, number)),
            Pictured::At(at) => {
                // The field of an object ends with the picture of what is in it.
                let of_object = object.take_if(|(end, _)| *end == start);
                if of_object.is_some_and(|(_, number)| objects.contains(&number)) {
                    continue;
                }
                let before = pieces.partition_point(|piece| piece.at <= start);
                let Some(piece) = before.checked_sub(1).map(|before| pieces[before]) else { continue };
                let number = ((start - piece.at) / piece.unit.bytes()) as u32;
                let is_there = number < piece.characters.len() as u32
                    && document.stream.bytes.get(start) == Some(&PICTURE);
                if is_there {
                    found.push((piece.characters.start + number, at));
                }
            }
        }
    }
    found.sort_unstable();
    let mut seen = BTreeSet::new();
    found.into_iter().map(|(_, at)| at).filter(|&at| seen.insert(at)).collect()
}

/// Adds a picture behind its header, a PICF.
fn add(picture: &[u8], pictures: &mut Pictures<'_, '_, '_>) {
    /// What the header says that stands behind it: shapes, and shapes after the name of a file.
    const SHAPE: u16 = 0x64;
    const NAMED_SHAPE: u16 = 0x66;
    let (Some(length), Some(header), Some(kind)) =
        (u32_at(picture, 0), u16_at(picture, 4), u16_at(picture, 6))
    else {
        return;
    };
    let picture = &picture[..picture.len().min(length as usize)];
    let rest = picture.get(usize::from(header)..).unwrap_or_default();
    match kind {
        SHAPE => pictures.drawing(rest, &[]),
        NAMED_SHAPE => {
            let name = rest.first().map_or(0, |&length| usize::from(length));
            pictures.drawing(rest.get(1 + name..).unwrap_or_default(), &[]);
        }
        _ if metafile::is_metafile(rest) => pictures.metafile(rest),
        _ => {}
    }
}
