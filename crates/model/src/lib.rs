//! Identifiers and small value types shared by every crate.
//!
//! What it is: newtypes that are parsed once and then trusted, the two clocks, and text that people write. What it is
//! not: keys that can be used (see `crypto`) or anything that is stored or sent as such (see `proto::wire`).
//! Invariant: no type here prints what it holds; `Debug` shows a short prefix or a length, and there is no `Display`.

mod address;
mod emoji;
mod file_name;
mod id;
mod search;
mod suite;
mod text;
mod time;

pub use address::{Address, ParseAddressError};
pub use emoji::{Emoji, ParseEmojiError};
pub use file_name::FileName;
pub use id::{
    CallId, CellId, DoorId, EnvelopeId, Incarnation, InviteId, JoinId, LogId, MemberId, MessageId,
    OpId, ParseIdError, PeerId,
};
pub use search::{Folded, SearchWords, TextPrint};
pub use suite::Suite;
pub use text::{
    CancelReason, CellName, DisplayName, MessageText, ParseTextError, PlanPlace, is_invisible,
};
pub use time::{Instant, Timestamp};
