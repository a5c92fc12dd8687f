//! Numbers at their places in a record; all little-endian.

use crate::little_endian::{array_at, u16_at, u32_at};

/// The bytes of a record, of which any may be missing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn u8(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    pub(super) fn u16(self, at: usize) -> Option<u16> {
        u16_at(self.0, at)
    }

    pub(super) fn i16(self, at: usize) -> Option<i16> {
        array_at(self.0, at).map(i16::from_le_bytes)
    }

    pub(super) fn u32(self, at: usize) -> Option<u32> {
        u32_at(self.0, at)
    }

    pub(super) fn i32(self, at: usize) -> Option<i32> {
        array_at(self.0, at).map(i32::from_le_bytes)
    }

    /// A number that a transformation can use.
    pub(super) fn f32(self, at: usize) -> Option<f64> {
        array_at(self.0, at).map(f32::from_le_bytes).filter(|value| value.is_finite()).map(f64::from)
    }

    /// Two numbers of 16 bits, the second one first, as WMF has its points.
    pub(super) fn yx(self, at: usize) -> Option<Point> {
        Some(Point { x: self.i16(at + 2)?.into(), y: self.i16(at)?.into() })
    }

    /// Two numbers of 32 bits, as EMF has its points.
    pub(super) fn xy(self, at: usize) -> Option<Point> {
        Some(Point { x: self.i32(at)?.into(), y: self.i32(at.checked_add(4)?)?.into() })
    }

    pub(super) fn slice(self, at: usize, length: usize) -> Option<&'a [u8]> {
        self.0.get(at..at.checked_add(length)?)
    }

    pub(super) fn from(self, at: usize) -> Option<&'a [u8]> {
        self.0.get(at..)
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}
