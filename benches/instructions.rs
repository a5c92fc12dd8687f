//! One workload for `cargo xtask bench-instructions`: `instructions <workload> <kilobytes> <0 or 1>`.
//!
//! The last argument says whether to do the work or only to prepare it; the difference of two runs under callgrind is
//! the work alone. Prints the number of prepared bytes.

use std::hint::black_box;

mod texts;

/// The folder that `texts` reads from.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");

#[allow(clippy::print_stdout)] // the one line that the xtask reads
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo bench` starts every bench with an argument of its own; there is nothing to do then.
    let [workload, kilobytes, work] = arguments.as_slice() else { return };
    let bytes = kilobytes.parse::<usize>().unwrap_or(0) << 10;
    let text = prepare(workload, bytes);
    println!("{}", text.len());
    if work != "1" {
        return;
    }
    match workload.as_str() {
        "detect-utf8" => drop(black_box(fixenc::detect(black_box(text.as_bytes())))),
        "extract-record" => drop(black_box(fixenc::record::extract(black_box(&text), &[]))),
        _ => drop(black_box(fixenc::repair(black_box(&text)))),
    }
}

fn prepare(workload: &str, bytes: usize) -> String {
    let unit = |unit: &str| unit.repeat(bytes / unit.len() + 1);
    match workload {
        "clean-ascii" => texts::ascii(bytes),
        "clean-chinese" | "detect-utf8" => texts::repeated(texts::CHINESE, bytes),
        "clean-mixed" => texts::repeated(texts::MIXED, bytes),
        "clean-western" => texts::repeated(texts::WESTERN, bytes),
        "utf8-as-1252" => texts::repeated(texts::UTF8_AS_1252, bytes),
        "gbk-as-latin1" => texts::repeated(texts::GBK_AS_LATIN_1, bytes),
        "gbk-as-latin1-no-ad" => texts::repeated(texts::GBK_AS_LATIN_1_NO_AD, bytes),
        "extract-record" => texts::repeated(texts::REPORTS, bytes),
        "hostile-lead-letters" => unit("ÃÂ"),
        "hostile-one-letter" => unit("é"),
        "hostile-controls" => unit("\u{81}\u{8d}\u{9f}"),
        "hostile-turns" => unit("江\u{bd}é "),
        _ => String::new(),
    }
}
