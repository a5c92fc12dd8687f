//! What `undo` needs: for each replaced file, how to get its original bytes back.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::exit_code::Stop;
use crate::input::Digest;

/// One replaced file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    v: u32,
    path: StoredPath,
    before: StoredDigest,
    after: StoredDigest,
    #[serde(flatten)]
    original: Original,
}

/// How the original is kept.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Original {
    /// The file was UTF-8: what stood where, by places in the new file.
    Spans(Vec<OriginalSpan>),
    /// The file was in another encoding: all its bytes, in base64.
    Bytes(String),
}

/// One repaired span of the new file, and what stood there.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OriginalSpan {
    pub(crate) start: usize,
    pub(crate) length: usize,
    pub(crate) before: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredPath {
    Text(String),
    Bytes(String),
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct StoredDigest {
    length: u64,
    fnv1a: String,
}

impl From<Digest> for StoredDigest {
    fn from(digest: Digest) -> Self {
        Self { length: digest.length, fnv1a: format!("{:016x}", digest.hash) }
    }
}

impl Entry {
    /// The entry for the file at `path`, which should be absolute.
    pub(crate) fn new(path: &Path, before: Digest, after: Digest, original: Original) -> Self {
        let stored = match path.to_str() {
            Some(text) => StoredPath::Text(text.to_owned()),
            None => StoredPath::Bytes(STANDARD.encode(path.as_os_str().as_encoded_bytes())),
        };
        let v = fixenc::report::SCHEMA_VERSION;
        Self { v, path: stored, before: before.into(), after: after.into(), original }
    }

    /// The file that was replaced.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        match &self.path {
            StoredPath::Text(text) => Some(PathBuf::from(text)),
            StoredPath::Bytes(code) => path_from_bytes(STANDARD.decode(code).ok()?),
        }
    }

    /// Whether `bytes` are what the file was before.
    pub(crate) fn is_original(&self, bytes: &[u8]) -> bool {
        StoredDigest::from(Digest::of(bytes)) == self.before
    }

    /// The original bytes, from those that replaced them. `None` if these are not the ones, or the journal is broken.
    pub(crate) fn restore(&self, now: &[u8]) -> Option<Vec<u8>> {
        if StoredDigest::from(Digest::of(now)) != self.after {
            return None;
        }
        let bytes = match &self.original {
            Original::Bytes(code) => STANDARD.decode(code).ok()?,
            Original::Spans(spans) => {
                let mut bytes = Vec::with_capacity(now.len());
                let mut done = 0;
                for span in spans {
                    bytes.extend_from_slice(now.get(done..span.start)?);
                    bytes.extend_from_slice(span.before.as_bytes());
                    done = span.start.checked_add(span.length)?;
                }
                bytes.extend_from_slice(now.get(done..)?);
                bytes
            }
        };
        self.is_original(&bytes).then_some(bytes)
    }
}

#[cfg(unix)]
fn path_from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// A journal that is being written.
pub(crate) struct Journal {
    path: PathBuf,
    file: Mutex<File>,
}

impl Journal {
    /// Opens `path` to add to it: a second run is undone before the first.
    pub(crate) fn open(path: &Path) -> Result<Self, Stop> {
        let file = File::options().create(true).append(true).open(path);
        let file =
            file.map_err(|e| Stop::environment(format!("opening the journal {}", path.display()), e))?;
        Ok(Self { path: path.to_path_buf(), file: Mutex::new(file) })
    }

    /// Adds an entry and makes it durable. Only then may the file be replaced.
    pub(crate) fn add(&self, entry: &Entry) -> Result<(), Stop> {
        let failed =
            |e: io::Error| Stop::environment(format!("writing the journal {}", self.path.display()), e);
        let mut line = serde_json::to_vec(entry).map_err(|e| failed(e.into()))?;
        line.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        file.write_all(&line).and_then(|()| file.sync_data()).map_err(failed)
    }
}
