//! Who stands on the ladders of a workspace.

use crate::{
    args,
    identity::{Reader, Role, Side},
    platform::{error::Result, ids::MemberId},
    sql,
};

#[derive(sqlx::FromRow)]
struct Somebody {
    id: MemberId,
    side: Option<Side>,
    role: Role,
    is_arbiter: bool,
    is_deputy: bool,
}

/// Who leads, who manages, who rules.
pub struct People(Vec<Somebody>);

impl People {
    pub async fn read(reader: &impl Reader) -> Result<Self> {
        let people = reader
            .fetch_all(
                sql!(
                    "select m.id, m.side, m.role, exists (select 1 from workspace_settings w where w.id = $1
                     and w.arbiter_id = m.id and m.side is null) as is_arbiter,
                        exists (select 1 from deputies g where g.workspace_id = $1 and g.to_member = m.id and
                        g.side = m.side
                                and g.starts_on <= $2 and g.ends_on >= $2) as is_deputy
                 from people m where m.workspace_id = $1 and m.disabled_at is null"
                ),
                args![reader.today()],
            )
            .await?;
        Ok(Self(people))
    }

    pub fn leads(&self) -> Vec<MemberId> {
        self.0
            .iter()
            .filter(|person| person.role == Role::Lead)
            .map(|person| person.id)
            .collect()
    }

    /// Of one side, in these roles.
    pub fn of(&self, side: Side, roles: &[Role]) -> Vec<MemberId> {
        // Who signs in the lead's place is asked as the lead is.
        let is_meant = |person: &Somebody| {
            roles.contains(&person.role) || (person.is_deputy && roles.contains(&Role::Lead))
        };
        self.0
            .iter()
            .filter(|person| person.side == Some(side) && is_meant(person))
            .map(|person| person.id)
            .collect()
    }

    pub fn arbiter(&self) -> Option<MemberId> {
        self.0
            .iter()
            .find(|person| person.is_arbiter)
            .map(|person| person.id)
    }
}
