//! The noisy channel, decoded on a lattice.
//!
//! Over the characters of a window, each hypothesis says: up to here the text was clean or read by the channel's
//! wrong reader, these bytes wait for the rest of their character, this was lost, and so much surprise has come
//! together. One character either stays as it is (priced by the model of all text) or becomes bytes, which the true
//! encoding's automaton turns into characters (priced by the model of their language). Where a loss is assumed,
//! bytes may come from nowhere. Hypotheses that cannot differ in future are merged (Viterbi), the others are kept in
//! a beam. So segmentation, restoration and decoding are one search.

mod restore;

use crate::combining::is_mark;
use crate::encoding::{Bytes, Encoding, Fed, Pending, Reader};
use crate::language::{Cache, Context, Cost, Model};

use super::beam::{Hypothesis, prune};
use super::habits::Habits;
use super::own_words::OwnWords;
use super::path::{Action, Ledger, Path};
use super::place::{
    Place, border, clean_costs, is_han, is_ideograph, is_in_empty_plane, is_latin, is_letter,
    is_of_another_alphabet,
};
use super::weights;

/// How the bytes became the characters that we see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Channel {
    /// What the bytes were.
    pub(super) written: Encoding,
    /// Who read them.
    pub(super) reader: Reader,
}

/// The dear kinds of loss, tried only where the cheap ones do not explain the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DearLosses {
    /// For each character of the window whether C1 controls may have been dropped before it.
    pub(super) dropped_c1: Vec<bool>,
    /// … and whether any byte may be lost there, or stand as `?`.
    pub(super) any: Vec<bool>,
    /// Spaces or line ends were put between.
    pub(super) spaced: bool,
    /// What was done to the letters after they had been read.
    pub(super) fold: Option<Fold>,
}

/// What programs do to text that they do not know to be damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    /// Letters were made small.
    Lower,
    /// Letters were made capital.
    Upper,
    /// Compatibility characters became plain ones (NFKC): `²` became `2`.
    Compatibility,
}

// What a hypothesis has paid for or seen.
const DROPS_AD: u8 = 1;
const AD_IS_HYPHEN: u8 = 1 << 1;
const AD_IS_SPACE: u8 = 1 << 2;
const NBSP_IS_SPACE: u8 = 1 << 3;
const DROPS_C1: u8 = 1 << 4;
const FOLDED: u8 = 1 << 5;
const AD_SURVIVES: u8 = 1 << 6;
const ENTERED: u8 = 1 << 7;

/// White space, as the models see it.
const SPACE: u32 = ' ' as u32;

/// Stands in the place of lone bytes where the first of two marks stands for a pair.
const HALF_OF_PAIR: [u8; 2] = [0, 1];
/// … and where the first of two marks stands for one byte: the second of the two is that byte.
const REPLACED_ALONE: u8 = 2;

/// What one step of a search adds to.
struct Step<'s> {
    at: u32,
    ledger: &'s mut Ledger,
    out: &'s mut Vec<Hypothesis>,
    /// Empty: memory for what an insertion gives.
    spare: Vec<Hypothesis>,
}

impl Step<'_> {
    fn keep(&mut self, mut h: Hypothesis, action: Action) {
        h.node = self.ledger.record(h.node, h.cost, self.at, action);
        self.out.push(h);
    }
}

/// One search.
pub(super) struct Lattice<'a> {
    pub(super) channel: Channel,
    pub(super) habits: Habits,
    /// Model of the true text.
    pub(super) truth: &'a Model,
    /// Model of text as it stands.
    pub(super) stands: &'a Model,
    /// The words of the document where it is not damaged.
    pub(super) cache: Option<&'a Cache>,
    /// … and of the window, where it came back without a choice.
    pub(super) own: OwnWords,
    pub(super) dear: DearLosses,
    /// Price of the first damaged stretch.
    pub(super) enter: Cost,
    /// What was taken off it, because the channel is known to make words.
    pub(super) saved: Cost,
    /// What is missing from the price of the channel because something says that there is damage.
    pub(super) spared: Cost,
    /// Whether something says so: of a channel that is known there is no price to take off.
    pub(super) is_told: bool,
    /// What a repair must win by if it makes letters of the language around of others.
    pub(super) by_letters: Option<ByLetters>,
    /// Price of each character beyond ASCII that stays, over its surprise.
    pub(super) stay: Cost,
    /// … and of those that the language of the words around has not.
    pub(super) foreign: Foreign,
}

/// Characters that the language of a text has not, and what each costs more there than in text of any language.
#[derive(Clone, Default)]
pub(super) struct Foreign {
    pub(super) chars: Vec<char>,
    pub(super) each: Cost,
}

impl Foreign {
    pub(super) fn price(&self, c: char) -> Cost {
        if self.chars.contains(&c) { self.each } else { 0 }
    }
}

/// A channel that makes letters of the language around of others.
#[derive(Clone, Copy)]
pub(super) struct ByLetters {
    /// What a repair by it must win by.
    pub(super) needed: Cost,
    /// Whether nothing else speaks for it.
    pub(super) alone: bool,
}

impl Lattice<'_> {
    /// The best path over `window`, which follows text that ends in `context`, and how many steps were tried.
    pub(super) fn search(&self, window: &[char], context: Context) -> (Path, usize) {
        let mut ledger = Ledger::default();
        let paid = if window.contains(&'\u{ad}') { AD_SURVIVES } else { 0 };
        let cost = if self.dear.spaced { weights::SPACED } else { 0 };
        let mut beam = vec![Hypothesis::new(cost, context, paid)];
        let mut next = Vec::new();
        let (mut spare, mut order) = (Vec::new(), Vec::new());
        for at in 0..window.len() {
            next.clear();
            let mut place = Place::of(window, at);
            place.best = beam.iter().map(|h| h.cost).min().unwrap_or(0);
            let bytes = self.bytes_of(place.c);
            let mut step = Step { at: place.at, ledger: &mut ledger, out: &mut next, spare };
            for &hypothesis in &beam {
                self.expand(hypothesis, &place, bytes, &mut step);
            }
            spare = step.spare;
            let width = match self.dear.dropped_c1.get(at) {
                Some(true) => weights::WIDE_BEAM,
                _ if !self.follows_replaced(&window[..=at]) => weights::BEAM,
                _ if self.channel.written.is_utf8() => weights::REPLACED_BEAM,
                _ => weights::WIDE_BEAM,
            };
            prune(&next, width, &mut order, &mut beam, &mut ledger);
            if ledger.is_crowded() {
                ledger.give_up_others(beam.iter_mut().map(|h| &mut h.node));
            }
        }
        // At the end a waiting character may still get its last byte from nowhere.
        next.clear();
        let mut step = Step { at: window.len() as u32, ledger: &mut ledger, out: &mut next, spare };
        for &hypothesis in &beam {
            if hypothesis.pending.is_empty() {
                step.out.push(hypothesis);
            } else {
                self.insert(hypothesis, None, &mut step);
            }
        }
        next.retain(|h| h.pending.is_empty());
        next.iter_mut().for_each(Hypothesis::end);
        next.sort_by_key(|h| h.cost);
        let steps = ledger.steps();
        let Some((best, others)) = next.split_first() else { return (Path::default(), steps) };
        for other in others {
            ledger.merge(best.node, other.node, other.cost - best.cost);
        }
        (ledger.tell(best.node), steps)
    }

    fn expand(&self, h: Hypothesis, place: &Place, bytes: Option<Bytes>, step: &mut Step<'_>) {
        let &Place { before, c, .. } = place;
        if !h.damaged {
            self.stay(h, place, bytes, step);
        } else if h.pending.is_empty() && (!c.is_ascii() || self.is_apart(c)) {
            let mixed = if self.is_spared(place.c, bytes) { weights::MIXED } else { 0 };
            let mut left = h.plus(weights::LEAVE + mixed + self.border(c));
            left.damaged = false;
            left.lone = [0; 2];
            self.stay(left, place, bytes, step);
        }
        let mut inside = h;
        if !h.damaged {
            if !self.may_enter(place) {
                return;
            }
            inside.damaged = true;
            let again = (self.enter + self.spared).min(weights::ENTER_AGAIN);
            inside.cost += if h.paid & ENTERED != 0 { again } else { self.enter };
            inside.cost += if std::mem::take(&mut inside.has_clean) { weights::MIXED } else { 0 };
            inside.cost += self.border(before);
            inside.paid |= ENTERED;
        }
        // What stands at the beginning of a stretch may be anything although the stretch has not paid off yet.
        let entered = if before.is_ascii() { inside.cost - h.cost } else { 0 };
        let entering = Place { best: place.best + entered, ..*place };
        self.take(inside, &entering, bytes, step);
        // What an insertion gives has not consumed the character yet.
        let out = std::mem::replace(step.out, std::mem::take(&mut step.spare));
        self.insert(inside, Some(place), step);
        let mut inserted = std::mem::replace(step.out, out);
        for inserted in inserted.drain(..) {
            self.take(inserted, place, bytes, step);
        }
        step.spare = inserted;
    }

    fn border(&self, c: char) -> Cost {
        border(c, !self.channel.reader.encoding().is_single_byte())
    }

    /// Whether the last of some characters follow one that was put for a byte, of which only the next ones tell which it was.
    /// (Where bytes were dropped without a trace, more ways beside each other give more that is wrong.)
    fn follows_replaced(&self, chars: &[char]) -> bool {
        let is_replaced = |at: usize| match chars[at] {
            char::REPLACEMENT_CHARACTER => true,
            '?' => self.dear.any.get(at) == Some(&true),
            _ => false,
        };
        let mut last = chars.len().saturating_sub(Pending::MOST)..chars.len();
        !self.channel.written.is_single_byte() && last.any(is_replaced)
    }

    /// Whether a character that stays could have been damaged, too. Where bytes make up characters, some are left over.
    fn is_spared(&self, c: char, bytes: Option<Bytes>) -> bool {
        self.channel.written.is_single_byte() && bytes.is_some() && !c.is_ascii()
    }

    /// Whether a character cannot have been read: letters of ASCII were no bytes to a reader of UTF-16, since one of the
    /// two would be 0. Who reads line by line leaves such ones between.
    fn is_apart(&self, c: char) -> bool {
        c.is_ascii() && !self.channel.reader.encoding().has_ascii() && self.channel.written.has_ascii()
    }

    /// Damage begins at a character that is not ASCII, unless the reader or the writer knows no ASCII.
    fn may_enter(&self, place: &Place) -> bool {
        !place.c.is_ascii() || !self.channel.written.has_ascii()
    }

    /// The character is clean.
    fn stay(&self, mut h: Hypothesis, place: &Place, bytes: Option<Bytes>, step: &mut Step<'_>) {
        let folded = h.context.fold(place.c);
        let (mut cost, context) = self.stands.step_folded(h.context, folded);
        if !place.c.is_ascii() {
            // What is common in the language of the repaired text is so in clean text of that language.
            cost = cost.min(self.truth.step_folded(h.context, folded).0);
        }
        h.cost += cost.min(place.limit) + place.strange;
        h.cost += if place.c.is_ascii() { 0 } else { self.stay + self.foreign.price(place.c) };
        h.has_clean |= h.paid & ENTERED == 0 && self.is_spared(place.c, bytes);
        h.context = context;
        h.spell(place.c);
        step.keep(h, Action::Stay);
    }

    /// The character as bytes; `bytes` are what the reader has for it.
    fn take(&self, h: Hypothesis, place: &Place, bytes: Option<Bytes>, step: &mut Step<'_>) {
        let c = place.c;
        if self.is_apart(c) {
            return;
        }
        let utf8_first = self.channel.reader.is_utf8_first();
        if let Some(bytes) = bytes {
            let first = bytes.as_slice().first().copied().unwrap_or(0);
            if !(utf8_first && first >= 0x80 && would_fuse(h.lone, first)) {
                let mut taken = h;
                if self.habits.shy == Some(first) && c == '\u{ad}' {
                    taken.cost += restore::other_fate(h.paid, AD_SURVIVES);
                }
                if utf8_first {
                    taken.lone = [h.lone[1], if first >= 0x80 { first } else { 0 }];
                }
                self.push(taken, Action::Take(bytes), bytes.as_slice(), step);
            }
        }
        if utf8_first && !c.is_ascii() {
            let mut fused = h.plus(if c <= '\u{ff}' { weights::FUSED_LATIN } else { 0 });
            fused.lone = [0; 2];
            let mut buffer = [0; 4];
            self.push(fused, Action::TakeFused, c.encode_utf8(&mut buffer).as_bytes(), step);
        }
        self.take_what_it_stands_for(h, place, step);
        if let Some(fold) = self.dear.fold {
            self.unfold(h, c, fold, step);
        }
    }

    /// The bytes that a character is, sloppily.
    #[inline]
    pub(super) fn bytes_of(&self, c: char) -> Option<Bytes> {
        self.channel.reader.encoding().sloppy_bytes_of(c)
    }

    /// Feeds bytes; keeps what comes of it.
    #[inline]
    fn push(&self, mut h: Hypothesis, action: Action, bytes: &[u8], step: &mut Step<'_>) {
        h.is_next_guessed |= action.is_guess();
        step.ledger.tries += bytes.len();
        let fed = bytes.iter().try_fold(h, |h, &byte| self.feed(h, byte, step.at));
        if let Some(fed) = fed {
            step.keep(fed, action);
        }
    }

    /// Feeds a byte to the automaton; a complete character is priced.
    #[inline]
    fn feed(&self, mut h: Hypothesis, byte: u8, at: u32) -> Option<Hypothesis> {
        match self.channel.written.feed(h.pending, byte) {
            Fed::More(pending) => h.pending = pending,
            Fed::Char(c) if is_in_empty_plane(c) => return None,
            Fed::Char(c) => {
                // ASCII passes through every channel and must cost the same on both sides.
                let model = if c.is_ascii() { self.stands } else { self.truth };
                if is_mark(c)
                    && let Some((cost, context)) = model.step_mark(h.context, c)
                {
                    h.cost += cost;
                    h.context = context;
                    h.pending = Pending::NONE;
                    return Some(h);
                }
                let (mut cost, context) = model.step(h.context, c);
                if context.last() == h.context.last() && !is_letter(c) {
                    cost = cost.min(weights::REPEATED);
                }
                if !c.is_ascii() {
                    for cache in self.cache.into_iter().chain(self.own.at(at)) {
                        cost = cache.mix(&h.context, context.last(), cost, weights::CACHE_SHARE);
                    }
                }
                // The model knows a part of the ideographs; the others are as rare as each other.
                if is_ideograph(c) {
                    cost = cost.min(weights::UNKNOWN_IDEOGRAPH);
                }
                if c > '\u{ffff}' && self.channel.written == Encoding::CESU_8 {
                    cost = cost.min(weights::OF_HALVES);
                } else if c > '\u{ffff}' {
                    cost += if is_ideograph(c) { weights::ASTRAL } else { weights::BEYOND };
                }
                let last = char::from_u32(h.context.last()).unwrap_or(' ');
                if (last.is_ascii_lowercase() && is_of_another_alphabet(c))
                    || (c.is_ascii_alphabetic() && is_of_another_alphabet(last))
                {
                    cost += weights::STRANGER;
                }
                if is_han(c as u32) && is_han(h.context.before()) {
                    cost += match h.context.last() {
                        SPACE => weights::SPACE_IN_HAN,
                        // A byte that may end a pair.
                        0x40..=0x7e if self.channel.written != Encoding::BIG5 => 0,
                        0x40..=0x7e if h.context.is_capital() => weights::LETTER_IN_HAN / 2,
                        0x40..=0x7e => weights::LETTER_IN_HAN,
                        _ => 0,
                    };
                }
                // No word has a capital behind a small letter, but for names of Latin letters.
                if !is_latin(c) && c.is_uppercase() && is_letter(last) && !h.context.is_capital() {
                    cost += weights::CAPITAL_WITHIN;
                }
                h.cost += cost + h.price_of_dots(c);
                h.context = context;
                h.pending = Pending::NONE;
                h.spell(c);
            }
            Fed::Malformed => return None,
        }
        Some(h)
    }

    /// Cost of the window as it stands, up to each of its characters and to its end.
    pub(super) fn clean_costs(&self, window: &[char], context: Context) -> Vec<Cost> {
        let mut costs = clean_costs(self.stands, self.truth, window, context);
        self.add_foreign(window, &mut costs);
        costs
    }

    /// Adds what the characters of a window cost more because the language around has them not, to the costs up to each.
    pub(super) fn add_foreign(&self, window: &[char], costs: &mut [Cost]) {
        let mut more = 0;
        for (cost, &c) in costs.iter_mut().skip(1).zip(window) {
            more += self.foreign.price(c);
            *cost += more;
        }
    }
}

/// Whether a reader that tries UTF-8 first would have read `byte` together with the lone bytes before it.
fn would_fuse([first, second]: [u8; 2], byte: u8) -> bool {
    let is_trail = (0x80..=0xbf).contains(&byte);
    is_trail
        && ((0xc2..=0xdf).contains(&second)
            || ((0xe1..=0xef).contains(&first) && (0x80..=0xbf).contains(&second)))
}

#[cfg(test)]
mod tests {
    use super::super::assert_comes_back;
    use super::*;

    fn lattice(cache: Option<&Cache>) -> Lattice<'_> {
        let model = |tag| Model::named(tag).unwrap_or_else(|| panic!("no model of {tag}"));
        let channel = Channel { written: Encoding::GB18030, reader: Reader::WINDOWS_1252 };
        Lattice {
            channel,
            habits: Habits::of(channel),
            truth: model("zh-Hans"),
            stands: model(crate::language::ANY),
            cache,
            own: OwnWords::default(),
            dear: DearLosses::default(),
            enter: weights::ENTER + weights::NOT_UTF8,
            saved: 0,
            is_told: false,
            spared: 0,
            by_letters: None,
            stay: 0,
            foreign: Foreign::default(),
        }
    }

    fn actions(garbled: &str) -> Vec<Action> {
        let window: Vec<char> = garbled.chars().collect();
        let (path, _) = lattice(None).search(&window, Context::default());
        path.moves.iter().map(|step| step.action).collect()
    }

    const LOST: Action = Action::Insert(0xad);

    #[test]
    fn a_lost_ad_comes_back() {
        // 江 is BD AD.
        let garbled = "Í³Ò»Éç»áÐÅÓÃ´úÂë Æ½½\u{ad}ÏØ".replace('\u{ad}', "");
        let found = actions(&garbled);
        assert_eq!(found.iter().filter(|&&action| action == LOST).count(), 1, "{found:?}");
    }

    /// Python's decoders replace the first byte of a pair that they have nothing for, and read the second by itself, or
    /// replace both, one by one.
    #[test]
    fn bytes_of_pairs_that_were_replaced_one_by_one_come_back() {
        for (garbled, truth) in [
            ("豐ｳ豌ｴ蠕域\u{80}･\u{fffd}ｼ瑚飴莉雁､ｩ荳榊ｼ\u{80}", "河水很急，船今天不开"),
            ("驕r籀d\u{fffd}\u{fffd}o", "źródło"),
        ] {
            assert_eq!(crate::repair(garbled).text(), truth, "{garbled}");
        }
    }

    /// Of letters of UTF-8 a reader of pairs replaced every second one; the first ones of a text, too.
    #[test]
    fn letters_of_which_both_bytes_were_replaced_come_back() {
        for (garbled, truth) in [
            ("弌仂弍��舒仆亳亠 仆舒��亳仆舒亠������ 于亠��亠��仂仄.", "Собрание начинается вечером."),
            ("苤郋訇��訄郇邽迮 郇訄��邽郇訄迮������ 赲迮��迮��郋邾.", "Собрание начинается вечером."),
            (
                "�읩겉�棘劇 �꺫끦압닉먈� �꺫귂�棘劇, 逵 勻棘鈞勻��逵�됎겆둘귂곎� 勻筠�눺둘�棘劇.",
                "Паром уходит утром, а возвращается вечером.",
            ),
        ] {
            let repair = crate::repair(garbled);
            assert_eq!(repair.text(), truth, "{garbled}");
            for change in repair.changes() {
                assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
                assert!(!change.guessed.is_empty());
            }
        }
        // Of ideographs three bytes were lost, and what is left may be anything.
        let gone = "篌�莅�膾�荀�綏牙����雁��絎�罸����";
        assert_eq!(crate::repair(gone).text(), gone);
    }

    /// Readers of GBK have the euro sign for the byte 80, and for the pair A2 E3.
    #[test]
    fn characters_of_several_forms_come_back() {
        let chinese = "他不知道是什么人写的，船停在江边，可以上去。他在哪里。";
        let japanese = "アクセスの方法はここに書いた、また明日来てください";
        for (truth, forms) in [(chinese, &["80"][..]), (japanese, &["A2E3"])] {
            let (mut rest, mut found): (_, Vec<String>) = (truth.as_bytes(), Vec::new());
            while let Some((c, length)) = Reader::of(Encoding::GBK).next_char(rest) {
                found.extend((c == '€').then(|| Bytes::of(&rest[..length]).to_string()));
                rest = &rest[length..];
            }
            assert!(forms.iter().all(|form| found.iter().any(|found| found == form)), "{found:?}");
            assert_comes_back(truth, "utf-8", "gbk");
        }
    }

    /// What a reader has no character for is more than what the standard has controls for: ת ends in AA, á in A1.
    #[test]
    fn bytes_that_a_page_leaves_out_come_back() {
        for (truth, reader) in [
            ("הסירה קשורה אל העמוד, את המשוט שכחתי בבית.", "windows-1253"),
            ("Stará loď stála na rieke a čakala na ráno.", "windows-1257"),
            // Each letter of it is a first byte and one that is left out.
            ("Zastarané oprávnenia prístavu", "windows-1257"),
        ] {
            let garbled = super::super::garbled(truth, "utf-8", reader);
            assert!(garbled.contains('\u{fffd}'), "{garbled}");
            let repair = crate::repair(&garbled);
            assert_eq!(repair.text(), truth, "{garbled}");
            for change in repair.changes() {
                assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
            }
        }
    }

    /// The small я of MacCyrillic is the capital of windows-1251.
    #[test]
    fn no_capital_stands_behind_a_small_letter() {
        for reader in ["ibm866", "cp437", "macintosh", "windows-1256"] {
            for truth in ["потом она обняла всех и ушла", "вдоль берега тянулась тропа", "сын вязал сети"]
            {
                assert_comes_back(truth, "x-mac-cyrillic", reader);
            }
        }
    }

    /// `º` is a small letter without a capital: it stays among capitals. What stands as `?` within a sequence of UTF-8 was
    /// one of the bytes that the reader has no character for.
    #[test]
    fn capitals_and_question_marks_within_utf8_come_back() {
        let truth = "Паромщик стоит у реки.";
        let upper = Reader::LATIN_1.read(truth.as_bytes()).to_uppercase();
        assert!(upper.contains('º'));
        assert_eq!(crate::repair(&upper).text(), truth, "{upper}");
        let truth = "渡船停在江边要等候潮水。";
        let read = Reader::WINDOWS_1252.read(truth.as_bytes());
        let marked = read.replace(['\u{81}', '\u{8d}', '\u{8f}', '\u{90}', '\u{9d}'], "?");
        assert!(marked.contains('?'));
        assert_eq!(crate::repair(&marked).text(), truth, "{marked}");
    }

    /// Both bytes of 限 in Big5, and in GBK the last of 循 and the first of 環.
    #[test]
    fn two_bytes_that_were_lost_beside_each_other_come_back() {
        for (written, truth) in [
            (Encoding::BIG5, "本公司為有限公司，對於逾期的貨物概不負責，請於期限內提領。"),
            (Encoding::GBK, "水在河裡循環，船在港口等候潮水，明天早上再出發到上游的碼頭。"),
        ] {
            let garbled: String = written
                .encode(truth)
                .unwrap()
                .into_iter()
                .filter(|&byte| byte != 0xad)
                .map(char::from)
                .collect();
            let repair = crate::repair(&garbled);
            assert_eq!(repair.text(), truth);
            let change = &repair.changes()[0];
            assert_eq!(change.plan.invert(&change.after).as_ref(), Some(&change.before));
        }
    }

    /// 軍 is AD 78 in Big5: its second byte stands there as a letter.
    #[test]
    fn a_letter_alone_between_ideographs_is_the_rest_of_a_pair() {
        let truth = "海軍的船隻停在港口，陸軍的車輛在橋邊等候。";
        let bytes = Encoding::BIG5.encode(truth).unwrap();
        let garbled: String = bytes.into_iter().filter(|&byte| byte != 0xad).map(char::from).collect();
        assert!(garbled.contains('x'));
        assert_eq!(crate::repair(&garbled).text(), truth);
    }

    /// Of …… both bytes AD are lost: what stands there is an ideographic space.
    #[test]
    fn dots_that_became_an_ideographic_space_come_back_in_a_sentence_and_not_in_a_form() {
        let garble = |truth: &str| -> String {
            let bytes = Encoding::GBK.encode(truth).unwrap();
            bytes.into_iter().filter(|&byte| byte != 0xad).map(char::from).collect()
        };
        for truth in [
            "他说他不知道……也许明天会来。",
            "试了试新的渡船，它们很好用……",
            "船长、水手、船夫……。",
            "船号：江渡07　船长：周立江　泊位：三号",
            "第四条　渡船应当停靠在江岸的泊位。",
            "茶叶　大米　小麦　玉米",
            "船长签字：　　\n日期：　　",
        ] {
            assert_eq!(crate::repair(&garble(truth)).text(), truth);
        }
    }

    /// Who reads UTF-16 line by line replaces the odd byte at the end of a line, and leaves the line's end as it was.
    #[test]
    fn lines_of_utf16_are_apart() {
        let lines = ["Kwiaty rosną nad rzeką przy młynie.", "Wieczorem łódź stała już w przystani", "Koniec"];
        for reader in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
            let read = |line: &str| Reader::of(reader).read(line.as_bytes());
            let garbled: Vec<String> = lines.into_iter().map(read).collect();
            assert!(garbled.iter().any(|line| line.ends_with('\u{fffd}')), "{garbled:?}");
            let garbled = garbled.join("\n");
            let repair = crate::repair(&garbled);
            let repaired: Vec<&str> = repair.text().split('\n').collect();
            assert_eq!(repaired.len(), lines.len(), "{repaired:?}");
            for (repaired, line) in repaired.into_iter().zip(lines) {
                let odd = line.len() % 2;
                let is_same =
                    repaired == line || repaired.strip_suffix('\u{fffd}') == Some(&line[..line.len() - odd]);
                assert!(is_same, "{repaired:?} {line:?}");
            }
        }
    }

    #[test]
    fn a_survivor_forbids_the_loss() {
        // 浙江省江山市 without its two AD: what took them away would have taken that of 平江县, too.
        let losses = |garbled: &str| actions(garbled).iter().filter(|&&action| action == LOST).count();
        assert_eq!(losses("Õã½Ê¡½É½ÊÐ Æ½½ÏØ"), 3);
        assert_eq!(losses("Õã½Ê¡½É½ÊÐ Æ½½\u{ad}ÏØ"), 0);
    }

    #[test]
    fn the_costs_of_a_path_never_fall() {
        let window: Vec<char> = "é½½ÏØ - Ã© ½\u{ad}".chars().collect();
        let (path, _) = lattice(None).search(&window, Context::default());
        assert_eq!(path.costs.len(), path.moves.len());
        assert!(path.costs.is_sorted(), "{:?}", path.costs);
        let consumed = path.moves.iter().filter(|step| !matches!(step.action, Action::Insert(_))).count();
        assert_eq!(consumed, window.len());
    }

    #[test]
    fn nothing_comes_of_planes_without_characters() {
        // A digit on both sides of a lost AD makes a four-byte form of GB18030.
        for (few, many) in (1..9).flat_map(|few| (few + 1..10).map(move |many| (few, many))) {
            let truth = format!("无柄，长约{few}－{many}厘米，宽约{few}－{many}毫米；");
            let bytes = Encoding::GBK.encode(&truth).unwrap();
            let garbled: String = bytes.into_iter().filter(|&byte| byte != 0xad).map(char::from).collect();
            let repair = crate::repair(&garbled);
            assert!(!repair.text().chars().any(is_in_empty_plane), "{}", repair.text());
        }
    }

    #[test]
    fn clean_text_stays() {
        for text in ["déjà vu, señor", "© 2023 «œuvre»", "½ Ø 5 × 3 µm"] {
            assert!(actions(text).iter().all(|&action| action == Action::Stay), "{text}");
        }
    }
}
