//! What is over goes: messages after the lifetime that was agreed when they were sealed, calls after their end.
//!
//! What goes is the record, its place in every list, and the marks and parts that belong to it. What was said is in
//! envelopes too, sealed under keys that are used once: whoever has opened or sealed one has no key of it any more.

use std::time::Duration;

use super::Cell;
use crate::config::{CLOCK_AHEAD_MS, CLOCK_FLOOR_MS, LIFETIME_DEFAULT};
use crate::event::Notice;
use crate::messages::ends_at;
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

    /// When a message of ours goes that is written or sealed now.
    pub(super) fn end_of_ours(&self, written_at: u64) -> u64 {
        ends_at(written_at, self.lifetime_s())
    }

    /// When a message goes, by what its author says of it: no later than if it had been written tomorrow, by our clock. That
    /// counts unless it stands where clocks stand that nobody has set.
    pub(super) fn end_of(&self, written_at: u64, lifetime_s: u32, now: Now) -> u64 {
        let longest = u32::try_from(self.longest().as_secs()).unwrap_or(u32::MAX);
        bounded(
            written_at,
            lifetime_s.min(longest),
            now.timestamp.as_millis(),
        )
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

fn bounded(written_at: u64, lifetime_s: u32, wall: u64) -> u64 {
    let written_at = if wall < CLOCK_FLOOR_MS {
        written_at
    } else {
        written_at.min(wall.saturating_add(CLOCK_AHEAD_MS))
    };
    ends_at(written_at, lifetime_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_dates_a_message_so_that_it_stays() {
        let (today, hour) = (CLOCK_FLOOR_MS * 2, 3_600_000);
        assert_eq!(bounded(today - hour, 7_200, today), today + hour);
        let tomorrow = today + CLOCK_AHEAD_MS;
        assert_eq!(bounded(u64::MAX, 7_200, today), tomorrow + 2 * hour);
        // With a clock that nobody has set, what others say counts: all would be gone as soon as it is set.
        assert_eq!(bounded(today, 7_200, 0), today + 2 * hour);
    }
}
