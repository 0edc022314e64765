//! Row ids: UUIDs of version 7, one type per table, so that one thing's id cannot stand for another's.
//! They are names, never secrets.

use std::{fmt, str::FromStr};

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
        pub struct $name(Uuid);

        impl $name {
            pub const fn from_uuid(id: Uuid) -> Self { Self(id) }
            pub const fn uuid(self) -> Uuid { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.as_hyphenated().fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({})", stringify!($name), self.0) }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
        #[cfg(feature = "ssr")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <std::borrow::Cow<'de, str>>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
        #[cfg(feature = "ssr")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        #[cfg(feature = "ssr")]
        impl From<$name> for $crate::platform::db::Value {
            fn from(id: $name) -> Self { Self::Id(Some(id.0)) }
        }
        #[cfg(feature = "ssr")]
        impl From<Option<$name>> for $crate::platform::db::Value {
            fn from(id: Option<$name>) -> Self { Self::Id(id.map(|id| id.0)) }
        }
    )+};
}

ids! {
    WorkspaceId, AccountId, MemberId, InvitationId, SessionRowId, MailId,
    HandshakeId, SignatureId, ConditionId,
    ClauseId, VersionId,
    InitiativeId, PhaseId,
    DelegationId, OverrideId, ReminderId, CheckInId, RetrospectiveId,
    MilestoneId, CheckpointId, SlipId, BaselineId, BulkChangeId, EvidenceFileId,
    GoalId, AccessId,
    DecisionId, OptionId, ProposalId,
    CriterionId, LinkId, OutcomeId, TechnologyId, StageId, StatementId, RulingId,
    RoundId, AnswerId, SuggestionId, CommentId,
    KpiId, TargetId, KpiValueId, FeedId,
    ReviewId, SnapshotId, ReviewItemId, NoteId, ActionId, AddendumId,
    TouchpointId, SourceId, ChairId, WordId, ProfileId, UseId, CertificationId, ReadingId, BeliefId, QuarterMapId,
}

/// Where new ids and secrets come from. Passed in, so that a test or a seed can repeat them.
#[cfg(feature = "ssr")]
pub mod source {
    use std::sync::{Mutex, PoisonError};

    use rand::{Rng, SeedableRng, rngs::ChaCha12Rng};
    use uuid::Uuid;

    use crate::platform::time::Timestamp;

    /// A cryptographic generator, seeded by the system or, for repeatable workspaces, by a number.
    pub struct Ids(Mutex<ChaCha12Rng>);

    impl Ids {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that asks the system for chance"
        )]
        pub fn from_system() -> Self {
            Self(Mutex::new(ChaCha12Rng::from_rng(&mut rand::rng())))
        }

        pub fn from_seed(seed: u64) -> Self {
            Self(Mutex::new(ChaCha12Rng::seed_from_u64(seed)))
        }

        pub fn bytes<const N: usize>(&self) -> [u8; N] {
            let mut bytes = [0; N];
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill_bytes(&mut bytes);
            bytes
        }

        /// A fresh row id that sorts by `at`.
        pub fn at<I: From<Uuid>>(&self, at: Timestamp) -> I {
            let millis = u64::try_from(at.millis()).unwrap_or_default();
            uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes())
                .into_uuid()
                .into()
        }
    }
}
