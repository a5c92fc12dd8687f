//! Each verb's contract apart from `fix`, `scan` and `stream`.

use std::io::Read;

use crate::{CLEAN, Folder, GARBLED, command, gb18030};

const CHINESE: &str = "事业单位法人年度报告书，国家事业单位登记管理局制。\n";

#[test]
fn wrong_calls_exit_with_2() {
    let folder = Folder::new();
    folder.run([] as [&str; 0]).exits(2);
    folder.run(["mend", "x"]).exits(2);
    folder.run(["fix", "--min-confidence", "2", "x"]).exits(2);
    folder.run(["fix", "--encoding", "klingon", "x"]).exits(2);
    folder.run(["fix", "--in-place", "--output-dir", "d", "x"]).exits(2);
    folder.run(["check", "-g", "{", "."]).exits(2);
    folder.run(["man", "mend"]).exits(2);
}

#[test]
fn help_and_version_are_answers() {
    let folder = Folder::new();
    assert!(folder.run(["--version"]).exits(0).out().starts_with("fixenc "));
    assert!(folder.run(["--help"]).exits(0).out().contains("Exit status"));
    for verb in ["detect", "check", "fix", "undo", "extract", "scan", "explain", "uscc", "stream"] {
        assert!(folder.run([verb, "--help"]).exits(0).out().contains("Example"), "{verb}");
        assert!(folder.run(["man", verb]).exits(0).out().contains(".TH"), "{verb}");
    }
    assert!(folder.run(["man"]).exits(0).out().contains("fixenc\\-detect"));
    for shell in ["bash", "zsh", "fish"] {
        assert!(folder.run(["completions", shell]).exits(0).out().contains("min-confidence"), "{shell}");
    }
}

#[test]
fn inputs_that_fail_exit_with_3_and_leave_a_record() {
    let folder = Folder::new();
    folder.file("there.txt", "text\n");
    let ran = folder.run(["detect", "--json", "there.txt", "not-there.txt"]).exits(3);
    let lines = ran.json();
    assert_eq!(lines[0]["encoding"], "ascii");
    assert_eq!(lines[1]["path"]["text"], "not-there.txt");
    assert!(lines[1]["error"].is_string());
    assert!(ran.err().contains("not-there.txt"));
    assert_eq!(folder.run(["detect", "-q", "not-there.txt"]).exits(3).err(), "");
}

#[test]
fn detect_names_the_encoding() {
    let folder = Folder::new();
    folder.file("g.txt", gb18030(CHINESE));
    folder.file("b.bin", [0, 1, 2, 0, 0, 3, 0xFF, 0xFE, 0, 9]);
    let ran = folder.run(["detect", "g.txt", "b.bin"]).exits(0);
    assert!(ran.out().starts_with("g.txt: gb18030 ("), "{}", ran.out());
    assert!(ran.out().ends_with("b.bin: binary\n"), "{}", ran.out());
    let lines = folder.run(["detect", "--json", "g.txt", "b.bin"]).exits(0).json();
    assert_eq!((&lines[0]["v"], &lines[0]["evidence"]), (&1.into(), &"statistical".into()));
    assert!(lines[1]["encoding"].is_null());
    let piped = folder.run_with(["detect", "-"], "é\n".as_bytes()).exits(0);
    assert!(piped.out().starts_with("-: utf-8"));
    assert_eq!(folder.run_with(["detect"], "é\n".as_bytes()).out(), piped.out());
}

#[test]
fn detect_tells_which_bytes_of_a_mixed_file_are_in_what() {
    let folder = Folder::new();
    let line = "Сегодня мы идём в библиотеку, а завтра поедем на дачу.\n";
    let windows = encoding_rs::WINDOWS_1251.encode(line).0.into_owned();
    let plain = b"no letter of note\n".to_vec();
    let parts = [line.as_bytes().to_vec(), windows.clone(), plain, line.as_bytes().to_vec(), windows];
    let mixed: Vec<u8> = parts.iter().cycle().take(50).flatten().copied().collect();
    folder.file("m.txt", &mixed);
    let spans = |ran: &serde_json::Value| ran["spans"].as_array().unwrap().clone();
    let json = folder.run(["detect", "--json", "m.txt"]).exits(0).json();
    assert_eq!(json[0]["mixed"], serde_json::json!(["utf-8", "windows-1251"]));
    let told = spans(&json[0]);
    let mut text = String::new();
    let mut at = 0;
    for span in &told {
        let (start, end) = (span["start"].as_u64().unwrap() as usize, span["end"].as_u64().unwrap() as usize);
        assert_eq!(start, at, "all bytes, in order");
        let label = span["encoding"].as_str().unwrap().as_bytes();
        text += &encoding_rs::Encoding::for_label(label).unwrap().decode(&mixed[start..end]).0;
        at = end;
    }
    assert_eq!(at, mixed.len());
    assert_eq!(text, format!("{line}{line}no letter of note\n{line}{line}").repeat(10));
    let piped = folder.run_with(["detect", "--json"], &mixed).exits(0).json();
    assert_eq!(spans(&piped[0]), told, "standard input too");
    let out = folder.run(["detect", "m.txt"]).exits(0).out();
    assert!(
        out.starts_with("m.txt: mixed, by lines: utf-8, windows-1251\n  bytes 0 to 98: utf-8\n"),
        "{out}"
    );
    assert!(out.ends_with(&format!("  and {} more; all of them with --json\n", told.len() - 8)), "{out}");
}

#[test]
fn detect_sums_a_folder_up() {
    let folder = Folder::new();
    folder.file("d/a.txt", "plain\n");
    folder.file("d/b.txt", "plain\n");
    folder.file("d/e.txt", gb18030(CHINESE));
    let ran = folder.run(["detect", "d"]).exits(0);
    assert!(ran.err().contains("3 files: 2 ascii, 1 gb18030"), "{}", ran.err());
    assert_eq!(ran.out().lines().count(), 3);
    assert_eq!(folder.run(["detect", "-q", "d"]).exits(0).err(), "");
    assert_eq!(folder.run(["detect", "d/a.txt"]).exits(0).err(), "");
}

#[test]
fn inputs_come_from_folders_globs_and_lists() {
    let folder = Folder::new();
    folder.file("d/b.txt", "b");
    folder.file("d/.hidden/a.csv", "a");
    folder.file("d/c.txt", "c");
    let paths = |args: &[&str], input: &[u8]| -> Vec<String> {
        let lines = folder.run_with(args, input).exits(0).json();
        lines.iter().map(|line| line["path"]["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(paths(&["detect", "--json", "d"], b""), ["d/.hidden/a.csv", "d/b.txt", "d/c.txt"]);
    assert_eq!(paths(&["detect", "--json", "-g", "*.txt", "d"], b""), ["d/b.txt", "d/c.txt"]);
    assert_eq!(paths(&["detect", "--json", "-g", "!*.txt", "d"], b""), ["d/.hidden/a.csv"]);
    assert_eq!(
        paths(&["detect", "--json", "--files0-from", "-"], b"d/c.txt\0d/b.txt\0"),
        ["d/c.txt", "d/b.txt"]
    );
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_utf8_is_told_in_base64() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    let name = std::ffi::OsStr::from_bytes(b"\xCA\xC0.txt");
    std::fs::write(folder.0.path().join(name), "x").unwrap();
    assert_eq!(folder.run(["detect", "--json", "."]).json()[0]["path"]["bytes"], "Li/KwC50eHQ=");
}

#[test]
fn check_of_clean_text_is_silent() {
    let folder = Folder::new();
    folder.file("u.txt", CHINESE);
    folder.file("g.txt", gb18030(CHINESE));
    let ran = folder.run(["check", "u.txt", "g.txt"]).exits(0);
    assert_eq!((ran.out(), ran.err()), (String::new(), String::new()));
    let line = &folder.run(["check", "--json", "g.txt"]).exits(0).json()[0];
    assert_eq!((&line["damaged"], &line["encoding"]), (&false.into(), &"gb18030".into()));
}

#[test]
fn check_finds_malformed_bytes() {
    let folder = Folder::new();
    folder.file("m.txt", b"caf\xC3\xA9 \xFF \xE7\xBB\x9F\xE4\xB8\x80\n");
    let ran = folder.run(["check", "--encoding", "utf-8", "m.txt"]).exits(1);
    assert!(
        ran.out().ends_with("m.txt: 1 sequence is malformed for utf-8, the first at byte 6\n"),
        "{}",
        ran.out()
    );
    assert_eq!(folder.run(["check", "-q", "--encoding", "utf-8", "m.txt"]).exits(1).out(), "");
}

#[test]
fn repairs_are_found_by_check() {
    let folder = Folder::new();
    folder.file("m.txt", format!("第一行\n见 {GARBLED}\n"));
    let ran = folder.run(["check", "m.txt"]).exits(1);
    assert!(ran.out().starts_with("m.txt:2:3: "), "{}", ran.out());
    assert!(ran.out().contains(CLEAN) && ran.out().contains("read as"), "{}", ran.out());
    let line = &folder.run(["check", "--json", "m.txt"]).exits(1).json()[0];
    assert_eq!(line["repairs"][0]["after"], CLEAN);
    assert_eq!(folder.run(["check", "-q", "m.txt"]).exits(1).out(), "");
}

#[test]
fn explain_says_when_there_is_nothing_to_say() {
    let folder = Folder::new();
    assert_eq!(folder.run(["explain", "Café"]).exits(0).out(), "nothing looks damaged\n");
    let line = &folder.run(["explain", "--json", "Café"]).exits(0).json()[0];
    assert_eq!((&line["text"], &line["v"]), (&"Café".into(), &1.into()));
    folder.run(["explain", "--file", "not-there"]).exits(2);
}

#[test]
fn explain_tells_why_text_is_gone_and_names_a_cipher() {
    let folder = Folder::new();
    let out = folder.run(["explain", "名前：鐃緒申鐃緒申"]).exits(0).out();
    assert!(out.contains("read as euc-jp") && out.contains("are gone"), "{out}");
    let line = &folder.run(["explain", "--json", "占쏙옙占쏙옙"]).exits(0).json()[0];
    assert_eq!(line["undecided"][0]["reason"], "replaced_then_read");
    assert_eq!(line["undecided"][0]["reader"], "euc-kr");
    let out = folder.run(["explain", "Gur zrrgvat vf ng avar."]).exits(0).out();
    assert!(out.contains("ROT13") && out.contains("The meeting is at nine."), "{out}");
}

#[test]
fn repairs_touch_only_the_lines_that_they_may() {
    let folder = Folder::new();
    folder.file("a.txt", "name: CafÃ©\nraw: CafÃ©\n");
    let fixed = |args: &[&str]| folder.run([&["fix", "a.txt"], args].concat()).exits(0).out();
    assert_eq!(fixed(&["--only-lines-with", "name:"]), "name: Café\nraw: CafÃ©\n");
    assert_eq!(fixed(&["--skip-lines-with", "raw", "--skip-lines-with", "none"]), "name: Café\nraw: CafÃ©\n");
    folder.run(["check", "--only-lines-with", "no such line", "a.txt"]).exits(0);
    folder.run(["check", "--only-lines-with", "raw", "a.txt"]).exits(1);
}

#[test]
fn repairs_are_explained() {
    let folder = Folder::new();
    for ran in [folder.run(["explain", GARBLED]), folder.run_with(["explain"], GARBLED.as_bytes())] {
        let out = ran.exits(0).out();
        assert!(out.contains(GARBLED) && out.contains(CLEAN), "{out}");
        assert!(out.contains("~~~") && out.contains("read as") && out.contains("bits"), "{out}");
        assert!(!out.contains('\u{1b}'), "no colour in a pipe: {out}");
    }
}

#[test]
fn extract_gives_one_record_per_document() {
    let folder = Folder::new();
    folder.file("a.txt", CHINESE);
    folder.file("b.txt", gb18030(CHINESE));
    let lines = folder.run(["extract", "a.txt", "b.txt"]).exits(0).json();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].get("doc_type").is_some());
    let csv = folder.run(["extract", "--format", "csv", "a.txt", "b.txt"]).exits(0).out();
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].starts_with("path,doc_type") && rows[0].ends_with("codes,warnings"), "{csv}");
    assert!(rows[1].starts_with("a.txt,") && rows[2].starts_with("b.txt,"), "{csv}");
}

#[test]
fn reads_fields_into_columns() {
    let folder = Folder::new();
    folder.file("a.txt", "事业单位法人年度报告书\n（  2023  年度）\n单位名称\n桃江县石牛江镇党群和政务服务中心\n统一社会信用代码 12430922MB1B928835\n");
    let line = &folder.run(["extract", "a.txt"]).exits(0).json()[0];
    assert_eq!(line["doc_type"], "public_institution_annual_report");
    let csv = folder.run(["extract", "--format", "csv", "a.txt"]).exits(0).out();
    assert!(csv.contains("uscc") && csv.contains("12430922MB1B928835"), "{csv}");
}

#[test]
fn reads_the_layers_of_a_code() {
    let folder = Folder::new();
    let line = &folder.run(["uscc", "--json", "12430922MB1B928835"]).exits(0).json()[0];
    assert_eq!((&line["checks"]["mod31"], &line["checks"]["mod11"]), (&true.into(), &true.into()));
    let ran = folder.run(["uscc", "12430922MB1B928836"]).exits(1);
    assert!(ran.out().contains("invalid") && ran.out().contains("does not hold"), "{}", ran.out());
    let piped = folder.run_with(["uscc", "--json"], b"12430922MB1B928835\n\n111111111111111115\n").exits(1);
    assert_eq!(piped.json().len(), 2);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new();
    folder.file("long.txt", "一行文字\n".repeat(500_000));
    let mut child = command(folder.0.path()).args(["fix", "long.txt"]).spawn().unwrap();
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_exits_with_4() {
    let folder = Folder::new();
    folder.file("a.txt", CHINESE);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status = command(folder.0.path()).args(["fix", "a.txt"]).stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(4));
}
