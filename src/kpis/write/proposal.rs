//! What lies before both owners of a KPI, and what follows when they sign it: its targets, its formula or its
//! end.

use super::{Current, archive, current, formula, offer_again, targets};
use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        write as handshake,
    },
    identity::{Action, Transaction, Viewer},
    kpis::text::{KpiChange, TargetsText},
    platform::{
        audit::Event,
        error::{Error, Result},
        time::Timestamp,
    },
    sql,
};

/// Takes the targets that lie before both owners off the table: those that hold stay.
/// `seen` is the handshake that was read: a newer one stays.
pub async fn take_targets_back(viewer: &Viewer, number: i64, seen: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageKpi)?;
    let current = current(&mut tx, number).await?;
    let verb = match targets::proposed(&mut tx, &current)
        .await?
        .and_then(|text| text.change)
    {
        None => "took back the targets of",
        Some(KpiChange::Archive) => "took back the end of",
        Some(KpiChange::Formula(_)) => "took back the formula of",
    };
    let (lying, ..) = handshake::text_on_table::<TargetsText>(&mut tx, current.id.uuid()).await?;
    if lying.to_string() != seen {
        return Err(Error::Conflict);
    }
    if !handshake::close(&mut tx, Kind::Targets, current.id.uuid(), "withdrawn").await? {
        return Err(Error::Conflict);
    }
    tx.commit(permit, current.event(verb)).await
}

/// The targets of a KPI, which both owners sign; signed, they hold.
pub struct TargetsOnTable {
    current: Current,
    /// Where they are asked for another change of the KPI than its targets.
    change: Option<KpiChange>,
}

impl OnTable for TargetsOnTable {
    const KIND: Kind = Kind::Targets;
    const WITHDREW: &'static str = "withdrew a signature from the targets of";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        let current = current(tx, number).await?;
        let change = targets::proposed(tx, &current)
            .await?
            .and_then(|text| text.change);
        Ok(Self { current, change })
    }

    fn subject(&self) -> uuid::Uuid {
        self.current.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.current.event(match (&self.change, verb) {
            (Some(KpiChange::Archive), Self::SIGNED) => "signed the end of",
            (Some(KpiChange::Archive), Self::OBJECTED) => "objected to the end of",
            (Some(KpiChange::Archive), Self::WITHDREW) => "withdrew a signature from the end of",
            (Some(KpiChange::Formula(_)), Self::SIGNED) => "signed the formula of",
            (Some(KpiChange::Formula(_)), Self::OBJECTED) => "objected to the formula of",
            (Some(KpiChange::Formula(_)), Self::WITHDREW) => "withdrew a signature from the formula of",
            _ => verb,
        })
    }
}

impl Signable for TargetsOnTable {
    const SIGNED: &'static str = "signed the targets of";
    const OBJECTED: &'static str = "objected to the targets of";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can agree to these targets as they stand, or object to them.");
    type Input = ();

    async fn sealed(&self, tx: &mut Transaction, _at: Timestamp) -> Result<()> {
        let current = &self.current;
        let (_, text, _) = handshake::text_on_table::<TargetsText>(tx, self.subject()).await?;
        match &text.change {
            Some(KpiChange::Archive) => return archive::end(tx, current, &text.because).await,
            Some(KpiChange::Formula(wanted)) => return formula::begin(tx, current, wanted).await,
            None => {}
        }
        for change in &text.targets {
            let because = change.was().map(|_| text.because.as_str());
            targets::set(tx, current, change.period, change.target(), because).await?;
            offer_again(tx, current, change.period).await?;
        }
        let limits = targets::limits_wanted(Some(&text), current);
        tx.execute(
            sql!(
                "update kpis set version = version + 1, watch_below = $3, act_below = $4
                 where workspace_id = $1 and id = $2"
            ),
            args![current.id, limits.0, limits.1],
        )
        .await?;
        let event = current.event("set targets of");
        let and_limits = if text.limits.is_some_and(|limits| limits.changes()) {
            format!(", at risk below {}%, off track below {}%", limits.0, limits.1)
        } else {
            String::new()
        };
        tx.record(event.detail(format!(
            "{}{and_limits}, signed by both owners",
            targets::periods(text.targets.len())
        )))
        .await
    }
}
