//! Of which logs we hold a copy. Only of lives that the membership knows as current or as the one before, and never so
//! many that one member takes the room of another: a life that is over makes room first.

use std::collections::BTreeMap;

use model::{LogId, MemberId};

use super::{Cell, records};
use crate::config::{LIVES_PER_MEMBER, LOGS_PER_CELL};
use crate::envelope::{LogTag, log_tag};
use crate::log::{Log, Position};
use crate::membership::Standing;
use crate::out::Out;

impl Cell {
    /// The log with this id, opened at its start if it is the current life of somebody who is or was a member, or the one
    /// before. A life that waits for a confirmation has no log with us yet.
    pub(super) fn log_mut(&mut self, id: LogId, out: &mut Out) -> Option<&mut Log> {
        if !self.logs.contains_key(&id) {
            if !self.takes_log(&id) || !self.make_room(out) {
                return None;
            }
            self.insert_log(id, Position::START);
        }
        self.logs.get_mut(&id)
    }

    /// Whether this is the log of a current member's current life.
    pub(super) fn is_current(&self, log: &LogId) -> bool {
        let info = self.known.members.get(&log.member);
        info.is_some_and(|info| {
            info.standing == Standing::Member && info.incarnation == Some(log.incarnation)
        })
    }

    /// Takes more of a member's logs again.
    pub(super) fn reopen_logs(&mut self, member: MemberId, out: &mut Out) {
        for (id, log) in self.logs.iter_mut().filter(|(id, _)| id.member == member) {
            if !log.is_open() {
                log.reopen();
                out.changes
                    .put(records::log_key(self.id, id), log.position().to_bytes());
            }
        }
    }

    /// A life that is over is begun only while there is plenty of room: once logs had to go, none comes back, for what we
    /// say that we have must never grow less.
    fn takes_log(&self, id: &LogId) -> bool {
        if !self.is_current(id) && self.logs.len() >= LOGS_PER_CELL / 2 {
            return false;
        }
        let info = self.known.members.get(&id.member);
        let lives: Vec<_> = info
            .into_iter()
            .flat_map(|info| info.incarnations())
            .collect();
        let mut newest = lives.iter().rev().take(LIVES_PER_MEMBER);
        newest.any(|life| *life == id.incarnation)
    }

    /// Whether a tag that we do not know names a log that we would take: other logs that somebody has are no news.
    pub(super) fn takes_tag(&self, tag: &LogTag) -> bool {
        let lives = self.known.members.iter().flat_map(|(member, info)| {
            info.incarnations().map(|incarnation| LogId {
                member: *member,
                incarnation,
            })
        });
        let mut taken = lives.filter(|log| self.takes_log(log));
        taken.any(|log| log_tag(&self.id, &log) == *tag)
    }

    /// Forgets a log that is over if there are too many. What was opened of it stays.
    fn make_room(&mut self, out: &mut Out) -> bool {
        if self.logs.len() < LOGS_PER_CELL {
            return true;
        }
        let mut counts: BTreeMap<MemberId, usize> = BTreeMap::new();
        for log in self.logs.keys() {
            *counts.entry(log.member).or_default() += 1;
        }
        let over = |log: &&LogId| **log != self.log && !self.is_current(log);
        let over = self.logs.keys().filter(over);
        let Some(id) = over
            .max_by_key(|log| (counts.get(&log.member), **log))
            .copied()
        else {
            return false;
        };
        self.forget_log(&id, out);
        true
    }

    fn forget_log(&mut self, id: &LogId, out: &mut Out) {
        let Some(log) = self.logs.remove(id) else {
            return;
        };
        self.tags.remove(&log.tag());
        self.speech.changed.remove(id);
        self.stuck.remove(id);
        self.gaps.remove(id);
        self.paused.remove(id);
        self.groups.forget(id);
        self.find_track(id, out);
        for envelope in log.from(0) {
            let seq = envelope.header().seq;
            out.changes.delete(records::envelope_key(self.id, id, seq));
        }
        out.changes.delete(records::log_key(self.id, id));
    }
}
