//! Without a mouse, and in another language.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use thirtyfour::prelude::*;

use crate::window::{Computer, Start, Window};

/// Controls that one goes through at most on the way to another one.
const FAR: usize = 40;

/// The sentences of another language, by the English ones.
struct Language(BTreeMap<String, String>);

impl Language {
    fn read(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/locales");
        let mut sentences = BTreeMap::new();
        for file in fs::read_dir(folder.join("en")).unwrap() {
            let file = file.unwrap().file_name();
            let (ours, theirs) = (
                messages(&folder.join("en").join(&file)),
                messages(&folder.join(name).join(&file)),
            );
            for (id, english) in ours {
                if let Some(other) = theirs.get(&id) {
                    sentences.insert(english, other.clone());
                }
            }
        }
        Self(sentences)
    }

    fn say(&self, english: &str) -> &str {
        let said = self.0.get(english);
        said.unwrap_or_else(|| panic!("`{english}` is no sentence of ours"))
    }
}

/// The messages of a Fluent file that are one line each.
fn messages(file: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().filter_map(|line| line.split_once(" = "));
    lines
        .map(|(id, text)| (id.to_owned(), text.trim().to_owned()))
        .collect()
}

/// What has the focus, as a screen reader would name it: its label, or what stands on it.
const FOCUSED: &str = "
    const at = document.activeElement;
    if (!at || at === document.body) return '';
    const label = at.labels?.[0]?.innerText ?? at.getAttribute('aria-label') ?? at.innerText ?? '';
    return label.replace(/[\\u2066-\\u2069]/g, '').trim();
";

async fn key(window: &Window, key: impl Into<TypingData>) {
    let at = window
        .driver
        .active_element()
        .await
        .expect("there is a page");
    at.send_keys(key.into()).await.expect("it takes keys");
}

/// Goes to a control with the tabulator, and says what it passed if there is none of that name.
async fn go_to(window: &Window, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..FAR {
        let focused = window.run(FOCUSED).await;
        let focused = focused.as_str().unwrap_or_default();
        if focused == name {
            return;
        }
        passed.push(focused.to_owned());
        key(window, Key::Tab + "").await;
    }
    panic!("no key led to `{name}`, but to {passed:?}");
}

async fn choose(window: &Window, name: &str) {
    go_to(window, name).await;
    key(window, Key::Enter + "").await;
}

/// From the first start to the first message, in Russian, with the keyboard alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_run_in_russian_needs_no_mouse() {
    let russian = Language::read("ru");
    let computer = Computer::new();
    let way = Start {
        lang: "ru_RU.UTF-8",
        ..Start::default()
    };
    let window = computer.start_as(&way).await;
    window.read(russian.say("Before you begin")).await;
    choose(&window, russian.say("Go on")).await;
    window.read(russian.say("I have written them down")).await;
    let words = window
        .run("return [...document.querySelectorAll('ol li')].map((item) => item.innerText.trim().split(/\\s+/).at(-1))")
        .await;
    let words: Vec<String> = serde_json::from_value(words).expect("there are words");
    assert_eq!(words.len(), 6, "{words:?}");
    choose(&window, russian.say("I have written them down")).await;
    window.read(russian.say("Check your paper")).await;
    let asked = russian.say("Word { $number }").replace("{ $number }", "");
    for _ in 0..2 {
        let number = loop {
            let focused = window.run(FOCUSED).await;
            let focused = focused.as_str().unwrap_or_default().to_owned();
            let number = focused.strip_prefix(asked.trim()).map(str::trim);
            if let Some(number) = number.and_then(|number| number.parse::<usize>().ok()) {
                break number;
            }
            key(&window, Key::Tab + "").await;
        };
        key(&window, words[number - 1].as_str()).await;
        key(&window, Key::Tab + "").await;
    }
    choose(&window, russian.say("They are right, go on")).await;
    window.enter(russian.say("Your first cell")).await;
    for (field, text) in [
        ("What do you call it?", "Сад"),
        ("Your name in it", "Алиса"),
    ] {
        go_to(&window, russian.say(field)).await;
        key(&window, Key::Control + "a").await;
        key(&window, text).await;
    }
    choose(&window, russian.say("Found the cell")).await;
    window.find(By::Css("textarea"), "the composer").await;
    key(&window, Key::Control + Key::Shift + "t").await;
    key(&window, "Доброе утро").await;
    key(&window, Key::Enter + "").await;
    window.read("Доброе утро").await;
}
