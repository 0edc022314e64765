//! Counters against guessing, in the database, so that every process shares them. A try is counted before it
//! is known whether it is right: of forty at once, ten are looked at. After a few each further one doubles
//! the wait; a success forgets them. Different things have different counters, and strangers slow an account
//! down from their own address only.

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

/// Tries before the first wait.
const FREE: i64 = 10;

const FORGET_AFTER_SECONDS: i64 = 3600;

const SHORTEST_WAIT_SECONDS: i64 = 2;

const LONGEST_WAIT_SECONDS: i64 = 900;

/// Everybody of an office comes from one address: there the wait stays short.
const LONGEST_WAIT_OF_AN_ADDRESS: i64 = 60;

/// Tries that a success of the same address makes up for.
const FORGIVEN: i64 = 20;

/// What is counted.
pub enum ThrottleSubject<'a> {
    /// Signing in from an address, whoever it is.
    SignIn(IpAddr),
    /// An account as tried from an address.
    Account { email: &'a str, from: IpAddr },
    /// Asking for links from an address, whoever for.
    Reset(IpAddr),
    /// Asking for a link for an account, from an address.
    ResetOf { email: &'a str, from: IpAddr },
    /// Links sent to an account, wherever they were asked for.
    ResetMail { email: &'a str },
    /// Changing one's password, signed in.
    Password {
        account: crate::platform::ids::AccountId,
    },
}

impl ThrottleSubject<'_> {
    fn key(&self) -> String {
        let account = |email: &str| crate::platform::audit::sha256(email);
        match self {
            Self::SignIn(ip) => format!("sign-in from {}", network(*ip)),
            Self::Account { email, from } => format!("account {} from {}", account(email), network(*from)),
            Self::Reset(ip) => format!("reset from {}", network(*ip)),
            Self::ResetOf { email, from } => format!("reset of {} from {}", account(email), network(*from)),
            Self::ResetMail { email } => format!("mail {}", account(email)),
            Self::Password { account } => format!("password of {account}"),
        }
    }

    const fn free(&self) -> i64 {
        match self {
            Self::SignIn(_) => FREE * 20,
            Self::Reset(_) => FREE * 5,
            Self::Account { .. } | Self::Password { .. } | Self::ResetMail { .. } => FREE,
            Self::ResetOf { .. } => 5,
        }
    }

    const fn longest_wait(&self) -> i64 {
        match self {
            Self::SignIn(_) | Self::Reset(_) => LONGEST_WAIT_OF_AN_ADDRESS,
            _ => LONGEST_WAIT_SECONDS,
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
    blocked_until: Timestamp,
}

/// Takes one try, or refuses it when too many were taken.
pub async fn take(state: &AppState, subject: &ThrottleSubject<'_>) -> Result<()> {
    let (key, now, longest) = (subject.key(), state.now(), subject.longest_wait());
    state
        .db()
        .execute(
            sql!(
                "insert into attempts (subject, failures, last_at, blocked_until) values ($1, 0, $2, $2)
                 on conflict (subject) do nothing"
            ),
            args![&key, now],
        )
        .await?;
    let counted: Option<AttemptRow> = state
        .db()
        .fetch_optional(
            sql!("select failures, blocked_until from attempts where subject = $1"),
            args![&key],
        )
        .await?;
    let Some(counted) = counted else {
        return Ok(());
    };
    let beyond = (counted.failures + 1 - subject.free()).clamp(0, 10);
    let wait = (SHORTEST_WAIT_SECONDS << beyond).min(longest);
    // Whoever comes while another waits is refused by the statement itself. A wait that no wait is as long as
    // was written by a clock that has jumped.
    let taken = state
        .db()
        .execute(
            sql!(
                "update attempts set
                     failures = case when last_at < $2 then 1 else failures + 1 end,
                     blocked_until = case when last_at >= $2 and failures + 1 >= $3 then $4 else $5 end,
                     last_at = $5
                 where subject = $1 and (blocked_until <= $5 or blocked_until > $6)"
            ),
            args![
                key,
                now.plus_seconds(-FORGET_AFTER_SECONDS),
                subject.free(),
                now.plus_seconds(wait),
                now,
                now.plus_seconds(longest)
            ],
        )
        .await?;
    if taken == 1 {
        return Ok(());
    }
    let left = (counted.blocked_until.millis() - now.millis()).div_euclid(1000) + 1;
    Err(Error::TooMany {
        seconds: left.clamp(1, longest),
    })
}

/// A success makes up for some tries of its address, not for all: one who may come in does not guess for
/// free.
pub async fn forgive(state: &AppState, subject: &ThrottleSubject<'_>) -> Result<()> {
    state
        .db()
        .execute(
            sql!(
                "update attempts set failures = case when failures > $2 then failures - $2 else 0 end,
                     blocked_until = $3
                 where subject = $1"
            ),
            args![subject.key(), FORGIVEN, state.now()],
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
