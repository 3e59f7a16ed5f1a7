//! Calls in cells: what is done about them, and what there is to see.

use action::Call;
use model::{CallId, CellId, MemberId};

use super::{Node, Now};
use crate::calls::view::CallView;
use crate::command::{CallDeed, ErrorKind};
use crate::event::Answer;
use crate::out::Out;

impl Node {
    pub(super) fn share_call(
        &mut self,
        cell: CellId,
        call: &Call,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        self.cell_mut(cell)?.share_call(call, now, out)
    }

    pub(super) fn on_call(
        &mut self,
        (cell, call): (CellId, CallId),
        deed: CallDeed,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        self.cell_mut(cell)?.on_call(call, deed, now, out)
    }

    pub(super) fn presume_arrest(
        &mut self,
        (cell, call): (CellId, CallId),
        member: MemberId,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        self.cell_mut(cell)?.presume_arrest(call, member, now, out)
    }

    /// The calls of a cell: those called off first, then by when they begin. Nothing if there is no such cell.
    pub fn calls(&self, cell: CellId) -> Option<Vec<CallView>> {
        let mut views = self.cells.get(&cell)?.call_views(self.seen);
        for view in &mut views {
            self.look_at_source(view);
        }
        Some(views)
    }

    /// One call.
    ///
    /// # Errors
    ///
    /// Says whether there is no such cell, no such call, or no such call any more.
    pub fn call(&self, cell: CellId, call: CallId) -> Result<CallView, ErrorKind> {
        let cell = self.cells.get(&cell).ok_or(ErrorKind::NoSuchCell)?;
        let mut view = cell.call_view_at(&call, self.seen)?;
        self.look_at_source(&mut view);
        Ok(view)
    }

    /// What this device sees in the channel that a call is from.
    fn look_at_source(&self, view: &mut CallView) {
        if let Some(source) = &mut view.source {
            let there = self
                .channels
                .state_of(source.channel, source.call, source.version);
            source.there = there;
        }
    }
}
