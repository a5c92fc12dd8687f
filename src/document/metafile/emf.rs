//! EMF: records of 32-bit words.

use super::device::{Characters, Device, Font, Modify, Text, Transform};
use super::fields::{Fields, Point};
use super::{Drawn, emf_plus};

const SIGNATURE_AT: usize = 40;
const SIGNATURE: &[u8] = b" EMF";
/// Type and size.
const RECORD_BYTES: usize = 8;
const EMR_EOF: u32 = 14;
const EMR_COMMENT: u32 = 70;
/// Objects above this are those that Windows has at hand.
const STOCK_OBJECT: u32 = 0x8000_0000;
/// The first and the last stock object that is a font.
const STOCK_FONTS: std::ops::RangeInclusive<u32> = 0x8000_000A..=0x8000_0011;

/// Where EmrText stands in EMR_EXTTEXTOUT, and how long it is in EMR_POLYTEXTOUT.
const EMR_TEXT_AT: usize = 36;
const EMR_TEXT_BYTES: usize = 40;

/// Options of text records ([MS-EMF] 2.1.11).
const GLYPH_INDEX: u32 = 0x0010;
const NO_RECTANGLE: u32 = 0x0100;
const SMALL_CHARACTERS: u32 = 0x0200;
const WITH_Y: u32 = 0x2000;

/// Whether a file that begins so is an EMF.
pub(super) fn is_header(head: &[u8]) -> bool {
    head.starts_with(&[1, 0, 0, 0]) && head.get(SIGNATURE_AT..SIGNATURE_AT + 4) == Some(SIGNATURE)
}

/// Reads the texts of an EMF.
pub(super) fn read(bytes: &[u8]) -> Drawn {
    let mut device = Device::new();
    let mut plus = Device::new();
    let mut at = 0;
    let mut has_ended = false;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let record = Fields(rest);
        let (Some(kind), Some(length)) = (record.u32(0), record.u32(4)) else { break };
        let length = length as usize;
        if kind == EMR_EOF {
            has_ended = true;
            break;
        }
        if length < RECORD_BYTES {
            break;
        }
        // Of a record that is cut, what is there.
        let record = Fields(&rest[..length.min(rest.len())]);
        let _ = match kind {
            EMR_COMMENT => record
                .from(RECORD_BYTES)
                .and_then(|comment| emf_plus::play(&mut plus, Fields(comment), at + RECORD_BYTES)),
            _ => play(&mut device, kind, record, at),
        };
        at = at.saturating_add(length);
    }
    let device = if device.has_drawn() { device } else { plus };
    device.into_drawn("emf", has_ended)
}

/// Does what the record says; `None` if it is cut before it says it.
fn play(device: &mut Device, kind: u32, record: Fields<'_>, offset: usize) -> Option<()> {
    match kind {
        83 | 84 => text(device, record, EMR_TEXT_AT, Width::of(kind == 84), offset)?,
        96 | 97 => texts(device, record, Width::of(kind == 97), offset)?,
        108 => small_text(device, record, offset)?,
        82 => device.create_at(record.u32(8)?, Some(font(record)?)),
        // EMR_CREATEPEN, …BRUSHINDIRECT, …PALETTE, …MONOBRUSH, …DIBPATTERNBRUSHPT, EMR_EXTCREATEPEN
        38 | 39 | 49 | 93 | 94 | 95 => device.create_at(record.u32(8)?, None),
        37 => match record.u32(8)? {
            stock if STOCK_FONTS.contains(&stock) => device.select_stock_font(),
            slot if slot < STOCK_OBJECT => device.select(slot),
            _ => {}
        },
        40 => device.delete(record.u32(8)?),
        33 => device.save(),
        34 => device.restore(record.i32(8)?),
        22 => device.align(record.u32(8)?),
        27 => device.move_to(record.xy(8)?),
        17 => device.map_mode(record.u32(8)?),
        9 => device.window().extent = record.xy(8)?,
        10 => device.window().origin = record.xy(8)?,
        11 => device.viewport().extent = record.xy(8)?,
        12 => device.viewport().origin = record.xy(8)?,
        31 => device.viewport().scale(ratio(record)?),
        32 => device.window().scale(ratio(record)?),
        35 => device.transform(Transform::read(record, RECORD_BYTES)?, &Modify::Set),
        36 => match record.u32(32)? {
            1 => device.transform(Transform::IDENTITY, &Modify::Set),
            2 => device.transform(Transform::read(record, RECORD_BYTES)?, &Modify::Left),
            3 => device.transform(Transform::read(record, RECORD_BYTES)?, &Modify::Right),
            4 => device.transform(Transform::read(record, RECORD_BYTES)?, &Modify::Set),
            _ => {}
        },
        _ => {}
    }
    Some(())
}

/// How wide the units of a text are.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Width {
    Bytes,
    Utf16,
    /// The low bytes of UTF-16.
    Latin1,
}

impl Width {
    fn of(is_wide: bool) -> Self {
        if is_wide { Self::Utf16 } else { Self::Bytes }
    }
}

fn characters<'a>(record: Fields<'a>, at: usize, count: usize, width: Width) -> Option<Characters<'a>> {
    match width {
        Width::Bytes => record.slice(at, count).map(Characters::Bytes),
        Width::Latin1 => {
            let bytes = record.slice(at, count)?;
            Some(Characters::Unicode(bytes.iter().copied().map(char::from).collect()))
        }
        Width::Utf16 => record.slice(at, count.checked_mul(2)?).map(Characters::utf_16),
    }
}

/// EMR_POLYTEXTOUTA and EMR_POLYTEXTOUTW: how many texts, then an EmrText for each.
fn texts(device: &mut Device, record: Fields<'_>, width: Width, offset: usize) -> Option<()> {
    let count = record.u32(EMR_TEXT_AT)? as usize;
    // All texts can point at the same bytes: together they would be far longer than the record.
    let most = record.0.len();
    let mut characters = most;
    for place in (EMR_TEXT_AT + 4..record.0.len()).step_by(EMR_TEXT_BYTES).take(count) {
        match characters.checked_sub(record.u32(place + 8)? as usize) {
            Some(left) => characters = left,
            None => {
                device.leave_out("characters in a record of texts", most);
                break;
            }
        }
        text(device, record, place, width, offset)?;
    }
    Some(())
}

/// [MS-EMF] 2.2.5 EmrText: reference point, length, where the text is, options, a rectangle, where the distances are.
fn text(device: &mut Device, record: Fields<'_>, place: usize, width: Width, offset: usize) -> Option<()> {
    let at = record.xy(place)?;
    let count = record.u32(place + 8)? as usize;
    let text_at = record.u32(place + 12)? as usize;
    let options = record.u32(place + 16)?;
    // A text that has no bytes of its own: the record would be read as text.
    if options & GLYPH_INDEX != 0 || text_at < EMR_TEXT_AT + EMR_TEXT_BYTES {
        return Some(());
    }
    let characters = characters(record, text_at, count, width)?;
    let step = if options & WITH_Y != 0 { 8 } else { 4 };
    let distances = record
        .u32(place + 36)
        .filter(|at| *at > 0)
        .and_then(|at| record.slice(at as usize, count.checked_mul(step)?));
    let sum = |distances: &[u8]| {
        distances.chunks_exact(step).filter_map(|distance| Fields(distance).i32(0)).map(f64::from).sum()
    };
    let width = distances.map(sum).filter(|width: &f64| *width > 0.0);
    device.draw(Text { characters, offset: offset + text_at, at, width });
    Some(())
}

/// [MS-EMF] 2.3.5.37 EMR_SMALLTEXTOUT
fn small_text(device: &mut Device, record: Fields<'_>, offset: usize) -> Option<()> {
    let at = record.xy(8)?;
    let count = record.u32(16)? as usize;
    let options = record.u32(20)?;
    if options & GLYPH_INDEX != 0 {
        return Some(());
    }
    let text_at = if options & NO_RECTANGLE != 0 { 36 } else { 52 };
    let width = if options & SMALL_CHARACTERS != 0 { Width::Latin1 } else { Width::Utf16 };
    let characters = characters(record, text_at, count, width)?;
    device.draw(Text { characters, offset: offset + text_at, at, width: None });
    Some(())
}

/// EMR_EXTCREATEFONTINDIRECTW: the slot, then LOGFONTW ([MS-EMF] 2.2.13).
fn font(record: Fields<'_>) -> Option<Font> {
    let name = record.from(40).unwrap_or_default().chunks_exact(2).take(32);
    let name: Vec<u8> = name.take_while(|pair| **pair != [0, 0]).map(|pair| pair[0]).collect();
    Some(Font::new(record.i32(12)?.into(), record.i32(20)?, record.u8(35)?, &name))
}

/// EMR_SCALEVIEWPORTEXTEX and EMR_SCALEWINDOWEXTEX: numerator and denominator of x, then those of y.
fn ratio(record: Fields<'_>) -> Option<Point> {
    let one = |at: usize| {
        let (numerator, denominator) = (f64::from(record.i32(at)?), f64::from(record.i32(at + 4)?));
        (denominator != 0.0 && numerator != 0.0).then(|| numerator / denominator)
    };
    Some(Point { x: one(8)?, y: one(16)? })
}
