//! Stretches that were restored by guessing, and what a record makes of them.

use super::get;
use fixenc::record::{Doubt, Record, extract};

/// A doubt about the `nth` place where `reading` stands.
fn doubt(text: &str, reading: &str, nth: usize, confidence: f64, alternatives: &[&str]) -> Doubt {
    let (start, _) = text.match_indices(reading).nth(nth).expect("the reading stands there");
    let alternatives = alternatives.iter().map(|&it| it.to_owned()).collect();
    Doubt { span: start..start + reading.len(), confidence, alternatives }
}

fn warns(record: &Record, kind: &str, field: &str) -> bool {
    record.warnings.iter().any(|warning| warning.kind == kind && warning.field == Some(field))
}

const COVER: &str = "统一社会信用代码\n\n12500114MB1H77400F\n\n事业单位法人年度报告书\n\n（\n\n2024\n\n年度）\n\n单\n\n位\n\n名\n\n称\n\n重庆市墙区薪镇文化服务中\n\n心\n\n法\n\n定代表\n\n人\n\n国家事业单位登记管理局制\n";

fn report_with(name: &str) -> String {
    format!(
        "\t《事业单位法人证书》登载事项\n\t单位名称\n\t{name}\n\n\t\n\t住所\n\t重庆市黔江区濯水镇\n\n\t\n\t法定代表人\n\t龚 滩\n\n\n\n\n{COVER}"
    )
}

#[test]
fn a_clear_table_overrules_a_guessed_cover() {
    let name = "重庆市黔江区协江镇文化服务中心";
    let text = report_with(name);
    let guess = doubt(&text, "重庆市墙区薪镇文化服务中", 0, 0.8, &["重庆市黔江区协江镇文化服务中"]);
    let record = extract(&text, &[guess]);
    assert_eq!(get(&record, "org_name"), name);
    let field = record.fields.get("org_name").expect("a name");
    assert!(field.evidence.contains(&"clear_reading_preferred"), "{field:?}");
    assert!(field.confidence > 0.9, "{field:?}");
    assert!(warns(&record, "doubtful_reading_overruled", "org_name"), "{:?}", record.warnings);
}

#[test]
fn a_silent_loss_is_seen_without_doubts() {
    let name = "重庆市黔江区协江镇文化服务中心";
    let record = extract(&report_with(name), &[]);
    assert_eq!(get(&record, "org_name"), name);
    assert!(warns(&record, "conflict", "org_name"), "{:?}", record.warnings);
}

#[test]
fn a_lone_guess_is_never_sure() {
    let guess = doubt(COVER, "重庆市墙区薪镇文化服务中", 0, 0.99, &["重庆市黔江区协江镇文化服务中"]);
    for doubts in [vec![guess], vec![]] {
        let record = extract(COVER, &doubts);
        assert_eq!(get(&record, "org_name"), "重庆市墙区薪镇文化服务中心");
        let field = record.fields.get("org_name").expect("a name");
        assert!(field.confidence <= 0.4, "{field:?}");
        assert!(warns(&record, "unknown_region_name", "org_name"), "{:?}", record.warnings);
        let says = |warning: &fixenc::record::Warning| warning.message.contains("黔江区");
        assert!(record.warnings.iter().any(says), "{:?}", record.warnings);
        assert_eq!(warns(&record, "guessed_value", "org_name"), !doubts.is_empty());
    }
}

#[test]
fn a_guess_that_the_table_repeats_is_confirmed() {
    let text = report_with("重庆市墙区薪镇文化服务中心").replace("墙区薪镇", "黔江区濯水镇");
    let guess = doubt(&text, "重庆市黔江区濯水镇文化服务中", 1, 0.7, &[]);
    let record = extract(&text, &[guess]);
    let field = record.fields.get("org_name").expect("a name");
    assert!(field.confidence >= 0.95, "{field:?}");
    assert!(field.evidence.contains(&"region_of_code"));
    assert!(record.warnings.is_empty(), "{:?}", record.warnings);
}

#[test]
fn a_clear_cover_overrules_a_guessed_table() {
    let text = report_with("重庆市墙区薪镇文化服务中心")
        .replacen("墙区薪镇文化服务中心", "黔洲区镇文化服务中心", 1)
        .replace("墙区薪镇", "黔江区濯水镇");
    let guess = doubt(&text, "重庆市黔洲区镇文化服务中心", 0, 0.7, &[]);
    let record = extract(&text, &[guess]);
    assert_eq!(get(&record, "org_name"), "重庆市黔江区濯水镇文化服务中心");
}

#[test]
fn guesses_over_labels_and_everything() {
    let text = report_with("重庆市黔江区濯水镇文化服务中心").replace("墙区薪镇", "黔江区濯水镇");
    let whole = Doubt { span: 0..text.len(), confidence: 0.93, alternatives: vec![] };
    let record = extract(&text, &[whole]);
    for (name, field) in record.fields.iter() {
        assert!(field.confidence <= 0.9, "{name}: {field:?}");
        assert!(field.evidence.contains(&"guessed"), "{name}: {field:?}");
    }
}
