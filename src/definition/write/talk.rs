//! Suggestions and comments.

use super::void_proposal;
use crate::{
    args,
    comments::{self, Topic, page::TalkedAbout},
    definition::{Field, SuggestionOutcome},
    identity::{Action, Side, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{ClauseId, CommentId, MemberId, SuggestionId},
        time::Timestamp,
    },
    sql,
};

#[derive(sqlx::FromRow)]
struct Texts {
    title: String,
    promise: String,
    for_marketing: String,
    for_technology: String,
    archived_at: Option<Timestamp>,
}

impl Texts {
    fn of(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::Promise => &self.promise,
            Field::ForMarketing => &self.for_marketing,
            Field::ForTechnology => &self.for_technology,
        }
    }
}

async fn texts(tx: &mut Transaction, id: ClauseId) -> Result<Texts> {
    tx.fetch_one(
        sql!(
            "select title, promise, for_marketing, for_technology, archived_at from clauses where
         workspace_id = $1 and id = $2"
        ),
        args![id],
    )
    .await
}

fn event(verb: &'static str, clause: ClauseId, title: &str) -> Event {
    Event::new(verb, "definition", clause.uuid(), title).at(format!("definition/clauses/{clause}"))
}

/// Suggests other words for one field, to the other side. `before` is the text that the author saw.
pub async fn suggest(
    viewer: &Viewer,
    clause: ClauseId,
    field: Field,
    before: &str,
    after: &str,
    because: &str,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::SpeakForSide)?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    let texts = texts(&mut tx, clause).await?;
    if texts.archived_at.is_some() {
        return Err(Error::NotFound);
    }
    if texts.of(field) != before {
        return Err(Error::Conflict);
    }
    if after == before {
        return Err(Error::invalid(
            "after",
            "This is the current text. Change something.",
        ));
    }
    let already: Option<(SuggestionId,)> = tx
        .fetch_optional(
            sql!(
                "select id from suggestions where workspace_id = $1 and clause_id = $2 and field = $3 and
                 after_text = $4 and by_member = $5 and outcome is null"
            ),
            args![clause, field, after, tx.member_id()],
        )
        .await?;
    if already.is_some() {
        return Ok(());
    }
    let id: SuggestionId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into suggestions (id, workspace_id, clause_id, field, before_text, after_text, because,
             side, by_member, at)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        args![
            id,
            clause,
            field,
            before,
            after,
            because,
            side,
            tx.member_id(),
            tx.now()
        ],
    )
    .await?;
    tx.commit(
        permit,
        event("suggested another wording for", clause, &texts.title).with_changes(&[(
            field.name(),
            before,
            after,
        )]),
    )
    .await
}

#[derive(sqlx::FromRow)]
struct Open {
    clause_id: ClauseId,
    field: Field,
    before_text: String,
    after_text: String,
    side: Side,
    by_member: MemberId,
    outcome: Option<SuggestionOutcome>,
}

/// Accepts or declines a suggestion for the other side, or takes one's own back. Accepted, it is the text.
pub async fn respond(
    viewer: &Viewer,
    id: SuggestionId,
    outcome: SuggestionOutcome,
    because: &str,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let open: Open = tx
        .fetch_one(
            sql!(
                "select clause_id, field, before_text, after_text, side, by_member, outcome from suggestions
                 where workspace_id = $1 and id = $2"
            ),
            args![id],
        )
        .await?;
    let permit = match outcome {
        SuggestionOutcome::Withdrawn if Some(open.by_member) == tx.member_id() => {
            tx.permit(Action::SpeakForSide)?
        }
        SuggestionOutcome::Withdrawn => return Err(Error::Forbidden),
        SuggestionOutcome::Accepted | SuggestionOutcome::Declined
            if Some(open.by_member) == tx.member_id() =>
        {
            return Err(Error::Forbidden);
        }
        SuggestionOutcome::Accepted | SuggestionOutcome::Declined => {
            tx.permit(Action::AnswerSuggestion { by: open.side })?
        }
    };
    if let Some(was) = open.outcome {
        return Err(Error::invalid(
            "",
            format!("This suggestion is {} already.", was.as_str()),
        ));
    }
    let texts = texts(&mut tx, open.clause_id).await?;
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "update suggestions set outcome = $3, settled_at = $4, settled_by = $5, settled_because = $6
             where workspace_id = $1 and id = $2"
        ),
        args![id, outcome, now, me, because],
    )
    .await?;
    if outcome == SuggestionOutcome::Accepted {
        if texts.archived_at.is_some() || texts.of(open.field) != open.before_text {
            return Err(Error::invalid(
                "",
                "The text has changed since this was suggested. You can decline it; the author can suggest \
                    it again for the current text.",
            ));
        }
        let update = match open.field {
            Field::Title => sql!(
                "update clauses set title = $3, version = version + 1, edited_at = $4, edited_by = $5 where
                 workspace_id = $1 and id = $2"
            ),
            Field::Promise => {
                sql!(
                    "update clauses set promise = $3, version = version + 1, edited_at = $4, edited_by = $5
                     where workspace_id = $1 and id = $2"
                )
            }
            Field::ForMarketing => {
                sql!(
                    "update clauses set for_marketing = $3, version = version + 1, edited_at = $4, edited_by =
                     $5 where workspace_id = $1 and id = $2"
                )
            }
            Field::ForTechnology => {
                sql!(
                    "update clauses set for_technology = $3, version = version + 1, edited_at = $4, edited_by
                     = $5 where workspace_id = $1 and id = $2"
                )
            }
        };
        tx.execute(update, args![open.clause_id, &open.after_text, now, me])
            .await?;
        void_proposal(&mut tx).await?;
    }
    let verb = match outcome {
        SuggestionOutcome::Accepted => "accepted a wording for",
        SuggestionOutcome::Declined => "declined a wording for",
        SuggestionOutcome::Withdrawn => "took back a wording for",
    };
    tx.commit(
        permit,
        event(verb, open.clause_id, &texts.title).with_changes(&[(
            open.field.name(),
            &open.before_text,
            &open.after_text,
        )]),
    )
    .await
}

/// A clause as it is talked about; a retired one, too.
pub struct ClauseTalk {
    id: ClauseId,
    title: String,
}

impl TalkedAbout for ClauseTalk {
    const TOPIC: Topic = Topic::Clause;
    type Key = ClauseId;
    type Address = (String, ClauseId);
    type CommentAddress = (String, ClauseId, CommentId);

    fn key(address: Self::Address) -> Result<Self::Key> {
        Ok(address.1)
    }

    fn comment(address: Self::CommentAddress) -> Result<(Self::Key, CommentId)> {
        Ok((address.1, address.2))
    }

    fn path(key: Self::Key) -> String {
        format!("definition/clauses/{key}")
    }

    async fn find(tx: &mut Transaction, id: Self::Key) -> Result<Self> {
        let title = texts(tx, id).await?.title;
        Ok(Self { id, title })
    }

    fn subject(&self) -> uuid::Uuid {
        self.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        event(verb, self.id, &self.title)
    }
}

/// Says something about a clause.
pub async fn comment(viewer: &Viewer, clause: ClauseId, body: &str) -> Result<CommentId> {
    comments::page::say_on::<ClauseTalk>(viewer, clause, body).await
}
