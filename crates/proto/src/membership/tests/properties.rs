//! Random cells with honest people, liars and everything between, compared with the plain model.

use proptest::prelude::*;
use proptest::sample::Index;

use super::model::{Model, Plain};
use super::*;

const NAMES: [&str; 6] = ["alice", "bob", "carol", "dave", "mallory", "trudy"];
const NEWCOMERS: [&str; 3] = ["erin", "frank", "puppet"];

#[derive(Clone, Debug)]
struct Step {
    actor: Index,
    target: Index,
    kind: u8,
    /// Signs as if they knew only this one operation and what was before it.
    hides: Option<Index>,
    /// Who is told afterwards.
    told: Vec<Index>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (
        any::<Index>(),
        any::<Index>(),
        0..24_u8,
        prop_oneof![2 => Just(None), 1 => any::<Index>().prop_map(Some)],
        proptest::collection::vec(any::<Index>(), 0..3),
    );
    let step = step.prop_map(|(actor, target, kind, hides, told)| Step {
        actor,
        target,
        kind,
        hides,
        told,
    });
    proptest::collection::vec(step, 1..40)
}

fn action(step: &Step, number: u8) -> Action {
    let everybody: Vec<&str> = NAMES.iter().chain(&NEWCOMERS).copied().collect();
    let target = *step.target.get(&everybody);
    match step.kind {
        // Most votes are about the same few, so that some removals come about.
        0..=8 => remove(NAMES[step.target.index(4)]),
        9..=10 => remove(target),
        11..=13 => add(NEWCOMERS[step.target.index(NEWCOMERS.len())]),
        14..=15 => vouch(target),
        16 => Action::Leave,
        17 => policy(3_600 + u32::from(number)),
        18 => reset(number + 1),
        19 => Action::ConfirmReset {
            member: id(target),
            incarnation: life(number),
        },
        20 => evidence(target),
        _ => Action::Seen,
    }
}

/// Lets it happen. Every record stays a causally closed part of the whole.
fn play(steps: &[Step]) -> Story {
    play_beside(steps, &mut None)
}

/// Lets it happen, and asks the model each time whether it may.
fn play_beside(steps: &[Step], model: &mut Option<Model>) -> Story {
    let mut story = Story::cell(&NAMES);
    for (number, step) in steps.iter().enumerate() {
        let names: Vec<&'static str> = story.people.keys().copied().collect();
        let actor = *step.actor.get(&names);
        if let Some(life) = story.seen(actor, actor).and_then(|info| info.incarnation) {
            story.people.get_mut(actor).unwrap().life = life;
        }
        let mut action = action(step, u8::try_from(number).unwrap());
        if let Action::ConfirmReset {
            member,
            incarnation,
        } = &mut action
        {
            let waiting = story
                .state(actor)
                .members
                .get(member)
                .and_then(|info| info.pending);
            *incarnation = waiting.unwrap_or(*incarnation);
        }
        let operation = match &step.hides {
            None => story.sign(actor, action),
            Some(index) => {
                let known: Vec<OpId> = story
                    .person(actor)
                    .record
                    .operations()
                    .map(Operation::id)
                    .collect();
                // Not before most of them had come in.
                story.sign_after(actor, &[*index.get(&known[6..])], action)
            }
        };
        check_admission(&mut story, model, actor, &operation);
        for listener in &step.told {
            story.tell(actor, names[listener.index(names.len())]);
        }
        for newcomer in NEWCOMERS {
            if !story.people.contains_key(newcomer) && story.standing(actor, newcomer).is_some() {
                story.join(newcomer, actor);
            }
        }
    }
    story
}

/// The record takes exactly what the model allows.
fn check_admission(
    story: &mut Story,
    model: &mut Option<Model>,
    actor: &'static str,
    operation: &Operation,
) {
    let inserted = story.record(actor).insert(operation.clone());
    assert_ne!(
        inserted,
        Inserted::Parked,
        "{actor} knows all parents of what they sign"
    );
    let Some(model) = model else { return };
    let allowed = model.allows(operation);
    match inserted {
        Inserted::New(_) => {
            assert!(
                allowed,
                "the record takes what the model refuses: {operation:?}"
            );
            model.learn(operation);
        }
        Inserted::Refused(Refusal::FounderForked)
        | Inserted::Known
        | Inserted::Parked
        | Inserted::Aside => {}
        Inserted::Refused(refusal) => assert!(!allowed, "{operation:?} was refused: {refusal}"),
    }
}

/// Everything that anybody knows, in the order of one founder's record.
fn everything(story: &Story) -> Vec<Operation> {
    let mut all = BTreeMap::new();
    for person in story.people.values() {
        all.extend(
            person
                .record
                .operations()
                .map(|operation| (operation.id(), operation.clone())),
        );
    }
    all.into_values().collect()
}

fn shuffled(mut operations: Vec<Operation>, order: &[Index]) -> Vec<Operation> {
    for (place, index) in order.iter().enumerate().take(operations.len()) {
        let other = index.index(operations.len());
        operations.swap(place, other);
    }
    operations
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn the_record_agrees_with_the_model(steps in steps()) {
        let mut model = Some(Model::new(Story::cell(&NAMES).person("alice").record.operations()));
        let story = play_beside(&steps, &mut model);
        let model = model.unwrap();
        for person in story.people.values() {
            let known = person.record.operations().map(Operation::id).collect();
            prop_assert_eq!(Plain::of(&person.record.state()), model.state(&known).shown());
        }
        let all = everything(&story);
        let whole = Membership::replay(all.clone(), Some(check_evidence)).unwrap();
        prop_assert_eq!(whole.operations().count(), all.len());
        prop_assert_eq!(Plain::of(&whole.state()), model.everything().shown());
    }

    #[test]
    fn the_state_does_not_depend_on_the_order_of_arrival(
        steps in steps(),
        orders in proptest::collection::vec(proptest::collection::vec(any::<Index>(), 64), 2),
    ) {
        let story = play(&steps);
        let all = everything(&story);
        let whole = Membership::replay(all.clone(), Some(check_evidence)).unwrap();
        let genesis = whole.operations().next().unwrap().clone();
        for order in &orders {
            let mut record = Membership::new(genesis.clone()).unwrap();
            record.accept_evidence(check_evidence);
            for operation in shuffled(all.clone(), order) {
                let inserted = record.insert(operation);
                prop_assert!(!matches!(inserted, Inserted::Refused(_)));
            }
            prop_assert!(record.missing_parents().is_empty());
            prop_assert_eq!(record.state(), whole.state());
            prop_assert_eq!(record.heads(), whole.heads());
            prop_assert!(record.operations().eq(whole.operations()));
            for person in story.people.values() {
                let heads = person.record.heads();
                prop_assert_eq!(record.state_at(&heads), Some(person.record.state()));
            }
        }
    }

    #[test]
    fn what_nobody_built_upon_may_be_held_or_not(
        steps in steps(),
        orders in proptest::collection::vec(proptest::collection::vec(any::<Index>(), 64), 3),
    ) {
        let all = everything(&play(&steps));
        let whole = Membership::replay(all.clone(), Some(check_evidence)).unwrap();
        let genesis = whole.operations().next().unwrap().clone();
        for order in &orders {
            let mut record = Membership::new(genesis.clone()).unwrap();
            record.accept_evidence(check_evidence);
            record.keep_no_strays();
            for operation in shuffled(all.clone(), order) {
                let inserted = record.insert(operation);
                prop_assert!(!matches!(inserted, Inserted::Refused(_)));
            }
            prop_assert!(record.missing_parents().is_empty());
            prop_assert_eq!(record.state(), whole.state());
        }
    }

    #[test]
    fn whoever_is_recorded_as_removed_never_returns(steps in steps()) {
        let story = play(&steps);
        let all = everything(&story);
        let whole = Membership::replay(all.clone(), Some(check_evidence)).unwrap();
        let state = whole.state();
        let accused = |voter: MemberId, target: MemberId| {
            all.iter().any(|operation| {
                operation.author() == voter && operation.action() == &Action::RemoveVote { member: target }
            })
        };
        for record in all.iter().filter(|operation| operation.action() == &Action::Seen) {
            let author = record.author();
            // The record of a life that is forked counts as far as others built upon it.
            let sound = |info: &Member| {
                info.standing == Standing::Member && info.incarnation == Some(record.incarnation())
            };
            if !state.members.get(&author).is_some_and(sound) {
                continue;
            }
            let then = whole.state_at(record.parents()).unwrap();
            for (member, info) in &then.members {
                let settled = info.standing == Standing::Removed && !then.conflicts.contains(member);
                if settled && !accused(author, *member) {
                    prop_assert_eq!(state.members[member].standing, Standing::Removed);
                }
            }
        }
    }

    #[test]
    fn nobody_is_in_by_what_a_removed_member_did_behind_the_voters_backs(steps in steps()) {
        let story = play(&steps);
        let all = everything(&story);
        let whole = Membership::replay(all.clone(), Some(check_evidence)).unwrap();
        let state = whole.state();
        for info in state.members.values().filter(|info| info.standing != Standing::Removed) {
            let Some(inviter) = info.introduced_by else { continue };
            if state.members.get(&inviter).is_none_or(|inviter| inviter.standing != Standing::Removed) {
                continue;
            }
            let votes = all.iter().filter(|vote| vote.action() == &Action::RemoveVote { member: inviter });
            let knew = votes.clone().filter(|vote| whole.includes(&[vote.id()], &info.added_by));
            let voters: std::collections::BTreeSet<MemberId> = knew.map(Operation::author).collect();
            prop_assert!(voters.len() >= 2);
            let add = whole.get(&info.added_by).unwrap();
            prop_assert!(votes.clone().all(|vote| !whole.includes(add.parents(), &vote.id())));
        }
    }
}

#[test]
fn five_hundred_operations_are_taken_in_a_moment() {
    let mut story = Story::cell(&NAMES);
    for number in 0..80_u32 {
        for name in NAMES {
            story.act(
                name,
                if number % 8 == 0 {
                    policy(3_600 + number)
                } else {
                    Action::Seen
                },
            );
        }
        story.meet();
    }
    assert!(story.person("alice").record.operations().count() > 480);
}
