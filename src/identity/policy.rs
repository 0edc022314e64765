//! What a member may do. One table; whatever it does not allow is denied. Its answer is the only thing with
//! which a change can be committed.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Part, Power, Role};
use crate::{
    identity::{Seats, Side},
    platform::ids::MemberId,
};

/// A thing that somebody wants to do, with the facts about its object that matter for whether they may.
#[derive(Clone, Copy, Debug)]
pub enum Action<'a> {
    /// Write or archive clauses of the working draft.
    EditDefinition,
    /// Say something about a clause, a check-in, whatever can be talked about.
    Comment,
    ProposeDefinition,
    /// Fill the seat of one's own side; `owner` is that side's named owner.
    FillSeat {
        seats: Seats,
        owner: Option<MemberId>,
    },
    WithdrawOwnSignature,
    StartInitiative,
    /// Change an initiative, its members or its phase.
    ManageInitiative {
        leads: [MemberId; 2],
    },
    CheckIn {
        leads: [MemberId; 2],
    },
    /// Say that the other side's check-in was read; `lead` is the co-lead of the side that reads.
    Acknowledge {
        lead: MemberId,
        side: Side,
    },
    /// Let a manager of one's own side sign in one's place.
    Delegate,
    /// Add or change milestones and checkpoints; `team` are the initiative's leads and members.
    PlanWork {
        team: &'a [MemberId],
    },
    PassCheckpoint {
        owner: MemberId,
        driver: MemberId,
    },
    /// Accept or return a passed checkpoint for `side`, whose owner of the milestone is `owner`; never one's
    /// own.
    AcceptCheckpoint {
        side: Option<Side>,
        passed_by: Option<MemberId>,
        owner: MemberId,
    },
    /// Judge blind, or suggest a wording, for one's own side.
    SpeakForSide,
    /// Accept or decline what the other side suggests.
    AnswerSuggestion {
        by: Side,
    },
    AskDecision,
    ShapeDecision {
        driver: MemberId,
    },
    /// Rule on a deadlock; `arbiter` is whom the workspace has named.
    Rule {
        arbiter: Option<MemberId>,
    },
    /// Name a touchpoint, enter a source, write its entry and offer it.
    EnterSource,
    /// Change or retire a touchpoint, or take one that Technology suggested.
    ChangeTouchpoint,
    RetireSource {
        holders: &'a [MemberId],
    },
    /// Give or leave a chair of one's own side; `holders` sit on it, or on the one whose deputy it is.
    GiveChair {
        side: Side,
        holders: &'a [MemberId],
    },
    /// Say a word on the map, or read a source's levels, for one's own side; `speakers` are those of that
    /// side who speak there.
    SayWord {
        speakers: &'a [MemberId],
    },
    /// Say what a source may be used for; `holders` are its owner, its steward and the owner's deputy.
    DecideUse {
        holders: &'a [MemberId],
    },
    /// Say who answers for the processing of data.
    KeepRecord,
    /// Propose which source is the profile.
    NameProfile,
    /// Enter a technology in the register, change or move it.
    ManageTechnology,
    ManageKpi,
    /// Set, change or archive a marketing goal.
    ManageGoal,
    /// Say that access was granted: the other side than the one that asks, and never whoever asked or signed
    /// for it.
    GrantAccess {
        asking: Side,
        asked_by: MemberId,
        /// Whether it was they who signed for the side that asks, before they changed sides.
        is_signer: bool,
    },
    /// Open or shut the door to a source, never for oneself: its custodian and the custodian's deputy are
    /// `keepers`. Where there is nobody else than whoever asked, Technology's lead.
    KeepDoor {
        asked_by: MemberId,
        keepers: &'a [MemberId],
        /// Whether it was they who signed for Marketing, before they changed sides.
        is_signer: bool,
    },
    /// Say whether an access is still needed, never one's own; `holders` answer for its source on one's side.
    /// Where there is nobody else than whoever asked, the side's lead.
    CertifyAccess {
        asked_by: MemberId,
        holders: &'a [MemberId],
    },
    /// Say that the copies are gone: who asked, or the lead of the side that asked.
    DeleteCopies {
        asked_by: MemberId,
        asking: Side,
    },
    /// Who asked, or whoever steers the side that asked, takes a request back; what was granted either side
    /// ends.
    EndAccess {
        asked_by: MemberId,
        asking: Side,
        is_granted: bool,
    },
    EnterKpiValue {
        driver: MemberId,
    },
    /// Plan reviews, order and park what is spoken of, write minutes.
    PrepareReview,
    /// Freeze a review, begin it, drive it, end it, offer its minutes.
    LeadReview,
    /// Raise topics, note what is said, give actions, say who is there.
    TakePartInReview,
    /// Say what became of an action: its owner, or who manages on the owner's side.
    SettleAction {
        owner: MemberId,
        side: Option<Side>,
    },
    /// See to who is a member. Which part somebody may be given is [`Action::Appoint`]'s.
    ManageMembers,
    /// Say what the workspace is called, where its days begin and what its money is in.
    ChangeSettings,
    /// Making somebody an administrator.
    NameAdministrator,
    /// Say how long a signature may wait before the arbiter is called, and a check-in before it is late.
    SetLimits,
    /// Name who rules when the sides cannot agree.
    NameArbiter,
    /// Give somebody this part, or take it from them: a change of parts is both. What signs, or decides who
    /// signs, for a side is that side's business: nobody fills the other side's seats with people of their
    /// own.
    Appoint {
        part: Part,
    },
    /// Invite the lead of a side that has nobody yet.
    InviteFirstLead,
    /// Give one's own lead to somebody of the same side, or, as an administrator of neither side, anybody's.
    HandOverLead {
        side: Side,
    },
}

/// Who wants to do it, as the database says at this moment.
#[derive(Clone, Copy, Debug)]
pub struct Who {
    pub member: MemberId,
    pub side: Option<Side>,
    pub role: Role,
    pub is_admin: bool,
    /// Whether their side's lead lets them sign in the lead's place today.
    pub is_deputy: bool,
}

impl Who {
    /// The role whose seats they may fill.
    pub const fn signs_as(self) -> Role {
        if self.is_deputy { Role::Lead } else { self.role }
    }

    const fn contributes(self) -> bool {
        !matches!(self.role, Role::Observer)
    }

    const fn manages(self) -> bool {
        matches!(self.role, Role::Lead | Role::Manager)
    }

    /// Of a side, or of whatever has none any more.
    fn manages_for(self, side: Option<Side>) -> bool {
        self.manages() && (side.is_none() || side == self.side)
    }

    /// Whether they see to anybody's part: at least to those of their own side.
    const fn appoints(self) -> bool {
        self.is_admin || matches!(self.role, Role::Lead)
    }

    /// An administrator who sits on no side answers to both.
    const fn is_of_neither_side(self) -> bool {
        self.is_admin && self.side.is_none()
    }

    fn is_one_of(self, people: &[MemberId]) -> bool {
        self.contributes() && people.contains(&self.member)
    }

    /// Whether they are one of these and did not ask; where there is nobody else, whether they lead.
    fn stands_at(self, holders: &[MemberId], asked_by: MemberId) -> bool {
        let is_empty = holders.iter().all(|holder| *holder == asked_by);
        self.side.is_some()
            && self.member != asked_by
            && (self.is_one_of(holders) || (is_empty && self.signs_as() == Role::Lead))
    }

    pub fn may(self, action: Action<'_>) -> bool {
        match action {
            Action::LeadReview => self.side.is_some() && self.signs_as() == Role::Lead,
            Action::EditDefinition
            | Action::TakePartInReview
            | Action::Comment
            | Action::AskDecision
            | Action::WithdrawOwnSignature => self.contributes(),
            Action::AnswerSuggestion { by } => self.contributes() && self.side.is_some_and(|side| side != by),
            Action::Rule { arbiter } => arbiter == Some(self.member),
            Action::SpeakForSide | Action::EnterSource => self.contributes() && self.side.is_some(),
            Action::ProposeDefinition
            | Action::StartInitiative
            | Action::ManageKpi
            | Action::PrepareReview
            | Action::ManageTechnology => self.manages(),
            Action::ManageGoal => self.manages() && self.side == Some(Side::Marketing),
            Action::ChangeTouchpoint => self.contributes() && self.side == Some(Side::Marketing),
            Action::RetireSource { holders } => {
                self.side.is_some() && (self.manages() || self.is_one_of(holders))
            }
            Action::GiveChair { side, holders } => {
                self.side == Some(side) && (self.is_one_of(holders) || self.signs_as() == Role::Lead)
            }
            Action::SayWord { speakers } => {
                self.side.is_some() && (self.is_one_of(speakers) || self.signs_as() == Role::Lead)
            }
            Action::DecideUse { holders } => {
                self.side == Some(Side::Marketing)
                    && (self.is_one_of(holders) || self.signs_as() == Role::Lead)
            }
            Action::NameProfile | Action::KeepRecord => self.side.is_some() && self.manages(),
            Action::GrantAccess {
                asking,
                asked_by,
                is_signer,
            } => {
                self.contributes()
                    && self.side == Some(asking.other())
                    && self.member != asked_by
                    && !is_signer
            }
            Action::KeepDoor {
                asked_by,
                keepers,
                is_signer,
            } => self.side == Some(Side::Technology) && !is_signer && self.stands_at(keepers, asked_by),
            Action::CertifyAccess { asked_by, holders } => self.stands_at(holders, asked_by),
            Action::DeleteCopies { asked_by, asking } => {
                self.is_one_of(&[asked_by]) || (self.side == Some(asking) && self.signs_as() == Role::Lead)
            }
            Action::EndAccess {
                asked_by,
                asking,
                is_granted,
            } => self.is_one_of(&[asked_by]) || (self.manages() && (is_granted || self.side == Some(asking))),
            Action::FillSeat { seats, owner } => {
                self.side.is_some() && seats.may_fill(self.signs_as(), self.member, owner)
            }
            Action::ManageInitiative { leads } | Action::CheckIn { leads } => {
                self.manages() || self.is_one_of(&leads)
            }
            Action::PlanWork { team } => self.manages() || self.is_one_of(team),
            Action::PassCheckpoint { owner, driver } => self.manages() || self.is_one_of(&[owner, driver]),
            Action::AcceptCheckpoint {
                side,
                passed_by,
                owner,
            } => {
                side.is_some()
                    && side == self.side
                    && passed_by != Some(self.member)
                    && (self.manages() || self.is_one_of(&[owner]))
            }
            Action::SettleAction { owner, side } => self.is_one_of(&[owner]) || self.manages_for(side),
            Action::ShapeDecision { driver } | Action::EnterKpiValue { driver } => {
                self.manages() || self.is_one_of(&[driver])
            }
            Action::ChangeSettings | Action::NameAdministrator => self.is_admin,
            // Who sits on a side does not choose who rules between the sides, nor when.
            Action::NameArbiter | Action::SetLimits => self.is_of_neither_side(),
            Action::ManageMembers | Action::InviteFirstLead => self.appoints(),
            Action::Appoint { part } => match part.power() {
                Power::None => {
                    self.is_admin
                        || (self.role == Role::Lead && part.side.is_some() && part.side == self.side)
                }
                Power::Over(side) => {
                    self.is_of_neither_side() || (self.appoints() && self.side == Some(side))
                }
                Power::OverBoth => self.is_of_neither_side(),
            },
            Action::Acknowledge { lead, side } => {
                self.contributes()
                    && self.side == Some(side)
                    && (self.member == lead || self.signs_as() == Role::Lead)
            }
            Action::Delegate => self.role == Role::Lead,
            Action::HandOverLead { side } => {
                self.is_of_neither_side() || (self.role == Role::Lead && self.side == Some(side))
            }
        }
    }

    pub(in crate::identity) fn permit(
        self,
        action: Action<'_>,
        transaction: TransactionId,
    ) -> Option<Permit> {
        self.may(action).then_some(Permit(transaction))
    }
}

/// Which of the transactions of this process.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::identity) struct TransactionId(u64);

impl TransactionId {
    pub fn fresh() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Proof that the policy allowed what this one transaction is about to commit.
#[must_use]
#[derive(Debug)]
pub struct Permit(TransactionId);

impl Permit {
    /// For what the system does by itself: it reminds, it never judges.
    pub(in crate::identity) const fn of_system(transaction: TransactionId) -> Self {
        Self(transaction)
    }

    pub(in crate::identity) fn is_of(&self, transaction: TransactionId) -> bool {
        self.0 == transaction
    }
}

#[cfg(test)]
mod tests;
