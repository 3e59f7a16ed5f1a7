//! Which post may be proposed in a later turn, given what enough publishers say that they have signed.
//!
//! What it is: the rule of single-decree consensus (Lamport, *Paxos Made Simple*, §2.2), one instance per place of the log.
//! A post that enough publishers may have signed in an earlier turn is proposed again, so that no second one can be
//! completed beside it. What it is not: protection from publishers who lie about what they signed; that is found by readers.

use std::collections::BTreeMap;

use super::messages::{Promise, Signed};

/// What may be proposed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Choice {
    /// Anything: nothing can have been completed here.
    Free,
    /// This post: it may have been completed.
    Forced([u8; 32]),
    /// Not known yet: more publishers have to say.
    Unknown,
}

/// The choice that promises leave, all by different publishers and for one turn. `size` publishers there are, `threshold`
/// must sign.
pub(super) fn choice(promises: &[Promise], size: u8, threshold: u8) -> Choice {
    let (size, threshold) = (usize::from(size), usize::from(threshold));
    if promises.len() < threshold {
        return Choice::Unknown;
    }
    let signed: Vec<Signed> = promises.iter().filter_map(Promise::signed).collect();
    let Some(highest) = signed.iter().map(|signed| signed.round).max() else {
        return Choice::Free;
    };
    let mut counts: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    for one in signed.iter().filter(|signed| signed.round == highest) {
        *counts.entry(one.id).or_default() += 1;
    }
    // In a turn after the first, what was proposed is already what may have been completed before it.
    if let (Some((only, _)), 1, 1..) = (counts.first_key_value(), counts.len(), highest) {
        return Choice::Forced(*only);
    }
    // Whoever has not said anything may have signed any of them.
    let silent = size.saturating_sub(promises.len());
    let possible: Vec<[u8; 32]> = counts
        .into_iter()
        .filter(|(_, count)| count + silent >= threshold)
        .map(|(id, _)| id)
        .collect();
    match possible.as_slice() {
        [] => Choice::Free,
        [one] => Choice::Forced(*one),
        [..] => Choice::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use crypto::{Secret, SigningKey};

    use super::*;
    use crate::publisher::messages::Turn;

    fn says(publisher: u8, signed: Option<(u64, u8)>) -> Promise {
        let key = SigningKey::from_seed(&Secret::from_bytes([publisher; 32]));
        let turn = Turn {
            channel: [0; 32],
            charter: [0; 32],
            seq: 1,
            previous: [0; 32],
            round: 9,
            publisher,
        };
        let signed = signed.map(|(round, id)| Signed {
            round,
            id: [id; 32],
        });
        Promise::sign(turn, signed, &key)
    }

    #[test]
    fn what_may_be_complete_is_proposed_again() {
        let forced = Choice::Forced([7; 32]);
        // Two of three: carol, who is silent, may have signed with bob.
        assert_eq!(
            choice(&[says(0, None), says(1, Some((0, 7)))], 3, 2),
            forced
        );
        // All three have spoken, and one signature is not enough.
        let all = [says(0, None), says(1, Some((0, 7))), says(2, None)];
        assert_eq!(choice(&all, 3, 2), Choice::Free);
        // Two signed, and the one with the higher turn counts.
        let two = [says(0, Some((0, 5))), says(1, Some((3, 7)))];
        assert_eq!(choice(&two, 3, 2), forced);
    }

    #[test]
    fn with_too_few_or_two_that_may_be_complete_nothing_is_known() {
        assert_eq!(choice(&[says(0, None)], 3, 2), Choice::Unknown);
        let two = [says(0, Some((0, 5))), says(1, Some((0, 7)))];
        assert_eq!(choice(&two, 3, 2), Choice::Unknown);
        assert_eq!(choice(&[says(0, None), says(1, None)], 3, 2), Choice::Free);
    }
}
