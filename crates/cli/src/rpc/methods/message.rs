//! What is said in a cell, and what is done to it.

use client::{At, Client, ClientError};
use model::{CellId, Emoji, MessageId, MessageText, SearchWords};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Failure;
use super::super::shapes::{self, Id};
use super::{ACell, AMessage, Answer, done, read};

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
        "search" => search(client, params).await,
        "react" => react(client, params).await,
        "edit" => edit(client, params).await,
        "delete" => delete(client, params).await,
        _ => Err(Failure::NoSuchMethod),
    }
}

async fn search(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Option<Id<CellId>>,
        text: String,
        limit: Option<usize>,
    }
    let Params { cell, text, limit } = read(params)?;
    let words = SearchWords::parse(&text).map_err(ClientError::from)?;
    let hits = client.search(cell.map(|cell| cell.0), words, limit).await?;
    Ok(hits.iter().map(shapes::hit).collect())
}

async fn react(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        message: Id<MessageId>,
        emoji: Option<String>,
    }
    let Params {
        cell,
        message,
        emoji,
    } = read(params)?;
    let emoji = emoji.as_deref().map(Emoji::parse).transpose();
    let emoji = emoji.map_err(|error| Failure::Params(error.to_string()))?;
    client.react(cell.0, message.0, emoji).await?;
    done()
}

async fn edit(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        message: Id<MessageId>,
        text: String,
    }
    let Params {
        cell,
        message,
        text,
    } = read(params)?;
    let text = MessageText::parse(text).map_err(ClientError::from)?;
    client.edit_message(cell.0, message.0, text).await?;
    done()
}

async fn delete(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        message: Id<MessageId>,
        #[serde(default)]
        everywhere: bool,
    }
    let Params {
        cell,
        message,
        everywhere,
    } = read(params)?;
    client.delete_message(cell.0, message.0, everywhere).await?;
    done()
}

pub(super) async fn draft(client: &Client, name: &str, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        text: String,
    }
    match name {
        "set" => {
            let Params { cell, text } = read(params)?;
            client.set_draft(cell.0, text).await?;
            done()
        }
        "get" => {
            let ACell { cell } = read(params)?;
            Ok(json!({ "text": client.draft(cell.0).await?.as_str() }))
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
