//! Sealing for every carrier but a direct stream between members: mailbox, LAN, a file on a stick (PROTOCOL §2, §5).
//!
//! What it is: the **carrier key**, under which whole envelopes, header and signature included, travel where others may
//! see them, and the form in which they do ([`bundle`]). What it is not: the protection of what people say; that is the
//! send group's, inside. A carrier key hides who speaks, how often and to whom. Every member holds it, so it says nothing
//! about which member sealed something, and it does not make what it opens true: envelopes are checked as from anybody.
//!
//! Who may use which key is the caller's to decide: whoever has seen a removal uses only a key created after it.

pub(crate) mod bundle;

use crypto::{Context, Rng, Secret, hash};

const ID: Context = Context::new("vigil carrier key id v1");

/// Seals what travels outside direct streams. Random, sent through send groups; several are alive at once.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct CarrierKey(Secret<32>);

impl CarrierKey {
    /// Makes a new key.
    pub(crate) fn generate(rng: &mut Rng) -> Self {
        Self(rng.secret())
    }

    /// Takes over a key that came through a send group or from storage.
    pub(crate) const fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// The key itself, for a send group or for storage.
    pub(crate) const fn secret(&self) -> &Secret<32> {
        &self.0
    }

    /// Its name: a hash of it. 16 bytes are enough, because nobody gains from two keys with one name. Like the key it
    /// stays inside the cell: seen outside, it would tie things of one cell together.
    pub(crate) fn id(&self) -> [u8; 16] {
        let mut id = [0; 16];
        id.copy_from_slice(&hash(ID, &[self.0.expose()])[..16]);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_its_hash_and_never_shown() {
        let mut rng = Rng::from_seed(&Secret::from_bytes([1; 32]));
        let (one, two) = (
            CarrierKey::generate(&mut rng),
            CarrierKey::generate(&mut rng),
        );
        assert_ne!(one.id(), two.id());
        assert_eq!(CarrierKey::from_secret(one.secret().clone()).id(), one.id());
        assert_ne!(
            &one.id(),
            one.secret().expose().first_chunk::<16>().unwrap()
        );
        assert_eq!(format!("{one:?}"), "CarrierKey(Secret(32 bytes))");
    }
}
