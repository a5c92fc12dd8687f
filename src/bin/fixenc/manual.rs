//! `completions` and `man`, from the same definition as the help.

use clap::CommandFactory;

use crate::args::Cli;
use crate::exit_code::{Exit, Stop};
use crate::terminal::Out;

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<Exit, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "fixenc", &mut script);
    write(&script)
}

pub(crate) fn man(verb: Option<&str>) -> Result<Exit, Stop> {
    let mut command = Cli::command();
    // `fixenc-fix` as the name of the page, and its usage with the command before the verb.
    command.build();
    if let Some(verb) = verb {
        let found = command.get_subcommands().find(|sub| sub.get_name() == verb).cloned();
        command = found.ok_or_else(|| Stop::usage(format!("no such verb: {verb}")))?;
    }
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut page);
    rendered.map_err(|e| Stop::environment("writing the man page", e))?;
    write(&page)
}

fn write(bytes: &[u8]) -> Result<Exit, Stop> {
    let mut out = Out::new();
    out.bytes(bytes)?;
    out.flush()?;
    Ok(Exit::Done)
}
