//! The one error of the product. Its variants are what the person who sees it can do about it; what went
//! wrong inside is logged under the request's id and never leaves the server.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Error {
    /// 404. Also whatever belongs to somebody else.
    #[error("We cannot find this page, or you do not have access.")]
    NotFound,
    /// 401 for islands; pages send the visitor to sign in.
    #[error("You are signed out. Sign in and try again. Nothing was changed.")]
    SignedOut,
    /// 403.
    #[error("Your role does not allow this. Nothing was changed.")]
    Forbidden,
    /// 403 for a request that another site made the browser send.
    #[error("This request came from another site, so it was refused. Nothing was changed.")]
    ForeignOrigin,
    /// 422. Field names and what is wrong with each; an empty name speaks of the whole form.
    #[error("{}", .0.first().map_or("Please fix the fields below.", |problem| problem.what.as_str()))]
    Invalid(Vec<Problem>),
    /// 409. Somebody changed it meanwhile.
    #[error("Somebody else changed this while you were editing. Reload the page to see the current text.")]
    Conflict,
    /// 410. A link that was used or has expired.
    #[error("This link was already used or has expired.")]
    Gone,
    /// 413.
    #[error("This is too large.")]
    TooLarge,
    /// 429.
    #[error("Too many attempts. Wait {seconds} seconds and try again.")]
    TooMany { seconds: i64 },
    /// 503.
    #[error("Handshake is busy. Nothing was changed; try again in a moment.")]
    Busy,
    /// 503. What is written has no place any more.
    #[error("The disk of this server is full. Nothing was changed; please tell whoever runs it.")]
    Full,
    /// 500.
    #[error("Something went wrong on our side. Nothing was changed.")]
    Internal,
}

/// One field and what to do about it, in the reader's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub field: String,
    pub what: String,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn invalid(field: &str, what: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem {
            field: field.to_owned(),
            what: what.into(),
        }])
    }

    pub const fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::SignedOut => 401,
            Self::Forbidden | Self::ForeignOrigin => 403,
            Self::Invalid(_) => 422,
            Self::Conflict => 409,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::TooMany { .. } => 429,
            Self::Busy | Self::Full => 503,
            Self::Internal => 500,
        }
    }
}

#[cfg(feature = "ssr")]
mod server {
    use super::Error;

    impl From<sqlx::Error> for Error {
        fn from(error: sqlx::Error) -> Self {
            match &error {
                sqlx::Error::RowNotFound => Self::NotFound,
                sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                    tracing::warn!(error = %error, "the database does not answer");
                    Self::Busy
                }
                // The engine has ended a transaction by itself, on which others wait: on a full disk.
                sqlx::Error::InvalidSavePointStatement | sqlx::Error::BeginFailed => {
                    tracing::warn!(error = %error, "the engine ended a transaction by itself");
                    Self::Busy
                }
                sqlx::Error::Database(cause) if is_full(cause.as_ref()) => {
                    tracing::warn!(error = %error, "the disk is full");
                    Self::Full
                }
                sqlx::Error::Database(cause) if is_contention(cause.as_ref()) => {
                    tracing::warn!(error = %error, "the database is contended");
                    Self::Busy
                }
                sqlx::Error::Database(cause)
                    if cause.is_unique_violation()
                        || cause.is_check_violation()
                        || cause.message().contains("append-only") =>
                {
                    tracing::warn!(error = %error, "the schema refused a change");
                    Self::Conflict
                }
                _ => {
                    tracing::error!(error = %error, "a query failed");
                    Self::Internal
                }
            }
        }
    }

    /// SQLite's "database or disk is full", and PostgreSQL's.
    fn is_full(cause: &dyn sqlx::error::DatabaseError) -> bool {
        cause
            .code()
            .is_some_and(|code| matches!(code.as_ref(), "13" | "53100"))
    }

    /// SQLite busy, locked, read-only, and a disk that takes no more; PostgreSQL serialization, deadlock,
    /// lock timeout, read-only and shutdown.
    fn is_contention(cause: &dyn sqlx::error::DatabaseError) -> bool {
        cause.code().is_some_and(|code| {
            matches!(
                code.as_ref(),
                "5" | "6"
                    | "8"
                    | "517"
                    // Writing, synchronising, cutting and mapping fail one by one while a disk fills up.
                    | "10"
                    | "778"
                    | "1034"
                    | "1546"
                    | "4874"
                    | "40001"
                    | "40P01"
                    | "55P03"
                    | "25006"
                    | "57P01"
                    | "57014"
                    | "53300"
            )
        })
    }
}
