//! Hostile texts: no panic, and the properties hold. How the work grows with the length is measured by
//! `cargo xtask bench-instructions`, which counts instructions; a clock would lie on a busy machine.

#[path = "../fuzz/properties.rs"]
mod properties;

/// Short enough for every property to be checked in an unoptimised build.
const SHORT: usize = 2_000;

/// Long enough for anything worse than linear to be noticed as a test that does not end.
const LONG: usize = 1 << 20;

/// Units that are repeated to make a hostile text.
fn units() -> Vec<(&'static str, String)> {
    let c1: String = ('\u{80}'..='\u{9f}').collect();
    let latin_1: String = ('\u{80}'..='\u{ff}').collect();
    let c0: String = ('\0'..='\u{1f}').collect();
    vec![
        ("all C1 controls", c1),
        ("all of Latin-1's upper half", latin_1),
        ("all C0 controls", c0),
        ("a lone combining accent", "\u{301}".to_owned()),
        ("replacement characters", "\u{fffd}".to_owned()),
        ("lead letters", "ÃÂ".to_owned()),
        ("one accented letter", "é".to_owned()),
        ("clean and garbled by turns", "江\u{bd}é ".to_owned()),
        ("clean and garbled lines by turns", "今天下雨。\n½ñÌìÏÂÓê¡£\n".to_owned()),
        ("a lead byte before every line end", "\u{bd}\n".to_owned()),
        ("four-byte forms cut short", "\u{81}0\u{81}".to_owned()),
        ("soft hyphens", "\u{ad}".to_owned()),
        ("no-break spaces", "\u{a0}".to_owned()),
        ("question marks", "?".to_owned()),
        ("nested layers", properties::add_layer(&properties::add_layer("Ã©"))),
        ("direction marks", "\u{202e}\u{2066}Ã".to_owned()),
        ("beyond the basic plane", "𠮷👌".to_owned()),
        ("replaced, then read as GBK", "锟斤拷".to_owned()),
        ("uninitialised memory", "烫屯".to_owned()),
        ("ideographs without sense", "鍚嶇О".to_owned()),
        ("short lines with controls", "é\u{1}\u{2}abc\n".to_owned()),
        ("short lines with C1 controls and zeros", "\u{81}ab\u{8f}cd\u{90}ef0\n".to_owned()),
        ("byte order marks", "\u{feff}ï»¿".to_owned()),
    ]
}

fn repeated(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len() + 1)
}

#[test]
fn short_hostile_texts_keep_the_properties() {
    for (_, unit) in units() {
        properties::repair(&unit);
        properties::repair(&repeated(&unit, SHORT));
    }
}

#[test]
fn units_joined_keep_the_properties() {
    let all: String = units().into_iter().map(|(_, unit)| unit).collect();
    properties::repair(&all);
    properties::repair(&all.chars().rev().collect::<String>());
    properties::record(&all);
}

#[test]
fn long_hostile_texts_are_survived() {
    for (_, unit) in units() {
        let text = repeated(&unit, LONG);
        properties::report_is_sound(&text, &fixenc::repair(&text));
    }
}

#[test]
fn long_hostile_bytes_are_survived() {
    for (_, unit) in units() {
        let text = repeated(&unit, LONG);
        let _ = fixenc::detect(text.as_bytes());
    }
    for byte in 0..=u8::MAX {
        properties::detect(&vec![byte; SHORT]);
    }
}

#[test]
fn cut_anywhere_the_properties_hold() {
    let text = "统一社会信用代码\n\nÍ³Ò»Éç»áÐÅÓÃ´úÂë\n\nÆ½½ÏØä±ÏªÕò×ÛºÏÎÄ»¯Õ¾ Ã©tÃ©";
    for (cut, _) in text.char_indices() {
        properties::repair(&text[cut..]);
        properties::repair(&text[..cut]);
    }
}
