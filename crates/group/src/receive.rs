//! What others do in their send groups.
//!
//! The checks of PROTOCOL §3 stand between OpenMLS's `process_message` and `merge_staged_commit`: only leaf 0 commits,
//! every leaf names a member by that member's own key, and the owner's leaf stays who it is.

use std::collections::BTreeSet;

use model::LogId;
use openmls::framing::errors::ProtocolMessageError;
use openmls::group::{
    MlsGroup, ProcessMessageError, ProcessedWelcome, StageCommitError, StagedCommit, StagedWelcome,
};
use openmls::prelude::{
    ContentType, MlsMessageBodyIn, MlsMessageIn, PrivateMessageIn, ProcessedMessage,
    ProcessedMessageContent, ProtocolMessage, Sender, Welcome,
};
use openmls::schedule::errors::PskError;
use tls_codec::DeserializeBytes;
use zeroize::Zeroizing;

use crate::groups::{followed_key, roster_without_leaf_0};
use crate::package::{leaf_log, member_log};
use crate::provider::Provider;
use crate::suite::join_config;
use crate::{Groups, JoinError, OpenError};

/// A commit of a send group's owner that was checked but not applied: first the membership has its say.
#[derive(Debug)]
pub struct Staged {
    log: LogId,
    inner: Box<StagedCommit>,
    roster_after: BTreeSet<LogId>,
}

impl Staged {
    /// Who will be able to read the owner afterwards.
    pub const fn roster_after(&self) -> &BTreeSet<LogId> {
        &self.roster_after
    }

    /// Whether it renews the keys of the group.
    pub fn has_path(&self) -> bool {
        self.inner.update_path_leaf_node().is_some()
    }

    /// Whether it puts us out.
    pub fn removes_us(&self) -> bool {
        self.inner.self_removed()
    }
}

impl Groups {
    /// Follows the send group of `log` from a welcome, and gives who is in it besides its owner.
    pub fn join(&mut self, log: LogId, welcome: &[u8]) -> Result<BTreeSet<LogId>, JoinError> {
        if self.follows(&log) {
            return Err(JoinError::Known);
        }
        let welcome = parse_welcome(welcome).ok_or(JoinError::Malformed)?;
        let (id, provider) = (self.group_id(&log), &self.provider);
        let group = provider.storage.attempt(|| {
            let processed = ProcessedWelcome::new_from_welcome(provider, &join_config(), welcome)
                .map_err(|_| JoinError::NotForUs)?;
            // Before anything is built: a welcome must not reach into another owner's group.
            if *processed.unverified_group_info().group_context().group_id() != id {
                return Err(JoinError::NotASendGroup);
            }
            let staged = openmls::group::JoinBuilder::new(provider, processed)
                .skip_lifetime_validation()
                .build()
                .map_err(|_| JoinError::Malformed)?;
            check_welcome(&staged, &log)?;
            staged
                .into_group(provider)
                .map_err(|_| JoinError::Malformed)
        })?;
        let roster = roster_without_leaf_0(&group);
        provider.storage.put_bytes(followed_key(&log), Vec::new());
        self.followed.insert(log, group);
        Ok(roster)
    }

    /// Opens what the owner of a send group said, bound to `aad`.
    pub fn open(
        &mut self,
        log: &LogId,
        message: &[u8],
        aad: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let message = parse_private(message, ContentType::Application, aad)?;
        self.in_group(log, |group, provider| {
            let ProcessedMessageContent::ApplicationMessage(text) =
                process(group, provider, message)?.into_content()
            else {
                return Err(OpenError::Invalid);
            };
            Ok(Zeroizing::new(text.into_bytes()))
        })
    }

    /// Checks a commit of a send group's owner, bound to `aad`, without applying it.
    pub fn stage(&mut self, log: &LogId, commit: &[u8], aad: &[u8]) -> Result<Staged, OpenError> {
        let message = parse_private(commit, ContentType::Commit, aad)?;
        self.in_group(log, |group, provider| {
            let ProcessedMessageContent::StagedCommitMessage(inner) =
                process(group, provider, message)?.into_content()
            else {
                return Err(OpenError::Invalid);
            };
            let roster_after = check_commit(group, &inner, log)?;
            Ok(Staged {
                log: *log,
                inner,
                roster_after,
            })
        })
    }

    /// Applies a commit. It must be the last that was staged for its group.
    pub fn merge(&mut self, staged: Staged) -> Result<(), OpenError> {
        let Staged {
            log,
            inner,
            roster_after,
        } = staged;
        // Whom it removes gets no part in the secret that it brings.
        let secret = inner.update_path_leaf_node().is_some() && !inner.self_removed();
        self.in_group(&log, |group, provider| {
            if inner.epoch().as_u64() != group.epoch().as_u64() + 1 {
                return Err(OpenError::Invalid);
            }
            group
                .merge_staged_commit(provider, *inner)
                .map_err(|_| OpenError::Invalid)
        })?;
        if secret {
            let group = self.followed.get(&log).ok_or(OpenError::NotFollowed)?;
            self.healing
                .keep(log, group, roster_after, &self.provider)
                .map_err(|_| OpenError::Invalid)?;
        }
        Ok(())
    }

    /// Runs `act` on a followed group; if it fails, the group is as it was.
    fn in_group<T>(
        &mut self,
        log: &LogId,
        act: impl FnOnce(&mut MlsGroup, &Provider) -> Result<T, OpenError>,
    ) -> Result<T, OpenError> {
        let Self {
            followed, provider, ..
        } = self;
        let group = followed.get_mut(log).ok_or(OpenError::NotFollowed)?;
        let done = provider.storage.attempt(|| act(group, provider));
        if done.is_err()
            && let Ok(group) = self.load(log)
        {
            self.followed.insert(*log, group);
        }
        done
    }
}

fn parse_welcome(bytes: &[u8]) -> Option<Welcome> {
    let message = MlsMessageIn::tls_deserialize_exact_bytes(bytes).ok()?;
    let MlsMessageBodyIn::Welcome(welcome) = message.extract() else {
        return None;
    };
    Some(welcome)
}

/// A message of the right kind that is bound to `aad`. Seen before any key is touched.
fn parse_private(
    bytes: &[u8],
    content: ContentType,
    aad: &[u8],
) -> Result<PrivateMessageIn, OpenError> {
    let message =
        MlsMessageIn::tls_deserialize_exact_bytes(bytes).map_err(|_| OpenError::Invalid)?;
    let protocol: Result<ProtocolMessage, ProtocolMessageError> =
        message.try_into_protocol_message();
    match protocol {
        Ok(ProtocolMessage::PrivateMessage(message)) if message.content_type() == content => {
            if message.aad() == aad || mutant!(AnyPlace) {
                Ok(message)
            } else {
                Err(OpenError::WrongAad)
            }
        }
        _ => Err(OpenError::Invalid),
    }
}

fn process(
    group: &mut MlsGroup,
    provider: &Provider,
    message: PrivateMessageIn,
) -> Result<ProcessedMessage, OpenError> {
    provider.storage.clear_missing();
    let processed = group.process_message(provider, message).map_err(|error| {
        let absent = matches!(
            error,
            ProcessMessageError::InvalidCommit(StageCommitError::PskError(PskError::KeyNotFound))
        );
        let missing = provider.storage.missing().filter(|_| absent);
        missing.map_or(OpenError::Invalid, OpenError::MissingPsk)
    })?;
    let by_owner = matches!(processed.sender(), Sender::Member(leaf) if leaf.u32() == 0);
    if by_owner || mutant!(AnybodyCommits) {
        Ok(processed)
    } else {
        Err(OpenError::NotTheOwner)
    }
}

/// The welcomer is the owner of the group and sits at leaf 0, and every leaf names a member by their own key.
fn check_welcome(staged: &StagedWelcome, owner: &LogId) -> Result<(), JoinError> {
    let sender = staged.welcome_sender().ok().and_then(leaf_log);
    let named = staged.members().all(|member| member_log(&member).is_some());
    let by_owner = staged.welcome_sender_index().u32() == 0 && sender == Some(*owner);
    if (by_owner || mutant!(AnybodyWelcomes)) && named {
        Ok(())
    } else {
        Err(JoinError::NotASendGroup)
    }
}

/// The roster after a commit. Leaves that come must name a member by their own key; the owner must stay who they are.
fn check_commit(
    group: &MlsGroup,
    staged: &StagedCommit,
    owner: &LogId,
) -> Result<BTreeSet<LogId>, OpenError> {
    if staged
        .update_path_leaf_node()
        .is_some_and(|leaf| leaf_log(leaf) != Some(*owner))
    {
        return Err(OpenError::BadLeaf);
    }
    // In a send group nobody proposes but its owner, who has no use for other kinds.
    let foreign = staged.queued_proposals().any(|queued| {
        use openmls::messages::proposals::Proposal;
        !matches!(
            queued.proposal(),
            Proposal::Add(_) | Proposal::Remove(_) | Proposal::PreSharedKey(_)
        )
    });
    if foreign {
        return Err(OpenError::Invalid);
    }
    let removed: BTreeSet<u32> = staged
        .remove_proposals()
        .map(|queued| queued.remove_proposal().removed().u32())
        .collect();
    let mut roster: BTreeSet<LogId> = group
        .members()
        .filter(|member| member.index.u32() != 0 && !removed.contains(&member.index.u32()))
        .filter_map(|member| member_log(&member))
        .collect();
    for added in staged.add_proposals() {
        let log =
            leaf_log(added.add_proposal().key_package().leaf_node()).ok_or(OpenError::BadLeaf)?;
        roster.insert(log);
    }
    Ok(roster)
}
