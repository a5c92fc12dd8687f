//! The crate's one error type.

/// What went wrong, opaque: content never causes an error, only limits, unsupported input and wrong calls do.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error {
    kind: ErrorKind,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ErrorKind {
    #[error("limit reached while {doing}: {what} is {found}, at most {limit} allowed")]
    Limit { doing: &'static str, what: &'static str, found: u64, limit: u64 },
    #[cfg_attr(
        feature = "container",
        expect(dead_code, reason = "only a build without containers meets one")
    )]
    #[error("unsupported input while {doing}: found {found}")]
    Unsupported { doing: &'static str, found: String },
}

impl Error {
    /// Whether one of the [`Limits`](crate::Limits) was reached.
    pub fn is_limit(&self) -> bool {
        matches!(self.kind, ErrorKind::Limit { .. })
    }

    /// Whether the input is of a kind that this build does not read.
    pub fn is_unsupported(&self) -> bool {
        matches!(self.kind, ErrorKind::Unsupported { .. })
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { kind }
    }
}
