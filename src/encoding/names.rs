//! What encodings are called.

use super::Encoding;

/// Other names, without hyphens and underlines, for what the WHATWG standard does not name.
const ALIASES: &[(&str, &str)] = &[
    ("utf32", "utf-32le"),
    ("ucs4", "utf-32be"),
    ("maclatin2", "x-mac-ce"),
    ("maccentraleurope", "x-mac-ce"),
    ("maccyrillic", "x-mac-cyrillic"),
    ("macgreek", "x-mac-greek"),
    ("macturkish", "x-mac-turkish"),
    ("maciceland", "x-mac-iceland"),
    ("macicelandic", "x-mac-iceland"),
    ("maccroatian", "x-mac-croatian"),
    ("macroman", "macintosh"),
    ("macromanian", "x-mac-romanian"),
    ("rk1048", "kz-1048"),
    ("strk10482002", "kz-1048"),
    ("pt154", "ptcp154"),
    ("cp154", "ptcp154"),
    ("tcvn5712", "tcvn"),
    ("roman8", "hp-roman8"),
    ("hz", "hz-gb-2312"),
    ("iso2022jp1", "iso-2022-jp"),
    ("iso2022jp2", "iso-2022-jp"),
    ("iso2022jp3", "iso-2022-jp"),
    ("iso2022jp2004", "iso-2022-jp"),
    ("iso2022jpext", "iso-2022-jp"),
    ("iso2022cnext", "iso-2022-cn"),
    ("sjis2004", "shift_jis-2004"),
    ("shiftjisx0213", "shift_jis-2004"),
    ("eucjp2004", "euc-jis-2004"),
    ("eucjisx0213", "euc-jis-2004"),
    ("cp1361", "johab"),
    ("ms1361", "johab"),
    ("cp949", "euc-kr"),
    ("uhc", "euc-kr"),
    ("cp936", "gbk"),
    ("cp950", "big5"),
    ("cp932", "shift_jis"),
    ("cp874", "windows-874"),
    ("cp866", "ibm866"),
    ("cp65001", "utf-8"),
];

impl Encoding {
    /// The encoding with that label, in any case.
    pub fn from_label(label: &str) -> Option<Self> {
        Self::all().find(|encoding| encoding.label().eq_ignore_ascii_case(label))
    }

    /// The encoding that a document, a header or a person calls so. Labels of the WHATWG standard mean what they mean
    /// there: `latin1` is windows-1252.
    pub fn for_name(name: &str) -> Option<Self> {
        let name = name.trim();
        if let Some(standard) = encoding_rs::Encoding::for_label(name.as_bytes()) {
            return Self::from_standard(standard);
        }
        let plain: String =
            name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
        let plain = plain.strip_prefix('x').unwrap_or(&plain);
        let numbered = ["ibm", "cp", "ccsid", "dos", "windows"].iter().find_map(|prefix| {
            let number = plain.strip_prefix(prefix)?;
            number.bytes().all(|b| b.is_ascii_digit()).then(|| format!("cp{number}"))
        });
        let plain = numbered.as_deref().unwrap_or(plain);
        let alias = ALIASES.iter().find(|(alias, _)| *alias == plain).map(|(_, label)| *label);
        alias.and_then(Self::from_label).or_else(|| {
            Self::all().find(|encoding| {
                let label =
                    encoding.label().trim_start_matches("x-").bytes().filter(|b| !matches!(b, b'-' | b'_'));
                label.eq(plain.bytes())
            })
        })
    }

    /// The encoding of the standard, if it is one that stands for characters.
    pub fn from_standard(standard: &'static encoding_rs::Encoding) -> Option<Self> {
        if standard == encoding_rs::ISO_8859_8_I {
            return Self::from_label("iso-8859-8");
        }
        Self::from_label(standard.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_finds_its_encoding() {
        for encoding in Encoding::all() {
            assert_eq!(Encoding::from_label(&encoding.label().to_uppercase()), Some(encoding));
            let named = Encoding::for_name(encoding.label());
            let standard = encoding_rs::Encoding::for_label(encoding.label().as_bytes());
            assert_eq!(named, standard.map_or(Some(encoding), Encoding::from_standard), "{encoding}");
        }
    }

    #[test]
    fn names_lead_to_encodings() {
        for (name, label) in [
            ("latin1", "windows-1252"),
            ("IBM850", "cp850"),
            ("CP-437", "cp437"),
            ("ibm-1047", "cp1047"),
            ("MacRoman", "macintosh"),
            ("x-mac-greek", "x-mac-greek"),
            ("mac_latin2", "x-mac-ce"),
            ("GB2312", "gbk"),
            ("cp949", "euc-kr"),
            ("UTF-32BE", "utf-32be"),
            ("KZ1048", "kz-1048"),
            ("hz", "hz-gb-2312"),
        ] {
            assert_eq!(Encoding::for_name(name).map(Encoding::label), Some(label), "{name}");
        }
        assert_eq!(Encoding::for_name("klingon"), None);
    }
}
