//! From arguments to the files that are meant, in a fixed order, and from files to blocks of text.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use fixenc::detect::Candidate;
use fixenc::recover::{Malformed, TextBlocks};
use fixenc::report::Diagnostic;
use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};

use crate::args::InputArgs;
use crate::exit_code::Stop;

/// Bytes per read.
const CHUNK_BYTES: usize = 256 << 10;

/// One file to work on, or standard input.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// The path as reports show it; `-` for standard input.
    pub(crate) path: PathBuf,
    /// Where it belongs below an output folder.
    pub(crate) relative: PathBuf,
    /// Whether it was named in the call, and not met in a folder.
    pub(crate) named: bool,
    stdin: bool,
}

/// An input that could not be worked on.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) path: PathBuf,
    pub(crate) message: String,
}

/// What was asked for, found or not.
pub(crate) type Found = Result<Input, Failure>;

/// All inputs of a call: names as given, folders walked in the order of their names.
pub(crate) fn collect(args: &InputArgs) -> Result<Vec<Found>, Stop> {
    let mut paths: Vec<PathBuf> = args.paths.clone();
    if let Some(list) = &args.files0_from {
        paths.extend(read_list(list)?);
    } else if paths.is_empty() {
        if io::stdin().is_terminal() {
            let hint = Some("name files or folders, or give `-` to read standard input");
            return Err(Stop::Usage { message: "nothing to read".to_owned(), hint });
        }
        paths.push(PathBuf::from("-"));
    }
    let mut found = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            found.push(Ok(Input { relative: "stdin.txt".into(), path, named: true, stdin: true }));
        } else if path.is_dir() {
            walk(&path, &globs(&args.glob, &path)?, &mut found);
        } else {
            let relative = path.file_name().map(PathBuf::from).unwrap_or_default();
            found.push(Ok(Input { path, relative, named: true, stdin: false }));
        }
    }
    Ok(found)
}

/// Paths that end in NUL, as `find -print0` writes them.
fn read_list(list: &Path) -> Result<Vec<PathBuf>, Stop> {
    let bytes = if list.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(list)
    };
    let bytes =
        bytes.map_err(|e| Stop::usage(format!("cannot read the list of files {}: {e}", list.display())))?;
    let names = bytes.split(|&b| b == 0).filter(|name| !name.is_empty());
    names.map(path_from_bytes).collect()
}

#[cfg(unix)]
fn path_from_bytes(bytes: &[u8]) -> Result<PathBuf, Stop> {
    use std::os::unix::ffi::OsStringExt;
    Ok(PathBuf::from(OsString::from_vec(bytes.to_vec())))
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: &[u8]) -> Result<PathBuf, Stop> {
    let name = std::str::from_utf8(bytes).map_err(|_| Stop::usage("the list of files is not UTF-8"))?;
    Ok(PathBuf::from(OsString::from(name)))
}

fn globs(patterns: &[String], root: &Path) -> Result<Override, Stop> {
    let mut builder = OverrideBuilder::new(root);
    for pattern in patterns {
        builder.add(pattern).map_err(|e| Stop::usage(format!("not a glob: {pattern}: {e}")))?;
    }
    builder.build().map_err(|e| Stop::usage(e.to_string()))
}

/// Every regular file below `root`. Nothing is hidden from an archive's tool, and no link leads out of the folder.
fn walk(root: &Path, globs: &Override, found: &mut Vec<Found>) {
    let mut walker = WalkBuilder::new(root);
    walker.standard_filters(false).follow_links(false).overrides(globs.clone());
    walker.sort_by_file_name(std::ffi::OsStr::cmp);
    for entry in walker.build() {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                let path = entry.into_path();
                let relative = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
                found.push(Ok(Input { path, relative, named: false, stdin: false }));
            }
            Ok(_) => {}
            Err(error) => {
                found.push(Err(Failure { path: root.to_path_buf(), message: error.to_string() }));
            }
        }
    }
}

/// How a text ended.
pub(crate) struct Ending {
    /// The encoding; `None` for binary data.
    pub(crate) encoding: Option<Candidate>,
    /// What was malformed.
    pub(crate) malformed: Option<Malformed>,
    /// The format of a document that is no plain text: its text stands for it, but is not what is in the file.
    pub(crate) format: Option<&'static str>,
    /// What could not be read as it should in such a document.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// FNV-1a of the bytes, and how many.
    pub(crate) digest: Digest,
}

impl Ending {
    /// Why a document was not read to its end, if it was not.
    pub(crate) fn unread(&self) -> Option<String> {
        let messages = self.diagnostics.iter().filter(|d| d.kind.is_failure()).map(|d| d.message.as_str());
        let all: Vec<&str> = messages.collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// All that could not be read as it should.
    pub(crate) fn remarks(&self) -> impl Iterator<Item = Diagnostic> {
        self.malformed.iter().map(Malformed::diagnostic).chain(self.diagnostics.iter().cloned())
    }
}

/// One block of decoded text and where it stands.
pub(crate) struct Block<'b> {
    /// The text.
    pub(crate) text: &'b str,
    /// Bytes of text before it.
    pub(crate) offset: usize,
    /// Whether the file begins with a byte order mark that belongs to its UTF-8.
    pub(crate) utf8_bom: bool,
}

/// Why the blocks of a text stop coming.
pub(crate) enum Broken {
    /// The input can't be read or used.
    Input(Failure),
    /// The input is no text.
    NoText(Failure),
    /// The whole run is to stop.
    Run(Stop),
}

impl From<Stop> for Broken {
    fn from(stop: Stop) -> Self {
        Self::Run(stop)
    }
}

impl Input {
    /// Opens it.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read>> {
        if self.stdin { Ok(Box::new(io::stdin().lock())) } else { Ok(Box::new(File::open(&self.path)?)) }
    }

    /// Whether it is standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        self.stdin
    }

    /// A failure of this input.
    pub(crate) fn failure(&self, message: impl Into<String>) -> Failure {
        Failure { path: self.path.clone(), message: message.into() }
    }

    /// Hands over the next bytes until there are no more.
    pub(crate) fn each_chunk(&self, mut take: impl FnMut(&[u8]) -> Result<(), Broken>) -> Result<(), Broken> {
        let failed = |e: io::Error| Broken::Input(self.failure(format!("cannot read: {e}")));
        let mut reader = self.open().map_err(failed)?;
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(n) => take(&chunk[..n])?,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(failed(e)),
            }
        }
    }

    /// Reads everything, unless it is more than `limit` bytes.
    pub(crate) fn read_all(&self, limit: u64) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let reader = self.open().map_err(|e| self.failure(format!("cannot read: {e}")))?;
        let read = reader.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|e| self.failure(format!("cannot read: {e}")))?;
        if bytes.len() as u64 > limit {
            return Err(self.failure(format!("larger than {limit} bytes, the most that is read")));
        }
        Ok(bytes)
    }

    /// Decodes it and hands over the text block by block.
    pub(crate) fn each_block(
        &self,
        encoding: Option<fixenc::encoding::Encoding>,
        mut take: impl FnMut(Block<'_>) -> Result<(), Broken>,
    ) -> Result<Ending, Broken> {
        let mut blocks = TextBlocks::new(encoding);
        let mut digest = Digest::default();
        let mut offset = 0;
        let mut hand_over = |blocks: &mut TextBlocks| {
            while let Some(text) = blocks.next_block() {
                let utf8_bom = blocks.had_bom() && is_utf8(blocks.encoding());
                take(Block { text: &text, offset, utf8_bom })?;
                offset += text.len();
            }
            Ok::<(), Broken>(())
        };
        self.each_chunk(|bytes| {
            digest.add(bytes);
            blocks.feed(bytes);
            hand_over(&mut blocks)
        })?;
        blocks.finish();
        hand_over(&mut blocks)?;
        Ok(Ending {
            encoding: blocks.encoding().cloned(),
            malformed: blocks.malformed(),
            format: blocks.format(),
            diagnostics: blocks.diagnostics().to_vec(),
            digest,
        })
    }
}

/// Whether text in this encoding is written back byte for byte.
pub(crate) fn is_utf8(candidate: Option<&Candidate>) -> bool {
    candidate.is_some_and(|c| matches!(c.encoding, "utf-8" | "ascii"))
}

/// A checksum (64-bit FNV-1a) and a length: enough to see that a file is still the one that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest {
    /// Bytes.
    pub(crate) length: u64,
    /// Their checksum.
    pub(crate) hash: u64,
}

impl Default for Digest {
    fn default() -> Self {
        Self { length: 0, hash: 0xCBF2_9CE4_8422_2325 }
    }
}

impl Digest {
    /// Takes in more bytes.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        for &byte in bytes {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }

    /// The digest of `bytes`.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut digest = Self::default();
        digest.add(bytes);
        digest
    }
}
