//! `stream`: the protocol that other programs speak.

use std::io::{BufRead, BufReader, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::{CLEAN, Folder, GARBLED, command, gb18030};

fn talk(lines: &str) -> Vec<Value> {
    Folder::new().run_with(["stream"], lines.as_bytes()).exits(0).json()
}

#[test]
fn answers_come_in_order_one_for_one() {
    let lines: String =
        (0..2000).map(|n| json!({"id": n, "text": format!("第{n}")}).to_string() + "\n").collect();
    let answers = talk(&lines);
    assert_eq!(answers.len(), 2000);
    for (n, answer) in answers.iter().enumerate() {
        assert_eq!((&answer["id"], &answer["text"]), (&n.into(), &format!("第{n}").into()));
    }
}

#[test]
fn unknown_keys_come_back_untouched() {
    let line = r#"{"id":{"a":[1,null]},"n":1.50000000000000000000001,"big":123456789012345678901234567890,"é\u00e9":"\ud800 \/","text":"x"}"#;
    let out = Folder::new().run_with(["stream"], format!("{line}\n").as_bytes()).exits(0).out();
    let head = r#"{"id":{"a":[1,null]},"n":1.50000000000000000000001,"big":123456789012345678901234567890,"éé":"\ud800 \/","#;
    assert!(out.starts_with(head), "{out}");
    assert!(out.ends_with("\"text\":\"x\",\"encoding\":null,\"repairs\":[]}\n"), "{out}");
}

#[test]
fn bad_lines_get_errors_and_the_rest_goes_on() {
    let bad = [
        "not json",
        "[1]",
        "{\"id\":7}",
        "{\"id\":7,\"text\":\"\\ud800\"}",
        "{\"id\":7,\"text\":5}",
        "{\"id\":7,\"bytes\":\"?\"}",
        "{\"id\":7,\"text\":\"x\",\"bytes\":\"\"}",
        "{\"id\":7,\"text\":\"x\",\"want\":[\"tea\"]}",
        "{\"id\":7,\"text\":\"x\",\"want\":\"repair\"}",
    ];
    for line in bad {
        let answers = talk(&format!("{line}\n{{\"id\":8,\"text\":\"fine\"}}\n"));
        assert_eq!(answers.len(), 2, "{line}");
        assert!(answers[0]["error"].is_string(), "{line}: {}", answers[0]);
        assert!(answers[0].get("text").is_none(), "{line}: {}", answers[0]);
        assert_eq!(answers[0]["id"], if line.starts_with('{') { json!(7) } else { Value::Null }, "{line}");
        assert_eq!(answers[1]["text"], "fine", "{line}");
    }
}

#[test]
fn a_line_that_is_no_utf8_still_has_its_id() {
    let ran = Folder::new().run_with(["stream"], b"{\"id\":7,\"text\":\"\xED\xA0\x80\"}\n\xFF\n").exits(0);
    let answers = ran.json();
    assert_eq!(answers[0]["id"], 7);
    assert!(answers[0]["error"].is_string() && answers[1]["error"].is_string());
}

#[test]
fn empty_lines_and_a_last_line_without_end() {
    assert_eq!(talk("\n\r\n  \n").len(), 0);
    assert_eq!(talk("\n{\"text\":\"a\"}").len(), 1);
}

#[test]
fn long_lines_are_refused() {
    let long = json!({"id": 1, "text": "x".repeat(5000)});
    let input = format!("{long}\n{{\"id\":2,\"text\":\"y\"}}\n");
    let ran = Folder::new().run_with(["stream", "--max-line", "1000"], input.as_bytes()).exits(0);
    let answers = ran.json();
    assert!(answers[0]["error"].as_str().unwrap().contains("longer than 1000 bytes"));
    assert_eq!(answers[1]["text"], "y");
}

#[test]
fn bytes_are_detected_and_decoded() {
    let code = STANDARD.encode(gb18030("国家事业单位登记管理局制。"));
    let answers =
        talk(&format!("{{\"bytes\":\"{code}\",\"want\":[\"detect\"]}}\n{{\"bytes\":\"{code}\"}}\n"));
    for answer in &answers {
        assert_eq!(answer["encoding"], "gb18030");
        assert_eq!(answer["text"], "国家事业单位登记管理局制。");
    }
    assert!(answers[0].get("repairs").is_none() && answers[1]["repairs"].is_array());
    let binary = STANDARD.encode([0, 0, 1, 0, 0, 2, 0xFF, 0, 3]);
    let answer = &talk(&format!("{{\"bytes\":\"{binary}\"}}\n"))[0];
    assert!(answer["encoding"].is_null() && answer.get("error").is_none(), "{answer}");
}

#[test]
fn a_record_comes_when_it_is_wanted() {
    let answers = talk("{\"text\":\"x\",\"want\":[\"repair\",\"record\"]}\n{\"text\":\"x\"}\n");
    assert!(answers[0]["record"].get("doc_type").is_some());
    assert!(answers[1].get("record").is_none());
}

#[test]
fn each_answer_comes_before_the_next_question() {
    let folder = Folder::new();
    let mut child = command(folder.0.path()).arg("stream").spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for n in 0..50 {
        // The blank line must not make it wait for more.
        stdin.write_all(format!("{{\"id\":{n},\"text\":\"x\"}}\n\n").as_bytes()).unwrap();
        let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert_eq!(answer["id"], n);
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn repairs_are_streamed() {
    let answers =
        talk(&format!("{}\n", json!({"id": "a", "text": GARBLED, "language": "zh", "assume_garbled": true})));
    assert_eq!((&answers[0]["text"], &answers[0]["id"]), (&CLEAN.into(), &"a".into()));
    assert_eq!(answers[0]["repairs"][0]["before"], GARBLED);
    let text = format!("{}\n", json!({"text": GARBLED, "want": ["detect"]}));
    assert_eq!(talk(&text)[0]["text"], GARBLED, "what is not wanted is not done");
}

#[test]
fn repairs_only_the_lines_that_are_asked_for() {
    let text = "a: CafÃ©\nb: CafÃ©";
    let lines: String = [
        json!({"id": 1, "text": text, "only_lines_with": ["a:"]}),
        json!({"id": 2, "text": text, "skip_lines_with": ["a:"]}),
        json!({"id": 3, "text": text, "skip_lines_with": "a:"}),
    ]
    .map(|line| line.to_string() + "\n")
    .concat();
    let answers = talk(&lines);
    assert_eq!(answers[0]["text"], "a: Café\nb: CafÃ©");
    assert_eq!(answers[1]["text"], "a: CafÃ©\nb: Café");
    assert!(answers[2]["error"].is_string() && answers[0].get("only_lines_with").is_none());
}
