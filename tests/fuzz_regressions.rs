//! Replays what fuzzing found: every file below `fuzz/regressions/<target>`, under a watchdog.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, thread};

#[path = "../fuzz/properties.rs"]
mod properties;

/// No input of this size may take longer, also on a slow machine and without optimisation.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs `check` over each file of a target's folder; a hang is a failure that names the file.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (done, watch) = mpsc::channel();
        let worker = thread::spawn(move || {
            check(&bytes);
            // Nobody listens any more only if the watchdog has given up already.
            let _ = done.send(());
        });
        match watch.recv_timeout(PATIENCE) {
            Ok(()) => {}
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("{}: still running", path.display()),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let panicked = worker.join().is_err();
                assert!(!panicked, "{}: a property does not hold, see above", path.display());
            }
        }
    }
}

/// The fuzzer gives text targets what is valid UTF-8 at the beginning; so does this.
fn with_text(bytes: &[u8], check: fn(&str)) {
    check(bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid()));
}

#[test]
fn repair() {
    replay("repair", |bytes| with_text(bytes, properties::repair));
}

/// That it takes too long shows in a megabyte (`cargo xtask bench-costs`); here all else must hold for it.
#[test]
fn cost() {
    replay("cost", |bytes| with_text(bytes, |text| properties::repair(&properties::woven(text, 1 << 11))));
}

#[test]
fn detect() {
    replay("detect", properties::detect);
}

#[test]
fn recover() {
    replay("recover", properties::recover);
}

#[test]
fn document() {
    replay("document", |bytes| {
        properties::document(bytes);
    });
}

#[test]
#[cfg(feature = "container")]
fn rtf() {
    replay("rtf", properties::rtf);
}

#[test]
#[cfg(feature = "container")]
fn metafile() {
    replay("metafile", properties::metafile);
}

#[test]
fn record() {
    replay("record", |bytes| with_text(bytes, properties::record));
}

#[test]
fn workbook() {
    replay("workbook", properties::workbook);
}

#[test]
fn office() {
    replay("office", properties::office);
}

#[test]
#[cfg(feature = "container")]
fn compound() {
    replay("compound", properties::compound);
}

#[test]
#[cfg(feature = "container")]
fn damaged() {
    replay("damaged", properties::damaged);
}

#[test]
#[cfg(feature = "container")]
fn dbf() {
    replay("dbf", properties::dbf);
}

#[test]
fn plan_replay() {
    replay("plan_replay", |bytes| {
        if let Some((&channel, rest)) = bytes.split_first()
            && let Ok(truth) = std::str::from_utf8(rest)
        {
            properties::replay_of_garbled(truth, channel);
        }
    });
}
