//! Mail leaves through a table: a row is written in the transaction of what it speaks of, and a worker sends
//! it. A row is leased while it is tried, so a crash means trying again, and two processes do not both try.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

use super::{audit::AuditedTransaction, error::Result, ids::MailId, state::AppState, time::Timestamp};
use crate::{args, sql};

const LEASE_SECONDS: i64 = 120;
const MOST_ATTEMPTS: i64 = 8;
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

pub struct Email {
    pub to: String,
    pub subject: String,
    pub body: String,
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
            "insert into outbox (id, recipient, subject, body, created_at, next_at, attempts) values ($1, $2,
             $3, $4, $5, $5, 0)"
        ),
        args![id, message.to, message.subject, message.body, now],
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
    attempts: i64,
}

/// Sends what is due until the server drains.
pub async fn deliver_forever(state: AppState) {
    let Some(url) = state.settings().smtp_url.clone() else {
        return;
    };
    let transport = match AsyncSmtpTransport::<Tokio1Executor>::from_url(&url) {
        Ok(builder) => builder.timeout(Some(Duration::from_secs(20))).build(),
        Err(error) => {
            tracing::error!(error = %error, "HANDSHAKE_SMTP_URL cannot be used; no mail is sent");
            return;
        }
    };
    loop {
        if let Err(error) = deliver_due(&state, &transport).await {
            tracing::warn!(error = %error, "the outbox could not be read");
        }
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_LOOKS) => {}
            () = state.draining().cancelled() => return,
        }
    }
}

async fn deliver_due(state: &AppState, transport: &AsyncSmtpTransport<Tokio1Executor>) -> Result<()> {
    let due: Vec<OutboxRow> = state
        .db()
        .fetch_all(
            sql!(
                "select id, recipient, subject, body, attempts from outbox where sent_at is null and
                 given_up_at is null and next_at <= $1 order by next_at limit 20"
            ),
            args![state.now()],
        )
        .await?;
    for mail in due {
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
            continue;
        }
        match send(state, transport, &mail).await {
            Ok(()) => {
                state
                    .db()
                    .execute(
                        sql!("update outbox set sent_at = $2, last_error = null where id = $1"),
                        args![mail.id, state.now()],
                    )
                    .await?;
            }
            Err(what) => {
                tracing::warn!(mail = %mail.id, error = what, "a mail was not sent");
                let given_up = (mail.attempts + 1 >= MOST_ATTEMPTS).then(|| state.now());
                let retry_at = now.plus_seconds(30 << mail.attempts.clamp(0, 10));
                state
                    .db()
                    .execute(
                        sql!(
                            "update outbox set next_at = $2, given_up_at = $3, last_error = $4 where id = $1"
                        ),
                        args![mail.id, retry_at, given_up, what],
                    )
                    .await?;
            }
        }
    }
    Ok(())
}

async fn send(
    state: &AppState,
    transport: &AsyncSmtpTransport<Tokio1Executor>,
    mail: &OutboxRow,
) -> Result<(), String> {
    let to: Mailbox = mail
        .recipient
        .parse()
        .map_err(|_| "the address cannot be used".to_owned())?;
    let message = Message::builder()
        .from(state.settings().mail_from.clone())
        .to(to)
        .subject(mail.subject.replace(['\r', '\n'], " "))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.clone())
        .map_err(|error| error.to_string())?;
    transport
        .send(message)
        .await
        .map(|_| ())
        .map_err(|error| error.to_string())
}
