//! Calls in a cell as the page shows them, and what is said of one before it is shared.

use std::collections::BTreeMap;

use action::{Checklists, Problem as Found, Severity as Weight, WhoSees as Seen};
use client::{CallInCell, CheckInState, Coming};
use model::{CancelReason, DisplayName, MemberId, PlanPlace};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::Call;
use crate::error::CommandError;

/// Whether somebody comes.
#[derive(Clone, Copy, Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CallAnswer {
    In,
    Maybe,
    Out,
}

impl From<CallAnswer> for Coming {
    fn from(answer: CallAnswer) -> Self {
        match answer {
            CallAnswer::In => Self::In,
            CallAnswer::Maybe => Self::Maybe,
            CallAnswer::Out => Self::Out,
        }
    }
}

impl From<Coming> for CallAnswer {
    fn from(coming: Coming) -> Self {
        match coming {
            Coming::In => Self::In,
            Coming::Maybe => Self::Maybe,
            Coming::Out => Self::Out,
        }
    }
}

/// That a call was called off.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallOff {
    reason: String,
    at: String,
}

/// Where and when.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallPlan {
    place: Option<String>,
    time: Option<String>,
    set_by: Option<String>,
}

/// Members by what they answered.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallAnswers {
    r#in: Vec<String>,
    maybe: Vec<String>,
    out: Vec<String>,
}

/// A role, who has it and who would.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallPlaces {
    role: String,
    count: u8,
    taken_by: Vec<String>,
    waiting: Vec<String>,
}

/// An item of a checklist, such as `before.0`, that somebody ticked.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallTick {
    item: String,
    members: Vec<String>,
    mine: bool,
}

/// Who is asked first if a member does not come home.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallBuddy {
    member: String,
    buddy: String,
}

/// How far a check-in is.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CallCheckInState {
    /// Not due yet.
    Expected,
    /// Missed; the buddy is asked.
    Asked,
    /// Missed; the cell is told.
    Missed,
    Home,
}

impl From<CheckInState> for CallCheckInState {
    fn from(state: CheckInState) -> Self {
        match state {
            CheckInState::Expected => Self::Expected,
            CheckInState::Asked => Self::Asked,
            CheckInState::Missed => Self::Missed,
            CheckInState::Home => Self::Home,
        }
    }
}

/// How large the paper is.
#[derive(Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CallPaper {
    A4,
    A6,
}

impl From<CallPaper> for client::Paper {
    fn from(paper: CallPaper) -> Self {
        match paper {
            CallPaper::A4 => Self::A4,
            CallPaper::A6 => Self::A6,
        }
    }
}

/// The check-in of somebody who is in.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallCheckIn {
    member: String,
    state: CallCheckInState,
    at: Option<String>,
    /// Whether it has begun for them and they are not home, whatever was said of the call afterwards.
    out: bool,
}

/// Somebody who is presumed to be held.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallPresumed {
    member: String,
    by: Vec<String>,
    needed: u8,
}

/// How many full members presume an arrest, and how many it takes.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Presumption {
    pub(crate) presumed: u8,
    pub(crate) needed: u8,
}

/// What has become of a call in its channel.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CallThere {
    Same,
    Changed,
    /// It is off there, and nobody has shown that to the cell.
    Off,
}

/// From which channel a call is. Whoever shared it has shown it with the signatures of the channel.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallSource {
    channel: String,
    name: String,
    /// Whether it says here what it said there.
    same: bool,
    /// Null if this device does not follow the channel.
    there: Option<CallThere>,
}

impl From<&client::SourceView> for CallSource {
    fn from(source: &client::SourceView) -> Self {
        Self {
            channel: source.channel.to_hex(),
            name: source.name.expose().to_owned(),
            same: source.same,
            there: source.there.map(|state| match state {
                client::SourceState::Same => CallThere::Same,
                client::SourceState::Changed => CallThere::Changed,
                client::SourceState::Off => CallThere::Off,
            }),
        }
    }
}

/// A call as it stands in a cell.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CellCall {
    call: String,
    author: String,
    name: Option<String>,
    mine: bool,
    object: Call,
    shared_at: String,
    updated_at: Option<String>,
    source: Option<CallSource>,
    cancelled: Option<CallOff>,
    plan: CallPlan,
    ends_at: Option<String>,
    /// When all of it goes by itself.
    erased_at: String,
    answers: CallAnswers,
    my_answer: Option<CallAnswer>,
    roles: Vec<CallPlaces>,
    ticks: Vec<CallTick>,
    buddies: Vec<CallBuddy>,
    my_buddy: Option<String>,
    check_ins: Vec<CallCheckIn>,
    check_in_due_at: Option<String>,
    presumed: Vec<CallPresumed>,
}

impl TryFrom<CallInCell> for CellCall {
    type Error = CommandError;

    fn try_from(call: CallInCell) -> Result<Self, CommandError> {
        let CallInCell { view, name, me } = &call;
        let buddy = me.and_then(|me| view.buddies.get(&me));
        let answer = me.and_then(|me| view.answers.get(&me).copied());
        Ok(Self {
            call: view.call.to_hex(),
            author: view.author.to_hex(),
            name: name.as_ref().map(DisplayName::expose).map(str::to_owned),
            mine: Some(view.author) == *me,
            object: Call::of(&view.object)?,
            shared_at: client::rfc3339(view.shared_at),
            updated_at: view.updated_at.map(client::rfc3339),
            source: view.source.as_ref().map(CallSource::from),
            cancelled: view.cancelled.as_ref().map(|cancelled| CallOff {
                reason: reason(cancelled.reason.as_ref()),
                at: client::rfc3339(cancelled.at),
            }),
            plan: CallPlan {
                place: view.plan.place.as_ref().map(place),
                time: view.plan.time.map(client::rfc3339),
                set_by: view.plan.set_by.map(|member| member.to_hex()),
            },
            ends_at: view.ends_at.map(client::rfc3339),
            erased_at: client::rfc3339(view.erased_at),
            answers: answers(&view.answers),
            my_answer: answer.map(CallAnswer::from),
            roles: roles(&call),
            ticks: ticks(&call),
            buddies: buddies(&call),
            my_buddy: buddy.map(MemberId::to_hex),
            check_ins: check_ins(&call),
            check_in_due_at: view.check_in_due_at.map(client::rfc3339),
            presumed: presumed(&call),
        })
    }
}

fn reason(reason: Option<&CancelReason>) -> String {
    reason.map_or(String::new(), |reason| reason.expose().to_owned())
}

fn place(place: &PlanPlace) -> String {
    place.expose().to_owned()
}

fn ids<'a>(members: impl IntoIterator<Item = &'a MemberId>) -> Vec<String> {
    members.into_iter().map(MemberId::to_hex).collect()
}

fn answers(answers: &BTreeMap<MemberId, Coming>) -> CallAnswers {
    let who = |wanted: Coming| {
        let theirs = answers.iter().filter(|(_, coming)| **coming == wanted);
        ids(theirs.map(|(member, _)| member))
    };
    CallAnswers {
        r#in: who(Coming::In),
        maybe: who(Coming::Maybe),
        out: who(Coming::Out),
    }
}

fn roles(call: &CallInCell) -> Vec<CallPlaces> {
    let role = |role: &client::RoleView| CallPlaces {
        role: role.role.clone(),
        count: role.count,
        taken_by: ids(&role.taken_by),
        waiting: ids(&role.waiting),
    };
    call.view.roles.iter().map(role).collect()
}

fn ticks(call: &CallInCell) -> Vec<CallTick> {
    let tick = |tick: &client::TickView| {
        let list = Checklists::NAMES.get(usize::from(tick.list));
        Some(CallTick {
            item: format!("{}.{}", list?, tick.item),
            members: ids(&tick.members),
            mine: call.me.is_some_and(|me| tick.members.contains(&me)),
        })
    };
    call.view.ticks.iter().filter_map(tick).collect()
}

fn buddies(call: &CallInCell) -> Vec<CallBuddy> {
    let pairs = call.view.buddies.iter();
    pairs
        .map(|(member, buddy)| CallBuddy {
            member: member.to_hex(),
            buddy: buddy.to_hex(),
        })
        .collect()
}

fn check_ins(call: &CallInCell) -> Vec<CallCheckIn> {
    let check_in = |check_in: &client::CheckInView| CallCheckIn {
        member: check_in.member.to_hex(),
        state: check_in.state.into(),
        at: check_in.at.map(client::rfc3339),
        out: check_in.out,
    };
    call.view.check_ins.iter().map(check_in).collect()
}

fn presumed(call: &CallInCell) -> Vec<CallPresumed> {
    let presumed = |presumed: &client::PresumedView| CallPresumed {
        member: presumed.member.to_hex(),
        by: ids(&presumed.by),
        needed: presumed.needed,
    };
    call.view.presumed.iter().map(presumed).collect()
}

/// Whether a call can be shared in spite of it.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Severity {
    Error,
    Advice,
}

/// What is wrong with a call, or could be better.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Problem {
    /// As the scripting interface names it.
    field: String,
    kind: &'static str,
    severity: Severity,
}

impl From<&Found> for Problem {
    fn from(problem: &Found) -> Self {
        Self {
            field: problem.field.clone(),
            kind: problem.kind.name(),
            severity: match problem.severity() {
                Weight::Error => Severity::Error,
                Weight::Advice => Severity::Advice,
            },
        }
    }
}

/// Who can read which parts of a call.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WhoSees {
    cell: Vec<&'static str>,
    only_here: Vec<&'static str>,
    outside: Vec<&'static str>,
}

/// What is said of a call before it is shared.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preview {
    problems: Vec<Problem>,
    who_sees_what: WhoSees,
}

impl Preview {
    pub(crate) fn new(problems: &[Found], who: Seen) -> Self {
        Self {
            problems: problems.iter().map(Problem::from).collect(),
            who_sees_what: WhoSees {
                cell: who.cell,
                only_here: who.only_here,
                outside: who.outside,
            },
        }
    }
}
