//! zip archives whose directory is gone, as when a download stopped: entry by entry, by the headers before them.
//!
//! Layout of a local header: APPNOTE.TXT 4.3.7.

use std::ops::ControlFlow;

use flate2::bufread::DeflateDecoder;

use super::zip::{ENCRYPTED_ENTRY, UTF8_FLAG};
use super::{Budget, Name, Part, Problem, Visit};

const LOCAL: &[u8] = b"PK\x03\x04";
const HEADER_BYTES: usize = 30;
const ENCRYPTED: u16 = 0x0001;
/// The sizes come after the data.
const HAS_DESCRIPTOR: u16 = 0x0008;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Larger numbers of methods and versions are no header.
const HIGHEST_METHOD: u16 = 99;
const HIGHEST_VERSION: u16 = 63;

/// A local header.
struct Header<'b> {
    flags: u16,
    method: u16,
    compressed: usize,
    name: &'b [u8],
    /// Where the data begins.
    data: usize,
}

/// Reads what entries there are, and tells `why` it was done this way.
pub(super) fn read(
    bytes: &[u8],
    why: Problem,
    budget: &mut Budget<'_>,
    visit: &mut dyn Visit,
) -> (ControlFlow<()>, Option<Problem>) {
    visit.names(names(bytes));
    let mut at = 0;
    while let Some(header) = next(bytes, &mut at) {
        if let Err(problem) = budget.entry() {
            return (ControlFlow::Continue(()), Some(problem));
        }
        let is_folder = header.name.ends_with(b"/");
        let (part, end) = part(bytes, &header, budget);
        at = end.max(header.data);
        if !is_folder && visit.part(part, budget).is_break() {
            return (ControlFlow::Break(()), None);
        }
        if budget.is_spent() {
            break;
        }
    }
    (ControlFlow::Continue(()), Some(why))
}

/// The next header at or after `at`, which then is where it begins.
fn next<'b>(bytes: &'b [u8], at: &mut usize) -> Option<Header<'b>> {
    loop {
        *at += memchr::memmem::find(bytes.get(*at..)?, LOCAL)?;
        if let Some(header) = header(bytes, *at) {
            return Some(header);
        }
        *at += LOCAL.len();
    }
}

fn header(bytes: &[u8], at: usize) -> Option<Header<'_>> {
    let fixed = bytes.get(at..)?.first_chunk::<HEADER_BYTES>()?;
    let u16_at = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
    let u32_at = |at: usize| u32::from_le_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]]);
    let name_at = at + HEADER_BYTES;
    let data = name_at + usize::from(u16_at(26)) + usize::from(u16_at(28));
    let name = bytes.get(name_at..name_at + usize::from(u16_at(26)))?;
    let header = Header {
        flags: u16_at(6),
        method: u16_at(8),
        compressed: u32_at(18) as usize,
        name,
        data: data.min(bytes.len()),
    };
    let is_header =
        u16_at(4) & 0xFF <= HIGHEST_VERSION && header.method <= HIGHEST_METHOD && !name.is_empty();
    is_header.then_some(header)
}

fn names(bytes: &[u8]) -> Vec<Name> {
    let mut at = 0;
    let mut names = Vec::new();
    while let Some(header) = next(bytes, &mut at) {
        at = header.data;
        if !header.name.is_ascii() {
            names.push(Name { raw: header.name.to_vec(), is_utf8: header.flags & UTF8_FLAG != 0 });
        }
    }
    names
}

/// The entry, and where in `bytes` it ends.
fn part(bytes: &[u8], header: &Header<'_>, budget: &mut Budget<'_>) -> (Part, usize) {
    let rest = &bytes[header.data..];
    let has_size = header.flags & HAS_DESCRIPTOR == 0;
    let all = if has_size { &rest[..header.compressed.min(rest.len())] } else { rest };
    let whole = |bytes, problem| Part { name: header.name.to_vec(), bytes, problem };
    let unread = |what: String| {
        let end = header.data + if has_size { all.len() } else { 0 };
        (whole(Vec::new(), Some(Problem::Unsupported { what })), end)
    };
    match header.method {
        _ if header.flags & ENCRYPTED != 0 => unread(ENCRYPTED_ENTRY.to_owned()),
        DEFLATED => {
            let mut decoder = DeflateDecoder::new(all);
            let (contents, problem) = budget.read(&mut decoder, |decoder| decoder.total_in(), "zip");
            (whole(contents, problem), header.data + decoder.total_in() as usize)
        }
        STORED => {
            // Without a size the data goes on to the next record of the archive, whichever that is.
            let end =
                if has_size { all.len() } else { memchr::memmem::find(all, b"PK").unwrap_or(all.len()) };
            let (contents, problem) = budget.read(&all[..end], |_| u64::MAX, "zip");
            let is_cut = problem.is_none() && has_size && end < header.compressed;
            let found = format!("{end} of {} bytes are there", header.compressed);
            let cut = is_cut.then_some(Problem::Damaged { format: "zip", found });
            (whole(contents, problem.or(cut)), header.data + end)
        }
        method => unread(format!("compression method {method}")),
    }
}
