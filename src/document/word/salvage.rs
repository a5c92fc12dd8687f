//! Documents in damaged compound files: the stream is found by its magic number, its tables by what must be in them,
//! and without tables the text is taken from where it usually stands.

use std::ops::Range;

use super::fib::{self, Fib, Generation, Item};
use super::pieces::{self, Piece, Unit};
use super::text::Document;
use super::{SECTOR_BYTES, damaged, encrypted, within};
use crate::container::ole2::{Compound, SMALL_SECTOR_BYTES, Stream};
use crate::document::Content;

/// The stream of the document: the one of that name, or in a chain of sectors without a name, or what stands in one
/// piece behind a magic number.
pub(super) fn find<'a>(
    compound: &Compound<'a>,
    orphans: &[Stream<'a>],
    file: &'a [u8],
) -> Option<(Fib, Stream<'a>)> {
    let named = compound.stream("/WordDocument");
    let named = named.and_then(|stream| Some((Fib::read(&stream.bytes)?, stream.clone())));
    named.or_else(|| orphans.iter().find_map(within_stream)).or_else(|| in_file(file))
}

/// The first stream that stands in the file as a document begins. Its end is not known.
pub(super) fn in_file(file: &[u8]) -> Option<(Fib, Stream<'_>)> {
    within_stream(&Stream::of_file(file, SECTOR_BYTES))
}

/// The first stream that stands in another one as a document begins: streams of less than 4096 bytes are all in one.
fn within_stream<'a>(stream: &Stream<'a>) -> Option<(Fib, Stream<'a>)> {
    let mut starts = (0..stream.bytes.len()).step_by(SMALL_SECTOR_BYTES);
    starts.find_map(|start| {
        let head = &stream.bytes[start..];
        Some((Fib::read(head).filter(|fib| fib.is_plausible(head.len()))?, stream.tail(start)))
    })
}

/// Streams that may be the one with the tables.
pub(super) fn tables<'c>(compound: &'c Compound<'_>, orphans: &'c [Stream<'_>]) -> Vec<&'c [u8]> {
    let named = ["/0Table", "/1Table"].into_iter().filter_map(|path| compound.stream(path));
    named.chain(orphans).map(|stream| &*stream.bytes).collect()
}

/// The document in the stream, with whatever tables fit it; `None` if it is encrypted. What was lost is told in
/// `content`.
pub(super) fn read<'s>(
    fib: &'s Fib,
    stream: &'s Stream<'s>,
    tables: &[&'s [u8]],
    file: &'s [u8],
    content: &mut Content,
) -> Option<Document<'s>> {
    if fib.is_encrypted {
        content.problems.push(encrypted());
        return None;
    }
    let others = tables.iter().copied();
    let mut tables = others.clone().chain([&*stream.bytes]);
    let found = tables.find_map(|table| Some((table, fitting(fib, &stream.bytes, table)?)));
    let found =
        found.or_else(|| others.chain([file]).find_map(|bytes| carved_table(fib, &stream.bytes, bytes)));
    let (table, pieces) = match found {
        Some((table, pieces)) => {
            content.problems.push(damaged("its streams were found by what is in them"));
            (table, pieces)
        }
        None => {
            content
                .problems
                .push(damaged("its tables are lost: the text is what stands where a text begins"));
            (&[][..], without_tables(fib, &stream.bytes))
        }
    };
    let (pieces, is_whole) = within(pieces, stream.bytes.len());
    let there: u64 = pieces.iter().map(|piece| piece.characters.len() as u64).sum();
    if !is_whole || table.is_empty() && there < fib.length() {
        content.problems.push(damaged(format!("{there} of {} characters are there", fib.length())));
    }
    Some(Document { fib, stream, table, pieces })
}

/// The pieces, if the tables are those of this document.
fn fitting(fib: &Fib, stream: &[u8], table: &[u8]) -> Option<Vec<Piece>> {
    let is_fitting =
        !pieces::has_clx(fib) || pieces::is_fitting(fib, fib::slice(table, fib.place(stream, Item::Clx)?));
    is_fitting.then(|| pieces::read(fib, stream, table))?
}

/// The stream with the tables by the table of pieces, whose place in it is known: anywhere where a stream may begin.
fn carved_table<'f>(fib: &Fib, stream: &[u8], bytes: &'f [u8]) -> Option<(&'f [u8], Vec<Piece>)> {
    if fib.generation != Generation::Word97 {
        return None;
    }
    let mut starts = (0..bytes.len()).step_by(SMALL_SECTOR_BYTES).map(|start| &bytes[start..]);
    starts.find_map(|table| Some((table, fitting(fib, stream, table)?)))
}

/// The text from where the program says that it begins. What is no text there is passed over: where the chain of a stream
/// is lost, sectors of other streams may stand between its own.
fn without_tables(fib: &Fib, stream: &[u8]) -> Vec<Piece> {
    let stated = fib.text.end.saturating_sub(fib.text.start);
    let length = u32::try_from(fib.length()).unwrap_or(u32::MAX);
    let most = |unit: Unit| match length {
        0 => stated / unit.bytes() * unit.bytes(),
        _ => (length as usize).saturating_add(1).saturating_mul(unit.bytes()),
    };
    let unit = match fib.generation {
        Generation::Word97 => {
            // Text of bytes has no zeros, and hardly any text of 16 bits has none: a paragraph ends with one. Behind its
            // last character there may be any.
            let counted = if length > 0 { length as usize } else { stated };
            let wide = stretches(stream, fib.text.start, Unit::Utf16, counted);
            let is_wide = wide.first().is_some_and(|first| stream[first.clone()].contains(&0));
            if is_wide { Unit::Utf16 } else { Unit::Byte }
        }
        _ if fib.is_double_byte => Unit::DoubleByteCode,
        _ => Unit::Byte,
    };
    let mut done = 0;
    let pieces = stretches(stream, fib.text.start, unit, most(unit)).into_iter().map(|stretch| {
        let begin: u32 = done;
        done = begin.saturating_add(u32::try_from(stretch.len() / unit.bytes()).unwrap_or(u32::MAX));
        Piece { characters: begin..done, at: stretch.start, unit }
    });
    pieces.collect()
}

/// The stretches of a stream from `start` on whose sectors are text, together of at most so many bytes.
fn stretches(stream: &[u8], start: usize, unit: Unit, most: usize) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let (mut at, mut left) = (start, most);
    while at < stream.len() && left > 0 {
        let end = stream.len().min((at / SECTOR_BYTES + 1) * SECTOR_BYTES);
        let sector = &stream[at..end.min(at.saturating_add(left))];
        // Behind the last character the sector is filled up.
        let mut units = sector.chunks(unit.bytes());
        let length = units.rposition(|unit| unit.iter().any(|byte| *byte != 0)).map_or(0, |last| last + 1);
        let text = &sector[..sector.len().min(length * unit.bytes())];
        if is_text(text, unit) {
            left -= text.len();
            match stretches.last_mut() {
                Some(last) if last.end == at => last.end += text.len(),
                _ => stretches.push(at..at + text.len()),
            }
        }
        at = end;
    }
    stretches
}

/// Whether what stands in a sector is text: hardly any character of it is a control that no text has ([MS-DOC] 2.4.1).
fn is_text(sector: &[u8], unit: Unit) -> bool {
    /// Of so many characters one may be damaged.
    const SPARSE: usize = 16;
    let is_stray = |code: u16| matches!(code, 0 | 6 | 0x0F..=0x12 | 0x16..=0x1D | 0xFFFE | 0xFFFF);
    let strays = match unit {
        Unit::Byte => sector.iter().filter(|byte| is_stray(u16::from(**byte))).count(),
        Unit::Utf16 | Unit::DoubleByteCode => {
            sector.chunks_exact(2).filter(|pair| is_stray(u16::from_le_bytes([pair[0], pair[1]]))).count()
        }
    };
    !sector.is_empty() && strays * SPARSE * unit.bytes() <= sector.len()
}
