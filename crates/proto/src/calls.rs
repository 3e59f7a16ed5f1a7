//! Calls in a cell: what was proposed, who said what about it, and when all of it goes.
//!
//! Everything that can change is a **register** with the place of the envelope that wrote it last; of two writes the later
//! place wins. So the state is the same on every device, whatever the order in which logs arrive, and a part that comes
//! before its call needs no queue: it waits in the same state. A call that was called off stays so, whatever else is
//! written. Only who is missed when (`due.rs`) is decided by our own clock.
//!
//! Invariants: only its author changes or cancels a call, because its id is made of who they are · what is over is erased
//! and cannot begin again · whatever a member sends, what they can fill is bounded · all that changes here is in the writes
//! that a call gives.

mod apply;
mod due;
mod record;
mod sources;
pub(crate) mod view;

use std::collections::BTreeMap;

use action::Call;
use channel::{CallRef, ChannelId};
use model::{CallId, CancelReason, CellId, MemberId, PlanPlace};

use crate::config::ERASED_CALLS;
use crate::content::{CallPart, Content, call_id};
use crate::messages::Place;
use due::{Awake, Due};
use sources::Off;
pub(crate) use sources::{Shown, Source};
use view::Coming;

/// A value, and where it was written.
pub(crate) type Register<T> = Option<(Place, T)>;

/// A record to be written (or deleted, if there is no value), by the name under which it lies in its cell.
pub(crate) type Write = (Vec<u8>, Option<Vec<u8>>);

/// Every call of one cell.
pub(crate) struct Calls {
    me: MemberId,
    calls: BTreeMap<CallId, State>,
    /// Calls that are gone, and until when something of them may still arrive.
    erased: BTreeMap<CallId, u64>,
    /// What we said about calls and nobody was there to hear.
    outgoing: BTreeMap<u64, Content>,
    next: u64,
    awake: Awake,
    /// What channels have called off, as members have shown.
    offs: BTreeMap<(ChannelId, CallRef), Off>,
    touched: Vec<CallId>,
}

/// Everything about one call.
#[derive(Default)]
pub(crate) struct State {
    pub(super) object: Option<Object>,
    pub(super) source: Register<Source>,
    pub(super) cancelled: Register<Cancelled>,
    pub(super) place: Register<(MemberId, Option<PlanPlace>)>,
    pub(super) time: Register<(MemberId, Option<u64>)>,
    /// By our own clock, when the time was last set: nobody can set one in the past and have everything erased at once.
    pub(super) settled_at: u64,
    /// How far we have told that somebody is missing.
    pub(super) told: BTreeMap<MemberId, u8>,
    /// Of everybody who is out, when they are missed at the latest.
    pub(super) due: BTreeMap<MemberId, Due>,
    pub(super) members: BTreeMap<MemberId, Part>,
    /// When something of it may arrive at the latest.
    pub(super) until: u64,
    /// Who said something of it before the call was here.
    pub(super) begun_by: Option<MemberId>,
}

/// What was proposed.
pub(crate) struct Object {
    pub(super) place: Place,
    pub(super) author: MemberId,
    pub(super) nonce: [u8; 16],
    pub(super) shared_at: u64,
    pub(super) written_at: u64,
    /// By our own clock, when its author last made it end sooner.
    pub(super) shortened_at: u64,
    pub(super) call: Call,
}

/// That it was called off.
#[derive(Clone)]
pub(crate) struct Cancelled {
    pub(super) at: u64,
    /// Whether that was before it began, so that nobody is waited for. Our own clock says so, when it is heard first.
    pub(super) early: bool,
    pub(super) reason: Option<CancelReason>,
}

/// What one member added.
#[derive(Clone, Default)]
pub(crate) struct Part {
    pub(super) answer: Register<Coming>,
    pub(super) roles: BTreeMap<String, (Place, bool)>,
    pub(super) ticks: BTreeMap<(u8, u8), (Place, bool)>,
    pub(super) buddy: Register<Option<MemberId>>,
    pub(super) home: Register<u64>,
    pub(super) presumes: BTreeMap<MemberId, (Place, bool)>,
}

/// What came of something that was said about a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Applied {
    /// Nothing that is shown.
    Nothing,
    /// A call that was not here.
    New(CallId),
    /// A call looks different.
    Changed(CallId),
}

/// So long, in milliseconds, a call stays at least whose time was set to the past: long enough to be noticed.
const DAY_MS: u64 = 24 * 3600 * 1000;

impl State {
    /// When it begins, by the plan.
    pub(super) fn start(&self) -> Option<u64> {
        let (_, (_, time)) = self.time.as_ref()?;
        *time
    }

    /// When it ends, by the plan: never later than the last day of the call.
    pub(super) fn end(&self) -> Option<u64> {
        let call = &self.object.as_ref()?.call;
        let end = self.start()?.saturating_add(millis(call.duration()));
        Some(end.min(call.expires.end().as_millis()))
    }

    /// When all of it goes. Nobody makes a call end at once, nor while somebody is out for whom others wait.
    pub(super) fn erased_at(&self) -> u64 {
        let Some(object) = &self.object else {
            return self.until;
        };
        let shortened = object.shortened_at;
        let mut last = object.call.last_moment().as_millis();
        if shortened > 0 {
            last = last.max(shortened.saturating_add(DAY_MS));
        }
        let over = self.end().map_or(last, |end| {
            let settled = self
                .settled_at
                .min(object.call.expires.end().as_millis().max(shortened));
            let retain = millis(object.call.retain());
            if end < settled {
                // It was set to a time in the past, by mistake or to make the call vanish.
                settled.saturating_add(retain.max(DAY_MS))
            } else {
                end.saturating_add(retain)
            }
        });
        let kept = self.due.values().map(|due| due.kept_until()).max();
        over.min(last).min(self.until).max(kept.unwrap_or(0))
    }
}

impl Calls {
    /// None, of somebody.
    pub(crate) fn new(me: MemberId) -> Self {
        Self {
            me,
            calls: BTreeMap::new(),
            erased: BTreeMap::new(),
            outgoing: BTreeMap::new(),
            next: 0,
            awake: Awake::default(),
            offs: BTreeMap::new(),
            touched: Vec::new(),
        }
    }

    /// One call that is here.
    pub(crate) fn get(&self, call: &CallId) -> Option<&State> {
        self.calls.get(call).filter(|state| state.object.is_some())
    }

    /// Every call that is here.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (&CallId, &State)> {
        self.calls
            .iter()
            .filter(|(_, state)| state.object.is_some())
    }

    /// Whether a call was here and is over.
    pub(crate) fn was_erased(&self, call: &CallId) -> bool {
        self.erased.contains_key(call)
    }

    /// What we said and nobody has.
    pub(crate) fn waiting(&self) -> usize {
        self.outgoing.len()
    }

    /// Calls of one member that are not over.
    pub(crate) fn count_of(&self, member: &MemberId) -> usize {
        let theirs = |object: &Object| object.author == *member;
        let objects = self
            .calls
            .values()
            .filter_map(|state| state.object.as_ref());
        objects.filter(|object| theirs(object)).count()
    }

    /// Says something: it is shown at once, and waits to become an envelope in place of what it makes needless.
    pub(crate) fn say(
        &mut self,
        cell: &CellId,
        content: Content,
        now: u64,
        writes: &mut Vec<Write>,
    ) -> Applied {
        let needless: Vec<u64> = self
            .outgoing
            .iter()
            .filter(|(_, waiting)| replaces(&content, waiting))
            .map(|(number, _)| *number)
            .collect();
        for number in needless {
            self.outgoing.remove(&number);
            writes.push((record::outgoing_name(number), None));
        }
        let number = self.next;
        self.next += 1;
        writes.push((
            record::outgoing_name(number),
            Some(crate::wire::encode(&content)),
        ));
        let place = Place::Waiting(number);
        let applied = self.apply(cell, self.me, &content, place, None, now, writes);
        self.outgoing.insert(number, content);
        applied
    }

    /// The oldest thing that waits.
    pub(crate) fn next_outgoing(&self) -> Option<(u64, Content)> {
        let (number, content) = self.outgoing.first_key_value()?;
        Some((*number, content.clone()))
    }

    /// What waited stands in an envelope now.
    pub(crate) fn sent(
        &mut self,
        cell: &CellId,
        number: u64,
        place: Place,
        now: u64,
        writes: &mut Vec<Write>,
    ) {
        if let Some(content) = self.outgoing.remove(&number) {
            writes.push((record::outgoing_name(number), None));
            self.apply(cell, self.me, &content, place, Some(number), now, writes);
        }
    }

    /// Erases what is over. Gives the calls that were shown.
    pub(crate) fn expire(
        &mut self,
        cell: &CellId,
        now: u64,
        writes: &mut Vec<Write>,
    ) -> Vec<CallId> {
        let over: Vec<CallId> = self
            .calls
            .iter()
            .filter(|(_, state)| state.erased_at() <= now)
            .map(|(call, _)| *call)
            .collect();
        let mut shown = Vec::new();
        for call in over {
            if self.erase(cell, call, now, writes) {
                shown.push(call);
            }
        }
        let past: Vec<CallId> = self
            .erased
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(call, _)| *call)
            .collect();
        for call in past {
            self.forget_erased(&call, writes);
        }
        self.expire_offs(now, writes);
        shown
    }

    fn erase(&mut self, cell: &CellId, call: CallId, now: u64, writes: &mut Vec<Write>) -> bool {
        let Some(state) = self.calls.remove(&call) else {
            return false;
        };
        writes.extend(
            record::names(&call, &state)
                .into_iter()
                .map(|name| (name, None)),
        );
        let me = self.me;
        let drops = |number: &u64, content: &mut Content| {
            let dropped = target(cell, &me, content) == Some(call);
            if dropped {
                writes.push((record::outgoing_name(*number), None));
            }
            dropped
        };
        self.outgoing.extract_if(.., drops).for_each(drop);
        if state.until > now {
            if self.erased.len() >= ERASED_CALLS {
                let first = self.erased.iter().min_by_key(|(_, until)| **until);
                if let Some(first) = first.map(|(call, _)| *call) {
                    self.forget_erased(&first, writes);
                }
            }
            self.erased.insert(call, state.until);
            let value = state.until.to_be_bytes().to_vec();
            writes.push((record::erased_name(&call), Some(value)));
        }
        state.object.is_some()
    }

    fn forget_erased(&mut self, call: &CallId, writes: &mut Vec<Write>) {
        self.erased.remove(call);
        writes.push((record::erased_name(call), None));
    }
}

impl State {
    /// Whether a member presumes that another is held.
    pub(crate) fn presumes(&self, by: &MemberId, target: &MemberId) -> bool {
        self.members
            .get(by)
            .is_some_and(|part| part.presumes(target))
    }

    /// What makes the id of the call, for whoever changes it.
    pub(crate) fn nonce(&self) -> Option<[u8; 16]> {
        self.object.as_ref().map(|object| object.nonce)
    }
}

fn millis(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The call that something is about, if `author` said it.
pub(super) fn target(cell: &CellId, author: &MemberId, content: &Content) -> Option<CallId> {
    match content {
        Content::Call { nonce, .. } | Content::CallOff { nonce, .. } => {
            Some(call_id(cell, author, nonce))
        }
        Content::CallPart { target, .. } => Some(CallId::from_bytes(*target)),
        Content::Forward { about, .. } => Some(call_id(cell, author, about.as_ref()?)),
        Content::Text { .. }
        | Content::Attachment { .. }
        | Content::Carrier { .. }
        | Content::Reaction { .. }
        | Content::Edit { .. }
        | Content::Delete { .. }
        | Content::Whisper { .. } => None,
    }
}

/// Whether what waits is needless once `new` was said: it writes the same register.
fn replaces(new: &Content, waiting: &Content) -> bool {
    match (new, waiting) {
        (Content::Call { nonce, .. }, Content::Call { nonce: of, .. }) => nonce == of,
        (Content::CallOff { nonce, .. }, Content::CallOff { nonce: of, .. }) => nonce == of,
        (
            Content::CallPart { target, part, .. },
            Content::CallPart {
                target: of,
                part: before,
                ..
            },
        ) => target == of && same_register(part, before),
        _ => false,
    }
}

fn same_register(new: &CallPart, before: &CallPart) -> bool {
    match (new, before) {
        (CallPart::Role { role, .. }, CallPart::Role { role: of, .. }) => role == of,
        (
            CallPart::Tick { list, item, .. },
            CallPart::Tick {
                list: of, item: at, ..
            },
        ) => list == of && item == at,
        (CallPart::Presume { member, .. }, CallPart::Presume { member: of, .. }) => member == of,
        _ => {
            std::mem::discriminant(new) == std::mem::discriminant(before)
                && !matches!(
                    new,
                    CallPart::Role { .. } | CallPart::Tick { .. } | CallPart::Presume { .. }
                )
        }
    }
}

#[cfg(test)]
#[path = "calls/model_tests.rs"]
mod tests;
