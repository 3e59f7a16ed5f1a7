//! What is over goes: messages after the lifetime that the members agreed upon, calls after their end.
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

    /// Erases what is over.
    pub(crate) fn expire(&mut self, now: Now, out: &mut Out) {
        let wall = now.timestamp.as_millis();
        let lifetime = u64::try_from(self.lifetime().as_millis()).unwrap_or(u64::MAX);
        if let Some(before) = wall.checked_sub(lifetime) {
            let mut writes = Vec::new();
            let gone = self.messages.expire(before, &mut writes);
            self.store_writes(writes, out);
            for message in gone {
                out.notice(Notice::MessageChanged(self.id, message));
            }
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
