//! Each mistake that is planted in the core is found by a story, and members whose programs make one do no harm.

use std::time::Duration;

use group::{Mutant, Place};
use model::{MessageText, Suite};
use proto::{Command, WarningKind};

use crate::reference::cases;
use crate::world::World;
use crate::{bundle, chat, hostile, infiltrator, removal, restart, thief};

const MINUTE: Duration = Duration::from_secs(60);

/// The story that has to fail, with its name; none if the mistake is made elsewhere.
fn killer(mutant: Mutant) -> Option<(&'static str, fn())> {
    macro_rules! killed_by {
        ($story:ident) => {
            Some((stringify!($story), $story as fn()))
        };
        ($module:ident::$story:ident) => {
            Some((stringify!($story), $module::$story as fn()))
        };
    }
    match mutant {
        Mutant::DropAck => {
            killed_by!(bundle::two_who_never_connect_and_both_restarted_get_going_again_by_bundles)
        }
        Mutant::IgnoreVote => {
            killed_by!(removal::removed_member_reads_nothing_that_is_said_by_who_knew)
        }
        Mutant::SkipPersist | Mutant::TransmitFirst => {
            killed_by!(restart::a_crash_after_any_output_loses_nothing_that_was_acknowledged)
        }
        Mutant::ForgetWaiting => killed_by!(hostile::a_text_that_waits_is_there_after_a_power_cut),
        Mutant::KeepKeysWhenOut => killed_by!(removal::the_removed_members_keys_leave_their_disk),
        Mutant::RemovedGoOn => {
            killed_by!(hostile::what_a_removed_member_seals_later_is_taken_from_nobody)
        }
        Mutant::OwnFirst => {
            killed_by!(chat::three_people_talk_and_see_the_same_in_one_order)
        }
        Mutant::WelcomeBeforeWaiting => {
            killed_by!(restart::whoever_is_alone_after_a_start_seals_nothing_before_somebody_comes)
        }
        Mutant::StaleCard => {
            killed_by!(hostile::an_old_card_sent_again_does_not_replace_a_newer_one)
        }
        Mutant::SpeakUnconfirmed => {
            killed_by!(restart::a_disk_put_back_speaks_only_as_a_new_incarnation)
        }
        Mutant::AnswerToOldStart => {
            killed_by!(bundle::an_answer_to_an_earlier_start_confirms_nothing)
        }
        Mutant::InviteAgain => killed_by!(chat::an_invite_gives_one_attempt),
        Mutant::AnybodyDeletes => {
            killed_by!(a_program_that_changes_what_others_wrote_changes_it_for_nobody_else)
        }
        Mutant::KeepInRoster => killed_by!(
            thief::who_was_removed_reads_nothing_with_all_their_keys_and_all_that_was_sent
        ),
        Mutant::NoRosterRule => {
            killed_by!(a_program_that_keeps_a_removed_member_in_its_group_is_found_out)
        }
        Mutant::SkipInjection => {
            killed_by!(thief::a_thief_of_a_disk_falls_behind_once_its_owner_renews_keys)
        }
        Mutant::PruneUnacked => {
            killed_by!(chat::a_message_reaches_somebody_through_a_third_when_its_author_is_gone)
        }
        Mutant::EvidenceUnused => {
            killed_by!(infiltrator::a_member_who_takes_back_what_they_had_seen_is_found_out)
        }
        Mutant::AnyOrder => killed_by!(hostile::nobody_leaps_to_the_end_of_the_order),
        Mutant::SkipGap => killed_by!(hostile::frames_that_come_in_another_order_lose_nothing),
        Mutant::RemovalUnrecorded => {
            killed_by!(hostile::votes_dated_back_to_before_a_removal_put_nobody_out)
        }
        Mutant::OldCarrierKey => killed_by!(removal::who_left_cannot_open_a_later_bundle),
        _ => None,
    }
}

#[test]
fn each_mutant_of_the_core_is_found() {
    let mut survivors = Vec::new();
    for mutant in Mutant::ALL.iter().copied() {
        let ours = mutant.place() == Place::Simulation;
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

/// The model knows nothing of these mistakes, and finds them where it is compared with the nodes.
#[test]
fn the_model_finds_mistakes_that_nobody_told_it_of() {
    let random = [
        Mutant::ReadersVote,
        Mutant::CountVoteTwice,
        Mutant::IgnoreVote,
        Mutant::OwnFirst,
        Mutant::PruneUnacked,
    ];
    let short = [Mutant::RemovedStillCount];
    let random = random.map(|mutant| (mutant, cases::real_nodes_do_what_the_model_says as fn()));
    let short = short.map(|mutant| {
        (
            mutant,
            cases::whoever_is_removed_lets_nobody_in_meanwhile as fn(),
        )
    });
    let survives = |(mutant, lives): &(Mutant, fn())| {
        let _made = mutant.make();
        std::panic::catch_unwind(*lives).is_ok()
    };
    let survivors: Vec<Mutant> = random
        .into_iter()
        .chain(short)
        .filter(survives)
        .map(|(mutant, _)| mutant)
        .collect();
    assert_eq!(survivors, []);
}

#[test]
fn a_program_that_keeps_a_removed_member_in_its_group_is_found_out() {
    let names = ["alice", "bob", "carol", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    for name in names {
        world.say(name, cell, "hello");
    }
    world.pass(2 * MINUTE);
    world.mistakes.insert("carol", Mutant::KeepInRoster);
    let target = world.member("alice", cell, "mallory");
    for voter in ["alice", "bob"] {
        world.command(voter, Command::Remove(cell, target)).unwrap();
    }
    world.pass(2 * MINUTE);
    world.command("carol", Command::Heal(cell)).unwrap();
    world.pass(2 * MINUTE);
    for name in ["alice", "bob"] {
        assert!(
            world.warned(name, cell, WarningKind::UnexpectedReader),
            "{name}"
        );
    }
}

#[test]
fn a_program_that_changes_what_others_wrote_changes_it_for_nobody_else() {
    let names = ["alice", "bob", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.mistakes.insert("mallory", Mutant::AnybodyDeletes);
    let noon = world.say("alice", cell, "at noon");
    let square = world.say("bob", cell, "on the square");
    world.pass(MINUTE);
    let text = MessageText::parse("at midnight".to_owned()).unwrap();
    world
        .command("mallory", Command::EditMessage(cell, noon, text))
        .unwrap();
    let message = square;
    let everywhere = true;
    world
        .command(
            "mallory",
            Command::DeleteMessage {
                cell,
                message,
                everywhere,
            },
        )
        .unwrap();
    world.pass(MINUTE);
    for name in ["alice", "bob"] {
        let expected = ["alice: at noon", "bob: on the square"];
        assert_eq!(world.conversation(name, cell), expected, "{name}");
    }
    assert!(world.conversation("mallory", cell).len() == 2);
}
