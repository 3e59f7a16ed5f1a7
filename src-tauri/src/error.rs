//! Why a command was refused, as the page is told.

use client::ClientError;
use model::{ParseEmojiError, ParseIdError, ParseTextError};
use serde::Serialize;
use specta::Type;

/// The kind is stable and put into words by the page; the sentence is for logs of tests.
#[derive(Debug, Serialize, Type)]
pub struct CommandError {
    kind: &'static str,
    message: String,
}

impl CommandError {
    pub(crate) fn new(kind: &'static str, message: impl ToString) -> Self {
        Self {
            kind,
            message: message.to_string(),
        }
    }

    pub(crate) fn internal(message: impl ToString) -> Self {
        Self::new("internal", message)
    }
}

impl From<ClientError> for CommandError {
    fn from(error: ClientError) -> Self {
        Self::new(error.kind().name(), error)
    }
}

impl From<ParseTextError> for CommandError {
    fn from(error: ParseTextError) -> Self {
        ClientError::from(error).into()
    }
}

impl From<ParseIdError> for CommandError {
    fn from(error: ParseIdError) -> Self {
        Self::new("invalid_params", error)
    }
}

impl From<ParseEmojiError> for CommandError {
    fn from(error: ParseEmojiError) -> Self {
        Self::new("invalid_params", error)
    }
}
