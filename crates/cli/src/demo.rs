//! Three people, three nodes, one terminal: what Vigil is for, in a minute.
//!
//! Each node is a real one, with a profile in a folder of its own and ports on 127.0.0.1. Everything is erased at the
//! end.

use std::io::{BufRead, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use client::{At, Client, NewCell, Notice, Options};
use model::{CellId, CellName, DisplayName, MessageText, Suite};
use tokio::sync::{broadcast, mpsc};
use tokio::time::timeout;

/// How long anything may take that people wait for here.
const PATIENCE: Duration = Duration::from_secs(60);

const NAMES: [&str; 3] = ["alice", "bob", "carol"];

const HELP: &str = "\
Write a line as somebody:   bob good evening
Go offline, come back:      /offline bob   /online bob
Who is there:               /who
Everything, as somebody sees it:  /list carol
End:                        /quit";

struct Person {
    name: &'static str,
    client: Client,
    notices: broadcast::Receiver<Notice>,
}

/// Runs the demonstration until `/quit` or the end of the input.
pub(crate) async fn run() -> Result<()> {
    let folder = tempfile::tempdir().context("no folder can be made for three profiles")?;
    say(
        "Three nodes start on this machine. Each stretches its passphrase, which takes a second or two.",
    )?;
    let mut people = Vec::new();
    for name in NAMES {
        people.push(start(name, &folder).await?);
    }
    let told = converse(&mut people).await;
    for person in &people {
        person.client.erase().await.ok();
    }
    say("The three profiles are erased.")?;
    told
}

async fn converse(people: &mut [Person]) -> Result<()> {
    let cell = found(people).await?;
    say("")?;
    say(HELP)?;
    say("")?;
    let (sender, mut heard) = mpsc::unbounded_channel();
    for person in people.iter() {
        tokio::spawn(listen(
            person.name,
            person.client.clone(),
            cell,
            sender.clone(),
        ));
    }
    let mut lines = input()?;
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) if line.trim() == "/quit" => return Ok(()),
                Some(line) => obey(people, cell, line.trim()).await?,
                None => break,
            },
            Some(text) = heard.recv() => say(&text)?,
        }
    }
    // The input came from a file or pipe: what is on its way still arrives.
    while let Ok(Some(text)) = timeout(Duration::from_secs(2), heard.recv()).await {
        say(&text)?;
    }
    Ok(())
}

async fn start(name: &'static str, folder: &tempfile::TempDir) -> Result<Person> {
    let options = Options {
        folder: folder.path().join(name),
        listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    let client = Client::new(options);
    let notices = client.subscribe();
    client.create(&Client::generate_passphrase()?).await?;
    Ok(Person {
        name,
        client,
        notices,
    })
}

/// Alice founds a cell and lets the others in.
async fn found(people: &mut [Person]) -> Result<CellId> {
    let Some((alice, others)) = people.split_first_mut() else {
        bail!("nobody is there")
    };
    let new = NewCell {
        name: CellName::parse("the night kitchen")?,
        display_name: DisplayName::parse(alice.name)?,
        suite: Suite::default(),
        removal_quorum: None,
    };
    let cell = alice.client.create_cell(new).await?;
    say("alice founds the cell \"the night kitchen\".")?;
    for newcomer in others {
        let (_, link) = alice.client.invite(cell, None).await?;
        let join = newcomer
            .client
            .join(link, DisplayName::parse(newcomer.name)?)
            .await?;
        let shown = wait(&mut newcomer.notices, |notice| {
            let Notice::JoinPhrase(of, phrase) = notice else {
                return None;
            };
            (of == join).then_some(phrase)
        })
        .await?;
        let (request, phrase) = wait(&mut alice.notices, |notice| {
            let Notice::JoinRequested { join, phrase, .. } = notice else {
                return None;
            };
            Some((join, phrase))
        })
        .await?;
        say(&format!(
            "{0} knocks. alice sees \"{phrase}\", {0} sees \"{shown}\".",
            newcomer.name
        ))?;
        if shown != phrase {
            bail!("the phrases differ: somebody is between them");
        }
        alice.client.confirm_join(cell, request, true).await?;
        wait(&mut newcomer.notices, |notice| {
            matches!(notice, Notice::CellJoined(..)).then_some(())
        })
        .await?;
        say(&format!("They are the same, so {} is in.", newcomer.name))?;
    }
    Ok(cell)
}

async fn wait<T>(
    notices: &mut broadcast::Receiver<Notice>,
    wanted: impl Fn(Notice) -> Option<T>,
) -> Result<T> {
    let found = async {
        loop {
            if let Some(found) = wanted(notices.recv().await?) {
                return Ok(found);
            }
        }
    };
    timeout(PATIENCE, found)
        .await
        .context("the nodes do not reach each other")?
}

/// Tells what one person reads and learns.
async fn listen(
    name: &'static str,
    client: Client,
    cell: CellId,
    heard: mpsc::UnboundedSender<String>,
) {
    let mut notices = client.subscribe();
    while let Ok(notice) = notices.recv().await {
        let told = if let Notice::MessageReceived(_, message) = notice {
            client
                .message(cell, message)
                .await
                .ok()
                .map(|message| format!("    {name} reads   {}", line_of(&message)))
        } else if let Notice::MessageDelivered { have, of, .. } = notice {
            Some(format!("    {name} learns  {have} of {of} have it"))
        } else {
            None
        };
        if told.is_some_and(|told| heard.send(told).is_err()) {
            return;
        }
    }
}

fn line_of(message: &client::Message) -> String {
    let author = message
        .name
        .as_ref()
        .map_or("somebody", DisplayName::expose);
    let text = message
        .text
        .as_ref()
        .map_or("(deleted)", MessageText::expose);
    format!("{author}: {text}")
}

async fn obey(people: &[Person], cell: CellId, line: &str) -> Result<()> {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    let named = |name: &str| people.iter().find(|person| person.name == name.trim());
    match (first, named(first), named(rest)) {
        ("", ..) => Ok(()),
        ("/who", ..) => who(people, cell).await,
        ("/offline", _, Some(person)) => Ok(person.client.set_online(false).await?),
        ("/online", _, Some(person)) => Ok(person.client.set_online(true).await?),
        ("/list", _, Some(person)) => list(person, cell).await,
        (_, Some(person), _) => match MessageText::parse(rest.to_owned()) {
            Ok(text) => Ok(person.client.send(cell, text, None).await.map(|_| ())?),
            Err(error) => say(&error.to_string()),
        },
        _ => say(HELP),
    }
}

async fn who(people: &[Person], cell: CellId) -> Result<()> {
    for person in people {
        let members = person.client.members(cell).await?;
        let reachable: Vec<&str> = members
            .iter()
            .filter(|one| one.reachable)
            .map(|one| one.name.expose())
            .collect();
        let reachable = if reachable.is_empty() {
            "nobody".to_owned()
        } else {
            reachable.join(", ")
        };
        say(&format!("    {} reaches {reachable}", person.name))?;
    }
    Ok(())
}

async fn list(person: &Person, cell: CellId) -> Result<()> {
    let page = person.client.messages(cell, At::Newest, None).await?;
    for message in page.messages {
        say(&format!("    {}", line_of(&message)))?;
    }
    Ok(())
}

fn input() -> Result<mpsc::Receiver<String>> {
    let (sender, lines) = mpsc::channel(1);
    std::thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        })?;
    Ok(lines)
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{line}")?)
}
