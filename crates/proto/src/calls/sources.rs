//! Calls that were taken out of a channel: what says so, and that the channel has called them off.
//!
//! Whoever shares such a call shows a post of the channel with its signatures (`Content::Forward`). As soon as any member
//! shows in the same way that the channel has called it off, it is off here, like one that its author called off.
//!
//! Invariants: only its author says where a call is from · only what enough publishers of that channel signed calls it off
//! · the two may come in any order · what one member can fill is bounded.

use channel::{CallRef, ChannelId, ChannelName, Checks, Content as Said, Forward, Forwarded};
use crypto::{Context, hash};
use model::{CallId, CancelReason, MemberId};

use super::apply::{At, KEPT_MS, text_line};
use super::{Applied, Calls, State, Write, record};
use crate::config::CALLS_OFF_PER_MEMBER;
use crate::content::{Content, call_id};
use crate::messages::Place;

/// Where a call is from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Source {
    pub(crate) channel: ChannelId,
    /// What the channel was called then.
    pub(crate) name: ChannelName,
    /// The call, by its first version, and the version that was shared.
    pub(crate) call: CallRef,
    pub(crate) version: CallRef,
    /// What that version said.
    pub(super) print: [u8; 32],
}

/// That a channel has called a call off.
pub(super) struct Off {
    pub(super) place: Place,
    pub(super) by: MemberId,
    pub(super) at: u64,
    pub(super) reason: Option<CancelReason>,
    pub(super) until: u64,
}

/// What was forwarded, as it stands in `Content::Forward`.
pub(crate) struct Shown<'a> {
    pub(crate) author: MemberId,
    /// Makes the id of the call of theirs that it is the source of.
    pub(crate) about: Option<[u8; 16]>,
    pub(crate) written_at: u64,
    pub(crate) post: &'a Forwarded,
}

const PRINT: Context = Context::new("vigil call print v1");

/// What a call says, whatever it replaces.
pub(super) fn print(call: &action::Call) -> [u8; 32] {
    hash(PRINT, &[&call.clone().superseding(None).to_bytes()])
}

impl Calls {
    /// Takes a post of a channel that somebody showed. What it calls off is told by [`Self::take_touched`].
    pub(crate) fn apply_forward(
        &mut self,
        cell: &model::CellId,
        shown: &Shown<'_>,
        (place, sealing): (Place, Option<u64>),
        now: u64,
        writes: &mut Vec<Write>,
    ) -> Applied {
        let at = At { place, sealing };
        self.awake.see(now);
        let source = |call: CallRef, version: CallRef, object: &action::Call| Source {
            channel: shown.post.channel,
            name: shown.post.name.clone(),
            call,
            version,
            print: print(object),
        };
        match &shown.post.content {
            Said::Call { id, call } => {
                self.set_source(cell, shown, source(*id, *id, call), at, now, writes)
            }
            Said::Version { id, of, call } => {
                self.set_source(cell, shown, source(*of, *id, call), at, now, writes)
            }
            Said::Cancel { call, reason } => {
                let reason = reason
                    .as_ref()
                    .and_then(|reason| text_line(reason.expose()));
                let off = Off {
                    place,
                    by: shown.author,
                    at: shown.written_at,
                    reason,
                    until: now.saturating_add(KEPT_MS),
                };
                self.note_off((shown.post.channel, *call), off, at, now, writes);
                Applied::Nothing
            }
            Said::Text(_)
            | Said::Fresh
            | Said::Charter(_)
            | Said::Closed { .. }
            | Said::Checkpoint(_) => Applied::Nothing,
        }
    }

    /// The same for what waits as an envelope of ours.
    pub(super) fn apply_our_forward(
        &mut self,
        cell: &model::CellId,
        content: &Content,
        place: (Place, Option<u64>),
        now: u64,
        writes: &mut Vec<Write>,
    ) -> Applied {
        let Content::Forward {
            about,
            written_at,
            proof,
            ..
        } = content
        else {
            return Applied::Nothing;
        };
        let Ok(post) = Forward::check(proof.as_slice(), &mut Checks::default()) else {
            return Applied::Nothing;
        };
        let shown = Shown {
            author: self.me,
            about: *about,
            written_at: *written_at,
            post: &post,
        };
        self.apply_forward(cell, &shown, place, now, writes)
    }

    /// Calls that were called off beside the one that something was about.
    pub(crate) fn take_touched(&mut self) -> Vec<CallId> {
        std::mem::take(&mut self.touched)
    }

    /// Calls that are from a channel and not off, and whether we shared them.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&Source, bool)> {
        let on = self.shown().filter(|(_, state)| state.cancelled.is_none());
        on.filter_map(|(_, state)| {
            let (_, source) = state.source.as_ref()?;
            let author = state.object.as_ref()?.author;
            Some((source, author == self.me))
        })
    }

    fn set_source(
        &mut self,
        cell: &model::CellId,
        shown: &Shown<'_>,
        source: Source,
        at: At,
        now: u64,
        writes: &mut Vec<Write>,
    ) -> Applied {
        let Some(about) = shown.about else {
            return Applied::Nothing;
        };
        let id = call_id(cell, &shown.author, &about);
        let key = (source.channel, source.call);
        let Some(state) = self.calls.get_mut(&id) else {
            return Applied::Nothing;
        };
        if state.object.is_none() || !at.write(&mut state.source, source) {
            return Applied::Nothing;
        }
        writes.extend(record::source(&id, state));
        if let Some(off) = self.offs.get(&key) {
            let (at, off) = (At::of(off.place), (off.at, off.reason.clone()));
            self.call_off(id, off, at, now, writes);
        }
        Applied::Changed(id)
    }

    fn note_off(
        &mut self,
        key: (ChannelId, CallRef),
        off: Off,
        at: At,
        now: u64,
        writes: &mut Vec<Write>,
    ) {
        if let Some(known) = self.offs.get(&key) {
            if !at.wins(known.place) {
                return;
            }
        } else {
            let theirs = self.offs.values().filter(|known| known.by == off.by);
            if theirs.count() >= CALLS_OFF_PER_MEMBER {
                return;
            }
        }
        let about: Vec<CallId> = self
            .calls
            .iter()
            .filter(|(_, state)| state.is_from(&key))
            .map(|(id, _)| *id)
            .collect();
        for id in about {
            self.call_off(id, (off.at, off.reason.clone()), at, now, writes);
        }
        writes.push(record::off(&key, &off));
        self.offs.insert(key, off);
    }

    fn call_off(
        &mut self,
        id: CallId,
        (written_at, reason): (u64, Option<CancelReason>),
        at: At,
        now: u64,
        writes: &mut Vec<Write>,
    ) {
        let awake = self.awake;
        // Nobody's alarm is taken by it, as if its author had called it off.
        self.latch(&id, now, writes);
        let Some(state) = self.calls.get_mut(&id) else {
            return;
        };
        let cancelled = state.called_off(written_at, reason, awake, now);
        if !at.write(&mut state.cancelled, cancelled) {
            return;
        }
        writes.push(record::plan(&id, state));
        writes.extend(record::cancelled(&id, state));
        self.touched.push(id);
        self.latch(&id, now, writes);
    }

    /// Forgets what was called off so long ago that no call can still be on.
    pub(super) fn expire_offs(&mut self, now: u64, writes: &mut Vec<Write>) {
        let over = |_: &(ChannelId, CallRef), off: &mut Off| off.until <= now;
        let over = self.offs.extract_if(.., over);
        writes.extend(over.map(|(key, _)| (record::off_name(&key), None)));
    }
}

impl State {
    fn is_from(&self, (channel, call): &(ChannelId, CallRef)) -> bool {
        let source = self.source.as_ref();
        source.is_some_and(|(_, source)| source.channel == *channel && source.call == *call)
    }
}
