//! What must hold for every input. Written once: the fuzz targets and the tests both include this file.
//!
//! Each function panics where a property does not hold.

#![allow(dead_code, reason = "each of the including crates uses some of the properties")]

use std::borrow::Cow;

use fixenc::RecoverOptions;
use fixenc::mojibake::{Repair, Repairer, Verdict};
use fixenc::report::Report;

#[path = "../src/document/word/made.rs"]
pub(crate) mod made;

use made::{Made, Units};

/// Everything that holds for the repair of any text.
pub(crate) fn repair(text: &str) {
    let first = fixenc::repair(text);
    report_is_sound(text, &first);
    plans_replay(&first);
    let again = fixenc::repair(first.text());
    assert_eq!(again.text(), first.text(), "a repaired text is repaired again");
    assert_eq!(fixenc::repair(text), first, "the same text gives another answer");
    lossless_only_guesses_nothing(text);
}

/// Spans are in order, on character boundaries, and tell the whole difference between input and output.
pub(crate) fn report_is_sound(text: &str, repair: &Repair<'_>) {
    let mut rebuilt = String::new();
    let mut end = 0;
    for change in repair.changes() {
        assert!(change.span.start >= end, "changes overlap or are out of order at {:?}", change.span);
        assert!(change.span.start < change.span.end, "an empty change at {:?}", change.span);
        let before = text.get(change.span.clone());
        assert_eq!(before, Some(change.before.as_str()), "`before` is not the text of the span");
        assert_ne!(change.before, change.after, "a change that changes nothing");
        assert!((0.0..=1.0).contains(&change.confidence), "confidence {}", change.confidence);
        for guess in &change.guessed {
            assert!(change.after.get(guess.clone()).is_some(), "guess {guess:?} outside of `after`");
        }
        rebuilt.push_str(&text[end..change.span.start]);
        rebuilt.push_str(&change.after);
        end = change.span.end;
    }
    rebuilt.push_str(&text[end..]);
    assert_eq!(rebuilt, repair.text(), "the changes don't add up to the text");
    let mut end = 0;
    for undecided in repair.undecided() {
        let span = &undecided.span;
        assert!(span.start >= end && text.get(span.clone()).is_some(), "undecided spans at {span:?}");
        let apart = |range: &std::ops::Range<usize>| range.end <= span.start || span.end <= range.start;
        assert!(repair.changes().iter().all(|change| apart(&change.span)), "changed and undecided: {span:?}");
        end = span.end;
    }
    if repair.changes().is_empty() {
        assert!(matches!(repair.clone().into_text(), Cow::Borrowed(_)), "an unchanged text was copied");
    } else {
        assert_eq!(repair.verdict(), Verdict::Repaired);
    }
}

/// Each plan leads from `before` to `after` and back.
pub(crate) fn plans_replay(repair: &Repair<'_>) {
    for change in repair.changes() {
        let Some(after) = change.plan.apply(&change.before) else {
            panic!("the plan `{}` does not fit {:?}", change.plan, change.before);
        };
        assert_eq!(after, change.after, "the plan `{}` gives another text", change.plan);
        let Some(before) = change.plan.invert(&change.after) else {
            panic!("the plan `{}` has no inverse on {:?}", change.plan, change.after);
        };
        assert_eq!(before, change.before, "the inverse of `{}` gives another text", change.plan);
        assert_eq!(change.is_lossless(), change.plan.losses().is_empty());
    }
}

/// With `lossless_only`, no change rests on a guess.
pub(crate) fn lossless_only_guesses_nothing(text: &str) {
    let repair = Repairer::new().lossless_only(true).repair(text);
    report_is_sound(text, &repair);
    for change in repair.changes() {
        assert!(change.is_lossless() && change.guessed.is_empty(), "a guess in {:?}", change.span);
    }
}

/// A text of at most `length` bytes: lines of the words of the input and of its characters, in an order that does not repeat
/// itself, since what is the same again costs nothing.
pub(crate) fn woven(input: &str, length: usize) -> String {
    let words: Vec<&str> = input.split_whitespace().collect();
    let chars: Vec<char> = input.chars().collect();
    let [Some(&first), Some(&last)] = [chars.first(), chars.last()] else { return String::new() };
    let each = 1 + u64::from(first) % 12;
    let mut state = u64::from(last);
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit.max(1)
    };
    let mut text = String::with_capacity(length + 100);
    while text.len() < length {
        for _ in 0..each {
            match words.get(below(2 * words.len())) {
                Some(word) => text.push_str(word),
                None => (0..below(8)).for_each(|_| text.push(chars[below(chars.len())])),
            }
            text.push(' ');
        }
        text.push('\n');
    }
    text.truncate(text.floor_char_boundary(length));
    text
}

/// A clean text comes back as it is, without a copy.
pub(crate) fn clean_stays(text: &str) {
    let repair = fixenc::repair(text);
    assert_eq!(repair.text(), text, "a clean text was changed");
    assert!(matches!(repair.into_text(), Cow::Borrowed(_)), "a clean text was copied");
}

/// Garbled text gives the truth, or stays as it was and is then no worse; whatever happens, the plans replay.
/// Short or odd truths may be beyond any model, so nothing is said about which of the two.
pub(crate) fn replay_of_garbled(truth: &str, channel: u8) {
    let Some(garbled) = garble(truth, channel) else { return };
    let repair = fixenc::repair(&garbled);
    report_is_sound(&garbled, &repair);
    plans_replay(&repair);
}

/// Writes `text` in one of three encodings and reads it in one of three others.
pub(crate) fn garble(text: &str, channel: u8) -> Option<String> {
    let encoding = [encoding_rs::GBK, encoding_rs::GB18030, encoding_rs::UTF_8][usize::from(channel % 3)];
    let (bytes, _, unmappable) = encoding.encode(text);
    if unmappable {
        return None;
    }
    let latin_1 = || bytes.iter().map(|&byte| char::from(byte)).collect::<String>();
    Some(match channel / 3 % 3 {
        0 => latin_1(),
        1 => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned(),
        _ => latin_1().replace('\u{ad}', ""),
    })
}

/// One layer more: `text` written as UTF-8 and read as windows-1252.
pub(crate) fn add_layer(text: &str) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
}

/// Detection never fails, is repeatable, its confidence is a probability, it does not depend on how the bytes arrive,
/// and segments cover all bytes.
pub(crate) fn detect(bytes: &[u8]) {
    let detection = fixenc::detect(bytes);
    assert_eq!(fixenc::detect(bytes), detection, "the same bytes give another answer");
    if let Some(best) = detection.best() {
        assert!((0.0..=1.0).contains(&best.confidence), "confidence {}", best.confidence);
        let (text, _) = best.decode_as.decode_lossy(bytes);
        let mut decoder = best.decode_as.decoder();
        let mut pieces = String::new();
        bytes.chunks(7).for_each(|piece| decoder.decode(piece, false, &mut pieces, &mut |_| {}));
        decoder.decode(b"", true, &mut pieces, &mut |_| {});
        assert_eq!(pieces, text, "{} in pieces", best.decode_as);
    }
    let mut detector = fixenc::detect::Detector::new();
    bytes.chunks(13).for_each(|piece| detector.feed(piece));
    assert_eq!(detector.finish(), detection, "the same bytes in pieces give another answer");
    let mut at = 0;
    for segment in fixenc::detect::segments(bytes, detection.mixed()) {
        assert_eq!(segment.span.start, at, "a gap between segments");
        at = segment.span.end;
    }
    assert!(detection.mixed().is_empty() || at == bytes.len(), "segments end at {at} of {}", bytes.len());
}

/// Extraction never fails and is repeatable, with and without doubts.
pub(crate) fn record(text: &str) {
    let record = fixenc::record::extract(text, &[]);
    assert_eq!(fixenc::record::extract(text, &[]), record, "the same text gives another record");
    let whole = fixenc::record::Doubt { span: 0..text.len(), confidence: 0.5, alternatives: Vec::new() };
    let _ = fixenc::record::extract(text, &[whole]);
}

/// The report is sound, and the same for the same bytes.
pub(crate) fn recover(bytes: &[u8]) {
    let options = RecoverOptions::new().record(true);
    let report = sound_report(bytes, &options);
    let again = fixenc::recover(bytes, &options).ok();
    assert_eq!(again, report, "the same bytes give another report");
}

/// Content never fails: what `recover` refuses, it refuses for a limit or a kind it does not read. Repairs and runs are
/// in order.
fn sound_report(bytes: &[u8], options: &RecoverOptions) -> Option<Report> {
    let report = match fixenc::recover(bytes, options) {
        Ok(report) => report,
        Err(error) => {
            assert!(error.is_limit() || error.is_unsupported(), "{error}");
            return None;
        }
    };
    for document in &report.documents {
        let ordered = document.repairs.windows(2).all(|pair| pair[0].end <= pair[1].start);
        assert!(ordered, "repairs overlap or are out of order");
        let mut end = 0;
        for run in &document.runs {
            assert!(
                run.start >= end && run.start < run.end,
                "runs at {}..{} after {end}",
                run.start,
                run.end
            );
            assert!(run.cell.is_none_or(|cell| cell.sheet > 0 && cell.row > 0 && cell.column > 0));
            end = run.end;
        }
    }
    Some(report)
}

/// Everything that holds for a document whose text stands in runs: with the marks behind cells they are the whole text,
/// and the report is sound and has the same text. Gives the format.
pub(crate) fn document(bytes: &[u8]) -> Option<&'static str> {
    let decoded = fixenc::decode(bytes);
    let report = sound_report(bytes, &RecoverOptions::new().record(true));
    // What is in an archive has a name.
    let own = report.iter().flat_map(|report| &report.documents).find(|document| document.path.is_empty());
    assert_eq!(own.and_then(|own| own.format), decoded.format, "the report has another format");
    decoded.format?;
    assert_eq!(own.and_then(|own| own.text.as_ref()), decoded.text.as_ref(), "the report has another text");
    // Where a run lies is said in the text before its repair.
    if let Some(text) = decoded.text.filter(|_| decoded.changes.is_empty()) {
        // The marks behind a cell are not of it.
        let is_mark = |gap: &str| gap.chars().all(|c| matches!(c, '\t' | '\n'));
        let ends = decoded.runs.iter().map(|run| (run.end, run.cell.is_some()));
        let mut before = std::iter::once((0, false)).chain(ends);
        let starts = decoded.runs.iter().map(|run| run.start).chain([text.len()]);
        for (start, (end, is_cell)) in starts.zip(&mut before) {
            let gap = text.get(end..start).expect("a run cuts a character");
            assert!(gap.is_empty() || is_cell && is_mark(gap), "{gap:?} is in no run");
        }
    }
    decoded.format
}

/// Whatever stands in an RTF, it is one, and what holds for every document holds.
pub(crate) fn rtf(body: &[u8]) {
    assert_eq!(document(&[b"{\\rtf1\\ansi", body].concat()), Some("rtf"));
}

/// Whatever records stand in a metafile, it is one; the first byte says of which kind.
pub(crate) fn metafile(bytes: &[u8]) {
    /// Size and function of a record that needs nothing else: META_SAVEDC.
    const FIRST_RECORD: [u8; 6] = [3, 0, 0, 0, 0x1E, 0];
    const HEADER: [u8; 18] = [1, 0, 9, 0, 0, 3, 0xFF, 0xFF, 0, 0, 4, 0, 0xFF, 0xFF, 0, 0, 0, 0];
    let Some((&kind, records)) = bytes.split_first() else { return };
    let placeable = [&[0xD7, 0xCD, 0xC6, 0x9A][..], &[0; 18]].concat();
    let file = match kind % 3 {
        0 => [&placeable[..], &HEADER, &FIRST_RECORD, records].concat(),
        1 => [&HEADER[..], &FIRST_RECORD, records].concat(),
        _ => [&[1, 0, 0, 0, 44, 0, 0, 0][..], &[0; 32], b" EMF", records].concat(),
    };
    assert_eq!(document(&file), Some("metafile"));
}

/// A document of whatever format is read to its end. The encoding is told and nothing repaired: what is looked for is
/// in the readers, others have targets of their own.
pub(crate) fn readers(bytes: &[u8]) {
    let told = fixenc::encoding::Encoding::from_label("windows-1252");
    let repairer = Repairer::new().only_lines_with(&["\u{10FFFE}\u{10FFFF}"]);
    let mut options = RecoverOptions::new().encoding(told).repairer(repairer);
    options.limits.total_bytes = 64 << 20;
    options.limits.entry_bytes = 16 << 20;
    options.limits.entries = 1000;
    let _ = sound_report(bytes, &options);
}

/// The records of a workbook; the first byte chooses the version.
pub(crate) fn workbook(bytes: &[u8]) {
    let Some((&version, rest)) = bytes.split_first() else { return };
    let beginning: &[u8] = match version % 5 {
        0 => b"\x09\x00\x04\x00\x02\x00\x10\x00",
        1 => b"\x09\x02\x06\x00\x00\x00\x10\x00\x00\x00",
        2 => b"\x09\x04\x06\x00\x00\x00\x00\x01\x00\x00",
        3 => b"\x09\x08\x08\x00\x00\x05\x05\x00\x00\x00\x00\x00",
        _ => b"\x09\x08\x08\x00\x00\x06\x05\x00\x00\x00\x00\x00",
    };
    readers(&[beginning, rest].concat());
}

/// Parts of office files and mails; the first byte chooses what they are parts of, bytes FF part them.
pub(crate) fn office(bytes: &[u8]) {
    let Some((&kind, rest)) = bytes.split_first() else { return };
    let names: &[&str] = match kind % 10 {
        0 => &["word/document.xml", "word/header1.xml", "docProps/core.xml", "word/embeddings/a.bin"],
        1 => &[
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/worksheets/sheet1.xml",
            "xl/sharedStrings.xml",
            "xl/styles.xml",
        ],
        2 => &[
            "ppt/presentation.xml",
            "ppt/_rels/presentation.xml.rels",
            "ppt/slides/slide1.xml",
            "ppt/notesSlides/n.xml",
        ],
        3 => &["_rels/.rels", "content.xml", "styles.xml", "meta.xml"],
        4 => return readers(&[b"MIME-Version: 1.0\r\nFrom: a\r\nTo: b\r\n", rest].concat()),
        5 => return readers(&[b"<?xml version=\"1.0\"?><office:document>", rest].concat()),
        6 => return readers(&[b"<?xml version=\"1.0\"?><w:wordDocument>", rest].concat()),
        7 => &["PowerPoint Document", "Current User"],
        8 => &[
            "__properties_version1.0",
            "__substg1.0_0037001E",
            "__substg1.0_10130102",
            "__substg1.0_10090102",
        ],
        _ => return readers(rest),
    };
    let parts = names.iter().zip(rest.split(|&b| b == 0xFF));
    if matches!(kind % 10, 7 | 8) {
        let streams: Vec<_> = parts.map(|(name, part)| (format!("/{name}"), part.to_vec())).collect();
        return readers(&made::compound_file(&streams));
    }
    readers(&archive(parts.map(|(name, part)| (*name, part))));
}

/// A zip archive of entries that are not compressed, without the list at its end.
fn archive<'p>(parts: impl Iterator<Item = (&'p str, &'p [u8])>) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, part) in parts {
        archive.extend_from_slice(b"PK\x03\x04\x0A\0\0\0\0\0\0\0\0\0\0\0\0\0");
        archive.extend((part.len() as u32).to_le_bytes());
        archive.extend((part.len() as u32).to_le_bytes());
        archive.extend((name.len() as u16).to_le_bytes());
        archive.extend([0, 0]);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(part);
    }
    archive
}

/// A stream of a compound file beside a workbook without cells; the first byte chooses which: property sets, objects,
/// and an object of a presentation.
pub(crate) fn compound(bytes: &[u8]) {
    const BOOK: &[u8] = b"\x09\x08\x08\0\0\x05\x05\0\0\0\0\0";
    let Some((&kind, rest)) = bytes.split_first() else { return };
    let length = (rest.len() as u32).to_le_bytes();
    let object = |name: &str, head: &[u8]| (format!("/ObjectPool/_1/{name}"), [head, rest].concat());
    let stream = match kind % 5 {
        0 => {
            let head = [&[0xFE, 0xFF][..], &[0; 42], &48_u32.to_le_bytes()].concat();
            ("/\u{5}SummaryInformation".to_owned(), [&head, rest].concat())
        }
        1 => object("\u{1}Ole10Native", &[&length[..], &[2, 0]].concat()),
        2 => object("\u{2}OlePres000", &[0xFF, 0xFF, 0xFF, 0xFF, 3, 0, 0, 0]),
        3 => object("CONTENTS", &[]),
        _ => {
            let record = [&[0x10, 0, 0x11, 0x10][..], &length, rest].concat();
            return readers(&made::compound_file(&[("/PowerPoint Document".to_owned(), record)]));
        }
    };
    readers(&made::compound_file(&[("/Book".to_owned(), BOOK.to_vec()), stream]));
}

/// A sound file with a text in it, an OLE2 file or an archive, damaged at places: the first two bytes say of which kind
/// it is and how many changes of four bytes each follow: where (in 65536ths of the file), what is done, and a value.
pub(crate) fn damaged(bytes: &[u8]) {
    const BLOCK: usize = 64;
    const CHANGE_BYTES: usize = 4;
    const MOST_CHANGES: usize = 16;
    let Some((&[kind, count], rest)) = bytes.split_first_chunk() else { return };
    let changes = usize::from(count) % MOST_CHANGES * CHANGE_BYTES;
    let (changes, text) = rest.split_at(changes.min(rest.len()));
    let text = text.to_vec();
    let mut file = match kind % 4 {
        0 => Made::word_97(vec![(Units::Bytes, text)]).file(),
        1 => Made::word_97(vec![(Units::Bytes, text.clone()), (Units::Utf16, text)]).file(),
        2 => Made { flags: 4, ..Made::word_95(&text) }.file(),
        _ => archive([("first.txt", &text[..]), ("second.txt", &text)].into_iter()),
    };
    for &[low, high, what, value] in changes.as_chunks::<CHANGE_BYTES>().0 {
        let at = (usize::from(u16::from_le_bytes([low, high])) * file.len()) >> 16;
        match what % 4 {
            0 => file.iter_mut().skip(at).take(1).for_each(|byte| *byte = value),
            1 => file.iter_mut().skip(at & !3).take(4).for_each(|byte| *byte = value),
            2 => file.iter_mut().skip(at / BLOCK * BLOCK).take(BLOCK).for_each(|byte| *byte = value),
            _ => file.truncate(at),
        }
    }
    readers(&file);
}

/// A dBASE table of whatever records and fields; the first bytes are numbers of its header.
pub(crate) fn dbf(bytes: &[u8]) {
    let Some((&[records, header, width, driver, kind], rest)) = bytes.split_first_chunk() else { return };
    let mut file = vec![0; 64];
    file[..4].copy_from_slice(&[3, 99, 1, 1]);
    file[4] = records;
    file[8..10].copy_from_slice(&(33 + u16::from(header)).to_le_bytes());
    file[10] = width.max(2);
    file[29] = driver;
    file[32..36].copy_from_slice(b"NAME");
    file[43] = b"CNDLM"[usize::from(kind % 5)];
    file[48] = kind;
    file.extend_from_slice(rest);
    assert_eq!(document(&file), Some("dbf"));
}
