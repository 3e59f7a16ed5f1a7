//! The legal card: what to carry, on one page of plain text. It names nobody and says when it was checked.

use std::fmt::Write;

use crate::{Call, Texts};

/// The words of a legal card around what the call says.
#[derive(Debug)]
pub struct CardWords {
    /// What the card is for.
    pub head: &'static str,
    /// Before the sentence to say.
    pub say: &'static str,
    /// What one may do anywhere.
    pub rights: [&'static str; 5],
    /// Above the numbers.
    pub call: &'static str,
    /// Before an empty line, if the call has no number.
    pub nobody: &'static str,
    /// Above the legal notes.
    pub law: &'static str,
    /// Above the checklist of that name.
    pub held: &'static str,
    /// Before the day on which something was checked.
    pub as_of: &'static str,
    /// At the end.
    pub last: &'static str,
}

impl CardWords {
    /// Those in a language, English for one that has none.
    pub fn of(language: &str) -> &'static Self {
        if language == "ru" { &RUSSIAN } else { &ENGLISH }
    }
}

const ENGLISH: CardWords = CardWords {
    head: "IF YOU ARE STOPPED",
    say: "Say once, calmly:",
    rights: [
        "Ask why you are stopped, and for name and unit of whoever stops you.",
        "You may be silent about everything but who you are.",
        "Sign nothing that you have not read; write “I do not agree” where you do not, and cross out empty lines.",
        "You need not unlock a telephone.",
        "Ask for a lawyer and for a call, and ask for the time to be written down.",
    ],
    call: "CALL",
    nobody: "Write the number of legal aid here by hand:",
    law: "WHAT THE LAW SAYS",
    held: "IF SOMEBODY ELSE IS HELD",
    as_of: "as of",
    last: "Not legal advice. Check it before you rely on it.",
};

const RUSSIAN: CardWords = CardWords {
    head: "ЕСЛИ ВАС ОСТАНОВИЛИ",
    say: "Скажите один раз, спокойно:",
    rights: [
        "Спросите, почему вас остановили, имя и подразделение сотрудника.",
        "Кроме того, кто вы, можно не говорить ничего.",
        "Не подписывайте непрочитанное; где не согласны, пишите «не согласен», пустые строки зачёркивайте.",
        "Вы не обязаны разблокировать телефон.",
        "Требуйте защитника и звонок; просите записать время задержания.",
    ],
    call: "ПОЗВОНИТЬ",
    nobody: "Впишите от руки номер юридической помощи:",
    law: "ЧТО ГОВОРИТ ЗАКОН",
    held: "ЕСЛИ ЗАДЕРЖАЛИ ДРУГОГО",
    as_of: "на",
    last: "Это не юридическая консультация. Проверьте, прежде чем полагаться.",
};

/// The card of a call, in a language of it or in its first.
pub fn legal_card(call: &Call, language: &str) -> String {
    let mut card = String::new();
    if let Some(texts) = call.texts_in(language) {
        // Writing to a string does not fail.
        let _never = write_card(&mut card, call, texts);
    }
    card
}

fn write_card(card: &mut String, call: &Call, texts: &Texts) -> std::fmt::Result {
    let frame = CardWords::of(&texts.language);
    writeln!(card, "{}\n", frame.head)?;
    if !texts.if_stopped.expose().is_empty() {
        writeln!(card, "{}\n{}\n", frame.say, texts.if_stopped.expose())?;
    }
    for right in frame.rights {
        writeln!(card, "- {right}")?;
    }
    writeln!(card, "\n{}\n", frame.call)?;
    if call.legal_aid.is_empty() {
        writeln!(card, "{} ______________________", frame.nobody)?;
    }
    for aid in &call.legal_aid {
        let (name, number) = (aid.name.expose(), aid.number.expose());
        let (hours, on) = (aid.hours.expose(), aid.checked_on);
        writeln!(card, "{name}: {number}  {hours} ({} {on})", frame.as_of)?;
    }
    if !texts.checklists.if_held.is_empty() {
        writeln!(card, "\n{}\n", frame.held)?;
        for item in &texts.checklists.if_held {
            writeln!(card, "[ ] {}", item.expose())?;
        }
    }
    if !texts.legal_notes.is_empty() {
        writeln!(card, "\n{}\n", frame.law)?;
        for note in &texts.legal_notes {
            let (country, text) = (&note.country, note.text.expose());
            writeln!(
                card,
                "{country} ({} {}): {text}\n",
                frame.as_of, note.checked_on
            )?;
        }
    }
    writeln!(card, "\n{}", frame.last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Day, presets};

    #[test]
    fn a_card_names_nobody_says_its_age_and_is_the_same_every_time() {
        let today = Day::parse("2026-11-24").unwrap();
        for call in presets(today, None) {
            let later = presets(today.plus(90), None);
            let later = later
                .into_iter()
                .find(|other| other.preset == call.preset)
                .unwrap();
            let (call, later) = (call.check(None).unwrap(), later.check(None).unwrap());
            for (language, first) in [("en", "IF YOU ARE STOPPED"), ("ru", "ЕСЛИ ВАС ОСТАНОВИЛИ")]
            {
                let card = legal_card(&call, language);
                assert!(card.starts_with(first), "{card}");
                assert!(card.contains("2024-06-01"));
                assert!(!card.contains("2026"), "the day it was made is not in it");
                assert_eq!(card, legal_card(&later, language));
            }
        }
    }
}
