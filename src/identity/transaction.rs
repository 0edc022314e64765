//! What somebody does in a workspace, in one transaction: it commits with a permit of the policy and an audit
//! event, or not at all.

use super::{
    Action, Permit, Role, Side,
    policy::{TransactionId, Who},
    tokens,
};
use crate::{
    args,
    platform::{
        audit::{AuditedTransaction, Event},
        db::{Row, Sql, Value},
        error::{Error, Result},
        ids::{AccountId, MemberId},
        mail::{self, Email},
        state::AppState,
        time::{Day, Timestamp, Zone},
    },
    sql,
};

/// One thing being done, in one transaction, by one person. Commits only with a permit and its audit event.
pub struct Transaction {
    pub(in crate::identity) id: TransactionId,
    pub(in crate::identity) audited: AuditedTransaction,
    pub(in crate::identity) who: Option<Who>,
    pub(in crate::identity) stands_in_for: Option<String>,
    pub(in crate::identity) zone: Zone,
    pub(in crate::identity) state: AppState,
}

impl Transaction {
    /// What the system does by itself in a workspace.
    pub(in crate::identity) fn of_system(audited: AuditedTransaction, zone: Zone, state: AppState) -> Self {
        Self {
            id: TransactionId::fresh(),
            audited,
            who: None,
            stands_in_for: None,
            zone,
            state,
        }
    }

    /// The lead in whose place this member signs what only the lead or a named owner may sign.
    pub fn stands_in_for(&self) -> Option<&str> {
        self.stands_in_for.as_deref()
    }

    pub fn role(&self) -> Option<Role> {
        self.who.map(|who| who.role)
    }

    pub fn now(&self) -> Timestamp {
        self.audited.now()
    }

    pub fn today(&self) -> Day {
        self.audited.now().day_in(&self.zone)
    }

    pub fn day_of(&self, at: Timestamp) -> Day {
        at.day_in(&self.zone)
    }

    pub fn start_of_today(&self) -> Timestamp {
        self.zone.start_of(self.today())
    }

    pub fn fresh_id<I: From<uuid::Uuid>>(&self) -> I {
        self.state.fresh_id()
    }

    pub fn side(&self) -> Option<Side> {
        self.who.and_then(|who| who.side)
    }

    pub fn member_id(&self) -> Option<MemberId> {
        self.who.map(|who| who.member)
    }

    /// The names of members, in the order of their ids.
    pub async fn member_names<const N: usize>(&mut self, ids: [MemberId; N]) -> Result<[String; N]> {
        let mut names = [const { String::new() }; N];
        for (name, id) in names.iter_mut().zip(ids) {
            (*name,) = self
                .fetch_one(
                    sql!("select name from people where workspace_id = $1 and id = $2"),
                    args![id],
                )
                .await?;
        }
        Ok(names)
    }

    pub fn account_id(&self) -> Result<AccountId> {
        self.audited.actor().account.ok_or(Error::Forbidden)
    }

    pub fn name(&self) -> String {
        self.audited.actor().name.clone()
    }

    /// Whether whoever acts may do this as well.
    pub fn may(&self, action: Action<'_>) -> bool {
        self.who.is_some_and(|who| who.may(action))
    }

    pub fn permit(&self, action: Action<'_>) -> Result<Permit> {
        self.who
            .and_then(|who| who.permit(action, self.id))
            .ok_or(Error::Forbidden)
    }

    pub async fn fetch_all<T: Row>(&mut self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        self.audited.fetch_all(sql, args).await
    }

    pub async fn fetch_optional<T: Row>(&mut self, sql: Sql, args: Vec<Value>) -> Result<Option<T>> {
        self.audited.fetch_optional(sql, args).await
    }

    pub async fn fetch_one<T: Row>(&mut self, sql: Sql, args: Vec<Value>) -> Result<T> {
        self.audited.fetch_one(sql, args).await
    }

    pub async fn execute(&mut self, sql: Sql, args: Vec<Value>) -> Result<u64> {
        self.audited.execute(sql, args).await
    }

    /// A new secret, to be kept as its hash alone.
    pub fn fresh_secret(&self) -> String {
        tokens::secret(&self.state)
    }

    /// The whole address of a path of this server, for mail.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.state.settings().origin())
    }

    /// Queues a letter that leaves once this is committed.
    pub async fn mail(&mut self, message: Email) -> Result<()> {
        mail::queue(&self.state, &mut self.audited, message).await
    }

    /// Tries this workspace's letters that were given up again; gives how many.
    pub async fn retry_letters(&mut self) -> Result<u64> {
        mail::retry_of(&mut self.audited).await
    }

    /// Queues a letter to a member who is at work here, unless it is they who act; `path` is the page that it
    /// leads to.
    pub async fn tell(
        &mut self,
        member: MemberId,
        subject: String,
        body: &str,
        path: Option<&str>,
    ) -> Result<()> {
        if self.member_id() == Some(member) {
            return Ok(());
        }
        let found: Option<(String, String, String, bool)> = self
            .fetch_optional(
                sql!(
                    "select m.email, w.slug, w.name, d.account_id is not null as is_discreet
                     from people m join workspace_settings w on w.id = m.workspace_id
                     left join discreet_readers d on d.account_id = m.account_id
                     where m.workspace_id = $1 and m.id = $2 and m.disabled_at is null"
                ),
                args![member],
            )
            .await?;
        let Some((to, slug, workspace, is_discreet)) = found else {
            return Ok(());
        };
        if is_discreet {
            let subject = format!("Something concerns you in {workspace}");
            let desk = self.address(&format!("/w/{slug}/desk"));
            let body =
                format!("Something in {workspace} concerns you. Sign in to read what it is.\n\n{desk}\n");
            return self.mail(Email::text(to, subject, body)).await;
        }
        let link = path.map_or_else(String::new, |path| {
            format!("\n\n{}", self.address(&format!("/w/{slug}/{path}")))
        });
        let body = format!("{body}{link}\n");
        self.mail(Email::text(to, subject, body)).await
    }

    /// For accounts, sessions, tokens and mail, which no workspace owns.
    pub(in crate::identity) fn audited(&mut self) -> &mut AuditedTransaction {
        &mut self.audited
    }

    /// Records something else that this transaction does.
    pub async fn record(&mut self, event: Event) -> Result<()> {
        self.audited.record(event).await
    }

    /// A permit of another transaction commits nothing: what it allowed was something else.
    pub async fn commit(self, permit: Permit, event: Event) -> Result<()> {
        if !permit.is_of(self.id) {
            return Err(Error::Internal);
        }
        self.audited.commit(event).await
    }
}
