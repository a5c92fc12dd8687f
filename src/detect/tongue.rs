//! Languages as detection sees them: a model, and for a language without one the letters that it adds to another's.

use std::sync::OnceLock;

use crate::language::unit::{Case, Folded, fold};
use crate::language::{ANY, BIT, Cost, Model, Walk};

use super::glyph::{Glyph, Place, Script, Text};

/// A language.
#[derive(Debug)]
pub(super) struct Tongue {
    /// BCP 47 tag.
    pub(super) tag: &'static str,
    pub(super) model: &'static Model,
    /// A second one that is asked too.
    second: Option<&'static Model>,
    /// Its place among all.
    pub(super) number: usize,
    /// Letters that the model does not know, each with the one that it is looked up as, and what that costs.
    letters: Vec<(char, char)>,
    letter_cost: Cost,
    /// Over what the borrowed model says: it is another language's.
    borrowed: Cost,
    /// What it is written in.
    script: Script,
}

/// Languages without a model of their own: tag, the languages whose models stand in, pairs of a letter that the model
/// does not know and the one that it is looked up as, and what that costs: how much rarer it is.
const BORROWED: &[(&str, [&str; 2], &str, Cost)] = &[
    ("mk", ["sr", "bg"], "ѓђќћѕзЃЂЌЋЅЗѐеѝи", 3 * BIT),
    ("be", ["ru", "uk"], "ўвіиЎВІИ", BIT),
    ("kk", ["ru", "ru"], "әағгқкңнөоұуүуһхіиӘАҒГҚКҢНӨОҰУҮУҺХІИ", 3 * BIT / 2),
    ("tg", ["ru", "ru"], "ғгӣиқкӯуҳхҷчҒГӢИҚКӮУҲХҶЧ", 3 * BIT / 2),
    ("ur", ["fa", "ar"], "ٹتڈدڑرںنےیۓیھهہهۂهۃهئی", 3 * BIT / 2),
    ("eo", [ANY, "it"], "ĉcĝgĥhĵjŝsŭuĈCĜGĤHĴJŜSŬU", 3 * BIT),
    ("mt", [ANY, "it"], "ċcġgħhżzĊCĠGĦHŻZ", 3 * BIT),
    ("cy", [ANY, "en"], "ŵwŷyŴWŶYâaêeîiôoûuÂAÊEÎIÔOÛU", 4 * BIT),
    ("ga", [ANY, "en"], "áaéeíióoúuÁAÉEÍIÓOÚU", 5 * BIT / 2),
    ("br", [ANY, "fr"], "ñnùuÑNÙUêeÊE", 7 * BIT / 2),
    ("id", [ANY, "en"], "", 0),
];

/// What each costs at most, and those that only some languages have.
const SIGN: Cost = 14 * BIT;
const RARE_SIGN: Cost = 18 * BIT;
const RARE_SIGNS: [char; 3] = ['‚', '‹', '›'];
/// Bits for a word that goes on after one.
const AFTER_ENDING: Cost = 4 * BIT;
/// A sign that code pages have and no text.
const DEAD_SIGN: char = '¤';

/// Languages whose letters are not Latin, by script.
const SCRIPTS: [(Script, &str); 6] = [
    (Script::Greek, "el"),
    (Script::Cyrillic, "ru uk bg sr mk be kk tg"),
    (Script::Hebrew, "he"),
    (Script::Arabic, "ar fa ur"),
    (Script::Thai, "th"),
    (Script::EastAsian, "ja ko zh-Hans zh-Hant zh-HK"),
];

/// The most that a character costs: it may be a slip of the pen.
pub(super) const MOST: Cost = 22 * BIT;
/// For each character of a borrowed model.
const BORROWING: Cost = BIT / 4;
/// The same where two models are asked: the better of them was not known before.
const MIXTURE: Cost = BIT / 2;
/// Over what the model of all text says of a letter beyond ASCII: a word of another language.
const FOREIGN_LETTER: Cost = 6 * BIT;
/// The same for other characters beyond ASCII: signs are the same in all languages.
const FOREIGN_SIGN: Cost = 2 * BIT;
/// The same for ASCII, which is markup and names in texts of every language.
const FOREIGN_ASCII: Cost = 3 * BIT / 2;
/// The same where the language is not written in Latin letters: all of its ASCII letters are foreign.
const FOREIGN_SCRIPT: Cost = BIT / 2;
/// A stretch that begins within a word: over what its first character costs anywhere.
pub(super) const WITHIN_WORD: Cost = BIT;
/// A sign of a drawing beside a letter.
const DRAWN_WORD: Cost = 12 * BIT;
/// The same sign once more costs at most that: rules and bars are drawn.
const REPEATED: Cost = 4 * BIT;
/// A letter beside one of another script, within a word; East Asian text has no spaces between such.
const MIXED_WORD: Cost = 7 * BIT;
const MIXED_EAST_ASIAN: Cost = 4 * BIT;
/// Bits for a control character that no text holds, over what an unknown character costs.
const CONTROL: Cost = 8 * BIT;

/// All languages.
pub(super) fn all() -> &'static [Tongue] {
    static TONGUES: OnceLock<Vec<Tongue>> = OnceLock::new();
    TONGUES.get_or_init(|| {
        let own = crate::language::all().iter().map(|model| (model.tag, model, None, "", 0, 0));
        let borrowed = BORROWED.iter().filter_map(|&(tag, [base, second], letters, cost)| {
            let borrowing = if base == second { BORROWING } else { MIXTURE };
            Some((tag, Model::named(base)?, Model::named(second), letters, cost, borrowing))
        });
        own.chain(borrowed)
            .enumerate()
            .map(|(number, (tag, model, second, letters, letter_cost, borrowed))| {
                let all: Vec<char> = letters.chars().collect();
                let letters = all.as_chunks::<2>().0.iter().map(|&[letter, like]| (letter, like)).collect();
                let script = SCRIPTS.iter().find(|(_, tags)| tags.split(' ').any(|other| other == tag));
                let script = script.map_or(Script::Latin, |&(script, _)| script);
                Tongue { tag, model, second, number, letters, letter_cost, borrowed, script }
            })
            .collect()
    })
}

/// The language that a text of Unicode is most likely in, by its first characters; `None` without letters.
pub(super) fn of_text(text: &str) -> Option<&'static str> {
    let has_letters = text.chars().take(SCRIPT_CHARS).any(|c| Script::of(c) != Script::None);
    likeliest(text, 1).first().filter(|_| has_letters).map(|tongue| tongue.tag)
}

/// The languages that a text of Unicode is most likely in, at most so many: those of its script, by ever more of its
/// first characters.
pub(super) fn likeliest(text: &str, most: usize) -> Vec<&'static Tongue> {
    let mut counts = [0usize; 1 + Script::EastAsian as usize];
    text.chars().take(SCRIPT_CHARS).for_each(|c| counts[Script::of(c) as usize] += 1);
    let count = |script: Script| counts[script as usize];
    let others = SCRIPTS.map(|(script, _)| script);
    // A few Latin letters among those of another script are names and markup.
    let script = match count(Script::Latin) >= others.map(count).iter().sum::<usize>() * 4 {
        true => Script::Latin,
        false => others.into_iter().max_by_key(|&script| count(script)).unwrap_or(Script::Latin),
    };
    let own = all()[..crate::language::all().len()].iter();
    let tongues: Vec<&Tongue> = own.filter(|tongue| tongue.tag != ANY && tongue.script == script).collect();
    if tongues.len() <= 1 {
        return tongues;
    }
    let mut seen: Vec<(Cost, Walk, &Tongue)> =
        tongues.into_iter().map(|tongue| (0, tongue.model.walk(), tongue)).collect();
    let mut case = Case::default();
    let folded = |c: char| {
        let folded = fold(c, case);
        case = folded.case;
        folded
    };
    let folded: Vec<Folded> = text.chars().take(LANGUAGE_CHARS).map(folded).collect();
    let lost = if script == Script::Latin { LOST } else { LOST_OTHERS };
    for (look, next) in folded.chunks(LOOK_CHARS).enumerate() {
        if seen.len() <= most {
            break;
        }
        for (cost, walk, _) in &mut seen {
            *cost += next.iter().map(|&folded| walk.step(folded)).sum::<Cost>();
        }
        seen.sort_by_key(|&(cost, _, tongue)| (cost, tongue.number));
        let worst = seen.get(most.saturating_sub(1)).map_or(0, |&(last_told, ..)| last_told + lost);
        let left = seen.partition_point(|&(cost, ..)| cost <= worst);
        let is_past = |&&(chars, _): &&(usize, usize)| (look + 1) * LOOK_CHARS >= chars;
        let room = LEFT.iter().rfind(is_past).map_or(left, |&(_, room)| room);
        seen.truncate(left.min(room.max(2 * most)).max(most));
    }
    seen.truncate(most);
    seen.into_iter().map(|(_, _, tongue)| tongue).collect()
}

/// Characters after which it is asked again which languages are left: most are told by a few words.
const LOOK_CHARS: usize = 8;
/// What a language costs more than the last that would be told when it is no longer asked about: a sequential test
/// (A. Wald, "Sequential Tests of Statistical Hypotheses", 1945).
const LOST: Cost = 32 * BIT;
/// The same of languages in other letters: they are few, share more of their words, and a character says more.
const LOST_OTHERS: Cost = 96 * BIT;
/// How many are left at most after so many characters, and twice as many as are told in any case: of a language without
/// a model none is better than the others.
const LEFT: [(usize, usize); 2] = [(24, 12), (64, 4)];
/// Characters by which the language is told, at most.
pub(super) const LANGUAGE_CHARS: usize = 200;
/// Characters by which the script is told.
const SCRIPT_CHARS: usize = 64;

/// The language with that tag.
pub(super) fn named(tag: &str) -> Option<&'static Tongue> {
    all().iter().find(|tongue| tongue.tag == tag)
}

/// The model of all text.
pub(super) fn any() -> Option<&'static Model> {
    static MODEL: OnceLock<Option<&'static Model>> = OnceLock::new();
    *MODEL.get_or_init(|| Model::named(ANY))
}

impl Tongue {
    /// Cost of `b` after `a`.
    pub(super) fn pair(&self, a: char, b: char) -> Cost {
        let first = Glyph::of(a, Case::None);
        let second = Glyph::of(b, first.folded.case);
        let any = any().map_or(MOST, |any| any.pair(a, b));
        let (before, (known, extra)) = (self.known(a).0, self.known(b));
        let other = self.second.map_or(MOST, |second| second.pair(before, known));
        let own = self.model.pair(before, known).min(other) + extra;
        self.weighed(&first, &second, own, any)
    }

    /// Cost of each line of a text, in turn.
    pub(super) fn line_costs(&self, text: &Text) -> Vec<Cost> {
        let (mut lines, mut line) = (Vec::new(), 0);
        let (mut walk, mut second) = (self.model.walk(), self.second.map(Model::walk));
        let (mut place, mut case) = (Place::default(), Case::None);
        let mut before = &Glyph::of(' ', Case::None);
        for (glyph, &any) in text.glyphs.iter().zip(&text.any) {
            let (known, extra) = self.known(glyph.c);
            let folded = match self.letters.is_empty() && known == glyph.c {
                true => glyph.folded,
                false => fold(known, case),
            };
            case = folded.case;
            let mut own = place.cost(self.model, known, walk.step(folded));
            if let Some(second) = &mut second {
                own = own.min(second.step(folded));
            }
            line += self.weighed(before, glyph, own + extra, any);
            before = glyph;
            if glyph.c == '\n' {
                lines.push(line);
                line = 0;
            }
        }
        lines.push(line);
        lines
    }

    /// The character that stands for `c` in the model, and what that costs.
    #[inline]
    fn known(&self, c: char) -> (char, Cost) {
        if ('\u{ff66}'..='\u{ff9d}').contains(&c) {
            return (full_width(c), HALF_WIDTH);
        }
        if self.letters.is_empty() || c.is_ascii() {
            return (c, 0);
        }
        match self.letters.iter().find(|(letter, _)| *letter == c) {
            Some(&(_, like)) => (like, self.letter_cost),
            None => (c, 0),
        }
    }

    /// What the second costs after the first: the cheaper of what the language and all text say.
    #[inline]
    fn weighed(&self, a: &Glyph, b: &Glyph, own: Cost, any: Cost) -> Cost {
        if b.is_control {
            return MOST + CONTROL;
        }
        let own = own + self.borrowed;
        if a.c.is_ascii() && b.c.is_ascii() {
            return match self.script == Script::Latin {
                true => own.min(any + FOREIGN_ASCII).min(MOST),
                false if b.script == Script::Latin => (any + FOREIGN_SCRIPT).min(MOST),
                false => any.min(MOST),
            };
        }
        let foreign = if b.script == Script::None { FOREIGN_SIGN } else { FOREIGN_LETTER };
        let mixed = match (a.script, b.script) {
            (Script::None, _) | (_, Script::None) => 0,
            (a, b) if a == b => 0,
            (Script::EastAsian, _) | (_, Script::EastAsian) => MIXED_EAST_ASIAN,
            _ => MIXED_WORD,
        };
        let cost = own.min(any + foreign).min(MOST) + mixed;
        let (is_after_letter, is_letter) = (a.script != Script::None, b.script != Script::None);
        match b.c {
            DEAD_SIGN => MOST,
            c if a.c == c && !is_letter => cost.min(REPEATED),
            _ if is_after_letter && b.is_drawing || is_letter && a.is_drawing => cost + DRAWN_WORD,
            c if !is_letter && b.is_sign => {
                // Within a word only an apostrophe stands.
                cost.min(match !is_after_letter || b.is_ending {
                    true if RARE_SIGNS.contains(&c) => RARE_SIGN,
                    true => SIGN,
                    false => MOST,
                })
            }
            _ if is_letter && a.c != '’' && a.is_ending => cost + AFTER_ENDING,
            _ => cost,
        }
    }
}

/// Bits for a katakana letter of half the width: few texts have them.
const HALF_WIDTH: Cost = 2 * BIT;

/// The katakana letter of full width.
fn full_width(c: char) -> char {
    const LETTERS: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
    LETTERS.chars().nth((c as usize).wrapping_sub(0xff66)).unwrap_or(c)
}
