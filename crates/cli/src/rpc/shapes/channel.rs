//! Channels as JSON.

use client::{ChannelName, ChannelPost, ChannelRow, PostId, PostOrigin};
use serde_json::{Value, json};

pub(in crate::rpc) fn channel(row: &ChannelRow) -> Value {
    json!({
        "channel": row.channel.to_hex(),
        "name": row.name.as_ref().map(ChannelName::expose),
        "confusable": row.confusable,
        "state": row.state.name(),
        "publisher": row.publisher,
        "confirmed": row.confirmed,
        "restored": row.restored,
        "unsigned": row.unsigned,
        "publishers": row.publishers,
        "threshold": row.threshold,
        "unread": row.unread,
        "gaps": row.missing,
        "silent_since": row.silent_since.map(|day| day.to_string()),
        "parted": row.parted,
        "peers": row.peers,
    })
}

/// Where the text of a message was posted.
pub(in crate::rpc) fn origin(origin: &PostOrigin) -> Value {
    json!({
        "channel": origin.channel.to_hex(),
        "name": origin.name.expose(),
        "post": origin.post.to_hex(),
        "posted_on": client::day(origin.day).to_string(),
    })
}

/// What was posted, or waits.
pub(in crate::rpc) fn posted(post: Option<PostId>) -> Value {
    // One publisher: nobody else has to sign.
    json!({ "post": post.map(|post| post.to_hex()), "needs": 0 })
}

pub(in crate::rpc) fn post(post: &ChannelPost) -> Value {
    json!({
        "post": post.post.to_hex(),
        "seq": post.seq,
        "kind": post.kind,
        "text": post.text.as_ref().map(model::MessageText::expose),
        "call": post.call,
        "cancelled": post.cancelled.as_ref().map(|reason| reason.as_str()),
        "posted_on": post.posted_on.to_string(),
        "replaced": post.replaced,
        "after": post.after,
        "stands": post.stands,
    })
}
