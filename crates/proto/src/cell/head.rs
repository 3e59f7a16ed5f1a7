//! Whether the head of our own log is what others have (PROTOCOL §2): nothing is signed before that is known.
//!
//! ```text
//!   start ─► unconfirmed ─► a member's frontier, or answer to this start, and nobody claims more ─► confirmed
//!                 │
//!                 └─ somebody claims more ─► doubted ─ shown: the envelope, signed by us ──────► a new life
//!                                               └───── not shown in time, and one alone says so ─► confirmed
//! ```
//! Anybody can say that they have more. Whoever has it holds our signature, for the last envelope of each log is kept.

use std::collections::BTreeSet;

use model::{MemberId, PeerId};

use super::{Cell, OwnHead, Presence};
use crate::config::{CLAIM_TIME, CLAIMANTS};
use crate::envelope::{Envelope, truncated};
use crate::node::Now;
use crate::out::Out;
use crate::wire::Frontier;

impl Cell {
    /// A member has said how far they reach. If neither they nor any ack says more of our log than we have, our head is
    /// what others have.
    pub(super) fn confirm_own_head(&mut self, peer: PeerId, frontier: &Frontier, now: Now) {
        let Some(own) = self.logs.get(&self.log) else {
            return;
        };
        let (tag, position) = (own.tag(), own.position());
        let theirs = frontier.entries.iter().find(|entry| entry.tag == tag);
        let ahead = theirs.is_some_and(|entry| {
            entry.next > position.next
                || (entry.next == position.next
                    && entry.head != truncated(&position.head)
                    && entry.next > 0)
        });
        let doubted = ahead || !self.claimants().is_empty();
        self.judge_own_head(doubted, now);
        if doubted && self.speech.head != OwnHead::Confirmed {
            // Whoever has more shows it as soon as they hear how far we reach.
            self.tell_frontier(Some(peer));
        }
    }

    /// Members have signed what they have of our log after they heard of this start: bundles bring that to who is
    /// connected to nobody. What was signed before this start says nothing: a disk may have been put back since, and
    /// whoever carries a bundle may carry an old one. Called when everything in a bundle was taken, so that whoever has
    /// more has had the occasion to show it.
    pub(super) fn confirm_by_answers(&mut self, now: Now) {
        let Some(own) = self.logs.get(&self.log) else {
            return;
        };
        let (tag, position) = (own.tag(), own.position());
        let ours = (position.next, truncated(&position.head));
        let acks = self
            .acks
            .values()
            .filter(|ack| ack.log.member != self.me && self.is_member(&ack.log.member));
        let answers: Vec<_> = acks
            .filter_map(|ack| ack.answer(&tag, &self.start))
            .collect();
        let ahead = answers
            .iter()
            .any(|answer| answer.0 >= ours.0 && *answer != ours);
        // Who has less of it than we do says nothing about our head.
        if ahead || answers.contains(&ours) {
            let doubted = ahead || !self.claimants().is_empty();
            self.judge_own_head(doubted, now);
        }
    }

    fn judge_own_head(&mut self, doubted: bool, now: Now) {
        self.speech.head = match (self.speech.head, doubted) {
            (OwnHead::Confirmed, _) => OwnHead::Confirmed,
            (OwnHead::Unconfirmed, true) => OwnHead::Doubted(now.instant + CLAIM_TIME),
            (OwnHead::Doubted(until), true) => OwnHead::Doubted(until),
            (OwnHead::Unconfirmed | OwnHead::Doubted(_), false) => OwnHead::Confirmed,
        };
    }

    /// Members whose ack says that they have more of our log than we do.
    fn claimants(&self) -> BTreeSet<MemberId> {
        let Some(own) = self.logs.get(&self.log) else {
            return BTreeSet::new();
        };
        let (tag, next) = (own.tag(), own.position().next);
        let claims = self.acks.iter().filter(|(_, ack)| ack.next(&tag) > next);
        let others = claims.filter(|(member, _)| **member != self.me && self.is_member(member));
        others.map(|(member, _)| *member).collect()
    }

    /// Whether an ack claims something of our log that cannot be: as long as we know our head, we know.
    pub(super) fn is_false_claim(&self, ack: &crate::objects::Ack) -> bool {
        self.speech.head == OwnHead::Confirmed
            && self
                .logs
                .get(&self.log)
                .is_some_and(|own| ack.next(&own.tag()) > own.position().next)
    }

    /// What was claimed was not shown in time. Whoever is here and did not show it does not have it. Of those who are not
    /// here, one may lie, and several full members are believed: a new life is only a nuisance, and two things signed in
    /// one place would be taken for treason.
    pub(super) fn settle_doubt(&mut self, now: Now, out: &mut Out) {
        let full = |member: &MemberId| {
            let info = self.known.members.get(member);
            info.is_some_and(|info| info.full)
        };
        let absent = self
            .claimants()
            .into_iter()
            .filter(|member| self.session_of(member).is_none() && full(member));
        if absent.count() >= CLAIMANTS {
            self.reset(now, out);
        } else {
            self.speech.head = OwnHead::Confirmed;
            self.speak_if_heard(now, out);
        }
    }

    /// An envelope of our own log that we do not have is proof that this device was set back.
    pub(super) fn on_own_envelope(&mut self, envelope: &Envelope, now: Now, out: &mut Out) -> bool {
        let Some(own) = self.logs.get(&self.log) else {
            return false;
        };
        let unknown = match own.place(envelope) {
            crate::log::Place::Known | crate::log::Place::Refused | crate::log::Place::Full => {
                false
            }
            crate::log::Place::Next | crate::log::Place::Early | crate::log::Place::Fork(_) => true,
        };
        if unknown && self.presence == Presence::In {
            self.reset(now, out);
        }
        false
    }
}
