//! Mistakes that tests plant, to see that a test finds each.
//!
//! They exist only in a build with the feature `mutants`, which no program that ships has (`tests/architecture`), and
//! which a build without debug assertions refuses. Which of them are made is asked per thread, so that tests beside each
//! other do not meet, and none is unless somebody holds a [`Made`].

use std::cell::Cell;

#[cfg(not(debug_assertions))]
compile_error!("the feature `mutants` plants mistakes and is never in a build that ships");

thread_local! {
    static MADE: Cell<u64> = const { Cell::new(0) };
}

macro_rules! mutants {
    ($($(#[doc = $what:literal])+ $name:ident => $place:ident,)+) => {
        /// One mistake.
        #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
        pub enum Mutant {
            $($(#[doc = $what])+ $name,)+
        }

        impl Mutant {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Which tests have to find it.
            pub const fn place(self) -> Place {
                match self {
                    $(Self::$name => Place::$place,)+
                }
            }
        }
    };
}

/// Where the tests are that have to find a mutant: as near to the mistake as a test can say what is wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// `crates/group/src/tests/mutants.rs`
    Group,
    /// `crates/proto/src/membership/tests/mutants.rs`
    Membership,
    /// `tests/simulation/mutants.rs`
    Simulation,
}

mutants! {
    /// A commit or message is taken whoever in the group made it.
    AnybodyCommits => Group,
    /// A welcome is taken whoever in the group made it.
    AnybodyWelcomes => Group,
    /// A sealed payload is taken in any place of any log.
    AnyPlace => Group,
    /// The keys of epochs that are over are kept.
    KeepPastEpochs => Group,
    /// A secret is injected although somebody in the group does not have it.
    InjectUnheld => Group,

    /// Members who are not full vote.
    ReadersVote => Membership,
    /// Two votes of one member are two.
    CountVoteTwice => Membership,
    /// Whoever added somebody makes them full alone.
    InviterVouches => Membership,
    /// What a removed member did beside their removal counts.
    RemovedStillCount => Membership,
    /// Of two sides who remove each other nobody is out.
    ConflictFailsOpen => Membership,
    /// A witness makes no difference.
    WitnessIgnored => Membership,
    /// Whether somebody was allowed to do something is asked of what has arrived, and not of what they knew.
    ArrivalDecides => Membership,
    /// What somebody did beside their own leave counts.
    LeaverStillCounts => Membership,
    /// A new life needs nobody to confirm it.
    ResetUnconfirmed => Membership,

    /// No acks are signed.
    DropAck => Simulation,
    /// A vote of somebody else is dropped.
    IgnoreVote => Simulation,
    /// An envelope of ours is sent and not stored.
    SkipPersist => Simulation,
    /// Everything is sent before it is stored.
    TransmitFirst => Simulation,
    /// A text that waits is not there after a start.
    ForgetWaiting => Simulation,
    /// Whoever was removed keeps the keys of the cell.
    KeepKeysWhenOut => Simulation,
    /// The log of somebody who is out goes on growing.
    RemovedGoOn => Simulation,
    /// Our own messages stand one place further up than for everybody else.
    OwnFirst => Simulation,
    /// What waits when the first newcomer comes in is sealed for them too.
    WelcomeBeforeWaiting => Simulation,
    /// A card is taken although a newer one is known.
    StaleCard => Simulation,
    /// After a start we speak before anybody confirmed the head of our log.
    SpeakUnconfirmed => Simulation,
    /// An answer to any start of ours confirms the head of our log.
    AnswerToOldStart => Simulation,
    /// An invite is not used up.
    InviteAgain => Simulation,
    /// Anybody changes and deletes anybody's messages.
    AnybodyDeletes => Simulation,
    /// Nobody is taken out of our send group.
    KeepInRoster => Simulation,
    /// Who is in somebody's send group is not compared with who is in the cell.
    NoRosterRule => Simulation,
    /// No secrets of others are injected.
    SkipInjection => Simulation,
    /// Envelopes are forgotten although somebody lacks them.
    PruneUnacked => Simulation,
    /// Two different things signed in one place are let pass.
    EvidenceUnused => Simulation,
    /// The order of an envelope is taken as its author says.
    AnyOrder => Simulation,
    /// What is missing in a log is skipped.
    SkipGap => Simulation,
    /// Nobody records a removal.
    RemovalUnrecorded => Simulation,
    /// Bundles are sealed under keys that somebody has who is out.
    OldCarrierKey => Simulation,
}

impl Mutant {
    const fn bit(self) -> u64 {
        1 << self as u64
    }

    /// Whether the mistake is made now on this thread.
    pub fn is_made(self) -> bool {
        MADE.get() & self.bit() != 0
    }

    /// Makes the mistake on this thread, besides those that are made already, until the result is dropped.
    pub fn make(self) -> Made {
        let before = MADE.get();
        MADE.set(before | self.bit());
        Made { before }
    }

    /// Whether `test` fails as soon as the mistake is made, and passes without.
    ///
    /// # Panics
    /// If it fails without.
    pub fn is_found_by(self, test: fn()) -> bool {
        test();
        let _made = self.make();
        std::panic::catch_unwind(test).is_err()
    }
}

/// As long as it lives, a mistake is made.
#[must_use]
#[derive(Debug)]
pub struct Made {
    before: u64,
}

impl Drop for Made {
    fn drop(&mut self) {
        MADE.set(self.before);
    }
}
