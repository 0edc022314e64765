//! Entering technologies, changing and moving them.

use super::{TechnologyStage, text::TechnologyText};
use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        write::{self as handshake, Offer, text_on_table},
    },
    identity::{Action, Seats, Side, Transaction, Viewer},
    members::write::{OWNERS, require_of_side, require_own_side_names},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{DecisionId, MemberId, StageId, TechnologyId},
        quantity::Quantity,
        text,
        time::{Day, Timestamp},
    },
    sql,
};

/// What the register says of a technology.
#[derive(Clone, Debug)]
pub struct TechnologyInput {
    pub name: String,
    pub purpose: String,
    pub marketing_owner: MemberId,
    pub technology_owner: MemberId,
    pub yearly_cost: Option<Quantity>,
    pub renews_on: Option<Day>,
}

/// Enters what was decided, as part of sealing the decision or ruling on it.
pub async fn enter_choice(
    tx: &mut Transaction,
    decision: DecisionId,
    entry: &TechnologyInput,
    stage: TechnologyStage,
) -> Result<()> {
    let id: TechnologyId = tx.fresh_id();
    let number = insert(tx, id, entry, stage, Some(decision)).await?;
    tx.record(event("added to the register", id, number, &entry.name).detail(stage.name()))
        .await
}

async fn insert(
    tx: &mut Transaction,
    id: TechnologyId,
    entry: &TechnologyInput,
    stage: TechnologyStage,
    decision: Option<DecisionId>,
) -> Result<i64> {
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from technologies where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    tx.execute(
        sql!(
            "insert into technologies (id, workspace_id, number, name, purpose, stage, decision_id,
             marketing_owner, technology_owner, yearly_cost, renews_on, version, created_at)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)"
        ),
        args![
            id,
            number,
            entry.name.as_str(),
            entry.purpose.as_str(),
            stage,
            decision,
            entry.marketing_owner,
            entry.technology_owner,
            entry.yearly_cost,
            entry.renews_on,
            tx.now()
        ],
    )
    .await?;
    stage_row(tx, id, stage, "").await?;
    Ok(number)
}

async fn stage_row(
    tx: &mut Transaction,
    technology: TechnologyId,
    stage: TechnologyStage,
    because: &str,
) -> Result<()> {
    let id: StageId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into technology_stages (id, workspace_id, technology_id, stage, because, at, by_member)
             values ($2, $1, $3, $4, $5, $6, $7)"
        ),
        args![id, technology, stage, because, tx.now(), tx.member_id()],
    )
    .await?;
    Ok(())
}

pub(super) fn event(verb: &'static str, id: TechnologyId, number: i64, name: &str) -> Event {
    Event::new(verb, "technology", id.uuid(), name).at(format!("technologies/{number}"))
}

async fn check(tx: &mut Transaction, entry: &TechnologyInput) -> Result<()> {
    require_of_side(
        tx,
        "marketing_owner",
        entry.marketing_owner,
        Some(Side::Marketing),
    )
    .await?;
    require_of_side(
        tx,
        "technology_owner",
        entry.technology_owner,
        Some(Side::Technology),
    )
    .await
}

/// Of the technologies of the register, no two go by one name.
async fn require_own_name(tx: &mut Transaction, id: TechnologyId, name: &str) -> Result<()> {
    let known: Vec<(String,)> = tx
        .fetch_all(
            sql!(
                "select name from technologies where workspace_id = $1 and id <> $2 and stage <> 'retire'
                 order by number"
            ),
            args![id],
        )
        .await?;
    text::refuse_namesake(
        known.into_iter().map(|(name,)| name),
        ("name", name),
        "The register has this technology already",
    )
}

/// Enters a technology that was chosen before, or elsewhere. Sent twice with one id, it is entered once.
pub async fn enter_technology(
    viewer: &Viewer,
    id: TechnologyId,
    stage: TechnologyStage,
    entry: TechnologyInput,
) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageTechnology)?;
    if let Some((number,)) = tx
        .fetch_optional::<(i64,)>(
            sql!("select number from technologies where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?
    {
        return Ok(number);
    }
    require_own_name(&mut tx, id, &entry.name).await?;
    check(&mut tx, &entry).await?;
    let number = insert(&mut tx, id, &entry, TechnologyStage::Assess, None).await?;
    put_before_owners(&mut tx, id, number, &entry, (stage, ENTERED)).await?;
    tx.commit(
        permit,
        event("added to the register", id, number, &entry.name)
            .detail(format!("for {}", stage.name().to_lowercase())),
    )
    .await?;
    Ok(number)
}

/// Why a technology that was entered by hand stands where it stands, until it is moved.
const ENTERED: &str = "It is in use already.";

/// Puts a technology's stage and its owners before both owners; what lay there before is closed.
pub(super) async fn put_before_owners(
    tx: &mut Transaction,
    id: TechnologyId,
    number: i64,
    entry: &TechnologyInput,
    (stage, because): (TechnologyStage, &str),
) -> Result<()> {
    let [marketing_owner, technology_owner] = tx
        .member_names([entry.marketing_owner, entry.technology_owner])
        .await?;
    let text = TechnologyText {
        technology: number,
        name: entry.name.clone(),
        purpose: entry.purpose.clone(),
        stage,
        because: because.to_owned(),
        marketing_owner,
        technology_owner,
    };
    let offer = Offer {
        text: &text,
        subject: id.uuid(),
        path: format!("technologies/{number}"),
        label: format!("{} {}", stage.name(), entry.name),
        seats: Seats::Owners,
        owners: Some((entry.marketing_owner, entry.technology_owner)),
        due_on: None,
    };
    handshake::void(tx, Kind::Technology, id.uuid(), "superseded").await?;
    handshake::offer_first(tx, offer).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub(super) struct TechnologyRow {
    pub(super) id: TechnologyId,
    pub(super) name: String,
    pub(super) purpose: String,
    pub(super) stage: TechnologyStage,
    pub(super) marketing_owner: MemberId,
    pub(super) technology_owner: MemberId,
    pub(super) yearly_cost: Option<Quantity>,
    pub(super) renews_on: Option<Day>,
    pub(super) version: i64,
}

pub(super) async fn load(tx: &mut Transaction, number: i64) -> Result<TechnologyRow> {
    tx.fetch_one(
        sql!(
            "select id, name, purpose, stage, marketing_owner, technology_owner, yearly_cost, renews_on, \
                version
             from technologies where workspace_id = $1 and number = $2"
        ),
        args![number],
    )
    .await
}

pub async fn change_technology(
    viewer: &Viewer,
    number: i64,
    version: i64,
    entry: TechnologyInput,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageTechnology)?;
    let current = load(&mut tx, number).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    if current.name != entry.name {
        require_own_name(&mut tx, current.id, &entry.name).await?;
    }
    check(&mut tx, &entry).await?;
    require_own_side_names(
        &tx,
        (current.marketing_owner, current.technology_owner),
        (entry.marketing_owner, entry.technology_owner),
        OWNERS,
    )?;
    let is_unchanged = (
        &current.name,
        &current.purpose,
        current.marketing_owner,
        current.technology_owner,
    ) == (
        &entry.name,
        &entry.purpose,
        entry.marketing_owner,
        entry.technology_owner,
    );
    if !is_unchanged {
        let (stage, because) = match text_on_table::<TechnologyText>(&mut tx, current.id.uuid()).await {
            // An owner's answer to a move is not wiped off by another word in the entry.
            Ok((_, text, false))
                if text.stage != current.stage
                    && !handshake::is_sealed(&mut tx, Kind::Technology, current.id.uuid()).await? =>
            {
                return Err(Error::invalid(
                    "",
                    format!(
                        "An owner has answered the move to “{}”. Let the other one answer, or that answer be withdrawn.",
                        text.stage.name()
                    ),
                ));
            }
            Ok((_, text, _)) => (text.stage, text.because),
            Err(Error::Conflict | Error::NotFound) => (current.stage, "Its entry changed.".to_owned()),
            Err(error) => return Err(error),
        };
        put_before_owners(&mut tx, current.id, number, &entry, (stage, &because)).await?;
    }
    tx.execute(
        sql!(
            "update technologies set marketing_owner = $3, technology_owner = $4, yearly_cost = $5, \
                renews_on = $6,
             version = version + 1
         where workspace_id = $1 and id = $2"
        ),
        args![
            current.id,
            entry.marketing_owner,
            entry.technology_owner,
            entry.yearly_cost,
            entry.renews_on
        ],
    )
    .await?;
    let before = tx
        .member_names([current.marketing_owner, current.technology_owner])
        .await?;
    let after = tx
        .member_names([entry.marketing_owner, entry.technology_owner])
        .await?;
    let cost = |cost: Option<Quantity>| cost.map_or_else(String::new, Quantity::format);
    let day = |day: Option<Day>| day.map_or_else(String::new, Day::format_long);
    let verb = if is_unchanged {
        "changed in the register"
    } else {
        "proposed a change of the register for"
    };
    let event = event(verb, current.id, number, &current.name).with_changes(&[
        ("Name", &current.name, &entry.name),
        ("Purpose", &current.purpose, &entry.purpose),
        ("Marketing’s owner", &before[0], &after[0]),
        ("Technology’s owner", &before[1], &after[1]),
        (
            "Yearly cost",
            &cost(current.yearly_cost),
            &cost(entry.yearly_cost),
        ),
        ("Renews", &day(current.renews_on), &day(entry.renews_on)),
    ]);
    tx.commit(permit, event).await
}

/// Holds what a decision entered, when a later one took that decision's place.
pub async fn hold(tx: &mut Transaction, decision: DecisionId, because: &str) -> Result<()> {
    let entered: Option<(TechnologyId, i64, String)> = tx
        .fetch_optional(
            sql!(
                "select id, number, name from technologies where workspace_id = $1 and decision_id = $2
                 and stage not in ('hold', 'retire')"
            ),
            args![decision],
        )
        .await?;
    let Some((id, number, name)) = entered else {
        return Ok(());
    };
    let stage = TechnologyStage::Hold;
    handshake::void(tx, Kind::Technology, id.uuid(), "superseded").await?;
    tx.execute(
        sql!("update technologies set stage = $3, version = version + 1 where workspace_id = $1 and id = $2"),
        args![id, stage],
    )
    .await?;
    stage_row(tx, id, stage, because).await?;
    tx.record(event("changed the stage of", id, number, &name).detail(format!("to hold: {because}")))
        .await
}

/// Asks both owners to move a technology to another stage; it moves once both have signed.
pub async fn move_technology(
    viewer: &Viewer,
    number: i64,
    stage: TechnologyStage,
    because: &str,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageTechnology)?;
    let current = load(&mut tx, number).await?;
    if current.stage == stage {
        return Err(Error::invalid(
            "stage",
            format!("It is at {} already.", stage.name().to_lowercase()),
        ));
    }
    if current.stage == TechnologyStage::Retire {
        // Another may have taken its name meanwhile.
        require_own_name(&mut tx, current.id, &current.name).await?;
    }
    let entry = TechnologyInput {
        name: current.name.clone(),
        purpose: current.purpose,
        marketing_owner: current.marketing_owner,
        technology_owner: current.technology_owner,
        yearly_cost: current.yearly_cost,
        renews_on: current.renews_on,
    };
    put_before_owners(&mut tx, current.id, number, &entry, (stage, because)).await?;
    let detail = format!("{} → {}: {because}", current.stage.name(), stage.name());
    tx.commit(
        permit,
        event("proposed another stage for", current.id, number, &current.name).detail(detail),
    )
    .await
}

/// Where a technology is to stand, before both owners.
pub struct MoveOnTable {
    number: i64,
    row: TechnologyRow,
}

impl OnTable for MoveOnTable {
    const KIND: Kind = Kind::Technology;
    const WITHDREW: &'static str = "withdrew a signature from the register’s change of";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        let row = load(tx, number).await?;
        Ok(Self { number, row })
    }

    fn subject(&self) -> uuid::Uuid {
        self.row.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        event(verb, self.row.id, self.number, &self.row.name)
    }
}

impl Signable for MoveOnTable {
    const SIGNED: &'static str = "signed the register’s change of";
    const OBJECTED: &'static str = "objected to the register’s change of";
    const TAKES_NO_CONDITION: Option<&'static str> = Some("You can agree to this move, or object to it.");
    type Input = ();

    async fn sealed(&self, tx: &mut Transaction, _at: Timestamp) -> Result<()> {
        let (_, text, _) = text_on_table::<TechnologyText>(tx, self.subject()).await?;
        tx.execute(
            sql!(
                "update technologies set name = $3, purpose = $4, stage = $5, version = version + 1 where
                 workspace_id = $1 and id = $2"
            ),
            args![self.row.id, text.name.as_str(), text.purpose.as_str(), text.stage],
        )
        .await?;
        if text.stage != self.row.stage {
            stage_row(tx, self.row.id, text.stage, &text.because).await?;
        }
        tx.record(self.event("changed the stage of").detail(format!(
            "to {}, signed by both owners",
            text.stage.name().to_lowercase()
        )))
        .await
    }
}
