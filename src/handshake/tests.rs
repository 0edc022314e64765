//! However signing, objecting, editing, withdrawing and moving people between sides interleave, nothing is
//! ever sealed by one person, by one side, or over two different texts.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    identity::{Role, Seats},
    platform::ids::MemberId,
};

#[derive(Clone, Debug)]
enum Step {
    Sign {
        person: usize,
        saw: usize,
        verdict: Verdict,
        reason: bool,
    },
    Withdraw {
        person: usize,
    },
    Edit,
    Move {
        person: usize,
    },
}

fn person(index: usize) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(index as u128 + 1))
}

fn step() -> impl Strategy<Value = Step> {
    let verdict = prop_oneof![
        Just(Verdict::Agree),
        Just(Verdict::AgreeWithConditions),
        Just(Verdict::Object)
    ];
    prop_oneof![
        6 => (0..3usize, 0..3usize, verdict, any::<bool>()).prop_map(|(person, saw, verdict, reason)| Step::Sign { person, saw, verdict, reason }),
        2 => (0..3usize).prop_map(|person| Step::Withdraw { person }),
        1 => Just(Step::Edit),
        2 => (0..3usize).prop_map(|person| Step::Move { person }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]
    #[test]
    fn a_seal_is_two_sides_two_people_one_text(steps in prop::collection::vec(step(), 1..40)) {
        let texts = ["text-a", "text-b", "text-c"];
        let mut current = 0;
        let mut sides = [Side::Marketing, Side::Technology, Side::Marketing];
        let mut table = vec![Handshake::offer(texts[0].to_owned(), Timestamp::from_millis(0))];
        for (minute, step) in steps.into_iter().enumerate() {
            let at = Timestamp::from_millis(i64::try_from(minute).expect("few steps") * 60_000);
            let before = table.clone();
            let on_table = table.last_mut().expect("never empty");
            match step {
                Step::Sign { person: who, saw, verdict, reason } => {
                    let _ = on_table.sign(person(who), sides[who], texts[saw], verdict, reason, at);
                }
                Step::Withdraw { person: who } => { let _ = on_table.withdraw(person(who)); }
                Step::Edit => {
                    on_table.edit();
                    current = (current + 1) % texts.len();
                    table.push(Handshake::offer(texts[current].to_owned(), at));
                }
                Step::Move { person: who } => sides[who] = sides[who].other(),
            }
            for (handshake, earlier) in table.iter().zip(&before) {
                if earlier.sealed_at.is_some() {
                    prop_assert_eq!(handshake, earlier, "what is sealed stays as it was");
                }
                if let State::Sealed { .. } = handshake.state() {
                    let (m, t) = (handshake.seat(Side::Marketing).expect("filled"), handshake.seat(Side::Technology).expect("filled"));
                    prop_assert_eq!(handshake.signed.len(), 2);
                    prop_assert!(m.account != t.account, "two people");
                    prop_assert!(m.digest == t.digest && m.digest == handshake.digest, "one text");
                    prop_assert!(m.verdict.agrees() && t.verdict.agrees());
                }
                if handshake.closed {
                    prop_assert!(handshake.sealed_at.is_none() && handshake.state() == State::Stale);
                }
            }
        }
    }

    #[test]
    fn an_edit_voids_the_first_signature(who in 0..3usize, verdict in prop_oneof![Just(Verdict::Agree), Just(Verdict::AgreeWithConditions)]) {
        let mut first = Handshake::offer("before".to_owned(), Timestamp::from_millis(0));
        first.sign(person(who), Side::Marketing, "before", verdict, true, Timestamp::from_millis(1)).expect("an empty seat");
        first.edit();
        prop_assert_eq!(first.state(), State::Stale);
        prop_assert_eq!(first.sign(person(9), Side::Technology, "before", Verdict::Agree, false, Timestamp::from_millis(2)), Err(Refusal::TextChanged));
    }
}

#[test]
fn a_half_signed_text_waits_on_the_other_side_since_the_first_signature() {
    let mut handshake = Handshake::offer("t".to_owned(), Timestamp::from_millis(0));
    assert_eq!(handshake.state(), State::Open);
    let signed_at = Timestamp::from_millis(5);
    let state = handshake
        .sign(person(0), Side::Technology, "t", Verdict::Agree, false, signed_at)
        .expect("taken");
    assert_eq!(
        state,
        State::HalfSigned {
            by: Side::Technology,
            since: signed_at
        }
    );
    assert_eq!(state.waiting_on(), Some(Side::Marketing));
}

#[test]
fn an_objection_needs_a_reason_and_sends_the_text_back() {
    let mut handshake = Handshake::offer("t".to_owned(), Timestamp::from_millis(0));
    assert_eq!(
        handshake.sign(
            person(0),
            Side::Marketing,
            "t",
            Verdict::Object,
            false,
            Timestamp::from_millis(1)
        ),
        Err(Refusal::ReasonMissing)
    );
    assert_eq!(
        handshake.sign(
            person(0),
            Side::Marketing,
            "t",
            Verdict::Object,
            true,
            Timestamp::from_millis(1)
        ),
        Ok(State::Objected { by: Side::Marketing })
    );
    assert_eq!(
        handshake.sign(
            person(1),
            Side::Technology,
            "t",
            Verdict::Agree,
            false,
            Timestamp::from_millis(2)
        ),
        Err(Refusal::SentBack)
    );
    assert_eq!(handshake.withdraw(person(0)), Ok(Side::Marketing));
    assert_eq!(handshake.state(), State::Open);
}

#[test]
fn seats_are_filled_by_who_they_are_for() {
    let (owner, somebody) = (
        MemberId::from_uuid(Uuid::from_u128(1)),
        MemberId::from_uuid(Uuid::from_u128(2)),
    );
    for (seats, role, member, allowed) in [
        (Seats::Leads, Role::Lead, somebody, true),
        (Seats::Leads, Role::Manager, owner, false),
        (Seats::Signers, Role::Lead, somebody, true),
        (Seats::Signers, Role::Manager, somebody, true),
        (Seats::Signers, Role::Contributor, owner, false),
        (Seats::Owners, Role::Contributor, owner, true),
        (Seats::Owners, Role::Manager, somebody, false),
        (Seats::Owners, Role::Lead, somebody, true),
        (Seats::Owners, Role::Observer, owner, false),
    ] {
        assert_eq!(
            seats.may_fill(role, member, Some(owner)),
            allowed,
            "{seats:?} {role:?}"
        );
    }
}

#[test]
fn a_digest_is_read_in_groups() {
    assert_eq!(short_digest("9f3a61c20b7eabcdef"), "9f3a 61c2 0b7e");
}
