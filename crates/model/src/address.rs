//! Where a device can be reached.

use std::fmt;

/// A network address in multiaddr text form, for example `/ip4/192.0.2.1/tcp/4001`. Bounded and checked for its
/// alphabet here; what it means is for `net` to say.
#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
pub struct Address(String);

/// Why some text is not an address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an address is a multiaddr of at most {} characters", Address::LIMIT)]
pub struct ParseAddressError;

impl Address {
    /// The longest address in bytes: an onion address with port needs 70.
    pub const LIMIT: usize = 128;

    /// Checks length and alphabet of `text`.
    ///
    /// # Errors
    ///
    /// Fails if `text` does not begin with `/`, is over [`Self::LIMIT`], or holds anything but ASCII letters, digits
    /// and `/ . : -`.
    pub fn parse(text: &str) -> Result<Self, ParseAddressError> {
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | ':' | '-');
        if text.len() > Self::LIMIT || !text.starts_with('/') || !text.chars().all(good) {
            return Err(ParseAddressError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, for dialling, for a peer card or for the person's own screen. Never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bounded_multiaddr_text_is_an_address() {
        assert!(Address::parse("/ip4/127.0.0.1/tcp/4001").is_ok());
        assert!(Address::parse("/ip6/fe80::1/tcp/1").is_ok());
        for wrong in [
            "",
            "127.0.0.1:1",
            "/ip4/1\n",
            &format!("/{}", "a".repeat(128)),
        ] {
            assert_eq!(Address::parse(wrong), Err(ParseAddressError));
        }
    }
}
