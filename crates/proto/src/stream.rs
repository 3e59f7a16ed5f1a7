//! What bundles and attachments have in common: the nonces of STREAM, and padding that tells little.
//!
//! STREAM is of Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
//! Misuse-Resistance", CRYPTO 2015, §7; Padmé of Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and
//! Communication with PURBs", PoPETs 2019, §4.

use crypto::aead::NONCE_LEN;

/// The nonce of STREAM: number and last-flag. A key is used for one stream only, so nothing else need be in it.
pub(crate) fn chunk_nonce(number: usize, last: bool) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    nonce[..8].copy_from_slice(&(number as u64).to_be_bytes());
    nonce[8] = u8::from(last);
    nonce
}

/// Rounds up so that only as many leading bits may be set as the exponent has digits (PURBs §4.2). `len` is at least 2.
pub(crate) fn padme(len: usize) -> usize {
    let exponent = len.ilog2();
    let significant = exponent.ilog2() + 1;
    let mask = (1 << (exponent - significant)) - 1;
    (len + mask) & !mask
}
