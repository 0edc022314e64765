//! Whether sources are what their holders signed, and the profile is the one that both leads named.

use std::collections::HashMap;

use super::{
    PersonalForm, Sensitivity, read,
    text::{ProfileText, QuarterText, SourceEndText, SourceText, UseText},
};
use crate::{
    handshake,
    platform::{db::Snapshot, error::Result},
    sql,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: uuid::Uuid,
    number: i64,
    name: String,
    holds: String,
    sensitivity: Option<Sensitivity>,
    form: Option<PersonalForm>,
    people: String,
    kinds_of_data: String,
    is_special: bool,
    kept_in: String,
    refreshed: String,
    protection: String,
    is_agreed: bool,
    is_unchanged: bool,
    retired_because: Option<String>,
}

impl Row {
    /// What is agreed as it stands says what was signed.
    fn is_what(&self, text: &SourceText) -> bool {
        text.source == self.number
            && text.name == self.name
            && text.holds == self.holds
            && Some(text.sensitivity) == self.sensitivity
            && Some(text.form) == self.form
            && text.people == self.people
            && text.kinds_of_data == self.kinds_of_data
            && text.is_special == self.is_special
            && text.kept_in == self.kept_in
            && text.refreshed == self.refreshed
            && text.protection == self.protection
    }
}

/// The uses of every source, as they would be signed.
async fn uses(snapshot: &Snapshot) -> Result<HashMap<uuid::Uuid, Vec<UseText>>> {
    let mut uses: HashMap<uuid::Uuid, Vec<UseText>> = HashMap::new();
    for one in read::uses_of_all(snapshot).await? {
        uses.entry(one.source_id.uuid()).or_default().push(one.text());
    }
    Ok(uses)
}

/// Names every source that is shown as agreed and is not what was signed last, and every profile that nobody
/// signed.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let rows: Vec<Row> = snapshot
        .fetch_all(
            sql!(
                "select id, number, name, holds, sensitivity, form, people, kinds_of_data, is_special,
                 kept_in, refreshed,
                    protection, agreed_at is not null as is_agreed,
                    coalesce(agreed_version = version, false) as is_unchanged, retired_because from sources"
            ),
            Vec::new(),
        )
        .await?;
    let signed = handshake::verify::last_sealed::<SourceText>(snapshot).await?;
    let ends = handshake::verify::last_sealed::<SourceEndText>(snapshot).await?;
    let uses = uses(snapshot).await?;
    let mut wrong: Vec<String> = rows
        .iter()
        .filter(|row| {
            let texts = signed.get(&row.id);
            let is_signed = texts.is_some_and(|texts| {
                texts.iter().any(|text| {
                    row.is_what(text) && Some(&text.uses) == uses.get(&row.id).or(Some(&Vec::new()))
                })
            });
            (row.is_agreed && texts.is_none()) || (row.is_unchanged && !is_signed)
        })
        .map(|row| format!("source {}: it is not what both holders signed", row.number))
        .collect();
    wrong.extend(
        rows.iter()
            .filter(|row| {
                ends.get(&row.id).is_some_and(|texts| {
                    !texts
                        .iter()
                        .any(|text| row.retired_because.as_ref() == Some(&text.because))
                })
            })
            .map(|row| format!("source {}: it is not retired as both holders signed", row.number)),
    );
    let named: Vec<(uuid::Uuid, i64)> = snapshot
        .fetch_all(
            sql!(
                "select p.id, s.number from source_profiles p join sources s on s.id = p.source_id
                 where p.named_at is not null"
            ),
            Vec::new(),
        )
        .await?;
    let profiles: HashMap<uuid::Uuid, Vec<ProfileText>> =
        handshake::verify::last_sealed::<ProfileText>(snapshot).await?;
    wrong.extend(
        named
            .into_iter()
            .filter(|(id, number)| {
                !profiles
                    .get(id)
                    .is_some_and(|texts| texts.iter().any(|text| text.source == *number))
            })
            .map(|(_, number)| format!("source {number}: nobody signed that it is the profile")),
    );
    let quarters: Vec<(uuid::Uuid, String)> = snapshot
        .fetch_all(
            sql!("select id, quarter from quarter_maps where signed_at is not null"),
            Vec::new(),
        )
        .await?;
    let maps: HashMap<uuid::Uuid, Vec<QuarterText>> =
        handshake::verify::last_sealed::<QuarterText>(snapshot).await?;
    wrong.extend(
        quarters
            .into_iter()
            .filter(|(id, quarter)| {
                !maps
                    .get(id)
                    .is_some_and(|texts| texts.iter().any(|text| text.quarter == *quarter))
            })
            .map(|(_, quarter)| format!("map of the quarter {quarter}: it is not what both leads signed")),
    );
    Ok(wrong)
}
