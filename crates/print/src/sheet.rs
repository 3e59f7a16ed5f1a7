//! What is said on paper of a call, and in which order.
//!
//! Left out are the name of whoever reviewed it and the id of the call it replaces. The card does not say what it is for.

use action::{Call, CardWords, Texts, Words};

use crate::Parts;
use crate::lines::Span;
use crate::rows::{Block, Mark};
use crate::words::SheetWords;

/// One part: pages of its own.
pub(crate) struct Part {
    /// What stands at the foot of its pages.
    pub(crate) name: &'static str,
    pub(crate) blocks: Vec<Block>,
}

/// Those that were asked for and have anything in them.
pub(crate) fn parts(call: &Call, language: &str, wanted: Parts) -> Vec<Part> {
    let Some(texts) = call.texts_in(language) else {
        return Vec::new();
    };
    let words = SheetWords::of(&texts.language);
    let mut parts = Vec::new();
    if wanted.sheet {
        parts.push(Part {
            name: words.sheet,
            blocks: sheet(call, texts, words),
        });
    }
    let ticks = texts.checklists.lists().iter().any(|list| !list.is_empty());
    if wanted.checklists && ticks {
        parts.push(Part {
            name: words.lists,
            blocks: checklists(texts, words),
        });
    }
    if wanted.card {
        parts.push(Part {
            name: words.card,
            blocks: card(call, texts, CardWords::of(&texts.language)),
        });
    }
    parts
}

fn sheet(call: &Call, texts: &Texts, words: &SheetWords) -> Vec<Block> {
    let mut blocks = vec![
        Block::Title(said(&texts.title)),
        Block::Quote(said(&texts.why)),
        Block::Space,
    ];
    blocks.extend(facts(call, texts, words));
    blocks.push(Block::Beside(
        list(words.bring, &texts.bring, Mark::Dot),
        list(words.leave, &texts.leave_at_home, Mark::Dot),
    ));
    let mut steps = list(words.steps, &texts.steps, Mark::Dot);
    let mut number = 0;
    for block in &mut steps {
        if let Block::Item(mark, _) = block {
            number += 1;
            *mark = Mark::Number(number);
        }
    }
    blocks.push(Block::Beside(
        steps,
        list(words.stop, &texts.abort_signals, Mark::Dot),
    ));
    blocks.extend(roles(call, texts, words));
    let papers: Vec<Words> = call
        .materials
        .iter()
        .map(|paper| paper.name.clone())
        .collect();
    blocks.extend(list(words.papers, &papers, Mark::Dot));
    blocks
}

fn facts(call: &Call, texts: &Texts, words: &SheetWords) -> Vec<Block> {
    let fact = |(label, value): (&str, String)| Block::Fact(label.to_owned(), value);
    let mut facts = vec![fact((words.when, words.days(call)))];
    if !texts.place_criteria.expose().is_empty() {
        facts.push(fact((words.place, said(&texts.place_criteria))));
    }
    let mut time = vec![
        (words.long, words.time(call.duration_min)),
        (words.people, words.group(call)),
    ];
    if call.preparation_min > 0 {
        time.push((words.before, words.time(call.preparation_min)));
    }
    let price = [
        (words.cost, words.costs(call.cost).to_owned()),
        (words.risk, words.level(call.risk.level)),
        (words.photos, words.photo_rule(call)),
    ];
    facts.push(Block::Beside(
        time.into_iter().map(fact).collect(),
        price.into_iter().map(fact).collect(),
    ));
    let home = words.check_in(call).map(|text| (words.home, text));
    let together = words.tally(call).map(|text| (words.together, text));
    facts.extend(home.into_iter().chain(together).map(fact));
    facts
}

fn roles(call: &Call, texts: &Texts, words: &SheetWords) -> Vec<Block> {
    let mut blocks = Vec::new();
    for role in &call.roles {
        let Some(text) = texts.roles.iter().find(|text| text.role == role.role) else {
            continue;
        };
        if blocks.is_empty() {
            blocks.push(Block::Heading(words.roles.to_owned()));
        }
        let numbers = format!("({}).", words.role(role.count, role.risk));
        blocks.push(Block::Text(vec![
            Span::bold(said(&text.name)),
            Span::regular(format!("{numbers} {}", said(&text.know))),
        ]));
    }
    blocks
}

fn checklists(texts: &Texts, words: &SheetWords) -> Vec<Block> {
    let mut blocks = vec![Block::Title(said(&texts.title))];
    for (heading, items) in words.checklists.into_iter().zip(texts.checklists.lists()) {
        blocks.extend(list(heading, items, Mark::Tick));
    }
    blocks
}

fn card(call: &Call, texts: &Texts, words: &CardWords) -> Vec<Block> {
    let mut blocks = vec![Block::Title(words.head.to_owned())];
    if !texts.if_stopped.expose().is_empty() {
        blocks.push(Block::Space);
        blocks.push(Block::Text(vec![Span::bold(words.say)]));
        blocks.push(Block::Quote(said(&texts.if_stopped)));
        blocks.push(Block::Space);
    }
    for right in words.rights {
        blocks.push(Block::Item(Mark::Dot, vec![Span::regular(right)]));
    }
    blocks.push(Block::Heading(words.call.to_owned()));
    if call.legal_aid.is_empty() {
        blocks.push(Block::Write(words.nobody.to_owned()));
    }
    for aid in &call.legal_aid {
        let (name, number) = (aid.name.expose(), aid.number.expose());
        let (hours, on) = (aid.hours.expose(), aid.checked_on);
        blocks.push(Block::Text(vec![
            Span::bold(format!("{name}: {number}")),
            Span::regular(format!("{hours} ({} {on})", words.as_of)),
        ]));
    }
    blocks.extend(list(words.held, &texts.checklists.if_held, Mark::Tick));
    if !texts.legal_notes.is_empty() {
        blocks.push(Block::Heading(words.law.to_owned()));
    }
    for note in &texts.legal_notes {
        let country = format!("{} ({} {}):", note.country, words.as_of, note.checked_on);
        blocks.push(Block::Note(vec![
            Span::bold(country),
            Span::regular(said(&note.text)),
        ]));
    }
    blocks.push(Block::Small(words.last.to_owned()));
    blocks
}

/// A heading and items; nothing without items.
fn list(heading: &str, items: &[Words], mark: Mark) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !items.is_empty() {
        blocks.push(Block::Heading(heading.to_owned()));
    }
    blocks.extend(items.iter().map(|item| Block::Item(mark, plain(item))));
    blocks
}

fn plain(words: &Words) -> Vec<Span> {
    vec![Span::regular(words.expose())]
}

fn said(words: &Words) -> String {
    words.expose().to_owned()
}
