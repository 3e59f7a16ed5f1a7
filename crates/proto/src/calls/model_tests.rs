//! What several people say about one call, heard in whatever order, against a model that sorts it first.

use action::{Day, presets};
use model::{Incarnation, LogId, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeSet;

use super::view::MissedStage;
use super::*;
use crate::wire::encode;

#[path = "source_tests.rs"]
mod source;

#[path = "hostile_tests.rs"]
mod hostile;

const CELL: CellId = CellId::from_bytes([9; 32]);
const NONCE: [u8; 16] = [7; 16];
const HOUR: u64 = 3_600_000;
const NOW: u64 = 1_790_000_000_000;
const AUTHOR: u8 = 1;

fn member(who: u8) -> MemberId {
    MemberId::from_bytes([who; 32])
}

fn place(order: u64, who: u8) -> Place {
    let log = LogId {
        member: member(who),
        incarnation: Incarnation::from_bytes([who; 16]),
    };
    Place::Sealed {
        order,
        log,
        seq: order,
    }
}

fn vigil(duration_min: u32) -> Call {
    let today = Day::of(Timestamp::from_millis(NOW));
    let mut call = presets(today, Some("en")).remove(0);
    call.duration_min = duration_min;
    call.check(Some(today)).unwrap()
}

fn shared(who: u8, duration_min: u32) -> (u8, Content) {
    let content = Content::Call {
        nonce: NONCE,
        written_at: NOW,
        call: vigil(duration_min).to_bytes().into(),
    };
    (who, content)
}

fn id() -> CallId {
    call_id(&CELL, &member(AUTHOR), &NONCE)
}

fn until() -> u64 {
    vigil(20).last_moment().as_millis()
}

fn part(who: u8, part: CallPart) -> (u8, Content) {
    let content = Content::CallPart {
        target: *id().as_bytes(),
        until: until(),
        part,
    };
    (who, content)
}

fn off(who: u8, reason: &str) -> (u8, Content) {
    let content = Content::CallOff {
        nonce: NONCE,
        until: until(),
        written_at: NOW,
        reason: reason.as_bytes().into(),
    };
    (who, content)
}

fn role(who: u8, role: &str, take: u8) -> (u8, Content) {
    let role = role.as_bytes().into();
    part(who, CallPart::Role { role, take })
}

fn presume(who: u8, member: u8, held: u8) -> (u8, Content) {
    let member = [member; 32];
    part(who, CallPart::Presume { member, held })
}

/// Something that somebody says.
struct Saying(u8, Content);

impl std::fmt::Debug for Saying {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} says {:?}", self.0, encode(&self.1))
    }
}

impl From<(u8, Content)> for Saying {
    fn from((who, content): (u8, Content)) -> Self {
        Self(who, content)
    }
}

fn saying() -> impl Strategy<Value = Saying> {
    let who = 0..5_u8;
    prop_oneof![
        (who.clone(), 1..4_u8).prop_map(|(who, answer)| part(who, CallPart::Answer(answer)).into()),
        (
            who.clone(),
            prop_oneof![Just("stander"), Just("speaker"), Just("nobody")],
            0..2_u8
        )
            .prop_map(|(who, key, take)| role(who, key, take).into()),
        (who.clone(), "[a-c ]{0,3}").prop_map(|(who, text)| {
            part(who, CallPart::Place(text.into_bytes().into())).into()
        }),
        (who.clone(), 0..3_u64).prop_map(|(who, hours)| {
            let time = if hours == 0 { 0 } else { NOW + hours * HOUR };
            part(who, CallPart::Time(time)).into()
        }),
        (who.clone(), 0..5_u8, 0..18_u8, 0..2_u8).prop_map(|(who, list, item, done)| {
            part(who, CallPart::Tick { list, item, done }).into()
        }),
        (who.clone(), proptest::option::of(0..5_u8)).prop_map(|(who, buddy)| {
            part(who, CallPart::Buddy(buddy.map(|buddy| [buddy; 32]))).into()
        }),
        (who.clone(), 0..3_u64)
            .prop_map(|(who, at)| part(who, CallPart::CheckIn(NOW + at * HOUR)).into()),
        (who.clone(), 0..5_u8, 0..2_u8)
            .prop_map(|(who, member, held)| presume(who, member, held).into()),
        (who.clone(), 10..13_u32).prop_map(|(who, duration)| shared(who, duration).into()),
        (0..3_u8, "[a-z]{1,5}").prop_map(|(who, reason)| off(who, &reason).into()),
    ]
}

/// The naive way: everything in the one order, each overwriting what was there.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    duration: Option<u32>,
    reason: Option<String>,
    place: Option<String>,
    time: Option<u64>,
    answers: BTreeMap<MemberId, Coming>,
    roles: Vec<(String, MemberId)>,
    ticks: BTreeSet<(u8, u8, MemberId)>,
    buddies: BTreeMap<MemberId, MemberId>,
    home: BTreeMap<MemberId, u64>,
    presumes: BTreeSet<(MemberId, MemberId)>,
}

impl Model {
    fn of(said: &[(Place, u8, Content)]) -> Self {
        let mut said: Vec<_> = said.iter().collect();
        said.sort_by_key(|(place, ..)| *place);
        let mut model = Self::default();
        for (_, who, content) in said {
            model.hear(*who, content);
        }
        model
    }

    fn hear(&mut self, who: u8, content: &Content) {
        let me = member(who);
        match content {
            Content::Call { call, .. } if who == AUTHOR => {
                let call = Call::from_bytes(call.as_slice()).unwrap();
                self.duration = Some(call.duration_min);
            }
            Content::CallOff { reason, .. } if who == AUTHOR => {
                self.reason = Some(String::from_utf8(reason.as_slice().to_vec()).unwrap());
            }
            Content::CallPart { part, .. } => self.add(me, part),
            Content::Forward { .. }
            | Content::Call { .. }
            | Content::CallOff { .. }
            | Content::Text { .. }
            | Content::Attachment { .. }
            | Content::Carrier { .. }
            | Content::Reaction { .. }
            | Content::Edit { .. }
            | Content::Delete { .. }
            | Content::Whisper { .. } => {}
        }
    }

    fn add(&mut self, me: MemberId, part: &CallPart) {
        match part {
            CallPart::Answer(1) => drop(self.answers.insert(me, Coming::In)),
            CallPart::Answer(2) => drop(self.answers.insert(me, Coming::Maybe)),
            CallPart::Answer(_) => drop(self.answers.insert(me, Coming::Out)),
            CallPart::Role { role, take } => {
                let role = String::from_utf8(role.as_slice().to_vec()).unwrap();
                self.roles.retain(|taken| *taken != (role.clone(), me));
                if *take == 1 {
                    self.roles.push((role, me));
                }
            }
            CallPart::Place(text) => {
                let text = String::from_utf8(text.as_slice().to_vec()).unwrap();
                if text.is_empty() {
                    self.place = None;
                } else if !text.trim().is_empty() {
                    self.place = Some(text.trim().to_owned());
                }
            }
            CallPart::Time(time) => self.time = Some(*time).filter(|time| *time > 0),
            CallPart::Tick { list, item, done } if *list < 4 && *item < 16 => {
                self.ticks.remove(&(*list, *item, me));
                if *done == 1 {
                    self.ticks.insert((*list, *item, me));
                }
            }
            CallPart::Tick { .. } => {}
            CallPart::Buddy(buddy) => {
                self.buddies.remove(&me);
                self.buddies
                    .extend(buddy.map(|buddy| (me, MemberId::from_bytes(buddy))));
            }
            CallPart::CheckIn(at) => drop(self.home.insert(me, *at)),
            CallPart::Presume { member, held } => {
                let presumed = (MemberId::from_bytes(*member), me);
                self.presumes.remove(&presumed);
                if *held == 1 {
                    self.presumes.insert(presumed);
                }
            }
        }
    }

    /// Since when somebody is home: not since before it began.
    fn home(&self, member: &MemberId) -> Option<u64> {
        let at = self.home.get(member).copied();
        at.filter(|at| self.time.is_none_or(|time| *at >= time - time % 60_000))
    }

    /// Whether those who are out are waited for.
    fn is_awaited(&self) -> bool {
        self.reason.is_none() && self.time.is_some()
    }

    /// Who has a role: the first who took it and is not out.
    fn holders(&self, role: &str, count: usize) -> (Vec<MemberId>, Vec<MemberId>) {
        let takers = self.roles.iter().filter(|(taken, _)| taken == role);
        let mut takers: Vec<MemberId> = takers
            .map(|(_, member)| *member)
            .filter(|member| self.answers.get(member) != Some(&Coming::Out))
            .collect();
        let waiting = takers.split_off(takers.len().min(count));
        (takers, waiting)
    }
}

/// What is shown, as the model says it.
fn compare(view: &view::CallView, model: &Model) {
    assert_eq!(Some(view.object.duration_min), model.duration);
    let cancelled = view.cancelled.as_ref();
    assert_eq!(
        cancelled.and_then(|cancelled| Some(cancelled.reason.as_ref()?.expose())),
        model.reason.as_deref()
    );
    assert_eq!(
        view.plan.place.as_ref().map(PlanPlace::expose),
        model.place.as_deref()
    );
    assert_eq!(view.plan.time.map(Timestamp::as_millis), model.time);
    assert_eq!(view.answers, model.answers);
    assert_eq!(view.buddies, model.buddies);
    for role in &view.roles {
        let (taken, waiting) = model.holders(&role.role, usize::from(role.count));
        assert_eq!(
            (&role.taken_by, &role.waiting),
            (&taken, &waiting),
            "{}",
            role.role
        );
    }
    let ticks = view.ticks.iter().flat_map(|tick| {
        let members = tick.members.iter();
        members.map(|member| (tick.list, tick.item, *member))
    });
    assert_eq!(ticks.collect::<BTreeSet<_>>(), model.ticks);
    for check_in in &view.check_ins {
        let home = model.home(&check_in.member);
        assert_eq!(check_in.at.map(Timestamp::as_millis), home);
        assert_eq!(check_in.state == view::CheckInState::Home, home.is_some());
    }
    let out = |member: &MemberId| {
        let is_in = model.answers.get(member) == Some(&Coming::In);
        is_in && model.home(member).is_none() && model.is_awaited()
    };
    let presumed = view.presumed.iter().flat_map(|presumed| {
        let by = presumed.by.iter();
        by.map(|by| (presumed.member, *by))
    });
    let expected = model.presumes.iter().filter(|(held, _)| out(held));
    assert_eq!(
        presumed.collect::<BTreeSet<_>>(),
        expected.copied().collect()
    );
}

fn everybody() -> BTreeMap<MemberId, u8> {
    (0..5).map(|who| (member(who), 2)).collect()
}

fn stored(writes: &[Write]) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut stored = BTreeMap::new();
    for (name, value) in writes {
        match value {
            Some(value) => stored.insert(name.clone(), value.clone()),
            None => stored.remove(name),
        };
    }
    stored
}

fn restart(writes: &[Write]) -> Calls {
    let mut again = Calls::new(member(0));
    for (name, value) in stored(writes) {
        again.restore(&name, &value).unwrap();
    }
    again
}

fn hear(
    calls: &mut Calls,
    said: &(Place, u8, Content),
    now: u64,
    writes: &mut Vec<Write>,
) -> Applied {
    let (place, who, content) = said;
    calls.apply(&CELL, member(*who), content, *place, None, now, writes)
}

proptest! {
    // Each reads and writes some dozens of calls.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_call_is_the_same_on_every_device_whatever_the_order(
        said in proptest::collection::vec(saying(), 0..40),
        keys in proptest::collection::vec(any::<u32>(), 41),
        restarts in 0..41_usize,
    ) {
        let mut all: Vec<(Place, u8, Content)> = Vec::new();
        let (who, first) = shared(AUTHOR, 20);
        all.push((place(1, who), who, first));
        for (order, Saying(who, content)) in (2..).zip(said) {
            // Several say something beside each other: the author breaks the tie.
            all.push((place(2 + order / 2, who), who, content));
        }
        all.sort_by_key(|(place, ..)| *place);
        all.dedup_by_key(|(place, ..)| *place);
        let model = Model::of(&all);
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|index| keys[*index]);
        let (mut calls, mut writes) = (Calls::new(member(0)), Vec::new());
        for (step, index) in order.iter().enumerate() {
            if step == restarts {
                calls = restart(&writes);
            }
            hear(&mut calls, &all[*index], NOW, &mut writes);
            // Hearing it twice changes nothing.
            prop_assert_eq!(hear(&mut calls, &all[*index], NOW, &mut writes), Applied::Nothing);
        }
        let again = restart(&writes);
        for calls in [&calls, &again] {
            let view = calls.get(&id()).unwrap().view(id(), &everybody(), Timestamp::from_millis(NOW + 9 * HOUR));
            compare(&view.unwrap(), &model);
        }
    }

    #[test]
    fn any_record_is_read_or_refused(name in proptest::collection::vec(any::<u8>(), 0..70), value in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _read_or_not = Calls::new(member(0)).restore(&name, &value);
    }
}

#[test]
fn what_is_over_leaves_no_record_and_nothing_later_begins_it_again() {
    let (mut calls, mut writes) = (Calls::new(member(0)), Vec::new());
    let time = NOW + HOUR;
    let said = [
        shared(AUTHOR, 20),
        part(2, CallPart::Answer(1)),
        part(3, CallPart::Place("by the old bridge".as_bytes().into())),
        part(3, CallPart::Time(time)),
        role(2, "stander", 1),
    ];
    for (order, (who, content)) in (1..).zip(said) {
        hear(
            &mut calls,
            &(place(order, who), who, content),
            NOW,
            &mut writes,
        );
    }
    let mine = part(0, CallPart::Answer(2)).1;
    calls.say(&CELL, mine, NOW, &mut writes);
    let end = time + 20 * 60_000;
    assert_eq!(calls.expire(&CELL, end + 2 * HOUR - 1, &mut writes), []);
    assert_eq!(calls.expire(&CELL, end + 2 * HOUR, &mut writes), [id()]);
    assert_eq!(calls.waiting(), 0);
    let left = stored(&writes);
    assert_eq!(left.len(), 1, "that it was erased");
    assert_eq!(left.values().next().unwrap().len(), 8);
    let late = end + 2 * HOUR;
    for calls in [&mut calls, &mut restart(&writes)] {
        for (order, (who, content)) in (20..).zip([
            part(4, CallPart::Place("by the old bridge".as_bytes().into())),
            off(AUTHOR, "no"),
            shared(AUTHOR, 30),
        ]) {
            let mut writes = Vec::new();
            let said = (place(order, who), who, content);
            assert_eq!(hear(calls, &said, late, &mut writes), Applied::Nothing);
            assert!(writes.is_empty());
        }
    }
    assert_eq!(calls.expire(&CELL, until(), &mut writes), []);
    assert!(stored(&writes).is_empty(), "nothing at all");
    let (who, content) = part(4, CallPart::Answer(1));
    let mut late = Vec::new();
    hear(
        &mut calls,
        &(place(40, who), who, content),
        until(),
        &mut late,
    );
    assert!(late.is_empty(), "it says itself that it is over");
}

#[test]
fn a_time_in_the_past_erases_nothing_at_once() {
    let (mut calls, mut writes) = (Calls::new(member(0)), Vec::new());
    let (who, content) = shared(AUTHOR, 20);
    hear(&mut calls, &(place(1, who), who, content), NOW, &mut writes);
    let (who, content) = part(3, CallPart::Time(NOW - 400 * HOUR));
    hear(&mut calls, &(place(2, who), who, content), NOW, &mut writes);
    assert_eq!(calls.expire(&CELL, NOW + 2 * HOUR - 1, &mut writes), []);
    let (who, content) = part(2, CallPart::Time(NOW + 24 * HOUR));
    hear(
        &mut calls,
        &(place(3, who), who, content),
        NOW + HOUR,
        &mut writes,
    );
    assert_eq!(calls.expire(&CELL, NOW + 24 * HOUR, &mut writes), []);
}

#[test]
fn what_somebody_floods_with_fills_no_memory() {
    let (mut calls, mut writes) = (Calls::new(member(0)), Vec::new());
    for number in 0..500_u64 {
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&number.to_be_bytes());
        let call = Content::Call {
            nonce,
            written_at: NOW,
            call: vigil(20).to_bytes().into(),
        };
        hear(&mut calls, &(place(number, 2), 2, call), NOW, &mut writes);
        let mut target = [0; 32];
        target[..8].copy_from_slice(&number.to_be_bytes());
        let part = Content::CallPart {
            target,
            until: u64::MAX,
            part: CallPart::Answer(1),
        };
        hear(&mut calls, &(place(number, 3), 3, part), NOW, &mut writes);
        let off = Content::CallOff {
            nonce,
            until: u64::MAX,
            written_at: NOW,
            reason: "no".as_bytes().into(),
        };
        hear(&mut calls, &(place(number, 4), 4, off), NOW, &mut writes);
        let role = format!("role_{number}");
        let (who, content) = self::role(5, &role, 1);
        hear(
            &mut calls,
            &(place(number, who), who, content),
            NOW,
            &mut writes,
        );
    }
    assert_eq!(calls.count_of(&member(2)), 64);
    assert!(
        calls.calls.len() <= 64 + 32 + 32 + 1,
        "{}",
        calls.calls.len()
    );
    assert!(stored(&writes).len() < 1000);
    // Nothing is kept for ever, whatever somebody says.
    calls.expire(&CELL, NOW + 101 * 24 * HOUR, &mut writes);
    assert!(calls.calls.is_empty() && stored(&writes).is_empty());
}

#[test]
fn who_is_missing_is_told_once_and_a_late_check_in_ends_it() {
    let (mut calls, mut writes) = (Calls::new(member(2)), Vec::new());
    let time = NOW + HOUR;
    let said = [
        shared(AUTHOR, 20),
        part(3, CallPart::Time(time)),
        part(3, CallPart::Answer(1)),
        part(3, CallPart::Buddy(Some([2; 32]))),
        part(4, CallPart::Answer(1)),
        part(AUTHOR, CallPart::Answer(1)),
        part(AUTHOR, CallPart::CheckIn(NOW + HOUR)),
    ];
    for (order, (who, content)) in (1..).zip(said) {
        hear(
            &mut calls,
            &(place(order, who), who, content),
            NOW,
            &mut writes,
        );
    }
    let all = everybody();
    let due = time + 50 * 60_000;
    let mut told = |calls: &mut Calls, now| {
        let missing = calls.missing(&all, now, &mut writes);
        let missing = missing
            .into_iter()
            .map(|missing| (missing.member, missing.stage));
        (missing.collect::<Vec<_>>(), restart(&writes))
    };
    assert_eq!(told(&mut calls, due - 1).0, []);
    let (missing, mut calls) = told(&mut calls, due);
    // Nobody is there to be asked about dave, so everybody is told.
    let expected = [
        (member(3), MissedStage::Buddy),
        (member(4), MissedStage::Cell),
    ];
    assert_eq!(missing, expected);
    assert_eq!(told(&mut calls, due + 1).0, []);
    let (who, content) = part(3, CallPart::CheckIn(due));
    let mut late = Vec::new();
    hear(&mut calls, &(place(50, who), who, content), due, &mut late);
    assert_eq!(told(&mut calls, due + 2 * HOUR).0, []);
    assert_eq!(encode(&CallPart::CheckIn(1)).len(), 9);
}
