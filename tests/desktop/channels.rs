//! Somebody starts a channel, somebody else follows it by its link and reads.

use thirtyfour::prelude::*;

use crate::people::Person;

/// From two new computers, by what the screens say alone. The two share no cell.
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_started_in_one_window_and_read_in_another() {
    let alice = Person::begin().await;
    let bob = Person::begin().await;
    alice.found("Sunday vigil", "Alice").await;
    // A cell that was founded is opened by itself, which would take the place of the page.
    alice.window.read("You are the first one here").await;
    alice.window.press("Channels").await;
    alice.window.press("Start a channel").await;
    alice
        .window
        .write("What is it called?", "Wall newspaper")
        .await;
    alice.window.press("Start it").await;
    alice.window.press("Pass the link on").await;
    let link = alice.window.find(By::Css("dialog code"), "the link").await;
    let link = link.text().await.unwrap();
    assert!(link.starts_with("vigil-channel:"), "{link}");
    alice.window.press("Close").await;

    bob.found("Printers", "Bob").await;
    bob.window.read("You are the first one here").await;
    bob.window.press("Channels").await;
    bob.window.press("Follow a channel").await;
    bob.window.write("Paste the link here", &link).await;
    bob.window.press("Follow").await;
    // The name is in no link: it comes from alice.
    bob.window.read("Wall newspaper").await;

    alice
        .window
        .write("Write a post", "Fifteen minutes, wherever you are.")
        .await;
    alice.window.press("Look it over").await;
    alice.window.read("It cannot be taken back.").await;
    alice.window.press("Post it").await;
    bob.window.read("Fifteen minutes, wherever you are.").await;
}
