//! What the person chose for this device.

use client::{Client, Language, LockAfter, Notifications, Settings, TextSize, Theme};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::Failure;
use super::{Answer, Nothing, done, read};

pub(super) async fn call(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "get" => {
            read::<Nothing>(params)?;
            Ok(json!(Shape::of(client.settings().await?)))
        }
        "set" => {
            let shape: Shape = read(params)?;
            let settings = shape.settings()?;
            client.set_settings(settings).await?;
            done()
        }
        _ => Err(Failure::NoSuchMethod),
    }
}

/// All settings, as the contract names them.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    language: String,
    theme: String,
    text_size: u16,
    reduce_motion: bool,
    blur_previews: bool,
    lock_after_s: u32,
    lock_on_suspend: bool,
    notifications: String,
}

impl Shape {
    fn of(settings: Settings) -> Self {
        Self {
            language: settings.language.name().to_owned(),
            theme: settings.theme.name().to_owned(),
            text_size: settings.text_size.percent(),
            reduce_motion: settings.reduce_motion,
            blur_previews: settings.blur_previews,
            lock_after_s: settings.lock_after.seconds(),
            lock_on_suspend: settings.lock_on_suspend,
            notifications: settings.notifications.name().to_owned(),
        }
    }

    fn settings(&self) -> Result<Settings, Failure> {
        let unknown = |what: &str| Failure::Params(format!("there is no such {what}"));
        let size = TextSize::parse(self.text_size);
        let lock_after = LockAfter::parse(self.lock_after_s);
        Ok(Settings {
            language: Language::from_name(&self.language).ok_or_else(|| unknown("language"))?,
            theme: Theme::from_name(&self.theme).ok_or_else(|| unknown("theme"))?,
            text_size: size.map_err(Failure::from)?,
            reduce_motion: self.reduce_motion,
            blur_previews: self.blur_previews,
            lock_after: lock_after.map_err(Failure::from)?,
            lock_on_suspend: self.lock_on_suspend,
            notifications: Notifications::from_name(&self.notifications)
                .ok_or_else(|| unknown("kind of notification"))?,
        })
    }
}
