//! Channels as JSON.

use client::{
    ChannelName, ChannelPost, ChannelRow, CharterChange, PendingPost, PostId, PostOrigin,
    PublisherSummary, PublishersView,
};
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
        "to_sign": row.to_sign,
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
pub(in crate::rpc) fn posted(post: Option<PostId>, needs: u8) -> Value {
    json!({ "post": post.map(|post| post.to_hex()), "needs": needs })
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

fn hex(key: &[u8; 32]) -> String {
    use std::fmt::Write as _;
    key.iter().fold(String::new(), |mut text, byte| {
        let _never_fails = write!(text, "{byte:02x}");
        text
    })
}

fn publisher(one: &PublisherSummary) -> Value {
    json!({
        "publisher": hex(&one.publisher),
        "member": one.member.map(|member| member.to_hex()),
        "ours": one.ours,
    })
}

pub(in crate::rpc) fn publishers(view: &PublishersView) -> Value {
    let offer = |(cell, one): &(model::CellId, PublisherSummary)| {
        json!({
            "cell": cell.to_hex(),
            "publisher": hex(&one.publisher),
            "member": one.member.map(|member| member.to_hex()),
            "ours": one.ours,
        })
    };
    json!({
        "cell": view.cell.map(|cell| cell.to_hex()),
        "threshold": view.threshold,
        "publishers": view.publishers.iter().map(publisher).collect::<Value>(),
        "offers": view.offers.iter().map(offer).collect::<Value>(),
    })
}

fn change(change: &CharterChange) -> Value {
    json!({
        "add": change.added.iter().map(publisher).collect::<Value>(),
        "remove": change.removed.iter().map(publisher).collect::<Value>(),
        "publishers": change.publishers,
        "threshold": change.threshold,
    })
}

pub(in crate::rpc) fn pending(post: &PendingPost) -> Value {
    json!({
        "post": post.post.to_hex(),
        "author": publisher(&post.author),
        "kind": post.kind,
        "text": post.text.as_ref().map(model::MessageText::expose),
        "call": post.call,
        "about": post.about.map(|call| call.to_hex()),
        "change": post.change.as_ref().map(change),
        "hard": post.closes,
        "needs": post.needs,
        "signed": post.signed,
        "may_sign": post.may_sign,
        "ours": post.ours,
    })
}
