//! The minutes: written, offered, sealed by both leads; what is added to them later; what nobody accepts.

use super::Current;
use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        write::{self as handshake, Offer},
    },
    identity::{Action, Seats, Side, Transaction, Viewer, system::SystemActor},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{AddendumId, ReviewId},
        time::{Day, Timestamp},
    },
    reviews::{
        LAPSES_AFTER_DAYS,
        read::{RESOLUTIONS, Resolution},
        text::{ActionText, AddendumText, MinutesText},
    },
    sql,
};

/// What was offered is no longer what stands: nobody signs it any more.
pub(super) async fn take_off_table(tx: &mut Transaction, current: &Current) -> Result<bool> {
    handshake::close(tx, Kind::Minutes, current.id.uuid(), "edited").await
}

fn require_writable(current: &Current) -> Result<()> {
    if current.ended_at.is_none() {
        return Err(Error::invalid("", "The meeting has not ended."));
    }
    if current.minutes_sealed_at.is_some() {
        return Err(Error::invalid(
            "",
            "Both leads have accepted these minutes. Add an addendum instead.",
        ));
    }
    if current.lapsed_at.is_some() {
        return Err(Error::invalid("", "These minutes have lapsed."));
    }
    Ok(())
}

/// Writes the minutes, and which resolutions were recorded by mistake and stand in none. What was signed of
/// them before does not hold for the new text.
///
/// # Errors
/// `Invalid` while the text still says what is left out.
pub async fn write_minutes(
    viewer: &Viewer,
    number: i64,
    version: i64,
    (body, omitted): (&str, &[uuid::Uuid]),
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::PrepareReview)?;
    let current = Current::find(&mut tx, number).await?;
    require_writable(&current)?;
    let (text, now_version): (String, i64) = tx
        .fetch_one(
            sql!("select body, version from review_minutes where workspace_id = $1 and review_id = $2"),
            args![current.id],
        )
        .await?;
    if now_version != version {
        return Err(Error::Conflict);
    }
    let resolutions: Vec<Resolution> = tx.fetch_all(RESOLUTIONS, args![current.id]).await?;
    let is_changed = |it: &Resolution| it.is_omitted != omitted.contains(&it.id);
    let kept: Vec<String> = resolutions
        .iter()
        .filter(|it| !omitted.contains(&it.id))
        .map(|it| words_of(&it.body))
        .collect();
    let said = resolutions
        .iter()
        .filter(|it| omitted.contains(&it.id))
        .find(|it| is_said_beside(body, &kept, &it.body));
    if let Some(it) = said {
        return Err(Error::invalid(
            "body",
            format!(
                "“{}” is left out, but the text still says it. Take it out of the text as well.",
                it.body
            ),
        ));
    }
    if text == body && !resolutions.iter().any(is_changed) {
        return Ok(());
    }
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "update review_minutes set body = $3, edited_at = $4, edited_by = $5, version = version + 1 where
             workspace_id = $1 and review_id = $2"
        ),
        args![current.id, body, now, me],
    )
    .await?;
    for it in resolutions.iter().filter(|it| is_changed(it)) {
        omit(&mut tx, &current, it).await?;
    }
    let left_out = |is_out: &dyn Fn(&Resolution) -> bool| {
        let out = resolutions
            .iter()
            .filter(|it| is_out(it))
            .map(|it| it.body.as_str());
        out.collect::<Vec<_>>().join("; ")
    };
    let (before, after) = (
        left_out(&|it| it.is_omitted),
        left_out(&|it| omitted.contains(&it.id)),
    );
    take_off_table(&mut tx, &current).await?;
    current.touch(&mut tx).await?;
    let event = current.event("wrote the minutes of");
    tx.commit(permit, event.with_changes(&[("Left out", &before, &after)]))
        .await
}

/// A resolution by its words, however they are spaced and written.
fn words_of(text: &str) -> String {
    let words = text.split_whitespace().map(str::to_lowercase);
    let words: Vec<String> = words
        .map(|word| {
            word.trim_matches(|sign: char| sign.is_ascii_punctuation())
                .to_owned()
        })
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// What a text says, item by item: a line that begins with neither a mark of a list nor of a heading goes on
/// with the one before.
fn items_of(text: &str) -> Vec<String> {
    let mut items: Vec<String> = vec![String::new()];
    for line in text.lines().map(str::trim) {
        let begins = line.is_empty() || line.starts_with(['-', '*', '+', '#', '>']);
        if begins {
            items.push(String::new());
        }
        if let Some(item) = items.last_mut() {
            item.push_str(line);
            item.push(' ');
        }
    }
    items
        .iter()
        .map(|item| words_of(item))
        .map(|item| item.strip_prefix("decided ").map_or(item.clone(), str::to_owned))
        .collect()
}

/// Whether more items of a text say a resolution than those that are kept do.
fn is_said_beside(text: &str, kept: &[String], resolution: &str) -> bool {
    let words = words_of(resolution);
    let said = items_of(text).iter().filter(|item| **item == words).count();
    !words.is_empty() && said > kept.iter().filter(|other| **other == words).count()
}

/// Leaves a resolution out, or takes it in again.
async fn omit(tx: &mut Transaction, current: &Current, it: &Resolution) -> Result<()> {
    if it.is_omitted {
        tx.execute(
            sql!("delete from review_omissions where workspace_id = $1 and note_id = $2"),
            args![it.id],
        )
        .await?;
        return Ok(());
    }
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into review_omissions (note_id, workspace_id, review_id, at, by_member)
             values ($2, $1, $3, $4, $5)"
        ),
        args![it.id, current.id, now, me],
    )
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct TextRow {
    body: String,
    offered_body: Option<String>,
    snapshot: String,
}

/// Puts the minutes before both leads.
pub async fn offer_minutes(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::LeadReview)?;
    let current = Current::find(&mut tx, number).await?;
    require_writable(&current)?;
    let row: TextRow = tx
        .fetch_one(
            sql!(
                "select m.body, m.offered_body, s.digest as snapshot from review_minutes m join reviews r on
                 r.id =
                 m.review_id join review_snapshots s on s.id = r.snapshot_id where m.workspace_id = $1 and
                 m.review_id = $2"
            ),
            args![current.id],
        )
        .await?;
    let text = minutes_text(&mut tx, &current, &row).await?;
    // Offering what lies there unchanged would empty the seats for nothing.
    if handshake::is_on_table(&mut tx, current.id.uuid(), &text).await? {
        return Ok(());
    }
    let offer = Offer {
        text: &text,
        subject: current.id.uuid(),
        path: format!("reviews/{}/minutes", current.number),
        label: format!("Minutes of review {}", current.number),
        seats: Seats::Leads,
        owners: None,
        due_on: None,
    };
    handshake::offer(&mut tx, offer).await?;
    // The text that the redline is drawn against: the last one that was another.
    let is_new = row.offered_body.as_deref() != Some(row.body.as_str());
    if is_new {
        tx.execute(
            sql!(
                "update review_minutes set earlier_body = offered_body, offered_body = body, version = version
                 + 1 where
                 workspace_id = $1 and review_id = $2"
            ),
            args![current.id],
        )
        .await?;
    }
    current.touch(&mut tx).await?;
    tx.commit(permit, current.event("asked for signatures under the minutes of"))
        .await
}

async fn minutes_text(tx: &mut Transaction, current: &Current, row: &TextRow) -> Result<MinutesText> {
    let present: Vec<(String,)> = tx
        .fetch_all(
            sql!(
                "select m.name from review_attendance a join people m on m.id = a.member_id where
                 a.workspace_id = $1 and
                 a.review_id = $2 and a.is_present order by m.name, m.id"
            ),
            args![current.id],
        )
        .await?;
    let resolutions: Vec<Resolution> = tx.fetch_all(RESOLUTIONS, args![current.id]).await?;
    let actions: Vec<(String, String, Day)> = tx
        .fetch_all(
            sql!(
                "select a.body, m.name, coalesce((select min(v.from_on) from review_action_moves v where
                 v.action_id = a.id),
                 a.due_on) from review_actions a join people m on m.id = a.owner_id
                 where a.workspace_id = $1 and a.review_id = $2 order by a.given_at, a.id"
            ),
            args![current.id],
        )
        .await?;
    Ok(MinutesText {
        review: current.number,
        held_on: current.held_on.to_string(),
        present: present.into_iter().map(|(name,)| name).collect(),
        snapshot: row.snapshot.clone(),
        body: row.body.clone(),
        resolutions: resolutions
            .into_iter()
            .filter(|it| !it.is_omitted)
            .map(|it| it.body)
            .collect(),
        actions: actions
            .into_iter()
            .map(|(action, owner, due_on)| ActionText {
                action,
                owner,
                due_on: due_on.to_string(),
            })
            .collect(),
    })
}

/// The minutes of a review, which both leads accept.
pub struct MinutesOnTable(Current);

impl OnTable for MinutesOnTable {
    const KIND: Kind = Kind::Minutes;
    const WITHDREW: &'static str = "withdrew a signature from the minutes of";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        Ok(Self(Current::find(tx, number).await?))
    }

    fn subject(&self) -> uuid::Uuid {
        self.0.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.0
            .event(verb)
            .at(format!("reviews/{}/minutes", self.0.number))
    }

    async fn withdrawn(&self, tx: &mut Transaction, _: Side) -> Result<()> {
        self.0.touch(tx).await
    }
}

impl Signable for MinutesOnTable {
    const SIGNED: &'static str = "signed the minutes of";
    const OBJECTED: &'static str = "objected to the minutes of";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can accept these minutes as they stand, or object to them.");
    type Input = ();

    async fn sealed(&self, tx: &mut Transaction, at: Timestamp) -> Result<()> {
        tx.execute(
            sql!("update review_minutes set sealed_at = $3 where workspace_id = $1 and review_id = $2"),
            args![self.0.id, at],
        )
        .await?;
        self.0.touch(tx).await
    }
}

/// Adds to sealed minutes, which stay as they are. Sent twice with one id, it is added once.
pub async fn add_addendum(viewer: &Viewer, number: i64, id: AddendumId, body: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::PrepareReview)?;
    let current = Current::find(&mut tx, number).await?;
    if current.minutes_sealed_at.is_none() {
        return Err(Error::invalid(
            "body",
            "These minutes are not accepted yet. Change their text instead.",
        ));
    }
    let known: Option<(AddendumId,)> = tx
        .fetch_optional(
            sql!("select id from review_addenda where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    if known.is_some() {
        return Ok(());
    }
    let (addendum,): (i64,) = tx
        .fetch_one(
            sql!(
                "select coalesce(max(number), 0) + 1 from review_addenda where workspace_id = $1 and review_id
                 = $2"
            ),
            args![current.id],
        )
        .await?;
    let (minutes,): (String,) = tx
        .fetch_one(
            sql!(
                "select digest from tabled_handshakes where workspace_id = $1 and kind = 'minutes' and
                 subject_id = $2"
            ),
            args![current.id],
        )
        .await?;
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into review_addenda (id, workspace_id, review_id, number, body, at, by_member) values ($2,
             $1, $3, $4,
             $5, $6, $7)"
        ),
        args![id, current.id, addendum, body, now, me],
    )
    .await?;
    let text = AddendumText {
        review: current.number,
        addendum,
        minutes,
        body: body.to_owned(),
    };
    let offer = Offer {
        text: &text,
        subject: id.uuid(),
        path: format!("reviews/{}/addenda/{addendum}", current.number),
        label: format!("Addendum {addendum} to the minutes of review {}", current.number),
        seats: Seats::Leads,
        owners: None,
        due_on: None,
    };
    handshake::offer_first(&mut tx, offer).await?;
    tx.commit(permit, current.event("added to the minutes of").detail(body))
        .await
}

/// Withdraws what one's own side wanted to add, which is not accepted by both.
///
/// # Errors
/// `Forbidden` for the other side's; `Invalid` once both leads have accepted it.
pub async fn take_back_addendum(viewer: &Viewer, review: i64, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::PrepareReview)?;
    let it = AddendumOnTable::find(&mut tx, (review, number)).await?;
    let (added_by, sealed_at): (Option<Side>, Option<Timestamp>) = tx
        .fetch_one(
            sql!(
                "select m.side, a.sealed_at from review_addenda a join people m on m.id = a.by_member
                 where a.workspace_id = $1 and a.id = $2"
            ),
            args![it.id],
        )
        .await?;
    if added_by != tx.side() {
        return Err(Error::Forbidden);
    }
    if sealed_at.is_some() {
        return Err(Error::invalid("", "Both leads have accepted this addendum."));
    }
    if !handshake::close(&mut tx, Kind::Addendum, it.id.uuid(), "withdrawn").await? {
        return Ok(());
    }
    tx.commit(permit, it.event("withdrew an addendum to")).await
}

/// One addition to sealed minutes.
pub struct AddendumOnTable {
    review: Current,
    id: AddendumId,
    number: i64,
}

impl OnTable for AddendumOnTable {
    const KIND: Kind = Kind::Addendum;
    const WITHDREW: &'static str = "withdrew a signature from an addendum to";
    /// The numbers of the review and of the addendum.
    type Key = (i64, i64);

    async fn find(tx: &mut Transaction, (review, number): (i64, i64)) -> Result<Self> {
        let review = Current::find(tx, review).await?;
        let (id,): (AddendumId,) = tx
            .fetch_one(
                sql!(
                    "select id from review_addenda where workspace_id = $1 and review_id = $2 and number = $3"
                ),
                args![review.id, number],
            )
            .await?;
        Ok(Self { review, id, number })
    }

    fn subject(&self) -> uuid::Uuid {
        self.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.review
            .event(verb)
            .at(format!("reviews/{}/addenda/{}", self.review.number, self.number))
    }
}

impl Signable for AddendumOnTable {
    const SIGNED: &'static str = "signed an addendum to";
    const OBJECTED: &'static str = "objected to an addendum to";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can accept this addendum as it stands, or object to it.");
    type Input = ();

    async fn sealed(&self, tx: &mut Transaction, at: Timestamp) -> Result<()> {
        tx.execute(
            sql!("update review_addenda set sealed_at = $3 where workspace_id = $1 and id = $2"),
            args![self.id, at],
        )
        .await?;
        Ok(())
    }
}

/// Minutes that nobody accepted in time lapse: the record says whose word is missing, and nothing seals them.
pub async fn lapse(system: &SystemActor) -> Result<()> {
    let before = system.zone().start_of(system.today().plus(-LAPSES_AFTER_DAYS));
    let late: Vec<(ReviewId, i64)> = system
        .fetch_all(
            sql!(
                "select r.id, r.number from reviews r join review_minutes m on m.review_id = r.id
                 left join tabled_handshakes h on h.kind = 'minutes' and h.subject_id = r.id
                 where r.workspace_id = $1 and r.ended_at is not null and r.lapsed_at is null and m.sealed_at
                 is null
                   and coalesce(h.opened_at, m.edited_at, r.ended_at) < $2 order by r.number limit 20"
            ),
            args![before],
        )
        .await?;
    for (id, number) in late {
        let (mut tx, permit) = system.begin().await?;
        let current = Current::find(&mut tx, number).await?;
        if require_writable(&current).is_err() {
            continue;
        }
        handshake::close(&mut tx, Kind::Minutes, id.uuid(), "lapsed").await?;
        let now = tx.now();
        tx.execute(
            sql!(
                "update reviews set lapsed_at = $3, version = version + 1, pulse = pulse + 1 where
                 workspace_id = $1 and id = $2"
            ),
            args![id, now],
        )
        .await?;
        tx.commit(permit, current.event("closed, unsigned, the minutes of"))
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{is_said_beside, words_of};

    #[test]
    fn what_is_left_out_is_found_in_the_text_however_it_is_spaced() {
        let text = "- **Tools**\n  - Decided: Buy Meridian\n    in May\n  - Decided: Cut  all of it.\n  - Budget is next.";
        assert!(is_said_beside(text, &[], "Cut all of it"));
        assert!(is_said_beside(text, &[], "Buy Meridian in May"), "over two lines");
        for other in ["Buy", "Budget", "👍 "] {
            assert!(!is_said_beside(text, &[], other), "{other}");
        }
        assert!(is_said_beside("Decided: 👍", &[], "👍"));
        let kept = [words_of("Buy Meridian in May")];
        assert!(
            !is_said_beside(text, &kept, "Buy Meridian in May"),
            "recorded twice, said once"
        );
    }
}
