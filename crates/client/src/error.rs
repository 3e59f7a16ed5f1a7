//! Why a call was refused: a stable kind for programs, one sentence for people.

use model::ParseTextError;
use net::{CallError, Stopped};
use print::PrintError;

/// A call was refused. Nothing is half done.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ClientError {
    kind: Kind,
    message: String,
}

/// The kinds of [`ClientError`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// `locked`: unlock the profile first.
    Locked,
    /// `text_empty`
    TextEmpty,
    /// `text_too_long`
    TextTooLong,
    /// `call_invalid`: a call has a problem that has to be solved first.
    CallInvalid,
    /// `no_such_plan`: a call has no time yet.
    NoSuchPlan,
    /// `unprintable`: a call cannot be printed as it was asked for.
    Unprintable,
    /// `file_unsafe`: a file could not be read or written where it was named.
    FileUnsafe,
    /// `file_too_large`
    FileTooLarge,
    /// `cancelled`: the person stopped it.
    Cancelled,
    /// What the profile's storage said.
    Store(store::ErrorKind),
    /// What the core said.
    Core(proto::ErrorKind),
}

impl Kind {
    /// The stable name in the scripting interface.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::TextEmpty => "text_empty",
            Self::TextTooLong => "text_too_long",
            Self::CallInvalid => "call_invalid",
            Self::NoSuchPlan => "no_such_plan",
            Self::Unprintable => "unprintable",
            Self::FileUnsafe => "file_unsafe",
            Self::FileTooLarge => "file_too_large",
            Self::Cancelled => "cancelled",
            // Whoever was cut off has to unlock; what the system said is in the sentence.
            Self::Store(store::ErrorKind::Stopped) => "locked",
            Self::Store(store::ErrorKind::Io) => "internal",
            Self::Store(kind) => kind.as_str(),
            Self::Core(kind) => kind.name(),
        }
    }
}

impl ClientError {
    /// Why, for programs.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) fn new(kind: Kind, message: impl ToString) -> Self {
        Self {
            kind,
            message: message.to_string(),
        }
    }

    pub(crate) fn locked() -> Self {
        Self::new(Kind::Locked, "the profile is locked; unlock it first")
    }

    pub(crate) fn core(kind: proto::ErrorKind) -> Self {
        Self::new(Kind::Core(kind), kind)
    }

    pub(crate) fn internal() -> Self {
        Self::core(proto::ErrorKind::Internal)
    }
}

impl From<CallError> for ClientError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(refused) => Self::core(refused.kind),
            CallError::Stopped(stopped) => stopped.into(),
        }
    }
}

impl From<Stopped> for ClientError {
    fn from(_: Stopped) -> Self {
        Self::locked()
    }
}

impl From<ParseTextError> for ClientError {
    fn from(error: ParseTextError) -> Self {
        let kind = match error {
            ParseTextError::Empty => Kind::TextEmpty,
            ParseTextError::TooLong { .. } => Kind::TextTooLong,
            ParseTextError::Invisible => Kind::Core(proto::ErrorKind::InvalidParams),
        };
        Self::new(kind, error)
    }
}

impl From<PrintError> for ClientError {
    fn from(error: PrintError) -> Self {
        let kind = match error {
            PrintError::Unprintable | PrintError::Nothing | PrintError::TooLong => {
                Kind::Unprintable
            }
            PrintError::Font => Kind::Core(proto::ErrorKind::Internal),
        };
        Self::new(kind, error)
    }
}

macro_rules! from_store {
    ($($error:ident),*) => {
        $(impl From<store::$error> for ClientError {
            fn from(error: store::$error) -> Self {
                Self::new(Kind::Store(error.kind()), error)
            }
        })*
    };
}

from_store!(CreateError, OpenError, ReadError, EraseError);
