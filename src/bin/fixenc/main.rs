//! The `fixenc` command: parse, run the verb, exit. Uses the public API of the library only.

mod args;
mod check;
mod detect;
mod diff;
mod exit_code;
mod explain;
mod extract;
mod fix;
mod input;
mod journal;
mod json;
mod manual;
mod output_tree;
mod parallel;
mod per_input;
mod replace;
mod scan;
mod stream;
mod terminal;
mod undo;
mod uscc;
mod words;

use clap::Parser;

use args::{Cli, Verb};
use exit_code::{Exit, Stop};

fn main() -> std::process::ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help goes to standard output and is success; all else is a wrong call.
            let _ = error.print();
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            return exit.into();
        }
    };
    let exit = run(cli.verb).unwrap_or_else(|stop| {
        explain_stop(&stop);
        stop.exit()
    });
    exit.into()
}

fn run(verb: Verb) -> Result<Exit, Stop> {
    match verb {
        Verb::Detect(args) => detect::run(&args),
        Verb::Check(args) => check::run(&args),
        Verb::Fix(args) => fix::run(&args),
        Verb::Undo(args) => undo::run(&args),
        Verb::Extract(args) => extract::run(&args),
        Verb::Scan(args) => scan::run(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Uscc(args) => uscc::run(&args),
        Verb::Stream(args) => stream::run(&args),
        Verb::Completions(args) => manual::completions(args.shell),
        Verb::Man(args) => manual::man(args.verb.as_deref()),
    }
}

fn explain_stop(stop: &Stop) {
    match stop {
        Stop::Usage { message, hint } => {
            terminal::say(message);
            hint.iter().for_each(|hint| terminal::hint(hint));
        }
        Stop::Environment { doing, error } => terminal::say(&format!("{doing}: {error}")),
        Stop::BrokenPipe => {}
    }
}
