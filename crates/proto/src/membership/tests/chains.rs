//! Operations of one author beside each other: what becomes of them, and of a record that is to be filled with them.

use super::*;
use crate::membership::limits::{OPERATIONS_PER_AUTHOR, STRAY_CHAINS};

const FIVE: [&str; 5] = ["alice", "bob", "carol", "mallory", "trudy"];

impl Story {
    /// `author` signs something after `parents`, and `listener` hears it.
    fn whisper(
        &mut self,
        author: &str,
        parents: &[OpId],
        action: Action,
        listener: &str,
    ) -> (OpId, Inserted) {
        let operation = self.sign_after(author, parents, action);
        let inserted = self.record(listener).insert(operation.clone());
        (operation.id(), inserted)
    }

    /// A branch of mallory's own, that only `listener` hears of.
    fn branch(&mut self, from: &[OpId], number: u32, len: u32, listener: &str) -> Vec<OpId> {
        let mut parents = from.to_vec();
        let mut branch = Vec::new();
        for step in 0..len {
            let action = policy(10_000 * number + 3_600 + step);
            let (id, _) = self.whisper("mallory", &parents, action, listener);
            branch.push(id);
            parents = vec![id];
        }
        branch
    }
}

#[test]
fn operations_beside_each_other_neither_fill_the_record_nor_stop_a_removal() {
    let mut story = Story::cell(&FIVE);
    let heads = story.person("alice").record.heads();
    let before = story.person("alice").record.operations().count();
    for number in 0..600 {
        let _ = story.whisper("mallory", &heads, policy(3_600 + number), "alice");
    }
    let held = story.person("alice").record.operations().count();
    assert!(
        held <= before + STRAY_CHAINS * OPERATIONS_PER_AUTHOR,
        "{held} operations are held"
    );
    assert!(story.person("alice").record.should_anchor(&id("alice")));
    story.act("alice", remove("mallory"));
    assert!(!story.person("alice").record.should_anchor(&id("alice")));
    story.tell_all("alice");
    story.act("bob", remove("mallory"));
    story.meet();
    assert_eq!(story.standing("carol", "mallory"), Some(Standing::Removed));
}

#[test]
fn what_nobody_built_upon_counts_for_nothing_once_a_life_is_forked() {
    let mut story = Story::cell(&FIVE);
    let heads = story.person("alice").record.heads();
    for action in [add("puppet"), remove("alice")] {
        let _ = story.whisper("mallory", &heads, action, "carol");
    }
    assert_eq!(story.standing("carol", "puppet"), None);
    assert!(
        story
            .seen("carol", "alice")
            .unwrap()
            .votes_against
            .is_empty()
    );
    assert_eq!(story.standing("carol", "mallory"), Some(Standing::Member));
}

#[test]
fn what_somebody_built_upon_before_they_knew_stays() {
    let mut story = Story::cell(&FIVE);
    let heads = story.person("alice").record.heads();
    let _ = story.whisper("mallory", &heads, add("erin"), "alice");
    story.act("alice", Action::Seen);
    let _ = story.whisper("mallory", &heads, add("puppet"), "bob");
    story.meet();
    assert_eq!(story.standing("carol", "erin"), Some(Standing::Member));
    assert_eq!(story.standing("carol", "puppet"), None);
    // Whoever hears of both builds upon both: nobody's work is lost for it.
    assert!(story.person("bob").record.should_anchor(&id("bob")));
    story.act("bob", Action::Seen);
    story.meet();
    assert_eq!(story.standing("carol", "puppet"), Some(Standing::Member));
    assert!(!story.person("carol").record.should_anchor(&id("carol")));
}

#[test]
fn a_forked_life_is_over_and_a_confirmed_reset_is_the_way_back() {
    let mut story = Story::cell(&FIVE);
    let heads = story.person("alice").record.heads();
    for number in 0..2 {
        let _ = story.whisper("mallory", &heads, policy(3_600 + number), "alice");
    }
    story.meet();
    story.act("alice", Action::Seen);
    story.meet();
    assert_eq!(story.seen("bob", "mallory").unwrap().incarnation, None);
    assert_eq!(story.fail("mallory", remove("alice")), Refusal::Incarnation);
    story.act("mallory", reset(1));
    story.meet();
    let confirm = Action::ConfirmReset {
        member: id("mallory"),
        incarnation: life(1),
    };
    story.act("alice", confirm);
    story.meet();
    let info = story.seen("bob", "mallory").unwrap();
    assert_eq!((info.incarnation, info.pending), (Some(life(1)), None));
    story.people.get_mut("mallory").unwrap().life = life(1);
    story.act("mallory", remove("alice"));
}

#[test]
fn an_accomplice_carries_in_no_more_than_shows_the_fork() {
    let mut story = Story::cell(&FIVE);
    let heads = story.person("alice").record.heads();
    let forks: Vec<OpId> = (0..4)
        .map(|number| {
            let action = policy(3_600 + number);
            story.whisper("mallory", &heads, action, "alice").0
        })
        .collect();
    let (_, three) = story.whisper("trudy", &forks[..3], Action::Seen, "alice");
    assert_eq!(three, Inserted::Refused(Refusal::Forked));
    let (two, taken) = story.whisper("trudy", &forks[..2], Action::Seen, "alice");
    assert_eq!(taken, Inserted::New(vec![two]));
    let (_, more) = story.whisper("trudy", &[two, forks[2]], Action::Seen, "alice");
    assert_eq!(more, Inserted::Refused(Refusal::Forked));
}

#[test]
fn a_branch_that_only_one_member_was_given_comes_in_with_what_they_built_upon_it() {
    let mut story = Story::cell(&FIVE);
    let heads = story.person("alice").record.heads();
    story.record("alice").keep_no_strays();
    let _ = story.branch(&heads, 1, 5, "alice");
    let given = story.branch(&heads, 2, 60, "bob");
    let (first, rest) = given.split_first().unwrap();
    let all: Vec<Operation> = given
        .iter()
        .map(|id| story.person("bob").record.get(id).unwrap().clone())
        .collect();
    for operation in all {
        let id = operation.id();
        let inserted = story.record("alice").insert(operation);
        if id == *first {
            assert_eq!(inserted, Inserted::New(vec![id]), "it shows the fork");
        } else {
            assert_eq!(inserted, Inserted::Aside);
            assert!(story.person("alice").record.knows(&id));
            assert!(story.person("alice").record.get(&id).is_none());
        }
    }
    let last = story.sign("bob", remove("mallory"));
    let mut expected = rest.to_vec();
    expected.push(last.id());
    assert_eq!(
        story.record("alice").insert(last.clone()),
        Inserted::New(expected)
    );
    story.act("alice", remove("mallory"));
    assert_eq!(story.standing("alice", "mallory"), Some(Standing::Removed));
}

#[test]
fn what_an_accomplice_names_in_vain_brings_nothing_in() {
    let mut story = Story::cell(&FIVE);
    let heads = story.person("alice").record.heads();
    story.record("alice").keep_no_strays();
    let forks: Vec<OpId> = (0..6)
        .map(|number| {
            let action = policy(3_600 + number);
            story.whisper("mallory", &heads, action, "alice").0
        })
        .collect();
    let before = story.person("alice").record.operations().count();
    let (_, refused) = story.whisper("trudy", &forks, Action::Seen, "alice");
    assert_eq!(refused, Inserted::Refused(Refusal::Forked));
    assert_eq!(story.person("alice").record.operations().count(), before);
    // What was tried left no trace.
    story.act("alice", remove("mallory"));
    story.tell_all("alice");
    story.act("bob", remove("mallory"));
    story.meet();
    assert_eq!(story.standing("carol", "mallory"), Some(Standing::Removed));
}
