//! Every method: its parameters, the call, and what it answers.

mod attachment;
mod call;
mod channel;
mod message;
mod settings;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use client::{BundleOf, ChannelId, Client, NewCell, WarningKind};
use model::{CellId, CellName, DisplayName, InviteId, JoinId, MemberId, MessageId, Suite};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Failure;
use super::shapes::{self, Id};

type Answer = Result<Value, Failure>;

/// Carries out one request.
pub(super) async fn call(client: &Client, method: &str, params: Value) -> Answer {
    match method.split_once('.') {
        Some(("profile", name)) => profile(client, name, params).await,
        Some(("cell", name)) => cell(client, name, params).await,
        Some(("message", name)) => message::call(client, name, params).await,
        Some(("attachment", name)) => attachment::call(client, name, params).await,
        Some(("call", name)) => call::call(client, name, params).await,
        Some(("channel", name)) => channel::call(client, name, params).await,
        Some(("draft", name)) => message::draft(client, name, params).await,
        Some(("settings", name)) => settings::call(client, name, params).await,
        Some(("net", name)) => net(client, name, params).await,
        Some(("bundle", name)) => bundle(client, name, params).await,
        _ => Err(Failure::NoSuchMethod),
    }
}

/// Parameters by name, and no others.
fn read<T: DeserializeOwned>(params: Value) -> Result<T, Failure> {
    if !params.is_object() {
        return Err(Failure::Params(
            "parameters go by name, in an object".to_owned(),
        ));
    }
    serde_json::from_value(params).map_err(|error| Failure::Params(error.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ACell {
    cell: Id<CellId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AMember {
    cell: Id<CellId>,
    member: Id<MemberId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AMessage {
    cell: Id<CellId>,
    message: Id<MessageId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct APassphrase {
    passphrase: String,
    #[serde(default)]
    accept_rollback: bool,
}

async fn profile(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "generate_passphrase" => {
            read::<Nothing>(params)?;
            Ok(json!({ "passphrase": Client::generate_passphrase()?.as_str() }))
        }
        "status" => {
            read::<Nothing>(params)?;
            Ok(json!({ "state": client.status().name() }))
        }
        "create" => {
            let APassphrase { passphrase, .. } = read(params)?;
            client.create(&passphrase).await?;
            done()
        }
        "unlock" => {
            let APassphrase {
                passphrase,
                accept_rollback,
            } = read(params)?;
            client.unlock(&passphrase, accept_rollback).await?;
            done()
        }
        "lock" => {
            read::<Nothing>(params)?;
            client.lock().await?;
            done()
        }
        "erase" => {
            read::<Nothing>(params)?;
            client.erase().await?;
            done()
        }
        _ => Err(Failure::NoSuchMethod),
    }
}

async fn cell(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "create" => create_cell(client, params).await,
        "list" => {
            read::<Nothing>(params)?;
            Ok(client.cells().await?.iter().map(shapes::cell).collect())
        }
        "rename" => rename_cell(client, params).await,
        "mark_read" => {
            let AMessage { cell, message } = read(params)?;
            client.mark_read(cell.0, message.0).await?;
            done()
        }
        "set_lifetime" => call::set_lifetime(client, params).await,
        "set_lan" => set_lan(client, params).await,
        "members" => {
            let ACell { cell } = read(params)?;
            Ok(client
                .members(cell.0)
                .await?
                .iter()
                .map(shapes::member)
                .collect())
        }
        "leave" => {
            let ACell { cell } = read(params)?;
            client.leave(cell.0).await?;
            done()
        }
        "heal" => {
            let ACell { cell } = read(params)?;
            client.heal(cell.0).await?;
            done()
        }
        "warnings" => {
            let ACell { cell } = read(params)?;
            Ok(client
                .warnings(cell.0)
                .await?
                .iter()
                .map(shapes::warning)
                .collect())
        }
        "dismiss_warning" => dismiss(client, params).await,
        "invite" | "invites" | "invite_withdraw" | "join" | "cancel_join" | "confirm_join" => {
            joining(client, name, params).await
        }
        _ => person(client, name, params).await,
    }
}

/// What is done to one member.
async fn person(client: &Client, name: &str, params: Value) -> Answer {
    if ![
        "vouch",
        "remove",
        "confirm_restored",
        "safety_number",
        "verify",
    ]
    .contains(&name)
    {
        return Err(Failure::NoSuchMethod);
    }
    let AMember {
        cell: Id(cell),
        member: Id(member),
    } = read(params)?;
    match name {
        "remove" => {
            let (votes, needed) = client.remove(cell, member).await?;
            Ok(json!({ "votes": votes, "needed": needed }))
        }
        "safety_number" => {
            let number = client.safety_number(cell, member).await?;
            Ok(json!({ "digits": number.digits, "words": number.words }))
        }
        "vouch" => client
            .vouch(cell, member)
            .await
            .map(|()| json!({}))
            .map_err(Failure::from),
        "confirm_restored" => client
            .confirm_restored(cell, member)
            .await
            .map(|()| json!({}))
            .map_err(Failure::from),
        _ => client
            .verify(cell, member)
            .await
            .map(|()| json!({}))
            .map_err(Failure::from),
    }
}

async fn create_cell(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        name: String,
        display_name: String,
        suite: Option<String>,
        removal_quorum: Option<u8>,
    }
    let params: Params = read(params)?;
    let suite = match params.suite.as_deref() {
        None => Suite::default(),
        Some("xwing") => Suite::XWing,
        Some("x25519") => Suite::X25519,
        Some(_) => return Err(Failure::Params("the suite is xwing or x25519".to_owned())),
    };
    let new = NewCell {
        name: CellName::parse(&params.name).map_err(client::ClientError::from)?,
        display_name: DisplayName::parse(&params.display_name)
            .map_err(client::ClientError::from)?,
        suite,
        removal_quorum: params.removal_quorum,
    };
    Ok(json!({ "cell": client.create_cell(new).await?.to_hex() }))
}

async fn rename_cell(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        name: String,
    }
    let Params { cell, name } = read(params)?;
    client
        .rename_cell(
            cell.0,
            CellName::parse(&name).map_err(client::ClientError::from)?,
        )
        .await?;
    done()
}

async fn set_lan(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        on: bool,
    }
    let Params { cell, on } = read(params)?;
    client.set_lan(cell.0, on).await?;
    done()
}

async fn dismiss(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        kind: String,
    }
    let Params { cell, kind } = read(params)?;
    let kind = WarningKind::from_name(&kind)
        .ok_or_else(|| Failure::Params("there is no such kind of warning".to_owned()))?;
    client.dismiss_warning(cell.0, kind).await?;
    done()
}

async fn joining(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "invite" => invite(client, params).await,
        "invites" => {
            let ACell { cell } = read(params)?;
            Ok(client
                .invites(cell.0)
                .await?
                .iter()
                .map(shapes::invite)
                .collect())
        }
        "invite_withdraw" => withdraw(client, params).await,
        "join" => join(client, params).await,
        "cancel_join" => {
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Params {
                request: Id<JoinId>,
            }
            let Params { request } = read(params)?;
            client.cancel_join(request.0).await?;
            done()
        }
        _ => confirm(client, params).await,
    }
}

async fn invite(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        expires_in_s: Option<u64>,
    }
    let Params { cell, expires_in_s } = read(params)?;
    let (invite, link) = client
        .invite(cell.0, expires_in_s.map(Duration::from_secs))
        .await?;
    Ok(json!({ "invite": invite.to_hex(), "link": link }))
}

async fn withdraw(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        invite: Id<InviteId>,
    }
    let Params { cell, invite } = read(params)?;
    client.withdraw_invite(cell.0, invite.0).await?;
    done()
}

async fn join(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        link: String,
        display_name: String,
    }
    let Params { link, display_name } = read(params)?;
    let display_name = DisplayName::parse(&display_name).map_err(client::ClientError::from)?;
    Ok(json!({ "request": client.join(link, display_name).await?.to_hex() }))
}

async fn confirm(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        request: Id<JoinId>,
        accept: bool,
    }
    let Params {
        cell,
        request,
        accept,
    } = read(params)?;
    client.confirm_join(cell.0, request.0, accept).await?;
    done()
}

async fn net(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "status" => {
            read::<Nothing>(params)?;
            let net = client.net().await?;
            Ok(json!({
                "online": net.online,
                "cells": net.cells.iter().map(shapes::net).collect::<Value>(),
                "channels": net.channels.iter().map(shapes::channel_net).collect::<Value>(),
            }))
        }
        "offline" | "online" => {
            read::<Nothing>(params)?;
            client.set_online(name == "online").await?;
            done()
        }
        "set_listen" => {
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Params {
                cell: Id<CellId>,
                ip: Option<IpAddr>,
                port: Option<u16>,
            }
            let Params { cell, ip, port } = read(params)?;
            client.set_listen(cell.0, ip, port).await?;
            done()
        }
        _ => Err(Failure::NoSuchMethod),
    }
}

async fn bundle(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "export" => {
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Params {
                cell: Option<Id<CellId>>,
                channel: Option<Id<ChannelId>>,
                path: PathBuf,
            }
            let Params {
                cell,
                channel,
                path,
            } = read(params)?;
            let envelopes = match (cell, channel) {
                (Some(cell), None) => client.export_bundle(cell.0, &path).await?,
                (None, Some(channel)) => client.export_channel(channel.0, &path).await?,
                (Some(_), Some(_)) | (None, None) => {
                    let what = "a bundle is of a cell or of a channel";
                    return Err(Failure::Params(what.to_owned()));
                }
            };
            Ok(json!({ "envelopes": envelopes }))
        }
        "import" => {
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Params {
                path: PathBuf,
            }
            let Params { path } = read(params)?;
            let imported = client.import_bundle(&path).await?;
            let (cells, channels) = match imported.into {
                BundleOf::Cell(cell) => (json!([cell.to_hex()]), json!([])),
                BundleOf::Channel(channel) => (json!([]), json!([channel.to_hex()])),
            };
            Ok(json!({ "envelopes": imported.new, "cells": cells, "channels": channels }))
        }
        _ => Err(Failure::NoSuchMethod),
    }
}

fn done() -> Answer {
    Ok(json!({}))
}
