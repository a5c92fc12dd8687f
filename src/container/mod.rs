//! Bytes to parts: zip, tar, gzip. Knows nothing of text.
//!
//! Nothing is unpacked to a disk, and nothing that an archive says about itself is believed: sizes are counted while
//! reading, and names are bytes that mean nothing here.

mod budget;
mod gzip;
pub(crate) mod ole2;
mod tar;
mod zip;
mod zip_salvage;
pub(crate) mod zlib;

use std::ops::ControlFlow;

pub(crate) use budget::Budget;

/// A container that this build reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Zip,
    Gzip,
    Tar,
}

impl Kind {
    /// The word for it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Gzip => "gzip",
            Self::Tar => "tar",
        }
    }
}

/// One file in a container.
#[derive(Debug)]
pub(crate) struct Part {
    /// The name as it stands there: any bytes, also `../..`. Empty where the container has none.
    pub(crate) name: Vec<u8>,
    /// The contents; what could be read of them, if there was a problem.
    pub(crate) bytes: Vec<u8>,
    /// Why they are not all there.
    pub(crate) problem: Option<Problem>,
}

/// Why something was not read, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    /// One of the limits is used up.
    #[error("stopped at a limit: {what}, at most {limit} allowed")]
    Limit { what: &'static str, limit: u64 },
    /// The container breaks its own format.
    #[error("damaged {format}: {found}")]
    Damaged { format: &'static str, found: String },
    /// The format allows it and this build does not read it.
    #[error("not supported: {what}")]
    Unsupported { what: String },
    /// A link: where it leads is not the archive's business.
    #[error("a link, which is not followed")]
    Link,
}

/// The name of a part, and whether the container says that it is UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) raw: Vec<u8>,
    pub(crate) is_utf8: bool,
}

/// Who takes the parts.
pub(crate) trait Visit {
    /// Takes the names that are not ASCII, before the parts: names of one container are in one encoding.
    fn names(&mut self, names: Vec<Name>);

    /// Takes a part; breaking off stops the whole input.
    fn part(&mut self, part: Part, budget: &mut Budget<'_>) -> ControlFlow<()>;
}

/// The kind of container that the bytes begin as.
pub(crate) fn sniff(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        Some(Kind::Zip)
    } else if bytes.starts_with(b"\x1F\x8B\x08") {
        Some(Kind::Gzip)
    } else if tar::is_header(bytes) {
        Some(Kind::Tar)
    } else {
        None
    }
}

/// Hands each part to `visit`. What is wrong with the container as a whole is returned; then the parts before it were
/// visited.
pub(crate) fn read(
    kind: Kind,
    bytes: &[u8],
    budget: &mut Budget<'_>,
    visit: &mut dyn Visit,
) -> (ControlFlow<()>, Option<Problem>) {
    match kind {
        Kind::Zip => zip::read(bytes, budget, visit),
        Kind::Gzip => gzip::read(bytes, budget, visit),
        Kind::Tar => tar::read(bytes, budget, visit),
    }
}
