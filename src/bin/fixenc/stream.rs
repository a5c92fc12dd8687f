//! `fixenc stream`: a co-process. One JSON object a line in, one out, in the same order.

mod request;

use std::io::{self, BufRead, BufReader, Read};

use rayon::prelude::*;

use crate::args::StreamArgs;
use crate::exit_code::{Exit, Stop};
use crate::parallel;
use crate::terminal::Out;

use request::answer;

/// Input that is read ahead. What waits in it is worked on together.
const AHEAD_BYTES: usize = 1 << 20;
/// Lines that one thread takes at a time: a short one is done sooner than it is handed over.
const LINES_AT_ONCE: usize = 8;

pub(crate) fn run(args: &StreamArgs) -> Result<Exit, Stop> {
    let mut reader = BufReader::with_capacity(AHEAD_BYTES, io::stdin().lock());
    let mut out = Out::new();
    let jobs = parallel::jobs(args.jobs);
    let mut crew = None;
    loop {
        let mut lines = Vec::new();
        match next_line(&mut reader, args.max_line)? {
            None => break,
            Some(line) => lines.push(line),
        }
        // Whole lines that are here already; waiting for more could be waiting for ever.
        while jobs > 1 && memchr::memchr(b'\n', reader.buffer()).is_some() {
            lines.extend(next_line(&mut reader, args.max_line)?);
        }
        if lines.len() == 1 {
            lines.iter().try_for_each(|line| out.bytes(&answer_line(line, args.max_line)))?;
        } else {
            let pool = match &mut crew {
                Some(pool) => pool,
                none => none.insert(parallel::pool(jobs)?),
            };
            let answer = |line: &Line| answer_line(line, args.max_line);
            let answers: Vec<Vec<u8>> =
                pool.install(|| lines.par_iter().with_min_len(LINES_AT_ONCE).map(answer).collect());
            answers.iter().try_for_each(|answer| out.bytes(answer))?;
        }
        if memchr::memchr(b'\n', reader.buffer()).is_none() {
            out.flush()?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// One line of input.
enum Line {
    Whole(Vec<u8>),
    /// Nothing on it: it asks for nothing and gets no answer.
    Blank,
    /// Longer than allowed; it was read to its end and dropped.
    TooLong,
}

/// The next line; `None` at the end of the input. Reads no further than its end, since more may never come.
fn next_line(reader: &mut impl BufRead, most: usize) -> Result<Option<Line>, Stop> {
    let mut line = Vec::new();
    let failed = |e| Stop::environment("reading standard input", e);
    // One byte more than allowed, for the line end.
    reader.by_ref().take(most as u64 + 1).read_until(b'\n', &mut line).map_err(failed)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') && line.len() > most {
        skip_line(reader).map_err(failed)?;
        return Ok(Some(Line::TooLong));
    }
    Ok(Some(if line.trim_ascii().is_empty() { Line::Blank } else { Line::Whole(line) }))
}

/// Reads on to the end of the line and keeps nothing.
fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let ahead = reader.fill_buf()?;
        let (done, length) = match memchr::memchr(b'\n', ahead) {
            Some(at) => (true, at + 1),
            None => (ahead.is_empty(), ahead.len()),
        };
        reader.consume(length);
        if done {
            return Ok(());
        }
    }
}

fn answer_line(line: &Line, most: usize) -> Vec<u8> {
    let mut bytes = match line {
        Line::Blank => return Vec::new(),
        Line::Whole(line) => answer(line),
        Line::TooLong => request::refusal(&format!("the line is longer than {most} bytes")),
    };
    bytes.push(b'\n');
    bytes
}
