//! Replaces a file in one step: whoever looks, at whatever moment, sees the old file or the new one, whole.

use std::ffi::OsString;
use std::fs::{self, File, FileTimes, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Output up to this size waits in memory; most files turn out to be clean, and these should cost no write.
const HELD_BYTES: usize = 8 << 20;

/// A replacement in the making.
pub(crate) struct Replacement {
    target: PathBuf,
    original: Metadata,
    held: Vec<u8>,
    temporary: Option<NamedTempFile>,
}

impl Replacement {
    /// Prepares to replace `path`; of a link, the file that it leads to. Refuses what one rename cannot replace.
    pub(crate) fn begin(path: &Path) -> io::Result<Self> {
        let target = fs::canonicalize(path)?;
        let original = fs::metadata(&target)?;
        if !original.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        if links(&original) > 1 {
            return Err(io::Error::other(
                "has hard links, and replacing one name would part it from the others",
            ));
        }
        Ok(Self { target, original, held: Vec::new(), temporary: None })
    }

    /// The file that will be replaced.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Adds to the new contents.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(temporary) = &mut self.temporary {
            return temporary.write_all(bytes);
        }
        self.held.extend_from_slice(bytes);
        if self.held.len() > HELD_BYTES { self.spill().map(drop) } else { Ok(()) }
    }

    /// Makes the new contents durable beside the old ones, and then takes their place. With a suffix, the old ones stay
    /// under the name with the suffix, which must be free.
    pub(crate) fn commit(mut self, suffix: Option<&str>) -> io::Result<()> {
        let temporary = match self.temporary.take() {
            Some(temporary) => temporary,
            None => self.spill()?,
        };
        keep_attributes(&self.original, &self.target, temporary.as_file())?;
        temporary.as_file().sync_all()?;
        if !is_same(&self.original, &fs::metadata(&self.target)?) {
            return Err(io::Error::other("was changed by another program meanwhile; left alone"));
        }
        if let Some(suffix) = suffix {
            back_up(&self.target, suffix)?;
        }
        temporary.persist(&self.target).map_err(|e| e.error)?;
        sync_folder(&self.target)
    }

    /// Moves what is held in memory to a file beside the target.
    fn spill(&mut self) -> io::Result<NamedTempFile> {
        let mut temporary = beside(&self.target)?;
        temporary.write_all(&self.held)?;
        self.held = Vec::new();
        Ok(temporary)
    }
}

/// Writes a new file, or replaces one, in one step. Not made durable: the original is still there to do it again.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = beside(path)?;
    temporary.write_all(bytes)?;
    persist_new(temporary, path)
}

/// A temporary file in the folder of `path`, as only there it can be renamed to it.
pub(crate) fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".fixenc-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What the umask leaves of it, as for any new file; a replacement gets the original's mode later.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Gives a temporary file its name.
pub(crate) fn persist_new(temporary: NamedTempFile, path: &Path) -> io::Result<()> {
    temporary.persist(path).map(drop).map_err(|e| e.error)
}

fn back_up(target: &Path, suffix: &str) -> io::Result<()> {
    let mut name = OsString::from(target);
    name.push(suffix);
    let backup = PathBuf::from(name);
    let taken = || io::Error::other(format!("the name for the original, {}, is taken", backup.display()));
    match fs::hard_link(target, &backup) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(taken()),
        // Some file systems have no hard links.
        Err(_) => {
            let mut copy =
                File::options().write(true).create_new(true).open(&backup).map_err(|e| match e.kind() {
                    io::ErrorKind::AlreadyExists => taken(),
                    _ => e,
                })?;
            io::copy(&mut File::open(target)?, &mut copy)?;
            copy.sync_all()
        }
    }
}

#[cfg(unix)]
fn keep_attributes(original: &Metadata, target: &Path, new: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    use xattr::FileExt;

    let made = new.metadata()?;
    if (made.uid(), made.gid()) != (original.uid(), original.gid()) {
        let refused = |e| io::Error::other(format!("the owner cannot be kept: {e}"));
        fchown(new, Some(original.uid()), Some(original.gid())).map_err(refused)?;
    }
    // After the owner, since changing that clears the set-user-id bit.
    new.set_permissions(original.permissions())?;
    // Access control lists and security labels live here too. A file system without attributes has none to keep.
    for name in xattr::list(target).into_iter().flatten() {
        if let Some(value) = xattr::get(target, &name)?
            && new.get_xattr(&name)?.as_ref() != Some(&value)
        {
            let refused =
                |e| io::Error::other(format!("the attribute {} cannot be kept: {e}", name.display()));
            new.set_xattr(&name, &value).map_err(refused)?;
        }
    }
    set_times(original, new)
}

#[cfg(not(unix))]
fn keep_attributes(original: &Metadata, _target: &Path, new: &File) -> io::Result<()> {
    new.set_permissions(original.permissions())?;
    set_times(original, new)
}

fn set_times(original: &Metadata, new: &File) -> io::Result<()> {
    new.set_times(FileTimes::new().set_accessed(original.accessed()?).set_modified(original.modified()?))
}

#[cfg(unix)]
fn links(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn links(_metadata: &Metadata) -> u64 {
    1
}

/// Whether nobody has touched the file since.
fn is_same(before: &Metadata, now: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if (before.dev(), before.ino()) != (now.dev(), now.ino()) {
            return false;
        }
    }
    before.len() == now.len() && before.modified().ok() == now.modified().ok()
}

/// A rename is only durable when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        return File::open(folder)?.sync_all();
    }
    let _ = path;
    Ok(())
}
