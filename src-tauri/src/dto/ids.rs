//! Identifiers come from the page as hex.

use model::{CallId, CellId, InviteId, JoinId, MemberId, MessageId};

pub(crate) fn cell(text: &str) -> Result<CellId, model::ParseIdError> {
    CellId::from_hex(text)
}

pub(crate) fn call(text: &str) -> Result<CallId, model::ParseIdError> {
    CallId::from_hex(text)
}

pub(crate) fn member(text: &str) -> Result<MemberId, model::ParseIdError> {
    MemberId::from_hex(text)
}

pub(crate) fn message(text: &str) -> Result<MessageId, model::ParseIdError> {
    MessageId::from_hex(text)
}

pub(crate) fn invite(text: &str) -> Result<InviteId, model::ParseIdError> {
    InviteId::from_hex(text)
}

pub(crate) fn join(text: &str) -> Result<JoinId, model::ParseIdError> {
    JoinId::from_hex(text)
}
