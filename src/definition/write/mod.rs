//! What may be done to the definition.

mod clause;

mod rounds;

mod talk;

mod version;

pub use self::{
    clause::{Text, add_clause, archive_clause, edit_clause},
    rounds::{answer_round, close_round, open_round},
    talk::{ClauseTalk, comment, respond, suggest},
    version::{VersionOnTable, propose, restore, take_back},
};

use crate::{
    handshake::{Kind, write as handshake},
    identity::Transaction,
    platform::{audit::Event, error::Result, ids::VersionId},
    sql,
};

/// An edit of the draft ends the proposal on the table, signed or not.
async fn void_proposal(tx: &mut Transaction) -> Result<()> {
    let open: Vec<(VersionId, i64)> = tx
        .fetch_all(
            sql!(
                "select v.id, v.number from definition_versions v join tabled_handshakes h on h.kind =
                 'definition' and h.subject_id = v.id
             where v.workspace_id = $1 and v.in_force_at is null"
            ),
            Vec::new(),
        )
        .await?;
    for (id, number) in open {
        handshake::close(tx, Kind::Definition, id.uuid(), "edited").await?;
        tx.record(path(
            Event::new("voided, by an edit,", "definition", id.uuid(), label(number)),
            number,
        ))
        .await?;
    }
    Ok(())
}

fn label(number: i64) -> String {
    format!("version {number} of the definition")
}

fn path(event: Event, number: i64) -> Event {
    event.at(format!("definition/versions/{number}"))
}
