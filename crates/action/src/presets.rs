//! Six calls to begin with, complete and usable as they are, in English and Russian.
//!
//! They are data (`presets/`), built in, and dated when they are asked for. What they say of the law was written on the
//! day that stands in each note, and reviewed by nobody: the preview says so.

use crate::{CallIn, Day};

const FILES: [&str; 6] = [
    include_str!("../presets/vigil.json"),
    include_str!("../presets/leafleting.json"),
    include_str!("../presets/memorial.json"),
    include_str!("../presets/slogan.json"),
    include_str!("../presets/fund.json"),
    include_str!("../presets/information.json"),
];

/// How long a call lives that is made of a preset, unless somebody changes it.
const LIFE_DAYS: u32 = 14;

/// The presets, as if written today. With a language, only the texts in it; all of them if there are none.
pub fn presets(today: Day, language: Option<&str>) -> Vec<CallIn> {
    let read = FILES
        .iter()
        .filter_map(|file| serde_json::from_str::<CallIn>(file).ok());
    read.map(|mut call| {
        call.issued_on = today;
        call.expires = today.plus(LIFE_DAYS);
        let has = |language: &str| call.texts.iter().any(|texts| texts.language == language);
        if let Some(language) = language.filter(|language| has(language)) {
            call.texts.retain(|texts| texts.language == language);
        }
        call
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ProblemKind, Severity};

    #[test]
    fn every_preset_is_whole_and_valid_in_both_languages() {
        let today = Day::parse("2026-11-24").unwrap();
        let all = presets(today, None);
        let names: Vec<&str> = all.iter().map(|call| call.preset.as_str()).collect();
        assert_eq!(
            names,
            [
                "vigil",
                "leafleting",
                "memorial",
                "slogan",
                "fund",
                "information"
            ]
        );
        for call in all {
            let name = call.preset.clone();
            for problem in call.problems(Some(today)) {
                assert_eq!(problem.severity(), Severity::Advice, "{name}: {problem:?}");
                assert!(
                    matches!(
                        problem.kind,
                        ProblemKind::NoLegalAid | ProblemKind::LegalNoteOld
                    ),
                    "{name}: {problem:?}"
                );
            }
            let languages: Vec<&str> = call
                .texts
                .iter()
                .map(|texts| texts.language.as_str())
                .collect();
            assert_eq!(languages, ["en", "ru"], "{name}");
            assert!(!call.roles.is_empty() && call.check_in.is_some(), "{name}");
            for texts in &call.texts {
                assert_whole(&name, texts);
            }
            let lengths: Vec<[usize; 3]> = call
                .texts
                .iter()
                .map(|texts| {
                    [
                        texts.steps.len(),
                        texts.bring.len(),
                        texts.legal_notes.len(),
                    ]
                })
                .collect();
            assert_eq!(lengths[0], lengths[1], "{name}");
            let bytes = call.clone().check(Some(today)).unwrap().to_bytes();
            assert!(
                bytes.len() < crate::CALL_LIMIT / 3,
                "{name} has {}",
                bytes.len()
            );
        }
    }

    fn assert_whole(name: &str, texts: &crate::Texts) {
        let lists = [
            &texts.bring,
            &texts.leave_at_home,
            &texts.steps,
            &texts.abort_signals,
        ];
        assert!(lists.iter().all(|list| list.len() >= 3), "{name}");
        assert!(
            texts.checklists.lists().iter().all(|list| list.len() >= 2),
            "{name}"
        );
        assert!(!texts.place_criteria.expose().is_empty(), "{name}");
        assert!(!texts.if_stopped.expose().is_empty(), "{name}");
        assert!(!texts.legal_notes.is_empty(), "{name}");
        let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
        assert_eq!(
            cyrillic(texts.why.expose()),
            texts.language == "ru",
            "{name}"
        );
        for note in &texts.legal_notes {
            let text = note.text.expose();
            let marked = text.starts_with("Not legal advice")
                || text.starts_with("Это не юридическая консультация");
            assert!(marked, "{name}: {text}");
        }
    }

    #[test]
    fn a_language_that_is_there_is_given_alone() {
        let today = Day::parse("2026-11-24").unwrap();
        for call in presets(today, Some("ru")) {
            assert_eq!(call.texts.len(), 1);
            assert_eq!(call.texts[0].language, "ru");
            assert!(call.check(Some(today)).is_ok());
        }
        assert_eq!(presets(today, Some("de"))[0].texts.len(), 2);
    }
}
