//! The periods of one KPI: values, targets, and what was said of them.

use crate::{
    args,
    handshake::{
        Health,
        read::{Standing, StandingRow},
    },
    identity::Viewer,
    kpis::{Cadence, Target},
    platform::{
        error::Result,
        ids::{KpiId, KpiValueId},
        quantity::Quantity,
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(Clone, Debug, sqlx::FromRow)]
struct PeriodColumns {
    period_on: Day,
    value_id: Option<KpiValueId>,
    value: Option<Quantity>,
    entered_at: Option<Timestamp>,
    entered_by: Option<String>,
    is_history: Option<bool>,
    low: Option<Quantity>,
    high: Option<Quantity>,
    m_status: Option<Health>,
    m_confidence: Option<i64>,
    m_insight: Option<String>,
    m_action: Option<String>,
    m_action_owner: Option<String>,
    m_due: Option<Day>,
    t_status: Option<Health>,
    t_confidence: Option<i64>,
    t_insight: Option<String>,
    t_action: Option<String>,
    t_action_owner: Option<String>,
    t_due: Option<Day>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// One owner's judgement of a period.
#[derive(Clone, Debug)]
pub struct Judgements {
    pub status: Health,
    /// Percent.
    pub confidence: Option<i64>,
    pub insight: Option<String>,
    /// The corrective action, its owner and its date.
    pub action: Option<(String, String, Day)>,
}

/// A period with its value, its target and who attested it.
#[derive(Clone, Debug)]
pub struct Period {
    pub period: Day,
    pub value_id: Option<KpiValueId>,
    pub value: Option<Quantity>,
    pub entered: Option<(Timestamp, String)>,
    /// It was over long before its value came in; nobody attests it.
    pub is_history: bool,
    pub target: Option<Target>,
    pub standing: Option<Standing>,
    pub marketing: Option<Judgements>,
    pub technology: Option<Judgements>,
}

impl Period {
    pub const fn missing(period: Day) -> Self {
        Self {
            period,
            value_id: None,
            value: None,
            entered: None,
            is_history: false,
            target: None,
            standing: None,
            marketing: None,
            technology: None,
        }
    }

    /// A side's judgement is hidden from the other side until both have given theirs; and from whoever came
    /// to that side after the value did, who would carry it back.
    #[must_use]
    pub fn hide_from(mut self, viewer: &Viewer) -> Self {
        if self.marketing.is_some() != self.technology.is_some() {
            let since = self.standing.as_ref().map(|standing| standing.opened_at);
            let own = viewer
                .side()
                .filter(|_| since.is_none_or(|since| viewer.side_since() <= since));
            if own != Some(crate::identity::Side::Marketing) {
                self.marketing = None;
            }
            if own != Some(crate::identity::Side::Technology) {
                self.technology = None;
            }
        }
        self
    }
}

/// Every period with a target or a value, oldest first, at most 60; judgements hidden as the viewer must see
/// them.
pub async fn periods(viewer: &Viewer, id: KpiId) -> Result<Vec<Period>> {
    let rows: Vec<PeriodColumns> = viewer
        .fetch_all(
            sql!(concat!(
                "with p as (
                     select period_on from kpi_values where workspace_id = $1 and kpi_id = $2 and replaced_at
                     is null
                     union select period_on from kpi_targets where workspace_id = $1 and kpi_id = $2 and
                     replaced_at is null
                     order by 1 desc limit 60)
                 select p.period_on, v.id as value_id, v.value, v.entered_at, em.name as entered_by,
                 v.is_history, t.low,
                 t.high,
                        am.status as m_status, am.confidence as m_confidence, am.insight as m_insight,
                        am.action as m_action, aom.name as m_action_owner, am.action_due_on as m_due,
                        att.status as t_status, att.confidence as t_confidence, att.insight as t_insight,
                        att.action as t_action, tom.name as t_action_owner, att.action_due_on as t_due, ",
                crate::seat_columns!(),
                "from p
                 left join kpi_values v on v.kpi_id = $2 and v.period_on = p.period_on and v.replaced_at is
                 null
                 left join people em on em.id = v.entered_by
                 left join kpi_targets t on t.kpi_id = $2 and t.period_on = p.period_on and t.replaced_at is
                 null
                 left join tabled_handshakes h on h.kind = 'kpi' and h.subject_id = v.id ",
                crate::seat_joins!(),
                "left join attestations am on am.signature_id = hm.id left join people aom on aom.id =
                 am.action_owner
                 left join attestations att on att.signature_id = ht.id left join people tom on tom.id =
                 att.action_owner
                 order by p.period_on"
            )),
            args![id],
        )
        .await?;
    let judged = |(status, confidence): (Option<Health>, Option<i64>),
                  insight: Option<String>,
                  action: Option<String>,
                  owner: Option<String>,
                  due: Option<Day>| {
        status.map(|status| Judgements {
            status,
            confidence,
            insight,
            action: action
                .zip(owner)
                .zip(due)
                .map(|((action, owner), due)| (action, owner, due)),
        })
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            Period {
                period: row.period_on,
                value_id: row.value_id,
                value: row.value,
                entered: row.entered_at.zip(row.entered_by),
                is_history: row.is_history.unwrap_or_default(),
                target: Target::between(row.low, row.high),
                standing: row.value_id.and(row.standing.standing()),
                marketing: judged(
                    (row.m_status, row.m_confidence),
                    row.m_insight,
                    row.m_action,
                    row.m_action_owner,
                    row.m_due,
                ),
                technology: judged(
                    (row.t_status, row.t_confidence),
                    row.t_insight,
                    row.t_action,
                    row.t_action_owner,
                    row.t_due,
                ),
            }
            .hide_from(viewer)
        })
        .collect())
}

/// More missing periods than this are not listed one by one.
const MOST_FILLED: usize = 120;

/// The same on the calendar: a period between the first and the last that has neither value nor target is
/// one, too.
pub fn on_calendar(cadence: Cadence, periods: Vec<Period>) -> Vec<Period> {
    let mut whole: Vec<Period> = Vec::with_capacity(periods.len());
    for period in periods {
        let mut next = whole.last().map(|last| cadence.step(last.period, 1));
        while let Some(missing) = next.filter(|missing| *missing < period.period) {
            if whole.len() >= MOST_FILLED {
                break;
            }
            whole.push(Period::missing(missing));
            next = Some(cadence.step(missing, 1));
        }
        whole.push(period);
    }
    whole
}

/// A value that was replaced.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Correction {
    pub period_on: Day,
    pub value: Quantity,
    pub at: Timestamp,
    pub because: Option<String>,
    /// When both owners had confirmed it.
    pub confirmed_at: Option<Timestamp>,
}

/// What was replaced, of one period or of all, the newest first.
pub async fn corrections(viewer: &Viewer, id: KpiId, period: Option<Day>) -> Result<Vec<Correction>> {
    viewer
        .fetch_all(
            sql!(
                "select v.period_on, v.value, v.replaced_at as at, v.replaced_because as because,
                 (select max(h.sealed_at) from offered_handshakes h where h.kind = 'kpi' and h.subject_id = v.id)
                 as confirmed_at
             from kpi_values v
             where v.workspace_id = $1 and v.kpi_id = $2 and v.replaced_at is not null
               and v.period_on = coalesce($3, v.period_on) order by v.replaced_at desc limit 50"
            ),
            args![id, period],
        )
        .await
}

/// A target that was set and then changed, and why.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TargetChange {
    pub period_on: Day,
    pub low: Option<Quantity>,
    pub high: Option<Quantity>,
    pub because: Option<String>,
}

pub async fn target_changes(viewer: &Viewer, id: KpiId) -> Result<Vec<TargetChange>> {
    viewer
        .fetch_all(
            sql!(
                "select o.period_on, o.low, o.high,
                    (select n.because from kpi_targets n where n.kpi_id = o.kpi_id and n.period_on =
                    o.period_on and n.id <> o.id and n.set_at = o.replaced_at limit 1) as because
             from kpi_targets o where o.workspace_id = $1 and o.kpi_id = $2 and o.replaced_at is not null
             order by o.replaced_at desc, o.period_on limit 100"
            ),
            args![id],
        )
        .await
}
