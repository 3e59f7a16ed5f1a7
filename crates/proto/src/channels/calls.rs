//! Calls in a channel: which one a post is about. Publishers name every call by its first version, in later versions and
//! when they call it off.

use std::collections::BTreeMap;

use channel::{CallRef, PostId, Reader, Shown};

use crate::command::ErrorKind;

/// A call in a channel.
pub(super) struct Named {
    /// The name of its first version.
    pub(super) id: CallRef,
    /// In which place it was called off.
    pub(super) off: Option<u64>,
}

/// The call that a post is a version of.
pub(super) fn named(reader: &Reader, post: &PostId) -> Result<Named, ErrorKind> {
    let mut posts = reader.posts().into_iter();
    let found = posts.find_map(|shown| match shown {
        Shown::Post { seq, id, kind, .. } if id == *post => Some((seq, kind)),
        Shown::Post { .. } | Shown::Gap(_) => None,
    });
    let (seq, kind) = found.ok_or(ErrorKind::NoSuchPost)?;
    match reader.calls_by_place().get(&seq) {
        Some((id, off)) => Ok(Named { id: *id, off: *off }),
        None if kind == "over" => Err(ErrorKind::CallExpired),
        None => Err(ErrorKind::NoSuchCall),
    }
}

/// The place of the newest version of each call.
pub(super) fn newest(by_place: &BTreeMap<u64, (CallRef, Option<u64>)>) -> BTreeMap<CallRef, u64> {
    by_place
        .iter()
        .map(|(seq, (call, _))| (*call, *seq))
        .collect()
}
