//! The few sentences that the shell itself shows: of the system's dialogs and notifications. From the same files as
//! those of the page.

use std::sync::{Mutex, OnceLock, PoisonError};

use fluent_bundle::{FluentBundle, FluentResource};

/// Every language with its texts.
const LANGUAGES: [(&str, &str); 5] = [
    ("en", include_str!("../../ui/locales/en/shell.ftl")),
    ("ru", include_str!("../../ui/locales/ru/shell.ftl")),
    ("uk", include_str!("../../ui/locales/uk/shell.ftl")),
    ("de", include_str!("../../ui/locales/de/shell.ftl")),
    ("ar", include_str!("../../ui/locales/ar/shell.ftl")),
];

/// The language that the person chose, if any.
static CHOSEN: Mutex<Option<&'static str>> = Mutex::new(None);

/// What the person calls the program, if they do.
static TITLE: OnceLock<String> = OnceLock::new();

/// Speaks another language from here on; the system's if it is none of ours.
pub(crate) fn choose(language: &str) {
    let known = LANGUAGES.iter().find(|(name, _)| *name == language);
    *CHOSEN.lock().unwrap_or_else(PoisonError::into_inner) = known.map(|(name, _)| *name);
}

/// Calls the program something else, on the frame of its windows and in notifications.
pub(crate) fn call_it(title: String) {
    // It is called so once, before there is a window.
    let _ = TITLE.set(title);
}

/// What the program is called on the screen.
pub(crate) fn title() -> String {
    TITLE.get().cloned().unwrap_or_else(|| say("window-title"))
}

/// One sentence by its name.
pub(crate) fn say(name: &str) -> String {
    let chosen = *CHOSEN.lock().unwrap_or_else(PoisonError::into_inner);
    let language = chosen.unwrap_or_else(language_of_system);
    in_language(language, name).unwrap_or_else(|| name.to_owned())
}

/// What the system speaks, if it is one of ours; English otherwise.
pub(crate) fn language_of_system() -> &'static str {
    // In the order in which POSIX lets one outweigh another.
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let mut set = names.iter().filter_map(|name| std::env::var(name).ok());
    of_system(set.find(|value| !value.is_empty()).as_deref())
}

fn of_system(lang: Option<&str>) -> &'static str {
    let wanted = lang.and_then(|lang| lang.get(..2)).unwrap_or_default();
    let known = LANGUAGES.iter().find(|(name, _)| *name == wanted);
    known.map_or("en", |(name, _)| *name)
}

fn in_language(language: &str, name: &str) -> Option<String> {
    let (_, text) = LANGUAGES.iter().find(|(known, _)| *known == language)?;
    let resource = FluentResource::try_new((*text).to_owned()).ok()?;
    let mut bundle = FluentBundle::new(vec![language.parse().ok()?]);
    bundle.add_resource(resource).ok()?;
    let pattern = bundle.get_message(name)?.value()?;
    let mut errors = Vec::new();
    Some(
        bundle
            .format_pattern(pattern, None, &mut errors)
            .into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 8] = [
        "window-title",
        "notification",
        "file-cancel",
        "file-open",
        "file-save",
        "bundle-save-title",
        "bundle-open-title",
        "invite-file-title",
    ];

    #[test]
    fn every_sentence_is_there_in_every_language() {
        for (language, _) in LANGUAGES {
            for name in NAMES {
                assert!(
                    in_language(language, name).is_some_and(|text| !text.is_empty()),
                    "{language} {name}"
                );
            }
        }
    }

    #[test]
    fn the_system_is_followed_as_far_as_we_know_its_language() {
        assert_eq!(of_system(Some("ru_RU.UTF-8")), "ru");
        assert_eq!(of_system(Some("C")), "en");
        assert_eq!(of_system(None), "en");
    }

    #[test]
    fn a_notification_says_nothing() {
        for (language, _) in LANGUAGES {
            let text = in_language(language, "notification").unwrap_or_default();
            assert!(
                !text.contains('{') && !text.to_lowercase().contains("vigil"),
                "{text}"
            );
        }
    }
}
