//! Which of what looks strange is clean running text: it reads well in its own language, and what a reader makes of other
//! bytes does not.

use std::ops::Range;

use crate::language::words::{SHORTEST, known};
use crate::language::{Context, Cost, Languages, Model};

use super::languages::Fit;
use super::place::{beside, is_capital_within, is_control, is_latin, is_letter, is_out_of_place};
use super::spelling::{stands_right, word_at};
use super::{foreign, languages, weights};

/// Whether what looked strange is running Chinese text with a rare character in it. What a reader makes of other bytes
/// is at least half as dear again; but where it makes kana or syllables, the ideographs between them tell little.
pub(super) fn reads_as_chinese(core: &[char]) -> bool {
    let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    let is_mark = |c| matches!(c, '\u{b7}' | '\u{2010}'..='\u{203b}' | '\u{3000}'..='\u{3017}' | '\u{ff01}'..='\u{ff5e}');
    let han = core.iter().filter(|&&c| is_han(c)).count();
    han >= RUNNING_CHARS
        && core.iter().all(|&c| c.is_ascii() || is_han(c) || is_mark(c))
        && languages::models_of_text(core.iter().copied())
            .iter()
            .any(|model| cost_of(core, is_han, model) <= weights::RUNNING * han as Cost)
}

/// Whether what looked strange is running text of a language of another script than Latin, on the whole and piece by piece:
/// then only known words can tell of damage. What a reader makes of other bytes is dearer.
pub(super) fn reads_as_a_language(core: &[char]) -> bool {
    let count = core.iter().filter(|c| !c.is_ascii()).count();
    let is_list = count >= LIST_CHARS && !core.iter().any(|c| matches!(c, '\u{3041}'..='\u{30ff}'));
    count >= FEW_LETTERS
        && may_be_of_other_scripts(core)
        && languages::models_of_text(core.iter().copied().filter(|c| !c.is_ascii()))
            .iter()
            .any(|model| reads_well(&beyond_ascii(&spare(core, model, is_list), core), 0))
}

/// Whether the strange characters of a window of running text of such a language are of words that read well in it, and only
/// stand oddly: beside Latin words without a space, or as capitals.
pub(super) fn reads_as_the_text_around(spots: &[Range<usize>], chars: &[char]) -> bool {
    let counted = || chars.iter().copied().filter(|c| !c.is_ascii());
    let letters = counted().filter(|&c| is_letter(c)).count();
    // Such a sign or capital is damage whatever the word costs that it stands in.
    let is_no_letter_beside =
        |at: usize| (!is_letter(chars[at]) || is_capital_within(chars, at)) && is_out_of_place(chars, at);
    // Among more Latin words each letter of another script may be one of theirs.
    letters >= AMONG_LETTERS.max(chars.iter().filter(|c| c.is_ascii_alphabetic()).count() / 2)
        && may_be_of_other_scripts(chars)
        && !spots.iter().flat_map(Range::clone).any(is_no_letter_beside)
        && languages::models_of_text(counted()).iter().any(|model| {
            let spare = spare(chars, model, false);
            let is_of_language = |word: Range<usize>| {
                let slack = chars[word.clone()].iter().map(|&c| rare(c)).sum();
                chars[word.clone()].iter().all(|&c| may_be_of(c, model))
                    && reads_well(&beyond_ascii(&spare[word.clone()], &chars[word]), slack)
            };
            spare.iter().sum::<i64>() >= 0 && words_of(spots, chars).into_iter().all(is_of_language)
        })
}

/// Whether what is strange in a window of Latin letters is part of known words of a language that the text around is in, and
/// nothing else beyond ASCII there is strange to that language.
pub(super) fn reads_as_known_words(spots: &[Range<usize>], chars: &[char]) -> bool {
    let Some((first, languages)) = spots.first().zip(languages_of_words(spots, chars)) else { return false };
    let is_own = |at: usize| {
        chars[at].is_ascii()
            || stands_right(chars[at], beside(chars, at))
            || foreign::users_at(chars, at).is_some_and(|users| !users.and(languages).is_empty())
                && !is_capital_within(chars, at)
    };
    if languages.is_empty() || !(0..chars.len()).all(is_own) {
        return false;
    }
    let around = &chars[first.start.saturating_sub(AROUND)..chars.len().min(first.end + AROUND)];
    let fit = Fit::of(around);
    fit.is_language() && !fit.near(languages::FAR).and(languages).is_empty()
}

/// The languages that have all words that spots stand in; `None` if something else than letters of known words, and marks that
/// stand right, is strange, or no word is.
fn languages_of_words(spots: &[Range<usize>], chars: &[char]) -> Option<Languages> {
    let mut languages: Option<Languages> = None;
    let mut done = 0;
    for at in spots.iter().flat_map(Range::clone).filter(|&at| !chars[at].is_ascii()) {
        if at < done || stands_right(chars[at], beside(chars, at)) {
            continue;
        }
        let word =
            if is_latin(chars[at]) && is_letter(chars[at]) { word_at(chars, at) } else { return None };
        let known = known(&chars[word.clone()]).filter(|_| word.len() >= SHORTEST)?;
        done = word.end;
        languages = Some(languages.map_or(known.languages, |all| all.and(known.languages)));
    }
    languages
}

/// Spots with what stands beside them without ASCII between, each of these words once.
fn words_of(spots: &[Range<usize>], chars: &[char]) -> Vec<Range<usize>> {
    let is_beyond = |at: &usize| !chars[*at].is_ascii();
    let mut words: Vec<Range<usize>> = Vec::new();
    for spot in spots {
        let done = words.last().map_or(0, |word| word.end);
        if spot.end > done {
            let start = spot.start - (done.min(spot.start)..spot.start).rev().take_while(is_beyond).count();
            words.push(start..spot.end + (spot.end..chars.len()).take_while(is_beyond).count());
        }
    }
    words
}

/// Whether a text may be of another script than Latin: then it has no Latin letters beyond ASCII.
fn may_be_of_other_scripts(chars: &[char]) -> bool {
    let is_of_no_script =
        |c: char| is_latin(c) && is_letter(c) || c == char::REPLACEMENT_CHARACTER || is_control(c);
    !chars.iter().any(|&c| !c.is_ascii() && is_of_no_script(c))
}

/// What each character of a text may cost more in a language, nothing if it is ASCII; in a list of names ideographs may cost
/// more.
fn spare(chars: &[char], model: &Model, is_list: bool) -> Vec<i64> {
    let most = |c: char| match c {
        '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' if is_list => weights::LISTED,
        '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => weights::RUNNING,
        _ => weights::TYPICAL_LETTER,
    };
    let (mut context, mut before) = (Context::default(), ' ');
    let spare = |&c: &char| {
        let (cost, next) = model.step(context, c);
        // A Latin word before it says nothing of it.
        let cost = if before.is_ascii_alphanumeric() { cost.min(model.alone(c)) } else { cost };
        (context, before) = (next, c);
        match i64::from(most(c)) - i64::from(cost) {
            _ if c.is_ascii() => 0,
            spare if is_mark_of_text(c) => spare.max(0),
            spare => spare,
        }
    };
    chars.iter().map(spare).collect()
}

/// Those of the characters beyond ASCII.
fn beyond_ascii(spare: &[i64], chars: &[char]) -> Vec<i64> {
    spare.iter().zip(chars).filter(|(_, c)| !c.is_ascii()).map(|(&spare, _)| spare).collect()
}

/// Whether a character is no letter that a language does not have.
fn may_be_of(c: char, model: &Model) -> bool {
    c.is_ascii() || c >= '\u{2e80}' || !is_letter(c) || model.alone(c) <= weights::OF_LANGUAGE
}

/// What a character of a word that is rare in its language may cost more, as in names.
fn rare(c: char) -> i64 {
    i64::from(match c {
        _ if c.is_ascii() => 0,
        '\u{2e80}'.. => weights::RARE_WORD_OF_MANY,
        _ => weights::RARE_WORD,
    })
}

/// Whether this is a mark that text of any script has.
fn is_mark_of_text(c: char) -> bool {
    matches!(c, '\u{b0}' | '\u{b7}' | '\u{2010}'..='\u{203b}' | '\u{3000}'..='\u{3017}')
        || matches!(c, '\u{ff01}'..='\u{ff5e}') && !c.is_alphanumeric()
}

/// Whether characters that may cost so much more read well as a whole, and piece by piece.
fn reads_well(spare: &[i64], slack: i64) -> bool {
    let most = i64::from(2 * weights::TYPICAL_ONCE);
    spare.iter().sum::<i64>() + slack.min(most) >= 0
        && spare.windows(PIECE).all(|piece| piece.iter().sum::<i64>() + most >= 0)
}

/// Whether a window is in Chinese, with words of other alphabets or without.
pub(super) fn is_running_chinese(chars: &[char]) -> bool {
    let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    let han = chars.iter().filter(|&&c| is_han(c)).count();
    han >= RUNNING_CHARS
        && languages::models_of_text(chars.iter().copied().filter(|&c| is_han(c)))
            .iter()
            .any(|model| cost_of(chars, is_han, model) <= weights::RUNNING * han as Cost)
}

/// What those of some characters that are counted cost in a language, each in context.
pub(super) fn cost_of(chars: &[char], is_counted: impl Fn(char) -> bool, model: &Model) -> Cost {
    let mut context = Context::default();
    let mut total = 0;
    for &c in chars {
        let (cost, next) = model.step(context, c);
        context = next;
        total += if is_counted(c) { cost } else { 0 };
    }
    total
}

/// Ideographs from which on a text is known by its running.
const RUNNING_CHARS: usize = 16;

/// Characters from which on a text is known by its language, …
const FEW_LETTERS: usize = 8;
/// … and a list of names by that of its ideographs or syllables.
const LIST_CHARS: usize = 20;
/// Characters beyond ASCII among which a word is one of many.
const AMONG_LETTERS: usize = 16;
/// Characters on each side of a strange one that tell its language.
const AROUND: usize = 48;
/// Characters beyond ASCII of which each piece of a text must read well.
const PIECE: usize = 16;

#[cfg(test)]
mod tests {
    use super::super::{garbled, scan};
    use super::*;
    use crate::repair;

    #[test]
    fn latin_words_among_chinese_are_told_from_what_a_reader_of_pairs_makes() {
        let is_running = |text: &str| is_running_chinese(&text.chars().collect::<Vec<_>>());
        let text = "这个目录里的config和脚本都归小组管，改动之前请先在群里说一声，不要直接提交。";
        assert!(is_running(text));
        assert_eq!(repair(text).text(), text);
        let truth =
            "Während der Führung hörten wir über die Größe der Höhlen vieles, später auch über die Kälte.";
        let damaged = garbled(truth, "utf-8", "gbk");
        assert!(!is_running(&damaged));
        assert_eq!(repair(&damaged).text(), truth);
    }

    #[test]
    fn clean_text_of_other_scripts_reads_as_a_language_and_damaged_does_not() {
        let reads = |text: &str| reads_as_a_language(&text.chars().collect::<Vec<_>>());
        for text in [
            "Сторож ферми знайшов біля річки старий човен і відвіз його до млина.",
            "강가의 낡은 나룻배는 이제 아무도 타지 않고 물가에 묶여 있다.",
            "川の古い渡し船は、もう誰も乗らないまま岸につながれている。",
            "คนเฝ้าท่าเรือพบเรือเก่าลำหนึ่งอยู่ริมแม่น้ำ",
            "欧阳晓霞，尉迟志鹏，闻人雨桐，慕容晨曦，皇甫梓涵，司徒静怡",
        ] {
            assert!(reads(text), "{text}");
        }
        for (truth, written, reader) in [
            ("Сторож ферми знайшов біля річки старий човен.", "koi8-u", "windows-1251"),
            ("川の古い渡し船は、もう誰も乗らないまま岸につながれている。", "euc-jp", "gb18030"),
            ("강가의 낡은 나룻배는 이제 아무도 타지 않는다.", "euc-kr", "gbk"),
            ("คนเฝ้าท่าเรือพบเรือเก่า", "utf-8", "windows-874"),
        ] {
            let garbled = garbled(truth, written, reader);
            assert!(!reads(&garbled), "{garbled}");
        }
    }

    /// What is asked of the spots of a text, of which there must be some.
    fn asked(text: &str, of: fn(&[Range<usize>], &[char]) -> bool) -> bool {
        let bytes = scan::spots(text, 0..text.len());
        let at = |byte: usize| text[..byte].chars().count();
        let spots: Vec<Range<usize>> = bytes.into_iter().map(|spot| at(spot.start)..at(spot.end)).collect();
        assert!(!spots.is_empty(), "{text}");
        of(&spots, &text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn known_words_of_the_language_around_are_told_from_others() {
        for text in [
            "Die beiden Wege zum Ufer sind allesamt äquivalent, sagte der Mann.",
            "O barqueiro vende cobre, níquel e peixe no mercado da aldeia.",
        ] {
            assert!(asked(text, reads_as_known_words), "{text}");
        }
        for text in [
            // One letter is another; a letter that the language has not stands elsewhere; the text is in another language.
            "Die beiden Wege zum Ufer sind allesamt ñquivalent, sagte der Mann.",
            "Die beiden Wege zum Ufer sind allesamt äquivalent, sagte der Fõhrmann.",
            "The two paths to the old ferry are all the same, allesamt äquivalent, he said to them.",
        ] {
            assert!(!asked(text, reads_as_known_words), "{text}");
        }
    }

    #[test]
    fn words_that_stand_oddly_in_their_own_text_are_told_from_damaged_ones() {
        let reads = |text: &str| asked(text, reads_as_the_text_around);
        for text in [
            "배를 묶어 둔 말뚝이 낡았으니 ferry와 dock에서 새 말뚝과 밧줄을 받아 오세요.",
            "把ferry.dock为empty的船都停在上游，等水位退了再说，不要自己开走。",
            "Сторож пристани рассказал гостям басню, которую придумал Эзоп, и ушёл домой.",
        ] {
            assert!(reads(text), "{text}");
        }
        let part = |truth: &str, written: &str, reader: &str| garbled(truth, written, reader);
        for text in [
            format!("把船停在上游，{}，等水位退了再说，不要自己开走。", part("等到天亮", "utf-8", "gbk")),
            format!(
                "Сторож сказал: {} ушёл, и лёг спать до утра.",
                part("старый паром", "koi8-r", "windows-1251")
            ),
            "Ved brшnden stеr en gammel bеd, som ingen vil kшbe, fordi den er rеdden i bunden.".to_owned(),
        ] {
            let text = text.as_str();
            assert!(!reads(text), "{text}");
        }
    }

    #[test]
    fn a_damaged_part_of_clean_text_of_the_same_script_is_seen() {
        let clean =
            "船長說明天早上不開船，因為河裡的水太急。大家都在碼頭等著，孩子們在岸邊玩耍，老人在樹下喝茶。";
        let part = "木橋已經修好了，行人可以通過。";
        let damaged = garbled(part, "big5", "utf-16be");
        let (before, after) = (clean.repeat(2), clean.repeat(2));
        let text = format!("{before}{damaged}{after}");
        assert!(!reads_as_a_language(&text.chars().collect::<Vec<_>>()));
        assert_eq!(repair(&text).text(), format!("{before}{part}{after}"));
    }

    #[test]
    fn running_chinese_is_told_from_what_a_reader_makes_of_bytes() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        let truth = "垸内的鱼塘去年冬天清过一次淤，今年夏天雨水多，塘埂有两处渗漏，已经补好。";
        assert!(reads_as_chinese(&chars(truth)));
        for reader in ["gbk", "big5"] {
            assert!(!reads_as_chinese(&chars(&garbled(truth, "utf-8", reader))), "{reader}");
        }
        let japanese = "池の水は去年の冬に抜いたので、今年の夏は泥が少なかった。";
        assert!(!reads_as_chinese(&chars(&garbled(japanese, "euc-jp", "gbk"))));
    }
}
