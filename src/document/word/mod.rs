//! Word documents up to Word 2003: which characters are where in the file, in which zone, and what the file says of
//! them.

mod fib;
mod fonts;
mod formatting;
mod headers;
mod pictures;
mod pieces;
mod salvage;
mod text;

use self::fib::{Fib, Generation};
use self::pictures::Around;
use self::text::Document;
use super::{Content, Format};
use crate::container::ole2::{Compound, Stream};
use crate::container::{Budget, Problem};

/// Sectors of a compound file, at which its streams begin.
const SECTOR_BYTES: usize = 512;

/// Whether a file that begins so is a document outside of a compound file: one of Word 2, or one whose first sector was
/// wiped out.
pub(super) fn is_flat(head: &[u8]) -> bool {
    let is_wiped = head.get(..SECTOR_BYTES).is_some_and(|sector| sector.iter().all(|&byte| byte == 0));
    fib::is_fib(head) || is_wiped && salvage::in_file(head).is_some()
}

/// Reads a document outside of a compound file.
pub(super) fn read_flat(file: &[u8], budget: &mut Budget<'_>) -> Content {
    let mut content = Content { format: Some(Format::Word), ..Content::default() };
    let stream = Stream::of_file(file, 0);
    let around = Around::default();
    match (Fib::read(file), salvage::in_file(file)) {
        (Some(fib), _) if fib.generation != Generation::Word97 => {
            match whole(&fib, &stream, Some(file), &mut content) {
                Ok(document) => write(&document, &around, budget, &mut content),
                Err(Unread::Encrypted) => {}
                Err(Unread::Lost) => content.problems.push(damaged("no text was found")),
            }
        }
        (Some(fib), _) => {
            if let Some(document) = salvage::read(&fib, &stream, &[], file, &mut content) {
                write(&document, &around, budget, &mut content);
            }
        }
        (None, Some((fib, stream))) => {
            content.problems.push(damaged("the header of the compound file is lost"));
            if let Some(document) = salvage::read(&fib, &stream, &[], file, &mut content) {
                write(&document, &around, budget, &mut content);
            }
        }
        (None, None) => content.problems.push(damaged("it ends within its header")),
    }
    content
}

/// Reads the document of a compound file. `None` if there is none in it.
pub(super) fn read(compound: &mut Compound<'_>, file: &[u8], budget: &mut Budget<'_>) -> Option<Content> {
    let mut content = Content { format: Some(Format::Word), ..Content::default() };
    if let Some(stream) = compound.stream("/WordDocument")
        && let Some(fib) = Fib::read(&stream.bytes)
    {
        let table = if fib.generation == Generation::Word97 {
            compound.stream(fib.table).map(|stream| &*stream.bytes)
        } else {
            Some(&*stream.bytes)
        };
        match whole(&fib, stream, table, &mut content) {
            Ok(document) => {
                write(&document, &Around::of(compound), budget, &mut content);
                return Some(content);
            }
            Err(Unread::Encrypted) => return Some(content),
            Err(Unread::Lost) => {}
        }
    }
    let orphans = compound.orphans();
    let is_named = compound.stream("/WordDocument").is_some();
    let Some((fib, stream)) = salvage::find(compound, &orphans, file) else {
        if is_named {
            content.problems.push(damaged("no text was found"));
        }
        return is_named.then_some(content);
    };
    let tables = salvage::tables(compound, &orphans);
    if let Some(document) = salvage::read(&fib, &stream, &tables, file, &mut content) {
        write(&document, &Around::of(compound), budget, &mut content);
    }
    Some(content)
}

/// Why there is no document in a stream and its tables.
enum Unread {
    Encrypted,
    /// They are not there or make no sense.
    Lost,
}

/// The document in a stream and its tables. What is not as it should be is told in `content`.
fn whole<'s>(
    fib: &'s Fib,
    stream: &'s Stream<'s>,
    table: Option<&'s [u8]>,
    content: &mut Content,
) -> Result<Document<'s>, Unread> {
    if fib.is_encrypted {
        content.problems.push(encrypted());
        return Err(Unread::Encrypted);
    }
    let table = table.ok_or(Unread::Lost)?;
    let pieces = pieces::read(fib, &stream.bytes, table).ok_or(Unread::Lost)?;
    let (pieces, is_whole) = within(pieces, stream.bytes.len());
    if pieces.is_empty() {
        return Err(Unread::Lost);
    }
    if !is_whole {
        content.problems.push(damaged("a part of the text is not there"));
    }
    Ok(Document { fib, stream, table, pieces })
}

fn write(document: &Document<'_>, around: &Around<'_>, budget: &mut Budget<'_>, content: &mut Content) {
    document.write(content);
    pictures::read(document, around, budget, content);
}

/// The pieces as far as they are in the stream, together no longer than it is. False if that is not all.
fn within(pieces: Vec<pieces::Piece>, bytes: usize) -> (Vec<pieces::Piece>, bool) {
    let mut left = bytes;
    let mut is_whole = true;
    let pieces = pieces.into_iter().filter_map(|mut piece| {
        let characters = piece.characters.len();
        let there = bytes.saturating_sub(piece.at).min(left) / piece.unit.bytes();
        is_whole &= there >= characters.saturating_sub(1);
        piece.characters.end = piece.characters.start + there.min(characters) as u32;
        left -= piece.characters.len() * piece.unit.bytes();
        (!piece.characters.is_empty()).then_some(piece)
    });
    (pieces.collect(), is_whole)
}

fn damaged(found: impl Into<String>) -> Problem {
    Problem::Damaged { format: "doc", found: found.into() }
}

fn encrypted() -> Problem {
    Problem::Unsupported { what: "an encrypted document".to_owned() }
}

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;
