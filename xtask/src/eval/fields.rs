//! The fields of a report against its truth file.

use serde_json::Value;

use crate::Result;
use crate::corpus::Truth;

/// Right fields out of those that are in the truth or were read.
pub(super) struct Count {
    pub(super) right: usize,
    pub(super) total: usize,
}

/// Extracts the record of `text` and compares it with `truth`, field by field.
pub(super) fn count(text: &str, truth: &Truth) -> Result<Count> {
    let record = serde_json::to_value(fixenc::record::extract(text, &[]))?;
    let mut count = Count { right: 0, total: 0 };
    for (name, wanted) in &truth.fields {
        let wanted = plain(wanted);
        let found = record.get("fields").and_then(|fields| fields.get(name));
        let found = found.map(|field| plain(field.get("value").unwrap_or(field))).unwrap_or_default();
        if wanted.is_empty() && found.is_empty() {
            continue;
        }
        count.total += 1;
        count.right += usize::from(wanted == found);
    }
    Ok(count)
}

/// A value without white space and without trailing zeros of amounts; empty for what is not there.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Object(amount) => match amount.get("amount") {
            Some(number) => plain_number(&plain(number)),
            None => String::new(),
        },
        Value::String(text) => text.split_whitespace().collect(),
        other => other.to_string(),
    }
}

fn plain_number(number: &str) -> String {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        number.to_owned()
    }
}
