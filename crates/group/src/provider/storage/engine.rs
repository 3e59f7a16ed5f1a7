//! OpenMLS's `StorageProvider`. Every value is CBOR: OpenMLS reads some of its types back only from a codec that
//! describes itself.

use openmls_traits::storage::{CURRENT_VERSION as V, StorageProvider, traits};

use super::{Storage, StorageError, record_key};

/// What a record holds: the first byte of its key. Stored, so never given another meaning.
#[repr(u8)]
enum Label {
    JoinConfig = 1,
    OwnLeafNodes = 2,
    ProposalRefs = 3,
    Proposal = 4,
    Tree = 5,
    InterimTranscriptHash = 6,
    GroupContext = 7,
    ConfirmationTag = 8,
    GroupState = 9,
    MessageSecrets = 10,
    ResumptionPsks = 11,
    OwnLeafIndex = 12,
    EpochSecrets = 13,
    SignatureKeyPair = 14,
    EncryptionKeyPair = 15,
    EpochKeyPairs = 16,
    KeyPackage = 17,
    Psk = 18,
}

impl Storage {
    /// Whether a key can be that of an OpenMLS record.
    pub(crate) fn is_engine_key(key: &[u8]) -> bool {
        key.len() == 33
            && key
                .first()
                .is_some_and(|label| (1..=Label::Psk as u8).contains(label))
    }
}

macro_rules! write {
    ($function:ident, $label:ident, $key:ident, $value:ident) => {
        fn $function<K: traits::$key<V>, T: traits::$value<V>>(
            &self,
            key: &K,
            value: &T,
        ) -> Result<(), StorageError> {
            self.put(record_key(Label::$label as u8, key)?, value)
        }
    };
}

macro_rules! read {
    ($function:ident, $label:ident, $key:ident, $value:ident) => {
        fn $function<K: traits::$key<V>, T: traits::$value<V>>(
            &self,
            key: &K,
        ) -> Result<Option<T>, StorageError> {
            self.get(&record_key(Label::$label as u8, key)?)
        }
    };
}

macro_rules! delete {
    ($function:ident, $label:ident, $key:ident) => {
        fn $function<K: traits::$key<V>>(&self, key: &K) -> Result<(), StorageError> {
            self.delete(record_key(Label::$label as u8, key)?);
            Ok(())
        }
    };
}

impl StorageProvider<V> for Storage {
    type Error = StorageError;

    write!(
        write_mls_join_config,
        JoinConfig,
        GroupId, MlsGroupJoinConfig
    );
    write!(write_tree, Tree, GroupId, TreeSync);
    write!(
        write_interim_transcript_hash,
        InterimTranscriptHash,
        GroupId, InterimTranscriptHash
    );
    write!(write_context, GroupContext, GroupId, GroupContext);
    write!(
        write_confirmation_tag,
        ConfirmationTag,
        GroupId, ConfirmationTag
    );
    write!(
        write_message_secrets,
        MessageSecrets,
        GroupId, MessageSecrets
    );
    write!(
        write_resumption_psk_store,
        ResumptionPsks,
        GroupId, ResumptionPskStore
    );
    write!(write_own_leaf_index, OwnLeafIndex, GroupId, LeafNodeIndex);
    write!(
        write_group_epoch_secrets,
        EpochSecrets,
        GroupId, GroupEpochSecrets
    );
    write!(
        write_signature_key_pair,
        SignatureKeyPair,
        SignaturePublicKey, SignatureKeyPair
    );
    write!(
        write_encryption_key_pair,
        EncryptionKeyPair,
        EncryptionKey, HpkeKeyPair
    );
    write!(write_key_package, KeyPackage, HashReference, KeyPackage);
    write!(write_psk, Psk, PskId, PskBundle);

    read!(
        mls_group_join_config,
        JoinConfig,
        GroupId,
        MlsGroupJoinConfig
    );
    read!(tree, Tree, GroupId, TreeSync);
    read!(
        interim_transcript_hash,
        InterimTranscriptHash,
        GroupId,
        InterimTranscriptHash
    );
    read!(group_context, GroupContext, GroupId, GroupContext);
    read!(confirmation_tag, ConfirmationTag, GroupId, ConfirmationTag);
    read!(message_secrets, MessageSecrets, GroupId, MessageSecrets);
    read!(
        resumption_psk_store,
        ResumptionPsks,
        GroupId,
        ResumptionPskStore
    );
    read!(own_leaf_index, OwnLeafIndex, GroupId, LeafNodeIndex);
    read!(
        group_epoch_secrets,
        EpochSecrets,
        GroupId,
        GroupEpochSecrets
    );
    read!(
        signature_key_pair,
        SignatureKeyPair,
        SignaturePublicKey,
        SignatureKeyPair
    );
    read!(key_package, KeyPackage, HashReference, KeyPackage);

    delete!(delete_own_leaf_nodes, OwnLeafNodes, GroupId);
    delete!(delete_group_config, JoinConfig, GroupId);
    delete!(delete_tree, Tree, GroupId);
    delete!(delete_confirmation_tag, ConfirmationTag, GroupId);
    delete!(delete_group_state, GroupState, GroupId);
    delete!(delete_context, GroupContext, GroupId);
    delete!(
        delete_interim_transcript_hash,
        InterimTranscriptHash,
        GroupId
    );
    delete!(delete_message_secrets, MessageSecrets, GroupId);
    delete!(delete_all_resumption_psk_secrets, ResumptionPsks, GroupId);
    delete!(delete_own_leaf_index, OwnLeafIndex, GroupId);
    delete!(delete_group_epoch_secrets, EpochSecrets, GroupId);
    delete!(
        delete_signature_key_pair,
        SignatureKeyPair,
        SignaturePublicKey
    );
    delete!(delete_encryption_key_pair, EncryptionKeyPair, EncryptionKey);
    delete!(delete_key_package, KeyPackage, HashReference);
    delete!(delete_psk, Psk, PskId);

    fn write_group_state<T: traits::GroupState<V>, K: traits::GroupId<V>>(
        &self,
        group: &K,
        state: &T,
    ) -> Result<(), StorageError> {
        self.put(record_key(Label::GroupState as u8, group)?, state)
    }

    fn group_state<T: traits::GroupState<V>, K: traits::GroupId<V>>(
        &self,
        group: &K,
    ) -> Result<Option<T>, StorageError> {
        self.get(&record_key(Label::GroupState as u8, group)?)
    }

    fn encryption_key_pair<T: traits::HpkeKeyPair<V>, K: traits::EncryptionKey<V>>(
        &self,
        key: &K,
    ) -> Result<Option<T>, StorageError> {
        self.get(&record_key(Label::EncryptionKeyPair as u8, key)?)
    }

    fn psk<T: traits::PskBundle<V>, K: traits::PskId<V>>(
        &self,
        psk: &K,
    ) -> Result<Option<T>, StorageError> {
        let found = self.get(&record_key(Label::Psk as u8, psk)?)?;
        if found.is_none() {
            self.note_missing(psk);
        }
        Ok(found)
    }

    fn write_encryption_epoch_key_pairs<
        G: traits::GroupId<V>,
        E: traits::EpochKey<V>,
        T: traits::HpkeKeyPair<V>,
    >(
        &self,
        group: &G,
        epoch: &E,
        leaf: u32,
        pairs: &[T],
    ) -> Result<(), StorageError> {
        self.put(
            record_key(Label::EpochKeyPairs as u8, &(group, epoch, leaf))?,
            &pairs,
        )
    }

    fn encryption_epoch_key_pairs<
        G: traits::GroupId<V>,
        E: traits::EpochKey<V>,
        T: traits::HpkeKeyPair<V>,
    >(
        &self,
        group: &G,
        epoch: &E,
        leaf: u32,
    ) -> Result<Vec<T>, StorageError> {
        let pairs = self.get(&record_key(
            Label::EpochKeyPairs as u8,
            &(group, epoch, leaf),
        )?)?;
        // There is at least that of our leaf.
        pairs.ok_or(StorageError::Decode)
    }

    fn delete_encryption_epoch_key_pairs<G: traits::GroupId<V>, E: traits::EpochKey<V>>(
        &self,
        group: &G,
        epoch: &E,
        leaf: u32,
    ) -> Result<(), StorageError> {
        self.delete(record_key(
            Label::EpochKeyPairs as u8,
            &(group, epoch, leaf),
        )?);
        Ok(())
    }

    fn append_own_leaf_node<G: traits::GroupId<V>, T: traits::LeafNode<V>>(
        &self,
        group: &G,
        leaf: &T,
    ) -> Result<(), StorageError> {
        // A leaf that is only serialised need not be cloned: the list is kept as values that describe themselves.
        let key = record_key(Label::OwnLeafNodes as u8, group)?;
        let mut leaves: Vec<ciborium::Value> = self.get(&key)?.unwrap_or_default();
        leaves.push(ciborium::Value::serialized(leaf).map_err(|_| StorageError::Encode)?);
        self.put(key, &leaves)
    }

    fn own_leaf_nodes<G: traits::GroupId<V>, T: traits::LeafNode<V>>(
        &self,
        group: &G,
    ) -> Result<Vec<T>, StorageError> {
        Ok(self
            .get(&record_key(Label::OwnLeafNodes as u8, group)?)?
            .unwrap_or_default())
    }

    fn queue_proposal<
        G: traits::GroupId<V>,
        R: traits::ProposalRef<V>,
        T: traits::QueuedProposal<V>,
    >(
        &self,
        group: &G,
        reference: &R,
        proposal: &T,
    ) -> Result<(), StorageError> {
        self.put(
            record_key(Label::Proposal as u8, &(group, reference))?,
            proposal,
        )?;
        let key = record_key(Label::ProposalRefs as u8, group)?;
        let mut references: Vec<ciborium::Value> = self.get(&key)?.unwrap_or_default();
        references.push(ciborium::Value::serialized(reference).map_err(|_| StorageError::Encode)?);
        self.put(key, &references)
    }

    fn queued_proposal_refs<G: traits::GroupId<V>, R: traits::ProposalRef<V>>(
        &self,
        group: &G,
    ) -> Result<Vec<R>, StorageError> {
        Ok(self
            .get(&record_key(Label::ProposalRefs as u8, group)?)?
            .unwrap_or_default())
    }

    fn queued_proposals<
        G: traits::GroupId<V>,
        R: traits::ProposalRef<V>,
        T: traits::QueuedProposal<V>,
    >(
        &self,
        group: &G,
    ) -> Result<Vec<(R, T)>, StorageError> {
        let references: Vec<R> = self.queued_proposal_refs(group)?;
        let find = |reference: R| {
            let proposal = self.get(&record_key(Label::Proposal as u8, &(group, &reference))?)?;
            Ok((reference, proposal.ok_or(StorageError::Decode)?))
        };
        references.into_iter().map(find).collect()
    }

    fn remove_proposal<G: traits::GroupId<V>, R: traits::ProposalRef<V>>(
        &self,
        group: &G,
        reference: &R,
    ) -> Result<(), StorageError> {
        self.delete(record_key(Label::Proposal as u8, &(group, reference))?);
        let key = record_key(Label::ProposalRefs as u8, group)?;
        let mut references: Vec<ciborium::Value> = self.get(&key)?.unwrap_or_default();
        let removed = ciborium::Value::serialized(reference).map_err(|_| StorageError::Encode)?;
        references.retain(|reference| *reference != removed);
        self.put(key, &references)
    }

    fn clear_proposal_queue<G: traits::GroupId<V>, R: traits::ProposalRef<V>>(
        &self,
        group: &G,
    ) -> Result<(), StorageError> {
        for reference in self.queued_proposal_refs::<G, R>(group)? {
            self.delete(record_key(Label::Proposal as u8, &(group, reference))?);
        }
        self.delete(record_key(Label::ProposalRefs as u8, group)?);
        Ok(())
    }
}
