//! Repairs JSON strings, one a line, from standard input to standard output: `lines plsfix`, `lines fixenc`, or
//! `lines fixenc-told` (told that each is garbled). `peers.py` runs it.

use std::error::Error;
use std::io::{BufRead, Write};

use fixenc::mojibake::Repairer;

#[path = "../encoding_only.rs"]
mod encoding_only;

fn main() -> Result<(), Box<dyn Error>> {
    let encoding_only = encoding_only::config();
    let told = Repairer::new().assume_garbled(true);
    let name = std::env::args().nth(1).unwrap_or_default();
    let repair: Box<dyn Fn(&str) -> String> = match name.as_str() {
        "plsfix" => Box::new(move |text| plsfix::fix_text(text, Some(&encoding_only))),
        "fixenc" => Box::new(|text| fixenc::repair(text).into_text().into_owned()),
        "fixenc-told" => Box::new(move |text| told.repair(text).into_text().into_owned()),
        _ => return Err("usage: lines plsfix|fixenc|fixenc-told".into()),
    };
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let text: String = serde_json::from_str(&line?)?;
        writeln!(output, "{}", serde_json::to_string(&repair(&text))?)?;
    }
    Ok(output.flush()?)
}
