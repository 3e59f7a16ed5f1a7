//! What the person is told that they cannot see: what others refer to and nobody shows us, logs that hold more than we
//! keep, and removals that somebody has not applied (PROTOCOL §5).

use model::{Instant, LogId, MemberId};

use super::{Cell, records};
use crate::config::{GAP_TIME, REMOVAL_TIME};
use crate::event::WarningKind;
use crate::node::Now;
use crate::out::Out;

/// Something is missing in a log.
pub(super) struct Gap {
    /// Up to where somebody refers to it.
    end: u64,
    /// Since when we have asked for it, connected to somebody.
    since: Instant,
    /// Whether the person was told.
    told: bool,
}

impl Cell {
    /// Somebody refers to envelopes of a log below `end`.
    pub(super) fn note_gap(&mut self, id: LogId, end: u64, now: Now) {
        let lacking = self.logs.get(&id).is_some_and(|log| {
            let position = log.position();
            end > position.next && position.next < position.limit
        });
        if !lacking || id == self.log {
            return;
        }
        let gap = self.gaps.entry(id).or_insert(Gap {
            end,
            since: now.instant,
            told: false,
        });
        gap.end = gap.end.max(end);
    }

    /// A log has grown: what was missing may be there, or come.
    pub(super) fn close_gap(&mut self, id: &LogId) {
        let Some(next) = self.logs.get(id).map(|log| log.position().next) else {
            return;
        };
        if self.gaps.get(id).is_some_and(|gap| gap.end <= next) {
            self.gaps.remove(id);
        }
    }

    pub(super) fn gaps_due(&self) -> Option<Instant> {
        let open = self.gaps.values().filter(|gap| !gap.told);
        open.map(|gap| gap.since + GAP_TIME).min()
    }

    /// What nobody has shown for long is told. Where a log goes on behind it and its author is there, who would show it if
    /// they had it, we go on there: nobody else can make us give something up by keeping it from us. The send group
    /// cannot be followed across the gap, so its owner is asked to add us again.
    pub(super) fn tick_gaps(&mut self, now: Now, out: &mut Out) {
        if self.sessions.is_empty() {
            for gap in self.gaps.values_mut() {
                gap.since = now.instant;
            }
            return;
        }
        let due = |gap: &Gap| now.instant.since(gap.since) >= GAP_TIME;
        let ids: Vec<LogId> = self
            .gaps
            .iter()
            .filter(|(_, gap)| due(gap))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            if let Some(gap) = self.gaps.get_mut(&id)
                && !std::mem::replace(&mut gap.told, true)
            {
                out.warn(self.id, WarningKind::Withheld);
            }
            if self
                .author_met_at(&id)
                .is_some_and(|at| now.instant.since(at) >= GAP_TIME)
            {
                self.leap(id, now, out);
            }
        }
    }

    /// Since when the author of a log has been connected.
    fn author_met_at(&self, id: &LogId) -> Option<Instant> {
        Some(self.session_of(&id.member)?.since)
    }

    fn leap(&mut self, id: LogId, now: Now, out: &mut Out) {
        let Some(log) = self.logs.get_mut(&id) else {
            return;
        };
        if !log.has_gap() {
            return;
        }
        let before = log.position();
        let Some(envelope) = log.leap() else { return };
        tracing::warn!("nobody has a part of a log any more, and it goes on behind it");
        if self.append_others(envelope, now, out).is_err() {
            if let Some(log) = self.logs.get_mut(&id) {
                log.restore_position(before);
            }
            return;
        }
        self.gaps.remove(&id);
        self.lose_track(id, now, out);
        self.unpark(id, now, out);
        self.open_log(id, now, out);
        self.pull.want(self.sessions.keys().copied());
    }

    /// Watches who still speaks to somebody who was removed.
    pub(super) fn watch_removal(&mut self, member: MemberId, now: Now) {
        self.unapplied.entry(member).or_insert(now.instant);
    }

    pub(super) fn removals_due(&self) -> Option<Instant> {
        let since = self.unapplied.values().min();
        since.map(|since| *since + REMOVAL_TIME)
    }

    /// After an hour it is said that a member still has somebody in their send group who was removed.
    pub(super) fn tick_removals(&mut self, now: Now, out: &mut Out) {
        let due = |since: &Instant| now.instant.since(*since) >= REMOVAL_TIME;
        let due: Vec<MemberId> = self
            .unapplied
            .iter()
            .filter(|(_, since)| due(since))
            .map(|(member, _)| *member)
            .collect();
        for member in due {
            self.unapplied.remove(&member);
            if !self.others().all(|other| self.has_applied(&other, &member)) {
                out.warn(self.id, WarningKind::RemovalNotApplied);
            }
        }
    }

    /// Whether no send group of `member` that we follow holds `target`.
    pub(super) fn has_applied(&self, member: &MemberId, target: &MemberId) -> bool {
        let logs = self.logs.keys().filter(|log| self.is_current(log));
        let rosters = logs
            .filter(|log| log.member == *member)
            .filter_map(|log| self.groups.roster(log));
        rosters
            .into_iter()
            .all(|roster| roster.iter().all(|leaf| leaf.member != *target))
    }

    /// Forgets the oldest of a log that has grown beyond what we keep.
    pub(super) fn trim(&mut self, id: LogId, out: &mut Out) {
        let Some(log) = self.logs.get_mut(&id) else {
            return;
        };
        let trimmed = log.trim();
        if trimmed.is_empty() {
            return;
        }
        for seq in trimmed {
            out.changes.delete(records::envelope_key(self.id, &id, seq));
        }
        self.pause(id, out);
    }

    /// Says once that a log holds more than we keep.
    pub(super) fn pause(&mut self, id: LogId, out: &mut Out) {
        if self.paused.insert(id) {
            out.warn(self.id, WarningKind::BacklogPaused);
        }
    }
}
