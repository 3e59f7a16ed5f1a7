//! Attachments as the page shows them.

use base64ct::{Base64, Encoding as _};
use serde::Serialize;
use specta::Type;

/// What sort of thing an attachment is.
#[derive(Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Kind {
    Image,
    File,
}

impl Kind {
    const fn of(is_picture: bool) -> Self {
        if is_picture { Self::Image } else { Self::File }
    }
}

/// Whether an attachment is here, or on its way.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum State {
    /// All of it is here.
    Here,
    /// Somebody is giving it to us.
    Coming,
    /// Nobody who has it can be reached; it goes on by itself.
    Waiting,
    /// Nobody asked for it on this device.
    Offered,
}

/// The attachment of a message. It is called by its message.
#[derive(Serialize, Type)]
pub(crate) struct Attachment {
    attachment: String,
    kind: Kind,
    name: String,
    /// In bytes.
    size: u32,
    /// Of a picture.
    width: Option<u32>,
    height: Option<u32>,
    state: State,
    /// Pieces that are here.
    have: u32,
    /// Pieces in all.
    of: u32,
}

impl From<client::Attachment> for Attachment {
    fn from(attachment: client::Attachment) -> Self {
        let sides = match attachment.about.media {
            client::Media::File => None,
            client::Media::Image { width, height } => Some((width, height)),
        };
        Self {
            attachment: attachment.attachment.to_hex(),
            kind: Kind::of(sides.is_some()),
            name: attachment.about.name.expose().to_owned(),
            size: length(attachment.about.size),
            width: sides.map(|(width, _)| width),
            height: sides.map(|(_, height)| height),
            state: match attachment.state {
                client::AttachmentState::Here => State::Here,
                client::AttachmentState::Coming => State::Coming,
                client::AttachmentState::Waiting => State::Waiting,
                client::AttachmentState::Offered => State::Offered,
            },
            have: attachment.have,
            of: attachment.of,
        }
    }
}

/// A file that was chosen and not yet sent.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Picked {
    token: String,
    name: String,
    /// In bytes.
    size: u32,
    kind: Kind,
    /// Whether it goes as it is, with what programs note in files: who made them, where and when.
    may_carry_metadata: bool,
}

impl Picked {
    pub(crate) fn new(token: String, offer: &client::Offer) -> Self {
        Self {
            token,
            name: offer.name.expose().to_owned(),
            size: length(offer.size),
            kind: Kind::of(offer.is_picture),
            may_carry_metadata: !offer.is_picture,
        }
    }
}

/// A message with an attachment that was sent.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SentAttachment {
    message: String,
    attachment: String,
    kind: Kind,
    may_carry_metadata: bool,
}

impl SentAttachment {
    pub(crate) fn new(message: model::MessageId, offer: &client::Offer) -> Self {
        Self {
            message: message.to_hex(),
            attachment: message.to_hex(),
            kind: Kind::of(offer.is_picture),
            may_carry_metadata: !offer.is_picture,
        }
    }
}

/// A picture that our own encoder wrote, for the page to draw.
#[derive(Serialize, Type)]
pub(crate) struct Picture {
    /// `image/jpeg` or `image/png`.
    media: String,
    /// In base64.
    data: String,
    width: u32,
    height: u32,
}

impl From<client::Picture> for Picture {
    fn from(picture: client::Picture) -> Self {
        Self {
            media: picture.format.media_type().to_owned(),
            data: Base64::encode_string(&picture.bytes),
            width: picture.width,
            height: picture.height,
        }
    }
}

/// No attachment is near four gigabytes.
fn length(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
