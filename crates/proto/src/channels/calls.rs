//! Calls in a channel: which one a post is about. Publishers name every call by its first version, in later versions and
//! when they call it off.

use std::collections::BTreeMap;

use channel::{CallRef, ChannelId, Content, PostId, Publisher, Reader, Shown};
use model::CellId;

use super::Channels;
use crate::calls::view::SourceState;
use crate::command::ErrorKind;
use crate::out::Out;

/// A call in a channel.
pub(super) struct Named {
    /// The name of its first version.
    pub(super) id: CallRef,
    /// In which place it was called off.
    pub(super) off: Option<u64>,
}

impl Channels {
    /// The call that one of its posts names, if something can still be said of it.
    pub(super) fn call_to_change(
        &self,
        channel: ChannelId,
        post: PostId,
    ) -> Result<CallRef, ErrorKind> {
        let held = self.look(channel)?;
        let call = named(held.reader().ok_or(ErrorKind::NotAPublisher)?, &post)?;
        let waits = held.publisher.iter().flat_map(Publisher::waiting);
        let mut off = waits.filter(
            |waiting| matches!(waiting, Content::Cancel { call: of, .. } if *of == call.id),
        );
        if call.off.is_some() || off.next().is_some() {
            return Err(ErrorKind::CallCancelled);
        }
        Ok(call.id)
    }

    /// Where the post stands that is forwarded in the place of this one.
    pub(super) fn place_to_forward(
        &self,
        channel: ChannelId,
        post: PostId,
    ) -> Result<u64, ErrorKind> {
        let held = self.look(channel)?;
        let reader = held.reader().ok_or(ErrorKind::NoSuchPost)?;
        let seq = match named(reader, &post) {
            Ok(call) if call.off.is_some() => return Err(ErrorKind::CallCancelled),
            Ok(_) => self.newest_of_call(channel, post)?,
            // A text, or that a call is off.
            Err(ErrorKind::NoSuchCall) => {
                self.place(channel, post)?.ok_or(ErrorKind::NoSuchPost)?
            }
            Err(kind) => return Err(kind),
        };
        if !reader.stands(seq) {
            return Err(ErrorKind::ChannelParted);
        }
        Ok(seq)
    }

    /// Where the newest version of a call stands that one of its posts names.
    pub(crate) fn newest_of_call(
        &self,
        channel: ChannelId,
        post: PostId,
    ) -> Result<u64, ErrorKind> {
        let reader = self.look(channel)?.reader();
        let reader = reader.ok_or(ErrorKind::NoSuchPost)?;
        let call = named(reader, &post)?.id;
        let newest = newest(&reader.calls_by_place());
        newest.get(&call).copied().ok_or(ErrorKind::NoSuchCall)
    }

    /// What has become of a call in its channel; none if that is not followed here.
    pub(crate) fn state_of(
        &self,
        channel: ChannelId,
        call: CallRef,
        version: CallRef,
    ) -> Option<SourceState> {
        let reader = self.held.get(&channel)?.reader()?;
        let known = reader
            .calls()
            .into_iter()
            .find(|known| known.call == call)?;
        Some(match (known.off, known.newest) {
            (Some(_), _) => SourceState::Off,
            (None, Some((newest, _))) if newest != version => SourceState::Changed,
            (None, _) => SourceState::Same,
        })
    }

    /// Reads, to show it to a cell, that a call is off, if it is.
    pub(crate) fn want_call_off(
        &mut self,
        (channel, call): (ChannelId, CallRef),
        cell: CellId,
        out: &mut Out,
    ) {
        let Some(held) = self.held.get_mut(&channel) else {
            return;
        };
        let off = held.reader().and_then(|reader| off(reader, call));
        if let Some(seq) = off {
            held.want(seq, None, cell, out);
        }
    }

    /// Whether calls may have been called off since this was asked last.
    pub(crate) fn take_news(&mut self) -> bool {
        let news = self
            .held
            .values_mut()
            .map(|held| std::mem::take(&mut held.news));
        // Not lazily: each forgets.
        news.fold(false, |any, news| any | news)
    }

    /// The post that called a call off.
    pub(crate) fn call_off_of(&self, channel: ChannelId, call: CallRef) -> Option<PostId> {
        let reader = self.held.get(&channel)?.reader()?;
        let off = off(reader, call)?;
        reader.posts().into_iter().find_map(|shown| match shown {
            Shown::Post { seq, id, .. } if seq == off => Some(id),
            Shown::Post { .. } | Shown::Gap(_) => None,
        })
    }
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

/// Where a call was called off.
fn off(reader: &Reader, call: CallRef) -> Option<u64> {
    let calls = reader.calls();
    calls.into_iter().find(|known| known.call == call)?.off
}
