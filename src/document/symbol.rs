//! Fonts of symbols: their bytes are places in the font, not characters.

/// What Adobe's Symbol has at 20 to 7E and at A0 to FE, as Unicode publishes it.
const SYMBOL_LOW: &str =
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼";
const SYMBOL_HIGH: &str =
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ ⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";

/// Of Wingdings and Wingdings 2, what forms and lists are made with.
const WINGDINGS: [(u8, char); 16] = [
    (0x6C, '●'),
    (0x6E, '■'),
    (0x6F, '□'),
    (0x71, '❑'),
    (0x72, '❒'),
    (0x76, '❖'),
    (0x9F, '•'),
    (0xA1, '○'),
    (0xA7, '▪'),
    (0xA8, '□'),
    (0xD8, '➢'),
    (0xE0, '→'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];
const WINGDINGS_2: [(u8, char); 5] = [(0x4F, '✗'), (0x50, '✓'), (0x52, '☑'), (0x53, '☒'), (0xA3, '□')];

/// A font whose bytes are symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SymbolFont {
    Symbol,
    Wingdings,
    Wingdings2,
    /// One of which no table is here.
    Other,
}

impl SymbolFont {
    /// The font of that name. `None` for fonts of letters: that their character set is "symbol" is then a mistake.
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        let name = name.trim_ascii();
        if name.eq_ignore_ascii_case(b"Symbol") {
            Some(Self::Symbol)
        } else if name.eq_ignore_ascii_case(b"Wingdings") {
            Some(Self::Wingdings)
        } else if name.eq_ignore_ascii_case(b"Wingdings 2") {
            Some(Self::Wingdings2)
        } else {
            let others: [&[u8]; 6] =
                [b"Wingdings 3", b"Webdings", b"Marlett", b"MT Extra", b"ZapfDingbats", b"Monotype Sorts"];
            others.iter().any(|other| name.eq_ignore_ascii_case(other)).then_some(Self::Other)
        }
    }

    /// The character that the font shows for `byte`; where that is not known, the one of private use that Windows has
    /// for it.
    pub(crate) fn character(self, byte: u8) -> char {
        let known = match self {
            Self::Symbol if byte < 0x80 => SYMBOL_LOW.chars().nth(usize::from(byte.wrapping_sub(0x20))),
            Self::Symbol => SYMBOL_HIGH.chars().nth(usize::from(byte.wrapping_sub(0xA0))),
            Self::Wingdings => WINGDINGS.iter().find(|(at, _)| *at == byte).map(|(_, shown)| *shown),
            Self::Wingdings2 => WINGDINGS_2.iter().find(|(at, _)| *at == byte).map(|(_, shown)| *shown),
            Self::Other => None,
        };
        match known {
            Some(known) => known,
            None if byte == b' ' => ' ',
            None => char::from_u32(0xF000 + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_where_the_font_has_it() {
        let symbol = SymbolFont::named(b"Symbol").unwrap();
        let shown: String = [0x20, 0x41, 0x61, 0x7E, 0xA0, 0xB7, 0xD6, 0xE5, 0xF1, 0xFE]
            .map(|b| symbol.character(b))
            .iter()
            .collect();
        assert_eq!(shown, " Αα∼€•√∑⟩⎭");
        assert_eq!(symbol.character(0x05), '\u{F005}');
        assert_eq!(SymbolFont::named(b"SimSun"), None);
    }
}
