//! Send groups of others that we cannot follow any more, until their owners have added us again (PROTOCOL §3).
//!
//! That we ask outlives a restart, and is said again whenever the owner is there: it costs them two commits, so they do
//! it at most once in a while.

use model::{Instant, LogId, MemberId};

use super::{Cell, Rewelcome, records};
use crate::config::REWELCOME_INTERVAL;
use crate::node::Now;
use crate::out::Out;
use crate::wire::Item;

impl Cell {
    /// We cannot follow a log: its owner is asked to add us again, now and whenever we meet.
    pub(super) fn lose_track(&mut self, log: LogId, now: Now, out: &mut Out) {
        self.groups.forget(&log);
        if !self.is_current(&log) {
            return;
        }
        out.changes
            .put(records::lost_key(self.id, &log), Vec::new());
        self.lost.insert(log, None);
        self.ask_rewelcome(log.member, now);
    }

    /// We follow a log again.
    pub(super) fn find_track(&mut self, log: &LogId, out: &mut Out) {
        if self.lost.remove(log).is_some() {
            out.changes.delete(records::lost_key(self.id, log));
        }
    }

    /// Asks a member who is connected, unless they were asked a moment ago.
    pub(super) fn ask_rewelcome(&mut self, member: MemberId, now: Now) {
        let due = |asked: &Option<Instant>| {
            asked.is_none_or(|at| now.instant.since(at) >= REWELCOME_INTERVAL)
        };
        let mut sessions = self.sessions.values_mut();
        let Some(session) = sessions.find(|session| session.member == member) else {
            return;
        };
        let lost = self.lost.iter_mut();
        for (log, asked) in lost.filter(|(log, asked)| log.member == member && due(asked)) {
            session.send(&Item::Rewelcome {
                incarnation: *log.incarnation.as_bytes(),
            });
            *asked = Some(now.instant);
        }
    }

    /// Asks everybody who is connected.
    pub(super) fn ask_rewelcomes(&mut self, now: Now) {
        let members: Vec<MemberId> = self.lost.keys().map(|log| log.member).collect();
        for member in members {
            self.ask_rewelcome(member, now);
        }
    }

    /// A new connection: what was asked on the last one may not have arrived.
    pub(super) fn ask_again(&mut self, member: MemberId, now: Now) {
        for (_, asked) in self.lost.iter_mut().filter(|(log, _)| log.member == member) {
            *asked = None;
        }
        self.ask_rewelcome(member, now);
    }

    /// A member cannot follow our log and asks to be added again.
    pub(super) fn on_rewelcome(&mut self, member: MemberId, incarnation: [u8; 16], now: Now) {
        let recently = match self.speech.rewelcome.get(&member) {
            Some(Rewelcome::Asked) => true,
            Some(Rewelcome::Done(at)) => now.instant.since(*at) < REWELCOME_INTERVAL,
            None => false,
        };
        if incarnation == *self.log.incarnation.as_bytes() && !recently {
            self.speech.rewelcome.insert(member, Rewelcome::Asked);
            self.speech.stale = true;
            self.schedule_reconcile(now);
        }
    }
}
