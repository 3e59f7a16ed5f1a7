//! Settings as the page shows them.

use client::{LockAfter, TextSize};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::CommandError;

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Deserialize, Serialize, Type)]
        #[serde(rename_all = "camelCase")]
        pub(crate) enum $name {
            $($variant),+
        }

        impl From<client::$name> for $name {
            fn from(choice: client::$name) -> Self {
                match choice {
                    $(client::$name::$variant => Self::$variant),+
                }
            }
        }

        impl From<$name> for client::$name {
            fn from(choice: $name) -> Self {
                match choice {
                    $($name::$variant => Self::$variant),+
                }
            }
        }
    };
}

choice! {
    /// The language of the screen.
    Language { System, En, Ru, Uk, De, Ar }
}

choice! {
    /// The colours of the screen.
    Theme { System, Light, Dark, Contrast }
}

choice! {
    /// What notifications say. No choice puts a name or a text into one.
    Notifications { None, ContentFree }
}

/// What the person chose for this device.
#[derive(Clone, Copy, Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    language: Language,
    theme: Theme,
    /// Per cent, 100 to 200.
    text_size: u16,
    reduce_motion: bool,
    /// Whether last lines in the list of cells are blurred until somebody points at them.
    blur_previews: bool,
    /// Seconds without input until the profile locks; 0 for never.
    lock_after_s: u32,
    lock_on_suspend: bool,
    notifications: Notifications,
}

impl From<client::Settings> for Settings {
    fn from(settings: client::Settings) -> Self {
        Self {
            language: settings.language.into(),
            theme: settings.theme.into(),
            text_size: settings.text_size.percent(),
            reduce_motion: settings.reduce_motion,
            blur_previews: settings.blur_previews,
            lock_after_s: settings.lock_after.seconds(),
            lock_on_suspend: settings.lock_on_suspend,
            notifications: settings.notifications.into(),
        }
    }
}

impl TryFrom<Settings> for client::Settings {
    type Error = CommandError;

    fn try_from(settings: Settings) -> Result<Self, CommandError> {
        Ok(Self {
            language: settings.language.into(),
            theme: settings.theme.into(),
            text_size: TextSize::parse(settings.text_size)?,
            reduce_motion: settings.reduce_motion,
            blur_previews: settings.blur_previews,
            lock_after: LockAfter::parse(settings.lock_after_s)?,
            lock_on_suspend: settings.lock_on_suspend,
            notifications: settings.notifications.into(),
        })
    }
}
