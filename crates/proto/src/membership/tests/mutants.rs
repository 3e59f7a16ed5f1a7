//! Each mistake that is planted in the membership record is found by a story.

use group::{Mutant, Place};

use super::{conflicts, interleavings, stories};

/// The story that has to fail, with its name; none if the mistake is made elsewhere.
fn killer(mutant: Mutant) -> Option<(&'static str, fn())> {
    macro_rules! killed_by {
        ($module:ident::$story:ident) => {
            Some((stringify!($story), $module::$story as fn()))
        };
    }
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`Place` says which are ours"
    )]
    match mutant {
        Mutant::ReadersVote => {
            killed_by!(stories::who_was_only_added_can_neither_vote_nor_add_nor_vouch)
        }
        Mutant::CountVoteTwice => killed_by!(stories::two_votes_remove_in_a_small_cell),
        Mutant::InviterVouches => {
            killed_by!(stories::a_vouch_counts_only_from_a_second_full_member)
        }
        Mutant::RemovedStillCount => {
            killed_by!(conflicts::what_a_removed_member_did_beside_the_removal_does_not_count)
        }
        Mutant::ConflictFailsOpen => {
            killed_by!(conflicts::two_sides_who_remove_each_other_unseen_are_both_out)
        }
        Mutant::WitnessIgnored => {
            killed_by!(conflicts::a_recorded_removal_cannot_be_answered_with_votes_dated_back)
        }
        Mutant::ArrivalDecides => {
            killed_by!(interleavings::two_operations_of_three_members_whose_disks_are_put_back_in_every_order)
        }
        Mutant::LeaverStillCounts => {
            killed_by!(
                stories::what_a_lost_life_did_beside_the_leave_of_the_next_one_does_not_count
            )
        }
        Mutant::ResetUnconfirmed => {
            killed_by!(stories::a_restored_device_is_welcome_once_a_full_member_has_confirmed_it)
        }
        _ => None,
    }
}

#[test]
fn each_mutant_of_the_membership_is_found() {
    let mut survivors = Vec::new();
    for mutant in Mutant::ALL.iter().copied() {
        let ours = mutant.place() == Place::Membership;
        let Some((name, story)) = killer(mutant).filter(|_| ours) else {
            assert!(!ours, "{mutant:?} is found by no story");
            continue;
        };
        if !mutant.is_found_by(story) {
            survivors.push((mutant, name));
        }
    }
    assert_eq!(survivors, []);
}
