//! How long detection takes: each labelled file, and large inputs of a kind.

use std::hint::black_box;
use std::time::Instant;

use fixenc::detect::detect;
use fixenc::encoding::Encoding;

use super::cases::Case;

/// Bytes of a large input.
const LARGE: usize = 16 << 20;

/// What is written in which encoding, for a large input.
const TEXTS: &[(&str, &str)] = &[
    ("utf-8", "Plain words of a log, line after line, and nothing else in it.\n"),
    ("utf-8", "今天下午我们去图书馆看书，晚上回家吃饭。\n"),
    ("windows-1251", "Сегодня днём мы идём в библиотеку, а вечером домой.\n"),
    ("windows-1252", "Cet après-midi nous allons à la bibliothèque, où l'été se prépare déjà.\n"),
    ("gb18030", "今天下午我们去图书馆看书，晚上回家吃饭。\n"),
    ("shift_jis", "今日の午後は図書館へ行きます。\n"),
];

pub(super) fn print(cases: &[Case]) {
    println!("\nspeed, one thread");
    for (label, text) in TEXTS {
        let Some(bytes) = Encoding::from_label(label).and_then(|encoding| encoding.encode(text)) else {
            continue;
        };
        let bytes = bytes.repeat(LARGE / bytes.len());
        let start = Instant::now();
        black_box(detect(black_box(&bytes)));
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "  {label:14} {:8.0} MB/s  {}",
            bytes.len() as f64 / 1e6 / seconds,
            text.chars().take(12).collect::<String>()
        );
    }
    let files: Vec<&Case> = cases.iter().filter(|case| case.set == "files").collect();
    for (kind, is_wide) in [("all", None), ("legacy", Some(false))] {
        let files = files.iter().filter(|case| is_wide != Some(false) || !case.label.starts_with("utf-"));
        let mut times: Vec<(f64, usize)> = files
            .map(|case| {
                let start = Instant::now();
                black_box(detect(black_box(&case.bytes)));
                (start.elapsed().as_secs_f64(), case.bytes.len())
            })
            .collect();
        times.sort_by(|a, b| a.0.total_cmp(&b.0));
        let seconds: f64 = times.iter().map(|(time, _)| time).sum();
        let bytes: usize = times.iter().map(|(_, bytes)| bytes).sum();
        if let Some((median, _)) = times.get(times.len() / 2) {
            println!(
                "  {kind} files: median {:.0} µs, {:.1} MB/s",
                median * 1e6,
                bytes as f64 / 1e6 / seconds
            );
        }
    }
}
