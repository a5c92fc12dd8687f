//! A folder that output goes to, and never beyond.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use tempfile::NamedTempFile;

use crate::exit_code::Stop;
use crate::replace;

/// The output folder. Names are made harmless before they are used: what is in an archive was named by a stranger.
pub(crate) struct OutputTree {
    root: PathBuf,
    taken: Mutex<BTreeSet<PathBuf>>,
}

impl OutputTree {
    /// The folder `root`, made if need be.
    pub(crate) fn new(root: &Path) -> Result<Self, Stop> {
        let failed = |e| Stop::environment(format!("making the folder {}", root.display()), e);
        fs::create_dir_all(root).map_err(failed)?;
        Ok(Self { root: root.to_path_buf(), taken: Mutex::default() })
    }

    /// Takes the place for `relative` and the names inside it. In one run no place is given twice; the second gets a number.
    pub(crate) fn place(&self, relative: &Path, inside: &[Cow<'_, str>]) -> PathBuf {
        let mut place = self.root.clone();
        for component in relative.components() {
            if let Component::Normal(name) = component {
                place.push(name);
            }
        }
        for name in inside {
            place.extend(name.split(['/', '\\']).filter_map(harmless));
        }
        let mut taken = self.taken.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut free = place.clone();
        let mut number = 1;
        while !taken.insert(free.clone()) {
            number += 1;
            let mut name = place.clone().into_os_string();
            name.push(format!("~{number}"));
            free = PathBuf::from(name);
        }
        free
    }

    /// Writes `bytes` to a place.
    pub(crate) fn write(&self, place: &Path, bytes: &[u8]) -> io::Result<()> {
        self.make_folder_of(place)?;
        replace::write_new(place, bytes)
    }

    /// Begins a file for a place; [`replace::persist_new`] ends it.
    pub(crate) fn begin(&self, place: &Path) -> io::Result<NamedTempFile> {
        self.make_folder_of(place)?;
        replace::beside(place)
    }

    /// Makes the folders down to `place`, one by one, and refuses to go through a link: it may lead out of the tree.
    fn make_folder_of(&self, place: &Path) -> io::Result<()> {
        let inside = place.strip_prefix(&self.root).unwrap_or(place);
        let mut folder = self.root.clone();
        for component in inside.parent().into_iter().flat_map(Path::components) {
            folder.push(component);
            match fs::symlink_metadata(&folder) {
                Ok(found) if found.is_dir() => {}
                Ok(_) => {
                    let message = format!("{} is in the way and is no folder", folder.display());
                    return Err(io::Error::other(message));
                }
                Err(e) if e.kind() == io::ErrorKind::NotFound => match fs::create_dir(&folder) {
                    // Another thread may have been faster.
                    Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
                    _ => {}
                },
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}

/// What the text of a document is called: the document's name is that of another format.
pub(crate) fn text_name(document: &Path) -> PathBuf {
    let mut name = document.as_os_str().to_owned();
    name.push(".txt");
    PathBuf::from(name)
}

/// One name of a path in an archive as a file name; `None` where it only moves about.
fn harmless(name: &str) -> Option<PathBuf> {
    // A colon is a drive or a stream on Windows; controls make names that nobody can type.
    let cleaned: String = name
        .chars()
        .map(|c| if c.is_control() || matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c })
        .collect();
    match cleaned.as_str() {
        "" | "." => None,
        ".." => Some(PathBuf::from("__")),
        name => Some(PathBuf::from(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out() {
        let folder = tempfile::tempdir().unwrap();
        let tree = OutputTree::new(folder.path()).unwrap();
        let place = |name: &str| {
            tree.place(Path::new("a.zip"), &[name.into()]).strip_prefix(folder.path()).unwrap().to_owned()
        };
        assert_eq!(place("../../evil"), Path::new("a.zip/__/__/evil"));
        assert_eq!(place("/etc/evil"), Path::new("a.zip/etc/evil"));
        assert_eq!(place("C:\\evil\0"), Path::new("a.zip/C_/evil_"));
        assert_eq!(place("b/./c"), Path::new("a.zip/b/c"));
        assert_eq!(place("b/c"), Path::new("a.zip/b/c~2"));
    }
}
