//! When check-ins are due, and who is missing.
//!
//! Anybody may set another time, and the author may change the call or call it off. Whoever is out by then must not lose
//! those who wait for them. So when the plan begins by our own clock, it is **latched** for everybody who is in when they
//! are missed: nothing that somebody else says makes that later. It is let go once they say that they are home, or not in.
//!
//! A device that slept while a plan began knows that it may not have heard all of it: it takes some minutes to hear it,
//! and latches then what it knows.

use std::collections::{BTreeMap, BTreeSet};

use action::Asks;
use model::{CallId, MemberId};

use super::view::{Coming, MissedStage};
use super::{Calls, Part, State, Write, millis, record};
use crate::config::{ASLEEP_MS, CATCH_UP_MS, SENT_AT_UNIT};

/// When somebody is missed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Due {
    /// When the plan begins.
    pub(super) start: u64,
    /// From when they are missed.
    pub(super) at: u64,
    /// How much later everybody is told, if somebody is asked before.
    pub(super) grace: u64,
    /// Whether everybody is told at once.
    pub(super) cell: bool,
}

/// Since when this device has been awake, by its own clock. A clock that is set back ends no wakefulness.
#[derive(Clone, Copy, Default)]
pub(crate) struct Awake {
    since: u64,
    seen: u64,
}

/// Who has to be told that somebody is missing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Missing {
    pub(crate) call: CallId,
    pub(crate) member: MemberId,
    pub(crate) stage: MissedStage,
}

impl Awake {
    pub(super) fn see(&mut self, now: u64) {
        if now.saturating_sub(self.seen) > ASLEEP_MS {
            self.since = now;
        }
        self.since = self.since.min(now);
        self.seen = now;
    }

    /// Whether we slept when something began, and may still be hearing what was said about it before.
    pub(super) fn catches_up(self, start: u64, now: u64) -> bool {
        self.since > start && now < self.since.saturating_add(CATCH_UP_MS)
    }
}

impl Due {
    /// What holds of two: whatever comes first.
    fn sooner(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            at: self.at.min(other.at),
            grace: self.grace.min(other.grace),
            cell: self.cell || other.cell,
        }
    }

    /// So long the call stays while they are missing: everybody is told by then, and has time to do something.
    pub(super) fn kept_until(self) -> u64 {
        self.at.saturating_add(self.grace.saturating_mul(2))
    }
}

impl State {
    /// When whoever is in is missed, by the plan as it stands.
    fn planned(&self) -> Option<Due> {
        let call = &self.object.as_ref()?.call;
        let grace = millis(call.grace()?);
        Some(Due {
            start: self.start()?,
            at: self.end()?.saturating_add(grace),
            grace,
            cell: call.check_in?.asks == Asks::Cell,
        })
    }

    /// Whether whoever is in is waited for: it was not called off before it began.
    fn is_awaited(&self) -> bool {
        let cancelled = self.cancelled.as_ref();
        !cancelled.is_some_and(|(_, cancelled)| cancelled.early)
    }

    /// Since when a member is home. What they said before it began does not count: they left after that.
    pub(super) fn home(&self, member: &MemberId, part: &Part) -> Option<u64> {
        let (_, at) = part.home.as_ref()?;
        let latched = self.due.get(member).map(|due| due.start);
        let start = latched.or_else(|| self.start()).unwrap_or(0);
        // It is said in whole minutes.
        let unit = millis(SENT_AT_UNIT);
        (*at >= start - start % unit).then_some(*at)
    }

    /// Whether a member said that they come and not that they are home.
    pub(crate) fn expects(&self, member: &MemberId) -> bool {
        self.members.get(member).is_some_and(|part| {
            let coming = part.answer.as_ref().map(|(_, coming)| *coming);
            coming == Some(Coming::In) && self.home(member, part).is_none()
        })
    }

    /// When a member is missed who is not home.
    fn due(&self, member: &MemberId) -> Option<Due> {
        if !self.expects(member) {
            return None;
        }
        let planned = self.planned().filter(|_| self.is_awaited());
        match (self.due.get(member), planned) {
            (Some(latched), Some(planned)) => Some(latched.sooner(planned)),
            (Some(latched), None) => Some(*latched),
            (None, planned) => planned,
        }
    }

    /// Whether it has begun for a member who is not home, whatever was said afterwards.
    pub(crate) fn is_out(&self, member: &MemberId) -> bool {
        self.due.contains_key(member)
    }

    /// Whether somebody should have been home by now.
    pub(crate) fn is_overdue(&self, member: &MemberId, now: u64) -> bool {
        self.due(member).is_some_and(|due| due.at <= now)
    }

    /// When the first check-in of these members is due; by the plan, if nobody is waited for.
    pub(super) fn first_due(&self, members: impl Iterator<Item = MemberId>) -> Option<u64> {
        let due = members.filter_map(|member| self.due(&member));
        due.chain(self.planned()).map(|due| due.at).min()
    }

    /// Who looks after a member: nobody any more, once they have left the cell.
    pub(super) fn buddy(
        &self,
        member: &MemberId,
        here: &BTreeMap<MemberId, u8>,
    ) -> Option<MemberId> {
        let (_, buddy) = self.members.get(member)?.buddy.as_ref()?;
        buddy.filter(|buddy| here.contains_key(buddy))
    }

    /// How long somebody has been missing: 0 not at all, 1 so that the buddy is asked, 2 so that the cell is told.
    pub(super) fn missing(&self, member: &MemberId, here: &BTreeMap<MemberId, u8>, now: u64) -> u8 {
        let Some(due) = self.due(member) else {
            return 0;
        };
        let at_once = due.cell || self.buddy(member, here).is_none();
        match now {
            now if now < due.at => 0,
            now if at_once || now >= due.at.saturating_add(due.grace) => 2,
            _ => 1,
        }
    }

    /// Latches for everybody who is out when they are missed, if it has begun, and lets go whoever is home. Says whether
    /// anything has changed.
    pub(super) fn latch(&mut self, awake: Awake, now: u64) -> bool {
        let known: Vec<MemberId> = self.due.keys().copied().collect();
        let mut changed = false;
        for member in known {
            if !self.expects(&member) {
                self.due.remove(&member);
                self.told.remove(&member);
                changed = true;
            }
        }
        let begun = |due: &Due| due.start <= now && !awake.catches_up(due.start, now);
        let Some(planned) = self.planned().filter(|due| self.is_awaited() && begun(due)) else {
            return changed;
        };
        let members = self.members.keys().copied();
        let out: Vec<MemberId> = members.filter(|member| self.expects(member)).collect();
        for member in out {
            let latched = self.due.get(&member);
            let due = latched.map_or(planned, |latched| latched.sooner(planned));
            changed |= self.due.insert(member, due) != Some(due);
        }
        changed
    }

    /// The same before and after something is said. A time that we learned after it had begun waits for the clock: another
    /// one may come right behind it.
    pub(super) fn latch_known(&mut self, awake: Awake, now: u64) -> bool {
        let known = self.start().is_some_and(|start| self.settled_at <= start);
        (known || !self.due.is_empty()) && self.latch(awake, now)
    }

    /// Who presumes that a member is held. Nobody before they are missed, nor once they are home.
    pub(crate) fn presumed(&self, target: &MemberId, now: u64) -> BTreeSet<MemberId> {
        if !self.is_overdue(target, now) {
            return BTreeSet::new();
        }
        let members = self.members.iter();
        members
            .filter(|(_, part)| part.presumes(target))
            .map(|(member, _)| *member)
            .collect()
    }
}

impl Part {
    /// Whether they presume that somebody is held, and have not taken it back.
    pub(crate) fn presumes(&self, target: &MemberId) -> bool {
        matches!(self.presumes.get(target), Some((_, true)))
    }
}

impl Calls {
    /// Whom to tell by now that somebody is missing. Each is told once for each time that they are out. `here` are the
    /// members of the cell.
    pub(crate) fn missing(
        &mut self,
        here: &BTreeMap<MemberId, u8>,
        now: u64,
        writes: &mut Vec<Write>,
    ) -> Vec<Missing> {
        self.awake.see(now);
        let mut missing = Vec::new();
        for (call, state) in &mut self.calls {
            let mut changed = state.latch(self.awake, now);
            let known: Vec<MemberId> = state.members.keys().copied().collect();
            for member in known.into_iter().filter(|member| here.contains_key(member)) {
                let stage = state.missing(&member, here, now);
                let told = state.told.get(&member).copied().unwrap_or(0);
                if stage <= told {
                    continue;
                }
                state.told.insert(member, stage);
                changed = true;
                let whom = match stage {
                    _ if member == self.me => (told == 0).then_some(MissedStage::Ourselves),
                    1 => {
                        (state.buddy(&member, here) == Some(self.me)).then_some(MissedStage::Buddy)
                    }
                    _ => Some(MissedStage::Cell),
                };
                missing.extend(whom.map(|stage| Missing {
                    call: *call,
                    member,
                    stage,
                }));
            }
            if changed {
                writes.push(record::plan(call, state));
            }
        }
        missing
    }

    /// Members whom we presume to be held, who are missed and have not come home: with the members who presume it too.
    pub(crate) fn presumed_by_us(&self, now: u64) -> Vec<(MemberId, BTreeSet<MemberId>)> {
        let mut all = Vec::new();
        for (_, state) in self.shown() {
            let Some(ours) = state.members.get(&self.me) else {
                continue;
            };
            for target in ours.presumes.keys().filter(|target| ours.presumes(target)) {
                all.push((*target, state.presumed(target, now)));
            }
        }
        all
    }
}
