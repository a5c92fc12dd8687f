//! Labelled garbled strings, made by the evaluation kit's `garble.py` from development text.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::Result;

/// What the kit is asked for: every cell of language, encoding and wrong reader, twice a length; and a mixture of
/// damages, levels, documents and clean text.
const ORDERS: [&[&str]; 2] =
    [&["matrix", "--per-cell", "2", "--seed", "1"], &["mojibake", "--n", "20000", "--seed", "1"]];

/// A garbled string and its truth.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) lang: String,
    pub(super) kind: Kind,
    pub(super) truth: String,
    pub(super) chain: Vec<Step>,
    pub(super) damage: String,
    pub(super) garbled: String,
    recoverable: Recoverable,
    /// Of documents: the damaged spans, from and to in the garbled text, from and to in the truth, in characters.
    #[serde(default)]
    pub(super) spans: Vec<[usize; 4]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Span,
    Document,
    Clean,
}

/// A wrong reading: the bytes were in `encode` and were read as `decode`.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    pub(super) encode: String,
    pub(super) decode: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Recoverable {
    Known(bool),
    Partly(Partly),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Partly {
    Partial,
}

/// What is left of the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// All: undoing the chain gives the truth.
    All,
    /// At least half of the characters kept all their bytes.
    Half,
    /// Less.
    Little,
}

impl Record {
    pub(super) fn left(&self) -> Left {
        match self.recoverable {
            Recoverable::Known(true) => Left::All,
            Recoverable::Known(false) => Left::Little,
            Recoverable::Partly(Partly::Partial) => Left::Half,
        }
    }

    /// The reader of windows-1258 splits letters from their tones; the kit's truth has them composed.
    pub(super) fn decomposes(&self) -> bool {
        self.chain.first().is_some_and(|step| step.encode == "windows-1258")
    }
}

/// All records, or `None` with a message where the development text, the kit or Python is not there.
pub(super) fn load(shared: &Path) -> Result<Option<Vec<Record>>> {
    let script = shared.join("eval/garble.py");
    let text = shared.join("corpora/dev");
    for needed in [&script, &text] {
        if !needed.exists() {
            println!(
                "skipped: {} is not there (name the folder with --from or FIXENC_SHARED)",
                needed.display()
            );
            return Ok(None);
        }
    }
    let folder = cache()?;
    fs::create_dir_all(&folder)?;
    let mut made = Vec::new();
    for order in ORDERS {
        let path = folder.join(format!("{}-{}.jsonl", order[0], key(&script, &text, order)?));
        let child = if path.exists() { None } else { Some(start(&script, &text, order, &path)?) };
        made.push((path, child));
    }
    let mut records = Vec::new();
    for (path, child) in made {
        if let Some(child) = child {
            finish(child, &path)?;
        }
        for line in fs::read_to_string(&path)?.lines() {
            records.push(serde_json::from_str(line).map_err(|error| format!("{}: {error}", path.display()))?);
        }
    }
    Ok(Some(records))
}

/// Beside this program, in the build folder: making the records takes a minute.
fn cache() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.parent().ok_or("this program is in no folder")?.join("eval-matrix"))
}

/// Changes whenever the script, the text or the order does.
fn key(script: &Path, text: &Path, order: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(fs::read(script)?);
    hash.update(order.join(" "));
    let mut paths: Vec<PathBuf> =
        fs::read_dir(text)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    for path in paths {
        hash.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        hash.update(fs::metadata(&path)?.len().to_le_bytes());
    }
    Ok(hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect())
}

fn start(script: &Path, text: &Path, order: &[&str], path: &Path) -> Result<Child> {
    println!("making {} …", path.display());
    let output = fs::File::create(path.with_extension("tmp"))?;
    let child = Command::new("python3")
        .arg(script)
        .args(order)
        .arg("--text")
        .arg(text)
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::null())
        .stdout(output)
        .spawn();
    Ok(child.map_err(|error| format!("python3: {error}"))?)
}

fn finish(mut child: Child, path: &Path) -> Result {
    let status = child.wait()?;
    if !status.success() {
        return Err(format!("garble.py: {status}").into());
    }
    Ok(fs::rename(path.with_extension("tmp"), path)?)
}
