//! What is over goes: messages after the lifetime that was agreed when they were sealed, calls after their end.
//!
//! What goes is the record, its place in every list, and the marks and parts that belong to it. What was said is in
//! envelopes too, sealed under keys that are used once: whoever has opened or sealed one has no key of it any more.

use std::time::Duration;

use super::Cell;
use crate::config::LIFETIME_DEFAULT;
use crate::event::Notice;
use crate::node::Now;
use crate::out::Out;

impl Cell {
    /// How long messages last here.
    pub(crate) fn lifetime(&self) -> Duration {
        match self.known.lifetime_s {
            0 => LIFETIME_DEFAULT,
            seconds => Duration::from_secs(u64::from(seconds)),
        }
    }

    /// The same in seconds.
    pub(super) fn lifetime_s(&self) -> u32 {
        u32::try_from(self.lifetime().as_secs()).unwrap_or(u32::MAX)
    }

    /// No message lasts longer, whatever its author says: the longer of what is agreed and of what holds without.
    fn longest(&self) -> Duration {
        self.lifetime().max(LIFETIME_DEFAULT)
    }

    /// How long a message lasts that somebody sealed with this lifetime.
    pub(super) fn bounded_lifetime_s(&self, claimed: u32) -> u32 {
        let longest = u32::try_from(self.longest().as_secs()).unwrap_or(u32::MAX);
        claimed.min(longest)
    }

    /// Erases what is over.
    pub(crate) fn expire(&mut self, now: Now, out: &mut Out) {
        let wall = now.timestamp.as_millis();
        let mut writes = Vec::new();
        let gone = self.messages.expire(wall, self.longest(), &mut writes);
        self.store_writes(writes, out);
        for message in gone {
            out.notice(Notice::MessageChanged(self.id, message));
        }
        let mut writes = Vec::new();
        let id = self.id;
        let gone = self.calls.expire(&id, wall, &mut writes);
        self.store_calls(writes, out);
        for call in gone {
            out.notice(Notice::CallErased(self.id, call));
        }
    }
}
