//! What the verbs say of documents of other formats than plain text, whole and damaged.

use std::io::{Cursor, Write};

use crate::{CLEAN, Folder, GARBLED, gb18030};

#[path = "../../src/document/word/made.rs"]
mod made;

use made::{Made, Units, utf_16};

const TEXT: &str = "桥下的三条旧船\n去年秋天，渔民们把它们拖到岸上，重新刷了油漆。\n";
/// Where a flag says that a document is encrypted.
const ENCRYPTED: u16 = 0x0100;

fn unicode() -> Made {
    Made::word_97(vec![(Units::Utf16, utf_16(&TEXT.replace('\n', "\r")))])
}

fn word(text: &str) -> Vec<u8> {
    Made::word_95(&gb18030(&text.replace('\n', "\r"))).file()
}

fn encrypted() -> Vec<u8> {
    let made = unicode();
    Made { flags: made.flags | ENCRYPTED, ..made }.file()
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.into_inner().into_inner()
}

fn without_directory(mut file: Vec<u8>) -> Vec<u8> {
    let directory = 512 * (1 + u32::from_le_bytes(file[48..52].try_into().unwrap()) as usize);
    file[directory..directory + 512].fill(0);
    file
}

#[test]
fn the_text_of_a_document_is_printed_and_repaired() {
    let folder = Folder::new();
    folder.file("a.doc", word(TEXT));
    assert_eq!(folder.run(["fix", "a.doc"]).exits(0).out(), TEXT);
    let made = Made::word_97(vec![(Units::Utf16, utf_16(&format!("一\r{GARBLED}\r")))]);
    folder.file("m.doc", made.file());
    assert_eq!(folder.run(["fix", "m.doc"]).exits(0).out(), format!("一\n{CLEAN}\n"));
    let line = &folder.run(["fix", "--json", "m.doc"]).exits(0).json()[0];
    assert_eq!((&line["format"], &line["repairs"][0]["after"]), (&"doc".into(), &CLEAN.into()));
    assert!(folder.run(["check", "m.doc"]).exits(1).out().starts_with("m.doc:2:1: "));
    let said = folder.run(["fix", "--dry-run", "m.doc"]).exits(0).out();
    assert_eq!(said, "m.doc: 1 span repaired in the text of a document (doc)\n");
}

#[test]
fn detect_names_the_format_and_the_encoding_of_the_text() {
    let folder = Folder::new();
    folder.file("d/a.doc", word(TEXT));
    folder.file("d/b.doc", unicode().file());
    folder.file("d/c.html", gb18030(&format!("<html><body>{TEXT}</body></html>")));
    folder.file("d/d.msi", compound(&[("/Table", b"neither text nor a document")]));
    let ran = folder.run(["detect", "d"]).exits(0);
    let out = ran.out();
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("d/a.doc: doc, its text in gb18030 ("), "{out}");
    assert_eq!(lines[1], "d/b.doc: doc, its text in unicode");
    assert!(lines[2].starts_with("d/c.html: gb18030 ("), "{out}");
    assert_eq!(lines[3], "d/d.msi: binary");
    assert!(ran.err().contains("4 files: 2 doc, 1 binary, 1 gb18030"), "{}", ran.err());
    let lines = folder.run(["detect", "--json", "d"]).exits(0).json();
    assert_eq!((&lines[0]["format"], &lines[0]["encoding"]), (&"doc".into(), &"gb18030".into()));
    assert!(lines[0]["decode_as"].is_null(), "the file is not text in it");
    assert_eq!((&lines[1]["encoding"], lines[2].get("format")), (&"unicode".into(), None));
}

#[test]
fn what_cannot_be_read_of_a_document_is_a_failure_in_every_verb() {
    let folder = Folder::new();
    let whole = unicode().file();
    folder.file("secret.doc", encrypted());
    folder.file("secret.xlsx", compound(&[("/EncryptionInfo", b"4"), ("/EncryptedPackage", &[7; 5000])]));
    folder.file("stump.doc", &whole[..1024]);
    let reasons = [
        ("secret.doc", "not supported: an encrypted document"),
        ("secret.xlsx", "not supported: an encrypted document"),
        ("stump.doc", "damaged ole2: "),
    ];
    for (name, reason) in reasons {
        for verb in ["detect", "check", "fix", "extract", "scan"] {
            let ran = folder.run([verb, name]).exits(3);
            assert!(ran.err().contains(name) && ran.err().contains(reason), "{verb} {name}: {}", ran.err());
            assert_eq!(ran.err().matches(reason).count(), 1, "{verb} {name}: {}", ran.err());
        }
        let ran = folder.run(["explain", "--file", name]).exits(3);
        assert_eq!(ran.out(), "");
        assert!(ran.err().contains(reason), "{}", ran.err());
        // Not only where it was named: it is a document, and its text is missing.
        folder.file(&format!("{name}.d/{name}"), folder.read(name));
        folder.run(["fix", "--output-dir", "out", &format!("{name}.d")]).exits(3);
    }
}

#[test]
fn a_damaged_document_gives_its_text_and_says_what_is_wrong() {
    let folder = Folder::new();
    folder.file("a.doc", without_directory(unicode().file()));
    let ran = folder.run(["fix", "a.doc"]).exits(3);
    assert_eq!(ran.out(), TEXT);
    assert!(
        ran.err().contains("a.doc: damaged ole2: the beginning of the directory is lost"),
        "{}",
        ran.err()
    );
    let ran = folder.run(["detect", "a.doc"]).exits(0);
    assert_eq!(ran.out(), "a.doc: doc, its text in unicode\n");
    assert!(ran.err().contains("a.doc: damaged ole2: "), "{}", ran.err());
    let line = &folder.run(["check", "--json", "a.doc"]).exits(3).json()[0];
    assert_eq!((&line["damaged"], &line["diagnostics"][0]["kind"]), (&false.into(), &"damaged".into()));
    folder.run(["fix", "--output-dir", "out", "a.doc"]).exits(3);
    assert_eq!(folder.read("out/a.doc.txt"), TEXT.as_bytes());
}

#[test]
fn a_compound_file_of_another_kind_is_binary_data() {
    let folder = Folder::new();
    folder.file("a.msi", compound(&[("/Table", b"neither text nor a document")]));
    assert!(folder.run(["fix", "a.msi"]).exits(3).err().contains("a.msi: no text: binary data"));
    assert_eq!(folder.run(["check", "a.msi"]).exits(0).err(), "fixenc: a.msi: no text, not checked\n");
    let ran = folder.run(["extract", "a.msi"]).exits(0);
    assert_eq!((ran.out().as_str(), ran.err().as_str()), ("", "fixenc: a.msi: no text, so no record\n"));
}

#[test]
fn an_archive_is_said_to_be_one_that_another_verb_reads() {
    let folder = Folder::new();
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(TEXT.as_bytes()).unwrap();
    let file = archive.finish().unwrap().into_inner();
    folder.file("d/a.zip", &file);
    folder.file("d/cut.zip", &file[..file.len() - 30]);
    let ran = folder.run(["detect", "d"]).exits(0);
    for line in ran.out().lines() {
        assert!(line.ends_with("zip: zip, an archive (`fixenc scan` reads what is in it)"), "{line}");
    }
    assert!(ran.err().contains("2 files: 2 zip"), "{}", ran.err());
    let line = &folder.run(["detect", "--json", "d/a.zip"]).exits(0).json()[0];
    assert_eq!((&line["format"], &line["encoding"]), (&"zip".into(), &serde_json::Value::Null));
    for verb in [&["fix"][..], &["explain", "--file"]] {
        let ran = folder.run(verb.iter().copied().chain(["d/a.zip"]));
        assert!(ran.err().contains("`fixenc scan`"), "{verb:?}: {}", ran.err());
    }
}

#[test]
fn the_text_of_a_document_is_named_as_text() {
    let folder = Folder::new();
    let mail =
        b"From: a@example.org\r\nSubject: boats\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nThree of them.\r\n";
    folder.file("in/a.doc", word(TEXT));
    folder.file("in/b.eml", mail);
    folder.file("in/c.html", gb18030(&format!("<p>{TEXT}</p>")));
    folder.run(["fix", "--output-dir", "out", "in"]).exits(0);
    assert_eq!(folder.read("out/a.doc.txt"), TEXT.as_bytes());
    assert!(String::from_utf8(folder.read("out/b.eml.txt")).unwrap().contains("Three of them."));
    assert_eq!(folder.read("out/c.html"), format!("<p>{TEXT}</p>").as_bytes(), "a page stays its source");
    assert!(!folder.path("out/a.doc").exists() && !folder.path("out/b.eml").exists());
    folder.run(["scan", "-q", "--write-fixed", "fixed", "in"]).exits(0);
    assert_eq!(folder.read("fixed/a.doc.txt"), TEXT.as_bytes());
    assert!(folder.path("fixed/b.eml.txt").exists() && folder.path("fixed/c.html").exists());
}

#[test]
fn what_is_in_a_document_goes_to_a_folder_of_its_name() {
    let folder = Folder::new();
    let mail = "From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n\
        --b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=list.txt\r\n\r\noars\r\n--b--\r\n";
    folder.file("a.eml", mail);
    folder.run(["scan", "-q", "--write-fixed", "out", "a.eml"]).exits(0);
    assert!(String::from_utf8(folder.read("out/a.eml.txt")).unwrap().contains("See below."));
    assert_eq!(String::from_utf8(folder.read("out/a.eml/list.txt")).unwrap().trim(), "oars");
}

#[test]
fn a_document_is_never_replaced_by_its_text() {
    let folder = Folder::new();
    folder.file("in/a.doc", word(TEXT));
    folder.file("in/b.rtf", "{\\rtf1\\ansi Caf\\'e9\\par}");
    folder.file("in/c.txt", format!("{GARBLED}\n"));
    let (doc, rtf) = (folder.read("in/a.doc"), folder.read("in/b.rtf"));
    for name in ["in/a.doc", "in/b.rtf"] {
        let ran = folder.run(["fix", "--in-place", name]).exits(3);
        assert!(ran.err().contains("which its text cannot replace"), "{}", ran.err());
    }
    // In a folder they are passed over, and that is said.
    let ran = folder.run(["fix", "--in-place", "in"]).exits(0);
    assert!(ran.err().contains("in/a.doc: a document (doc)"), "{}", ran.err());
    assert_eq!((folder.read("in/a.doc"), folder.read("in/b.rtf")), (doc, rtf));
    assert_eq!(folder.read("in/c.txt"), format!("{CLEAN}\n").as_bytes());
}
