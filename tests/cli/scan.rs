//! `scan`: folders and archives, good and bad.

use std::io::{Cursor, Write};

use serde_json::Value;

use crate::{CLEAN, Folder, GARBLED, gb18030};

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A tar whose names may be anything.
fn tar(entries: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Path and entries of each line, joined by `!`.
fn places(lines: &[Value]) -> Vec<String> {
    let name = |path: &Value| path["text"].as_str().unwrap_or("(bytes)").to_owned();
    let place = |line: &Value| {
        let entries = line["entry"].as_array().into_iter().flatten().map(name);
        std::iter::once(name(&line["path"])).chain(entries).collect::<Vec<_>>().join("!")
    };
    lines.iter().map(place).collect()
}

#[test]
fn documents_are_found_at_every_level() {
    let folder = Folder::new();
    let inner = zip(&[("deep.txt", &gb18030("国家事业单位登记管理局制。"))]);
    folder.file("d/a.zip", zip(&[("one.txt", b"1"), ("two/inner.zip", &inner)]));
    folder.file("d/b.tar.gz", gzip(&tar(&[(b"x.txt", b"x"), (b"y.txt", "é".as_bytes())])));
    folder.file("d/c.txt", "c");
    let expected = [
        "d/a.zip!one.txt",
        "d/a.zip!two/inner.zip!deep.txt",
        "d/b.tar.gz!x.txt",
        "d/b.tar.gz!y.txt",
        "d/c.txt",
    ];
    for jobs in ["1", "2", "8"] {
        let ran = folder.run(["scan", "-j", jobs, "d"]).exits(0);
        assert_eq!(places(&ran.json()), expected);
        assert!(ran.err().contains("5 documents in 3 files"), "{}", ran.err());
    }
    let lines = folder.run(["scan", "-q", "d"]).exits(0).json();
    assert_eq!((&lines[1]["encoding"], &lines[1]["v"]), (&"gb18030".into(), &1.into()));
    assert!(lines[1].get("text").is_none(), "the text is not part of a report");
}

#[test]
fn names_are_kept_as_they_are() {
    let folder = Folder::new();
    folder.file("a.tar", tar(&[(b"\xCA\xC0.txt", b"x")]));
    let lines = folder.run(["scan", "-q", "a.tar"]).exits(0).json();
    assert_eq!(lines[0]["entry"][0]["bytes"], "ysAudHh0");
}

#[test]
fn names_are_decoded_together_and_written_so() {
    let folder = Folder::new();
    let names = ["资料/年度工作报告.txt", "资料/会议记录（二〇〇三年）.txt", "../发票.txt"];
    let raw = names.map(gb18030);
    let entries: Vec<(&[u8], &[u8])> = raw.iter().map(|name| (name.as_slice(), &b"text"[..])).collect();
    folder.file("a.tar", tar(&entries));
    let lines = folder.run(["scan", "--write-fixed", "out", "a.tar"]).exits(0).json();
    let decoded: Vec<_> = lines.iter().map(|line| line["entry"][0]["decoded"].as_str().unwrap()).collect();
    assert_eq!(decoded, names);
    for name in ["out/a.tar/资料/年度工作报告.txt", "out/a.tar/__/发票.txt"] {
        assert_eq!(folder.read(name), b"text");
    }
}

#[test]
fn a_bomb_is_stopped_and_the_rest_is_read() {
    let folder = Folder::new();
    folder.file("bomb.gz", gzip(&vec![0; 12 << 20]));
    folder.file(
        "mixed.zip",
        zip(&[("fine.txt", b"fine"), ("bomb.txt", &vec![b'0'; 12 << 20]), ("too.txt", b"too")]),
    );
    let ran = folder.run(["scan", "bomb.gz", "mixed.zip"]).exits(3);
    let lines = ran.json();
    let kinds: Vec<&Value> = lines.iter().map(|line| &line["diagnostics"][0]["kind"]).collect();
    assert_eq!(kinds[0], "limit");
    assert_eq!((kinds[1], kinds[2]), (&Value::Null, &"limit".into()));
    assert!(ran.err().contains("bomb.gz: stopped at a limit"), "{}", ran.err());
}

#[test]
fn damaged_archives_give_what_they_have() {
    let folder = Folder::new();
    let whole = gzip("行政机关登记管理\n".repeat(2000).as_bytes());
    folder.file("cut.gz", &whole[..whole.len() - 10]);
    folder.file("no-directory.zip", &zip(&[("a.txt", b"a")])[..40]);
    folder.file("cut.tar", &tar(&[(b"a.txt", b"a"), (b"b.txt", &[b'b'; 600])])[..1800]);
    let ran = folder.run(["scan", "cut.gz", "no-directory.zip", "cut.tar"]).exits(3);
    let lines = ran.json();
    assert_eq!(lines[0]["encoding"], "utf-8");
    assert_eq!(lines[0]["diagnostics"].as_array().unwrap().last().unwrap()["kind"], "damaged");
    // The entry is whole; what is gone is the directory.
    assert_eq!(lines[1]["diagnostics"].as_array().unwrap().len(), 0);
    assert_eq!(lines[2]["diagnostics"][0]["kind"], "damaged");
    assert_eq!(places(&lines[1..4]), ["no-directory.zip!a.txt", "no-directory.zip", "cut.tar!a.txt"]);
}

#[test]
fn entries_that_overlap_are_refused() {
    let folder = Folder::new();
    let mut bytes = zip(&[("a.txt", b"the same bytes"), ("b.txt", b"other bytes!!!")]);
    // Point the second entry of the directory at the first entry's data.
    let second = bytes.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    bytes[second + 42..second + 46].fill(0);
    folder.file("overlap.zip", bytes);
    let lines = folder.run(["scan", "-q", "overlap.zip"]).exits(3).json();
    assert_eq!((lines.len(), &lines[0]["diagnostics"][0]["kind"]), (1, &"damaged".into()));
}

#[test]
fn a_size_that_lies_is_found_out() {
    let folder = Folder::new();
    let mut bytes = zip(&[("a.txt", &[b'A'; 100_000])]);
    let directory = bytes.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    bytes[directory + 24..directory + 28].copy_from_slice(&10_u32.to_le_bytes());
    bytes[22..26].copy_from_slice(&10_u32.to_le_bytes());
    folder.file("lie.zip", bytes);
    let lines = folder.run(["scan", "-q", "lie.zip"]).exits(3).json();
    assert_eq!(lines[0]["diagnostics"][0]["kind"], "damaged");
}

#[test]
fn output_stays_in_its_folder() {
    let folder = Folder::new();
    let names: [&[u8]; 5] =
        [b"../../evil.txt", b"/abs.txt", b"..\\win.txt", b"C:\\c.txt", b"ok/\xCA\xC0.txt"];
    let entries: Vec<(&[u8], &[u8])> = names.iter().map(|name| (*name, b"x".as_slice())).collect();
    folder.file("in/slip.tar", tar(&entries));
    folder.file("in/deep/g.txt", gb18030("国家事业单位登记管理局制。"));
    folder.run(["scan", "-q", "--write-fixed", "out", "in"]).exits(0);
    let made = folder.snapshot();
    let mut made: Vec<String> = made
        .iter()
        .map(|(path, _)| path.strip_prefix(folder.0.path()).unwrap().to_str().unwrap().to_owned())
        .filter(|path| !path.starts_with("in/"))
        .collect();
    made.sort();
    let expected = [
        "out/deep/g.txt",
        "out/slip.tar/C_/c.txt",
        "out/slip.tar/__/__/evil.txt",
        "out/slip.tar/__/win.txt",
        "out/slip.tar/abs.txt",
        "out/slip.tar/ok/世.txt",
    ];
    assert_eq!(made, expected);
    assert_eq!(folder.read("out/deep/g.txt"), "国家事业单位登记管理局制。".as_bytes());
}

#[test]
fn links_in_archives_are_not_followed() {
    let folder = Folder::new();
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    builder.append_link(&mut header, "link", "/etc").unwrap();
    folder.file("l.tar", builder.into_inner().unwrap());
    let lines = folder.run(["scan", "-q", "--write-fixed", "out", "l.tar"]).exits(0).json();
    assert_eq!(lines[0]["diagnostics"][0]["kind"], "link");
    assert!(!folder.path("out/l.tar/link").exists());
}

#[test]
fn records_go_to_their_own_file() {
    let folder = Folder::new();
    folder.file("a.zip", zip(&[("1.txt", b"1"), ("2.txt", b"2")]));
    folder.file("b.txt", "b");
    folder.run(["scan", "-q", "--records", "r.ndjson", "a.zip", "b.txt"]).exits(0);
    let records = String::from_utf8(folder.read("r.ndjson")).unwrap();
    let records: Vec<Value> = records.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(places(&records), ["a.zip!1.txt", "a.zip!2.txt", "b.txt"]);
    assert!(records.iter().all(|record| record.get("doc_type").is_some()));
}

#[test]
fn repairs_reach_documents_in_archives() {
    let folder = Folder::new();
    folder.file("a.zip", zip(&[("m.txt", GARBLED.as_bytes())]));
    let lines = folder.run(["scan", "-q", "--write-fixed", "out", "a.zip"]).exits(0).json();
    assert_eq!(lines[0]["repairs"][0]["after"], CLEAN);
    assert_eq!(folder.read("out/a.zip/m.txt"), CLEAN.as_bytes());
}
