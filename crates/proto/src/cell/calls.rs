//! Calls in the cell: what the person does about them, what others say, and who has to be told (`calls.rs` has the
//! rules).

use std::collections::{BTreeMap, BTreeSet};

use action::Call;
use model::{CallId, MemberId};

use super::{Cell, Presence, records};
use crate::calls::view::{CallView, RoleView};
use crate::calls::{Applied, Write};
use crate::command::{CallDeed, ErrorKind};
use crate::config::{CALLS_PER_MEMBER, SENT_AT_UNIT, URGENT_WAITING, WAITING_PER_CELL};
use crate::content::{CallPart, Content, call_id};
use crate::envelope::Envelope;
use crate::event::{Answer, Notice};
use crate::membership::{Action, Standing};
use crate::messages::Place;
use crate::node::Now;
use crate::out::Out;

impl Cell {
    /// Shares a call with everybody in the cell.
    pub(crate) fn share_call(
        &mut self,
        call: &Call,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        let nonce = self.rng.array();
        self.share_call_as(nonce, call, now, out)
    }

    pub(super) fn share_call_as(
        &mut self,
        nonce: [u8; 16],
        call: &Call,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        if call.last_moment() <= now.timestamp {
            return Err(ErrorKind::CallExpired);
        }
        if self.calls.count_of(&self.me) >= CALLS_PER_MEMBER {
            return Err(ErrorKind::TooMany);
        }
        self.say_about_call(self.call_content(nonce, call, now), now, out)?;
        Ok(Answer::CallShared(call_id(&self.id, &self.me, &nonce)))
    }

    pub(super) fn call_content(&self, nonce: [u8; 16], call: &Call, now: Now) -> Content {
        Content::Call {
            nonce,
            written_at: now.timestamp.rounded_down(SENT_AT_UNIT).as_millis(),
            call: call.to_bytes().into(),
        }
    }

    /// Does something about a call.
    pub(crate) fn on_call(
        &mut self,
        id: CallId,
        deed: CallDeed,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        let view = self.call_view_at(&id, now)?;
        // Whoever is under way is still waited for.
        let going = matches!(
            deed,
            CallDeed::CheckIn | CallDeed::Cancel(_) | CallDeed::TakeBackPresumption(_)
        );
        if view.cancelled.is_some() && !going {
            return Err(ErrorKind::CallCancelled);
        }
        let content = match &deed {
            CallDeed::Update(call) => {
                if call.last_moment() <= now.timestamp {
                    return Err(ErrorKind::CallExpired);
                }
                self.call_content(self.our_nonce(&id, &view)?, call, now)
            }
            CallDeed::Cancel(reason) => Content::CallOff {
                nonce: self.our_nonce(&id, &view)?,
                until: view.object.last_moment().as_millis(),
                written_at: now.timestamp.rounded_down(SENT_AT_UNIT).as_millis(),
                reason: reason.expose().as_bytes().into(),
            },
            CallDeed::Answer(_)
            | CallDeed::TakeRole(_)
            | CallDeed::LeaveRole(_)
            | CallDeed::SetPlace(_)
            | CallDeed::SetTime(_)
            | CallDeed::Tick { .. }
            | CallDeed::SetBuddy(_)
            | CallDeed::CheckIn
            | CallDeed::TakeBackPresumption(_) => {
                let Some(part) = self.part_of(&view, deed, now)? else {
                    return Ok(());
                };
                return self.add_to_call(&view, part, now, out);
            }
        };
        self.say_about_call(content, now, out)
    }

    /// What a deed adds to a call; nothing if there is nothing to add.
    fn part_of(
        &self,
        view: &CallView,
        deed: CallDeed,
        now: Now,
    ) -> Result<Option<CallPart>, ErrorKind> {
        let part = match deed {
            CallDeed::Answer(coming) => CallPart::Answer(coming.number()),
            CallDeed::TakeRole(role) => {
                let taken = role_of(view, &role)?;
                if taken.taken_by.contains(&self.me) {
                    return Ok(None);
                }
                if taken.taken_by.len() >= usize::from(taken.count) {
                    return Err(ErrorKind::RoleFull);
                }
                let role = role.as_bytes().into();
                CallPart::Role { role, take: 1 }
            }
            CallDeed::LeaveRole(role) => {
                role_of(view, &role)?;
                let role = role.as_bytes().into();
                CallPart::Role { role, take: 0 }
            }
            CallDeed::SetPlace(place) => {
                let place = place.as_ref().map_or("", |place| place.expose());
                CallPart::Place(place.as_bytes().into())
            }
            CallDeed::SetTime(time) => {
                let inside = time.is_none_or(|time| {
                    time < view.object.expires.end()
                        && time + view.object.duration() > now.timestamp
                });
                if !inside {
                    return Err(ErrorKind::InvalidParams);
                }
                CallPart::Time(time.map_or(0, model::Timestamp::as_millis))
            }
            CallDeed::Tick { list, item, done } => {
                let items = view.object.items();
                let items = items.get(usize::from(list)).copied();
                if usize::from(item) >= items.unwrap_or(0) {
                    return Err(ErrorKind::NoSuchItem);
                }
                let done = u8::from(done);
                CallPart::Tick { list, item, done }
            }
            CallDeed::SetBuddy(buddy) => {
                if buddy.is_some_and(|buddy| buddy == self.me || !self.is_member(&buddy)) {
                    return Err(ErrorKind::NotAMember);
                }
                CallPart::Buddy(buddy.map(|buddy| *buddy.as_bytes()))
            }
            CallDeed::CheckIn => {
                // Whoever is told to be home before they left is waited for by nobody. Whoever has left may come home whatever
                // time was set since.
                let out = self.calls.get(&view.call);
                let out = out.is_some_and(|state| state.is_out(&self.me));
                if !out && view.plan.time.is_some_and(|start| start > now.timestamp) {
                    return Err(ErrorKind::NotExpected);
                }
                CallPart::CheckIn(now.timestamp.rounded_down(SENT_AT_UNIT).as_millis())
            }
            CallDeed::TakeBackPresumption(member) => {
                let ours = self.calls.get(&view.call);
                if !ours.is_some_and(|state| state.presumes(&self.me, &member)) {
                    return Ok(None);
                }
                let member = *member.as_bytes();
                CallPart::Presume { member, held: 0 }
            }
            CallDeed::Update(_) | CallDeed::Cancel(_) => return Ok(None),
        };
        Ok(Some(part))
    }

    fn our_nonce(&self, id: &CallId, view: &CallView) -> Result<[u8; 16], ErrorKind> {
        if view.author != self.me {
            return Err(ErrorKind::NotTheAuthor);
        }
        let state = self.calls.get(id).ok_or(ErrorKind::NoSuchCall)?;
        state.nonce().ok_or(ErrorKind::NoSuchCall)
    }

    fn add_to_call(
        &mut self,
        view: &CallView,
        part: CallPart,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        let content = Content::CallPart {
            target: *view.call.as_bytes(),
            until: view.object.last_moment().as_millis(),
            part,
        };
        self.say_about_call(content, now, out)
    }

    pub(super) fn say_about_call(
        &mut self,
        content: Content,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        let room = WAITING_PER_CELL
            + if is_urgent(&content) {
                URGENT_WAITING
            } else {
                0
            };
        if self.waiting() >= room {
            return Err(ErrorKind::TooMany);
        }
        let mut writes = Vec::new();
        let (id, wall) = (self.id, now.timestamp.as_millis());
        let applied = self.calls.say(&id, content, wall, &mut writes);
        self.store_calls(writes, out);
        self.tell(applied, true, out);
        self.speak_if_heard(now, out);
        self.act_on_presumptions(now, out);
        Ok(())
    }

    /// Says what waits about calls, oldest first.
    pub(super) fn say_calls(&mut self, now: Now, out: &mut Out) {
        while let Some((number, content)) = self.calls.next_outgoing() {
            let Some(place) = self.say_in_turn(&content, now, out) else {
                tracing::error!("what was said about a call could not be sealed and waits");
                return;
            };
            let mut writes = Vec::new();
            let (id, wall) = (self.id, now.timestamp.as_millis());
            self.calls.sent(&id, number, place, wall, &mut writes);
            self.store_calls(writes, out);
        }
    }

    /// Takes what somebody said about a call.
    pub(super) fn take_call(
        &mut self,
        envelope: &Envelope,
        content: &Content,
        now: Now,
        out: &mut Out,
    ) {
        let (log, place) = (envelope.log(), Place::of(envelope));
        let mut writes = Vec::new();
        let (id, wall) = (self.id, now.timestamp.as_millis());
        let applied = self
            .calls
            .apply(&id, log.member, content, place, None, wall, &mut writes);
        self.store_calls(writes, out);
        self.tell(applied, false, out);
        self.speech.presumptions = true;
    }

    pub(super) fn tell(&mut self, applied: Applied, ours: bool, out: &mut Out) {
        for call in self.calls.take_touched() {
            out.notice(Notice::CallChanged(self.id, call));
        }
        match applied {
            Applied::Nothing => {}
            Applied::New(call) if !ours => out.notice(Notice::CallReceived(self.id, call)),
            Applied::New(call) | Applied::Changed(call) => {
                out.notice(Notice::CallChanged(self.id, call));
            }
        }
    }

    pub(super) fn store_calls(&self, writes: Vec<Write>, out: &mut Out) {
        for (name, value) in writes {
            let key = records::call_key(self.id, &name);
            match value {
                Some(value) => out.changes.put(key, value),
                None => out.changes.delete(key),
            }
        }
    }

    /// Presumes that a member who takes part is held. With enough full members who do, each casts a vote to remove them;
    /// if they say before that they are home, it is void.
    pub(crate) fn presume_arrest(
        &mut self,
        id: CallId,
        member: MemberId,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        if self.presence != Presence::In || !self.is_member(&member) {
            return Err(ErrorKind::NotAMember);
        }
        let view = self.call_view_at(&id, now)?;
        if member == self.me {
            return Err(ErrorKind::NotExpected);
        }
        match self
            .membership
            .can_vote(&self.me, &member)
            .map_err(ErrorKind::from)
        {
            // Whoever has voted may still say so for this call.
            Ok(()) | Err(ErrorKind::AlreadyVoted) => {}
            Err(refused) => return Err(refused),
        }
        let wall = now.timestamp.as_millis();
        let state = self.calls.get(&id);
        if !state.is_some_and(|state| state.is_overdue(&member, wall)) {
            return Err(ErrorKind::NotExpected);
        }
        let presume = CallPart::Presume {
            member: *member.as_bytes(),
            held: 1,
        };
        self.add_to_call(&view, presume, now, out)?;
        let by = self
            .calls
            .get(&id)
            .map(|state| state.presumed(&member, wall))
            .unwrap_or_default();
        let needed = self
            .known
            .members
            .get(&member)
            .map_or(0, |info| info.needed);
        let presumed = u8::try_from(self.full_among(&by)).unwrap_or(u8::MAX);
        Ok(Answer::ArrestPresumed { presumed, needed })
    }

    fn full_among(&self, members: &BTreeSet<MemberId>) -> usize {
        let full = |member: &&MemberId| {
            let info = self.known.members.get(*member);
            info.is_some_and(|info| info.full && info.standing == Standing::Member)
        };
        members.iter().filter(full).count()
    }

    /// Casts our vote against everybody whom we and enough others presume to be held.
    pub(super) fn act_on_presumptions(&mut self, now: Now, out: &mut Out) {
        if self.presence != Presence::In {
            return;
        }
        for (member, by) in self.calls.presumed_by_us(now.timestamp.as_millis()) {
            let needed = self
                .known
                .members
                .get(&member)
                .map_or(0, |info| info.needed);
            let enough = needed > 0 && self.full_among(&by) >= usize::from(needed);
            if enough
                && self.is_member(&member)
                && self.membership.can_vote(&self.me, &member).is_ok()
            {
                // It was asked above whether we may.
                let _voted = self.vote(member, now, out);
            }
        }
    }

    /// Tells whom it concerns that somebody is missing.
    pub(super) fn tick_calls(&mut self, now: Now, out: &mut Out) {
        let members = self.votes_needed();
        let mut writes = Vec::new();
        let wall = now.timestamp.as_millis();
        let missing = self.calls.missing(&members, wall, &mut writes);
        self.store_calls(writes, out);
        for missing in missing {
            out.notice(Notice::MissedCheckIn {
                cell: self.id,
                call: missing.call,
                member: missing.member,
                stage: missing.stage,
            });
        }
        // A check-in may be due by now, and this may be the first look after a start.
        self.speech.presumptions = true;
    }

    /// The calls of the cell: those called off first, then by when they begin.
    pub(crate) fn call_views(&self, now: Now) -> Vec<CallView> {
        let members = self.votes_needed();
        let shown = self.calls.shown();
        let mut views: Vec<CallView> = shown
            .filter_map(|(call, state)| state.view(*call, &members, now.timestamp))
            .filter(|view| view.erased_at > now.timestamp)
            .collect();
        views.sort_by_key(|view| {
            let begins = view.plan.time.unwrap_or_else(|| view.object.expires.end());
            (view.cancelled.is_none(), begins, view.call)
        });
        views
    }

    /// One call.
    pub(crate) fn call_view_at(&self, call: &CallId, now: Now) -> Result<CallView, ErrorKind> {
        if self.calls.was_erased(call) {
            return Err(ErrorKind::CallExpired);
        }
        let members = self.votes_needed();
        let state = self.calls.get(call).ok_or(ErrorKind::NoSuchCall)?;
        let view = state.view(*call, &members, now.timestamp);
        let view = view.ok_or(ErrorKind::NoSuchCall)?;
        if view.erased_at <= now.timestamp {
            return Err(ErrorKind::CallExpired);
        }
        Ok(view)
    }

    /// Members of the cell, and how many votes remove each.
    fn votes_needed(&self) -> BTreeMap<MemberId, u8> {
        let members = self.known.members.iter();
        members
            .filter(|(_, info)| info.standing == Standing::Member)
            .map(|(member, info)| (*member, info.needed))
            .collect()
    }

    /// Sets how long messages last, for everybody.
    pub(crate) fn set_lifetime(
        &mut self,
        seconds: u32,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        if seconds < crate::membership::limits::LIFETIME_MIN_S {
            return Err(ErrorKind::InvalidParams);
        }
        if !self
            .known
            .members
            .get(&self.me)
            .is_some_and(|info| info.full)
        {
            return Err(ErrorKind::NotAFullMember);
        }
        if self.known.lifetime_s == seconds {
            return Ok(());
        }
        self.make_operation(
            Action::Policy {
                lifetime_s: seconds,
            },
            now,
            out,
        );
        self.draw_consequences(now, out);
        if self.known.lifetime_s != seconds {
            return Err(ErrorKind::TooMany);
        }
        self.expire(now, out);
        Ok(())
    }
}

/// What somebody waits for: it is said however much else waits.
fn is_urgent(content: &Content) -> bool {
    match content {
        Content::CallOff { .. } => true,
        Content::CallPart { part, .. } => matches!(part, CallPart::CheckIn(_)),
        // It may say that a call is off.
        Content::Forward { about, .. } => about.is_none(),
        Content::Text { .. }
        | Content::Attachment { .. }
        | Content::Carrier { .. }
        | Content::Reaction { .. }
        | Content::Edit { .. }
        | Content::Delete { .. }
        | Content::Whisper { .. }
        | Content::Call { .. } => false,
    }
}

fn role_of<'a>(view: &'a CallView, role: &str) -> Result<&'a RoleView, ErrorKind> {
    let known = view.roles.iter().find(|known| known.role == role);
    known.ok_or(ErrorKind::NoSuchRole)
}
