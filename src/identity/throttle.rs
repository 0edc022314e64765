//! Counters against guessing, in the database, so that every process shares them. After a few failures each
//! further one doubles the wait; a success forgets them. Strangers can slow an account down from their own
//! address only.

use std::net::IpAddr;

use crate::{
    args,
    platform::{
        error::{Error, Result},
        state::AppState,
        time::Timestamp,
    },
    sql,
};

/// Failures before the first wait.
const FREE: i64 = 10;

const FORGET_AFTER_SECONDS: i64 = 3600;

const LONGEST_WAIT_SECONDS: i64 = 900;

/// What is counted: an address on its own, an account as tried from an address, or a kind of request from an
/// address.
pub enum ThrottleSubject<'a> {
    Address(IpAddr),
    Account {
        email: &'a str,
        from: IpAddr,
    },
    Mail {
        email: &'a str,
    },
    /// Changing one's password, signed in.
    Password {
        account: crate::platform::ids::AccountId,
    },
}

impl ThrottleSubject<'_> {
    fn key(&self) -> String {
        match self {
            Self::Address(ip) => format!("address {}", network(*ip)),
            Self::Account { email, from } => format!(
                "account {} from {}",
                crate::platform::audit::sha256(email),
                network(*from)
            ),
            Self::Password { account } => format!("password of {account}"),
            Self::Mail { email } => format!("mail {}", crate::platform::audit::sha256(email)),
        }
    }

    const fn free(&self) -> i64 {
        match self {
            Self::Address(_) => FREE * 5,
            Self::Account { .. } | Self::Password { .. } => FREE,
            Self::Mail { .. } => 5,
        }
    }
}

/// An IPv6 customer holds a whole /64.
fn network(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    failures: i64,
    last_at: Timestamp,
    blocked_until: Timestamp,
}

pub async fn refuse_if_blocked(state: &AppState, subject: &ThrottleSubject<'_>) -> Result<()> {
    let counted: Option<AttemptRow> = state
        .db()
        .fetch_optional(
            sql!("select failures, last_at, blocked_until from attempts where subject = $1"),
            args![subject.key()],
        )
        .await?;
    let now = state.now();
    match counted {
        Some(counted) if counted.blocked_until > now => Err(Error::TooMany {
            seconds: (counted.blocked_until.millis() - now.millis()).div_euclid(1000) + 1,
        }),
        _ => Ok(()),
    }
}

pub async fn count_failure(state: &AppState, subject: &ThrottleSubject<'_>) -> Result<()> {
    let (key, now) = (subject.key(), state.now());
    let counted: Option<AttemptRow> = state
        .db()
        .fetch_optional(
            sql!("select failures, last_at, blocked_until from attempts where subject = $1"),
            args![&key],
        )
        .await?;
    let before = counted
        .filter(|c| now < c.last_at.plus_seconds(FORGET_AFTER_SECONDS))
        .map_or(0, |c| c.failures);
    let failures = before + 1;
    let beyond = failures - subject.free();
    let wait = if beyond < 0 {
        0
    } else {
        (1_i64 << beyond.min(10))
            .saturating_mul(2)
            .min(LONGEST_WAIT_SECONDS)
    };
    state
        .db()
        .execute(
            sql!(
                "insert into attempts (subject, failures, last_at, blocked_until) values ($1, $2, $3, $4)
             on conflict (subject) do update set failures = case when excluded.failures = 1 then 1 else
             attempts.failures + 1 end,
                 last_at = excluded.last_at, blocked_until = excluded.blocked_until"
            ),
            args![key, failures, now, now.plus_seconds(wait)],
        )
        .await?;
    Ok(())
}

pub async fn forget(state: &AppState, subject: &ThrottleSubject<'_>) -> Result<()> {
    state
        .db()
        .execute(
            sql!("delete from attempts where subject = $1"),
            args![subject.key()],
        )
        .await?;
    Ok(())
}

pub async fn purge(state: &AppState) -> Result<u64> {
    state
        .db()
        .execute(
            sql!("delete from attempts where last_at < $1"),
            args![state.now().plus_seconds(-FORGET_AFTER_SECONDS)],
        )
        .await
}
