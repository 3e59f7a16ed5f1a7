//! What views look like as JSON, and how parameters are read from it.

use client::{
    Attachment, Cell, ChannelId, ChannelNet, Hit, InviteSummary, Media, MemberSummary, Message,
    NetSummary, Page, PostId, Quote, Reaction, Reader, WarningSummary, rfc3339,
};
use model::{Address, CallId, CellId, InviteId, JoinId, MemberId, MessageId, ParseIdError, Suite};
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::{Map, Value, json};

mod call;
mod channel;

pub(super) use call::{call, problem};
pub(super) use channel::{channel, pending, post, posted, publishers};

/// An identifier in lower-case hex.
pub(super) struct Id<T>(pub(super) T);

/// What can be named in hex.
pub(super) trait Named: Sized {
    fn parse(text: &str) -> Result<Self, String>;
}

macro_rules! named {
    ($($id:ident),*) => {
        $(impl Named for $id {
            fn parse(text: &str) -> Result<Self, String> {
                Self::from_hex(text).map_err(|error: ParseIdError| error.to_string())
            }
        })*
    };
}

macro_rules! named_in_channels {
    ($($id:ident),*) => {
        $(impl Named for $id {
            fn parse(text: &str) -> Result<Self, String> {
                let digits = 2 * Self::LEN;
                Self::from_hex(text)
                    .ok_or_else(|| format!("an identifier is {digits} lower-case hexadecimal digits"))
            }
        })*
    };
}

named_in_channels!(ChannelId, PostId);
named!(CallId, CellId, InviteId, JoinId, MemberId, MessageId);

impl<'de, T: Named> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        T::parse(&text).map(Self).map_err(D::Error::custom)
    }
}

/// The name of a suite in the contract.
pub(super) const fn suite_name(suite: Suite) -> &'static str {
    match suite {
        Suite::XWing => "xwing",
        Suite::X25519 => "x25519",
    }
}

pub(super) fn cell(cell: &Cell) -> Value {
    json!({
        "cell": cell.cell.to_hex(),
        "name": cell.name.expose(),
        "display_name": cell.display_name.expose(),
        "members": cell.members,
        "reachable": cell.reachable,
        "unread": cell.unread,
        "state": cell.state.name(),
        "suite": suite_name(cell.suite),
        "lifetime_s": cell.lifetime_s,
        "lan": cell.lan,
        "last": cell.last.as_ref().map(message),
    })
}

pub(super) fn member(member: &MemberSummary) -> Value {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
    put("member", json!(member.member.to_hex()));
    put("name", json!(member.name.expose()));
    put("self", json!(member.is_self));
    put("full", json!(member.full));
    put("verified", json!(member.verified));
    put("reachable", json!(member.reachable));
    put("silent_days", json!(member.silent_days));
    put("state", json!(member.state.name()));
    put("unconfirmed", json!(member.unconfirmed));
    if let Some(inviter) = member.introduced_by {
        put("introduced_by", json!(inviter.to_hex()));
    }
    if let Some(compared) = member.compared {
        put("compared", json!(compared));
    }
    if let Some(removal) = member.removal {
        let removal = json!({
            "votes": removal.votes, "needed": removal.needed, "applied": removal.applied, "of": removal.of,
        });
        put("removal", removal);
    }
    Value::Object(shown)
}

pub(super) fn warning(warning: &WarningSummary) -> Value {
    json!({ "kind": warning.kind.name(), "at": rfc3339(warning.at) })
}

pub(super) fn invite(invite: &InviteSummary) -> Value {
    json!({
        "invite": invite.invite.to_hex(),
        "expires_at": rfc3339(invite.expires_at),
        "state": invite.state.name(),
    })
}

pub(super) fn message(message: &Message) -> Value {
    let quoted = message.reply_to.as_ref();
    json!({
        "message": message.message.to_hex(),
        "author": message.author.to_hex(),
        "name": message.name.as_ref().map(model::DisplayName::expose),
        "mine": message.mine,
        "text": message.text.as_ref().map(model::MessageText::expose),
        "deleted": message.deleted,
        "attachment": message.attachment.as_ref().map(attachment),
        "sent_at": rfc3339(message.sent_at),
        "edited_at": message.edited_at.map(rfc3339),
        "forwarded": message.forwarded.as_ref().map(channel::origin),
        "reply_to": quoted.map(|quoted| quoted.message.to_hex()),
        "quote": quoted.map(quote),
        "delivery": { "have": message.delivery.have, "of": message.delivery.of },
        "audience": message.audience,
        "reactions": message.reactions.iter().map(reaction).collect::<Value>(),
        "unread": message.unread,
    })
}

fn attachment(attachment: &Attachment) -> Value {
    let sides = match attachment.about.media {
        Media::File => None,
        Media::Image { width, height } => Some((width, height)),
    };
    json!({
        "attachment": attachment.attachment.to_hex(),
        "kind": kind(sides.is_some()),
        "name": attachment.about.name.expose(),
        "size": attachment.about.size,
        "width": sides.map(|(width, _)| width),
        "height": sides.map(|(_, height)| height),
        "state": attachment.state.name(),
        "have": attachment.have,
        "of": attachment.of,
    })
}

/// What sort of attachment it is, in the contract.
pub(super) const fn kind(is_picture: bool) -> &'static str {
    if is_picture { "image" } else { "file" }
}

fn quote(quoted: &Quote) -> Value {
    json!({
        "message": quoted.message.to_hex(),
        "author": quoted.author.map(|author| author.to_hex()),
        "name": quoted.name.as_ref().map(model::DisplayName::expose),
        "text": quoted.text.as_ref().map(model::MessageText::expose),
    })
}

fn reaction(reaction: &Reaction) -> Value {
    json!({
        "emoji": reaction.emoji.expose(),
        "members": reaction.members.iter().map(MemberId::to_hex).collect::<Vec<_>>(),
        "mine": reaction.mine,
    })
}

pub(super) fn page(page: &Page) -> Value {
    json!({
        "messages": page.messages.iter().map(message).collect::<Value>(),
        "more_before": page.more_before,
        "more_after": page.more_after,
    })
}

pub(super) fn hit(hit: &Hit) -> Value {
    json!({ "cell": hit.cell.to_hex(), "message": message(&hit.message) })
}

pub(super) fn reader(reader: &Reader) -> Value {
    json!({
        "member": reader.member.to_hex(),
        "name": reader.name.expose(),
        "has": reader.has,
    })
}

pub(super) fn net(net: &NetSummary) -> Value {
    json!({
        "cell": net.cell.to_hex(),
        "peer": net.peer.to_hex(),
        "listen": addresses(&net.listen),
        "connected": net.connected.iter().map(MemberId::to_hex).collect::<Vec<_>>(),
    })
}

pub(super) fn channel_net(net: &ChannelNet) -> Value {
    json!({
        "channel": net.channel.to_hex(),
        "peer": net.peer.to_hex(),
        "listen": addresses(&net.listen),
        "connected": net.connected,
    })
}

fn addresses(addresses: &[Address]) -> Value {
    addresses.iter().map(Address::expose).collect()
}
