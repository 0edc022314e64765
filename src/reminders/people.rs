//! Who stands on the ladders of a workspace.

use super::Ladder;
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
    is_disabled: bool,
}

/// Who leads, who manages, who rules, and who is kept out.
pub struct People {
    working: Vec<Somebody>,
    disabled: Vec<Somebody>,
}

impl People {
    pub async fn read(reader: &impl Reader) -> Result<Self> {
        let people: Vec<Somebody> = reader
            .fetch_all(
                sql!(
                    "select m.id, m.side, m.role, exists (select 1 from workspace_settings w where w.id = $1
                     and w.arbiter_id = m.id and m.side is null) as is_arbiter,
                        exists (select 1 from deputies g where g.workspace_id = $1 and g.to_member = m.id and
                        g.side = m.side
                                and g.starts_on <= $2 and g.ends_on >= $2) as is_deputy, m.disabled_at is not
                                null as is_disabled
                 from people m where m.workspace_id = $1"
                ),
                args![reader.today()],
            )
            .await?;
        let (disabled, working) = people.into_iter().partition(|person| person.is_disabled);
        Ok(Self { working, disabled })
    }

    pub fn leads(&self) -> Vec<MemberId> {
        self.working
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
        self.working
            .iter()
            .filter(|person| person.side == Some(side) && is_meant(person))
            .map(|person| person.id)
            .collect()
    }

    pub fn arbiter(&self) -> Option<MemberId> {
        self.working
            .iter()
            .find(|person| person.is_arbiter)
            .map(|person| person.id)
    }

    /// Nothing is addressed to who is not there: the lead of their side stands in. Where only those would be
    /// told who owe it themselves, both leads are.
    pub fn with_stand_ins(&self, mut ladder: Ladder) -> Ladder {
        for rung in [&mut ladder.owes, &mut ladder.other_seat, &mut ladder.leads] {
            *rung = rung
                .iter()
                .filter_map(|person| self.standing_in(*person))
                .collect();
        }
        if !ladder.leads.is_empty() && ladder.leads.iter().all(|lead| ladder.owes.contains(lead)) {
            ladder.leads = self.leads();
        }
        ladder
    }

    fn standing_in(&self, person: MemberId) -> Option<MemberId> {
        let Some(gone) = self.disabled.iter().find(|gone| gone.id == person) else {
            return Some(person);
        };
        let leads = |somebody: &&Somebody| somebody.role == Role::Lead && somebody.side == gone.side;
        self.working.iter().find(leads).map(|lead| lead.id)
    }
}
