//! Marks of several people, in whatever order they are heard.

use model::Folded;
use proptest::prelude::*;

use super::super::tests::{log, restart, sealed, stored, written};
use super::super::{Placed, Written};
use super::*;
use crate::messages::StoredMessage;

/// Somebody's envelope.
struct Said {
    who: u8,
    place: Place,
    what: What,
}

enum What {
    Text(Box<Written>),
    Mark(MessageId, Mark),
}

fn emoji(text: &str) -> Option<Emoji> {
    Some(Emoji::parse(text).unwrap())
}

fn edit(text: &str) -> Mark {
    Mark::Edit {
        at: 120_000,
        text: text.as_bytes().into(),
    }
}

fn id(number: u8) -> MessageId {
    written(0, number).message
}

/// Everything as it is shown: each message with its text (none if it is deleted) and its reactions.
type Shown = Vec<(Place, MessageId, Option<String>, Vec<Reaction>)>;

fn shown(messages: &Messages, writes: &[Write]) -> Shown {
    let stored = stored(writes);
    let entries = messages.entries.iter();
    entries
        .map(|(place, entry)| {
            let record = &stored[&[b"m", &entry.message.as_bytes()[..]].concat()];
            let body = StoredMessage::from_bytes(record)
                .unwrap()
                .body()
                .unwrap()
                .unwrap();
            assert_eq!(body.text.is_none(), entry.deleted);
            let text = body.text.map(|text| text.expose().to_owned());
            // A search knows what is shown, and nothing of what was deleted or changed.
            let print = TextPrint::of(text.as_deref().unwrap_or_default(), &mut Folded::default());
            assert_eq!(entry.print, print);
            (
                *place,
                entry.message,
                text,
                messages.reactions(&entry.message),
            )
        })
        .collect()
}

fn hear(messages: &mut Messages, said: &Said, writes: &mut Vec<Write>) {
    match &said.what {
        What::Text(written) => {
            messages.place(written, said.place, 0, writes);
        }
        What::Mark(target, mark) => {
            messages.mark(
                *target,
                log(said.who).member,
                said.place,
                mark.clone(),
                writes,
            );
        }
    }
}

/// What three people say: six texts, then what they do to these (who, to which, what).
fn talk(acts: &[(u8, u8, u8)]) -> Vec<Said> {
    let texts = (0..6).map(|number| {
        let who = number % 3 + 1;
        Said {
            who,
            place: sealed(u64::from(number), who, u64::from(number)),
            what: What::Text(Box::new(written(who, number))),
        }
    });
    let acts = (10_u64..).zip(acts).map(|(order, (who, number, kind))| {
        let mark = match kind {
            0 | 1 => Mark::React(emoji("👍")),
            2 => Mark::React(emoji("❤")),
            3 => Mark::React(None),
            4..7 => edit(&format!("changed at {order}")),
            _ => Mark::Delete,
        };
        Said {
            who: *who,
            place: sealed(order, *who, order),
            what: What::Mark(id(*number), mark),
        }
    });
    texts.chain(acts).collect()
}

proptest! {
    #[test]
    fn the_outcome_is_the_same_whatever_order_marks_arrive_in(
        acts in proptest::collection::vec((1..4_u8, 0..6_u8, 0..8_u8), 0..30),
        order in Just((0..36_usize).collect::<Vec<_>>()).prop_shuffle(),
        crash in 0..40_usize,
    ) {
        let said = talk(&acts);
        let mixed: Vec<&Said> = order.iter().filter_map(|index| said.get(*index)).collect();
        let me = log(0).member;
        let (mut writes, mut others_writes) = (Vec::new(), Vec::new());
        let (mut messages, mut others) = (Messages::new(me), Messages::new(me));
        for one in &said {
            hear(&mut messages, one, &mut writes);
        }
        for (number, one) in mixed.into_iter().enumerate() {
            if number == crash {
                others = restart(&others, &others_writes);
            }
            hear(&mut others, one, &mut others_writes);
        }
        prop_assert_eq!(shown(&messages, &writes), shown(&others, &others_writes));
        prop_assert!(others.marks.early.is_empty() && others.marks.early_weight.is_empty());
        let again = restart(&others, &others_writes);
        prop_assert_eq!(shown(&again, &others_writes), shown(&others, &others_writes));
        // What is gone is gone from what is stored, too.
        for (_, message, text, _) in shown(&others, &others_writes) {
            let all = format!("{:?}", stored(&others_writes));
            let original = format!("{:?}", format!("message {}", message.as_bytes()[0]).as_bytes());
            let inside = original.trim_matches(['[', ']']).to_owned();
            let kept = text == Some(format!("message {}", message.as_bytes()[0]));
            prop_assert_eq!(all.contains(&inside), kept);
        }
    }
}

fn alone_with(number: u8, who: u8) -> (Messages, Vec<Write>) {
    let mut writes = Vec::new();
    let mut messages = Messages::new(log(1).member);
    messages.place(&written(who, number), sealed(1, who, 0), 0, &mut writes);
    (messages, writes)
}

#[test]
fn a_foreign_edit_or_deletion_changes_nothing() {
    let (mut messages, mut writes) = alone_with(7, 2);
    let before = shown(&messages, &writes);
    let mallory = log(3).member;
    assert!(!messages.mark(id(7), mallory, sealed(5, 3, 0), edit("lies"), &mut writes));
    assert!(!messages.mark(id(7), mallory, sealed(6, 3, 1), Mark::Delete, &mut writes));
    assert_eq!(shown(&messages, &writes), before);
    // Nor if they are heard before the message is.
    let mut early = Messages::new(log(1).member);
    let mut writes = Vec::new();
    early.mark(id(7), mallory, sealed(5, 3, 0), edit("lies"), &mut writes);
    early.mark(id(7), mallory, sealed(6, 3, 1), Mark::Delete, &mut writes);
    assert_eq!(
        early.place(&written(2, 7), sealed(1, 2, 0), 0, &mut writes),
        Placed::New
    );
    assert_eq!(shown(&early, &writes), before);
    assert!(!stored(&writes).keys().any(|key| key[0] == b'e'));
}

#[test]
fn marks_of_messages_that_never_come_fill_no_memory() {
    let mut messages = Messages::new(log(1).member);
    let mut writes = Vec::new();
    let text = "x".repeat(16 * 1024);
    let target = |number: u32| {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        MessageId::from_bytes(bytes)
    };
    for number in 0..3000 {
        let place = sealed(u64::from(number), 2, u64::from(number));
        let mark = if number % 2 == 0 {
            edit(&text)
        } else {
            Mark::React(emoji("👍"))
        };
        messages.mark(target(number), log(2).member, place, mark, &mut writes);
    }
    let weight = messages.marks.early_weight[&log(2).member];
    assert!(weight <= EARLY_MARK_BYTES, "{weight}");
    let kept = stored(&writes);
    assert!(kept.values().map(Vec::len).sum::<usize>() <= EARLY_MARK_BYTES);
    assert!(
        messages
            .marks
            .early
            .contains_key(&(log(2).member, target(2999))),
        "the newest stay"
    );
    let again = restart(&messages, &writes);
    assert_eq!(again.marks.early_weight, messages.marks.early_weight);
}

#[test]
fn a_text_that_nobody_has_is_changed_and_taken_back_without_a_trace() {
    let mut messages = Messages::new(log(0).member);
    let mut writes = Vec::new();
    messages.wait(written(0, 7), &mut writes);
    assert!(messages.rewrite_waiting(id(7), "better".as_bytes().into(), &mut writes));
    messages.queue(id(7), Mark::React(emoji("👍")), &mut writes);
    let again = restart(&messages, &writes);
    assert_eq!(shown(&again, &writes)[0].2.as_deref(), Some("better"));
    assert_eq!(
        again.waiting.values().next().unwrap().nonce,
        [7; 16],
        "its id stays what it is"
    );
    assert!(messages.forget_waiting(id(7), &mut writes));
    assert!(stored(&writes).is_empty());
    assert_eq!((messages.waiting(), messages.entries.len()), (0, 0));
}

#[test]
fn of_marks_that_wait_only_those_stay_that_matter() {
    let mut messages = Messages::new(log(0).member);
    let mut writes = Vec::new();
    messages.place(&written(0, 7), sealed(1, 0, 0), 0, &mut writes);
    messages.queue(id(7), edit("one"), &mut writes);
    messages.queue(id(7), edit("two"), &mut writes);
    messages.queue(id(7), Mark::React(emoji("👍")), &mut writes);
    messages.queue(id(7), Mark::React(None), &mut writes);
    assert_eq!(messages.waiting(), 2);
    let (number, target, mark) = messages.next_outgoing().unwrap();
    assert!(mark == edit("two"));
    messages.sent(number, sealed(2, 0, 1), &mut writes);
    assert_eq!(shown(&messages, &writes)[0].2.as_deref(), Some("two"));
    messages.queue(target, Mark::Delete, &mut writes);
    assert_eq!(messages.waiting(), 1);
    let mut again = restart(&messages, &writes);
    let (number, _, mark) = again.next_outgoing().unwrap();
    assert!(mark == Mark::Delete);
    again.sent(number, sealed(3, 0, 2), &mut writes);
    assert_eq!(
        shown(&again, &writes),
        [(sealed(1, 0, 0), id(7), None, vec![])]
    );
    assert_eq!(again.waiting(), 0);
}

#[test]
fn a_message_removed_from_this_device_does_not_come_back() {
    let (mut messages, mut writes) = alone_with(7, 2);
    messages.mark(
        id(7),
        log(3).member,
        sealed(5, 3, 0),
        Mark::React(emoji("👍")),
        &mut writes,
    );
    assert!(messages.hide(id(7), &mut writes));
    assert_eq!(messages.unread(), 0);
    let mut again = restart(&messages, &writes);
    assert!(!again.contains(&id(7)));
    assert_eq!(
        again.place(&written(2, 7), sealed(1, 2, 0), 0, &mut writes),
        Placed::Known
    );
    assert!(!again.mark(
        id(7),
        log(3).member,
        sealed(9, 3, 1),
        Mark::React(None),
        &mut writes
    ));
    assert_eq!(stored(&writes).len(), 1);
}

#[test]
fn what_its_author_deleted_before_it_came_is_neither_unread_nor_new() {
    let mut messages = Messages::new(log(1).member);
    let mut writes = Vec::new();
    messages.mark(
        id(7),
        log(2).member,
        sealed(5, 2, 1),
        Mark::Delete,
        &mut writes,
    );
    assert_eq!(
        messages.place(&written(2, 7), sealed(1, 2, 0), 0, &mut writes),
        Placed::Deleted
    );
    assert_eq!(messages.unread(), 0);
    assert_eq!(shown(&messages, &writes)[0].2, None);
}
