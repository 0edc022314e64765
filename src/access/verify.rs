//! Whether what was approved is what both sides signed.

use std::collections::HashMap;

use super::{
    AccessKind,
    terms::Copies,
    text::{AccessText, TermsText},
};
use crate::{
    handshake,
    identity::Side,
    platform::{db::Snapshot, error::Result, time::Day},
    sources::{PersonalForm, Sensitivity},
    sql,
};

#[derive(sqlx::FromRow)]
struct AccessRow {
    id: uuid::Uuid,
    number: i64,
    kind: AccessKind,
    title: String,
    purpose: String,
    asking_side: Side,
    needed_on: Day,
    ends_on: Day,
    is_approved: bool,
    form: Option<PersonalForm>,
    fields: Option<String>,
    sensitivity: Option<Sensitivity>,
    copies: Option<Copies>,
    copies_until: Option<Day>,
    copies_in: Option<i64>,
    use_of: Option<i64>,
    use_number: Option<i64>,
    follows: Option<i64>,
}

impl AccessRow {
    /// Whether its terms and its doors are those that were signed.
    fn has_terms_of(&self, signed: Option<&TermsText>, doors: &[i64]) -> bool {
        match (self.form, signed) {
            (None, None) => doors.is_empty(),
            (Some(form), Some(signed)) => {
                let mut named: Vec<i64> = signed.sources.iter().map(|named| named.number).collect();
                let mut there: Vec<i64> = doors.to_vec();
                named.sort_unstable();
                there.sort_unstable();
                named == there
                    && form == signed.form
                    && self.fields.as_ref() == Some(&signed.fields)
                    && self.sensitivity == Some(signed.sensitivity)
                    && self.copies == Some(signed.copies)
                    && self.copies_until.map(|day| day.to_string()) == signed.copies_until
                    && self.copies_in == signed.copies_in.as_ref().map(|named| named.number)
                    && self.use_of == Some(signed.use_of)
                    && self.use_number == Some(signed.used_for.number)
                    && self.follows == signed.follows
            }
            _ => false,
        }
    }
}

/// Names every approved request whose row is not what was signed, and every one that nobody signed.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let rows: Vec<AccessRow> = snapshot
        .fetch_all(
            sql!(
                "select r.id, r.number, r.kind, r.title, r.purpose, r.asking_side, r.needed_on, r.ends_on,
                        r.approved_at is not null as is_approved, t.form, t.fields, t.sensitivity, t.copies,
                        t.copies_until, c.number as copies_in, s.number as use_of, u.number as use_number,
                        f.number as follows
                 from access_requests r
                 left join access_terms t on t.access_id = r.id
                 left join use_facts u on u.id = t.use_id
                 left join source_facts s on s.id = u.source_id
                 left join source_facts c on c.id = t.copies_in
                 left join access_requests f on f.id = t.follows_id"
            ),
            Vec::new(),
        )
        .await?;
    let signed: HashMap<uuid::Uuid, AccessText> = handshake::verify::sealed::<AccessText>(snapshot)
        .await?
        .into_iter()
        .collect();
    let named: Vec<(uuid::Uuid, i64)> = snapshot
        .fetch_all(
            sql!(
                "select d.access_id, s.number from access_doors d join source_facts s on s.id = d.source_id"
            ),
            Vec::new(),
        )
        .await?;
    let mut doors: HashMap<uuid::Uuid, Vec<i64>> = HashMap::new();
    for (access, number) in named {
        doors.entry(access).or_default().push(number);
    }
    let doors_of = |id: &uuid::Uuid| doors.get(id).map_or(&[][..], Vec::as_slice);
    let differs = |row: &AccessRow| match (row.is_approved, signed.get(&row.id)) {
        (false, None) => false,
        (true, Some(text)) => {
            (row.number, row.kind, &row.title, &row.purpose, row.asking_side)
                != (
                    text.request,
                    text.kind,
                    &text.title,
                    &text.purpose,
                    text.asking_side,
                )
                || (row.needed_on.to_string(), row.ends_on.to_string())
                    != (text.needed_on.clone(), text.ends_on.clone())
                || !row.has_terms_of(text.terms.as_ref(), doors_of(&row.id))
        }
        _ => true,
    };
    Ok(rows
        .iter()
        .filter(|row| differs(row))
        .map(|row| format!("access {}: it is not what both sides approved", row.number))
        .collect())
}
