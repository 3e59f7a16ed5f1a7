//! One story for each sentence of PROTOCOL §4 that is not about conflicts.

use super::*;
use crate::membership::confusable_pairs;

#[test]
fn the_cell_is_named_by_its_genesis() {
    let story = Story::found("alice");
    let record = &story.person("alice").record;
    let genesis = record.operations().next().unwrap();
    assert_eq!(record.cell().as_bytes(), genesis.id().as_bytes());
    assert_eq!(story.members("alice"), ["alice"]);
    assert!(story.is_full("alice", "alice"));
}

#[test]
fn the_first_two_whom_the_founder_adds_are_full_at_once_and_nobody_else() {
    let mut story = Story::found("alice");
    for name in ["bob", "carol", "dave"] {
        story.act("alice", add(name));
    }
    assert!(story.is_full("alice", "bob") && story.is_full("alice", "carol"));
    assert!(!story.is_full("alice", "dave"));
    story.join("bob", "alice");
    story.act("bob", add("erin"));
    story.join("erin", "bob");
    assert!(!story.is_full("bob", "erin"));
}

#[test]
pub(crate) fn who_was_only_added_can_neither_vote_nor_add_nor_vouch() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    story.act("alice", add("dave"));
    story.act("alice", add("erin"));
    story.join("dave", "alice");
    for action in [remove("alice"), add("frank"), vouch("erin"), policy(7200)] {
        assert_eq!(story.fail("dave", action), Refusal::NotAFullMember);
    }
    // Reading, speaking and leaving is everybody's.
    story.act("dave", Action::Seen);
    story.act("dave", Action::Leave);
}

#[test]
pub(crate) fn a_vouch_counts_only_from_a_second_full_member() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    story.act("alice", add("dave"));
    assert_eq!(story.fail("alice", vouch("dave")), Refusal::Inviter);
    story.tell_all("alice");
    story.act("bob", vouch("dave"));
    assert!(story.is_full("bob", "dave"));
    assert_eq!(story.fail("bob", vouch("dave")), Refusal::AlreadyFull);
    assert_eq!(story.fail("bob", vouch("nobody")), Refusal::NotAMember);
}

#[test]
fn whoever_adds_the_same_key_elsewhere_is_an_inviter_too() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    story.act("alice", add("dave"));
    story.act("bob", add("dave"));
    story.tell("bob", "carol");
    story.act("carol", Action::Seen);
    let by_bob = story.sign_after("bob", &story.person("alice").record.heads(), vouch("dave"));
    // In the past of this vouch, only alice invited.
    assert!(matches!(
        story.record("alice").insert(by_bob),
        Inserted::New(_)
    ));
    story.meet();
    assert!(!story.is_full("carol", "dave"));
    story.act("carol", vouch("dave"));
    assert!(story.is_full("carol", "dave"));
}

#[test]
fn a_stranger_changes_nothing() {
    let mut story = Story::cell(&["alice", "bob"]);
    story.join("mallory", "alice");
    for action in [
        add("mallory"),
        remove("bob"),
        vouch("bob"),
        Action::Leave,
        Action::Seen,
        reset(9),
        policy(3600),
    ] {
        assert_eq!(story.fail("mallory", action), Refusal::NotAMember);
    }
}

#[test]
fn a_member_adds_at_most_sixteen() {
    const NAMES: [&str; 17] = [
        "m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "ma", "mb", "mc", "md", "me",
        "mf", "mg",
    ];
    let mut story = Story::found("alice");
    for name in &NAMES[..16] {
        story.act("alice", add(name));
    }
    assert_eq!(
        story.person("alice").record.can_add(&id("alice")),
        Err(Refusal::TooManyAdds)
    );
    assert_eq!(story.fail("alice", add(NAMES[16])), Refusal::TooManyAdds);
    story.join("m0", "alice");
    story.act("m0", add(NAMES[16]));
}

#[test]
pub(crate) fn two_votes_remove_in_a_small_cell() {
    let mut story = Story::cell(&["alice", "bob", "carol", "mallory"]);
    story.act("alice", remove("mallory"));
    let info = story.seen("alice", "mallory").unwrap();
    assert_eq!(
        (info.standing, info.votes_against.len(), info.needed),
        (Standing::Member, 1, 2)
    );
    assert_eq!(
        story.fail("alice", remove("mallory")),
        Refusal::AlreadyVoted
    );
    story.meet();
    let vote = story.act("bob", remove("mallory"));
    story.meet();
    let info = story.seen("carol", "mallory").unwrap();
    assert_eq!(info.standing, Standing::Removed);
    assert!(info.removed_by.contains(&vote) && info.removed_by.len() == 2);
    assert_eq!(story.members("carol"), ["alice", "bob", "carol"]);
    assert_eq!(story.state("carol").conflicts.len(), 0);
}

#[test]
fn three_votes_remove_in_a_cell_of_ten() {
    let names = [
        "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "mallory",
    ];
    let mut story = Story::cell(&names);
    assert_eq!(story.seen("alice", "mallory").unwrap().needed, 3);
    for voter in ["alice", "bob"] {
        story.act(voter, remove("mallory"));
    }
    story.meet();
    assert_eq!(story.standing("carol", "mallory"), Some(Standing::Member));
    story.act("carol", remove("mallory"));
    assert_eq!(story.standing("carol", "mallory"), Some(Standing::Removed));
}

#[test]
fn the_smallest_quorum_among_the_votes_applies() {
    let names = [
        "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "mallory",
    ];
    let mut story = Story::cell(&names);
    // Nine: two votes. Beside alice's vote the cell grows to ten.
    story.act("bob", add("judy"));
    story.act("alice", remove("mallory"));
    story.tell("bob", "carol");
    story.act("carol", remove("mallory"));
    assert_eq!(story.seen("carol", "mallory").unwrap().needed, 3);
    story.meet();
    assert_eq!(story.standing("dave", "mallory"), Some(Standing::Removed));
}

#[test]
fn the_founder_may_set_the_quorum() {
    let mut story = Story::cell_with(
        &["alice", "bob", "carol", "dave", "mallory"],
        Suite::XWing,
        Some(3),
    );
    for (voter, standing) in [
        ("alice", Standing::Member),
        ("bob", Standing::Member),
        ("carol", Standing::Removed),
    ] {
        story.act(voter, remove("mallory"));
        story.meet();
        assert_eq!(story.standing("dave", "mallory"), Some(standing));
    }
}

#[test]
fn a_quorum_of_one_cannot_be_founded() {
    let story = Story::found_with("alice", Suite::XWing, Some(1));
    assert_eq!(story.seen("alice", "alice").unwrap().needed, 2);
}

#[test]
fn a_cell_of_two_cannot_remove() {
    let mut story = Story::cell(&["alice", "bob"]);
    assert_eq!(
        story.fail("alice", remove("bob")),
        Refusal::TooSmallToRemove
    );
    assert_eq!(
        story
            .person("alice")
            .record
            .can_vote(&id("alice"), &id("bob")),
        Err(Refusal::TooSmallToRemove)
    );
    story.act("bob", add("carol"));
    story.tell_all("bob");
    story.act("alice", remove("bob"));
    assert_eq!(story.fail("alice", remove("alice")), Refusal::Oneself);
}

#[test]
fn a_removed_key_never_comes_back() {
    let mut story = Story::cell(&["alice", "bob", "carol", "mallory"]);
    story.act("alice", remove("mallory"));
    story.act("bob", remove("mallory"));
    story.meet();
    assert_eq!(story.fail("alice", add("mallory")), Refusal::KnownKey);
    assert_eq!(story.fail("mallory", Action::Seen), Refusal::NotAMember);
    assert_eq!(story.fail("mallory", reset(3)), Refusal::NotAMember);
    // Beside the removal, a friend adds the key again where it was never seen.
    let genesis = story
        .person("carol")
        .record
        .operations()
        .next()
        .unwrap()
        .id();
    let add_of_carol = story
        .person("alice")
        .record
        .operations()
        .nth(2)
        .unwrap()
        .id();
    let again = story.sign_after("carol", &[genesis, add_of_carol], add("mallory"));
    assert!(matches!(
        story.record("alice").insert(again),
        Inserted::New(_)
    ));
    story.meet();
    assert_eq!(story.standing("bob", "mallory"), Some(Standing::Removed));
}

#[test]
fn whoever_left_is_out_and_may_come_back_only_with_a_new_key() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    story.act("carol", Action::Leave);
    story.meet();
    assert_eq!(story.standing("alice", "carol"), Some(Standing::Left));
    assert_eq!(story.fail("alice", add("carol")), Refusal::KnownKey);
    assert_eq!(story.fail("carol", Action::Seen), Refusal::NotAMember);
    assert_eq!(story.fail("alice", remove("carol")), Refusal::NotAMember);
}

#[test]
fn a_key_that_left_adds_nobody_with_a_date_before() {
    let mut story = Story::cell(&["alice", "bob", "carol", "dave"]);
    let before = story.person("alice").record.heads();
    story.act("alice", Action::Leave);
    story.meet();
    // Whoever seized alice's device makes a puppet "before" she left.
    let forged = story.sign_after("alice", &before, add("puppet"));
    assert!(matches!(
        story.record("bob").insert(forged),
        Inserted::New(_)
    ));
    story.meet();
    assert_eq!(story.standing("carol", "puppet"), None);
}

#[test]
pub(crate) fn what_a_lost_life_did_beside_the_leave_of_the_next_one_does_not_count() {
    let mut story = Story::cell(&["alice", "bob", "carol", "dave"]);
    let before = story.person("alice").record.heads();
    let forged = story.sign_after("alice", &before, add("puppet"));
    // alice's disk was put back; she leaves with the life that it began. Whoever has the old one adds a puppet.
    story.act("alice", reset(1));
    story.people.get_mut("alice").unwrap().life = life(1);
    story.act("alice", Action::Leave);
    let inserted = story.record("bob").insert(forged);
    assert!(matches!(inserted, Inserted::New(_)));
    story.meet();
    assert_eq!(story.standing("carol", "alice"), Some(Standing::Left));
    assert_eq!(story.standing("carol", "puppet"), None);
}

#[test]
fn what_others_have_seen_of_somebody_before_they_left_stays() {
    let mut story = Story::cell(&["alice", "bob", "carol", "dave"]);
    story.act("alice", add("erin"));
    story.tell("alice", "bob");
    story.act("bob", vouch("erin"));
    // A thief of alice's key makes a leave from before.
    let all = story.person("carol").record.heads();
    let leave = story.sign_after("alice", &all, Action::Leave);
    assert!(matches!(
        story.record("bob").insert(leave),
        Inserted::New(_)
    ));
    story.act("bob", Action::Seen);
    story.meet();
    assert_eq!(story.standing("carol", "erin"), Some(Standing::Member));
    assert_eq!(story.standing("carol", "alice"), Some(Standing::Left));
}

#[test]
fn the_founder_can_be_removed_and_the_cell_goes_on() {
    let mut story = Story::cell(&["alice", "bob", "carol", "dave"]);
    story.act("bob", remove("alice"));
    story.act("carol", remove("alice"));
    story.meet();
    story.act("dave", add("erin"));
    story.tell_all("dave");
    story.act("bob", vouch("erin"));
    story.meet();
    assert_eq!(story.members("dave"), ["bob", "carol", "dave"]);
    assert!(story.is_full("carol", "erin"));
}

#[test]
fn a_seized_founder_cannot_found_the_cell_a_second_time() {
    let mut story = Story::cell(&["alice", "bob", "carol", "dave"]);
    let genesis = story
        .person("alice")
        .record
        .operations()
        .next()
        .unwrap()
        .id();
    let forged = story.sign_after("alice", &[genesis], add("puppet"));
    assert_eq!(
        story.record("bob").insert(forged),
        Inserted::Refused(Refusal::FounderForked)
    );
}

#[test]
fn puppets_cannot_buy_a_quorum() {
    let mut story = Story::cell(&["alice", "bob", "carol", "mallory"]);
    for puppet in ["puppet1", "puppet2", "puppet3"] {
        story.act("mallory", add(puppet));
        story.join(puppet, "mallory");
        assert_eq!(story.fail("mallory", vouch(puppet)), Refusal::Inviter);
        assert_eq!(story.fail(puppet, remove("alice")), Refusal::NotAFullMember);
    }
    assert_eq!(
        story.fail("puppet1", vouch("puppet2")),
        Refusal::NotAFullMember
    );
    story.act("mallory", remove("alice"));
    story.meet();
    assert_eq!(story.standing("bob", "alice"), Some(Standing::Member));
}

#[test]
fn a_removed_member_cannot_make_a_friends_puppet_full() {
    let mut story = Story::cell(&["alice", "bob", "carol", "mallory", "trudy"]);
    story.act("trudy", add("puppet"));
    story.join("puppet", "trudy");
    let before = story.person("trudy").record.heads();
    story.act("alice", remove("mallory"));
    story.act("bob", remove("mallory"));
    story.meet();
    story.act("carol", Action::Seen);
    story.meet();
    let forged = story.sign_after("mallory", &before, vouch("puppet"));
    let forged_id = forged.id();
    assert!(matches!(
        story.record("trudy").insert(forged),
        Inserted::New(_)
    ));
    let vote = story.sign_after("puppet", &[forged_id], remove("alice"));
    assert!(matches!(
        story.record("trudy").insert(vote),
        Inserted::New(_)
    ));
    let second = story.sign_after("trudy", &before, remove("alice"));
    assert!(matches!(
        story.record("trudy").insert(second),
        Inserted::New(_)
    ));
    story.meet();
    assert_eq!(story.standing("carol", "alice"), Some(Standing::Member));
    assert_eq!(story.seen("carol", "alice").unwrap().votes_against.len(), 1);
    assert!(!story.is_full("carol", "puppet"));
}

#[test]
fn a_lifetime_is_at_least_an_hour_and_the_shortest_of_two_beside_each_other() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    assert_eq!(story.state("alice").lifetime_s, 0);
    story.act("alice", policy(86_400));
    story.act("bob", policy(7_200));
    story.meet();
    assert_eq!(story.state("carol").lifetime_s, 7_200);
    // Whoever knows of both may lengthen it again.
    story.act("carol", policy(40_000));
    story.meet();
    assert_eq!(story.state("alice").lifetime_s, 40_000);
}

#[test]
pub(crate) fn a_restored_device_is_welcome_once_a_full_member_has_confirmed_it() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    story.act("alice", add("dave"));
    story.join("dave", "alice");
    story.act("carol", reset(1));
    story.meet();
    let info = story.seen("alice", "carol").unwrap();
    assert_eq!((info.incarnation, info.pending), (None, Some(life(1))));
    // Until then neither life may decide anything.
    assert_eq!(story.fail("carol", vouch("dave")), Refusal::Incarnation);
    story.people.get_mut("carol").unwrap().life = life(1);
    assert_eq!(story.fail("carol", vouch("dave")), Refusal::Incarnation);
    let confirm = || Action::ConfirmReset {
        member: id("carol"),
        incarnation: life(1),
    };
    assert_eq!(story.fail("dave", confirm()), Refusal::NotAFullMember);
    assert_eq!(
        story.fail(
            "alice",
            Action::ConfirmReset {
                member: id("carol"),
                incarnation: life(2)
            }
        ),
        Refusal::Incarnation
    );
    story.act("alice", confirm());
    story.meet();
    let info = story.seen("bob", "carol").unwrap();
    assert_eq!(
        (info.incarnation, info.pending, info.key_package.as_slice()),
        (Some(life(1)), None, [1].as_slice())
    );
    assert_eq!(info.incarnations().collect::<Vec<_>>(), [life(0), life(1)]);
    story.act("carol", vouch("dave"));
    assert_eq!(story.fail("carol", reset(1)), Refusal::Incarnation);
}

#[test]
fn of_two_resets_beside_each_other_neither_is_welcome_until_a_third() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    let heads = story.person("carol").record.heads();
    story.act("carol", reset(1));
    story.people.get_mut("carol").unwrap().life = life(2);
    let other = story.sign_after("carol", &heads, reset(2));
    assert!(matches!(
        story.record("bob").insert(other),
        Inserted::New(_)
    ));
    story.tell("carol", "alice");
    story.act(
        "alice",
        Action::ConfirmReset {
            member: id("carol"),
            incarnation: life(1),
        },
    );
    story.act(
        "bob",
        Action::ConfirmReset {
            member: id("carol"),
            incarnation: life(2),
        },
    );
    story.meet();
    assert_eq!(story.seen("alice", "carol").unwrap().incarnation, None);
    story.act("carol", reset(3));
    story.meet();
    story.act(
        "alice",
        Action::ConfirmReset {
            member: id("carol"),
            incarnation: life(3),
        },
    );
    assert_eq!(
        story.seen("alice", "carol").unwrap().incarnation,
        Some(life(3))
    );
}

#[test]
fn equivocation_suspends_and_ends_what_comes_after() {
    let mut story = Story::cell(&["alice", "bob", "carol", "mallory"]);
    story.act("mallory", add("dave"));
    story.tell_all("mallory");
    story.act("alice", evidence("mallory"));
    // Beside the evidence, and unknown to whoever gave it.
    story.act("mallory", add("puppet"));
    story.meet();
    assert_eq!(story.standing("bob", "mallory"), Some(Standing::Suspended));
    assert_eq!(story.standing("bob", "dave"), Some(Standing::Member));
    assert_eq!(story.standing("bob", "puppet"), None);
    assert_eq!(story.fail("mallory", Action::Seen), Refusal::NotAMember);
    assert_eq!(story.fail("bob", evidence("mallory")), Refusal::NoProof);
    // A suspended member can still be voted out for good.
    story.act("bob", remove("mallory"));
    story.act("carol", remove("mallory"));
    story.meet();
    assert_eq!(story.standing("alice", "mallory"), Some(Standing::Removed));
}

#[test]
fn evidence_that_proves_nothing_is_refused() {
    let mut story = Story::cell(&["alice", "bob"]);
    let action = Action::Evidence {
        first: b"bob/1".to_vec(),
        second: b"bob/1".to_vec(),
    };
    assert_eq!(story.fail("alice", action), Refusal::NoProof);
    assert_eq!(story.fail("alice", evidence("nobody")), Refusal::NotAMember);
}

#[test]
fn an_add_at_the_cap_is_refused_but_adds_beside_each_other_are_not_undone() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    let names: Vec<&'static str> = (0..24)
        .map(|number| &*format!("guest {number}").leak())
        .collect();
    for (number, name) in names.iter().enumerate() {
        let inviter = if number < 12 { "bob" } else { "carol" };
        if number == 21 {
            story.meet();
            story.act("alice", add("late one"));
        }
        if number < 22 {
            story.act(inviter, add(name));
            story.tell(inviter, "carol");
        }
    }
    assert_eq!(story.state("carol").size(), 25);
    assert_eq!(
        story.person("carol").record.can_add(&id("carol")),
        Err(Refusal::CellFull)
    );
    assert_eq!(story.fail("carol", add(names[22])), Refusal::CellFull);
    story.meet();
    assert_eq!(story.state("bob").size(), 26);
}

#[test]
fn a_flood_of_adds_from_two_places_at_once_does_not_count() {
    let mut story = Story::cell(&["alice", "bob", "mallory"]);
    story.act("mallory", add("dave"));
    story.tell_all("mallory");
    story.act("alice", Action::Seen);
    let heads = story.person("bob").record.heads();
    for number in 0..70_u8 {
        let name: &'static str = format!("puppet {number}").leak();
        let forged = story.sign_after("mallory", &heads, add(name));
        assert!(matches!(
            story.record("alice").insert(forged),
            Inserted::New(_)
        ));
    }
    assert_eq!(story.members("alice").len(), 3);
    assert_eq!(story.state("alice").size(), 4);
}

#[test]
fn look_alikes_are_found() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    assert_eq!(confusable_pairs(&story.state("alice")), []);
    let record = &story.person("alice").record;
    assert_eq!(
        record.can_be_called(&DisplayName::parse("Воb").unwrap()),
        Err(Refusal::NameConfusable)
    );
    assert_eq!(
        record.can_be_called(&DisplayName::parse("dave").unwrap()),
        Ok(())
    );
    story.act("alice", add("bоb"));
    let mut pair = [id("bob"), id("bоb")];
    pair.sort_unstable();
    assert_eq!(
        confusable_pairs(&story.state("alice")),
        [(pair[0], pair[1])]
    );
}

#[test]
fn operations_wait_for_their_parents_and_enter_together() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    let first = story.act("alice", Action::Seen);
    let second = story.act("alice", Action::Seen);
    let third = story.act("alice", Action::Seen);
    let take = |story: &Story, id| story.person("alice").record.get(&id).unwrap().clone();
    let (a, b, c) = (
        take(&story, first),
        take(&story, second),
        take(&story, third),
    );
    let bob = story.record("bob");
    assert_eq!(bob.insert(c.clone()), Inserted::Parked);
    assert_eq!(bob.insert(b), Inserted::Parked);
    assert_eq!(bob.missing_parents(), [first]);
    assert_eq!(bob.insert(a), Inserted::New(vec![first, second, third]));
    assert_eq!(bob.insert(c), Inserted::Known);
    assert!(bob.missing_parents().is_empty() && bob.heads() == [third]);
}

#[test]
fn what_rests_on_a_refused_operation_is_forgotten() {
    let mut story = Story::cell(&["alice", "bob"]);
    story.join("mallory", "alice");
    let refused = story.sign("mallory", Action::Seen);
    let child = story.sign_after("alice", &[refused.id()], Action::Seen);
    let bob = story.record("bob");
    assert_eq!(bob.insert(child), Inserted::Parked);
    assert_eq!(bob.insert(refused), Inserted::Refused(Refusal::NotAMember));
    assert!(bob.missing_parents().is_empty());
}

#[test]
fn parking_is_bounded_and_the_newest_stay() {
    let mut story = Story::cell(&["alice", "bob"]);
    let orphan = |number: u16| {
        let mut parent = [0xee; 32];
        parent[..2].copy_from_slice(&number.to_be_bytes());
        OpId::from_bytes(parent)
    };
    for number in 0..1_030 {
        let operation = story.sign_after("alice", &[orphan(number)], Action::Seen);
        assert_eq!(story.record("bob").insert(operation), Inserted::Parked);
    }
    let missing = story.record("bob").missing_parents();
    assert_eq!(missing.len(), crate::membership::limits::PARKED_LIMIT);
    assert!(!missing.contains(&orphan(5)) && missing.contains(&orphan(1_029)));
}

#[test]
fn one_member_cannot_flood_the_record() {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    for _ in 0..crate::membership::limits::OPERATIONS_PER_AUTHOR {
        story.act("bob", Action::Seen);
    }
    assert_eq!(story.fail("bob", Action::Seen), Refusal::TooManyOperations);
    // What a cell needs to be rid of somebody is always possible.
    story.act("bob", remove("carol"));
    story.act("bob", Action::Leave);
}

#[test]
fn what_somebody_lacks_is_sent_and_what_heads_amount_to_is_known() {
    let mut story = Story::cell(&["alice", "bob", "carol", "mallory"]);
    let before = story.person("carol").record.heads();
    let first = story.act("alice", remove("mallory"));
    let second = story.act("bob", remove("mallory"));
    story.meet();
    let record = &story.person("carol").record;
    let mut lacking: Vec<OpId> = record
        .after(&before)
        .into_iter()
        .map(Operation::id)
        .collect();
    lacking.sort_unstable();
    let mut votes = [first, second];
    votes.sort_unstable();
    assert_eq!(lacking, votes);
    assert!(record.after(&record.heads()).is_empty());
    assert_eq!(
        record.after(&[OpId::from_bytes([9; 32])]).len(),
        record.operations().count()
    );
    let was = record.state_at(&before).unwrap();
    assert_eq!(was.members[&id("mallory")].standing, Standing::Member);
    assert!(std::sync::Arc::ptr_eq(
        &was,
        &record.state_at(&before).unwrap()
    ));
    assert_eq!(record.state_at(&[OpId::from_bytes([9; 32])]), None);
    assert!(record.includes(&record.heads(), &first) && !record.includes(&before, &first));
    let proof = record.with_ancestors(&story.seen("carol", "mallory").unwrap().removed_by);
    let alone = Membership::replay(proof.into_iter().cloned(), None).unwrap();
    assert_eq!(
        alone.state().members[&id("mallory")].standing,
        Standing::Removed
    );
}

#[test]
fn operations_name_at_most_sixty_four_heads_and_their_authors_own() {
    let mut story = Story::cell_with(&["alice", "bob", "carol"], Suite::X25519, None);
    let guests: Vec<&'static str> = (0..32)
        .map(|number| &*format!("guest {number}").leak())
        .collect();
    for (number, guest) in guests.iter().enumerate() {
        let inviter = if number % 2 == 0 { "bob" } else { "carol" };
        story.act(inviter, add(guest));
        story.tell(inviter, "alice");
        story.tell("alice", "bob");
        story.tell("alice", "carol");
    }
    for guest in &guests {
        story.join(guest, "alice");
    }
    let heads = story.person("alice").record.heads();
    let own = story.act("alice", Action::Seen);
    for guest in guests {
        for action in [Action::Seen, Action::Leave] {
            let forged = story.sign_after(guest, &heads, action);
            assert!(matches!(
                story.record("alice").insert(forged),
                Inserted::New(_)
            ));
        }
    }
    assert_eq!(story.person("alice").record.heads().len(), 64);
    let operation = story.sign("alice", Action::Seen);
    assert!(operation.parents().len() == 64 && operation.parents().contains(&own));
    assert!(matches!(
        story.record("alice").insert(operation),
        Inserted::New(_)
    ));
}
