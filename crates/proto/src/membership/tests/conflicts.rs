//! Removals beside other things: what sticks, what cannot be dated back, and what fails closed (PROTOCOL §4).

use super::*;

impl Story {
    /// A member who hides what they know signs after `parents`; `friend` takes it and passes it on.
    fn forge(&mut self, author: &str, parents: &[OpId], action: Action, friend: &str) -> OpId {
        let operation = self.sign_after(author, parents, action);
        let inserted = self.record(friend).insert(operation.clone());
        assert_eq!(inserted, Inserted::New(vec![operation.id()]));
        operation.id()
    }

    fn heads(&self, name: &str) -> Vec<OpId> {
        self.person(name).record.heads()
    }

    /// alice and bob have removed mallory, and everybody knows.
    fn without_mallory(names: &[&'static str]) -> (Self, Vec<OpId>) {
        let mut story = Self::cell(names);
        let before = story.heads("alice");
        story.act("alice", remove("mallory"));
        story.act("bob", remove("mallory"));
        story.meet();
        (story, before)
    }
}

const SIX: [&str; 6] = ["alice", "bob", "carol", "dave", "mallory", "trudy"];

#[test]
pub(crate) fn what_a_removed_member_did_beside_the_removal_does_not_count() {
    // One at a time: beside each other they would fork his life, and not count for that.
    for action in [add("puppet"), policy(3_600), remove("carol")] {
        let (mut story, before) = Story::without_mallory(&SIX);
        story.forge("mallory", &before, action, "trudy");
        story.meet();
        assert_eq!(story.standing("carol", "puppet"), None);
        assert_eq!(story.state("carol").lifetime_s, 0);
        let carol = story.seen("carol", "carol").unwrap();
        assert!(carol.votes_against.is_empty());
    }
}

#[test]
fn what_the_voters_had_seen_still_counts() {
    let mut story = Story::cell(&SIX);
    story.act("mallory", add("erin"));
    story.tell_all("mallory");
    story.act("alice", remove("mallory"));
    story.act("bob", remove("mallory"));
    story.meet();
    assert_eq!(story.standing("carol", "erin"), Some(Standing::Member));
}

#[test]
fn what_only_one_of_two_voters_had_seen_does_not_count() {
    let mut story = Story::cell(&SIX);
    story.act("mallory", add("erin"));
    story.tell("mallory", "alice");
    story.act("alice", remove("mallory"));
    story.act("bob", remove("mallory"));
    story.meet();
    assert_eq!(story.standing("carol", "erin"), None);
    // Whoever knows erin may add her again, with the same key.
    story.act("carol", add("erin"));
    story.meet();
    assert_eq!(story.standing("bob", "erin"), Some(Standing::Member));
}

#[test]
fn adds_vouches_and_votes_of_the_accused_never_count_once_they_are_out() {
    let mut story = Story::cell(&SIX);
    story.act("trudy", add("erin"));
    story.act("alice", remove("mallory"));
    story.meet();
    story.act("mallory", add("puppet"));
    story.act("mallory", vouch("erin"));
    story.act("mallory", remove("alice"));
    story.meet();
    assert!(story.is_full("bob", "erin"));
    assert_eq!(story.standing("bob", "puppet"), Some(Standing::Member));
    // Both voters had these in their past, and still.
    story.act("bob", remove("mallory"));
    story.act("carol", remove("mallory"));
    story.meet();
    assert!(!story.is_full("dave", "erin"));
    assert_eq!(story.standing("dave", "puppet"), None);
    assert!(
        story
            .seen("dave", "alice")
            .unwrap()
            .votes_against
            .is_empty()
    );
}

#[test]
fn a_recorded_removal_stays_whatever_is_found_of_its_voters() {
    let names = ["alice", "bob", "carol", "dave", "erin", "mallory", "trudy"];
    let (mut story, before) = Story::without_mallory(&names);
    story.act("carol", Action::Seen);
    story.meet();
    // alice and bob are removed by people who then date it back to before their votes.
    for (voter, target) in [
        ("carol", "alice"),
        ("dave", "alice"),
        ("erin", "bob"),
        ("trudy", "bob"),
    ] {
        story.forge(voter, &before, remove(target), "dave");
    }
    story.act("dave", Action::Seen);
    story.meet();
    assert_eq!(story.members("dave"), ["carol", "dave", "erin", "trudy"]);
    assert_eq!(story.standing("dave", "mallory"), Some(Standing::Removed));
}

#[test]
fn a_removal_stays_when_its_voters_are_removed_after_it() {
    let (mut story, _) = Story::without_mallory(&SIX);
    for target in ["alice", "bob"] {
        for voter in ["carol", "dave"] {
            story.act(voter, remove(target));
        }
    }
    story.meet();
    assert_eq!(story.members("carol"), ["carol", "dave", "trudy"]);
    assert_eq!(story.standing("carol", "mallory"), Some(Standing::Removed));
    assert_eq!(story.state("carol").conflicts.len(), 0);
}

#[test]
fn a_removal_stays_when_a_voter_is_found_to_have_signed_two_things() {
    let (mut story, _) = Story::without_mallory(&SIX);
    story.act("carol", evidence("alice"));
    story.meet();
    assert_eq!(story.standing("dave", "alice"), Some(Standing::Suspended));
    assert_eq!(story.standing("dave", "mallory"), Some(Standing::Removed));
}

#[test]
pub(crate) fn a_recorded_removal_cannot_be_answered_with_votes_dated_back() {
    // mallory and trudy, who is still in, strike back as if nothing had happened. At one of the two: two votes beside each
    // other would fork their lives, and not count for that.
    for target in ["alice", "bob"] {
        let (mut story, before) = Story::without_mallory(&SIX);
        assert!(story.person("carol").record.should_record(&id("carol")));
        story.act("carol", Action::Seen);
        story.meet();
        assert!(!story.person("dave").record.should_record(&id("dave")));
        story.forge("mallory", &before, remove(target), "trudy");
        story.forge("trudy", &before, remove(target), "trudy");
        story.meet();
        assert_eq!(
            story.members("dave"),
            ["alice", "bob", "carol", "dave", "trudy"]
        );
        assert_eq!(story.standing("dave", "mallory"), Some(Standing::Removed));
        assert_eq!(story.state("dave").conflicts.len(), 0);
    }
}

#[test]
fn votes_dated_back_do_not_remove_a_third_person_either() {
    let (mut story, before) = Story::without_mallory(&SIX);
    story.forge("mallory", &before, remove("carol"), "trudy");
    story.act("trudy", remove("carol"));
    story.meet();
    assert_eq!(story.standing("dave", "carol"), Some(Standing::Member));
    assert_eq!(story.seen("dave", "carol").unwrap().votes_against.len(), 1);
}

#[test]
pub(crate) fn two_sides_who_remove_each_other_unseen_are_both_out() {
    let mut story = Story::cell(&SIX);
    for (voter, target) in [
        ("alice", "mallory"),
        ("bob", "mallory"),
        ("mallory", "alice"),
        ("trudy", "alice"),
    ] {
        story.act(voter, remove(target));
    }
    story.meet();
    assert_eq!(story.members("carol"), ["bob", "carol", "dave", "trudy"]);
    assert_eq!(story.standing("carol", "alice"), Some(Standing::Removed));
    assert_eq!(story.standing("carol", "mallory"), Some(Standing::Removed));
    let named: Vec<MemberId> = story.state("carol").conflicts.iter().copied().collect();
    let mut both = [id("alice"), id("mallory")];
    both.sort_unstable();
    assert_eq!(named, both);
}

#[test]
fn what_those_in_conflict_did_beside_it_does_not_count() {
    let mut story = Story::cell(&SIX);
    story.act("alice", add("erin"));
    story.act("mallory", add("puppet"));
    for (voter, target) in [
        ("alice", "mallory"),
        ("bob", "mallory"),
        ("mallory", "alice"),
        ("trudy", "alice"),
    ] {
        story.act(voter, remove(target));
    }
    story.meet();
    assert_eq!(
        (
            story.standing("carol", "erin"),
            story.standing("carol", "puppet")
        ),
        (None, None)
    );
}

#[test]
fn two_sides_of_whom_both_were_witnessed_are_both_out_and_it_is_said() {
    let mut story = Story::cell(&SIX);
    for (voter, target) in [
        ("alice", "mallory"),
        ("bob", "mallory"),
        ("mallory", "alice"),
        ("trudy", "alice"),
    ] {
        story.act(voter, remove(target));
    }
    for (from, to) in [
        ("alice", "carol"),
        ("bob", "carol"),
        ("mallory", "dave"),
        ("trudy", "dave"),
    ] {
        story.tell(from, to);
    }
    assert_eq!(story.standing("carol", "mallory"), Some(Standing::Removed));
    assert_eq!(story.standing("dave", "alice"), Some(Standing::Removed));
    story.act("carol", Action::Seen);
    story.act("dave", Action::Seen);
    story.meet();
    assert_eq!(story.members("bob"), ["bob", "carol", "dave", "trudy"]);
    assert_eq!(story.state("bob").conflicts.len(), 2);
}

#[test]
fn of_two_sides_the_one_that_was_witnessed_holds() {
    let mut story = Story::cell(&SIX);
    for (voter, target) in [
        ("alice", "mallory"),
        ("bob", "mallory"),
        ("mallory", "alice"),
        ("trudy", "alice"),
    ] {
        story.act(voter, remove(target));
    }
    story.tell("alice", "carol");
    story.act("carol", Action::Seen);
    story.meet();
    assert_eq!(story.standing("bob", "mallory"), Some(Standing::Removed));
    assert_eq!(story.standing("bob", "alice"), Some(Standing::Member));
    assert_eq!(story.state("bob").conflicts.len(), 0);
}

#[test]
fn whoever_had_seen_both_removals_witnesses_neither() {
    let mut story = Story::cell(&SIX);
    for (voter, target) in [
        ("alice", "mallory"),
        ("bob", "mallory"),
        ("mallory", "alice"),
        ("trudy", "alice"),
    ] {
        story.act(voter, remove(target));
    }
    story.meet();
    story.act("carol", Action::Seen);
    story.meet();
    assert_eq!(story.state("dave").conflicts.len(), 2);
    // dave had seen one side only, and is heard late.
    let mut late = Story::cell(&SIX);
    for (voter, target) in [
        ("alice", "mallory"),
        ("bob", "mallory"),
        ("mallory", "alice"),
        ("trudy", "alice"),
    ] {
        late.act(voter, remove(target));
    }
    for (from, to) in [("alice", "dave"), ("bob", "dave")] {
        late.tell(from, to);
    }
    late.act("dave", Action::Seen);
    for (from, to) in [
        ("alice", "carol"),
        ("bob", "carol"),
        ("mallory", "carol"),
        ("trudy", "carol"),
    ] {
        late.tell(from, to);
    }
    late.act("carol", Action::Seen);
    late.meet();
    assert_eq!(
        late.members("bob"),
        ["alice", "bob", "carol", "dave", "trudy"]
    );
}

#[test]
fn a_witness_on_the_accusers_side_is_none() {
    let (mut story, before) = Story::without_mallory(&SIX);
    story.act("carol", Action::Seen);
    story.meet();
    // trudy votes and then "witnesses" mallory's vote herself, all of it dated back.
    let by_mallory = story.forge("mallory", &before, remove("alice"), "trudy");
    let seen = story.forge("trudy", &[by_mallory], Action::Seen, "trudy");
    story.forge("trudy", &[seen], remove("alice"), "trudy");
    story.meet();
    assert_eq!(story.standing("dave", "alice"), Some(Standing::Member));
}

#[test]
fn a_witness_who_is_removed_too_is_none() {
    let mut story = Story::cell(&["alice", "bob", "carol", "dave", "mallory", "trudy", "oscar"]);
    let before = story.heads("alice");
    for target in ["mallory", "oscar"] {
        story.act("alice", remove(target));
        story.act("bob", remove(target));
        story.meet();
    }
    story.act("carol", Action::Seen);
    story.meet();
    let by_mallory = story.forge("mallory", &before, remove("alice"), "trudy");
    story.forge("trudy", &before, remove("alice"), "trudy");
    story.forge("oscar", &[by_mallory], Action::Seen, "trudy");
    story.meet();
    assert_eq!(story.standing("dave", "alice"), Some(Standing::Member));
}

#[test]
fn the_accused_who_were_first_complete_remove_too() {
    let mut story = Story::cell(&SIX);
    story.act("alice", remove("mallory"));
    story.meet();
    // mallory strikes back and gets there first; carol records it.
    story.act("mallory", remove("alice"));
    story.act("trudy", remove("alice"));
    story.meet();
    story.act("carol", Action::Seen);
    story.meet();
    assert_eq!(story.standing("bob", "alice"), Some(Standing::Removed));
    story.act("bob", remove("mallory"));
    story.meet();
    assert_eq!(story.members("dave"), ["bob", "carol", "dave", "trudy"]);
}

#[test]
fn a_cell_can_vote_out_whoever_brought_everybody_in() {
    let mut story = Story::cell(&["mallory", "bob", "carol", "dave"]);
    story.act("bob", remove("mallory"));
    story.act("carol", remove("mallory"));
    story.meet();
    assert_eq!(story.members("dave"), ["bob", "carol", "dave"]);
    assert!(story.is_full("dave", "dave"));
}

#[test]
fn whoever_removed_somebody_needs_no_record_of_their_own() {
    let (story, _) = Story::without_mallory(&["alice", "bob", "carol", "mallory"]);
    assert!(!story.person("alice").record.should_record(&id("alice")));
    assert!(story.person("carol").record.should_record(&id("carol")));
    assert!(!story.person("carol").record.should_record(&id("mallory")));
}
