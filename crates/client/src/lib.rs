//! What a shell (scripting interface, desktop) needs of a node: one handle, every command, every view.
//!
//! What it is: the life of a profile (create, unlock, lock, erase) around one running core, with typed calls and one kind
//! for every refusal. What it is not: it shows nothing, and keeps nothing in memory that the core or the store keeps.
//! Invariants: a locked client holds no key and no message · two calls at once never open a profile twice · what a call
//! answered is durable.

mod attachments;
mod calls;
mod channels;
mod client;
mod door;
mod error;
mod files;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod life;
mod links;
mod messages;
mod publishing;
mod search;
mod settings;
mod time;

pub use attachments::{Attachment, NewAttachment, Offer, PASTE_LIMIT, Sending, Source};
pub use calls::CallInCell;
pub use channels::{ChannelPost, ChannelRow, ForwardedAs, PostPage, day};
pub use client::{BundleOf, Imported, NewCell};
pub use door::Strength;
pub use error::{ClientError, Kind};
pub use files::{read_file, write_file};
pub use life::{Client, Options, ProfileState};
pub use messages::{Cell, Message, Page, Quote, Reaction, Reader};
pub use picture::Picture;
pub use print::{Paper, Parts};
pub use proto::{
    About, At, AttachmentState, CallDeed, CallView, ChannelId, ChannelName, ChannelNet,
    ChannelState, CharterChange, CheckInState, CheckInView, Coming, Delivery, InviteState,
    InviteSummary, JoinFailure, Media, MemberState, MemberSummary, MissedStage, NetStatus,
    NetSummary, Notice, PostId, PostOrigin, PresumedView, PublisherSummary, PublishersView,
    RemovalSummary, RoleView, SafetyNumber, SourceState, SourceView, TickView, WarningKind,
    WarningSummary,
};
pub use publishing::PendingPost;
pub use search::Hit;
pub use settings::{Language, LockAfter, Notifications, Settings, TextSize, Theme};
pub use time::rfc3339;
