//! What can be guessed: each encoding with its price, and the languages that it is used for.

use std::sync::OnceLock;

use crate::encoding::Encoding;

use super::tongue::{self, Tongue};

/// An encoding that may be guessed.
#[derive(Debug, Clone)]
pub(super) struct Guess {
    pub(super) encoding: Encoding,
    /// How rare it is in files that declare nothing, in bits.
    pub(super) price: f64,
    /// The languages that it is used for, with what each adds to the price.
    pub(super) tongues: Vec<(&'static Tongue, f64)>,
}

const WESTERN: &str = "fr de es pt it en nl sv da no fi ca is id ga cy br und";
const CENTRAL: &str = "pl cs hu sk sl hr ro sr-Latn de und";
const BALTIC: &str = "lt lv et und";
const NORTHERN: &str = "no da sv fi is et lt lv und";
const CYRILLIC: &str = "ru uk bg sr mk be";
const TURKISH: &str = "tr und";
const ARABIC: &str = "ar fa ur";
const EUROPE: &str = "en de fr es it pt nl sv da no fi is id ga cy br und";

/// Label, price in bits, languages, some with a price of their own. The price is a guess at how many files of the kind
/// there are, in powers of two, from what the web and archives hold; only where the bytes say nearly nothing does it
/// decide.
const SINGLE: &[(&str, f64, &str)] = &[
    ("windows-1252", 0.0, WESTERN),
    ("iso-8859-1", 0.5, WESTERN),
    ("iso-8859-15", 2.0, WESTERN),
    ("windows-1250", 1.5, CENTRAL),
    ("windows-1251", 1.0, CYRILLIC),
    ("windows-1253", 2.5, "el"),
    ("windows-1254", 3.0, TURKISH),
    ("windows-1255", 2.5, "he"),
    ("windows-1256", 2.5, ARABIC),
    ("windows-1257", 3.0, BALTIC),
    ("windows-1258", 4.0, "vi"),
    ("windows-874", 2.5, "th"),
    ("iso-8859-2", 2.0, CENTRAL),
    ("iso-8859-3", 8.0, "tr eo mt"),
    ("iso-8859-4", 7.0, BALTIC),
    ("iso-8859-5", 4.0, CYRILLIC),
    ("iso-8859-6", 5.0, ARABIC),
    ("iso-8859-7", 3.5, "el"),
    ("iso-8859-8", 4.0, "he"),
    ("iso-8859-9", 3.5, TURKISH),
    ("iso-8859-10", 9.0, NORTHERN),
    ("iso-8859-13", 5.0, "lt lv et pl und"),
    ("iso-8859-14", 8.0, "cy ga br en und"),
    ("iso-8859-16", 4.5, "ro pl hu sl hr fr de it"),
    ("koi8-r", 3.0, "ru bg"),
    ("koi8-u", 5.0, "uk ru be"),
    ("koi8-t", 9.0, "tg"),
    ("ibm866", 4.0, "ru uk bg be"),
    ("macintosh", 2.5, WESTERN),
    ("x-mac-cyrillic", 4.5, CYRILLIC),
    ("cp437", 3.5, "en de fr es it nl sv fi id ga cy br und"),
    ("cp737", 7.0, "el"),
    ("cp775", 7.0, BALTIC),
    ("cp850", 2.5, WESTERN),
    ("cp852", 3.0, CENTRAL),
    ("cp855", 7.0, CYRILLIC),
    ("cp857", 6.0, TURKISH),
    ("cp858", 3.5, WESTERN),
    ("cp860", 8.5, "pt"),
    ("cp861", 8.5, "is"),
    ("cp862", 6.0, "he"),
    ("cp863", 8.5, "fr"),
    ("cp864", 8.0, ARABIC),
    ("cp865", 8.5, "no da"),
    ("cp869", 8.0, "el"),
    ("cp1125", 7.0, "uk ru:4 be:4"),
    ("cp720", 7.0, ARABIC),
    ("cp856", 9.0, "he"),
    ("x-mac-ce", 7.0, CENTRAL),
    ("x-mac-greek", 8.0, "el"),
    ("x-mac-turkish", 8.0, TURKISH),
    ("x-mac-iceland", 9.0, "is"),
    ("x-mac-croatian", 9.0, "hr sl sr-Latn"),
    ("x-mac-romanian", 9.0, "ro"),
    ("viscii", 7.0, "vi"),
    ("tcvn", 7.0, "vi"),
    ("kz-1048", 7.0, "kk"),
    ("ptcp154", 8.0, "kk tg"),
    ("hp-roman8", 11.0, WESTERN),
    ("mik", 9.0, "bg"),
    ("cp037", 5.0, EUROPE),
    ("cp273", 9.0, "de"),
    ("cp277", 10.0, "da no"),
    ("cp278", 10.0, "fi sv"),
    ("cp280", 10.0, "it"),
    ("cp284", 10.0, "es"),
    ("cp285", 9.0, "en"),
    ("cp297", 10.0, "fr"),
    ("cp424", 8.0, "he"),
    ("cp500", 6.0, EUROPE),
    ("cp870", 9.0, "pl cs hu sk sl hr ro sr-Latn"),
    ("cp871", 10.0, "is"),
    ("cp875", 8.0, "el"),
    ("cp1025", 9.0, CYRILLIC),
    ("cp1026", 8.0, "tr"),
    ("cp1047", 8.0, EUROPE),
    ("cp1140", 8.0, EUROPE),
];

const MULTI: &[(&str, f64, &str)] = &[
    ("gb18030", 1.0, "zh-Hans zh-Hant:2 ja:7"),
    ("big5", 2.0, "zh-Hant zh-HK"),
    ("shift_jis", 2.0, "ja"),
    ("euc-jp", 3.0, "ja"),
    ("euc-kr", 2.0, "ko"),
    ("johab", 8.0, "ko"),
    ("euc-tw", 8.0, "zh-Hant zh-HK"),
];

/// Encodings that have all characters of another and some more, with that other. They are asked where the other has
/// nothing for some bytes.
const SUPERSETS: &[(&str, (&str, f64, &str))] =
    &[("shift_jis", ("shift_jis-2004", 8.0, "ja")), ("euc-jp", ("euc-jis-2004", 8.0, "ja"))];

/// An encoding that reads what another reads, and more.
pub(super) struct Superset {
    pub(super) of: Encoding,
    pub(super) guess: Guess,
}

/// All of them.
pub(super) fn supersets() -> &'static [Superset] {
    static SUPERSET_GUESSES: OnceLock<Vec<Superset>> = OnceLock::new();
    SUPERSET_GUESSES.get_or_init(|| {
        let superset = |&(of, row): &(&str, (&str, f64, &str))| {
            Some(Superset { of: Encoding::from_label(of)?, guess: guesses(&[row]).pop()? })
        };
        SUPERSETS.iter().filter_map(superset).collect()
    })
}

/// The single-byte encodings.
pub(super) fn single() -> &'static [Guess] {
    static GUESSES: OnceLock<Vec<Guess>> = OnceLock::new();
    GUESSES.get_or_init(|| guesses(SINGLE))
}

/// The encodings of East Asia.
pub(super) fn multi() -> &'static [Guess] {
    static GUESSES: OnceLock<Vec<Guess>> = OnceLock::new();
    GUESSES.get_or_init(|| guesses(MULTI))
}

fn guesses(table: &[(&str, f64, &str)]) -> Vec<Guess> {
    let guess = |&(label, price, tags): &(&str, f64, &str)| {
        let tongues = tags.split(' ').filter_map(|tag| {
            let (tag, price) = tag.split_once(':').unwrap_or((tag, "0"));
            Some((tongue::named(tag)?, price.parse().ok()?))
        });
        let tongues = tongues.collect();
        Some(Guess { encoding: Encoding::from_label(label)?, price, tongues })
    };
    table.iter().filter_map(guess).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_an_encoding_and_languages() {
        assert_eq!(single().len(), SINGLE.len());
        assert_eq!(multi().len(), MULTI.len());
        assert_eq!(supersets().len(), SUPERSETS.len());
        for (guess, (label, _, tags)) in single().iter().chain(multi()).zip(SINGLE.iter().chain(MULTI)) {
            assert_eq!(guess.encoding.label(), *label);
            assert_eq!(guess.tongues.len(), tags.split(' ').count(), "{label}");
        }
    }
}
