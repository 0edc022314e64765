//! Mail leaves through a table: a row is written in the transaction of what it speaks of, and a worker sends
//! it. A row is leased while it is tried, so a crash means trying again, and two processes do not both try. A
//! mail server may be away for days; one that says nothing keeps nobody waiting. What was sent is emptied.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
    transport::smtp::client::{Certificate, Tls, TlsParameters},
};

use super::{
    audit::AuditedTransaction,
    error::Result,
    ids::{MailId, WorkspaceId},
    state::AppState,
    time::Timestamp,
};
use crate::{args, sql};

const LEASE_SECONDS: i64 = 120;
/// How long a letter is tried: a weekend and a day.
const TRIED_FOR_SECONDS: i64 = 3 * 86_400;
const LONGEST_BETWEEN_TRIES: i64 = 3600;
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);
/// How long the mail server may take over one letter, from connecting to its last word.
const SENT_WITHIN: Duration = Duration::from_mins(1);

pub struct Email {
    pub to: String,
    pub subject: String,
    pub body: String,
    /// An entry for the recipient's calendar; empty for none.
    pub calendar: String,
}

impl Email {
    pub fn text(to: impl Into<String>, subject: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            to: to.into(),
            subject: subject.into(),
            body: body.into(),
            calendar: String::new(),
        }
    }
}

/// Queues a letter together with what it speaks of. Without a mail server nothing is queued: links are shown
/// to copy.
pub async fn queue(state: &AppState, tx: &mut AuditedTransaction, message: Email) -> Result<()> {
    if state.settings().smtp_url.is_none() {
        return Ok(());
    }
    let (id, now): (MailId, Timestamp) = (state.fresh_id(), tx.now());
    tx.execute_unscoped(
        sql!(
            "insert into outbox (id, recipient, subject, body, created_at, next_at, attempts, calendar,
             workspace_id)
             values ($1, $2, $3, $4, $5, $5, 0, $6, $7)"
        ),
        args![
            id,
            message.to,
            message.subject,
            message.body,
            now,
            message.calendar,
            tx.workspace()
        ],
    )
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct OutboxRow {
    id: MailId,
    recipient: String,
    subject: String,
    body: String,
    created_at: Timestamp,
    attempts: i64,
    calendar: String,
}

/// Why a letter was not sent, and whether trying again may help.
struct Unsent {
    what: String,
    is_final: bool,
}

/// The way to the mail server; one whose certificate a company signed itself is known by its authority.
fn transport(
    url: &str,
    authority: Option<Certificate>,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error> {
    let mut builder =
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(Duration::from_secs(20)));
    let parsed: Option<url::Url> = url.parse().ok();
    if let (Some(authority), Some(parsed)) = (authority, parsed) {
        let host = parsed.host_str().unwrap_or_default().to_owned();
        let parameters = TlsParameters::builder(host)
            .add_root_certificate(authority)
            .build_rustls()?;
        let asked = parsed.query_pairs().find(|(key, _)| key == "tls");
        builder = match (parsed.scheme(), asked.as_ref().map(|(_, value)| value.as_ref())) {
            ("smtps", _) => builder.tls(Tls::Wrapper(parameters)),
            (_, Some("required")) => builder.tls(Tls::Required(parameters)),
            (_, Some("opportunistic")) => builder.tls(Tls::Opportunistic(parameters)),
            _ => builder,
        };
    }
    Ok(builder.build())
}

/// Sends what is due until the server drains.
pub async fn deliver_forever(state: AppState) {
    let Some(url) = state.settings().smtp_url.clone() else {
        return;
    };
    let transport = match transport(&url, state.settings().smtp_ca.clone()) {
        Ok(transport) => transport,
        Err(error) => {
            tracing::error!(error = %error, "HANDSHAKE_SMTP_URL cannot be used; no mail is sent");
            return;
        }
    };
    loop {
        if let Err(error) = deliver_due(&state, &transport, SENT_WITHIN).await {
            tracing::warn!(error = %error, "the outbox could not be read");
        }
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_LOOKS) => {}
            () = state.draining().cancelled() => return,
        }
    }
}

/// Sends what is due, all of it at once: one that hangs keeps no other waiting.
pub async fn deliver_due(
    state: &AppState,
    transport: &AsyncSmtpTransport<Tokio1Executor>,
    within: Duration,
) -> Result<()> {
    let due: Vec<OutboxRow> = state
        .db()
        .fetch_all(
            sql!(
                "select id, recipient, subject, body, created_at, attempts, calendar from outbox where sent_at
                 is null and
                 given_up_at is null and next_at <= $1 order by next_at limit 20"
            ),
            args![state.now()],
        )
        .await?;
    let mut sending = tokio::task::JoinSet::new();
    for mail in due {
        let (state, transport) = (state.clone(), transport.clone());
        sending.spawn(async move { deliver(&state, &transport, &mail, within).await });
    }
    while let Some(delivered) = sending.join_next().await {
        match delivered {
            Ok(outcome) => outcome?,
            Err(error) => tracing::error!(error = %error, "a letter's delivery was cut short"),
        }
    }
    Ok(())
}

/// Tries one letter, unless another process does.
async fn deliver(
    state: &AppState,
    transport: &AsyncSmtpTransport<Tokio1Executor>,
    mail: &OutboxRow,
    within: Duration,
) -> Result<()> {
    let now = state.now();
    let leased = state
        .db()
        .execute(
            sql!(
                "update outbox set attempts = attempts + 1, next_at = $2 where id = $1 and attempts = $3
                 and sent_at is null"
            ),
            args![mail.id, now.plus_seconds(LEASE_SECONDS), mail.attempts],
        )
        .await?;
    if leased == 0 {
        return Ok(());
    }
    let sent = tokio::time::timeout(within, send(state, transport, mail))
        .await
        .unwrap_or_else(|_| {
            Err(Unsent {
                what: format!("the mail server did not answer within {} s", within.as_secs()),
                is_final: false,
            })
        });
    let Err(Unsent { what, is_final }) = sent else {
        state
            .db()
            .execute(
                sql!(
                    "update outbox set sent_at = $2, last_error = null, body = '', calendar = ''
                     where id = $1"
                ),
                args![mail.id, state.now()],
            )
            .await?;
        return Ok(());
    };
    let given_up = is_final || now >= mail.created_at.plus_seconds(TRIED_FOR_SECONDS);
    if given_up {
        tracing::error!(mail = %mail.id, recipient = mail.recipient, error = what, "a mail was given up");
    } else {
        tracing::warn!(mail = %mail.id, recipient = mail.recipient, error = what, "a mail was not sent");
    }
    let retry_at = now.plus_seconds((30 << mail.attempts.clamp(0, 10)).min(LONGEST_BETWEEN_TRIES));
    state
        .db()
        .execute(
            sql!("update outbox set next_at = $2, given_up_at = $3, last_error = $4 where id = $1"),
            args![mail.id, retry_at, given_up.then_some(now), what],
        )
        .await?;
    Ok(())
}

/// What is waiting to be sent.
#[derive(Default)]
pub struct Outbox {
    pub waiting: i64,
    pub given_up: i64,
    /// How long the oldest waiting letter has been waiting.
    pub oldest_seconds: i64,
}

pub async fn outbox(state: &AppState) -> Result<Outbox> {
    let row: Option<(i64, i64, Option<i64>)> = state
        .db()
        .fetch_optional(
            sql!(
                "select count(case when given_up_at is null then 1 end), count(given_up_at),
                 min(case when given_up_at is null then created_at end) from outbox where sent_at is null"
            ),
            Vec::new(),
        )
        .await?;
    let (waiting, given_up, oldest) = row.unwrap_or_default();
    Ok(Outbox {
        waiting,
        given_up,
        oldest_seconds: oldest.map_or(0, |at| (state.now().millis() - at).max(0) / 1000),
    })
}

/// A letter that was not delivered and is not tried any more.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GivenUp {
    pub recipient: String,
    pub last_error: String,
    pub given_up_at: Timestamp,
}

/// What was given up of a workspace's own letters and can be tried again, the newest hundred. What a restore
/// stopped has been sent before.
pub async fn given_up_of(state: &AppState, workspace: WorkspaceId) -> Result<Vec<GivenUp>> {
    state
        .db()
        .fetch_all(
            sql!(
                "select recipient, coalesce(last_error, '') as last_error, given_up_at from outbox
                 where workspace_id = $1 and given_up_at is not null and sent_at is null and body <> ''
                 and coalesce(last_error, '') <> 'restored' and created_at >= $2
                 order by given_up_at desc, id limit 100"
            ),
            args![workspace, worth_sending_from(state.now())],
        )
        .await
}

/// What is older says nothing any more that somebody waits for.
fn worth_sending_from(now: Timestamp) -> Timestamp {
    now.plus_days(-30)
}

/// Tries what was given up of a workspace's own letters again; gives how many.
pub async fn retry_of(tx: &mut AuditedTransaction) -> Result<u64> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update outbox set given_up_at = null, next_at = $2, created_at = $2, attempts = 0
             where workspace_id = $1 and given_up_at is not null and sent_at is null and body <> ''
             and coalesce(last_error, '') <> 'restored' and created_at >= $3"
        ),
        args![now, worth_sending_from(now)],
    )
    .await
}

/// Tries what was given up again; gives how many letters.
pub async fn retry_given_up(state: &AppState) -> Result<u64> {
    let now = state.now();
    state
        .db()
        .execute(
            sql!(
                "update outbox set given_up_at = null, next_at = $1, created_at = $1, attempts = 0
                 where given_up_at is not null and sent_at is null and body <> ''"
            ),
            args![now],
        )
        .await
}

/// Sends nothing of what is waiting, and says why.
pub async fn give_up_all(state: &AppState, why: &str) -> Result<u64> {
    state
        .db()
        .execute(
            sql!(
                "update outbox set given_up_at = $1, last_error = $2 where sent_at is null and given_up_at is
                 null"
            ),
            args![state.now(), why],
        )
        .await
}

async fn send(
    state: &AppState,
    transport: &AsyncSmtpTransport<Tokio1Executor>,
    mail: &OutboxRow,
) -> Result<(), Unsent> {
    let unsendable = |what: String| Unsent { what, is_final: true };
    let to: Mailbox = mail
        .recipient
        .parse()
        .map_err(|_| unsendable("the address cannot be used".to_owned()))?;
    let from = state.settings().mail_from.clone();
    // The same letter, sent twice around a crash, has the same name: its reader sees it once.
    let message_id = format!("<{}@{}>", mail.id, from.email.domain());
    let builder = Message::builder()
        .message_id(Some(message_id))
        .header(AutoSubmitted)
        .header(ListUnsubscribe(format!(
            "<{}/account/letters>",
            state.settings().origin()
        )))
        .from(from)
        .to(to)
        .subject(mail.subject.replace(['\r', '\n'], " "));
    let message = if mail.calendar.is_empty() {
        builder.header(ContentType::TEXT_PLAIN).body(mail.body.clone())
    } else {
        builder.multipart(with_calendar(mail, unsendable)?)
    };
    let message = message.map_err(|error| unsendable(error.to_string()))?;
    transport.send(message).await.map(|_| ()).map_err(|error| Unsent {
        is_final: error.status().is_some_and(|code| refuses_recipient(code.into())),
        what: error.to_string(),
    })
}

/// The words, and for programs that understand it the entry (RFC 6047).
fn with_calendar(mail: &OutboxRow, unsendable: impl Fn(String) -> Unsent) -> Result<MultiPart, Unsent> {
    let method = if mail.calendar.contains("METHOD:CANCEL") {
        "CANCEL"
    } else {
        "REQUEST"
    };
    let entry = ContentType::parse(&format!("text/calendar; charset=utf-8; method={method}"))
        .map_err(|error| unsendable(error.to_string()))?;
    Ok(MultiPart::alternative()
        .singlepart(SinglePart::plain(mail.body.clone()))
        .singlepart(SinglePart::builder().header(entry).body(mail.calendar.clone())))
}

/// Codes of RFC 5321 that are about the mailbox. Others that end in failure, such as a wrong password, are
/// for the operator to mend while the letters wait.
const fn refuses_recipient(code: u16) -> bool {
    matches!(code, 550 | 551 | 553)
}

/// Where its reader chooses which letters they get (RFC 2369).
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// Says that no person wrote it, so that no machine answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
