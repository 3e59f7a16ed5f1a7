//! What people do with the window, in the words that they see.

use thirtyfour::prelude::*;

use crate::window::{Computer, Start, Window};

/// Somebody with a computer, a window and a passphrase on paper.
pub(crate) struct Person {
    pub(crate) computer: Computer,
    pub(crate) window: Window,
    pub(crate) passphrase: String,
}

impl Person {
    /// Goes through the first run, with the six words that are offered.
    pub(crate) async fn begin() -> Self {
        Self::begin_as(&Start::default()).await
    }

    /// The same with the program started in a way of its own.
    pub(crate) async fn begin_as(way: &Start<'_>) -> Self {
        let computer = Computer::new();
        let window = computer.start_as(way).await;
        window.press("Go on").await;
        let list = By::XPath("//ol[@aria-label='Six words, in order']/li");
        window.find(list.clone(), "six words").await;
        let mut words = Vec::new();
        for item in window.driver.find_all(list).await.unwrap() {
            let text = item.text().await.unwrap();
            words.extend(text.split_whitespace().last().map(str::to_owned));
        }
        assert_eq!(words.len(), 6, "{words:?}");
        window.press("I have written them down").await;
        window.read("Check your paper").await;
        for label in window.driver.find_all(By::Tag("label")).await.unwrap() {
            let label = label.text().await.unwrap();
            let label = label.replace(['\u{2068}', '\u{2069}'], "");
            let number = label
                .strip_prefix("Word ")
                .and_then(|number| number.parse::<usize>().ok());
            if let Some(number) = number {
                window.write(&label, &words[number - 1]).await;
            }
        }
        window.press("They are right, go on").await;
        window.enter("Your first cell").await;
        Self {
            computer,
            window,
            passphrase: words.join(" "),
        }
    }

    /// Founds a first cell.
    pub(crate) async fn found(&self, cell: &str, name: &str) {
        self.window.replace("What do you call it?", cell).await;
        self.window.replace("Your name in it", name).await;
        self.window.press("Found the cell").await;
        self.window.read(cell).await;
    }

    pub(crate) async fn unlock(&self, passphrase: &str) {
        // After a refusal the page selects what is there, perhaps while something else is being typed.
        while self.window.value("Passphrase").await != passphrase {
            self.window.replace("Passphrase", passphrase).await;
        }
        self.window.press("Unlock").await;
    }

    /// Writes a message with the keyboard.
    pub(crate) async fn say(&self, text: &str) {
        let field = self.window.find(By::Css("textarea"), "the composer").await;
        field.send_keys(text).await.expect("it takes text");
        field
            .send_keys(Key::Enter + "")
            .await
            .expect("it takes a key");
    }

    /// Shows a cell.
    pub(crate) async fn open(&self, cell: &str) {
        let row = By::XPath(format!(
            "//nav//button[contains(., '{cell}')] | //*[contains(@class, 'cells')]//*[contains(@class, 'row')][contains(., '{cell}')]"
        ));
        self.window
            .find(row, cell)
            .await
            .click()
            .await
            .expect("it can be pressed");
        self.window.find(By::Css("textarea"), "the composer").await;
    }

    /// Closes the window as with its frame, and waits until nothing runs any more.
    pub(crate) async fn leave(&self) {
        let process = self.window.process();
        let killed = std::process::Command::new("kill")
            .args(["-TERM", &process.to_string()])
            .status();
        assert!(killed.expect("kill is there").success());
        self.window.gone(process).await;
    }
}
