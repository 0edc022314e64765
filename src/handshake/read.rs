//! Where a handshake stands, for the pages that show it.

use super::sign_off::{SignOff, status};
use super::{Handshake, Kind, Signature, State, Verdict, signature_due};
use crate::{
    args,
    identity::{Reader, Role, Seats, Side, Viewer},
    platform::{
        error::{Error, Result},
        ids::{AccountId, HandshakeId, MemberId},
        time::{Day, Timestamp, days},
    },
    sql,
};

/// The columns of [`StandingRow`], from a handshake `h` and its seats `hm` and `ht` as `seat_joins!` names
/// them.
#[macro_export]
macro_rules! seat_columns {
    () => {
        "h.id as handshake_id, h.digest, h.seats, h.marketing_owner as seat_marketing_owner, \
            h.technology_owner as seat_technology_owner,
         h.opened_at, h.due_on as handshake_due_on, h.sealed_at,
         hm.account_id as m_account, hm.signer as m_signer, hm.verdict as m_verdict, hm.reason as m_reason, \
         hm.at as m_at, hm.invited_by as m_invited_by,
         ht.account_id as t_account, ht.signer as t_signer, ht.verdict as t_verdict, ht.reason as t_reason, \
         ht.at as t_at, ht.invited_by as t_invited_by "
    };
}

/// Joins the filled seats of a handshake `h`.
#[macro_export]
macro_rules! seat_joins {
    () => {
        "left join filled_seats hm on hm.handshake_id = h.id and hm.side = 'marketing'
         left join filled_seats ht on ht.handshake_id = h.id and ht.side = 'technology' "
    };
}

/// A handshake and its seats in one row; all empty when there is none.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StandingRow {
    pub handshake_id: Option<HandshakeId>,
    digest: Option<String>,
    seats: Option<Seats>,
    seat_marketing_owner: Option<MemberId>,
    seat_technology_owner: Option<MemberId>,
    opened_at: Option<Timestamp>,
    handshake_due_on: Option<Day>,
    sealed_at: Option<Timestamp>,
    m_account: Option<AccountId>,
    m_signer: Option<String>,
    m_verdict: Option<Verdict>,
    m_reason: Option<String>,
    m_at: Option<Timestamp>,
    m_invited_by: Option<String>,
    t_account: Option<AccountId>,
    t_signer: Option<String>,
    t_verdict: Option<Verdict>,
    t_reason: Option<String>,
    t_at: Option<Timestamp>,
    t_invited_by: Option<String>,
}

/// A filled seat, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    pub account: AccountId,
    pub signer: String,
    pub verdict: Verdict,
    pub reason: Option<String>,
    pub at: Timestamp,
    /// Who invited this person, of which side, where that was nobody of their own.
    pub invited_by: Option<String>,
}

/// Where a handshake stands.
#[derive(Clone, Debug)]
pub struct Standing {
    pub id: HandshakeId,
    pub digest: String,
    pub seats: Seats,
    pub opened_at: Timestamp,
    own_due_on: Option<Day>,
    pub state: State,
    pub marketing: Option<Seat>,
    pub technology: Option<Seat>,
    pub marketing_owner: Option<MemberId>,
    pub technology_owner: Option<MemberId>,
}

impl StandingRow {
    pub fn standing(self) -> Option<Standing> {
        let seat = |account: Option<AccountId>,
                    signer: Option<String>,
                    verdict: Option<Verdict>,
                    reason,
                    at: Option<Timestamp>,
                    invited_by| {
            Some(Seat {
                account: account?,
                signer: signer?,
                verdict: verdict?,
                reason,
                at: at?,
                invited_by,
            })
        };
        let marketing = seat(
            self.m_account,
            self.m_signer,
            self.m_verdict,
            self.m_reason,
            self.m_at,
            self.m_invited_by,
        );
        let technology = seat(
            self.t_account,
            self.t_signer,
            self.t_verdict,
            self.t_reason,
            self.t_at,
            self.t_invited_by,
        );
        let (digest, opened_at) = (self.digest?, self.opened_at?);
        let mut signed: Vec<Signature> = [(Side::Marketing, &marketing), (Side::Technology, &technology)]
            .into_iter()
            .filter_map(|(side, seat)| {
                seat.as_ref().map(|seat| Signature {
                    side,
                    account: seat.account,
                    verdict: seat.verdict,
                    digest: digest.clone(),
                    at: seat.at,
                })
            })
            .collect();
        signed.sort_by_key(|signed| signed.at);
        let state = Handshake {
            digest: digest.clone(),
            opened_at,
            signed,
            sealed_at: self.sealed_at,
            closed: false,
        }
        .state();
        Some(Standing {
            id: self.handshake_id?,
            digest,
            seats: self.seats?,
            opened_at,
            own_due_on: self.handshake_due_on,
            state,
            marketing,
            technology,
            marketing_owner: self.seat_marketing_owner,
            technology_owner: self.seat_technology_owner,
        })
    }
}

impl Standing {
    pub const fn seat(&self, side: Side) -> Option<&Seat> {
        match side {
            Side::Marketing => self.marketing.as_ref(),
            Side::Technology => self.technology.as_ref(),
        }
    }

    pub const fn owner(&self, side: Side) -> Option<MemberId> {
        match side {
            Side::Marketing => self.marketing_owner,
            Side::Technology => self.technology_owner,
        }
    }

    /// By when it is to be signed.
    pub fn due_on(&self, reader: &impl Reader) -> Day {
        signature_due(
            self.own_due_on,
            reader.day_of(self.opened_at),
            reader.signature_days(),
        )
    }

    /// Since when it waits for what it waits for now.
    pub fn waits_since(&self) -> Timestamp {
        match self.state {
            State::HalfSigned { since, .. } => since,
            State::Objected { by } => self.seat(by).map_or(self.opened_at, |seat| seat.at),
            _ => self.opened_at,
        }
    }

    pub const fn is_sealed(&self) -> bool {
        matches!(self.state, State::Sealed { .. })
    }

    /// The side that objects.
    pub fn disputing(&self) -> Option<Side> {
        match self.state {
            State::Objected { by } => Some(by),
            _ => None,
        }
    }

    /// Which avatars are hollow: whose side has not agreed.
    pub fn hollow(&self) -> (bool, bool) {
        let lacks = |side: Side| !self.seat(side).is_some_and(|seat| seat.verdict.agrees());
        (lacks(Side::Marketing), lacks(Side::Technology))
    }

    /// How many of the two seats agree.
    pub fn agreement_count(&self) -> usize {
        Side::BOTH
            .iter()
            .filter(|side| self.seat(**side).is_some_and(|seat| seat.verdict.agrees()))
            .count()
    }

    /// The side for which the viewer may sign now.
    pub fn open_to(&self, viewer: &Viewer) -> Option<Side> {
        let side = viewer.side()?;
        let takes_signatures = matches!(self.state, State::Open | State::HalfSigned { .. });
        let own_elsewhere = self
            .seat(side.other())
            .is_some_and(|seat| seat.account == viewer.account_id());
        let may = self
            .seats
            .may_fill(viewer.signs_as(), viewer.member_id(), self.owner(side));
        (takes_signatures && self.seat(side).is_none() && !own_elsewhere && may).then_some(side)
    }

    /// The side for which the viewer is about to sign: forbidden to whom the seat is not for, a conflict when
    /// there is nothing to sign any more and nothing typed to give back.
    pub fn side_of_signer(&self, viewer: &Viewer, has_typed: bool) -> Result<Side> {
        let side = viewer.side().ok_or(Error::Forbidden)?;
        if !self
            .seats
            .may_fill(viewer.signs_as(), viewer.member_id(), self.owner(side))
        {
            return Err(Error::Forbidden);
        }
        if !has_typed && self.open_to(viewer).is_none() {
            return Err(Error::Conflict);
        }
        Ok(side)
    }

    /// What the viewer answered for a seat that may still be emptied.
    pub fn given_by(&self, viewer: &Viewer) -> Option<Verdict> {
        let is_over = matches!(self.state, State::Sealed { .. } | State::Stale);
        if is_over || viewer.role() == Role::Observer {
            return None;
        }
        Side::BOTH
            .iter()
            .filter_map(|side| self.seat(*side))
            .find(|seat| seat.account == viewer.account_id())
            .map(|seat| seat.verdict)
    }
}

#[derive(sqlx::FromRow)]
struct FullRow {
    content: String,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// The handshake on the table for a thing, and the text that it is about, exactly as signed.
pub async fn current(viewer: &Viewer, kind: Kind, subject: uuid::Uuid) -> Result<Option<(Standing, String)>> {
    let row: Option<FullRow> = viewer
        .fetch_optional(
            sql!(concat!(
                "select h.content, ",
                crate::seat_columns!(),
                "from handshakes h ",
                crate::seat_joins!(),
                "where h.workspace_id = $1 and h.kind = $2 and h.subject_id = $3 and h.closed_at is null"
            )),
            args![kind, subject],
        )
        .await?;
    Ok(row.and_then(|row| Some((row.standing.standing()?, row.content))))
}

/// That somebody signed the text on the table, which a change takes off it; none while nobody has, or once
/// both have.
pub async fn edit_warning(viewer: &Viewer, kind: Kind, subject: uuid::Uuid) -> Result<Option<String>> {
    let standing = current(viewer, kind, subject)
        .await?
        .map(|(standing, _)| standing);
    Ok(standing.and_then(|standing| {
        let agrees = |seat: &Option<Seat>| seat.as_ref().is_some_and(|seat| seat.verdict != Verdict::Object);
        let side = match (agrees(&standing.marketing), agrees(&standing.technology)) {
            (true, false) => Side::Marketing,
            (false, true) => Side::Technology,
            _ => return None,
        };
        Some(format!(
            "{} has signed this. If what is signed changes, the signature ends and both sides are asked again.",
            side.name()
        ))
    }))
}

/// The text that was put on the table last for a thing, whether it lies there or not.
pub async fn newest_text(viewer: &Viewer, kind: Kind, subject: uuid::Uuid) -> Result<Option<String>> {
    let found: Option<(String,)> = viewer
        .fetch_optional(
            sql!(
                "select content from handshakes where workspace_id = $1 and kind = $2 and subject_id = $3
                 order by opened_at desc, id desc limit 1"
            ),
            args![kind, subject],
        )
        .await?;
    Ok(found.map(|(content,)| content))
}

/// The text that both sides sealed last for a thing, whatever was put on the table since, and when.
pub async fn last_sealed(
    viewer: &Viewer,
    kind: Kind,
    subject: uuid::Uuid,
) -> Result<Option<(String, Timestamp)>> {
    viewer
        .fetch_optional(
            sql!(
                "select content, sealed_at from handshakes where workspace_id = $1 and kind = $2 and
                 subject_id = $3
                 and sealed_at is not null order by sealed_at desc, id desc limit 1"
            ),
            args![kind, subject],
        )
        .await
}

/// Where the sign-off of something stands that is to be decided by a day, with what lies on the table for it;
/// `is_over` when its initiative has ended.
pub fn sign_off(
    viewer: &Viewer,
    standing: Option<&Standing>,
    (is_ruled, is_over): (bool, bool),
    decide_by: Day,
) -> SignOff {
    let today = viewer.today();
    let waits = standing.map(|standing| {
        (
            standing.state,
            today.days_since(viewer.day_of(standing.waits_since())),
        )
    });
    let due_on = standing.map_or(decide_by, |standing| standing.due_on(viewer));
    match status(waits, is_ruled, viewer.signature_days(), due_on, today) {
        SignOff::Overdue(_) | SignOff::Open if is_over => SignOff::LeftOpen,
        status => status,
    }
}

/// A signature or an objection, as it was given.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GivenVerdict {
    pub label: String,
    pub path: String,
    pub side: Side,
    pub signer: String,
    pub verdict: Verdict,
    pub at: Timestamp,
    /// Whether both sides have signed by now.
    pub is_sealed: bool,
}

/// What was signed or objected to since a time and still stands, the newest first. Of KPIs only the
/// objections: that their numbers are confirmed is every month's work.
pub async fn verdicts_since(viewer: &Viewer, since: Timestamp) -> Result<Vec<GivenVerdict>> {
    viewer
        .fetch_all(
            sql!(
                "select h.label, h.path, s.side, s.signer, s.verdict, s.at, h.sealed_at is not null as
                 is_sealed
                 from signatures s join handshakes h on h.id = s.handshake_id
                 where s.workspace_id = $1 and s.at >= $2 and s.withdrawn_at is null and h.closed_at is null
                   and (h.kind <> 'kpi' or s.verdict = 'object') order by s.at desc, s.id limit 300"
            ),
            args![since],
        )
        .await
}

/// An objection to a text that is not on the table any more.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EarlierObjection {
    pub side: Side,
    pub signer: String,
    pub reason: Option<String>,
    pub at: Timestamp,
    /// Nobody answered it: it was the last text.
    pub is_lapsed: bool,
}

/// What was objected to in the texts before the one on the table, in the order in which it was said.
pub async fn earlier_objections(
    viewer: &Viewer,
    kind: Kind,
    subject: uuid::Uuid,
) -> Result<Vec<EarlierObjection>> {
    viewer
        .fetch_all(
            sql!(
                "select s.side, s.signer, s.reason, s.at, h.closed_because = 'lapsed' as is_lapsed
                 from handshakes h join signatures s on s.handshake_id
                 = h.id
                 where h.workspace_id = $1 and h.kind = $2 and h.subject_id = $3 and h.closed_at is not null
                   and s.verdict = 'object' and s.withdrawn_at is null order by s.at, s.id limit 50"
            ),
            args![kind, subject],
        )
        .await
}

/// How long each side takes to answer what is put before it: hours, the middle of its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnswerTimes {
    pub marketing: Option<i64>,
    pub technology: Option<i64>,
}

impl AnswerTimes {
    fn of(answers: Vec<(Side, Timestamp, Timestamp)>) -> Self {
        let middle = |side: Side| {
            let mut hours: Vec<i64> = answers
                .iter()
                .filter(|(of, ..)| *of == side)
                .map(|(_, opened, at)| (at.millis() - opened.millis()) / 3_600_000)
                .collect();
            hours.sort_unstable();
            let upper = hours.len() / 2;
            match hours.len() {
                0 => None,
                count if count % 2 == 1 => Some(hours[upper]),
                _ => Some(i64::midpoint(hours[upper - 1], hours[upper])),
            }
        };
        Self {
            marketing: middle(Side::Marketing),
            technology: middle(Side::Technology),
        }
    }

    /// "Marketing 6 hours · Technology 2 days"; a side that answered nothing is left out.
    pub fn label(self) -> Option<String> {
        let said: Vec<String> = [
            (Side::Marketing, self.marketing),
            (Side::Technology, self.technology),
        ]
        .into_iter()
        .filter_map(|(side, hours)| Some(format!("{} {}", side.name(), format_hours(hours?))))
        .collect();
        (!said.is_empty()).then(|| said.join(" · "))
    }
}

/// "under an hour", "6 hours", "2 days"; from a day on, days.
pub fn format_hours(hours: i64) -> String {
    match hours {
        ..1 => "under an hour".to_owned(),
        1 => "1 hour".to_owned(),
        2..24 => format!("{hours} hours"),
        _ => days(hours / 24),
    }
}

/// Of what was answered since a time: from when a text was put before a side until it signed or objected.
/// Whoever put it up is not counted: they answer themselves.
pub async fn answer_times(viewer: &Viewer, since: Timestamp) -> Result<AnswerTimes> {
    let answers = viewer
        .fetch_all(
            sql!(
                "select s.side, h.opened_at, s.at from signatures s join handshakes h on h.id = s.handshake_id
                 where s.workspace_id = $1 and s.at >= $2 and (h.opened_by is null or s.member_id <>
                 h.opened_by)
                 limit 50000"
            ),
            args![since],
        )
        .await?;
    Ok(AnswerTimes::of(answers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_answer_is_neither_the_fastest_nor_the_slowest() {
        let at = |hours: i64| Timestamp::from_millis(hours * 3_600_000);
        let answers = [
            (Side::Marketing, 1),
            (Side::Marketing, 5),
            (Side::Marketing, 900),
            (Side::Technology, 30),
            (Side::Technology, 70),
        ];
        let answers = answers
            .iter()
            .map(|(side, hours)| (*side, at(10), at(10 + hours)))
            .collect();
        let times = AnswerTimes::of(answers);
        assert_eq!((times.marketing, times.technology), (Some(5), Some(50)));
        assert_eq!(
            times.label().as_deref(),
            Some("Marketing 5 hours · Technology 2 days")
        );
        assert_eq!(AnswerTimes::default().label(), None);
    }
}
