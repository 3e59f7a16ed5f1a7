//! Channels with several publishers: who they are, what waits for their signatures, and what a person does about it.

use action::Call;
use model::{CellId, MemberId, MessageText};
use proto::{
    Answer, CallRef, ChannelDeed, ChannelId, CharterChange, Command, DraftSummary, Node,
    PostContent, PostId, PublishersChange, PublishersView,
};
use zeroize::Zeroizing;

use crate::{Client, ClientError, PublisherSummary};

/// A draft that waits for signatures. Nobody but publishers has it.
#[derive(Clone, Debug)]
pub struct PendingPost {
    /// Which.
    pub post: PostId,
    /// Who wrote it.
    pub author: PublisherSummary,
    /// `text`, `call`, `version`, `cancel`, or what is about the channel itself.
    pub kind: &'static str,
    /// Its words; of a cancellation, why.
    pub text: Option<MessageText>,
    /// Its call.
    pub call: Option<Box<Call>>,
    /// Which call it calls off or replaces.
    pub about: Option<CallRef>,
    /// What would change, if it is about who publishes.
    pub change: Option<CharterChange>,
    /// Whether it closes the channel to whoever has an old link.
    pub closes: bool,
    /// How many others have to sign it.
    pub needs: u8,
    /// Whether this device has signed it.
    pub signed: bool,
    /// Whether this device may sign it now.
    pub may_sign: bool,
    /// Whether it was written here.
    pub ours: bool,
}

impl Client {
    /// Offers in a cell to publish in a channel that is read here: this device makes a key for it and says so to the
    /// publishers.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_channel`, `no_such_cell`, `not_a_member`, `unreachable`.
    pub async fn offer_to_publish(
        &self,
        channel: ChannelId,
        cell: CellId,
    ) -> Result<(), ClientError> {
        self.order(Command::Channel(ChannelDeed::Offer(channel, cell)))
            .await
    }

    /// Who publishes in a channel, and who offers to.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_channel`.
    pub async fn publishers(&self, channel: ChannelId) -> Result<PublishersView, ClientError> {
        let look = move |node: &Node| node.publishers(channel);
        self.query(look).await?.0.map_err(ClientError::core)
    }

    /// Proposes another set of publishers. Gives how many others have to sign that.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `not_a_publisher`, `no_offer`, `threshold`, `too_many`, `invalid_params`.
    pub async fn set_publishers(
        &self,
        channel: ChannelId,
        cell: Option<CellId>,
        (add, remove): (Vec<MemberId>, Vec<[u8; 32]>),
        threshold: Option<u8>,
    ) -> Result<u8, ClientError> {
        let change = PublishersChange {
            cell,
            add,
            remove,
            threshold,
        };
        let deed = ChannelDeed::SetPublishers(channel, change);
        Ok(self.post(deed).await?.1)
    }

    /// What waits for signatures in a channel.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_channel`.
    pub async fn pending(&self, channel: ChannelId) -> Result<Vec<PendingPost>, ClientError> {
        let look = move |node: &Node| node.drafts(channel);
        let drafts = self.query(look).await?.0.map_err(ClientError::core)?;
        Ok(drafts.into_iter().map(pending).collect())
    }

    /// Signs a draft that the person has read.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_post`, `not_a_publisher`, `already_signed`, `channel_parted`,
    /// `epoch_keys_missing`.
    pub async fn countersign(&self, channel: ChannelId, post: PostId) -> Result<(), ClientError> {
        self.order(Command::Channel(ChannelDeed::Countersign(channel, post)))
            .await
    }

    /// Takes back what was written here: this draft, or what is first in line. What others have signed they may post.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_post`, `not_a_publisher`.
    pub async fn withdraw_post(
        &self,
        channel: ChannelId,
        post: Option<PostId>,
    ) -> Result<(), ClientError> {
        self.order(Command::Channel(ChannelDeed::Withdraw(channel, post)))
            .await
    }

    /// Ends the epoch of a channel. A hard end closes it to whoever has an old link. Gives the link into the next epoch,
    /// or none and how many others have to sign first.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `not_a_publisher`, `too_many`, `epoch_keys_missing`, `channel_parted`.
    pub async fn rekey_channel(
        &self,
        channel: ChannelId,
        is_hard: bool,
    ) -> Result<(Option<Zeroizing<String>>, u8), ClientError> {
        let rekey = Command::Channel(ChannelDeed::Rekey(channel, is_hard));
        let answer = self.command(rekey).await?;
        if let Answer::LinkMade(link) = answer {
            return Ok((Some(link), 0));
        }
        Ok((None, posted(answer)?.1))
    }

    pub(crate) async fn post(
        &self,
        deed: ChannelDeed,
    ) -> Result<(Option<PostId>, u8), ClientError> {
        posted(self.command(Command::Channel(deed)).await?)
    }
}

/// What was posted, or drafted and waits for so many others.
fn posted(answer: Answer) -> Result<(Option<PostId>, u8), ClientError> {
    if let Answer::Posted(post) = answer {
        return Ok((post, 0));
    }
    let Answer::Drafted(post, needs) = answer else {
        return Err(ClientError::internal());
    };
    Ok((post, needs))
}

fn pending(draft: DraftSummary) -> PendingPost {
    let mut shown = PendingPost {
        post: draft.post,
        author: draft.author,
        kind: draft.content.kind(),
        text: None,
        call: None,
        about: None,
        change: draft.change,
        closes: false,
        needs: draft.needs,
        signed: draft.signed,
        may_sign: draft.may_sign,
        ours: draft.ours,
    };
    match draft.content {
        PostContent::Text(text) => shown.text = Some(text),
        PostContent::Call { call, .. } => shown.call = Some(call),
        PostContent::Version { of, call, .. } => {
            (shown.about, shown.call) = (Some(of), Some(call));
        }
        PostContent::Cancel { call, reason } => {
            (shown.about, shown.text) = (Some(call), reason);
        }
        PostContent::Closed { keys, .. } => shown.closes = keys.is_none(),
        PostContent::Fresh | PostContent::Charter(_) | PostContent::Checkpoint(_) => {}
    }
    shown
}
