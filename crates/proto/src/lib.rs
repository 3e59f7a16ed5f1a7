//! Sans-I/O protocol core.
//!
//! One [`Node`] holds all protocol state of one device. It does no I/O, reads no clock and draws no randomness of its
//! own: callers feed [`Input`]s and drain [`Output`]s.
//!
//! # The drain rule
//!
//! After every call to [`Node::handle_input`], call [`Node::poll_output`] until it returns [`Output::Timeout`]. Carry
//! the outputs out in the order given: a [`Output::Persist`] comes before every [`Output::Transmit`] and
//! [`Output::Event`] that relies on it, so nothing reaches a peer or a person that a crash could forget. A driver may
//! merge the persists of several inputs into one durable write, as long as it is done before what follows any of them.

/// Whether one of these mistakes that tests plant is made now. Where nothing is planted this is the constant `false`.
#[cfg(feature = "mutants")]
macro_rules! mutant {
    ($($name:ident),+) => {
        $(group::Mutant::$name.is_made())||+
    };
}
#[cfg(not(feature = "mutants"))]
macro_rules! mutant {
    ($($name:ident),+) => {
        false
    };
}

mod attachment;
mod calls;
mod carrier;
mod cell;
mod changes;
mod channels;
mod command;
mod config;
mod content;
mod envelope;
mod event;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod input;
mod invite;
mod log;
mod membership;
mod messages;
mod node;
mod objects;
mod out;
mod output;
mod safety;
mod stream;
mod view;
mod wire;

pub use attachment::PIECE_LEN;
pub use calls::view::{
    CallView, Cancelled, CheckInState, CheckInView, Coming, MissedStage, PlanView, PresumedView,
    RoleView, SourceState, SourceView, TickView,
};
pub use changes::{Changes, Key, Persist, PersistError, RecordKind};
pub use channel::config::PACK_LIMIT;
pub use channel::pack_name;
pub use channel::{CallRef, ChannelId, ChannelName, Content as PostContent, LinkError, PostId};
pub use channels::guard::{guard_link, open_link};
pub use channels::view::{
    ChannelNet, ChannelState, ChannelSummary, CharterChange, DraftSummary, PostBody, PostPage,
    PostSummary, PublisherSummary, PublishersView,
};
pub use command::{
    Attach, CallDeed, ChannelDeed, Command, CommandError, ErrorKind, PublishersChange, RequestId,
};
pub use config::{
    ATTACHMENT_LIMIT, ATTACHMENT_LIMIT_FAR, BUNDLE_LIMIT, Config, FRAME_LIMIT, GOSSIP_LIMIT,
    INVITE_LIFE,
};
pub use event::{Answer, Event, JoinFailure, Notice, WarningKind};
pub use input::{ChannelInput, Entrance, Input, Link, TopicDoor};
pub use node::{Node, Now};
pub use output::{ChannelOutput, ChannelTopic, DisconnectReason, ListenOn, Output, Verdict};
pub use view::{
    About, At, AttachmentBody, AttachmentState, AttachmentSummary, CellSummary, DamagedRecord,
    Delivery, InviteState, InviteSummary, Media, MemberState, MemberSummary, MessageBody,
    MessagePage, MessageRef, NetStatus, NetSummary, PostOrigin, Reaction, Reader, RemovalSummary,
    SafetyNumber, WarningSummary,
};
