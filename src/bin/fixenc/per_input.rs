//! The frame of the verbs that say something about each input.

use crate::args::InputArgs;
use crate::exit_code::{Exit, Stop};
use crate::input::{self, Broken, Failure, Found, Input};
use crate::json::FailureLine;
use crate::parallel;
use crate::terminal::{Look, Out, Page, say};

/// What became of one input.
pub(crate) struct Outcome {
    /// For standard output.
    pub(crate) page: Page,
    /// For a file of records.
    pub(crate) records: Page,
    /// For standard error.
    pub(crate) notes: Vec<String>,
    /// Whether what the verb looks for is there.
    pub(crate) found: bool,
    /// Whether something could not be done.
    pub(crate) failed: bool,
}

impl Outcome {
    fn new(look: Look) -> Self {
        let records = Page::new(Look { terminal: false, colour: false });
        Self { page: Page::new(look), records, notes: Vec::new(), found: false, failed: false }
    }

    /// Records a failure: a line of JSON if that is what the caller reads, and a remark for a person.
    pub(crate) fn fail(&mut self, failure: &Failure, json: bool) {
        self.failed = true;
        if json {
            self.page.json(&FailureLine::new(failure));
        }
        self.notes.push(format!("{}: {}", failure.path.display(), failure.message));
    }
}

/// Works on every input of a call and writes what comes out of it, in order.
pub(crate) fn each(
    args: &InputArgs,
    json: bool,
    work: impl Fn(&Input, &mut Outcome) -> Result<(), Broken> + Sync,
) -> Result<Exit, Stop> {
    let inputs = input::collect(args)?;
    let mut out = Out::new();
    let exit = each_of(&inputs, args, json, &mut out, work, |_| Ok(()))?;
    out.flush()?;
    Ok(exit)
}

/// [`each`] for inputs that are collected already; `done` is told of each one that is through.
pub(crate) fn each_of(
    inputs: &[Found],
    args: &InputArgs,
    json: bool,
    out: &mut Out,
    work: impl Fn(&Input, &mut Outcome) -> Result<(), Broken> + Sync,
    mut done: impl FnMut(&Outcome) -> Result<(), Stop>,
) -> Result<Exit, Stop> {
    let look = out.look();
    let (mut found, mut failed) = (false, false);
    let outcome = |input: &Found| one(input, look, json, &work);
    parallel::in_order(inputs, parallel::jobs(args.jobs), outcome, |outcome| {
        let outcome = outcome?;
        out.page(&outcome.page)?;
        if !args.quiet && !outcome.notes.is_empty() {
            // What was said before belongs before it, where both go to one terminal.
            out.flush()?;
            outcome.notes.iter().for_each(|note| say(note));
        }
        found |= outcome.found;
        failed |= outcome.failed;
        done(&outcome)
    })?;
    Ok(Exit::of(found, failed))
}

fn one(
    input: &Found,
    look: Look,
    json: bool,
    work: &(impl Fn(&Input, &mut Outcome) -> Result<(), Broken> + Sync),
) -> Result<Outcome, Stop> {
    let mut outcome = Outcome::new(look);
    let input = match input {
        Ok(input) => input,
        Err(failure) => {
            outcome.fail(failure, json);
            return Ok(outcome);
        }
    };
    match parallel::guarded(|| work(input, &mut outcome)) {
        Ok(Ok(())) => {}
        Ok(Err(Broken::Input(failure) | Broken::NoText(failure))) => outcome.fail(&failure, json),
        Ok(Err(Broken::Run(stop))) => return Err(stop),
        Err(panic) => outcome.fail(&input.failure(panic), json),
    }
    Ok(outcome)
}
