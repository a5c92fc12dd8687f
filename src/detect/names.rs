//! What an encoding is called in reports.

use encoding_rs::Encoding;

/// The WHATWG name in lower case, which is what labels, reports and other tools use.
pub fn reported_name(encoding: &'static Encoding) -> &'static str {
    let name = encoding.name();
    let lower = NAMES.iter().find(|lower| lower.eq_ignore_ascii_case(name));
    lower.copied().unwrap_or(name)
}

/// Every name of the WHATWG Encoding Standard.
const NAMES: [&str; 40] = [
    "utf-8",
    "ibm866",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
    "replacement",
    "utf-16be",
    "utf-16le",
    "x-user-defined",
];
