//! Collects what one input leads to, and puts it in the one right order: persist, then everything else.

use std::collections::VecDeque;

use model::{CellId, MemberId};

use crate::changes::Changes;
use crate::command::{CommandError, ErrorKind, RequestId};
use crate::event::{Answer, Event, Notice, WarningKind};
use crate::output::Output;
use crate::wire::SecretBytes;

/// Something that publishers of a channel say to each other in a cell.
pub(crate) struct Whisper {
    /// In which cell.
    pub(crate) cell: CellId,
    /// Of which channel.
    pub(crate) channel: [u8; 32],
    /// What.
    pub(crate) said: SecretBytes,
}

/// What one input leads to. However the parts are added, [`Self::drain_into`] puts the one persist first, so that no
/// code path can send or tell what a crash could forget.
#[derive(Default)]
pub(crate) struct Out {
    pub(crate) changes: Changes,
    /// What channels have to say in cells, and what members said there of channels: the node carries it over.
    pub(crate) said: Vec<Whisper>,
    pub(crate) heard: Vec<(MemberId, Whisper)>,
    network: Vec<Output>,
    events: Vec<Event>,
}

impl Out {
    /// Adds something for the driver: ports, dials, frames, disconnects, in this order.
    pub(crate) fn push(&mut self, output: Output) {
        self.network.push(output);
    }

    /// Adds something for the person.
    pub(crate) fn notice(&mut self, notice: Notice) {
        self.events.push(Event::Notice(notice));
    }

    /// Adds a warning, once per input.
    pub(crate) fn warn(&mut self, cell: CellId, kind: WarningKind) {
        let same = |event: &Event| match event {
            Event::Notice(notice) => *notice == Notice::Warning(cell, kind),
            Event::Answer(..) => false,
        };
        if !self.events.iter().any(same) {
            self.notice(Notice::Warning(cell, kind));
        }
    }

    /// What of a cell was warned of.
    pub(crate) fn warnings(&self, of: CellId) -> Vec<WarningKind> {
        let warning = |event: &Event| match event {
            Event::Notice(Notice::Warning(cell, kind)) if *cell == of => Some(*kind),
            Event::Notice(_) | Event::Answer(..) => None,
        };
        self.events.iter().filter_map(warning).collect()
    }

    /// Answers a command.
    pub(crate) fn answer(&mut self, request: RequestId, answer: Result<Answer, ErrorKind>) {
        self.events
            .push(Event::Answer(request, answer.map_err(CommandError::from)));
    }

    /// Adds all that something led to which was tried apart and has succeeded.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.changes.merge(other.changes);
        self.said.extend(other.said);
        self.heard.extend(other.heard);
        self.network.extend(other.network);
        self.events.extend(other.events);
    }

    /// Hands everything over.
    pub(crate) fn drain_into(&mut self, outputs: &mut VecDeque<Output>) {
        if mutant!(TransmitFirst) {
            outputs.extend(self.network.drain(..));
        }
        if !self.changes.is_empty() {
            outputs.push_back(Output::Persist(std::mem::take(&mut self.changes)));
        }
        outputs.extend(self.network.drain(..));
        outputs.extend(self.events.drain(..).map(Output::Event));
    }
}
