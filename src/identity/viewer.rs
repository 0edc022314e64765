//! A member asking for something: who, in which workspace, with which seat, at what time. The only door to a
//! workspace's data: every statement a viewer sends is given the workspace's id as `$1`.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use tower_sessions::Session;

use super::{
    Action, Role, Side, Transaction,
    policy::{TransactionId, Who},
    sessions, visits,
};
use crate::{
    args,
    platform::{
        audit::{Actor, AuditedTransaction},
        db::{Row, Sql, Value},
        error::{Error, Result},
        form::Uploader,
        http::{RequestId, RequestSpan},
        ids::{AccountId, MemberId, WorkspaceId},
        page_cache::{AsOf, CachedPage, PageKey},
        quantity::Quantity,
        state::AppState,
        time::{Day, Timestamp, Zone},
    },
    sql,
    ui::{StageKeys, Theme},
};

#[derive(Clone)]
pub struct Viewer(Arc<Inner>);

struct Inner {
    state: AppState,
    request_id: String,
    row: ViewerRow,
    zone: Zone,
    now: Timestamp,
}

#[derive(Clone, sqlx::FromRow)]
struct ViewerRow {
    account_id: AccountId,
    email: String,
    name: String,
    member_id: MemberId,
    side: Option<Side>,
    side_since: Timestamp,
    role: Role,
    is_admin: bool,
    workspace_id: WorkspaceId,
    slug: String,
    workspace: String,
    zone: String,
    currency: String,
    signature_days: i64,
    grace_days: i64,
    head: i64,
    deputy_from: Option<Day>,
    deputy_until: Option<Day>,
    stands_in_for: Option<String>,
    seen_at: Option<Timestamp>,
}

impl Viewer {
    /// The member that an account is in the workspace of this name; not found when it is none.
    pub async fn enter(state: &AppState, account: AccountId, slug: &str, request_id: String) -> Result<Self> {
        let row: ViewerRow = state
            .db()
            .fetch_optional(
                sql!(
                    "select m.account_id, m.email, m.name, m.id as member_id, m.side, m.side_since, m.role,
                     m.is_admin,
                        w.id as workspace_id, w.slug, w.name as workspace, w.zone, w.currency,
                        w.signature_days,
                        w.grace_days, c.seq as head,
                        g.starts_on as deputy_from, g.ends_on as deputy_until, fm.name as stands_in_for,
                        v.seen_at
                 from people m join workspace_settings w on w.id = m.workspace_id join chain_heads c on c.id =
                 w.id
                 left join deputies g on g.to_member = m.id and g.side = m.side and m.role = 'manager'
                   and exists (select 1 from people f where f.id = g.from_member and f.role = 'lead' and
                   f.side = g.side)
                 left join people fm on fm.id = g.from_member
                 left join visits v on v.member_id = m.id
                 where m.account_id = $1 and w.slug = $2 and m.disabled_at is null"
                ),
                args![account, slug],
            )
            .await?
            .ok_or(Error::NotFound)?;
        let zone = Zone::get(&row.zone).unwrap_or(Zone::utc());
        Ok(Self(Arc::new(Inner {
            state: state.clone(),
            request_id,
            zone,
            now: state.now(),
            row,
        })))
    }

    pub fn account_id(&self) -> AccountId {
        self.0.row.account_id
    }

    pub fn email(&self) -> &str {
        &self.0.row.email
    }

    pub fn name(&self) -> &str {
        &self.0.row.name
    }

    pub fn member_id(&self) -> MemberId {
        self.0.row.member_id
    }

    pub fn side(&self) -> Option<Side> {
        self.0.row.side
    }

    /// When the viewer's visit before this one ended.
    pub async fn last_visit(&self) -> Result<Option<Timestamp>> {
        visits::last_visit(&self.0.state, self.member_id()).await
    }

    /// Since when the viewer sits on their side.
    pub fn side_since(&self) -> Timestamp {
        self.0.row.side_since
    }

    pub fn role(&self) -> Role {
        self.0.row.role
    }

    pub fn is_admin(&self) -> bool {
        self.0.row.is_admin
    }

    pub fn workspace_id(&self) -> WorkspaceId {
        self.0.row.workspace_id
    }

    pub fn slug(&self) -> &str {
        &self.0.row.slug
    }

    pub fn workspace(&self) -> &str {
        &self.0.row.workspace
    }

    pub fn zone(&self) -> &Zone {
        &self.0.zone
    }

    /// Days within which a text without a day of its own is to be signed, and that a half-signed decision may
    /// wait before it is deadlocked.
    pub fn signature_days(&self) -> i64 {
        self.0.row.signature_days
    }

    /// An amount in the workspace's currency, `€60,000`, `€4,800.50` or `CHF 60,000`.
    pub fn format_money(&self, amount: Quantity) -> String {
        self.format_money_in(None, amount)
    }

    /// The same in the currency in which it was signed, where that is known.
    pub fn format_money_in(&self, currency: Option<&str>, amount: Quantity) -> String {
        let amount = amount.format_as_money();
        match currency.unwrap_or(&self.0.row.currency) {
            "EUR" => format!("€{amount}"),
            "GBP" => format!("£{amount}"),
            "USD" => format!("${amount}"),
            "INR" => format!("₹{amount}"),
            "JPY" => format!("¥{amount}"),
            "KRW" => format!("₩{amount}"),
            code => format!("{code}\u{a0}{amount}"),
        }
    }

    /// Days that a check-in may be late before the work counts as outdated.
    pub fn grace_days(&self) -> i64 {
        self.0.row.grace_days
    }

    fn is_deputy(&self) -> bool {
        let row = &self.0.row;
        row.deputy_from
            .zip(row.deputy_until)
            .is_some_and(|(from, until)| (from..=until).contains(&self.today()))
    }

    /// The role whose seats the viewer may fill: a lead's, when the lead lets them.
    pub fn signs_as(&self) -> Role {
        self.who().signs_as()
    }

    pub fn now(&self) -> Timestamp {
        self.0.now
    }

    /// Today in the workspace's zone.
    pub fn today(&self) -> Day {
        self.0.now.day_in(&self.0.zone)
    }

    pub fn day_of(&self, at: Timestamp) -> Day {
        at.day_in(&self.0.zone)
    }

    /// `/w/acme/decisions/14` for `decisions/14`.
    pub fn path(&self, path: &str) -> String {
        if path.is_empty() {
            format!("/w/{}", self.slug())
        } else {
            format!("/w/{}/{path}", self.slug())
        }
    }

    /// The whole address of something outside of any workspace, for copying.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.0.state.settings().origin())
    }

    /// Whether a mail server is configured.
    pub fn sends_mail(&self) -> bool {
        self.0.state.settings().smtp_url.is_some()
    }

    pub fn fresh_id<I: From<uuid::Uuid>>(&self) -> I {
        self.0.state.fresh_id()
    }

    fn who(&self) -> Who {
        Who {
            member: self.member_id(),
            side: self.side(),
            role: self.role(),
            is_admin: self.is_admin(),
            is_deputy: self.is_deputy(),
        }
    }

    /// For showing or hiding a button; the verb asks again.
    pub fn may(&self, action: Action<'_>) -> bool {
        self.who().may(action)
    }

    fn scope_args(&self, args: Vec<Value>) -> Vec<Value> {
        let mut scoped = Vec::with_capacity(args.len() + 1);
        scoped.push(Value::from(self.workspace_id()));
        scoped.extend(args);
        scoped
    }

    pub async fn fetch_all<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        self.0.state.db().fetch_all(sql, self.scope_args(args)).await
    }

    pub async fn fetch_optional<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<Option<T>> {
        self.0.state.db().fetch_optional(sql, self.scope_args(args)).await
    }

    /// Not there, or not in this workspace: not found.
    pub async fn fetch_one<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<T> {
        self.fetch_optional(sql, args).await?.ok_or(Error::NotFound)
    }

    /// Outside the audit chain: for what concerns the viewer alone, such as a draft or a mark that something
    /// was read.
    pub async fn execute_unaudited(&self, sql: Sql, args: Vec<Value>) -> Result<u64> {
        self.0.state.db().execute(sql, self.scope_args(args)).await
    }

    /// What `render` shows, cached under this key until something is written or the day ends. For all
    /// members, it must not depend on who looks.
    pub async fn cache_page(
        &self,
        key: PageKey,
        render: impl AsyncFnOnce() -> Result<CachedPage>,
    ) -> Result<CachedPage> {
        let (cache, workspace) = (self.0.state.page_cache(), self.workspace_id().uuid());
        let as_of = AsOf {
            head: self.0.row.head,
            day: self.today(),
        };
        if let Some(rendered) = cache.get(workspace, key, as_of) {
            return Ok(rendered);
        }
        let rendered = render().await?;
        cache.insert(workspace, key, as_of, rendered.clone());
        Ok(rendered)
    }

    /// What is kept under a key is made anew when it is asked for next.
    pub fn forget_page(&self, key: PageKey) {
        self.0.state.page_cache().remove(self.workspace_id().uuid(), key);
    }

    /// Notes that the viewer works on a thing; gives who else does, and since when.
    pub fn other_editors(&self, thing: uuid::Uuid) -> Vec<(String, Timestamp)> {
        self.0.state.presence().other_editors(
            (self.workspace_id().uuid(), thing),
            self.member_id().uuid(),
            self.name(),
            self.now(),
        )
    }

    /// The viewer is done with a thing.
    pub fn leave(&self, thing: uuid::Uuid) {
        self.0
            .state
            .presence()
            .leave((self.workspace_id().uuid(), thing), self.member_id().uuid());
    }

    /// Follows a thing by the number that `look` reads, which rises with every change of it.
    pub fn follow<F, Fut>(&self, thing: uuid::Uuid, look: F) -> tokio::sync::watch::Receiver<Option<i64>>
    where
        F: Fn(Self) -> Fut + Send + 'static,
        Fut: Future<Output = Option<i64>> + Send + 'static,
    {
        let (state, viewer) = (&self.0.state, self.clone());
        state
            .pulses()
            .follow(thing, state.draining(), move || look(viewer.clone()))
    }

    /// The lead in whose place the viewer may sign today.
    pub fn stands_in_for(&self) -> Option<&str> {
        self.0.row.stands_in_for.as_deref().filter(|_| self.is_deputy())
    }

    /// Opens a transaction in which this member acts. Writers of one workspace take turns; the member's side
    /// and role are read again under that lock, so a change of role holds from its commit on.
    pub async fn begin(&self) -> Result<Transaction> {
        let actor = Actor {
            account: Some(self.account_id()),
            name: self.name().to_owned(),
            request_id: self.0.request_id.clone(),
        };
        let mut audited = AuditedTransaction::open(&self.0.state, self.workspace_id().uuid(), actor).await?;
        let now: CurrentRole = audited
            .fetch_optional(
                sql!(
                    "select side, role, is_admin from people where workspace_id = $1 and id = $2 and
                     disabled_at is null"
                ),
                args![self.member_id()],
            )
            .await?
            .ok_or(Error::SignedOut)?;
        let stands_in: Option<(String,)> = audited
            .fetch_optional(
                sql!(
                    "select f.name from deputies g join people f on f.id = g.from_member
                 where g.workspace_id = $1 and g.to_member = $2 and g.starts_on <= $3 and g.ends_on >= $3
                   and f.role = 'lead' and f.side = g.side and $4 = 'manager' and $5 = g.side"
                ),
                args![self.member_id(), self.today(), now.role, now.side],
            )
            .await?;
        let who = Who {
            member: self.member_id(),
            side: now.side,
            role: now.role,
            is_admin: now.is_admin,
            is_deputy: stands_in.is_some(),
        };
        Ok(Transaction {
            id: TransactionId::fresh(),
            audited,
            who: Some(who),
            stands_in_for: stands_in.map(|(name,)| name),
            zone: self.0.zone.clone(),
            state: self.0.state.clone(),
        })
    }
}

#[derive(sqlx::FromRow)]
struct CurrentRole {
    side: Option<Side>,
    role: Role,
    is_admin: bool,
}

impl FromRequestParts<AppState> for Viewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let account = require_account(parts).await?;
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Error::NotFound)?;
        let slug = params
            .iter()
            .find(|(name, _)| *name == "workspace")
            .map(|(_, slug)| slug.to_owned())
            .ok_or(Error::NotFound)?;
        let request_id = RequestId::of(&parts.extensions);
        let viewer = Self::enter(state, account, &slug, request_id).await?;
        parts.extensions.insert(Uploader(account));
        let member = (viewer.workspace_id(), viewer.member_id());
        visits::note(state, member, viewer.0.row.seen_at).await;
        if let Some(seen) = parts.extensions.get::<Seen>() {
            let _ = seen.0.set(viewer.clone());
        }
        Ok(viewer)
    }
}

/// Who was seen to ask, for whoever answers in the handler's place: an error is said within the workspace.
#[derive(Clone, Default)]
pub struct Seen(Arc<OnceLock<Viewer>>);

impl Seen {
    pub fn viewer(&self) -> Option<&Viewer> {
        self.0.get()
    }
}

/// The account of the request's session.
pub async fn require_account(parts: &Parts) -> Result<AccountId> {
    let session = parts.extensions.get::<Session>().ok_or(Error::SignedOut)?;
    let account = sessions::account(session).await?.ok_or(Error::SignedOut)?;
    if let Some(span) = parts.extensions.get::<RequestSpan>() {
        span.0.record("account", tracing::field::display(account));
    }
    Ok(account)
}

/// A person who is signed in, in no particular workspace.
pub struct Person {
    pub account: AccountId,
    pub session: Session,
    pub state: AppState,
    pub theme: Theme,
    pub stage_keys: StageKeys,
    pub request_id: String,
}

impl FromRequestParts<AppState> for Person {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let account = require_account(parts).await?;
        let session = parts
            .extensions
            .get::<Session>()
            .cloned()
            .ok_or(Error::SignedOut)?;
        Ok(Self {
            account,
            session,
            state: state.clone(),
            theme: Theme::of(&parts.headers),
            stage_keys: StageKeys::of(&parts.headers),
            request_id: RequestId::of(&parts.extensions),
        })
    }
}
