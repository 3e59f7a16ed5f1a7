//! Somebody is away while the world goes on.

use serde_json::json;

use crate::cell::{Line, World, agree, gather, join, together};
use crate::vigil::Vigil;

/// How somebody is away.
#[derive(Clone, Copy)]
enum Absence {
    /// The node runs, but keeps to itself.
    Offline,
    /// The process has ended.
    Stopped,
}

impl Absence {
    fn begin(self, person: &mut Vigil) {
        match self {
            Self::Offline => drop(person.ask("net.offline", json!({}))),
            Self::Stopped => person.stop(),
        }
    }

    fn end(self, person: &mut Vigil) {
        match self {
            Self::Offline => drop(person.ask("net.online", json!({}))),
            Self::Stopped => person.restart(),
        }
    }
}

#[test]
fn who_was_offline_meets_an_add_and_a_removal_from_two_sides() {
    membership_changes_while_carol_is_away(Absence::Offline);
}

#[test]
fn who_was_stopped_meets_an_add_and_a_removal_from_two_sides() {
    membership_changes_while_carol_is_away(Absence::Stopped);
}

/// Carol is away. The others send 1,000 messages. Bob, cut off, votes against Mallory; Alice, who does not know of that,
/// lets Dave in and votes against Mallory too. Everybody comes back and agrees.
fn membership_changes_while_carol_is_away(absence: Absence) {
    let world = World::new();
    let names = ["Alice", "Bob", "Carol", "Mallory", "Dave"];
    let [mut alice, mut bob, mut carol, mut mallory, mut dave] =
        names.map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol, &mut mallory]);
    let target = mallory.id(&cell);

    absence.begin(&mut carol);
    let counts = [("Alice", 334), ("Bob", 333), ("Mallory", 333)];
    together(&mut [&mut alice, &mut bob, &mut mallory], |person| {
        let (_, count) = counts
            .iter()
            .find(|(name, _)| *name == person.name())
            .unwrap();
        person.say_many(&cell, "the long night", *count);
    });
    agree(&mut [&mut alice, &mut bob, &mut mallory], &cell, 1_004);

    Absence::Offline.begin(&mut bob);
    let vote = json!({ "cell": cell, "member": target });
    let one_of_two = json!({ "votes": 1, "needed": 2 });
    assert_eq!(bob.ask("cell.remove", vote.clone()), one_of_two);
    bob.say(&cell, "bob, after his vote");
    join(&mut alice, &mut dave, &cell);
    assert_eq!(
        alice.ask("cell.remove", vote),
        one_of_two,
        "Alice cannot know of Bob's vote"
    );
    alice.say(&cell, "alice, after her vote");
    dave.reads(&cell, &["alice, after her vote"]);

    Absence::Offline.end(&mut bob);
    mallory.event("cell.removed_us", |event| event["cell"] == cell.as_str());
    for person in [&mut alice, &mut bob, &mut dave] {
        out(person, &cell, &target);
    }
    together(&mut [&mut alice, &mut bob, &mut dave], |person| {
        person.say_many(&cell, "a new day", 5)
    });
    absence.end(&mut carol);
    out(&mut carol, &cell, &target);
    carol.say(&cell, "carol is back");

    let mut stayed = [&mut alice, &mut bob, &mut carol];
    let history = agree(&mut stayed, &cell, 1_004 + 2 + 15 + 1);
    for person in &mut stayed {
        person.counts_members(&cell, 4);
    }
    let standing = stayed.map(|person| person.standing(&cell));
    assert!(
        standing.iter().all(|one| *one == standing[0]),
        "{standing:?}"
    );
    dave.counts_members(&cell, 4);
    assert_eq!(dave.standing(&cell), standing[0]);
    newcomer_reads_his_part(&mut dave, &cell, &history);
    removed_reads_nothing_since(&mut mallory, &cell, &history);
    for person in [&mut alice, &mut bob, &mut carol, &mut dave] {
        let warnings = person.warnings();
        assert!(
            !warnings.contains(&"equivocation".to_owned()),
            "{warnings:?}"
        );
    }
}

/// Waits until somebody is known to be removed.
fn out(person: &mut Vigil, cell: &str, target: &str) {
    person.until("the removal is known", |we| {
        let standing = we.standing(cell);
        if standing.get(target).is_some_and(|state| state == "removed") {
            return Ok(());
        }
        Err(format!("{standing:?}"))
    });
}

/// Dave has the end of the conversation, in the order of the others, and nothing from before he came.
fn newcomer_reads_his_part(dave: &mut Vigil, cell: &str, history: &[Line]) {
    let after = |text: &str| {
        text.contains("a new day") || text == "alice, after her vote" || text == "carol is back"
    };
    let due: Vec<&str> = history
        .iter()
        .map(|line| line.text.as_str())
        .filter(|text| after(text))
        .collect();
    assert_eq!(due.len(), 17);
    dave.reads(cell, &due);
    let read = dave.history(cell);
    let same: Vec<Line> = history
        .iter()
        .filter(|line| read.contains(line))
        .cloned()
        .collect();
    assert_eq!(read, same, "the same order as everybody's");
    let before =
        |line: &&Line| line.text.contains("the long night") || line.text.ends_with("is here");
    assert_eq!(
        read.iter().filter(before).count(),
        0,
        "he reads nothing from before he came"
    );
}

/// Mallory has what was said while she was in, and nothing that was said by anybody who knew.
fn removed_reads_nothing_since(mallory: &mut Vigil, cell: &str, history: &[Line]) {
    let known =
        |line: &&Line| line.text.contains("the long night") || line.text.ends_with("is here");
    let before: Vec<Line> = history.iter().filter(known).cloned().collect();
    assert_eq!(mallory.history(cell), before);
    assert_eq!(mallory.summary(cell)["state"], "removed");
    let words = json!({ "cell": cell, "text": "let me in" });
    assert_eq!(mallory.refusal("message.send", words), "not_a_member");
    // Nor does she after she has tried everything that is left to her.
    mallory.stop();
    mallory.restart();
    assert_eq!(mallory.history(cell), before);
}

#[test]
fn the_last_words_of_a_removed_member_are_the_same_for_everybody() {
    let world = World::new();
    let names = ["Alice", "Bob", "Carol", "Mallory"];
    let [mut alice, mut bob, mut carol, mut mallory] = names.map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol, &mut mallory]);
    let vote = json!({ "cell": cell, "member": mallory.id(&cell) });

    // Mallory talks to Carol alone while two votes are cast that neither of them knows.
    for person in [&mut alice, &mut bob] {
        Absence::Offline.begin(person);
        person.ask("cell.remove", vote.clone());
    }
    mallory.say_many(&cell, "my innocence", 10);
    carol.reads(&cell, &["Mallory on my innocence, 9"]);
    for person in [&mut alice, &mut bob] {
        Absence::Offline.end(person);
    }

    let target = mallory.id(&cell);
    let mut stayed = [&mut alice, &mut bob, &mut carol];
    for person in &mut stayed {
        out(person, &cell, &target);
        person.counts_members(&cell, 3);
        person.say(&cell, "moving on");
    }
    for person in &mut stayed {
        person.until("all three have moved on", |we| {
            let texts = we.texts(&cell);
            let count = texts.iter().filter(|text| *text == "moving on").count();
            if count == 3 {
                Ok(())
            } else {
                Err(format!("{count} of 3"))
            }
        });
    }
    // Carol heard Mallory; how much the others do not know before she has shown it to them.
    let count = stayed[2].history(&cell).len();
    agree(&mut stayed, &cell, count);
}

#[test]
fn a_message_arrives_through_a_third_member_when_its_author_is_gone() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);

    carol.stop();
    alice.say(&cell, "tell carol that I have left");
    bob.reads(&cell, &["tell carol that I have left"]);
    alice.kill();
    carol.restart();

    carol.reads(&cell, &["tell carol that I have left"]);
    agree(&mut [&mut bob, &mut carol], &cell, 4);
}

#[test]
fn what_was_written_while_alone_arrives_later() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);

    Absence::Offline.begin(&mut alice);
    Absence::Offline.begin(&mut bob);
    alice.say_many(&cell, "an empty street", 20);
    bob.say_many(&cell, "an empty house", 20);
    assert_eq!(
        alice.history(&cell).len(),
        22,
        "her own words are there at once"
    );
    alice.kill();
    alice.restart();
    Absence::Offline.end(&mut bob);
    alice.ask("net.online", json!({}));

    agree(&mut [&mut alice, &mut bob], &cell, 42);
}
