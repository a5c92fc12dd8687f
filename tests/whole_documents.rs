//! What comes back line by line comes back in a document of many lines, too.

use fixenc::encoding::Encoding;

/// Lines of four parts, in an order that repeats none of them soon.
fn lines(parts: [&str; 4], count: usize) -> Vec<String> {
    let parts = parts.map(|part| part.split('|').collect::<Vec<_>>());
    let line = |number: usize| {
        let turn = number / parts[0].len();
        let words: Vec<&str> = parts
            .iter()
            .zip([1, 5, 7, 11])
            .map(|(part, step)| part[(number * step + turn) % part.len()])
            .collect();
        words.join(" ") + "."
    };
    (0..count).map(line).collect()
}

fn russian() -> Vec<String> {
    let parts = [
        "Сторож|Кузнец|Гончар|Лодочник|Учительница|Аптекарь|Мельник|Почтальон|Рыбак|Часовщик|Садовник|Пекарь",
        "починил|покрасил|потерял|спрятал|нашёл|обменял|записал|измерил|отнёс|запер|разобрал|сосчитал",
        "старую лодку|медный чайник|стеклянный шар|дубовую дверь|ржавый якорь|лоскутное одеяло|берестяной короб\
         |глиняный кувшин|кожаный ремень|песочные часы|оловянную кружку|плетёную корзину",
        "у переправы|за мельницей|под мостом|возле колодца|на чердаке|среди камышей|около кузницы|позади амбара\
         |напротив пристани|в погребе|над оврагом|между яблонями",
    ];
    lines(parts, 150)
}

fn chinese() -> Vec<String> {
    let parts = [
        "守桥的老人|山里的木匠|渡口的船夫|镇上的郎中|磨坊的主人|河边的渔夫",
        "修好了|弄丢了|藏起了|找到了|换来了|数清了|量过了",
        "旧渔船和铜茶壶|玻璃球与橡木门|生锈的铁锚|竹编的小筐|皮腰带和沙漏",
        "在桥下|在水井旁|在芦苇丛里|在阁楼上|在山谷对面",
    ];
    lines(parts, 400).iter().map(|line| line.replace(' ', "，").replace('.', "。")).collect()
}

/// `None` where the reader, one of pairs, has nothing for some bytes.
fn garble(line: &str, written: &str, reader: &str) -> Option<String> {
    let encoding = |label| Encoding::from_label(label).unwrap();
    encoding(reader).decode(&encoding(written).encode(line)?)
}

#[track_caller]
fn assert_comes_back(truth: &[String], written: &str, reader: &str) {
    let (truth, garbled): (Vec<&str>, Vec<String>) =
        truth.iter().filter_map(|line| Some((line.as_str(), garble(line, written, reader)?))).unzip();
    assert!(truth.len() > 8);
    let (truth, garbled) = (truth.join("\n"), garbled.join("\n"));
    let repair = fixenc::repair(&garbled);
    let wrong: Vec<_> =
        repair.text().lines().zip(truth.lines()).filter(|(got, truth)| got != truth).collect();
    assert!(wrong.is_empty(), "{written} read as {reader}: {} lines, {:?}", wrong.len(), wrong[0]);
    assert_eq!(repair.text().len(), truth.len());
    assert!(fixenc::repair(repair.text()).changes().is_empty());
}

#[test]
fn letters_that_become_letters() {
    for (written, reader) in [
        ("windows-1251", "iso-8859-1"),
        ("windows-1251", "macintosh"),
        ("koi8-r", "windows-1251"),
        ("ibm866", "windows-1251"),
    ] {
        assert_comes_back(&russian(), written, reader);
    }
}

/// A word in two alphabets is no reason to leave the lines around it.
#[test]
fn a_word_in_two_alphabets_among_others() {
    let mut truth = russian();
    "Сторож нашёл USBкабель и DVDдиск под мостом.".clone_into(&mut truth[77]);
    assert_comes_back(&truth, "windows-1251", "iso-8859-1");
    assert_comes_back(&truth, "koi8-r", "windows-1251");
}

/// The windows of a long text end between characters, wherever its lines end.
#[test]
fn characters_of_several_bytes() {
    for reader in ["windows-1252", "iso-8859-1", "cp437", "macintosh"] {
        assert_comes_back(&chinese(), "utf-8", reader);
        assert_comes_back(&russian(), "utf-8", reader);
        // … and where they end seldom.
        let long: Vec<String> = chinese().chunks(40).map(|lines| lines.concat()).collect();
        assert_comes_back(&long, "utf-8", reader);
    }
    assert_comes_back(&chinese(), "gbk", "iso-8859-1");
}

/// Each line of a list may be of another language than those beside it, and help them once it came back.
#[test]
fn lists_of_several_languages() {
    let truth: Vec<String> = [
        "Getränkemärkte für Fähranleger",
        "crème brûlée à la châtelaine",
        "señora de la montaña pequeña",
        "são três irmãos e uma mãe",
        "båten ligger på södra sjön",
        "hämärä metsä täynnä ääniä",
        "perché la città è più bella",
        "größere Schlösser für Türen",
        "élève déjà arrivé à l'école",
        "el niño está aquí también",
        "não há pão nem limão",
        "fågelsång i vårens träd",
    ]
    .map(str::to_owned)
    .to_vec();
    for (written, reader) in
        [("cp850", "iso-8859-1"), ("windows-1252", "cp437"), ("windows-1252", "macintosh")]
    {
        assert_comes_back(&truth, written, reader);
    }
}

/// A byte that was put in is no proof of UTF-8: the code of a decoder's tests stays.
#[test]
fn bytes_that_are_cut_short_on_purpose() {
    let code = concat!(
        "        let (found, bytes) = first_of(b\"\\xF0\\x9D\\x9Ca\");\n",
        "        assert_eq!('\\u{FFFD}', found);\n        assert_eq!(3, bytes);\n",
    );
    assert!(fixenc::repair(code).changes().is_empty());
}

#[test]
fn clean_lines_among_those_of_a_known_channel_stay() {
    let clean = [
        "Der Fährmann hat die Laterne über die Brücke getragen.",
        "La boulangère a caché une échelle derrière le chêne.",
        "plain words of a list",
    ];
    let (mut truth, mut garbled) = (Vec::new(), Vec::new());
    for (number, line) in russian().iter().enumerate() {
        truth.push(line.clone());
        garbled.push(garble(line, "windows-1251", "windows-1252").unwrap());
        if number % 9 == 8 {
            truth.push(clean[number / 9 % 3].to_owned());
            garbled.push(clean[number / 9 % 3].to_owned());
        }
    }
    assert_eq!(fixenc::repair(&garbled.join("\n")).text(), truth.join("\n"));
}

#[test]
fn a_rare_letter_tells_which_of_two_readers_it_was() {
    // ё is the only letter in which they differ here.
    let russian = russian();
    let (rare, usual): (Vec<String>, Vec<String>) = russian.into_iter().partition(|line| line.contains('ё'));
    for reader in ["iso-8859-15", "windows-1252"] {
        let truth: Vec<String> =
            usual.iter().take(40).chain(&rare[..1]).chain(&usual[40..60]).cloned().collect();
        assert_comes_back(&truth, "windows-1251", reader);
    }
}
