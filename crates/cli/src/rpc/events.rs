//! Notices as events.

use client::{ChannelId, Notice, PostId};
use serde_json::{Value, json};

/// The parameters of an event: its type, then what it is about.
pub(super) fn params(notice: &Notice) -> Value {
    match notice {
        Notice::MessageReceived(cell, message) => about_message("message.received", cell, message),
        Notice::MessageChanged(cell, message) => about_message("message.changed", cell, message),
        Notice::MessageDelivered {
            cell,
            message,
            have,
            of,
        } => json!({
            "type": "message.delivered", "cell": cell.to_hex(), "message": message.to_hex(), "have": have, "of": of,
        }),
        Notice::AttachmentProgress {
            cell,
            message,
            have,
            of,
        } => json!({
            "type": "attachment.progress", "cell": cell.to_hex(), "attachment": message.to_hex(), "have": have, "of": of,
        }),
        Notice::CallReceived(cell, call) => about_call("call.received", cell, call),
        Notice::CallChanged(cell, call) => about_call("call.changed", cell, call),
        Notice::CallErased(cell, call) => about_call("call.erased", cell, call),
        Notice::MissedCheckIn {
            cell,
            call,
            member,
            stage,
        } => json!({
            "type": "call.missed_check_in", "cell": cell.to_hex(), "call": call.to_hex(), "member": member.to_hex(),
            "stage": stage.name(),
        }),
        Notice::PostReceived(channel, post) => {
            about_channel("channel.post_received", channel, Some(post))
        }
        Notice::DraftReceived(channel, post) => {
            about_channel("channel.draft_received", channel, Some(post))
        }
        Notice::ChannelChanged(channel) => about_channel("channel.changed", channel, None),
        Notice::CellSynced(cell) => json!({ "type": "cell.synced", "cell": cell.to_hex() }),
        Notice::MemberJoined(cell, member) => about("cell.member_joined", cell, member),
        Notice::MemberRemoved(cell, member) => about("cell.member_removed", cell, member),
        Notice::RemovedFromCell(cell) => {
            json!({ "type": "cell.removed_us", "cell": cell.to_hex() })
        }
        Notice::Warning(cell, kind) => {
            json!({ "type": "cell.warning", "cell": cell.to_hex(), "kind": kind.name() })
        }
        Notice::MemberConnected(cell, member) => about("peer.connected", cell, member),
        Notice::MemberDisconnected(cell, member) => about("peer.disconnected", cell, member),
        Notice::JoinRequested {
            cell,
            join,
            name,
            phrase,
        } => json!({
            "type": "join.requested", "cell": cell.to_hex(), "request": join.to_hex(), "name": name.expose(),
            "phrase": phrase,
        }),
        Notice::JoinPhrase(join, phrase) => {
            json!({ "type": "join.phrase", "request": join.to_hex(), "phrase": phrase })
        }
        Notice::CellJoined(cell, join) => {
            json!({ "type": "cell.joined", "cell": cell.to_hex(), "request": join.to_hex() })
        }
        Notice::JoinFailed(join, why) => {
            json!({ "type": "join.failed", "request": join.to_hex(), "kind": why.name() })
        }
    }
}

fn about_channel(kind: &str, channel: &ChannelId, post: Option<&PostId>) -> Value {
    let mut told = json!({ "type": kind, "channel": channel.to_hex() });
    if let Some(post) = post {
        told["post"] = json!(post.to_hex());
    }
    told
}

fn about_message(kind: &str, cell: &model::CellId, message: &model::MessageId) -> Value {
    json!({ "type": kind, "cell": cell.to_hex(), "message": message.to_hex() })
}

fn about_call(kind: &str, cell: &model::CellId, call: &model::CallId) -> Value {
    json!({ "type": kind, "cell": cell.to_hex(), "call": call.to_hex() })
}

fn about(kind: &str, cell: &model::CellId, member: &model::MemberId) -> Value {
    json!({ "type": kind, "cell": cell.to_hex(), "member": member.to_hex() })
}
