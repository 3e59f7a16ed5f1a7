//! Links under a passphrase. To make or open one takes about a second and 256 MiB, so the core does neither: whoever needs
//! one calls these on a thread of their own, one at a time.

use channel::{Link, LinkError};
use crypto::Rng;
use crypto::kdf::KdfParams;
use zeroize::Zeroizing;

/// A link as text that takes a passphrase to use.
///
/// # Errors
///
/// Fails if it is no link without one, or if this would cost more than readers try.
pub fn guard_link(
    link: &str,
    passphrase: &[u8],
    cost: KdfParams,
    rng: &mut Rng,
) -> Result<Zeroizing<String>, LinkError> {
    Link::parse(link, None)?.to_guarded_text(passphrase, cost, rng)
}

/// The link in a text that may take a passphrase. For one that takes none this is cheap.
///
/// # Errors
///
/// Fails if it is no link, if the passphrase is missing or wrong, or if to try would cost too much.
pub fn open_link(link: &str, passphrase: Option<&[u8]>) -> Result<Zeroizing<String>, LinkError> {
    Ok(Link::parse(link, passphrase)?.to_text())
}
