//! What the operator can do: one command each.

mod admin;
mod backup;
pub(crate) mod open;
mod serve;
mod serving;
mod verify;

pub use self::verify::findings;

#[cfg(test)]
pub use self::{
    backup::{back_up, end_what_was_open, restore_into},
    serving::say_serving,
};

use std::{io::Write as _, path::PathBuf};

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use self::open::{Upgrade, open_state};
use crate::{
    demo,
    platform::{
        audit::KeyError,
        config::{ConfigError, Settings, Storage, refuse_unknown_environment},
        db::OpenError,
        error::Error,
    },
};

/// Where a CMO and a CIO agree on a better customer experience, choose the technology and answer for it
/// together.
#[derive(Parser)]
#[command(name = "handshake", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the product.
    Serve {
        #[command(flatten)]
        storage: Storage,
        #[command(flatten)]
        settings: Box<Settings>,
        /// Fill an empty database with a fictional company, and show its accounts on the sign-in page.
        #[arg(long)]
        demo: bool,
    },
    /// Make a workspace of a given size, the same for the same seed.
    Seed {
        #[command(flatten)]
        storage: Storage,
        #[command(flatten)]
        size: demo::seed::Size,
    },
    /// Help people in, and make workspaces.
    Admin {
        #[command(flatten)]
        storage: Storage,
        #[command(flatten)]
        settings: Box<Settings>,
        #[command(subcommand)]
        what: Admin,
    },
    /// Write a consistent copy of the SQLite database to a new file, while it is in use, and beside it an
    /// anchor.
    Backup {
        #[command(flatten)]
        storage: Storage,
        /// The file to write; it must not exist.
        file: PathBuf,
    },
    /// Put a backup in the place of the SQLite database, after checking it. The server must be stopped.
    Restore {
        #[command(flatten)]
        storage: Storage,
        /// A file that `backup` wrote.
        file: PathBuf,
        /// Restore it although rows are not as they were written, such as after a key was lost.
        #[arg(long)]
        accept: bool,
    },
    /// Bring the database up to this version, as `serve` does: back it up on SQLite, check it, migrate it.
    Migrate {
        #[command(flatten)]
        storage: Storage,
        /// Accept rows that were changed outside of Handshake, and record them as they are now.
        #[arg(long)]
        accept: bool,
    },
    /// Check that every row is what was written: files, audit chains, members, signatures and all they
    /// signed.
    Verify {
        #[command(flatten)]
        storage: Storage,
        /// A file that `anchor` or `backup` wrote: every chain has to reach it.
        #[arg(long)]
        anchor: Option<PathBuf>,
    },
    /// Write where every audit chain ends now to a new file, to be kept elsewhere.
    Anchor {
        #[command(flatten)]
        storage: Storage,
        /// The file to write; it must not exist.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Admin {
    /// Print the set-up link of an empty database.
    SetupLink,
    /// Print a link with which somebody sets a new password.
    ResetLink {
        /// Their e-mail address.
        email: String,
    },
    /// Give somebody another e-mail address, where no mail server can confirm it.
    ChangeEmail {
        /// Their present address.
        email: String,
        /// The one from now on.
        to: String,
    },
    /// Make one more workspace, administered by somebody who has an account.
    CreateWorkspace(NewWorkspace),
    /// Make a new key for the audit chain; older links are still checked with the old key. Stop the server
    /// first.
    RotateKey {
        /// The old key is lost: begin with a new one, and never verify what was recorded before.
        #[arg(long)]
        lost: bool,
    },
    /// Try again to send the mail that was given up.
    RetryMail,
    /// End what a restored PostgreSQL database brought back: sessions, links, invitations, unsent mail and
    /// feeds. (`restore` does so by itself.)
    EndOpen,
    /// Name somebody who sits on neither side as the arbiter of a workspace.
    NameArbiter {
        /// Their e-mail address; they are a member.
        email: String,
        /// The workspace, as in its address.
        #[arg(long)]
        workspace: String,
    },
    /// Make somebody who sits on neither side an administrator of a workspace.
    NameAdministrator {
        /// Their e-mail address; they have an account.
        email: String,
        /// The workspace, as in its address.
        #[arg(long)]
        workspace: String,
    },
}

#[derive(Args)]
struct NewWorkspace {
    /// Its name.
    name: String,
    /// The e-mail address of its administrator.
    #[arg(long)]
    admin: String,
    /// Its time zone, from the IANA database.
    #[arg(long, default_value = "UTC")]
    zone: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the key of the audit chain cannot be used: {0}")]
    Key(#[from] KeyError),
    #[error("{0}")]
    Product(#[from] Error),
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
    #[error("{0}")]
    Said(String),
}

fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Failure {
    let what = what.into();
    move |source| Failure::Io { what, source }
}

/// Reads the command line and the environment. A key that is there and empty, as compose files write it, is
/// not there; one that is wrong is named, and a secret in it is not told.
pub fn parse() -> Cli {
    let matches = named_by_keys(Cli::command()).try_get_matches();
    let parsed = matches.and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.unwrap_or_else(|error| without_secrets(error).exit())
}

#[expect(
    clippy::disallowed_methods,
    reason = "configuration is where the environment is read"
)]
fn named_by_keys(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|argument| {
        let Some(key) = argument.get_env().and_then(|key| key.to_str()).map(str::to_owned) else {
            return argument;
        };
        let is_empty = std::env::var(&key).is_ok_and(|value| value.trim().is_empty());
        let argument = argument.value_name(key);
        if is_empty {
            argument.env(None::<&str>)
        } else {
            argument
        }
    });
    command.mut_subcommands(named_by_keys)
}

fn without_secrets(mut error: clap::Error) -> clap::Error {
    use clap::error::{ContextKind, ContextValue};
    let is_secret = error.get(ContextKind::InvalidArg).is_some_and(|argument| {
        ["--smtp-url", "--database-url"]
            .iter()
            .any(|secret| argument.to_string().contains(secret))
    });
    if is_secret {
        error.insert(
            ContextKind::InvalidValue,
            ContextValue::String("(not shown)".to_owned()),
        );
    }
    error
}

pub async fn run(cli: Cli) -> Result<(), Failure> {
    refuse_unknown_environment()?;
    match cli.command {
        Command::Serve {
            storage,
            settings,
            demo,
        } => serve::serve(storage, *settings, demo).await,
        Command::Seed { storage, size } => seed(storage, size).await,
        Command::Admin {
            storage,
            settings,
            what,
        } => admin::admin(storage, *settings, what).await,
        Command::Backup { storage, file } => backup::backup(storage, &file).await,
        Command::Restore {
            storage,
            file,
            accept,
        } => backup::restore(storage, &file, accept).await,
        Command::Migrate { storage, accept } => migrate(storage, accept).await,
        Command::Verify { storage, anchor } => verify::verify(storage, anchor.as_deref()).await,
        Command::Anchor { storage, file } => verify::anchor(storage, &file).await,
    }
}

fn say(line: &str) {
    // A closed pipe is the reader's choice.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The settings of a command that serves nothing.
fn quiet_settings() -> Result<Settings, Failure> {
    let matches = named_by_keys(Settings::augment_args(clap::Command::new("handshake")))
        .try_get_matches_from(["handshake"])
        .map_err(|error| Failure::Said(without_secrets(error).to_string()))?;
    Settings::from_arg_matches(&matches).map_err(|error| Failure::Said(error.to_string()))
}

async fn seed(storage: Storage, size: demo::seed::Size) -> Result<(), Failure> {
    let state = open_state(&storage, quiet_settings()?, Upgrade::No).await?;
    let sign_ins = demo::seed::seed(&state, &size).await?;
    for (email, password) in sign_ins {
        say(&format!("{email} {password}"));
    }
    state.db().close().await;
    Ok(())
}

async fn migrate(storage: Storage, accept: bool) -> Result<(), Failure> {
    let upgrade = if accept { Upgrade::Accepting } else { Upgrade::Yes };
    let state = open_state(&storage, quiet_settings()?, upgrade).await?;
    state.db().close().await;
    say("The database is up to this version.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_setting_is_told_by_its_key_and_a_secret_in_it_is_not_told() {
        let told = |arguments: &[&str]| {
            let arguments = ["handshake", "serve"].iter().chain(arguments);
            let error = named_by_keys(Cli::command())
                .try_get_matches_from(arguments)
                .expect_err("refused");
            without_secrets(error).to_string()
        };
        let address = told(&["--addr", "localhost"]);
        assert!(
            address.contains("HANDSHAKE_ADDR") && address.contains("localhost"),
            "{address}"
        );
        let mail = told(&["--smtp-url", "mail://user:sesame@mail.example"]);
        assert!(
            mail.contains("HANDSHAKE_SMTP_URL") && !mail.contains("sesame"),
            "{mail}"
        );
    }
}
