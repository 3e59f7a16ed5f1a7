//! Each mistake that is planted in the send groups is found by a test.

use super::rules::{messages, ownership, secrets, welcomes};
use crate::{Mutant, Place};

/// The test that has to fail, with its name; none if the mistake is made elsewhere.
fn killer(mutant: Mutant) -> Option<(&'static str, fn())> {
    macro_rules! killed_by {
        ($module:ident::$test:ident) => {
            Some((stringify!($test), $module::$test as fn()))
        };
    }
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`Place` says which are ours"
    )]
    match mutant {
        Mutant::AnybodyCommits => {
            killed_by!(ownership::nobody_but_the_owner_commits_in_a_send_group)
        }
        Mutant::AnybodyWelcomes => {
            killed_by!(welcomes::a_welcome_of_somebody_who_does_not_own_the_group_is_refused)
        }
        Mutant::AnyPlace => {
            killed_by!(messages::what_is_bound_to_another_envelope_is_refused_and_uses_up_nothing)
        }
        Mutant::KeepPastEpochs => {
            killed_by!(messages::a_message_of_an_epoch_that_is_over_does_not_open)
        }
        Mutant::InjectUnheld => {
            killed_by!(secrets::a_secret_is_injectable_only_if_everybody_in_the_own_group_has_it)
        }
        _ => None,
    }
}

#[test]
fn each_mutant_of_the_send_groups_is_found() {
    let mut survivors = Vec::new();
    for mutant in Mutant::ALL.iter().copied() {
        let ours = mutant.place() == Place::Group;
        let Some((name, test)) = killer(mutant).filter(|_| ours) else {
            assert!(!ours, "{mutant:?} is found by no test");
            continue;
        };
        if !mutant.is_found_by(test) {
            survivors.push((mutant, name));
        }
    }
    assert_eq!(survivors, []);
}

#[test]
fn a_mistake_is_made_only_as_long_as_somebody_asks_for_it() {
    assert!(Mutant::ALL.iter().all(|mutant| !mutant.is_made()));
    let made = Mutant::AnyPlace.make();
    assert!(Mutant::AnyPlace.is_made() && !Mutant::AnybodyCommits.is_made());
    drop(made);
    assert!(!Mutant::AnyPlace.is_made());
    assert!(!Mutant::AnyPlace.is_found_by(|| {}));
    assert!(Mutant::AnyPlace.is_found_by(|| assert!(!Mutant::AnyPlace.is_made())));
}
