//! Who can be written to, and what each of them wants.

use std::collections::HashMap;

use super::{ReviewsWanted, settings::LetterSettings};
use crate::{
    args,
    identity::{Role, system::SystemActor},
    platform::{
        error::Result,
        ids::{AccountId, MemberId},
    },
    sql,
};

/// Somebody at work here, who can be written to.
#[derive(Clone, sqlx::FromRow)]
pub(super) struct Recipient {
    pub id: MemberId,
    pub account_id: AccountId,
    pub name: String,
    pub email: String,
    role: Role,
    is_arbiter: bool,
    is_deputy: bool,
}

impl Recipient {
    /// Whether the whole concerns them: whoever leads, rules or observes.
    pub const fn concerns_all(&self) -> bool {
        self.is_arbiter || matches!(self.role, Role::Lead | Role::Observer)
    }

    pub fn wants(&self, wanted: ReviewsWanted, speaks: bool) -> bool {
        match wanted {
            ReviewsWanted::Never => false,
            ReviewsWanted::All => true,
            ReviewsWanted::Mine => self.role == Role::Lead || self.is_arbiter || self.is_deputy || speaks,
        }
    }
}

#[derive(sqlx::FromRow)]
struct SettingsRow {
    account_id: AccountId,
    #[sqlx(flatten)]
    settings: LetterSettings,
}

/// Everybody, and what each of them said they want.
pub(super) async fn recipients(system: &SystemActor) -> Result<Vec<(Recipient, LetterSettings)>> {
    let people: Vec<Recipient> = system
        .fetch_all(
            sql!(
                "select m.id, m.account_id, m.name, m.email, m.role,
                    exists (select 1 from workspace_settings w where w.id = $1 and w.arbiter_id = m.id) as
                    is_arbiter,
                    exists (select 1 from deputies g where g.workspace_id = $1 and g.to_member = m.id
                        and g.side = m.side and g.starts_on <= $2 and g.ends_on >= $2) as is_deputy
                 from people m where m.workspace_id = $1 and m.disabled_at is null order by m.id"
            ),
            args![system.today()],
        )
        .await?;
    let said: Vec<SettingsRow> = system
        .fetch_all(
            sql!(
                "select s.account_id, s.asked, s.mentioned, s.reviews, s.week, s.shown, s.morning, s.zone
                 from letter_settings s join people m on m.account_id = s.account_id where m.workspace_id = $1"
            ),
            Vec::new(),
        )
        .await?;
    let mut said: HashMap<AccountId, LetterSettings> = said
        .into_iter()
        .map(|row| (row.account_id, row.settings))
        .collect();
    Ok(people
        .into_iter()
        .map(|person| {
            let settings = said.remove(&person.account_id).unwrap_or_default();
            (person, settings)
        })
        .collect())
}
