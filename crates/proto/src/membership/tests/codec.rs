//! Bytes from anywhere: they decode to what was signed, or not at all.

use proptest::prelude::*;

use super::*;
use crate::membership::OperationIn;
use crate::membership::limits::{KEY_PACKAGE_LIMIT, OPERATION_LIMIT};
use crate::membership::operation::{CheckError, DecodeError};

/// One operation of each kind, from a cell where each is allowed.
fn one_of_each() -> (CellId, Vec<Operation>) {
    let mut story = Story::cell(&["alice", "bob", "carol"]);
    story.act("alice", add("dave"));
    let confirm = Action::ConfirmReset {
        member: id("carol"),
        incarnation: life(1),
    };
    let actions = [
        vouch("dave"),
        remove("bob"),
        Action::Leave,
        reset(3),
        confirm,
        policy(3600),
        evidence("bob"),
    ];
    let mut operations: Vec<Operation> =
        story.person("alice").record.operations().cloned().collect();
    operations.extend(
        actions
            .into_iter()
            .chain([Action::Seen, add("erin")])
            .map(|action| story.sign("alice", action)),
    );
    (story.person("alice").record.cell(), operations)
}

fn take(cell: &CellId, bytes: &[u8]) -> Option<Operation> {
    OperationIn::decode(bytes).ok()?.check(cell).ok()
}

#[test]
fn every_operation_is_read_back_as_it_was_signed() {
    let (cell, operations) = one_of_each();
    for operation in operations {
        let read = take(&cell, operation.as_bytes()).unwrap();
        assert!(read == operation && read.as_bytes() == operation.as_bytes());
        assert_eq!(format!("{read:?}"), format!("{operation:?}"));
    }
}

#[test]
fn the_bytes_are_what_the_specification_says() {
    let (cell, operations) = one_of_each();
    let seen = operations
        .iter()
        .find(|operation| operation.action() == &Action::Seen)
        .unwrap();
    let mut expected = cell.as_bytes().to_vec();
    expected.extend(id("alice").as_bytes());
    expected.extend([0; 16]);
    expected.push(32);
    expected.extend(seen.parents()[0].as_bytes());
    expected.push(10);
    assert_eq!(&seen.as_bytes()[..expected.len()], expected);
    assert_eq!(seen.as_bytes().len(), expected.len() + 64);
}

#[test]
fn an_operation_belongs_to_one_cell_and_one_author() {
    let (cell, operations) = one_of_each();
    for operation in &operations {
        let other = CellId::from_bytes([1; 32]);
        let decoded = OperationIn::decode(operation.as_bytes()).unwrap();
        assert_eq!(decoded.check(&other).unwrap_err(), CheckError::OtherCell);
        let mut forged = operation.as_bytes().to_vec();
        *forged.last_mut().unwrap() ^= 1;
        assert_eq!(
            OperationIn::decode(&forged)
                .unwrap()
                .check(&cell)
                .unwrap_err(),
            CheckError::BadSignature
        );
    }
}

#[test]
fn fields_outside_their_limits_are_refused() {
    let story = Story::cell(&["alice", "bob"]);
    let cell = story.person("alice").record.cell();
    let check = |action: Action| {
        let operation = story.sign("alice", action);
        OperationIn::decode(operation.as_bytes())
            .unwrap()
            .check(&cell)
            .map(|_| ())
    };
    let reset = |len: usize| Action::Reset {
        incarnation: life(2),
        key_package: vec![0; len],
    };
    assert_eq!(check(reset(KEY_PACKAGE_LIMIT)), Ok(()));
    assert_eq!(
        check(reset(KEY_PACKAGE_LIMIT + 1)),
        Err(CheckError::OutOfBounds)
    );
    assert_eq!(check(policy(3_599)), Err(CheckError::OutOfBounds));
    let unsorted = story
        .person("alice")
        .record
        .operations()
        .map(Operation::id)
        .take(2)
        .collect::<Vec<_>>();
    for parents in [
        vec![],
        vec![unsorted[0]; 2],
        unsorted
            .iter()
            .copied()
            .max()
            .into_iter()
            .chain(unsorted)
            .collect(),
    ] {
        let operation = Operation::sign(&cell, &key("alice"), life(0), parents, Action::Seen);
        let checked = OperationIn::decode(operation.as_bytes())
            .unwrap()
            .check(&cell);
        assert_eq!(checked.unwrap_err(), CheckError::OutOfBounds);
    }
    assert_eq!(
        OperationIn::decode(&vec![0; OPERATION_LIMIT + 1]).err(),
        Some(DecodeError::TooLong)
    );
}

#[test]
fn the_largest_honest_operation_fits() {
    let mut story = Story::cell(&["alice", "bob", "mallory"]);
    let heads = story.person("alice").record.heads();
    for number in 0..80 {
        let forged = story.sign_after("mallory", &heads, policy(3_600 + number));
        assert!(matches!(
            story.record("alice").insert(forged),
            Inserted::New(_)
        ));
    }
    let action = Action::Add {
        member: id("dave"),
        incarnation: life(0),
        name: DisplayName::parse(&"д".repeat(DisplayName::LIMIT / 2)).unwrap(),
        key_package: vec![1; KEY_PACKAGE_LIMIT],
        compared: false,
    };
    let operation = story.sign("alice", action);
    assert!(operation.as_bytes().len() <= OPERATION_LIMIT);
    assert!(take(&story.person("alice").record.cell(), operation.as_bytes()).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn random_bytes_never_become_an_operation(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(take(&CellId::from_bytes([0; 32]), &bytes).is_none());
    }

    #[test]
    fn changed_bytes_never_become_an_operation(
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        value in any::<u8>(),
        kind in 0..4,
    ) {
        let (cell, operations) = one_of_each();
        let operation = which.get(&operations);
        let mut bytes = operation.as_bytes().to_vec();
        let place = place.index(bytes.len());
        match kind {
            0 => bytes[place] = value,
            1 => bytes.insert(place, value),
            2 => drop(bytes.remove(place)),
            _ => bytes.truncate(place),
        }
        let read = take(&cell, &bytes);
        prop_assert_eq!(read.is_some(), bytes == operation.as_bytes());
        if let Ok(decoded) = OperationIn::decode(&bytes) {
            // Whatever decodes has no second encoding.
            let signed = &bytes[..bytes.len() - 64];
            prop_assert_eq!(decoded.encoding(), signed);
        }
    }
}
