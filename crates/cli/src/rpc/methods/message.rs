//! What is said in a cell, and what is done to it.

use client::{At, Client, ClientError};
use model::{CellId, MessageId, MessageText};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Failure;
use super::super::shapes::{self, Id};
use super::{AMessage, Answer, read};

pub(super) async fn call(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "send" => send(client, params).await,
        "list" => list(client, params).await,
        "get" => {
            let AMessage { cell, message } = read(params)?;
            Ok(shapes::message(&client.message(cell.0, message.0).await?))
        }
        "readers" => {
            let AMessage { cell, message } = read(params)?;
            let readers = client.message_readers(cell.0, message.0).await?;
            Ok(readers.iter().map(shapes::reader).collect())
        }
        _ => Err(Failure::NoSuchMethod),
    }
}

async fn send(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        text: String,
        reply_to: Option<Id<MessageId>>,
    }
    let Params {
        cell,
        text,
        reply_to,
    } = read(params)?;
    let text = MessageText::parse(text).map_err(ClientError::from)?;
    let sent = client
        .send(cell.0, text, reply_to.map(|answered| answered.0))
        .await?;
    Ok(json!({ "message": sent.to_hex() }))
}

async fn list(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        before: Option<Id<MessageId>>,
        after: Option<Id<MessageId>>,
        around: Option<Id<MessageId>>,
        #[serde(default)]
        first_unread: bool,
        limit: Option<usize>,
    }
    let params: Params = read(params)?;
    let at = match (
        params.before,
        params.after,
        params.around,
        params.first_unread,
    ) {
        (None, None, None, false) => At::Newest,
        (Some(before), None, None, false) => At::Before(before.0),
        (None, Some(after), None, false) => At::After(after.0),
        (None, None, Some(around), false) => At::Around(around.0),
        (None, None, None, true) => At::FirstUnread,
        _ => {
            return Err(Failure::Params(
                "before, after, around and first_unread exclude each other".to_owned(),
            ));
        }
    };
    let page = client.messages(params.cell.0, at, params.limit).await?;
    Ok(shapes::page(&page))
}
