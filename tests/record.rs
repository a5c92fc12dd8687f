//! Records from invented documents in many layouts, and, where a folder of shared cases is at hand, measured on it.
#![cfg(feature = "cli")]
#![allow(clippy::print_stderr, reason = "skipped and measured things are told to whoever runs the tests")]

#[path = "record/doubts.rs"]
mod doubts;
#[path = "record/layouts.rs"]
mod layouts;

use std::path::{Path, PathBuf};

use fixenc::record::{Record, extract, uscc};
use serde_json::Value as Json;

/// The folder of shared cases: `FIXENC_SHARED`, or `../shared` beside the package.
fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("FIXENC_SHARED").map_or(beside, PathBuf::from);
    if folder.join("domain").is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no shared cases at {}", folder.display());
    None
}

/// The value of a field as plain text, empty where it is missing.
fn get(record: &Record, field: &str) -> String {
    record.fields.get(field).map(|field| field.value.to_plain_string()).unwrap_or_default()
}

/// Equal as a person would say: width and white space do not matter, numbers are compared by value.
fn norm(value: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let text: String = value.nfkc().filter(|it| !it.is_whitespace()).collect();
    match text.replace(',', "").parse::<f64>() {
        Ok(number) if text.chars().count() <= 15 => number.to_string(),
        _ => text,
    }
}

fn truth_of(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Json::Object(amount) => amount.get("amount").and_then(Json::as_str).map(str::to_owned),
        other => Some(other.to_string()),
    }
}

#[test]
fn shared_reports() {
    let Some(shared) = shared() else { return };
    let (mut all, mut right, mut wrong_codes) = (0, 0, 0);
    for number in 0..100 {
        let Ok(truth) = std::fs::read_to_string(shared.join(format!("domain/reports/{number:02}.json")))
        else {
            continue;
        };
        let truth: Json = serde_json::from_str(&truth).expect("the truth is JSON");
        let path = shared.join(format!("domain/reports/{number:02}.txt"));
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(_) => {
                let file = truth["source"].as_str().expect("a source");
                let text =
                    std::fs::read_to_string(shared.join("seed").join(file)).expect("the source exists");
                with_clear_trailer(&text, &truth)
            }
        };
        let record = extract(&text, &[]);
        for (name, value) in truth["fields"].as_object().expect("fields") {
            let (want, got) = (truth_of(value), get(&record, name));
            if want.is_none() && got.is_empty() {
                continue;
            }
            all += usize::from(want.is_some());
            let is_right = want.as_deref().map(norm).unwrap_or_default() == norm(&got);
            right += usize::from(is_right && want.is_some());
            if !is_right {
                eprintln!("{number:02} {name}: want {want:?}, got {got:?}");
                wrong_codes += usize::from(name == "uscc" && !got.is_empty());
            }
        }
        for warning in &record.warnings {
            eprintln!("{number:02} warns: {} {:?} {}", warning.kind, warning.field, warning.message);
        }
    }
    eprintln!("{right} of {all} fields, {wrong_codes} wrong codes");
    assert!(right * 100 >= all * 99 && wrong_codes == 0);
}

/// The document whose trailer is damaged, with the truth in its place.
fn with_clear_trailer(text: &str, truth: &Json) -> String {
    let start = truth["trailer_start"].as_u64().expect("a trailer") as usize;
    let body: String = text.chars().take(start).collect();
    let runs = truth["cover_runs"].as_array().expect("runs");
    runs.iter().filter_map(Json::as_str).fold(body, |text, run| text + run + "\n\n")
}

#[test]
fn shared_codes() {
    let Some(shared) = shared() else { return };
    let table = std::fs::read_to_string(shared.join("domain/uscc_vectors.tsv")).expect("the vectors exist");
    let mut compared = 0;
    for line in table.lines().skip(1) {
        let mut columns = line.split('\t');
        let (Some(text), Some(layers)) = (columns.next(), columns.next()) else { continue };
        let code = uscc::check(text);
        for layer in layers.split_whitespace() {
            let (name, want) = layer.split_once('=').unwrap_or((layer, ""));
            let holds = !want.starts_with("FAIL");
            let got = match name {
                "mod31" => code.checks.mod31,
                "org11" => code.checks.mod11,
                "cat" => code.checks.category,
                "region" if want == "extra" => continue,
                "region" => code.checks.region.is_some(),
                "charset" => code.status != uscc::Status::IllegalCharacter,
                "len" => code.status != uscc::Status::WrongLength,
                _ => continue,
            };
            let want = holds && !matches!(name, "charset" | "len");
            assert_eq!(got, want, "{text} {layer}: {code:?}");
            compared += 1;
        }
    }
    eprintln!("{compared} layers agree");
    assert!(compared > 500);
}

mod properties {
    use super::{get, shared};
    use fixenc::record::{Doubt, Record, extract};
    use proptest::prelude::*;

    /// Pieces that forms are made of, so that random texts come near to real ones.
    const PIECES: &[&str] = &[
        "单位名称",
        "名称",
        "法定代表人",
        "住所",
        "年初数",
        "年末数（万元）",
        "统一社会信用代码",
        "12430922MB1B928835",
        "，11010519491231002X，",
        "事业单位法人年度报告书",
        "营业执照",
        "电子发票（普通发票）",
        "采购人信息",
        "（",
        "2023",
        "年度）",
        "：",
        ":",
        "\t",
        "\n",
        "\n\n",
        "\n\t",
        "\n\n\t",
        "  ",
        "\u{3000}",
        " ",
        "|",
        "\r\n",
        "無",
        "-3.5",
        "国家事业单位登记管理局制",
        "举办单位意见",
        "开展业务活动情况",
        "_____",
        "<br>",
        "桃江县",
        "，",
        "二〇二三",
        "事证第",
        "号",
        "**",
        "——",
        "\u{ad}",
        "é",
        "负责人",
        "年",
        "（公章）",
        "中标金额",
        "MB1B9288-3",
        "/2022-00026",
        "索引号",
        "1",
        "年度",
    ];

    fn form() -> impl Strategy<Value = String> {
        let piece = prop_oneof![9 => proptest::sample::select(PIECES).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
        proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    /// What holds of every record.
    fn is_sound(text: &str, record: &Record) {
        for (name, field) in record.fields.iter() {
            let raw =
                text.get(field.start..field.end).unwrap_or_else(|| panic!("{name} is not on boundaries"));
            assert_eq!(fixenc::record::resident_id::mask(raw), field.raw);
            assert!(!field.value.to_plain_string().is_empty());
            assert!((0.0..=1.0).contains(&field.confidence), "{name}: {}", field.confidence);
            assert!(!field.evidence.is_empty());
        }
        let json = serde_json::to_string(record).expect("a record is JSON");
        assert!(!json.contains("19491231"), "an identity number is shown: {json}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_form_gives_a_sound_record(text in form()) {
            let record = extract(&text, &[]);
            is_sound(&text, &record);
            prop_assert_eq!(record, extract(&text, &[]));
        }

        #[test]
        fn any_text_and_any_doubts(text in ".{0,200}", spans in proptest::collection::vec((0..300_usize, 0..300_usize, any::<f64>(), form()), 0..4)) {
            let doubts: Vec<Doubt> = spans
                .into_iter()
                .map(|(start, end, confidence, reading)| Doubt { span: start..end, confidence, alternatives: vec![reading] })
                .collect();
            extract(&text, &doubts);
        }

        #[test]
        fn doubts_never_make_a_record_unsound(text in form(), start in 0..200_usize, length in 0..100_usize, reading in form()) {
            let doubts = [Doubt { span: start..start + length, confidence: 0.6, alternatives: vec![reading] }];
            is_sound(&text, &extract(&text, &doubts));
        }
    }

    /// Ten times the text may take ten times the time, and some more, but not a hundred times.
    #[test]
    fn time_grows_with_the_length() {
        let units = [
            "住所",
            "住所\t",
            "住所：",
            "住所 ",
            "住所\n",
            "\t住所\n",
            "年初数  ",
            "年初数：1 ",
            "法定代表人",
            "1243092 ",
            "（2023年度）",
            "事业单位法人年度报告书",
            "\t",
            "|",
            "单位名称\t\n\n\t",
            "12430922MB1B928834 ",
        ];
        let head = "事业单位法人年度报告书\n";
        for unit in units {
            let time = |length: usize| {
                let text = format!("{head}{}", unit.repeat(length / unit.len()));
                let start = std::time::Instant::now();
                extract(&text, &[]);
                start.elapsed()
            };
            let (short, long) = (time(20_000).max(std::time::Duration::from_millis(4)), time(400_000));
            assert!(long < short * 100, "{unit:?}: {short:?} became {long:?}");
        }
    }

    #[test]
    fn shared_texts_give_sound_records() {
        let Some(shared) = shared() else { return };
        for folder in ["domain/reports", "domain/reports/garbled", "seed"] {
            for entry in std::fs::read_dir(shared.join(folder)).expect("a folder").flatten() {
                if let Ok(text) = std::fs::read_to_string(entry.path()) {
                    let record = extract(&text, &[]);
                    is_sound(&text, &record);
                    let _ = get(&record, "uscc");
                }
            }
        }
    }
}

mod codes {
    use fixenc::record::{extract, uscc};

    /// Whole codes made from organisation codes by brute force over the two check characters.
    fn codes() -> Vec<String> {
        const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
        let letter = |number: usize| char::from(LETTERS[number % LETTERS.len()]);
        let mut codes = Vec::new();
        for number in 0..30_usize {
            let region = ["430922", "110105", "530822", "370921", "350100"][number % 5];
            let prefix = ["12", "91", "51", "11", "93"][number % 5];
            let own: String =
                (0..8).map(|at| letter(number * 7919 + at * (number + 3) * 31 + at * at)).collect();
            let all = (0..LETTERS.len() * 11).map(|it| {
                let last = char::from(b"0123456789X"[it % 11]);
                format!("{prefix}{region}{own}{last}{}", letter(it / 11))
            });
            codes.extend(all.into_iter().find(|code| uscc::check(code).status == uscc::Status::Valid));
        }
        codes
    }

    #[test]
    fn one_illegal_letter_or_unreadable_character_comes_back() {
        let codes = codes();
        assert!(codes.len() > 25);
        for code in &codes {
            for (legal, illegal) in [('0', 'O'), ('1', 'I'), ('2', 'Z'), ('5', 'S'), ('9', '?')] {
                let Some(at) = code.find(legal) else { continue };
                let mut wrong = code.clone();
                wrong.replace_range(at..=at, &illegal.to_string());
                let found = uscc::check(&wrong);
                assert!(found.status.is_rejected());
                assert_eq!(found.candidates.first().map(|it| &it.code), Some(code), "{wrong}");
            }
        }
    }

    #[test]
    fn one_look_alike_is_nearly_always_the_first_suggestion() {
        let (mut all, mut first, mut listed) = (0, 0, 0);
        for code in codes() {
            for (from, to) in [
                ('8', "B"),
                ('B', "8"),
                ('0', "D"),
                ('D', "0"),
                ('0', "Q"),
                ('6', "G"),
                ('G', "6"),
                ('1', "L"),
            ] {
                for (at, _) in code.match_indices(from) {
                    let mut wrong = code.clone();
                    wrong.replace_range(at..=at, to);
                    let candidates = uscc::check(&wrong).candidates;
                    all += 1;
                    first += usize::from(candidates.first().is_some_and(|it| it.code == code));
                    listed += usize::from(candidates.iter().any(|it| it.code == code));
                }
            }
        }
        eprintln!("look-alikes: {first} first, {listed} listed of {all}");
        assert!(first * 100 >= all * 97);
    }

    #[test]
    fn codes_in_sentences() {
        let text = "受理单位（代码：１２４３０９２２ＭＢ１Ｂ９２８８３５）与12430922 mb1b9288 35及某人11010519491231002X；\
                    组织机构代码 MB1B9288-3；订单202301010000000001；索引号：11500104009286295N/2022-00026，笔误1243O922MB1B928835。";
        let record = extract(text, &[]);
        let found: Vec<(&str, Option<&str>, uscc::Status)> =
            record.codes.iter().map(|code| (code.canonical.as_str(), code.role, code.status)).collect();
        assert_eq!(
            found,
            [
                ("12430922MB1B928835", Some("other"), uscc::Status::Valid),
                ("12430922MB1B928835", Some("other"), uscc::Status::Valid),
                ("110105********002X", Some("person"), uscc::Status::ResidentId),
                ("MB1B9288-3", Some("other"), uscc::Status::OrganisationCode),
                ("11500104009286295N", Some("publisher"), uscc::Status::Valid),
                ("1243O922MB1B928835", Some("other"), uscc::Status::IllegalCharacter),
            ]
        );
        assert_eq!(record.codes[5].candidates[0].code, "12430922MB1B928835");
        assert!(record.warnings.iter().any(|warning| warning.kind == "invalid_code"));
    }

    #[test]
    fn a_wrong_code_is_kept_as_written_and_suggested_for() {
        let record = extract(
            "事业单位法人年度报告书\n统一社会信用代码：12430922MB18928835\n单位名称：某某中心\n",
            &[],
        );
        let field = record.fields.get("uscc").expect("a code");
        assert_eq!(field.raw, "12430922MB18928835");
        assert!(field.confidence < 0.5);
        assert_eq!(record.codes[0].candidates[0].code, "12430922MB1B928835");
    }

    #[test]
    fn the_json_is_the_contract() {
        let text = "事业单位法人年度报告书\n（2023年度）\n统一社会信用代码：12430922MB1B928835\n开办资金：1（万元）\n从业人数：6\n";
        let json = serde_json::to_value(extract(text, &[])).expect("a record is JSON");
        let start = text.find("1（万元）").expect("it is there");
        assert_eq!(
            json["fields"]["initial_funds"],
            serde_json::json!({
                "value": {"amount": "1", "unit": "万元"}, "raw": "1（万元）", "start": start, "end": start + "1（万元）".len(),
                "evidence": ["inline"], "confidence": 0.95
            })
        );
        assert_eq!(json["fields"]["staff_count"]["value"], 6);
        assert_eq!(json["fields"]["report_year"]["value"], 2023);
        assert_eq!(json["doc_type"], "public_institution_annual_report");
        assert_eq!(json["warnings"], serde_json::json!([]));
        assert_eq!(
            json["codes"],
            serde_json::json!([{
                "text": "12430922MB1B928835", "canonical": "12430922MB1B928835", "role": "subject",
                "checks": {"mod31": true, "mod11": true, "category": true, "region": "湖南省益阳市桃江县"},
                "status": "valid", "candidates": []
            }])
        );
        let bad = serde_json::to_value(uscc::check("99999999999999999E")).expect("a code is JSON");
        assert_eq!(bad["checks"]["region"], false);
        assert_eq!(bad["status"], "invalid");
    }
}
