//! EMF+: records in the comments of an EMF ([MS-EMFPLUS]), with numbers that may be fractions.
//!
//! Programs that write EMF+ mostly write the same picture as EMF too. This is for those that do not.

use super::device::{Characters, Device, Font, Modify, Text, Transform};
use super::fields::{Fields, Point};

/// "EMF+" at the beginning of a comment.
const SIGNATURE: u32 = 0x2B46_4D45;
/// Type, flags, size, size of the data.
const RECORD_BYTES: usize = 12;
/// Flags of an object: its kind, and whether more of it follows in the next record.
const OBJECT_KIND: u16 = 0x7F00;
const FONT_OBJECT: u16 = 0x0600;
const CONTINUED: u16 = 0x8000;
/// The transformation is applied after those before it.
const POST_MULTIPLIED: u16 = 0x2000;
/// The glyphs of EmfPlusDrawDriverString are characters.
const CHARACTERS: u32 = 1;
/// The text alignment at whose reference point EmfPlusDrawDriverString stands: the baseline.
const BASELINE: u32 = 24;
const TOP: u32 = 0;

/// Plays the records in a comment, whose data begins with its length.
pub(super) fn play(device: &mut Device, comment: Fields<'_>, offset: usize) -> Option<()> {
    if comment.u32(4)? != SIGNATURE {
        return None;
    }
    let length = comment.u32(0)? as usize;
    let data = comment.from(4)?;
    let records = &data[..length.min(data.len())];
    let mut at = 4;
    while let Some(rest) = records.get(at..) {
        let record = Fields(rest);
        let (kind, flags) = (record.u16(0)?, record.u16(2)?);
        let size = record.u32(4)? as usize;
        if size < RECORD_BYTES {
            return None;
        }
        let data = &rest[RECORD_BYTES.min(rest.len())..size.min(rest.len())];
        // A record that is cut draws nothing; others may still.
        let _ = play_one(device, kind, flags, Fields(data), offset + 4 + at + RECORD_BYTES);
        at = at.saturating_add(size);
    }
    Some(())
}

fn play_one(device: &mut Device, kind: u16, flags: u16, data: Fields<'_>, offset: usize) -> Option<()> {
    let slot = u32::from(flags & 0xFF);
    let how = if flags & POST_MULTIPLIED == 0 { Modify::Left } else { Modify::Right };
    match kind {
        0x4008 if flags & OBJECT_KIND == FONT_OBJECT && flags & CONTINUED == 0 => {
            device.create_at(slot, Some(Font::new(-data.f32(4)?.abs(), 0, 1, b"")));
        }
        0x4008 => device.create_at(slot, None),
        0x401C => draw_string(device, slot, data, offset)?,
        0x4036 => draw_driver_string(device, slot, data, offset)?,
        0x4025 => device.save(),
        0x4026 => device.restore(-1),
        0x402A => device.transform(Transform::read(data, 0)?, &Modify::Set),
        0x402B => device.transform(Transform::IDENTITY, &Modify::Set),
        0x402C => device.transform(Transform::read(data, 0)?, &how),
        0x402D => {
            let (dx, dy) = (data.f32(0)?, data.f32(4)?);
            device.transform(Transform { dx, dy, ..Transform::IDENTITY }, &how);
        }
        0x402E => {
            let (m11, m22) = (data.f32(0)?, data.f32(4)?);
            device.transform(Transform { m11, m22, ..Transform::IDENTITY }, &how);
        }
        _ => {}
    }
    Some(())
}

/// [MS-EMFPLUS] 2.3.4.14: brush, format, length, a rectangle, the text.
fn draw_string(device: &mut Device, slot: u32, data: Fields<'_>, offset: usize) -> Option<()> {
    let count = data.u32(8)? as usize;
    let at = Point { x: data.f32(12)?, y: data.f32(16)? };
    let characters = Characters::utf_16(data.slice(28, count.checked_mul(2)?)?);
    device.select(slot);
    device.align(TOP);
    device.draw(Text { characters, offset: offset + 28, at, width: None });
    Some(())
}

/// [MS-EMFPLUS] 2.3.4.6: brush, options, whether there is a matrix, count, glyphs, their places.
fn draw_driver_string(device: &mut Device, slot: u32, data: Fields<'_>, offset: usize) -> Option<()> {
    if data.u32(4)? & CHARACTERS == 0 {
        return None;
    }
    let count = data.u32(12)? as usize;
    let glyphs = data.slice(16, count.checked_mul(2)?)?;
    let places = 16 + glyphs.len();
    let at = Point { x: data.f32(places)?, y: data.f32(places + 4)? };
    device.select(slot);
    device.align(BASELINE);
    device.draw(Text { characters: Characters::utf_16(glyphs), offset: offset + 16, at, width: None });
    Some(())
}
