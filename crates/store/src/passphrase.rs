//! What the person types: normalised, measured, generated, and gone from memory when dropped.
//!
//! It is not a key: `header` stretches it with Argon2id. Estimating the strength copies it inside zxcvbn, which does not
//! zero its copies; that happens once, when a profile is made or its passphrase changed, and never at unlock.

use std::fmt;

use crypto::Rng;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Words in a generated passphrase: 6 × log2(7776) = 77.5 bits.
const GENERATED_WORDS: usize = 6;

/// Offline guessing has no lock-out, so a chosen passphrase has to hold alone (STORAGE, Passphrase and memory).
const GUESSES_LOG10_MIN: f64 = 14.0;

/// NFKC at most makes 18 bytes of one; room for all of it keeps the text from being moved (and left behind) in memory.
const NFKC_GROWTH_MAX: usize = 18;

/// A passphrase, NFKC-normalised and trimmed, so that the same keys typed on another system give the same bytes.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes what was typed. Anything can be tried; only a strong one can be set ([`Self::is_strong`]).
    pub fn new(typed: &str) -> Self {
        let mut normal = Zeroizing::new(String::with_capacity(typed.len() * NFKC_GROWTH_MAX));
        normal.extend(typed.nfkc());
        Self(Zeroizing::new(normal.trim().to_owned()))
    }

    /// Draws six words of the EFF long list.
    pub fn generate(rng: &mut Rng) -> Self {
        let list = &diceware_wordlists::EFF_LONG_WORDLIST;
        loop {
            let mut words = Zeroizing::new(String::with_capacity(GENERATED_WORDS * 16));
            for position in 0..GENERATED_WORDS {
                if position > 0 {
                    words.push(' ');
                }
                let index = usize::try_from(rng.below(list.len() as u64)).unwrap_or(0);
                words.push_str(list[index]);
            }
            let drawn = Self(words);
            // A draw such as one word six times happens once in 10^19: it must not be handed out and then refused.
            if drawn.is_strong() {
                return drawn;
            }
        }
    }

    /// Whether a profile may be protected with it: zxcvbn expects at least 10^14 guesses.
    pub fn is_strong(&self) -> bool {
        self.guesses_log10() >= GUESSES_LOG10_MIN
    }

    /// How hard it is to guess, from 0 to 4, where only 4 may protect a profile: quarters of the way there, in powers of
    /// ten.
    pub fn score(&self) -> u8 {
        let guesses = self.guesses_log10();
        let quarters = [0.25, 0.5, 0.75, 1.0].map(|part| part * GUESSES_LOG10_MIN);
        let passed = quarters.into_iter().filter(|least| guesses >= *least);
        u8::try_from(passed.count()).unwrap_or(0)
    }

    fn guesses_log10(&self) -> f64 {
        zxcvbn::zxcvbn(&self.0, &[]).guesses_log10()
    }

    /// The text, to show a generated one once and to stretch it. Every call is a place to review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

#[cfg(test)]
mod tests {
    use crypto::Secret;

    use super::*;

    #[test]
    fn what_is_typed_differently_but_reads_alike_is_one_passphrase() {
        let composed = Passphrase::new(" caf\u{e9} \u{fb01}ne ");
        let decomposed = Passphrase::new("cafe\u{301} fine\u{a0}");
        assert_eq!(composed.expose(), decomposed.expose());
        assert_eq!(composed.expose(), "caf\u{e9} fine");
    }

    #[test]
    fn generated_passphrases_are_six_words_and_strong() {
        let mut rng = Rng::from_seed(&Secret::from_bytes([5; 32]));
        for _ in 0..50 {
            let passphrase = Passphrase::generate(&mut rng);
            assert_eq!(passphrase.expose().split(' ').count(), 6);
            assert!(passphrase.is_strong());
        }
        let one = Passphrase::generate(&mut rng);
        assert_ne!(one.expose(), Passphrase::generate(&mut rng).expose());
    }

    #[test]
    fn the_word_list_is_the_long_one() {
        let list = &diceware_wordlists::EFF_LONG_WORDLIST;
        assert_eq!(list.len(), 7776);
        assert_eq!((list[0], list[7775]), ("abacus", "zoom"));
        assert!(list.iter().all(|word| word.len() >= 3));
    }

    #[test]
    fn guessable_passphrases_are_weak() {
        for guessable in [
            "",
            "password",
            "correct horse",
            "Tr0ub4dor&3",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(!Passphrase::new(guessable).is_strong(), "{guessable}");
        }
    }

    #[test]
    fn the_score_grows_with_strength_and_is_full_only_where_a_profile_may_be_made() {
        let score = |typed: &str| Passphrase::new(typed).score();
        assert_eq!(score(""), 0);
        assert!(score("correct horse") > score("password"));
        assert_eq!(score("vex quartz jumbo lyric nymph"), 4);
        for typed in [
            "",
            "password",
            "correct horse battery",
            "vex quartz jumbo lyric nymph",
        ] {
            let passphrase = Passphrase::new(typed);
            assert_eq!(passphrase.score() == 4, passphrase.is_strong(), "{typed}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Passphrase::new("hello")), "Passphrase(..)");
    }
}
