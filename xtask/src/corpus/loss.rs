//! What programs did to the characters after a wrong read.

/// One kind of loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// Every U+00AD (soft hyphen) is gone.
    DropAd,
    /// Every U+00AD became a hyphen.
    AdToHyphen,
    /// Every U+00AD became a space.
    AdToSpace,
    /// Every U+001B (escape) is gone.
    DropEscape,
    /// Every control of the C1 range is gone.
    DropC1,
    /// Every U+00A0 (no-break space) became a space.
    NbspToSpace,
    /// A character here and there became U+FFFD.
    SomeToReplacement,
    /// A character here and there became a question mark.
    SomeToQuestionMark,
    /// A space was put in here and there.
    SomeSpaced,
}

/// One in this many characters beyond ASCII is hit by the random losses.
const RARITY: u64 = 60;

impl Loss {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DropAd => "ad-dropped",
            Self::AdToHyphen => "ad-to-hyphen",
            Self::AdToSpace => "ad-to-space",
            Self::DropEscape => "escape-dropped",
            Self::DropC1 => "c1-dropped",
            Self::NbspToSpace => "nbsp-to-space",
            Self::SomeToReplacement => "some-to-replacement",
            Self::SomeToQuestionMark => "some-to-question-mark",
            Self::SomeSpaced => "some-spaced",
        }
    }

    pub(super) fn apply(self, text: &str, random: &mut Random) -> String {
        match self {
            Self::DropAd => text.replace('\u{ad}', ""),
            Self::AdToHyphen => text.replace('\u{ad}', "-"),
            Self::AdToSpace => text.replace('\u{ad}', " "),
            Self::DropEscape => text.replace('\u{1b}', ""),
            Self::DropC1 => text.replace(|c| matches!(c, '\u{80}'..='\u{9f}'), ""),
            Self::NbspToSpace => text.replace('\u{a0}', " "),
            Self::SomeToReplacement => hit_some(text, random, |_| "\u{fffd}".to_owned()),
            Self::SomeToQuestionMark => hit_some(text, random, |_| "?".to_owned()),
            Self::SomeSpaced => hit_some(text, random, |c| format!("{c} ")),
        }
    }
}

fn hit_some(text: &str, random: &mut Random, replace: impl Fn(char) -> String) -> String {
    let mut result = String::new();
    for c in text.chars() {
        if !c.is_ascii() && random.one_in(RARITY) {
            result.push_str(&replace(c));
        } else {
            result.push(c);
        }
    }
    result
}

/// SplitMix64, seeded by a name: the same variant is damaged in the same places in every run.
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) fn new(name: &str) -> Self {
        // FNV-1a turns the name into a seed.
        let state = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self { state }
    }

    fn one_in(&mut self, rarity: u64) -> bool {
        self.next().is_multiple_of(rarity)
    }

    /// One of some items.
    pub(crate) fn one_of<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        &items[(self.next() % items.len() as u64) as usize]
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
