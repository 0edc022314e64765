//! Drawing the map of a quarter for both leads, and saying what one believes.

use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        write::{self as handshake, Offer},
    },
    identity::{Action, Seats, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{BeliefId, QuarterMapId},
        time::{Day, Timestamp},
    },
    sources::{
        levels::Parameter,
        quarters::{Belief, quarter_name},
        read::{Levels, Map},
        text::{QuarterLevels, QuarterText, QuarterTouchpoint},
    },
    sql,
};

/// Says what the viewer believes this quarter; said again, the newer answer counts.
///
/// # Errors
/// `Conflict` once both leads have signed the quarter's map.
pub async fn say_belief(viewer: &Viewer, answer: Belief) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::SpeakForSide)?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    let quarter = tx.today().quarter();
    if find(&mut tx, quarter)
        .await?
        .is_some_and(|map| map.signed_at.is_some())
    {
        return Err(Error::Conflict);
    }
    let id: BeliefId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into beliefs (id, workspace_id, quarter, member_id, side, answer, said_at)
             values ($2, $1, $3, $4, $5, $6, $7)
             on conflict (workspace_id, quarter, member_id) do update set answer = excluded.answer,
             side = excluded.side, said_at = excluded.said_at"
        ),
        args![id, quarter, tx.member_id(), side, answer, tx.now()],
    )
    .await?;
    // What somebody believes is nobody's business before the quarter's map is signed.
    let event =
        Event::new("said what they believe of", "source", None, quarter_name(quarter)).at("sources/quarters");
    tx.commit(permit, event).await
}

#[derive(sqlx::FromRow)]
struct MapRow {
    id: QuarterMapId,
    signed_at: Option<Timestamp>,
}

async fn find(tx: &mut Transaction, quarter: Day) -> Result<Option<MapRow>> {
    tx.fetch_optional(
        sql!("select id, signed_at from quarter_maps where workspace_id = $1 and quarter = $2"),
        args![quarter],
    )
    .await
}

/// Draws this quarter's map as it is today and puts it before both leads. What lay there of it before is
/// closed, so that both sign what is so today.
///
/// # Errors
/// `Conflict` once it is signed; `Invalid` while there is no touchpoint.
pub async fn draw_quarter(viewer: &Viewer) -> Result<()> {
    let map = Map::read(viewer).await?;
    let levels = Levels::read(viewer, &map).await?;
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::NameProfile)?;
    let quarter = tx.today().quarter();
    let known = find(&mut tx, quarter).await?;
    if known.as_ref().is_some_and(|map| map.signed_at.is_some()) {
        return Err(Error::Conflict);
    }
    let touchpoints: Vec<QuarterTouchpoint> = map
        .in_force()
        .map(|touchpoint| QuarterTouchpoint {
            name: touchpoint.name.clone(),
            stands: map.stands(touchpoint.id),
        })
        .collect();
    if touchpoints.is_empty() {
        return Err(Error::invalid(
            "",
            "There is no touchpoint yet, so there is nothing to sign.",
        ));
    }
    let text = QuarterText {
        quarter: quarter.to_string(),
        drawn_on: tx.today().to_string(),
        profile: map.profile_source().map(|source| source.name.clone()),
        touchpoints,
        levels: Parameter::ALL
            .iter()
            .map(|parameter| {
                let spread = levels.spread(*parameter);
                QuarterLevels {
                    parameter: *parameter,
                    at_target: spread.at_target(),
                    of: spread.total(),
                }
            })
            .collect(),
    };
    let id = if let Some(known) = known {
        if handshake::is_on_table(&mut tx, known.id.uuid(), &text).await? {
            return Ok(());
        }
        handshake::close(&mut tx, Kind::QuarterMap, known.id.uuid(), "superseded").await?;
        known.id
    } else {
        let id: QuarterMapId = tx.fresh_id();
        tx.execute(
            sql!(
                "insert into quarter_maps (id, workspace_id, quarter, offered_at, offered_by)
                 values ($2, $1, $3, $4, $5)"
            ),
            args![id, quarter, tx.now(), tx.member_id()],
        )
        .await?;
        id
    };
    let offer = Offer {
        text: &text,
        subject: id.uuid(),
        path: format!("sources/quarters/{quarter}"),
        label: format!("Map of {}", quarter_name(quarter)),
        seats: Seats::Leads,
        owners: None,
        due_on: None,
    };
    handshake::offer_first(&mut tx, offer).await?;
    tx.commit(permit, event("drew the map of", id, quarter)).await
}

fn event(verb: &'static str, id: QuarterMapId, quarter: Day) -> Event {
    Event::new(verb, "source", id.uuid(), quarter_name(quarter)).at(format!("sources/quarters/{quarter}"))
}

/// A quarter's map, before both leads.
pub struct QuarterOnTable {
    id: QuarterMapId,
    quarter: Day,
}

impl OnTable for QuarterOnTable {
    const KIND: Kind = Kind::QuarterMap;
    const WITHDREW: &'static str = "withdrew a signature from the map of";
    type Key = Day;

    async fn find(tx: &mut Transaction, quarter: Day) -> Result<Self> {
        let map = find(tx, quarter).await?.ok_or(Error::NotFound)?;
        Ok(Self { id: map.id, quarter })
    }

    fn subject(&self) -> uuid::Uuid {
        self.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        event(verb, self.id, self.quarter)
    }
}

impl Signable for QuarterOnTable {
    const SIGNED: &'static str = "signed the map of";
    const OBJECTED: &'static str = "objected to the map of";
    const TAKES_NO_CONDITION: Option<&'static str> = Some("You can agree to this map, or object to it.");
    type Input = ();

    async fn sealed(&self, tx: &mut Transaction, at: Timestamp) -> Result<()> {
        tx.execute(
            sql!("update quarter_maps set signed_at = $3 where workspace_id = $1 and id = $2"),
            args![self.id, at],
        )
        .await?;
        Ok(())
    }
}
