//! What one publisher has bound themselves to at the one place of the log that is next. Persisted before anything is sent.
//!
//! Invariants: at most one post is signed in each turn · nothing of a turn before the promised one is signed · a turn that
//! somebody has is theirs for an hour, and whoever was turned away comes before whoever had it.

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
    holder: Option<Since>,
    /// Whom we turned away, and when last. One entry per publisher.
    waiting: Vec<Since>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct Since {
    publisher: u8,
    at: u64,
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
        }
    }

    /// Whether `publisher` may have the turn `round` now. Whoever may not is remembered.
    pub(super) fn grants(&mut self, round: u64, publisher: u8, now: Timestamp) -> bool {
        if !self.is_near(round) {
            return false;
        }
        if round <= self.promised || !self.is_free_for(publisher, now) {
            self.wait(publisher, now);
            return false;
        }
        self.waiting.retain(|one| one.publisher != publisher);
        self.promised = round;
        self.see(round);
        self.hold(publisher, now);
        true
    }

    /// Somebody wants a turn, ourselves perhaps, and cannot have it yet.
    pub(super) fn wait(&mut self, publisher: u8, now: Timestamp) {
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

    /// Whether nobody else has the turn now, and nobody who was turned away lately comes first.
    pub(super) fn is_free_for(&self, publisher: u8, now: Timestamp) -> bool {
        let Some(holder) = self.holder else {
            return true;
        };
        let since = |one: &Since| now.since(Timestamp::from_millis(one.at));
        if holder.publisher == publisher {
            let waits = |one: &Since| one.publisher != publisher && since(one) < 2 * HOLD;
            !self.waiting.iter().any(waits)
        } else {
            since(&holder) >= HOLD
        }
    }

    /// Somebody has the turn: the hour begins.
    pub(super) fn hold(&mut self, publisher: u8, now: Timestamp) {
        let at = now.as_millis();
        self.holder = Some(Since { publisher, at });
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

    #[test]
    fn one_post_per_turn_and_none_of_an_earlier_one() {
        let mut signer = Signer::at(5, PostId::NONE);
        let (one, other) = (PostId::from_bytes([1; 32]), PostId::from_bytes([2; 32]));
        signer.sign(0, &one);
        assert!(signer.may_sign(0, &one) && !signer.may_sign(0, &other));
        assert!(signer.grants(1, 1, at(0)));
        assert!(!signer.may_sign(0, &one) && signer.may_sign(1, &other));
    }

    #[test]
    fn whoever_was_turned_away_comes_before_whoever_had_the_turn() {
        let mut signer = Signer::at(5, PostId::NONE);
        assert!(signer.grants(1, 1, at(0)));
        assert!(!signer.grants(2, 2, at(0)), "the hour is bob's");
        assert!(!signer.grants(4, 1, at(1)), "carol waits");
        assert!(signer.grants(5, 2, at(1)));
        // A turn that nobody else wants can be had again at once, and whoever went away stops nobody.
        let mut alone = Signer::at(5, PostId::NONE);
        assert!(alone.grants(1, 1, at(0)) && alone.grants(4, 1, at(0)));
        assert!(!alone.grants(5, 2, at(0)) && !alone.grants(7, 1, at(1)));
        assert!(alone.grants(7, 1, at(2)));
    }

    #[test]
    fn nobody_is_led_to_the_last_turn_there_is() {
        let mut signer = Signer::at(5, PostId::NONE);
        assert!(!signer.grants(u64::MAX, 1, at(0)));
        signer.see(u64::MAX);
        assert!(signer.grants(TURNS_AHEAD, 1, at(0)));
        assert!(!signer.grants(2 * TURNS_AHEAD + 1, 1, at(0)));
    }
}
