//! `fixenc extract`.

use std::collections::BTreeMap;
use std::sync::Mutex;

use fixenc::recover::recover_each;
use fixenc::report::{Document, EntryName};
use serde::Serialize;
use serde_json::Value;

use crate::args::{ExtractArgs, Format};
use crate::exit_code::{Exit, Stop};
use crate::input::{self, Broken, Input};
use crate::json::JsonPath;
use crate::per_input::{self, Outcome};
use crate::terminal::Out;

/// The record of one document.
#[derive(Serialize)]
pub(crate) struct RecordLine<'l> {
    pub(crate) v: u32,
    pub(crate) path: JsonPath<'l>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) entry: &'l [EntryName],
    #[serde(flatten)]
    pub(crate) record: &'l fixenc::record::Record,
}

pub(crate) fn run(args: &ExtractArgs) -> Result<Exit, Stop> {
    let options = args.repair.recover_options().record(true);
    let inputs = input::collect(&args.input)?;
    let mut out = Out::new();
    let pretty = out.look().terminal && !args.input.json;
    // Rows wait here, by input, until all columns are known.
    let rows: Mutex<BTreeMap<usize, Vec<Row>>> = Mutex::default();
    let order: BTreeMap<_, _> =
        inputs.iter().enumerate().filter_map(|(at, i)| Some((&i.as_ref().ok()?.path, at))).collect();
    let json = args.format == Format::Json;
    let exit = per_input::each_of(
        &inputs,
        &args.input,
        json,
        &mut out,
        |input, outcome| {
            let mut of_input = Vec::new();
            each_document(input, outcome, json, &options, |outcome, document| {
                let Some(record) = &document.record else {
                    let is_told = document.diagnostics.iter().any(|d| d.kind.is_failure());
                    if input.named && document.path.is_empty() && !is_told {
                        outcome.notes.push(format!("{}: no text, so no record", input.path.display()));
                    }
                    return;
                };
                let path = JsonPath(&input.path);
                let v = fixenc::report::SCHEMA_VERSION;
                let line = RecordLine { v, path, entry: &document.path, record };
                match (json, pretty) {
                    (false, _) => of_input.push(Row::new(input, &line)),
                    (true, true) => outcome.page.pretty_json(&line),
                    (true, false) => outcome.page.json(&line),
                }
            })?;
            if let (false, Some(at), Ok(mut rows)) = (json, order.get(&input.path), rows.lock()) {
                rows.insert(*at, of_input);
            }
            Ok(())
        },
        |_| Ok(()),
    )?;
    if !json {
        let rows: Vec<Row> = rows.into_inner().unwrap_or_default().into_values().flatten().collect();
        out.bytes(&csv(&rows)?)?;
    }
    out.flush()?;
    Ok(exit)
}

/// Takes an input apart; documents that could not be read are recorded as failures, others are handed over.
pub(crate) fn each_document(
    input: &Input,
    outcome: &mut Outcome,
    json: bool,
    options: &fixenc::recover::RecoverOptions,
    mut take: impl FnMut(&mut Outcome, Document),
) -> Result<(), Broken> {
    let bytes = input.read_all(options.limits.total_bytes).map_err(Broken::Input)?;
    let recovered = recover_each(&bytes, options, &mut |document| {
        for diagnostic in document.diagnostics.iter().filter(|d| d.kind.is_failure()) {
            let failure = input.failure(format!("{}{}", inside(&document.path), diagnostic.message));
            outcome.fail(&failure, json);
        }
        take(outcome, document);
    });
    recovered.map_err(|e| Broken::Input(input.failure(e.to_string())))
}

/// The way into a container as a person reads it; empty for a plain file.
pub(crate) fn inside(path: &[EntryName]) -> String {
    path.iter().map(|name| format!("{}: ", name.shown())).collect()
}

/// A record, flat.
struct Row {
    path: String,
    doc_type: String,
    fields: Vec<(String, String)>,
    codes: String,
    warnings: String,
}

impl Row {
    fn new(input: &Input, line: &RecordLine<'_>) -> Self {
        let value = serde_json::to_value(line.record).unwrap_or_default();
        let fields = value.get("fields").and_then(Value::as_object).into_iter().flatten();
        let mut path = input.path.to_string_lossy().into_owned();
        for name in line.entry {
            path.push('!');
            path.push_str(&name.shown());
        }
        Self {
            path,
            doc_type: cell(value.get("doc_type")),
            fields: fields
                .map(|(key, field)| (key.clone(), cell(field.get("value").or(Some(field)))))
                .collect(),
            codes: joined(value.get("codes"), "canonical"),
            warnings: joined(value.get("warnings"), "text"),
        }
    }
}

fn joined(values: Option<&Value>, key: &str) -> String {
    let values = values.and_then(Value::as_array).into_iter().flatten();
    values.map(|v| cell(v.get(key).or(Some(v)))).collect::<Vec<_>>().join("; ")
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        // An amount with its unit, a span of dates: the parts one after the other, as they were written.
        Some(Value::Object(parts)) => parts.values().map(|part| cell(Some(part))).collect(),
        Some(Value::Array(parts)) => parts.iter().map(|part| cell(Some(part))).collect::<Vec<_>>().join("; "),
        Some(other) => other.to_string(),
    }
}

/// One row per record; the fields in the order in which they were first met.
fn csv(rows: &[Row]) -> Result<Vec<u8>, Stop> {
    let mut columns: Vec<&str> = Vec::new();
    for (key, _) in rows.iter().flat_map(|row| &row.fields) {
        if !columns.contains(&key.as_str()) {
            columns.push(key);
        }
    }
    let failed = |e: csv::Error| Stop::environment("writing CSV", std::io::Error::other(e));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["path", "doc_type"].into_iter().chain(columns.iter().copied()).chain(["codes", "warnings"]);
    writer.write_record(head).map_err(failed)?;
    for row in rows {
        let field = |key: &&str| {
            let found = row.fields.iter().find(|(name, _)| name == key);
            found.map_or("", |(_, value)| value.as_str())
        };
        let cells = [row.path.as_str(), &row.doc_type].into_iter().chain(columns.iter().map(field));
        writer.write_record(cells.chain([row.codes.as_str(), &row.warnings])).map_err(failed)?;
    }
    writer.into_inner().map_err(|e| Stop::environment("writing CSV", e.into_error()))
}
