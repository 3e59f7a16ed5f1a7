//! What is inside an application message, once it is opened (PROTOCOL §2, padding).
//!
//! ```text
//! padded    u32 length ‖ content ‖ zeros, to 256 B, 1 KiB, 4 KiB, 16 KiB, then multiples of 16 KiB
//! content   u8 kind, then its fields
//! ```

use crypto::{Context, hash};
use model::{CallId, CellId, MemberId, MessageId};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use crate::attachment::AttachmentIn;
use crate::wire::{Bytes, Malformed, SecretBytes, decode, encode};

const MESSAGE: Context = Context::new("vigil message id v1");
const CALL: Context = Context::new("vigil call id v1");

/// What a member says to the cell.
#[derive(Clone, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(crate) enum Content {
    /// What a person wrote.
    #[tls_codec(discriminant = 1)]
    Text {
        /// Makes the message's id.
        nonce: [u8; 16],
        /// Milliseconds since the Unix epoch, rounded, when it was written.
        written_at: u64,
        /// The text.
        text: SecretBytes,
        /// The message it answers.
        reply_to: Option<[u8; 32]>,
    },
    /// A new carrier key (PROTOCOL §2).
    Carrier {
        /// The key.
        key: [u8; 32],
    },
    /// How its author reacts to a message.
    Reaction {
        /// Which message.
        target: [u8; 32],
        /// One emoji; empty takes it back.
        emoji: Bytes,
    },
    /// Another text for a message of the same author.
    Edit {
        /// Which message.
        target: [u8; 32],
        /// Milliseconds since the Unix epoch, rounded, when it was changed.
        written_at: u64,
        /// The text from here on.
        text: SecretBytes,
    },
    /// A message of the same author is to be forgotten.
    Delete {
        /// Which message.
        target: [u8; 32],
    },
    /// A message with an attachment.
    #[tls_codec(discriminant = 16)]
    Attachment {
        /// Makes the message's id.
        nonce: [u8; 16],
        /// Milliseconds since the Unix epoch, rounded, when it was written.
        written_at: u64,
        /// What is written beside it; may be empty.
        text: SecretBytes,
        /// The message it answers.
        reply_to: Option<[u8; 32]>,
        /// What it is, and what opens it.
        attachment: AttachmentIn,
    },
    /// A call, or what a call of the same author says from here on.
    #[tls_codec(discriminant = 17)]
    Call {
        /// Makes the call's id.
        nonce: [u8; 16],
        /// Milliseconds since the Unix epoch, rounded, when it was shared or changed.
        written_at: u64,
        /// The call (`action::Call`).
        call: SecretBytes,
    },
    /// A post of a channel, with what proves it.
    #[tls_codec(discriminant = 20)]
    Forward {
        /// Makes the message's id, if it is a text.
        nonce: [u8; 16],
        /// Milliseconds since the Unix epoch, rounded, when it was forwarded.
        written_at: u64,
        /// Makes the id of the call of the same author that was taken from it.
        about: Option<[u8; 16]>,
        /// `channel::Forward`.
        proof: SecretBytes,
    },
    /// A call of the same author is called off.
    #[tls_codec(discriminant = 18)]
    CallOff {
        /// Makes the call's id.
        nonce: [u8; 16],
        /// When all of the call is to be gone, in milliseconds since the Unix epoch.
        until: u64,
        /// When it was called off.
        written_at: u64,
        /// Why.
        reason: SecretBytes,
    },
    /// What a member adds to a call.
    CallPart {
        /// Which call.
        target: [u8; 32],
        /// When all of the call is to be gone, in milliseconds since the Unix epoch.
        until: u64,
        /// What they add.
        part: CallPart,
    },
    /// What publishers of a channel say to each other (`channels/publishing.rs`). Everybody else drops it.
    #[tls_codec(discriminant = 32)]
    Whisper {
        /// Which channel.
        channel: [u8; 32],
        /// What.
        said: SecretBytes,
    },
}

/// What a member adds to a call. Each is padded to the smallest size.
#[derive(Clone, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(crate) enum CallPart {
    /// Whether they come: 1 in, 2 maybe, 3 out.
    #[tls_codec(discriminant = 1)]
    Answer(u8),
    /// Takes a role, or leaves it.
    Role {
        /// Its key.
        role: Bytes,
        /// 1 takes it, 0 leaves it.
        take: u8,
    },
    /// The place of the plan; empty takes it back.
    Place(SecretBytes),
    /// When the plan begins, in milliseconds since the Unix epoch; 0 takes it back.
    Time(u64),
    /// Ticks an item of a checklist.
    Tick {
        /// Which list.
        list: u8,
        /// Which item.
        item: u8,
        /// 1 done, 0 not done.
        done: u8,
    },
    /// Who looks after them.
    Buddy(Option<[u8; 32]>),
    /// They are home, since this moment.
    CheckIn(u64),
    /// They presume that a member is held, or take it back.
    Presume {
        /// Whom.
        member: [u8; 32],
        /// 1 held, 0 taken back.
        held: u8,
    },
}

/// The id of a message: nobody but its author can make one that equals it.
pub(crate) fn message_id(cell: &CellId, author: &MemberId, nonce: &[u8; 16]) -> MessageId {
    MessageId::from_bytes(hash(MESSAGE, &[cell.as_bytes(), author.as_bytes(), nonce]))
}

/// The id of a call: nobody but its author can make one that equals it.
pub(crate) fn call_id(cell: &CellId, author: &MemberId, nonce: &[u8; 16]) -> CallId {
    CallId::from_bytes(hash(CALL, &[cell.as_bytes(), author.as_bytes(), nonce]))
}

/// Pads content so that its length tells little.
pub(crate) fn pad(content: &Content) -> Zeroizing<Vec<u8>> {
    let bytes = Zeroizing::new(encode(content));
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let mut padded = Zeroizing::new(Vec::with_capacity(bucket(bytes.len() + 4)));
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(&bytes);
    padded.resize(bucket(bytes.len() + 4), 0);
    padded
}

/// Reads what [`pad`] wrote.
pub(crate) fn unpad(padded: &[u8]) -> Result<Content, Malformed> {
    let (length, rest) = padded.split_first_chunk::<4>().ok_or(Malformed)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Malformed)?;
    let (content, padding) = rest.split_at_checked(length).ok_or(Malformed)?;
    if bucket(length + 4) != padded.len() || padding.iter().any(|byte| *byte != 0) {
        return Err(Malformed);
    }
    decode(content)
}

fn bucket(len: usize) -> usize {
    const STEP: usize = 16 * 1024;
    match len {
        0..=256 => 256,
        257..=1024 => 1024,
        1025..=4096 => 4096,
        _ => len.div_ceil(STEP) * STEP,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_kind_of_a_later_version_is_refused_by_itself() {
        let mut later = encode(&Content::Delete { target: [1; 32] });
        later[0] = 200;
        let mut padded = u32::try_from(later.len()).unwrap().to_be_bytes().to_vec();
        padded.extend(later);
        padded.resize(256, 0);
        assert!(unpad(&padded).is_err());
        padded[4] = 5;
        assert!(unpad(&padded).unwrap() == Content::Delete { target: [1; 32] });
    }

    #[test]
    fn marks_look_like_short_texts() {
        let emoji = "👨‍👩‍👧‍👦".as_bytes().into();
        let text: SecretBytes = "yes".as_bytes().into();
        for content in [
            Content::Reaction {
                target: [1; 32],
                emoji,
            },
            Content::Edit {
                target: [1; 32],
                written_at: 5,
                text: text.clone(),
            },
            Content::Delete { target: [1; 32] },
            Content::Text {
                nonce: [1; 16],
                written_at: 5,
                text,
                reply_to: None,
            },
        ] {
            assert_eq!(pad(&content).len(), 256);
        }
    }

    #[test]
    fn what_members_add_to_a_call_looks_like_short_texts() {
        let place: SecretBytes = "ж".repeat(90).into_bytes().into();
        let role = "police_station_support_x".as_bytes().into();
        let parts = [
            CallPart::CheckIn(1_790_000_000_000),
            CallPart::Answer(1),
            CallPart::Role { role, take: 1 },
            CallPart::Place(place),
            CallPart::Time(1_790_000_000_000),
            CallPart::Tick {
                list: 3,
                item: 15,
                done: 1,
            },
            CallPart::Buddy(Some([1; 32])),
            CallPart::Buddy(None),
            CallPart::Presume {
                member: [1; 32],
                held: 1,
            },
        ];
        let text = Content::Text {
            nonce: [1; 16],
            written_at: 5,
            text: "yes".as_bytes().into(),
            reply_to: None,
        };
        for part in parts {
            let content = Content::CallPart {
                target: [1; 32],
                until: 7,
                part,
            };
            let padded = pad(&content);
            assert_eq!(padded.len(), pad(&text).len());
            assert!(unpad(&padded).unwrap() == content);
        }
    }

    proptest! {
        #[test]
        fn content_is_read_back_and_its_length_is_one_of_few(text in "\\PC{0,6000}") {
            let content = Content::Text {
                nonce: [1; 16], written_at: 5, text: text.into_bytes().into(), reply_to: None,
            };
            let padded = pad(&content);
            prop_assert!([256, 1024, 4096].contains(&padded.len()) || padded.len().is_multiple_of(16384));
            prop_assert!(unpad(&padded).unwrap() == content);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(content) = unpad(&bytes) {
                prop_assert_eq!(pad(&content).to_vec(), bytes);
            }
        }
    }
}
