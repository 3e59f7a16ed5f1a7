//! The action call: what somebody proposes to do together, as a typed, bounded, dated object.
//!
//! What it is: the object itself, what it may hold, six presets, and what can be made of it for paper and calendars. What
//! it is not: who answers, who takes which role, where and when; that is the cell's (`proto`). Invariants: a [`Call`] has
//! passed every check · it holds criteria, never coordinates or links · nothing here prints what it holds.
//!
//! ```text
//! bytes or JSON ─► CallIn ──check──► Call ─► bytes, JSON, legal card, calendar entry
//! ```

mod calendar;
mod call;
mod card;
mod check;
mod day;
mod places;
mod presets;
mod preview;
mod words;

pub use calendar::calendar_entry;
pub use call::{
    Asks, CALL_LIMIT, Call, CallIn, CheckIn, Checklists, Cost, Kind, LegalAid, LegalNote, Material,
    PhotoRule, Risk, Role, RoleText, Tally, Texts, Window,
};
pub use card::{CardWords, legal_card};
pub use check::{LIFE_DAYS, Problem, ProblemKind, Severity};
pub use day::{Day, parse_moment};
pub use presets::presets;
pub use preview::{WhoSees, who_sees};
pub use words::Words;

/// The version of the object that this crate writes and reads.
pub const VERSION: u16 = 1;

/// The bytes are not a call that this version reads.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("this is not a call, or one of a later version")]
pub struct NoCall;
