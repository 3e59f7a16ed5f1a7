//! What one publisher has bound themselves to at the one place of the log that is next. Persisted before anything is sent.
//!
//! Invariants: at most one post is signed in each turn · nothing of a turn before the promised one is signed · a turn in
//! which something was proposed lasts an hour · whoever had a turn comes after whoever had none and waits, so nobody keeps
//! the others out; among those, the order of the charter decides, so that two who ask at once do not block each other.

use model::Timestamp;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::messages::Signed;
use crate::config::{HOLD, TURNS_AHEAD};
use crate::id::PostId;

/// What is bound, and to whom.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Signer {
    pub(super) seq: u64,
    pub(super) previous: [u8; 32],
    /// No signature for a turn before this.
    pub(super) promised: u64,
    /// The furthest turn that anybody is known to have promised.
    pub(super) seen: u64,
    /// What was signed last here.
    pub(super) signed: Option<Signed>,
    /// The last turn in which we proposed something.
    pub(super) drafted: Option<u64>,
    /// The turn that we asked for.
    pub(super) asked: Option<u64>,
    holder: Option<Holder>,
    /// Whom we turned away, and when last. One entry per publisher.
    waiting: Vec<Since>,
    /// Who has had turns here, and how many.
    had: Vec<Had>,
}

/// Who comes first: whoever had fewer turns, then whoever is next in the order of the charter.
#[derive(
    Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, TlsDeserializeBytes, TlsSerialize, TlsSize,
)]
struct Rank {
    turns: u32,
    distance: u8,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct Holder {
    publisher: u8,
    since: u64,
    rank: Rank,
    /// 1 once something was proposed in this turn.
    has_draft: u8,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct Since {
    publisher: u8,
    at: u64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct Had {
    publisher: u8,
    turns: u32,
}

/// A publisher, and how far behind whoever wrote the post before they stand in the order of the charter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Seat {
    pub(super) publisher: u8,
    pub(super) distance: u8,
}

impl Signer {
    pub(super) const fn at(seq: u64, previous: PostId) -> Self {
        Self {
            seq,
            previous: *previous.as_bytes(),
            promised: 0,
            seen: 0,
            signed: None,
            drafted: None,
            asked: None,
            holder: None,
            waiting: Vec::new(),
            had: Vec::new(),
        }
    }

    /// Whether somebody may have the turn `round` now. Whoever may not is remembered.
    pub(super) fn grants(&mut self, round: u64, seat: Seat, now: Timestamp) -> bool {
        if !self.is_near(round) {
            return false;
        }
        if round <= self.promised || !self.is_free_for(seat, now) {
            self.wait(seat.publisher, now);
            return false;
        }
        self.waiting.retain(|one| one.publisher != seat.publisher);
        self.promised = round;
        self.see(round);
        self.hold(seat, false, now);
        true
    }

    fn wait(&mut self, publisher: u8, now: Timestamp) {
        self.waiting.retain(|one| one.publisher != publisher);
        let at = now.as_millis();
        self.waiting.push(Since { publisher, at });
    }

    /// Somebody has promised this turn.
    pub(super) fn see(&mut self, round: u64) {
        if self.is_near(round) {
            self.seen = self.seen.max(round);
        }
    }

    fn is_near(&self, round: u64) -> bool {
        round <= self.seen.max(self.promised).saturating_add(TURNS_AHEAD)
    }

    fn is_free_for(&self, seat: Seat, now: Timestamp) -> bool {
        let Some(holder) = self.holder else {
            return true;
        };
        let since = |at: u64| now.since(Timestamp::from_millis(at));
        let is_over = since(holder.since) >= HOLD;
        if holder.publisher == seat.publisher {
            // The same hour goes on. Another one begins if nobody else wants it.
            let waits = |one: &Since| one.publisher != seat.publisher && since(one.at) < 2 * HOLD;
            !is_over || !self.waiting.iter().any(waits)
        } else {
            is_over || (holder.has_draft == 0 && self.rank(seat) < holder.rank)
        }
    }

    fn rank(&self, seat: Seat) -> Rank {
        let mut had = self.had.iter();
        let had = had.find(|had| had.publisher == seat.publisher);
        Rank {
            turns: had.map_or(0, |had| had.turns),
            distance: seat.distance,
        }
    }

    /// Somebody has the turn: the hour begins, if it was not theirs before.
    pub(super) fn hold(&mut self, seat: Seat, has_draft: bool, now: Timestamp) {
        let goes_on = |holder: &Holder| {
            holder.publisher == seat.publisher
                && now.since(Timestamp::from_millis(holder.since)) < HOLD
        };
        if let Some(holder) = self.holder.as_mut().filter(|holder| goes_on(holder)) {
            holder.has_draft = u8::from(has_draft);
            return;
        }
        // Whoever is pushed out before they could propose anything had no turn.
        let pushed_out = self.holder.filter(|holder| {
            holder.has_draft == 0 && now.since(Timestamp::from_millis(holder.since)) < HOLD
        });
        if let Some(out) = pushed_out {
            let mut had = self.had.iter_mut();
            if let Some(had) = had.find(|had| had.publisher == out.publisher) {
                had.turns = had.turns.saturating_sub(1);
            }
        }
        self.holder = Some(Holder {
            publisher: seat.publisher,
            since: now.as_millis(),
            rank: self.rank(seat),
            has_draft: u8::from(has_draft),
        });
        match self
            .had
            .iter_mut()
            .find(|had| had.publisher == seat.publisher)
        {
            Some(had) => had.turns = had.turns.saturating_add(1),
            None => self.had.push(Had {
                publisher: seat.publisher,
                turns: 1,
            }),
        }
    }

    pub(super) const fn is_held(&self) -> bool {
        self.holder.is_some()
    }

    /// Whether a signature on this post in this turn contradicts nothing that was promised or signed.
    pub(super) fn may_sign(&self, round: u64, id: &PostId) -> bool {
        let same = |signed: &Signed| signed.round == round && signed.id == *id.as_bytes();
        let earlier = |signed: &Signed| signed.round < round;
        round >= self.promised
            && self
                .signed
                .as_ref()
                .is_none_or(|signed| same(signed) || earlier(signed))
    }

    /// Binds us to a post in a turn.
    pub(super) fn sign(&mut self, round: u64, id: &PostId) {
        self.promised = self.promised.max(round);
        self.signed = Some(Signed {
            round,
            id: *id.as_bytes(),
        });
    }

    pub(super) fn has_signed(&self, round: u64, id: &PostId) -> bool {
        let wanted = Signed {
            round,
            id: *id.as_bytes(),
        };
        self.signed == Some(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn at(hours: u64) -> Timestamp {
        Timestamp::from_millis(hours * HOUR)
    }

    fn seat(publisher: u8) -> Seat {
        let distance = publisher;
        Seat {
            publisher,
            distance,
        }
    }

    #[test]
    fn one_post_per_turn_and_none_of_an_earlier_one() {
        let mut signer = Signer::at(5, PostId::NONE);
        let (one, other) = (PostId::from_bytes([1; 32]), PostId::from_bytes([2; 32]));
        signer.sign(0, &one);
        assert!(signer.may_sign(0, &one) && !signer.may_sign(0, &other));
        assert!(signer.grants(1, seat(1), at(0)));
        assert!(!signer.may_sign(0, &one) && signer.may_sign(1, &other));
    }

    #[test]
    fn whoever_was_turned_away_comes_before_whoever_had_the_turn() {
        let mut signer = Signer::at(5, PostId::NONE);
        assert!(signer.grants(1, seat(1), at(0)));
        assert!(!signer.grants(2, seat(2), at(0)), "the hour is bob's");
        assert!(!signer.grants(4, seat(1), at(1)), "carol waits");
        assert!(signer.grants(5, seat(2), at(1)));
        // A turn that nobody else wants can be had again, and whoever went away stops nobody.
        let mut alone = Signer::at(5, PostId::NONE);
        assert!(alone.grants(1, seat(1), at(0)) && alone.grants(4, seat(1), at(1)));
        alone.hold(seat(1), true, at(1));
        assert!(!alone.grants(5, seat(2), at(1)) && !alone.grants(7, seat(1), at(2)));
        assert!(alone.grants(7, seat(1), at(3)));
    }

    #[test]
    fn of_two_who_ask_at_once_the_next_in_order_comes_first_until_something_is_proposed() {
        let mut signer = Signer::at(5, PostId::NONE);
        assert!(signer.grants(2, seat(2), at(0)));
        assert!(signer.grants(4, seat(1), at(0)), "bob stands before carol");
        assert!(!signer.grants(5, seat(2), at(0)));
        signer.hold(seat(1), true, at(0));
        assert!(signer.grants(5, seat(2), at(1)));
        // Bob has had a turn, and does not push carol out of hers.
        assert!(!signer.grants(7, seat(1), at(1)));
    }

    #[test]
    fn nobody_is_led_to_the_last_turn_there_is() {
        let mut signer = Signer::at(5, PostId::NONE);
        assert!(!signer.grants(u64::MAX, seat(1), at(0)));
        signer.see(u64::MAX);
        assert!(signer.grants(TURNS_AHEAD, seat(1), at(0)));
        assert!(!signer.grants(2 * TURNS_AHEAD + 1, seat(1), at(0)));
    }
}
