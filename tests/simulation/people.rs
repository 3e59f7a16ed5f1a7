//! What people do in a story: commands with their answers, joining, talking, and what they see.

use std::time::Duration;

use model::{CellId, CellName, DisplayName, JoinId, MemberId, MessageId, MessageText};
use proto::{Answer, At, Command, ErrorKind, Input, Node, Notice, RequestId, WarningKind};

use crate::world::{Name, World};

impl World {
    /// Gives a command and its answer.
    pub(crate) fn command(&mut self, name: Name, command: Command) -> Result<Answer, ErrorKind> {
        self.requests += 1;
        let request = RequestId(self.requests);
        self.feed(name, Input::Command(request, command), usize::MAX);
        self.settle();
        self.person(name)
            .answers
            .remove(&request)
            .expect("every command is answered")
    }

    pub(crate) fn found(&mut self, name: Name) -> CellId {
        self.found_with(name, None)
    }

    pub(crate) fn found_with(&mut self, name: Name, removal_quorum: Option<u8>) -> CellId {
        let command = Command::CreateCell {
            name: CellName::parse("Sunday").unwrap(),
            display_name: DisplayName::parse(name).unwrap(),
            suite: self.suite,
            removal_quorum,
        };
        match self.command(name, command) {
            Ok(Answer::CellCreated(cell)) => cell,
            other => panic!("no cell: {other:?}"),
        }
    }

    pub(crate) fn invite(&mut self, name: Name, cell: CellId) -> String {
        self.invite_for(name, cell, proto::INVITE_LIFE)
    }

    pub(crate) fn invite_for(&mut self, name: Name, cell: CellId, expires_in: Duration) -> String {
        let command = Command::Invite { cell, expires_in };
        match self.command(name, command) {
            Ok(Answer::InviteMade(_, link)) => link,
            other => panic!("no invite: {other:?}"),
        }
    }

    /// Starts joining; gives the phrases of both sides and the attempt's names.
    pub(crate) fn knock(
        &mut self,
        newcomer: Name,
        link: &str,
        inviter: Name,
    ) -> (JoinId, JoinId, String, String) {
        let command = Command::Join {
            link: link.to_owned(),
            display_name: DisplayName::parse(newcomer).unwrap(),
        };
        let Ok(Answer::JoinStarted(ours)) = self.command(newcomer, command) else {
            panic!("joining did not start")
        };
        let requested = self.people[inviter]
            .notices
            .iter()
            .rev()
            .find_map(|notice| match notice {
                Notice::JoinRequested { join, phrase, .. } => Some((*join, phrase.clone())),
                _ => None,
            });
        let (theirs, their_phrase) = requested.expect("the inviter hears the knock");
        let phrase = self.people[newcomer]
            .notices
            .iter()
            .rev()
            .find_map(|notice| match notice {
                Notice::JoinPhrase(join, phrase) if *join == ours => Some(phrase.clone()),
                _ => None,
            });
        (
            ours,
            theirs,
            phrase.expect("the newcomer sees a phrase"),
            their_phrase,
        )
    }

    /// Brings somebody into a cell, all the way.
    pub(crate) fn join(&mut self, newcomer: Name, cell: CellId, inviter: Name) {
        let link = self.invite(inviter, cell);
        let (_, join, phrase, their_phrase) = self.knock(newcomer, &link, inviter);
        assert_eq!(phrase, their_phrase);
        self.command(
            inviter,
            Command::ConfirmJoin {
                cell,
                join,
                accept: true,
            },
        )
        .expect("the newcomer is let in");
        self.pass(Duration::from_secs(2));
    }

    /// A cell of all these people, founded by the first, who invites the others.
    pub(crate) fn cell_of(&mut self, names: &[Name]) -> CellId {
        let cell = self.found(names[0]);
        for name in &names[1..] {
            self.join(name, cell, names[0]);
        }
        self.pass(Duration::from_secs(5));
        cell
    }

    pub(crate) fn say(&mut self, name: Name, cell: CellId, text: &str) -> MessageId {
        let text = MessageText::parse(text.to_owned()).unwrap();
        match self.command(
            name,
            Command::SendMessage {
                cell,
                text,
                reply_to: None,
            },
        ) {
            Ok(Answer::MessageAccepted(message)) => message,
            other => panic!("not accepted: {other:?}"),
        }
    }

    /// The conversation as somebody sees it: author and text, in order.
    pub(crate) fn conversation(&self, name: Name, cell: CellId) -> Vec<String> {
        let members = self.node(name).members(cell).expect("a cell");
        let messages = self
            .node(name)
            .messages(cell, At::Newest, 10_000)
            .expect("a cell");
        messages
            .messages
            .iter()
            .map(|message| {
                let author = members
                    .iter()
                    .find(|member| member.member == message.author);
                // Whose add does not count any more is not listed.
                let author = author.map_or("?", |member| member.name.expose());
                let record = &self.people[name].disk[&Node::message_key(cell, message.message)];
                let body = Node::read_message(record).expect("a record");
                let body = body.expect("a body");
                let none = if body.deleted { "(deleted)" } else { "" };
                let text = body.text.as_ref().map_or(none, MessageText::expose);
                let mut line = format!("{author}: {text}");
                if body.edited_at.is_some() {
                    line.push_str(" (changed)");
                }
                for reaction in &message.reactions {
                    let count = reaction.members.len();
                    line.push_str(&format!(" {}{count}", reaction.emoji.expose()));
                }
                line
            })
            .collect()
    }

    pub(crate) fn member(&self, name: Name, cell: CellId, whom: Name) -> MemberId {
        let members = self.node(name).members(cell).expect("a cell");
        members
            .iter()
            .find(|member| member.name.expose() == whom)
            .expect("a member")
            .member
    }

    pub(crate) fn heard(&self, name: Name, notice: &Notice) -> bool {
        self.people[name].notices.contains(notice)
    }

    pub(crate) fn warned(&self, name: Name, cell: CellId, kind: WarningKind) -> bool {
        self.heard(name, &Notice::Warning(cell, kind))
    }

    /// Who is connected to whom.
    pub(crate) fn connected(&self, name: Name, cell: CellId) -> usize {
        let cells = self.node(name).net().cells;
        cells
            .iter()
            .find(|net| net.cell == cell)
            .map_or(0, |net| net.connected.len())
    }
}
