//! Stating a cap, claiming days, and going over the cap knowingly.

use super::{Load, load, text::OverrideText};
use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        write::{self as handshake, Offer},
    },
    identity::{Action, Seats, Side, Transaction, Viewer},
    initiatives::Phase,
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{InitiativeId, OverrideId},
        time::{Day, days},
    },
    sql,
};

const MOST_DAYS: i64 = 100_000;

fn event(verb: &'static str, quarter: Day) -> Event {
    Event::new(verb, "capacity", None, quarter.quarter_label()).at(format!("capacity/{quarter}"))
}

fn require_quarter(quarter: Day) -> Result<()> {
    if quarter.quarter() == quarter {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

fn require_days(field: &str, days: i64) -> Result<()> {
    if (0..=MOST_DAYS).contains(&days) {
        Ok(())
    } else {
        Err(Error::invalid(field, format!("Choose 0 to {MOST_DAYS} days.")))
    }
}

/// What was agreed about being over the cap holds for exactly what stood then.
async fn void_override(tx: &mut Transaction, quarter: Day) -> Result<()> {
    let last: Option<(OverrideId,)> = tx
        .fetch_optional(
            sql!(
                "select id from capacity_overrides where workspace_id = $1 and quarter_on = $2
             order by at desc, id desc limit 1"
            ),
            args![quarter],
        )
        .await?;
    let Some((id,)) = last else { return Ok(()) };
    if handshake::void(tx, Kind::Capacity, id.uuid(), "edited").await? {
        tx.record(
            event("ended the exception to the limit in", quarter).detail("limits or planned days changed"),
        )
        .await?;
    }
    Ok(())
}

/// States how many days one's own side can take in a quarter.
pub async fn state_capacity(viewer: &Viewer, quarter: Day, days: i64) -> Result<()> {
    require_quarter(quarter)?;
    require_days("days", days)?;
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::StartInitiative)?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    let before: Option<(i64,)> = tx
        .fetch_optional(
            sql!("select days from capacities where workspace_id = $1 and quarter_on = $2 and side = $3"),
            args![quarter, side],
        )
        .await?;
    if before == Some((days,)) {
        return Ok(());
    }
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into capacities (workspace_id, quarter_on, side, days, set_at, set_by) values ($1, $2, $3,
             $4, $5, $6)
         on conflict (workspace_id, quarter_on, side) do update set days = excluded.days, set_at =
         excluded.set_at, set_by = excluded.set_by"
        ),
        args![quarter, side, days, now, me],
    )
    .await?;
    void_override(&mut tx, quarter).await?;
    let was = before.map_or_else(String::new, |(was,)| format!(", was {was}"));
    tx.commit(
        permit,
        event("set the limit for", quarter).detail(format!("{}: {days} days{was}", side.name())),
    )
    .await
}

/// A side plans its own days. Days of the other side are named once, with the first plan, and are its own to
/// change from then on.
fn require_own_days(tx: &Transaction, before: Option<(i64, i64)>, wanted: (i64, i64)) -> Result<()> {
    let Some(had) = before else { return Ok(()) };
    let fields = [
        (Side::Marketing, "marketing", had.0, wanted.0),
        (Side::Technology, "technology", had.1, wanted.1),
    ];
    for (side, field, had, wanted) in fields {
        if wanted != had && had > 0 && tx.side() != Some(side) {
            let sentence = format!(
                "{0} plans its own days: {1} so far. Ask {0} to change them.",
                side.name(),
                days(had)
            );
            return Err(Error::invalid(field, sentence));
        }
    }
    Ok(())
}

/// Claims days of both sides for an initiative; those that are not given stay as they are.
pub async fn claim_capacity(
    viewer: &Viewer,
    quarter: Day,
    initiative: InitiativeId,
    (marketing, technology): (Option<i64>, Option<i64>),
) -> Result<()> {
    require_quarter(quarter)?;
    require_days("marketing", marketing.unwrap_or_default())?;
    require_days("technology", technology.unwrap_or_default())?;
    let mut tx = viewer.begin().await?;
    let (title, phase, leads): (String, Phase, [crate::platform::ids::MemberId; 2]) = {
        let (title, phase, marketing, technology): (String, Phase, _, _) = tx
            .fetch_one(
                sql!(
                    "select title, phase, marketing_lead, technology_lead from initiative_facts where
                     workspace_id = $1 and id = $2"
                ),
                args![initiative],
            )
            .await?;
        (title, phase, [marketing, technology])
    };
    let permit = tx.permit(Action::ManageInitiative { leads })?;
    if phase.is_over() {
        return Err(Error::invalid("initiative", "This initiative is closed."));
    }
    let before: Option<(i64, i64)> = tx
        .fetch_optional(
            sql!(
                "select marketing_days, technology_days from capacity_claims where workspace_id = $1 and
                 initiative_id = $2 and quarter_on = $3"
            ),
            args![initiative, quarter],
        )
        .await?;
    let (had_marketing, had_technology) = before.unwrap_or_default();
    let (marketing, technology) = (
        marketing.unwrap_or(had_marketing),
        technology.unwrap_or(had_technology),
    );
    if (had_marketing, had_technology) == (marketing, technology) {
        return Ok(());
    }
    require_own_days(&tx, before, (marketing, technology))?;
    // Cutting something gives nobody more time to settle the rest.
    let claimed_at = (marketing > had_marketing || technology > had_technology).then(|| tx.now());
    let was = before.map_or_else(String::new, |(marketing, technology)| {
        format!(", was {marketing} and {technology}")
    });
    tx.execute(
        sql!(
            "insert into capacity_claims (workspace_id, quarter_on, initiative_id, marketing_days,
             technology_days, claimed_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (initiative_id, quarter_on) do update set marketing_days = excluded.marketing_days,
         technology_days = excluded.technology_days, claimed_at = coalesce(excluded.claimed_at,
         capacity_claims.claimed_at)"
        ),
        args![quarter, initiative, marketing, technology, claimed_at],
    )
    .await?;
    void_override(&mut tx, quarter).await?;
    tx.commit(
        permit,
        event("claimed capacity of", quarter).detail(format!(
            "{title}: Marketing {marketing}, Technology {technology} days{was}"
        )),
    )
    .await
}

/// Puts a reason for going over the cap before both leads.
pub async fn propose_override(viewer: &Viewer, quarter: Day, reason: &str) -> Result<()> {
    require_quarter(quarter)?;
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::StartInitiative)?;
    let caps: Vec<(Side, i64)> = tx
        .fetch_all(
            sql!(
                "select side, days from capacities where workspace_id = $1 and quarter_on = $2 order by side"
            ),
            args![quarter],
        )
        .await?;
    let claims: Vec<(String, i64, i64)> = tx
        .fetch_all(
            sql!(
                "select i.title, c.marketing_days, c.technology_days from capacity_claims c join
                 initiative_facts i on i.id = c.initiative_id
             where c.workspace_id = $1 and c.quarter_on = $2 and i.is_running order by i.number"
            ),
            args![quarter],
        )
        .await?;
    let cap = |side: Side| caps.iter().find(|(of, _)| *of == side).map(|(_, days)| *days);
    let claimed = [
        (Side::Marketing, claims.iter().map(|claim| claim.1).sum::<i64>()),
        (Side::Technology, claims.iter().map(|claim| claim.2).sum::<i64>()),
    ];
    if !claimed
        .iter()
        .any(|(side, days)| matches!(load(cap(*side), *days), Load::Over(_)))
    {
        return Err(Error::invalid(
            "reason",
            "Neither side is over its limit, so no exception is needed.",
        ));
    }
    void_override(&mut tx, quarter).await?;
    let id: OverrideId = tx.fresh_id();
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into capacity_overrides (id, workspace_id, quarter_on, reason, at, by_member) values ($2,
             $1, $3, $4, $5, $6)"
        ),
        args![id, quarter, reason, now, me],
    )
    .await?;
    let text = OverrideText {
        quarter: quarter.to_string(),
        caps,
        claims,
        reason: reason.to_owned(),
    };
    let offer = Offer {
        text: &text,
        subject: id.uuid(),
        path: format!("capacity/{quarter}"),
        label: format!("Exception to the limit in {}", quarter.quarter_label()),
        seats: Seats::Leads,
        owners: None,
        due_on: None,
    };
    handshake::offer(&mut tx, offer).await?;
    tx.commit(
        permit,
        event("proposed an exception to the limit in", quarter).detail(reason),
    )
    .await
}

/// Leave to go over a quarter's cap, which both leads give.
pub struct OverrideOnTable {
    id: OverrideId,
    quarter: Day,
}

impl OnTable for OverrideOnTable {
    const KIND: Kind = Kind::Capacity;
    const WITHDREW: &'static str = "withdrew a signature to go over the cap in";
    type Key = Day;

    async fn find(tx: &mut Transaction, quarter: Day) -> Result<Self> {
        let (id,): (OverrideId,) = tx
            .fetch_one(
                sql!(
                    "select id from capacity_overrides where workspace_id = $1 and quarter_on = $2 order
             by at desc, id desc limit 1"
                ),
                args![quarter],
            )
            .await?;
        Ok(Self { id, quarter })
    }

    fn subject(&self) -> uuid::Uuid {
        self.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        event(verb, self.quarter)
    }
}

impl Signable for OverrideOnTable {
    const SIGNED: &'static str = "signed the exception to the limit in";
    const OBJECTED: &'static str = "objected to the exception to the limit in";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can agree to this text as it stands, or object to it.");
    type Input = ();
}
