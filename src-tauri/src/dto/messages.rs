//! Messages as the page shows them.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Attachment;
use super::channels::PostOrigin;

/// How far a message got: `have` of `of` members other than its author.
#[derive(Serialize, Type)]
pub(crate) struct Delivery {
    have: u16,
    of: u16,
}

/// One emoji under a message, and who put it there.
#[derive(Serialize, Type)]
pub(crate) struct Reaction {
    emoji: String,
    members: Vec<String>,
    mine: bool,
}

/// The message that another one answers, as far as it is on this device.
#[derive(Serialize, Type)]
pub(crate) struct Quote {
    message: String,
    author: Option<String>,
    name: Option<String>,
    text: Option<String>,
}

impl From<client::Quote> for Quote {
    fn from(quote: client::Quote) -> Self {
        Self {
            message: quote.message.to_hex(),
            author: quote.author.map(|author| author.to_hex()),
            name: quote.name.map(|name| name.expose().to_owned()),
            text: quote.text.map(|text| text.expose().to_owned()),
        }
    }
}

/// A message.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    message: String,
    author: String,
    name: Option<String>,
    mine: bool,
    /// Null if it is only an attachment, and once it was deleted for everybody.
    text: Option<String>,
    /// Whether it was deleted for everybody.
    deleted: bool,
    attachment: Option<Attachment>,
    /// RFC 3339, UTC, cut to the minute.
    sent_at: String,
    edited_at: Option<String>,
    /// Of a text that a channel has posted: where. Its signatures were checked.
    forwarded: Option<PostOrigin>,
    reply_to: Option<Quote>,
    delivery: Delivery,
    /// How many could read it when it was sent, its author included; 0 while it waits on this device.
    audience: u16,
    reactions: Vec<Reaction>,
    /// Whether somebody else wrote it and it was not read.
    unread: bool,
}

impl From<client::Message> for Message {
    fn from(message: client::Message) -> Self {
        let reactions = message.reactions.into_iter();
        Self {
            message: message.message.to_hex(),
            author: message.author.to_hex(),
            name: message.name.map(|name| name.expose().to_owned()),
            mine: message.mine,
            text: message.text.map(|text| text.expose().to_owned()),
            deleted: message.deleted,
            attachment: message.attachment.map(Into::into),
            sent_at: client::rfc3339(message.sent_at),
            edited_at: message.edited_at.map(client::rfc3339),
            forwarded: message.forwarded.as_ref().map(PostOrigin::from),
            reply_to: message.reply_to.map(Into::into),
            delivery: Delivery {
                have: message.delivery.have,
                of: message.delivery.of,
            },
            audience: message.audience,
            reactions: reactions
                .map(|reaction| Reaction {
                    emoji: reaction.emoji.expose().to_owned(),
                    members: reaction
                        .members
                        .iter()
                        .map(|member| member.to_hex())
                        .collect(),
                    mine: reaction.mine,
                })
                .collect(),
            unread: message.unread,
        }
    }
}

/// Where in a conversation.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum At {
    Before(String),
    After(String),
    Around(String),
    Newest,
    FirstUnread,
}

impl TryFrom<At> for client::At {
    type Error = model::ParseIdError;

    fn try_from(at: At) -> Result<Self, Self::Error> {
        Ok(match at {
            At::Before(message) => Self::Before(super::message(&message)?),
            At::After(message) => Self::After(super::message(&message)?),
            At::Around(message) => Self::Around(super::message(&message)?),
            At::Newest => Self::Newest,
            At::FirstUnread => Self::FirstUnread,
        })
    }
}

/// A stretch of a conversation, oldest first.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    messages: Vec<Message>,
    more_before: bool,
    more_after: bool,
}

impl From<client::Page> for Page {
    fn from(page: client::Page) -> Self {
        Self {
            messages: page.messages.into_iter().map(Into::into).collect(),
            more_before: page.more_before,
            more_after: page.more_after,
        }
    }
}

/// Somebody who could read a message, and whether they are known to have it.
#[derive(Serialize, Type)]
pub(crate) struct Reader {
    member: String,
    name: String,
    has: bool,
}

impl From<client::Reader> for Reader {
    fn from(reader: client::Reader) -> Self {
        Self {
            member: reader.member.to_hex(),
            name: reader.name.expose().to_owned(),
            has: reader.has,
        }
    }
}

/// A message that a search found.
#[derive(Serialize, Type)]
pub(crate) struct Hit {
    cell: String,
    message: Message,
}

impl From<client::Hit> for Hit {
    fn from(hit: client::Hit) -> Self {
        Self {
            cell: hit.cell.to_hex(),
            message: hit.message.into(),
        }
    }
}
