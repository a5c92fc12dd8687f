//! Places against the table of divisions: what the subject's code says about where it is, and whether the name says so too.
//!
//! A lost byte can turn the name of a county into other characters that decode well (黔江区 into 墙区). The code, whose
//! digits no such loss touches, still says which county it is.

use super::doubt::Doubts;
use super::layout::is_ideograph;
use super::region::{self, Region};
use super::uscc::{self, Status};
use super::{Field, Warning};

/// Fields that begin with the name of a place.
const PLACED: &[&str] = &["org_name", "domicile", "sponsor", "online_name"];
/// What a name is worth that begins with no known place.
const UNKNOWN_PLACE: f64 = 0.4;
/// What a restored name is worth that does not fit the code.
const GUESS_ELSEWHERE: f64 = 0.5;

/// Words that end as names of divisions do and are none.
const COMMON: &[&str] = &[
    "社区",
    "园区",
    "新区",
    "小区",
    "校区",
    "景区",
    "城区",
    "库区",
    "矿区",
    "林区",
    "牧区",
    "地区",
    "辖区",
    "山区",
    "灌区",
    "厂区",
    "军区",
    "分区",
    "特区",
    "郊区",
    "院区",
    "港区",
    "街区",
    "片区",
    "病区",
    "战区",
    "湖区",
    "库区",
    "垦区",
    "禁区",
    "开区",
    "发区",
    "范区",
    "理区",
    "护区",
    "治区",
    "税区",
    "验区",
    "作区",
    "游区",
    "业区",
    "假区",
    "中区",
    "示范县",
    "全县",
    "本县",
];
/// What such a word begins with when it is no name.
const NOT_A_NAME: [char; 12] = ['本', '该', '全', '各', '我', '省', '市', '县', '区', '中', '共', '与'];

/// Compares the names with the division of the code.
pub(super) fn compare(
    fields: &mut [(&'static str, Field)],
    doubts: &Doubts<'_>,
    warnings: &mut Vec<Warning>,
) {
    let code =
        fields.iter().find(|(name, _)| *name == "uscc").map(|(_, field)| field.value.to_plain_string());
    let code = code.map(|code| uscc::verdict(&code)).filter(|code| code.status == Status::Valid);
    let region = code.and_then(|code| region::find(&code.canonical[2..8]));
    for (name, field) in fields.iter_mut().filter(|(name, _)| PLACED.contains(name)) {
        let value = field.value.to_plain_string();
        if value.chars().count() < 4 {
            continue;
        }
        let is_guess =
            doubts.confidence(&(field.start..field.end)).is_some() && field.evidence.contains(&"guessed");
        match verdict(&value, region) {
            Verdict::Confirmed => field.evidence.push("region_of_code"),
            Verdict::Unknown(place) => {
                let hint = region
                    .map(|region| format!("; the code says {}", region.full_name()))
                    .unwrap_or_default();
                let message = format!("{place} is no known division{hint}");
                if is_guess || region.is_some() {
                    field.confidence = field.confidence.min(UNKNOWN_PLACE);
                    warnings.push(Warning { kind: "unknown_region_name", message, field: Some(name) });
                }
            }
            Verdict::Elsewhere if is_guess => {
                let place = region.map(|region| region.full_name()).unwrap_or_default();
                let message = format!("restored as {value}; the code says {place}");
                field.confidence = field.confidence.min(GUESS_ELSEWHERE);
                warnings.push(Warning { kind: "region_mismatch", message, field: Some(name) });
            }
            Verdict::Elsewhere | Verdict::Nothing => {}
        }
    }
}

enum Verdict {
    /// The name has the division of the code, or the one above it.
    Confirmed,
    /// The name begins with what looks like a division and is none.
    Unknown(String),
    /// The name has nothing of the code's division.
    Elsewhere,
    Nothing,
}

fn verdict(value: &str, region: Option<Region>) -> Verdict {
    let Some(region) = region.filter(|region| region.code != "100000") else {
        return match division_at(value) {
            Some(place) if !region::has_name_ending("", place) => Verdict::Unknown(place.to_owned()),
            _ => Verdict::Nothing,
        };
    };
    let is_county = !region.code.ends_with("00");
    if has_name(value, region) && region.is_named_place() {
        return Verdict::Confirmed;
    }
    let rest = without_province_and_city(value, region);
    if let Some(place) = division_at(rest)
        && !region::has_name_ending(&region.code[..2], place)
        && (rest.len() < value.len() || !region::has_name_ending("", place))
    {
        return Verdict::Unknown(place.to_owned());
    }
    let is_above = rest.len() < value.len();
    match (is_above, is_county) {
        (true, false) => Verdict::Confirmed,
        (true, true) => Verdict::Nothing,
        (false, _) => Verdict::Elsewhere,
    }
}

/// The name of the division, also without its last character (如东 for 如东县).
fn has_name(value: &str, region: Region) -> bool {
    region.names().any(|name| {
        let stem = name.strip_suffix(['县', '市', '区', '旗', '省']).filter(|stem| stem.chars().count() >= 2);
        value.contains(name) || stem.is_some_and(|stem| value.contains(stem))
    })
}

/// What follows the names of the code's province and prefecture.
fn without_province_and_city(value: &str, region: Region) -> &str {
    let mut rest = value;
    for digits in [2, 4] {
        let above = region::find(&format!("{:0<6}", &region.code[..digits]));
        let names = above.into_iter().filter(Region::is_named_place).flat_map(|above| above.names());
        for name in names {
            let stem = name.strip_suffix(['省', '市']).unwrap_or(name);
            if let Some(after) = rest.strip_prefix(name).or_else(|| rest.strip_prefix(stem)) {
                rest = after;
                break;
            }
        }
    }
    rest
}

/// The short name of a county-level division that the text seems to begin with, without a city before it.
fn division_at(text: &str) -> Option<&str> {
    const LONGEST: usize = 6;
    let (at, last) = text.char_indices().take(LONGEST).find(|(_, it)| matches!(it, '县' | '区'))?;
    let whole = &text[..at + last.len_utf8()];
    let place = whole.rsplit_once(['市', '省', '盟']).map_or(whole, |(_, place)| place);
    let is_common = COMMON.iter().any(|word| place.ends_with(word));
    let is_plain = place.chars().all(is_ideograph) && !place.starts_with(NOT_A_NAME);
    (place.chars().count() >= 2 && !is_common && is_plain).then_some(place)
}
