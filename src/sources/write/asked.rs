//! Sources as others ask for access to them, inside of their transaction: by what both holders signed.

use crate::{
    args,
    handshake::write as handshake,
    identity::Transaction,
    platform::{
        error::{Error, Result},
        ids::{MemberId, SourceId, UseId},
    },
    sources::{
        Chair, Sensitivity,
        text::{SourceText, UseText},
    },
    sql,
};

/// A source whose entry is agreed, and who sits on its chairs today.
#[derive(Clone, Debug)]
pub struct AgreedSource {
    pub id: SourceId,
    /// As both holders signed it last.
    pub text: SourceText,
    pub sensitivity: Sensitivity,
    pub holders: Vec<(Chair, MemberId)>,
}

impl AgreedSource {
    pub fn holder(&self, chair: Chair) -> Option<MemberId> {
        self.holders
            .iter()
            .find(|(held, _)| *held == chair)
            .map(|(_, member)| *member)
    }
}

/// A source that access can be asked to.
///
/// # Errors
/// `Invalid` at `sources` for a draft, what is retired, what is public, and what is not there.
pub async fn agreed(tx: &mut Transaction, id: SourceId) -> Result<AgreedSource> {
    let refuse = |what: String| Error::invalid("sources", what);
    let found: Option<(String, bool)> = tx
        .fetch_optional(
            sql!("select name, retired_at is not null from sources where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    let (name, is_retired) = found.ok_or_else(|| refuse("Choose from the list.".to_owned()))?;
    if is_retired {
        return Err(refuse(format!("{name} is retired. Choose from the list.")));
    }
    let text: SourceText = handshake::last_sealed(tx, id.uuid()).await?.ok_or_else(|| {
        refuse(format!(
            "Owner and custodian have not signed the entry of {name} yet. Access can be asked for then."
        ))
    })?;
    if text.sensitivity == Sensitivity::Public {
        return Err(refuse(format!("{name} is public: it needs no asking.")));
    }
    let seats = super::chairs::seated(tx, id).await?;
    Ok(AgreedSource {
        id,
        sensitivity: text.sensitivity,
        text,
        holders: seats
            .into_iter()
            .map(|seat| (seat.chair, seat.member_id))
            .collect(),
    })
}

/// A use as both holders signed it with the entry of its source, which is one of these.
///
/// # Errors
/// `Invalid` at `use` where it is of another source, is not signed yet, or lacks what the record needs.
pub async fn agreed_use(tx: &mut Transaction, id: UseId, sources: &[AgreedSource]) -> Result<(i64, UseText)> {
    let refuse = |what: String| Error::invalid("use", what);
    let found: Option<(SourceId, i64, String)> = tx
        .fetch_optional(
            sql!(
                "select source_id, number, name from source_uses where workspace_id = $1 and id = $2
                 and removed_at is null"
            ),
            args![id],
        )
        .await?;
    let (source, number, name) = found.ok_or_else(|| refuse("Choose from the list.".to_owned()))?;
    let source = sources
        .iter()
        .find(|known| known.id == source)
        .ok_or_else(|| refuse("Choose a use of one of the sources that you chose.".to_owned()))?;
    let signed = source
        .text
        .uses
        .iter()
        .find(|signed| signed.number == number)
        .cloned()
        .ok_or_else(|| {
            refuse(format!(
                "Owner and custodian have not signed the use “{name}” with the entry of {} yet.",
                source.text.name
            ))
        })?;
    let missing = signed.missing(source.text.is_special);
    if !missing.is_empty() {
        return Err(refuse(format!(
            "“{name}” lacks {}. Its owner adds it to the entry of {} first.",
            crate::platform::text::join_names(&missing),
            source.text.name
        )));
    }
    Ok((source.text.source, signed))
}

/// Who sits on the chairs of these sources today.
pub async fn holders(tx: &mut Transaction, source: SourceId) -> Result<Vec<(Chair, MemberId)>> {
    let seats = super::chairs::seated(tx, source).await?;
    Ok(seats
        .into_iter()
        .map(|seat| (seat.chair, seat.member_id))
        .collect())
}

/// Refuses while somebody has access to a source, waits for it, or left its door open; names each.
pub(super) async fn require_no_access(tx: &mut Transaction, source: SourceId) -> Result<()> {
    let resting: Vec<(i64, String)> = tx
        .fetch_all(
            sql!(
                "select distinct number, title from source_accesses where workspace_id = $1 and source_id = $2
                 and ((ended_at is null and ends_on >= $3) or (opened_at is not null and shut_at is null))
                 order by number limit 20"
            ),
            args![source, tx.today()],
        )
        .await?;
    if resting.is_empty() {
        return Ok(());
    }
    let titles: Vec<String> = resting
        .into_iter()
        .map(|(_, title)| format!("“{title}”"))
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    Err(Error::invalid(
        "",
        format!(
            "Access to it is open or asked for: {}. End it and confirm that it is shut first.",
            crate::platform::text::join_names(&titles)
        ),
    ))
}
