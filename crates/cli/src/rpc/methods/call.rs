//! What people propose to do together, and what they do about it.

use std::path::PathBuf;

use action::{CallIn, Checklists, parse_moment};
use client::{CallDeed, ChannelId, Client, ClientError, Coming, Paper, Parts, PostId};
use model::{CallId, CancelReason, CellId, MemberId, PlanPlace};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::Failure;
use super::super::shapes::{self, Id};
use super::{ACell, Answer, done, read};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ACall {
    cell: Id<CellId>,
    call: Id<CallId>,
}

pub(super) async fn call(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "presets" => presets(params),
        "preview" => preview(params),
        "share" => share(client, params).await,
        "list" => {
            let ACell { cell } = read(params)?;
            Ok(client
                .calls(cell.0)
                .await?
                .iter()
                .map(shapes::call)
                .collect())
        }
        "get" => {
            let ACall { cell, call } = read(params)?;
            Ok(shapes::call(&client.call(cell.0, call.0).await?))
        }
        "check_in" => {
            let ACall { cell, call } = read(params)?;
            client.on_call(cell.0, call.0, CallDeed::CheckIn).await?;
            done()
        }
        "answer" => answer(client, params).await,
        "take_role" => role(client, params, CallDeed::TakeRole).await,
        "leave_role" => role(client, params, CallDeed::LeaveRole).await,
        "set_plan" => set_plan(client, params).await,
        "tick" => tick(client, params).await,
        "set_buddy" => set_buddy(client, params).await,
        "presume_arrest" => presume_arrest(client, params).await,
        "take_back_presumption" => take_back_presumption(client, params).await,
        "update" => update(client, params).await,
        "cancel" => cancel(client, params).await,
        "print" => print(client, params).await,
        "export_ics" | "legal_card" => export(client, name, params).await,
        _ => Err(Failure::NoSuchMethod),
    }
}

fn presets(params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        language: Option<String>,
    }
    let Params { language } = read(params)?;
    Ok(json!(Client::call_presets(language.as_deref())))
}

fn preview(params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        call: CallIn,
    }
    let Params { call } = read(params)?;
    let (problems, who) = Client::preview_call(&call);
    Ok(json!({
        "problems": problems.iter().map(shapes::problem).collect::<Value>(),
        "who_sees_what": { "cell": who.cell, "only_here": who.only_here, "outside": who.outside },
    }))
}

async fn share(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        call: Option<CallIn>,
        channel: Option<Id<ChannelId>>,
        post: Option<Id<PostId>>,
    }
    let params: Params = read(params)?;
    let cell = params.cell.0;
    let shared = match (params.call, params.channel, params.post) {
        (Some(call), None, None) => client.share_call(cell, call).await?,
        (None, Some(channel), Some(post)) => {
            client.share_posted_call(channel.0, post.0, cell).await?
        }
        _ => {
            return Err(Failure::Params(
                "either a call is shared, or a post of a channel".to_owned(),
            ));
        }
    };
    Ok(json!({ "call": shared.to_hex() }))
}

async fn answer(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        call: Id<CallId>,
        answer: String,
    }
    let Params { cell, call, answer } = read(params)?;
    let coming = Coming::ALL
        .into_iter()
        .find(|coming| coming.name() == answer);
    let coming =
        coming.ok_or_else(|| Failure::Params("an answer is in, maybe or out".to_owned()))?;
    client
        .on_call(cell.0, call.0, CallDeed::Answer(coming))
        .await?;
    done()
}

async fn role(client: &Client, params: Value, deed: fn(String) -> CallDeed) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        call: Id<CallId>,
        role: String,
    }
    let Params { cell, call, role } = read(params)?;
    client.on_call(cell.0, call.0, deed(role)).await?;
    done()
}

async fn set_plan(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        call: Id<CallId>,
        place: Option<String>,
        time: Option<String>,
    }
    let Params {
        cell,
        call,
        place,
        time,
    } = read(params)?;
    // Both are read before either is set.
    let place = place.map(|place| match place.as_str() {
        "" => Ok(None),
        place => PlanPlace::parse(place).map(Some).map_err(ClientError::from),
    });
    let time = time.map(|time| match time.as_str() {
        "" => Ok(None),
        time => parse_moment(time)
            .map(Some)
            .ok_or_else(|| Failure::Params("a time is written as 2026-11-24T18:30:00Z".to_owned())),
    });
    let (place, time) = (place.transpose()?, time.transpose()?);
    if let Some(time) = time {
        client
            .on_call(cell.0, call.0, CallDeed::SetTime(time))
            .await?;
    }
    if let Some(place) = place {
        client
            .on_call(cell.0, call.0, CallDeed::SetPlace(place))
            .await?;
    }
    // Nothing to set is still about a call that has to be there.
    client.call(cell.0, call.0).await?;
    done()
}

async fn tick(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        call: Id<CallId>,
        item: String,
        #[serde(default = "yes")]
        done: bool,
    }
    const fn yes() -> bool {
        true
    }
    let Params {
        cell,
        call,
        item,
        done: is_done,
    } = read(params)?;
    let parsed = item.split_once('.').and_then(|(list, item)| {
        let list = Checklists::NAMES.iter().position(|name| *name == list)?;
        Some((u8::try_from(list).ok()?, item.parse().ok()?))
    });
    let (list, item) =
        parsed.ok_or_else(|| Failure::Params("an item is named as before.0".to_owned()))?;
    let deed = CallDeed::Tick {
        list,
        item,
        done: is_done,
    };
    client.on_call(cell.0, call.0, deed).await?;
    done()
}

async fn set_buddy(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        call: Id<CallId>,
        member: Option<Id<MemberId>>,
    }
    let Params { cell, call, member } = read(params)?;
    let buddy = CallDeed::SetBuddy(member.map(|member| member.0));
    client.on_call(cell.0, call.0, buddy).await?;
    done()
}

/// Somebody who takes part in a call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AMember {
    cell: Id<CellId>,
    call: Id<CallId>,
    member: Id<MemberId>,
}

async fn presume_arrest(client: &Client, params: Value) -> Answer {
    let AMember { cell, call, member } = read(params)?;
    let (presumed, needed) = client.presume_arrest(cell.0, call.0, member.0).await?;
    Ok(json!({ "presumed": presumed, "needed": needed }))
}

async fn take_back_presumption(client: &Client, params: Value) -> Answer {
    let AMember { cell, call, member } = read(params)?;
    let deed = CallDeed::TakeBackPresumption(member.0);
    client.on_call(cell.0, call.0, deed).await?;
    done()
}

/// Where a call is.
enum Where {
    Cell(CellId),
    Channel(ChannelId),
}

fn place(cell: Option<Id<CellId>>, channel: Option<Id<ChannelId>>) -> Result<Where, Failure> {
    match (cell, channel) {
        (Some(cell), None) => Ok(Where::Cell(cell.0)),
        (None, Some(channel)) => Ok(Where::Channel(channel.0)),
        (Some(_), Some(_)) | (None, None) => Err(Failure::Params(
            "a call is in a cell or in a channel".to_owned(),
        )),
    }
}

/// In a channel any post of a call names it.
const fn post_of(call: &Id<CallId>) -> PostId {
    PostId::from_bytes(*call.0.as_bytes())
}

async fn update(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Option<Id<CellId>>,
        channel: Option<Id<ChannelId>>,
        call: Id<CallId>,
        changes: Map<String, Value>,
    }
    let Params {
        cell,
        channel,
        call,
        changes,
    } = read(params)?;
    let change = |known: &CallIn| known.changed(changes);
    match place(cell, channel)? {
        Where::Cell(cell) => client.update_call(cell, call.0, change).await?,
        Where::Channel(channel) => {
            let posted = client.update_posted_call(channel, post_of(&call), change);
            let (post, needs) = posted.await?;
            return Ok(shapes::posted(post, needs));
        }
    }
    done()
}

async fn cancel(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Option<Id<CellId>>,
        channel: Option<Id<ChannelId>>,
        call: Id<CallId>,
        reason: String,
    }
    let Params {
        cell,
        channel,
        call,
        reason,
    } = read(params)?;
    let reason = CancelReason::parse(&reason).map_err(ClientError::from)?;
    match place(cell, channel)? {
        Where::Cell(cell) => {
            let cancel = CallDeed::Cancel(reason);
            client.on_call(cell, call.0, cancel).await?;
        }
        Where::Channel(channel) => {
            let posted = client.cancel_posted_call(channel, post_of(&call), &reason);
            let (post, needs) = posted.await?;
            return Ok(shapes::posted(post, needs));
        }
    }
    done()
}

async fn export(client: &Client, name: &str, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        call: Id<CallId>,
        path: PathBuf,
        #[serde(default)]
        language: String,
    }
    let Params {
        cell,
        call,
        path,
        language,
    } = read(params)?;
    match name {
        "export_ics" => {
            client
                .save_calendar_entry(cell.0, call.0, path, &language)
                .await?
        }
        _ => {
            client
                .save_legal_card(cell.0, call.0, path, &language)
                .await?
        }
    }
    done()
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PaperIn {
    #[default]
    A4,
    A6,
}

#[derive(Clone, Copy, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
enum PartIn {
    Call,
    Checklists,
    LegalCard,
}

async fn print(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        call: Id<CallId>,
        path: PathBuf,
        #[serde(default)]
        paper: PaperIn,
        parts: Option<Vec<PartIn>>,
        #[serde(default)]
        language: String,
    }
    let Params {
        cell,
        call,
        path,
        paper,
        parts,
        language,
    } = read(params)?;
    let paper = match paper {
        PaperIn::A4 => Paper::A4,
        PaperIn::A6 => Paper::A6,
    };
    let parts = parts.map_or(Parts::ALL, |parts| Parts {
        sheet: parts.contains(&PartIn::Call),
        checklists: parts.contains(&PartIn::Checklists),
        card: parts.contains(&PartIn::LegalCard),
    });
    client
        .save_print(cell.0, call.0, path, &language, (paper, parts))
        .await?;
    done()
}

pub(super) async fn set_lifetime(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        seconds: u32,
    }
    let Params { cell, seconds } = read(params)?;
    client.set_lifetime(cell.0, seconds).await?;
    done()
}
