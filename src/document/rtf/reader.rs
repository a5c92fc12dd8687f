//! Groups, destinations and the properties of characters: which token is text, and where it belongs.

use super::fonts::{Fonts, Said, lead_bytes};
use super::objects::HexData;
use super::stories::{Stories, StoryId};
use super::token::{Token, Tokens, Trails, byte_of_hex};
use super::words::{self, Destination, DocumentProperty, FontProperty, Mark, Meaning, Property};
use crate::container::{Part, Problem};
use crate::document::{Content, Zone, ole1, table};

/// Groups inside groups. Real documents have a few dozen.
const DEPTH: usize = 2048;
/// Objects in one document.
const MOST_PARTS: usize = 4096;
/// Characters that `\uc` can have skipped.
const LONGEST_FALLBACK: i32 = 64;
/// Bytes of the name of a property of a shape.
const SHAPE_NAME_BYTES: usize = 32;
/// The name of the property that is the text of a shape drawn as letters.
const SHAPE_TEXT: &[u8] = b"gtextUNICODE";
/// The property that is a picture.
const SHAPE_PICTURE: &[u8] = b"pib";

/// What text is for, where the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Text(StoryId),
    /// Nothing; groups inside may be for something.
    Container,
    /// Nothing, with all groups inside.
    Nothing,
    FontTable,
    ShapeName,
    /// The digits of a picture or an object.
    Data(DataKind),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DataKind {
    Picture,
    Object,
}

/// What a group inherits from the one around it.
#[derive(Debug, Clone, Copy)]
struct State {
    target: Target,
    /// Where the text of the other one of two forms goes.
    unicode_form: Option<Target>,
    font: Option<i32>,
    run_fonts: [Option<i32>; 3],
    run_type: Option<u8>,
    language: u16,
    fallback_length: u32,
    is_hidden: bool,
    is_deleted: bool,
    is_list_text: bool,
}

pub(super) struct Reader<'a> {
    tokens: Tokens<'a>,
    state: State,
    outer: Vec<State>,
    /// Groups that are too deep to be told apart.
    too_deep: usize,
    was_too_deep: bool,
    fonts: Fonts,
    default_font: Option<i32>,
    default_language: u16,
    stories: Stories,
    /// Characters that stand for one in `\u`, still to be skipped.
    fallback: u32,
    /// `\*` came: if the next word is not known, its group is no text.
    is_optional: bool,
    data: HexData,
    is_metafile: bool,
    shape_name: Vec<u8>,
    parts: Vec<Part>,
    problems: Vec<Problem>,
    /// All groups are closed.
    has_ended: bool,
    /// A group was closed that was not open, or all were and more came.
    ended_early: bool,
    /// Where the last paragraph ends.
    last_paragraph: usize,
}

/// A document that was read.
pub(super) struct Done<'a> {
    reader: Reader<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], trails: Trails) -> Self {
        Self {
            tokens: Tokens::new(bytes, trails),
            state: State::new(),
            outer: Vec::new(),
            too_deep: 0,
            was_too_deep: false,
            fonts: Fonts::default(),
            default_font: None,
            default_language: 0,
            stories: Stories::new(),
            fallback: 0,
            is_optional: false,
            data: HexData::default(),
            is_metafile: false,
            shape_name: Vec::new(),
            parts: Vec::new(),
            problems: Vec::new(),
            has_ended: false,
            ended_early: false,
            last_paragraph: memchr::memmem::rfind(bytes, b"\\par").unwrap_or(0),
        }
    }

    pub(super) fn read(mut self) -> Done<'a> {
        let mut said = self.said();
        while !self.stories.is_full() {
            let at = self.tokens.at();
            let Some(token) = self.tokens.next(lead_bytes(said)) else { break };
            if self.has_ended {
                if !self.goes_on(token) {
                    break;
                }
                self.has_ended = false;
            }
            match token {
                Token::Text(text) => self.text(text, at, said),
                Token::Byte(byte) => self.byte(byte, at, said),
                Token::Binary(bytes) => self.binary(bytes),
                Token::Open => self.open(),
                Token::Close => self.close(),
                Token::Symbol(symbol) => self.symbol(symbol),
                Token::Word { name, number } => self.word(name, number, said),
            }
            said = self.said();
        }
        Done { reader: self }
    }

    /// What is said of the encoding of text that stands here.
    fn said(&self) -> Said {
        let state = &self.state;
        let of_type = state.run_type.and_then(|kind| state.run_fonts[usize::from(kind)]);
        let font = of_type.or(state.font).or(self.default_font);
        let language = if state.language == 0 { self.default_language } else { state.language };
        self.fonts.said(font, language)
    }

    /// Whether after the end of the document something comes that belongs to it. Then a brace too many ended it.
    fn goes_on(&mut self, token: Token<'_>) -> bool {
        let goes_on = token != Token::Close && self.tokens.at() <= self.last_paragraph;
        self.ended_early |= goes_on;
        goes_on
    }

    fn open(&mut self) {
        self.fallback = 0;
        self.is_optional = false;
        if self.outer.len() < DEPTH {
            self.outer.push(self.state);
        } else {
            self.too_deep += 1;
            self.was_too_deep = true;
        }
    }

    fn close(&mut self) {
        self.fallback = 0;
        self.is_optional = false;
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let inner = self.state.target;
        match self.outer.pop() {
            Some(state) => self.state = state,
            // The beginning of the file is lost, or there is one brace too many.
            None => self.ended_early = true,
        }
        if let Target::Data(kind) = inner
            && self.state.target != inner
        {
            self.end_data(kind);
        }
        self.has_ended = self.outer.is_empty();
    }

    fn end_data(&mut self, kind: DataKind) {
        let data = std::mem::take(&mut self.data).into_bytes();
        match kind {
            DataKind::Picture if self.is_metafile => {
                let mut picture = Content::default();
                picture.picture(&data);
                self.stories.append(Zone::Picture, picture.runs);
                self.problems.extend(picture.problems);
            }
            DataKind::Object if self.parts.len() < MOST_PARTS => self.parts.extend(ole1::embedded(&data)),
            DataKind::Picture | DataKind::Object => {}
        }
    }

    /// Where visible text goes.
    fn story(&self) -> Option<StoryId> {
        match self.state.target {
            Target::Text(story) if !self.state.is_hidden && !self.state.is_deleted => Some(story),
            _ => None,
        }
    }

    fn text(&mut self, mut text: &'a [u8], mut at: usize, said: Said) {
        if self.fallback > 0 && matches!(self.state.target, Target::Text(_)) {
            let skipped = self.skipped(text, said);
            text = &text[skipped..];
            at += skipped;
        }
        match self.state.target {
            Target::Data(_) => self.data.digits(text),
            Target::FontTable => self.fonts.name(text),
            Target::ShapeName => self.name_of_shape(text),
            Target::Text(_) => self.shown(text, at, said),
            Target::Container | Target::Nothing => {}
        }
    }

    /// How many bytes of `text` stand for characters in `\u`.
    fn skipped(&mut self, text: &[u8], said: Said) -> usize {
        let mut skipped = (self.fallback as usize).min(text.len());
        self.fallback -= skipped as u32;
        // Programs count a character of two bytes as one.
        let is_half = self.fallback == 0 && skipped > 0 && lead_bytes(said)(text[skipped - 1]);
        if is_half && !pairs_up(&text[..skipped], lead_bytes(said)) && skipped < text.len() {
            skipped += 1;
        }
        skipped
    }

    fn shown(&mut self, text: &[u8], at: usize, said: Said) {
        let Some(story) = self.story() else { return };
        match said {
            Said::Symbols(font) => {
                text.iter().for_each(|byte| self.stories.character(story, font.character(*byte)));
            }
            Said::Text(declared) => {
                // Controls are no text, and come in blocks where a file is damaged.
                let is_text = |b: &u8| *b >= b' ' || *b == b'\t';
                let mut offset = at;
                for piece in text.chunk_by(|left, right| is_text(left) == is_text(right)) {
                    if is_text(&piece[0]) {
                        self.stories.bytes(story, offset, piece, declared);
                    }
                    offset += piece.len();
                }
            }
        }
    }

    fn byte(&mut self, byte: u8, at: usize, said: Said) {
        if self.fallback > 0 && matches!(self.state.target, Target::Text(_)) {
            self.fallback -= 1;
            if self.fallback == 0 && lead_bytes(said)(byte) {
                self.skip_second_half();
            }
            return;
        }
        match self.state.target {
            Target::FontTable => self.fonts.name(&[byte]),
            Target::Text(_) => self.shown(&[byte], at, said),
            _ => {}
        }
    }

    /// The fallback of a `\u` was the first byte of a character of two: programs count that as one.
    fn skip_second_half(&mut self) {
        let rest = self.tokens.rest();
        let is_escape = rest.starts_with(b"\\'") && rest.get(2..4).and_then(byte_of_hex).is_some();
        if is_escape && self.state.fallback_length == 1 {
            self.tokens.next(|_| false);
        }
    }

    fn binary(&mut self, bytes: &[u8]) {
        match self.state.target {
            Target::Data(_) => self.data.binary(bytes),
            _ => self.fallback = self.fallback.saturating_sub(1),
        }
    }

    fn name_of_shape(&mut self, text: &[u8]) {
        let room = SHAPE_NAME_BYTES.saturating_sub(self.shape_name.len());
        self.shape_name.extend(text.iter().take(room));
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'*' => self.is_optional = true,
            b'~' => self.mark(Mark::Character('\u{A0}')),
            b'_' => self.mark(Mark::Character('\u{2011}')),
            b'\t' => self.mark(Mark::Tab),
            b'\r' | b'\n' => self.mark(Mark::LineEnd),
            // A place where a word may be divided is no character that is seen.
            _ => {}
        }
    }

    /// Text that a word or a symbol stands for.
    fn mark(&mut self, mark: Mark) {
        if self.fallback > 0 {
            if let Mark::Character(_) = mark {
                self.fallback -= 1;
                return;
            }
            self.fallback = 0;
        }
        let Some(story) = self.story() else { return };
        match mark {
            Mark::Character(character) => self.stories.character(story, character),
            Mark::LineEnd => self.stories.mark(story, b'\n'),
            Mark::Tab => self.stories.mark(story, if self.state.is_list_text { b' ' } else { b'\t' }),
            Mark::RowStart => self.stories.mark(story, table::ROW_START),
            Mark::CellEnd => self.stories.mark(story, table::CELL_END),
            Mark::RowEnd => self.stories.mark(story, table::ROW_END),
        }
    }

    fn word(&mut self, name: &[u8], number: Option<i32>, said: Said) {
        let is_optional = std::mem::take(&mut self.is_optional);
        let Some(meaning) = words::meaning(name) else {
            if is_optional {
                self.state.target = Target::Nothing;
            }
            return;
        };
        if self.state.target == Target::Nothing && meaning != Meaning::Destination(Destination::UnicodeForm) {
            return;
        }
        match meaning {
            Meaning::CodeUnit => self.code_unit(number.unwrap_or(0), said),
            Meaning::Shown(mark) => self.mark(mark),
            Meaning::Destination(destination) => self.destination(destination),
            Meaning::Property(property) => self.property(property, number),
            Meaning::Document(property) => self.document_property(property, number.unwrap_or(0)),
            Meaning::Font(property) if self.state.target == Target::FontTable => {
                let number = number.unwrap_or(0);
                match property {
                    FontProperty::Charset => self.fonts.charset(number),
                    FontProperty::CodePage => self.fonts.font_code_page(number),
                }
            }
            Meaning::Picture { is_metafile } if self.state.target == Target::Data(DataKind::Picture) => {
                self.is_metafile = is_metafile;
            }
            Meaning::Font(_) | Meaning::Picture { .. } => {}
        }
    }

    /// `\u`: a signed number of 16 bits; programs write it unsigned too.
    fn code_unit(&mut self, number: i32, said: Said) {
        self.fallback = self.state.fallback_length;
        let Some(story) = self.story() else { return };
        let Ok(unit) = u16::try_from(number & 0xFFFF) else { return };
        match (said, unit) {
            (_, 0..0x20) => {}
            (Said::Symbols(font), 0xF020..=0xF0FF) => {
                self.stories.character(story, font.character((unit & 0xFF) as u8));
            }
            _ => self.stories.code_unit(story, unit),
        }
    }

    fn property(&mut self, property: Property, number: Option<i32>) {
        let is_on = number != Some(0);
        let state = &mut self.state;
        match property {
            Property::Font if state.target == Target::FontTable => self.fonts.begin(number.unwrap_or(0)),
            Property::Font | Property::AssociatedFont => {
                if property == Property::Font {
                    state.font = number;
                }
                if let Some(kind) = state.run_type {
                    state.run_fonts[usize::from(kind)] = number;
                }
            }
            Property::RunType(kind) => state.run_type = Some(kind),
            Property::Language => state.language = number.and_then(|it| u16::try_from(it).ok()).unwrap_or(0),
            Property::FallbackLength => {
                state.fallback_length = number.unwrap_or(1).clamp(0, LONGEST_FALLBACK).unsigned_abs();
            }
            Property::Hidden => state.is_hidden = is_on,
            Property::Deleted => state.is_deleted = is_on,
            Property::Plain => {
                *state = State {
                    target: state.target,
                    unicode_form: state.unicode_form,
                    fallback_length: state.fallback_length,
                    is_list_text: state.is_list_text,
                    ..State::new()
                };
            }
        }
    }

    fn document_property(&mut self, property: DocumentProperty, number: i32) {
        match property {
            DocumentProperty::CodePage => self.fonts.set_code_page(number),
            DocumentProperty::CodePageIs(page) => self.fonts.set_code_page(page),
            DocumentProperty::DefaultFont => self.default_font = Some(number),
            DocumentProperty::DefaultLanguage => {
                self.default_language = u16::try_from(number).unwrap_or(0);
            }
        }
    }

    fn destination(&mut self, destination: Destination) {
        let target = match destination {
            Destination::Skipped => Target::Nothing,
            Destination::Zone(zone) => self.begin_story(zone),
            Destination::Endnote => {
                if let Target::Text(story) = self.state.target {
                    self.stories.make_endnote(story);
                }
                return;
            }
            Destination::FontTable => Target::FontTable,
            Destination::ListText => {
                self.state.is_list_text = true;
                return;
            }
            Destination::Picture => self.begin_data(DataKind::Picture),
            Destination::ObjectData => self.begin_data(DataKind::Object),
            Destination::Container => Target::Container,
            Destination::ShapeName => {
                self.shape_name.clear();
                Target::ShapeName
            }
            Destination::ShapeValue if self.shape_name.trim_ascii() == SHAPE_TEXT => {
                self.begin_story(Zone::TextBox)
            }
            Destination::ShapeValue if self.shape_name.trim_ascii() == SHAPE_PICTURE => Target::Container,
            Destination::ShapeValue => Target::Nothing,
            Destination::TwoForms => {
                self.state.unicode_form = Some(self.state.target);
                Target::Nothing
            }
            Destination::UnicodeForm => match self.state.unicode_form.take() {
                Some(target) => target,
                None => return,
            },
            Destination::Transparent => return,
        };
        self.state.target = target;
    }

    fn begin_story(&mut self, zone: Zone) -> Target {
        // A paragraph in a text box or a note begins anew: what stands around it says nothing of it.
        (self.state.is_hidden, self.state.is_deleted, self.state.is_list_text) = (false, false, false);
        self.stories.begin(zone).map_or(Target::Nothing, Target::Text)
    }

    fn begin_data(&mut self, kind: DataKind) -> Target {
        self.data = HexData::default();
        self.is_metafile = false;
        Target::Data(kind)
    }
}

/// Whether these bytes end with a whole character.
fn pairs_up(bytes: &[u8], is_lead: fn(u8) -> bool) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        at += if is_lead(bytes[at]) { 2 } else { 1 };
    }
    at == bytes.len()
}

impl State {
    fn new() -> Self {
        Self {
            target: Target::Text(StoryId::BODY),
            unicode_form: None,
            font: None,
            run_fonts: [None; 3],
            run_type: None,
            language: 0,
            fallback_length: 1,
            is_hidden: false,
            is_deleted: false,
            is_list_text: false,
        }
    }
}

impl Done<'_> {
    /// Whether all groups were closed, and none twice.
    pub(super) fn ends_well(&self) -> bool {
        self.reader.has_ended && !self.reader.ended_early
    }

    /// Whether a group was closed that was not open.
    pub(super) fn ended_early(&self) -> bool {
        self.reader.ended_early
    }

    pub(super) fn saw_raw_trail(&self) -> bool {
        self.reader.tokens.saw_raw_trail
    }

    pub(super) fn into_content(self) -> Content {
        let open = self.reader.outer.len() + self.reader.too_deep;
        let mut reader = self.reader;
        if let Target::Data(kind) = reader.state.target {
            reader.end_data(kind);
        }
        let mut problems = reader.problems;
        let mut damaged = |found: String| problems.push(Problem::Damaged { format: "rtf", found });
        if reader.ended_early {
            damaged("a group is closed that is not open".to_owned());
        } else if open > 0 && !reader.stories.is_full() {
            let groups = if open == 1 { "group" } else { "groups" };
            damaged(format!("ends within {open} {groups}"));
        }
        if reader.tokens.saw_long_binary {
            damaged("binary data longer than the file".to_owned());
        }
        problems.extend(reader.stories.limit());
        if reader.was_too_deep {
            problems.push(Problem::Limit { what: "groups inside groups", limit: DEPTH as u64 });
        }
        let runs = reader.stories.into_runs();
        Content { runs, parts: reader.parts, problems, ..Content::default() }
    }
}
