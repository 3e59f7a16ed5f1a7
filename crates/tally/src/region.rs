//! Where, roughly: a country, a part of it, a town, or nothing.
//!
//! ```text
//! RU          level 1, two letters            (ISO 3166-1)
//! RU-SPE      level 2, one to three more      (ISO 3166-2)
//! RU-LEN-GTN  level 3, one to five more, as people in that place agree
//! ```
//! Invariants: one region has one writing · what follows the last letter is zeros. Whether there is such a place is not
//! known here: what is made up has to be made up by as many cells as any other.

use std::fmt;

use crate::config::REGION_LEN;

/// A region. It prints its level only.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub struct Region([u8; REGION_LEN]);

/// How long the part of each level may be.
const PARTS: [(usize, usize); 3] = [(2, 2), (1, 3), (1, 5)];

impl Region {
    /// No region at all.
    pub const EVERYWHERE: Self = Self([0; REGION_LEN]);

    /// Reads a region in capital letters and digits; the empty text is everywhere.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; REGION_LEN];
        bytes
            .get_mut(..text.len())?
            .copy_from_slice(text.as_bytes());
        Self::from_bytes(bytes)
    }

    /// The finest level that it names: 0 for everywhere, 3 for a town.
    pub fn level(&self) -> u8 {
        match self.text() {
            "" => 0,
            text if text.len() == 2 => 1,
            text if text.matches('-').count() == 1 => 2,
            _town => 3,
        }
    }

    /// The region around it. None around everywhere.
    pub fn parent(&self) -> Option<Self> {
        let text = self.text();
        let above = match text.rfind('-') {
            Some(at) => &text[..at],
            None if text.is_empty() => return None,
            None => "",
        };
        Self::parse(above)
    }

    /// Whether it is that region or a part of it.
    pub fn is_within(&self, other: &Self) -> bool {
        let mut at = Some(*self);
        while let Some(region) = at {
            if region == *other {
                return true;
            }
            at = region.parent();
        }
        false
    }

    /// Itself if it is of that level or coarser, else the part of that level around it.
    #[must_use]
    pub fn at_level(&self, level: u8) -> Self {
        let mut region = *self;
        while region.level() > level
            && let Some(parent) = region.parent()
        {
            region = parent;
        }
        region
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0);
        let bytes = &self.0[..end.unwrap_or(REGION_LEN)];
        // Only ASCII is taken.
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// As it travels and is kept: what is written, and zeros.
    pub const fn to_bytes(self) -> [u8; REGION_LEN] {
        self.0
    }

    /// Reads what [`Self::to_bytes`] wrote, whoever gives it.
    pub fn from_bytes(bytes: [u8; REGION_LEN]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == 0);
        let (text, rest) = bytes.split_at(end.unwrap_or(REGION_LEN));
        if rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        if text.is_empty() {
            return Some(Self(bytes));
        }
        for (level, part) in text.split(|byte| *byte == b'-').enumerate() {
            let (least, most) = *PARTS.get(level)?;
            let plain = |byte: &u8| byte.is_ascii_uppercase() || level > 0 && byte.is_ascii_digit();
            if !(least..=most).contains(&part.len()) || !part.iter().all(plain) {
                return None;
            }
        }
        Some(Self(bytes))
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region(level {})", self.level())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_region_knows_what_is_around_it() {
        let town = Region::parse("RU-LEN-GTN").unwrap();
        let part = Region::parse("RU-LEN").unwrap();
        let land = Region::parse("RU").unwrap();
        let levels = [town, part, land, Region::EVERYWHERE].map(|region| region.level());
        assert_eq!(levels, [3, 2, 1, 0]);
        assert_eq!((town.parent(), part.parent()), (Some(part), Some(land)));
        assert_eq!(land.parent(), Some(Region::EVERYWHERE));
        assert_eq!(Region::EVERYWHERE.parent(), None);
        assert!(town.is_within(&land) && land.is_within(&land) && !land.is_within(&town));
        assert!(town.is_within(&Region::EVERYWHERE));
        assert_eq!((town.at_level(1), land.at_level(3)), (land, land));
        // Not by how it is written: `RU-L` is no part of `RU-LEN`.
        assert!(
            !Region::parse("RU-LEN")
                .unwrap()
                .is_within(&Region::parse("RU-L").unwrap())
        );
        assert_eq!(format!("{town:?}"), "Region(level 3)");
    }

    #[test]
    fn what_is_finer_or_written_otherwise_is_no_region() {
        for text in [
            "R",
            "ru",
            "RUS",
            "R1",
            "RU-",
            "-",
            "RU-SPEX",
            "RU-SPE-",
            "RU-SPE-ABCDEF",
            "RU-S-A-B",
            "RU SPE",
            "РУ",
            "RU-spe",
            "59.93,30.33",
            "RU-SPE-ABCDE-X",
        ] {
            assert_eq!(Region::parse(text), None, "{text}");
        }
        assert!(Region::parse("RU-SPE-ABCDE").is_some());
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_written_the_same(bytes in any::<[u8; REGION_LEN]>()) {
            if let Some(region) = Region::from_bytes(bytes) {
                prop_assert_eq!(region.to_bytes(), bytes);
                prop_assert_eq!(Region::parse(region.text()), Some(region));
            }
        }

        #[test]
        fn whatever_is_written_is_read(text in "[A-Z]{2}(-[A-Z0-9]{1,3}(-[A-Z0-9]{1,5})?)?") {
            let region = Region::parse(&text).unwrap();
            prop_assert_eq!(region.text(), &text);
            prop_assert_eq!(Region::from_bytes(region.to_bytes()), Some(region));
            prop_assert!(region.parent().unwrap().level() == region.level() - 1);
        }
    }
}
