//! `cargo xtask train [CORPORA]`: counts characters in context and writes `src/language/model.bin`.
//!
//! Absolute discounting (Ney, Essen, Kneser 1994) over trigrams, bigrams and single characters; the n-grams that
//! change the likelihood of the training text most are kept (relative entropy pruning, Stolcke 1998, one pass), the
//! others are reached by backing off. Same input, same bytes: counts are summed in sorted order, nothing is random.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use fixenc::language::table::{Entry, NO_UNIT, SLOT, fingerprint};
use fixenc::language::unit::{Case, SPACE, Unit, fold};
use fixenc::language::{MAGIC, PAGE, PAGES, UNSEEN};

use crate::packages::{Call, Done, Package};
use crate::project::write_or_check;
use crate::{Result, frequencies, fuse, lexicon, plausible, words};

/// Where the model stands, seen from the workspace root.
const MODEL: &str = "src/language/model.bin";
/// How much more an n-gram is worth that holds a character with the byte that gets lost most often: what stood there,
/// nothing but the model says. Chosen on the development text: of 1,000 lines of Big5 without that byte ten more come back.
const OF_LOST: f64 = 4.0;
/// Share of a count that is kept back for what was not seen.
const DISCOUNT: f64 = 0.75;
/// Characters of each language that enter the model of all languages.
const SHARE_OF_ALL: usize = 400_000;

/// N-grams kept for a language: most for those whose text is damaged most often, and as few for the others as tell them
/// apart.
fn budget(tag: &str) -> usize {
    match tag {
        "zh-Hans" => 198_000,
        "und" => 150_000,
        "ja" => 120_000,
        "zh-Hant" => 110_000,
        "ko" => 75_000,
        "zh-HK" => 10_000,
        _ => 6_500,
    }
}

/// Counts of one language. Keys are packed units; values are weights, whole numbers for running text.
#[derive(Default)]
pub struct Counts {
    pub single: HashMap<Unit, f64>,
    pub pair: HashMap<(Unit, Unit), f64>,
    pub triple: HashMap<(Unit, Unit, Unit), f64>,
}

impl Counts {
    /// Counts a line of running text, which begins and ends with a space.
    pub fn add_line(&mut self, line: &str) {
        // The ideographic spaces that indent a paragraph are layout.
        let line = line.trim_start_matches('\u{3000}');
        let (mut a, mut b) = (SPACE, SPACE);
        *self.pair.entry((SPACE, SPACE)).or_default() += 1.0;
        for c in line.chars().chain([' ']) {
            let c = fold(c, Case::None).unit;
            *self.single.entry(c).or_default() += 1.0;
            *self.pair.entry((b, c)).or_default() += 1.0;
            *self.triple.entry((a, b, c)).or_default() += 1.0;
            (a, b) = (b, c);
        }
    }

    /// Counts dots where a line has commas and full stops: letters and fiction, of which the text has little, set them
    /// there; and sentences behind the number of an article.
    pub fn add_dots(&mut self, line: &str) {
        let unit = |c| fold(c, Case::None).unit;
        let [dot, gap, article] = ['…', '　', '条'].map(unit);
        let units: Vec<Unit> = line.chars().map(unit).collect();
        for around in units.windows(4) {
            let &[a, b, mark, c] = around else { continue };
            if b == unit('0') {
                continue;
            }
            match char::from_u32(mark) {
                Some('，') => self.add_units(&[a, b, dot, dot, c], DOTS),
                Some('。') => {
                    self.add_units(&[a, b, dot, dot, c], DOTS);
                    self.add_units(&[article, gap, c], ARTICLES);
                }
                _ => {}
            }
        }
    }

    /// Counts a word behind an ideographic space.
    pub fn add_after_gap(&mut self, word: &str, weight: f64) {
        let gap = '　' as Unit;
        let units: Vec<Unit> = word.chars().map(|c| fold(c, Case::None).unit).collect();
        if let [first, second, ..] = units[..] {
            *self.single.entry(gap).or_default() += weight;
            *self.pair.entry((gap, first)).or_default() += weight;
            *self.triple.entry((gap, first, second)).or_default() += weight;
        }
    }

    /// Counts characters that stand beside each other; those at the borders are others'.
    fn add_units(&mut self, units: &[Unit], weight: f64) {
        for &inner in &units[1..units.len() - 1] {
            *self.single.entry(inner).or_default() += weight;
        }
        for pair in units.windows(2) {
            *self.pair.entry((pair[0], pair[1])).or_default() += weight;
        }
        for triple in units.windows(3) {
            *self.triple.entry((triple[0], triple[1], triple[2])).or_default() += weight;
        }
    }

    /// Counts what lies inside a word of a lexicon; its borders say nothing.
    pub fn add_word(&mut self, word: &str, weight: f64) {
        let units: Vec<Unit> = word.chars().map(|c| fold(c, Case::None).unit).collect();
        for &c in &units {
            *self.single.entry(c).or_default() += weight;
        }
        for pair in units.windows(2) {
            *self.pair.entry((pair[0], pair[1])).or_default() += weight;
        }
        for triple in units.windows(3) {
            *self.triple.entry((triple[0], triple[1], triple[2])).or_default() += weight;
        }
    }

    /// Gives characters that the text lacks a little weight.
    pub fn add_prior(&mut self, c: char, weight: f64) {
        *self.single.entry(fold(c, Case::None).unit).or_default() += weight;
    }
}

/// A smoothed, pruned model, ready to be written.
pub struct Trained {
    pub tag: String,
    pub characters: usize,
    /// For each character its cost in quarters of a bit, shifted, and whether n-grams end with it; the price of
    /// backing off in sixteenths.
    pub pages: Vec<(usize, [u8; PAGE * 2])>,
    pub entries: Vec<([Unit; 3], Entry)>,
}

fn bits(p: f64) -> f64 {
    -p.log2()
}

struct Smoothed {
    single: HashMap<Unit, f64>,
    /// Sorted by key; probability after the discount, and gain of keeping it in bits of the training text.
    pairs: Vec<((Unit, Unit), f64, f64)>,
    triples: Vec<((Unit, Unit, Unit), f64, f64)>,
    /// Of each kept pair its probability, for the price of backing off from a triple.
    pair_probability: HashMap<(Unit, Unit), f64>,
}

fn totals<C: std::hash::Hash + Eq + Copy>(grams: impl Iterator<Item = (C, f64)>) -> HashMap<C, (f64, f64)> {
    let mut sums: HashMap<C, (f64, f64)> = HashMap::new();
    for (context, n) in grams {
        let sum = sums.entry(context).or_default();
        sum.0 += n;
        sum.1 += n.min(1.0);
    }
    sums
}

fn smooth(counts: &Counts) -> Smoothed {
    let mut singles: Vec<_> = counts.single.iter().map(|(&c, &n)| (c, n)).collect();
    singles.sort_by_key(|s| s.0);
    let all: f64 = singles.iter().map(|s| s.1).sum();
    let single: HashMap<Unit, f64> = singles.iter().map(|&(c, n)| (c, n / all)).collect();

    let mut pairs: Vec<_> = counts.pair.iter().map(|(&k, &n)| (k, n)).collect();
    pairs.sort_by_key(|p| p.0);
    let pair_totals = totals(pairs.iter().map(|&((b, _), n)| (b, n)));
    let mut pair_probability = HashMap::new();
    let pairs = pairs
        .into_iter()
        .map(|((b, c), n)| {
            let (sum, kinds) = pair_totals[&b];
            let back = DISCOUNT * kinds / sum;
            let p = (n - DISCOUNT * n.min(1.0)) / sum + back * single[&c];
            pair_probability.insert((b, c), p);
            ((b, c), p, n * (bits(back * single[&c]) - bits(p)))
        })
        .collect();

    let mut triples: Vec<_> = counts.triple.iter().map(|(&k, &n)| (k, n)).collect();
    triples.sort_by_key(|t| t.0);
    let triple_totals = totals(triples.iter().map(|&((a, b, _), n)| ((a, b), n)));
    let triples = triples
        .into_iter()
        .map(|((a, b, c), n)| {
            let (sum, kinds) = triple_totals[&(a, b)];
            let back = DISCOUNT * kinds / sum;
            let lower = pair_probability[&(b, c)];
            let p = (n - DISCOUNT * n.min(1.0)) / sum + back * lower;
            // Against the pair itself, not against backing off: that price is one constant in the model.
            ((a, b, c), p, n * (bits(lower) - bits(p)).abs())
        })
        .collect();
    Smoothed { single, pairs, triples, pair_probability }
}

/// Keeps the `budget` n-grams with the greatest gain.
pub fn train(tag: &str, counts: &Counts, characters: usize, budget: usize) -> Trained {
    let Smoothed { single, mut pairs, mut triples, pair_probability } = smooth(counts);
    let lost: HashSet<Unit> = single.keys().copied().filter(|&unit| has_lost_byte(tag, unit)).collect();
    let worth = |units: &[Unit]| if units.iter().any(|unit| lost.contains(unit)) { OF_LOST } else { 1.0 };
    pairs.iter_mut().for_each(|((b, c), _, gain)| *gain *= worth(&[*b, *c]));
    triples.iter_mut().for_each(|((a, b, c), _, gain)| *gain *= worth(&[*a, *b, *c]));
    let mut gains: Vec<f64> =
        pairs.iter().map(|p| p.2).chain(triples.iter().map(|t| t.2)).filter(|&g| g > 0.0).collect();
    gains.sort_by(|a, b| b.total_cmp(a));
    let least = gains.get(budget).copied().unwrap_or(0.0);

    let kept_triples: Vec<_> = triples.iter().filter(|t| t.2 > least).collect();
    let mut has_children: HashMap<(Unit, Unit), (f64, f64)> = HashMap::new();
    for &&((a, b, c), p, _) in &kept_triples {
        let sums = has_children.entry((a, b)).or_default();
        sums.0 += p;
        sums.1 += pair_probability[&(b, c)];
    }
    let kept_pairs: Vec<_> =
        pairs.iter().filter(|p| p.2 > least || has_children.contains_key(&p.0)).collect();

    let entry = |p: f64, back_off: Option<&(f64, f64)>| Entry {
        quarters: (bits(p) * 4.0).round().clamp(0.0, 63.0) as u8,
        back_off: back_off.map(|&sums| (bits(left_over(sums)) * 3.0).round().clamp(0.0, 14.0) as u8),
    };
    let mut entries = Vec::new();
    let mut kept_after: HashMap<Unit, (f64, f64)> = HashMap::new();
    for &&((b, c), p, _) in &kept_pairs {
        let sums = kept_after.entry(b).or_default();
        sums.0 += p;
        sums.1 += single[&c];
        entries.push(([NO_UNIT, b, c], entry(p, has_children.get(&(b, c)))));
    }
    for &&((a, b, c), p, _) in &kept_triples {
        entries.push(([a, b, c], entry(p, None)));
    }
    Trained {
        tag: tag.to_owned(),
        characters,
        pages: pages(&single, &kept_after, &entries, least_share(tag, counts)),
        entries,
    }
}

/// Whether a character holds the byte that gets lost most often, the one that is a soft hyphen to a reader of single
/// bytes.
fn has_lost_byte(tag: &str, unit: Unit) -> bool {
    let encoding = match tag {
        "zh-Hans" => encoding_rs::GBK,
        "zh-Hant" => encoding_rs::BIG5,
        _ => return false,
    };
    let Some(c) = char::from_u32(unit) else { return false };
    let mut buffer = [0; 4];
    let (bytes, _, has_errors) = encoding.encode(c.encode_utf8(&mut buffer));
    !has_errors && bytes.contains(&0xad)
}

/// Price of backing off: what the kept continuations leave over, of the share that the shorter context gives them.
fn left_over((kept, lower): (f64, f64)) -> f64 {
    ((1.0 - kept).max(1e-4) / (1.0 - lower).max(1e-4)).min(1.0)
}

fn pages(
    single: &HashMap<Unit, f64>,
    kept_after: &HashMap<Unit, (f64, f64)>,
    entries: &[([Unit; 3], Entry)],
    least: f64,
) -> Vec<(usize, [u8; PAGE * 2])> {
    let ends_some: HashSet<Unit> = entries.iter().map(|&([_, _, c], _)| c).collect();
    let mut singles: Vec<_> = single.iter().map(|(&unit, &p)| (unit, p)).collect();
    singles.sort_by_key(|s| s.0);
    let mut pages: BTreeMap<usize, [u8; PAGE * 2]> = BTreeMap::new();
    let mut share: HashMap<usize, f64> = HashMap::new();
    for (unit, p) in singles {
        *share.entry(unit as usize / PAGE).or_default() += p;
        let (page, at) = (unit as usize / PAGE, unit as usize % PAGE * 2);
        let mut empty = [0; PAGE * 2];
        for slot in empty.chunks_mut(2) {
            slot[0] = UNSEEN;
        }
        let page = pages.entry(page).or_insert(empty);
        let quarters = (bits(p) * 4.0).round().clamp(0.0, 126.0) as u8;
        page[at] = quarters << 1 | u8::from(ends_some.contains(&unit));
        // Zero says that nothing begins with it.
        let back_off = kept_after.get(&unit).map(|&sums| (bits(left_over(sums)) * 16.0).round());
        page[at + 1] = back_off.map_or(0, |price| price.clamp(1.0, 255.0) as u8);
    }
    pages.retain(|page, _| share[page] >= least);
    pages.into_iter().collect()
}

/// Occurrences of a page of Unicode below which a model leaves it out: quotations of other scripts.
const LEAST_OF_PAGE: f64 = 100.0;

/// … as a share. The languages that write Han characters use all of theirs.
fn least_share(tag: &str, counts: &Counts) -> f64 {
    if matches!(tag, "zh-Hans" | "zh-Hant" | "zh-HK" | "ja" | "ko" | "und") {
        return 0.0;
    }
    let mut weights: Vec<f64> = counts.single.values().copied().collect();
    weights.sort_by(f64::total_cmp);
    LEAST_OF_PAGE / weights.iter().sum::<f64>()
}

/// Characters that a language's standards list, with the weight of a character that the text never showed.
fn priors(tag: &str) -> Vec<(char, f64)> {
    // Weights by the level of the standard: level 1 holds the characters in daily use.
    let (encoding, level_one, level_two) = match tag {
        "zh-Hans" => (encoding_rs::GBK, 0xB0..=0xD7, 0xD8..=0xF7),
        "zh-Hant" | "zh-HK" => (encoding_rs::BIG5, 0xA4..=0xC6, 0xC9..=0xF9),
        "ja" => (encoding_rs::EUC_JP, 0xB0..=0xCF, 0xD0..=0xF4),
        "ko" => (encoding_rs::EUC_KR, 0xB0..=0xC8, 0xCA..=0xFD),
        _ => return Vec::new(),
    };
    let mut priors = Vec::new();
    for lead in 0x81..=0xFEu8 {
        for trail in 0x40..=0xFEu8 {
            let bytes = [lead, trail];
            let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(&bytes) else {
                continue;
            };
            let mut chars = text.chars();
            let (Some(c @ ..='\u{ffff}'), None) = (chars.next(), chars.next()) else { continue };
            let weight = match (trail >= 0xA1, lead) {
                (true, l) if level_one.contains(&l) => 1.0,
                (true, l) if level_two.contains(&l) => 0.3,
                // The rows of punctuation, signs, fullwidth forms and kana.
                (true, 0xA1..=0xA5) => 4.0,
                (true, 0xA6..=0xA9) => 0.3,
                _ if ('\u{e000}'..='\u{f8ff}').contains(&c) => continue,
                _ => 0.03,
            };
            priors.push((c, weight));
        }
    }
    if tag == "zh-Hans" {
        // GB18030 reaches the whole of Unicode; Extension A and the rest of the first block turn up in names.
        priors.extend(('\u{3400}'..='\u{4dbf}').chain('\u{9fa6}'..='\u{9fff}').map(|c| (c, 0.01)));
    }
    priors
}

/// Punctuation and layout that the Chinese training text has less of than its kinds of text do: dots and dashes are
/// letters' and fiction's, and the ideographic space after the number of an article was taken for white space when
/// the corpus was made.
const MARKS: [(&str, f64); 11] = [
    ("……", 6000.0),
    ("　　", 900.0),
    ("0　", 600.0),
    ("总　　则", 30.0),
    ("附　　则", 30.0),
    ("——", 300.0),
    ("0－0", 300.0),
    ("0°C", 100.0),
    ("章　", 30.0),
    ("节　", 30.0),
    ("号　", 30.0),
];

/// What stands behind an ideographic space in a form, on a certificate or below a letter: names of fields and of people,
/// with the weight of each. The training text has next to no forms.
const FIELDS: &str = "姓名 性别 年龄 民族 出生 籍贯 住址 住所 地址 职业 职务 学历 文化程度 身份证 单位 部门 科室 床号 诊断 \
    电话 联系人 邮编 传真 日期 时间 年 月 日 共 第 编号 案号 文号 证号 号码 名称 类型 性质 等级 规格 型号 数量 单价 金额 合计 总计 \
    甲方 乙方 丙方 合同 委托 原告 被告 上诉人 申请人 被申请人 负责人 法定代表人 代理人 经办人 审核 制表 签字 盖章 所有权人 使用权人 \
    面积 用途 用法 权利 注册 登记 经营 成立 有效期 发证 开户 账号 税号 付款 收款 备注 附件 执行 审判长 书记员 主任 院长 局长 \
    王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 程 曹 袁 邓 许 沈 曾 彭 吕";
const FIELD: f64 = 60.0;

/// Weight of all words of the dictionary together behind an ideographic space: in lists and forms it parts words.
const AFTER_GAP: f64 = 8000.0;

/// How often, for each comma and full stop of the text, dots stand in its place.
const DOTS: f64 = 0.03;
/// … and for each full stop, an article of a law begins behind it.
const ARTICLES: f64 = 0.01;

/// Signs of technical, commercial and typographic text, which running prose lacks; with their weight in the model of
/// all text no one of them is rarer than one in 2^15 characters.
fn signs() -> impl Iterator<Item = (char, f64)> {
    let latin = ('\u{a1}'..='\u{ff}').filter(|&c| c != '\u{ad}');
    let high = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".chars();
    let others = ('\u{2190}'..='\u{21ff}').chain('\u{2200}'..='\u{22ff}').chain('\u{2500}'..='\u{25ff}');
    let ascii = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".chars().map(|c| (c, 4000.0));
    ascii.chain(
        latin
            .chain(high)
            .map(|c| (c, 400.0))
            .chain(others.map(|c| (c, 20.0)))
            .chain(('\u{100}'..='\u{7ff}').map(|c| (c, 20.0)))
            .chain(('\u{300}'..='\u{36f}').map(|c| (c, 400.0)))
            .chain([('\u{a0}', 2000.0)]),
    )
}

/// Weight of a list of letters in the model of all text: as if each language's stood there so often.
const LETTERS: f64 = 150.0;
/// Share of the characters of a text that a letter has at least if it is one of its language.
const LEAST_OF_LETTER: f64 = 1e-4;

/// The letters beyond ASCII of a language that is written in Latin letters, as they are listed: in the order of their
/// code points, without and with spaces, and those of each base letter.
fn letters(counts: &Counts) -> Vec<String> {
    let all: f64 = counts.single.values().sum();
    let mut letters: Vec<char> = counts
        .single
        .iter()
        .filter(|&(_, &n)| n >= all * LEAST_OF_LETTER)
        .filter_map(|(&unit, _)| char::from_u32(unit))
        .filter(|&c| ('\u{df}'..'\u{250}').contains(&c) && c.is_alphabetic())
        .collect();
    letters.sort_unstable();
    let mut lists = vec![letters.iter().collect(), letters.iter().flat_map(|&c| [c, ' ']).collect()];
    let base = |c: char| {
        let mut first = None;
        unicode_normalization::char::decompose_canonical(c, |part| first = first.or(Some(part)));
        first
    };
    for vowel in "aeiouyn".chars() {
        lists.push(letters.iter().copied().filter(|&c| base(c) == Some(vowel)).collect());
    }
    lists
}

/// One input of the training.
pub struct Corpus {
    pub tag: String,
    pub text: String,
}

/// Trains all languages and the model of all text; returns the bytes of the model file.
pub fn model_file(corpora: &[Corpus], lexicon: &[(String, f64)], description: &str) -> Vec<u8> {
    let mut models = Vec::new();
    let mut every = Counts::default();
    let mut every_characters = 0;
    for corpus in corpora {
        let mut counts = Counts::default();
        let characters = corpus.text.chars().count();
        let stride = characters.div_ceil(SHARE_OF_ALL);
        for (number, line) in corpus.text.lines().enumerate() {
            counts.add_line(line);
            if corpus.tag == "zh-Hans" {
                counts.add_dots(line);
            }
            if number % stride == 0 {
                every.add_line(line);
                every_characters += line.chars().count();
            }
        }
        if corpus.tag == "zh-Hans" {
            for (mark, weight) in MARKS {
                counts.add_word(mark, weight);
            }
            for name in FIELDS.split_whitespace() {
                counts.add_word(&format!("　{name}"), FIELD);
            }
            let all: f64 = lexicon.iter().map(|(_, weight)| weight).sum();
            for (word, weight) in lexicon {
                counts.add_word(word, *weight);
                counts.add_after_gap(word, weight / all * AFTER_GAP);
            }
        }
        for list in letters(&counts) {
            every.add_word(&list, LETTERS);
        }
        for (c, weight) in priors(&corpus.tag) {
            counts.add_prior(c, weight);
        }
        models.push(train(&corpus.tag, &counts, characters, budget(&corpus.tag)));
    }
    for (c, weight) in signs() {
        every.add_prior(c, weight);
    }
    models.insert(0, train("und", &every, every_characters, budget("und")));
    write(&models, description)
}

fn write(models: &[Trained], sources: &str) -> Vec<u8> {
    let mut shared: Vec<usize> = models.iter().flat_map(|m| m.pages.iter().map(|p| p.0)).collect();
    shared.sort_unstable();
    shared.dedup();

    let mut head = String::from(sources);
    for m in models {
        let _ = writeln!(head, "{} characters {} n-grams {}", m.tag, m.characters, m.entries.len());
    }
    let mut file = MAGIC.to_vec();
    file.extend(head.bytes());
    file.push(0);
    file.extend((models.len() as u32).to_le_bytes());
    file.extend((shared.len() as u32).to_le_bytes());
    for page in 0..PAGES {
        let number = shared.binary_search(&page).map_or(0, |at| at + 1) as u16;
        file.extend(number.to_le_bytes());
    }
    for model in models {
        write_model(&mut file, model, &shared);
    }
    file
}

fn write_model(file: &mut Vec<u8>, model: &Trained, shared: &[usize]) {
    let keys: Vec<_> = model.entries.iter().map(|&(k, e)| (k, e.to_bits())).collect();
    let (geometry, slots) = fuse::build(&keys, fingerprint);
    let mut tag = [0; 8];
    tag[..model.tag.len()].copy_from_slice(model.tag.as_bytes());
    file.extend(tag);
    file.extend((model.pages.len() as u32).to_le_bytes());
    file.extend(geometry.seed.to_le_bytes());
    file.extend(geometry.segment_length.to_le_bytes());
    file.extend(geometry.segment_count.to_le_bytes());
    for page in shared {
        let own = model.pages.binary_search_by_key(page, |p| p.0).map_or(0, |at| at + 1) as u16;
        file.extend(own.to_le_bytes());
    }
    for (_, page) in &model.pages {
        file.extend(page);
    }
    for slot in slots {
        file.extend(&slot.to_le_bytes()[..SLOT]);
    }
}

/// `cargo xtask train [CORPORA] [--check] [--from DIR]`; DIR holds the packages of the lexicon.
pub(crate) fn run(arguments: &[String]) -> Result {
    let call = Call::parse(arguments)?;
    let corpora = match &call.rest[..] {
        [] => crate::project::shared().join("corpora/train"),
        [folder] => PathBuf::from(folder),
        [_, word, ..] => return Err(format!("unknown argument {word}").into()),
    };
    let missing = if corpora.is_dir() {
        call.missing(&[&lexicon::DICTIONARY, &lexicon::PLACES, &frequencies::LISTS, &frequencies::GERMAN])
    } else {
        Some(format!(
            "the training text is not part of the repository, and there is none at {}",
            corpora.display()
        ))
    };
    match missing {
        Some(reason) if call.check => {
            println!("train: SKIPPED, {reason}");
            return Ok(());
        }
        Some(reason) => return Err(reason.into()),
        None => {}
    }
    let texts = read_corpora(&corpora)?;
    let file = model_file(&texts, &lexicon::words(&call.store)?, &sources(&corpora)?);
    let files = BTreeMap::from([
        (MODEL.to_owned(), file),
        (plausible::TABLE.to_owned(), plausible::table(&texts, &call.store)?),
        (words::TABLE.to_owned(), words::table(&texts, &call.store)?),
    ]);
    write_or_check(&files, call.check, "cargo xtask train")?;
    for (name, bytes) in files {
        println!("train: {name} is what the text gives, {} bytes", bytes.len());
    }
    Ok(())
}

/// The head of the model file: what it was made from, under which licences.
fn sources(corpora: &Path) -> Done<String> {
    let mut head = String::from("@generated by cargo xtask train\n");
    for package in [lexicon::DICTIONARY, lexicon::PLACES] {
        let Package { name, version, sha256, licence, .. } = package;
        writeln!(head, "lexicon of zh-Hans: {name} {version}, licence {licence}, sha256 {sha256}")?;
    }
    let list: serde_json::Value = serde_json::from_slice(&std::fs::read(corpora.join("sources.json"))?)?;
    for (language, sources) in list["langs"].as_object().ok_or("sources.json has no langs")? {
        for source in sources.as_array().ok_or("a language of sources.json has no list")? {
            let text = |key: &str| source[key].as_str().unwrap_or("not stated").to_owned();
            writeln!(head, "text of {language}: {} | {}", text("source"), text("licence"))?;
        }
    }
    Ok(head)
}

/// Reads `<tag>.txt` for every language in `folder`, sorted by tag.
fn read_corpora(folder: &Path) -> Done<Vec<Corpus>> {
    let mut corpora = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "txt") {
            let tag = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            corpora.push(Corpus { tag, text: std::fs::read_to_string(&path)? });
        }
    }
    corpora.sort_by(|a, b| a.tag.cmp(&b.tag));
    Ok(corpora)
}
