//! The messages of the handshake, in the TLS presentation language.
//!
//! What it is: bytes to structures and back. What it is not: trusted. What comes out of [`decode`] has the right shape
//! and nothing more; [`super::inviter`] and [`super::newcomer`] check the rest. None of these types has a `Debug` form:
//! they hold names and keys. Byte strings are `Vec<u8>`, which reads element by element: `VLBytes` of tls_codec 0.5
//! asserts, in builds with debug assertions, that its input is long enough, and a peer must not be able to stop us.

use tls_codec::{DeserializeBytes, Serialize, TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::handshake::HandshakeError;

/// The one version of the handshake that we speak.
pub(super) const VERSION: u8 = 1;

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(super) enum Message {
    #[tls_codec(discriminant = 1)]
    Hello(Hello),
    Reveal(Reveal),
    Open(Open),
    Proof(Proof),
    Accept(Accept),
    Refuse(Refuse),
}

/// Newcomer: I know the secret, and this is the commitment to what I am about to say.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Hello {
    pub(super) version: u8,
    pub(super) commitment: [u8; 32],
    pub(super) mac: [u8; 32],
}

/// Inviter: so do I, and this is who I am.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Reveal {
    pub(super) nonce: [u8; 32],
    pub(super) key: [u8; 32],
    pub(super) members: u16,
    pub(super) mac: [u8; 32],
}

/// Newcomer: this is what I had committed to.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Open {
    pub(super) opening: Opening,
    pub(super) mac: [u8; 32],
    pub(super) signature: [u8; 64],
}

/// All that a newcomer may choose, and so all that it commits to before it knows the inviter's nonce.
#[derive(Clone, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Opening {
    pub(super) nonce: [u8; 32],
    pub(super) key: [u8; 32],
    pub(super) incarnation: [u8; 16],
    pub(super) name: Vec<u8>,
    pub(super) key_package: Vec<u8>,
    pub(super) card: Vec<u8>,
}

/// Inviter: I have seen all of it.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Proof {
    pub(super) mac: [u8; 32],
    pub(super) signature: [u8; 64],
}

/// Inviter: the person let you in.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Accept {
    pub(super) mac: [u8; 32],
    pub(super) bundle: Vec<u8>,
}

/// Inviter: no, and why.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Refuse {
    pub(super) mac: [u8; 32],
    pub(super) reason: u8,
}

/// Reads one whole message of at most `limit` bytes.
pub(super) fn decode(bytes: &[u8], limit: usize) -> Result<Message, HandshakeError> {
    if bytes.len() > limit {
        return Err(HandshakeError::Malformed);
    }
    Message::tls_deserialize_exact_bytes(bytes).map_err(|_| HandshakeError::Malformed)
}

/// Writes one message.
pub(super) fn encode(message: &Message) -> Vec<u8> {
    // Writing into memory fails only beyond a length of 2^30, and every length was checked against a limit before.
    message.tls_serialize_detached().unwrap_or_default()
}
