//! `fix` without replacing anything.

use crate::{CLEAN, Folder, GARBLED, gb18030};

#[test]
fn the_result_is_utf8_on_standard_output() {
    let folder = Folder::new();
    folder.file("g.txt", gb18030("国家事业单位登记管理局制。\n"));
    folder.file("u.txt", "plain\r\n");
    let before = folder.snapshot();
    assert_eq!(folder.run(["fix", "g.txt", "u.txt"]).exits(0).out(), "国家事业单位登记管理局制。\nplain\r\n");
    assert_eq!(folder.run_with(["fix"], "é".as_bytes()).exits(0).out(), "é");
    assert_eq!(folder.run_with(["fix", "-e", "koi8-r", "-"], b"\xC1\xC2").exits(0).out(), "аб");
    assert_eq!(folder.snapshot(), before);
}

#[test]
fn clean_text_comes_back_byte_for_byte() {
    let folder = Folder::new();
    for text in ["", "\u{FEFF}mark\r\n", "“quotes” ﬁ ｗｉｄｅ\u{a0}e\u{301}\n", "no end", "\r\r\n\n\u{c}"]
    {
        assert_eq!(folder.run_with(["fix"], text.as_bytes()).exits(0).out(), text, "{text:?}");
    }
}

#[test]
fn large_files_are_cut_without_a_trace() {
    let folder = Folder::new();
    let text: String = (0..150_000).map(|n| format!("第{n}行：统一社会信用代码\n")).collect();
    folder.file("large.txt", &text);
    folder.file("large.gbk", gb18030(&text));
    assert!(folder.run(["fix", "large.txt"]).exits(0).out() == text);
    assert!(folder.run(["fix", "large.gbk"]).exits(0).out() == text);
    let end = "国家事业单位登记管理局制。\n";
    let late = format!("{}{end}", "ascii only\n".repeat(300_000));
    assert!(folder.run_with(["fix"], &gb18030(&late)).exits(0).out().ends_with(&format!("only\n{end}")));
}

#[test]
fn binary_data_is_refused_by_name_and_passed_over_in_folders() {
    let folder = Folder::new();
    folder.file("d/p.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0");
    folder.file("d/t.txt", "text");
    let ran = folder.run(["fix", "d/p.png"]).exits(3);
    assert_eq!(ran.out(), "");
    assert!(ran.err().contains("d/p.png: no text"), "{}", ran.err());
    folder.run(["fix", "--output-dir", "out", "d"]).exits(0);
    assert_eq!(folder.read("out/t.txt"), b"text");
    assert!(!folder.path("out/p.png").exists());
}

#[test]
fn output_goes_to_a_folder_in_the_same_layout() {
    let folder = Folder::new();
    folder.file("in/a/g.txt", gb18030("登记管理局，年度报告书。"));
    folder.file("in/b.txt", "b");
    folder.file("other/b.txt", "other");
    folder.run(["fix", "--output-dir", "out", "in", "other/b.txt"]).exits(0);
    assert_eq!(folder.read("out/a/g.txt"), "登记管理局，年度报告书。".as_bytes());
    assert_eq!(folder.read("out/b.txt"), b"b");
    assert_eq!(folder.read("out/b.txt~2"), b"other", "no output overwrites another");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_output_folder_is_not_followed() {
    let folder = Folder::new();
    folder.file("in/sub/a.txt", "a");
    folder.file("elsewhere/keep", "");
    std::fs::create_dir(folder.path("out")).unwrap();
    std::os::unix::fs::symlink(folder.path("elsewhere"), folder.path("out/sub")).unwrap();
    folder.run(["fix", "--output-dir", "out", "in"]).exits(3);
    assert!(!folder.path("elsewhere/a.txt").exists());
}

#[test]
fn dry_run_writes_nothing() {
    let folder = Folder::new();
    folder.file("g.txt", gb18030("登记管理局，年度报告书。"));
    let before = folder.snapshot();
    let ran = folder.run(["fix", "--dry-run", "--in-place", "--journal", "j", "g.txt"]).exits(0);
    assert_eq!(ran.out(), "g.txt: 0 spans repaired, gb18030 to utf-8\n");
    folder.run(["fix", "-n", "--output-dir", "out", "g.txt"]).exits(0);
    assert_eq!(folder.snapshot(), before);
}

#[test]
fn repairs_reach_standard_output() {
    let folder = Folder::new();
    folder.file("m.txt", format!("{GARBLED}\n"));
    assert_eq!(folder.run(["fix", "m.txt"]).exits(0).out(), format!("{CLEAN}\n"));
}

#[test]
fn repairs_are_told_as_json() {
    let folder = Folder::new();
    let line = &folder.run_with(["fix", "--json"], format!("见{GARBLED}\n").as_bytes()).exits(0).json()[0];
    assert_eq!(line["text"], format!("见{CLEAN}\n"));
    let repair = &line["repairs"][0];
    assert_eq!((&repair["start"], &repair["end"]), (&3.into(), &(3 + GARBLED.len()).into()));
    assert_eq!((&repair["before"], &repair["after"]), (&GARBLED.into(), &CLEAN.into()));
    assert!(repair["chain"][0]["encode"].is_string() && repair["chain"][1]["decode"].is_string());
    assert_eq!((&repair["lossless"], &repair["losses"]), (&true.into(), &serde_json::json!([])));
    assert!(repair["confidence"].as_f64().unwrap() > 0.9);
}

#[test]
fn repairs_tell_what_was_lost() {
    let folder = Folder::new();
    // Read as Latin-1, after which every soft hyphen was deleted: 江 is BD AD in GBK.
    let latin1: String = gb18030("桃江县石牛江镇党群和政务服务中心").into_iter().map(char::from).collect();
    let garbled = latin1.replace('\u{AD}', "");
    let line = &folder.run_with(["fix", "--json"], garbled.as_bytes()).exits(0).json()[0];
    assert_eq!(line["text"], "桃江县石牛江镇党群和政务服务中心");
    let repair = &line["repairs"][0];
    assert_eq!(repair["losses"], serde_json::json!([{"kind": "dropped", "byte": "AD", "count": 2}]));
    assert_eq!(repair["edits"][0], serde_json::json!({"step": 0, "at": 3, "insert": "AD"}));
    assert_eq!(repair["lossless"], false);
    assert!(folder.run(["explain", &garbled]).exits(0).out().contains("2 bytes AD dropped"));
    let line = &folder.run_with(["fix", "--json", "--lossless-only"], garbled.as_bytes()).exits(0).json()[0];
    assert!(line["repairs"].as_array().unwrap().iter().all(|repair| repair["lossless"] == true), "{line}");
}

#[test]
fn repairs_show_as_a_diff_that_patch_understands() {
    let folder = Folder::new();
    let text = format!("1\n2\n3\n4\n甲{GARBLED}乙\n5\n6\n7\n8\n{GARBLED}");
    folder.file("m.txt", &text);
    let before = folder.snapshot();
    let diff = folder.run(["fix", "--diff", "m.txt"]).exits(0).out();
    let expected = format!(
        "--- m.txt\n+++ m.txt\n@@ -2,9 +2,9 @@\n 2\n 3\n 4\n-甲{GARBLED}乙\n+甲{CLEAN}乙\n 5\n 6\n 7\n 8\n\
         -{GARBLED}\n\\ No newline at end of file\n+{CLEAN}\n\\ No newline at end of file\n"
    );
    assert_eq!(diff, expected);
    assert_eq!(folder.snapshot(), before);
}
