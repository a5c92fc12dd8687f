//! The table of damages: a channel, its losses, where it strikes, and for which documents.

use super::channel::{Reader, Written, add_layer};
use super::loss::{Loss, Random};
use super::{Expect, Kind};

/// One way to damage a document.
pub(super) struct Recipe {
    /// Name of the variant's file.
    pub(super) name: &'static str,
    /// The documents it applies to.
    pub(super) kinds: &'static [Kind],
    /// Which part is damaged.
    pub(super) scope: Scope,
    /// The encoding that was written.
    pub(super) written: Written,
    /// Who read it.
    pub(super) reader: Reader,
    /// How many layers of UTF-8 read as windows-1252 lie on top.
    pub(super) layers: usize,
    /// What was lost before these layers.
    pub(super) losses: &'static [Loss],
    /// What is expected where something was lost.
    pub(super) lossy: Expect,
}

/// Which part of a document is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// All of it.
    Whole,
    /// The cover's runs at the end of a report.
    Trailer,
    /// Every other line that is not blank.
    AlternateLines,
}

impl Scope {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Trailer => "trailer",
            Self::AlternateLines => "alternate-lines",
        }
    }
}

impl Recipe {
    /// Garbles `text`; tells whether nothing was lost, found by undoing every step. `None` where the encoding lacks
    /// a character.
    pub(super) fn garble(&self, text: &str, random: &mut Random) -> Option<(String, bool)> {
        let bytes = self.written.encode(text)?;
        let mut garbled = self.reader.read(&bytes);
        for loss in self.losses {
            garbled = loss.apply(&garbled, random);
        }
        let lossless = self.reader.unread(&garbled).is_some_and(|again| again == bytes);
        for _ in 0..self.layers {
            garbled = add_layer(&garbled);
        }
        Some((garbled, lossless))
    }

    const fn new(
        name: &'static str,
        kinds: &'static [Kind],
        scope: Scope,
        written: Written,
        reader: Reader,
        losses: &'static [Loss],
    ) -> Self {
        Self { name, kinds, scope, written, reader, layers: 0, losses, lossy: Expect::Model }
    }

    const fn layered(mut self, layers: usize) -> Self {
        self.layers = layers;
        self
    }

    const fn undecidable(mut self) -> Self {
        self.lossy = Expect::Undecidable;
        self
    }
}

use Loss::{
    AdToHyphen, AdToSpace, DropAd, DropC1, DropEscape, NbspToSpace, SomeSpaced, SomeToQuestionMark,
    SomeToReplacement,
};
use Reader::{JavaWindows1252, Latin1, Utf8ElseLatin1, Utf8Replacing, Windows1252};
use Scope::{AlternateLines, Trailer, Whole};
use Written::{Cesu8, Gb18030, Gbk, Hz, Iso2022Jp, Utf8, Utf16Be, Utf16Le};

const REPORT: &[Kind] = &[Kind::Report];
const CHINESE: &[Kind] = &[Kind::Chinese];
const REPORT_CHINESE: &[Kind] = &[Kind::Report, Kind::Chinese];
const WESTERN: &[Kind] = &[Kind::Western];
const JAPANESE: &[Kind] = &[Kind::Japanese];
const NOT_CHINESE: &[Kind] = &[Kind::Western, Kind::Japanese];
const ALL: &[Kind] = &[Kind::Report, Kind::Chinese, Kind::Western, Kind::Japanese];

/// Every way to damage a document.
#[rustfmt::skip] // a table is read by its columns
pub(super) const RECIPES: &[Recipe] = &[
    // GBK, nothing lost
    Recipe::new("gbk-latin1",                       REPORT_CHINESE, Whole,          Gbk, Latin1,      &[]),
    Recipe::new("gbk-latin1-trailer",               REPORT,         Trailer,        Gbk, Latin1,      &[]),
    Recipe::new("gbk-latin1-lines",                 REPORT_CHINESE, AlternateLines, Gbk, Latin1,      &[]),
    Recipe::new("gbk-latin1-layered",               REPORT_CHINESE, Whole,          Gbk, Latin1,      &[]).layered(1),
    Recipe::new("gbk-latin1-layered-lines",         CHINESE,        AlternateLines, Gbk, Latin1,      &[]).layered(1),
    Recipe::new("gbk-1252",                         REPORT_CHINESE, Whole,          Gbk, Windows1252, &[]),
    Recipe::new("gbk-1252-trailer",                 REPORT,         Trailer,        Gbk, Windows1252, &[]),
    // GBK, the byte AD lost
    Recipe::new("gbk-latin1-no-ad",                 REPORT_CHINESE, Whole,          Gbk, Latin1,      &[DropAd]),
    Recipe::new("gbk-latin1-no-ad-trailer",         REPORT,         Trailer,        Gbk, Latin1,      &[DropAd]),
    Recipe::new("gbk-latin1-no-ad-lines",           REPORT_CHINESE, AlternateLines, Gbk, Latin1,      &[DropAd]),
    Recipe::new("gbk-latin1-no-ad-layered",         REPORT_CHINESE, Whole,          Gbk, Latin1,      &[DropAd]).layered(1),
    Recipe::new("gbk-1252-no-ad",                   CHINESE,        Whole,          Gbk, Windows1252, &[DropAd]),
    Recipe::new("gbk-1252-no-ad-trailer",           REPORT,         Trailer,        Gbk, Windows1252, &[DropAd]),
    Recipe::new("gbk-latin1-ad-hyphen",             REPORT_CHINESE, Whole,          Gbk, Latin1,      &[AdToHyphen]),
    Recipe::new("gbk-latin1-ad-space",              CHINESE,        Whole,          Gbk, Latin1,      &[AdToSpace]),
    Recipe::new("gbk-latin1-ad-space-trailer",      REPORT,         Trailer,        Gbk, Latin1,      &[AdToSpace]),
    // GBK, other bytes lost
    Recipe::new("gbk-latin1-no-c1-nbsp",            CHINESE,        Whole,          Gbk, Latin1,      &[DropC1, NbspToSpace]),
    Recipe::new("gbk-latin1-no-c1-nbsp-trailer",    REPORT,         Trailer,        Gbk, Latin1,      &[DropC1, NbspToSpace]),
    Recipe::new("gbk-java1252",                     REPORT_CHINESE, Whole,          Gbk, JavaWindows1252, &[]),
    Recipe::new("gbk-java1252-no-ad-trailer",       REPORT,         Trailer,        Gbk, JavaWindows1252, &[DropAd]),
    Recipe::new("gbk-latin1-some-replaced",         REPORT_CHINESE, Whole,          Gbk, Latin1,      &[SomeToReplacement]),
    Recipe::new("gbk-latin1-some-questioned",       CHINESE,        Whole,          Gbk, Latin1,      &[SomeToQuestionMark]),
    Recipe::new("gbk-latin1-some-spaced",           CHINESE,        Whole,          Gbk, Latin1,      &[SomeSpaced]),
    // GBK and a reader that tries UTF-8 first
    Recipe::new("gbk-utf8-else-latin1",             REPORT_CHINESE, Whole,          Gbk, Utf8ElseLatin1, &[]),
    Recipe::new("gbk-utf8-else-latin1-no-ad",       CHINESE,        Whole,          Gbk, Utf8ElseLatin1, &[DropAd]),
    Recipe::new("gbk-utf8-replacing",               CHINESE,        Whole,          Gbk, Utf8Replacing,  &[]).undecidable(),
    // GB18030
    Recipe::new("gb18030-latin1",                   REPORT_CHINESE, Whole,          Gb18030, Latin1,      &[]),
    Recipe::new("gb18030-latin1-no-ad",             REPORT_CHINESE, Whole,          Gb18030, Latin1,      &[DropAd]),
    Recipe::new("gb18030-1252-trailer",             REPORT,         Trailer,        Gb18030, Windows1252, &[]),
    Recipe::new("gb18030-1252-lines",               CHINESE,        AlternateLines, Gb18030, Windows1252, &[]),
    // UTF-8
    Recipe::new("utf8-1252",                        ALL,            Whole,          Utf8, Windows1252, &[]),
    Recipe::new("utf8-1252-lines",                  ALL,            AlternateLines, Utf8, Windows1252, &[]),
    Recipe::new("utf8-1252-twice",                  ALL,            Whole,          Utf8, Windows1252, &[]).layered(1),
    Recipe::new("utf8-1252-three-times",            NOT_CHINESE,    Whole,          Utf8, Windows1252, &[]).layered(2),
    Recipe::new("utf8-latin1",                      ALL,            Whole,          Utf8, Latin1,      &[]),
    Recipe::new("utf8-latin1-trailer",              REPORT,         Trailer,        Utf8, Latin1,      &[]),
    Recipe::new("utf8-latin1-no-ad",                ALL,            Whole,          Utf8, Latin1,      &[DropAd]),
    Recipe::new("utf8-1252-nbsp-space",             ALL,            Whole,          Utf8, Windows1252, &[NbspToSpace]),
    Recipe::new("utf8-java1252",                    ALL,            Whole,          Utf8, JavaWindows1252, &[]),
    Recipe::new("utf8-latin1-no-c1",                WESTERN,        Whole,          Utf8, Latin1,      &[DropC1]),
    // UTF-8 of halves; the same as UTF-8 where all characters are of the Basic Multilingual Plane
    Recipe::new("cesu8-latin1",                     ALL,            Whole,          Cesu8, Latin1,      &[]),
    Recipe::new("cesu8-1252",                       ALL,            Whole,          Cesu8, Windows1252, &[]),
    // UTF-16
    Recipe::new("utf16le-latin1",                   WESTERN,        Whole,          Utf16Le, Latin1,      &[]),
    Recipe::new("utf16le-1252-lines",               WESTERN,        AlternateLines, Utf16Le, Windows1252, &[]),
    Recipe::new("utf16be-latin1",                   WESTERN,        Whole,          Utf16Be, Latin1,      &[]),
    // Seven bits
    Recipe::new("iso2022jp-latin1",                 JAPANESE,       Whole,          Iso2022Jp, Latin1,      &[]),
    Recipe::new("iso2022jp-latin1-lines",           JAPANESE,       AlternateLines, Iso2022Jp, Latin1,      &[]),
    Recipe::new("iso2022jp-latin1-no-escape",       JAPANESE,       Whole,          Iso2022Jp, Latin1,      &[DropEscape]),
    Recipe::new("hz-latin1",                        CHINESE,        Whole,          Hz,        Latin1,      &[]),
    Recipe::new("hz-latin1-lines",                  CHINESE,        AlternateLines, Hz,        Latin1,      &[]),
];
