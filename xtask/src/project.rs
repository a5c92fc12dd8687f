//! Where things are in the repository, and writing or comparing what a command generates.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// The folder of corpora and evaluation sets that are not part of the project: beside it, or where `FIXENC_SHARED`
/// says.
pub(crate) fn shared() -> PathBuf {
    std::env::var_os("FIXENC_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from)
}

/// The folder of corpora and evaluation sets that `--from FOLDER` names, be it that folder or the one that holds it as
/// `shared`; without the option, [`shared`].
pub(crate) fn shared_from(arguments: &[String]) -> Result<PathBuf> {
    let Some(at) = arguments.iter().position(|argument| argument == "--from") else { return Ok(shared()) };
    let folder = PathBuf::from(arguments.get(at + 1).ok_or("--from needs a folder")?);
    let inner = folder.join("shared");
    Ok(if inner.is_dir() { inner } else { folder })
}

/// All files below `folder`, as paths relative to the root with `/`, sorted.
pub(crate) fn files_below(folder: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                // Build folders of the workspaces below this one.
                if !path.ends_with("target") {
                    open.push(path);
                }
            } else {
                let relative = path.strip_prefix(root())?.to_string_lossy().replace('\\', "/");
                found.push(relative);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The fuzz targets, by the files that they are in.
pub(crate) fn fuzz_targets() -> Result<Vec<String>> {
    let paths = files_below("fuzz/fuzz_targets")?;
    let name = |path: &String| Some(Path::new(path).file_stem()?.to_string_lossy().into_owned());
    Ok(paths.iter().filter_map(name).collect())
}

/// Writes generated files (path from the root → content), or, with `check`, says which differ from what is there.
pub(crate) fn write_or_check(files: &BTreeMap<String, Vec<u8>>, check: bool, rerun: &str) -> Result {
    let mut stale = Vec::new();
    for (path, content) in files {
        let target = root().join(path);
        if fs::read(&target).is_ok_and(|there| &there == content) {
            continue;
        }
        if check {
            stale.push(path.as_str());
        } else {
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&target, content)?;
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("{} files differ, first {}; run `{rerun}` and look at the difference", stale.len(), stale[0])
        .into())
}
