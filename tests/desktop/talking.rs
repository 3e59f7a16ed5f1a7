//! Two people meet, talk, go and come back.

use thirtyfour::prelude::*;

use crate::people::Person;

/// From two new computers to messages both ways, by what the screens say alone; then bob is away, and comes back.
#[tokio::test(flavor = "multi_thread")]
async fn two_people_meet_talk_and_catch_up() {
    let alice = Person::begin().await;
    let mut bob = Person::begin().await;
    alice.found("Sunday vigil", "Alice").await;
    meet(&alice, &bob).await;

    alice.say("Good evening, bob").await;
    bob.window.read("Good evening, bob").await;
    alice.window.read("On the other device").await;
    bob.say("Добрый вечер, Алиса").await;
    alice.window.read("Добрый вечер, Алиса").await;

    bob.leave().await;
    alice.say("said while bob was away").await;
    bob.window = bob.computer.start().await;
    bob.unlock("not this passphrase").await;
    bob.window.read("This passphrase does not open it").await;
    bob.unlock(&bob.passphrase).await;
    bob.window.enter("Sunday vigil").await;
    bob.open("Sunday vigil").await;
    bob.window.read("said while bob was away").await;
}

/// Alice invites, both compare the phrase, bob is in.
pub(crate) async fn meet(alice: &Person, bob: &Person) {
    alice.window.press("Invite").await;
    alice.window.press("Make an invite").await;
    let link = alice.window.find(By::Css(".link code"), "the link").await;
    let link = link.text().await.unwrap();
    assert!(link.starts_with("vigil:"), "{link}");

    bob.window.press("I have an invite").await;
    bob.window.replace("Paste the link here", &link).await;
    bob.window.press("Go on").await;
    bob.window.replace("Your name in this cell", "Bob").await;
    bob.window.press("Join").await;
    bob.window.read("Do you both see this?").await;
    let phrase = By::Css(".phrase");
    let seen = alice.window.find(phrase.clone(), "the phrase").await;
    let seen = seen.text().await.unwrap();
    let his = bob.window.find(phrase, "the phrase").await;
    assert_eq!(his.text().await.unwrap(), seen);
    alice.window.press("They are the same, let them in").await;
    bob.window.press("Open the cell").await;
    bob.window.read("Sunday vigil").await;
    alice.open("Sunday vigil").await;
}

/// A power cut does not take what somebody was writing.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_being_written_outlives_a_power_cut() {
    let mut alice = Person::begin().await;
    alice.found("Sunday vigil", "Alice").await;
    let composer = alice.window.find(By::Css("textarea"), "the composer").await;
    composer.send_keys("we meet at the fou").await.unwrap();
    // Less than a second of writing may go.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    drop(alice.window);
    alice.window = alice.computer.start().await;
    alice.unlock(&alice.passphrase).await;
    alice.window.enter("Sunday vigil").await;
    alice.open("Sunday vigil").await;
    let composer = alice.window.find(By::Css("textarea"), "the composer").await;
    let text = composer.prop("value").await.unwrap();
    assert_eq!(text.as_deref(), Some("we meet at the fou"));
}

/// A canvas as a file on the clipboard. WebDriver has no clipboard for files, so the event is made.
const PASTE: &str = r##"
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 200 });
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#224466";
    brush.fillRect(0, 0, 320, 200);
    brush.fillStyle = "#ffcc00";
    brush.fillRect(40, 40, 120, 80);
    const bytes = Uint8Array.from(atob(canvas.toDataURL("image/png").split(",")[1]), (c) => c.charCodeAt(0));
    const file = new File([bytes], "leaflet.png", { type: "image/png" });
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "clipboardData", { value: { files: [file] } });
    document.querySelector("textarea").dispatchEvent(event);
    return null;
"##;

/// A pasted picture goes with a message, and is a picture again in the other window.
#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_picture_is_seen_in_the_other_window() {
    let alice = Person::begin().await;
    let bob = Person::begin().await;
    alice.found("Sunday vigil", "Alice").await;
    meet(&alice, &bob).await;
    alice.window.run(PASTE).await;
    alice
        .window
        .read("cleaned of what the camera wrote into it")
        .await;
    alice.say("this is where we stand").await;
    bob.window.read("this is where we stand").await;
    for window in [&alice.window, &bob.window] {
        let picture = window.find(By::Css("[role=log] img"), "the picture").await;
        let size = || async {
            let width = picture.prop("naturalWidth").await.unwrap();
            (width, picture.prop("naturalHeight").await.unwrap())
        };
        let wanted = (Some("320".to_owned()), Some("200".to_owned()));
        for _ in 0..200 {
            if size().await == wanted {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(size().await, wanted, "the picture can be read again");
    }
}
