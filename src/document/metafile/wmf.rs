//! WMF: records of 16-bit words.

use super::device::{Characters, Device, Font, Text};
use super::fields::{Fields, Point};
use super::{Drawn, emf};

const PLACEABLE_KEY: [u8; 4] = [0xD7, 0xCD, 0xC6, 0x9A];
const PLACEABLE_BYTES: usize = 22;
const HEADER_BYTES: usize = 18;
/// Size and function.
const RECORD_BYTES: usize = 6;

/// Flags of META_EXTTEXTOUT.
const OPAQUE: u16 = 0x0002;
const CLIPPED: u16 = 0x0004;
const GLYPH_INDEX: u16 = 0x0010;
const WITH_Y: u16 = 0x2000;

/// META_ESCAPE with a comment.
const COMMENT: u16 = 0x000F;
/// "WMFC": a piece of the EMF that this WMF was made from ([MS-WMF] 2.3.6.25).
const EMF_PIECE: u32 = 0x4346_4D57;
const EMF_PIECE_BYTES: usize = 34;

/// Whether a file that begins so is a WMF: by the key of the placeable header, else by all fields of the plain one.
pub(super) fn is_header(head: &[u8]) -> bool {
    let is_placeable = head.starts_with(&PLACEABLE_KEY);
    let header = Fields(if is_placeable { head.get(PLACEABLE_BYTES..).unwrap_or_default() } else { head });
    is_placeable && header.0.is_empty() || is_plain_header(header)
}

fn is_plain_header(header: Fields<'_>) -> bool {
    let fits = || {
        let is_kind = matches!(header.u16(0)?, 1 | 2) && header.u16(2)? == 9;
        let is_version = matches!(header.u16(4)?, 0x0100 | 0x0300);
        let (size, largest) = (header.u32(6)?, header.u32(12)?);
        let first = header.u32(HEADER_BYTES)?;
        let is_sized = size >= 12 && largest >= 3 && largest <= size && (3..=size).contains(&first);
        Some(is_kind && is_version && is_sized && header.u16(16)? == 0)
    };
    fits().unwrap_or(false)
}

/// Reads the texts of a WMF; if it was made from an EMF and brings it along, of that: there they are Unicode.
pub(super) fn read(bytes: &[u8]) -> Drawn {
    let start = if bytes.starts_with(&PLACEABLE_KEY) { PLACEABLE_BYTES } else { 0 };
    let mut player = Player { device: Device::new(), emf: Vec::new() };
    let mut at = start + HEADER_BYTES;
    let mut has_ended = false;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let record = Fields(rest);
        let (Some(words), Some(function)) = (record.u32(0), record.u16(4)) else { break };
        let length = (words as usize).saturating_mul(2);
        if function == 0 {
            has_ended = true;
            break;
        }
        if length < RECORD_BYTES {
            break;
        }
        // Of a record that is cut, what is there.
        let record = &rest[RECORD_BYTES..length.min(rest.len())];
        let _ = player.play(function, Fields(record), at + RECORD_BYTES);
        at = at.saturating_add(length);
    }
    let emf = emf::is_header(&player.emf).then(|| emf::read(&player.emf));
    let drawn = player.device.into_drawn("wmf", has_ended);
    match emf {
        Some(emf) if !emf.texts.is_empty() && (emf.has_ended || drawn.texts.is_empty()) => emf,
        _ => drawn,
    }
}

struct Player {
    device: Device,
    /// The EMF in comments, as far as it came.
    emf: Vec<u8>,
}

impl Player {
    /// Does what the record says; `None` if it is cut before it says it.
    fn play(&mut self, function: u16, record: Fields<'_>, offset: usize) -> Option<()> {
        let device = &mut self.device;
        match function {
            0x0521 => text_out(device, record, offset)?,
            0x0A32 => ext_text_out(device, record, offset)?,
            0x02FB => device.create(Some(font(record)?)),
            // META_CREATEPENINDIRECT, …BRUSHINDIRECT, …PATTERNBRUSH, META_DIBCREATEPATTERNBRUSH, META_CREATEPALETTE,
            // …REGION, and three of Windows 2
            0x02FA | 0x02FC | 0x01F9 | 0x0142 | 0x00F7 | 0x06FF | 0x00F8 | 0x02FD | 0x06FE => {
                device.create(None);
            }
            0x012D => device.select(record.u16(0)?.into()),
            0x01F0 => device.delete(record.u16(0)?.into()),
            0x001E => device.save(),
            0x0127 => device.restore(record.i16(0)?.into()),
            0x012E => device.align(record.u16(0)?.into()),
            0x0214 => device.move_to(record.yx(0)?),
            0x0103 => device.map_mode(record.u16(0)?.into()),
            0x020B => device.window().origin = record.yx(0)?,
            0x020C => device.window().extent = record.yx(0)?,
            0x020D => device.viewport().origin = record.yx(0)?,
            0x020E => device.viewport().extent = record.yx(0)?,
            0x020F => device.window().offset(record.yx(0)?),
            0x0211 => device.viewport().offset(record.yx(0)?),
            0x0410 => device.window().scale(ratio(record)?),
            0x0412 => device.viewport().scale(ratio(record)?),
            0x0626 => self.comment(record)?,
            _ => {}
        }
        Some(())
    }

    fn comment(&mut self, record: Fields<'_>) -> Option<()> {
        if record.u16(0)? == COMMENT && record.u32(4)? == EMF_PIECE {
            let length = record.u32(4 + 22)? as usize;
            let piece = record.from(4 + EMF_PIECE_BYTES)?;
            self.emf.extend_from_slice(&piece[..length.min(piece.len())]);
        }
        Some(())
    }
}

/// META_SCALEWINDOWEXT and META_SCALEVIEWPORTEXT: y denominator and numerator, then those of x.
fn ratio(record: Fields<'_>) -> Option<Point> {
    let one = |at: usize| {
        let (denominator, numerator) = (f64::from(record.i16(at)?), f64::from(record.i16(at + 2)?));
        (denominator != 0.0 && numerator != 0.0).then(|| numerator / denominator)
    };
    Some(Point { y: one(0)?, x: one(4)? })
}

/// [MS-WMF] 2.2.1.2 Font Object
fn font(record: Fields<'_>) -> Option<Font> {
    let name = record.from(18).unwrap_or_default();
    let name = name.split(|b| *b == 0).next().unwrap_or_default();
    Some(Font::new(record.i16(0)?.into(), record.i16(4)?.into(), record.u8(13)?, name))
}

/// META_TEXTOUT: length, text padded to whole words, y, x.
fn text_out(device: &mut Device, record: Fields<'_>, offset: usize) -> Option<()> {
    let length = usize::from(record.u16(0)?);
    let bytes = record.slice(2, length)?;
    let at = record.yx(2 + length + length % 2).unwrap_or(Point { x: 0.0, y: 0.0 });
    device.draw(Text { characters: Characters::Bytes(bytes), offset: offset + 2, at, width: None });
    Some(())
}

/// META_EXTTEXTOUT: y, x, length, options, a rectangle if one is used, text padded to whole words, distances.
fn ext_text_out(device: &mut Device, record: Fields<'_>, offset: usize) -> Option<()> {
    let at = record.yx(0)?;
    let length = usize::try_from(record.i16(4)?).ok()?;
    let options = record.u16(6)?;
    if options & GLYPH_INDEX != 0 {
        return None;
    }
    let text_at = if options & (OPAQUE | CLIPPED) != 0 { 16 } else { 8 };
    let bytes = record.slice(text_at, length)?;
    let step = if options & WITH_Y != 0 { 4 } else { 2 };
    let distances = record.slice(text_at + length + length % 2, length * step);
    let sum = |distances: &[u8]| {
        distances.chunks_exact(step).map(|pair| f64::from(i16::from_le_bytes([pair[0], pair[1]]))).sum()
    };
    let width = distances.map(sum).filter(|width: &f64| *width > 0.0);
    device.draw(Text { characters: Characters::Bytes(bytes), offset: offset + text_at, at, width });
    Some(())
}
