//! Every limit of tallies, each with its reason.

/// Cells that are not an attacker's behind every number that is shown, at least. A call may ask for more.
pub const GROUP_MIN: u8 = 5;

/// The most that a call may ask for, as in `action`.
pub const GROUP_MAX: u8 = 100;

/// Days that are counted together. A report waits up to two days before it is sent, so those of one afternoon fall into
/// one such period or two. Shorter ones would show fewer regions, longer ones show them late.
pub const PERIOD_DAYS: u32 = 3;

/// Letters and digits of a region with the dashes between them: a country, a part of it, a town.
pub const REGION_LEN: usize = 12;
