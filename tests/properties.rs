//! Properties of a repair over generated texts.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};

#[path = "../fuzz/properties.rs"]
mod properties;

/// Sentences of the corpus's Chinese prose, without its layout.
static SENTENCES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/documents");
    let prose = ["09-letter.txt", "10-notice.txt", "15-story.txt"];
    let texts = prose.iter().map(|name| fs::read_to_string(folder.join(name)).unwrap_or_default());
    let text: String = texts.collect();
    let sentences = text.split_inclusive(['。', '？', '！', '\n']).map(str::trim);
    sentences.filter(|sentence| sentence.chars().count() >= 8).map(str::to_owned).collect()
});

/// A few sentences in a row, in any order.
fn clean_chinese() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<Index>(), 1..6).prop_map(|picks| {
        let sentences = picks.iter().map(|pick| pick.get(SENTENCES.as_slice()).as_str());
        sentences.collect()
    })
}

/// Letters that garbled text consists of, mixed with what surrounds it.
fn garbled_looking() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        8 => prop::char::range('\u{80}', '\u{ff}'),
        2 => prop::char::range(' ', '~'),
        1 => prop::char::range('一', '龥'),
        1 => select(vec!['\u{fffd}', '€', '™', '”', '\u{301}', 'ł', '\n', '?']),
    ];
    prop::collection::vec(letter, 0..60).prop_map(String::from_iter)
}

/// Parts that text of seven bits, UTF-16 read as bytes, and lines of lost letters are made of.
fn marks() -> impl Strategy<Value = String> {
    let parts = vec![
        "$B",
        "$@",
        "(B",
        "(J",
        "\u{1b}",
        "~{",
        "~}",
        "~~",
        "$3$s",
        "VPND",
        "=?",
        "gb2312",
        "?B?",
        "?Q?",
        "1tDO",
        "xA==",
        "=D6",
        "?=",
        "\0",
        "\u{4}",
        "H\0i\0",
        "\u{1f}\u{4}@\u{4}8\u{4}",
        "ÿþ",
        "\u{fffd}",
        "\n",
        " ",
        "a",
        "???",
        "????? ",
        "ï¿½",
        "锟斤拷",
        "烫烫",
        "í\u{a0}½",
        "í¸\u{80}",
        "é",
        "Ã©",
        "Subject: ",
    ];
    prop::collection::vec(select(parts), 0..30).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_keeps_the_properties(text in any::<String>()) {
        properties::repair(&text);
    }

    #[test]
    fn garbled_looking_text_keeps_the_properties(text in garbled_looking()) {
        properties::repair(&text);
    }

    #[test]
    fn marks_in_any_order_keep_the_properties(text in marks()) {
        properties::repair(&text);
    }

    #[test]
    fn a_mixture_keeps_the_properties(clean in clean_chinese(), noise in garbled_looking(), channel in 0_u8..9) {
        if let Some(garbled) = properties::garble(&clean, channel) {
            properties::repair(&format!("{clean}\n{garbled}{noise}"));
        }
    }

    #[test]
    fn clean_chinese_stays(text in clean_chinese()) {
        properties::clean_stays(&text);
    }

    #[test]
    fn whole_sentences_come_back(truth in clean_chinese(), channel in 0_u8..6) {
        if let Some(garbled) = properties::garble(&truth, channel) {
            let repair = fixenc::repair(&garbled);
            prop_assert_eq!(repair.text(), truth.as_str());
        }
    }

    #[test]
    fn one_layer_more_comes_back(truth in clean_chinese(), channel in 0_u8..6) {
        if let Some(garbled) = properties::garble(&truth, channel) {
            let layered = properties::add_layer(&garbled);
            let repair = fixenc::repair(&layered);
            prop_assert_eq!(repair.text(), truth.as_str());
        }
    }

    #[test]
    fn garbled_text_has_plans_that_replay(truth in any::<String>(), channel in 0_u8..9) {
        properties::replay_of_garbled(&truth, channel);
    }

    #[test]
    fn detection_and_recovery_take_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        properties::detect(&bytes);
        properties::recover(&bytes);
    }

    #[test]
    fn extraction_takes_any_text(text in any::<String>()) {
        properties::record(&text);
    }
}
