use proptest::prelude::*;

use super::*;
use crate::{Call, NoCall, Window, presets};

fn today() -> Day {
    Day::parse("2026-11-24").unwrap()
}

/// A call without anything to say about it but that there is nobody to call.
fn vigil() -> CallIn {
    let mut call = presets(today(), None).remove(0);
    for texts in &mut call.texts {
        for note in &mut texts.legal_notes {
            note.checked_on = today();
        }
    }
    call
}

type Change = fn(&mut CallIn);

fn words(text: &str) -> Words {
    Words::new(text.to_owned())
}

const WRONG: [(&str, ProblemKind, Change); 27] = [
    ("version", ProblemKind::LaterVersion, |call| {
        call.version = 2
    }),
    ("expires", ProblemKind::Past, |call| {
        call.issued_on = Day::parse("2026-11-01").unwrap();
        call.expires = Day::parse("2026-11-23").unwrap();
    }),
    ("expires", ProblemKind::OutOfRange, |call| {
        call.expires = call.issued_on.plus(93)
    }),
    ("issued_on", ProblemKind::OutOfRange, |call| {
        call.issued_on = today().plus(2);
        call.expires = today().plus(20);
    }),
    ("window", ProblemKind::OutOfRange, |call| {
        call.window = Some(Window {
            from: today(),
            until: call.expires.plus(1),
        });
    }),
    ("duration_min", ProblemKind::OutOfRange, |call| {
        call.duration_min = 0
    }),
    ("group_min", ProblemKind::OutOfRange, |call| {
        call.group_max = 0
    }),
    ("group_min", ProblemKind::OutOfRange, |call| {
        call.group_min = 2
    }),
    ("risk.level", ProblemKind::OutOfRange, |call| {
        call.risk.level = 6
    }),
    ("risk.reviewed_on", ProblemKind::Missing, |call| {
        call.risk.reviewed_by = words("A lawyer")
    }),
    ("check_in.grace_min", ProblemKind::OutOfRange, |call| {
        call.check_in.as_mut().unwrap().grace_min = 1;
    }),
    ("retain_after_end_s", ProblemKind::OutOfRange, |call| {
        call.retain_after_end_s = 3600
    }),
    ("retain_after_end_s", ProblemKind::OutOfRange, |call| {
        call.retain_after_end_s = 700_000
    }),
    ("photo_after_h", ProblemKind::OutOfRange, |call| {
        call.photo_after_h = 3
    }),
    ("roles.1", ProblemKind::Duplicate, |call| {
        call.roles[1].role = "stander".to_owned()
    }),
    ("roles.0", ProblemKind::OutOfRange, |call| {
        call.roles[0].count = 0
    }),
    ("texts.0.roles", ProblemKind::LanguagesDiffer, |call| {
        call.roles[0].role = "somebody".to_owned();
    }),
    ("supersedes", ProblemKind::Unknown, |call| {
        call.supersedes = Some("me".to_owned())
    }),
    ("texts", ProblemKind::Missing, |call| call.texts.clear()),
    ("texts.1.language", ProblemKind::Duplicate, |call| {
        call.texts[1].language = "en".to_owned()
    }),
    ("texts.1.checklists", ProblemKind::LanguagesDiffer, |call| {
        call.texts[1].checklists.before.pop();
    }),
    ("texts.0.title", ProblemKind::Empty, |call| {
        call.texts[0].title = words("  ")
    }),
    ("texts.0.why", ProblemKind::TooLong, |call| {
        call.texts[0].why = words(&"я".repeat(281))
    }),
    ("texts.0.why", ProblemKind::Invisible, |call| {
        call.texts[0].why = words("a\u{202e}b")
    }),
    ("texts.0.steps", ProblemKind::TooMany, |call| {
        call.texts[0].steps = vec![words("a step"); 17];
    }),
    ("texts.0.place_criteria", ProblemKind::Coordinates, |call| {
        call.texts[0].place_criteria = words("at 55.7512, 37.6184");
    }),
    ("texts.0.steps.0", ProblemKind::Link, |call| {
        call.texts[0].steps[0] = words("see https://example.org");
    }),
];

#[test]
fn each_thing_that_is_wrong_is_named_with_its_field() {
    for (field, kind, change) in WRONG {
        let mut call = vigil();
        change(&mut call);
        let found = call.problems(Some(today()));
        let wanted = Problem {
            field: field.to_owned(),
            kind,
        };
        assert!(found.contains(&wanted), "{wanted:?} in {found:?}");
        assert!(call.check(Some(today())).is_err(), "{wanted:?}");
    }
    assert!(vigil().check(Some(today())).is_ok());
}

#[test]
fn what_only_looks_like_a_place_is_left_to_a_person() {
    let mut call = vigil();
    call.texts[0].place_criteria = words("12 Market Street, or call +7 800 123 45 67");
    let found = call.problems(Some(today()));
    let kinds: Vec<ProblemKind> = found.iter().map(|problem| problem.kind).collect();
    assert_eq!(
        kinds,
        [
            ProblemKind::NoLegalAid,
            ProblemKind::Address,
            ProblemKind::Phone
        ]
    );
    assert!(call.check(Some(today())).is_ok());
    assert_eq!(vigil().problems(Some(today().plus(10))).len(), 1);
}

#[test]
fn a_call_is_read_back_and_one_with_more_in_it_is_not() {
    let call = vigil().check(None).unwrap();
    let bytes = call.to_bytes();
    assert_eq!(Call::from_bytes(&bytes), Ok(call));
    let text = String::from_utf8(bytes).unwrap();
    let wrong = [
        text.replacen("\"version\":1", "\"version\":2", 1),
        text.replacen('{', "{\"where\":\"here\",", 1),
        text.replacen("\"kind\":\"vigil\"", "\"kind\":\"riot\"", 1),
        text.replacen("\"duration_min\":20", "\"duration_min\":-1", 1),
        text.replacen("2026-11-24", "2026-11-31", 1),
        format!("{text}{}", " ".repeat(CALL_LIMIT)),
    ];
    for wrong in wrong {
        assert_eq!(Call::from_bytes(wrong.as_bytes()), Err(NoCall));
    }
}

#[test]
fn nothing_of_a_call_is_printed() {
    let call = vigil();
    assert!(!format!("{call:?}").contains("silent"));
    assert_eq!(format!("{:?}", call.check(None).unwrap()), "Call(Vigil)");
}

proptest! {
    #[test]
    fn any_bytes_are_a_call_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Call::from_bytes(&bytes).is_err());
    }

    #[test]
    fn any_text_is_judged_without_a_crash(text in "\\PC{0,300}") {
        let mut call = vigil();
        call.texts[0].title = words(&text);
        call.texts[0].steps[0] = words(&text);
        if let Ok(call) = call.check(Some(today())) {
            prop_assert_eq!(Call::from_bytes(&call.to_bytes()), Ok(call));
        }
    }

    #[test]
    fn a_changed_byte_never_makes_what_no_check_lets_through(at in 0_usize..12_000, byte in any::<u8>()) {
        let mut bytes = vigil().check(None).unwrap().to_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(call) = Call::from_bytes(&bytes) {
            prop_assert!(call.into_draft().check(None).is_ok());
        }
    }
}
