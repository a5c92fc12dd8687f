//! `fix --in-place` and `undo`: nothing is ever lost.

use std::fs;

use crate::{CLEAN, Folder, GARBLED, gb18030};

const TEXT: &str = "国家事业单位登记管理局制。\n";

#[test]
fn a_file_is_replaced_and_comes_back() {
    let folder = Folder::new();
    folder.file("d/g.txt", gb18030(TEXT));
    folder.file("d/clean.txt", TEXT);
    let before = folder.snapshot();
    folder.run(["fix", "--in-place", "--journal", "j", "d"]).exits(0);
    assert_eq!(folder.read("d/g.txt"), TEXT.as_bytes());
    folder.run(["undo", "--dry-run", "j"]).exits(0);
    assert_eq!(folder.read("d/g.txt"), TEXT.as_bytes());
    folder.run(["undo", "j"]).exits(0);
    fs::remove_file(folder.path("j")).unwrap();
    assert_eq!(folder.snapshot(), before, "and nothing is left lying about");
}

#[test]
fn undo_twice_is_as_good_as_once() {
    let folder = Folder::new();
    folder.file("g.txt", gb18030(TEXT));
    folder.run(["fix", "--in-place", "--journal", "j", "g.txt"]).exits(0);
    folder.run(["undo", "j"]).exits(0);
    assert_eq!(folder.run(["undo", "--json", "j"]).exits(0).json()[0]["restored"], false);
    assert_eq!(folder.read("g.txt"), gb18030(TEXT));
}

#[test]
fn undo_leaves_alone_what_was_changed_since() {
    let folder = Folder::new();
    folder.file("g.txt", gb18030(TEXT));
    folder.run(["fix", "--in-place", "--journal", "j", "g.txt"]).exits(0);
    folder.file("g.txt", "edited");
    assert!(folder.run(["undo", "j"]).exits(3).err().contains("changed since"));
    assert_eq!(folder.read("g.txt"), b"edited");
    folder.file("j", "no journal\n");
    folder.run(["undo", "j"]).exits(3);
    folder.run(["undo", "not-there"]).exits(2);
}

#[test]
fn malformed_bytes_are_not_thrown_away() {
    let folder = Folder::new();
    let bytes = b"caf\xC3\xA9 \xFF\n";
    folder.file("m.txt", bytes);
    let args = ["fix", "--encoding", "utf-8", "--in-place"];
    assert!(folder.run(args.iter().chain(&["m.txt"])).exits(3).err().contains("malformed"));
    assert_eq!(folder.read("m.txt"), bytes);
    folder.run(args.iter().chain(&["--journal", "j", "m.txt"])).exits(0);
    assert_eq!(folder.read("m.txt"), "café \u{FFFD}\n".as_bytes());
    folder.run(["undo", "j"]).exits(0);
    assert_eq!(folder.read("m.txt"), bytes);
}

#[test]
fn a_suffix_keeps_the_original() {
    let folder = Folder::new();
    folder.file("g.txt", gb18030(TEXT));
    folder.run(["fix", "--in-place=.bak", "g.txt"]).exits(0);
    assert_eq!((folder.read("g.txt"), folder.read("g.txt.bak")), (TEXT.into(), gb18030(TEXT)));
    folder.file("g.txt", gb18030("另一份文件，登记管理。\n"));
    assert!(folder.run(["fix", "--in-place=.bak", "g.txt"]).exits(3).err().contains("taken"));
    assert_eq!(folder.read("g.txt.bak"), gb18030(TEXT), "an original is never overwritten");
}

#[cfg(unix)]
#[test]
fn mode_and_times_are_kept_and_links_followed() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::time::{Duration, SystemTime};
    let folder = Folder::new();
    let path = folder.file("real/g.txt", gb18030(TEXT));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let then = SystemTime::UNIX_EPOCH + Duration::new(1_000_000_000, 123_000_000);
    let times = fs::FileTimes::new().set_modified(then).set_accessed(then);
    fs::File::options().write(true).open(&path).unwrap().set_times(times).unwrap();
    symlink("real/g.txt", folder.path("link.txt")).unwrap();
    let inode = fs::metadata(&path).unwrap().ino();

    folder.run(["fix", "--in-place", "link.txt"]).exits(0);
    let now = fs::metadata(&path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), TEXT.as_bytes());
    assert!(fs::symlink_metadata(folder.path("link.txt")).unwrap().is_symlink());
    assert_eq!((now.mode() & 0o7777, now.modified().unwrap()), (0o640, then));
    assert_ne!(now.ino(), inode, "replaced by a rename, never written into");

    fs::hard_link(&path, folder.path("second.txt")).unwrap();
    fs::write(&path, gb18030(TEXT)).unwrap();
    assert!(folder.run(["fix", "--in-place", "second.txt"]).exits(3).err().contains("hard links"));
    assert_eq!(fs::read(&path).unwrap(), gb18030(TEXT));
}

#[test]
fn clean_files_are_not_touched() {
    let folder = Folder::new();
    let path = folder.file("u.txt", TEXT);
    let before = fs::metadata(&path).unwrap();
    let ran = folder.run(["fix", "--in-place", "--json", "u.txt"]).exits(0);
    assert_eq!(ran.json()[0]["changed"], false);
    let now = fs::metadata(&path).unwrap();
    assert_eq!(before.modified().unwrap(), now.modified().unwrap());
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::ino(&before), std::os::unix::fs::MetadataExt::ino(&now));
    folder.run_with(["fix", "--in-place", "-"], b"x").exits(3);
}

#[test]
fn repairs_of_utf8_are_undone_by_their_spans() {
    let folder = Folder::new();
    let text = format!("\u{FEFF}一\n{GARBLED}，二\n三 {GARBLED}");
    folder.file("m.txt", &text);
    folder.run(["fix", "--in-place", "--journal", "j", "m.txt"]).exits(0);
    assert_eq!(folder.read("m.txt"), format!("\u{FEFF}一\n{CLEAN}，二\n三 {CLEAN}").as_bytes());
    assert!(String::from_utf8(folder.read("j")).unwrap().contains("\"spans\""));
    folder.run(["undo", "j"]).exits(0);
    assert_eq!(folder.read("m.txt"), text.as_bytes());
}
