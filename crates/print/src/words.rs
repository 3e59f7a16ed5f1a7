//! The words around what a call says.

use action::{Asks, CallIn, Cost, PhotoRule};

/// One language.
pub(crate) struct SheetWords {
    pub(crate) sheet: &'static str,
    pub(crate) lists: &'static str,
    pub(crate) card: &'static str,
    pub(crate) when: &'static str,
    pub(crate) place: &'static str,
    pub(crate) long: &'static str,
    pub(crate) people: &'static str,
    pub(crate) before: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) risk: &'static str,
    pub(crate) photos: &'static str,
    pub(crate) home: &'static str,
    pub(crate) together: &'static str,
    pub(crate) bring: &'static str,
    pub(crate) leave: &'static str,
    pub(crate) steps: &'static str,
    pub(crate) roles: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) papers: &'static str,
    /// In the order of `Checklists::NAMES`.
    pub(crate) checklists: [&'static str; 4],
    any_day: &'static str,
    alone: &'static str,
    minutes: &'static str,
    hours: &'static str,
    of_five: &'static str,
    costs: [&'static str; 4],
    no_photos: &'static str,
    objects: &'static str,
    later: [&'static str; 2],
    grace: [&'static str; 2],
    buddy_first: &'static str,
    cell_first: &'static str,
    goal: &'static str,
    up_to: [&'static str; 2],
    role_risk: &'static str,
}

const ENGLISH: SheetWords = SheetWords {
    sheet: "The call",
    lists: "Checklists",
    card: "Legal card",
    when: "When",
    place: "What place",
    long: "How long",
    people: "How many",
    before: "To prepare",
    cost: "What it costs",
    risk: "Risk",
    photos: "Pictures",
    home: "Home again",
    together: "Together",
    bring: "Bring",
    leave: "Leave at home",
    steps: "What happens",
    roles: "Who does what",
    stop: "Stop and go when",
    papers: "Papers that belong to it",
    checklists: ["Before", "During", "After", "If somebody is held"],
    any_day: "any day until",
    alone: "one alone can do it",
    minutes: "min",
    hours: "h",
    of_five: "of 5",
    costs: [
        "nothing",
        "what one has in the pocket",
        "what one has to think about",
        "what several put together",
    ],
    no_photos: "none",
    objects: "of things, of no people",
    later: ["shown only", "later, without metadata"],
    grace: ["say so within", "after the end"],
    buddy_first: "the buddy asks first",
    cell_first: "the cell is asked at once",
    goal: "the goal:",
    up_to: ["up to", "people"],
    role_risk: "risk",
};

const RUSSIAN: SheetWords = SheetWords {
    sheet: "Призыв",
    lists: "Списки",
    card: "Карточка",
    when: "Когда",
    place: "Какое место",
    long: "Сколько длится",
    people: "Сколько людей",
    before: "Подготовка",
    cost: "Расходы",
    risk: "Риск",
    photos: "Снимки",
    home: "Вернулись домой",
    together: "Вместе",
    bring: "Взять с собой",
    leave: "Оставить дома",
    steps: "Как это проходит",
    roles: "Кто что делает",
    stop: "Уходим, если",
    papers: "Что напечатать",
    checklists: ["До", "Во время", "После", "Если кого-то задержали"],
    any_day: "в любой день до",
    alone: "можно и одному",
    minutes: "мин",
    hours: "ч",
    of_five: "из 5",
    costs: [
        "никаких",
        "сколько есть в кармане",
        "о них надо подумать",
        "лучше в складчину",
    ],
    no_photos: "не делаем",
    objects: "только вещи, без людей",
    later: ["показываем не раньше чем через", "без метаданных"],
    grace: ["отметьтесь не позже чем через", "после окончания"],
    buddy_first: "сначала спросит напарник",
    cell_first: "сразу спросят ячейку",
    goal: "цель:",
    up_to: ["до", "чел."],
    role_risk: "риск",
};

impl SheetWords {
    /// Those in a language, English for one that has none.
    pub(crate) fn of(language: &str) -> &'static Self {
        if language == "ru" { &RUSSIAN } else { &ENGLISH }
    }

    pub(crate) fn days(&self, call: &CallIn) -> String {
        match call.window {
            Some(window) if window.from == window.until => window.from.to_string(),
            Some(window) => format!("{} – {}", window.from, window.until),
            None => format!("{} {}", self.any_day, call.expires),
        }
    }

    /// Minutes, or hours and minutes.
    pub(crate) fn time(&self, minutes: u32) -> String {
        let (hours, rest) = (minutes / 60, minutes % 60);
        let rest_of = format!("{rest}\u{a0}{}", self.minutes);
        match (hours, rest) {
            (0, _) => rest_of,
            (_, 0) => format!("{hours}\u{a0}{}", self.hours),
            (_, _) => format!("{hours}\u{a0}{} {rest_of}", self.hours),
        }
    }

    pub(crate) fn group(&self, call: &CallIn) -> String {
        let (least, most) = (call.group_min, call.group_max);
        let mut text = if least == most {
            most.to_string()
        } else {
            format!("{least}–{most}")
        };
        if call.solo_ok {
            text = format!("{text}; {}", self.alone);
        }
        text
    }

    pub(crate) fn costs(&self, cost: Cost) -> &'static str {
        let [none, small, some, much] = self.costs;
        match cost {
            Cost::None => none,
            Cost::Small => small,
            Cost::Some => some,
            Cost::Much => much,
        }
    }

    pub(crate) fn level(&self, level: u8) -> String {
        format!("{level} {}", self.of_five)
    }

    pub(crate) fn photo_rule(&self, call: &CallIn) -> String {
        let [only, later] = self.later;
        match call.photo_rule {
            PhotoRule::None => self.no_photos.to_owned(),
            PhotoRule::ObjectsOnly => self.objects.to_owned(),
            PhotoRule::Later => {
                format!("{only} {}\u{a0}{} {later}", call.photo_after_h, self.hours)
            }
        }
    }

    pub(crate) fn check_in(&self, call: &CallIn) -> Option<String> {
        let check_in = call.check_in?;
        let first = match check_in.asks {
            Asks::Buddy => self.buddy_first,
            Asks::Cell => self.cell_first,
        };
        let grace = self.time(check_in.grace_min);
        let [within, end] = self.grace;
        Some(format!("{within} {grace} {end}; {first}"))
    }

    pub(crate) fn tally(&self, call: &CallIn) -> Option<String> {
        let tally = call.tally.as_ref()?;
        Some(format!(
            "{} {} {}",
            self.goal,
            tally.goal,
            tally.unit.expose()
        ))
    }

    /// How many can have a role, and how dangerous it is.
    pub(crate) fn role(&self, count: u8, risk: u8) -> String {
        let risk = format!("{} {}", self.role_risk, self.level(risk));
        if count == 1 {
            risk
        } else {
            let [up_to, people] = self.up_to;
            format!("{up_to}\u{a0}{count}\u{a0}{people}, {risk}")
        }
    }
}
