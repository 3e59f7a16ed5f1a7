//! Safety numbers: how two members make sure, in person or by voice, that nobody stands between them (PROTOCOL §1).
//!
//! What it is: a number that both compute from the same three things, the cell and their two identity keys. What it is
//! not: secret, or proof of anything until it was compared.
//!
//! Made as Signal makes its own (libsignal, `rust/protocol/src/fingerprint.rs`): the hash is iterated 5,200 times with
//! the keys hashed in each time, so that a search for keys with a matching number costs about 2^12 times more, and
//! each group of five digits is forty bits of it modulo 100,000. Unlike Signal's, which puts two half-length numbers of
//! the two people side by side, it is one number of both people and the cell.
//!
//! Strength: somebody in the middle needs two keys of theirs that give *both* sides one number. That is a collision on
//! 60 digits (199 bits) or on twelve words (192 bits), 2^96 tries or more of 2^12 hashes each.

use crypto::{Context, hash};
use model::{CellId, MemberId};

use crate::invite::phrase::proquint;
use crate::view::SafetyNumber;

const ITERATE: Context = Context::new("vigil safety number v1");
const DIGITS: Context = Context::new("vigil safety number digits v1");
/// As many as Signal's: a few milliseconds for us.
const ITERATIONS: u32 = 5200;
/// Twelve groups of five digits are what people know from other messengers and what fits a card.
const GROUPS: usize = 12;
/// Forty bits a group: the remainder modulo 100,000 is then even to one part in ten million.
const GROUP_BYTES: usize = 5;

/// The safety number of two members of a cell. It is the same whichever of them asks.
pub(crate) fn safety_number(cell: CellId, a: MemberId, b: MemberId) -> SafetyNumber {
    let (first, second) = (a.min(b), a.max(b));
    let mut state = [0; 32];
    for _ in 0..ITERATIONS {
        state = hash(
            ITERATE,
            &[&state, cell.as_bytes(), first.as_bytes(), second.as_bytes()],
        );
    }
    let bytes = [hash(DIGITS, &[&state, &[0]]), hash(DIGITS, &[&state, &[1]])].concat();
    let groups = || bytes.chunks_exact(GROUP_BYTES).take(GROUPS);
    SafetyNumber {
        digits: groups().map(digits).collect::<Vec<_>>().join(" "),
        words: groups().map(word).collect::<Vec<_>>().join(" "),
    }
}

fn digits(group: &[u8]) -> String {
    let number = group
        .iter()
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{:05}", number % 100_000)
}

fn word(group: &[u8]) -> String {
    proquint(u16::from_be_bytes([group[0], group[1]]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const CELL: CellId = CellId::from_bytes([7; 32]);
    const ALICE: MemberId = MemberId::from_bytes([1; 32]);
    const BOB: MemberId = MemberId::from_bytes([2; 32]);
    const CAROL: MemberId = MemberId::from_bytes([3; 32]);

    #[test]
    fn alice_and_bob_see_the_same_number() {
        assert_eq!(
            safety_number(CELL, ALICE, BOB),
            safety_number(CELL, BOB, ALICE)
        );
    }

    #[test]
    fn any_other_member_or_cell_gives_another_number() {
        let mut almost_bob = *BOB.as_bytes();
        almost_bob[31] ^= 1;
        let mut almost_cell = *CELL.as_bytes();
        almost_cell[0] ^= 1;
        let numbers = [
            safety_number(CELL, ALICE, BOB),
            safety_number(CELL, ALICE, CAROL),
            safety_number(CELL, BOB, CAROL),
            safety_number(CELL, ALICE, MemberId::from_bytes(almost_bob)),
            safety_number(CellId::from_bytes(almost_cell), ALICE, BOB),
        ];
        let mut groups = BTreeSet::new();
        for number in &numbers {
            groups.extend(number.digits.split(' ').enumerate());
            groups.extend(number.words.split(' ').enumerate());
        }
        // Not one group in its place is shared by two numbers (by chance it would be once in two hundred runs, and the
        // input never changes).
        assert_eq!(groups.len(), numbers.len() * 2 * GROUPS);
    }

    #[test]
    fn the_number_has_the_form_that_people_compare() {
        let number = safety_number(CELL, ALICE, BOB);
        let digits: Vec<&str> = number.digits.split(' ').collect();
        assert_eq!(digits.len(), GROUPS);
        for group in digits {
            assert!(
                group.len() == 5 && group.bytes().all(|c| c.is_ascii_digit()),
                "{group}"
            );
        }
        let words: Vec<&str> = number.words.split(' ').collect();
        assert_eq!(words.len(), GROUPS);
        for word in words {
            assert!(
                word.len() == 5 && word.bytes().all(|c| c.is_ascii_lowercase()),
                "{word}"
            );
        }
    }

    #[test]
    fn leading_zeros_are_kept() {
        assert_eq!(digits(&[0, 0, 0, 0, 7]), "00007");
        assert_eq!(digits(&[0, 0, 1, 0x86, 0xa0]), "00000");
        assert_eq!(digits(&[0xff; 5]), "27775");
    }
}
