//! Words that can be read aloud in any language: proquints.
//!
//! A proquint (D. S. Wilkerson, "A Proposal for Proquints", arXiv:0901.4016) writes 16 bits as five letters, consonant
//! and vowel in turn: four bits a consonant, two bits a vowel. No word list has to be shipped, translated or licensed,
//! every word is new to everybody alike, and no word can mean something embarrassing in one language only by our choice.
//! What it is not: secret. A phrase is meant to be said on the telephone.

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aiou";

/// The five letters for 16 bits.
pub(crate) fn proquint(bits: u16) -> String {
    let consonant = |shift: u16| char::from(CONSONANTS[usize::from(bits >> shift & 0xf)]);
    let vowel = |shift: u16| char::from(VOWELS[usize::from(bits >> shift & 0x3)]);
    [
        consonant(12),
        vowel(10),
        consonant(6),
        vowel(4),
        consonant(0),
    ]
    .iter()
    .collect()
}

/// The phrase for 32 bits: two words with a hyphen. 32 and no fewer, because PROTOCOL §6 asks for at least 30; no more,
/// because people compare two words to the end and skim over four.
pub(crate) fn phrase(bits: [u8; 4]) -> String {
    let [a, b, c, d] = bits;
    let (first, second) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    format!("{}-{}", proquint(first), proquint(second))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_examples_of_the_paper_come_out() {
        for (address, words) in [
            ([127, 0, 0, 1], "lusab-babad"),
            ([63, 84, 220, 193], "gutih-tugad"),
            ([63, 118, 7, 35], "gutuk-bisog"),
            ([140, 98, 193, 141], "mudof-sakat"),
            ([64, 255, 6, 200], "haguz-biram"),
            ([128, 30, 52, 45], "mabiv-gibot"),
            ([147, 67, 119, 2], "natag-lisaf"),
            ([212, 58, 253, 68], "tibup-zujah"),
            ([216, 35, 68, 215], "tobog-higil"),
            ([216, 68, 232, 21], "todah-vobij"),
            ([198, 81, 129, 136], "sinid-makam"),
            ([12, 110, 110, 204], "budov-kuras"),
        ] {
            assert_eq!(phrase(address), words);
        }
    }

    #[test]
    fn no_two_numbers_share_a_word() {
        let words: BTreeSet<String> = (0..=u16::MAX).map(proquint).collect();
        assert_eq!(words.len(), 1 << 16);
    }
}
