//! What a shell shows of cells and messages: the core's order and counts, with the texts that only the store holds.

use std::collections::BTreeMap;

use model::{
    CellId, CellName, DisplayName, Emoji, MemberId, MessageId, MessageText, ParseTextError, Suite,
    Timestamp,
};
use proto::{
    At, CellSummary, Command, Delivery, ErrorKind, MemberState, MessageBody, MessageRef, Node,
    PostOrigin,
};
use store::{Store, Vault};
use zeroize::Zeroizing;

use crate::life::blocking;
use crate::{Attachment, Client, ClientError, attachments};

/// One cell in the list of cells.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Which.
    pub cell: CellId,
    /// What we call it.
    pub name: CellName,
    /// What we are called in it.
    pub display_name: DisplayName,
    /// Current members, ourselves included.
    pub members: usize,
    /// Other current members we are connected to.
    pub reachable: usize,
    /// Messages of others that the person has not read.
    pub unread: usize,
    /// Whether we are in it, or how we ceased to be.
    pub state: MemberState,
    /// Its suite.
    pub suite: Suite,
    /// How long messages last, in seconds; 0 if for ever.
    pub lifetime_s: u32,
    /// Whether the LAN beacon is on.
    pub lan: bool,
    /// Its last message.
    pub last: Option<Message>,
}

/// A message as it is shown.
#[derive(Clone, Debug)]
pub struct Message {
    /// Which.
    pub message: MessageId,
    /// Who wrote it.
    pub author: MemberId,
    /// What they are called, or were.
    pub name: Option<DisplayName>,
    /// Whether we wrote it.
    pub mine: bool,
    /// What they wrote; none if it is only an attachment, and once it was deleted for everybody.
    pub text: Option<MessageText>,
    /// Whether it was deleted for everybody.
    pub deleted: bool,
    /// What is attached.
    pub attachment: Option<Attachment>,
    /// When they say they wrote it.
    pub sent_at: Timestamp,
    /// When they say they changed it last.
    pub edited_at: Option<Timestamp>,
    /// Of a text that a channel has posted: where. Its signatures were checked.
    pub forwarded: Option<PostOrigin>,
    /// The message it answers.
    pub reply_to: Option<Quote>,
    /// How far it got.
    pub delivery: Delivery,
    /// How many could read it when it was sent, its author included; 0 while it waits.
    pub audience: u16,
    /// How members reacted to it.
    pub reactions: Vec<Reaction>,
    /// Whether somebody else wrote it and the person has not read it.
    pub unread: bool,
}

/// A message that another one answers, as far as it is on this device.
#[derive(Clone, Debug)]
pub struct Quote {
    /// Which.
    pub message: MessageId,
    /// Who wrote it; none if we do not have it.
    pub author: Option<MemberId>,
    /// What they are called, or were.
    pub name: Option<DisplayName>,
    /// What they wrote; none if we do not have it or it was deleted.
    pub text: Option<MessageText>,
}

/// One emoji under a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: Emoji,
    /// Who reacted with it.
    pub members: Vec<MemberId>,
    /// Whether we did.
    pub mine: bool,
}

/// A stretch of a conversation, oldest first.
#[derive(Clone, Debug)]
pub struct Page {
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether there are others before them.
    pub more_before: bool,
    /// Whether there are others after them.
    pub more_after: bool,
}

/// Somebody who could read a message, or should be able to.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Who.
    pub member: MemberId,
    /// What they are called, or were.
    pub name: DisplayName,
    /// Whether they are known to have it.
    pub has: bool,
}

/// Messages per page unless the caller says otherwise.
const PAGE: usize = 100;

impl Client {
    /// Every cell on this device.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn cells(&self) -> Result<Vec<Cell>, ClientError> {
        let look = |node: &Node| {
            let cells = node.cells().into_iter();
            let with_names = cells.map(|cell| Some((Names::of(node, cell.cell)?, cell)));
            with_names.flatten().collect::<Vec<_>>()
        };
        let (seen, vault) = self.query(look).await?;
        blocking(move || {
            let cells = seen.into_iter();
            cells
                .map(|(names, cell)| show_cell(&vault, cell, &names))
                .collect()
        })
        .await
    }

    /// A stretch of a conversation.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_message` if there is none where it should lie.
    pub async fn messages(
        &self,
        cell: CellId,
        at: At,
        limit: Option<usize>,
    ) -> Result<Page, ClientError> {
        let look = move |node: &Node| {
            let names = Names::of(node, cell).ok_or(ErrorKind::NoSuchCell)?;
            let page = node.messages(cell, at, limit.unwrap_or(PAGE));
            Ok((names, page.ok_or(ErrorKind::NoSuchMessage)?))
        };
        let (seen, vault) = self.query(look).await?;
        let (names, page) = seen.map_err(ClientError::core)?;
        blocking(move || {
            let messages = page.messages.into_iter();
            let shown: Result<Vec<_>, _> = messages
                .map(|message| show(&vault, message, &names))
                .collect();
            Ok(Page {
                messages: shown?.into_iter().flatten().collect(),
                more_before: page.more_before,
                more_after: page.more_after,
            })
        })
        .await
    }

    /// One message.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn message(&self, cell: CellId, message: MessageId) -> Result<Message, ClientError> {
        let look = move |node: &Node| {
            let names = Names::of(node, cell).ok_or(ErrorKind::NoSuchCell)?;
            let message = node.message(cell, message);
            Ok((names, message.ok_or(ErrorKind::NoSuchMessage)?))
        };
        let (seen, vault) = self.query(look).await?;
        let (names, message) = seen.map_err(ClientError::core)?;
        blocking(move || {
            show(&vault, message, &names)?.ok_or(ClientError::core(ErrorKind::NoSuchMessage))
        })
        .await
    }

    /// Reacts to a message, or takes the reaction back.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_message` also if it was deleted.
    pub async fn react(
        &self,
        cell: CellId,
        message: MessageId,
        emoji: Option<Emoji>,
    ) -> Result<(), ClientError> {
        self.order(Command::React(cell, message, emoji)).await
    }

    /// Changes a text of ours.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `not_the_author`, and `no_such_message` also if it was deleted.
    pub async fn edit_message(
        &self,
        cell: CellId,
        message: MessageId,
        text: MessageText,
    ) -> Result<(), ClientError> {
        self.order(Command::EditMessage(cell, message, text)).await
    }

    /// Deletes a message: one of ours for everybody, or any from this device.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `not_the_author`.
    pub async fn delete_message(
        &self,
        cell: CellId,
        message: MessageId,
        everywhere: bool,
    ) -> Result<(), ClientError> {
        let delete = Command::DeleteMessage {
            cell,
            message,
            everywhere,
        };
        self.order(delete).await
    }

    /// Keeps the text that the person has begun in a cell. White space alone is nothing.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `text_too_long`.
    pub async fn set_draft(&self, cell: CellId, text: String) -> Result<(), ClientError> {
        let text = match MessageText::parse(text) {
            Ok(text) => Some(text),
            Err(ParseTextError::Empty) => None,
            Err(error) => return Err(error.into()),
        };
        self.order(Command::SetDraft(cell, text)).await
    }

    /// The text that the person has begun in a cell, or nothing.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn draft(&self, cell: CellId) -> Result<Zeroizing<String>, ClientError> {
        let (known, vault) = self.query(move |node| node.has_cell(cell)).await?;
        if !known {
            return Err(ClientError::core(ErrorKind::NoSuchCell));
        }
        let stored = blocking(move || Ok(vault.get(&Node::draft_key(cell))?)).await?;
        let text = stored.map(|stored| String::from_utf8(stored.to_vec()));
        let text = text.transpose().map_err(|_| store::ReadError::Damaged)?;
        Ok(Zeroizing::new(text.unwrap_or_default()))
    }

    /// Who besides its author could read a message, and who of them is known to have it.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn message_readers(
        &self,
        cell: CellId,
        message: MessageId,
    ) -> Result<Vec<Reader>, ClientError> {
        let look = move |node: &Node| {
            let names = Names::of(node, cell).ok_or(ErrorKind::NoSuchCell)?;
            let readers = node.readers(cell, message);
            Ok((names, readers.ok_or(ErrorKind::NoSuchMessage)?))
        };
        let (names, readers) = self.query(look).await?.0.map_err(ClientError::core)?;
        let readers = readers.into_iter();
        Ok(readers
            .filter_map(|reader| {
                Some(Reader {
                    member: reader.member,
                    name: names.names.get(&reader.member)?.clone(),
                    has: reader.has,
                })
            })
            .collect())
    }
}

/// Who is called what in one cell, and who of them we are.
pub(crate) struct Names {
    cell: CellId,
    me: Option<MemberId>,
    names: BTreeMap<MemberId, DisplayName>,
}

impl Names {
    pub(crate) const fn me(&self) -> Option<MemberId> {
        self.me
    }

    pub(crate) fn name(&self, member: &MemberId) -> Option<DisplayName> {
        self.names.get(member).cloned()
    }

    pub(crate) const fn cell(&self) -> CellId {
        self.cell
    }

    pub(crate) fn of(node: &Node, cell: CellId) -> Option<Self> {
        let members = node.members(cell)?;
        let own = members.iter().find(|member| member.is_self);
        Some(Self {
            cell,
            me: own.map(|own| own.member),
            names: members
                .into_iter()
                .map(|member| (member.member, member.name))
                .collect(),
        })
    }
}

fn show_cell(vault: &Vault, cell: CellSummary, names: &Names) -> Result<Cell, ClientError> {
    let last = cell.last.map(|last| show(vault, last, names)).transpose()?;
    Ok(Cell {
        cell: cell.cell,
        name: cell.name,
        display_name: cell.display_name,
        members: cell.members,
        reachable: cell.reachable,
        unread: cell.unread,
        state: cell.state,
        suite: cell.suite,
        lifetime_s: cell.lifetime_s,
        lan: cell.lan,
        last: last.flatten(),
    })
}

/// A message with its text. None if it was removed from this device since the core named it.
pub(crate) fn show(
    vault: &Vault,
    message: MessageRef,
    names: &Names,
) -> Result<Option<Message>, ClientError> {
    let Some(body) = body(vault, names.cell, message.message)? else {
        return Ok(None);
    };
    let attachment = attachment(vault, names.cell, &message)?;
    let quote = body.reply_to.map(|quoted| quote(vault, quoted, names));
    Ok(Some(Message {
        message: message.message,
        author: message.author,
        name: names.names.get(&message.author).cloned(),
        mine: names.me == Some(message.author),
        text: body.text,
        deleted: body.deleted,
        attachment,
        sent_at: body.sent_at,
        edited_at: body.edited_at,
        forwarded: body.forwarded,
        reply_to: quote.transpose()?,
        delivery: message.delivery,
        audience: message.audience,
        reactions: message
            .reactions
            .into_iter()
            .map(|reaction| Reaction {
                mine: names.me.is_some_and(|me| reaction.members.contains(&me)),
                emoji: reaction.emoji,
                members: reaction.members,
            })
            .collect(),
        unread: message.unread,
    }))
}

fn attachment(
    vault: &Vault,
    cell: CellId,
    message: &MessageRef,
) -> Result<Option<Attachment>, ClientError> {
    let Some(summary) = message.attachment else {
        return Ok(None);
    };
    let stored = attachments::stored(vault, cell, message.message)?;
    Ok(stored.map(|stored| Attachment {
        attachment: message.message,
        about: stored.about().clone(),
        state: summary.state,
        have: summary.have,
        of: summary.of,
    }))
}

fn quote(vault: &Vault, message: MessageId, names: &Names) -> Result<Quote, ClientError> {
    let body = body(vault, names.cell, message)?;
    let author = body.as_ref().map(|body| body.author);
    Ok(Quote {
        message,
        author,
        name: author.and_then(|author| names.names.get(&author).cloned()),
        text: body.and_then(|body| body.text),
    })
}

/// What is stored of a message; none if it is not on this device.
pub(crate) fn body(
    vault: &Vault,
    cell: CellId,
    message: MessageId,
) -> Result<Option<MessageBody>, ClientError> {
    let Some(record) = vault.get(&Node::message_key(cell, message))? else {
        return Ok(None);
    };
    Node::read_message(&record).map_err(|_| store::ReadError::Damaged.into())
}
