//! What Windows and its documents call encodings: by number of a code page, by character set of a font, by language.

use crate::encoding::Encoding;

/// The encoding of a Windows code page, or of one that documents name so.
pub(crate) fn of_code_page(number: u32) -> Option<Encoding> {
    match number {
        936 | 54936 => Some(Encoding::GB18030),
        1200 => Some(Encoding::UTF_16LE),
        1201 => Some(Encoding::UTF_16BE),
        10001 => Some(Encoding::SHIFT_JIS),
        10002 => Some(Encoding::BIG5),
        10003 => Some(Encoding::EUC_KR),
        10008 => Some(Encoding::GB18030),
        20932 | 51932 => Some(Encoding::EUC_JP),
        50220..=50222 => Some(Encoding::ISO_2022_JP),
        50225 => Some(Encoding::ISO_2022_KR),
        51936 => Some(Encoding::GB18030),
        51949 => Some(Encoding::EUC_KR),
        52936 => Some(Encoding::HZ),
        65000 => Some(Encoding::UTF_7),
        65001 => Some(Encoding::UTF_8),
        _ => Encoding::for_name(name(number)?.as_str()),
    }
}

/// The label of the page with that number, where it follows from the number.
fn name(number: u32) -> Option<String> {
    let named = match number {
        10000 => "macintosh",
        10004 | 10005 => return None,
        10006 => "x-mac-greek",
        10007 | 10017 => "x-mac-cyrillic",
        10010 => "x-mac-romanian",
        10029 => "x-mac-ce",
        10079 => "x-mac-iceland",
        10081 => "x-mac-turkish",
        10082 => "x-mac-croatian",
        20866 => "koi8-r",
        21866 => "koi8-u",
        28591 => "iso-8859-1",
        28592..=28606 => return Some(format!("iso-8859-{}", number - 28590)),
        // Excel on a Macintosh and on Windows, before BIFF8.
        32768 => "macintosh",
        32769 => "windows-1252",
        _ => return Some(format!("cp{number}")),
    };
    Some(named.to_owned())
}

/// The encoding of a font's character set, as GDI numbers them ([MS-WMF] 2.1.1.5). `None` for the default, for OEM and
/// for symbols, which say nothing.
pub(crate) fn of_charset(charset: u8) -> Option<Encoding> {
    let page = match charset {
        0 => 1252,
        77 => 10000,
        78 | 128 => 932,
        79 | 129 => 949,
        80 | 134 => 936,
        81 | 136 => 950,
        130 => return Some(Encoding::JOHAB),
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    };
    of_code_page(page)
}

/// The Windows code page of a language ([MS-LCID]); only the primary language counts, except for Chinese and Serbian.
pub(crate) fn of_language(lcid: u16) -> Option<Encoding> {
    let page = match (lcid & 0x3FF, lcid >> 10) {
        (0x04, 0 | 2 | 4) => 936,
        (0x04, _) => 950,
        (0x11, _) => 932,
        (0x12, _) => 949,
        (0x1A, 3 | 7) => 1251,
        (0x02 | 0x19 | 0x22 | 0x23 | 0x2F | 0x3F | 0x40 | 0x44 | 0x50, _) => 1251,
        (0x05 | 0x0E | 0x15 | 0x18 | 0x1A | 0x1B | 0x1C | 0x24, _) => 1250,
        (0x08, _) => 1253,
        (0x1F | 0x2C, _) => 1254,
        (0x0D, _) => 1255,
        (0x01 | 0x20 | 0x29, _) => 1256,
        (0x25..=0x27, _) => 1257,
        (0x2A, _) => 1258,
        (0x1E, _) => 874,
        (0x00, _) => return None,
        _ => 1252,
    };
    of_code_page(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_that_is_named_is_known() {
        let pages = [437, 737, 850, 852, 866, 874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255];
        let others = [1256, 1257, 1258, 1361, 10000, 10006, 10007, 10029, 20866, 21866, 28592, 28605, 32769];
        for number in pages.into_iter().chain(others) {
            assert!(of_code_page(number).is_some(), "{number}");
        }
        assert_eq!(of_code_page(4_000_000_000), None);
    }

    #[test]
    fn charsets_and_languages_lead_to_the_page_of_the_script() {
        let label = |encoding: Option<Encoding>| encoding.map(Encoding::label);
        assert_eq!(label(of_charset(204)), Some("windows-1251"));
        assert_eq!(label(of_charset(134)), Some("gb18030"));
        assert_eq!(label(of_charset(2)), None);
        assert_eq!(label(of_language(0x0804)), Some("gb18030"));
        assert_eq!(label(of_language(0x0404)), Some("big5"));
        assert_eq!(label(of_language(0x0415)), Some("windows-1250"));
        assert_eq!(label(of_language(0x0409)), Some("windows-1252"));
    }
}
