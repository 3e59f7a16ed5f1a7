//! Calls as JSON.

use std::collections::BTreeMap;

use action::{Checklists, Problem, Severity};
use client::{CallInCell, Coming, SourceState, rfc3339};
use model::{CancelReason, MemberId, PlanPlace};
use serde_json::{Value, json};

pub(in crate::rpc) fn problem(problem: &Problem) -> Value {
    let severity = match problem.severity() {
        Severity::Error => "error",
        Severity::Advice => "advice",
    };
    json!({ "field": problem.field, "kind": problem.kind.name(), "severity": severity })
}

fn ids<'a>(members: impl IntoIterator<Item = &'a MemberId>) -> Value {
    members
        .into_iter()
        .map(|member| json!(member.to_hex()))
        .collect()
}

pub(in crate::rpc) fn call(call: &CallInCell) -> Value {
    let CallInCell { view, name, me } = call;
    let mine = |member: &MemberId| Some(*member) == *me;
    let cancelled = view.cancelled.as_ref().map(|cancelled| {
        let reason = cancelled.reason.as_ref().map(CancelReason::expose);
        json!({ "reason": reason, "at": rfc3339(cancelled.at) })
    });
    let source = view.source.as_ref().map(|source| {
        json!({
            "channel": source.channel.to_hex(),
            "name": source.name.expose(),
            "same": source.same,
            "there": source.there.map(SourceState::name),
        })
    });
    let answer = me.and_then(|me| view.answers.get(&me));
    let buddy = me.and_then(|me| view.buddies.get(&me));
    let mut shown = json!({
        "call": view.call.to_hex(),
        "author": view.author.to_hex(),
        "name": name.as_ref().map(model::DisplayName::expose),
        "mine": mine(&view.author),
        "object": view.object,
        "shared_at": rfc3339(view.shared_at),
        "updated_at": view.updated_at.map(rfc3339),
        "source": source,
        "cancelled": cancelled,
        "plan": {
            "place": view.plan.place.as_ref().map(PlanPlace::expose),
            "time": view.plan.time.map(rfc3339),
            "set_by": view.plan.set_by.map(|member| member.to_hex()),
        },
        "ends_at": view.ends_at.map(rfc3339),
        "erased_at": rfc3339(view.erased_at),
        "answers": answers(&view.answers),
        "my_answer": answer.map(|answer| answer.name()),
        "my_buddy": buddy.map(MemberId::to_hex),
        "check_in_due_at": view.check_in_due_at.map(rfc3339),
    });
    let members = [
        ("roles", roles(call)),
        ("ticks", ticks(call)),
        ("buddies", buddies(call)),
        ("check_ins", check_ins(call)),
        ("presumed", presumed(call)),
    ];
    for (field, value) in members {
        shown[field] = value;
    }
    shown
}

fn answers(answers: &BTreeMap<MemberId, Coming>) -> Value {
    let who = |wanted: Coming| {
        let theirs = answers.iter().filter(|(_, coming)| **coming == wanted);
        ids(theirs.map(|(member, _)| member))
    };
    Coming::ALL
        .into_iter()
        .map(|coming| (coming.name().to_owned(), who(coming)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn roles(call: &CallInCell) -> Value {
    let role = |role: &client::RoleView| {
        json!({
            "role": role.role, "count": role.count, "taken_by": ids(&role.taken_by), "waiting": ids(&role.waiting),
        })
    };
    call.view.roles.iter().map(role).collect()
}

fn ticks(call: &CallInCell) -> Value {
    let tick = |tick: &client::TickView| {
        let list = Checklists::NAMES
            .get(usize::from(tick.list))
            .copied()
            .unwrap_or_default();
        let mine = call.me.is_some_and(|me| tick.members.contains(&me));
        json!({ "item": format!("{list}.{}", tick.item), "members": ids(&tick.members), "mine": mine })
    };
    call.view.ticks.iter().map(tick).collect()
}

fn buddies(call: &CallInCell) -> Value {
    let pairs = call.view.buddies.iter();
    pairs
        .map(|(member, buddy)| json!({ "member": member.to_hex(), "buddy": buddy.to_hex() }))
        .collect()
}

fn check_ins(call: &CallInCell) -> Value {
    let all = call.view.check_ins.iter();
    all.map(|check_in| {
        json!({
            "member": check_in.member.to_hex(), "state": check_in.state.name(), "at": check_in.at.map(rfc3339),
            "out": check_in.out,
        })
    })
    .collect()
}

fn presumed(call: &CallInCell) -> Value {
    let all = call.view.presumed.iter();
    all.map(|presumed| {
        json!({
            "member": presumed.member.to_hex(), "by": ids(&presumed.by), "needed": presumed.needed,
        })
    })
    .collect()
}
