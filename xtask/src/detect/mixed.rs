//! Files of several encodings, made from development text: UTF-8 and one or two legacy encodings, by line and by
//! paragraph.

use std::fs;
use std::path::Path;

use fixenc::detect::{detect, segments};
use fixenc::encoding::Encoding;

use crate::Result;

/// Languages and their legacy encodings.
const MIXES: &[(&str, &[&str])] = &[
    ("fr", &["windows-1252", "macintosh"]),
    ("de", &["windows-1252", "cp850"]),
    ("es", &["windows-1252"]),
    ("ru", &["windows-1251", "koi8-r"]),
    ("uk", &["windows-1251", "koi8-u"]),
    ("pl", &["windows-1250", "iso-8859-2"]),
    ("cs", &["windows-1250", "cp852"]),
    ("el", &["windows-1253"]),
    ("he", &["windows-1255"]),
    ("ar", &["windows-1256"]),
    ("th", &["windows-874"]),
    ("tr", &["windows-1254"]),
    ("zh-Hans", &["gb18030"]),
    ("zh-Hant", &["big5", "gb18030"]),
    ("ja", &["shift_jis", "euc-jp"]),
    ("ko", &["euc-kr"]),
];

/// Files of each language and number of encodings, and lines of a file.
const FILES: usize = 3;
const LINES: usize = 24;
/// Lines of a paragraph.
const PARAGRAPHS: [usize; 2] = [1, 6];

struct File {
    name: String,
    lines: Vec<(Vec<u8>, String)>,
}

pub(super) fn print(shared: &Path) -> Result {
    let mut files = Vec::new();
    for (language, labels) in MIXES {
        let Ok(text) = fs::read_to_string(shared.join("corpora/dev").join(format!("{language}.txt"))) else {
            println!("mixed {language}: SKIPPED, no development text");
            continue;
        };
        let legacy: Vec<Encoding> = labels.iter().filter_map(|label| Encoding::from_label(label)).collect();
        for count in 1..=legacy.len() {
            for paragraph in PARAGRAPHS {
                files.extend((0..FILES).map(|number| mix(&text, &legacy[..count], paragraph, number)));
            }
        }
    }
    let (mut lines, mut right_lines, mut right_files, mut known) = (0, 0, 0, 0);
    for file in &files {
        let bytes: Vec<u8> = file.lines.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let detection = detect(&bytes);
        known += usize::from(!detection.mixed().is_empty());
        let text = text_of(&bytes, detection.mixed(), detection.best().map(|best| best.decode_as));
        let got: Vec<&str> = text.split_inclusive('\n').collect();
        let wanted = file.lines.iter().map(|(_, text)| text.as_str());
        let right = wanted.zip(&got).filter(|(wanted, got)| wanted == *got).count();
        lines += file.lines.len();
        right_lines += right;
        right_files += usize::from(right == file.lines.len());
        if right < file.lines.len() {
            let mixed: Vec<&str> = detection.mixed().iter().map(|encoding| encoding.label()).collect();
            println!("  {}: {right} of {}, told {}", file.name, file.lines.len(), mixed.join(" "));
        }
    }
    println!(
        "\nmixed files: {} of {} called mixed, {right_files} wholly right ({:.1} %), {right_lines} of {lines} lines ({:.2} %)",
        known,
        files.len(),
        100.0 * right_files as f64 / files.len().max(1) as f64,
        100.0 * right_lines as f64 / lines.max(1) as f64
    );
    Ok(())
}

fn text_of(bytes: &[u8], mixed: &[Encoding], best: Option<Encoding>) -> String {
    if mixed.is_empty() {
        return best.map_or_else(String::new, |best| best.decode_lossy(bytes).0);
    }
    segments(bytes, mixed).into_iter().map(|s| s.encoding.decode_lossy(&bytes[s.span]).0).collect()
}

fn mix(text: &str, legacy: &[Encoding], paragraph: usize, number: usize) -> File {
    let usable =
        |line: &&str| !line.is_ascii() && legacy.iter().all(|encoding| encoding.encode(line).is_some());
    let lines: Vec<&str> = text.lines().filter(usable).skip(number * LINES * 3).take(LINES).collect();
    let name = legacy.iter().map(|encoding| format!(" {encoding}")).collect::<String>();
    let name = format!("{paragraph} lines of utf-8{name}");
    let encodings: Vec<Encoding> = std::iter::once(Encoding::UTF_8).chain(legacy.iter().copied()).collect();
    let lines = lines.iter().enumerate().map(|(at, line)| {
        // Not in turn: the order of the paragraphs is uneven.
        let turn = at / paragraph;
        let encoding = encodings[(turn * 7 + turn / 3 + number) % encodings.len()];
        let line = format!("{line}\n");
        (encoding.encode(&line).unwrap_or_default(), line)
    });
    File { name, lines: lines.collect() }
}
