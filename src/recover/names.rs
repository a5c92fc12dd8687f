//! Names in a container: which characters their bytes mean.

use std::collections::BTreeMap;

use super::runs;
use crate::container::Name;
use crate::document::{Declared, Declarer};
use crate::encoding::Encoding;
use crate::mojibake::Repairer;

/// What names mean, by their bytes.
pub(super) type Names = BTreeMap<Vec<u8>, String>;

/// Decodes the names of one container together, since one program wrote them all, and repairs them.
pub(super) fn decode(names: Vec<Name>, repairer: &Repairer) -> Names {
    if names.is_empty() {
        return Names::new();
    }
    let said = |is_utf8| match is_utf8 {
        true => Declared::new(Declarer::Specification, Some(Encoding::UTF_8)),
        false => Declared::NOTHING,
    };
    let raw: Vec<_> = names.iter().map(|name| (&name.raw[..], said(name.is_utf8))).collect();
    let texts = repaired(runs::each(&raw), repairer);
    names.into_iter().map(|name| name.raw).zip(texts).collect()
}

/// Repairs names as lines of one text, so that a short one is judged by the others.
fn repaired(texts: Vec<String>, repairer: &Repairer) -> Vec<String> {
    let lines: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.contains('\n')).collect();
    let together = lines.join("\n");
    let repair = repairer.repair(&together);
    let mut repaired = repair.text().split('\n');
    if repair.changes().is_empty() || repaired.clone().count() != lines.len() {
        return texts;
    }
    let line = |text: String| {
        if text.contains('\n') { text } else { repaired.next().unwrap_or_default().to_owned() }
    };
    texts.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(encoding: &str, text: &str, is_utf8: bool) -> Name {
        Name { raw: Encoding::for_name(encoding).unwrap().encode(text).unwrap(), is_utf8 }
    }

    #[test]
    fn names_are_read_by_what_all_of_them_are_in() {
        let texts = ["资料/年度工作总结.txt", "资料/会议记录（二〇〇二年）.txt", "资料/发票.txt", "封面.txt"];
        let decoded = decode(texts.map(|text| name("gbk", text, false)).to_vec(), &Repairer::default());
        assert_eq!(
            decoded.into_values().collect::<std::collections::BTreeSet<_>>(),
            texts.map(str::to_owned).into()
        );
    }

    #[test]
    fn a_trail_byte_that_looks_like_a_separator_is_none() {
        let texts = ["誠\u{5c}功能許可.doc", "許功蓋.txt", "申請表格與說明.txt", "功能說明書.txt"];
        let names = texts.map(|text| name("big5", &text.replace('\\', ""), false));
        assert!(names.iter().any(|name| name.raw.contains(&b'\\')));
        let decoded = decode(names.to_vec(), &Repairer::default());
        assert!(decoded.values().all(|text| !text.contains('\\')), "{decoded:?}");
    }

    #[test]
    fn utf8_names_that_were_read_wrong_before_are_repaired() {
        let texts = ["Überprüfung der Bücher.txt", "Größere Änderungen.txt", "Straßenverzeichnis.txt"];
        let windows = Encoding::for_name("windows-1252").unwrap();
        let garbled = |text: &str| {
            let mut seen = String::new();
            windows.decoder().decode(text.as_bytes(), true, &mut seen, &mut |_| {});
            Name { raw: seen.into_bytes(), is_utf8: true }
        };
        let decoded = decode(texts.map(garbled).to_vec(), &Repairer::default());
        assert_eq!(
            decoded.into_values().collect::<std::collections::BTreeSet<_>>(),
            texts.map(str::to_owned).into()
        );
    }
}
