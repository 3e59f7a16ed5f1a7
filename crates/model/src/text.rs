//! Text that people write. Bounded, and never printed by accident.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The text of one message. Zeroed when dropped.
#[derive(Clone, Eq, PartialEq)]
pub struct MessageText(Zeroizing<String>);

impl MessageText {
    /// The longest text one message can carry, in bytes. Anything longer is an attachment (PROTOCOL §2).
    pub const LIMIT: usize = 16 * 1024;

    /// Checks the length of `text`.
    ///
    /// # Errors
    ///
    /// Fails if `text` is empty or nothing but white space, or longer than [`Self::LIMIT`].
    pub fn parse(text: String) -> Result<Self, ParseTextError> {
        let text = Zeroizing::new(text);
        if text.trim().is_empty() {
            return Err(ParseTextError::Empty);
        }
        if text.len() > Self::LIMIT {
            return Err(ParseTextError::TooLong {
                len: text.len(),
                limit: Self::LIMIT,
            });
        }
        Ok(Self(text))
    }

    /// The text, for encryption or display.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MessageText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageText({} bytes)", self.0.len())
    }
}

/// What a member is called in one cell.
///
/// Two names are *confusable* if their Unicode skeletons (UTS 39 §4) are equal after case folding: then one person can
/// pass for another on screen.
#[derive(Clone, Eq, PartialEq)]
pub struct DisplayName(String);

impl DisplayName {
    /// The longest name in bytes: 40 Cyrillic letters and some room.
    pub const LIMIT: usize = 96;

    /// Checks and normalises (NFC, trimmed) a name.
    ///
    /// # Errors
    ///
    /// Fails if nothing is left, if it is over [`Self::LIMIT`], or if it holds control or invisible formatting
    /// characters, bidirectional ones among them.
    pub fn parse(text: &str) -> Result<Self, ParseTextError> {
        parse_line(text, Self::LIMIT).map(Self)
    }

    /// The name, for display.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether a person could take one name for the other.
    pub fn is_confusable_with(&self, other: &Self) -> bool {
        let others = other.skeletons();
        self.skeletons()
            .iter()
            .any(|skeleton| others.contains(skeleton))
    }

    /// The skeletons of the name as written, in small and in capital letters: a letter may have its double in one case
    /// only (Cyrillic В and Latin B).
    fn skeletons(&self) -> [String; 3] {
        let visible: String = self.0.chars().filter(|c| !c.is_whitespace()).collect();
        [visible.to_lowercase(), visible.to_uppercase(), visible].map(|form| {
            let once: String = unicode_security::skeleton(&form).collect();
            // Folding brings new look-alikes (capital I, small l, digit 1), so the folded skeleton is taken once more.
            unicode_security::skeleton(&once.to_lowercase()).collect()
        })
    }
}

impl fmt::Debug for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DisplayName({} bytes)", self.0.len())
    }
}

/// What the person calls a cell on their own device. It never leaves the device.
#[derive(Clone, Eq, PartialEq)]
pub struct CellName(String);

impl CellName {
    /// The longest name in bytes.
    pub const LIMIT: usize = 96;

    /// Checks and normalises (NFC, trimmed) a name.
    ///
    /// # Errors
    ///
    /// As [`DisplayName::parse`].
    pub fn parse(text: &str) -> Result<Self, ParseTextError> {
        parse_line(text, Self::LIMIT).map(Self)
    }

    /// The name, for display.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CellName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CellName({} bytes)", self.0.len())
    }
}

/// Defines a line that members of a cell write to each other beside messages. Zeroed when dropped.
macro_rules! secret_line {
    ($(#[$doc:meta])* $name:ident, $limit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Eq, PartialEq)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// The longest one in bytes.
            pub const LIMIT: usize = $limit;

            /// Checks and normalises (NFC, trimmed) a line.
            ///
            /// # Errors
            ///
            /// As [`DisplayName::parse`].
            pub fn parse(text: &str) -> Result<Self, ParseTextError> {
                parse_line(text, Self::LIMIT).map(|line| Self(Zeroizing::new(line)))
            }

            /// The line, for encryption or display.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({} bytes)"), self.0.len())
            }
        }
    };
}

secret_line! {
    /// The place that a cell has chosen for a call. With 180 bytes (ninety Cyrillic letters) it is padded to the size of
    /// the smallest message.
    PlanPlace, 180
}
secret_line! {
    /// Why a call is called off: 280 letters of any script that calls are written in.
    CancelReason, 1120
}

/// Why some text cannot be what it was meant to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ParseTextError {
    /// There is nothing in it.
    #[error("the text is empty")]
    Empty,
    /// It is over the limit of its type.
    #[error("the text is {len} bytes, the limit is {limit}")]
    TooLong {
        /// Length of the text in bytes.
        len: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// It holds characters that do not show or that reorder what is around them.
    #[error("the name holds invisible or control characters")]
    Invisible,
}

pub(crate) fn parse_line(text: &str, limit: usize) -> Result<String, ParseTextError> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        return Err(ParseTextError::Empty);
    }
    if text.len() > limit {
        return Err(ParseTextError::TooLong {
            len: text.len(),
            limit,
        });
    }
    if text.chars().any(is_invisible) {
        return Err(ParseTextError::Invisible);
    }
    Ok(text)
}

/// Controls, bidirectional and zero-width formatting, variation selectors, tags, fillers and private use.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> DisplayName {
        DisplayName::parse(text).unwrap()
    }

    #[test]
    fn debug_does_not_show_the_text() {
        let text = MessageText::parse("meet at dawn".to_owned()).unwrap();
        assert_eq!(format!("{text:?}"), "MessageText(12 bytes)");
        assert_eq!(format!("{:?}", name("Олена")), "DisplayName(10 bytes)");
    }

    #[test]
    fn text_over_the_limit_is_refused() {
        let len = MessageText::LIMIT + 1;
        let result = MessageText::parse("x".repeat(len));
        assert_eq!(
            result,
            Err(ParseTextError::TooLong {
                len,
                limit: MessageText::LIMIT
            })
        );
        assert_eq!(
            MessageText::parse(" \n ".to_owned()),
            Err(ParseTextError::Empty)
        );
    }

    #[test]
    fn look_alikes_are_confusable() {
        for (a, b) in [
            ("Bob", "Воb"),
            ("carol", "CAROL"),
            ("Alice", "A1ice"),
            ("Al ice", "Alice"),
            ("pete", "реtе"),
        ] {
            assert!(name(a).is_confusable_with(&name(b)), "{a} and {b}");
        }
        assert!(!name("alice").is_confusable_with(&name("bob")));
    }

    #[test]
    fn names_with_invisible_characters_are_refused() {
        for wrong in [
            "bo\u{202e}b",
            "bo\u{200b}b",
            "bob\u{0}",
            "b\nob",
            "\u{3164}x",
        ] {
            assert_eq!(DisplayName::parse(wrong), Err(ParseTextError::Invisible));
        }
        assert_eq!(DisplayName::parse("  "), Err(ParseTextError::Empty));
    }

    proptest! {
        #[test]
        fn a_parsed_name_parses_to_itself(text in "\\PC{0,60}") {
            if let Ok(parsed) = DisplayName::parse(&text) {
                prop_assert_eq!(DisplayName::parse(parsed.expose()).unwrap(), parsed);
            }
        }

        #[test]
        fn every_name_is_confusable_with_itself_in_capitals(text in "[a-zа-я]{1,20}") {
            prop_assert!(name(&text).is_confusable_with(&name(&text.to_uppercase())));
        }
    }
}
