//! What fuzzing calls: the record of settings.
//!
//! Compiled for tests and with `--cfg fuzzing` only; nothing that ships has it.

use crate::settings::Settings;

/// Any bytes read as settings that can be written and read again.
pub fn settings(bytes: &[u8]) {
    let settings = Settings::from_bytes(bytes);
    assert!(Settings::from_bytes(&settings.to_bytes()) == settings);
}

/// Where fuzzing begins.
pub fn seed() -> Vec<u8> {
    Settings::default().to_bytes()
}

#[cfg(test)]
#[path = "../../../tests/fuzz/trial.rs"]
mod trial;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_stand_their_corpus_and_changes_of_it() {
        trial::run("settings", settings, 5000);
    }
}
