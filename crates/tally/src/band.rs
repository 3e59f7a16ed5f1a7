//! How many, roughly.

use std::fmt;

/// A band of counts. A report names a band and no number: a number would tell cells apart.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub enum Band {
    /// 1 to 3.
    UpTo3,
    /// 4 to 10.
    UpTo10,
    /// 11 to 30.
    UpTo30,
    /// 31 to 100.
    UpTo100,
    /// More than 100.
    Over100,
}

impl Band {
    /// All of them, the smallest first.
    pub const ALL: [Self; 5] = [
        Self::UpTo3,
        Self::UpTo10,
        Self::UpTo30,
        Self::UpTo100,
        Self::Over100,
    ];

    /// The band of a count. Nobody reports nothing.
    pub const fn of(count: u32) -> Option<Self> {
        match count {
            0 => None,
            1..=3 => Some(Self::UpTo3),
            4..=10 => Some(Self::UpTo10),
            11..=30 => Some(Self::UpTo30),
            31..=100 => Some(Self::UpTo100),
            101.. => Some(Self::Over100),
        }
    }

    /// The smallest count in it.
    pub const fn least(self) -> u32 {
        match self {
            Self::UpTo3 => 1,
            Self::UpTo10 => 4,
            Self::UpTo30 => 11,
            Self::UpTo100 => 31,
            Self::Over100 => 101,
        }
    }

    /// The largest count in it, if there is one.
    pub const fn most(self) -> Option<u32> {
        match self {
            Self::UpTo3 => Some(3),
            Self::UpTo10 => Some(10),
            Self::UpTo30 => Some(30),
            Self::UpTo100 => Some(100),
            Self::Over100 => None,
        }
    }

    /// As it travels and is kept.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::UpTo3 => 1,
            Self::UpTo10 => 2,
            Self::UpTo30 => 3,
            Self::UpTo100 => 4,
            Self::Over100 => 5,
        }
    }

    /// Reads what [`Self::to_byte`] wrote.
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.to_byte() == byte)
    }
}

impl fmt::Debug for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Band(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_is_in_the_one_band_that_holds_it() {
        assert_eq!(Band::of(0), None);
        for count in 1..500 {
            let holds =
                |band: &Band| band.least() <= count && band.most().is_none_or(|most| count <= most);
            let found: Vec<Band> = Band::ALL.into_iter().filter(holds).collect();
            assert_eq!(found, [Band::of(count).unwrap()]);
        }
        for byte in 0..=u8::MAX {
            let band = Band::from_byte(byte);
            assert_eq!(
                band.map(Band::to_byte),
                (1..=5).contains(&byte).then_some(byte)
            );
        }
    }
}
