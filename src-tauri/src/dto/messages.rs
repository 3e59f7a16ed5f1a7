//! Messages as the page shows them.

use serde::Serialize;
use specta::Type;

/// How far a message got: `have` of `of` members other than its author.
#[derive(Serialize, Type)]
pub(crate) struct Delivery {
    have: u16,
    of: u16,
}

/// A message.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    message: String,
    author: String,
    name: Option<String>,
    text: String,
    sent_at: String,
    delivery: Delivery,
    audience: u16,
}

impl From<client::Message> for Message {
    fn from(message: client::Message) -> Self {
        Self {
            message: message.message.to_hex(),
            author: message.author.to_hex(),
            name: message.name.map(|name| name.expose().to_owned()),
            text: message.text.expose().to_owned(),
            sent_at: client::rfc3339(message.sent_at),
            delivery: Delivery {
                have: message.delivery.have,
                of: message.delivery.of,
            },
            audience: message.audience,
        }
    }
}
