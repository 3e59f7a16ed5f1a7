//! The groups of one cell on one device, and what we do in our own.

use std::collections::{BTreeMap, BTreeSet};

use crypto::{Context, Rng, SigningKey, hash};
use model::{CellId, LogId, MemberId, Suite};
use openmls::group::{CommitMessageBundle, GroupId, MlsGroup};
use openmls::messages::proposals::{PreSharedKeyProposal, Proposal};
use openmls::prelude::LeafNodeIndex;
use openmls_traits::random::OpenMlsRand;
use zeroize::Zeroizing;

use crate::healing::HealingSecrets;
use crate::package::{self, KeyPackage, leaf_log, member_log};
use crate::provider::{Algorithms, Provider, Signer, Storage};
use crate::suite::{capabilities, ciphersuite, create_config, lifetime};
use crate::{OwnGroupError, PskId, RestoreError};

/// Names a send group by its cell and log.
const GROUP: Context = Context::new("vigil send group v1");

/// Records of our own beside OpenMLS's: their first bytes. [`crate::healing`] has the third.
const OWN: u8 = 0x80;
const FOLLOWED: u8 = 0x81;

const PSK_NONCE: usize = 32;

/// The key of a record and its new value; none if it is to be deleted.
pub type RecordChange = (Vec<u8>, Option<Zeroizing<Vec<u8>>>);

/// What a commit in our own group says to the others.
#[derive(Debug)]
pub struct Commit {
    /// For those who are in the group.
    pub commit: Vec<u8>,
    /// For those whom it adds.
    pub welcome: Option<Vec<u8>>,
    /// Who is in the group afterwards besides us.
    pub roster: BTreeSet<LogId>,
}

/// One kind of change a commit; additions and injections never mix, because who is added lacks the secrets.
enum Change {
    Heal,
    Remove(Vec<LeafNodeIndex>),
    Add(Vec<openmls::prelude::KeyPackage>),
    Inject(Vec<Proposal>),
}

impl Change {
    /// Whether it renews keys: a removal must (RFC 9420 §12.4), an addition or injection need not.
    const fn has_path(&self) -> bool {
        matches!(self, Self::Heal | Self::Remove(_))
    }
}

/// The send groups of one cell as one member of it has them.
pub struct Groups {
    cell: CellId,
    suite: Suite,
    identity: SigningKey,
    pub(crate) me: MemberId,
    pub(crate) provider: Provider,
    own: Option<(LogId, MlsGroup)>,
    pub(crate) followed: BTreeMap<LogId, MlsGroup>,
    pub(crate) healing: HealingSecrets,
}

impl Groups {
    /// No groups yet.
    pub fn new(cell: CellId, suite: Suite, identity: SigningKey, rng: Rng) -> Self {
        Self::with_storage(cell, suite, identity, rng, Storage::default())
    }

    fn with_storage(
        cell: CellId,
        suite: Suite,
        identity: SigningKey,
        rng: Rng,
        storage: Storage,
    ) -> Self {
        Self {
            cell,
            suite,
            me: MemberId::from_bytes(identity.verifying_key().to_bytes()),
            identity,
            provider: Provider {
                algorithms: Algorithms::new(rng),
                storage,
            },
            own: None,
            followed: BTreeMap::new(),
            healing: HealingSecrets::default(),
        }
    }

    /// Continues from what [`Self::take_changes`] gave and was stored, in any order.
    pub fn restore(
        cell: CellId,
        suite: Suite,
        identity: SigningKey,
        rng: Rng,
        records: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>,
    ) -> Result<Self, RestoreError> {
        let records: BTreeMap<Vec<u8>, Zeroizing<Vec<u8>>> = records
            .into_iter()
            .map(|(key, value)| (key, Zeroizing::new(value)))
            .collect();
        let (mut own, mut followed, mut healing) =
            (None, BTreeSet::new(), HealingSecrets::default());
        for (key, value) in &records {
            let (label, name) = key.split_first().ok_or(RestoreError)?;
            match *label {
                OWN if name.is_empty() => own = Some(LogId::from_slice(value).ok_or(RestoreError)?),
                FOLLOWED => {
                    followed.insert(LogId::from_slice(name).ok_or(RestoreError)?);
                }
                _ if Storage::is_engine_key(key) => {}
                _ => healing.restore(key, value).ok_or(RestoreError)?,
            }
        }
        let mut groups = Self::with_storage(cell, suite, identity, rng, Storage::restore(records));
        groups.healing = healing;
        groups.own = own
            .map(|log| Ok((log, groups.load_checked(&log)?)))
            .transpose()?;
        groups.followed = followed
            .iter()
            .map(|log| Ok((*log, groups.load_checked(log)?)))
            .collect::<Result<_, _>>()?;
        Ok(groups)
    }

    pub(crate) fn load(&self, log: &LogId) -> Result<MlsGroup, RestoreError> {
        match MlsGroup::load(&self.provider.storage, &self.group_id(log)) {
            Ok(Some(group)) => Ok(group),
            Ok(None) | Err(_) => Err(RestoreError),
        }
    }

    /// A group that was stored, in which our leaf must be where it can be: OpenMLS takes what is stored on trust.
    fn load_checked(&self, owner: &LogId) -> Result<MlsGroup, RestoreError> {
        let group = self.load(owner)?;
        let leaf = group.own_leaf_node().and_then(leaf_log);
        let ours = leaf.is_some_and(|log| log.member == self.me);
        let owned = leaf == Some(*owner);
        let fits = (owned == (group.own_leaf_index().u32() == 0)) && ours;
        if fits || !group.is_active() {
            Ok(group)
        } else {
            Err(RestoreError)
        }
    }

    /// What has to be stored, as keys and new values (none: delete), before anything that the calls so far gave is
    /// sent. Values are secret.
    pub fn take_changes(&mut self) -> Vec<RecordChange> {
        self.provider.storage.take_changes()
    }

    /// A key package for one life of us, which others may use as often as they need to.
    ///
    /// # Panics
    /// If the library fails to sign or store in memory, which it has no reason to.
    pub fn create_key_package(&mut self, log: LogId) -> Vec<u8> {
        let built = openmls::prelude::KeyPackage::builder()
            .key_package_lifetime(lifetime())
            .leaf_node_capabilities(capabilities(self.suite))
            .mark_as_last_resort()
            .build(
                ciphersuite(self.suite),
                &self.provider,
                &Signer(&self.identity),
                package::credential(&log, &self.me),
            );
        let bytes = built.ok().and_then(|bundle| {
            tls_codec::Serialize::tls_serialize_detached(bundle.key_package()).ok()
        });
        match bytes {
            Some(bytes) => bytes,
            None => {
                unreachable!("a key package of fixed shape can be made, kept in memory and written")
            }
        }
    }

    /// Founds our send group for one life of us, in place of the one for an earlier life.
    pub fn create_own(&mut self, log: LogId) -> Result<(), OwnGroupError> {
        let (id, old) = (
            self.group_id(&log),
            self.own.as_ref().map(|(log, _)| self.group_id(log)),
        );
        let Self {
            provider,
            identity,
            suite,
            ..
        } = self;
        let group = provider.storage.attempt(|| {
            if let Some(old) = old {
                delete_group(provider, &old)?;
            }
            let made = MlsGroup::new_with_group_id(
                provider,
                &Signer(identity),
                &create_config(*suite),
                id,
                package::credential(
                    &log,
                    &MemberId::from_bytes(identity.verifying_key().to_bytes()),
                ),
            );
            made.map_err(|_| OwnGroupError::Engine)
        })?;
        provider
            .storage
            .put_bytes(vec![OWN], log.to_bytes().to_vec());
        self.own = Some((log, group));
        Ok(())
    }

    /// Who is in our send group besides us. Nobody if there is no such group.
    pub fn own_roster(&self) -> BTreeSet<LogId> {
        self.own
            .as_ref()
            .map(|(_, group)| roster_without_leaf_0(group))
            .unwrap_or_default()
    }

    /// Removes leaves from our group, renewing its keys. OpenMLS orders several removals by a randomly keyed hash, so that
    /// equal seeds give equal bytes only for one leaf at a time.
    pub fn remove(&mut self, logs: &BTreeSet<LogId>, aad: &[u8]) -> Result<Commit, OwnGroupError> {
        let leaves: Vec<_> = self
            .own_group()?
            .members()
            .filter(|member| member.index.u32() != 0)
            .filter(|member| member_log(member).is_some_and(|log| logs.contains(&log)))
            .map(|member| member.index)
            .collect();
        if leaves.len() != logs.len() || leaves.is_empty() {
            return Err(OwnGroupError::Roster);
        }
        self.commit(Change::Remove(leaves), aad)
    }

    /// Adds leaves to our group without renewing its keys, which would cost its members a path each.
    pub fn add(
        &mut self,
        packages: &BTreeMap<LogId, KeyPackage>,
        aad: &[u8],
    ) -> Result<Commit, OwnGroupError> {
        let members: BTreeSet<MemberId> = self.own_roster().iter().map(|log| log.member).collect();
        let fits = |(log, package): (&LogId, &KeyPackage)| {
            *log == package.log() && log.member != self.me && !members.contains(&log.member)
        };
        let distinct: BTreeSet<MemberId> = packages.keys().map(|log| log.member).collect();
        if packages.is_empty() || distinct.len() != packages.len() || !packages.iter().all(fits) {
            return Err(OwnGroupError::Roster);
        }
        self.commit(
            Change::Add(
                packages
                    .values()
                    .map(|package| package.inner.clone())
                    .collect(),
            ),
            aad,
        )
    }

    /// Injects healing secrets of others into our group, so that who stole our state loses it.
    pub fn inject(&mut self, secrets: &[PskId], aad: &[u8]) -> Result<Commit, OwnGroupError> {
        if secrets.is_empty() || !secrets.iter().all(|id| self.healing.has(id)) {
            return Err(OwnGroupError::Secret);
        }
        let proposals: Result<Vec<_>, _> = secrets
            .iter()
            .map(|id| {
                let nonce = self
                    .provider
                    .algorithms
                    .random_vec(PSK_NONCE)
                    .map_err(|_| OwnGroupError::Engine)?;
                Ok(Proposal::PreSharedKey(Box::new(PreSharedKeyProposal::new(
                    id.to_proposal(nonce),
                ))))
            })
            .collect();
        let commit = self.commit(Change::Inject(proposals?), aad)?;
        self.healing.mark_injected(secrets, &self.provider.storage);
        Ok(commit)
    }

    /// Renews the keys of our group.
    pub fn heal(&mut self, aad: &[u8]) -> Result<Commit, OwnGroupError> {
        self.commit(Change::Heal, aad)
    }

    /// Which secrets of others should be injected into our group: the newest of each log that `wanted` names, unless
    /// somebody in our group does not have it or it was injected before.
    pub fn injectable(&self, wanted: &dyn Fn(&LogId) -> bool) -> Vec<PskId> {
        let own = self.own.as_ref().map(|(log, _)| *log);
        self.healing.injectable(&self.own_roster(), &|log| {
            Some(*log) != own && log.member != self.me && wanted(log)
        })
    }

    /// Seals what we say to everybody in our group.
    pub fn seal(&mut self, plaintext: &[u8], aad: &[u8]) -> Result<Vec<u8>, OwnGroupError> {
        self.in_own_group(|group, provider, signer| {
            group.set_aad(aad.to_vec());
            let sealed = group
                .create_message(provider, signer, plaintext)
                .map_err(|_| OwnGroupError::Engine)?;
            sealed.to_bytes().map_err(|_| OwnGroupError::Engine)
        })
    }

    fn commit(&mut self, change: Change, aad: &[u8]) -> Result<Commit, OwnGroupError> {
        let path = change.has_path();
        let (bundle, roster) = self.in_own_group(|group, provider, signer| {
            group.set_aad(aad.to_vec());
            let bundle = stage_own(group, provider, signer, change)?;
            group
                .merge_pending_commit(provider)
                .map_err(|_| OwnGroupError::Engine)?;
            Ok((bundle, roster_without_leaf_0(group)))
        })?;
        if path {
            self.keep_own_secret(&roster)?;
        }
        let (commit, welcome, _) = bundle.into_messages();
        let bytes = |message: openmls::prelude::MlsMessageOut| {
            message.to_bytes().map_err(|_| OwnGroupError::Engine)
        };
        Ok(Commit {
            commit: bytes(commit)?,
            welcome: welcome.map(bytes).transpose()?,
            roster,
        })
    }

    fn keep_own_secret(&mut self, roster: &BTreeSet<LogId>) -> Result<(), OwnGroupError> {
        let Self {
            own,
            healing,
            provider,
            ..
        } = self;
        let (log, group) = own.as_ref().ok_or(OwnGroupError::Missing)?;
        healing
            .keep(*log, group, roster.clone(), provider)
            .map_err(|_| OwnGroupError::Engine)
    }

    fn own_group(&self) -> Result<&MlsGroup, OwnGroupError> {
        self.own
            .as_ref()
            .map(|(_, group)| group)
            .ok_or(OwnGroupError::Missing)
    }

    /// Runs `act` on our group; if it fails, the group is as it was.
    fn in_own_group<T>(
        &mut self,
        act: impl FnOnce(&mut MlsGroup, &Provider, &Signer<'_>) -> Result<T, OwnGroupError>,
    ) -> Result<T, OwnGroupError> {
        let Self {
            own,
            provider,
            identity,
            ..
        } = self;
        let (log, group) = own.as_mut().ok_or(OwnGroupError::Missing)?;
        let log = *log;
        let done = provider
            .storage
            .attempt(|| act(group, provider, &Signer(identity)));
        if done.is_err() {
            self.own = self.load(&log).ok().map(|group| (log, group));
        }
        done
    }

    /// Whether we are in this member's send group.
    pub fn follows(&self, log: &LogId) -> bool {
        self.followed.contains_key(log)
    }

    /// Who can read what this member says: everybody in their send group but the owner, us included. `None` if we are
    /// not in it.
    pub fn roster(&self, log: &LogId) -> Option<BTreeSet<LogId>> {
        self.followed.get(log).map(roster_without_leaf_0)
    }

    /// Leaves a member's send group behind with all its keys. Secrets that heal other groups stay: they may still be
    /// injected there.
    pub fn forget(&mut self, log: &LogId) {
        if self.followed.remove(log).is_some() {
            let deleted = delete_group(&self.provider, &self.group_id(log));
            debug_assert!(deleted.is_ok(), "deleting from memory does not fail");
            self.provider.storage.delete(followed_key(log));
        }
    }

    /// Deletes every record of every group.
    pub fn forget_all(&mut self) {
        self.provider.storage.clear();
        self.own = None;
        self.followed.clear();
        self.healing = HealingSecrets::default();
    }

    pub(crate) fn group_id(&self, log: &LogId) -> GroupId {
        GroupId::from_slice(&hash(GROUP, &[self.cell.as_bytes(), &log.to_bytes()]))
    }
}

pub(crate) fn followed_key(log: &LogId) -> Vec<u8> {
    let mut key = vec![FOLLOWED];
    key.extend_from_slice(&log.to_bytes());
    key
}

/// Everybody in the tree but its owner. A leaf that names nobody cannot be there: joining and merging refuse it.
pub(crate) fn roster_without_leaf_0(group: &MlsGroup) -> BTreeSet<LogId> {
    group
        .members()
        .filter(|member| member.index.u32() != 0)
        .filter_map(|member| member_log(&member))
        .collect()
}

fn stage_own(
    group: &mut MlsGroup,
    provider: &Provider,
    signer: &Signer<'_>,
    change: Change,
) -> Result<CommitMessageBundle, OwnGroupError> {
    debug_assert!(
        group.own_leaf_node().and_then(leaf_log).is_some(),
        "our own leaf names us"
    );
    let commit = group
        .commit_builder()
        .consume_proposal_store(false)
        .force_self_update(change.has_path());
    let commit = match change {
        Change::Heal => commit,
        Change::Remove(leaves) => commit.propose_removals(leaves),
        Change::Add(packages) => commit.propose_adds(packages),
        Change::Inject(proposals) => commit.add_proposals(proposals),
    };
    commit
        .load_psks(&provider.storage)
        .map_err(|_| OwnGroupError::Engine)?
        // Only for those it adds, who get it in the welcome whatever is set here.
        .create_group_info(false)
        .build(&provider.algorithms, &provider.algorithms, signer, |_| true)
        .map_err(|_| OwnGroupError::Engine)?
        .stage_commit(provider)
        .map_err(|_| OwnGroupError::Engine)
}

fn delete_group(provider: &Provider, id: &GroupId) -> Result<(), OwnGroupError> {
    match MlsGroup::load(&provider.storage, id) {
        Ok(Some(mut group)) => group
            .delete(&provider.storage)
            .map_err(|_| OwnGroupError::Engine),
        Ok(None) => Ok(()),
        Err(_) => Err(OwnGroupError::Engine),
    }
}
