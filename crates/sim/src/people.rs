//! What people do: commands with their answers, and how somebody comes in.

use std::time::Duration;

use model::{CellId, CellName, DisplayName, JoinId, MemberId, MessageId, MessageText};
use proto::{Answer, At, Command, ErrorKind, Input, Node, Notice, RequestId};

use crate::world::{Who, World};

/// People need this long to compare a phrase.
const COMPARING: Duration = Duration::from_secs(120);

impl World {
    /// Gives a command. The answer comes later.
    pub fn begin(&mut self, who: Who, command: Command) -> RequestId {
        self.requests += 1;
        let request = RequestId(self.requests);
        self.watch.asked(request, who, &command);
        self.feed(who, Input::Command(request, command), usize::MAX);
        request
    }

    /// The answer to a command, once; nothing as long as there is none.
    pub fn take_answer(
        &mut self,
        who: Who,
        request: RequestId,
    ) -> Option<Result<Answer, ErrorKind>> {
        self.person(who)?.answers.remove(&request)
    }

    /// Gives a command and lets time pass until it is answered. A device that is off answers nothing.
    pub fn command(&mut self, who: Who, command: Command) -> Option<Result<Answer, ErrorKind>> {
        let request = self.begin(who, command);
        self.run_while(Duration::from_secs(15), |world| {
            let person = &world.people[who.index()];
            person.node.is_none() || person.answers.contains_key(&request)
        });
        self.take_answer(who, request)
    }

    /// Founds a cell.
    pub fn found(&mut self, who: Who, removal_quorum: Option<u8>) -> Option<CellId> {
        let command = Command::CreateCell {
            name: CellName::parse("Sunday").ok()?,
            display_name: DisplayName::parse(self.name(who)).ok()?,
            suite: self.options.suite,
            removal_quorum,
        };
        match self.command(who, command)? {
            Ok(Answer::CellCreated(cell)) => Some(cell),
            Ok(_) | Err(_) => None,
        }
    }

    /// Makes an invite.
    pub fn invite(&mut self, who: Who, cell: CellId) -> Option<String> {
        let command = Command::Invite {
            cell,
            expires_in: proto::INVITE_LIFE,
        };
        match self.command(who, command)? {
            Ok(Answer::InviteMade(_, link)) => Some(link),
            Ok(_) | Err(_) => None,
        }
    }

    /// Brings somebody into a cell, all the way, and lets the time pass that this takes. Says whether it worked.
    pub fn join(&mut self, newcomer: Who, cell: CellId, inviter: Who) -> bool {
        let Some(link) = self.invite(inviter, cell) else {
            return false;
        };
        self.join_by(newcomer, cell, inviter, link, true)
    }

    /// Uses a link. The two people compare the phrase if they `know` each other; otherwise the inviter says no.
    pub fn join_by(
        &mut self,
        newcomer: Who,
        cell: CellId,
        inviter: Who,
        link: String,
        know: bool,
    ) -> bool {
        let Ok(display_name) = DisplayName::parse(self.name(newcomer)) else {
            return false;
        };
        let before = self.notices(inviter).len();
        let command = Command::Join { link, display_name };
        let Some(Ok(Answer::JoinStarted(ours))) = self.command(newcomer, command) else {
            return false;
        };
        let both = |world: &Self| {
            Some((
                world.phrase(newcomer, ours)?,
                world.request(inviter, before)?,
            ))
        };
        self.run_while(COMPARING, |world| {
            both(world).is_some() || world.join_ended(newcomer, ours)
        });
        let Some((phrase, (join, theirs))) = both(self) else {
            return false;
        };
        let accept = know && phrase == theirs;
        self.command(inviter, Command::ConfirmJoin { cell, join, accept });
        self.run_while(COMPARING, |world| world.join_ended(newcomer, ours));
        self.notices(newcomer)
            .contains(&Notice::CellJoined(cell, ours))
    }

    fn phrase(&self, who: Who, join: JoinId) -> Option<String> {
        self.notices(who).iter().rev().find_map(|notice| {
            let Notice::JoinPhrase(found, phrase) = notice else {
                return None;
            };
            (*found == join).then(|| phrase.clone())
        })
    }

    fn request(&self, who: Who, from: usize) -> Option<(JoinId, String)> {
        self.notices(who).get(from..)?.iter().find_map(|notice| {
            let Notice::JoinRequested { join, phrase, .. } = notice else {
                return None;
            };
            Some((*join, phrase.clone()))
        })
    }

    fn join_ended(&self, who: Who, join: JoinId) -> bool {
        self.notices(who).iter().rev().any(|notice| {
            if let Notice::CellJoined(_, ended) | Notice::JoinFailed(ended, _) = notice {
                *ended == join
            } else {
                false
            }
        })
    }

    /// A cell of all these people, founded by the first. Inviters take turns, since nobody may add more than sixteen.
    /// Nothing if somebody did not get in.
    pub fn cell_of(&mut self, people: &[Who], removal_quorum: Option<u8>) -> Option<CellId> {
        let (founder, newcomers) = people.split_first()?;
        let cell = self.found(*founder, removal_quorum)?;
        for (number, newcomer) in newcomers.iter().enumerate() {
            let inviter = people[number / INVITES];
            if number % INVITES == 0 && number / INVITES > 2 {
                // The first two whom the founder adds are full at once; whoever invites after them needs a vouch.
                let member = self.member(people[1], cell, inviter)?;
                self.command(people[1], Command::Vouch(cell, member))?
                    .ok()?;
                self.pass(Duration::from_secs(5));
            }
            let joined = (0..3).any(|_| self.join(*newcomer, cell, inviter));
            if !joined {
                return None;
            }
            self.pass(Duration::from_secs(2));
        }
        self.pass(Duration::from_secs(5));
        Some(cell)
    }

    /// Writes a text. Nothing if it was not taken.
    pub fn say(&mut self, who: Who, cell: CellId, text: &str) -> Option<MessageId> {
        let text = MessageText::parse(text.to_owned()).ok()?;
        match self.command(
            who,
            Command::SendMessage {
                cell,
                text,
                reply_to: None,
            },
        )? {
            Ok(Answer::MessageAccepted(message)) => Some(message),
            Ok(_) | Err(_) => None,
        }
    }

    /// How `who` knows `whom` in a cell.
    pub fn member(&self, who: Who, cell: CellId, whom: Who) -> Option<MemberId> {
        let name = self.name(whom);
        let members = self.node(who)?.members(cell)?;
        members
            .iter()
            .find(|member| member.name.expose() == name)
            .map(|member| member.member)
    }

    /// The conversation as somebody sees it: author and text, in order.
    pub fn conversation(&self, who: Who, cell: CellId) -> Option<Vec<String>> {
        let node = self.node(who)?;
        let members = node.members(cell)?;
        let page = node.messages(cell, At::Newest, 10_000)?;
        let disk = self.disk(who)?;
        let line = |message: &proto::MessageRef| {
            let author = members
                .iter()
                .find(|member| member.member == message.author)?;
            let record = disk.get(&Node::message_key(cell, message.message))?;
            let body = Node::read_message(record).ok()??;
            let text = body.text.as_ref().map_or("(deleted)", MessageText::expose);
            Some(format!("{}: {text}", author.name.expose()))
        };
        Some(page.messages.iter().filter_map(line).collect())
    }

    /// Whether a device told its person this.
    pub fn heard(&self, who: Who, notice: &Notice) -> bool {
        self.notices(who).contains(notice)
    }
}

/// Adds of one member that count.
const INVITES: usize = 16;

/// A notice in words, without any text, name or identifier.
pub(crate) fn say_notice(notice: &Notice) -> String {
    match notice {
        Notice::MessageReceived(..) => "reads a message".to_owned(),
        Notice::MessageChanged(..) => "sees a message change".to_owned(),
        Notice::MessageDelivered { have, of, .. } => format!("knows that {have} of {of} have it"),
        Notice::AttachmentProgress { have, of, .. } => {
            format!("has {have} of {of} pieces of an attachment")
        }
        Notice::CallReceived(..) => "hears of a call".to_owned(),
        Notice::CallChanged(..) => "sees a call change".to_owned(),
        Notice::CallErased(..) => "has nothing of a call any more".to_owned(),
        Notice::MissedCheckIn { .. } => "is told that somebody is not home".to_owned(),
        Notice::PostReceived(..) => "reads a post".to_owned(),
        Notice::DraftReceived(..) => "is asked to sign a post".to_owned(),
        Notice::ChannelChanged(_) => "sees a channel change".to_owned(),
        Notice::CellSynced(_) => "has the same as another".to_owned(),
        Notice::MemberJoined(..) => "learns of a newcomer".to_owned(),
        Notice::MemberRemoved(..) => "learns that somebody is out".to_owned(),
        Notice::RemovedFromCell(_) => "learns of their own removal".to_owned(),
        Notice::Warning(_, kind) => format!("is warned: {}", kind.name()),
        Notice::MemberConnected(..) => "meets a member".to_owned(),
        Notice::MemberDisconnected(..) => "loses a member".to_owned(),
        Notice::JoinRequested { .. } => "hears a knock".to_owned(),
        Notice::JoinPhrase(..) => "sees a phrase".to_owned(),
        Notice::CellJoined(..) => "is in".to_owned(),
        Notice::JoinFailed(_, reason) => format!("is not in: {}", reason.name()),
    }
}
