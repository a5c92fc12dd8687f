//! Characters as detection prices them: what is asked about each is asked once for a text, whatever the languages.

use crate::language::unit::{Case, Folded, fold};
use crate::language::{Cost, Model};

use super::tongue;

/// A character, with what its price depends on in every language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub(super) c: char,
    /// As the models see it after what stands before.
    pub(super) folded: Folded,
    pub(super) script: Script,
    pub(super) is_sign: bool,
    pub(super) is_ending: bool,
    pub(super) is_control: bool,
    pub(super) is_drawing: bool,
}

impl Glyph {
    /// A character after letters of a case.
    #[inline]
    pub(super) fn of(c: char, before: Case) -> Self {
        let (folded, script) = (fold(c, before), Script::of(c));
        // Most characters are letters, and these are nothing else.
        let is_other = script == Script::None;
        let is_ending = is_other && is_ending(c);
        Self {
            c,
            folded,
            script,
            is_sign: is_ending || is_other && is_other_sign(c),
            is_ending,
            is_control: is_other && is_control(c),
            is_drawing: is_other && ('\u{2500}'..='\u{259f}').contains(&c),
        }
    }
}

/// A decoded text, with what the model of all text says of each character.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) any: Vec<Cost>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let mut case = Case::None;
        let glyph = |c| {
            let glyph = Glyph::of(c, case);
            case = glyph.folded.case;
            glyph
        };
        let glyphs: Vec<Glyph> = text.chars().map(glyph).collect();
        let Some(any) = tongue::any() else {
            return Self { any: vec![tongue::MOST; glyphs.len()], glyphs };
        };
        let (mut walk, mut place) = (any.walk(), Place::default());
        let cost = |glyph: &Glyph| place.cost(any, glyph.c, walk.step(glyph.folded));
        Self { any: glyphs.iter().map(cost).collect(), glyphs }
    }
}

/// Where in a stretch a character stands: it may have been cut within a word, so that the first two characters cost no
/// more than they do anywhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    before: Option<char>,
    left: u8,
}

impl Default for Place {
    fn default() -> Self {
        Self { before: None, left: 2 }
    }
}

impl Place {
    /// What `c` costs, that costs so much in its context.
    #[inline]
    pub(super) fn cost(&mut self, model: &Model, c: char, in_context: Cost) -> Cost {
        if c == '\n' {
            *self = Self::default();
            return in_context;
        }
        if self.left == 0 {
            return in_context;
        }
        self.left -= 1;
        let anywhere = match self.before.replace(c) {
            None => model.alone(c) + tongue::WITHIN_WORD,
            Some(before) => model.pair(before, c),
        };
        in_context.min(anywhere)
    }
}

/// Signs that texts in every language may have, though the training text has few, but for those at the end of a word.
#[inline]
fn is_other_sign(c: char) -> bool {
    matches!(
        c,
        '€' | '£'
            | '$'
            | '«'
            | '“'
            | '„'
            | '‘'
            | '‚'
            | '–'
            | '—'
            | '§'
            | '¿'
            | '¡'
            | '½'
            | '¼'
            | 'µ'
            | '№'
            | '‹'
            | '×'
            | '÷'
            | '±'
            | '¥'
            | '¢'
            | '「'
            | '『'
            | '【'
            | '・'
            | '（'
            | '《'
            | '～'
    )
}

/// Signs that stand at the end of a word.
#[inline]
fn is_ending(c: char) -> bool {
    matches!(
        c,
        '’' | '”'
            | '»'
            | '›'
            | '™'
            | '®'
            | '©'
            | '…'
            | '‡'
            | '†'
            | '•'
            | '°'
            | '³'
            | '²'
            | 'ª'
            | 'º'
            | '·'
            | '、'
            | '。'
            | '」'
            | '』'
            | '】'
            | '，'
            | '！'
            | '？'
            | '：'
            | '；'
            | '）'
            | '》'
    )
}

/// What a character costs whatever the language: a control that no text holds.
fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}')
        || c == char::REPLACEMENT_CHARACTER
}

/// What a letter is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    None,
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Thai,
    EastAsian,
}

impl Script {
    #[inline]
    pub(super) fn of(c: char) -> Self {
        match c {
            'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'Ḁ'..='ỿ' => Self::Latin,
            '\0'..='\u{36f}' => Self::None,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Self::Greek,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{5d0}'..='\u{5ea}' => Self::Hebrew,
            '\u{620}'..='\u{64a}' | '\u{66e}'..='\u{6d3}' => Self::Arabic,
            '\u{e01}'..='\u{e4e}' => Self::Thai,
            '\u{3041}'..='\u{3096}'
            | '\u{30a1}'..='\u{30fa}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}' => Self::EastAsian,
            '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..='\u{2ffff}' => Self::EastAsian,
            _ => Self::None,
        }
    }
}
