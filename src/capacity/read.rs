//! What the page of a quarter's capacity asks.

use crate::{
    args,
    identity::{Side, Viewer},
    platform::{
        error::Result,
        ids::{InitiativeId, MemberId},
        time::Day,
    },
    sql,
};

/// What an initiative claims of a quarter; nothing when it has claimed nothing.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Claim {
    pub id: InitiativeId,
    pub number: i64,
    pub title: String,
    pub marketing_lead: MemberId,
    pub technology_lead: MemberId,
    pub marketing_days: i64,
    pub technology_days: i64,
}

impl Claim {
    pub const fn days(&self, side: Side) -> i64 {
        match side {
            Side::Marketing => self.marketing_days,
            Side::Technology => self.technology_days,
        }
    }

    pub const fn leads(&self) -> [MemberId; 2] {
        [self.marketing_lead, self.technology_lead]
    }
}

/// A quarter's caps, claims, and what was last said about going over it.
#[derive(Clone, Debug)]
pub struct Quarter {
    caps: Vec<(Side, i64)>,
    pub claims: Vec<Claim>,
    pub override_id: Option<crate::platform::ids::OverrideId>,
}

impl Quarter {
    pub fn cap(&self, side: Side) -> Option<i64> {
        self.caps
            .iter()
            .find(|(of, _)| *of == side)
            .map(|(_, days)| *days)
    }

    pub fn claim_total(&self, side: Side) -> i64 {
        self.claims.iter().map(|claim| claim.days(side)).sum()
    }
}

pub async fn quarter(viewer: &Viewer, quarter: Day) -> Result<Quarter> {
    let caps = viewer
        .fetch_all(
            sql!("select side, days from capacities where workspace_id = $1 and quarter_on = $2"),
            args![quarter],
        )
        .await?;
    let claims = viewer
        .fetch_all(
            sql!(
                "select i.id, i.number, i.title, i.marketing_lead, i.technology_lead,
                    coalesce(c.marketing_days, 0) as marketing_days, coalesce(c.technology_days, 0) as
                    technology_days
             from initiative_facts i left join capacity_claims c on c.initiative_id = i.id and c.quarter_on =
             $2
             where i.workspace_id = $1 and i.is_running order by i.number limit 1000"
            ),
            args![quarter],
        )
        .await?;
    let found: Option<(crate::platform::ids::OverrideId,)> = viewer
        .fetch_optional(
            sql!(
                "select id from capacity_overrides where workspace_id = $1 and quarter_on = $2
             order by at desc, id desc limit 1"
            ),
            args![quarter],
        )
        .await?;
    Ok(Quarter {
        caps,
        claims,
        override_id: found.map(|(id,)| id),
    })
}
