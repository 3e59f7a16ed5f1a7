//! Every command and view of an open profile.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use model::{
    CellId, CellName, DisplayName, InviteId, JoinId, MemberId, MessageId, MessageText, Suite,
};
use net::CallError;
use proto::{
    Answer, BUNDLE_LIMIT, ChannelId, Command, ErrorKind, INVITE_LIFE, InviteSummary, MemberSummary,
    NetStatus, Node, SafetyNumber, WarningKind, WarningSummary,
};
use store::Vault;

use crate::life::{Open, blocking};
use crate::{Client, ClientError, files};

/// What a person decides when they found a cell.
#[derive(Clone, Debug)]
pub struct NewCell {
    /// What we call it.
    pub name: CellName,
    /// What we are called in it.
    pub display_name: DisplayName,
    /// Its algorithms.
    pub suite: Suite,
    /// Votes needed to remove somebody; by size if absent.
    pub removal_quorum: Option<u8>,
}

/// What a bundle was of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BundleOf {
    /// A cell.
    Cell(CellId),
    /// A channel.
    Channel(ChannelId),
}

/// What came in with a bundle.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Imported {
    /// Envelopes or posts that were new.
    pub new: u32,
    /// Of what.
    pub into: BundleOf,
}

impl Client {
    pub(crate) async fn command(&self, command: Command) -> Result<Answer, ClientError> {
        let open = self.open()?;
        match open.node.command(command).await {
            Ok(answer) => Ok(answer),
            Err(CallError::Refused(refused)) => Err(ClientError::core(refused.kind)),
            Err(CallError::Stopped(_)) => Err(self.why_stopped()),
        }
    }

    /// A command that answers only that it is done.
    pub(crate) async fn order(&self, command: Command) -> Result<(), ClientError> {
        let Answer::Done = self.command(command).await? else {
            return Err(ClientError::internal());
        };
        Ok(())
    }

    pub(crate) async fn query<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Node) -> T + Send + 'static,
    ) -> Result<(T, Vault), ClientError> {
        let Open { vault, node } = self.open()?;
        let seen = node.query(look).await.map_err(|_| self.why_stopped())?;
        Ok((seen, vault))
    }

    /// Founds a cell.
    ///
    /// # Errors
    /// As every call here: `locked`, `disk_full`, and what the command's own kinds say.
    pub async fn create_cell(&self, new: NewCell) -> Result<CellId, ClientError> {
        let NewCell {
            name,
            display_name,
            suite,
            removal_quorum,
        } = new;
        let made = self
            .command(Command::CreateCell {
                name,
                display_name,
                suite,
                removal_quorum,
            })
            .await?;
        let Answer::CellCreated(cell) = made else {
            return Err(ClientError::internal());
        };
        Ok(cell)
    }

    /// Changes what we call a cell.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn rename_cell(&self, cell: CellId, name: CellName) -> Result<(), ClientError> {
        self.order(Command::RenameCell(cell, name)).await
    }

    /// Marks everything up to a message as read.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn mark_read(&self, cell: CellId, message: MessageId) -> Result<(), ClientError> {
        self.order(Command::MarkRead(cell, message)).await
    }

    /// Switches the LAN beacon of a cell.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn set_lan(&self, cell: CellId, on: bool) -> Result<(), ClientError> {
        self.order(Command::SetLan(cell, on)).await
    }

    /// Everybody who is or was in a cell.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn members(&self, cell: CellId) -> Result<Vec<MemberSummary>, ClientError> {
        self.query(move |node| node.members(cell))
            .await?
            .0
            .ok_or(ClientError::core(ErrorKind::NoSuchCell))
    }

    /// Makes an invite: its name and the link to hand over. It lasts two days unless said otherwise.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn invite(
        &self,
        cell: CellId,
        expires_in: Option<Duration>,
    ) -> Result<(InviteId, String), ClientError> {
        let expires_in = expires_in.unwrap_or(INVITE_LIFE);
        let Answer::InviteMade(invite, link) =
            self.command(Command::Invite { cell, expires_in }).await?
        else {
            return Err(ClientError::internal());
        };
        Ok((invite, link))
    }

    /// The invites we made.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn invites(&self, cell: CellId) -> Result<Vec<InviteSummary>, ClientError> {
        self.query(move |node| node.invites(cell))
            .await?
            .0
            .ok_or(ClientError::core(ErrorKind::NoSuchCell))
    }

    /// Takes an invite back.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn withdraw_invite(&self, cell: CellId, invite: InviteId) -> Result<(), ClientError> {
        self.order(Command::WithdrawInvite(cell, invite)).await
    }

    /// Begins to join by an invite link. Notices follow.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn join(
        &self,
        link: String,
        display_name: DisplayName,
    ) -> Result<JoinId, ClientError> {
        let Answer::JoinStarted(join) = self.command(Command::Join { link, display_name }).await?
        else {
            return Err(ClientError::internal());
        };
        Ok(join)
    }

    /// Gives up joining.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn cancel_join(&self, join: JoinId) -> Result<(), ClientError> {
        self.order(Command::CancelJoin(join)).await
    }

    /// What the person was warned of in a cell and has not dismissed, oldest first.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn warnings(&self, cell: CellId) -> Result<Vec<WarningSummary>, ClientError> {
        self.query(move |node| node.warnings(cell))
            .await?
            .0
            .ok_or(ClientError::core(ErrorKind::NoSuchCell))
    }

    /// Takes a warning off that list.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn dismiss_warning(
        &self,
        cell: CellId,
        kind: WarningKind,
    ) -> Result<(), ClientError> {
        self.order(Command::DismissWarning(cell, kind)).await
    }

    /// Lets somebody in whose phrase was compared, or not.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn confirm_join(
        &self,
        cell: CellId,
        join: JoinId,
        accept: bool,
    ) -> Result<(), ClientError> {
        self.order(Command::ConfirmJoin { cell, join, accept })
            .await
    }

    /// Makes a member full.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn vouch(&self, cell: CellId, member: MemberId) -> Result<(), ClientError> {
        self.order(Command::Vouch(cell, member)).await
    }

    /// Votes to remove a member: how many votes there are, and how many it takes.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn remove(&self, cell: CellId, member: MemberId) -> Result<(u8, u8), ClientError> {
        let Answer::RemovalVoted { votes, needed } =
            self.command(Command::Remove(cell, member)).await?
        else {
            return Err(ClientError::internal());
        };
        Ok((votes, needed))
    }

    /// Confirms that a member with a restored device is who they were.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn confirm_restored(
        &self,
        cell: CellId,
        member: MemberId,
    ) -> Result<(), ClientError> {
        self.order(Command::ConfirmRestored(cell, member)).await
    }

    /// Leaves a cell.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn leave(&self, cell: CellId) -> Result<(), ClientError> {
        self.order(Command::Leave(cell)).await
    }

    /// Renews the keys of our send group.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn heal(&self, cell: CellId) -> Result<(), ClientError> {
        self.order(Command::Heal(cell)).await
    }

    /// The safety number between us and a member.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn safety_number(
        &self,
        cell: CellId,
        member: MemberId,
    ) -> Result<SafetyNumber, ClientError> {
        let look = move |node: &Node| {
            node.members(cell).ok_or(ErrorKind::NoSuchCell)?;
            node.safety_number(cell, member)
                .ok_or(ErrorKind::NotAMember)
        };
        self.query(look).await?.0.map_err(ClientError::core)
    }

    /// Marks the safety number of a member as compared.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn verify(&self, cell: CellId, member: MemberId) -> Result<(), ClientError> {
        self.order(Command::Verify(cell, member)).await
    }

    /// Sends a text. When this returns it is durable, though nobody may have it yet.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn send(
        &self,
        cell: CellId,
        text: MessageText,
        reply_to: Option<MessageId>,
    ) -> Result<MessageId, ClientError> {
        let sent = self
            .command(Command::SendMessage {
                cell,
                text,
                reply_to,
            })
            .await?;
        let Answer::MessageAccepted(message) = sent else {
            return Err(ClientError::internal());
        };
        Ok(message)
    }

    /// Which ports are open, whose, and who is connected.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn net(&self) -> Result<NetStatus, ClientError> {
        Ok(self.query(Node::net).await?.0)
    }

    /// Closes every connection and port, or opens them again.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn set_online(&self, online: bool) -> Result<(), ClientError> {
        self.order(if online {
            Command::Online
        } else {
            Command::Offline
        })
        .await
    }

    /// Changes where the door of a cell listens.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn set_listen(
        &self,
        cell: CellId,
        ip: Option<IpAddr>,
        port: Option<u16>,
    ) -> Result<(), ClientError> {
        self.order(Command::SetListen { cell, ip, port }).await
    }

    /// Writes what members may lack to a file, sealed: how many envelopes are in it.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `file_unsafe` if it cannot be written there.
    pub async fn export_bundle(&self, cell: CellId, path: &Path) -> Result<u32, ClientError> {
        let Answer::BundleExported(bytes, envelopes) =
            self.command(Command::ExportBundle(cell)).await?
        else {
            return Err(ClientError::internal());
        };
        let path = path.to_owned();
        blocking(move || files::write(&path, &bytes)).await?;
        Ok(envelopes)
    }

    /// Takes in a bundle: how many envelopes or posts were new, and in which cell or channel.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `file_unsafe`, `bundle_damaged`, `bundle_foreign`.
    pub async fn import_bundle(&self, path: &Path) -> Result<Imported, ClientError> {
        self.open()?;
        let path = path.to_owned();
        let bytes = blocking(move || files::read(&path, BUNDLE_LIMIT)).await?;
        let answer = self.command(Command::ImportBundle(bytes)).await?;
        if let Answer::BundleImported(new, cell) = answer {
            let into = BundleOf::Cell(cell);
            return Ok(Imported { new, into });
        }
        let Answer::ChannelImported(new, channel) = answer else {
            return Err(ClientError::internal());
        };
        let into = BundleOf::Channel(channel);
        Ok(Imported { new, into })
    }
}
