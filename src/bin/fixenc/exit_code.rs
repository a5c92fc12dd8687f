//! How the command ends: the only place that knows numbers.

use std::io;

/// The exit codes, which scripts rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done, also when nothing needed repair.
    Done = 0,
    /// `check` found damage, `uscc` found an invalid code.
    Found = 1,
    /// The call was wrong.
    Usage = 2,
    /// Some inputs failed; each has a record.
    Failed = 3,
    /// The environment failed: the disk is full, the output cannot be written.
    Environment = 4,
}

impl Exit {
    /// The code for a run that went through: a failure outweighs a finding, since the findings are then incomplete.
    pub(crate) fn of(found: bool, failed: bool) -> Self {
        match (found, failed) {
            (_, true) => Self::Failed,
            (true, false) => Self::Found,
            (false, false) => Self::Done,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a run stops before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The call makes no sense.
    Usage { message: String, hint: Option<&'static str> },
    /// Something around us failed.
    Environment { doing: String, error: io::Error },
    /// The reader of our output has gone, as `head` does. That is its right.
    BrokenPipe,
}

impl Stop {
    /// A wrong call.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: None }
    }

    /// A failure of the environment while `doing` something.
    pub(crate) fn environment(doing: impl Into<String>, error: io::Error) -> Self {
        Self::Environment { doing: doing.into(), error }
    }

    /// A failure to write to standard output.
    pub(crate) fn output(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::BrokenPipe;
        }
        Self::environment("writing to standard output", error)
    }

    /// The exit code that goes with it.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } => Exit::Usage,
            Self::Environment { .. } => Exit::Environment,
            Self::BrokenPipe => Exit::Done,
        }
    }
}

/// Whether an error of one file will befall every other file as well.
pub(crate) fn is_environment(error: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_contract() {
        let all = [Exit::Done, Exit::Found, Exit::Usage, Exit::Failed, Exit::Environment];
        assert_eq!(all.map(|exit| exit as u8), [0, 1, 2, 3, 4]);
        assert_eq!(Exit::of(true, true), Exit::Failed);
        assert_eq!(Stop::output(io::ErrorKind::BrokenPipe.into()).exit(), Exit::Done);
    }
}
