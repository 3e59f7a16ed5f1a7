//! What happened, as one number and as lines for people.

use crate::clock::Time;

/// One line of the chart: when, who did it, to whom, and what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TraceLine {
    /// When.
    pub at: Time,
    /// Who.
    pub who: u32,
    /// To whom, if to anybody.
    pub to: Option<u32>,
    /// What, without any text that people wrote.
    pub what: String,
}

/// A running hash over everything that happens, and the lines if somebody wants them. The hash tells runs apart and
/// protects nothing.
#[derive(Clone, Debug)]
pub struct Trace {
    hash: u64,
    /// Whether lines are kept.
    pub keep: bool,
    lines: Vec<TraceLine>,
}

/// Lines kept at most: a chart that is longer is read by nobody.
const LINES: usize = 200_000;

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

impl Default for Trace {
    fn default() -> Self {
        Self {
            hash: MIX,
            keep: false,
            lines: Vec::new(),
        }
    }
}

impl Trace {
    /// Takes in one number.
    pub(crate) fn number(&mut self, number: u64) {
        self.hash = (self.hash ^ number).wrapping_mul(MIX).rotate_left(29);
    }

    /// Takes in bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.number(u64::from_le_bytes(*chunk));
        }
        for byte in rest {
            self.number(u64::from(*byte));
        }
    }

    /// Keeps a line, if lines are wanted.
    pub(crate) fn line(
        &mut self,
        at: Time,
        who: u32,
        to: Option<u32>,
        what: impl FnOnce() -> String,
    ) {
        if self.keep && self.lines.len() < LINES {
            let what = what();
            self.lines.push(TraceLine { at, who, to, what });
        }
    }

    /// The hash so far.
    pub const fn hash(&self) -> u64 {
        self.hash
    }

    /// The lines so far.
    pub fn lines(&self) -> &[TraceLine] {
        &self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_and_the_limits_of_what_happens_change_the_hash() {
        let hash = |parts: &[&[u8]]| {
            let mut trace = Trace::default();
            parts.iter().for_each(|part| trace.bytes(part));
            trace.hash()
        };
        assert_eq!(hash(&[b"ab", b"c"]), hash(&[b"ab", b"c"]));
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
        assert_ne!(hash(&[b"a", b"b"]), hash(&[b"b", b"a"]));
    }
}
