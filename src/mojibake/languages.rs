//! In which languages texts of an encoding are.

use std::cell::OnceCell;
use std::sync::OnceLock;

use crate::encoding::Encoding;
use crate::language::unit::{Case, SPACE, Unit, fold};
use crate::language::{self, ANY, BIT, Context, Cost, Languages, Model};

use super::place::is_letter;
use super::weights;

const WESTERN: &[&str] = &["fr", "de", "es", "pt", "it", "en", "nl", "sv", "da", "no", "fi", "ca", "is"];
const CENTRAL: &[&str] = &["pl", "cs", "hu", "sk", "sl", "hr", "ro", "sr-Latn"];
const CYRILLIC: &[&str] = &["ru", "uk", "bg", "sr"];
const BALTIC: &[&str] = &["lt", "lv", "et"];
const LATIN: &[&str] = &[
    "fr", "de", "es", "pt", "it", "en", "nl", "sv", "da", "no", "fi", "ca", "is", "pl", "cs", "hu", "sk",
    "sl", "hr", "ro", "sr-Latn", "lt", "lv", "et", "tr", "vi",
];

/// The languages that `encoding` is used for, by their tags; most common first. Empty: any.
pub(super) fn of(encoding: Encoding) -> &'static [&'static str] {
    match encoding.label() {
        "gbk" | "gb18030" | "hz-gb-2312" => &["zh-Hans", "zh-Hant", "zh-HK"],
        "big5" => &["zh-Hant", "zh-HK"],
        "shift_jis" | "euc-jp" | "iso-2022-jp" => &["ja"],
        "euc-kr" | "johab" => &["ko"],
        "windows-1251" | "koi8-r" | "ibm866" | "x-mac-cyrillic" | "iso-8859-5" | "cp855" => CYRILLIC,
        "koi8-u" | "cp1125" => &["uk"],
        "windows-1250" | "iso-8859-2" | "cp852" | "x-mac-ce" => CENTRAL,
        "x-mac-croatian" => &["hr", "sl", "sr-Latn"],
        "x-mac-romanian" => &["ro"],
        "iso-8859-16" => &["pl", "hu", "hr", "sl", "sr-Latn"],
        "windows-1253" | "iso-8859-7" | "cp737" | "cp869" | "x-mac-greek" => &["el"],
        "windows-1254" | "iso-8859-9" | "cp857" | "x-mac-turkish" => &["tr"],
        "windows-1255" | "iso-8859-8" | "cp862" => &["he"],
        "windows-1256" | "iso-8859-6" | "cp864" => &["ar", "fa"],
        "windows-1257" | "iso-8859-13" | "iso-8859-4" | "cp775" => BALTIC,
        "windows-1258" => &["vi"],
        "windows-874" => &["th"],
        "iso-8859-10" | "cp865" => &["no", "da", "sv", "fi", "is"],
        "cp861" | "x-mac-iceland" => &["is"],
        "cp860" => &["pt"],
        "cp863" => &["fr"],
        "utf-8" | "cesu-8" | "utf-16le" | "utf-16be" => &[],
        _ => WESTERN,
    }
}

/// The page of Windows in which texts of a language of the Latin alphabet are, but for Vietnamese.
pub(super) fn windows_page(model: &Model) -> Encoding {
    static PAGES: OnceLock<Vec<(Encoding, &'static [&'static str])>> = OnceLock::new();
    let pages = PAGES.get_or_init(|| {
        let labels = ["windows-1252", "windows-1250", "windows-1254", "windows-1257"];
        let pages = labels.into_iter().filter_map(Encoding::from_label);
        pages.map(|page| (page, of(page))).collect()
    });
    let own = pages.iter().find(|(_, languages)| languages.contains(&model.tag));
    own.map_or(Encoding::WINDOWS_1252, |&(page, _)| page)
}

/// The models of the languages that `encoding` is used for; none: any.
pub(super) fn models_of(encoding: Encoding) -> &'static [&'static Model] {
    static MODELS: OnceLock<Vec<Vec<&'static Model>>> = OnceLock::new();
    let all = MODELS.get_or_init(|| Encoding::all().map(|encoding| models(of(encoding))).collect());
    &all[encoding.number()]
}

/// The models of the languages that a text may be in by the scripts of its characters.
pub(super) fn models_of_text(text: impl Iterator<Item = char>) -> &'static [&'static Model] {
    static MODELS: OnceLock<Vec<Vec<&'static Model>>> = OnceLock::new();
    let all = MODELS.get_or_init(|| SCRIPTS.into_iter().chain([&[ANY][..]]).map(models).collect());
    &all[script(text).unwrap_or(SCRIPTS.len())]
}

/// How well the ASCII letters of a text fit each language of the Latin alphabet: they are in nearly every text, and
/// seldom damaged. Told when it is asked first.
pub(super) struct Fit<'t> {
    text: &'t [char],
    /// How much more surprising they are in each language than in the one that they fit best; without those that are
    /// out of the question.
    against: OnceCell<Vec<(&'static Model, Cost)>>,
}

impl<'t> Fit<'t> {
    pub(super) fn of(text: &'t [char]) -> Self {
        Self { text, against: OnceCell::new() }
    }

    /// Whether they are less surprising by `margin` in one of some languages than in text of any language.
    pub(super) fn is_in_one_of(&self, languages: Languages, margin: Cost) -> bool {
        let any = self.costs().iter().find(|(model, _)| model.tag == ANY).map_or(HOPELESS, |&(_, cost)| cost);
        let is_one = |&(model, cost): &(&Model, Cost)| {
            model.tag != ANY && languages.has(model) && cost + margin <= any
        };
        self.costs().iter().any(is_one)
    }

    fn costs(&self) -> &[(&'static Model, Cost)] {
        self.against.get_or_init(|| {
            let mut totals: Totals = [0; LANES];
            let (mut least, mut is_first) = (0, true);
            // What stands before a letter matters by two characters; of those that are not counted and have no case the
            // others may be left out.
            let is_wide = |at: usize| self.text.get(at).is_some_and(|&c| c >= '\u{2e80}');
            let is_needed = |&at: &usize| !(is_wide(at) && is_wide(at + 1) && is_wide(at + 2));
            let mut case = Case::None;
            let mut units = [SPACE; 3];
            for from in (0..self.text.len()).step_by(PART) {
                let mut part: Costs = [0; LANES];
                for at in (from..self.text.len().min(from + PART)).filter(is_needed) {
                    let c = self.text[at];
                    let folded = fold(c, case);
                    case = folded.case;
                    units = [units[1], units[2], folded.unit];
                    if is_first {
                        is_first = false;
                        let cost = |model: &Model| model.step_folded(Context::default(), folded).0;
                        add_if_counted(c, &mut part, || (costs_in_all(cost), 0));
                    } else {
                        add_if_counted(c, &mut part, || (costs_of_third(units), folded.cost));
                    }
                }
                totals
                    .iter_mut()
                    .zip(part)
                    .for_each(|(total, cost)| *total += Cost::from(cost.cast_unsigned()));
                let asked = &mut totals[..asked().len()];
                least = asked.iter().copied().min().unwrap_or(0);
                let hopeless = asked.iter_mut().filter(|total| **total - least >= HOPELESS);
                hopeless.for_each(|total| *total = OUT);
            }
            let of_models = asked().iter().copied().zip(totals);
            of_models.filter(|&(_, total)| total < OUT).map(|(model, total)| (model, total - least)).collect()
        })
    }

    /// The languages that they fit as well, but for so much.
    pub(super) fn near(&self, far: Cost) -> Languages {
        Languages::of(self.costs().iter().filter(|&&(_, cost)| cost < far).map(|&(model, _)| model))
    }

    /// Whether the text is in none of some languages, all of the Latin alphabet.
    pub(super) fn rules_out(&self, languages: Languages) -> bool {
        let mut models = language::all().iter().filter(|model| model.tag != ANY && languages.has(model));
        models.all(is_latin) && languages.and(self.near(FAR)).is_empty() && self.is_language()
    }

    /// Whether they are as many as text of the Latin alphabet has beside other letters; a short field may have none.
    pub(super) fn has_letters(&self) -> bool {
        let others = self.text.iter().filter(|&&c| !c.is_ascii() && is_letter(c)).count();
        let letters = self.text.iter().filter(|c| c.is_ascii_alphabetic()).count();
        others < MANY_OTHERS || letters * OTHERS_OF_LETTER >= others
    }

    /// Whether they fit some language better than the model of all text.
    pub(super) fn is_language(&self) -> bool {
        self.costs().iter().any(|&(model, cost)| cost == 0 && model.tag != ANY)
    }

    /// How much less surprising they are in the language of `model` than in text of any language, and in some others.
    pub(super) fn speaks_for(&self, model: &Model, others: Languages) -> Cost {
        let is_other = |other: &Model| other.tag == ANY || others.has(other) && !std::ptr::eq(other, model);
        let costs = self.costs().iter().filter(|(other, _)| is_other(other)).map(|&(_, cost)| cost);
        costs.min().unwrap_or(HOPELESS).saturating_sub(self.against(model))
    }

    /// How much more surprising they are in the language of `model` than in the one that they fit best.
    /// Nothing for a language of another alphabet.
    pub(super) fn against(&self, model: &Model) -> Cost {
        // Each model is there once.
        match self.costs().iter().find(|(other, _)| std::ptr::eq(*other, model)) {
            Some(&(_, cost)) => cost,
            None if is_asked(model) => HOPELESS,
            None => 0,
        }
    }
}

/// Whether the fit is told for the language of a model: one of the Latin alphabet, or any.
fn is_asked(model: &Model) -> bool {
    model.tag == ANY || is_latin(model)
}

/// Whether the language of a model is written in the Latin alphabet.
pub(super) fn is_latin(model: &Model) -> bool {
    LATIN.contains(&model.tag)
}

/// How much better another language must fit for one to be out of the question.
pub(super) const FAR: Cost = 12 * BIT;
/// Letters beyond ASCII from which on a text is no short field, …
const MANY_OTHERS: usize = 16;
/// … and how many of them stand for each letter of ASCII in one of the Latin alphabet, at most.
const OTHERS_OF_LETTER: usize = 2;
/// Characters of a text after which the languages that are out of the question are left alone, …
const PART: usize = 16;
/// … and how much dearer than the best one they are then.
const HOPELESS: Cost = 64 * BIT;

/// More than any text costs: what stands for a language that is out of the question.
const OUT: Cost = Cost::MAX / 2;

/// Languages that are asked, and some more, so that what is done for all of them at once fills whole registers.
const LANES: usize = 32;
/// What a text costs in each of [`asked`].
type Totals = [Cost; LANES];
/// What a character costs in each of them, or all of [`PART`]: small numbers, of which more fill a register.
type Costs = [i16; LANES];
/// The most that a character costs.
const DEAREST: i16 = weights::DEAREST as i16;
const _: () = assert!(weights::DEAREST as usize * PART <= i16::MAX as usize, "a part has room");

/// The models that the fit is told for.
fn asked() -> &'static [&'static Model] {
    static ASKED: OnceLock<Vec<&'static Model>> = OnceLock::new();
    ASKED.get_or_init(|| language::all().iter().filter(|model| is_asked(model)).take(LANES).collect())
}

/// What a character costs in each language, without what folding lost.
fn costs_in_all(cost: impl Fn(&Model) -> Cost) -> Costs {
    let mut costs = [0; LANES];
    let each = costs.iter_mut().zip(asked());
    each.for_each(|(own, model)| *own = cost(model).min(weights::DEAREST) as i16);
    costs
}

/// Adds what a character costs, if it is one that counts.
fn add_if_counted(c: char, part: &mut Costs, costs: impl FnOnce() -> (Costs, Cost)) {
    if !(c.is_ascii_alphabetic() || c == ' ') {
        return;
    }
    let (costs, folding) = costs();
    let folding = folding.min(weights::DEAREST) as i16;
    for (total, cost) in part.iter_mut().zip(costs) {
        *total += (cost + folding).min(DEAREST);
    }
}

/// The units before a letter for which what it costs is remembered.
const BEFORE: &str = "abcdefghijklmnopqrstuvwxyz 0.,'-éèàçêäöüßáíóúñãâîôåøæąęłśčěřšýž()\":;";
/// The number of [`BEFORE`].
const BEFORES: usize = 68;
/// Letters of ASCII and the space.
const COUNTED: usize = 27;

/// What a letter, or a space, costs after two of [`BEFORE`], told when first asked.
type Thirds = [OnceLock<Costs>; COUNTED];

/// What a letter of ASCII, or a space, costs after two others.
fn costs_of_third(units: [Unit; 3]) -> Costs {
    static PAIRS: OnceLock<Vec<OnceLock<Box<Thirds>>>> = OnceLock::new();
    static PLACES: OnceLock<[Option<u8>; 0x180]> = OnceLock::new();
    let tell = || costs_in_all(|model| model.third(units));
    let places = PLACES.get_or_init(|| {
        std::array::from_fn(|unit| BEFORE.chars().position(|c| c as usize == unit).map(|place| place as u8))
    });
    let place = |unit: Unit| places.get(unit as usize).copied().flatten().map(usize::from);
    let [Some(before), Some(last), Some(third @ 0..COUNTED)] = units.map(place) else { return tell() };
    let pairs = PAIRS.get_or_init(|| (0..BEFORES * BEFORES).map(|_| OnceLock::new()).collect());
    let thirds =
        pairs[before * BEFORES + last].get_or_init(|| Box::new([const { OnceLock::new() }; COUNTED]));
    *thirds[third].get_or_init(tell)
}

fn models(tags: &[&str]) -> Vec<&'static Model> {
    tags.iter().filter_map(|tag| model(tag)).collect()
}

/// The script that most characters of a text are in, by its place in [`SCRIPTS`].
fn script(text: impl Iterator<Item = char>) -> Option<usize> {
    let mut counts = [0usize; SCRIPTS.len()];
    for c in text {
        let script = match c {
            ..'\u{c0}' => continue,
            '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => 0,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => 1,
            '\u{400}'..='\u{52f}' => 2,
            '\u{590}'..='\u{5ff}' => 3,
            '\u{600}'..='\u{6ff}' => 4,
            '\u{e00}'..='\u{e7f}' => 5,
            '\u{3040}'..='\u{30ff}' => 6,
            '\u{ac00}'..='\u{d7a3}' => 7,
            '\u{3400}'..='\u{9fff}' => 8,
            _ => continue,
        };
        counts[script] += 1;
    }
    // Kana between ideographs make a text Japanese, however few.
    if counts[6] * 8 >= counts[8] && counts[6] > 0 {
        counts[6] += counts[8];
    }
    (0..counts.len()).max_by_key(|&script| counts[script]).filter(|&script| counts[script] > 0)
}

const SCRIPTS: [&[&str]; 9] = [
    LATIN,
    &["el"],
    CYRILLIC,
    &["he"],
    &["ar", "fa"],
    &["th"],
    &["ja"],
    &["ko"],
    &["zh-Hans", "zh-Hant", "zh-HK", "ja"],
];

/// The model of a language tag, with a region or a script or without.
pub(super) fn of_tag(tag: &str) -> Option<&'static Model> {
    let language = tag.split(['-', '_']).next().unwrap_or(tag);
    let traditional = ["zh-TW", "zh-MO", "zh-Hant-TW"].iter().any(|other| tag.eq_ignore_ascii_case(other));
    let usual = match language.to_ascii_lowercase().as_str() {
        "zh" if traditional => "zh-Hant",
        "zh" => "zh-Hans",
        "nb" | "nn" => "no",
        _ => language,
    };
    Model::named(tag).or_else(|| Model::named(usual))
}

/// The model of a language; of all text where there is none.
pub(super) fn model(tag: &str) -> Option<&'static Model> {
    Model::named(tag).or_else(|| Model::named(ANY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_lead_to_models() {
        for (tag, model) in
            [("zh", "zh-Hans"), ("zh-TW", "zh-Hant"), ("zh-HK", "zh-HK"), ("de-AT", "de"), ("ja", "ja")]
        {
            assert_eq!(of_tag(tag).map(|model| model.tag), Some(model), "{tag}");
        }
        assert!(of_tag("tlh").is_none());
    }

    #[test]
    fn the_script_tells_the_languages() {
        let tags = |text: &str| -> Vec<&str> {
            models_of_text(text.chars()).iter().map(|model| model.tag).collect()
        };
        assert_eq!(tags("текст"), CYRILLIC);
        assert_eq!(tags("漢字とかな"), ["ja"]);
        assert_eq!(tags("汉字")[0], "zh-Hans");
        assert_eq!(tags("plain"), [ANY]);
    }

    #[test]
    fn what_is_remembered_of_letters_has_room() {
        assert_eq!(BEFORE.chars().count(), BEFORES);
        assert!(BEFORE.chars().all(|c| (c as usize) < 0x180));
        assert!(BEFORE.chars().take(COUNTED).all(|c| c.is_ascii_lowercase() || c == ' '));
        assert_eq!(language::all().iter().filter(|model| is_asked(model)).count(), asked().len());
    }

    #[test]
    fn each_language_has_a_model() {
        for encoding in Encoding::all() {
            for tag in of(encoding) {
                assert!(Model::named(tag).is_some(), "{encoding}: {tag}");
            }
        }
    }
}
