//! One emoji with which a member reacts to a message.

use std::fmt;

use unicode_normalization::char::is_combining_mark;

use crate::text::is_invisible;

/// One emoji, as UTS 51 §1.4.9 lets it be written: a symbol with its modifiers, several joined into one, or a flag.
#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
pub struct Emoji(String);

impl Emoji {
    /// The longest one in bytes: a family of four with skin tones has 41, a family without has 25, a flag of a region 28.
    pub const LIMIT: usize = 32;

    /// Checks that `text` is one emoji.
    ///
    /// # Errors
    ///
    /// Fails if `text` is empty, longer than [`Self::LIMIT`], or anything else than one emoji: letters, several of them,
    /// marks that pile up, controls, or what reorders the text around it.
    pub fn parse(text: &str) -> Result<Self, ParseEmojiError> {
        if text.len() > Self::LIMIT || !is_one(text) {
            return Err(ParseEmojiError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The emoji, for display.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Emoji({} bytes)", self.0.len())
    }
}

/// The text is not one emoji.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("this is not one emoji")]
pub struct ParseEmojiError;

const JOINER: char = '\u{200d}';
const PRESENTATION: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

fn is_one(text: &str) -> bool {
    if let [first, second] = text.chars().collect::<Vec<_>>()[..]
        && is_region(first)
        && is_region(second)
    {
        return true;
    }
    let mut elements = text.split(JOINER);
    elements.all(is_element)
}

/// One symbol and what modifies it.
fn is_element(element: &str) -> bool {
    let mut chars = element.chars();
    let Some(first) = chars.next() else {
        return false;
    };
    let rest = chars.as_str();
    if first.is_ascii_digit() || first == '#' || first == '*' {
        return rest.trim_start_matches(PRESENTATION) == KEYCAP.to_string() && rest.len() <= 6;
    }
    let Some(rest) = is_symbol(first).then_some(rest) else {
        return false;
    };
    let mut chars = rest.chars();
    match chars.next() {
        None => true,
        Some(PRESENTATION | '\u{fe0e}' | '\u{1f3fb}'..='\u{1f3ff}') => chars.as_str().is_empty(),
        // Tags name a region under a flag; the last one ends them.
        Some('\u{e0020}'..='\u{e007e}') => {
            rest.ends_with('\u{e007f}')
                && rest.chars().all(|c| matches!(c, '\u{e0020}'..='\u{e007f}'))
        }
        Some(_) => false,
    }
}

fn is_region(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Symbols, among them those that are letters in a frame; none that Unicode gives a meaning to are left out, so that
/// emoji of later versions pass.
fn is_symbol(c: char) -> bool {
    let framed =
        matches!(c, '\u{2100}'..='\u{214f}' | '\u{2460}'..='\u{24ff}' | '\u{1f100}'..='\u{1f2ff}');
    c >= '\u{a9}'
        && (framed || !c.is_alphanumeric())
        && !c.is_whitespace()
        && !is_invisible(c)
        && !is_combining_mark(c)
        && !is_region(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn emoji_of_every_form_are_taken() {
        for good in [
            "👍",
            "❤",
            "❤\u{fe0f}",
            "👍🏽",
            "🇺🇦",
            "1\u{fe0f}\u{20e3}",
            "👨‍👩‍👧‍👦",
            "🏳\u{fe0f}‍🌈",
            "🅰",
            "©",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        ] {
            assert!(Emoji::parse(good).is_ok(), "{good}");
        }
        assert_eq!(
            format!("{:?}", Emoji::parse("👍").unwrap()),
            "Emoji(4 bytes)"
        );
    }

    #[test]
    fn nothing_else_is_taken() {
        for wrong in [
            "",
            " ",
            "a",
            "ok",
            "Ж",
            "1",
            "👍👍",
            "👍 ",
            "👍\u{202e}",
            "👍\u{301}",
            "\u{200d}",
            "👍\u{200d}",
            "\u{202e}",
            "\u{7}",
            "e\u{301}",
            "🇺",
            "👨‍👩‍👧‍👦‍👨‍👩‍👧‍👦",
        ] {
            assert_eq!(Emoji::parse(wrong), Err(ParseEmojiError), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_short_and_shows(text in "\\PC{1,6}") {
            if let Ok(emoji) = Emoji::parse(&text) {
                prop_assert!(emoji.expose().len() <= Emoji::LIMIT);
                prop_assert!(!emoji.expose().chars().any(|c| c.is_control() || c.is_whitespace()));
            }
        }
    }
}
