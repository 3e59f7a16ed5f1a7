//! Calls: drafted, shared, answered, planned, lived through and called off.

use std::path::PathBuf;

use action::{Checklists, parse_moment};
use client::{CallDeed, Client, Parts};
use model::{CallId, CancelReason, CellId, PlanPlace};

use crate::commands::{Answer, Desk};
use crate::dto::{self, Call, CallAnswer, CallPaper, CellCall, Presumption, Preview};
use crate::error::CommandError;
use crate::files::Wanted;
use crate::words;

/// Six calls to begin with, dated today.
#[tauri::command]
#[specta::specta]
pub(crate) fn call_presets() -> Answer<Vec<Call>> {
    Client::call_presets(None).iter().map(Call::of).collect()
}

/// What is wrong with a call, and who would see what of it.
#[tauri::command]
#[specta::specta]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a command owns what the page gives"
)]
pub(crate) fn call_preview(call: Call) -> Answer<Preview> {
    let (problems, who) = Client::preview_call(&call.read()?);
    Ok(Preview::new(&problems, who))
}

/// Shares a call with everybody in a cell. When this answers it is durable.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_share(desk: Desk<'_>, cell: String, call: Call) -> Answer<String> {
    let (cell, call) = (dto::cell(&cell)?, call.read()?);
    Ok(desk.client.share_call(cell, call).await?.to_hex())
}

/// Every call of a cell that is not over: those called off first, then by when they begin.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_list(desk: Desk<'_>, cell: String) -> Answer<Vec<CellCall>> {
    let calls = desk.client.calls(dto::cell(&cell)?).await?;
    calls.into_iter().map(CellCall::try_from).collect()
}

/// Says whether we come.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_answer(
    desk: Desk<'_>,
    cell: String,
    call: String,
    answer: CallAnswer,
) -> Answer {
    act(&desk, &cell, &call, CallDeed::Answer(answer.into())).await
}

/// Takes a role.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_take_role(
    desk: Desk<'_>,
    cell: String,
    call: String,
    role: String,
) -> Answer {
    act(&desk, &cell, &call, CallDeed::TakeRole(role)).await
}

/// Gives a role back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_leave_role(
    desk: Desk<'_>,
    cell: String,
    call: String,
    role: String,
) -> Answer {
    act(&desk, &cell, &call, CallDeed::LeaveRole(role)).await
}

/// Settles place and time. Empty text takes back, null leaves as it is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_set_plan(
    desk: Desk<'_>,
    cell: String,
    call: String,
    place: Option<String>,
    time: Option<String>,
) -> Answer {
    // Both are read before either is set.
    let place = match place.as_deref() {
        None => None,
        Some("") => Some(None),
        Some(text) => Some(Some(PlanPlace::parse(text)?)),
    };
    let no_time = || CommandError::new("invalid_params", "this is no time");
    let time = match time.as_deref() {
        None => None,
        Some("") => Some(None),
        Some(text) => Some(Some(parse_moment(text).ok_or_else(no_time)?)),
    };
    if let Some(time) = time {
        act(&desk, &cell, &call, CallDeed::SetTime(time)).await?;
    }
    if let Some(place) = place {
        act(&desk, &cell, &call, CallDeed::SetPlace(place)).await?;
    }
    Ok(())
}

/// Ticks an item such as `before.0`, or takes the tick back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_tick(
    desk: Desk<'_>,
    cell: String,
    call: String,
    item: String,
    done: bool,
) -> Answer {
    let named = item.split_once('.').and_then(|(list, item)| {
        let list = Checklists::NAMES.iter().position(|name| *name == list)?;
        Some((u8::try_from(list).ok()?, item.parse().ok()?))
    });
    let no_item = || CommandError::new("invalid_params", "an item is named as before.0");
    let (list, item) = named.ok_or_else(no_item)?;
    act(&desk, &cell, &call, CallDeed::Tick { list, item, done }).await
}

/// Chooses who is asked first if we do not come home; null for nobody.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_set_buddy(
    desk: Desk<'_>,
    cell: String,
    call: String,
    member: Option<String>,
) -> Answer {
    let buddy = member.as_deref().map(dto::member).transpose()?;
    act(&desk, &cell, &call, CallDeed::SetBuddy(buddy)).await
}

/// Says that we are home.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_check_in(desk: Desk<'_>, cell: String, call: String) -> Answer {
    act(&desk, &cell, &call, CallDeed::CheckIn).await
}

/// Presumes that somebody who takes part is held.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_presume_arrest(
    desk: Desk<'_>,
    cell: String,
    call: String,
    member: String,
) -> Answer<Presumption> {
    let (cell, call, member) = (dto::cell(&cell)?, dto::call(&call)?, dto::member(&member)?);
    let (presumed, needed) = desk.client.presume_arrest(cell, call, member).await?;
    Ok(Presumption { presumed, needed })
}

/// Presumes it no longer. Votes that were cast stand.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_take_back_presumption(
    desk: Desk<'_>,
    cell: String,
    call: String,
    member: String,
) -> Answer {
    let deed = CallDeed::TakeBackPresumption(dto::member(&member)?);
    act(&desk, &cell, &call, deed).await
}

/// Says something else in a call of ours: all of it, as it is to be from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_update(
    desk: Desk<'_>,
    cell: String,
    call: String,
    object: Call,
) -> Answer {
    let (cell, call, object) = (dto::cell(&cell)?, dto::call(&call)?, object.read()?);
    let updated = desk.client.update_call(cell, call, |_| Ok(object));
    Ok(updated.await?)
}

/// Calls off a call of ours.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_cancel(
    desk: Desk<'_>,
    cell: String,
    call: String,
    reason: String,
) -> Answer {
    let reason = CancelReason::parse(&reason)?;
    act(&desk, &cell, &call, CallDeed::Cancel(reason)).await
}

/// Saves the legal card in a file that the person chooses; false if they changed their mind.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_legal_card(
    desk: Desk<'_>,
    cell: String,
    call: String,
    language: String,
) -> Answer<bool> {
    let (cell, call) = (dto::cell(&cell)?, dto::call(&call)?);
    let Some(path) = place_for(&desk, cell, call, "call-card-save-title", "card.txt").await? else {
        return Ok(false);
    };
    let saved = desk.client.save_legal_card(cell, call, path, &language);
    saved.await?;
    Ok(true)
}

/// Saves a call, its lists and its legal card as a PDF in a file that the person chooses; false if they changed their mind.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_print(
    desk: Desk<'_>,
    cell: String,
    call: String,
    paper: CallPaper,
    language: String,
) -> Answer<bool> {
    let (cell, call) = (dto::cell(&cell)?, dto::call(&call)?);
    let Some(path) = place_for(&desk, cell, call, "call-print-save-title", "call.pdf").await?
    else {
        return Ok(false);
    };
    let what = (paper.into(), Parts::ALL);
    let saved = desk.client.save_print(cell, call, path, &language, what);
    saved.await?;
    Ok(true)
}

/// Saves a calendar entry in a file that the person chooses; false if they changed their mind.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_export_ics(
    desk: Desk<'_>,
    cell: String,
    call: String,
    language: String,
) -> Answer<bool> {
    let (cell, call) = (dto::cell(&cell)?, dto::call(&call)?);
    let Some(path) = place_for(&desk, cell, call, "call-entry-save-title", "entry.ics").await?
    else {
        return Ok(false);
    };
    let saved = desk.client.save_calendar_entry(cell, call, path, &language);
    saved.await?;
    Ok(true)
}

/// Where something of a call is to be saved. Before a dialog is shown the call has to be there.
async fn place_for(
    desk: &Desk<'_>,
    cell: CellId,
    call: CallId,
    title: &str,
    name: &str,
) -> Answer<Option<PathBuf>> {
    desk.client.call(cell, call).await?;
    let wanted = Wanted::Save {
        title: words::say(title),
        name: name.to_owned(),
    };
    Ok(desk.ask_for_file(wanted).await)
}

async fn act(desk: &Desk<'_>, cell: &str, call: &str, deed: CallDeed) -> Answer {
    let (cell, call) = (dto::cell(cell)?, dto::call(call)?);
    Ok(desk.client.on_call(cell, call, deed).await?)
}
