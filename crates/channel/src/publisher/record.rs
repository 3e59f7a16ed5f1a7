//! What a publisher writes down, and how it comes back.

use std::collections::BTreeMap;

use crypto::{Secret, SigningKey};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use super::messages::Promise;
use super::signer::Signer;
use super::{Draft, Origin, Publisher, Standing};
use crate::config::{DRAFTS_MAX, PUBLISHERS_MAX, WISHES_MAX};
use crate::content::Content;
use crate::post::Sheet;
use crate::wire::{Bytes, Malformed, SecretBytes, decode, encode_secret};

const VERSION: u8 = 1;

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct PublisherWire {
    version: u8,
    seed: [u8; 32],
    /// 1 if this device knows that it was put back.
    is_old: u8,
    signer: Signer,
    wishes: Vec<SecretBytes>,
    drafts: Vec<DraftWire>,
    promises: Vec<Promise>,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct DraftWire {
    sheet: Bytes,
    round: u64,
    proposer: u8,
    certificate: Vec<Promise>,
    signatures: Vec<SignatureWire>,
    is_wish: u8,
    withdrawn: u8,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct SignatureWire {
    publisher: u8,
    signature: [u8; 64],
}

impl Publisher {
    /// Everything, for sealed storage. It holds the key.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let is_old = match self.standing {
            Standing::RolledBack | Standing::Retiring => 1,
            Standing::Confirmed | Standing::Unconfirmed => 0,
        };
        let wishes = self.wishes.iter();
        encode_secret(&PublisherWire {
            version: VERSION,
            seed: *self.key.seed().expose(),
            is_old,
            signer: self.signer.clone(),
            wishes: wishes
                .map(|wish| wish.to_bytes().as_slice().into())
                .collect(),
            drafts: self.drafts.values().map(DraftWire::of).collect(),
            promises: self.promises.values().copied().collect(),
        })
    }

    /// Brings a publisher back. Whatever it was before, it signs nothing until a reader was met.
    ///
    /// # Errors
    ///
    /// Fails if the record is damaged.
    pub fn restore(bytes: &[u8], origin: Origin) -> Result<Self, Malformed> {
        let wire: PublisherWire = decode(bytes)?;
        let bounded = wire.wishes.len() <= WISHES_MAX
            && wire.drafts.len() <= DRAFTS_MAX
            && wire.promises.len() <= PUBLISHERS_MAX;
        if wire.version != VERSION || !bounded {
            return Err(Malformed);
        }
        let standing = if wire.is_old == 0 {
            Standing::Unconfirmed
        } else {
            Standing::RolledBack
        };
        let wishes = wire
            .wishes
            .iter()
            .map(|wish| Content::parse(wish.as_slice()));
        let mut drafts = BTreeMap::new();
        for draft in wire.drafts {
            let draft = draft.read()?;
            drafts.insert(draft.sheet.id(), draft);
        }
        let promises = wire.promises.into_iter();
        let mut read = Self {
            key: SigningKey::from_seed(&Secret::from_bytes(wire.seed)),
            standing,
            signer: wire.signer,
            wishes: wishes.collect::<Result<_, _>>()?,
            drafts,
            promises: promises.map(|one| (one.turn().publisher, one)).collect(),
        };
        if read.to_bytes().as_slice() != bytes {
            return Err(Malformed);
        }
        if origin == Origin::Backup {
            read.standing = Standing::RolledBack;
        }
        Ok(read)
    }
}

impl DraftWire {
    fn of(draft: &Draft) -> Self {
        let signatures = draft.signatures.iter();
        Self {
            sheet: draft.sheet.as_bytes().into(),
            round: draft.round,
            proposer: draft.proposer,
            certificate: draft.certificate.clone(),
            signatures: signatures
                .map(|(publisher, signature)| SignatureWire {
                    publisher: *publisher,
                    signature: *signature,
                })
                .collect(),
            is_wish: u8::from(draft.is_wish),
            withdrawn: u8::from(draft.withdrawn),
        }
    }

    fn read(self) -> Result<Draft, Malformed> {
        let signatures = self.signatures.into_iter();
        Ok(Draft {
            sheet: Sheet::parse(self.sheet.as_slice()).map_err(|_| Malformed)?,
            round: self.round,
            proposer: self.proposer,
            certificate: self.certificate,
            signatures: signatures
                .map(|one| (one.publisher, one.signature))
                .collect(),
            is_wish: self.is_wish == 1,
            withdrawn: self.withdrawn == 1,
        })
    }
}
