//! How many bytes a second: `cargo bench --bench throughput`. For comparing two states of the code on one machine;
//! `cargo xtask bench-instructions` gives figures that a busy machine does not change.

use divan::Bencher;
use divan::counter::BytesCount;

mod texts;

/// The folder that `texts` reads from.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");

const MEGABYTE: usize = 1 << 20;

fn main() {
    divan::main();
}

fn bench_repair(bencher: Bencher<'_, '_>, text: &str) {
    bencher.counter(BytesCount::of_str(text)).bench(|| fixenc::repair(divan::black_box(text)));
}

#[divan::bench]
fn scan_clean_ascii(bencher: Bencher<'_, '_>) {
    bench_repair(bencher, &texts::ascii(MEGABYTE));
}

#[divan::bench]
fn scan_clean_chinese(bencher: Bencher<'_, '_>) {
    bench_repair(bencher, &texts::repeated(texts::CHINESE, MEGABYTE));
}

#[divan::bench]
fn scan_clean_mixed(bencher: Bencher<'_, '_>) {
    bench_repair(bencher, &texts::repeated(texts::MIXED, MEGABYTE));
}

#[divan::bench]
fn scan_clean_western(bencher: Bencher<'_, '_>) {
    bench_repair(bencher, &texts::repeated(texts::WESTERN, MEGABYTE));
}

#[divan::bench]
fn repair_utf8_as_1252(bencher: Bencher<'_, '_>) {
    bench_repair(bencher, &texts::repeated(texts::UTF8_AS_1252, MEGABYTE));
}

#[divan::bench]
fn repair_gbk_as_latin_1(bencher: Bencher<'_, '_>) {
    bench_repair(bencher, &texts::repeated(texts::GBK_AS_LATIN_1, MEGABYTE));
}

#[divan::bench]
fn repair_gbk_as_latin_1_without_ad(bencher: Bencher<'_, '_>) {
    bench_repair(bencher, &texts::repeated(texts::GBK_AS_LATIN_1_NO_AD, MEGABYTE));
}

#[divan::bench]
fn repair_damaged_trailers(bencher: Bencher<'_, '_>) {
    bench_repair(bencher, &texts::repeated(texts::DAMAGED_TRAILERS, MEGABYTE));
}

fn bench_detect(bencher: Bencher<'_, '_>, bytes: &[u8]) {
    bencher.counter(BytesCount::of_slice(bytes)).bench(|| fixenc::detect(divan::black_box(bytes)));
}

#[divan::bench]
fn detect_utf8(bencher: Bencher<'_, '_>) {
    bench_detect(bencher, texts::repeated(texts::CHINESE, MEGABYTE).as_bytes());
}

#[divan::bench]
fn detect_gbk(bencher: Bencher<'_, '_>) {
    let text = texts::repeated(texts::CHINESE, MEGABYTE);
    bench_detect(bencher, &encoding_rs::GBK.encode(&text).0);
}

#[divan::bench]
fn detect_ascii(bencher: Bencher<'_, '_>) {
    bench_detect(bencher, texts::ascii(MEGABYTE).as_bytes());
}

#[divan::bench]
fn detect_1252(bencher: Bencher<'_, '_>) {
    let text = texts::repeated(texts::WESTERN, MEGABYTE);
    bench_detect(bencher, &encoding_rs::WINDOWS_1252.encode(&text).0);
}

/// A file of the usual size.
#[divan::bench]
fn detect_small_1252(bencher: Bencher<'_, '_>) {
    let text = texts::repeated(texts::WESTERN, 10 << 10);
    bench_detect(bencher, &encoding_rs::WINDOWS_1252.encode(&text).0);
}

#[divan::bench]
fn extract_record(bencher: Bencher<'_, '_>) {
    // One document after the other, as a folder gives them: a record's cost does not grow with the folder.
    let reports: Vec<String> = texts::REPORTS.iter().map(|path| texts::repeated(&[path], 1)).collect();
    let bytes: usize = reports.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        for report in &reports {
            divan::black_box(fixenc::record::extract(divan::black_box(report), &[]));
        }
    });
}
