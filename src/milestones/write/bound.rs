//! What binds a plan to the other side: a condition that both signed, a checkpoint that the other side is
//! asked about or has answered for, what it took on, a milestone that it has signed or objected to. None of
//! it leaves the plan, or stops being asked about, by one side's planning.

use super::{CURRENT_BY_ID, Current};
use crate::{
    args,
    handshake::Verdict,
    identity::{Side, Transaction},
    platform::{
        error::{Error, Problem, Result},
        ids::{CheckpointId, InitiativeId, MemberId, MilestoneId},
    },
    sql,
};

/// What both sides signed as a condition is met, or waived by both; nobody edits it away.
pub(super) async fn refuse_condition(tx: &mut Transaction, id: CheckpointId) -> Result<()> {
    let condition: Option<(i64, String)> = tx
        .fetch_optional(
            sql!(
                "select decision_number, question from condition_checkpoints where workspace_id = $1 and
                 checkpoint_id = $2"
            ),
            args![id],
        )
        .await?;
    match condition {
        None => Ok(()),
        Some((number, question)) => Err(Error::invalid(
            "title",
            format!(
                "This is a condition of decision {number}, “{question}”, which both sides signed. Meet it, \
                    or let both co-leads waive it when they close the initiative, once it has started."
            ),
        )),
    }
}

/// What a side took on, beside the plan: what it does about something that it called off track, or what
/// somebody of it is to do since a review.
#[derive(sqlx::FromRow)]
struct Undertaking {
    title: String,
    side: Option<Side>,
    /// The review's number; none of what is off track.
    review: Option<i64>,
}

impl Undertaking {
    fn words(&self, side: Side) -> String {
        match self.review {
            None => format!(
                "This is what {} does about “{}”, which it called off track.",
                side.name(),
                self.title
            ),
            Some(review) => format!("{} took this on in review {review}.", side.name()),
        }
    }
}

async fn undertakings(tx: &mut Transaction, id: CheckpointId) -> Result<Vec<Undertaking>> {
    tx.fetch_all(
        sql!(
            "select title, side, cast(null as bigint) as review from corrective_actions where workspace_id = $1 and
             checkpoint_id = $2
             union select title, side, cast(null as bigint) from check_in_actions where workspace_id = $1 and
             checkpoint_id = $2
             union select title, side, review from review_checkpoints where workspace_id = $1 and checkpoint_id = $2
             order by 2, 1"
        ),
        args![id],
    )
    .await
}

/// What the other side took on is changed and archived by that side.
pub(super) async fn refuse_others_undertaking(tx: &mut Transaction, id: CheckpointId) -> Result<()> {
    for it in undertakings(tx, id).await? {
        if let Some(side) = it.side.filter(|side| tx.side() != Some(*side)) {
            let (words, side) = (it.words(side), side.name());
            return Err(Error::invalid(
                "",
                format!("{words} {side} changes or archives it."),
            ));
        }
    }
    Ok(())
}

/// What the other side took on leaves the plan by that side, or, while it is not done, by a side that has
/// returned it or accepted it once: that side asked for it to be done again, and need not.
pub(super) async fn refuse_letting_go(tx: &mut Transaction, id: CheckpointId) -> Result<()> {
    let (is_done,): (bool,) = tx
        .fetch_one(
            sql!(
                "select passed_at is not null as is_done from checkpoints where workspace_id = $1 and id = $2"
            ),
            args![id],
        )
        .await?;
    if !is_done && is_bound(tx, id).await? && answering_side(tx, id).await? == tx.side() {
        return Ok(());
    }
    refuse_others_undertaking(tx, id).await
}

/// Whether a condition is met, or what a side took on is done, is said by its owner or by that side: the
/// other side's word would take it out of the plan.
pub(super) async fn refuse_word_of_others(
    tx: &mut Transaction,
    id: CheckpointId,
    owner: MemberId,
) -> Result<()> {
    if tx.member_id() == Some(owner) {
        return Ok(());
    }
    let own = tx.side();
    let condition: Option<(Side,)> = tx
        .fetch_optional(
            sql!("select side from condition_checkpoints where workspace_id = $1 and checkpoint_id = $2"),
            args![id],
        )
        .await?;
    if let Some((side,)) = condition.filter(|(side,)| own != Some(*side)) {
        return Err(Error::invalid(
            "",
            format!(
                "{} set this condition. Only its owner or {} can mark it done.",
                side.name(),
                side.name()
            ),
        ));
    }
    for it in undertakings(tx, id).await? {
        if let Some(side) = it.side.filter(|side| own != Some(*side)) {
            let (words, side) = (it.words(side), side.name());
            return Err(Error::invalid(
                "",
                format!("{words} Only its owner or {side} can mark it done."),
            ));
        }
    }
    Ok(())
}

/// The conditions of a milestone that are not met: not done, or done and not accepted where that is asked;
/// where it is not, done by the word of the side that did not set it.
async fn refuse_open_conditions(tx: &mut Transaction, milestone: &Current) -> Result<()> {
    let open: Vec<(CheckpointId,)> = tx
        .fetch_all(
            sql!(
                "select c.id from checkpoints c where c.workspace_id = $1 and c.milestone_id = $2 and
                 c.archived_at is null and (c.passed_at is null or ($3 and c.accepted_at is null) or
                   (c.accepted_at is null and exists (select 1 from condition_checkpoints d where
                   d.checkpoint_id = c.id and d.side = c.accepting_side))) order by c.id"
            ),
            args![milestone.id, milestone.asks_other_side],
        )
        .await?;
    for (id,) in open {
        refuse_condition(tx, id).await.map_err(without_field)?;
    }
    Ok(())
}

fn without_field(error: Error) -> Error {
    match error {
        Error::Invalid(problems) => Error::Invalid(
            problems
                .into_iter()
                .map(|problem| Problem {
                    field: String::new(),
                    ..problem
                })
                .collect(),
        ),
        error => error,
    }
}

/// Whether the other side is asked about a checkpoint now, or has accepted or returned it and not accepted it
/// since.
pub(super) async fn is_bound(tx: &mut Transaction, id: CheckpointId) -> Result<bool> {
    let (bound,): (i64,) = tx
        .fetch_one(
            sql!(
                "select count(*) from checkpoints c where c.workspace_id = $1 and c.id = $2 and c.accepted_at is
                 null and (c.passed_at is not null or c.answered_by is not null or exists (select 1 from
                 returned_checkpoints r where r.checkpoint_id = c.id))"
            ),
            args![id],
        )
        .await?;
    Ok(bound > 0)
}

/// The side that is asked about a checkpoint, or has answered: where whoever did is of neither side now, the
/// other one than its owner's.
async fn answering_side(tx: &mut Transaction, id: CheckpointId) -> Result<Option<Side>> {
    let found: Option<(Option<Side>,)> = tx
        .fetch_optional(
            sql!(
                "select coalesce(p.side, c.accepting_side, case o.side when 'marketing' then 'technology' when
                   'technology' then 'marketing' end) from checkpoints c
                 join people o on o.id = c.owner_id
                 left join returned_checkpoints r on r.id = (select x.id from returned_checkpoints x where
                   x.checkpoint_id = c.id order by x.at desc, x.id desc limit 1)
                 left join people p on p.id = coalesce(r.by_member, c.answered_by)
                 where c.workspace_id = $1 and c.id = $2"
            ),
            args![id],
        )
        .await?;
    Ok(found.and_then(|(side,)| side))
}

/// A checkpoint for which the other side is asked, or has answered, leaves the plan by its word alone.
pub(super) async fn refuse_answered(tx: &mut Transaction, id: CheckpointId) -> Result<()> {
    if !is_bound(tx, id).await? {
        return Ok(());
    }
    let answering = answering_side(tx, id).await?;
    if answering.is_some() && answering == tx.side() {
        return Ok(());
    }
    Err(Error::invalid(
        "",
        "The other side has to accept this checkpoint, or returned it. It accepts it first, or archives it.",
    ))
}

/// What a side has to say, or has said, is not passed over by the other one's planning.
pub(super) async fn refuse_to_stop_asking(tx: &mut Transaction, id: MilestoneId) -> Result<()> {
    let (concerned,): (i64,) = tx
        .fetch_one(
            sql!(
                "select count(*) from checkpoints c where c.workspace_id = $1 and c.milestone_id = $2 and
                 c.archived_at is null
               and (c.passed_at is not null or c.answered_by is not null or exists (select 1 from
               returned_checkpoints r where r.checkpoint_id = c.id))"
            ),
            args![id],
        )
        .await?;
    if concerned > 0 {
        let words = if concerned == 1 {
            "1 checkpoint waits for the other side, or was"
        } else {
            "Some checkpoints wait for the other side, or were"
        };
        return Err(Error::invalid(
            "asks_other_side",
            format!(
                "{words} returned by it, or accepted. What it need not accept goes into another milestone."
            ),
        ));
    }
    let (conditions,): (i64,) = tx
        .fetch_one(
            sql!(
                "select count(*) from checkpoints c join condition_checkpoints d on d.checkpoint_id = c.id
                 where c.workspace_id = $1 and c.milestone_id = $2 and c.archived_at is null"
            ),
            args![id],
        )
        .await?;
    if conditions > 0 {
        return Err(Error::invalid(
            "asks_other_side",
            "A condition that both sides signed lies here. The other side says whether it is met.",
        ));
    }
    Ok(())
}

/// A checkpoint for which the other side has answered, of a milestone that is to be given up.
#[derive(sqlx::FromRow)]
struct AnsweredCheckpoint {
    title: String,
    side: Option<Side>,
    is_returned: bool,
}

/// A milestone is not given up while the other side is asked whether a checkpoint of it is there, nor past
/// what the other side has answered: that is given up by whoever answered.
async fn refuse_awaited(tx: &mut Transaction, milestone: MilestoneId) -> Result<()> {
    let awaited: Option<(String, Side)> = tx
        .fetch_optional(
            sql!(
                "select title, accepting_side from checkpoints where workspace_id = $1 and milestone_id = $2 and
                 archived_at is null and passed_at is not null and accepted_at is null and accepting_side is
                 not null order by due_on, id limit 1"
            ),
            args![milestone],
        )
        .await?;
    if let Some((title, side)) = awaited {
        return Err(Error::invalid(
            "",
            format!(
                "“{title}” is done and waits for {}. It accepts or returns it first.",
                side.name()
            ),
        ));
    }
    let answered: Vec<AnsweredCheckpoint> = tx
        .fetch_all(
            sql!(
                "select c.title, coalesce(p.side, case o.side when 'marketing' then 'technology' when
                   'technology' then 'marketing' end) as side, r.by_member is not null as is_returned
                 from checkpoints c
                 join people o on o.id = c.owner_id
                 left join returned_checkpoints r on r.id = (select x.id from returned_checkpoints x where
                   x.checkpoint_id = c.id order by x.at desc, x.id desc limit 1)
                 join people p on p.id = coalesce(r.by_member, c.answered_by)
                 where c.workspace_id = $1 and c.milestone_id = $2 and c.archived_at is null and c.accepted_at is
                 null order by c.due_on, c.id"
            ),
            args![milestone],
        )
        .await?;
    let own = tx.side();
    for AnsweredCheckpoint {
        title,
        side,
        is_returned,
    } in answered
    {
        if let Some(side) = side.filter(|side| own != Some(*side)) {
            let did = if is_returned {
                "returned"
            } else {
                "accepted, before it was reopened,"
            };
            return Err(Error::invalid(
                "",
                format!(
                    "{} {did} “{title}”. It is finished and accepted first, or {} gives the milestone up.",
                    side.name(),
                    side.name()
                ),
            ));
        }
    }
    Ok(())
}

/// What a side said of a milestone as a whole, of the text on the table or of an earlier one.
#[derive(sqlx::FromRow)]
struct Word {
    side: Side,
    verdict: Verdict,
    is_on_table: bool,
}

/// What the other side has signed, or objects to, is not given up past it; nor is what it said of an earlier
/// text, which one side's planning has closed since. Where both have agreed to texts that are gone, either
/// may.
async fn refuse_signed(tx: &mut Transaction, milestone: MilestoneId) -> Result<()> {
    let words: Vec<Word> = tx
        .fetch_all(
            sql!(
                "select s.side, s.verdict, h.closed_at is null as is_on_table
                 from offered_handshakes h join filled_seats s on s.handshake_id = h.id
                 where h.workspace_id = $1 and h.kind = 'milestone' and h.subject_id = $2 order by s.at, s.id"
            ),
            args![milestone],
        )
        .await?;
    let own = tx.side();
    let Some(last) = words.iter().rfind(|word| own != Some(word.side)) else {
        return Ok(());
    };
    let own_last = words.iter().rfind(|word| own == Some(word.side));
    if !last.is_on_table && last.verdict != Verdict::Object && own_last.is_some() {
        return Ok(());
    }
    let (did, way) = match (last.verdict, last.is_on_table) {
        (Verdict::Object, true) => ("objects to", ", or withdraws that first"),
        (_, true) => ("has signed", ", or withdraws that first"),
        (Verdict::Object, false) => ("objected to", ""),
        (_, false) => ("signed", ""),
    };
    Err(Error::invalid(
        "",
        format!(
            "{} {did} this milestone. {} gives it up{way}.",
            last.side.name(),
            last.side.name()
        ),
    ))
}

/// Giving a milestone up leaves nothing behind in which the other side has a word.
pub(super) async fn refuse_giving_up(tx: &mut Transaction, milestone: &Current) -> Result<()> {
    refuse_open_conditions(tx, milestone).await?;
    let open: Vec<(CheckpointId,)> = tx
        .fetch_all(
            sql!(
                "select id from checkpoints where workspace_id = $1 and milestone_id = $2 and archived_at is null
                 and passed_at is null order by id"
            ),
            args![milestone.id],
        )
        .await?;
    for (id,) in open {
        refuse_letting_go(tx, id).await?;
    }
    if milestone.asks_other_side {
        refuse_awaited(tx, milestone.id).await?;
    }
    refuse_signed(tx, milestone.id).await
}

/// The same, of an initiative that is dropped before it began, with all of its milestones.
pub async fn refuse_dropping(tx: &mut Transaction, initiative: InitiativeId) -> Result<()> {
    let milestones: Vec<(MilestoneId,)> = tx
        .fetch_all(
            sql!(
                "select id from milestones where workspace_id = $1 and initiative_id = $2 and archived_at is null
                 and accepted_at is null order by number"
            ),
            args![initiative],
        )
        .await?;
    for (id,) in milestones {
        let milestone: Option<Current> = tx.fetch_optional(CURRENT_BY_ID, args![id]).await?;
        if let Some(milestone) = milestone {
            refuse_giving_up(tx, &milestone).await?;
        }
    }
    Ok(())
}
