//! What a single-byte encoding is. The pages themselves are generated: `code_pages.rs`.
//!
//! Pages that the WHATWG standard has are as the standard says. The others are from npm `iconv-lite`, checked against
//! the mapping tables of the Unicode Consortium; `cargo xtask tables` makes them and says where it departs from the
//! package.

/// A single-byte encoding: ASCII below 80, and what stands from 80 on.
pub(crate) struct CodePage {
    /// Label used in reports; the WHATWG name in lower case where the standard has the encoding.
    pub(crate) label: &'static str,
    /// The 128 characters of bytes 80 to FF; U+FFFD where none is assigned.
    pub(crate) high: [char; 128],
    /// The bytes below 80 that are not ASCII, in rising order. Only VISCII and TCVN, which put capitals in place of
    /// controls, and CP864, which has the Arabic percent sign, have any.
    pub(crate) low: &'static [(u8, char)],
}

impl CodePage {
    /// The character of a byte; U+FFFD where none is assigned.
    #[inline]
    pub(crate) fn character(&self, byte: u8) -> char {
        if byte >= 0x80 {
            return self.high[usize::from(byte - 0x80)];
        }
        let differing = self.low.iter().find(|(low, _)| *low == byte);
        differing.map_or(char::from(byte), |(_, character)| *character)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use encoding_rs::Encoding;

    use super::CodePage;
    use crate::encoding::code_pages::CODE_PAGES;

    /// Encodings of the standard that map single bytes, without ISO-8859-8-I (the same page as ISO-8859-8) and
    /// x-user-defined (no page of any language).
    const STANDARD_PAGES: usize = 27;

    fn page(label: &str) -> &'static CodePage {
        CODE_PAGES.iter().find(|page| page.label == label).unwrap()
    }

    fn decoded(label: &str, bytes: &[u8]) -> String {
        bytes.iter().map(|&byte| page(label).character(byte)).collect()
    }

    #[test]
    fn pages_of_the_standard_agree_with_it() {
        let mut compared = 0;
        for page in &CODE_PAGES {
            let Some(encoding) = Encoding::for_label(page.label.as_bytes()) else { continue };
            if !encoding.name().eq_ignore_ascii_case(page.label) {
                continue;
            }
            compared += 1;
            for byte in 0..=255 {
                let bytes = [byte];
                let (text, _) = encoding.decode_without_bom_handling(&bytes);
                assert_eq!(text, page.character(byte).to_string(), "{} {byte:02X}", page.label);
            }
        }
        assert_eq!(compared, STANDARD_PAGES);
    }

    #[test]
    fn latin_1_is_the_true_one() {
        assert_eq!(CODE_PAGES[0].label, "iso-8859-1");
        for byte in 0..=255 {
            assert_eq!(CODE_PAGES[0].character(byte), char::from(byte));
        }
    }

    #[test]
    fn latin_5_differs_from_latin_1_in_six_letters() {
        let turkish: Vec<(u8, char)> = (0..=255)
            .map(|byte| (byte, page("iso-8859-9").character(byte)))
            .filter(|(byte, character)| char::from(*byte) != *character)
            .collect();
        let six = [(0xd0, 'Ğ'), (0xdd, 'İ'), (0xde, 'Ş'), (0xf0, 'ğ'), (0xfd, 'ı'), (0xfe, 'ş')];
        assert_eq!(turkish, six);
    }

    #[test]
    fn labels_are_unique_and_in_lower_case() {
        let labels: BTreeSet<&str> = CODE_PAGES.iter().map(|page| page.label).collect();
        assert_eq!(labels.len(), CODE_PAGES.len());
        assert!(labels.iter().all(|label| !label.contains(|c: char| c.is_ascii_uppercase())));
    }

    #[test]
    fn no_page_has_a_character_twice() {
        for page in &CODE_PAGES {
            let mut bytes = BTreeMap::new();
            for byte in 0..=255 {
                let character = page.character(byte);
                if character == char::REPLACEMENT_CHARACTER {
                    continue;
                }
                let before = bytes.insert(character, byte);
                assert_eq!(before, None, "{}: {character:?} again at {byte:02X}", page.label);
            }
        }
    }

    #[test]
    fn no_two_pages_are_the_same() {
        let mut labels = BTreeMap::new();
        for page in &CODE_PAGES {
            if let Some(other) = labels.insert((page.high, page.low), page.label) {
                panic!("{other} is {}", page.label);
            }
        }
    }

    #[test]
    fn few_pages_differ_from_ascii_below_80() {
        let differing: Vec<&str> =
            CODE_PAGES.iter().filter(|page| !page.low.is_empty()).map(|page| page.label).collect();
        assert_eq!(differing, ["cp864", "viscii", "tcvn"]);
        assert!(
            CODE_PAGES.iter().all(|page| page.low.is_sorted() && page.low.iter().all(|(low, _)| *low < 128))
        );
    }

    #[test]
    fn dos_pages_spell_words() {
        assert_eq!(decoded("cp437", b"M\x81nchen stra\xe1e \xb3\xc4\xdb"), "München straße │─█");
        assert_eq!(decoded("cp850", b"\xd5"), "ı");
        assert_eq!(decoded("cp858", b"\xd5"), "€");
        assert_eq!(decoded("cp852", b"Za\xbe\xa2\x88\x86 g\xa9\x98l\xa5 ja\xab\xe4"), "Zażółć gęślą jaźń");
        assert_eq!(decoded("cp737", b"\x84\xa2\xa2\x9e\xa4\xa0\xa1\xe1"), "Ελληνικά");
        assert_eq!(decoded("cp857", b"\x98\x9e\x9f\xa6\xa7\x8d"), "İŞşĞğı");
        assert_eq!(decoded("ibm866", b"\x8f\xe0\xa8\xa2\xa5\xe2"), "Привет");
        assert_eq!(decoded("cp1125", b"\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9"), "ҐґЄєІіЇї");
        assert_eq!(decoded("cp862", b"\x99\x8c\x85\x8d"), "שלום");
        assert_eq!(decoded("cp865", b"bl\x86b\x91r gr\x9bt"), "blåbær grøt");
        assert_eq!(decoded("cp720", b"\xab\xe9\x9f\xea"), "سلام");
    }

    #[test]
    fn mac_pages_spell_words() {
        assert_eq!(decoded("macintosh", b"caf\x8e \xdb \xf0"), "café € \u{f8ff}");
        assert_eq!(decoded("x-mac-ce", b"P\xde\x92li\xe4 \xeclu\xe9ou\x8bk\xf9"), "Příliš žluťoučký");
        assert_eq!(decoded("x-mac-greek", b"\xb6\xec\xec\xe8\xee\xe9\xeb\xc0 \x9c"), "Ελληνικά €");
        assert_eq!(decoded("x-mac-turkish", b"\xda\xdb\xdc\xdd\xde\xdf"), "ĞğİıŞş");
        assert_eq!(decoded("x-mac-iceland", b"\xa0\xdc\xdd\xde\xdf\xe0"), "ÝÐðÞþý");
        assert_eq!(
            decoded("x-mac-croatian", b"\xc8a\xe8ak \xe6uk \xf0ak \xb9uma \xbeaba"),
            "Čačak ćuk đak šuma žaba"
        );
        assert_eq!(decoded("x-mac-romanian", b"\xaf\xbf\xde\xdf\xae\xbe"), "ȘșȚțĂă");
    }

    #[test]
    fn vietnamese_pages_have_letters_below_80() {
        assert_eq!(decoded("viscii", b"Vi\xaet Nam"), "Việt Nam");
        assert_eq!(decoded("tcvn", b"Vi\xd6t Nam"), "Việt Nam");
        assert_eq!(decoded("viscii", b"\x02\x1e"), "ẲỴ");
        assert_eq!(decoded("tcvn", b"\x01\x17"), "ÚỴ");
    }

    #[test]
    fn unassigned_bytes_are_said_to_be() {
        assert_eq!(page("cp857").character(0xd5), char::REPLACEMENT_CHARACTER);
        assert_eq!(page("cp869").character(0x80), char::REPLACEMENT_CHARACTER);
        assert_eq!(page("windows-1252").character(0x81), '\u{81}');
        assert_eq!(page("windows-1255").character(0xd9), char::REPLACEMENT_CHARACTER);
    }
}
