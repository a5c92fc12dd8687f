//! One line of the co-process: from request to answer.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fixenc::record::{self, Record};
use fixenc::recover::{TextBlocks, read_record};
use fixenc::report::{Diagnostic, RepairedSpan, UndecidedSpan};
use fixenc::{Repair, Repairer};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::parallel::guarded;

/// The keys that are ours; all others come back as they are.
const IN: [&str; 7] =
    ["text", "bytes", "want", "language", "assume_garbled", "only_lines_with", "skip_lines_with"];
const OUT: [&str; 7] = ["text", "encoding", "repairs", "undecided", "diagnostics", "record", "error"];

/// The answer to a line, as one line without its end.
pub(super) fn answer(line: &[u8]) -> Vec<u8> {
    // Bytes that are no UTF-8 cannot be JSON; the rest of the line is still good for the `id`.
    let text = String::from_utf8_lossy(line);
    let object: Object<'_> = match serde_json::from_str(&text) {
        Ok(object) => object,
        Err(error) => return refusal(&format!("not a JSON object: {error}")),
    };
    let result = match text {
        Cow::Owned(_) => Err("the line is not UTF-8".to_owned()),
        Cow::Borrowed(_) => {
            guarded(|| Request::read(&object).and_then(|request| request.serve())).unwrap_or_else(Err)
        }
    };
    let answer = result.unwrap_or_else(|error| Answer { error: Some(error), ..Answer::default() });
    write(&object, &answer)
}

/// The answer to a line that cannot even be read for its `id`.
pub(super) fn refusal(error: &str) -> Vec<u8> {
    let answer = Answer { error: Some(error.to_owned()), ..Answer::default() };
    let mut bytes = b"{\"id\":null,".to_vec();
    append(&mut bytes, &answer);
    bytes
}

/// A JSON object with its values unread, in the order of the line.
struct Object<'l>(Vec<(Cow<'l, str>, &'l RawValue)>);

impl<'de: 'l, 'l> Deserialize<'de> for Object<'l> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    entries.push((Cow::Owned(key), map.next_value()?));
                }
                Ok(entries)
            }
        }
        deserializer.deserialize_map(Entries).map(Object)
    }
}

impl<'l> Object<'l> {
    /// The value of a key; of the last one, if it is there twice, as JSON parsers do.
    fn get(&self, key: &str) -> Option<&'l RawValue> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| *value)
    }

    /// The value of a key, read as what it should be.
    fn read<T: Deserialize<'l>>(&self, key: &str, what: &str) -> Result<Option<T>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        serde_json::from_str(value.get()).map(Some).map_err(|e| format!("`{key}` is not {what}: {e}"))
    }
}

#[derive(Default)]
struct Want {
    repair: bool,
    detect: bool,
    record: bool,
}

struct Request {
    input: Input,
    want: Want,
    repairer: Repairer,
}

enum Input {
    Text(String),
    Bytes(Vec<u8>),
}

#[derive(Default, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "is_error")]
    encoding: Encoding,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repairs: Option<Vec<RepairedSpan>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    undecided: Vec<UndecidedSpan>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<Diagnostic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Record>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// `null` for text and for bytes that are no text; not there in an error.
#[derive(Default, Serialize)]
#[serde(untagged)]
enum Encoding {
    #[default]
    Error,
    None,
    Is(&'static str),
}

fn is_error(encoding: &Encoding) -> bool {
    matches!(encoding, Encoding::Error)
}

impl Request {
    fn read(object: &Object<'_>) -> Result<Self, String> {
        let text: Option<String> = object.read("text", "a string")?;
        let bytes: Option<Cow<'_, str>> = object.read("bytes", "a string of base64")?;
        let input = match (text, bytes) {
            (Some(text), None) => Input::Text(text),
            (None, Some(code)) => {
                let bytes = STANDARD.decode(code.as_bytes());
                Input::Bytes(bytes.map_err(|e| format!("`bytes` is not base64: {e}"))?)
            }
            (Some(_), Some(_)) => return Err("both `text` and `bytes` are there".to_owned()),
            (None, None) => return Err("neither `text` nor `bytes` is there".to_owned()),
        };
        let language: Option<String> = object.read::<Option<String>>("language", "a string")?.flatten();
        let garbled = object.read("assume_garbled", "true or false")?.unwrap_or(false);
        let lines = |key| object.read::<Vec<String>>(key, "a list of strings").map(Option::unwrap_or_default);
        let repairer = Repairer::new()
            .assume_garbled(garbled)
            .language(language.as_deref())
            .only_lines_with(&lines("only_lines_with")?)
            .skip_lines_with(&lines("skip_lines_with")?);
        Ok(Self { input, want: Want::read(object)?, repairer })
    }

    fn serve(self) -> Result<Answer, String> {
        let mut answer = Answer { encoding: Encoding::None, ..Answer::default() };
        let text = match self.input {
            Input::Text(text) => text,
            Input::Bytes(bytes) => match decode(&bytes, self.want.detect, &mut answer) {
                Some(text) => text,
                None => return Ok(answer),
            },
        };
        if self.want.repair {
            let repair = self.repairer.repair(&text);
            answer.repairs = Some(repair.changes().iter().map(|c| RepairedSpan::new(c, 0)).collect());
            answer.undecided = repair.undecided().iter().map(|u| UndecidedSpan::new(u, 0)).collect();
            answer.record = self.want.record.then(|| read_record(&repair));
            answer.text = Some(Repair::into_text(repair).into_owned());
        } else {
            answer.record = self.want.record.then(|| record::extract(&text, &[]));
            answer.text = Some(text);
        }
        Ok(answer)
    }
}

impl Want {
    fn read(object: &Object<'_>) -> Result<Self, String> {
        let Some(asked) = object.read::<Vec<Cow<'_, str>>>("want", "a list of words")? else {
            return Ok(Self { repair: true, ..Self::default() });
        };
        let mut want = Self::default();
        for word in asked {
            match word.as_ref() {
                "repair" => want.repair = true,
                "detect" => want.detect = true,
                "record" => want.record = true,
                other => return Err(format!("`want` may hold repair, detect and record; found {other:?}")),
            }
        }
        Ok(want)
    }
}

/// The text of some bytes; `None` if they are none.
fn decode(bytes: &[u8], with_confidence: bool, answer: &mut Answer) -> Option<String> {
    let mut blocks = TextBlocks::new(None);
    blocks.feed(bytes);
    blocks.finish();
    let text: String = std::iter::from_fn(|| blocks.next_block()).collect();
    answer.diagnostics.extend(blocks.malformed().map(|m| m.diagnostic()));
    let candidate = blocks.encoding()?;
    answer.encoding = Encoding::Is(candidate.encoding);
    answer.confidence = with_confidence.then_some(candidate.confidence);
    Some(text)
}

/// The unknown keys as they came, then ours.
fn write(object: &Object<'_>, answer: &Answer) -> Vec<u8> {
    let mut bytes = b"{".to_vec();
    for (key, value) in &object.0 {
        if IN.contains(&key.as_ref()) || OUT.contains(&key.as_ref()) {
            continue;
        }
        serde_json::to_writer(&mut bytes, key).unwrap_or_default();
        bytes.push(b':');
        bytes.extend_from_slice(value.get().as_bytes());
        bytes.push(b',');
    }
    append(&mut bytes, answer);
    bytes
}

/// Adds the members of `answer` to an object that was begun, and ends it. An answer is never without members.
fn append(bytes: &mut Vec<u8>, answer: &Answer) {
    let own = serde_json::to_vec(answer).unwrap_or_default();
    bytes.extend_from_slice(own.strip_prefix(b"{").unwrap_or(b"\"error\":\"internal error\"}"));
}
