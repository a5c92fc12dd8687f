//! Word documents up to Word 2003: which characters are where in the file, in which zone, and what the file says of
//! them.

mod fib;
mod fonts;
mod formatting;
mod headers;
mod pieces;
mod salvage;
mod text;

use self::fib::{Fib, Generation};
use self::text::Document;
use super::{Content, Format};
use crate::container::Problem;
use crate::container::ole2::{Compound, Stream};

/// Sectors of a compound file, at which its streams begin.
const SECTOR_BYTES: usize = 512;

/// Whether a file that begins so is a document outside of a compound file: one of Word 2, or one whose first sector was
/// wiped out.
pub(super) fn is_flat(head: &[u8]) -> bool {
    let is_wiped = head.get(..SECTOR_BYTES).is_some_and(|sector| sector.iter().all(|&byte| byte == 0));
    fib::is_fib(head) || is_wiped && salvage::in_file(head).is_some()
}

/// Reads a document outside of a compound file.
pub(super) fn read_flat(file: &[u8]) -> Content {
    let mut content = Content { format: Some(Format::Word), ..Content::default() };
    let stream = Stream::of_file(file, 0);
    match (Fib::read(file), salvage::in_file(file)) {
        (Some(fib), _) if fib.generation != Generation::Word97 => {
            if !read_stream(&fib, &stream, Some(file), &mut content) {
                content.problems.push(damaged("no text was found"));
            }
        }
        (Some(fib), _) => salvage::read(&fib, &stream, &[], file, &mut content),
        (None, Some((fib, stream))) => {
            content.problems.push(damaged("the header of the compound file is lost"));
            salvage::read(&fib, &stream, &[], file, &mut content);
        }
        (None, None) => content.problems.push(damaged("it ends within its header")),
    }
    content
}

/// Reads the document of a compound file. `None` if there is none in it.
pub(super) fn read(compound: &mut Compound<'_>, file: &[u8]) -> Option<Content> {
    let mut content = Content { format: Some(Format::Word), ..Content::default() };
    if let Some(stream) = compound.stream("/WordDocument")
        && let Some(fib) = Fib::read(&stream.bytes)
    {
        let table = if fib.generation == Generation::Word97 {
            compound.stream(fib.table).map(|stream| &*stream.bytes)
        } else {
            Some(&*stream.bytes)
        };
        if read_stream(&fib, stream, table, &mut content) {
            return Some(content);
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
    salvage::read(&fib, &stream, &salvage::tables(compound, &orphans), file, &mut content);
    Some(content)
}

/// Reads a stream with its tables. False if these are not there or make no sense.
fn read_stream(fib: &Fib, stream: &Stream<'_>, table: Option<&[u8]>, content: &mut Content) -> bool {
    if fib.is_encrypted {
        content.problems.push(encrypted());
        return true;
    }
    let Some(table) = table else { return false };
    let Some(pieces) = pieces::read(fib, &stream.bytes, table) else { return false };
    let (pieces, is_whole) = within(pieces, stream.bytes.len());
    if pieces.is_empty() {
        return false;
    }
    if !is_whole {
        content.problems.push(damaged("a part of the text is not there"));
    }
    Document { fib, stream, table, pieces }.write(content);
    true
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
