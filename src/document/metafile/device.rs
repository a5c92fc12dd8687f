//! What the commands draw on: the state that says where a text comes to stand, and in which font.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::fields::{Fields, Point};
use super::{Drawn, MOST_TEXTS};
use crate::container::Problem;
use crate::document::symbol::SymbolFont;
use crate::document::{Declared, Declarer, RunText, code_page};
use crate::little_endian::{u16s, utf_16};

/// Saved states. Real pictures have a few.
const MOST_SAVED: usize = 1024;
/// Objects that are there at one time: an index has 16 bits.
const MOST_OBJECTS: usize = 1 << 16;
/// Height of the font that is there before one is selected.
const DEFAULT_HEIGHT: f64 = 16.0;
/// What is above the baseline and below it, and the height of a letter, in heights of the font. Fonts differ a little.
const ASCENT: f64 = 0.9;
const DESCENT: f64 = 0.25;

/// Flags of the text alignment ([MS-WMF] 2.1.2.3).
const UPDATE_POSITION: u32 = 1;
const ALIGN_RIGHT: u32 = 2;
const ALIGN_CENTER: u32 = 6;
const ALIGN_BOTTOM: u32 = 8;
const ALIGN_BASELINE: u32 = 24;

/// The charset of a font of symbols.
const SYMBOL_CHARSET: u8 = 2;

/// A font, as far as it matters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Font {
    /// Height of a letter if negative, of a line if positive, in logical units; zero for the default.
    height: f64,
    /// Tenths of a degree.
    escapement: i32,
    charset: u8,
    symbols: Option<SymbolFont>,
}

impl Font {
    pub(super) fn new(height: f64, escapement: i32, charset: u8, name: &[u8]) -> Self {
        let symbols = if charset == SYMBOL_CHARSET { SymbolFont::named(name) } else { None };
        Self { height, escapement, charset, symbols }
    }

    /// Height of a letter.
    fn em(self) -> f64 {
        if self.height < 0.0 {
            -self.height
        } else if self.height > 0.0 {
            self.height / (ASCENT + DESCENT)
        } else {
            DEFAULT_HEIGHT
        }
    }
}

/// Text that stands somewhere. All lengths in the units of the device, y downward.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub(super) text: RunText,
    /// Bytes from the beginning of the metafile.
    pub(super) offset: u64,
    pub(super) x: f64,
    pub(super) baseline: f64,
    pub(super) width: f64,
    /// Size of a letter across and along a line.
    pub(super) em_width: f64,
    pub(super) em_height: f64,
    /// Not from left to right.
    pub(super) is_turned: bool,
}

/// A text that a record draws.
pub(super) struct Text<'a> {
    pub(super) characters: Characters<'a>,
    pub(super) offset: usize,
    pub(super) at: Point,
    /// The sum of the distances between characters, in logical units; `None` where they are left to the font.
    pub(super) width: Option<f64>,
}

pub(super) enum Characters<'a> {
    Bytes(&'a [u8]),
    Unicode(String),
}

impl Characters<'_> {
    pub(super) fn utf_16(bytes: &[u8]) -> Self {
        Self::Unicode(utf_16(u16s(bytes)))
    }
}

#[derive(Debug, Clone, Copy)]
struct Context {
    font: Option<Font>,
    alignment: u32,
    position: Point,
    world: Transform,
    map_mode: u32,
    window: Frame,
    viewport: Frame,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) origin: Point,
    pub(super) extent: Point,
}

impl Frame {
    pub(super) fn offset(&mut self, by: Point) {
        self.origin = Point { x: self.origin.x + by.x, y: self.origin.y + by.y };
    }

    pub(super) fn scale(&mut self, by: Point) {
        self.extent = Point { x: self.extent.x * by.x, y: self.extent.y * by.y };
    }
}

/// `x' = m11 x + m21 y + dx`, `y' = m12 x + m22 y + dy` ([MS-EMF] 2.2.28).
#[derive(Debug, Clone, Copy)]
pub(super) struct Transform {
    pub(super) m11: f64,
    pub(super) m12: f64,
    pub(super) m21: f64,
    pub(super) m22: f64,
    pub(super) dx: f64,
    pub(super) dy: f64,
}

impl Transform {
    pub(super) const IDENTITY: Self = Self { m11: 1.0, m12: 0.0, m21: 0.0, m22: 1.0, dx: 0.0, dy: 0.0 };

    /// The six numbers that stand at `at`.
    pub(super) fn read(record: Fields<'_>, at: usize) -> Option<Self> {
        let number = |nth: usize| record.f32(at + nth * 4);
        Some(Self {
            m11: number(0)?,
            m12: number(1)?,
            m21: number(2)?,
            m22: number(3)?,
            dx: number(4)?,
            dy: number(5)?,
        })
    }

    fn apply(self, at: Point) -> Point {
        Point {
            x: self.m11 * at.x + self.m21 * at.y + self.dx,
            y: self.m12 * at.x + self.m22 * at.y + self.dy,
        }
    }

    /// First this one, then `next`.
    fn then(self, next: Self) -> Self {
        let origin = next.apply(Point { x: self.dx, y: self.dy });
        Self {
            m11: self.m11 * next.m11 + self.m12 * next.m21,
            m12: self.m11 * next.m12 + self.m12 * next.m22,
            m21: self.m21 * next.m11 + self.m22 * next.m21,
            m22: self.m21 * next.m12 + self.m22 * next.m22,
            dx: origin.x,
            dy: origin.y,
        }
    }
}

/// How a transformation changes the one that is there ([MS-EMF] 2.1.24).
pub(super) enum Modify {
    Left,
    Right,
    Set,
}

pub(super) struct Device {
    context: Context,
    saved: Vec<Context>,
    /// `None` for objects that are no fonts.
    objects: BTreeMap<u32, Option<Font>>,
    free: BinaryHeap<Reverse<u32>>,
    texts: Vec<Placed>,
    /// Why texts were left out.
    left_out: Option<Problem>,
}

impl Device {
    pub(super) fn new() -> Self {
        let zero = Point { x: 0.0, y: 0.0 };
        let frame = Frame { origin: zero, extent: Point { x: 1.0, y: 1.0 } };
        let context = Context {
            font: None,
            alignment: 0,
            position: zero,
            world: Transform::IDENTITY,
            map_mode: 1,
            window: frame,
            viewport: frame,
        };
        Self {
            context,
            saved: Vec::new(),
            objects: BTreeMap::new(),
            free: BinaryHeap::new(),
            texts: Vec::new(),
            left_out: None,
        }
    }

    pub(super) fn has_drawn(&self) -> bool {
        !self.texts.is_empty()
    }

    pub(super) fn into_drawn(self, format: &'static str, has_ended: bool) -> Drawn {
        let mut problems = Vec::new();
        if !has_ended {
            problems.push(Problem::Damaged { format, found: "ends without its last record".to_owned() });
        }
        problems.extend(self.left_out);
        Drawn { texts: self.texts, has_ended, problems }
    }

    /// Makes an object in the first slot that is free, as WMF does.
    pub(super) fn create(&mut self, font: Option<Font>) {
        let slot = self.free.pop().map_or(self.objects.len() as u32, |Reverse(slot)| slot);
        self.create_at(slot, font);
    }

    /// Makes an object in the slot that the record names, as EMF does.
    pub(super) fn create_at(&mut self, slot: u32, font: Option<Font>) {
        if self.objects.len() < MOST_OBJECTS {
            self.objects.insert(slot, font);
        }
    }

    pub(super) fn select(&mut self, slot: u32) {
        if let Some(Some(font)) = self.objects.get(&slot) {
            self.context.font = Some(*font);
        }
    }

    /// A font that Windows has at hand: nothing is known of it.
    pub(super) fn select_stock_font(&mut self) {
        self.context.font = None;
    }

    /// A font that was selected stays so.
    pub(super) fn delete(&mut self, slot: u32) {
        if self.objects.remove(&slot).is_some() {
            self.free.push(Reverse(slot));
        }
    }

    pub(super) fn save(&mut self) {
        if self.saved.len() < MOST_SAVED {
            self.saved.push(self.context);
        }
    }

    /// Goes back to a state by its number from 1, or from the last one if negative.
    pub(super) fn restore(&mut self, which: i32) {
        let count = self.saved.len();
        let distance = which.unsigned_abs() as usize;
        let at = if which < 0 { count.checked_sub(distance) } else { distance.checked_sub(1) };
        if let Some(at) = at
            && let Some(&context) = self.saved.get(at)
        {
            self.context = context;
            self.saved.truncate(at);
        }
    }

    pub(super) fn align(&mut self, alignment: u32) {
        self.context.alignment = alignment;
    }

    pub(super) fn move_to(&mut self, at: Point) {
        self.context.position = at;
    }

    pub(super) fn map_mode(&mut self, mode: u32) {
        self.context.map_mode = mode;
    }

    pub(super) fn window(&mut self) -> &mut Frame {
        &mut self.context.window
    }

    pub(super) fn viewport(&mut self) -> &mut Frame {
        &mut self.context.viewport
    }

    pub(super) fn transform(&mut self, transform: Transform, how: &Modify) {
        let world = &mut self.context.world;
        *world = match how {
            Modify::Left => transform.then(*world),
            Modify::Right => world.then(transform),
            Modify::Set => transform,
        };
    }

    /// Says that texts are left out for a limit.
    pub(super) fn leave_out(&mut self, what: &'static str, limit: usize) {
        self.left_out = Some(Problem::Limit { what, limit: limit as u64 });
    }

    /// Draws a text.
    pub(super) fn draw(&mut self, text: Text<'_>) {
        let font = self.context.font;
        let Some((said, ems)) = said(text.characters, font) else { return };
        if self.texts.len() >= MOST_TEXTS {
            self.leave_out("texts in a picture", MOST_TEXTS);
            return;
        }
        let em = font.map_or(DEFAULT_HEIGHT, Font::em);
        let width = text.width.unwrap_or(em * ems);
        let alignment = self.context.alignment;
        let mut at = if alignment & UPDATE_POSITION == 0 { text.at } else { self.context.position };
        if alignment & UPDATE_POSITION != 0 {
            self.context.position.x += width;
        }
        if alignment & ALIGN_CENTER == ALIGN_CENTER {
            at.x -= width / 2.0;
        } else if alignment & ALIGN_RIGHT != 0 {
            at.x -= width;
        }
        let transform = self.to_device();
        let across = (transform.m11.hypot(transform.m12), transform.m21.hypot(transform.m22));
        let on_device = transform.apply(at);
        let em_height = em * across.1;
        let below = if alignment & ALIGN_BASELINE == ALIGN_BASELINE {
            0.0
        } else if alignment & ALIGN_BOTTOM != 0 {
            -DESCENT
        } else {
            ASCENT
        };
        let is_turned =
            font.is_some_and(|font| font.escapement % 3600 != 0) || transform.m12.abs() > transform.m11.abs();
        let placed = Placed {
            text: said,
            offset: text.offset as u64,
            x: if transform.m11 < 0.0 { on_device.x - width * across.0 } else { on_device.x },
            baseline: on_device.y + below * em_height,
            width: width * across.0,
            em_width: em * across.0,
            em_height,
            is_turned,
        };
        let numbers = [placed.x, placed.baseline, placed.width, placed.em_width, placed.em_height];
        if numbers.iter().all(|number| number.is_finite()) {
            self.texts.push(placed);
        }
    }

    /// From logical units to those of the device.
    fn to_device(&self) -> Transform {
        let Context { world, map_mode, window, viewport, .. } = self.context;
        let ratio = |to: f64, from: f64| if from == 0.0 || to == 0.0 { 1.0 } else { to / from };
        // [MS-WMF] 2.1.1.16: pixels; tenths and hundredths of millimetres, hundredths and thousandths of inches, twips,
        // all upward; what the extents say.
        let (x, y) = match map_mode {
            2 => (0.378, -0.378),
            3 => (0.0378, -0.0378),
            4 => (0.96, -0.96),
            5 => (0.096, -0.096),
            6 => (0.0667, -0.0667),
            7 | 8 => (ratio(viewport.extent.x, window.extent.x), ratio(viewport.extent.y, window.extent.y)),
            _ => (1.0, 1.0),
        };
        world.then(Transform {
            m11: x,
            m22: y,
            dx: viewport.origin.x - window.origin.x * x,
            dy: viewport.origin.y - window.origin.y * y,
            ..Transform::IDENTITY
        })
    }
}

/// The text of a record with what is said of its encoding, and about how wide it is in heights of a letter; `None` if
/// there is none.
fn said(characters: Characters<'_>, font: Option<Font>) -> Option<(RunText, f64)> {
    let symbols = font.and_then(|font| font.symbols);
    match characters {
        Characters::Bytes(bytes) => {
            let end = bytes.iter().rposition(|b| *b != 0)? + 1;
            let bytes = &bytes[..end];
            let ems = end as f64 / 2.0;
            if let Some(symbols) = symbols {
                return Some((RunText::Unicode(bytes.iter().map(|b| symbols.character(*b)).collect()), ems));
            }
            let encoding = font.and_then(|font| code_page::of_charset(font.charset));
            let declared = Declared::new(Declarer::Font, encoding);
            Some((RunText::Bytes { bytes: bytes.to_vec(), declared }, ems))
        }
        Characters::Unicode(text) => {
            let text = text.trim_end_matches('\0');
            let shown = |character: char| match (symbols, character) {
                (Some(symbols), '\u{F020}'..='\u{F0FF}') => {
                    symbols.character((u32::from(character) & 0xFF) as u8)
                }
                _ => character,
            };
            let is_wide = |character: char| character >= '\u{1100}';
            let ems = text.chars().map(|it| if is_wide(it) { 1.0 } else { 0.5 }).sum();
            (!text.is_empty()).then(|| (RunText::Unicode(text.chars().map(shown).collect()), ems))
        }
    }
}
