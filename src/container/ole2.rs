//! OLE2 compound files ([MS-CFB]): the streams that a document of the old Office formats is made of.

use std::io::{Cursor, Read};

use super::Problem;

const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// All streams of a compound file.
#[derive(Debug, Default)]
pub(crate) struct Compound {
    streams: Vec<Stream>,
    /// What is wrong with the file as a whole.
    pub(crate) problems: Vec<Problem>,
}

/// One stream.
#[derive(Debug)]
pub(crate) struct Stream {
    /// The names of its storages and its own, each after a `/`.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

/// Whether a file that begins so is a compound file.
pub(crate) fn is_compound(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

impl Compound {
    /// Reads all streams; together they are at most as long as the file.
    pub(crate) fn open(bytes: &[u8]) -> Self {
        let mut compound = Self::default();
        let damaged = |found: String| Problem::Damaged { format: "ole2", found };
        let mut file = match cfb::CompoundFile::open(Cursor::new(bytes)) {
            Ok(file) => file,
            Err(error) => {
                compound.problems.push(damaged(error.to_string()));
                return compound;
            }
        };
        let paths: Vec<_> =
            file.walk().filter(cfb::Entry::is_stream).map(|entry| entry.path().to_path_buf()).collect();
        let mut left = bytes.len() as u64;
        for path in paths {
            let mut stream = Vec::new();
            let read = file.open_stream(&path).and_then(|file| file.take(left).read_to_end(&mut stream));
            if let Err(error) = read {
                compound.problems.push(damaged(format!("{}: {error}", path.display())));
            }
            left -= stream.len() as u64;
            compound.streams.push(Stream { path: path.to_string_lossy().into_owned(), bytes: stream });
        }
        compound
    }

    /// The stream with that path; case does not matter.
    pub(crate) fn stream(&self, path: &str) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.path.eq_ignore_ascii_case(path))
    }

    /// All streams.
    pub(crate) fn streams(&self) -> &[Stream] {
        &self.streams
    }
}
