//! No text of a megabyte takes much longer than damaged documents do: the input gives the parts that such a text is made of.
//!
//! Times depend on the machine, so `cargo xtask ci` leaves this one out; what exceeds the limit is measured again. A search
//! takes hours: `cargo +nightly fuzz run -O --sanitizer none cost -- -timeout=1000 -max_len=400`. What it finds belongs into
//! `xtask/src/costs.rs`, which measures the worst texts beside the median of documents.
#![no_main]

#[path = "../properties.rs"]
mod properties;

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::Instant;

use fixenc::encoding::Encoding;

/// Bytes of a text.
const BYTES: usize = 1 << 20;
/// How many times as long as [`document`] a text may take. That one was measured to take .9 times the median of `cargo xtask
/// bench-costs`, of which the goal is ten times.
const MOST: f64 = 11.0;

libfuzzer_sys::fuzz_target!(|input: &str| {
    static DOCUMENT: OnceLock<f64> = OnceLock::new();
    let text = properties::woven(input, BYTES);
    let limit = || MOST * *DOCUMENT.get_or_init(|| fastest(&document(), 2));
    if seconds(&text) > limit() {
        let (seconds, limit) = (fastest(&text, 2), MOST * fastest(&document(), 2));
        assert!(seconds <= limit, "a megabyte takes {seconds:.1} s, at most it may {limit:.1} s");
    }
});

fn seconds(text: &str) -> f64 {
    let start = Instant::now();
    black_box(fixenc::repair(black_box(text)));
    start.elapsed().as_secs_f64()
}

fn fastest(text: &str, times: usize) -> f64 {
    (0..times).map(|_| seconds(text)).fold(f64::INFINITY, f64::min)
}

/// A document that was damaged as a whole, and comes back.
fn document() -> String {
    let who = ["Stróż", "Młynarz", "Flisak", "Ogrodniczka", "Rzeźbiarz", "Żeglarz", "Ćwiek", "Księgowa"];
    let did = ["znalazł", "pożyczył", "odniósł", "zgubiła", "położył", "ściągnął", "przeliczyła", "związał"];
    let what =
        ["zardzewiałą kotwicę", "łódź", "dębową skrzynię", "świecę", "gęsie pióro", "żółtą wstążkę", "nóż"];
    let place = ["pod mostem", "w stajni", "nad rzeką", "za młynem", "przy śluzie", "u źródła", "na strychu"];
    let label = |label| Encoding::from_label(label);
    let garble = |line: &str| label("cp850")?.decode(&label("iso-8859-2")?.encode(line)?);
    let mut text = String::new();
    let mut number = 0;
    while text.len() < BYTES {
        let of = |parts: &[&'static str], step: usize| parts[number / step % parts.len()];
        let line =
            format!("{} {} {} {}, {number}.\n", of(&who, 1), of(&did, 3), of(&what, 5), of(&place, 11));
        text.push_str(&garble(&line).unwrap_or(line));
        number += 1;
    }
    text.truncate(text.floor_char_boundary(BYTES));
    text
}
