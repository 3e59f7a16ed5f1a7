//! Posts that are on their way from the disk to be shown to a cell.

use channel::PostRecord;
use model::CellId;
use zeroize::Zeroizing;

use super::held::Held;
use super::record::post_key;
use crate::command::RequestId;
use crate::out::Out;
use crate::output::Output;

/// A post to be shown to a cell.
pub(crate) struct Forwarding {
    /// Who waits for an answer.
    pub(crate) request: Option<RequestId>,
    pub(crate) cell: CellId,
    /// `channel::Forward`; none if nothing is left of the post.
    pub(crate) proof: Option<Zeroizing<Vec<u8>>>,
}

impl Held {
    /// Reads a post to show it to a cell.
    pub(super) fn want(
        &mut self,
        seq: u64,
        request: Option<RequestId>,
        cell: CellId,
        out: &mut Out,
    ) {
        let wanted = self.wanted.entry(seq).or_default();
        if request.is_some() || !wanted.iter().any(|(_, other)| *other == cell) {
            wanted.push((request, cell));
            out.push(Output::Read(post_key(&self.id, seq)));
        }
    }

    /// The posts that were read to be shown.
    pub(super) fn forwards(&mut self, seq: u64, record: Option<&PostRecord>) -> Vec<Forwarding> {
        let wanted = self.wanted.remove(&seq).unwrap_or_default();
        // What is shared now may have been called off while it was read.
        self.news |= !wanted.is_empty();
        let show = |(request, cell)| Forwarding {
            request,
            cell,
            proof: record.and_then(|record| {
                let forward = self.reader()?.forward(record)?;
                Some(forward.to_bytes())
            }),
        };
        wanted.into_iter().map(show).collect()
    }
}
