//! Who has to leave and who has to come.

use std::collections::BTreeSet;

use model::LogId;

/// What turns one roster into another: first the removals, by one path commit, then the additions (PROTOCOL §3).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Plan {
    /// In the group, but not wanted there.
    pub removals: BTreeSet<LogId>,
    /// Wanted in the group, but not there.
    pub additions: BTreeSet<LogId>,
}

/// Compares rosters. A member in a new life is a removal and an addition.
pub fn reconcile(desired: &BTreeSet<LogId>, current: &BTreeSet<LogId>) -> Plan {
    Plan {
        removals: current - desired,
        additions: desired - current,
    }
}
