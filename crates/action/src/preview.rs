//! Who will see what, as the one page before a call is shared says it.

use crate::CallIn;

/// Which parts of a call go to whom when it is shared into a cell.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WhoSees {
    /// Fields that every member of the cell can read, and keep.
    pub cell: Vec<&'static str>,
    /// What members add later, for the members of the cell alone: it is in no call that leaves it.
    pub only_here: Vec<&'static str>,
    /// What anybody outside the cell can read: nothing.
    pub outside: Vec<&'static str>,
}

/// Says who will see what of a call in a cell.
pub fn who_sees(call: &CallIn) -> WhoSees {
    let filled = [
        ("texts", !call.texts.is_empty()),
        ("window", call.window.is_some()),
        ("risk", true),
        ("roles", !call.roles.is_empty()),
        ("check_in", call.check_in.is_some()),
        ("materials", !call.materials.is_empty()),
        ("legal_aid", !call.legal_aid.is_empty()),
        ("photo_rule", true),
        ("tally", call.tally.is_some()),
    ];
    let kept = filled.into_iter().filter(|(_, filled)| *filled);
    WhoSees {
        cell: kept.map(|(field, _)| field).collect(),
        only_here: vec![
            "place",
            "time",
            "answers",
            "roles_taken",
            "ticks",
            "buddies",
            "check_ins",
        ],
        outside: Vec::new(),
    }
}
