//! Workspaces made by machine: the fictional company that `serve --demo` shows, and `seed`'s of any size.
//! Both act through the rooms' own verbs, on a clock that is set back and walked forward, so what they leave
//! is what people would have left.

mod northwind;

use crate::{
    accounts,
    identity::{Part, Role, Side, Viewer, passwords},
    members,
    platform::{
        audit::{ACCOUNTS_CHAIN, Actor, AuditedTransaction, Event},
        config::Settings,
        error::Result,
        ids::{AccountId, MemberId, WorkspaceId, source::Ids},
        state::AppState,
        time::{Day, ManualClock, Timestamp, Zone},
    },
};

pub mod seed;

use std::sync::Arc;

/// Fills an empty database with the demo workspace; leaves any other alone.
pub async fn fill_if_empty(state: &AppState) -> Result<()> {
    if !accounts::read::exist(state).await? {
        northwind::build(state).await?;
    }
    Ok(())
}

/// A workspace in the making: its members, and the clock they act on.
pub(crate) struct DemoWorkspace {
    pub state: AppState,
    pub clock: Arc<ManualClock>,
    zone: Zone,
    pub slug: String,
    workspace: WorkspaceId,
    password_hash: String,
}

impl DemoWorkspace {
    /// Founds a workspace on a clock set to `at`, with repeatable ids.
    pub async fn set(
        state: &AppState,
        name: &str,
        zone: &str,
        at: Timestamp,
        seed: u64,
        password: &str,
    ) -> Result<Self> {
        let clock = Arc::new(ManualClock::at(at));
        // Nobody gets letters of an invented past.
        let settings = Settings {
            smtp_url: None,
            ..state.settings().clone()
        };
        let staged = AppState::new(
            state.db().clone(),
            clock.clone(),
            Ids::from_seed(seed ^ distinct(name)),
            settings,
            state.audit_keys().clone(),
        );
        let (slug, workspace) = members::write::create_workspace(&staged, name, zone, &[]).await?;
        let password_hash = passwords::hash(&staged, password.to_owned()).await?;
        let zone = Zone::get(zone).unwrap_or(Zone::utc());
        Ok(Self {
            state: staged,
            clock,
            zone,
            slug,
            workspace,
            password_hash,
        })
    }

    /// Adds a person with an account, and gives their member id.
    pub async fn person(
        &self,
        name: &str,
        email: &str,
        side: Option<Side>,
        role: Role,
        is_admin: bool,
    ) -> Result<(AccountId, MemberId)> {
        let account: AccountId = self.state.fresh_id();
        let mut tx =
            AuditedTransaction::open(&self.state, ACCOUNTS_CHAIN, Actor::system("Handshake")).await?;
        accounts::write::create(&mut tx, account, email, name, &self.password_hash).await?;
        tx.commit(Event::new("made the account of", "account", account.uuid(), name))
            .await?;
        let member: MemberId = self.state.fresh_id();
        let actor = Actor {
            account: Some(account),
            name: name.to_owned(),
            request_id: String::new(),
        };
        let mut tx = AuditedTransaction::open(&self.state, self.workspace.uuid(), actor).await?;
        let part = Part { side, role, is_admin };
        let event = members::write::add(&mut tx, member, account, part, None).await?;
        tx.commit(event).await?;
        Ok((account, member))
    }

    /// Sets the clock to some time of a day in the workspace's zone.
    fn on(&self, day: Day, hour: i64, minute: i64) {
        self.clock
            .set(self.zone.start_of(day).plus_seconds(hour * 3600 + minute * 60));
    }

    /// The account as a viewer, now.
    async fn viewer(&self, account: AccountId) -> Result<Viewer> {
        Viewer::enter(&self.state, account, &self.slug, String::new()).await
    }
}

/// Two workspaces of one seed have different ids when their names differ.
fn distinct(name: &str) -> u64 {
    let digest = crate::platform::audit::sha256(name);
    digest
        .get(..16)
        .and_then(|head| u64::from_str_radix(head, 16).ok())
        .unwrap_or_default()
}
