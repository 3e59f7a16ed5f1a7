//! Attachments of messages.

use std::path::PathBuf;

use base64ct::{Base64, Encoding};
use client::{Client, ClientError, NewAttachment, Source};
use model::{CellId, MessageId, MessageText};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Failure;
use super::super::shapes::{self, Id};
use super::{Answer, done, read};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnAttachment {
    attachment: Id<MessageId>,
}

pub(super) async fn call(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "send" => send(client, params).await,
        "fetch" => {
            let AnAttachment { attachment } = read(params)?;
            client.fetch_attachment(attachment.0).await?;
            done()
        }
        "cancel" => {
            let AnAttachment { attachment } = read(params)?;
            client.cancel_attachment(attachment.0).await?;
            done()
        }
        "save" => {
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Params {
                attachment: Id<MessageId>,
                path: PathBuf,
            }
            let Params { attachment, path } = read(params)?;
            client.save_attachment(attachment.0, &path).await?;
            done()
        }
        "image" => image(client, params).await,
        _ => Err(Failure::NoSuchMethod),
    }
}

async fn send(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        cell: Id<CellId>,
        path: PathBuf,
        text: Option<String>,
        reply_to: Option<Id<MessageId>>,
        #[serde(default)]
        as_file: bool,
    }
    let params: Params = read(params)?;
    let text = params.text.map(MessageText::parse).transpose();
    let new = NewAttachment {
        source: Source::Path(params.path),
        text: text.map_err(ClientError::from)?,
        reply_to: params.reply_to.map(|answered| answered.0),
        as_file: params.as_file,
    };
    let (message, sent) = client.send_attachment(params.cell.0, new).await?;
    Ok(json!({
        "message": message.to_hex(),
        "attachment": message.to_hex(),
        "kind": shapes::kind(sent.is_picture),
        "may_carry_metadata": !sent.is_picture,
    }))
}

async fn image(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        attachment: Id<MessageId>,
        longest: Option<u32>,
    }
    let Params {
        attachment,
        longest,
    } = read(params)?;
    let picture = client.picture(attachment.0, longest).await?;
    Ok(json!({
        "media": picture.format.media_type(),
        "data": Base64::encode_string(&picture.bytes),
        "width": picture.width,
        "height": picture.height,
    }))
}
