//! What the person was warned of and has not dismissed yet: kept over restarts, one of each kind.

use model::Timestamp;

use super::{Cell, records};
use crate::command::ErrorKind;
use crate::config::SENT_AT_UNIT;
use crate::event::WarningKind;
use crate::node::Now;
use crate::out::Out;
use crate::view::WarningSummary;
use crate::wire::{Malformed, decode, encode};

impl Cell {
    /// Keeps what this input warned of. A moment is cut to the minute, so that a warning that is told again and again does
    /// not write again and again.
    pub(super) fn keep_warnings(&mut self, now: Now, out: &mut Out) {
        for kind in out.warnings(self.id) {
            let at = cut(now.timestamp);
            if self.warnings.insert(kind, at) != Some(at) {
                let key = records::warning_key(self.id, kind.number());
                out.changes.put(key, encode(&at.as_millis()));
            }
        }
    }

    /// The person has looked at it.
    pub(crate) fn dismiss_warning(
        &mut self,
        kind: WarningKind,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        self.warnings
            .remove(&kind)
            .ok_or(ErrorKind::InvalidParams)?;
        out.changes
            .delete(records::warning_key(self.id, kind.number()));
        Ok(())
    }

    pub(crate) fn warning_summaries(&self) -> Vec<WarningSummary> {
        let mut warnings: Vec<_> = self
            .warnings
            .iter()
            .map(|(kind, at)| WarningSummary {
                kind: *kind,
                at: *at,
            })
            .collect();
        warnings.sort_by_key(|warning| warning.at);
        warnings
    }
}

/// Reads a record.
pub(super) fn restore(
    name: &[u8],
    value: &[u8],
) -> Result<Option<(WarningKind, Timestamp)>, Malformed> {
    let [number] = name else {
        return Err(Malformed);
    };
    let at = Timestamp::from_millis(decode(value)?);
    Ok(WarningKind::from_number(*number).map(|kind| (kind, at)))
}

fn cut(at: Timestamp) -> Timestamp {
    let unit = u64::try_from(SENT_AT_UNIT.as_millis()).unwrap_or(u64::MAX);
    Timestamp::from_millis(at.as_millis() / unit * unit)
}
