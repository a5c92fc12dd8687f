//! Objects in a compound file ([MS-OLEDS] 1.3.3): what was put into a document out of another program. Each has a
//! storage of its own, in `ObjectPool` of a Word document, at the top of a workbook, and as the whole file in an office
//! file of XML.

use std::collections::BTreeSet;

use super::metafile::is_metafile;
use super::{Content, Format, Object, ole1, outlook};
use crate::container::ole2::Compound;
use crate::container::{self, Budget, Part};
use crate::little_endian::u32_at;

/// The native data of a program that knows no storages ([MS-OLEDS] 2.3.6).
const NATIVE: &str = "\u{1}Ole10Native";
/// Streams that programs put a whole file into: those of Office one of XML, others whatever is theirs.
const FILES: [&str; 2] = ["Package", "CONTENTS"];
/// How an object looks, on the screen first: the cache of OLE ([MS-OLEDS] 2.3.4), and Word's ([MS-DOC] 2.1.4).
const PRESENTATIONS: [&str; 2] = ["\u{2}OlePres000", "\u{2}OlePres001"];
const PICTURES: [&str; 3] = ["\u{3}META", "\u{3}EPRINT", "\u{3}PRINT"];

/// Adds the objects. Storages in storages make no depth: each is taken by itself, with the streams that stand in no
/// other.
pub(super) fn read(compound: Compound<'_>, budget: &mut Budget<'_>, content: &mut Content) {
    for (path, mut storage) in compound.into_storages() {
        let is_top = path.is_empty();
        let is_read = match content.format {
            // A message comes with the messages and attachments in it.
            Some(Format::OutlookMessage) => is_top || outlook::is_message(&storage),
            Some(_) => is_top,
            None => false,
        };
        if is_read {
            continue;
        }
        let name = path.trim_start_matches('/');
        if let Some(part) = file(&storage, name) {
            content.parts.push(part);
        } else if let Some(inner) = super::streams(&mut storage, &[], false, budget) {
            content.objects.push(Object { name: name.to_owned(), content: inner });
        } else if content.format.is_some()
            && let Some(picture) = picture(&storage)
        {
            // Of what cannot be read, at least what is seen of it.
            content.picture(picture);
        }
    }
}

/// Whether there is an object in the file that [`read`] gets more out of than a picture.
pub(super) fn is_any(compound: &Compound<'_>) -> bool {
    compound.paths().filter_map(|path| path.strip_prefix('/')).any(is_of_object)
}

/// The numbers of those objects in a Word document that [`read`] gets more out of than a picture ([MS-DOC] 2.1.4).
pub(super) fn numbers(compound: &Compound<'_>) -> BTreeSet<u32> {
    let of_object = |path: &str| {
        let (number, name) = path.strip_prefix("/ObjectPool/_")?.split_once('/')?;
        number.parse().ok().filter(|_| is_of_object(name))
    };
    compound.paths().filter_map(of_object).collect()
}

/// Whether a stream of that name is the one in which an object keeps what it is.
fn is_of_object(name: &str) -> bool {
    const STREAMS: [&str; 6] =
        ["WordDocument", "Workbook", "Book", "PowerPoint Document", "EncryptedPackage", NATIVE];
    STREAMS.iter().chain(&FILES).any(|known| known.eq_ignore_ascii_case(name))
}

fn bytes<'c>(storage: &'c Compound<'_>, name: &str) -> Option<&'c [u8]> {
    storage.stream(&format!("/{name}")).map(|stream| &*stream.bytes)
}

/// The file that an object is, if a person packed one or if it is one that is read.
fn file(storage: &Compound<'_>, path: &str) -> Option<Part> {
    if let Some((length, native)) = bytes(storage, NATIVE).and_then(|native| native.split_first_chunk()) {
        let length = u32::from_le_bytes(*length) as usize;
        let native = &native[..length.min(native.len())];
        return ole1::package(native).or_else(|| known_file(path, "Ole10Native", native));
    }
    FILES.iter().find_map(|name| known_file(path, name, bytes(storage, name)?))
}

fn known_file(path: &str, name: &str, bytes: &[u8]) -> Option<Part> {
    let name = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    let is_known = super::sniff(bytes).is_some() || container::sniff(bytes).is_some();
    is_known.then(|| Part { name: name.into_bytes(), bytes: bytes.to_vec(), problem: None })
}

/// The metafile that shows an object.
fn picture<'c>(storage: &'c Compound<'_>) -> Option<&'c [u8]> {
    let presentations = PRESENTATIONS.iter().filter_map(|name| presented(bytes(storage, name)?));
    let pictures = PICTURES.iter().filter_map(|name| bytes(storage, name));
    presentations.chain(pictures).find_map(metafile)
}

/// A metafile, maybe behind the size that it is to have: a METAFILEPICT, or what Word calls an MFPF ([MS-DOC] 2.9.156).
fn metafile(bytes: &[u8]) -> Option<&[u8]> {
    const SIZE_BYTES: usize = 8;
    [0, SIZE_BYTES].into_iter().find_map(|at| bytes.get(at..).filter(|bytes| is_metafile(bytes)))
}

/// The data of an OLEPresentationStream ([MS-OLEDS] 2.3.4) in a format of the clipboard that has a number.
fn presented(stream: &[u8]) -> Option<&[u8]> {
    /// Aspect, index, advice, a reserved word, width and height stand between the device and the data's length.
    const FIXED_BYTES: usize = 24;
    const IS_NUMBER: [u32; 2] = [0xFFFF_FFFF, 0xFFFF_FFFE];
    let u32_at = |at: usize| u32_at(stream, at);
    if !IS_NUMBER.contains(&u32_at(0)?) {
        return None;
    }
    // The length of the device counts itself.
    let length_at = (8_usize).checked_add(u32_at(8)?.max(4) as usize)?.checked_add(FIXED_BYTES)?;
    let length = u32_at(length_at)? as usize;
    let data = stream.get(length_at + 4..)?;
    Some(&data[..length.min(data.len())])
}
