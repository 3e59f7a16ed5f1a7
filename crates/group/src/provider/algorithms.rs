//! `OpenMlsCrypto`, `OpenMlsRand` and `Signer` over the `crypto` crate: the two suites we speak and nothing else.

use std::sync::{Mutex, PoisonError};

use crypto::hpke::{self, HpkeError, Kem};
use crypto::{PrfKey, Rng, Secret, SigningKey, VerifyingKey, aead, hkdf};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::random::OpenMlsRand;
use openmls_traits::signatures::SignerError;
use openmls_traits::types::{
    AeadType, Ciphersuite, CryptoError, ExporterSecret, HashType, HpkeAeadType, HpkeCiphertext,
    HpkeConfig, HpkeKdfType, HpkeKemType, HpkeKeyPair, KemOutput, SignatureScheme,
};
use tls_codec::SecretVLBytes;

use crate::suite::SUITES;

/// Our primitives with a seeded generator, or with none where only checking is done.
pub(crate) struct Algorithms(Option<Randomness>);

struct Randomness {
    rng: Mutex<Rng>,
    /// Gives each sealing its own randomness out of what is sealed, and to whom. OpenMLS seals the secrets of a path on
    /// several threads, which would draw from the generator in any order.
    sealing: PrfKey,
}

/// There is no generator here.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("randomness was asked for where there is none")]
pub(crate) struct NoRandomness;

impl Algorithms {
    pub(crate) fn new(mut rng: Rng) -> Self {
        let sealing = PrfKey::new(rng.secret());
        Self(Some(Randomness {
            rng: Mutex::new(rng),
            sealing,
        }))
    }

    /// For checking signatures and packages, which needs no randomness.
    pub(crate) const fn without_randomness() -> Self {
        Self(None)
    }

    fn with_rng<T>(&self, draw: impl FnOnce(&mut Rng) -> T) -> Result<T, NoRandomness> {
        let Randomness { rng, .. } = self.0.as_ref().ok_or(NoRandomness)?;
        // A generator is good for use after a panic elsewhere: it has no invariant that could be half kept.
        let mut rng = rng.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(draw(&mut rng))
    }
}

impl OpenMlsRand for Algorithms {
    type Error = NoRandomness;

    fn random_array<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        self.with_rng(Rng::array)
    }

    fn random_vec(&self, len: usize) -> Result<Vec<u8>, NoRandomness> {
        self.with_rng(|rng| {
            let mut bytes = vec![0; len];
            rng.fill(&mut bytes);
            bytes
        })
    }
}

impl OpenMlsCrypto for Algorithms {
    fn supports(&self, ciphersuite: Ciphersuite) -> Result<(), CryptoError> {
        if SUITES.contains(&ciphersuite) {
            Ok(())
        } else {
            Err(CryptoError::UnsupportedCiphersuite)
        }
    }

    fn supported_ciphersuites(&self) -> Vec<Ciphersuite> {
        SUITES.to_vec()
    }

    fn hkdf_extract(
        &self,
        hash: HashType,
        salt: &[u8],
        ikm: &[u8],
    ) -> Result<SecretVLBytes, CryptoError> {
        require_sha256(hash)?;
        Ok(hkdf::extract(salt, &[ikm]).expose().as_slice().into())
    }

    fn hmac(
        &self,
        hash: HashType,
        key: &[u8],
        message: &[u8],
    ) -> Result<SecretVLBytes, CryptoError> {
        require_sha256(hash)?;
        Ok(hkdf::hmac_sha256(key, &[message])
            .expose()
            .as_slice()
            .into())
    }

    fn hkdf_expand(
        &self,
        hash: HashType,
        prk: &[u8],
        info: &[u8],
        len: usize,
    ) -> Result<SecretVLBytes, CryptoError> {
        require_sha256(hash)?;
        let mut out = vec![0; len];
        hkdf::expand(prk, &[info], &mut out).map_err(|_| CryptoError::HkdfOutputLengthInvalid)?;
        Ok(out.into())
    }

    fn hash(&self, hash: HashType, data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        require_sha256(hash)?;
        Ok(hkdf::sha256(data).to_vec())
    }

    fn aead_encrypt(
        &self,
        alg: AeadType,
        key: &[u8],
        data: &[u8],
        nonce: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        let (key, nonce) = key_and_nonce(alg, key, nonce)?;
        Ok(aead::seal_mls(&key, &nonce, aad, data))
    }

    fn aead_decrypt(
        &self,
        alg: AeadType,
        key: &[u8],
        ct_tag: &[u8],
        nonce: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        let (key, nonce) = key_and_nonce(alg, key, nonce)?;
        aead::open_mls(&key, &nonce, aad, ct_tag).map_err(|_| CryptoError::AeadDecryptionError)
    }

    fn signature_key_gen(&self, alg: SignatureScheme) -> Result<(Vec<u8>, Vec<u8>), CryptoError> {
        require_ed25519(alg)?;
        let seed: Secret<32> = self
            .with_rng(Rng::secret)
            .map_err(|_| CryptoError::InsufficientRandomness)?;
        let public = SigningKey::from_seed(&seed).verifying_key().to_bytes();
        Ok((seed.expose().to_vec(), public.to_vec()))
    }

    fn verify_signature(
        &self,
        alg: SignatureScheme,
        data: &[u8],
        pk: &[u8],
        signature: &[u8],
    ) -> Result<(), CryptoError> {
        require_ed25519(alg)?;
        let key: [u8; 32] = pk.try_into().map_err(|_| CryptoError::InvalidPublicKey)?;
        let key = VerifyingKey::parse(&key).map_err(|_| CryptoError::InvalidPublicKey)?;
        let signature = signature
            .try_into()
            .map_err(|_| CryptoError::InvalidSignature)?;
        key.verify_mls(data, &signature)
            .map_err(|_| CryptoError::InvalidSignature)
    }

    fn sign(&self, alg: SignatureScheme, data: &[u8], key: &[u8]) -> Result<Vec<u8>, CryptoError> {
        require_ed25519(alg)?;
        let seed = Secret::from_bytes(key.try_into().map_err(|_| CryptoError::InvalidLength)?);
        Ok(SigningKey::from_seed(&seed).sign_mls(data).to_vec())
    }

    fn hpke_seal(
        &self,
        config: HpkeConfig,
        pk_r: &[u8],
        info: &[u8],
        aad: &[u8],
        ptxt: &[u8],
    ) -> Result<HpkeCiphertext, CryptoError> {
        let Randomness { sealing, .. } =
            self.0.as_ref().ok_or(CryptoError::InsufficientRandomness)?;
        let mut rng = Rng::from_seed(&sealing.secret(&[pk_r, info, aad, ptxt]));
        let sealed = hpke::seal(kem(&config)?, &mut rng, pk_r, info, aad, ptxt)
            .map_err(|_| CryptoError::HpkeEncryptionError)?;
        Ok(HpkeCiphertext {
            kem_output: sealed.encapsulated.into(),
            ciphertext: sealed.ciphertext.into(),
        })
    }

    fn hpke_open(
        &self,
        config: HpkeConfig,
        input: &HpkeCiphertext,
        sk_r: &[u8],
        info: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        let encapsulated = input.kem_output.as_slice();
        hpke::open(
            kem(&config)?,
            encapsulated,
            sk_r,
            info,
            aad,
            input.ciphertext.as_slice(),
        )
        .map(|opened| opened.to_vec())
        .map_err(|_| CryptoError::HpkeDecryptionError)
    }

    fn hpke_setup_sender_and_export(
        &self,
        config: HpkeConfig,
        pk_r: &[u8],
        info: &[u8],
        exporter_context: &[u8],
        exporter_length: usize,
    ) -> Result<(KemOutput, ExporterSecret), CryptoError> {
        let kem = kem(&config)?;
        self.with_rng(|rng| {
            hpke::send_export(kem, rng, pk_r, info, exporter_context, exporter_length)
        })
        .map_err(|_| CryptoError::InsufficientRandomness)?
        .map(|(encapsulated, secret)| (encapsulated, secret.to_vec().into()))
        .map_err(|_| CryptoError::SenderSetupError)
    }

    fn hpke_setup_receiver_and_export(
        &self,
        config: HpkeConfig,
        enc: &[u8],
        sk_r: &[u8],
        info: &[u8],
        exporter_context: &[u8],
        exporter_length: usize,
    ) -> Result<ExporterSecret, CryptoError> {
        hpke::receive_export(
            kem(&config)?,
            enc,
            sk_r,
            info,
            exporter_context,
            exporter_length,
        )
        .map(|secret| secret.to_vec().into())
        .map_err(|error| match error {
            HpkeError::BadKey | HpkeError::DoesNotOpen => CryptoError::ReceiverSetupError,
            HpkeError::TooLong => CryptoError::ExporterError,
        })
    }

    fn derive_hpke_keypair(
        &self,
        config: HpkeConfig,
        ikm: &[u8],
    ) -> Result<HpkeKeyPair, CryptoError> {
        let pair = kem(&config)?
            .derive_key_pair(ikm)
            .map_err(|_| CryptoError::CryptoLibraryError)?;
        Ok(HpkeKeyPair {
            private: pair.private.expose().as_slice().into(),
            public: pair.public,
        })
    }
}

/// Signs MLS content with a member's identity key.
pub(crate) struct Signer<'a>(pub(crate) &'a SigningKey);

impl openmls_traits::signatures::Signer for Signer<'_> {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.0.sign_mls(payload).to_vec())
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

fn require_sha256(hash: HashType) -> Result<(), CryptoError> {
    if hash == HashType::Sha2_256 {
        Ok(())
    } else {
        Err(CryptoError::UnsupportedHashAlgorithm)
    }
}

fn require_ed25519(alg: SignatureScheme) -> Result<(), CryptoError> {
    if alg == SignatureScheme::ED25519 {
        Ok(())
    } else {
        Err(CryptoError::UnsupportedSignatureScheme)
    }
}

fn key_and_nonce(
    alg: AeadType,
    key: &[u8],
    nonce: &[u8],
) -> Result<(Secret<32>, [u8; 12]), CryptoError> {
    if alg != AeadType::ChaCha20Poly1305 {
        return Err(CryptoError::UnsupportedAeadAlgorithm);
    }
    let key = key.try_into().map_err(|_| CryptoError::InvalidLength)?;
    let nonce = nonce.try_into().map_err(|_| CryptoError::InvalidLength)?;
    Ok((Secret::from_bytes(key), nonce))
}

fn kem(config: &HpkeConfig) -> Result<Kem, CryptoError> {
    let HpkeConfig(kem, kdf, aead) = config;
    if *kdf != HpkeKdfType::HkdfSha256 || *aead != HpkeAeadType::ChaCha20Poly1305 {
        return Err(CryptoError::UnsupportedCiphersuite);
    }
    if *kem == HpkeKemType::DhKem25519 {
        Ok(Kem::X25519)
    } else if *kem == HpkeKemType::XWingKemDraft6 {
        Ok(Kem::XWing)
    } else {
        Err(CryptoError::UnsupportedCiphersuite)
    }
}
