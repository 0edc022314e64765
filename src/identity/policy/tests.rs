use uuid::Uuid;

use super::*;

fn who(role: Role, side: Option<Side>, is_admin: bool) -> Who {
    Who {
        member: MemberId::from_uuid(Uuid::from_u128(1)),
        side,
        role,
        is_admin,
        is_deputy: false,
    }
}

const fn part(side: Option<Side>, role: Role, is_admin: bool) -> Part {
    Part { side, role, is_admin }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn the_table() {
    let me = MemberId::from_uuid(Uuid::from_u128(1));
    let other = MemberId::from_uuid(Uuid::from_u128(2));
    let marketing = Some(Side::Marketing);
    let lead = who(Role::Lead, marketing, false);
    let manager = who(Role::Manager, marketing, false);
    let contributor = who(Role::Contributor, marketing, false);
    let observer = who(Role::Observer, None, false);
    let observing_admin = who(Role::Observer, None, true);
    let rows: [(Action<'_>, [bool; 5]); 70] = [
        (Action::EnterSource, [true, true, true, false, false]),
        (Action::ChangeTouchpoint, [true, true, true, false, false]),
        (
            Action::RetireSource { holders: &[other] },
            [true, true, false, false, false],
        ),
        (
            Action::RetireSource { holders: &[me] },
            [true, true, true, false, false],
        ),
        (
            Action::GiveChair {
                side: Side::Marketing,
                holders: &[],
            },
            [true, false, false, false, false],
        ),
        (
            Action::GiveChair {
                side: Side::Marketing,
                holders: &[other],
            },
            [true, false, false, false, false],
        ),
        (
            Action::GiveChair {
                side: Side::Technology,
                holders: &[me],
            },
            [false, false, false, false, false],
        ),
        (
            Action::SayWord { speakers: &[other] },
            [true, false, false, false, false],
        ),
        (
            Action::SayWord { speakers: &[me] },
            [true, true, true, false, false],
        ),
        (
            Action::DecideUse { holders: &[me] },
            [true, true, true, false, false],
        ),
        (
            Action::DecideUse { holders: &[other] },
            [true, false, false, false, false],
        ),
        (Action::KeepRecord, [true, true, false, false, false]),
        (Action::NameProfile, [true, true, false, false, false]),
        (Action::PrepareReview, [true, true, false, false, false]),
        (Action::LeadReview, [true, false, false, false, false]),
        (Action::TakePartInReview, [true, true, true, false, false]),
        (
            Action::SettleAction {
                owner: me,
                side: Some(Side::Technology),
            },
            [true, true, true, false, false],
        ),
        (
            Action::SettleAction {
                owner: other,
                side: Some(Side::Marketing),
            },
            [true, true, false, false, false],
        ),
        (
            Action::SettleAction {
                owner: other,
                side: Some(Side::Technology),
            },
            [false; 5],
        ),
        (Action::EditDefinition, [true, true, true, false, false]),
        (Action::Comment, [true, true, true, false, false]),
        (Action::ProposeDefinition, [true, true, false, false, false]),
        (
            Action::FillSeat {
                seats: Seats::Leads,
                owner: None,
            },
            [true, false, false, false, false],
        ),
        (
            Action::FillSeat {
                seats: Seats::Signers,
                owner: None,
            },
            [true, true, false, false, false],
        ),
        (
            Action::FillSeat {
                seats: Seats::Owners,
                owner: Some(me),
            },
            [true, true, true, false, false],
        ),
        (
            Action::FillSeat {
                seats: Seats::Owners,
                owner: Some(other),
            },
            [true, false, false, false, false],
        ),
        (
            Action::AnswerSuggestion { by: Side::Marketing },
            [false, false, false, false, false],
        ),
        (
            Action::AnswerSuggestion { by: Side::Technology },
            [true, true, true, false, false],
        ),
        (
            Action::Rule { arbiter: None },
            [false, false, false, false, false],
        ),
        (
            Action::Rule { arbiter: Some(other) },
            [false, false, false, false, false],
        ),
        (Action::SpeakForSide, [true, true, true, false, false]),
        (Action::ManageTechnology, [true, true, false, false, false]),
        (Action::StartInitiative, [true, true, false, false, false]),
        (
            Action::ManageInitiative {
                leads: [other, other],
            },
            [true, true, false, false, false],
        ),
        (
            Action::ManageInitiative { leads: [me, other] },
            [true, true, true, false, false],
        ),
        (
            Action::PlanWork { team: &[other] },
            [true, true, false, false, false],
        ),
        (
            Action::PlanWork { team: &[other, me] },
            [true, true, true, false, false],
        ),
        (
            Action::PassCheckpoint {
                owner: me,
                driver: other,
            },
            [true, true, true, false, false],
        ),
        (
            Action::PassCheckpoint {
                owner: other,
                driver: other,
            },
            [true, true, false, false, false],
        ),
        (
            Action::AcceptCheckpoint {
                side: marketing,
                passed_by: Some(other),
                owner: other,
            },
            [true, true, false, false, false],
        ),
        (
            Action::AcceptCheckpoint {
                side: marketing,
                passed_by: Some(other),
                owner: me,
            },
            [true, true, true, false, false],
        ),
        (
            Action::AcceptCheckpoint {
                side: marketing,
                passed_by: Some(me),
                owner: me,
            },
            [false, false, false, false, false],
        ),
        (
            Action::AcceptCheckpoint {
                side: Some(Side::Technology),
                passed_by: Some(other),
                owner: me,
            },
            [false, false, false, false, false],
        ),
        (
            Action::AcceptCheckpoint {
                side: None,
                passed_by: None,
                owner: me,
            },
            [false, false, false, false, false],
        ),
        (
            Action::EnterKpiValue { driver: other },
            [true, true, false, false, false],
        ),
        (Action::ManageGoal, [true, true, false, false, false]),
        (
            Action::GrantAccess {
                asking: Side::Marketing,
                asked_by: other,
                is_signer: false,
            },
            [false, false, false, false, false],
        ),
        (
            Action::GrantAccess {
                asking: Side::Technology,
                asked_by: other,
                is_signer: false,
            },
            [true, true, true, false, false],
        ),
        (
            Action::GrantAccess {
                asking: Side::Technology,
                asked_by: other,
                is_signer: true,
            },
            [false, false, false, false, false],
        ),
        (
            Action::GrantAccess {
                asking: Side::Technology,
                asked_by: me,
                is_signer: false,
            },
            [false, false, false, false, false],
        ),
        (
            Action::EndAccess {
                asked_by: other,
                asking: Side::Technology,
                is_granted: true,
            },
            [true, true, false, false, false],
        ),
        (
            Action::EndAccess {
                asked_by: other,
                asking: Side::Marketing,
                is_granted: false,
            },
            [true, true, false, false, false],
        ),
        (
            Action::EndAccess {
                asked_by: other,
                asking: Side::Technology,
                is_granted: false,
            },
            [false, false, false, false, false],
        ),
        (
            Action::EndAccess {
                asked_by: me,
                asking: Side::Marketing,
                is_granted: false,
            },
            [true, true, true, false, false],
        ),
        (Action::Delegate, [true, false, false, false, false]),
        (
            Action::Acknowledge {
                lead: me,
                side: Side::Marketing,
            },
            [true, true, true, false, false],
        ),
        (
            Action::Acknowledge {
                lead: me,
                side: Side::Technology,
            },
            [false, false, false, false, false],
        ),
        (Action::ManageMembers, [true, false, false, false, true]),
        (Action::NameAdministrator, [false, false, false, false, true]),
        (Action::NameArbiter, [false, false, false, false, true]),
        (Action::InviteFirstLead, [true, false, false, false, true]),
        (
            Action::Appoint {
                part: part(Some(Side::Marketing), Role::Manager, false),
            },
            [true, false, false, false, true],
        ),
        (
            Action::Appoint {
                part: part(Some(Side::Technology), Role::Contributor, false),
            },
            [false, false, false, false, true],
        ),
        (
            Action::Appoint {
                part: part(Some(Side::Technology), Role::Observer, false),
            },
            [false, false, false, false, true],
        ),
        (
            Action::Appoint {
                part: part(Some(Side::Technology), Role::Observer, true),
            },
            [false, false, false, false, true],
        ),
        (
            Action::Appoint {
                part: part(None, Role::Observer, false),
            },
            [false, false, false, false, true],
        ),
        (
            Action::Appoint {
                part: part(Some(Side::Marketing), Role::Observer, false),
            },
            [true, false, false, false, true],
        ),
        (
            Action::Appoint {
                part: part(None, Role::Observer, true),
            },
            [false, false, false, false, true],
        ),
        (
            Action::HandOverLead {
                side: Side::Marketing,
            },
            [true, false, false, false, true],
        ),
        (
            Action::HandOverLead {
                side: Side::Technology,
            },
            [false, false, false, false, true],
        ),
    ];
    for (action, expected) in rows {
        let answered = [lead, manager, contributor, observer, observing_admin].map(|who| who.may(action));
        assert_eq!(answered, expected, "{action:?}");
    }
}

#[test]
fn a_deputy_fills_the_leads_seats_and_does_nothing_else_as_lead() {
    let deputy = Who {
        is_deputy: true,
        ..who(Role::Manager, Some(Side::Marketing), false)
    };
    let other = MemberId::from_uuid(Uuid::from_u128(2));
    assert!(deputy.may(Action::FillSeat {
        seats: Seats::Leads,
        owner: None
    }));
    assert!(deputy.may(Action::FillSeat {
        seats: Seats::Owners,
        owner: Some(other)
    }));
    assert!(
        !deputy.may(Action::HandOverLead {
            side: Side::Marketing
        }) && !deputy.may(Action::Delegate)
    );
}
