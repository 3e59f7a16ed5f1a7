//! Attachments between the person's files and the core: read, rewritten if it is a picture, handed over piece by piece;
//! fetched, shown and saved.
//!
//! Never more than one piece of a file is in memory, except of a picture, which is decoded within bounds.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{CellId, FileName, MessageId, MessageText};
use picture::Picture;
use proto::{
    About, Answer, Attach, AttachmentBody, AttachmentState, Command, ErrorKind, Media, Node,
    PIECE_LEN,
};
use store::{Store, Vault};
use zeroize::Zeroizing;

use crate::life::blocking;
use crate::{Client, ClientError, Kind, files};

/// Enough of a file to tell whether it is a picture.
const BEGINNING: usize = 16;

/// The most that is taken from a clipboard or dropped: any file that can be sent, and any picture that is made smaller.
pub const PASTE_LIMIT: usize = 32 * 1024 * 1024;

/// What is attached.
#[derive(Clone)]
pub enum Source {
    /// A file that the person named.
    Path(PathBuf),
    /// What they pasted or dropped, and what it was called.
    Bytes(String, Arc<Zeroizing<Vec<u8>>>),
}

/// A message with an attachment, as the person wants it sent.
pub struct NewAttachment {
    /// What is attached.
    pub source: Source,
    /// What is written beside it.
    pub text: Option<MessageText>,
    /// The message it answers.
    pub reply_to: Option<MessageId>,
    /// Whether a picture goes as it is, with all that is in its file.
    pub as_file: bool,
}

/// What would be sent of a file, or was.
#[derive(Clone, Debug)]
pub struct Offer {
    /// What it is called.
    pub name: FileName,
    /// How many bytes it has before it is sent.
    pub size: u64,
    /// Whether it goes as a picture, written anew without anything but what is seen.
    pub is_picture: bool,
}

/// The attachment of a message as it is shown.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its message, by which it is called.
    pub attachment: MessageId,
    /// What its author says it is.
    pub about: About,
    /// Whether it is here, or on its way.
    pub state: AttachmentState,
    /// Pieces that are here.
    pub have: u32,
    /// Pieces in all.
    pub of: u32,
}

/// Bytes that are read where they are, without a copy that nobody wipes.
struct Pasted(Arc<Zeroizing<Vec<u8>>>);

impl AsRef<[u8]> for Pasted {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A file that is being sent.
pub struct Sending {
    cell: CellId,
    message: MessageId,
    offer: Offer,
    bytes: Box<dyn Read + Send>,
}

impl Sending {
    /// What its message will be called, by which it can be stopped.
    #[must_use]
    pub const fn message(&self) -> MessageId {
        self.message
    }
}

/// A file that is ready to be handed over.
struct Prepared {
    about: About,
    bytes: Box<dyn Read + Send>,
}

impl Client {
    /// Looks at what the person wants to attach. Nothing is sent.
    ///
    /// # Errors
    /// `file_unsafe` if it cannot be read, `attachment_too_large`, `no_such_cell`, `locked`.
    pub async fn look_at(
        &self,
        cell: Option<CellId>,
        source: &Source,
    ) -> Result<Offer, ClientError> {
        let limit = match cell {
            Some(cell) => self.attachment_limit(cell).await?,
            // Where it goes is not known yet; it is looked at again when it is sent.
            None => proto::ATTACHMENT_LIMIT,
        };
        match source {
            Source::Path(path) => {
                let path = path.clone();
                blocking(move || {
                    let (name, size, beginning, _) = open(&path)?;
                    offer(name, size, &beginning, limit)
                })
                .await
            }
            Source::Bytes(name, bytes) => {
                let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                let beginning = &bytes[..bytes.len().min(BEGINNING)];
                offer(FileName::sanitise(name), size, beginning, limit)
            }
        }
    }

    /// Begins to send a file. It is sent by [`Self::finish_attachment`]; until then [`Self::cancel_attachment`] stops it.
    ///
    /// # Errors
    /// See [`Self::look_at`]; `file_unsafe` also for what looks like a picture and cannot be read as one, `too_many`.
    pub async fn begin_attachment(
        &self,
        cell: CellId,
        new: NewAttachment,
    ) -> Result<Sending, ClientError> {
        let limit = self.attachment_limit(cell).await?;
        let NewAttachment {
            source,
            text,
            reply_to,
            as_file,
        } = new;
        let prepared = blocking(move || prepare(source, as_file, limit)).await?;
        let offer = Offer {
            name: prepared.about.name.clone(),
            size: prepared.about.size,
            is_picture: matches!(prepared.about.media, Media::Image { .. }),
        };
        let begin = Attach::Begin {
            about: prepared.about,
            text,
            reply_to,
        };
        let begun = self.command(Command::Attach(cell, begin)).await?;
        let Answer::AttachmentBegun(message) = begun else {
            return Err(ClientError::internal());
        };
        Ok(Sending {
            cell,
            message,
            offer,
            bytes: prepared.bytes,
        })
    }

    /// Sends a file that was begun. When this returns the message and all of its attachment are durable, though nobody may
    /// have them yet.
    ///
    /// # Errors
    /// `cancelled` if it was stopped, `file_unsafe` if the file cannot be read any more.
    pub async fn finish_attachment(
        &self,
        sending: Sending,
    ) -> Result<(MessageId, Offer), ClientError> {
        let Sending {
            cell,
            message,
            offer,
            bytes,
        } = sending;
        let handed = self.hand_over(cell, message, offer.size, bytes).await;
        if let Err(error) = handed {
            let _gone_with_the_core = self
                .order(Command::Attach(cell, Attach::Abandon(message)))
                .await;
            return Err(error);
        }
        Ok((message, offer))
    }

    /// Both in one.
    ///
    /// # Errors
    /// See [`Self::begin_attachment`] and [`Self::finish_attachment`].
    pub async fn send_attachment(
        &self,
        cell: CellId,
        new: NewAttachment,
    ) -> Result<(MessageId, Offer), ClientError> {
        let sending = self.begin_attachment(cell, new).await?;
        self.finish_attachment(sending).await
    }

    async fn hand_over(
        &self,
        cell: CellId,
        message: MessageId,
        size: u64,
        mut bytes: Box<dyn Read + Send>,
    ) -> Result<(), ClientError> {
        let mut left = size;
        loop {
            let length = usize::try_from(left).map_or(PIECE_LEN, |left| left.min(PIECE_LEN));
            let (piece, rest) = blocking(move || {
                let mut piece = Zeroizing::new(vec![0; length]);
                bytes.read_exact(&mut piece).map_err(unreadable)?;
                Ok((piece, bytes))
            })
            .await?;
            bytes = rest;
            left -= u64::try_from(length).unwrap_or(left);
            let taken = Command::Attach(cell, Attach::Piece(message, piece));
            let answer = self.command(taken).await.map_err(|error| {
                // What was begun is forgotten only if somebody stopped it.
                if error.kind() == Kind::Core(ErrorKind::NoSuchMessage) {
                    ClientError::new(Kind::Cancelled, "sending was stopped; nothing was sent")
                } else {
                    error
                }
            })?;
            if let Answer::MessageAccepted(_) = answer {
                return Ok(());
            }
            if left == 0 {
                return Err(ClientError::internal());
            }
        }
    }

    async fn attachment_limit(&self, cell: CellId) -> Result<u64, ClientError> {
        let look = move |node: &Node| node.cells().into_iter().find(|known| known.cell == cell);
        let known = self.query(look).await?.0;
        let known = known.ok_or(ClientError::core(ErrorKind::NoSuchCell))?;
        Ok(if known.lan {
            proto::ATTACHMENT_LIMIT
        } else {
            proto::ATTACHMENT_LIMIT_FAR
        })
    }

    /// Fetches an attachment from whoever has it, or goes on with that.
    ///
    /// # Errors
    /// `no_such_message`, `not_a_member`, `too_many` if there is no room, `locked`.
    pub async fn fetch_attachment(&self, attachment: MessageId) -> Result<(), ClientError> {
        let cell = self.cell_of(attachment).await?;
        self.order(Command::Attach(cell, Attach::Fetch(attachment)))
            .await
    }

    /// Fetches it no longer, and forgets what has come of it; or stops sending it, if it has not been sent.
    ///
    /// # Errors
    /// `no_such_message`, `locked`.
    pub async fn cancel_attachment(&self, attachment: MessageId) -> Result<(), ClientError> {
        let cell = self.cell_of(attachment).await?;
        self.order(Command::Attach(cell, Attach::Cancel(attachment)))
            .await
    }

    async fn cell_of(&self, attachment: MessageId) -> Result<CellId, ClientError> {
        let look = move |node: &Node| node.cell_of_attachment(attachment);
        let cell = self.query(look).await?.0;
        cell.ok_or(ClientError::core(ErrorKind::NoSuchMessage))
    }

    /// Writes an attachment to a file that the person named.
    ///
    /// # Errors
    /// `no_such_message`, `unreachable` if not all of it is here (a part that the disk has not kept is fetched again),
    /// `file_unsafe` if it cannot be written there, or if its author made it wrongly.
    pub async fn save_attachment(
        &self,
        attachment: MessageId,
        path: &Path,
    ) -> Result<(), ClientError> {
        let path = path.to_owned();
        self.with_whole(attachment, move |whole| {
            files::write_with(&path, |file| whole.copy_to(file))
        })
        .await
    }

    /// A picture as it may be shown: decoded here within bounds and written anew, its longer side at most `longest`.
    ///
    /// # Errors
    /// `no_such_message`, `unreachable` if not all of it is here, `file_unsafe` if it is no picture.
    pub async fn picture(
        &self,
        attachment: MessageId,
        longest: Option<u32>,
    ) -> Result<Picture, ClientError> {
        self.with_whole(attachment, move |whole| {
            let mut bytes = Zeroizing::new(Vec::new());
            if matches!(whole.body.about().media, Media::File) {
                return Err(ClientError::new(
                    Kind::FileUnsafe,
                    "this was not sent as a picture",
                ));
            }
            whole
                .copy_to(&mut *bytes)
                .map_err(|error| ClientError::new(Kind::FileUnsafe, error))?;
            let longest = longest.unwrap_or(picture::SIDE).min(picture::SIDE);
            picture::rewrite(&bytes, longest)
                .map_err(|_| ClientError::new(Kind::FileUnsafe, "this picture cannot be shown"))
        })
        .await
    }

    /// What an attachment of this device is called, for a dialog.
    ///
    /// # Errors
    /// See [`Self::save_attachment`].
    pub async fn attachment_name(&self, attachment: MessageId) -> Result<FileName, ClientError> {
        let whole = self.whole(attachment).await?;
        Ok(whole.body.about().name.clone())
    }

    /// Reads an attachment. A part that the disk has not kept is fetched again.
    async fn with_whole<T: Send + 'static>(
        &self,
        attachment: MessageId,
        work: impl FnOnce(&Whole) -> Result<T, ClientError> + Send + 'static,
    ) -> Result<T, ClientError> {
        let whole = self.whole(attachment).await?;
        let cell = whole.cell;
        let (worked, lost) = blocking(move || Ok((work(&whole), whole.lost.get()))).await?;
        let Some(index) = lost else {
            return worked;
        };
        self.order(Command::Attach(cell, Attach::Lost(attachment, index)))
            .await?;
        Err(ClientError::new(
            Kind::Core(ErrorKind::Unreachable),
            "the disk has not kept a part of this attachment; it is fetched again",
        ))
    }

    async fn whole(&self, attachment: MessageId) -> Result<Whole, ClientError> {
        let look = move |node: &Node| {
            let cell = node.cell_of_attachment(attachment)?;
            Some((cell, node.message(cell, attachment)?.attachment?))
        };
        let (seen, vault) = self.query(look).await?;
        let (cell, summary) = seen.ok_or(ClientError::core(ErrorKind::NoSuchMessage))?;
        if summary.state != AttachmentState::Here {
            return Err(ClientError::new(
                Kind::Core(ErrorKind::Unreachable),
                "not all of this attachment is here yet; fetch it first",
            ));
        }
        blocking(move || {
            let body = stored(&vault, cell, attachment)?;
            let body = body.ok_or(ClientError::core(ErrorKind::NoSuchMessage))?;
            Ok(Whole {
                vault,
                cell,
                attachment,
                body,
                lost: Cell::new(None),
            })
        })
        .await
    }
}

/// An attachment of which everything is here.
struct Whole {
    vault: Vault,
    cell: CellId,
    attachment: MessageId,
    body: AttachmentBody,
    /// A piece that the disk has not kept.
    lost: Cell<Option<u32>>,
}

impl Whole {
    fn copy_to(&self, out: &mut dyn Write) -> io::Result<()> {
        for index in 0..self.body.pieces() {
            let key = Node::piece_key(self.cell, self.attachment, index);
            let sealed = match self.vault.get(&key) {
                Ok(Some(sealed)) => sealed,
                Ok(None) | Err(store::ReadError::Damaged) => {
                    self.lost.set(Some(index));
                    return Err(io::Error::other("a part of it is not on the disk"));
                }
                Err(error) => return Err(io::Error::other(error)),
            };
            let piece = self.body.open(&self.attachment, index, &sealed);
            let wrong = || io::Error::other("its sender made it wrongly; it cannot be opened");
            out.write_all(&piece.ok_or_else(wrong)?)?;
        }
        Ok(())
    }
}

/// What is stored of an attachment; none if the message has none.
pub(crate) fn stored(
    vault: &Vault,
    cell: CellId,
    message: MessageId,
) -> Result<Option<AttachmentBody>, ClientError> {
    let Some(record) = vault.get(&Node::attachment_key(cell, message))? else {
        return Ok(None);
    };
    let body = Node::read_attachment(&record).map_err(|_| store::ReadError::Damaged)?;
    Ok(Some(body))
}

/// A file that the person named: its name, size and beginning.
fn open(path: &Path) -> Result<(FileName, u64, Vec<u8>, File), ClientError> {
    let mut file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(unreadable(io::Error::other("it is no file")));
    }
    let name = path.file_name().map(|name| name.to_string_lossy());
    let mut beginning = Vec::with_capacity(BEGINNING);
    Read::by_ref(&mut file)
        .take(BEGINNING as u64)
        .read_to_end(&mut beginning)
        .map_err(unreadable)?;
    let name = FileName::sanitise(&name.unwrap_or_default());
    Ok((name, metadata.len(), beginning, file))
}

fn offer(name: FileName, size: u64, beginning: &[u8], limit: u64) -> Result<Offer, ClientError> {
    let is_picture = picture::is_picture(beginning);
    check_size(
        size,
        if is_picture {
            picture::FILE_LIMIT
        } else {
            limit
        },
    )?;
    Ok(Offer {
        name,
        size,
        is_picture,
    })
}

/// Said before anything of the file is read.
fn check_size(size: u64, limit: u64) -> Result<(), ClientError> {
    if size == 0 {
        return Err(ClientError::new(Kind::FileUnsafe, "this file is empty"));
    }
    if size > limit {
        return Err(ClientError::core(ErrorKind::AttachmentTooLarge));
    }
    Ok(())
}

fn prepare(source: Source, as_file: bool, limit: u64) -> Result<Prepared, ClientError> {
    let (name, size, beginning, mut bytes): (_, _, _, Box<dyn Read + Send>) = match source {
        Source::Path(path) => {
            let (name, size, beginning, rest) = open(&path)?;
            let whole = Cursor::new(beginning.clone()).chain(rest);
            (name, size, beginning, Box::new(whole))
        }
        Source::Bytes(name, bytes) => {
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let beginning = bytes[..bytes.len().min(BEGINNING)].to_vec();
            let whole = Cursor::new(Pasted(bytes));
            (FileName::sanitise(&name), size, beginning, Box::new(whole))
        }
    };
    if as_file || !picture::is_picture(&beginning) {
        check_size(size, limit)?;
        let about = About {
            name,
            media: Media::File,
            size,
        };
        return Ok(Prepared { about, bytes });
    }
    check_size(size, picture::FILE_LIMIT)?;
    let mut original = Zeroizing::new(Vec::new());
    bytes
        .by_ref()
        .take(picture::FILE_LIMIT)
        .read_to_end(&mut original)
        .map_err(unreadable)?;
    let rewritten = picture::rewrite(&original, picture::SIDE)
        .map_err(|error| ClientError::new(Kind::FileUnsafe, error))?;
    let size = u64::try_from(rewritten.bytes.len()).unwrap_or(u64::MAX);
    check_size(size, limit)?;
    let about = About {
        // What it was called may say when it was taken, and of whom.
        name: FileName::sanitise(rewritten.format.file_name()),
        media: Media::Image {
            width: rewritten.width,
            height: rewritten.height,
        },
        size,
    };
    Ok(Prepared {
        about,
        bytes: Box::new(Cursor::new(rewritten.bytes)),
    })
}

fn unreadable(error: io::Error) -> ClientError {
    ClientError::new(
        Kind::FileUnsafe,
        format!("the file could not be read: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind<T>(result: Result<T, ClientError>) -> Option<&'static str> {
        result.err().map(|error| error.kind().name())
    }

    #[test]
    fn a_file_of_300_mb_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("film.mkv");
        let file = File::create(&path).expect("a file can be made");
        file.set_len(300_000_000).expect("it can be long");
        let limit = proto::ATTACHMENT_LIMIT_FAR;
        let refused = prepare(Source::Path(path), false, limit);
        assert_eq!(kind(refused), Some("attachment_too_large"));
    }

    #[test]
    fn what_only_looks_like_a_picture_is_refused_unless_it_goes_as_a_file() {
        let bytes = || {
            let bytes = b"\x89PNG\r\n\x1a\n and then nothing".to_vec();
            Source::Bytes("x.png".to_owned(), Arc::new(Zeroizing::new(bytes)))
        };
        assert_eq!(kind(prepare(bytes(), false, 1000)), Some("file_unsafe"));
        let plain = prepare(bytes(), true, 1000).expect("it goes as a file");
        assert_eq!(plain.about.media, Media::File);
        assert_eq!(plain.about.name.expose(), "x.png");
    }

    #[test]
    fn a_folder_an_empty_file_and_nothing_are_no_attachments() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("empty");
        File::create(&path).expect("a file can be made");
        for path in [folder.path(), &path, &folder.path().join("nothing")] {
            let prepared = prepare(Source::Path(path.to_owned()), false, 1000);
            assert_eq!(kind(prepared), Some("file_unsafe"));
        }
    }
}
