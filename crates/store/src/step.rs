//! The seam between us and the disk: every write, flush and rename of ours passes through [`Steps::run`].
//!
//! In a build for people it does nothing at all. In tests a [`Watch`] can let a step fail, as a crash would, skip it, as
//! a forgotten fsync would, or copy the folder after it, as a power cut would leave it.

use std::io;
#[cfg(test)]
use std::sync::Arc;

/// One thing done to the disk, in the order in which a profile does them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// Making the folder in which a new profile is built.
    Prepare,
    /// Syncing what was built.
    SyncBuilt,
    /// Moving the records into place.
    PlaceRecords,
    /// Moving the header into place: from here on there is a profile.
    PlaceHeader,
    /// Handing a batch to the storage engine.
    Apply,
    /// The engine's own flush.
    Flush,
    /// The sync that makes the flush durable.
    Sync,
    /// Writing and syncing the file of one piece of an attachment.
    WritePiece,
    /// Making the names of such files durable.
    SyncPieces,
    /// Removing one.
    RemovePiece,
    /// Overwriting one header copy.
    WriteHeader,
    /// Syncing it.
    SyncHeader,
}

/// What a test wants to happen at a step.
#[cfg(test)]
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Carry on.
    Go,
    /// Leave the step out and say that it was done.
    Skip,
    /// Fail without doing it.
    Fail(io::Error),
}

/// A test's view of the steps.
#[cfg(test)]
pub(crate) trait Watch: Send + Sync {
    /// Asked before each step.
    fn before(&self, step: Step) -> Verdict;
    /// Told after each step that was done.
    fn after(&self, step: Step);
}

/// The steps, watched or not.
#[derive(Clone, Default)]
pub(crate) struct Steps {
    #[cfg(test)]
    watch: Option<Arc<dyn Watch>>,
}

impl Steps {
    /// Steps that a test watches.
    #[cfg(test)]
    pub(crate) fn watched(watch: Arc<dyn Watch>) -> Self {
        Self { watch: Some(watch) }
    }

    /// Does one step.
    pub(crate) fn run<E: From<io::Error>>(
        &self,
        step: Step,
        action: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        #[cfg(test)]
        if let Some(watch) = &self.watch {
            match watch.before(step) {
                Verdict::Go => {}
                Verdict::Skip => return Ok(()),
                Verdict::Fail(error) => return Err(error.into()),
            }
            let done = action();
            if done.is_ok() {
                watch.after(step);
            }
            return done;
        }
        let _ = step;
        action()
    }
}
