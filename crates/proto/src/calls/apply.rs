//! Writing registers: what somebody said about a call, at the place where they said it.

use action::{Call, LIFE_DAYS};
use model::{CallId, CancelReason, CellId, MemberId, PlanPlace};

use super::due::Awake;
use super::view::Coming;
use super::{Applied, Calls, Cancelled, Object, Part, Register, State, Write, record};
use crate::config::{CALLS_TAKEN_PER_MEMBER, CLOCK_FLOOR_MS, EARLY_CALLS};
use crate::content::{CallPart, Content};
use crate::messages::Place;
use crate::wire::SecretBytes;

const DAY_MS: u64 = 24 * 3600 * 1000;

/// The longest time that anything of a call is kept: its life, and a week after it.
pub(super) const KEPT_MS: u64 = (LIFE_DAYS as u64 + 8) * DAY_MS;

/// Roles that one member may have written about in one call.
const ROLES: usize = 12;

/// Members whom one member may presume to be held in one call: as many as a cell can have.
const PRESUMED: usize = 64;

impl Calls {
    /// Takes what somebody said about a call. `sealing` is the number under which it waited, if it was ours.
    #[expect(
        clippy::too_many_arguments,
        reason = "one write: who, what, where, when, and where it goes"
    )]
    pub(crate) fn apply(
        &mut self,
        cell: &CellId,
        author: MemberId,
        content: &Content,
        place: Place,
        sealing: Option<u64>,
        now: u64,
        writes: &mut Vec<Write>,
    ) -> Applied {
        if matches!(content, Content::Forward { .. }) {
            return self.apply_our_forward(cell, content, (place, sealing), now, writes);
        }
        let Some(id) = super::target(cell, &author, content) else {
            return Applied::Nothing;
        };
        if self.erased.contains_key(&id) {
            return Applied::Nothing;
        }
        self.awake.see(now);
        // Before anything is said that could put it off, and after they said that they are home.
        self.latch(&id, now, writes);
        let applied = self.write(id, author, content, At { place, sealing }, now, writes);
        self.latch(&id, now, writes);
        applied
    }

    pub(super) fn latch(&mut self, id: &CallId, now: u64, writes: &mut Vec<Write>) {
        if let Some(state) = self.calls.get_mut(id)
            && state.latch_known(self.awake, now)
        {
            writes.push(record::plan(id, state));
        }
    }

    fn write(
        &mut self,
        id: CallId,
        author: MemberId,
        content: &Content,
        at: At,
        now: u64,
        writes: &mut Vec<Write>,
    ) -> Applied {
        let awake = self.awake;
        match content {
            Content::Call {
                nonce,
                written_at,
                call,
            } => {
                let Ok(call) = Call::from_bytes(call.as_slice()) else {
                    return Applied::Nothing;
                };
                let object = Object {
                    place: at.place,
                    author,
                    nonce: *nonce,
                    shared_at: *written_at,
                    written_at: *written_at,
                    shortened_at: 0,
                    call,
                };
                self.apply_object(id, object, at, now, writes)
            }
            Content::CallOff {
                until,
                written_at,
                reason,
                ..
            } => {
                let reason = text(reason).and_then(|text| CancelReason::parse(text).ok());
                let Some(reason) = reason else {
                    return Applied::Nothing;
                };
                let Some(state) = self.state(id, author, *until, now) else {
                    return Applied::Nothing;
                };
                let cancelled = state.called_off(*written_at, Some(reason), awake, now);
                if !at.write(&mut state.cancelled, cancelled) {
                    return Applied::Nothing;
                }
                writes.push(record::plan(&id, state));
                writes.extend(record::cancelled(&id, state));
                shown(id, state)
            }
            Content::CallPart { until, part, .. } => {
                let Some(state) = self.state(id, author, *until, now) else {
                    return Applied::Nothing;
                };
                if !at.write_part(state, author, part, now) {
                    if state.is_blank() {
                        self.calls.remove(&id);
                    }
                    return Applied::Nothing;
                }
                writes.push(record::plan(&id, state));
                writes.extend(record::member(&id, state, &author));
                shown(id, state)
            }
            Content::Forward { .. }
            | Content::Text { .. }
            | Content::Attachment { .. }
            | Content::Carrier { .. }
            | Content::Reaction { .. }
            | Content::Edit { .. }
            | Content::Delete { .. }
            | Content::Whisper { .. } => Applied::Nothing,
        }
    }

    fn apply_object(
        &mut self,
        id: CallId,
        mut object: Object,
        at: At,
        now: u64,
        writes: &mut Vec<Write>,
    ) -> Applied {
        let last = object.call.last_moment().as_millis();
        let is_new = self.get(&id).is_none();
        // An update is taken in any case: whoever heard it earlier has it.
        if is_new && (last <= now || self.count_of(&object.author) >= CALLS_TAKEN_PER_MEMBER) {
            return Applied::Nothing;
        }
        let state = self.calls.entry(id).or_default();
        state.begun_by = None;
        if let Some(known) = &state.object {
            if !at.wins(known.place) {
                // The first time that it was said is when it was shared, whichever came first.
                return Applied::Nothing;
            }
            object.shared_at = known.shared_at.min(object.shared_at);
            object.shortened_at = known.shortened_at;
            let (old, new) = (&known.call, &object.call);
            if last < old.last_moment().as_millis() {
                object.shortened_at = now;
            }
            if (old.duration(), old.retain()) != (new.duration(), new.retain()) {
                state.settled_at = now;
            }
        }
        let differs = (state.object.as_ref()).is_none_or(|known| known.call != object.call);
        let last = last.max(match object.shortened_at {
            0 => 0,
            shortened => shortened.saturating_add(DAY_MS),
        });
        state.until = state.until.max(kept(last, now));
        state.object = Some(object);
        writes.push(record::plan(&id, state));
        writes.extend(record::object(&id, state));
        match (is_new, differs) {
            (true, _) => Applied::New(id),
            (false, true) => Applied::Changed(id),
            (false, false) => Applied::Nothing,
        }
    }

    /// The state of a call, begun if there is room: what comes before its call waits in it.
    fn state(&mut self, id: CallId, author: MemberId, until: u64, now: u64) -> Option<&mut State> {
        let until = kept(until, now);
        let known = self.calls.contains_key(&id);
        if !known && until <= now {
            return None;
        }
        if !known {
            let states = self.calls.values();
            let theirs = states.filter(|state| state.begun_by == Some(author));
            if theirs.count() >= EARLY_CALLS {
                return None;
            }
        }
        let state = self.calls.entry(id).or_insert_with(|| State {
            begun_by: Some(author),
            ..State::default()
        });
        state.until = state.until.max(until);
        Some(state)
    }
}

/// Where something is written.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) place: Place,
    pub(super) sealing: Option<u64>,
}

impl At {
    pub(super) const fn of(place: Place) -> Self {
        let sealing = None;
        Self { place, sealing }
    }

    /// Whether it wins over what stands at `old`. What waits gives way to its own envelope, and to what we say later.
    pub(super) fn wins(self, old: Place) -> bool {
        match (old, self.sealing) {
            (Place::Waiting(number), Some(sealing)) => number == sealing,
            (Place::Waiting(_) | Place::Sealed { .. }, _) => self.place > old,
        }
    }

    pub(super) fn write<T>(self, register: &mut Register<T>, value: T) -> bool {
        let wins = register.as_ref().is_none_or(|(old, _)| self.wins(*old));
        if wins {
            *register = Some((self.place, value));
        }
        wins
    }

    /// Writes what a member added. Says whether anything was written: what nobody may say is not.
    fn write_part(self, state: &mut State, author: MemberId, part: &CallPart, now: u64) -> bool {
        match part {
            CallPart::Place(text) => {
                let Some(place) = parse_place(text) else {
                    return false;
                };
                return self.write(&mut state.place, (author, place));
            }
            CallPart::Time(time) => {
                let time = Some(*time).filter(|time| *time > 0);
                let differs = state.start() != time;
                let wins = self.write(&mut state.time, (author, time));
                if wins && differs {
                    state.settled_at = now;
                    let due = &state.due;
                    state.told.retain(|member, _| due.contains_key(member));
                }
                return wins;
            }
            CallPart::Answer(_)
            | CallPart::Role { .. }
            | CallPart::Tick { .. }
            | CallPart::Buddy(_)
            | CallPart::CheckIn(_)
            | CallPart::Presume { .. } => {}
        }
        let mut theirs = state.members.remove(&author).unwrap_or_default();
        let written = self.write_member(&mut theirs, part);
        if written || !theirs.is_empty() {
            state.members.insert(author, theirs);
        }
        written
    }

    fn write_member(self, theirs: &mut Part, part: &CallPart) -> bool {
        match part {
            CallPart::Answer(answer) => {
                Coming::of(*answer).is_some_and(|coming| self.write(&mut theirs.answer, coming))
            }
            CallPart::Role { role, take } => {
                let role = std::str::from_utf8(role.as_slice()).ok();
                let Some(role) = role.filter(|role| (1..=24).contains(&role.len())) else {
                    return false;
                };
                let room = theirs.roles.len() < ROLES || theirs.roles.contains_key(role);
                room && self.write_entry(&mut theirs.roles, role.to_owned(), *take == 1)
            }
            CallPart::Tick { list, item, done } => {
                let inside = *list < 4 && *item < 16;
                inside && self.write_entry(&mut theirs.ticks, (*list, *item), *done == 1)
            }
            CallPart::Buddy(buddy) => {
                self.write(&mut theirs.buddy, buddy.map(MemberId::from_bytes))
            }
            CallPart::CheckIn(at) => self.write(&mut theirs.home, *at),
            CallPart::Presume { member, held } => {
                let member = MemberId::from_bytes(*member);
                let presumes = &mut theirs.presumes;
                let room = presumes.len() < PRESUMED || presumes.contains_key(&member);
                room && self.write_entry(presumes, member, *held == 1)
            }
            CallPart::Place(_) | CallPart::Time(_) => false,
        }
    }

    fn write_entry<K: Ord>(
        self,
        entries: &mut std::collections::BTreeMap<K, (Place, bool)>,
        key: K,
        value: bool,
    ) -> bool {
        let wins = entries.get(&key).is_none_or(|(old, _)| self.wins(*old));
        if wins {
            entries.insert(key, (self.place, value));
        }
        wins
    }
}

impl State {
    /// A call-off that is heard now. The first one says whether it was before the beginning.
    pub(super) fn called_off(
        &self,
        at: u64,
        reason: Option<CancelReason>,
        awake: Awake,
        now: u64,
    ) -> Cancelled {
        let before = |start: u64| now < start || (at < start && awake.catches_up(start, now));
        let known = self.cancelled.as_ref().map(|(_, known)| known.early);
        Cancelled {
            at,
            early: known.unwrap_or_else(|| self.start().is_none_or(before)),
            reason,
        }
    }

    /// Whether nothing was said that counts.
    fn is_blank(&self) -> bool {
        self.object.is_none()
            && self.cancelled.is_none()
            && self.place.is_none()
            && self.time.is_none()
            && self.members.is_empty()
    }
}

impl Part {
    fn is_empty(&self) -> bool {
        self.answer.is_none()
            && self.roles.is_empty()
            && self.ticks.is_empty()
            && self.buddy.is_none()
            && self.home.is_none()
            && self.presumes.is_empty()
    }
}

/// Nothing is kept longer than calls last, whatever somebody says; by a clock that nobody has set, what they say counts.
fn kept(until: u64, now: u64) -> u64 {
    if now < CLOCK_FLOOR_MS {
        return until;
    }
    until.min(now.saturating_add(KEPT_MS))
}

fn shown(id: CallId, state: &State) -> Applied {
    if state.object.is_some() {
        Applied::Changed(id)
    } else {
        Applied::Nothing
    }
}

fn text(bytes: &SecretBytes) -> Option<&str> {
    std::str::from_utf8(bytes.as_slice()).ok()
}

/// A reason that publishers of a channel gave, on one line.
pub(super) fn text_line(text: &str) -> Option<CancelReason> {
    let words: Vec<&str> = text.split_whitespace().collect();
    CancelReason::parse(&words.join(" ")).ok()
}

/// None if it is none that anybody may write; nothing in it if it was taken back.
#[expect(
    clippy::option_option,
    reason = "a wrong place is not a place taken back"
)]
pub(super) fn parse_place(bytes: &SecretBytes) -> Option<Option<PlanPlace>> {
    match text(bytes)? {
        "" => Some(None),
        place => PlanPlace::parse(place).ok().map(Some),
    }
}
