//! What the person chose for this device. Kept sealed in the profile, as one record of the shell's own.
//!
//! ```text
//! record   u8 version (1) ‖ language ‖ theme ‖ u16 text size ‖ reduce motion ‖ blur previews ‖ u32 lock after
//!          ‖ lock on suspend ‖ notifications                                  one byte each unless said otherwise
//! ```
//!
//! A value that is missing, damaged or of a later version falls back to its default, alone: settings never keep anybody
//! from their messages. What is set is checked before it is stored.

use proto::{Changes, ErrorKind, Key, RecordKind};
use store::{Store, Vault};

use crate::life::blocking;
use crate::{Client, ClientError, Kind};

const VERSION: u8 = 1;

/// What the person chose for this device.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The language of the screen.
    pub language: Language,
    /// Its colours.
    pub theme: Theme,
    /// The size of its text.
    pub text_size: TextSize,
    /// Whether nothing moves that need not.
    pub reduce_motion: bool,
    /// Whether last lines in the list of cells are blurred until somebody points at them.
    pub blur_previews: bool,
    /// When the profile locks by itself.
    pub lock_after: LockAfter,
    /// Whether it locks when the machine goes to sleep.
    pub lock_on_suspend: bool,
    /// What notifications say.
    pub notifications: Notifications,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::System,
            theme: Theme::System,
            text_size: TextSize(100),
            reduce_motion: false,
            blur_previews: true,
            lock_after: LockAfter(120),
            lock_on_suspend: true,
            notifications: Notifications::ContentFree,
        }
    }
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $number:literal $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            /// Every choice.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name in the scripting interface.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The choice of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }

            /// How it is stored. A number is never given to another choice.
            const fn number(self) -> u8 {
                match self {
                    $(Self::$variant => $number,)+
                }
            }

            fn from_number(number: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.number() == number)
            }
        }
    };
}

choice! {
    /// The language of the screen.
    Language {
        /// What the system speaks.
        System = 0 "system",
        /// English.
        En = 1 "en",
        /// Russian.
        Ru = 2 "ru",
        /// Ukrainian.
        Uk = 3 "uk",
        /// German.
        De = 4 "de",
        /// Arabic.
        Ar = 5 "ar",
    }
}

choice! {
    /// The colours of the screen.
    Theme {
        /// What the system shows.
        System = 0 "system",
        /// Dark on light.
        Light = 1 "light",
        /// Light on dark.
        Dark = 2 "dark",
        /// High contrast.
        Contrast = 3 "contrast",
    }
}

choice! {
    /// What notifications say. No choice puts a name or a text into one.
    Notifications {
        /// There are none.
        None = 0 "none",
        /// That there is something, and nothing more.
        ContentFree = 1 "content_free",
    }
}

/// The size of text, in per cent: 100 to 200.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TextSize(u16);

impl TextSize {
    /// Checks a size.
    ///
    /// # Errors
    /// `invalid_params` outside 100 to 200.
    pub fn parse(percent: u16) -> Result<Self, ClientError> {
        if (100..=200).contains(&percent) {
            Ok(Self(percent))
        } else {
            Err(invalid("the size of text is 100 to 200 per cent"))
        }
    }

    /// The size in per cent.
    #[must_use]
    pub const fn percent(self) -> u16 {
        self.0
    }
}

/// How long nobody touches the machine until the profile locks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LockAfter(u32);

impl LockAfter {
    /// The shortest time in seconds: less would lock under somebody who reads.
    pub const LEAST: u32 = 15;
    /// The longest time in seconds: a day.
    pub const MOST: u32 = 24 * 3600;

    /// Checks a time in seconds; 0 is never.
    ///
    /// # Errors
    /// `invalid_params` outside [`Self::LEAST`] to [`Self::MOST`], except for 0.
    pub fn parse(seconds: u32) -> Result<Self, ClientError> {
        if seconds == 0 || (Self::LEAST..=Self::MOST).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err(invalid(
                "the profile locks after 15 seconds to a day, or never (0)",
            ))
        }
    }

    /// The time in seconds; 0 is never.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

fn invalid(why: &str) -> ClientError {
    ClientError::new(Kind::Core(ErrorKind::InvalidParams), why)
}

impl Client {
    /// What the person chose for this device.
    ///
    /// # Errors
    /// `locked`, `storage_damaged`.
    pub async fn settings(&self) -> Result<Settings, ClientError> {
        let vault = self.open()?.vault;
        let stored = blocking(move || Ok(vault.get(&key())?)).await?;
        Ok(stored.map_or_else(Settings::default, |stored| Settings::from_bytes(&stored)))
    }

    /// Keeps what the person chose. When this returns it is durable.
    ///
    /// # Errors
    /// `locked`, `disk_full`.
    pub async fn set_settings(&self, settings: Settings) -> Result<(), ClientError> {
        let vault = self.open()?.vault;
        blocking(move || store_settings(&vault, settings)).await
    }
}

fn store_settings(vault: &Vault, settings: Settings) -> Result<(), ClientError> {
    let mut changes = Changes::default();
    changes.put(key(), settings.to_bytes());
    vault
        .persist(&changes)
        .map_err(|error| ClientError::new(Kind::Store(store::persist_error_kind(&error)), error))
}

fn key() -> Key {
    Key::new(RecordKind::Settings, [0; 32], b"")
}

/// Whether a record is ours rather than the core's.
pub(crate) fn is_settings(key: &Key) -> bool {
    key.kind() == RecordKind::Settings
}

impl Settings {
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = vec![VERSION, self.language.number(), self.theme.number()];
        bytes.extend(self.text_size.0.to_be_bytes());
        bytes.extend([u8::from(self.reduce_motion), u8::from(self.blur_previews)]);
        bytes.extend(self.lock_after.0.to_be_bytes());
        bytes.extend([u8::from(self.lock_on_suspend), self.notifications.number()]);
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let default = Self::default();
        let [
            version,
            language,
            theme,
            size @ ..,
            motion,
            blur,
            l0,
            l1,
            l2,
            l3,
            suspend,
            notify,
        ] = bytes
        else {
            return default;
        };
        let Ok(size) = <[u8; 2]>::try_from(size) else {
            return default;
        };
        if *version != VERSION {
            return default;
        }
        let size = TextSize::parse(u16::from_be_bytes(size));
        let lock_after = LockAfter::parse(u32::from_be_bytes([*l0, *l1, *l2, *l3]));
        Self {
            language: Language::from_number(*language).unwrap_or(default.language),
            theme: Theme::from_number(*theme).unwrap_or(default.theme),
            text_size: size.unwrap_or(default.text_size),
            reduce_motion: read_bool(*motion).unwrap_or(default.reduce_motion),
            blur_previews: read_bool(*blur).unwrap_or(default.blur_previews),
            lock_after: lock_after.unwrap_or(default.lock_after),
            lock_on_suspend: read_bool(*suspend).unwrap_or(default.lock_on_suspend),
            notifications: Notifications::from_number(*notify).unwrap_or(default.notifications),
        }
    }
}

const fn read_bool(byte: u8) -> Option<bool> {
    match byte {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen() -> Settings {
        Settings {
            language: Language::Uk,
            theme: Theme::Contrast,
            text_size: TextSize::parse(150).unwrap(),
            reduce_motion: true,
            blur_previews: false,
            lock_after: LockAfter::parse(0).unwrap(),
            lock_on_suspend: false,
            notifications: Notifications::None,
        }
    }

    #[test]
    fn settings_are_read_back() {
        for settings in [chosen(), Settings::default()] {
            assert_eq!(Settings::from_bytes(&settings.to_bytes()), settings);
        }
    }

    #[test]
    fn what_is_damaged_falls_back_to_its_default_alone() {
        let default = Settings::default();
        let good = chosen().to_bytes();
        for index in 1..good.len() {
            let mut bytes = good.clone();
            bytes[index] = 0xff;
            let read = Settings::from_bytes(&bytes);
            let differing = [
                read.language != chosen().language,
                read.theme != chosen().theme,
                read.text_size != chosen().text_size,
                read.reduce_motion != chosen().reduce_motion,
                read.blur_previews != chosen().blur_previews,
                read.lock_after != chosen().lock_after,
                read.lock_on_suspend != chosen().lock_on_suspend,
                read.notifications != chosen().notifications,
            ];
            assert_eq!(
                differing.iter().filter(|differs| **differs).count(),
                1,
                "byte {index}"
            );
        }
        for wrong in [&good[..5], &[], &[9; 13], &[good.clone(), vec![0]].concat()] {
            assert_eq!(Settings::from_bytes(wrong), default);
        }
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        for wrong in [0, 99, 201] {
            assert!(TextSize::parse(wrong).is_err());
        }
        for wrong in [1, 14, LockAfter::MOST + 1] {
            assert!(LockAfter::parse(wrong).is_err());
        }
        assert_eq!(Theme::from_name("Dark"), None);
        assert_eq!(Theme::from_name("dark"), Some(Theme::Dark));
        assert_eq!(Settings::default().lock_after.seconds(), 120);
    }
}
